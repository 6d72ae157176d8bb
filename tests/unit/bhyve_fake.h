/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The surroundings of a device in its unit test: vmm.ko's interrupt lines,
 * guest memory, a console and timers, which the test controls.
 */
#ifndef TESTS_UNIT_BHYVE_FAKE_H
#define TESTS_UNIT_BHYVE_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_RAM_BASE UINT64_C(0x40000000)
#define FAKE_RAM_SIZE (UINT64_C(128) << 20)

extern bool fake_irq[256]; /* levels by INTID */
extern unsigned int fake_irq_changes;

/* The console: input that was not read yet, and output. */
extern char fake_typed[256], fake_shown[256];
extern size_t
	fake_room; /* number of bytes that the user's terminal still takes */
extern bool fake_wants_input, fake_wants_output;

/* The only timer: its last setting; 0: stopped. */
extern uint64_t fake_timer_ns;
void fake_timer_fire(void);

/* What vm_show_rom() has last shown through each slot. */
#define FAKE_ROMS 2
struct fake_rom {
	uint64_t gpa, len;
	const uint8_t *mem;
	unsigned int changes;
};
extern struct fake_rom fake_rom[FAKE_ROMS];

/*
 * Posted device memory: stores for the device, which fake_wake() makes it take,
 * and the values of loads as the device has last set them.
 */
#define FAKE_STORES 1024
void fake_post(uint32_t offset, uint32_t val);
void fake_wake(void);
extern uint32_t fake_answer[1024];

/* Whether there are many stores; and the page that the guest is shown then. */
extern bool fake_busy, fake_page_on;
extern uint32_t fake_page[1024];

/* Makes the device handle input or output, if it has asked for it. */
void fake_console_events(void);

/* FAKE_RAM_SIZE bytes, zeroed by fake_reset(). */
uint8_t *fake_ram(void);

void fake_reset(void);

/* Bus accesses that must reach a device. */
uint64_t bus_read(uint64_t gpa, int size);
void bus_write(uint64_t gpa, uint64_t val, int size);

#endif /* TESTS_UNIT_BHYVE_FAKE_H */
