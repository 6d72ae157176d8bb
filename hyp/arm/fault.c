// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers an exception that HYP itself took. If a guest was loaded, its VM ends
 * and the host lives on. If HYP served another call of the host, or if the answer
 * to a fault faults, HYP returns to a function of the host that prints the
 * registers and panics. If even that faults, the CPU stops (vectors.S).
 */
#include "hyp/arm/hyp_internal.h"

static void fault_read_syndrome(struct hyp_fault *fault)
{
	fault->hsr = read_hsr();
	fault->hdfar = read_hdfar();
	fault->hifar = read_hifar();
	fault->hpfar = read_hpfar();
}

static void fault_stop_timer(struct hyp_cpu *cpu)
{
	write_cntv_ctl(0);
	write_cnthp_ctl(0);
	write_cntvoff(0);
	write_cnthctl(cpu->host_cnthctl);
}

bool hyp_fault(struct hyp_cpu *cpu)
{
	bool first = cpu->fault == cpu->faults + 1;

	fault_read_syndrome(cpu->fault - 1);
	if (cpu->vcpu)
		fault_stop_timer(cpu);
	/* A second fault may have come from the GIC's registers: they stay as they are. */
	if (!cpu->vcpu || !first) {
		hyp_restore_host(cpu);
		return false;
	}
	mmio_write(hyp_config.gich, 0);
	cpu->gich_hcr = 0;
	cpu->gich_owner = NULL;
	hyp_restore_host(cpu);
	cpu->fault = cpu->faults;
	return true;
}
