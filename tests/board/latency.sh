#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How long guests delay the host's other threads, in instructions.
exec "$(dirname "$0")/../../tools/board" --icount --timeout 300 -- \
	/tests/vm_unmap </dev/null
