/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For a kernel that can make an allocation fail (tools/debug-kernel): a VM is made and
 * run again and again, and each time the next allocation or copy from user space of the
 * kernel's fails (/proc/thread-self/fail-nth). What fails says so, nothing is left
 * behind, and in the end all succeed. It wants GLIBC_TUNABLES=glibc.pthread.rseq=0,
 * because the kernel kills a thread whose rseq(2) area it cannot copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define DEVICE	0x10000000u
#define MAX_NTH 20000

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x40000000\n"
    "	str	r0, [r0]\n"
    "	mov	r1, #0x10000000\n"
    "	ldr	r2, [r1]\n"
    "guest_end:\n"
    "	.text\n");

static int fail_nth = -1;
static int event_fd[2];
static void *ram;

static void write_file(const char *name, const char *value)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		printf("not ok enomem/%s: %s\n", name, strerror(errno));
		exit(1);
	}
	close(fd);
}

/* The @nth of the kernel's allocations for this thread from now on fails. */
static void fail(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, (size_t)n, 0) != n) {
		printf("not ok enomem/fail-nth: %s\n", strerror(errno));
		exit(1);
	}
}

/*
 * Whether the one that fail() has asked for was reached before this. To ask and to end
 * it takes a copy from the kernel each, and that may be the one which fails.
 */
static bool has_failed(void)
{
	char text[16] = "";
	ssize_t n = pread(fail_nth, text, sizeof(text) - 1, 0);

	while (pwrite(fail_nth, "0", 1, 0) != 1)
		;
	return n > 0 && atoi(text) == 0;
}

/* Runs the guest to its load from a device. */
static int run_it(struct vmctx *ctx)
{
	struct vcpu *vcpu = vm_get_vcpu(ctx, 0);
	struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret = vm_set_register(vcpu, VM_REG_GUEST_PC, GUEST_RAM + 0x10000);

	do {
		if (!ret)
			ret = vm_run(vcpu);
	} while (ret == -EINTR ||
		 (!ret && exit->exitcode == VM_EXITCODE_BOGUS));
	if (ret)
		return ret;
	return exit->exitcode == VM_EXITCODE_INST_EMUL ? 0 : -EFAULT;
}

static int set_up(struct vmctx *ctx)
{
	const struct vm_posted_words words = { .loads = 1 };
	volatile uint32_t *shown;
	struct vm_posted *page;
	struct vcpu *vcpu;
	int ret = vm_map_memory(ctx, GUEST_RAM, GUEST_SIZE, ram, 0);

	if (ret >= 0)
		ret = vm_attach_vgic(ctx, GUEST_GICD, GUEST_GICC, GUEST_NIRQS,
				     2);
	for (unsigned int i = 0; i < 2 && ret >= 0; i++)
		ret = vm_vcpu_open(ctx, i, &vcpu);
	if (ret >= 0)
		ret = vm_ioeventfd_assign(ctx, event_fd[0], DEVICE + 0x1000, 4,
					  NULL);
	if (ret >= 0)
		ret = vm_irqfd_assign(ctx, event_fd[0], 40);
	if (ret >= 0)
		ret = vm_irqfd_assign_level(ctx, event_fd[0], 41, event_fd[1]);
	if (ret >= 0)
		ret = vm_post(ctx, DEVICE + 0x2000, &words, event_fd[1], &page,
			      &shown);
	return ret < 0 ? ret : run_it(ctx);
}

/* What came of a VM of which the @nth allocation failed. */
static int try(unsigned int nth, bool *failed)
{
	struct vmctx *ctx = NULL;
	int ret;

	ram = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy((char *)ram + 0x10000, guest_start,
	       (size_t)(guest_end - guest_start));
	fail(nth);
	ret = vm_create("enomem", &ctx);
	if (!ret)
		ret = set_up(ctx);
	*failed = has_failed();
	if (ctx)
		vm_destroy(ctx);
	munmap(ram, GUEST_SIZE);
	return ret;
}

/*
 * Allocations fail where the kernel would wait for memory, and of any kind. The kernel
 * would print each of them.
 */
static void prepare(void)
{
	write_file("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/failslab/verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		exit(1);
	event_fd[0] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	event_fd[1] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int main(void)
{
	unsigned int nth, said = 0, other = 0;
	bool failed = true;
	int ret = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	prepare();
	for (nth = 1; failed && nth < MAX_NTH; nth++) {
		ret = try(nth, &failed);
		said += failed && (ret == -ENOMEM || ret == -EFAULT);
		if (failed && ret && ret != -ENOMEM && ret != -EFAULT) {
			printf("# allocation %u: %s\n", nth, strerror(-ret));
			other++;
		}
	}
	printf("# %u allocations and copies failed, one at a time; %u calls said so\n",
	       nth - 2, said);
	check("enomem/there-were-some", said > 10);
	check_eq("enomem/each-error-is-ENOMEM-or-EFAULT", other, 0);
	check_eq("enomem/in-the-end-all-succeeds", (uint64_t)(int64_t)ret, 0);
	return result();
}
