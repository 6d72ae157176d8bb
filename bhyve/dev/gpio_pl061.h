/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The power button, on line 3 of a PrimeCell GPIO (PL061), DDI 0190.
 */
#ifndef BHYVE_GPIO_PL061_H
#define BHYVE_GPIO_PL061_H

#include <stdbool.h>

struct machine;
struct vmctx;

#define PL061_POWER_LINE 3

/* Puts the machine's GPIO on the bus. 0 or a negative errno. */
int pl061_init(struct vmctx *ctx, const struct machine *machine);

/*
 * Presses the power button for a tenth of a second, and again each second until
 * the guest reads it. False: the guest has not unmasked that interrupt yet.
 * pl061_press_is_owed(): the guest has not read the last press. Event thread.
 */
bool pl061_press_power_button(void);
bool pl061_press_is_owed(void);

#endif /* BHYVE_GPIO_PL061_H */
