/* SPDX-License-Identifier: BSD-2-Clause */
/* fw_cfg, checked against QEMU's docs/specs/fw_cfg. */
#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include "bhyve/dev/fwcfg.h"
#include "bhyve/machine/machine.h"
#include "tests/unit/bhyve_fake.h"
#include "tests/unit/saved.h"

#define DATA	 0x09020000u
#define SELECTOR (DATA + 8)
#define DMA	 (DATA + 16)

#define ERROR  0x01u
#define READ   0x02u
#define SKIP   0x04u
#define SELECT 0x08u
#define WRITE  0x10u

#define CONTROL (FAKE_RAM_BASE + 0x1000)
#define BUFFER	(FAKE_RAM_BASE + 0x2000)

static int setup(void **state)
{
	(void)state;
	fake_reset();
	assert_int_equal(fwcfg_init(NULL, &virt_machine), 0);
	return 0;
}

static uint8_t *ram(uint64_t gpa)
{
	return fake_ram() + (gpa - FAKE_RAM_BASE);
}

static void select_item(uint16_t key)
{
	bus_write(SELECTOR, htobe16(key), 2);
}

static void read_bytes(void *buf, size_t len)
{
	for (uint8_t *p = buf; len--; p++)
		*p = bus_read(DATA, 1);
}

static uint32_t dma(uint32_t control, uint32_t len, uint64_t gpa)
{
	uint32_t words[4] = { htobe32(control), htobe32(len),
			      htobe32(gpa >> 32), htobe32(gpa) };

	memcpy(ram(CONTROL), words, sizeof(words));
	bus_write(DMA, 0, 4);
	bus_write(DMA + 4, htobe32(CONTROL), 4);
	memcpy(words, ram(CONTROL), 4);
	return be32toh(words[0]);
}

static void signature_and_id(void **state)
{
	char text[5] = "";
	uint32_t id;

	(void)state;
	select_item(0);
	read_bytes(text, 4);
	assert_string_equal(text, "QEMU");
	select_item(1);
	read_bytes(&id, 4);
	assert_int_equal(le32toh(id), 3); /* traditional, and DMA */
}

static void wide_reads_keep_the_order(void **state)
{
	(void)state;
	fwcfg_add_item(FWCFG_KERNEL_DATA, "abcdefghijkl", 12);
	select_item(FWCFG_KERNEL_DATA);
	assert_int_equal(bus_read(DATA, 2), 'a' | 'b' << 8);
	assert_int_equal(bus_read(DATA, 4), htole32(0x66656463));
	assert_int_equal(bus_read(DATA, 8), 0x6c6b6a696867);
	assert_int_equal(bus_read(DATA, 1), 0);
}

static void nothing_there(void **state)
{
	(void)state;
	select_item(0x1234);
	assert_int_equal(bus_read(DATA, 4), 0);
	select_item(0xffff);
	assert_int_equal(bus_read(DATA, 8), 0);
	memset(ram(BUFFER), 0xaa, 8);
	assert_int_equal(dma(0xbeefu << 16 | SELECT | READ, 4, BUFFER), 0);
	assert_memory_equal(ram(BUFFER), "\0\0\0\0\xaa", 5);
}

static void numbers_are_little_endian(void **state)
{
	(void)state;
	fwcfg_add_number(FWCFG_RAM_SIZE, 0x123456789a, 8);
	select_item(FWCFG_RAM_SIZE);
	assert_int_equal(bus_read(DATA, 8), 0x123456789a);
	fwcfg_add_number(FWCFG_NB_CPUS, 4, 2);
	select_item(FWCFG_NB_CPUS);
	assert_int_equal(bus_read(DATA, 4), 4);
}

struct entry {
	uint32_t size;
	uint16_t key, reserved;
	char name[56];
};

static void directory(void **state)
{
	struct entry entry[2];
	uint32_t count;
	char text[6] = "";

	(void)state;
	select_item(FWCFG_FILE_DIR);
	read_bytes(&count, 4);
	assert_int_equal(count, 0);
	assert_int_equal(fwcfg_add_file("opt/a", "hello", 5), 0);
	assert_int_equal(fwcfg_add_file("opt/b", "", 0), 0);
	select_item(FWCFG_FILE_DIR);
	read_bytes(&count, 4);
	assert_int_equal(be32toh(count), 2);
	read_bytes(entry, sizeof(entry));
	assert_string_equal(entry[0].name, "opt/a");
	assert_int_equal(be32toh(entry[0].size), 5);
	assert_string_equal(entry[1].name, "opt/b");
	assert_int_equal(be32toh(entry[1].size), 0);
	select_item(be16toh(entry[0].key));
	read_bytes(text, 5);
	assert_string_equal(text, "hello");
}

static void names(void **state)
{
	char name[57];

	(void)state;
	memset(name, 'n', 56);
	name[56] = '\0';
	assert_int_equal(fwcfg_add_file(name, "", 0), -EINVAL);
	assert_int_equal(fwcfg_add_file("", "", 0), -EINVAL);
	assert_int_equal(fwcfg_add_file(name + 1, "", 0), 0);
	assert_int_equal(fwcfg_add_file(name + 1, "", 0), -EEXIST);
	for (int i = 1; i < FWCFG_MAX_FILES; i++) {
		name[0] = '0' + i / 8;
		name[1] = '0' + i % 8;
		name[2] = '\0';
		assert_int_equal(fwcfg_add_file(name, "", 0), 0);
	}
	assert_int_equal(fwcfg_add_file("more", "", 0), -ENOSPC);
}

static void dma_signature(void **state)
{
	(void)state;
	assert_int_equal(be64toh(bus_read(DMA, 8)), 0x51454d5520434647);
	assert_int_equal(be32toh(bus_read(DMA, 4)), 0x51454d55);
	assert_int_equal(be32toh(bus_read(DMA + 4, 4)), 0x20434647);
	assert_int_equal(bus_read(DMA, 1), 'Q');
}

static void dma_reads(void **state)
{
	(void)state;
	fwcfg_add_item(FWCFG_INITRD_DATA, "0123456789", 10);
	assert_int_equal(
		dma(FWCFG_INITRD_DATA << 16 | SELECT | READ, 4, BUFFER), 0);
	assert_memory_equal(ram(BUFFER), "0123\0", 5);
	assert_int_equal(dma(SKIP, 2, 0), 0);
	assert_int_equal(dma(READ, 2, BUFFER), 0);
	assert_memory_equal(ram(BUFFER), "67", 2);
	/* The register interface has the same item selected. */
	assert_int_equal(bus_read(DATA, 1), '8');
	memset(ram(BUFFER), 0xaa, 8);
	assert_int_equal(dma(READ, 4, BUFFER), 0);
	assert_memory_equal(ram(BUFFER), "9\0\0\0\xaa", 5);
	assert_int_equal(dma(SKIP, 0xffffffff, 0), 0);
	select_item(FWCFG_INITRD_DATA);
	assert_int_equal(bus_read(DATA, 1), '0');
}

static void dma_in_one_write(void **state)
{
	uint32_t words[4] = { htobe32(SELECT | READ), htobe32(4), 0,
			      htobe32(BUFFER) };

	(void)state;
	memcpy(ram(CONTROL), words, sizeof(words));
	bus_write(DMA, htobe64(CONTROL), 8);
	assert_memory_equal(ram(CONTROL), "\0\0\0\0", 4);
	assert_memory_equal(ram(BUFFER), "QEMU", 4);
}

static void dma_to_nowhere(void **state)
{
	(void)state;
	assert_int_equal(dma(SELECT | READ, 4, 0), ERROR);
	assert_int_equal(dma(SELECT | READ, 0xffffffff, BUFFER), ERROR);
	assert_int_equal(dma(SELECT | READ, 8,
			     FAKE_RAM_BASE + FAKE_RAM_SIZE - 4),
			 ERROR);
	assert_int_equal(dma(SELECT | READ, 4, UINT64_MAX), ERROR);
	assert_int_equal(dma(SELECT | READ, 0, 0), 0);
	bus_write(DMA, 0xffffffff, 4);
	bus_write(DMA + 4, 0xffffffff, 4);
	bus_write(DMA + 4, 0, 4);
}

static void nothing_can_be_written(void **state)
{
	(void)state;
	memcpy(ram(BUFFER), "evil", 4);
	assert_int_equal(dma(SELECT | WRITE, 4, BUFFER), ERROR);
	select_item(0x4000); /* formerly a request to write */
	bus_write(DATA, 'x', 1);
	assert_int_equal(bus_read(DATA, 4), 0x554d4551);
}

static int setup_moved(void **state)
{
	init_devices();
	setup(state);
	return fwcfg_add_file("opt/test", "0123456789", 10);
}

/* In the middle of an item; one that is shorter elsewhere is refused. */
static void moves(void **state)
{
	setup_moved(state);
	select_item(0x20);
	assert_int_equal(bus_read(DATA, 1), '0');
	assert_int_equal(bus_read(DATA, 1), '1');
	save_all();
	setup_moved(state);
	load_all();
	assert_int_equal(bus_read(DATA, 1), '2');
	init_devices();
	setup(state);
	assert_int_equal(fwcfg_add_file("opt/test", "0", 1), 0);
	assert_string_equal(
		load_one(0),
		"the length of the item that is being read is 10 in"
		" the snapshot and 1 here: start bhyve with the same"
		" configuration");
	load_damaged(setup_moved);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(moves, setup),
		cmocka_unit_test_setup(signature_and_id, setup),
		cmocka_unit_test_setup(wide_reads_keep_the_order, setup),
		cmocka_unit_test_setup(nothing_there, setup),
		cmocka_unit_test_setup(numbers_are_little_endian, setup),
		cmocka_unit_test_setup(directory, setup),
		cmocka_unit_test_setup(names, setup),
		cmocka_unit_test_setup(dma_signature, setup),
		cmocka_unit_test_setup(dma_reads, setup),
		cmocka_unit_test_setup(dma_in_one_write, setup),
		cmocka_unit_test_setup(dma_to_nowhere, setup),
		cmocka_unit_test_setup(nothing_can_be_written, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
