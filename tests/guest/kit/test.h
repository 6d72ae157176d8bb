/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results: "ok NAME" and "not ok NAME: why" lines, "end" as the last word. A
 * name is PROGRAM/BEHAVIOUR.
 */
#ifndef KIT_TEST_H
#define KIT_TEST_H

#include <stdbool.h>
#include <stdint.h>

void ok(const char *name);
void not_ok(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "ok" where they are equal; the result of that. */
bool check_eq(const char *name, uint32_t got, uint32_t want);
bool check_eq64(const char *name, uint64_t got, uint64_t want);
bool check(const char *name, bool good);

/* Prints "end" and powers the machine off. */
void finish(void) __attribute__((noreturn));

/* The program. */
int main(void);

#endif
