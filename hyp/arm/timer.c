// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's timers while it runs. CNTV is the hardware's own. The host uses
 * CNTP, so CNTHP stands in for the guest's: it has the same compare value, and
 * its PPI is passed on as the guest's. A host in SVC mode does not use CNTHP.
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

static bool timer_fires(const struct arm_timer *t)
{
	return (t->ctl & (ARM_TIMER_ENABLE | ARM_TIMER_IMASK)) ==
	       ARM_TIMER_ENABLE;
}

void hyp_ptimer_arm(const struct hyp_vcpu *vcpu)
{
	const struct arm_timer *cntp = &vcpu->virt.cntp;

	if (!timer_fires(cntp)) {
		write_cnthp_ctl(0);
		return;
	}
	write_cnthp_cval(cntp->cval + vcpu->vm->cntvoff);
	write_cnthp_ctl(ARM_TIMER_ENABLE);
}

void hyp_timer_load(const struct hyp_vcpu *vcpu)
{
	uint64_t cntvoff = vcpu->vm->cntvoff;

	if (cntvoff)
		write_cntvoff(cntvoff);
	/*
	 * The guest may read CNTPCT itself only while the VM's time is the
	 * host's.
	 */
	write_cnthctl(cntvoff ? 0 : CNTHCTL_PL1PCTEN);
	write_cntv_cval(vcpu->cp15.cntv_cval);
	write_cntv_ctl(vcpu->cp15.cntv_ctl);
	if (timer_fires(&vcpu->virt.cntp))
		hyp_ptimer_arm(vcpu);
}

/* The timers are stopped, because they would interrupt the host in vain. */
void hyp_timer_save(struct hyp_vcpu *vcpu)
{
	vcpu->cp15.cntv_ctl = read_cntv_ctl();
	vcpu->cp15.cntv_cval = read_cntv_cval();
	write_cntv_ctl(0);
	if (timer_fires(&vcpu->virt.cntp))
		write_cnthp_ctl(0);
	if (vcpu->vm->cntvoff)
		write_cntvoff(0);
	write_cnthctl(vcpu->cpu->host_cnthctl);
}
