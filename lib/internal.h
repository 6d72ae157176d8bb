/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of libvmmapi share. Regions are added at start-up and by
 * nobody while another thread may look one up; lookups then need no lock.
 */
#ifndef LIB_INTERNAL_H
#define LIB_INTERNAL_H

#include "lib/vmmapi.h"

struct mem_region {
	uint64_t gpa;
	uint64_t len;
	uint8_t *hva;
	void *mapping; /* to be unmapped, with its length; else NULL */
	size_t mapping_len;
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
	void *posted[VM_MAX_POSTED];  /* NULL: none */
	void *shown[VM_MAX_POSTED];
};

/* ioctl() that gives -errno. */
int vmm_ioctl(int fd, unsigned long request, void *arg);
/* The same for requests whose argument is a number. */
int vmm_ioctl_num(int fd, unsigned long request, unsigned long arg);

/* Unmaps what vm_setup_memory() mapped, and vm_post(). */
void vm_free_memory(struct vmctx *ctx);
void vm_free_posted(struct vmctx *ctx);

#endif /* LIB_INTERNAL_H */
