/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results: lines "ok NAME" and "not ok NAME: why", and "end" as the last word.
 * A name is PROGRAM/BEHAVIOUR.
 */
#ifndef KIT_TEST_H
#define KIT_TEST_H

#include <stdbool.h>
#include <stdint.h>

void ok(const char *name);
void not_ok(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints "ok" if the values are equal, and returns whether they are. */
bool check_eq(const char *name, uint32_t got, uint32_t want);
bool check_eq64(const char *name, uint64_t got, uint64_t want);
bool check(const char *name, bool good);

/* Prints "end" and powers the machine off. */
void finish(void) __attribute__((noreturn));

/* The test program. */
int main(void);

#endif
