/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ioeventfds: which stores signal one, by address, width and value. Other
 * stores, loads, and instructions without a syndrome exit to user space. And
 * the errors of VM_IOEVENTFD.
 */
#include "vm.h"
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DEVICE 0x10000000u

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x10000000\n"
    "	mov	r1, #5\n"
    "	mov	r2, #6\n"
    "	mov	r3, #0\n"
    "	str	r1, [r0]\n"	/* word 5 */
    "	strh	r1, [r0]\n"	/* another width: to user space */
    "	str	r2, [r0]\n"	/* another value: to user space */
    "	str	r2, [r0, #4]\n" /* any value and any width here */
    "	strh	r2, [r0, #4]\n"
    "	strb	r2, [r0, #4]\n"
    "	strb	r2, [r0, #5]\n"	    /* another address: to user space */
    "	ldr	r4, [r0, #4]\n"	    /* a load: to user space */
    "	strd	r2, r3, [r0, #4]\n" /* no syndrome */
    "	setend	be\n"
    "	mov	r1, #0x05000000\n"
    "	str	r1, [r0]\n" /* 5 to a big-endian CPU */
    "	setend	le\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

struct access {
	uint32_t offset;
	int size;
	bool write;
};

static const struct access to_user[] = {
	{ 0, 2, true },	 { 0, 4, true }, { 5, 1, true },
	{ 4, 4, false }, { 4, 4, true }, { 8, 4, true },
};
#define NACCESSES (sizeof(to_user) / sizeof(to_user[0]))

static unsigned int seen;

static int device(uint64_t gpa, int size, bool write)
{
	const struct access *a = &to_user[seen];

	if (seen++ >= NACCESSES)
		return -ENXIO;
	check_eq("vm_ioeventfd/address", gpa, DEVICE + a->offset);
	check_eq("vm_ioeventfd/size", (uint64_t)size, (uint64_t)a->size);
	check_eq("vm_ioeventfd/direction", write, a->write);
	return 0;
}

static int device_read(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
		       int size, void *arg)
{
	(void)vcpu, (void)arg;
	*rval = 0x1234;
	return device(gpa, size, false);
}

static int device_write(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			int size, void *arg)
{
	(void)vcpu, (void)arg, (void)wval;
	return device(gpa, size, true);
}

static uint64_t count(int fd)
{
	uint64_t n;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void run_guest(struct test_vm *vm)
{
	while (!run_to_exit(vm) && vm->exit->exitcode == VM_EXITCODE_INST_EMUL)
		vmm_emulate_instruction(vm->vcpu, vm->exit->u.inst_emul.gpa,
					&vm->exit->u.inst_emul.vie, device_read,
					device_write, NULL);
	check_eq("vm_ioeventfd/end", vm->exit->exitcode, VM_EXITCODE_WFI);
	check_eq("vm_ioeventfd/load", get_reg(vm->vcpu, VM_REG_GUEST_R4),
		 0x1234);
}

static void deliveries(struct test_vm *vm, int word, int any)
{
	const uint64_t five = 5;

	check_eq("vm_ioeventfd/assign-match",
		 (uint64_t)vm_ioeventfd_assign(vm->ctx, word, DEVICE, 4, &five),
		 0);
	check_eq("vm_ioeventfd/assign-any",
		 (uint64_t)vm_ioeventfd_assign(vm->ctx, any, DEVICE + 4, 0,
					       NULL),
		 0);
	run_guest(vm);
	check_eq("vm_ioeventfd/matched", count(word), 2);
	check_eq("vm_ioeventfd/any-width", count(any), 3);
	check_eq("vm_ioeventfd/to-user-space", seen, NACCESSES);
}

/* After all were removed, every store exits to user space. */
static void undone(struct test_vm *vm, int word, int any)
{
	const uint64_t five = 5;

	vm_ioeventfd_deassign(vm->ctx, word, DEVICE, 4, &five);
	vm_ioeventfd_deassign(vm->ctx, any, DEVICE + 4, 0, NULL);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR, 0x1d3);
	check_eq("vm_ioeventfd/undone-run", (uint64_t)run_to_exit(vm), 0);
	check_eq("vm_ioeventfd/undone-exit", vm->exit->exitcode,
		 VM_EXITCODE_INST_EMUL);
	check_eq("vm_ioeventfd/undone-address", vm->exit->u.inst_emul.gpa,
		 DEVICE);
	check_eq("vm_ioeventfd/undone-silent", count(word), 0);
}

static void refuse(const char *name, int got, int want)
{
	check_eq(name, (uint64_t)(int64_t)got, (uint64_t)(int64_t)-want);
}

static void refusals(struct vmctx *ctx, int fd)
{
	const uint64_t one = 1, two = 2;
	int other = eventfd(0, EFD_CLOEXEC);

	refuse("vm_ioeventfd/no-file",
	       vm_ioeventfd_assign(ctx, -1, DEVICE, 4, NULL), EBADF);
	refuse("vm_ioeventfd/no-eventfd",
	       vm_ioeventfd_assign(ctx, STDOUT_FILENO, DEVICE, 4, NULL),
	       EINVAL);
	refuse("vm_ioeventfd/bad-width",
	       vm_ioeventfd_assign(ctx, fd, DEVICE, 3, NULL), EINVAL);
	refuse("vm_ioeventfd/match-of-no-width",
	       vm_ioeventfd_assign(ctx, fd, DEVICE, 0, &one), EINVAL);
	refuse("vm_ioeventfd/wraps",
	       vm_ioeventfd_assign(ctx, fd, UINT64_MAX, 4, NULL), EINVAL);
	refuse("vm_ioeventfd/two-values",
	       vm_ioeventfd_assign(ctx, fd, DEVICE, 4, &one) |
		       vm_ioeventfd_assign(ctx, fd, DEVICE, 4, &two),
	       0);
	refuse("vm_ioeventfd/same-value",
	       vm_ioeventfd_assign(ctx, other, DEVICE, 4, &two), EEXIST);
	refuse("vm_ioeventfd/all-values",
	       vm_ioeventfd_assign(ctx, other, DEVICE, 4, NULL), EEXIST);
	refuse("vm_ioeventfd/all-widths",
	       vm_ioeventfd_assign(ctx, other, DEVICE, 0, NULL), EEXIST);
	refuse("vm_ioeventfd/undo-another-file",
	       vm_ioeventfd_deassign(ctx, other, DEVICE, 4, &two), ENOENT);
	refuse("vm_ioeventfd/undo",
	       vm_ioeventfd_deassign(ctx, fd, DEVICE, 4, &one) |
		       vm_ioeventfd_deassign(ctx, fd, DEVICE, 4, &two),
	       0);
	refuse("vm_ioeventfd/undo-twice",
	       vm_ioeventfd_deassign(ctx, fd, DEVICE, 4, &two), ENOENT);
	close(other);
}

/*
 * From the highest address down, so that each is inserted at the front of the
 * table.
 */
static void limit(struct vmctx *ctx, int fd)
{
	unsigned int n = 0, gone = 0;

	while (n < 1000 &&
	       !vm_ioeventfd_assign(ctx, fd, DEVICE + 4 * (1000 - n), 4, NULL))
		n++;
	check_eq("vm_ioeventfd/limit", n, VM_MAX_IOEVENTFDS);
	for (unsigned int i = 0; i < n; i++)
		gone += !vm_ioeventfd_deassign(ctx, fd, DEVICE + 4 * (1000 - i),
					       4, NULL);
	check_eq("vm_ioeventfd/all-undone", gone, n);
}

int main(void)
{
	struct test_vm vm;
	int word = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	int any = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	refusals(vm.ctx, word);
	limit(vm.ctx, word);
	deliveries(&vm, word, any);
	undone(&vm, word, any);
	/* Still assigned when the VM is freed. */
	vm_ioeventfd_assign(vm.ctx, any, DEVICE, 0, NULL);
	vm_destroy(vm.ctx);
	return result();
}
