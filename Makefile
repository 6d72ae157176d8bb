# SPDX-License-Identifier: BSD-2-Clause
# Ties the parts together: Meson builds user space, kbuild the module.
MAKEFLAGS += --no-print-directory
BUILD := $(CURDIR)/build
HOST ?= bookworm
# tools/board need not build what this Makefile has just built, and runs that kernel.
board = BOARD_IS_BUILT=1 BOARD_HOST=$(HOST)

.PHONY: all help setup native native32 armhf arm64 hyp module rootfs board run test \
	unit guest deb lint compile_commands.json bench fuzz soak coverage mutants clean

all: native arm64 board

help:
	@echo 'make         build everything: tests for this machine, the board'
	@echo 'make run     boot the board, and Debian as a guest on it'
	@echo 'make test    run every test; the last line counts them'
	@echo 'make unit T=NAME   one of tests/unit/NAME.c, in seconds'
	@echo 'make guest T=NAME  one of tests/guest/programs or tests/board/vm_*.c, on the board'
	@echo 'make deb     Debian packages, build/deb/*.deb'
	@echo 'make lint    check how the sources are written'
	@echo 'make compile_commands.json   for editors: how each file is compiled'
	@echo 'make bench   measure exits, I/O, whole systems, sizes'
	@echo 'make fuzz    feed every fuzz target for FUZZ_SECONDS (60)'
	@echo 'make soak    disks, networks and drivers for long (hours)'
	@echo 'make coverage  which of core/ the native tests go through'
	@echo 'make mutants   plant faults and see whether the tests catch them (hours)'
	@echo 'make clean   remove what was built (the downloads stay)'
	@echo 'HOST=bookworm|bullseye|trixie|forky|debug names the kernel of the board.'

setup:
	@tools/setup

native: setup
	@tools/userspace native $(BUILD)

# The tests as 32-bit programs, like the product.
native32: setup
	@tools/userspace native32 $(BUILD)

armhf: setup
	@tools/userspace armhf $(BUILD)

# Runs nowhere yet: it keeps user space portable.
arm64: setup
	@tools/userspace arm64 $(BUILD)

hyp: setup
	@$(MAKE) -s -C hyp OUT=$(BUILD)/hyp WERROR=1

module: hyp
	@tools/module $(HOST) $(BUILD)

# One at a time, because several tools/board may find it out of date at once.
board: setup
	@mkdir -p $(BUILD)
	@flock $(BUILD)/lock $(MAKE) -s armhf module rootfs HOST=$(HOST)

rootfs: armhf module
	@tools/rootfs/build $(HOST) $(BUILD)

run: board
	@$(board) tools/run $(HOST)

# One test, from an edit to its result.
unit: setup
	@[ -e tests/unit/$(T).c ] || { \
		echo 'make unit T=NAME: NAME is a file of tests/unit without its .c;' \
			'there is no tests/unit/$(T).c' >&2; exit 2; }
	@tools/userspace native $(BUILD) tests/unit/test_$(T)
	@$(BUILD)/native/tests/unit/test_$(T)

guest: board
	@$(board) tests/board/guests.sh $(T)

deb: armhf
	@tools/deb

# For editors.
compile_commands.json: armhf module
	@tools/compile-commands $(BUILD)

lint: module
	@tools/lint $(BUILD)

test: native native32 arm64 board
	@$(board) tests/board/run $(BUILD)

bench: board
	@$(board) tools/bench

FUZZ_SECONDS ?= 60
fuzz: native
	@for target in $$(find $(BUILD)/native/tests/fuzz -name 'fuzz_*' \
			-type f -perm -u+x); do \
		echo "fuzz: $$target"; \
		$$target -max_total_time=$(FUZZ_SECONDS) -close_fd_mask=1 \
			-print_final_stats=1 -artifact_prefix=$(BUILD)/ || exit; \
	done

# Tests that take too long for "make test". SEED chooses other sequences.
# debug.sh runs where tools/debug-kernel has left its kernel.
CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)
soak: board deb
	@echo "soak: seed $(SEED)"
	@tools/debug-kernel --when
	@$(board) tests/board/run $(BUILD) 'storm.sh 500' 'powercut.sh 20' \
		'powercut.sh 20 qcow2' 'devices.sh 100' \
		'debian.sh 256 10 100' 'load.sh 50 60' '../coherence/check.sh' \
		$(if $(wildcard $(CACHE)/bhyvearm/debug),'debug.sh $(SEED) 20000') \
		'kills.sh 200 $(SEED)' merge.sh 'latency.sh vm_latency' \
		agent.sh moves.sh cluster.sh \
		'wander.sh 50 0 -c 1' 'wander.sh 50 0 -c 4 -o virtio.transport=mmio' \
		'wander.sh 100 $(SEED) -c 1' \
		$(patsubst %,'hostile.sh 1000000 $(SEED) %',bullseye bookworm trixie) \
		'install.sh bookworm' 'install.sh trixie' 'install.sh forky' \
		$(patsubst %,'service.sh %',bullseye bookworm trixie)

coverage: setup
	@tools/coverage $(BUILD)

# SEED and COUNT select other faults, or more of them.
SEED ?= 1
COUNT ?= 60
mutants: setup
	@tools/mutants --seed $(SEED) --count $(COUNT) $(BUILD)

clean:
	rm -rf $(BUILD)
