/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More interrupts are active than there are list registers. The end of one
 * without a list register is counted in GICH_HCR.EOICount, and must end exactly
 * one interrupt, even if the next instruction accesses the distributor.
 */
#include "gic.h"
#include "sysreg.h"
#include "test.h"

#define FIRST  40u
#define NESTED 12u
#define IN_LRS 4u /* the newest ones are in list registers */

/* GICD_ISACTIVER's bits if the first n of them are active. */
static uint32_t active(uint32_t n)
{
	return ((1u << n) - 1) << FIRST % 32;
}

static uint32_t read_active(void)
{
	return gicd_read(GICD_ISACTIVER + FIRST / 32 * 4);
}

/* Each preempts the one before it. */
static uint32_t nest(void)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < NESTED; i++)
		gic_enable(FIRST + i, (uint8_t)(0xb0 - i * 8));
	for (uint32_t i = 0; i < NESTED; i++) {
		gicd_set_bit(GICD_ISPENDR, FIRST + i);
		wrong += gic_wait() != FIRST + i;
	}
	return wrong;
}

/* Writes EOIR, and reads the distributor by the next instruction. */
static uint32_t end_and_look(uint32_t intid)
{
	uint32_t now;

	asm volatile("str %1, [%2]\n\tldr %0, [%3]"
		     : "=&r"(now)
		     : "r"(intid), "r"(GICC_BASE + GICC_EOIR),
		       "r"(GICD_BASE + GICD_ISACTIVER + FIRST / 32 * 4)
		     : "memory");
	return now;
}

int main(void)
{
	uint32_t i = NESTED;

	gic_init();
	check_eq("eoicount/nested", nest(), 0);
	check_eq("eoicount/all-active", read_active(), active(NESTED));
	while (i > NESTED - IN_LRS)
		gicc_write(GICC_EOIR, FIRST + --i);
	i--;
	check_eq("eoicount/at-once", end_and_look(FIRST + i), active(i));
	check_eq("eoicount/later", read_active(), active(i));
	check_eq("eoicount/once-more", read_active(), active(i));
	finish();
}
