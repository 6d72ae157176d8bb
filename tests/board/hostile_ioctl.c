/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostile_ioctl [CALLS [SEED [PROCESS]]] runs hostile processes, one after the
 * other. Each makes a VM, and its threads attack it: they make every request on every
 * kind of file, with arguments that are right, nearly right and wrong; they call mmap,
 * munmap, mprotect and madvise on the guest's memory and on the pages that the kernel
 * shares; they call dup, close, fork and exec. Meanwhile CPU 1 goes off and comes back.
 * The host has to survive, and no answer may contain memory that the kernel has not
 * written.
 *
 * What each thread calls depends on SEED alone, and not on the results of its calls. So
 * a run, or only its process number PROCESS, can be repeated; how the threads interleave
 * cannot.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "vm.h"

#define THREADS	   4
#define PER_THREAD 1000
#define RAM_SIZE   0x400000u
#define SLOTS	   16 /* of files, and of mappings */
#define MAX_REGS   256
#define ARGUMENTS  8192 /* bytes of a thread's arguments */
#define LISTS	   1024 /* where among them a request's list is */

/* The state of one thread. Threads share none of it, so a seed repeats a run. */
struct attack {
	uint32_t random;
	char *page; /* where arguments are; behind it nothing is mapped */
};

/*
 * The state of one process, which its threads share. A thread that closes a file or
 * maps memory anew races with the threads that use it.
 */
static volatile int file[SLOTS]; /* device, VM, vCPUs, eventfds, then any */
static void *volatile mapping[SLOTS];
static char *ram;
static uint64_t regs[MAX_REGS];
static unsigned int nregs;
static volatile unsigned int running;

/* Results of the processes for the first one. */
static struct shared {
	uint32_t digest; /* of all that was chosen */
	uint32_t calls;
	uint32_t poison; /* words that the kernel never wrote */
	uint32_t started;
} * shared;

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n" /* devices that are nobody's, posted, and memory */
    "	mov	r0, #0x10000000\n"
    "	mov	r2, #0x40000000\n"
    "1:	ldr	r1, [r0]\n"
    "	str	r1, [r0, #4]\n"
    "	add	r2, r2, #0x1000\n"
    "	bic	r2, r2, #0x00c00000\n"
    "	ldr	r3, [r2, #0x800]\n"
    "	str	r3, [r2, #0x804]\n"
    "	mrc	p15, 0, r4, c0, c0, 0\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.text\n");

static uint32_t draw(struct attack *a, uint32_t below)
{
	/* Marsaglia's xorshift32: never 0 when it was not. */
	a->random ^= a->random << 13;
	a->random ^= a->random >> 17;
	a->random ^= a->random << 5;
	return a->random % below;
}

/* Near the edges more often than in the middle. */
static uint64_t value(struct attack *a)
{
	static const uint64_t edges[] = { 0,
					  1,
					  2,
					  8,
					  9,
					  31,
					  32,
					  1020,
					  4096,
					  0x40000000,
					  0x7fffffff,
					  0x80000000,
					  0xffffffff,
					  0xfffff000,
					  ~0ull,
					  1ull << 32,
					  1ull << 40,
					  ~0ull << 12,
					  7ull << 32,
					  8ull << 32 | 4,
					  9ull << 32 | 2,
					  0xc0008000 };

	if (draw(a, 2))
		return edges[draw(a, sizeof(edges) / sizeof(edges[0]))];
	return (uint64_t)draw(a, 1u << 20) << 12;
}

static int any_file(struct attack *a)
{
	return file[draw(a, SLOTS)];
}

/* Usually one of the eventfds, which are files 4 to 7. */
static int an_eventfd(struct attack *a)
{
	return draw(a, 8) ? file[4 + draw(a, 4)] : any_file(a);
}

/* Arguments that are in order, each for its request. */
static void fill_create(struct attack *a, void *arg)
{
	struct vm_create_args *c = arg;

	c->abi_version = VMM_ABI_VERSION;
	snprintf(c->name, sizeof(c->name), "h%u", draw(a, 8));
}

static void fill_memory(struct attack *a, void *arg)
{
	struct vm_memory_args *m = arg;
	uint32_t at = draw(a, 4) << 20;

	m->slot = draw(a, 4);
	m->flags = draw(a, 4) ? 0 : VM_MEM_F_READONLY;
	m->gpa = GUEST_RAM + (draw(a, 4) ? at : draw(a, 4) << 20);
	m->len = draw(a, 4) ? RAM_SIZE - at : 0;
	m->hva = (uintptr_t)ram + at;
}

static void fill_vgic(struct attack *a, void *arg)
{
	struct vm_vgic_args *v = arg;

	v->dist_gpa = GUEST_GICD;
	v->cpu_gpa = GUEST_GICC;
	v->nirqs = 64 + 32 * draw(a, 20);
	v->ncpus = 1 + draw(a, VM_MAXCPU);
}

static void fill_irq(struct attack *a, void *arg)
{
	struct vm_irq_args *i = arg;

	i->intid = 32 + draw(a, 32);
	i->level = draw(a, 2);
}

static void fill_msi(struct attack *a, void *arg)
{
	struct vm_msi_args *m = arg;

	m->data = 32 + draw(a, 32);
}

static void fill_suspend(struct attack *a, void *arg)
{
	struct vm_suspend_args *s = arg;

	s->how = 1 + draw(a, VM_SUSPEND_LAST - 1);
}

static void fill_register(struct attack *a, void *arg)
{
	struct vm_register_args *r = arg;

	r->id = regs[draw(a, MAX_REGS) % (nregs ? nregs : 1)];
	r->val = draw(a, 4) ? value(a) : GUEST_RAM;
}

static void fill_list(struct attack *a, void *arg)
{
	struct vm_reg_list_args *l = arg;

	l->n = draw(a, MAX_REGS);
	l->ids = (uintptr_t)a->page + LISTS;
}

static void fill_capability(struct attack *a, void *arg)
{
	struct vm_capability_args *c = arg;

	c->type = VM_CAP_HALT_EXIT;
	c->val = draw(a, 2);
}

static void fill_exception(struct attack *a, void *arg)
{
	static const uint8_t classes[] = { 0, 0x11, 0x20, 0x24 };
	struct vm_exception_args *e = arg;

	e->esr = (uint64_t)classes[draw(a, 4)] << 26 | draw(a, 64);
	e->far = value(a);
}

static void fill_ioeventfd(struct attack *a, void *arg)
{
	struct vm_ioeventfd_args *i = arg;

	i->gpa = 0x10000000 + 4 * draw(a, 64);
	i->data = draw(a, 4);
	i->len = draw(a, 2) ? 4 : 0;
	i->fd = an_eventfd(a);
	i->flags = draw(a, 4);
	if (!i->len)
		i->flags &= ~VM_IOEVENTFD_F_DATAMATCH;
}

static void fill_irqfd(struct attack *a, void *arg)
{
	struct vm_irqfd_args *i = arg;

	i->fd = an_eventfd(a);
	i->intid = 32 + draw(a, 32);
	i->flags = draw(a, 8);
	i->resamplefd = an_eventfd(a);
}

static void fill_post(struct attack *a, void *arg)
{
	struct vm_post_args *p = arg;

	p->gpa = 0x10000000 + (draw(a, 8) << 12);
	p->loads[0] = draw(a, 4);
	p->stores[0] = draw(a, 4);
	p->fd = an_eventfd(a);
}

static void fill_show(struct attack *a, void *arg)
{
	struct vm_show_posted_args *s = arg;

	s->number = draw(a, VM_MAX_POSTED);
	s->on = draw(a, 2);
}

static void fill_debug(struct attack *a, void *arg)
{
	struct vm_debug_args *d = arg;

	d->flags = draw(a, 2) ? VM_DEBUG_F_ON : 0;
	d->bp[draw(a, 2)] =
		(struct vm_debug_point){ .gla = GUEST_RAM + 8, .len = 4 };
	d->wp[draw(a, 2)] = (struct vm_debug_point){ .gla = GUEST_RAM + 0x1800,
						     .len = 4,
						     .flags = draw(a, 4) };
}

static void fill_sync(struct attack *a, void *arg)
{
	struct vm_sync_args *s = arg;

	s->gpa = GUEST_RAM + (draw(a, 1024) << 12);
	s->len = draw(a, 2) << 12;
}

/*
 * The vGIC's state of a VM that open_files() has made, as it is after a reset, with some
 * changes.
 */
static void fill_vgic_state(struct attack *a, void *arg)
{
	struct vm_vgic_state *s = arg;

	s->version = VM_VGIC_VERSION;
	s->nirqs = 64;
	s->ncpus = 2;
	for (unsigned int i = 0; i < s->ncpus; i++)
		s->cpu[i].irqs.enabled = s->cpu[i].irqs.edge = 0xffff;
	s->ctlr = draw(a, 4);
	s->spi[0].enabled = ~0u;
	s->spi[0].latch = draw(a, 1u << 16);
	s->spi[0].line = draw(a, 1u << 16);
	s->spi[0].irqfd = draw(a, 1u << 16);
	s->spi[0].target[draw(a, 32)] = 3;
	s->spi[0].active[draw(a, 32)] = draw(a, 3);
	s->cpu[0].sgi_pending[draw(a, 16)] = draw(a, 4);
	s->cpu[0].ctlr = draw(a, 0x220);
	s->cpu[0].apr = draw(a, 1u << 16);
	if (!draw(a, 2))
		((char *)s)[draw(a, sizeof(*s))] ^= draw(a, 256);
}

static void fill_log_dirty(struct attack *a, void *arg)
{
	struct vm_log_dirty_args *l = arg;

	l->slot = draw(a, 4) ? 0 : draw(a, VM_MAX_MEMSLOTS);
	l->on = draw(a, 3) != 0;
}

static void fill_get_dirty(struct attack *a, void *arg)
{
	struct vm_get_dirty_args *g = arg;

	g->slot = draw(a, 4) ? 0 : draw(a, VM_MAX_MEMSLOTS);
	g->first = 64 * draw(a, 4);
	g->pages = draw(a, 4) ? 64 * draw(a, 16) : draw(a, RAM_SIZE >> 12);
	g->bitmap = (uintptr_t)a->page + (draw(a, 4) ? LISTS : ARGUMENTS - 8);
}

static void fill_number(struct attack *a, void *arg)
{
	uint64_t *words = arg;

	words[0] = draw(a, 4) ? draw(a, VM_MAXCPU + 1) : value(a);
}

static const struct request {
	unsigned long number;
	void (*fill)(struct attack *a, void *arg);
	int on;	       /* which file it is for */
	bool by_value; /* arg is the number itself */
} requests[] = {
	{ VMM_CREATE_VM, fill_create, 0, false },
	{ VM_CREATE_VCPU, fill_number, 1, true },
	{ VM_SET_MEMORY, fill_memory, 1, false },
	{ VM_ATTACH_VGIC, fill_vgic, 1, false },
	{ VM_ASSERT_IRQ, fill_irq, 1, false },
	{ VM_RAISE_MSI, fill_msi, 1, false },
	{ VM_SUSPEND, fill_suspend, 1, false },
	{ VM_SUSPEND_CPU, fill_number, 1, true },
	{ VM_RESUME_CPU, fill_number, 1, true },
	{ VM_REINIT, fill_number, 1, true },
	{ VM_GET_TIME, fill_number, 1, false },
	{ VM_SET_TIME, fill_number, 1, false },
	{ VM_GET_VGIC, fill_number, 1, false },
	{ VM_SET_VGIC, fill_vgic_state, 1, false },
	{ VM_LOG_DIRTY, fill_log_dirty, 1, false },
	{ VM_GET_DIRTY, fill_get_dirty, 1, false },
	{ VM_IOEVENTFD, fill_ioeventfd, 1, false },
	{ VM_IRQFD, fill_irqfd, 1, false },
	{ VM_POST, fill_post, 1, false },
	{ VM_SHOW_POSTED, fill_show, 1, false },
	{ VM_SYNC_CODE, fill_sync, 1, false },
	{ VM_SET_REGISTER, fill_register, 2, false },
	{ VM_GET_REGISTER, fill_register, 2, false },
	{ VM_GET_REG_LIST, fill_list, 2, false },
	{ VM_SET_CAPABILITY, fill_capability, 2, false },
	{ VM_INJECT_EXCEPTION, fill_exception, 2, false },
	{ VM_STATS, fill_list, 2, false },
	{ VM_SET_DEBUG, fill_debug, 2, false },
};

/*
 * Looks for the patterns with which a kernel fills slabs and pages before they are
 * written (slub_debug=P and page_poison=1, which hostile.sh gives to it), and variables
 * (CONFIG_INIT_STACK_ALL_PATTERN). This program never sends such a value.
 */
static void look_for_poison(const void *p, size_t len)
{
	const uint32_t *words = p;

	for (size_t i = 0; i < len / 4; i++)
		if (words[i] == 0xfefefefe || words[i] == 0xaaaaaaaa ||
		    words[i] == 0x5a5a5a5a || words[i] == 0x6b6b6b6b)
			shared->poison++;
}

/*
 * A pointer to the arguments: a good one, one so near the end of the page that they do
 * not fit, or one to memory that is not the process's.
 */
static char *place(struct attack *a)
{
	switch (draw(a, 16)) {
	case 0:
		return a->page + ARGUMENTS - 4 * draw(a, 8);
	case 1:
		return (char *)0xc0008000; /* the kernel's own */
	case 2:
		return NULL;
	default:
		return a->page;
	}
}

/*
 * Of the page, how many bytes a request of that number reads and writes: all of it
 * would be most of a call's time. fill_list() and fill_get_dirty() have their lists
 * behind the structure.
 */
static size_t arguments_size(unsigned long number)
{
	size_t size = (_IOC_SIZE(number) + 7) & ~7u;

	switch (number) {
	case VM_GET_REG_LIST:
	case VM_STATS:
	case VM_GET_DIRTY:
		return LISTS + 8 * MAX_REGS;
	default:
		return size < 64 ? 64 : size;
	}
}

static void call_ioctl(struct attack *a)
{
	const struct request *r =
		&requests[draw(a, sizeof(requests) / sizeof(requests[0]))];
	unsigned long number = r->number;
	uint64_t words[ARGUMENTS / 8];
	size_t size = arguments_size(number);
	int fd = draw(a, 16) ? file[r->on] : any_file(a);
	char *arg = place(a);

	/*
	 * Sometimes a request that does not exist, or another one, to which the
	 * arguments do not belong.
	 */
	if (!draw(a, 64))
		number += 1u << draw(a, 24);
	memset(words, 0, size);
	r->fill(a, words);
	for (uint32_t n = draw(a, 4); n > 2; n--)
		words[draw(a, 8)] = value(a);
	memcpy(a->page, words, size);
	if (arg > a->page && arg < a->page + ARGUMENTS)
		memcpy(arg, words, (size_t)(a->page + ARGUMENTS - arg));
	fd = ioctl(fd, number,
		   r->by_value ? (unsigned long)words[0] : (unsigned long)arg);
	look_for_poison(a->page, size);
	if ((r->number == VMM_CREATE_VM || r->number == VM_CREATE_VCPU) &&
	    fd > 2)
		close(fd);
}

/* VM_RUN, and reads of a length that it does not have. */
static void run_vcpu(struct attack *a)
{
	int fd = draw(a, 16) ? file[2 + draw(a, 2)] : any_file(a);
	size_t len = draw(a, 16) ? 0 : value(a);

	if (read(fd, place(a), len) < 0)
		errno = 0;
	look_for_poison(a->page, 4096);
}

/* The kernel writes, so that a page that has gone is an error, and not a signal. */
static void write_shown(struct attack *a)
{
	static const char junk[64] = { 1, 2, 3, 0x7f, 1 };
	char *at = mapping[draw(a, SLOTS)];
	size_t offset = 4 * draw(a, 1024), len = 4 * (1 + draw(a, 16));
	int pipe_fd[2];

	if (pipe(pipe_fd))
		return;
	if (write(pipe_fd[1], junk, sizeof(junk)) < 0 ||
	    read(pipe_fd[0], at + offset, len) < 0)
		errno = 0;
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static void read_shown(struct attack *a)
{
	const char *at = mapping[draw(a, SLOTS)];
	char copy[4096];
	int pipe_fd[2];
	ssize_t n = 0;

	if (pipe(pipe_fd))
		return;
	if (write(pipe_fd[1], at, sizeof(copy)) > 0)
		n = read(pipe_fd[0], copy, sizeof(copy));
	if (n > 0)
		look_for_poison(copy, (size_t)n);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static void map(struct attack *a)
{
	unsigned int i = draw(a, SLOTS);
	int fd = file[1 + draw(a, 3)];
	size_t len = 4096 << draw(a, 2);
	off_t offset = 4096 * (off_t)draw(a, 2 * VM_MAX_POSTED + 1);
	void *p = mmap(NULL, len, 1 + (int)draw(a, 7),
		       draw(a, 4) ? MAP_SHARED : MAP_PRIVATE, fd, offset);

	/*
	 * Another thread may still use the old mapping. It does so by system calls,
	 * which fail with EFAULT when the page has gone.
	 */
	if (p != MAP_FAILED)
		p = __atomic_exchange_n(&mapping[i], p, __ATOMIC_RELAXED);
	if (p != MAP_FAILED && p)
		munmap(p, 4096);
}

static void unmap(struct attack *a)
{
	void *p = __atomic_exchange_n(&mapping[draw(a, SLOTS)], NULL,
				      __ATOMIC_RELAXED);

	if (p)
		munmap(p, 4096);
}

static void protect(struct attack *a)
{
	uint32_t page = draw(a, 1016), i = draw(a, SLOTS), prot = draw(a, 8);

	if (draw(a, 2))
		mprotect(ram + (page << 12), 4096u << draw(a, 4), (int)prot);
	else
		mprotect(mapping[i], 4096, (int)prot);
	if (draw(a, 2))
		mprotect(ram, RAM_SIZE, PROT_READ | PROT_WRITE);
}

/* The guest's memory goes, comes back, is merged, split and moved. */
static void advise(struct attack *a)
{
	/*
	 * MADV_NORMAL, DONTNEED, FREE, MERGEABLE, UNMERGEABLE, HUGEPAGE,
	 * NOHUGEPAGE, COLD, PAGEOUT, COLLAPSE, DONTFORK, DOFORK, WIPEONFORK and
	 * KEEPONFORK (linux/mman.h).
	 */
	static const int advice[] = { 0,  4,  8,  12, 13, 14, 15,
				      20, 21, 25, 10, 11, 18, 19 };
	uint32_t first = draw(a, 1024);
	size_t len = 4096 * (1 + draw(a, 1024 - first));

	madvise(ram + (first << 12), len, advice[draw(a, 14)]);
}

/* Takes memory away from the guest and gives it other memory. */
static void remap(struct attack *a)
{
	char *p = ram + (draw(a, 512) << 12);
	size_t len = 4096 * (1 + draw(a, 512));

	mmap(p, len, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void duplicate(struct attack *a)
{
	int old = any_file(a);
	unsigned int to = 8 + draw(a, SLOTS - 8);
	int fd = draw(a, 2) ? dup(old) : fcntl(old, F_DUPFD_CLOEXEC, 3);

	fd = __atomic_exchange_n(&file[to], fd, __ATOMIC_RELAXED);
	if (fd > 2)
		close(fd);
}

/* Now and then one that others need: the process has to do without. */
static void close_one(struct attack *a)
{
	unsigned int i = draw(a, 64) ? 8 + draw(a, SLOTS - 8) : draw(a, SLOTS);
	int fd = __atomic_exchange_n(&file[i], -1, __ATOMIC_RELAXED);

	if (fd > 2)
		close(fd);
}

static void signal_eventfd(struct attack *a)
{
	uint64_t n = 1 + draw(a, 2);
	int fd = an_eventfd(a);

	if (draw(a, 4) ? write(fd, &n, 8) < 0 : read(fd, &n, 8) < 0)
		errno = 0;
}

/* The files are the child's, too; the guest is not. */
static void fork_one(struct attack *a)
{
	struct attack child = { .random = a->random, .page = a->page };
	uint32_t calls = draw(a, 16);
	bool exec = !draw(a, 4);
	pid_t pid = fork();

	if (pid) {
		while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return;
	}
	/* The child has no VM of its own, and makes no call that waits for a thread. */
	while (calls--)
		call_ioctl(&child);
	if (exec)
		execl("/bin/true", "true", (char *)NULL);
	_exit(0);
}

static void plug(bool on)
{
	int fd = open("/sys/devices/system/cpu/cpu1/online",
		      O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, on ? "1" : "0", 1) != 1)
		errno = 0;
	close(fd);
}

static void hotplug(struct attack *a)
{
	plug(draw(a, 2));
}

static void sleep_a_moment(struct attack *a)
{
	usleep(draw(a, 200));
}

/* By their weights. */
static const struct {
	unsigned int weight;
	void (*call)(struct attack *a);
} calls[] = {
	{ 7000, call_ioctl },	{ 1000, run_vcpu }, { 200, write_shown },
	{ 200, read_shown },	{ 200, map },	    { 200, unmap },
	{ 200, protect },	{ 200, advise },    { 100, remap },
	{ 200, duplicate },	{ 200, close_one }, { 200, signal_eventfd },
	{ 50, sleep_a_moment }, { 8, fork_one },    { 2, hotplug },
};

static void one_call(struct attack *a)
{
	uint32_t n = draw(a, 9960);
	unsigned int i;

	for (i = 0; n >= calls[i].weight; i++)
		n -= calls[i].weight;
	calls[i].call(a);
}

static char *argument_page(void)
{
	char *p = mmap(NULL, ARGUMENTS + 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p + ARGUMENTS, 4096);
	return p;
}

static void *attack(void *arg)
{
	struct attack a = { .random = (uint32_t)(uintptr_t)arg,
			    .page = argument_page() };

	for (unsigned int i = 0; i < PER_THREAD; i++) {
		one_call(&a);
		__atomic_fetch_add(&shared->calls, 1, __ATOMIC_RELAXED);
	}
	/*
	 * The digest shows whether two runs made the same calls: the generator's
	 * state depends on all numbers that were drawn.
	 */
	__atomic_fetch_add(&shared->digest, a.random, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void nothing(int sig)
{
	(void)sig;
}

static void list_registers(int vcpu)
{
	struct vm_reg_list_args list = { .n = MAX_REGS,
					 .ids = (uintptr_t)regs };

	if (ioctl(vcpu, VM_GET_REG_LIST, &list) && errno != ENOSPC)
		exit(2);
	nregs = list.n < MAX_REGS ? list.n : MAX_REGS;
}

/* A VM set up by hand: the library would keep bad requests from the kernel. */
static void open_files(void)
{
	struct vm_create_args create = { .abi_version = VMM_ABI_VERSION };
	struct vm_memory_args memory = { .gpa = GUEST_RAM, .len = RAM_SIZE };
	struct vm_vgic_args vgic = { .dist_gpa = GUEST_GICD,
				     .cpu_gpa = GUEST_GICC,
				     .nirqs = 64,
				     .ncpus = 2 };
	struct vm_register_args pc = { .id = VM_REG_GUEST_PC,
				       .val = GUEST_RAM };

	ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(ram, guest_start, (size_t)(guest_end - guest_start));
	snprintf(create.name, sizeof(create.name), "hostile%d", (int)getpid());
	memory.hva = (uintptr_t)ram;
	for (unsigned int i = 0; i < SLOTS; i++)
		file[i] = -1;
	file[0] = open("/dev/vmm", O_RDWR | O_CLOEXEC);
	file[1] = ioctl(file[0], VMM_CREATE_VM, &create);
	if (file[1] < 0 || ioctl(file[1], VM_SET_MEMORY, &memory) ||
	    ioctl(file[1], VM_ATTACH_VGIC, &vgic))
		exit(2);
	for (unsigned long i = 0; i < 2; i++)
		file[2 + i] = ioctl(file[1], VM_CREATE_VCPU, i);
	if (ioctl(file[2], VM_SET_REGISTER, &pc))
		exit(2);
	list_registers(file[2]);
	for (unsigned int i = 4; i < 8; i++)
		file[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	shared->started++;
}

/* Makes a VM, attacks it, and ends without closing anything. */
static void one_process(uint32_t seed, unsigned int number)
{
	const struct timespec slice = { .tv_nsec = 5000000 };
	uint32_t first = (seed * 1000003 + number) * THREADS + 1;
	pthread_t threads[THREADS];

	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing }, NULL);
	open_files();
	running = THREADS;
	for (uint32_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, attack,
			       (void *)(uintptr_t)((first + i) * 2654435761u |
						   1));
	/* A thread that runs the guest comes back by a signal. */
	while (running) {
		nanosleep(&slice, NULL);
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR1);
	}
	_exit(0);
}

static void specific(void)
{
	struct vm_create_args create = { .abi_version = 0 };
	int dev = open("/dev/vmm", O_RDWR | O_CLOEXEC);

	check("hostile/open", dev >= 0);
	check("hostile/other-abi",
	      ioctl(dev, VMM_CREATE_VM, &create) == -1 && errno == EPROTO);
	create.abi_version = VMM_ABI_VERSION;
	memset(create.name, 'x', sizeof(create.name));
	check("hostile/unterminated-name",
	      ioctl(dev, VMM_CREATE_VM, &create) == -1 && errno == EINVAL);
	check("hostile/bad-pointer",
	      ioctl(dev, VMM_CREATE_VM, 0x10) == -1 && errno == EFAULT);
	check("hostile/unknown-request",
	      ioctl(dev, _IO('v', 0xff), 0) == -1 && errno == ENOTTY);
	close(dev);
}

static bool run_process(uint32_t seed, unsigned int number)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		one_process(seed, number);
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	printf("# process %u ended with status %#x\n", number,
	       (unsigned int)status);
	return false;
}

int main(int argc, char *argv[])
{
	unsigned int ncalls = argc > 1 ? (unsigned int)atoi(argv[1]) : 20000;
	uint32_t seed = argc > 2 ? (uint32_t)atoi(argv[2]) : 1;
	unsigned int n = 0, bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	specific();
	if (argc > 3) {
		bad = !run_process(seed, (unsigned int)atoi(argv[3]));
		n = 1;
	}
	for (; !(argc > 3) && n * THREADS * PER_THREAD < ncalls; n++)
		bad += !run_process(seed, n);
	plug(true);
	printf("# seed %u: %u processes, %u calls, digest %08x\n", seed, n,
	       shared->calls, shared->digest);
	check_eq("hostile/every-process-got-its-vm", shared->started, n);
	check_eq("hostile/every-process-came-to-its-end", bad, 0);
	check_eq("hostile/nothing-uninitialised-is-told", shared->poison, 0);
	return result();
}
