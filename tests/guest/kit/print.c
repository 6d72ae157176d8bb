/* SPDX-License-Identifier: BSD-2-Clause */
#include "print.h"
#include <stdint.h>
#include "pl011.h"

static void put_string(const char *s)
{
	for (; *s; s++)
		pl011_put(*s);
}

static void put_hex(uint64_t value)
{
	int shift = 60;

	put_string("0x");
	while (shift && !(value >> shift & 15))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		pl011_put("0123456789abcdef"[value >> shift & 15]);
}

static void put_unsigned(uint32_t value)
{
	if (value >= 10)
		put_unsigned(value / 10);
	pl011_put((char)('0' + value % 10));
}

static void put_signed(int value)
{
	if (value < 0)
		pl011_put('-');
	put_unsigned(value < 0 ? -(uint32_t)value : (uint32_t)value);
}

/* Prints one conversion; returns the place after it. */
static const char *convert(const char *format, va_list *args)
{
	if (format[0] == 'l' && format[1] == 'l' && format[2] == 'x') {
		put_hex(va_arg(*args, uint64_t));
		return format + 3;
	}
	switch (*format) {
	case 's':
		put_string(va_arg(*args, const char *));
		break;
	case 'c':
		pl011_put((char)va_arg(*args, int));
		break;
	case 'd':
		put_signed(va_arg(*args, int));
		break;
	case 'u':
		put_unsigned(va_arg(*args, uint32_t));
		break;
	case 'x':
		put_hex(va_arg(*args, uint32_t));
		break;
	default:
		pl011_put(*format);
	}
	return format + 1;
}

void vprint(const char *format, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	while (*format) {
		if (*format == '%')
			format = convert(format + 1, &copy);
		else
			pl011_put(*format++);
	}
	va_end(copy);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprint(format, args);
	va_end(args);
}
