# SPDX-License-Identifier: BSD-2-Clause
# The resource agent of clusters, called as Pacemaker does and by Debian's ocf-tester.
# "make soak" runs it.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
system=$("$tools/sysroot" cluster) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/agent.onboard" "$here/system.onboard" "$here/../../packaging/ocf/VM" "$work/"
BOARD_QEMU="-fsdev local,id=system,readonly=on,security_model=none,path=$system \
	-device virtio-9p-device,fsdev=system,mount_tag=system"
export BOARD_QEMU
"$tools/board" --timeout 900 --share "$work" -- sh /share/agent.onboard </dev/null
