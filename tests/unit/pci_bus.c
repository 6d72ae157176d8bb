/* SPDX-License-Identifier: BSD-2-Clause */
/* The bus as a guest's PCI code uses it, and as a hostile guest does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "bhyve/base/mevent.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_dev.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/machine/device.h"
#include "tests/unit/virtio_machine.h"

#define V2M_SETSPI 0x08020040u
#define TEST_SLOT  5

/* A device with a register, and MSI-X with 3 vectors. */
static struct pci_devinst *test_pi;
static uint64_t test_reg;

static uint64_t test_read(struct pci_devinst *pi, int bar, uint64_t off,
			  int size)
{
	(void)pi;
	(void)size;
	return off == 0 ? test_reg : (uint64_t)bar << 8 | off;
}

static void test_write(struct pci_devinst *pi, int bar, uint64_t off, int size,
		       uint64_t val)
{
	(void)pi;
	(void)bar;
	(void)off;
	(void)size;
	test_reg = val;
}

static struct pci_irqfd test_irqfd;
static int call_fd;
static unsigned int test_calls; /* those that bhyve had to see to */

static void test_call(int fd, enum ev_type type, void *arg)
{
	eventfd_t n;

	(void)type, (void)arg;
	test_calls += eventfd_read(fd, &n) == 0;
}

static int test_init(struct pci_devinst *pi, struct config_node *node)
{
	(void)node;
	test_pi = pi;
	pci_set_cfgdata16(pi, PCIR_VENDOR, 0x1234);
	pci_set_cfgdata16(pi, PCIR_DEVICE, 0x5678);
	pci_alloc_bar(pi, 0, 0x2000);
	pci_add_doorbell(pi, 0, 0x10, eventfd(0, EFD_NONBLOCK));
	call_fd = eventfd(0, EFD_NONBLOCK);
	pci_add_irqfd(pi, &test_irqfd, call_fd,
		      mevent_add_disabled(call_fd, EVF_READ, test_call, NULL));
	pci_add_msix(pi, 1, 3);
	pci_request_intx(pi);
	return 0;
}

static const struct pci_devemu testdev = {
	.name = "testdev",
	.init = test_init,
	.bar_read = test_read,
	.bar_write = test_write,
};
PCI_EMUL(testdev);

static int start(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	assert_int_equal(pci_parse_slot("5,testdev"), 0);
	machine_start(false);
	return 0;
}

static uint64_t bar(int n)
{
	return rd(CFG(TEST_SLOT, PCIR_BAR(n)), 4) & ~0xfu;
}

static void enumeration(void **state)
{
	(void)state;
	assert_int_equal(rd(CFG(TEST_SLOT, 0), 4), 0x56781234);
	assert_int_equal(rd(CFG(TEST_SLOT, 2), 2), 0x5678);
	assert_int_equal(rd(CFG(TEST_SLOT, 3), 1), 0x56);
	/* No function: all ones. */
	assert_int_equal(rd(CFG(9, 0), 4), 0xffffffff);
	assert_int_equal(rd(CFG(TEST_SLOT, 0) + 0x1000, 2), 0xffff);
	/* The identity is read-only. */
	wr(CFG(TEST_SLOT, 0), 4, 0);
	assert_int_equal(rd(CFG(TEST_SLOT, 0), 4), 0x56781234);
	/*
	 * Extended configuration space is zero, which ends the search for
	 * capabilities.
	 */
	assert_int_equal(rd(CFG(TEST_SLOT, 0x100), 4), 0);
	/* The host bridge: class 06, subclass 00. */
	assert_int_equal(rd(CFG(0, PCIR_SUBCLASS), 2), 0x0600);
}

static void capabilities(void **state)
{
	uint64_t at = rd(CFG(TEST_SLOT, PCIR_CAP_PTR), 1);

	(void)state;
	assert_true(rd(CFG(TEST_SLOT, PCIR_STATUS), 2) & 0x10);
	assert_int_equal(rd(CFG(TEST_SLOT, at), 1), PCIY_MSIX);
	assert_int_equal(rd(CFG(TEST_SLOT, at + 1), 1), 0);
	assert_int_equal(rd(CFG(TEST_SLOT, at + 2), 2), 2); /* count - 1 */
	assert_int_equal(rd(CFG(TEST_SLOT, at + 4), 4), 1); /* table: BAR 1 */
	assert_int_equal(rd(CFG(TEST_SLOT, at + 8), 4), 0x30 | 1); /* PBA */
}

/* No BAR is there: reads return all ones, as on PCI when no device answers. */
static bool is_empty(uint64_t gpa)
{
	uint64_t val = 0;

	return !read_mem(NULL, gpa, &val, 4) && (uint32_t)val == 0xffffffff;
}

static void sizing_and_moving(void **state)
{
	uint64_t old = bar(0), moved = old + 0x100000;

	(void)state;
	test_reg = 0x11223344;
	assert_int_equal(rd(old, 4), 0x11223344);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, 0xffffffff);
	assert_int_equal(rd(CFG(TEST_SLOT, PCIR_BAR(0)), 4), 0xffffe000);
	assert_true(is_empty(old));
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, moved);
	assert_int_equal(rd(moved, 4), 0x11223344);
	assert_int_equal(rd(moved + 0x1ffc, 4), 0x1ffc);
	/* Decoding off and on. */
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 0);
	assert_true(is_empty(moved));
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 6);
	assert_int_equal(rd(moved, 4), 0x11223344);
	/* A BAR that does not exist. */
	wr(CFG(TEST_SLOT, PCIR_BAR(2)), 4, 0xffffffff);
	assert_int_equal(rd(CFG(TEST_SLOT, PCIR_BAR(2)), 4), 0);
}

/* A BAR's eventfds move with it, and work only while it answers. */
/*
 * Two devices, of which the guest gives the first one's BARs new addresses, in another
 * order and with decoding on: the second one, which it has not come to, is not there.
 */
static void moving_one_by_one(void **state)
{
	uint64_t first;

	(void)state;
	machine_init();
	assert_int_equal(pci_parse_slot("5,testdev"), 0);
	assert_int_equal(pci_parse_slot("6,testdev"), 0);
	machine_start(false);
	first = bar(0);
	wr(CFG(TEST_SLOT, PCIR_BAR(1)), 4, first);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, first + 0x2000);
	test_reg = 0x1234;
	assert_int_equal(rd(first + 0x2000, 4), 0x1234);
	assert_false(is_empty(first));
}

/* Of two BARs at one address one answers; the other one does when that has gone. */
static void overlap_ends(void **state)
{
	uint64_t at;

	(void)state;
	machine_init();
	assert_int_equal(pci_parse_slot("5,testdev"), 0);
	assert_int_equal(pci_parse_slot("6,testdev"), 0);
	machine_start(false);
	at = rd(CFG(6, PCIR_BAR(0)), 4);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, at);
	wr(CFG(6, PCIR_BAR(0)), 4, at + 0x100000);
	test_reg = 0x1234;
	assert_int_equal(rd(at, 4), 0x1234);
	assert_int_equal(rd(at + 0x100000, 4), 0x1234);
}

static void doorbells(void **state)
{
	uint64_t old = bar(0), moved = old + 0x100000;

	(void)state;
	assert_int_equal(ioeventfds, 1);
	wr(old + 0x10, 2, 1);
	wr(old + 0x10, 4, 1);
	assert_int_equal(kicks, 2);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, moved);
	assert_int_equal(ioeventfds, 1);
	wr(moved + 0x10, 2, 1);
	assert_int_equal(kicks, 3);
	wr(moved + 0x14, 2, 1);
	assert_int_equal(kicks, 3);
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 0);
	assert_int_equal(ioeventfds, 0);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, 0x09000000);
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 6);
	assert_int_equal(ioeventfds, 0);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, old);
	assert_int_equal(ioeventfds, 1);
}

/* A BAR over the UART, RAM or another BAR does not answer. */
static void hostile_bars(void **state)
{
	static const uint32_t bad[] = { 0x09000000, 0x40000000, 0x08020000,
					0xffffe000, 0x1c090000, 0 };
	uint64_t before = bar(0), val;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, bad[i]);
		assert_false(test_pi->bar[0].mapped);
	}
	/* the GICv2m frame still answers */
	assert_int_equal(rd(0x08020008, 4), 80 << 16 | 64);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, bar(1));
	assert_int_equal(rd(bar(1), 4), 0); /* the table, as before */
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, before);
	assert_int_equal(read_mem(NULL, before, &val, 4), 0);
}

static uint64_t msix_cap(void)
{
	return CFG(TEST_SLOT, rd(CFG(TEST_SLOT, PCIR_CAP_PTR), 1));
}

static void set_vector(unsigned int n, uint64_t addr, uint32_t data)
{
	wr(bar(1) + 16 * n, 4, addr);
	wr(bar(1) + 16 * n + 4, 4, addr >> 32);
	wr(bar(1) + 16 * n + 8, 4, data);
	wr(bar(1) + 16 * n + 12, 4, 0);
}

static uint64_t pending(void)
{
	return rd(bar(1) + 0x30, 8);
}

static void msix_delivery(void **state)
{
	(void)state;
	set_vector(0, V2M_SETSPI, 80);
	set_vector(2, V2M_SETSPI, 143);
	assert_true(pci_generate_msix(test_pi, 0));
	assert_int_equal(msi_count,
			 0); /* not enabled: the message is dropped */
	wr(msix_cap() + 2, 2, 0x8000);
	assert_true(pci_generate_msix(test_pi, 2));
	assert_int_equal(msi_count, 1);
	assert_int_equal(msi_data, 143);
	/* A vector that does not exist. */
	assert_true(pci_generate_msix(test_pi, 3));
	assert_int_equal(msi_count, 1);
}

/* Masked messages wait in the PBA, once each (PCI, 6.8.2.9). */
static void msix_masking(void **state)
{
	(void)state;
	wr(msix_cap() + 2, 2, 0x8000);
	set_vector(0, V2M_SETSPI, 81);
	set_vector(1, V2M_SETSPI, 82);
	wr(bar(1) + 12, 4, 1);
	pci_generate_msix(test_pi, 0);
	pci_generate_msix(test_pi, 0);
	assert_int_equal(msi_count, 0);
	assert_int_equal(pending(), 1);
	wr(bar(1) + 12, 4, 0);
	assert_int_equal(msi_count, 1);
	assert_int_equal(msi_data, 81);
	assert_int_equal(pending(), 0);
	/* All vectors of the function are masked. */
	wr(msix_cap() + 2, 2, 0xc000);
	pci_generate_msix(test_pi, 1);
	assert_int_equal(pending(), 2);
	wr(msix_cap() + 2, 2, 0x8000);
	assert_int_equal(msi_count, 2);
	assert_int_equal(msi_data, 82);
	/* The PBA is read-only. */
	wr(bar(1) + 0x30, 4, 0xff);
	assert_int_equal(pending(), 0);
}

/* Signals the eventfd; whether bhyve had to see to it. */
static bool bhyve_sees_call(void)
{
	unsigned int before = test_calls;

	eventfd_write(call_fd, 1);
	machine_events();
	return test_calls != before;
}

/* vmm.ko sends a vector for an eventfd while the guest lets it, and bhyve never
 * hears of a signal then; it does of all others. */
static void msix_by_eventfd(void **state)
{
	(void)state;
	set_vector(1, V2M_SETSPI, 82);
	assert_false(bhyve_sees_call());
	pci_set_irqfd(test_pi, &test_irqfd, true, 1);
	/* A signal from before; MSI-X is still off. */
	machine_events();
	assert_int_equal(test_calls, 1);
	assert_true(bhyve_sees_call());
	assert_int_equal(irqfds, 0);
	wr(msix_cap() + 2, 2, 0x8000);
	assert_int_equal(irqfd_intid(call_fd), 82);
	assert_false(bhyve_sees_call());
	/* The vector is masked, moved, leads nowhere, and is masked with all. */
	wr(bar(1) + 16 + 12, 4, 1);
	assert_int_equal(irqfds, 0);
	assert_true(bhyve_sees_call());
	set_vector(1, V2M_SETSPI, 90);
	assert_int_equal(irqfd_intid(call_fd), 90);
	assert_int_equal(irqfds, 1);
	set_vector(1, GUEST_RAM, 90);
	assert_int_equal(irqfds, 0);
	assert_true(bhyve_sees_call());
	set_vector(1, V2M_SETSPI, 91);
	assert_int_equal(irqfd_intid(call_fd), 91);
	wr(msix_cap() + 2, 2, 0xc000);
	assert_int_equal(irqfds, 0);
	wr(msix_cap() + 2, 2, 0x8000);
	assert_int_equal(irqfds, 1);
	/* Another vector, and one that does not exist. */
	set_vector(0, V2M_SETSPI, 80);
	pci_set_irqfd(test_pi, &test_irqfd, true, 0);
	assert_int_equal(irqfd_intid(call_fd), 80);
	assert_int_equal(irqfds, 1);
	pci_set_irqfd(test_pi, &test_irqfd, true, 3);
	assert_int_equal(irqfds, 0);
	assert_true(bhyve_sees_call());
	pci_set_irqfd(test_pi, &test_irqfd, true, 0);
	reset_devices();
	assert_int_equal(irqfds, 0);
	assert_true(bhyve_sees_call());
	pci_set_irqfd(test_pi, &test_irqfd, false, 0);
	assert_false(bhyve_sees_call());
}

static void msix_leads_nowhere(void **state)
{
	static const struct {
		uint64_t addr;
		uint32_t data;
	} bad[] = {
		{ GUEST_RAM, 80 },	    { 0, 80 },
		{ V2M_SETSPI, 79 },	    { V2M_SETSPI, 144 },
		{ V2M_SETSPI, 0xffffffff }, { 1ull << 32 | V2M_SETSPI, 80 },
		{ V2M_SETSPI + 4, 80 },
	};
	unsigned int i;

	(void)state;
	wr(msix_cap() + 2, 2, 0x8000);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		set_vector(0, bad[i].addr, bad[i].data);
		assert_false(pci_generate_msix(test_pi, 0));
	}
	assert_int_equal(msi_count, 0);
	assert_non_null(strstr(last_message, "MSI-X table points to"));
}

/* INTA of slot 5 is SPI 4: (5 + 0) mod 4 above SPI 3. */
static void intx(void **state)
{
	(void)state;
	assert_int_equal(rd(CFG(TEST_SLOT, PCIR_INTPIN), 1), 1);
	pci_set_intx(test_pi, true);
	assert_true(irq_level[32 + 4]);
	assert_true(rd(CFG(TEST_SLOT, PCIR_STATUS), 2) & PCIM_STATUS_INTx);
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 0x406);
	assert_false(irq_level[32 + 4]);
	wr(CFG(TEST_SLOT, PCIR_COMMAND), 2, 6);
	assert_true(irq_level[32 + 4]);
	wr(msix_cap() + 2, 2, 0x8000);
	assert_false(irq_level[32 + 4]);
	wr(msix_cap() + 2, 2, 0);
	assert_true(irq_level[32 + 4]);
	pci_set_intx(test_pi, false);
	assert_false(irq_level[32 + 4]);
}

static void gicv2m_frame(void **state)
{
	(void)state;
	assert_int_equal(rd(0x08020008, 4), 80 << 16 | 64);
	wr(V2M_SETSPI, 4, 100);
	assert_int_equal(msi_count, 1);
	assert_int_equal(msi_data, 100);
	wr(V2M_SETSPI, 4, 40);
	assert_int_equal(msi_count, 1);
}

static void odd_accesses(void **state)
{
	(void)state;
	assert_int_equal(rd(CFG(TEST_SLOT, 1), 2), 0xffff);
	assert_int_equal(rd(CFG(TEST_SLOT, 0), 8), UINT64_MAX);
	wr(CFG(TEST_SLOT, PCIR_BAR(0) + 1), 2, 0xffff);
	assert_int_equal(rd(bar(1), 1), 0);
	assert_int_equal(rd(0x3eff0000, 4), 0xffffffff);
}

/*
 * ECAM of 256 functions of 16 buses, the ports and the memory window read as all ones
 * where nobody answers, as on QEMU's virt: beside a host bridge, and when the devices
 * are on virtio-mmio and there is none.
 */
static void nobody_answers(void **state)
{
	static const uint64_t empty[] = {
		ECAM + 0x8000,	ECAM + 0x100000, ECAM + 0xfffffc,   PORTS,
		PORTS + 0xfffc, 0x10000000,	 0x20000000 - 4096, 0x3efefffc,
	};
	bool bridge = *state != NULL;
	unsigned int i;

	machine_init();
	if (bridge)
		assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	machine_start(!bridge);
	assert_int_equal(rd(ECAM, 4) == 0xffffffff, !bridge);
	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		assert_int_equal(rd(empty[i], 1), 0xff);
		assert_int_equal(rd(empty[i], 2), 0xffff);
		assert_int_equal(rd(empty[i], 4), 0xffffffff);
		wr(empty[i], 4, 0);
		assert_int_equal(rd(empty[i], 4), 0xffffffff);
	}
}

static void bad_slots(void **state)
{
	static const char *const bad[] = {
		"",
		"3",
		"3,",
		"x,hostbridge",
		"32,hostbridge",
		"0:8,hostbridge",
		"1:0:0,hostbridge",
		"0:0:0:0,hostbridge",
		"-1,hostbridge",
		"3,nothing",
		"5,hostbridge",
		"3:,hostbridge",
		"99999999999,hostbridge",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		last_message[0] = '\0';
		assert_int_equal(pci_parse_slot(bad[i]), -EINVAL);
		assert_true(last_message[0] != '\0');
	}
	machine_init();
	assert_int_equal(pci_parse_slot("0:31:7,hostbridge"), 0);
	/* Function 0 of that slot is missing. */
	assert_true(DIES(machine_start(false)));
	assert_non_null(strstr(last_message, "function 0"));
}

static void multifunction(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	assert_int_equal(pci_parse_slot("5,testdev"), 0);
	assert_int_equal(pci_parse_slot("5:3,testdev"), 0);
	machine_start(false);
	assert_int_equal(rd(CFG(5, PCIR_HDRTYPE), 1), 0x80);
	assert_int_equal(rd(CFG(5, 0) + 3 * 0x1000, 4), 0x56781234);
}

/* Whatever the guest has written, a reset restores everything. */
static void reset(void **state)
{
	uint64_t before[PCI_CFG_SIZE / 4], at = bar(0);
	uint64_t msix = rd(CFG(TEST_SLOT, PCIR_CAP_PTR), 1);
	unsigned int i;

	(void)state;
	for (i = 0; i < PCI_CFG_SIZE / 4; i++)
		before[i] = rd(CFG(TEST_SLOT, 4 * i), 4);
	wr(bar(1), 4, V2M_SETSPI);
	wr(bar(1) + 12, 4, 0); /* unmasked */
	pci_set_intx(test_pi, true);
	assert_true(irq_level[32 + 4]);
	wr(CFG(TEST_SLOT, PCIR_BAR(0)), 4, at + 0x100000);
	wr(CFG(TEST_SLOT, PCIR_INTLINE), 1, 0x55);
	wr(CFG(TEST_SLOT, msix + 2), 2, 0xc000);
	assert_int_equal(pci_generate_msix(test_pi, 1), true);
	reset_devices();
	for (i = 0; i < PCI_CFG_SIZE / 4; i++)
		assert_int_equal(rd(CFG(TEST_SLOT, 4 * i), 4), before[i]);
	assert_false(irq_level[32 + 4]);
	assert_int_equal(rd(at + 8, 4), 8);
	assert_int_equal(rd(bar(1), 4), 0);
	assert_int_equal(rd(bar(1) + 12, 4), 1);   /* masked */
	assert_int_equal(rd(bar(1) + 0x30, 8), 0); /* nothing pending */
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* The first, because the bus keeps its devices. */
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test_prestate(nobody_answers, "with a bridge"),
		TEST(enumeration),
		TEST(capabilities),
		TEST(sizing_and_moving),
		cmocka_unit_test(moving_one_by_one),
		cmocka_unit_test(overlap_ends),
		TEST(doorbells),
		TEST(hostile_bars),
		TEST(msix_delivery),
		TEST(msix_masking),
		TEST(msix_by_eventfd),
		TEST(msix_leads_nowhere),
		TEST(intx),
		TEST(gicv2m_frame),
		TEST(odd_accesses),
		TEST(multifunction),
		TEST(reset),
		TEST(bad_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
