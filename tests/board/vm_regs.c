/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every register of VM_GET_REG_LIST can be read, takes its own value, and
 * refuses bad values.
 */
#include <errno.h>
#include <stdlib.h>
#include "vm.h"

#define MAX_REGS 512

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

static void round_trip(struct test_vm *vm)
{
	uint64_t ids[MAX_REGS], val;
	int n = vm_get_reg_list(vm->vcpu, ids, MAX_REGS), bad = 0;

	check("vm_regs/list", n > 60 && n <= MAX_REGS);
	for (int i = 0; i < n; i++)
		bad += vm_get_register(vm->vcpu, ids[i], &val) != 0;
	check_eq("vm_regs/all-read", (uint64_t)bad, 0);
	check_eq("vm_regs/list-too-small",
		 (uint64_t)vm_get_reg_list(vm->vcpu, ids, 1),
		 (uint64_t)-ENOSPC);
}

static void core_registers(struct test_vm *vm)
{
	int bad = 0;

	for (uint64_t id = VM_REG_GUEST_R0; id <= VM_REG_GUEST_LR; id++) {
		set_reg(vm->vcpu, id, 0xa5a50000 | (id & 0xff));
		bad += get_reg(vm->vcpu, id) != (0xa5a50000 | (id & 0xff));
	}
	check_eq("vm_regs/core", (uint64_t)bad, 0);
}

/*
 * No write leads into HYP's or Monitor's mode, or into one that does not exist.
 */
static void modes(struct test_vm *vm)
{
	/* also Jazelle, ThumbEE, IT in ARM state */
	static const uint32_t bad_modes[] = { 0x1a,	  0x16,
					      0x00,	  0x1d,
					      0x01000013, 0x01000033,
					      0x02000013, 0x00000813 };

	for (unsigned int i = 0; i < sizeof(bad_modes) / 4; i++)
		check_eq("vm_regs/refuses-mode",
			 (uint64_t)vm_set_register(vm->vcpu, VM_REG_GUEST_CPSR,
						   bad_modes[i]),
			 (uint64_t)-EINVAL);
}

static void unknown(struct test_vm *vm)
{
	static const uint64_t ids[] = { 0,
					VM_REG_ID(1, 200),
					VM_REG_ID(9, 0),
					VM_REG_CP15(15, 7, 15, 7),
					0x100000000ull | VM_REG_GUEST_R0,
					VM_REG_ID(4, 99),
					~0ull };
	uint64_t val;

	for (unsigned int i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		check_eq("vm_regs/unknown-read",
			 (uint64_t)vm_get_register(vm->vcpu, ids[i], &val),
			 (uint64_t)-ENOENT);
		check_eq("vm_regs/unknown-write",
			 (uint64_t)vm_set_register(vm->vcpu, ids[i], 0),
			 (uint64_t)-ENOENT);
	}
	check_eq("vm_regs/too-wide",
		 (uint64_t)vm_set_register(vm->vcpu, VM_REG_GUEST_R0,
					   0x100000000ull),
		 (uint64_t)-EINVAL);
}

/* A name is in the kernel's log. */
static void names(void)
{
	static const char *const bad[] = { "", "a/b", "a b", "a\nb", "a\033b" };
	struct vmctx *ctx;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_eq("vm_regs/refuses-name",
			 (uint64_t)vm_create(bad[i], &ctx), (uint64_t)-EINVAL);
}

int main(void)
{
	struct test_vm vm;

	make_test_vm(&vm, 1, guest_start, guest_end);
	round_trip(&vm);
	core_registers(&vm);
	modes(&vm);
	unknown(&vm);
	names();
	vm_destroy(vm.ctx);
	return result();
}
