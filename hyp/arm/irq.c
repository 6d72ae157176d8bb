// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts while a guest runs. HYP takes those of the guest's own timers and
 * passes them on through a list register. All others stay pending for the host.
 *
 * The two timer PPIs have a higher priority than all of the host's interrupts,
 * so that GICC_IAR acknowledges the interrupt that GICC_HPPIR has shown.
 */
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/gic.h"

static uint32_t irq_gicc_read(uint32_t off)
{
	return mmio_read(hyp_config.gicc + off);
}

static void irq_gicc_write(uint32_t off, uint32_t val)
{
	mmio_write(hyp_config.gicc + off, val);
}

/* HYP does not have vgic->lock: vmm passes the interrupt on to the vGIC. */
static uint32_t irq_leave_to_host(struct hyp_vcpu *vcpu, unsigned int ppi)
{
	vcpu->acked |= 1u << ppi;
	return HYP_EXIT_TIMER;
}

/*
 * GICC_EOIR only drops the priority, since the host runs with EOImodeNS. The
 * physical interrupt stays active until the guest deactivates the virtual one,
 * through a list register with HW set.
 */
static uint32_t irq_take_timer(struct hyp_vcpu *vcpu, unsigned int ppi)
{
	struct vgic *vgic = vcpu->vm->vgic;
	uint32_t iar = irq_gicc_read(GICC_IAR);
	uint32_t ret = HYP_RESUME;
	int i;

	/*
	 * The timer's level has fallen since GICC_HPPIR was read: nothing was
	 * acknowledged.
	 */
	if ((iar & GIC_INTID_MASK) == GIC_INTID_SPURIOUS)
		return HYP_RESUME;
	irq_gicc_write(GICC_EOIR, iar);
	if (!hyp_config.fast_timer || !hyp_trylock(&vgic->lock))
		return irq_leave_to_host(vcpu, ppi);
	vcpu->fast[HYP_FAST_TIMER]++;
	vcpu->cpu->active_ppis |= 1u << vgic->physid[ppi];
	i = vgic_inject_hw_ppi(vgic, vcpu->number, ppi);
	if (i >= 0) {
		hyp_gich_write(vcpu, (unsigned int)i);
	} else {
		hyp_gich_sync(vcpu);
		ret = hyp_gich_settle(vcpu, 0);
	}
	hyp_unlock(&vgic->lock);
	return ret;
}

uint32_t hyp_irq(struct hyp_vcpu *vcpu)
{
	uint32_t intid = irq_gicc_read(GICC_HPPIR) & GIC_INTID_MASK;

	if (intid == hyp_config.vtimer_intid)
		return irq_take_timer(vcpu, HYP_VTIMER_PPI);
	if (intid == hyp_config.htimer_intid)
		return irq_take_timer(vcpu, HYP_PTIMER_PPI);
	return HYP_EXIT_IRQ;
}
