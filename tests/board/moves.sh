# SPDX-License-Identifier: BSD-2-Clause
# A guest that moves from one board to another. "make soak" runs it.
exec python3 "$(dirname "$0")/moves.py"
