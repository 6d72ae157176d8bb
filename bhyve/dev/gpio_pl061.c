/* SPDX-License-Identifier: BSD-2-Clause */
/* PrimeCell GPIO (PL061). Names are those of DDI 0190. */
#include <errno.h>
#include <pthread.h>
#include "bhyve/dev/gpio_pl061.h"
#include "bhyve/machine/irq_line.h"
#include "bhyve/machine/machine.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/primecell.h"
#include "bhyve/machine/device.h"

enum {
	GPIODATA_LAST = 0x3fc, /* GPIODATA is 0x000 to this offset */
	GPIODIR = 0x400,
	GPIOIS = 0x404,
	GPIOIBE = 0x408,
	GPIOIEV = 0x40c,
	GPIOIE = 0x410,
	GPIORIS = 0x414,
	GPIOMIS = 0x418,
	GPIOIC = 0x41c,
	GPIOAFSEL = 0x420,
};

#define PRESS_NS UINT64_C(100000000)
#define AGAIN_NS UINT64_C(1000000000)

#define BUTTON (1u << PL061_POWER_LINE)

struct pl061 {
	pthread_mutex_t lock;
	struct irq_line irq;
	struct mevent *timer; /* releases the button, or presses it again */
	uint8_t inputs;	      /* levels that the outside drives */
	uint8_t outputs;      /* levels that the guest has written */
	uint8_t dir, is, ibe, iev, ie, edges, afsel;
	bool owed; /* the guest has not read the last press yet */
};

/* The machine has only one. */
static struct pl061 the_gpio;

/* An output pin reads as what was written to it. */
static uint8_t pins(const struct pl061 *g)
{
	return (g->outputs & g->dir) | (g->inputs & ~g->dir);
}

/*
 * Level-sensitive lines show their pin, the others the edges that they saw
 * (GPIORIS).
 */
static uint8_t raw_status(const struct pl061 *g)
{
	uint8_t active = pins(g) ^ (uint8_t)~g->iev;

	return (g->edges & ~g->is) | (active & g->is);
}

static void update_irq(struct pl061 *g)
{
	irq_line_set(&g->irq, (raw_status(g) & g->ie) != 0);
}

/* Latches the edges between @before and now (GPIOIBE, GPIOIEV). */
static void note_edges(struct pl061 *g, uint8_t before)
{
	uint8_t rose = pins(g) & ~before, fell = before & ~pins(g);

	g->edges |= ((rose | fell) & g->ibe) |
		    (((rose & g->iev) | (fell & ~g->iev)) & ~g->ibe);
	g->edges &= ~g->is;
}

static uint32_t read_reg(const struct pl061 *g, uint32_t offset)
{
	/* Address bits 9 to 2 select the pins (GPIODATA). */
	if (offset <= GPIODATA_LAST)
		return pins(g) & offset >> 2;
	switch (offset) {
	case GPIODIR:
		return g->dir;
	case GPIOIS:
		return g->is;
	case GPIOIBE:
		return g->ibe;
	case GPIOIEV:
		return g->iev;
	case GPIOIE:
		return g->ie;
	case GPIORIS:
		return raw_status(g);
	case GPIOMIS:
		return raw_status(g) & g->ie;
	case GPIOAFSEL:
		return g->afsel;
	default:
		return 0;
	}
}

static void write_data(struct pl061 *g, uint8_t mask, uint8_t val)
{
	mask &= g->dir;
	g->outputs = (g->outputs & ~mask) | (val & mask);
}

static void write_reg(struct pl061 *g, uint32_t offset, uint32_t val)
{
	uint8_t before = pins(g);

	if (offset <= GPIODATA_LAST)
		write_data(g, offset >> 2, val);
	switch (offset) {
	case GPIODIR:
		g->dir = val;
		break;
	case GPIOIS:
		g->is = val;
		break;
	case GPIOIBE:
		g->ibe = val;
		break;
	case GPIOIEV:
		g->iev = val;
		break;
	case GPIOIE:
		g->ie = val;
		break;
	case GPIOIC:
		if (g->edges & g->ie & val & BUTTON)
			g->owed = false;
		g->edges &= ~val;
		break;
	case GPIOAFSEL:
		g->afsel = val;
		break;
	}
	note_edges(g, before);
}

/* The guest has just read a register while the button's bit was set in it. */
static void note_look(struct pl061 *g, uint32_t offset)
{
	if (offset <= GPIODATA_LAST || offset == GPIORIS || offset == GPIOMIS)
		g->owed = false;
}

static uint32_t pl061_read(void *dev, uint32_t offset)
{
	struct pl061 *g = dev;
	uint32_t val;

	pthread_mutex_lock(&g->lock);
	val = read_reg(g, offset);
	if (val & BUTTON)
		note_look(g, offset);
	pthread_mutex_unlock(&g->lock);
	return val;
}

static void pl061_write(void *dev, uint32_t offset, uint32_t val)
{
	struct pl061 *g = dev;

	pthread_mutex_lock(&g->lock);
	write_reg(g, offset, val);
	update_irq(g);
	pthread_mutex_unlock(&g->lock);
}

/* Drives a line. Returns whether the guest has unmasked its interrupt. */
static bool drive(struct pl061 *g, unsigned int line, bool high)
{
	uint8_t before, bit = 1u << line;
	bool heard;

	pthread_mutex_lock(&g->lock);
	before = pins(g);
	g->inputs = high ? g->inputs | bit : g->inputs & ~bit;
	note_edges(g, before);
	update_irq(g);
	heard = g->ie & bit;
	pthread_mutex_unlock(&g->lock);
	return heard;
}

/*
 * A guest that is still booting does not read the button yet: it is released
 * and pressed again until the guest does.
 */
static void on_timer(int fd, enum ev_type type, void *arg)
{
	struct pl061 *g = arg;
	bool down = g->inputs & BUTTON, owed;

	(void)fd, (void)type;
	pthread_mutex_lock(&g->lock);
	owed = g->owed;
	pthread_mutex_unlock(&g->lock);
	if (!down && !owed)
		return;
	drive(g, PL061_POWER_LINE, !down);
	if (!down)
		mevent_timer(g->timer, PRESS_NS);
	else if (owed)
		mevent_timer(g->timer, AGAIN_NS);
}

bool pl061_press_power_button(void)
{
	bool heard;

	the_gpio.owed = true;
	heard = drive(&the_gpio, PL061_POWER_LINE, true);
	mevent_timer(the_gpio.timer, PRESS_NS);
	return heard;
}

bool pl061_press_is_owed(void)
{
	bool owed;

	pthread_mutex_lock(&the_gpio.lock);
	owed = the_gpio.owed;
	pthread_mutex_unlock(&the_gpio.lock);
	return owed;
}

static const struct primecell pl061_cell = {
	.name = "pl061",
	.id = { 0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 },
	.read = pl061_read,
	.write = pl061_write,
};

static void pl061_reset(void *arg)
{
	struct pl061 *g = arg;

	pthread_mutex_lock(&g->lock);
	g->inputs = g->outputs = g->dir = 0;
	g->is = g->ibe = g->iev = g->ie = g->edges = g->afsel = 0;
	g->owed = false;
	mevent_timer(g->timer, 0);
	update_irq(g);
	pthread_mutex_unlock(&g->lock);
}

/* A button that was down, or that the guest has not read, goes on from there. */
static void pl061_state(void *arg, struct state *s)
{
	struct pl061 *g = arg;

	pthread_mutex_lock(&g->lock);
	STATE(s, g, inputs);
	STATE(s, g, outputs);
	STATE(s, g, dir);
	STATE(s, g, is);
	STATE(s, g, ibe);
	STATE(s, g, iev);
	STATE(s, g, ie);
	STATE(s, g, edges);
	STATE(s, g, afsel);
	STATE(s, g, owed);
	if (state_is_loaded(s)) {
		if (g->owed || g->inputs & BUTTON)
			mevent_timer(g->timer, PRESS_NS);
		update_irq(g);
	}
	pthread_mutex_unlock(&g->lock);
}

int pl061_init(struct vmctx *ctx, const struct machine *machine)
{
	struct pl061 *g = &the_gpio;

	*g = (struct pl061){ 0 };
	pthread_mutex_init(&g->lock, NULL);
	g->irq = (struct irq_line){ .ctx = ctx, .intid = machine->gpio_irq };
	g->timer = mevent_timer_add(on_timer, g);
	if (!g->timer)
		return -ENOMEM;
	register_device("pl061", 0, pl061_reset, pl061_state, g);
	return primecell_register(&pl061_cell, g, &machine->map[MACHINE_GPIO]);
}
