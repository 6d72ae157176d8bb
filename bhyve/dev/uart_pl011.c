/* SPDX-License-Identifier: BSD-2-Clause */
/* PrimeCell UART (PL011). Register names are those of DDI 0183. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <vmm/vmm_posted.h>
#include "bhyve/console/console.h"
#include "bhyve/machine/irq_line.h"
#include "bhyve/machine/machine.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/posted.h"
#include "bhyve/machine/primecell.h"
#include "bhyve/machine/device.h"
#include "bhyve/dev/uart_pl011.h"
#include "lib/vmmapi.h"

enum {
	UARTDR = 0x00,
	UARTRSR = 0x04, /* read; UARTECR when written */
	UARTFR = 0x18,
	UARTILPR = 0x20,
	UARTIBRD = 0x24,
	UARTFBRD = 0x28,
	UARTLCR_H = 0x2c,
	UARTCR = 0x30,
	UARTIFLS = 0x34,
	UARTIMSC = 0x38,
	UARTRIS = 0x3c,
	UARTMIS = 0x40,
	UARTICR = 0x44,
	UARTDMACR = 0x48,
};

#define WORD(offset) (UINT64_C(1) << (offset) / 4)

#define DR_OE (1u << 11)

#define FR_CTS	(1u << 0)
#define FR_DSR	(1u << 1)
#define FR_DCD	(1u << 2)
#define FR_BUSY (1u << 3)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)

#define LCR_H_FEN (1u << 4)

#define CR_UARTEN (1u << 0)
#define CR_LBE	  (1u << 7)
#define CR_TXE	  (1u << 8)
#define CR_RXE	  (1u << 9)
#define CR_MASK	  0xff87u

#define INT_RX	 (1u << 4)
#define INT_TX	 (1u << 5)
#define INT_RT	 (1u << 6)
#define INT_OE	 (1u << 10)
#define INT_MASK 0x7ffu

#define FIFO_DEPTH 16
/*
 * The FIFO, and what was posted before the guest could see that the FIFO is
 * full.
 */
#define TX_ROOM	     512
#define LISTEN_POLLS 8
#define UARTCLK_HZ   UINT64_C(24000000)
#define NSEC_PER_SEC UINT64_C(1000000000)

struct fifo {
	uint16_t data[FIFO_DEPTH];
	unsigned int head, count;
};

/*
 * Characters that the line has not taken yet. A snapshot needs room for what is
 * posted as well.
 */
#define TX_ALL (TX_ROOM + VM_POSTED_STORES)

struct output {
	uint8_t data[TX_ALL];
	unsigned int head, count;
};

struct pl011 {
	pthread_mutex_t lock;
	struct console *cons;
	struct irq_line irq;
	struct mevent *rx_timeout;
	struct posted_regs *posted;
	struct fifo rx;
	struct output tx;
	uint32_t fr;	/* UARTFR as the guest has last seen it */
	bool listening; /* update_listening() sets it */
	unsigned int polls;
	uint32_t rsr, ilpr, ibrd, fbrd, lcr_h, cr, ifls, imsc, ris, dmacr;
};

/* The machine has only one. */
static struct pl011 the_uart;

/* Without FEN the FIFOs are holding registers of one byte (UARTLCR_H). */
static unsigned int depth(const struct pl011 *u)
{
	return u->lcr_h & LCR_H_FEN ? FIFO_DEPTH : 1;
}

static void push(struct fifo *f, uint16_t val)
{
	f->data[(f->head + f->count++) % FIFO_DEPTH] = val;
}

static uint16_t pop(struct fifo *f)
{
	uint16_t val = f->data[f->head];

	f->head = (f->head + 1) % FIFO_DEPTH;
	f->count--;
	return val;
}

/* The FIFO level that UARTIFLS's three bits select. */
static unsigned int trigger(const struct pl011 *u, unsigned int select)
{
	static const uint8_t levels[8] = { 2, 4, 8, 12, 14, 14, 14, 14 };

	return u->lcr_h & LCR_H_FEN ? levels[select & 7] : 1;
}

static unsigned int rx_trigger(const struct pl011 *u)
{
	return trigger(u, u->ifls >> 3);
}

/* The transmit FIFO asks for more at or below this level. */
static unsigned int tx_trigger(const struct pl011 *u)
{
	return u->lcr_h & LCR_H_FEN ? trigger(u, u->ifls) : 0;
}

/* The line is connected, so the modem inputs are asserted (they read as 1). */
static uint32_t read_flags(const struct pl011 *u)
{
	uint32_t fr = FR_CTS | FR_DSR | FR_DCD;

	if (!u->rx.count)
		fr |= FR_RXFE;
	if (u->rx.count >= depth(u))
		fr |= FR_RXFF;
	if (!u->tx.count)
		fr |= FR_TXFE;
	else
		fr |= FR_BUSY;
	if (u->tx.count >= depth(u))
		fr |= FR_TXFF;
	return fr;
}

/* The value of a load, without its side effect. */
static uint32_t peek(const struct pl011 *u, uint32_t offset)
{
	switch (offset) {
	case UARTRSR:
		return u->rsr;
	case UARTFR:
		return read_flags(u);
	case UARTILPR:
		return u->ilpr;
	case UARTIBRD:
		return u->ibrd;
	case UARTFBRD:
		return u->fbrd;
	case UARTLCR_H:
		return u->lcr_h;
	case UARTCR:
		return u->cr;
	case UARTIFLS:
		return u->ifls;
	case UARTIMSC:
		return u->imsc;
	case UARTRIS:
		return u->ris;
	case UARTMIS:
		return u->ris & u->imsc;
	case UARTDMACR:
		return u->dmacr;
	default:
		return 0;
	}
}

/*
 * Loads of UARTDR have no side effect either while there is nothing to receive.
 */
static bool may_show(const struct pl011 *u)
{
	return !u->rx.count && posted_is_busy(u->posted);
}

/* Sets what loads of each register return while the page is shown. */
static void answer_all(struct pl011 *u)
{
	for (uint32_t offset = UARTRSR; offset <= UARTDMACR; offset += 4)
		posted_answer(u->posted, offset, peek(u, offset));
}

static void answer_some(struct pl011 *u)
{
	posted_answer(u->posted, UARTFR, u->fr);
	posted_answer(u->posted, UARTCR, u->cr);
	posted_answer(u->posted, UARTIMSC, u->imsc);
}

/* Updates what the guest sees after a change. */
static void show(struct pl011 *u)
{
	u->fr = read_flags(u);
	if (may_show(u)) {
		answer_all(u);
		posted_show(u->posted, true);
	} else {
		posted_show(u->posted, false);
		answer_some(u);
	}
	irq_line_set(&u->irq, (u->ris & u->imsc) != 0);
}

/*
 * The receive timeout (UARTRTINTR) is 32 bit periods without a character. The
 * baud rate divisor is 1/16 of a bit period, in units of 1/64 (UARTFBRD).
 */
static uint64_t timeout_ns(const struct pl011 *u)
{
	uint64_t divisor = (uint64_t)u->ibrd << 6 | u->fbrd;

	if (!u->ibrd)
		divisor = 13 << 6; /* not set: as for 115200 baud */
	return 32 * 16 * divisor * NSEC_PER_SEC / 64 / UARTCLK_HZ;
}

/* Reads the user's input only if there is room for it. */
static void update_flow(struct pl011 *u)
{
	console_want_input(u->cons, u->listening && !(u->cr & CR_LBE) &&
					    u->rx.count < depth(u));
}

/* Sets the interrupts for the receive FIFO's new state. */
static void rx_changed(struct pl011 *u, bool filled)
{
	if (filled && u->rx.count >= rx_trigger(u))
		u->ris |= INT_RX;
	if (!filled && u->rx.count < rx_trigger(u))
		u->ris &= ~INT_RX;
	if (u->rx.count == 0)
		u->ris &= ~INT_RT;
	mevent_timer(u->rx_timeout, u->rx.count ? timeout_ns(u) : 0);
	update_flow(u);
}

static void receive(struct pl011 *u, uint16_t val)
{
	push(&u->rx, val);
	rx_changed(u, true);
}

static void on_rx_timeout(int fd, enum ev_type type, void *arg)
{
	struct pl011 *u = arg;

	(void)fd, (void)type;
	pthread_mutex_lock(&u->lock);
	if (u->rx.count)
		u->ris |= INT_RT;
	show(u);
	pthread_mutex_unlock(&u->lock);
}

static void on_readable(void *arg)
{
	struct pl011 *u = arg;
	uint8_t buf[FIFO_DEPTH];
	size_t n = 0;

	pthread_mutex_lock(&u->lock);
	if (u->listening && u->rx.count < depth(u))
		n = console_read(u->cons, buf, depth(u) - u->rx.count);
	for (size_t i = 0; i < n; i++)
		receive(u, buf[i]);
	show(u);
	pthread_mutex_unlock(&u->lock);
}

/* UARTCR.LBE: what is sent is received, and goes nowhere else. */
static void loop_back(struct pl011 *u, uint8_t byte)
{
	if (u->rx.count < depth(u)) {
		receive(u, byte);
		return;
	}
	u->ris |= INT_OE;
	u->rx.data[(u->rx.head + u->rx.count - 1) % FIFO_DEPTH] |= DR_OE;
}

static size_t send_some(struct pl011 *u)
{
	const uint8_t *from = &u->tx.data[u->tx.head];
	size_t n = TX_ALL - u->tx.head;

	if (n > u->tx.count)
		n = u->tx.count;
	if (u->cr & CR_LBE) {
		loop_back(u, *from);
		n = 1;
	} else {
		n = console_write(u->cons, from, n);
	}
	u->tx.head = (u->tx.head + n) % TX_ALL;
	u->tx.count -= n;
	return n;
}

/*
 * The transmit interrupt is raised when a character leaves and the rest is at
 * or below the trigger level (UARTTXINTR).
 */
static void drain(struct pl011 *u)
{
	while (u->tx.count && send_some(u))
		if (u->tx.count <= tx_trigger(u))
			u->ris |= INT_TX;
	console_want_output(u->cons, u->tx.count > 0);
}

static void put(struct output *tx, uint8_t byte)
{
	tx->data[(tx->head + tx->count++) % TX_ALL] = byte;
}

/* Starts sending after a character was added. */
static void transmit(struct pl011 *u)
{
	if (u->tx.count > tx_trigger(u))
		u->ris &= ~INT_TX;
	drain(u);
}

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Takes them as long as there are fewer than @room characters to be sent. Of all
 * registers only stores to UARTDR are posted.
 */
static void take_posted_up_to(struct pl011 *u, unsigned int room)
{
	const struct vm_posted_store *stores;
	unsigned int n, taken = 0;

	while (u->tx.count < room &&
	       (n = min(posted_next(u->posted, &stores), room - u->tx.count))) {
		for (unsigned int i = 0; i < n; i++)
			put(&u->tx, stores[i].value);
		posted_take(u->posted, n);
		taken += n;
	}
	if (taken)
		transmit(u);
}

static void take_posted(struct pl011 *u)
{
	take_posted_up_to(u, TX_ROOM);
}

static void on_posted(void *arg)
{
	struct pl011 *u = arg;

	pthread_mutex_lock(&u->lock);
	take_posted(u);
	show(u);
	pthread_mutex_unlock(&u->lock);
}

static void on_writable(void *arg)
{
	struct pl011 *u = arg;

	pthread_mutex_lock(&u->lock);
	drain(u);
	take_posted(u);
	show(u);
	pthread_mutex_unlock(&u->lock);
}

/*
 * A character written to a full FIFO is lost (UARTDR), but only if the guest
 * could see that it is full.
 */
static void write_data(struct pl011 *u, uint8_t byte)
{
	if ((u->fr & FR_TXFF) || u->tx.count >= TX_ROOM)
		return;
	put(&u->tx, byte);
	transmit(u);
}

static uint32_t read_data(struct pl011 *u)
{
	uint16_t val;

	if (!u->rx.count)
		return 0;
	val = pop(&u->rx);
	u->rsr = val >> 8 & 0xf;
	rx_changed(u, false);
	return val;
}

static void write_reg(struct pl011 *u, uint32_t offset, uint32_t val)
{
	switch (offset) {
	case UARTDR:
		write_data(u, val);
		break;
	case UARTRSR:
		u->rsr = 0;
		break;
	case UARTILPR:
		u->ilpr = val & 0xff;
		break;
	case UARTIBRD:
		u->ibrd = val & 0xffff;
		break;
	case UARTFBRD:
		u->fbrd = val & 0x3f;
		break;
	case UARTLCR_H:
		u->lcr_h = val & 0xff;
		rx_changed(u, true);
		break;
	case UARTCR:
		u->cr = val & CR_MASK;
		rx_changed(u, true);
		break;
	case UARTIFLS:
		u->ifls = val & 0x3f;
		rx_changed(u, true);
		break;
	case UARTIMSC:
		u->imsc = val & INT_MASK;
		break;
	case UARTICR:
		u->ris &= ~val;
		break;
	case UARTDMACR:
		u->dmacr = val & 7;
		break;
	}
}

/*
 * A starting driver discards what is in the FIFO, and would lose input from
 * before. So input waits outside until the guest wants it: the receive
 * interrupts are unmasked on an enabled receiver, UARTDR is read while the FIFO
 * is empty, or UARTFR is read many times in a row with nothing to send.
 */
static bool receiver_enabled(const struct pl011 *u)
{
	return (u->cr & CR_UARTEN) && (u->cr & CR_RXE);
}

static void update_listening(struct pl011 *u, bool write, uint32_t offset)
{
	bool was = u->listening;

	u->polls = !write && offset == UARTFR && !u->tx.count ? u->polls + 1 :
								0;
	if (write && offset == UARTIMSC)
		u->listening = receiver_enabled(u) &&
			       (u->imsc & (INT_RX | INT_RT));
	else if (u->polls == LISTEN_POLLS ||
		 (!write && offset == UARTDR && !u->rx.count))
		u->listening = true;
	if (was != u->listening)
		update_flow(u);
}

static uint32_t pl011_read(void *dev, uint32_t offset)
{
	struct pl011 *u = dev;
	uint32_t val;

	pthread_mutex_lock(&u->lock);
	take_posted(u);
	update_listening(u, false, offset);
	val = offset == UARTDR ? read_data(u) : peek(u, offset);
	show(u);
	pthread_mutex_unlock(&u->lock);
	return val;
}

static void pl011_write(void *dev, uint32_t offset, uint32_t val)
{
	struct pl011 *u = dev;

	pthread_mutex_lock(&u->lock);
	take_posted(u);
	write_reg(u, offset, val);
	update_listening(u, true, offset);
	show(u);
	pthread_mutex_unlock(&u->lock);
}

static const struct primecell pl011_cell = {
	.name = "pl011",
	.id = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 },
	.read = pl011_read,
	.write = pl011_write,
};

/* The values at reset; UARTCR has receiver and transmitter on. */
static void set_reset_values(struct pl011 *u)
{
	u->rx.count = u->tx.count = 0;
	u->listening = false;
	u->polls = 0;
	u->rsr = u->ilpr = u->ibrd = u->fbrd = u->lcr_h = 0;
	u->imsc = u->ris = u->dmacr = 0;
	u->cr = CR_TXE | CR_RXE;
	u->ifls = 0x12;
}

static void pl011_reset(void *arg)
{
	struct pl011 *u = arg;

	pthread_mutex_lock(&u->lock);
	/* The last output from before the reset, if somebody takes it. */
	take_posted(u);
	drain(u);
	set_reset_values(u);
	/* bvmcons may have the console's input. */
	console_listen(u->cons, on_readable, on_writable, u);
	console_want_output(u->cons, false);
	rx_changed(u, false);
	show(u);
	pthread_mutex_unlock(&u->lock);
}

static void rx_state(struct fifo *f, struct state *s)
{
	STATE_MAX(s, f, head, FIFO_DEPTH - 1);
	STATE_MAX(s, f, count, FIFO_DEPTH);
	for (unsigned int i = 0; i < FIFO_DEPTH; i++)
		state_number(s, "rx", &f->data[i], sizeof(f->data[i]),
			     DR_OE | 0xff);
}

static void tx_state(struct output *o, struct state *s)
{
	STATE_MAX(s, o, head, TX_ALL - 1);
	STATE_MAX(s, o, count, TX_ALL);
	state_bytes(s, "tx", o->data, sizeof(o->data));
}

static void registers_state(struct pl011 *u, struct state *s)
{
	STATE_MAX(s, u, rsr, 0xf);
	STATE_MAX(s, u, ilpr, 0xff);
	STATE_MAX(s, u, ibrd, 0xffff);
	STATE_MAX(s, u, fbrd, 0x3f);
	STATE_MAX(s, u, lcr_h, 0xff);
	STATE_MAX(s, u, cr, CR_MASK);
	STATE_MAX(s, u, ifls, 0x3f);
	STATE_MAX(s, u, imsc, INT_MASK);
	STATE_MAX(s, u, ris, INT_MASK);
	STATE_MAX(s, u, dmacr, 7);
}

/* The timeout for what is received, and the console, go on from here. */
static void go_on(struct pl011 *u)
{
	mevent_timer(u->rx_timeout, u->rx.count ? timeout_ns(u) : 0);
	update_flow(u);
	drain(u);
	show(u);
}

static void pl011_state(void *arg, struct state *s)
{
	struct pl011 *u = arg;

	pthread_mutex_lock(&u->lock);
	if (!s->loading)
		take_posted_up_to(u, TX_ALL);
	rx_state(&u->rx, s);
	tx_state(&u->tx, s);
	registers_state(u, s);
	STATE(s, u, listening);
	STATE(s, u, polls);
	if (state_is_loaded(s))
		go_on(u);
	pthread_mutex_unlock(&u->lock);
}

/*
 * Linux writes UARTIMSC after each line, and UARTCR around each of the kernel's
 * lines, mostly with the value that they have.
 */
static const struct vm_posted_words posted_words = {
	.loads = WORD(UARTFR) | WORD(UARTCR) | WORD(UARTIMSC),
	.stores = WORD(UARTDR),
	.keeps = WORD(UARTCR) | WORD(UARTIMSC),
};

int pl011_init(struct vmctx *ctx, const struct machine *machine,
	       struct console *cons)
{
	struct pl011 *u = &the_uart;
	int ret;

	memset(u, 0, sizeof(*u));
	pthread_mutex_init(&u->lock, NULL);
	u->cons = cons;
	u->irq = (struct irq_line){ .ctx = ctx, .intid = machine->uart_irq };
	set_reset_values(u);
	u->rx_timeout = mevent_timer_add(on_rx_timeout, u);
	if (!u->rx_timeout)
		return -ENOMEM;
	ret = posted_add(ctx, machine->map[MACHINE_UART].base, &posted_words,
			 on_posted, u, &u->posted);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < 8; i++)
		posted_answer(u->posted, PRIMECELL_ID + 4 * i,
			      pl011_cell.id[i]);
	show(u);
	console_listen(cons, on_readable, on_writable, u);
	register_device("pl011", 0, pl011_reset, pl011_state, u);
	return primecell_register(&pl011_cell, u, &machine->map[MACHINE_UART]);
}

bool pl011_flush(void)
{
	struct pl011 *u = &the_uart;
	bool empty;

	pthread_mutex_lock(&u->lock);
	take_posted(u);
	drain(u);
	empty = !u->tx.count;
	pthread_mutex_unlock(&u->lock);
	return empty;
}
