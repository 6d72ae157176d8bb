/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostile_ioctl [SECONDS [SEED]]: a hostile process. Several threads make
 * random requests with random arguments on all three kinds of files, while a
 * guest runs. The host must survive, and work afterwards.
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

#define THREADS 3

static volatile bool stop;
static char *arena; /* mapped memory for arguments */

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #0x10000000\n"
    "1:	ldr	r1, [r0]\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.text\n");

static const unsigned long requests[] = {
	VMM_CREATE_VM,	 VM_CREATE_VCPU,    VM_SET_MEMORY,
	VM_ATTACH_VGIC,	 VM_ASSERT_IRQ,	    VM_RAISE_MSI,
	VM_SUSPEND,	 VM_SUSPEND_CPU,    VM_RESUME_CPU,
	VM_RUN,		 VM_SET_REGISTER,   VM_GET_REGISTER,
	VM_GET_REG_LIST, VM_SET_CAPABILITY, VM_INJECT_EXCEPTION,
	VM_STATS,	 VM_IOEVENTFD,	    VM_IRQFD,
	VM_POST,	 VM_SHOW_POSTED,
	VM_SET_DEBUG,	 VM_SYNC_CODE,
};

struct files {
	int dev, vm, vcpu[2];
};

/* A random value, mostly near the edges of ranges. */
static uint64_t value(unsigned int *seed)
{
	static const uint64_t edges[] = { 0,	      1,	  2,
					  8,	      9,	  31,
					  32,	      1020,	  4096,
					  0x40000000, 0x7fffffff, 0x80000000,
					  0xffffffff, 0xfffff000, ~0ull,
					  1ull << 32, 1ull << 40,
					  /* for eventfds and widths */
					  7ull << 32, 8ull << 32 | 4,
					  9ull << 32 | 2 };

	if (rand_r(seed) & 1)
		return edges[(unsigned int)rand_r(seed) %
			     (sizeof(edges) / sizeof(edges[0]))];
	return (uint64_t)rand_r(seed) << 12;
}

/*
 * A pointer that is good, misaligned, at the end of a mapping, or to nowhere.
 */
static unsigned long argument(unsigned int *seed)
{
	uint64_t words[16];

	for (unsigned int i = 0; i < 16; i++)
		words[i] = rand_r(seed) & 3 ? value(seed) :
					      (uintptr_t)arena + 4096;
	switch (rand_r(seed) % 8) {
	case 0:
		return (unsigned long)value(seed);
	case 1:
		return (unsigned long)(arena + 8192 - 4);
	case 2:
		return 0xc0008000; /* an address in the kernel */
	default:
		memcpy(arena + 64, words, sizeof(words));
		return (unsigned long)(arena + 64);
	}
}

static int pick(const struct files *f, unsigned int *seed)
{
	const int fds[] = { f->dev, f->vm, f->vcpu[0], f->vcpu[1] };

	return fds[rand_r(seed) % 4];
}

static void *attack(void *arg)
{
	struct files f = *(struct files *)arg;
	unsigned int seed = (unsigned int)(uintptr_t)pthread_self();
	unsigned long request;
	int fd;

	while (!stop) {
		request = requests[(unsigned int)rand_r(&seed) %
				   (sizeof(requests) / sizeof(requests[0]))];
		fd = ioctl(pick(&f, &seed), request, argument(&seed));
		if ((request == VMM_CREATE_VM || request == VM_CREATE_VCPU) &&
		    fd > 2)
			close(fd);
	}
	return NULL;
}

static void nothing(int sig)
{
	(void)sig;
}

/* Sets up a VM without the library, which would refuse bad requests itself. */
static void open_files(struct files *f)
{
	struct vm_create_args create = { .abi_version = VMM_ABI_VERSION };
	struct vm_memory_args memory = { .gpa = GUEST_RAM, .len = 0x100000 };
	struct vm_vgic_args vgic = { .dist_gpa = GUEST_GICD,
				     .cpu_gpa = GUEST_GICC,
				     .nirqs = 64,
				     .ncpus = 2 };
	void *ram = mmap(NULL, 0x100000, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vm_register_args pc = { .id = VM_REG_GUEST_PC,
				       .val = GUEST_RAM };

	snprintf(create.name, sizeof(create.name), "hostile%d", (int)getpid());
	memcpy(ram, guest_start, (size_t)(guest_end - guest_start));
	memory.hva = (uintptr_t)ram;
	f->dev = open("/dev/vmm", O_RDWR | O_CLOEXEC);
	f->vm = ioctl(f->dev, VMM_CREATE_VM, &create);
	if (f->vm < 0 || ioctl(f->vm, VM_SET_MEMORY, &memory) ||
	    ioctl(f->vm, VM_ATTACH_VGIC, &vgic))
		exit(2);
	for (unsigned long i = 0; i < 2; i++)
		f->vcpu[i] = ioctl(f->vm, VM_CREATE_VCPU, i);
	ioctl(f->vcpu[0], VM_SET_REGISTER, &pc);
	for (int i = 0; i < 4; i++)
		eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

/* One process: attacks its VM for @ms milliseconds, and ends. */
static void one_process(unsigned int ms)
{
	struct timespec slice = { .tv_nsec = 5000000 };
	struct files f;
	pthread_t threads[THREADS];

	arena = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing }, NULL);
	open_files(&f);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, attack, &f);
	/* A signal brings a thread out of the guest. */
	for (; ms; ms -= ms > 5 ? 5 : ms) {
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

int main(int argc, char *argv[])
{
	unsigned int seconds = argc > 1 ? (unsigned int)atoi(argv[1]) : 5;
	time_t end = time(NULL) + seconds;
	unsigned int n = 0, lost = 0;
	int status;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0);
	specific();
	for (; time(NULL) < end; n++) {
		pid = fork();
		if (!pid)
			one_process(100);
		waitpid(pid, &status, 0);
		/*
		 * What it does to itself does not matter; status 2 means that
		 * the host is broken.
		 */
		lost += WIFEXITED(status) && WEXITSTATUS(status) == 2;
	}
	printf("# %u processes\n", n);
	check_eq("hostile/every-process-got-its-vm", lost, 0);
	return result();
}
