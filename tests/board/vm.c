/* SPDX-License-Identifier: BSD-2-Clause */
#include "vm.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

static void must(const char *what, int ret)
{
	if (ret >= 0)
		return;
	printf("not ok %s: %s\n", what, strerror(-ret));
	exit(1);
}

void make_test_vm(struct test_vm *vm, unsigned int ncpus, const void *start,
		  const void *end)
{
	make_sized_test_vm(vm, ncpus, GUEST_SIZE, start, end);
}

void make_sized_test_vm(struct test_vm *vm, unsigned int ncpus, uint32_t size,
			const void *start, const void *end)
{
	size_t len = (size_t)((const char *)end - (const char *)start);
	struct vcpu *vcpu;
	static unsigned int made;
	char name[32];

	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(name, sizeof(name), "test%d.%u", (int)getpid(), made++);
	must("vm_create", vm_create(name, &vm->ctx));
	must("vm_setup_memory", vm_setup_memory(vm->ctx, GUEST_RAM, size));
	must("vm_attach_vgic", vm_attach_vgic(vm->ctx, GUEST_GICD, GUEST_GICC,
					      GUEST_NIRQS, ncpus));
	for (unsigned int i = 0; i < ncpus; i++)
		must("vm_vcpu_open", vm_vcpu_open(vm->ctx, i, &vcpu));
	vm->vcpu = vm_get_vcpu(vm->ctx, 0);
	vm->exit = &vcpu_run_page(vm->vcpu)->exit;
	memcpy(vm_map_gpa(vm->ctx, GUEST_CODE, len), start, len);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE);
}

uint64_t get_reg(struct vcpu *vcpu, uint64_t id)
{
	uint64_t val = 0;

	must("vm_get_register", vm_get_register(vcpu, id, &val));
	return val;
}

void set_reg(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	must("vm_set_register", vm_set_register(vcpu, id, val));
}

int run_to_exit(struct test_vm *vm)
{
	int ret;

	do {
		ret = vm_run(vm->vcpu);
	} while (ret == -EINTR ||
		 (!ret && vm->exit->exitcode == VM_EXITCODE_BOGUS));
	return ret;
}

void check(const char *name, bool good)
{
	printf("%s %s\n", good ? "ok" : "not ok", name);
	failures += !good;
}

void check_eq(const char *name, uint64_t got, uint64_t want)
{
	if (got == want) {
		printf("ok %s\n", name);
		return;
	}
	printf("not ok %s: got %#" PRIx64 ", want %#" PRIx64 "\n", name, got,
	       want);
	failures++;
}

int result(void)
{
	return failures ? 1 : 0;
}
