/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output on the PL011. A small printf: %s %c %d %u %x %llx %%, no widths; hex
 * comes with its 0x.
 */
#ifndef KIT_PRINT_H
#define KIT_PRINT_H

#include <stdarg.h>

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vprint(const char *format, va_list args);

#endif
