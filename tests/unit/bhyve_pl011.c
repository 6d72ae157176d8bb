/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial port, checked against its data sheet, DDI 0183. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include "bhyve/console/console.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/device.h"
#include "bhyve/dev/uart_pl011.h"
#include "tests/unit/bhyve_fake.h"
#include "tests/unit/saved.h"

#define BASE  0x09000000
#define DR    (BASE + 0x00)
#define FR    (BASE + 0x18)
#define IBRD  (BASE + 0x24)
#define FBRD  (BASE + 0x28)
#define LCR_H (BASE + 0x2c)
#define CR    (BASE + 0x30)
#define IFLS  (BASE + 0x34)
#define IMSC  (BASE + 0x38)
#define RIS   (BASE + 0x3c)
#define MIS   (BASE + 0x40)
#define ICR   (BASE + 0x44)

#define FR_BUSY (1u << 3)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)
#define FEN	(1u << 4)
#define LBE	(1u << 7)
#define INT_RX	(1u << 4)
#define INT_TX	(1u << 5)
#define INT_RT	(1u << 6)

#define UART_INTID 33 /* SPI 1 */

static int setup(void **state)
{
	(void)state;
	fake_reset();
	init_devices();
	assert_int_equal(pl011_init(NULL, &virt_machine, NULL), 0);
	return 0;
}

/* Polls as a program does that waits for input without interrupts. */
static void poll_for_input(void)
{
	for (int i = 0; i < 8; i++)
		bus_read(FR, 4);
}

static int setup_polled(void **state)
{
	setup(state);
	poll_for_input();
	return 0;
}

static int setup_enabled(void **state)
{
	setup(state);
	bus_write(CR, 0x301, 4);
	return 0;
}

static void type(const char *text)
{
	strcat(fake_typed, text);
	fake_console_events();
}

static void reset_values(void **state)
{
	(void)state;
	/* The values at reset. Of UARTFR the modem bits depend on the line. */
	assert_int_equal(bus_read(FR, 4) & 0xf8, FR_TXFE | FR_RXFE);
	assert_int_equal(bus_read(CR, 4), 0x300);
	assert_int_equal(bus_read(IFLS, 4), 0x12);
	assert_int_equal(bus_read(IMSC, 4), 0);
	assert_int_equal(bus_read(RIS, 4) & 0x7f0, 0);
	assert_int_equal(bus_read(LCR_H, 4), 0);
}

static void identification(void **state)
{
	/*
	 * UARTPeriphID and UARTPCellID: part 0x011, designer 0x41 (Arm);
	 * PrimeCell.
	 */
	static const uint8_t cell[] = { 0x0d, 0xf0, 0x05, 0xb1 };

	(void)state;
	assert_int_equal(bus_read(BASE + 0xfe0, 4), 0x11);
	assert_int_equal(bus_read(BASE + 0xfe4, 4), 0x10);
	assert_int_equal(bus_read(BASE + 0xfe8, 4) & 0xf, 0x4);
	assert_int_equal(bus_read(BASE + 0xfec, 4), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(bus_read(BASE + 0xff0 + 4 * i, 1), cell[i]);
}

static void sends(void **state)
{
	(void)state;
	for (const char *p = "hello"; *p; p++)
		bus_write(DR, *p, 1);
	assert_string_equal(fake_shown, "hello");
	assert_int_equal(bus_read(FR, 4) & 0xf8, FR_TXFE | FR_RXFE);
}

/*
 * A slow line fills the FIFO: 16 deep, nothing is lost, the order is kept.
 */
static void full_transmit_fifo(void **state)
{
	(void)state;
	fake_room = 0;
	bus_write(LCR_H, FEN, 4);
	for (int i = 0; i < 15; i++)
		bus_write(DR, 'a' + i, 4);
	assert_false(bus_read(FR, 4) & FR_TXFF);
	bus_write(DR, 'p', 4);
	assert_true(bus_read(FR, 4) & FR_TXFF);
	assert_true(bus_read(FR, 4) & FR_BUSY);
	fake_room = 100;
	fake_console_events();
	assert_string_equal(fake_shown, "abcdefghijklmnop");
	assert_true(bus_read(FR, 4) & FR_TXFE);
	assert_false(fake_wants_output);
}

/* With IFLS 0b010 it interrupts at 8 characters or fewer. */
static void transmit_interrupt(void **state)
{
	(void)state;
	bus_write(LCR_H, FEN, 4);
	bus_write(IMSC, INT_TX, 4);
	assert_false(fake_irq[UART_INTID]);
	fake_room = 0;
	for (int i = 0; i < 16; i++)
		bus_write(DR, 'x', 4);
	assert_false(fake_irq[UART_INTID]);
	fake_room = 7;
	fake_console_events();
	assert_false(fake_irq[UART_INTID]);
	fake_room = 1;
	fake_console_events();
	assert_true(fake_irq[UART_INTID]);
	assert_int_equal(bus_read(MIS, 4), INT_TX);
	bus_write(ICR, INT_TX, 4);
	assert_false(fake_irq[UART_INTID]);
}

/*
 * Without FIFOs one character interrupts, and reading it ends the interrupt.
 */
static void receive_interrupt_without_fifo(void **state)
{
	(void)state;
	bus_write(IMSC, INT_RX, 4);
	type("ab");
	assert_true(fake_irq[UART_INTID]);
	assert_true(bus_read(FR, 4) & FR_RXFF);
	assert_string_equal(fake_typed, "b");
	assert_int_equal(bus_read(DR, 4), 'a');
	assert_false(fake_irq[UART_INTID]);
	assert_true(bus_read(FR, 4) & FR_RXFE);
	fake_console_events();
	assert_int_equal(bus_read(DR, 4), 'b');
}

static void receive_trigger_levels(void **state)
{
	/* RXIFLSEL 0 to 4 are 1/8, 1/4, 1/2, 3/4 and 7/8 of 16. */
	static const unsigned int levels[] = { 2, 4, 8, 12, 14 };

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		setup_polled(state);
		bus_write(LCR_H, FEN, 4);
		bus_write(IFLS, i << 3, 4);
		for (unsigned int n = 1; n < levels[i]; n++)
			type("x");
		assert_int_equal(bus_read(RIS, 4) & INT_RX, 0);
		type("x");
		assert_int_equal(bus_read(RIS, 4) & INT_RX, INT_RX);
		bus_read(DR, 4);
		assert_int_equal(bus_read(RIS, 4) & INT_RX, 0);
	}
}

/*
 * After 32 bit periods without a character; ends when the FIFO is empty.
 */
static void receive_timeout(void **state)
{
	(void)state;
	bus_write(LCR_H, FEN, 4);
	bus_write(IMSC, INT_RT, 4);
	/* UARTCLK 24 MHz, divisor 13 1/64: 115108 baud, 32 bits 278000 ns. */
	bus_write(IBRD, 13, 4);
	bus_write(FBRD, 1, 4);
	type("ab");
	assert_false(fake_irq[UART_INTID]);
	assert_in_range(fake_timer_ns, 277000, 279000);
	fake_timer_fire();
	assert_true(fake_irq[UART_INTID]);
	bus_read(DR, 4);
	assert_true(fake_irq[UART_INTID]);
	bus_read(DR, 4);
	assert_false(fake_irq[UART_INTID]);
	assert_int_equal(fake_timer_ns, 0);
}

/* While the FIFO is full, the sender has to wait. */
static void receive_flow_control(void **state)
{
	char all[] = "abcdefghijklmnopqrstuvwxyz", got[27] = "";

	(void)state;
	bus_write(LCR_H, FEN, 4);
	type(all);
	assert_true(bus_read(FR, 4) & FR_RXFF);
	assert_string_equal(fake_typed, all + 16);
	for (int i = 0; i < 26; i++) {
		got[i] = bus_read(DR, 4);
		fake_console_events();
	}
	assert_string_equal(got, all);
	assert_true(bus_read(FR, 4) & FR_RXFE);
	assert_int_equal(bus_read(RIS, 4) & (1u << 10), 0);
}

/* A starting driver, such as Linux's, must not discard earlier input. */
static void input_waits_for_the_driver(void **state)
{
	(void)state;
	type("xy");
	bus_write(LCR_H, FEN, 4);
	bus_write(IMSC, INT_RX | INT_RT, 4);
	bus_write(CR, 0x301, 4);
	bus_write(DR, 'o', 4);
	assert_true(bus_read(FR, 4) & FR_RXFE);
	fake_console_events();
	assert_string_equal(fake_typed, "xy");
	bus_write(IMSC, INT_RX | INT_RT, 4);
	fake_console_events();
	assert_int_equal(bus_read(DR, 4), 'x');
	bus_write(IMSC, 0, 4);
	type("z");
	assert_string_equal(fake_typed, "z");
}

static void polling_driver_gets_input(void **state)
{
	(void)state;
	type("x");
	poll_for_input();
	fake_console_events();
	assert_int_equal(bus_read(DR, 4), 'x');
}

static void blind_reader_gets_input(void **state)
{
	(void)state;
	type("x");
	assert_int_equal(bus_read(DR, 4), 0);
	fake_console_events();
	assert_int_equal(bus_read(DR, 4), 'x');
}

/* Loopback sends nothing outside; overrun is bit 11 of UARTDR. */
static void loopback(void **state)
{
	(void)state;
	bus_write(CR, 0x301 | LBE, 4);
	bus_write(DR, 'q', 4);
	bus_write(DR, 'r', 4);
	assert_string_equal(fake_shown, "");
	assert_int_equal(bus_read(DR, 4), 'q' | 1u << 11);
	assert_true(bus_read(RIS, 4) & 1u << 10);
}

/*
 * All registers have their first values, the FIFOs are empty, the line is low.
 */
static void post(const char *text)
{
	for (; *text; text++)
		fake_post(DR - BASE, (uint8_t)*text);
}

static uint32_t flags(void)
{
	return fake_answer[(FR - BASE) / 4];
}

static void posted_output(void **state)
{
	(void)state;
	post("one");
	assert_string_equal(fake_shown, "");
	fake_wake();
	assert_string_equal(fake_shown, "one");
	assert_int_equal(bus_read(RIS, 4), INT_TX);
	/* An access after it finds the stores done. */
	post(", two");
	bus_write(DR, '!', 4);
	assert_string_equal(fake_shown, "one, two!");
	post(" three");
	bus_read(MIS, 4);
	assert_string_equal(fake_shown, "one, two! three");
	post(" four");
	reset_devices();
	assert_string_equal(fake_shown, "one, two! three four");
}

/*
 * More than the FIFO holds is underway before the guest can see that it is
 * full.
 */
static void posted_output_to_a_slow_line(void **state)
{
	char text[240];

	(void)state;
	bus_write(LCR_H, FEN, 4);
	for (unsigned int i = 0; i < sizeof(text); i++)
		text[i] = 'a' + i % 26;
	text[sizeof(text) - 1] = 0;
	fake_room = 0;
	post(text);
	fake_wake();
	assert_true(flags() & FR_TXFF);
	bus_write(DR, '?', 4); /* lost, because the guest could see it */
	fake_room = 100;
	fake_console_events();
	assert_true(flags() & FR_TXFF);
	fake_room = 130;
	fake_console_events();
	assert_int_equal(flags() & (FR_TXFF | FR_BUSY | FR_TXFE), FR_BUSY);
	fake_room = 20;
	fake_console_events();
	assert_string_equal(fake_shown, text);
	assert_int_equal(flags() & (FR_TXFF | FR_BUSY | FR_TXFE), FR_TXFE);
}

/* While the guest prints much it reads all registers without an exit. */
static void shown_while_busy(void **state)
{
	static const uint32_t none[1024];

	(void)state;
	bus_write(IMSC, 0x7f0, 4);
	bus_write(IBRD, 13, 4);
	post("little");
	fake_wake();
	assert_false(fake_page_on);
	fake_busy = true;
	post("much");
	fake_wake();
	assert_true(fake_page_on);
	for (uint32_t offset = 0; offset < 0x1000; offset += 4)
		assert_int_equal(fake_page[offset / 4],
				 bus_read(BASE + offset, 4));
	assert_memory_not_equal(fake_page, none, sizeof(none));
	bus_write(ICR, INT_TX, 4);
	assert_int_equal(fake_page[(MIS - BASE) / 4], 0);
	fake_busy = false;
	fake_wake();
	assert_false(fake_page_on);
}

/*
 * A load of UARTDR would take the input, so the page is hidden before it shows
 * any.
 */
static void not_shown_with_input(void **state)
{
	(void)state;
	poll_for_input();
	fake_busy = true;
	fake_wake();
	assert_true(fake_page_on);
	type("x");
	assert_false(fake_page_on);
	assert_true(fake_page[(FR - BASE) / 4] & FR_RXFE);
	assert_int_equal(bus_read(DR, 4), 'x');
	assert_true(fake_page_on);
	assert_true(fake_page[(FR - BASE) / 4] & FR_RXFE);
}

static void flags_are_shown(void **state)
{
	(void)state;
	assert_int_equal(flags(), bus_read(FR, 4));
	type("x");
	assert_false(flags() & FR_RXFE);
	assert_true(flags() & FR_RXFF);
	bus_read(DR, 4);
	assert_true(flags() & FR_RXFE);
	reset_devices();
	assert_int_equal(flags() & 0xf8, FR_TXFE | FR_RXFE);
}

static void reset(void **state)
{
	uint64_t before[0x50 / 4];

	(void)state;
	for (int i = 1; i < 0x50 / 4; i++)
		before[i] = bus_read(BASE + 4 * i, 4);
	for (int i = 0x20 / 4; i < 0x50 / 4; i++)
		bus_write(BASE + 4 * i, 0x5a5a5a5a, 4);
	bus_write(LCR_H, 0, 4);
	bus_write(CR, 0x301, 4);
	bus_write(IMSC, 0x7ff, 4);
	strcpy(fake_typed, "ab");
	poll_for_input();
	fake_console_events();
	fake_room = 0;
	bus_write(DR, 'x', 4);
	assert_true(fake_irq[UART_INTID]);
	reset_devices();
	assert_false(fake_irq[UART_INTID]);
	assert_false(fake_wants_input);
	assert_false(fake_wants_output);
	assert_int_equal(fake_timer_ns, 0);
	for (int i = 1; i < 0x50 / 4; i++)
		assert_int_equal(bus_read(BASE + 4 * i, 4), before[i]);
}

/* Until the reset, bvmcons had the console, as bvmcons_init() says. */
static void reset_takes_the_input_back(void **state)
{
	(void)state;
	console_listen(NULL, NULL, NULL, NULL);
	reset_devices();
	poll_for_input();
	type("x");
	assert_int_equal(bus_read(DR, 4), 'x');
}

/* What was not sent yet is sent, and what was not read yet is read, elsewhere. */
static void moves(void **state)
{
	bus_write(LCR_H, FEN, 4);
	bus_write(IMSC, INT_RT, 4);
	poll_for_input();
	strcpy(fake_typed, "in");
	fake_console_events();
	fake_timer_fire();
	assert_true(fake_irq[UART_INTID]);
	fake_room = 0;
	bus_write(DR, 'o', 4);
	for (unsigned int i = 0; i < FAKE_STORES - 300; i++)
		fake_post(0, 'p');
	save_all();
	setup(state);
	fake_room = 0;
	load_all();
	assert_true(fake_irq[UART_INTID]);
	assert_int_equal(bus_read(LCR_H, 4), FEN);
	assert_int_equal(bus_read(IMSC, 4), INT_RT);
	assert_int_equal(bus_read(FR, 4) & (FR_TXFF | FR_RXFE), FR_TXFF);
	assert_int_equal(bus_read(DR, 4), 'i');
	assert_int_equal(bus_read(DR, 4), 'n');
	assert_false(fake_irq[UART_INTID]);
	fake_room = 255;
	fake_console_events();
	assert_int_equal(fake_shown[0], 'o');
	assert_int_equal(fake_shown[1], 'p');
	assert_int_equal(strlen(fake_shown), 255);
	load_damaged(setup);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(moves, setup),
		cmocka_unit_test_setup(reset_values, setup),
		cmocka_unit_test_setup(identification, setup),
		cmocka_unit_test_setup(sends, setup),
		cmocka_unit_test_setup(full_transmit_fifo, setup),
		cmocka_unit_test_setup(posted_output, setup),
		cmocka_unit_test_setup(posted_output_to_a_slow_line, setup),
		cmocka_unit_test_setup(shown_while_busy, setup),
		cmocka_unit_test_setup(not_shown_with_input, setup),
		cmocka_unit_test_setup(flags_are_shown, setup_polled),
		cmocka_unit_test_setup(transmit_interrupt, setup),
		cmocka_unit_test_setup(receive_interrupt_without_fifo,
				       setup_enabled),
		cmocka_unit_test_setup(receive_trigger_levels, setup),
		cmocka_unit_test_setup(receive_timeout, setup_enabled),
		cmocka_unit_test_setup(receive_flow_control, setup_polled),
		cmocka_unit_test_setup(input_waits_for_the_driver, setup),
		cmocka_unit_test_setup(polling_driver_gets_input, setup),
		cmocka_unit_test_setup(blind_reader_gets_input, setup),
		cmocka_unit_test_setup(loopback, setup),
		cmocka_unit_test_setup(reset, setup),
		cmocka_unit_test_setup(reset_takes_the_input_back, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
