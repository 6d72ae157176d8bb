/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the test programs of libvmmapi share: a VM with some code, and result
 * lines. If a VM cannot be made, the program ends.
 */
#ifndef TESTS_BOARD_VM_H
#define TESTS_BOARD_VM_H

#include <stdbool.h>
#include <stdint.h>
#include <vmm/arm/vmm_regs.h>
#include "lib/vmmapi.h"

#define GUEST_RAM   0x40000000u
#define GUEST_SIZE  0x00200000u
#define GUEST_CODE  0x40010000u
#define GUEST_GICD  0x08000000u
#define GUEST_GICC  0x08010000u
#define GUEST_NIRQS 160

struct test_vm {
	struct vmctx *ctx;
	struct vcpu *vcpu;    /* vCPU 0 */
	struct vm_exit *exit; /* its exit after vm_run() */
};

/* Makes a VM of @ncpus vCPUs with the code [@start, @end) at GUEST_CODE. */
void make_test_vm(struct test_vm *vm, unsigned int ncpus, const void *start,
		  const void *end);
/*
 * The same with @size bytes of RAM, at least the 64 KiB below GUEST_CODE and
 * the code.
 */
void make_sized_test_vm(struct test_vm *vm, unsigned int ncpus, uint32_t size,
			const void *start, const void *end);

uint64_t get_reg(struct vcpu *vcpu, uint64_t id);
void set_reg(struct vcpu *vcpu, uint64_t id, uint64_t val);

/* Calls vm_run() until it returns anything but -EINTR or VM_EXITCODE_BOGUS. */
int run_to_exit(struct test_vm *vm);

/*
 * Prints "ok NAME" if @good, else "not ok NAME". check_eq() returns whether the
 * values are equal.
 */
void check(const char *name, bool good);
void check_eq(const char *name, uint64_t got, uint64_t want);
int result(void); /* the program's exit status */

#endif
