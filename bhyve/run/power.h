/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals: SIGTERM presses the power button, each time. The power is cut where the
 * guest does not look at it for ten seconds, and by a third press ten seconds after
 * the first. SIGINT and SIGHUP end bhyve at once.
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
