# SPDX-License-Identifier: BSD-2-Clause
# A cluster of two boards with Debian's Pacemaker and Corosync. "make soak" runs it.
exec python3 "$(dirname "$0")/cluster.py"
