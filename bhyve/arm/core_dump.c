/* SPDX-License-Identifier: BSD-2-Clause */
/* The core file of an ARMv7-A guest, as Linux lays out one of a process. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/config/config.h"
#include "bhyve/core_dump.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/leftovers.h"

#define CHUNK	   0x10000u
#define STOP_TRIES 5000u       /* one each millisecond */
#define MAXRUNS	   60000u      /* e_phnum can count 65534 program headers */
#define KERNEL	   0x80000000u /* the half that kernels use is walked first */

/* Linux's struct elf_prstatus. */
struct prstatus {
	uint32_t siginfo[3];
	uint32_t cursig;
	uint32_t sigs[2];
	uint32_t pid;
	uint32_t other[11];
	uint32_t reg[18]; /* R0 to R15, CPSR, R0 of a system call */
	uint32_t fpvalid;
};

struct note {
	Elf32_Nhdr head;
	char name[8];
	struct prstatus status;
};

_Static_assert(sizeof(struct prstatus) == 148, "as gdb tells it by its size");

static struct {
	struct vmctx *ctx;
	uint64_t base, size;
	unsigned int ncpus;
} guest;

/* Everything in the file that comes before guest memory. */
struct headers {
	Elf32_Phdr *programs; /* the notes, runs of virtual memory, RAM */
	unsigned int n, room;
	struct note note[VM_MAXCPU];
};

static char path[VM_MAX_NAMELEN + 8];
static int path_fd = -1;

int core_dump_init(const char *name, struct vmctx *ctx, uint64_t base,
		   uint64_t size, unsigned int ncpus)
{
	guest.ctx = ctx;
	guest.base = base;
	guest.size = size;
	guest.ncpus = ncpus;
	if (!get_config_bool_default("memory.guest_in_core", false))
		return 0;
	snprintf(path, sizeof(path), "%s.core", name);
	/* Another user who has made this file beforehand could read it. */
	unlink(path);
	path_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (path_fd < 0)
		return -errno;
	return remove_at_exit(path);
}

/* Tries again while the vCPU's thread is still on its way out of vm_run(). */
static uint32_t get_register(struct vcpu *vcpu, uint64_t id)
{
	const struct timespec millisecond = { .tv_nsec = 1000000 };
	uint64_t val = 0;

	for (unsigned int i = 0; i < STOP_TRIES; i++) {
		if (vm_get_register(vcpu, id, &val) != -EBUSY)
			break;
		nanosleep(&millisecond, NULL);
	}
	return val;
}

static void fill_note(struct note *note, struct vcpu *vcpu)
{
	struct prstatus *status = &note->status;

	*note = (struct note){
		.head = { .n_namesz = sizeof("CORE"),
			  .n_descsz = sizeof(struct prstatus),
			  .n_type = NT_PRSTATUS },
		.name = "CORE",
	};
	status->cursig = SIGABRT;
	status->pid = vcpu_id(vcpu) + 1; /* 0 is no thread to gdb */
	for (unsigned int i = 0; i <= 14; i++)
		status->reg[i] = get_register(vcpu, VM_REG_GUEST_CUR_R0 + i);
	status->reg[15] = get_register(vcpu, VM_REG_GUEST_PC);
	status->reg[16] = get_register(vcpu, VM_REG_GUEST_CPSR);
}

static int add_program(struct headers *h, const Elf32_Phdr *program)
{
	if (h->n == h->room) {
		unsigned int room = h->room ? 2 * h->room : 64;
		void *more = realloc(h->programs, room * sizeof(*program));

		if (!more)
			return -ENOMEM;
		h->programs = more;
		h->room = room;
	}
	h->programs[h->n++] = *program;
	return 0;
}

/*
 * Adds a program header for RAM at gpa, which is mapped at gla. p_offset counts from
 * the start of RAM until place() adds RAM's place in the file.
 */
static int add_memory(struct headers *h, uint64_t gla, uint64_t gpa,
		      uint64_t len)
{
	const Elf32_Phdr program = {
		.p_type = PT_LOAD,
		.p_offset = gpa - guest.base,
		.p_vaddr = gla,
		.p_paddr = gpa,
		.p_filesz = len,
		.p_memsz = len,
		.p_flags = PF_R | PF_W | PF_X,
	};

	return h->n < MAXRUNS ? add_program(h, &program) : 0;
}

/* Adds the part of a mapped piece that is RAM. */
static int add_run(void *arg, uint64_t gla, uint64_t gpa, uint64_t len)
{
	uint64_t end = gpa + len, first = gpa;

	if (first < guest.base)
		first = guest.base;
	if (end > guest.base + guest.size)
		end = guest.base + guest.size;
	if (first >= end)
		return 0;
	return add_memory(arg, gla + (first - gpa), first, end - first);
}

/*
 * Adds memory at the addresses that the first vCPU's tables give, and then all
 * of RAM at its physical addresses: gdb uses the first segment that has an
 * address.
 */
static int add_memories(struct headers *h)
{
	const Elf32_Phdr ram = {
		.p_type = PT_LOAD,
		.p_vaddr = guest.base,
		.p_paddr = guest.base,
		.p_filesz = guest.size,
		.p_memsz = guest.size,
		.p_flags = PF_R | PF_W | PF_X,
	};
	struct vcpu *vcpu = vm_get_vcpu(guest.ctx, 0);
	int ret;

	ret = vm_walk_gla(vcpu, KERNEL, UINT64_C(1) << 32, add_run, h);
	if (!ret)
		ret = vm_walk_gla(vcpu, 0, KERNEL, add_run, h);
	return ret ? ret : add_program(h, &ram);
}

static int write_all(int fd, const void *from, size_t len, off_t at)
{
	while (len) {
		ssize_t n = pwrite(fd, from, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		from = (const char *)from + n;
		at += n;
		len -= n;
	}
	return 0;
}

/* A chunk of zeros becomes a hole in the file. */
static int write_ram(int fd, off_t offset)
{
	static const char zeros[CHUNK];
	const char *ram = vm_map_gpa(guest.ctx, guest.base, guest.size);
	int ret = 0;

	if (ftruncate(fd, 0) || ftruncate(fd, offset + (off_t)guest.size))
		return -errno;
	for (uint64_t at = 0; at < guest.size && !ret; at += CHUNK) {
		size_t len = guest.size - at < CHUNK ? guest.size - at : CHUNK;

		if (memcmp(ram + at, zeros, len))
			ret = write_all(fd, ram + at, len, offset + (off_t)at);
	}
	return ret;
}

/* Where RAM begins in the file: behind everything else. */
static uint32_t place(struct headers *h)
{
	uint32_t notes = sizeof(Elf32_Ehdr) + h->n * sizeof(*h->programs);
	uint32_t len = guest.ncpus * sizeof(struct note);
	uint32_t ram = (notes + len + CHUNK - 1) / CHUNK * CHUNK;

	h->programs[0] = (Elf32_Phdr){
		.p_type = PT_NOTE,
		.p_offset = notes,
		.p_filesz = len,
	};
	for (unsigned int i = 1; i < h->n; i++)
		h->programs[i].p_offset += ram;
	return ram;
}

static int write_headers(int fd, const struct headers *h)
{
	const Elf32_Ehdr file = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_ARM,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf32_Ehdr),
		.e_ehsize = sizeof(Elf32_Ehdr),
		.e_phentsize = sizeof(Elf32_Phdr),
		.e_phnum = h->n,
	};
	int ret = write_all(fd, &file, sizeof(file), 0);

	if (!ret)
		ret = write_all(fd, h->programs, h->n * sizeof(*h->programs),
				sizeof(file));
	if (!ret)
		ret = write_all(fd, h->note, guest.ncpus * sizeof(*h->note),
				h->programs[0].p_offset);
	return ret;
}

int core_dump_write(int fd)
{
	struct headers h = { 0 };
	int ret = add_program(&h, &(Elf32_Phdr){ 0 });

	for (unsigned int i = 0; i < guest.ncpus; i++)
		fill_note(&h.note[i], vm_get_vcpu(guest.ctx, i));
	if (!ret)
		ret = add_memories(&h);
	if (!ret)
		ret = write_ram(fd, place(&h));
	if (!ret)
		ret = write_headers(fd, &h);
	free(h.programs);
	return ret;
}

int memory_dump_write(int fd)
{
	return write_ram(fd, 0);
}

void core_dump(void)
{
	int ret;

	if (path_fd < 0)
		return;
	vm_suspend(guest.ctx, VM_SUSPEND_HALT);
	ret = core_dump_write(path_fd);
	if (ret) {
		eprintln("%s: %s: %s", path, strerror(-ret),
			 ftruncate(path_fd, 0) ? "it is not whole: remove it" :
						 "there is no core file");
		return;
	}
	eprintln("the guest's memory and registers are in %s", path);
}
