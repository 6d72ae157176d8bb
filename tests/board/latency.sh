#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: latency.sh [PROGRAM]
# How long guests delay the host's other threads, in instructions.
exec "$(dirname "$0")/../../tools/board" --icount --timeout 900 -- \
	/tests/"${1:-vm_unmap}" </dev/null
