/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses the guest's memory for its debugger. */
#include <string.h>
#include "bhyve/machine/mem.h"
#include "bhyve/machine/written.h"
#include "bhyve/run/gdb_impl.h"

#define PAGE_LEFT(addr) (0x1000 - ((addr)&0xfff))

static struct vcpu *current(const struct gdb *gdb)
{
	return vm_get_vcpu(gdb->ctx, gdb->cpu);
}

static bool translate(const struct gdb *gdb, uint64_t addr, uint64_t *gpa)
{
	*gpa = addr;
	return gdb->physical || !vm_gla2gpa_nofault(current(gdb), addr, gpa);
}

/* The widest access that alignment and length allow, as a CPU would use. */
static int access_size(uint64_t gpa, size_t len)
{
	if (!(gpa & 3) && len >= 4)
		return 4;
	return !(gpa & 1) && len >= 2 ? 2 : 1;
}

static size_t read_device(struct vcpu *vcpu, uint64_t gpa, uint8_t *to,
			  size_t len)
{
	int size = access_size(gpa, len);
	uint64_t val = 0;

	if (!mem_claimed(gpa, size, MEM_F_READ) ||
	    read_mem(vcpu, gpa, &val, size))
		return 0;
	for (int i = 0; i < size; i++)
		to[i] = val >> 8 * i;
	return size;
}

static size_t write_device(struct gdb *gdb, uint64_t gpa, const uint8_t *from,
			   size_t len)
{
	int size = access_size(gpa, len);
	uint64_t val = 0;

	for (int i = 0; i < size; i++)
		val |= (uint64_t)from[i] << 8 * i;
	if (!mem_claimed(gpa, size, MEM_F_WRITE) ||
	    write_mem(current(gdb), gpa, val, size))
		return 0;
	return size;
}

static size_t read_some(struct vcpu *vcpu, uint64_t gpa, uint8_t *to,
			size_t len)
{
	const void *mem = vm_map_gpa(vcpu_ctx(vcpu), gpa, len);

	if (!mem)
		return read_device(vcpu, gpa, to, len);
	memcpy(to, mem, len);
	return len;
}

static size_t write_some(struct gdb *gdb, uint64_t gpa, const uint8_t *from,
			 size_t len)
{
	void *mem = vm_map_gpa(gdb->ctx, gpa, len);

	if (!mem)
		return write_device(gdb, gpa, from, len);
	memcpy(mem, from, len);
	guest_written(mem, len);
	return vm_sync_code(gdb->ctx, gpa, len) ? 0 : len;
}

static size_t chunk(uint64_t addr, size_t left)
{
	return left < PAGE_LEFT(addr) ? left : PAGE_LEFT(addr);
}

size_t gdb_read_mem(struct gdb *gdb, uint64_t addr, void *to, size_t len)
{
	size_t done = 0, n = 1;
	uint64_t gpa;

	while (done < len && n && translate(gdb, addr + done, &gpa)) {
		n = read_some(current(gdb), gpa, (uint8_t *)to + done,
			      chunk(addr + done, len - done));
		done += n;
	}
	return done;
}

bool gdb_fetch(struct vcpu *vcpu, uint64_t gla, void *to, size_t len)
{
	size_t done = 0, n = 1;
	uint64_t gpa;

	while (done < len && n && !vm_gla2gpa_nofault(vcpu, gla + done, &gpa)) {
		n = read_some(vcpu, gpa, (uint8_t *)to + done,
			      chunk(gla + done, len - done));
		done += n;
	}
	return done == len;
}

size_t gdb_write_mem(struct gdb *gdb, uint64_t addr, const void *from,
		     size_t len)
{
	size_t done = 0, n = 1;
	uint64_t gpa;

	while (done < len && n && translate(gdb, addr + done, &gpa)) {
		n = write_some(gdb, gpa, (const uint8_t *)from + done,
			       chunk(addr + done, len - done));
		done += n;
	}
	return done;
}
