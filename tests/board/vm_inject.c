/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_inject_exception(): the guest finds what the CPU's own exception entry
 * leaves (DDI 0406C, exception descriptions, DFSR, IFSR).
 */
#include <errno.h>
#include "vm.h"

#define CPSR_T	  (1u << 5)
#define CPSR_F	  (1u << 6)
#define CPSR_I	  (1u << 7)
#define CPSR_A	  (1u << 8)
#define CPSR_E	  (1u << 9)
#define SCTLR	  VM_REG_CP15(1, 0, 0, 0)
#define SCTLR_V	  (1u << 13)
#define SCTLR_EE  (1u << 25)
#define SCTLR_TE  (1u << 30)
#define TTBCR	  VM_REG_CP15(2, 0, 0, 2)
#define TTBCR_EAE (1u << 31)
#define DFSR	  VM_REG_CP15(5, 0, 0, 0)
#define IFSR	  VM_REG_CP15(5, 0, 0, 1)
#define DFAR	  VM_REG_CP15(6, 0, 0, 0)
#define IFAR	  VM_REG_CP15(6, 0, 0, 2)
#define VBAR	  VM_REG_CP15(12, 0, 0, 0)

#define EC(ec) ((uint64_t)(ec) << 26)
#define UNDEF  EC(0x00)
#define SVC    EC(0x11)
#define PABT   EC(0x20)
#define DABT   EC(0x24)
#define WNR    (1u << 6)
#define IL     (1u << 25)
#define ASYNC  0x11u

#define VECTORS 0x40020000u
#define ADDRESS 0x12345678u

#define DEVICE 0x10000000u

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	str	r1, [r2]\n" /* a device: the first exit */
    "	wfi\n"		    /* WFI ends at once while the abort is pending */
    "	cpsie	a\n"
    "	mov	r0, #1\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

struct entry {
	const char *name;
	uint64_t esr;
	uint32_t mode;
	uint32_t offset; /* of the vector */
	uint32_t lr;	 /* LR minus the instruction's address: ARM, Thumb */
	uint32_t lr_thumb;
	uint32_t masks; /* bits of CPSR that the entry sets */
	uint64_t lr_reg, spsr_reg;
	uint64_t fsr_reg, far_reg;
	uint32_t fsr_short, fsr_long;
};

#define ABORT_REGS VM_REG_GUEST_LR_ABT, VM_REG_GUEST_SPSR_ABT
#define UNDEF_REGS VM_REG_GUEST_LR_UND, VM_REG_GUEST_SPSR_UND
#define SVC_REGS   VM_REG_GUEST_LR_SVC, VM_REG_GUEST_SPSR_SVC
#define PABT_ROW(name, fsc, s, l)                                     \
	{                                                             \
		name, PABT | (fsc), 0x17, 0xc, 4, 4, CPSR_A | CPSR_I, \
			ABORT_REGS, IFSR, IFAR, s, l                  \
	}
#define DABT_ROW(name, iss, s, l)                                      \
	{                                                              \
		name, DABT | (iss), 0x17, 0x10, 8, 8, CPSR_A | CPSR_I, \
			ABORT_REGS, DFSR, DFAR, s, l                   \
	}

static const struct entry entries[] = {
	{ "undef", UNDEF, 0x1b, 0x4, 4, 2, CPSR_I, UNDEF_REGS, 0, 0, 0, 0 },
	{ "svc", SVC | IL, 0x13, 0x8, 4, 4, CPSR_I, SVC_REGS, 0, 0, 0, 0 },
	{ "svc-2-bytes", SVC, 0x13, 0x8, 4, 2, CPSR_I, SVC_REGS, 0, 0, 0, 0 },
	PABT_ROW("pabt-translation-1", 0x05, 0x005, 0x205),
	PABT_ROW("pabt-translation-2", 0x06, 0x007, 0x206),
	PABT_ROW("pabt-access-flag-2", 0x0a, 0x006, 0x20a),
	PABT_ROW("pabt-permission-2", 0x0e, 0x00f, 0x20e),
	PABT_ROW("pabt-external", 0x10, 0x008, 0x210),
	PABT_ROW("pabt-external-walk-1", 0x15, 0x00c, 0x215),
	PABT_ROW("pabt-debug", 0x22, 0x002, 0x222),
	PABT_ROW("pabt-has-no-direction", WNR | 0x05, 0x005, 0x205),
	DABT_ROW("dabt-translation-1", 0x05, 0x005, 0x205),
	DABT_ROW("dabt-translation-2", WNR | 0x06, 0x807, 0xa06),
	DABT_ROW("dabt-translation-3", 0x07, 0x007, 0x207),
	DABT_ROW("dabt-access-flag-1", 0x09, 0x003, 0x209),
	DABT_ROW("dabt-permission-1", WNR | 0x0d, 0x80d, 0xa0d),
	DABT_ROW("dabt-external", WNR | 0x10, 0x808, 0xa10),
	DABT_ROW("dabt-external-walk-2", 0x16, 0x00e, 0x216),
	DABT_ROW("dabt-alignment", 0x21, 0x001, 0x221),
	DABT_ROW("dabt-debug", 0x22, 0x002, 0x222),
};

static void enter_one(struct test_vm *vm, const struct entry *e, uint32_t sctlr,
		      uint32_t cpsr, bool lpae)
{
	uint32_t vectors = sctlr & SCTLR_V ? 0xffff0000u : VECTORS;
	uint32_t want = e->mode | e->masks | (cpsr & (CPSR_A | CPSR_F)) |
			(sctlr & SCTLR_TE ? CPSR_T : 0) |
			(sctlr & SCTLR_EE ? CPSR_E : 0) | 0xf0000000u;
	uint32_t lr = cpsr & CPSR_T ? e->lr_thumb : e->lr;
	int bad = 0;

	set_reg(vm->vcpu, SCTLR, 0xc50078u | sctlr);
	set_reg(vm->vcpu, TTBCR, lpae ? TTBCR_EAE : 0);
	set_reg(vm->vcpu, VBAR, VECTORS);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR, cpsr);
	bad |= vm_inject_exception(vm->vcpu, e->esr, ADDRESS);
	bad |= get_reg(vm->vcpu, VM_REG_GUEST_PC) != vectors + e->offset;
	bad |= get_reg(vm->vcpu, VM_REG_GUEST_CPSR) != want;
	bad |= get_reg(vm->vcpu, e->lr_reg) != GUEST_CODE + lr;
	bad |= get_reg(vm->vcpu, e->spsr_reg) != cpsr;
	if (e->fsr_reg) {
		bad |= get_reg(vm->vcpu, e->fsr_reg) !=
		       (lpae ? e->fsr_long : e->fsr_short);
		bad |= get_reg(vm->vcpu, e->far_reg) != ADDRESS;
	}
	if (bad)
		check(e->name, false);
}

static void synchronous(struct test_vm *vm)
{
	static const uint32_t sctlrs[] = { 0, SCTLR_V, SCTLR_TE, SCTLR_EE,
					   SCTLR_V | SCTLR_TE | SCTLR_EE };
	static const uint32_t cpsrs[] = { 0xf0000010, 0xf0000010 | CPSR_T,
					  0xf0000013 | CPSR_E | CPSR_F,
					  0xf000001f | CPSR_A | CPSR_I };

	for (unsigned int i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		for (unsigned int n = 0; n < 5 * 4 * 2; n++)
			enter_one(vm, &entries[i], sctlrs[n % 5],
				  cpsrs[n / 5 % 4], n / 20);
	check("vm_inject/synchronous", !result());
}

static void reset_state(struct test_vm *vm, uint32_t cpsr)
{
	set_reg(vm->vcpu, SCTLR, 0xc50078u);
	set_reg(vm->vcpu, TTBCR, 0);
	set_reg(vm->vcpu, DFSR, 0);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR, cpsr);
	set_reg(vm->vcpu, VM_REG_GUEST_R0, 0);
	set_reg(vm->vcpu, VM_REG_GUEST_R2, DEVICE);
}

static uint64_t pc_of_next(struct test_vm *vm, enum vm_exitcode exitcode)
{
	check_eq("vm_inject/run", (uint64_t)run_to_exit(vm), 0);
	check_eq("vm_inject/exit", vm->exit->exitcode, exitcode);
	return get_reg(vm->vcpu, VM_REG_GUEST_PC);
}

/*
 * An asynchronous abort that is pending while CPSR.A is set ends a WFI. It is
 * taken once, when A is cleared, with the status of an asynchronous external
 * abort.
 */
static void asynchronous(struct test_vm *vm, uint32_t ttbcr, uint32_t status)
{
	reset_state(vm, 0x13 | CPSR_A | CPSR_I | CPSR_F);
	set_reg(vm->vcpu, TTBCR, ttbcr);
	check_eq("vm_inject/async",
		 (uint64_t)vm_inject_exception(vm->vcpu, DABT | ASYNC, 0), 0);
	check_eq("vm_inject/async-masked",
		 pc_of_next(vm, VM_EXITCODE_INST_EMUL), GUEST_CODE);
	check_eq("vm_inject/async-taken", pc_of_next(vm, VM_EXITCODE_WFI),
		 VECTORS + 0x14);
	check_eq("vm_inject/async-before-the-next",
		 get_reg(vm->vcpu, VM_REG_GUEST_R0), 0);
	check_eq("vm_inject/async-lr", get_reg(vm->vcpu, VM_REG_GUEST_LR_ABT),
		 GUEST_CODE + 12 + 8);
	check_eq("vm_inject/async-status", get_reg(vm->vcpu, DFSR), status);
	/* Returns with A clear: the abort does not come again. */
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE + 12);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR, 0x13 | CPSR_I | CPSR_F);
	check_eq("vm_inject/async-once", pc_of_next(vm, VM_EXITCODE_WFI),
		 GUEST_CODE + 20);
	check_eq("vm_inject/async-goes-on", get_reg(vm->vcpu, VM_REG_GUEST_R0),
		 1);
}

static void refused(struct test_vm *vm)
{
	/*
	 * Reserved classes and codes, classes that no guest takes, and upper
	 * halves that are not zero.
	 */
	static const uint64_t bad[] = { EC(0x12),     EC(0x3f),	   EC(0x21),
					EC(0x25),     DABT | 0x3f, DABT,
					PABT | ASYNC, DABT | 0x04, 1ull << 32 };
	uint64_t pc;

	reset_state(vm, 0x13);
	pc = get_reg(vm->vcpu, VM_REG_GUEST_PC);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check_eq("vm_inject/refused",
			 (uint64_t)vm_inject_exception(vm->vcpu, bad[i], 0),
			 (uint64_t)-EINVAL);
	check_eq("vm_inject/refused-far",
		 (uint64_t)vm_inject_exception(vm->vcpu, UNDEF, 1ull << 32),
		 (uint64_t)-EINVAL);
	check_eq("vm_inject/refused-nothing-changed",
		 get_reg(vm->vcpu, VM_REG_GUEST_PC), pc);
}

int main(void)
{
	struct test_vm vm;
	uint32_t *vectors;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	vectors = vm_map_gpa(vm.ctx, VECTORS, 32);
	for (unsigned int i = 0; i < 8; i++)
		vectors[i] = 0xe320f003; /* WFI */
	synchronous(&vm);
	set_reg(vm.vcpu, VBAR, VECTORS);
	asynchronous(&vm, 0, 0x406);
	asynchronous(&vm, TTBCR_EAE, 0x211);
	refused(&vm);
	vm_destroy(vm.ctx);
	return result();
}
