/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of libvmmapi share. Regions are only added at start-up, before
 * other threads look one up, so lookups take no lock.
 */
#ifndef LIB_INTERNAL_H
#define LIB_INTERNAL_H

#include "lib/vmmapi.h"

struct mem_region {
	uint64_t gpa;
	uint64_t len;
	uint8_t *hva;
	void *mapping; /* munmap() this, or NULL: it is the caller's */
	size_t mapping_len;
	bool from_image; /* vm_map_image() */
	bool huge;	 /* reserved huge pages: none of them is given back */
	int fd;		 /* of shared memory; -1: it is not shared */
};

struct vcpu {
	struct vmctx *ctx;
	unsigned int id;
	int fd;
	struct vm_run *run;
};

struct vmctx {
	int fd;
	char name[VM_MAX_NAMELEN + 1];
	unsigned int nregions;
	struct mem_region regions[VM_MAX_MEMSLOTS];
	struct vcpu vcpus[VM_MAXCPU]; /* fd -1: not opened */
	void *posted[VM_MAX_POSTED];  /* NULL: not posted */
	void *shown[VM_MAX_POSTED];
};

/* ioctl() that returns -errno for -1. */
int vmm_ioctl(int fd, unsigned long request, void *arg);
/* The same for requests whose argument is a number. */
int vmm_ioctl_num(int fd, unsigned long request, unsigned long arg);

/* Unmap what vm_setup_memory() and vm_post() mapped. */
void vm_free_memory(struct vmctx *ctx);
void vm_free_posted(struct vmctx *ctx);

#endif /* LIB_INTERNAL_H */
