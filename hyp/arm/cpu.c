// SPDX-License-Identifier: BSD-2-Clause
/* Sets a CPU's HYP registers once, when HYP is taken on it. */
#include "core/arm/hcr.h"
#include "core/gicd.h"
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/gic.h"

/*
 * VTCR (DDI 0406C, VTCR): T0SZ 0, a 32-bit IPA; SL0 1, tables start at level 1;
 * walks are Inner Shareable, write-back write-allocate; bit 31 is RES1.
 */
#define VTCR_VALUE \
	((1u << 31) | (3u << 12) | (1u << 10) | (1u << 8) | (1u << 6))

void hyp_cpu_init(struct hyp_cpu *cpu)
{
	cpu->host_hcptr = read_hcptr();
	cpu->host_hdcr = read_hdcr();
	/*
	 * HPMN keeps the host's value, which splits the event counters. The
	 * host's breakpoints and watchpoints stay armed while a guest runs;
	 * with TDE their debug exceptions come to HYP and not to the guest.
	 */
	cpu->guest_hdcr = (cpu->host_hdcr & HDCR_HPMN) | HDCR_TPM | HDCR_TPMCR |
			  HDCR_TDRA | HDCR_TDOSA | HDCR_TDA | HDCR_TDE;
	cpu->host_cnthctl = read_cnthctl();
	cpu->host_pmuserenr = read_pmuserenr();
	cpu->midr = read_vpidr();
	cpu->mpidr = read_vmpidr();
	cpu->vcpu = NULL;
	hyp_vfp_init(cpu);
	tlb_owners_reset(&cpu->tlb_owners);
	cpu->active_ppis = 0;
	/*
	 * A former owner of HYP may have left these PPIs active, or a power
	 * state may have restored them so. The GIC does not signal an active
	 * PPI again (IHI 0048B, interrupt handling state machine).
	 */
	mmio_write(hyp_config.gicd + GICD_ICACTIVER(0),
		   1u << hyp_config.vtimer_intid |
			   1u << hyp_config.htimer_intid);
	cpu->gich_owner = NULL;
	cpu->gich_hcr = 0;
	mmio_write(hyp_config.gich + GICH_HCR, 0);
	write_cnthp_ctl(0);
	write_vtcr(VTCR_VALUE);
	/*
	 * Drops stage 2 entries of a former owner of HYP: all VMIDs, on this
	 * CPU.
	 */
	asm volatile("mcr p15, 4, %0, c8, c7, 4" : : "r"(0)); /* TLBIALLNSNH */
	dsb();
	isb();
}
