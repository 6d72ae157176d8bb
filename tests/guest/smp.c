/* SPDX-License-Identifier: BSD-2-Clause */
/* Four CPUs: an interrupt that goes round, locks and shared memory. */
#include "exception.h"
#include "gic.h"
#include "mmu.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define CPUS   4
#define ROUNDS 500
#define TOKEN  6 /* the SGI that goes round */

static volatile uint32_t tokens[CPUS], waiting, locked_count;
static uint32_t lock;

static void spin_lock(void)
{
	uint32_t busy;

	do {
		asm volatile("ldrex %0, [%1]\n\t"
			     "teq %0, #0\n\t"
			     "strexeq %0, %2, [%1]\n\t"
			     "movne %0, #1"
			     : "=&r"(busy)
			     : "r"(&lock), "r"(1)
			     : "cc", "memory");
	} while (busy);
	dmb();
}

static void spin_unlock(void)
{
	dmb();
	*(volatile uint32_t *)&lock = 0;
}

static void on_irq(struct exception_frame *frame)
{
	uint32_t iar = gic_ack();

	(void)frame;
	if ((iar & IAR_INTID) == TOKEN)
		tokens[cpu_id()]++;
	gic_eoi(iar);
}

static void join(void)
{
	spin_lock();
	waiting++;
	spin_unlock();
	while (waiting < CPUS)
		;
}

/* The SGI goes from CPU to CPU, each of which waits by WFI. */
static void ring(void)
{
	uint32_t self = cpu_id(), next = (self + 1) % CPUS, i;
	uint64_t end;

	if (!self)
		gic_send_sgi(TOKEN, 1u << next);
	for (i = 1; i <= ROUNDS; i++) {
		/* a deadline for this CPU, because all of them may take long */
		end = deadline();
		while (tokens[self] < i && counter() < end) {
			wfi();
			irq_enable();
			isb();
			irq_disable();
		}
		if (self || i < ROUNDS)
			gic_send_sgi(TOKEN, 1u << next);
	}
}

static void count_locked(void)
{
	uint32_t i;

	for (i = 0; i < 10000; i++) {
		spin_lock();
		locked_count++;
		spin_unlock();
	}
}

static void work(uint32_t arg)
{
	(void)arg;
	gic_init();
	gic_enable(TOKEN, 0x80);
	join();
	ring();
	count_locked();
}

int main(void)
{
	uint32_t cpu;

	mmu_on_short();
	set_irq_handler(on_irq);
	check_eq("smp/cpus", cpu_count(), CPUS);
	for (cpu = 1; cpu < CPUS; cpu++)
		check_eq("smp/on", (uint32_t)cpu_start(cpu, work, 0), 0);
	work(0);
	for (cpu = 1; cpu < CPUS; cpu++)
		check_eq("smp/off", (uint32_t)cpu_wait_off(cpu), 0);
	for (cpu = 0; cpu < CPUS; cpu++)
		check_eq("smp/tokens", tokens[cpu], ROUNDS);
	check_eq("smp/locked", locked_count, CPUS * 10000);
	return 0;
}
