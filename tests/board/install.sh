# SPDX-License-Identifier: BSD-2-Clause
# usage: install.sh SUITE
# The packages of "make deb" on a whole Debian system of that release; "make soak"
# runs it.
exec python3 "$(dirname "$0")/install.py" "$1"
