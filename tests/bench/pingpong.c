/* SPDX-License-Identifier: BSD-2-Clause */
/* Two vCPUs that share a CPU: an SGI there, WFI, and an SGI back. */
#include "bench.h"
#include "gic.h"
#include "smp.h"
#include "sysreg.h"
#include "timer.h"

#define BALL 1

static volatile bool ready;

static void catch_ball(void)
{
	uint32_t iar;

	while ((iar = gic_ack()) == SPURIOUS)
		wfi();
	gic_eoi(iar);
}

static void play(uint32_t times)
{
	while (times--) {
		gic_send_sgi(BALL, 2);
		catch_ball();
	}
}

static void second(uint32_t times)
{
	gic_init();
	gic_enable(BALL, 0x80);
	ready = true;
	while (times--) {
		catch_ball();
		gic_send_sgi(BALL, 1);
	}
}

int main(void)
{
	gic_init();
	gic_enable(BALL, 0x80);
	if (cpu_start(1, second, 1 + OPERATIONS + 1))
		return 1;
	while (!ready)
		;
	play(1);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		uint64_t before = counter();

		play(PER_CHUNK);
		chunk(counter() - before);
	}
	look_from();
	play(1);
	look_to();
	report("ping-pong");
	return 0;
}
