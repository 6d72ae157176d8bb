/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory: which loads are answered, which stores are queued and
 * in which order; two vCPUs that store at once; a page that the guest is shown;
 * and the errors of VM_POST.
 */
#include "vm.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vmm/vmm_stat.h>

#define DEVICE	    0x10000000u
#define LOADED	    0x18
#define STORED	    0x00
#define KEPT	    0x1c
#define STORES	    20000 /* by each of two vCPUs */
#define BIT(offset) (UINT64_C(1) << (offset) / 4)

extern const char guest_start[], guest_end[], many_start[], many_end[];
extern const char shown_start[], shown_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x10000000\n"
    "	movw	r1, #0x4241\n"
    "	movt	r1, #0x4443\n"
    "	str	r1, [r0]\n" /* posted, of each width */
    "	strh	r1, [r0]\n"
    "	strb	r1, [r0]\n"
    "	ldr	r2, [r0, #0x18]\n" /* answered */
    "	ldrb	r3, [r0, #0x18]\n"
    "	ldrsb	r4, [r0, #0x18]\n"
    "	ldr	r5, [r0]\n" /* this word is not in loads: to user space */
    "	str	r1, [r0, #0x18]\n" /* this word is not in stores: to user space */
    /* not the first byte of the word: to user space */
    "	strb	r1, [r0, #1]\n"
    "	str	r1, [r0, #0x100]\n" /* beyond the posted words: to user space */
    "	movw	r12, #0x12f3\n"	    /* the value that is there: dropped */
    "	str	r12, [r0, #0x1c]\n"
    "	strh	r12, [r0, #0x1c]\n"
    "	strb	r12, [r0, #0x1c]\n" /* another value: to user space */
    "	str	r1, [r0, #0x1c]\n"
    "	mov	r6, #6\n"
    "	mov	r7, #7\n"
    "	strd	r6, r7, [r0]\n" /* no syndrome: to user space */
    "	setend	be\n"
    "	str	r1, [r0]\n"
    "	ldr	r8, [r0, #0x18]\n"
    "	setend	le\n"
    "	adr	r9, 1f + 1\n"
    "	bx	r9\n"
    "	.thumb\n"
    "	.balign	4\n"
    "1:	cmp	r0, r0\n"
    "	itte	eq\n"
    "	streq	r1, [r0]\n" /* the IT block continues after it */
    "	ldreq	r9, [r0, #0x18]\n"
    "	ldrne	r9, [r0]\n"
    "	mov	r10, #8\n" /* six more loads, then one exits */
    "2:	ldr	r11, [r0, #0x18]\n"
    "	subs	r10, #1\n"
    "	bne	2b\n"
    "	mov	r10, #260\n" /* more stores than there is room for */
    "3:	str	r10, [r0]\n"
    "	subs	r10, #1\n"
    "	bne	3b\n"
    "	wfi\n"
    "	.balign	4\n"
    "guest_end:\n"
    "	.arm\n"
    "many_start:\n"
    "	mrc	p15, 0, r4, c0, c0, 5\n" /* MPIDR.Aff0 */
    "	ands	r4, r4, #1\n"
    "	bne	1f\n"
    "	movw	r0, #0x0003\n" /* CPU_ON of the other vCPU */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	adr	r2, 1f\n"
    "	.inst	0xe1400070\n" /* hvc #0 */
    "1:	mrc	p15, 0, r1, c0, c0, 5\n"
    "	lsl	r1, r1, #24\n"
    "	mov	r0, #0x10000000\n"
    "	movw	r2, #20000\n"
    "2:	add	r1, r1, #1\n"
    "	str	r1, [r0]\n"
    "	subs	r2, r2, #1\n"
    "	bne	2b\n"
    "3:	wfi\n"
    "	b	3b\n"
    "many_end:\n"
    "shown_start:\n"
    "	mov	r0, #0x10000000\n"
    "	ldr	r2, [r0]\n" /* loads of any kind read the page */
    "	ldrb	r3, [r0, #0x19]\n"
    "	ldr	r4, [r0, #0xffc]\n"
    "	mov	r5, #100\n" /* more loads than are answered in a row otherwise */
    "1:	ldr	r8, [r0, #0x18]\n"
    "	subs	r5, r5, #1\n"
    "	bne	1b\n"
    "	movw	r1, #0x4241\n" /* stores as before */
    "	movt	r1, #0x4443\n"
    "	str	r1, [r0]\n"
    "	strb	r1, [r0]\n"
    "	str	r1, [r0, #0x18]\n"
    "	mov	r6, #6\n"
    "	mov	r7, #7\n"
    "	strd	r6, r7, [r0]\n"
    "	wfi\n"
    "	ldr	r9, [r0, #0x18]\n" /* hidden again */
    "	ldr	r10, [r0, #0xffc]\n"
    "	wfi\n"
    "shown_end:\n"
    "	.text\n");

/* The device: the accesses that have reached it, in order. */
static struct device {
	pthread_mutex_t lock;
	struct vm_posted *page;
	uint32_t tail;
	int fd;
	struct seen {
		uint32_t offset, value;
		int size; /* negative: by an exit to user space */
	} seen[2 * STORES];
	unsigned int nseen;
} device;

static void see(uint32_t offset, uint32_t value, int size)
{
	if (device.nseen < 2 * STORES)
		device.seen[device.nseen++] =
			(struct seen){ offset, value, size };
}

/* Takes stores as vmm_posted.h describes. */
static void take(void)
{
	struct vm_posted *page = device.page;

	for (;;) {
		const struct vm_posted_store *s =
			&page->store[device.tail % VM_POSTED_STORES];

		__atomic_store_n(&page->tail, device.tail, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&page->head, __ATOMIC_SEQ_CST) ==
		    device.tail)
			return;
		see(s->offset, s->value, s->size);
		device.tail++;
	}
}

static int device_read(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
		       int size, void *arg)
{
	(void)vcpu, (void)arg;
	pthread_mutex_lock(&device.lock);
	take();
	see(gpa - DEVICE, 0, -size);
	pthread_mutex_unlock(&device.lock);
	*rval = 0x11223344;
	return 0;
}

static int device_write(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			int size, void *arg)
{
	(void)vcpu, (void)arg;
	pthread_mutex_lock(&device.lock);
	take();
	see(gpa - DEVICE, (uint32_t)wval, -size);
	pthread_mutex_unlock(&device.lock);
	return 0;
}

static int run_guest(struct vcpu *vcpu)
{
	struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret;

	do {
		ret = vm_run(vcpu);
		if (!ret && exit->exitcode == VM_EXITCODE_INST_EMUL)
			vmm_emulate_instruction(vcpu, exit->u.inst_emul.gpa,
						&exit->u.inst_emul.vie,
						device_read, device_write,
						NULL);
	} while (ret == -EINTR || (!ret && exit->exitcode != VM_EXITCODE_WFI));
	return ret;
}

static uint64_t count(void)
{
	uint64_t n;

	return read(device.fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static const struct seen expected[] = {
	{ STORED, 0x44434241, 4 },  { STORED, 0x4241, 2 },
	{ STORED, 0x41, 1 },	    { STORED, 0, -4 },
	{ LOADED, 0x44434241, -4 }, { 1, 0x41, -1 },
	{ 0x100, 0x44434241, -4 },  { KEPT, 0xf3, -1 },
	{ KEPT, 0x44434241, -4 },   { STORED, 6, -4 },
	{ STORED + 4, 7, -4 },	    { STORED, 0x41424344, 4 },
	{ STORED, 0x44434241, 4 },  { LOADED, 0, -4 },
};
#define NEXPECTED (sizeof(expected) / sizeof(expected[0]))

static void check_seen(void)
{
	const struct seen *s = device.seen;
	unsigned int same = 0, next = 0;

	while (same < NEXPECTED &&
	       !memcmp(&s[same], &expected[same], sizeof(*s)))
		same++;
	check_eq("vm_posted/in-order", same, NEXPECTED);
	/* Then 260 down to 1, by either way. */
	while (next < 260 && s[same + next].value == 260 - next)
		next++;
	check_eq("vm_posted/more-than-fit", next, 260);
	check_eq("vm_posted/one-too-many-exits", s[same + 256].size,
		 (uint64_t)-4);
	check_eq("vm_posted/nothing-else", device.nseen, NEXPECTED + 260);
}

static void one_vcpu(struct test_vm *vm)
{
	device.page->word[LOADED / 4] = 0x000012f3;
	device.page->word[KEPT / 4] = 0x000012f3;
	check_eq("vm_posted/run", (uint64_t)run_guest(vm->vcpu), 0);
	take();
	check_seen();
	check_eq("vm_posted/load", get_reg(vm->vcpu, VM_REG_GUEST_R2), 0x12f3);
	check_eq("vm_posted/load-byte", get_reg(vm->vcpu, VM_REG_GUEST_R3),
		 0xf3);
	check_eq("vm_posted/load-signed", get_reg(vm->vcpu, VM_REG_GUEST_R4),
		 0xfffffff3);
	check_eq("vm_posted/load-of-user-space",
		 get_reg(vm->vcpu, VM_REG_GUEST_R5), 0x11223344);
	check_eq("vm_posted/load-big-endian",
		 get_reg(vm->vcpu, VM_REG_GUEST_R8), 0xf3120000);
	check_eq("vm_posted/load-in-IT", get_reg(vm->vcpu, VM_REG_GUEST_R9),
		 0x12f3);
	/* At the start, and each time after an exit has emptied the queue. */
	check("vm_posted/woken", count() >= 3);
}

static void *run_other(void *vcpu)
{
	return (void *)(intptr_t)run_guest(vcpu);
}

/* Each vCPU's stores are in order, and none is missing. */
static void check_many(void)
{
	uint32_t last[2] = { 0, 0 };
	unsigned int good = 0;

	for (unsigned int i = 0; i < device.nseen; i++) {
		uint32_t value = device.seen[i].value;
		unsigned int vcpu = value >> 24 & 1;

		good += (value & 0xffffff) == ++last[vcpu];
	}
	check_eq("vm_posted/two-vcpus", good, 2 * STORES);
}

static bool all_seen(void)
{
	bool all;

	pthread_mutex_lock(&device.lock);
	take();
	all = device.nseen == 2 * STORES;
	pthread_mutex_unlock(&device.lock);
	return all;
}

/* The taker sleeps on the eventfd alone: if a wake-up is lost, it hangs. */
static void two_vcpus(void)
{
	const struct vm_posted_words words = { .stores = BIT(STORED) };
	volatile uint32_t *page;
	pthread_t threads[2];
	struct test_vm vm;
	uint64_t n;

	make_test_vm(&vm, 2, many_start, many_end);
	device.nseen = device.tail = 0;
	device.fd = eventfd(0, EFD_CLOEXEC);
	check_eq("vm_posted/post-many",
		 (uint64_t)vm_post(vm.ctx, DEVICE, &words, device.fd,
				   &device.page, &page),
		 0);
	for (unsigned int i = 0; i < 2; i++) {
		struct vcpu *vcpu = vm_get_vcpu(vm.ctx, i);

		vm_set_capability(vcpu, VM_CAP_HALT_EXIT, 1);
		pthread_create(&threads[i], NULL, run_other, vcpu);
	}
	while (!all_seen())
		if (read(device.fd, &n, sizeof(n)) < 0)
			break;
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	check_many();
	vm_destroy(vm.ctx);
}

static bool is_on(const char *parameter)
{
	char value = 'Y';
	int fd = open(parameter, O_RDONLY);

	if (fd < 0 || read(fd, &value, 1) != 1)
		check("vm_posted/parameter", false);
	close(fd);
	return value == 'Y';
}

static void check_stores(void)
{
	static const struct seen stores[] = {
		{ STORED, 0x44434241, 4 },  { STORED, 0x41, 1 },
		{ LOADED, 0x44434241, -4 }, { STORED, 6, -4 },
		{ STORED + 4, 7, -4 },	    { 0xffc, 0, -4 },
	};

	take();
	check_eq("vm_posted/shown-seen", device.nseen, 6);
	check("vm_posted/shown-stores",
	      !memcmp(device.seen, stores, sizeof(stores)));
}

static uint64_t mmio_exits(struct vcpu *vcpu)
{
	uint64_t stat[VM_STAT_MAX] = { 0 };

	vm_get_stats(vcpu, stat, VM_STAT_MAX);
	return stat[VM_STAT_MMIO];
}

/* The guest reads the page, and after hiding it the old values. */
static void shown(void)
{
	const struct vm_posted_words words = { .loads = BIT(LOADED),
					       .stores = BIT(STORED) };
	volatile uint32_t *page;
	struct test_vm vm;
	int number;

	if (!is_on("/sys/module/vmm/parameters/fast_posted"))
		return;
	make_test_vm(&vm, 1, shown_start, shown_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	device.nseen = device.tail = 0;
	number =
		vm_post(vm.ctx, DEVICE, &words, device.fd, &device.page, &page);
	device.page->word[LOADED / 4] = 0x12f3;
	page[STORED / 4] = 0xa0;
	page[LOADED / 4] = 0xa1a2;
	page[0xffc / 4] = 0xa3;
	check_eq("vm_posted/show",
		 (uint64_t)vm_show_posted(vm.ctx, number, true), 0);
	check_eq("vm_posted/show-twice",
		 (uint64_t)vm_show_posted(vm.ctx, number, true), 0);
	check_eq("vm_posted/run-shown", (uint64_t)run_guest(vm.vcpu), 0);
	check_eq("vm_posted/shown-word", get_reg(vm.vcpu, VM_REG_GUEST_R2),
		 0xa0);
	check_eq("vm_posted/shown-byte", get_reg(vm.vcpu, VM_REG_GUEST_R3),
		 0xa1);
	check_eq("vm_posted/shown-last", get_reg(vm.vcpu, VM_REG_GUEST_R4),
		 0xa3);
	check_eq("vm_posted/shown-again", get_reg(vm.vcpu, VM_REG_GUEST_R8),
		 0xa1a2);
	check_eq("vm_posted/shown-loads-are-no-exits", mmio_exits(vm.vcpu), 2);
	check_eq("vm_posted/hide",
		 (uint64_t)vm_show_posted(vm.ctx, number, false), 0);
	check_eq("vm_posted/run-hidden", (uint64_t)run_guest(vm.vcpu), 0);
	check_eq("vm_posted/hidden-word", get_reg(vm.vcpu, VM_REG_GUEST_R9),
		 0x12f3);
	check_eq("vm_posted/hidden-last", get_reg(vm.vcpu, VM_REG_GUEST_R10),
		 0x11223344);
	check_stores();
	vm_destroy(vm.ctx);
}

static void refuse(const char *name, int got, int want)
{
	check_eq(name, (uint64_t)(int64_t)got, (uint64_t)(int64_t)-want);
}

static void refusals(struct vmctx *ctx, int fd)
{
	static const uint64_t posted_at[VM_MAX_POSTED] = { DEVICE, GUEST_RAM,
							   UINT64_C(1) << 32,
							   DEVICE + 0x1000 };
	const struct vm_posted_words words = { 0 };
	volatile uint32_t *shown;
	struct vm_posted *page;

	refuse("vm_posted/no-file",
	       vm_post(ctx, DEVICE, &words, -1, &page, &shown), EBADF);
	refuse("vm_posted/no-eventfd",
	       vm_post(ctx, DEVICE, &words, STDOUT_FILENO, &page, &shown),
	       EINVAL);
	refuse("vm_posted/not-a-page",
	       vm_post(ctx, DEVICE + 4, &words, fd, &page, &shown), EINVAL);
	refuse("vm_posted/beyond-all-memory",
	       vm_post(ctx, UINT64_C(1) << 40, &words, fd, &page, &shown),
	       EINVAL);
	refuse("vm_posted/twice",
	       vm_post(ctx, DEVICE, &words, fd, &page, &shown), EEXIST);
	for (unsigned int i = 1; i < VM_MAX_POSTED; i++)
		check_eq("vm_posted/others",
			 (uint64_t)vm_post(ctx, posted_at[i], &words, fd, &page,
					   &shown),
			 i);
	refuse("vm_posted/show-what", vm_show_posted(ctx, VM_MAX_POSTED, true),
	       ENOENT);
	refuse("vm_posted/show-over-memory", vm_show_posted(ctx, 1, true),
	       EEXIST);
	refuse("vm_posted/show-beyond-4G", vm_show_posted(ctx, 2, true),
	       EINVAL);
	refuse("vm_posted/too-many",
	       vm_post(ctx, DEVICE - 0x1000, &words, fd, &page, &shown),
	       ENOSPC);
}

int main(void)
{
	const struct vm_posted_words words = { .loads = BIT(LOADED),
					       .stores = BIT(STORED),
					       .keeps = BIT(KEPT) };
	volatile uint32_t *page;
	struct test_vm vm;

	pthread_mutex_init(&device.lock, NULL);
	device.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	check_eq("vm_posted/post",
		 (uint64_t)vm_post(vm.ctx, DEVICE, &words, device.fd,
				   &device.page, &page),
		 0);
	refusals(vm.ctx, device.fd);
	one_vcpu(&vm);
	vm_destroy(vm.ctx);
	two_vcpus();
	shown();
	return result();
}
