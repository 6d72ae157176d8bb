/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals. SIGTERM presses the power button, each time. The power is cut if the
 * guest does not read the button for ten seconds, or by the third or a later press, at
 * least ten seconds after the first. SIGINT and SIGHUP end bhyve at once.
 */
#ifndef BHYVE_POWER_H
#define BHYVE_POWER_H

struct vmctx;

/*
 * Blocks the signals in this thread and in those that it makes; to be called
 * first.
 */
void power_block_signals(void);

/* Lets the event thread answer the signals. 0 or a negative errno. */
int power_init(struct vmctx *ctx);

/* Does what SIGTERM does. Event thread. */
void power_button(void);

#endif /* BHYVE_POWER_H */
