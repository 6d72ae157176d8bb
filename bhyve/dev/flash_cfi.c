/* SPDX-License-Identifier: BSD-2-Clause */
/* NOR flash with Intel's command set; names are those of the data sheets. */
#include <endian.h>
#include <libfdt.h>
#include <pthread.h>
#include <string.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/dev/flash_bank.h"
#include "bhyve/dev/flash_cfi.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/machine/device.h"

#define NBANKS	    2
#define BUS_WIDTH   4u /* two chips of 16 bits */
#define CHIP_BLOCK  0x20000u
#define BANK_BLOCK  (CHIP_BLOCK * 2)
#define CHIP_BUFFER 0x800u /* bytes of write buffer in a chip */
#define BANK_BUFFER (CHIP_BUFFER * 2)

enum command {
	CMD_PROGRAM_ALT = 0x10,
	CMD_BLOCK_ERASE = 0x20,
	CMD_PROGRAM = 0x40,
	CMD_CLEAR_STATUS = 0x50,
	CMD_LOCK = 0x60,
	CMD_READ_STATUS = 0x70,
	CMD_READ_ID = 0x90,
	CMD_QUERY = 0x98,
	CMD_SUSPEND = 0xb0,
	CMD_CONFIRM = 0xd0, /* and resume */
	CMD_BUFFER = 0xe8,
	CMD_READ_ARRAY = 0xff,
};

#define SR_READY	  (1u << 7)
#define SR_ERASE_ERROR	  (1u << 5)
#define SR_PROGRAM_ERROR  (1u << 4)
#define SR_SEQUENCE_ERROR (SR_ERASE_ERROR | SR_PROGRAM_ERROR)
#define SR_LOCKED	  (1u << 1)

#define MANUFACTURER 0x89
#define DEVICE	     0x18

/* What a read returns. */
enum read_mode {
	READ_ARRAY,
	READ_STATUS,
	READ_ID,
	READ_QUERY
};

/* What the next write cycle is. */
enum cycle {
	COMMAND,
	PROGRAM_DATA,
	ERASE_CONFIRM,
	LOCK_CONFIRM,
	BUFFER_COUNT,
	BUFFER_DATA,
	BUFFER_CONFIRM
};

/* Data collected for one aligned range of the bank. */
struct write_buffer {
	uint8_t data[BANK_BUFFER];
	uint32_t base;
	unsigned int left; /* writes that are still expected */
	bool begun;
};

struct flash {
	pthread_mutex_t lock;
	struct vmctx *ctx;
	struct machine_range range;
	struct flash_bank bank;
	int slot; /* slot of vm_add_rom() */
	bool shown;
	enum read_mode mode;
	enum cycle cycle;
	uint8_t sr;
	struct write_buffer buffer;
	uint8_t scratch[BANK_BLOCK];
};

static struct flash banks[NBANKS];

/* CFI query data (JESD68.01), from word 0x10 of a chip. */
#define QUERY_BASE 0x10u
static const uint8_t query[] = {
	'Q',
	'R',
	'Y',
	0x01,
	0x00, /* Intel/Sharp extended command set */
	0x31,
	0x00, /* where its table is, below */
	0x00,
	0x00,
	0x00,
	0x00, /* no alternate command set */
	0x45,
	0x55,
	0x00,
	0x00, /* 4.5 to 5.5 V, no programming voltage */
	/*
	 * Typical times as powers of two: word and buffer in us, block and chip
	 * in ms; then how many powers of two more the longest take.
	 */
	0x07,
	0x07,
	0x0a,
	0x00,
	0x04,
	0x04,
	0x04,
	0x00,
	25, /* 32 MiB */
	0x02,
	0x00, /* 8 or 16 bits wide */
	11,
	0x00, /* 2 KiB of write buffer */
	/* 256 blocks of one size */
	1,
	0xff,
	0x00,
	CHIP_BLOCK >> 8 & 0xff,
	CHIP_BLOCK >> 16,
	/* 0x31: version 1.0, no suspend, no lock bits, no extras. */
	'P',
	'R',
	'I',
	'1',
	'0',
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	0,
};

_Static_assert(CHIP_BUFFER == 1 << 11, "as the query says");

static uint32_t read_array(const struct flash *f, uint32_t offset)
{
	uint32_t val = 0;

	for (unsigned int i = 0; i < BUS_WIDTH; i++)
		val |= (uint32_t)f->bank.mem[offset + i] << 8 * i;
	return val;
}

/* Word 2 of each block reads as 0: the block is not locked. */
static uint16_t read_id(uint32_t word)
{
	switch (word & 0xff) {
	case 0:
		return MANUFACTURER;
	case 1:
		return DEVICE;
	default:
		return 0;
	}
}

static uint16_t read_query(uint32_t word)
{
	uint32_t at = (word & 0xff) - QUERY_BASE;

	return at < sizeof(query) ? query[at] : 0;
}

static uint32_t both(uint16_t chip)
{
	return (uint32_t)chip << 16 | chip;
}

/* The bus word at @offset, a multiple of 4. */
static uint32_t read_word(const struct flash *f, uint32_t offset)
{
	switch (f->mode) {
	case READ_STATUS:
		return both(f->sr);
	case READ_ID:
		return both(read_id(offset / BUS_WIDTH));
	case READ_QUERY:
		return both(read_query(offset / BUS_WIDTH));
	default:
		return read_array(f, offset);
	}
}

static bool may_write(struct flash *f, uint8_t error)
{
	if (f->bank.readonly)
		f->sr |= error | SR_LOCKED;
	return !f->bank.readonly;
}

/* Programming only clears bits. */
static void program(struct flash *f, uint32_t offset, const uint8_t *data,
		    size_t len)
{
	if (!may_write(f, SR_PROGRAM_ERROR))
		return;
	for (size_t i = 0; i < len; i++)
		f->scratch[i] = f->bank.mem[offset + i] & data[i];
	if (!flash_bank_write(&f->bank, offset, f->scratch, len))
		f->sr |= SR_PROGRAM_ERROR;
}

/* Behind the end of the file the bank is erased already. */
static void erase(struct flash *f, uint32_t offset)
{
	offset &= ~(BANK_BLOCK - 1);
	if (!may_write(f, SR_ERASE_ERROR) || offset >= f->bank.len)
		return;
	memset(f->scratch, 0xff, BANK_BLOCK);
	if (!flash_bank_write(&f->bank, offset, f->scratch, BANK_BLOCK))
		f->sr |= SR_ERASE_ERROR;
}

/* @count is the number of writes to come, minus one. */
static void begin_buffer(struct flash *f, uint16_t count)
{
	f->cycle = COMMAND;
	if (count >= CHIP_BUFFER / 2) {
		f->sr |= SR_SEQUENCE_ERROR;
		return;
	}
	memset(f->buffer.data, 0xff, sizeof(f->buffer.data));
	f->buffer.left = count + 1;
	f->buffer.begun = false;
	f->cycle = BUFFER_DATA;
}

/* The first write selects the range that the buffer stands for. */
static void fill_buffer(struct flash *f, uint32_t offset, const uint8_t *data,
			size_t len)
{
	struct write_buffer *b = &f->buffer;
	uint32_t base = offset & ~(BANK_BUFFER - 1);

	if (!b->begun)
		b->base = base;
	b->begun = true;
	if (base != b->base) {
		f->sr |= SR_SEQUENCE_ERROR;
		f->cycle = COMMAND;
		return;
	}
	memcpy(b->data + (offset - base), data, len);
	if (--b->left == 0)
		f->cycle = BUFFER_CONFIRM;
}

static void command(struct flash *f, uint8_t cmd)
{
	switch (cmd) {
	case CMD_CLEAR_STATUS:
		f->sr = SR_READY;
		return;
	case CMD_READ_ID:
		f->mode = READ_ID;
		return;
	case CMD_QUERY:
		f->mode = READ_QUERY;
		return;
	case CMD_PROGRAM:
	case CMD_PROGRAM_ALT:
		f->cycle = PROGRAM_DATA;
		break;
	case CMD_BLOCK_ERASE:
		f->cycle = ERASE_CONFIRM;
		break;
	case CMD_LOCK:
		f->cycle = LOCK_CONFIRM;
		break;
	case CMD_BUFFER:
		f->cycle = BUFFER_COUNT;
		break;
	case CMD_READ_STATUS:
	case CMD_SUSPEND: /* no operation is ever under way */
	case CMD_CONFIRM:
		break;
	case CMD_READ_ARRAY:
	default: /* includes 0xf0, AMD's reset, which probes use */
		f->mode = READ_ARRAY;
		return;
	}
	f->mode = READ_STATUS;
}

static void confirm(struct flash *f, uint32_t offset, uint8_t cmd)
{
	enum cycle was = f->cycle;

	f->cycle = COMMAND;
	if (was == LOCK_CONFIRM)
		return; /* lock commands do nothing: there are no lock bits */
	if (cmd != CMD_CONFIRM)
		f->sr |= SR_SEQUENCE_ERROR;
	else if (was == ERASE_CONFIRM)
		erase(f, offset);
	else
		program(f, f->buffer.base, f->buffer.data, BANK_BUFFER);
}

/*
 * One write cycle. Both chips take a command from any part of the word: QEMU's
 * do so, and U-Boot treats the two chips as one.
 */
static void write_cycle(struct flash *f, uint32_t offset, const uint8_t *data,
			size_t len)
{
	switch (f->cycle) {
	case COMMAND:
		command(f, data[0]);
		break;
	case PROGRAM_DATA:
		f->cycle = COMMAND;
		program(f, offset, data, len);
		break;
	case BUFFER_COUNT:
		begin_buffer(f, data[0] | (len > 1 ? data[1] << 8 : 0));
		break;
	case BUFFER_DATA:
		fill_buffer(f, offset, data, len);
		break;
	default:
		confirm(f, offset, data[0]);
	}
}

/*
 * Shows the bank to the guest as a ROM while it is in read-array mode, and
 * hides it otherwise.
 */
static void show(struct flash *f)
{
	bool array = f->mode == READ_ARRAY;
	uint64_t len = array ? f->bank.size : 0;

	if (array == f->shown)
		return;
	if (array)
		flash_bank_sync(&f->bank);
	/* If that fails, reads still exit and are answered here. */
	vm_show_rom(f->ctx, f->slot, f->range.base, len, f->bank.mem);
	f->shown = array;
}

/* Splits an access into one bus cycle for each bus word it touches. */
static void cycles(struct flash *f, int dir, uint32_t offset, int size,
		   uint8_t *data)
{
	while (size) {
		int into = offset % BUS_WIDTH, len = BUS_WIDTH - into;
		uint32_t word;

		if (len > size)
			len = size;
		if (dir == MEM_F_WRITE) {
			write_cycle(f, offset, data, len);
		} else {
			word = htole32(read_word(f, offset - into));
			memcpy(data, (uint8_t *)&word + into, len);
		}
		offset += len;
		data += len;
		size -= len;
	}
}

static int access_flash(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			uint64_t *val, void *arg1, long arg2)
{
	struct flash *f = arg1;
	uint64_t le = htole64(*val);

	(void)vcpu, (void)arg2;
	if (dir == MEM_F_READ)
		le = 0;
	pthread_mutex_lock(&f->lock);
	cycles(f, dir, addr - f->range.base, size, (uint8_t *)&le);
	if (dir == MEM_F_WRITE)
		show(f);
	pthread_mutex_unlock(&f->lock);
	*val = le64toh(le);
	return 0;
}

/* The chips' RST# pin: the contents stay, the mode is reset. */
static void flash_reset(void *arg)
{
	struct flash *f = arg;

	pthread_mutex_lock(&f->lock);
	f->mode = READ_ARRAY;
	f->cycle = COMMAND;
	f->sr = SR_READY;
	show(f);
	pthread_mutex_unlock(&f->lock);
}

static void buffer_state(struct flash *f, struct state *s)
{
	struct write_buffer *b = &f->buffer;

	state_bytes(s, "buffer", b->data, sizeof(b->data));
	STATE_MAX(s, b, base, f->range.size - BANK_BUFFER);
	STATE_MAX(s, b, left, CHIP_BUFFER / 2);
	STATE(s, b, begun);
	if (b->base % BANK_BUFFER || (f->cycle == BUFFER_DATA && !b->left))
		state_fail(s, "its write buffer is in no possible state");
}

/*
 * The contents are in the bank's file, which is part of the configuration as a
 * disk's image is.
 */
static void flash_state(void *arg, struct state *s)
{
	struct flash *f = arg;

	pthread_mutex_lock(&f->lock);
	if (!f->bank.path && f->bank.len)
		state_fail(s, "the guest's variables are in no file: give"
			      " bootrom=ROM,VARS");
	STATE_MAX(s, f, mode, READ_QUERY);
	STATE_MAX(s, f, cycle, BUFFER_CONFIRM);
	STATE(s, f, sr);
	buffer_state(f, s);
	if (state_is_loaded(s)) {
		flash_bank_read_again(&f->bank);
		show(f);
	} else if (state_is_good(s) && f->bank.fd >= 0) {
		flash_bank_sync(&f->bank);
	}
	pthread_mutex_unlock(&f->lock);
}

static int add_bank(struct flash *f, struct vmctx *ctx,
		    const struct machine_range *range)
{
	struct mem_range mr = {
		.name = "flash",
		.flags = MEM_F_RW,
		.handler = access_flash,
		.arg1 = f,
		.base = range->base,
		.size = range->size,
	};

	pthread_mutex_init(&f->lock, NULL);
	f->ctx = ctx;
	f->range = *range;
	f->shown = false;
	f->slot = vm_add_rom(ctx);
	if (f->slot < 0)
		return f->slot;
	flash_reset(f);
	register_device("flash", f - banks, flash_reset, flash_state, f);
	return register_mem(&mr);
}

/* devicetree: mtd/mtd-physmap.yaml; one node for both banks. */
static int add_node(void *fdt, void *arg)
{
	uint32_t reg[4 * NBANKS], *cell = reg;
	int err;

	(void)arg;
	for (unsigned int i = 0; i < NBANKS; i++) {
		*cell++ = banks[i].range.base >> 32;
		*cell++ = banks[i].range.base;
		*cell++ = banks[i].range.size >> 32;
		*cell++ = banks[i].range.size;
	}
	err = fdt_begin_node_at(fdt, "flash", banks[0].range.base);
	if (!err)
		err = fdt_property_string(fdt, "compatible", "cfi-flash");
	if (!err)
		err = fdt_prop_cells(fdt, "reg", reg, 4 * NBANKS);
	if (!err)
		err = fdt_property_u32(fdt, "bank-width", BUS_WIDTH);
	return err ? err : fdt_end_node(fdt);
}

int flash_init(struct vmctx *ctx, const struct machine *machine,
	       const char *rom, const char *vars)
{
	const struct machine_range *code = &machine->map[MACHINE_FLASH0];
	const struct machine_range *data = &machine->map[MACHINE_FLASH1];
	int ret;

	flash_bank_open_rom(&banks[0].bank, rom, code->size, BANK_BLOCK);
	flash_bank_open_vars(&banks[1].bank, vars, data->size, BANK_BLOCK);
	ret = add_bank(&banks[0], ctx, code);
	if (!ret)
		ret = add_bank(&banks[1], ctx, data);
	return ret ? ret : fdt_register_node(add_node, NULL);
}

uint8_t *flash_code(void)
{
	return banks[0].bank.mem;
}
