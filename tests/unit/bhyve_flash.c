/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flash, checked against JESD68.01 and the 28F640J3's data sheet, as a
 * driver of two 16-bit chips on 32 bits sees it.
 */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/dev/flash_cfi.h"
#include "bhyve/machine/machine.h"
#include "tests/unit/bhyve_fake.h"
#include "tests/unit/saved.h"

#define ROM	     0x00000000u
#define VARS	     0x04000000u
#define BANK	     0x4000000u
#define BLOCK	     0x40000u
#define BUFFER	     0x1000u
#define READY	     0x00800080u
#define BAD_SEQUENCE 0x00b000b0u

#define ROM_LEN	 5000
#define VARS_LEN (BLOCK + 100)

static char rom_path[] = "/tmp/bhyve_flash.rom.XXXXXX";
static char vars_path[] = "/tmp/bhyve_flash.vars.XXXXXX";

static void fill(const char *path, size_t len, int byte)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	for (size_t i = 0; i < len; i++)
		fputc(byte, fp);
	fclose(fp);
}

static int file_byte(size_t at)
{
	FILE *fp = fopen(vars_path, "r");
	int byte;

	assert_non_null(fp);
	fseek(fp, at, SEEK_SET);
	byte = fgetc(fp);
	fclose(fp);
	return byte;
}

static size_t file_len(void)
{
	struct stat st;

	assert_int_equal(stat(vars_path, &st), 0);
	return st.st_size;
}

static int make_files(void **state)
{
	(void)state;
	close(mkstemp(rom_path));
	close(mkstemp(vars_path));
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	unlink(rom_path);
	unlink(vars_path);
	return 0;
}

/* Two banks of each start would soon fill the address space of a 32-bit program. */
static void unmap_banks(void)
{
	for (unsigned int i = 0; i < FAKE_ROMS; i++)
		if (fake_rom[i].mem)
			munmap((void *)(uintptr_t)fake_rom[i].mem, BANK);
}

/* A new file each time, because the earlier one is still open and locked. */
static void start(const char *vars)
{
	unmap_banks();
	fake_reset();
	assert_int_equal(flash_init(NULL, &virt_machine, rom_path, vars), 0);
}

static int setup(void **state)
{
	(void)state;
	unlink(vars_path);
	fill(rom_path, ROM_LEN, 0x11);
	fill(vars_path, VARS_LEN, 0xf0);
	start(vars_path);
	return 0;
}

static uint32_t read32(uint32_t addr)
{
	return bus_read(addr, 4);
}

static void write32(uint32_t addr, uint32_t val)
{
	bus_write(addr, val, 4);
}

static uint32_t status(uint32_t bank)
{
	write32(bank, 0x00700070);
	return read32(bank);
}

static void read_mode(uint32_t bank)
{
	write32(bank, 0x00ff00ff);
}

static void program(uint32_t addr, uint32_t val)
{
	write32(addr, 0x00400040);
	write32(addr, val);
	assert_int_equal(read32(addr), READY);
	read_mode(addr);
}

static void erase(uint32_t addr)
{
	write32(addr, 0x00200020);
	write32(addr, 0x00d000d0);
}

static void shows_its_files(void **state)
{
	(void)state;
	assert_int_equal(fake_rom[0].gpa, ROM);
	assert_int_equal(fake_rom[0].len, BANK);
	assert_int_equal(fake_rom[0].mem[ROM_LEN - 1], 0x11);
	assert_int_equal(fake_rom[0].mem[ROM_LEN], 0xff);
	assert_int_equal(fake_rom[0].mem[BANK - 1], 0xff);
	assert_int_equal(fake_rom[1].gpa, VARS);
	assert_int_equal(fake_rom[1].mem[VARS_LEN - 1], 0xf0);
	assert_int_equal(read32(ROM), 0x11111111);
}

/* Behind the end of the file the bank is erased. */
/* By whoever else may write to it: bhyve dies of SIGBUS if it looks there. */
static void a_file_cut_short_is_whole_to_the_guest(void **state)
{
	(void)state;
	assert_int_equal(truncate(rom_path, 0), 0);
	assert_int_equal(fake_rom[0].mem[ROM_LEN - 1], 0x11);
	assert_int_equal(read32(ROM), 0x11111111);
}

static void behind_the_end(void **state)
{
	(void)state;
	assert_int_equal(read32(ROM + 0x100000), 0xffffffff);
	assert_int_equal(bus_read(VARS + VARS_LEN - 1, 1), 0xf0);
	assert_int_equal(bus_read(VARS + VARS_LEN, 1), 0xff);
	assert_int_equal(read32(VARS + 0x3fffffc), 0xffffffff);
}

/* Only the array may be read without an exit. */
static void hides_for_commands(void **state)
{
	(void)state;
	write32(VARS, 0x00700070);
	assert_int_equal(fake_rom[1].len, 0);
	assert_int_equal(fake_rom[0].len, BANK);
	write32(VARS, 0x00500050);
	assert_int_equal(fake_rom[1].len, 0);
	read_mode(VARS);
	assert_int_equal(fake_rom[1].len, BANK);
	assert_int_equal(fake_rom[1].changes, 3);
}

static uint8_t query(uint32_t at)
{
	uint32_t val = read32(VARS + at * 4);

	assert_int_equal(val >> 16, val & 0xffff);
	assert_int_equal(bus_read(VARS + at * 4 + 2, 2), val >> 16);
	assert_int_equal(bus_read(VARS + at * 4, 1), val & 0xff);
	return val;
}

/* JESD68.01, 2: identification, then geometry. */
static void answers_the_query(void **state)
{
	uint32_t blocks, block, ext;

	(void)state;
	write32(VARS + 0x55 * 4, 0x00980098);
	assert_int_equal(query(0x10), 'Q');
	assert_int_equal(query(0x11), 'R');
	assert_int_equal(query(0x12), 'Y');
	assert_int_equal(query(0x13) | query(0x14) << 8, 1);
	assert_int_equal(query(0x27), 25);
	assert_int_equal(query(0x2a), 11);
	assert_int_equal(query(0x2c), 1);
	blocks = (query(0x2d) | query(0x2e) << 8) + 1;
	block = (query(0x2f) | query(0x30) << 8) * 256;
	assert_int_equal(block, BLOCK / 2);
	assert_int_equal(2 * blocks * block, 64 << 20);
	ext = query(0x15) | query(0x16) << 8;
	assert_int_equal(query(ext), 'P');
	assert_int_equal(query(ext + 1), 'R');
	assert_int_equal(query(ext + 2), 'I');
	assert_int_equal(query(0xff), 0);
}

static void identifies_itself(void **state)
{
	(void)state;
	write32(VARS, 0x00900090);
	assert_int_equal(read32(VARS), 0x00890089);
	assert_int_equal(read32(VARS + 4), 0x00180018);
	assert_int_equal(read32(VARS + BLOCK + 8), 0); /* not locked */
}

static void programming_clears_bits(void **state)
{
	(void)state;
	program(VARS + 8, 0x3c3c5a5a);
	assert_int_equal(read32(VARS + 8), 0x30305050);
	program(VARS + 8, 0xffffffff);
	assert_int_equal(read32(VARS + 8), 0x30305050);
	assert_int_equal(read32(VARS + 4), 0xf0f0f0f0);
	assert_int_equal(read32(VARS + 12), 0xf0f0f0f0);
	assert_int_equal(file_byte(8), 0x50);
	assert_int_equal(file_len(), VARS_LEN);
}

static void programs_parts_of_words(void **state)
{
	(void)state;
	bus_write(VARS + 2, 0x40, 2);
	bus_write(VARS + 2, 0x1234, 2);
	bus_write(VARS + 5, 0x40, 1);
	bus_write(VARS + 5, 0xaa, 1);
	read_mode(VARS);
	assert_int_equal(read32(VARS), 0x1030f0f0);
	assert_int_equal(read32(VARS + 4), 0xf0f0a0f0);
}

static void erases_a_block(void **state)
{
	(void)state;
	program(VARS, 0);
	erase(VARS + 0x1234);
	assert_int_equal(read32(VARS), READY);
	read_mode(VARS);
	assert_int_equal(read32(VARS), 0xffffffff);
	assert_int_equal(read32(VARS + BLOCK - 4), 0xffffffff);
	assert_int_equal(read32(VARS + BLOCK), 0xf0f0f0f0);
	assert_int_equal(file_byte(BLOCK - 1), 0xff);
	assert_int_equal(file_byte(BLOCK), 0xf0);
}

/* The file grows by the block that is written, and by all before it. */
static void file_grows(void **state)
{
	(void)state;
	erase(VARS + 3 * BLOCK);
	assert_int_equal(file_len(), VARS_LEN);
	program(VARS + 3 * BLOCK + 4, 0x12345678);
	assert_int_equal(file_len(), 4 * BLOCK);
	assert_int_equal(file_byte(VARS_LEN - 1), 0xf0);
	assert_int_equal(file_byte(VARS_LEN), 0xff);
	assert_int_equal(file_byte(3 * BLOCK + 4), 0x78);
	assert_int_equal(fake_rom[1].mem[3 * BLOCK - 1], 0xff);
}

static void buffer(uint32_t addr, unsigned int n, uint32_t first)
{
	write32(addr, 0x00e800e8);
	assert_int_equal(read32(addr), READY);
	write32(addr, (n - 1) << 16 | (n - 1));
	for (unsigned int i = 0; i < n; i++)
		write32(addr + 4 * i, first + i);
}

static void writes_a_buffer(void **state)
{
	(void)state;
	erase(VARS);
	buffer(VARS + 0x100, 32, 0x10000);
	write32(VARS, 0x00d000d0);
	assert_int_equal(read32(VARS), READY);
	read_mode(VARS);
	assert_int_equal(read32(VARS + 0xfc), 0xffffffff);
	assert_int_equal(read32(VARS + 0x100), 0x10000);
	assert_int_equal(read32(VARS + 0x100 + 31 * 4), 0x1001f);
	assert_int_equal(read32(VARS + 0x100 + 32 * 4), 0xffffffff);
}

static void fills_a_buffer(void **state)
{
	(void)state;
	erase(VARS);
	buffer(VARS + BUFFER, BUFFER / 4, 0);
	write32(VARS, 0x00d000d0);
	assert_int_equal(status(VARS), READY);
	read_mode(VARS);
	assert_int_equal(read32(VARS + 2 * BUFFER - 4), BUFFER / 4 - 1);
}

/* U-Boot treats the two chips as one, and writes 16 bits at a time. */
static void buffer_of_halfwords(void **state)
{
	(void)state;
	erase(VARS);
	bus_write(VARS, 0xe8, 2);
	bus_write(VARS, 3, 2);
	for (unsigned int i = 0; i < 4; i++)
		bus_write(VARS + 2 * i, 0x1110 + i, 2);
	bus_write(VARS, 0xd0, 2);
	assert_int_equal(bus_read(VARS, 2), 0x80);
	bus_write(VARS, 0xff, 2);
	assert_int_equal(read32(VARS), 0x11111110);
	assert_int_equal(read32(VARS + 4), 0x11131112);
	assert_int_equal(read32(VARS + 8), 0xffffffff);
}

static void assert_refused(uint32_t expected)
{
	assert_int_equal(status(VARS), expected);
	write32(VARS, 0x00500050);
	assert_int_equal(status(VARS), READY);
	read_mode(VARS);
	assert_int_equal(read32(VARS + 0x100), 0xf0f0f0f0);
}

static void wrong_sequences(void **state)
{
	(void)state;
	write32(VARS, 0x00200020); /* erase, not confirmed */
	write32(VARS, 0x00ff00ff);
	assert_refused(BAD_SEQUENCE);
	buffer(VARS + 0x100, 2, 0); /* buffer, not confirmed */
	write32(VARS, 0x00ff00ff);
	assert_refused(BAD_SEQUENCE);
	write32(VARS, 0x00e800e8); /* more than fits */
	write32(VARS, 0x04000400);
	assert_refused(BAD_SEQUENCE);
	write32(VARS, 0x00e800e8); /* outside of the range in which it began */
	write32(VARS, 0x00010001);
	write32(VARS + 0x100, 0);
	write32(VARS + BUFFER, 0);
	assert_refused(BAD_SEQUENCE);
}

/* Drivers unlock the blocks they write, and find them unlocked. */
static void locks_nothing(void **state)
{
	(void)state;
	write32(VARS, 0x00600060);
	write32(VARS, 0x00010001);
	write32(VARS, 0x00600060);
	write32(VARS, 0x00d000d0);
	assert_int_equal(status(VARS), READY);
	read_mode(VARS);
	program(VARS, 0);
	assert_int_equal(read32(VARS), 0);
}

static void rom_stays(void **state)
{
	(void)state;
	erase(ROM);
	assert_int_equal(status(ROM), 0x00a200a2);
	write32(ROM, 0x00500050);
	write32(ROM, 0x00400040);
	write32(ROM, 0);
	assert_int_equal(status(ROM), 0x00920092);
	read_mode(ROM);
	assert_int_equal(read32(ROM), 0x11111111);
}

/*
 * If the file cannot be written nothing changes, and the guest gets an error.
 */
static void full_disk(void **state)
{
	struct rlimit old, none;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none = (struct rlimit){ VARS_LEN, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &none);
	write32(VARS + 2 * BLOCK, 0x00400040);
	write32(VARS + 2 * BLOCK, 0);
	assert_int_equal(read32(VARS), 0x00900090);
	write32(VARS, 0x00500050);
	read_mode(VARS);
	assert_int_equal(read32(VARS + 2 * BLOCK), 0xffffffff);
	setrlimit(RLIMIT_FSIZE, &old);
	program(VARS + 2 * BLOCK, 0);
	assert_int_equal(read32(VARS + 2 * BLOCK), 0);
}

static void without_a_file(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(fake_rom[1].len, BANK);
	assert_int_equal(read32(VARS), 0xffffffff);
	program(VARS, 0x1234);
	assert_int_equal(read32(VARS), 0x1234);
	assert_int_equal(fake_rom[1].mem[0], 0x34);
	assert_int_equal(fake_rom[1].mem[0x100000], 0xff);
}

static void wide_and_unaligned(void **state)
{
	(void)state;
	program(VARS, 0x12345678);
	assert_int_equal(bus_read(VARS, 8) & 0xffffffff, 0x10305070);
	assert_int_equal(bus_read(VARS + 3, 2), 0xf010);
	assert_int_equal(bus_read(VARS + 2, 4), 0xf0f01030);
}

/* In the middle of filling the write buffer, which reads as the status. */
static void moves(void **state)
{
	const uint32_t erased = VARS + 4 * BLOCK;

	init_devices();
	setup(state);
	bus_write(erased, 0x00e800e8, 4);
	bus_write(erased, 1, 4);
	bus_write(erased + 4, 0x11223344, 4);
	save_all();
	init_devices();
	setup(state);
	load_all();
	assert_int_equal(fake_rom[1].len, 0);
	assert_int_equal(fake_rom[0].len, BANK);
	assert_int_equal(bus_read(VARS, 4), READY);
	bus_write(erased + 8, 0x55667788, 4);
	bus_write(erased, 0x00d000d0, 4);
	bus_write(erased, 0x00ff00ff, 4);
	assert_int_equal(bus_read(erased + 4, 4), 0x11223344);
	assert_int_equal(bus_read(erased + 8, 4), 0x55667788);
	forget_saved();
}

/* Variables without a file would be lost. */
static void variables_without_a_file_do_not_move(void **state)
{
	struct state s;

	(void)state;
	init_devices();
	start(NULL);
	bus_write(VARS, 0x00400040, 4);
	bus_write(VARS, 0, 4);
	state_begin_save(&s);
	nth_device(1)->state(nth_device(1)->arg, &s);
	assert_false(state_end(&s));
	assert_string_equal(s.error, "the guest's variables are in no file:"
				     " give bootrom=ROM,VARS");
	state_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(moves, setup),
		cmocka_unit_test_setup(variables_without_a_file_do_not_move,
				       setup),
		cmocka_unit_test_setup(shows_its_files, setup),
		cmocka_unit_test_setup(a_file_cut_short_is_whole_to_the_guest,
				       setup),
		cmocka_unit_test_setup(behind_the_end, setup),
		cmocka_unit_test_setup(hides_for_commands, setup),
		cmocka_unit_test_setup(answers_the_query, setup),
		cmocka_unit_test_setup(identifies_itself, setup),
		cmocka_unit_test_setup(programming_clears_bits, setup),
		cmocka_unit_test_setup(programs_parts_of_words, setup),
		cmocka_unit_test_setup(erases_a_block, setup),
		cmocka_unit_test_setup(file_grows, setup),
		cmocka_unit_test_setup(writes_a_buffer, setup),
		cmocka_unit_test_setup(fills_a_buffer, setup),
		cmocka_unit_test_setup(buffer_of_halfwords, setup),
		cmocka_unit_test_setup(wrong_sequences, setup),
		cmocka_unit_test_setup(locks_nothing, setup),
		cmocka_unit_test_setup(rom_stays, setup),
		cmocka_unit_test_setup(full_disk, setup),
		cmocka_unit_test_setup(without_a_file, setup),
		cmocka_unit_test_setup(wide_and_unaligned, setup),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
