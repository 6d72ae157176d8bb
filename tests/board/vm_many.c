/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 300 VMs, more than there are VMIDs: entered in any order from two threads, each
 * finds its own memory and registers. Then what one user may have, and whose names
 * are whose.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm.h"

#define NVMS   300
#define ROUNDS 6000
#define DEVICE 0x10000000u
#define WORD   0x40000000u

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n" /* its word, and how often it has run, to a device */
    "	mov	r0, #0x10000000\n"
    "	mov	r1, #0x40000000\n"
    "	mov	r2, #0\n"
    "	add	r4, r1, #0x1000\n"
    "1:	add	r2, r2, #1\n"
    "	ldr	r3, [r1]\n"
    "	str	r3, [r0]\n"
    "	str	r2, [r4]\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.text\n");

static struct test_vm vms[NVMS];
static unsigned int turns[NVMS];
static pthread_mutex_t locks[NVMS];
static volatile unsigned int wrong;

static uint32_t word_of(unsigned int i)
{
	return 0xabcd0000u + i;
}

static void make(unsigned int i)
{
	uint32_t word = word_of(i);

	make_sized_test_vm(&vms[i], 1, 0x11000, guest_start, guest_end);
	memcpy(vm_map_gpa(vms[i].ctx, WORD, 4), &word, 4);
	pthread_mutex_init(&locks[i], NULL);
}

/* Until its next store to the device. */
static void turn(unsigned int i)
{
	struct test_vm *vm = &vms[i];
	uint32_t count;

	if (run_to_exit(vm) || vm->exit->exitcode != VM_EXITCODE_INST_EMUL ||
	    vm->exit->u.inst_emul.gpa != DEVICE ||
	    (uint32_t)vcpu_run_page(vm->vcpu)->mmio_data != word_of(i))
		wrong++;
	memcpy(&count, vm_map_gpa(vm->ctx, WORD + 0x1000, 4), 4);
	/* The store after the last one has not been executed yet. */
	if (count != turns[i]++ ||
	    get_reg(vm->vcpu, VM_REG_GUEST_R2) != turns[i])
		wrong++;
}

static void *run(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned int i = (unsigned int)rand_r(&seed) % NVMS;

		pthread_mutex_lock(&locks[i]);
		turn(i);
		pthread_mutex_unlock(&locks[i]);
	}
	return NULL;
}

static void many(void)
{
	pthread_t thread[2];

	for (unsigned int i = 0; i < NVMS; i++)
		make(i);
	for (uintptr_t t = 0; t < 2; t++)
		pthread_create(&thread[t], NULL, run, (void *)(t + 1));
	for (unsigned int t = 0; t < 2; t++)
		pthread_join(thread[t], NULL);
	check_eq("many/each-of-300-VMs-finds-its-own", wrong, 0);
	for (unsigned int i = 0; i < NVMS; i++)
		vm_destroy(vms[i].ctx);
}

static int make_named(int dev, const char *name)
{
	struct vm_create_args create = { .abi_version = VMM_ABI_VERSION };

	snprintf(create.name, sizeof(create.name), "%s", name);
	return ioctl(dev, VMM_CREATE_VM, &create) < 0 ? errno : 0;
}

/* Returns how many VMs a user gets who is not root; 0 if that cannot be tried. */
static int as_user(int dev)
{
	char name[16];
	int n, err;

	if (setresuid(30001, 30001, 30001))
		return 0;
	err = make_named(dev, "taken");
	for (n = 0; !err && n < 300; n++) {
		snprintf(name, sizeof(name), "user%d", n);
		err = make_named(dev, name);
	}
	/* The last one was refused, but there is "taken", too. */
	return err == EDQUOT ? n : 0;
}

static void limits(void)
{
	int dev = open("/dev/vmm", O_RDWR | O_CLOEXEC), status;
	pid_t pid;

	check_eq("many/a-name", (uint64_t)make_named(dev, "taken"), 0);
	check_eq("many/is-one-VM's-of-a-user",
		 (uint64_t)make_named(dev, "taken"), EEXIST);
	pid = fork();
	if (!pid)
		_exit(as_user(dev));
	waitpid(pid, &status, 0);
	/* vmm.max_vms */
	check_eq("many/another-user-may-take-it-and-has-64-VMs",
		 (uint64_t)WEXITSTATUS(status), 64);
	close(dev);
}

int main(void)
{
	const struct rlimit files = { 1024, 1024 };

	setvbuf(stdout, NULL, _IOLBF, 0);
	setrlimit(RLIMIT_NOFILE, &files);
	many();
	limits();
	return result();
}
