/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the state of the machine that a guest can see at its start, changes as
 * much of it as it can, and asks for a reset. With restart_on_reboot it must
 * find the same state each time (tests/board/life.onboard).
 */
#include "gic.h"
#include "io.h"
#include "print.h"
#include "psci.h"
#include "smp.h"
#include "sysreg.h"
#include "exception.h"
#include "test.h"
#include "timer.h"

#define PL011	      0x09000000u
#define PL031	      0x09010000u
#define FW_CFG	      0x09020000u
#define PL061	      0x09030000u
#define MMIO	      0x0a000000u
#define ECAM	      0x3f000000u
#define SCRATCH	      0x41000000u /* RAM that nothing is loaded to */
#define SCRATCH_WORDS 0x10000u

extern char image_end[];

static void state(const char *name, uint32_t value)
{
	print("state %s %x\n", name, value);
}

static uint32_t sum(uint32_t base, uint32_t words)
{
	uint32_t hash = 2166136261u, i;

	for (i = 0; i < words; i++)
		hash = (hash ^ read32(base + 4 * i)) * 16777619u;
	return hash;
}

#define CP15(name, ...) state("cp15-" name, READ_CP15(__VA_ARGS__))
#define BANKED(reg)                                     \
	do {                                            \
		uint32_t value_;                        \
		asm volatile(".arch_extension virt\n\t" \
			     "mrs %0, " #reg            \
			     : "=r"(value_));           \
		state(#reg, value_);                    \
	} while (0)

static void cpu(void)
{
	uint32_t i;

	for (i = 0; i < 5; i++)
		state("boot-register", boot_regs[i]);
	BANKED(spsr_und);
	BANKED(lr_und);
	BANKED(sp_irq);
	BANKED(lr_abt);
	BANKED(r8_fiq);
	BANKED(sp_usr);
	CP15("cpacr", 0, c1, c0, 2);
	CP15("ttbr0", 0, c2, c0, 0);
	CP15("ttbcr", 0, c2, c0, 2);
	CP15("dacr", 0, c3, c0, 0);
	CP15("dfsr", 0, c5, c0, 0);
	CP15("ifsr", 0, c5, c0, 1);
	CP15("dfar", 0, c6, c0, 0);
	CP15("par", 0, c7, c4, 0);
	CP15("pmcr", 0, c9, c12, 0);
	CP15("pmcntenset", 0, c9, c12, 1);
	CP15("pmuserenr", 0, c9, c14, 0);
	CP15("prrr", 0, c10, c2, 0);
	CP15("contextidr", 0, c13, c0, 1);
	CP15("tpidrurw", 0, c13, c0, 2);
	CP15("tpidrprw", 0, c13, c0, 4);
	CP15("cntkctl", 0, c14, c1, 0);
	CP15("cntv_ctl", 0, c14, c3, 1);
	CP15("cntp_ctl", 0, c14, c2, 1);
	CP15("csselr", 2, c0, c0, 0);
	state("second-cpu", (uint32_t)psci(PSCI_AFFINITY_INFO, 1, 0, 0));
}

static void devices(void)
{
	uint32_t slot;

	state("gicd", sum(GICD_BASE, 0x400));
	state("gicc-ctlr", gicc_read(GICC_CTLR));
	state("gicc-pmr", gicc_read(GICC_PMR));
	state("gicc-bpr", gicc_read(GICC_BPR));
	state("gicc-rpr", gicc_read(GICC_RPR));
	state("pl011", sum(PL011 + 0x20, 11));
	state("pl031", sum(PL031 + 4, 1) ^ sum(PL031 + 0x10, 3));
	state("pl061", sum(PL061 + 0x400, 9));
	state("virtio-mmio", sum(MMIO, 64));
	state("fw-cfg", read8(FW_CFG) << 8 | read8(FW_CFG));
	state("fw-cfg-dma", read32(FW_CFG + 16));
	for (slot = 0; slot < 8; slot++)
		state("pci-slot", sum(ECAM + (slot << 15), 64));
}

static void memory(void)
{
	uint32_t i, used = 0;

	for (i = 0; i < SCRATCH_WORDS; i++)
		used |= read32(SCRATCH + 4 * i);
	state("scratch", used);
	state("device-tree", sum(boot_regs[2], 0x1000));
	state("image", sum(0x40010000, 0x400));
	state("behind-image", sum((uint32_t)image_end, 0x400));
}

static volatile uint32_t second_runs;

static void second(uint32_t arg)
{
	(void)arg;
	second_runs = 1;
	for (;;)
		wfi();
}

/*
 * Functions that exist: moves BARs, turns decoding off, changes the interrupt
 * line.
 */
static void upset_pci(void)
{
	uint32_t slot, bar, at;

	for (slot = 0; slot < 8; slot++) {
		at = ECAM + (slot << 15);
		if (read32(at) == 0xffffffff)
			continue;
		for (bar = 0x10; bar < 0x28; bar += 4)
			write32(at + bar, read32(at + bar) + 0x100000);
		write8(at + 0x3c, 0x77);
		write16(at + 4, 0x404);
	}
}

static void upset_cpu(void)
{
	WRITE_CP15(0, c1, c0, 2, 0xf << 20);
	WRITE_CP15(0, c2, c0, 0, 0x40004000);
	WRITE_CP15(0, c3, c0, 0, 0x55555555);
	WRITE_CP15(0, c9, c12, 0, 1);
	WRITE_CP15(0, c9, c12, 1, 1u << 31);
	WRITE_CP15(0, c9, c14, 0, 1);
	WRITE_CP15(0, c13, c0, 1, 0x1234);
	WRITE_CP15(0, c13, c0, 2, 0x5678);
	WRITE_CP15(0, c13, c0, 4, 0x9abc);
	WRITE_CP15(0, c14, c1, 0, 0x303);
	WRITE_CP15(2, c0, c0, 0, 1);
	vtimer_set(counter());
	ptimer_set(physical_counter());
	asm volatile(
		"cps #0x12\n\tmov sp, #0x12\n\tcps #0x17\n\tmov lr, #0x17\n\t"
		"cps #0x1b\n\tmov lr, #0x1b\n\tmsr spsr_cxsf, #0x1b\n\t"
		"cps #0x11\n\tmov r8, #0x11\n\tcps #0x1f\n\tmov sp, #0x1f\n\t"
		"cps #0x13");
}

static void upset_devices(void)
{
	uint32_t off;

	/* One interrupt active, one pending, all registers written. */
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	gic_send_sgi(3, 1);
	gic_wait();
	gicc_write(GICC_BPR, 5);
	for (off = 0x80; off < 0xd00; off += 4)
		gicd_write(off, 0x5a5a5a5a);
	write16(FW_CFG + 8, 0x0100); /* big-endian: the id */
	write32(PL031 + 8, 1234);
	write32(PL031 + 0x10, 1);
	write32(PL031 + 4, 1234);
	for (off = 0x400; off < 0x424; off += 4)
		write32(PL061 + off, 0xff);
	write32(PL061 + 0x3fc, 0xff);
	write32(MMIO + 0x70, 7);
	write32(PL011 + 0x24, 0x1234);
	write32(PL011 + 0x34, 0);
	write32(PL011 + 0x38, 0x7ff);
}

static void upset_memory(void)
{
	uint32_t i;

	for (i = 0; i < SCRATCH_WORDS; i++)
		write32(SCRATCH + 4 * i, ~i);
	for (i = 0; i < 0x1000; i++)
		write32(boot_regs[2] + 4 * i, i);
	for (i = 0; i < 0x400; i++)
		write32((uint32_t)image_end + 4 * i, i);
}

int main(void)
{
	print("start\n");
	cpu();
	devices();
	memory();
	cpu_start(1, second, 0);
	while (!second_runs)
		;
	upset_memory();
	upset_cpu();
	upset_pci();
	upset_devices();
	print("reset\n");
	psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	return 0;
}
