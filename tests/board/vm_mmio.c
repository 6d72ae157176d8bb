/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MMIO by vmm_emulate_instruction(): address, size, sign, direction and
 * register of each access, and a device that refuses an access.
 */
#include "vm.h"
#include <errno.h>

#define DEVICE 0x10000000u

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x10000000\n"
    "	movw	r1, #0x8765\n"
    "	movt	r1, #0xcba9\n"
    "	str	r1, [r0, #4]\n"
    "	strh	r1, [r0, #8]\n"
    "	strb	r1, [r0, #13]\n"
    "	ldr	r2, [r0, #16]\n"
    "	ldrh	r3, [r0, #20]\n"
    "	ldrsh	r4, [r0, #24]\n"
    "	ldrb	r5, [r0, #28]\n"
    "	ldrsb	r6, [r0, #32]\n"
    "	ldr	r7, [r0, #36]!\n"
    "	ldr	r8, [r0, #64]\n" /* refused */
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

struct access {
	bool write;
	uint32_t offset;
	int size;
	uint64_t val; /* the value stored, or the one for the load */
};

/* A device may return more bits than were asked for. */
static const struct access accesses[] = {
	{ true, 4, 4, 0xcba98765 },   { true, 8, 2, 0x8765 },
	{ true, 13, 1, 0x65 },	      { false, 16, 4, 0x1222222289abcdef },
	{ false, 20, 2, 0x33338001 }, { false, 24, 2, 0x44448001 },
	{ false, 28, 1, 0x55555581 }, { false, 32, 1, 0x66666681 },
	{ false, 36, 4, 0x77777777 },
};

static unsigned int seen;

static const struct access *next(uint64_t gpa, int size, bool write)
{
	const struct access *a = &accesses[seen];

	if (seen >= sizeof(accesses) / sizeof(accesses[0]))
		return NULL;
	seen++;
	check_eq("vm_mmio/direction", write, a->write);
	check_eq("vm_mmio/address", gpa, DEVICE + a->offset);
	check_eq("vm_mmio/size", (uint64_t)size, (uint64_t)a->size);
	return a;
}

static int device_read(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
		       int size, void *arg)
{
	const struct access *a = next(gpa, size, false);

	(void)vcpu, (void)arg;
	if (!a)
		return -ENXIO;
	*rval = a->val;
	return 0;
}

static int device_write(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			int size, void *arg)
{
	const struct access *a = next(gpa, size, true);

	(void)vcpu, (void)arg;
	if (a)
		check_eq("vm_mmio/written", wval, a->val);
	return 0;
}

static void run_accesses(struct test_vm *vm)
{
	int last = 0;

	while (!run_to_exit(vm) && vm->exit->exitcode == VM_EXITCODE_INST_EMUL)
		last = vmm_emulate_instruction(vm->vcpu,
					       vm->exit->u.inst_emul.gpa,
					       &vm->exit->u.inst_emul.vie,
					       device_read, device_write, NULL);
	check_eq("vm_mmio/refusal-reported", (uint64_t)last, (uint64_t)-ENXIO);
}

static void check_registers(struct test_vm *vm)
{
	static const uint32_t want[] = { 0x89abcdef, 0x8001,	 0xffff8001,
					 0x81,	     0xffffff81, 0x77777777 };

	check_eq("vm_mmio/count", seen, 9);
	for (unsigned int i = 0; i < 6; i++)
		check_eq("vm_mmio/register",
			 get_reg(vm->vcpu, VM_REG_GUEST_R2 + i), want[i]);
	check_eq("vm_mmio/writeback", get_reg(vm->vcpu, VM_REG_GUEST_R0),
		 DEVICE + 36);
}

/* A data abort went to VBAR + 0x10, where a second WFI is. */
static void check_abort(struct test_vm *vm)
{
	check_eq("vm_mmio/abort-pc", get_reg(vm->vcpu, VM_REG_GUEST_PC),
		 GUEST_RAM + 0x14);
	check_eq("vm_mmio/abort-mode",
		 get_reg(vm->vcpu, VM_REG_GUEST_CPSR) & 0x1f, 0x17);
	check_eq("vm_mmio/abort-lr", get_reg(vm->vcpu, VM_REG_GUEST_LR_ABT),
		 GUEST_CODE + 12 * 4 + 8);
	check_eq("vm_mmio/abort-dfsr",
		 get_reg(vm->vcpu, VM_REG_CP15(5, 0, 0, 0)) & 0x40f, 0x008);
	check_eq("vm_mmio/abort-dfar",
		 get_reg(vm->vcpu, VM_REG_CP15(6, 0, 0, 0)), DEVICE + 100);
}

int main(void)
{
	struct test_vm vm;
	uint32_t *vector;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	vector = vm_map_gpa(vm.ctx, GUEST_RAM + 0x10, 4);
	*vector = 0xe320f003; /* WFI */
	set_reg(vm.vcpu, VM_REG_CP15(12, 0, 0, 0), GUEST_RAM);
	run_accesses(&vm);
	check_registers(&vm);
	check_abort(&vm);
	vm_destroy(vm.ctx);
	return result();
}
