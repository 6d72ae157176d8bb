/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands behind a device in its unit test: vmm.ko's interrupt lines,
 * guest memory, a console and timers, all under the test's hand.
 */
#ifndef TESTS_UNIT_BHYVE_FAKE_H
#define TESTS_UNIT_BHYVE_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_RAM_BASE	UINT64_C(0x40000000)
#define FAKE_RAM_SIZE	(UINT64_C(128) << 20)

extern bool fake_irq[256]; /* levels by INTID */
extern unsigned int fake_irq_changes;

/* The console: what the user typed and has not been read, what he sees. */
extern char fake_typed[256], fake_shown[256];
extern size_t fake_room; /* bytes the user's terminal still takes */
extern bool fake_wants_input, fake_wants_output;

/* The only timer: what it was last set to; 0: stopped. */
extern uint64_t fake_timer_ns;
void fake_timer_fire(void);

/* What vm_show_rom() last showed through each slot. */
#define FAKE_ROMS	2
struct fake_rom {
	uint64_t gpa, len;
	const uint8_t *mem;
	unsigned int changes;
};
extern struct fake_rom fake_rom[FAKE_ROMS];

/*
 * Posted device memory: stores that are left for the device, which fake_wake()
 * has it take, and what loads give by its last word.
 */
#define FAKE_STORES	1024
void fake_post(uint32_t offset, uint32_t val);
void fake_wake(void);
extern uint32_t fake_answer[1024];

/* Whether stores come in great numbers, and the page that the guest is shown
 * then, as it was last. */
extern bool fake_busy, fake_page_on;
extern uint32_t fake_page[1024];

/* Has the device look at input or output, if it asked to. */
void fake_console_events(void);

/* FAKE_RAM_SIZE bytes, zeroed by fake_reset(). */
uint8_t *fake_ram(void);

void fake_reset(void);

/* Bus accesses that must find a device. */
uint64_t bus_read(uint64_t gpa, int size);
void bus_write(uint64_t gpa, uint64_t val, int size);

#endif /* TESTS_UNIT_BHYVE_FAKE_H */
