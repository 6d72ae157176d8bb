/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqfds: edges, messages, and levels with resampling. The guest acknowledges
 * each interrupt, reports it, ends it, reports that, and sleeps.
 */
#include "vm.h"
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define EDGE	 40
#define LEVEL	 42
#define MSI	 80
#define SPURIOUS 1023
#define DEVICE	 0x10000000u

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x08000000\n"  /* GICD */
    "	add	r1, r0, #0x10000\n" /* GICC */
    "	mov	r2, #0x10000000\n"
    "	mov	r3, #1\n"
    "	str	r3, [r0]\n" /* GICD_CTLR */
    "	mov	r3, #0x500\n"
    "	str	r3, [r0, #0x104]\n" /* GICD_ISENABLER1: 40, 42 */
    "	mov	r3, #0x10000\n"
    "	str	r3, [r0, #0x108]\n" /* GICD_ISENABLER2: 80 */
    "	mov	r3, #0x00020000\n"
    "	str	r3, [r0, #0xc08]\n" /* GICD_ICFGR2: 40 is an edge */
    "	mov	r3, #0x00000002\n"
    "	str	r3, [r0, #0xc14]\n" /* GICD_ICFGR5: 80 is an edge */
    "	mov	r3, #0xff\n"
    "	str	r3, [r1, #4]\n" /* GICC_PMR */
    "	mov	r3, #1\n"
    "	str	r3, [r1]\n" /* GICC_CTLR */
    "1:	wfi\n"
    "	ldr	r4, [r1, #0xc]\n" /* GICC_IAR */
    "	str	r4, [r2]\n"
    "	str	r4, [r1, #0x10]\n" /* GICC_EOIR */
    "	str	r4, [r2, #4]\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.text\n");

static struct test_vm vm;

static int write_device(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			int size, void *arg)
{
	uint64_t *written = arg;

	(void)vcpu, (void)size;
	written[gpa - DEVICE ? 1 : 0] = wval;
	return 0;
}

static int read_device(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
		       int size, void *arg)
{
	(void)vcpu, (void)gpa, (void)rval, (void)size, (void)arg;
	return -ENXIO;
}

/* Runs to the next access to the device; returns the stored value. */
static uint64_t next_store(void)
{
	uint64_t written[2] = { ~0ull, ~0ull };

	while (!run_to_exit(&vm) && vm.exit->exitcode == VM_EXITCODE_WFI)
		;
	if (vm.exit->exitcode != VM_EXITCODE_INST_EMUL)
		return ~0ull;
	vmm_emulate_instruction(vm.vcpu, vm.exit->u.inst_emul.gpa,
				&vm.exit->u.inst_emul.vie, read_device,
				write_device, written);
	return written[0] != ~0ull ? written[0] : written[1];
}

static uint64_t acknowledge(void)
{
	return next_store();
}

static void end(void)
{
	next_store();
}

/* Runs one round of the guest's loop; returns the interrupt that came. */
static uint64_t round_trip(void)
{
	uint64_t intid = acknowledge();

	end();
	return intid;
}

static void signal_fd(int fd)
{
	eventfd_write(fd, 1);
}

static uint64_t count(int fd)
{
	eventfd_t n;

	return eventfd_read(fd, &n) ? 0 : n;
}

static int new_fd(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static void zero(const char *name, int got)
{
	check_eq(name, (uint64_t)got, 0);
}

/* A pulse on an edge-triggered line and a message have the same effect. */
static void edges(int fd, uint64_t intid)
{
	check_eq("vm_irqfd/nothing-yet", round_trip(), SPURIOUS);
	signal_fd(fd);
	signal_fd(fd);
	check_eq("vm_irqfd/edge", acknowledge(), intid);
	signal_fd(fd);
	end();
	check_eq("vm_irqfd/edge-while-active", round_trip(), intid);
	check_eq("vm_irqfd/edge-is-one", round_trip(), SPURIOUS);
}

static void edge(void)
{
	int fd = new_fd();

	zero("vm_irqfd/assign-edge", vm_irqfd_assign(vm.ctx, fd, EDGE));
	edges(fd, EDGE);
	zero("vm_irqfd/deassign-edge", vm_irqfd_deassign(vm.ctx, fd, EDGE));
	signal_fd(fd);
	check_eq("vm_irqfd/edge-undone", round_trip(), SPURIOUS);
	/* A signal before the assignment counts. */
	zero("vm_irqfd/assign-signalled", vm_irqfd_assign(vm.ctx, fd, EDGE));
	check_eq("vm_irqfd/signalled-before", round_trip(), EDGE);
	vm_irqfd_deassign(vm.ctx, fd, EDGE);
	close(fd);
}

static void message(void)
{
	int fd = new_fd();

	zero("vm_irqfd/assign-msi", vm_irqfd_assign_msi(vm.ctx, fd, MSI));
	edges(fd, MSI);
	zero("vm_irqfd/deassign-msi", vm_irqfd_deassign(vm.ctx, fd, MSI));
	close(fd);
}

static void level(void)
{
	int fd = new_fd(), again = new_fd();

	zero("vm_irqfd/assign-level",
	     vm_irqfd_assign_level(vm.ctx, fd, LEVEL, again));
	for (int i = 0; i < 2; i++) {
		signal_fd(fd);
		check_eq("vm_irqfd/level", acknowledge(), LEVEL);
		check_eq("vm_irqfd/not-resampled-yet", count(again), 0);
		end();
		check_eq("vm_irqfd/resampled", count(again), 1);
		check_eq("vm_irqfd/fell", round_trip(), SPURIOUS);
		check_eq("vm_irqfd/resampled-once", count(again), 0);
	}
	/*
	 * Signalled while active: the level does not change, and has ended
	 * afterwards.
	 */
	signal_fd(fd);
	check_eq("vm_irqfd/level-active", acknowledge(), LEVEL);
	signal_fd(fd);
	end();
	check_eq("vm_irqfd/level-active-resampled", count(again), 1);
	check_eq("vm_irqfd/level-active-fell", round_trip(), SPURIOUS);
	/* If it is up when the irqfd is removed, the line falls. */
	signal_fd(fd);
	zero("vm_irqfd/deassign-level", vm_irqfd_deassign(vm.ctx, fd, LEVEL));
	check_eq("vm_irqfd/level-undone", round_trip(), SPURIOUS);
	close(fd);
	close(again);
}

/* Two irqfds and VM_ASSERT_IRQ on one line. */
static void shared_level(void)
{
	int fd[2] = { new_fd(), new_fd() }, again[2] = { new_fd(), new_fd() };

	for (int i = 0; i < 2; i++)
		zero("vm_irqfd/assign-shared",
		     vm_irqfd_assign_level(vm.ctx, fd[i], LEVEL, again[i]));
	vm_assert_irq(vm.ctx, LEVEL);
	signal_fd(fd[0]);
	check_eq("vm_irqfd/shared", round_trip(), LEVEL);
	check_eq("vm_irqfd/shared-told-first", count(again[0]), 1);
	check_eq("vm_irqfd/shared-told-second", count(again[1]), 1);
	check_eq("vm_irqfd/shared-user-holds", round_trip(), LEVEL);
	signal_fd(fd[1]);
	vm_deassert_irq(vm.ctx, LEVEL);
	check_eq("vm_irqfd/shared-irqfd-holds", round_trip(), LEVEL);
	check_eq("vm_irqfd/shared-fell", round_trip(), SPURIOUS);
	vm_irqfd_deassign(vm.ctx, fd[0], LEVEL);
	signal_fd(fd[1]);
	count(again[1]);
	check_eq("vm_irqfd/other-stays", round_trip(), LEVEL);
	check_eq("vm_irqfd/other-told", count(again[1]), 1);
	vm_irqfd_deassign(vm.ctx, fd[1], LEVEL);
}

static void *signal_later(void *arg)
{
	struct timespec while_ = { .tv_nsec = 200000000 };

	nanosleep(&while_, NULL);
	signal_fd(*(int *)arg);
	return NULL;
}

/* Another thread wakes a vCPU that sleeps in the kernel. */
static void wakes(void)
{
	int fd = new_fd();
	pthread_t thread;
	uint32_t intid;

	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 0);
	vm_irqfd_assign(vm.ctx, fd, EDGE);
	pthread_create(&thread, NULL, signal_later, &fd);
	/* An interrupt of the host may end the guest's WFI as well. */
	do
		intid = round_trip();
	while (intid == SPURIOUS);
	check_eq("vm_irqfd/wakes", intid, EDGE);
	pthread_join(thread, NULL);
	vm_irqfd_deassign(vm.ctx, fd, EDGE);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	close(fd);
}

static void refuse(const char *name, int got, int want)
{
	check_eq(name, (uint64_t)(int64_t)got, (uint64_t)(int64_t)-want);
}

static void refusals(void)
{
	int fd = new_fd();

	refuse("vm_irqfd/no-file", vm_irqfd_assign(vm.ctx, -1, EDGE), EBADF);
	refuse("vm_irqfd/no-eventfd",
	       vm_irqfd_assign(vm.ctx, STDOUT_FILENO, EDGE), EINVAL);
	refuse("vm_irqfd/no-resamplefd",
	       vm_irqfd_assign_level(vm.ctx, fd, LEVEL, -1), EBADF);
	refuse("vm_irqfd/ppi", vm_irqfd_assign(vm.ctx, fd, 31), EINVAL);
	refuse("vm_irqfd/beyond", vm_irqfd_assign(vm.ctx, fd, GUEST_NIRQS),
	       EINVAL);
	zero("vm_irqfd/once", vm_irqfd_assign(vm.ctx, fd, EDGE));
	refuse("vm_irqfd/twice", vm_irqfd_assign(vm.ctx, fd, EDGE), EEXIST);
	zero("vm_irqfd/two-intids", vm_irqfd_assign(vm.ctx, fd, EDGE + 1));
	zero("vm_irqfd/undo", vm_irqfd_deassign(vm.ctx, fd, EDGE));
	refuse("vm_irqfd/undo-twice", vm_irqfd_deassign(vm.ctx, fd, EDGE),
	       ENOENT);
	vm_irqfd_deassign(vm.ctx, fd, EDGE + 1);
	close(fd);
}

static void no_controller(void)
{
	struct vmctx *ctx;
	int fd = new_fd();

	zero("vm_irqfd/vm", vm_create("no-vgic", &ctx));
	refuse("vm_irqfd/no-vgic", vm_irqfd_assign(ctx, fd, EDGE), ENXIO);
	vm_destroy(ctx);
	close(fd);
}

static void limit(void)
{
	int fd[VM_MAX_IRQFDS / 64 + 1], ret = 0;
	unsigned int n = 0;

	for (unsigned int i = 0; i <= VM_MAX_IRQFDS / 64; i++) {
		fd[i] = new_fd();
		for (uint32_t intid = 32; !ret && intid < 96; intid++) {
			ret = vm_irqfd_assign(vm.ctx, fd[i], intid);
			n += !ret;
		}
	}
	refuse("vm_irqfd/limit-reached", ret, ENOSPC);
	check_eq("vm_irqfd/limit", n, VM_MAX_IRQFDS);
	/* The irqfds are freed with the VM, after their eventfds are closed. */
	for (unsigned int i = 0; i <= VM_MAX_IRQFDS / 64; i++)
		close(fd[i]);
}

int main(void)
{
	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	no_controller();
	refusals();
	edge();
	message();
	level();
	shared_level();
	wakes();
	limit();
	vm_destroy(vm.ctx);
	return result();
}
