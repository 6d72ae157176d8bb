/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock: a PrimeCell Real Time Clock (PL031, DDI 0224). It counts seconds,
 * and starts with the host's time in UTC.
 */
#ifndef BHYVE_RTC_PL031_H
#define BHYVE_RTC_PL031_H

struct machine;
struct vmctx;

/* Puts the machine's clock on the bus. 0 or a negative errno. */
int pl031_init(struct vmctx *ctx, const struct machine *machine);

#endif /* BHYVE_RTC_PL031_H */
