/* SPDX-License-Identifier: BSD-2-Clause */
/* The core file of an ARMv7-A guest, laid out as Linux does for a process. */
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

#define RAM_OFFSET	0x10000u /* offset in the file */
#define CHUNK		0x10000u
#define STOP_TRIES	5000u /* milliseconds */

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

struct headers {
	Elf32_Ehdr file;
	Elf32_Phdr notes, ram;
	struct note note[VM_MAXCPU];
};

_Static_assert(sizeof(struct prstatus) == 148, "as gdb tells it by its size");
_Static_assert(sizeof(struct headers) <= RAM_OFFSET, "RAM is behind them");

static char path[VM_MAX_NAMELEN + 8];
static int fd = -1;
static bool filled;

static void remove_unused(void)
{
	if (!filled)
		unlink(path);
}

int core_dump_init(const char *name)
{
	if (!get_config_bool_default("memory.guest_in_core", false))
		return 0;
	snprintf(path, sizeof(path), "%s.core", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return -errno;
	return atexit(remove_unused) ? -ENOMEM : 0;
}

/* The vCPU's thread may still be leaving vm_run(). */
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
	status->pid = vcpu_id(vcpu) + 1; /* gdb takes 0 for no thread */
	for (unsigned int i = 0; i <= 14; i++)
		status->reg[i] = get_register(vcpu, VM_REG_GUEST_CUR_R0 + i);
	status->reg[15] = get_register(vcpu, VM_REG_GUEST_PC);
	status->reg[16] = get_register(vcpu, VM_REG_GUEST_CPSR);
}

static void fill_headers(struct headers *h, uint64_t base, uint64_t size,
			 unsigned int ncpus)
{
	h->file = (Elf32_Ehdr){
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_ARM,
		.e_version = EV_CURRENT,
		.e_phoff = offsetof(struct headers, notes),
		.e_ehsize = sizeof(Elf32_Ehdr),
		.e_phentsize = sizeof(Elf32_Phdr),
		.e_phnum = 2,
	};
	h->notes = (Elf32_Phdr){
		.p_type = PT_NOTE,
		.p_offset = offsetof(struct headers, note),
		.p_filesz = ncpus * sizeof(struct note),
	};
	h->ram = (Elf32_Phdr){
		.p_type = PT_LOAD,
		.p_offset = RAM_OFFSET,
		.p_vaddr = base,
		.p_paddr = base,
		.p_filesz = size,
		.p_memsz = size,
		.p_flags = PF_R | PF_W | PF_X,
	};
}

static int write_all(const void *from, size_t len, off_t at)
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

/* Pages that are all zero become holes in the file. */
static int write_ram(const char *ram, uint64_t size)
{
	static const char zeros[CHUNK];
	int ret = 0;

	if (ftruncate(fd, RAM_OFFSET + (off_t)size))
		return -errno;
	for (uint64_t at = 0; at < size && !ret; at += CHUNK) {
		size_t len = size - at < CHUNK ? size - at : CHUNK;

		if (memcmp(ram + at, zeros, len))
			ret = write_all(ram + at, len, RAM_OFFSET + (off_t)at);
	}
	return ret;
}

void core_dump(struct vmctx *ctx, uint64_t base, uint64_t size,
	       unsigned int ncpus)
{
	struct headers h;
	int ret;

	if (fd < 0)
		return;
	vm_suspend(ctx, VM_SUSPEND_HALT);
	memset(&h, 0, sizeof(h));
	fill_headers(&h, base, size, ncpus);
	for (unsigned int i = 0; i < ncpus; i++)
		fill_note(&h.note[i], vm_get_vcpu(ctx, i));
	ret = write_all(&h, sizeof(h), 0);
	if (!ret)
		ret = write_ram(vm_map_gpa(ctx, base, size), size);
	if (ret) {
		eprintln("%s: %s: there is no core file", path, strerror(-ret));
		return;
	}
	filled = true;
	eprintln("the guest's memory and registers are in %s", path);
}
