/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows a percentage on one line of the terminal. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "bhyve/base/progress.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define PATIENCE_NS  (NSEC_PER_SEC / 2)
#define INTERVAL_NS  (NSEC_PER_SEC / 10)
#define CLEAR_LINE   "\r\033[K"

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

void progress_begin(struct progress *p, const char *what, uint64_t total)
{
	p->what = what;
	p->total = total;
	p->shown = -1;
	p->next_ns = isatty(STDERR_FILENO) ? now_ns() + PATIENCE_NS :
					     UINT64_MAX;
}

void progress_at(struct progress *p, uint64_t done)
{
	int percent;

	if (p->next_ns == UINT64_MAX || now_ns() < p->next_ns)
		return;
	p->next_ns = now_ns() + INTERVAL_NS;
	percent = p->total ? done * 100 / p->total : 100;
	if (percent == p->shown)
		return;
	p->shown = percent;
	dprintf(STDERR_FILENO, CLEAR_LINE "%s: %d%%", p->what, percent);
}

void progress_end(struct progress *p)
{
	if (p->shown >= 0)
		dprintf(STDERR_FILENO, CLEAR_LINE);
	p->shown = -1;
}
