/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the plugin's findings to a file. */
#ifndef COHERENCE_REPORT_H
#define COHERENCE_REPORT_H

#include "caches.h"

/* Opens the file. False: it cannot be made. */
bool report_open(const char *path);

/* Writes one line, unbuffered, because a signal ends QEMU. */
void report_line(const char *text);

/* Another test begins: a fault that was reported already is reported again. */
void report_again(void);

#endif /* COHERENCE_REPORT_H */
