/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals: SIGTERM presses the power button, and a second one, or the first
 * where no guest listens, cuts the power; SIGINT and SIGHUP end bhyve at once.
 */
#ifndef BHYVE_POWER_H
#define BHYVE_POWER_H

struct vmctx;

/* Blocks the signals, in this thread and those it makes. First thing. */
void power_block_signals(void);

/* Has them answered by the event thread. Negative errno. */
int power_init(struct vmctx *ctx);

/* What SIGTERM does. Event thread. */
void power_button(void);

#endif /* BHYVE_POWER_H */
