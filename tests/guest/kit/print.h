/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output on the PL011. A small printf with %s %c %d %u %x %llx %%, without
 * widths; %x prints "0x" as well.
 */
#ifndef KIT_PRINT_H
#define KIT_PRINT_H

#include <stdarg.h>

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vprint(const char *format, va_list args);

#endif
