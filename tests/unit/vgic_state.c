/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state of the interrupt controller: what is in it, and what is refused.
 * vgic_random.c shows that a guest does not notice a move.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/vgic_state.h"

#define CPUS 3u
#define IRQS 96u

static struct vgic vgic;
static struct vm_vgic_state state;

static void save(void)
{
	struct vgic copy = vgic;

	memset(&state, 0xa5, sizeof(state));
	vgic_save(&copy, &state);
}

static void write_reg(unsigned int vcpu, uint32_t off, uint32_t val)
{
	vgic_dist_write(&vgic, vcpu, off, 4, val);
}

/* Acknowledges what is in list register 0, as the hardware does. */
static void acknowledge(unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic.cpu[vcpu];

	assert_true(cpu->lr[0] & GICH_LR_PENDING);
	cpu->lr[0] ^= GICH_LR_STATE;
	cpu->apr = 1u << (cpu->lr[0] >> GICH_LR_PRIO_SHIFT & 0x1f);
	vgic_sync(&vgic, vcpu);
}

static int setup(void **unused)
{
	(void)unused;
	vgic_init(&vgic, CPUS, IRQS, 4);
	write_reg(0, GICD_CTLR, 3);
	write_reg(0, GICD_ISENABLER(1), 0xff);
	vgic_dist_write(&vgic, 0, GICD_ITARGETSR(33), 1, 2);
	vgic_dist_write(&vgic, 0, GICD_IPRIORITYR(33), 1, 0x48);
	return 0;
}

static void reset_state(void **unused)
{
	struct vgic other;

	(void)unused;
	vgic_init(&vgic, CPUS, IRQS, 4);
	save();
	assert_int_equal(state.version, VM_VGIC_VERSION);
	assert_int_equal(state.nirqs, IRQS);
	assert_int_equal(state.ncpus, CPUS);
	assert_int_equal(state.cpu[0].irqs.enabled, 0xffff);
	assert_int_equal(state.cpu[0].bpr, 2);
	assert_int_equal(state.cpu[0].abpr, 3);
	vgic_init(&other, CPUS, IRQS, 2);
	assert_true(vgic_load(&other, &state));
}

/* Active and pending interrupts are the same in a list register and outside. */
static void list_registers_fold_back(void **unused)
{
	static struct vm_vgic_state before;

	(void)unused;
	vgic_assert_spi(&vgic, 33, true);
	write_reg(2, GICD_SGIR, 2u << 16 | 5);
	write_reg(0, GICD_SGIR, 2u << 16 | 5);
	save();
	before = state;
	assert_int_equal(state.cpu[1].sgi_pending[5], 1 << 2 | 1 << 0);
	assert_int_equal(state.spi[0].line, 1 << 1);
	vgic_flush(&vgic, 1);
	assert_int_not_equal(vgic.cpu[1].lr_used, 0);
	save();
	assert_memory_equal(&state, &before, sizeof(state));
}

/* PMR 0xf0, BPR 2, ABPR 3; EOImode and EnableGrp0 (IHI 0048B, GICH_VMCR). */
static void cpu_interface(void **unused)
{
	struct vgic other;

	(void)unused;
	vgic.cpu[2].vmcr = 0xf04c0201;
	save();
	assert_int_equal(state.cpu[2].pmr, 0xf0);
	assert_int_equal(state.cpu[2].bpr, 2);
	assert_int_equal(state.cpu[2].abpr, 3);
	assert_int_equal(state.cpu[2].ctlr, 0x201);
	vgic_init(&other, CPUS, IRQS, 2);
	assert_true(vgic_load(&other, &state));
	assert_int_equal(other.cpu[2].vmcr, 0xf04c0201);
}

static void active_interrupt(void **unused)
{
	(void)unused;
	vgic_assert_spi(&vgic, 33, true);
	vgic_flush(&vgic, 1);
	acknowledge(1);
	save();
	assert_int_equal(state.spi[0].active[1], 1 + 1);
	assert_int_equal(state.spi[0].prio[1], 0x48);
	assert_int_equal(state.cpu[1].apr, 1u << (0x48 >> 3));
}

static void active_sgi(void **unused)
{
	(void)unused;
	write_reg(2, GICD_SGIR, 2u << 16 | 7);
	vgic_flush(&vgic, 1);
	acknowledge(1);
	save();
	assert_int_equal(state.cpu[1].irqs.active[7], 1 + 1);
	assert_int_equal(state.cpu[1].sgi_active[7], 2);
	assert_int_equal(state.cpu[1].sgi_pending[7], 0);
}

/* The physical interrupt raises it again on the new host. */
static void linked_ppi_is_left_out(void **unused)
{
	(void)unused;
	write_reg(0, GICD_ISENABLER(0), 1u << 27);
	assert_true(vgic_inject_hw_ppi(&vgic, 0, 27) >= 0);
	save();
	assert_int_equal(state.cpu[0].irqs.line, 0);
	assert_int_equal(state.cpu[0].irqs.latch, 0);
	acknowledge(0);
	save();
	assert_int_equal(state.cpu[0].irqs.line, 0);
	assert_int_equal(state.cpu[0].irqs.active[27], 1);
}

static void refused(void)
{
	struct vgic other, before;

	vgic_init(&other, CPUS, IRQS, 4);
	before = other;
	assert_false(vgic_load(&other, &state));
	assert_memory_equal(&other, &before, sizeof(other));
}

/* Sets a member of a good state to a bad value. */
#define REFUSES(member, val)        \
	do {                        \
		save();             \
		state.member = val; \
		refused();          \
	} while (0)

static void another_machine_is_refused(void **unused)
{
	(void)unused;
	REFUSES(version, 0);
	REFUSES(version, VM_VGIC_VERSION + 1);
	REFUSES(nirqs, IRQS + 32);
	REFUSES(nirqs, IRQS - 32);
	REFUSES(ncpus, CPUS - 1);
	REFUSES(ncpus, CPUS + 1);
	REFUSES(ncpus, 0xffffffff);
}

static void bad_values_are_refused(void **unused)
{
	(void)unused;
	REFUSES(ctlr, 4);
	REFUSES(spi[0].prio[3], 0x44);
	REFUSES(spi[0].target[3], 1 << CPUS);
	REFUSES(spi[1].active[31], CPUS + 1);
	REFUSES(cpu[0].irqs.enabled, 0x7fff);
	REFUSES(cpu[0].irqs.edge, 0x7fff);
	REFUSES(cpu[0].irqs.edge, 0x1ffff);
	REFUSES(cpu[0].irqs.latch, 1 << 15);
	REFUSES(cpu[0].irqs.line, 1 << 15);
	REFUSES(cpu[0].irqs.irqfd, 1 << 20);
	REFUSES(cpu[0].irqs.target[20], 1);
	REFUSES(cpu[0].irqs.prio[20], 1);
	REFUSES(cpu[0].irqs.active[20], 2);
	REFUSES(cpu[2].irqs.active[20], 4);
	REFUSES(cpu[0].sgi_pending[0], 1 << CPUS);
	REFUSES(cpu[0].sgi_active[0], 1);
	REFUSES(cpu[0].ctlr, 1 << 5);
	REFUSES(cpu[0].pmr, 4);
	REFUSES(cpu[0].pmr, 0x100);
	REFUSES(cpu[0].bpr, 8);
	REFUSES(cpu[0].abpr, 8);
}

static void absent_parts_must_be_zero(void **unused)
{
	(void)unused;
	REFUSES(cpu[CPUS].apr, 1);
	REFUSES(cpu[VM_VGIC_MAX_CPUS - 1].irqs.active[31], 1);
	REFUSES(spi[IRQS / 32 - 1].enabled, 1);
	REFUSES(spi[VM_VGIC_MAX_WORDS - 2].active[31], 1);
}

static void one_cpu_is_every_target(void **unused)
{
	struct vgic other;

	(void)unused;
	vgic_init(&vgic, 1, IRQS, 4);
	save();
	assert_int_equal(state.spi[0].target[0], 1);
	vgic_init(&other, 1, IRQS, 4);
	assert_true(vgic_load(&other, &state));
	state.spi[0].target[0] = 0;
	vgic_init(&other, 1, IRQS, 4);
	assert_false(vgic_load(&other, &state));
}

/*
 * Whatever a state with random bytes in it says: it is refused, or it is what a
 * save returns, and the guest can run with it.
 */
static void random_bytes(void **unused)
{
	static struct vm_vgic_state loaded;
	unsigned int taken = 0;

	(void)unused;
	srandom(1);
	save();
	for (unsigned int n = 0; n < 200000; n++) {
		struct vm_vgic_state good = state;
		struct vgic copy;

		((uint8_t *)&state)[(unsigned long)random() % sizeof(state)] ^=
			(uint8_t)(1 + random() % 255);
		vgic_init(&vgic, CPUS, IRQS, 2 + n % 15);
		if (!vgic_load(&vgic, &state)) {
			state = good;
			continue;
		}
		taken++;
		copy = vgic;
		vgic_save(&copy, &loaded);
		for (unsigned int w = 0; w < IRQS / 32 - 1; w++) {
			state.spi[w].line |= state.spi[w].irqfd;
			state.spi[w].irqfd = 0;
		}
		assert_memory_equal(&loaded, &state, sizeof(state));
		for (unsigned int v = 0; v < CPUS; v++) {
			vgic_flush(&vgic, v);
			vgic_sync(&vgic, v);
		}
	}
	assert_in_range(taken, 1000, 199000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reset_state, setup),
		cmocka_unit_test_setup(list_registers_fold_back, setup),
		cmocka_unit_test_setup(cpu_interface, setup),
		cmocka_unit_test_setup(active_interrupt, setup),
		cmocka_unit_test_setup(active_sgi, setup),
		cmocka_unit_test_setup(linked_ppi_is_left_out, setup),
		cmocka_unit_test_setup(another_machine_is_refused, setup),
		cmocka_unit_test_setup(bad_values_are_refused, setup),
		cmocka_unit_test_setup(absent_parts_must_be_zero, setup),
		cmocka_unit_test_setup(one_cpu_is_every_target, setup),
		cmocka_unit_test_setup(random_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
