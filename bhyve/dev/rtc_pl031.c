/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PrimeCell Real Time Clock (PL031). Names are those of DDI 0224.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>
#include "bhyve/machine/irq_line.h"
#include "bhyve/machine/machine.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/primecell.h"
#include "bhyve/machine/device.h"
#include "bhyve/dev/rtc_pl031.h"

enum {
	RTCDR = 0x00,
	RTCMR = 0x04,
	RTCLR = 0x08,
	RTCCR = 0x0c,
	RTCIMSC = 0x10,
	RTCRIS = 0x14,
	RTCMIS = 0x18,
	RTCICR = 0x1c,
};

#define NSEC_PER_SEC UINT64_C(1000000000)

struct pl031 {
	pthread_mutex_t lock;
	struct irq_line irq;
	struct mevent *alarm;
	uint32_t offset; /* guest's seconds minus the host's, modulo 2^32 */
	uint32_t mr, lr, imsc, ris;
	bool armed; /* the alarm is set, and has not come yet */
};

/* The machine has only one. */
static struct pl031 the_rtc;

static struct timespec host_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

static uint32_t counter(const struct pl031 *rtc)
{
	return (uint32_t)host_time().tv_sec + rtc->offset;
}

static void update_irq(struct pl031 *rtc)
{
	irq_line_set(&rtc->irq, (rtc->ris & rtc->imsc) != 0);
}

/*
 * The interrupt comes when the counter equals the match register (RTCMR). A
 * second of the host does not begin when the guest writes, so the alarm is set
 * for the second in which they become equal.
 */
static void set_alarm(struct pl031 *rtc)
{
	struct timespec now = host_time();
	uint32_t seconds = rtc->mr - ((uint32_t)now.tv_sec + rtc->offset);

	rtc->armed = seconds != 0;
	if (!seconds)
		rtc->ris = 1;
	mevent_timer(rtc->alarm,
		     seconds ? seconds * NSEC_PER_SEC - now.tv_nsec : 0);
}

/*
 * A counter past the match counts as well: the host's clock may have been set, or
 * the machine was a snapshot meanwhile.
 */
static void look_for_alarm(struct pl031 *rtc)
{
	if ((int32_t)(counter(rtc) - rtc->mr) < 0) {
		set_alarm(rtc);
		return;
	}
	rtc->armed = false;
	rtc->ris = 1;
}

static void on_alarm(int fd, enum ev_type type, void *arg)
{
	struct pl031 *rtc = arg;

	(void)fd, (void)type;
	pthread_mutex_lock(&rtc->lock);
	look_for_alarm(rtc);
	update_irq(rtc);
	pthread_mutex_unlock(&rtc->lock);
}

static uint32_t read_reg(const struct pl031 *rtc, uint32_t offset)
{
	switch (offset) {
	case RTCDR:
		return counter(rtc);
	case RTCMR:
		return rtc->mr;
	case RTCLR:
		return rtc->lr;
	case RTCCR:
		return 1; /* the clock was started: RTCCR reads as one */
	case RTCIMSC:
		return rtc->imsc;
	case RTCRIS:
		return rtc->ris;
	case RTCMIS:
		return rtc->ris & rtc->imsc;
	default:
		return 0;
	}
}

static void write_reg(struct pl031 *rtc, uint32_t offset, uint32_t val)
{
	switch (offset) {
	case RTCMR:
		rtc->mr = val;
		set_alarm(rtc);
		break;
	case RTCLR:
		rtc->lr = val;
		rtc->offset += val - counter(rtc);
		set_alarm(rtc);
		break;
	case RTCIMSC:
		rtc->imsc = val & 1;
		break;
	case RTCICR:
		rtc->ris &= ~val;
		break;
	}
}

static uint32_t pl031_read(void *dev, uint32_t offset)
{
	struct pl031 *rtc = dev;
	uint32_t val;

	pthread_mutex_lock(&rtc->lock);
	val = read_reg(rtc, offset);
	pthread_mutex_unlock(&rtc->lock);
	return val;
}

static void pl031_write(void *dev, uint32_t offset, uint32_t val)
{
	struct pl031 *rtc = dev;

	pthread_mutex_lock(&rtc->lock);
	write_reg(rtc, offset, val);
	update_irq(rtc);
	pthread_mutex_unlock(&rtc->lock);
}

static const struct primecell pl031_cell = {
	.name = "pl031",
	.id = { 0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 },
	.read = pl031_read,
	.write = pl031_write,
};

/* The time of day is the host's again. */
static void pl031_reset(void *arg)
{
	struct pl031 *rtc = arg;

	pthread_mutex_lock(&rtc->lock);
	rtc->offset = rtc->mr = rtc->lr = rtc->imsc = rtc->ris = 0;
	rtc->armed = false;
	mevent_timer(rtc->alarm, 0);
	update_irq(rtc);
	pthread_mutex_unlock(&rtc->lock);
}

/* A loaded clock has followed the host's meanwhile, like a clock with a battery. */
static void pl031_state(void *arg, struct state *s)
{
	struct pl031 *rtc = arg;

	pthread_mutex_lock(&rtc->lock);
	STATE(s, rtc, offset);
	STATE(s, rtc, mr);
	STATE(s, rtc, lr);
	STATE_MAX(s, rtc, imsc, 1);
	STATE_MAX(s, rtc, ris, 1);
	STATE(s, rtc, armed);
	if (state_is_loaded(s)) {
		if (rtc->armed)
			look_for_alarm(rtc);
		update_irq(rtc);
	}
	pthread_mutex_unlock(&rtc->lock);
}

int pl031_init(struct vmctx *ctx, const struct machine *machine)
{
	struct pl031 *rtc = &the_rtc;

	*rtc = (struct pl031){ 0 };
	pthread_mutex_init(&rtc->lock, NULL);
	rtc->irq = (struct irq_line){ .ctx = ctx, .intid = machine->rtc_irq };
	rtc->alarm = mevent_timer_add(on_alarm, rtc);
	if (!rtc->alarm)
		return -ENOMEM;
	register_device("pl031", 0, pl031_reset, pl031_state, rtc);
	return primecell_register(&pl031_cell, rtc, &machine->map[MACHINE_RTC]);
}
