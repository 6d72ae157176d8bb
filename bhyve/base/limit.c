/* SPDX-License-Identifier: BSD-2-Clause */
#include "bhyve/base/limit.h"

bool limit_lets(struct limit *limit, uint64_t now, unsigned int *left_out)
{
	if (!limit->began || now - limit->began >= LIMIT_PERIOD) {
		limit->began = now;
		limit->lines = 0;
	}
	if (limit->lines == LIMIT_LINES) {
		limit->left_out++;
		return false;
	}
	limit->lines++;
	*left_out = limit->left_out;
	limit->left_out = 0;
	return true;
}
