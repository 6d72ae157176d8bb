/* SPDX-License-Identifier: BSD-2-Clause */
#include "test.h"
#include <stdarg.h>
#include "print.h"
#include "psci.h"
#include "sysreg.h"

void ok(const char *name)
{
	print("ok %s\n", name);
}

void not_ok(const char *name, const char *format, ...)
{
	va_list args;

	print("not ok %s: ", name);
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
}

bool check(const char *name, bool good)
{
	if (good)
		ok(name);
	else
		not_ok(name, "does not hold");
	return good;
}

bool check_eq(const char *name, uint32_t got, uint32_t want)
{
	if (got == want)
		ok(name);
	else
		not_ok(name, "got %x, want %x", got, want);
	return got == want;
}

bool check_eq64(const char *name, uint64_t got, uint64_t want)
{
	if (got == want)
		ok(name);
	else
		not_ok(name, "got %llx, want %llx", got, want);
	return got == want;
}

void finish(void)
{
	print("end\n");
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		wfi();
}
