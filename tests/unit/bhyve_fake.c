/* SPDX-License-Identifier: BSD-2-Clause */
/* The surroundings of a device in its unit test. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include <vmm/vmm_posted.h>
#include "bhyve/console/console.h"
#include "bhyve/machine/mem.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/posted.h"
#include "lib/vmmapi.h"
#include "tests/unit/bhyve_fake.h"

bool fake_irq[256];
unsigned int fake_irq_changes;
char fake_typed[256], fake_shown[256];
size_t fake_room;
bool fake_wants_input, fake_wants_output;
uint64_t fake_timer_ns;
struct fake_rom fake_rom[FAKE_ROMS];
uint32_t fake_answer[1024], fake_page[1024];
bool fake_busy, fake_page_on;

static int nroms;
static struct vm_posted_store stores[FAKE_STORES];
static unsigned int nposted, taken;
static void (*posted_woken)(void *dev);
static void *posted_dev;
static mevent_func_t timer_func;
static void *timer_arg;
static console_func_t on_readable, on_writable;
static void *console_arg;

uint8_t *fake_ram(void)
{
	static void *ram;

	if (!ram)
		ram = mmap(NULL, FAKE_RAM_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(ram, MAP_FAILED);
	return ram;
}

void fake_reset(void)
{
	madvise(fake_ram(), FAKE_RAM_SIZE, MADV_DONTNEED);
	memset(fake_irq, 0, sizeof(fake_irq));
	memset(fake_typed, 0, sizeof(fake_typed));
	memset(fake_shown, 0, sizeof(fake_shown));
	fake_irq_changes = 0;
	fake_room = sizeof(fake_shown) - 1;
	fake_wants_input = fake_wants_output = false;
	fake_timer_ns = 0;
	memset(fake_rom, 0, sizeof(fake_rom));
	nroms = 0;
	on_readable = on_writable = NULL;
	init_mem();
}

int vm_assert_irq(struct vmctx *ctx, uint32_t intid)
{
	(void)ctx;
	fake_irq[intid] = true;
	fake_irq_changes++;
	return 0;
}

int vm_deassert_irq(struct vmctx *ctx, uint32_t intid)
{
	(void)ctx;
	fake_irq[intid] = false;
	fake_irq_changes++;
	return 0;
}

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	if (gpa < FAKE_RAM_BASE || len > FAKE_RAM_SIZE ||
	    gpa - FAKE_RAM_BASE > FAKE_RAM_SIZE - len)
		return NULL;
	return fake_ram() + (gpa - FAKE_RAM_BASE);
}

int vm_add_rom(struct vmctx *ctx)
{
	(void)ctx;
	assert_in_range(nroms, 0, FAKE_ROMS - 1);
	return nroms++;
}

int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva)
{
	struct fake_rom *rom = &fake_rom[slot];

	(void)ctx;
	*rom = (struct fake_rom){ gpa, len, hva, rom->changes + 1 };
	return 0;
}

struct mevent *mevent_timer_add(mevent_func_t func, void *arg)
{
	timer_func = func;
	timer_arg = arg;
	return (struct mevent *)&timer_func;
}

int mevent_timer(struct mevent *evp, uint64_t ns)
{
	(void)evp;
	fake_timer_ns = ns;
	return 0;
}

void fake_timer_fire(void)
{
	assert_int_not_equal(fake_timer_ns, 0);
	fake_timer_ns = 0;
	timer_func(-1, EVF_TIMER, timer_arg);
}

int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted_regs **postedp)
{
	(void)ctx, (void)gpa, (void)words;
	*postedp = (struct posted_regs *)&nposted;
	fake_busy = fake_page_on = false;
	memset(fake_answer, 0, sizeof(fake_answer));
	nposted = taken = 0;
	posted_woken = woken;
	posted_dev = dev;
	return 0;
}

unsigned int posted_next(struct posted_regs *posted,
			 const struct vm_posted_store **next)
{
	(void)posted;
	*next = &stores[taken];
	return nposted - taken;
}

void posted_take(struct posted_regs *posted, unsigned int n)
{
	(void)posted;
	taken += n;
}

void posted_answer(struct posted_regs *posted, uint32_t offset, uint32_t val)
{
	(void)posted;
	fake_answer[offset / 4] = val;
	if (fake_page_on)
		fake_page[offset / 4] = val;
}

bool posted_is_busy(const struct posted_regs *posted)
{
	(void)posted;
	return fake_busy;
}

void posted_show(struct posted_regs *posted, bool on)
{
	(void)posted;
	fake_page_on = on;
	if (on)
		memcpy(fake_page, fake_answer, sizeof(fake_page));
}

void fake_post(uint32_t offset, uint32_t val)
{
	assert_in_range(nposted, 0, FAKE_STORES - 1);
	stores[nposted].offset = offset;
	stores[nposted++].value = val;
}

void fake_wake(void)
{
	posted_woken(posted_dev);
}

void console_listen(struct console *cons, console_func_t readable,
		    console_func_t writable, void *arg)
{
	(void)cons;
	on_readable = readable;
	on_writable = writable;
	console_arg = arg;
}

void console_want_input(struct console *cons, bool want)
{
	(void)cons;
	fake_wants_input = want;
}

void console_want_output(struct console *cons, bool want)
{
	(void)cons;
	fake_wants_output = want;
}

size_t console_read(struct console *cons, uint8_t *buf, size_t len)
{
	size_t n = strlen(fake_typed);

	(void)cons;
	if (n > len)
		n = len;
	memcpy(buf, fake_typed, n);
	memmove(fake_typed, fake_typed + n, sizeof(fake_typed) - n);
	return n;
}

size_t console_write(struct console *cons, const uint8_t *buf, size_t len)
{
	(void)cons;
	if (len > fake_room)
		len = fake_room;
	fake_room -= len;
	strncat(fake_shown, (const char *)buf, len);
	return len;
}

size_t console_write_later(struct console *cons, const uint8_t *buf, size_t len)
{
	return console_write(cons, buf, len);
}

void fake_console_events(void)
{
	while (fake_wants_input && on_readable && *fake_typed)
		on_readable(console_arg);
	if (fake_wants_output && on_writable && fake_room)
		on_writable(console_arg);
}

uint64_t bus_read(uint64_t gpa, int size)
{
	uint64_t val = 0;

	assert_int_equal(read_mem(NULL, gpa, &val, size), 0);
	return size == 8 ? val : val & ((UINT64_C(1) << 8 * size) - 1);
}

void bus_write(uint64_t gpa, uint64_t val, int size)
{
	assert_int_equal(write_mem(NULL, gpa, val, size), 0);
}
