// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers an exception that HYP itself took. If a guest was loaded, its VM ends
 * and the host lives on. If HYP served another call of the host, it returns to
 * a function of the host that prints the registers. HYP never hangs.
 */
#include "hyp/arm/hyp_internal.h"

bool hyp_fault(struct hyp_cpu *cpu)
{
	struct hyp_fault *fault = &cpu->fault;

	fault->hsr = read_hsr();
	fault->hdfar = read_hdfar();
	fault->hifar = read_hifar();
	fault->hpfar = read_hpfar();
	if (!cpu->vcpu) {
		hyp_restore_host(cpu);
		return false;
	}
	write_cntv_ctl(0);
	write_cnthp_ctl(0);
	write_cntvoff(0);
	write_cnthctl(cpu->host_cnthctl);
	mmio_write(hyp_config.gich, 0);
	cpu->gich_hcr = 0;
	cpu->gich_owner = NULL;
	hyp_restore_host(cpu);
	return true;
}
