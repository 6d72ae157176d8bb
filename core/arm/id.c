/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's ID registers: the host's, without the features that a guest does
 * not get (fields: DDI 0406C, CPUID registers).
 */
#include "core/arm/branch_predictor.h"
#include "core/arm/cp15.h"

#define FIELD(shift) (0xfu << (shift))

#define PFR0_THUMBEE	    FIELD(12)
#define PFR1_SECURITY	    FIELD(4)
#define PFR1_VIRTUALIZATION FIELD(12)
#define PFR1_GIC	    FIELD(28) /* system register interface of a GICv3 */
#define DFR0_PMUV1	    (1u << 24)
#define ISAR3_THUMBEE	    FIELD(28)
#define ISAR4_SMC	    FIELD(12)

#define ACTLR_SMP (1u << 6)

#define L2CTLR_NCPUS_SHIFT 24

/* Bits 25:24 are the number of CPUs minus one: four at most. */
static uint32_t id_l2ctlr(uint32_t host, unsigned int ncpus)
{
	unsigned int n = ncpus > 4 ? 3 : ncpus - 1;

	return (host & ~(3u << L2CTLR_NCPUS_SHIFT)) | (n << L2CTLR_NCPUS_SHIFT);
}

static uint32_t id_actlr(const struct arm_id *host)
{
	bool ibe = bp_state_of(host->midr, host->actlr) == BP_ICIALLU;

	return ACTLR_SMP | (ibe ? BP_ACTLR_IBE : 0);
}

void arm_id_guest(struct arm_id *id, const struct arm_id *host,
		  unsigned int ncpus)
{
	*id = *host;
	id->pfr0 &= ~PFR0_THUMBEE;
	id->pfr1 &= ~(PFR1_SECURITY | PFR1_VIRTUALIZATION | PFR1_GIC);
	/* The other fields of ID_DFR0 are debug and trace. */
	id->dfr0 = DFR0_PMUV1;
	id->isar3 &= ~ISAR3_THUMBEE;
	id->isar4 &= ~ISAR4_SMC;
	id->l2ctlr = id_l2ctlr(host->l2ctlr, ncpus);
	id->actlr = id_actlr(host);
}
