/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random events, register accesses and acknowledgements. After each one, every
 * CPU must be signalled what a plain GICv2 would signal, and get the same
 * INTIDs in the same order: nothing lost, nothing doubled. INTID 27 is
 * hardware-linked to a physical GIC with a level. Now and then the state moves
 * to another host, which may have another number of list registers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/gicd.h"
#include "core/vgic_state.h"
#include "tests/unit/vgic_gicv.h"
#include "tests/unit/vgic_ref.h"

#define HW_PPI 27u
#define STEPS  4000u
#define SEEDS  24u

static const uint8_t universe[] = { 0,	3,  20, 27, 32, 33, 34, 35,
				    36, 37, 38, 39, 52, 1,  2,	59 };

struct run {
	unsigned int nirqs; /* size of universe[] */
	unsigned int nlrs;
	bool eoimode;
};

static struct vgic vgic;
static struct gicv cpus[REF_CPUS];
static struct ref ref;
static struct run run;
static uint32_t seed;
/* acknowledged and not ended, oldest first; and dropped but not deactivated */
static uint32_t taken[REF_CPUS][64], dropped[REF_CPUS][64];
static unsigned int ntaken[REF_CPUS], ndropped[REF_CPUS];
static bool forced[REF_CPUS * 32 + REF_IRQS];
static bool phys_line[REF_CPUS], phys_active[REF_CPUS];

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static unsigned int some_irq(void)
{
	return universe[rnd(run.nirqs)];
}

static void deactivations(unsigned int v)
{
	uint32_t ppis = vgic_take_deactivate(&vgic, v) | cpus[v].deactivated;

	cpus[v].deactivated = 0;
	assert_int_equal(ppis & ~(1u << HW_PPI), 0);
	if (!ppis)
		return;
	assert_true(phys_active[v]);
	phys_active[v] = false;
}

/* The physical GIC does not signal an active interrupt. */
static void physical(void)
{
	unsigned int v;
	int i;

	for (v = 0; v < REF_CPUS; v++) {
		deactivations(v);
		if (!phys_line[v] || phys_active[v])
			continue;
		phys_active[v] = true;
		i = vgic_inject_hw_ppi(&vgic, v, HW_PPI);
		if (i < 0) {
			gicv_kick(&cpus[v]);
			continue;
		}
		cpus[v].lr[i] = vgic.cpu[v].lr[i];
		vgic.cpu[v].lr_dirty &= ~(1u << i);
	}
}

static void write_bit(unsigned int v, uint32_t reg, unsigned int intid)
{
	gicv_write(cpus, v, reg + intid / 32 * 4, 4, 1u << (intid & 31));
}

static void op_line(unsigned int v, unsigned int intid)
{
	bool level = rnd(2);

	if (intid < 16)
		return;
	ref_line(ref_irq(&ref, v, intid), level);
	if (intid == HW_PPI) {
		phys_line[v] = level;
		if (!level)
			vgic_assert_ppi(&vgic, v, HW_PPI, false);
	} else if (intid < 32) {
		gicv_kick_all(cpus, vgic_assert_ppi(&vgic, v, intid, level));
	} else {
		gicv_kick_all(cpus, vgic_assert_spi(&vgic, intid, level));
	}
	/* A level that drops kicks nobody; the vCPUs exit at some time. */
	if (!level)
		gicv_kick_all(cpus, ~0u);
}

static void op_msi(unsigned int intid)
{
	if (intid < 32)
		return;
	if (ref_irq(&ref, 0, intid)->edge)
		ref_irq(&ref, 0, intid)->latch = true;
	gicv_kick_all(cpus, vgic_msi(&vgic, intid));
}

/* Sends an SGI to itself without an exit. */
static bool sgi_in_hyp(unsigned int v, unsigned int sgi)
{
	uint32_t empty = 0;
	int i;

	for (i = 0; i < (int)vgic.nlrs && rnd(4); i++)
		empty |= !(cpus[v].lr[i] >> 28 & 3) << i;
	i = vgic_sgi_to_self(&vgic, v, sgi, empty);

	if (i < 0)
		return false;
	cpus[v].lr[i] = vgic.cpu[v].lr[i];
	vgic.cpu[v].lr_dirty &= ~(1u << i);
	return true;
}

static void op_sgi(unsigned int v, unsigned int sgi)
{
	uint32_t target = rnd(REF_CPUS);

	ref_irq(&ref, target, sgi)->sources |= (uint8_t)(1u << v);
	if (target == v && rnd(2) && sgi_in_hyp(v, sgi))
		return;
	gicv_write(cpus, v, GICD_SGIR, 4, 1u << (16 + target) | sgi);
}

static void op_enable(unsigned int v, unsigned int intid)
{
	bool on = rnd(3);

	if (intid < 16)
		return;
	ref_irq(&ref, v, intid)->enabled = on;
	write_bit(v, on ? GICD_ISENABLER(0) : GICD_ICENABLER(0), intid);
}

static void op_set_pending(unsigned int v, unsigned int intid)
{
	if (intid < 16) {
		ref_irq(&ref, v, intid)->sources |= 2;
		gicv_write(cpus, v, GICD_SPENDSGIR(intid), 1, 2);
		return;
	}
	ref_irq(&ref, v, intid)->latch = true;
	write_bit(v, GICD_ISPENDR(0), intid);
}

static void op_clear_pending(unsigned int v, unsigned int intid)
{
	if (intid < 16) {
		ref_irq(&ref, v, intid)->sources &= (uint8_t)~2u;
		gicv_write(cpus, v, GICD_CPENDSGIR(intid), 1, 2);
		return;
	}
	ref_irq(&ref, v, intid)->latch = false;
	write_bit(v, GICD_ICPENDR(0), intid);
}

static void op_target(unsigned int v, unsigned int intid)
{
	uint32_t target = 1u << rnd(REF_CPUS + 1) & 7;

	if (intid < 32)
		return;
	ref_irq(&ref, v, intid)->target = (uint8_t)target;
	gicv_write(cpus, v, GICD_ITARGETSR(intid), 1, target);
}

/*
 * Two interrupts that are not active swap priorities, so that all stay
 * different.
 */
static void op_prio(unsigned int v, unsigned int a)
{
	unsigned int b = some_irq();
	struct ref_irq *x = ref_irq(&ref, v, a);
	struct ref_irq *y = ref_irq(&ref, v, b);
	uint8_t prio = x->prio;

	if (a < 32 || b < 32 || x->active || y->active)
		return;
	x->prio = y->prio;
	y->prio = prio;
	gicv_write(cpus, v, GICD_IPRIORITYR(a), 1, x->prio);
	gicv_write(cpus, v, GICD_IPRIORITYR(b), 1, y->prio);
}

static void op_config(unsigned int v, unsigned int intid)
{
	struct ref_irq *irq = ref_irq(&ref, v, intid);
	uint32_t off = GICD_ICFGR(intid / 16);
	uint32_t bit = 2u << intid % 16 * 2;

	if (intid < 32 || irq->active)
		return;
	irq->edge = !irq->edge;
	gicv_write(cpus, v, off, 4, vgic_dist_read(&vgic, v, off, 4) ^ bit);
	gicv_kick_all(cpus, ~0u);
}

static void op_group(unsigned int v, unsigned int intid)
{
	struct ref_irq *irq = ref_irq(&ref, v, intid);
	uint32_t off = GICD_IGROUPR(intid / 32);

	if (irq->active)
		return;
	irq->group1 = !irq->group1;
	gicv_write(cpus, v, off, 4,
		   vgic_dist_read(&vgic, v, off, 4) ^ 1u << (intid & 31));
}

static void op_ctlr(unsigned int v)
{
	ref.ctlr = rnd(4) ? 3 : (uint8_t)rnd(4);
	gicv_write(cpus, v, 0, 4, ref.ctlr);
}

static void op_cpu_interface(unsigned int v)
{
	struct ref_cpu *cpu = &ref.cpu[v];

	cpu->groups = rnd(4) ? 3 : (uint8_t)rnd(4);
	cpu->pmr = rnd(2) ? 0xf8 : (uint8_t)(rnd(32) << 3);
	gicv_set_vmcr(&cpus[v], (uint32_t)cpu->pmr >> 3 << 27 | 2u << 21 |
					3u << 18 | cpu->groups |
					(uint32_t)cpu->eoimode << 9);
}

static void op_acknowledge(unsigned int v)
{
	unsigned int intid = ref_signalled(&ref, v);
	uint32_t want, got;

	if (intid == REF_SPURIOUS) {
		got = gicv_iar(&cpus[v]);
		assert_true(got == SPURIOUS || got == 1022);
		return;
	}
	got = ref_irq(&ref, v, intid)->group1 ? gicv_aiar(&cpus[v]) :
						gicv_iar(&cpus[v]);
	want = ref_acknowledge(&ref, v, got >> 10 & 7);
	assert_int_equal(got, want);
	taken[v][ntaken[v]++] = got;
}

static void op_eoi(unsigned int v)
{
	uint32_t val;

	if (!ntaken[v])
		return;
	val = taken[v][--ntaken[v]];
	if (run.eoimode)
		dropped[v][ndropped[v]++] = val;
	ref_eoi(&ref, v, val);
	gicv_eoir(&cpus[v], val);
}

static void op_dir(unsigned int v)
{
	unsigned int n;
	uint32_t val;

	if (!ndropped[v])
		return;
	n = rnd(ndropped[v]);
	val = dropped[v][n];
	dropped[v][n] = dropped[v][--ndropped[v]];
	ref_deactivate(&ref, v, val);
	if (rnd(4))
		gicv_dir(&cpus[v], val);
	else
		write_bit(v, GICD_ICACTIVER(0), val & 0x3ff);
}

/*
 * Made active by register, with enough list registers: there is nothing to end
 * by EOI.
 */
static void op_active(unsigned int v, unsigned int intid)
{
	struct ref_irq *irq = ref_irq(&ref, v, intid);
	unsigned int n = v * 32 + intid;

	if (intid >= 32)
		n = 3 * 32 + intid;
	if (run.nlrs < VGIC_MAX_LRS || irq->active != forced[n])
		return;
	forced[n] = !forced[n];
	irq->active = forced[n];
	write_bit(v, forced[n] ? GICD_ISACTIVER(0) : GICD_ICACTIVER(0), intid);
}

static unsigned int another_nlrs(void)
{
	static const unsigned int hosts[] = { 2, 3, 4, 16 };

	return run.nlrs == VGIC_MAX_LRS ? VGIC_MAX_LRS : hosts[rnd(4)];
}

/* On the new host no physical interrupt is active. */
static void op_move(void)
{
	struct vm_vgic_state state;
	struct vgic copy;
	unsigned int v;

	for (v = 0; v < REF_CPUS; v++)
		gicv_exit(&cpus[v]);
	copy = vgic;
	vgic_save(&copy, &state);
	memset(&vgic, 0xa5, sizeof(vgic));
	vgic_init(&vgic, REF_CPUS, REF_IRQS, another_nlrs());
	assert_true(vgic_load(&vgic, &state));
	for (v = 0; v < REF_CPUS; v++) {
		phys_active[v] = false;
		memset(cpus[v].lr, 0, sizeof(cpus[v].lr));
		cpus[v].deactivated = 0;
		cpus[v].vmcr = vgic.cpu[v].vmcr;
		cpus[v].apr = vgic.cpu[v].apr;
		gicv_enter(&cpus[v]);
	}
}

static void step(void)
{
	unsigned int v = rnd(REF_CPUS);
	unsigned int intid = some_irq();

	switch (rnd(22)) {
	case 0:
	case 1:
	case 2:
		op_line(v, intid);
		break;
	case 3:
		op_msi(intid);
		break;
	case 4:
		op_sgi(v, rnd(4));
		break;
	case 5:
		op_enable(v, intid);
		break;
	case 6:
		op_set_pending(v, intid);
		break;
	case 7:
		op_clear_pending(v, intid);
		break;
	case 8:
		op_target(v, intid);
		break;
	case 9:
		op_prio(v, intid);
		break;
	case 10:
		op_config(v, intid);
		break;
	case 11:
		op_group(v, intid);
		break;
	case 12:
		rnd(4) ? gicv_kick(&cpus[v]) : op_ctlr(v);
		break;
	case 13:
		op_cpu_interface(v);
		break;
	case 14:
	case 15:
	case 16:
		op_acknowledge(v);
		break;
	case 17:
	case 18:
		op_eoi(v);
		break;
	case 19:
		op_dir(v);
		break;
	case 20:
		op_move();
		break;
	default:
		op_active(v, intid);
		break;
	}
	gicv_settle(cpus);
	physical();
	gicv_settle(cpus);
}

static uint32_t ref_word(unsigned int v, unsigned int word, bool active)
{
	uint32_t bits = 0;
	unsigned int n;

	for (n = 0; n < 32; n++) {
		struct ref_irq *irq = ref_irq(&ref, v, word * 32 + n);

		if (active ? irq->active : ref_pending(irq, word * 32 + n))
			bits |= 1u << n;
	}
	return bits;
}

static void compare_registers(unsigned int v)
{
	/*
	 * The level of a hardware-linked PPI does not show while it is active.
	 */
	uint32_t hw = 1u << HW_PPI;

	assert_int_equal(gicv_read(cpus, v, GICD_ISACTIVER(0)),
			 ref_word(v, 0, true));
	assert_int_equal(gicv_read(cpus, v, GICD_ISACTIVER(1)),
			 ref_word(v, 1, true));
	assert_int_equal(gicv_read(cpus, v, GICD_ISPENDR(0)) & ~hw,
			 ref_word(v, 0, false) & ~hw);
	assert_int_equal(gicv_read(cpus, v, GICD_ISPENDR(1)),
			 ref_word(v, 1, false));
}

static void compare(void)
{
	unsigned int v;

	for (v = 0; v < REF_CPUS; v++) {
		bool want = ref_signalled(&ref, v) != REF_SPURIOUS;

		assert_int_equal(gicv_signals(&cpus[v]), want);
		if (rnd(8))
			continue;
		compare_registers(v);
		gicv_exit(&cpus[v]);
		assert_int_equal(vgic_pending(&vgic, v), want);
		gicv_enter(&cpus[v]);
		deactivations(v);
		gicv_settle(cpus);
		physical();
	}
}

static void start(void)
{
	unsigned int v, n;

	memset(&ref, 0, sizeof(ref));
	memset(ntaken, 0, sizeof(ntaken));
	memset(ndropped, 0, sizeof(ndropped));
	memset(forced, 0, sizeof(forced));
	memset(phys_line, 0, sizeof(phys_line));
	memset(phys_active, 0, sizeof(phys_active));
	vgic_init(&vgic, REF_CPUS, REF_IRQS, run.nlrs);
	for (v = 0; v < REF_CPUS; v++) {
		gicv_init(&cpus[v], &vgic, v);
		ref.cpu[v].eoimode = run.eoimode;
		op_cpu_interface(v);
		for (n = 0; n < 16; n++)
			ref.cpu[v].priv[n].enabled = true;
	}
	op_ctlr(0);
	for (n = 0; n < sizeof(universe) * REF_CPUS; n++) {
		unsigned int k = n % sizeof(universe);

		v = n / sizeof(universe);
		ref_irq(&ref, v, universe[k])->prio = (uint8_t)(k * 5 % 31 * 8);
		gicv_write(cpus, v, GICD_IPRIORITYR(universe[k]), 1,
			   k * 5 % 31 * 8);
	}
}

static void random_runs(unsigned int nirqs, unsigned int nlrs, bool eoimode)
{
	unsigned int s, n;

	run = (struct run){ nirqs, nlrs, eoimode };
	for (s = 1; s <= SEEDS; s++) {
		seed = s;
		start();
		for (n = 0; n < STEPS; n++) {
			step();
			compare();
		}
	}
}

static void four_lrs(void **state)
{
	(void)state;
	random_runs(16, 4, false);
}

static void four_lrs_eoimode_1(void **state)
{
	(void)state;
	random_runs(16, 4, true);
}

static void two_lrs(void **state)
{
	(void)state;
	random_runs(16, 2, false);
}

static void two_lrs_eoimode_1(void **state)
{
	(void)state;
	random_runs(16, 2, true);
}

static void enough_lrs(void **state)
{
	(void)state;
	random_runs(8, 16, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_lrs),
		cmocka_unit_test(four_lrs_eoimode_1),
		cmocka_unit_test(two_lrs),
		cmocka_unit_test(two_lrs_eoimode_1),
		cmocka_unit_test(enough_lrs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
