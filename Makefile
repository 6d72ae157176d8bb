# SPDX-License-Identifier: BSD-2-Clause
CFLAGS := -std=gnu11 -O1 -Wall -Wextra -Werror -Iinclude -I.

.PHONY: test clean
test: build/abi_layout build/abi_layout32.o
	@./build/abi_layout && echo "2 passed, 0 failed"

build/abi_layout: tests/unit/abi_layout.c include/vmm/*.h include/vmm/arm/*.h
	@mkdir -p build
	$(CC) $(CFLAGS) -o $@ $<

build/abi_layout32.o: tests/unit/abi_layout.c include/vmm/*.h include/vmm/arm/*.h
	@mkdir -p build
	$(CC) $(CFLAGS) -m32 -isystem /usr/include/$(shell $(CC) -dumpmachine) -c -o $@ $<

clean:
	rm -rf build
