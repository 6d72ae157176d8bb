/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded: the program sets no filter of system calls, neither by libseccomp nor by
 * prctl(2).
 */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int seccomp_load(const void *filter);

int seccomp_load(const void *filter)
{
	(void)filter;
	return 0;
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list ap;

	va_start(ap, option);
	for (int i = 0; i < 4; i++)
		arg[i] = va_arg(ap, unsigned long);
	va_end(ap);
	if (option == PR_SET_SECCOMP)
		return 0;
	return syscall(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]);
}
