/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hostile guest at the distributor, whose list registers change as a hostile
 * guest could change them. The input is a row of 8-byte events. Besides the
 * sanitizers' checks, every INTID must be in exactly one place, consistently.
 */
#include <stdlib.h>
#include <string.h>
#include "core/vgic.h"

#define NVCPUS 3u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vgic vgic;

static void must(bool ok)
{
	if (!ok)
		abort();
}

static const struct vgic_irqs *word_of(unsigned int v, unsigned int intid)
{
	return intid < 32 ? &vgic.cpu[v].irqs : &vgic.spi[intid / 32 - 1];
}

static void check_lrs(unsigned int v)
{
	const struct vgic_cpu *cpu = &vgic.cpu[v];
	unsigned int i;

	must(!(cpu->lr_used >> vgic.nlrs) && !(cpu->lr_dirty >> vgic.nlrs));
	for (i = 0; i < vgic.nlrs; i++) {
		unsigned int intid = cpu->lr[i] & 0x3ff;

		if (!(cpu->lr_used >> i & 1)) {
			must(!cpu->lr[i]);
			continue;
		}
		must(intid < vgic.nirqs);
		must(word_of(v, intid)->where[intid & 31] == VGIC_IN_LR(v, i));
	}
}

static void check(void)
{
	unsigned int v, intid;

	for (v = 0; v < NVCPUS; v++) {
		check_lrs(v);
		for (intid = 0; intid < 16; intid++)
			must(!vgic.cpu[v].sgi_source[intid] ==
			     !(vgic.cpu[v].irqs.latch >> intid & 1));
	}
}

static void exit_and_enter(unsigned int v, uint32_t states, uint32_t hcr)
{
	struct vgic_cpu *cpu = &vgic.cpu[v];
	unsigned int i;

	for (i = 0; i < vgic.nlrs; i++) {
		if (cpu->lr_used >> i & 1)
			cpu->lr[i] = (cpu->lr[i] & ~GICH_LR_STATE) |
				     (states >> 2 * i & 3) << 28;
	}
	if (cpu->hcr != GICH_HCR_EN)
		cpu->hcr |= hcr << 27;
	cpu->vmcr = states >> 8;
	cpu->apr = states >> 16;
	vgic_sync(&vgic, v);
	vgic_pending(&vgic, v);
	vgic_flush(&vgic, v);
	cpu->lr_dirty = 0;
	must(!vgic_flush(&vgic, v));
}

static void event(const uint8_t *e)
{
	uint32_t off = (uint32_t)(e[2] | e[3] << 8) & 0x1fff;
	unsigned int intid = e[3] & 1 ? off : e[2];
	unsigned int v = e[1] % NVCPUS;
	uint32_t val;

	memcpy(&val, e + 4, 4);
	switch (e[0] % 13) {
	case 0:
		vgic_dist_needs(&vgic, v, off, false);
		vgic_dist_read(&vgic, v, off, e[1] >> 4);
		break;
	case 1:
		vgic_assert_spi(&vgic, intid, val & 1);
		break;
	case 2:
		vgic_assert_ppi(&vgic, v, intid, val & 1);
		break;
	case 3:
		vgic_msi(&vgic, intid);
		break;
	case 4:
		vgic_inject_hw_ppi(&vgic, v, intid);
		break;
	case 5:
		vgic_take_deactivate(&vgic, v);
		vgic_dir_needs(&vgic, v, val);
		vgic_dir(&vgic, v, val);
		break;
	case 6:
		vgic_release(&vgic, v);
		break;
	case 9:
		if (vgic_sgi_to_self(&vgic, v, val & 15, 0) >= 0)
			vgic.cpu[v].lr_dirty = 0;
		break;
	case 7:
		if (!(val & 0xf))
			vgic_reset_cpu(&vgic, v);
		break;
	case 8:
		exit_and_enter(v, val, e[2] & 3);
		break;
	default:
		vgic_dist_needs(&vgic, v, off, true);
		vgic_dist_write(&vgic, v, off, e[1] >> 4, val);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n;

	vgic_init(&vgic, NVCPUS, 96, 4);
	vgic.ctlr = 1;
	for (n = 0; n + 8 <= size; n += 8) {
		event(data + n);
		check();
	}
	return 0;
}
