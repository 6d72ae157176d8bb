/* SPDX-License-Identifier: BSD-2-Clause */
/* fw_cfg with its MMIO interface (QEMU: docs/specs/fw_cfg). */
#include <endian.h>
#include <errno.h>
#include <libfdt.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/dev/fwcfg.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/machine/written.h"
#include "bhyve/machine/device.h"
#include "lib/vmmapi.h"

enum {		      /* registers: all but the data register are big-endian */
	REG_DATA = 0, /* 8 bytes */
	REG_SELECTOR = 8, /* 2 */
	REG_DMA =
		16, /* 8 bytes; a write of the last four starts the transfer */
	REG_DMA_LOW = 20,
};

#define ID_TRADITIONAL (1u << 0)
#define ID_DMA	       (1u << 1)

#define DMA_ERROR     (1u << 0)
#define DMA_READ      (1u << 1)
#define DMA_SKIP      (1u << 2)
#define DMA_SELECT    (1u << 3)
#define DMA_WRITE     (1u << 4)
#define KEY_WRITE     0x4000u /* formerly a request to write; ignored */
#define DMA_SIGNATURE UINT64_C(0x51454d5520434647) /* "QEMU CFG" */

#define NITEMS (FWCFG_FILE_FIRST + FWCFG_MAX_FILES)

struct item {
	const uint8_t *data;
	uint32_t len;
	uint8_t number[8]; /* fwcfg_add_number()'s data */
};

struct file {
	uint32_t size; /* big-endian, like @key */
	uint16_t key;
	uint16_t reserved;
	char name[FWCFG_MAX_NAME];
};

struct directory {
	uint32_t count; /* big-endian */
	struct file files[FWCFG_MAX_FILES];
};

struct dma_control { /* big-endian, in guest memory */
	uint32_t control;
	uint32_t length;
	uint64_t address;
};

struct fwcfg {
	pthread_mutex_t lock;
	struct vmctx *ctx;
	struct item items[NITEMS];
	struct directory dir;
	unsigned int nfiles;
	uint16_t key; /* the selected item, */
	uint32_t at;  /* and the number of its bytes that were read */
	uint64_t dma_gpa;
};

/* The machine has only one. */
static struct fwcfg the_fwcfg;

void fwcfg_add_item(uint16_t key, const void *data, uint32_t len)
{
	the_fwcfg.items[key].data = data;
	the_fwcfg.items[key].len = len;
}

void fwcfg_add_number(uint16_t key, uint64_t val, unsigned int size)
{
	struct item *item = &the_fwcfg.items[key];

	val = htole64(val);
	memcpy(item->number, &val, sizeof(item->number));
	fwcfg_add_item(key, item->number, size);
}

static bool has_file(const struct fwcfg *f, const char *name)
{
	for (unsigned int i = 0; i < f->nfiles; i++)
		if (!strcmp(f->dir.files[i].name, name))
			return true;
	return false;
}

int fwcfg_add_file(const char *name, const void *data, uint32_t len)
{
	struct fwcfg *f = &the_fwcfg;
	struct file *file = &f->dir.files[f->nfiles];

	if (!*name || strlen(name) >= FWCFG_MAX_NAME)
		return -EINVAL;
	if (has_file(f, name))
		return -EEXIST;
	if (f->nfiles == FWCFG_MAX_FILES)
		return -ENOSPC;
	strcpy(file->name, name);
	file->size = htobe32(len);
	file->key = htobe16(FWCFG_FILE_FIRST + f->nfiles);
	fwcfg_add_item(FWCFG_FILE_FIRST + f->nfiles++, data, len);
	f->dir.count = htobe32(f->nfiles);
	fwcfg_add_item(FWCFG_FILE_DIR, &f->dir,
		       sizeof(f->dir.count) + f->nfiles * sizeof(*file));
	return 0;
}

static const struct item *selected(const struct fwcfg *f)
{
	static const struct item none;

	return f->key < NITEMS ? &f->items[f->key] : &none;
}

static void select_item(struct fwcfg *f, uint16_t key)
{
	f->key = key & ~KEY_WRITE;
	f->at = 0;
}

/* Takes up to @len bytes from the rest of the selected item. */
static uint32_t take(struct fwcfg *f, const uint8_t **datap, uint32_t len)
{
	const struct item *item = selected(f);
	uint32_t left = item->len - f->at;

	if (len > left)
		len = left;
	*datap = len ? item->data + f->at : NULL;
	f->at += len;
	return len;
}

/* The bytes in the order of guest memory; zeroes behind the item's end. */
static uint64_t read_data(struct fwcfg *f, int size)
{
	const uint8_t *data;
	uint64_t val = 0;
	uint32_t n = take(f, &data, size);

	for (uint32_t i = 0; i < n; i++)
		val |= (uint64_t)data[i] << 8 * i;
	return val;
}

static bool dma_read(struct fwcfg *f, uint64_t gpa, uint32_t len)
{
	uint8_t *mem = vm_map_gpa(f->ctx, gpa, len);
	const uint8_t *data;
	uint32_t n;

	if (!len)
		return true;
	if (!mem)
		return false;
	n = take(f, &data, len);
	if (n)
		memcpy(mem, data, n);
	memset(mem + n, 0, len - n);
	guest_written(mem, len);
	return true;
}

static bool dma_transfer(struct fwcfg *f, const struct dma_control *dma)
{
	uint32_t control = be32toh(dma->control);
	uint32_t len = be32toh(dma->length);
	const uint8_t *skipped;

	if (control & DMA_SELECT)
		select_item(f, control >> 16);
	if (control & DMA_READ)
		return dma_read(f, be64toh(dma->address), len);
	if (control & DMA_WRITE)
		return !len;
	if (control & DMA_SKIP)
		take(f, &skipped, len);
	return true;
}

/* The control word is written last, because the guest polls it. */
static void run_dma(struct fwcfg *f)
{
	uint64_t gpa = f->dma_gpa;
	struct dma_control dma;
	void *mem; /* wherever the guest has put it, aligned or not */
	bool ok;

	f->dma_gpa = 0;
	mem = vm_map_gpa(f->ctx, gpa, sizeof(dma));
	if (!mem)
		return; /* there is no memory to report the error in */
	memcpy(&dma, mem, sizeof(dma));
	ok = dma_transfer(f, &dma);
	dma.control = htobe32(ok ? 0 : DMA_ERROR);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memcpy(mem, &dma.control, sizeof(dma.control));
	guest_written(mem, sizeof(dma.control));
}

static uint64_t read_reg(struct fwcfg *f, uint64_t offset, int size)
{
	uint64_t be = htobe64(DMA_SIGNATURE);

	if (offset < REG_SELECTOR)
		return read_data(f, size);
	if (offset < REG_DMA)
		return 0;
	be >>= 8 * (offset - REG_DMA);
	return size == 8 ? be : be & ((UINT64_C(1) << 8 * size) - 1);
}

static void write_reg(struct fwcfg *f, uint64_t offset, int size, uint64_t val)
{
	if (offset == REG_SELECTOR && size == 2)
		select_item(f, be16toh(val));
	else if (offset == REG_DMA && size == 8)
		f->dma_gpa = be64toh(val);
	else if (offset == REG_DMA && size == 4)
		f->dma_gpa = (uint64_t)be32toh(val) << 32;
	else if (offset == REG_DMA_LOW && size == 4)
		f->dma_gpa |= be32toh(val);
	else
		return;
	if (offset == REG_DMA_LOW || (offset == REG_DMA && size == 8))
		run_dma(f);
}

static int access_fwcfg(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			uint64_t *val, void *arg1, long arg2)
{
	struct fwcfg *f = arg1;
	uint64_t offset = addr - arg2;

	(void)vcpu;
	pthread_mutex_lock(&f->lock);
	if (dir == MEM_F_READ)
		*val = read_reg(f, offset, size);
	else
		write_reg(f, offset, size, *val);
	pthread_mutex_unlock(&f->lock);
	return 0;
}

/* devicetree: firmware/qemu,fw-cfg-mmio.yaml */
static int add_node(void *fdt, void *arg)
{
	const struct machine_range *range = arg;
	int err;

	err = fdt_begin_node_at(fdt, "fw-cfg", range->base);
	if (!err)
		err = fdt_property_string(fdt, "compatible",
					  "qemu,fw-cfg-mmio");
	if (!err)
		err = fdt_prop_reg(fdt, range->base, range->size);
	if (!err)
		err = fdt_property(fdt, "dma-coherent", NULL, 0);
	return err ? err : fdt_end_node(fdt);
}

static void fwcfg_reset(void *arg)
{
	struct fwcfg *f = arg;

	pthread_mutex_lock(&f->lock);
	f->key = 0;
	f->at = 0;
	f->dma_gpa = 0;
	pthread_mutex_unlock(&f->lock);
}

/* The items are made anew; those of another configuration are refused. */
static void check_item(const struct fwcfg *f, struct state *s)
{
	state_same(s, "the number of files", f->nfiles);
	state_same(s, "the length of the item that is being read",
		   selected(f)->len);
	if (f->at > selected(f)->len)
		state_fail(s, "at is %u, behind the item's end", f->at);
}

static void fwcfg_state(void *arg, struct state *s)
{
	struct fwcfg *f = arg;

	pthread_mutex_lock(&f->lock);
	STATE(s, f, key);
	STATE(s, f, at);
	STATE(s, f, dma_gpa);
	check_item(f, s);
	pthread_mutex_unlock(&f->lock);
}

int fwcfg_init(struct vmctx *ctx, const struct machine *machine)
{
	const struct machine_range *range = &machine->map[MACHINE_FW_CFG];
	struct mem_range mr = {
		.name = "fw_cfg",
		.flags = MEM_F_RW,
		.handler = access_fwcfg,
		.arg1 = &the_fwcfg,
		.arg2 = range->base,
		.base = range->base,
		.size = range->size,
	};
	int ret;

	the_fwcfg = (struct fwcfg){ .ctx = ctx };
	pthread_mutex_init(&the_fwcfg.lock, NULL);
	fwcfg_add_item(FWCFG_SIGNATURE, "QEMU", 4);
	fwcfg_add_number(FWCFG_ID, ID_TRADITIONAL | ID_DMA, 4);
	fwcfg_add_item(FWCFG_FILE_DIR, &the_fwcfg.dir, 4);
	register_device("fw-cfg", 0, fwcfg_reset, fwcfg_state, &the_fwcfg);
	ret = register_mem(&mr);
	return ret ? ret : fdt_register_node(add_node, (void *)range);
}
