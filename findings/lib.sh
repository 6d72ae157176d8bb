# shellcheck shell=sh disable=SC2016,SC2034
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the findings. Makes $tmp, which goes at the end, and has:
#   unpack SUITE ARCH PACKAGE=VERSION...   packages with all that they depend on,
#                                          into $tmp/SUITE-ARCH; nothing is installed
#   run SUITE-ARCH PROGRAM ARGUMENT...     a program of them, with their libraries
#   assemble FILE                          FILE.s becomes FILE, for QEMU's board "virt"
#   emulate SUITE VERSION ARGUMENT...      that QEMU with a Cortex-A15 in HYP mode and
#                                          the arguments; prints what its UART sends
#   expect WHAT WANT GOT                   says what was seen, fails if it changed
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' \
	'Created-By: Packages' | awk '$2 == "main" && /debian/ { print $1; exit }')

unpack() {
	suite=$1 arch=$2 root=$tmp/$1-$2
	shift 2
	mkdir -p "$root" "$root.apt/state/lists/partial" \
		"$root.apt/cache/archives/partial"
	: >"$root.apt/status"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [signed-by=$keys] $mirror $suite main" >"$root.apt/sources.list"
	{
		apt-config dump | grep '^Acquire::'
		cat <<-END
			APT::Architecture "$arch";
			APT::Architectures "$arch";
			APT::Sandbox::User "root";
			Dir::Etc::main "/dev/null";
			Dir::Etc::parts "/dev/null";
			Dir::Etc::sourcelist "$root.apt/sources.list";
			Dir::Etc::sourceparts "/dev/null";
			Dir::State "$root.apt/state";
			Dir::State::status "$root.apt/status";
			Dir::Cache "$root.apt/cache";
		END
	} >"$root.apt/conf"
	for step in update \
		"install -y --download-only --no-install-recommends $*"; do
		# shellcheck disable=SC2086 # a list of words
		APT_CONFIG=$root.apt/conf apt-get -qq $step >&2 || {
			echo "not tried: $suite does not give $*" >&2
			exit 2
		}
	done
	for dir in bin lib lib64 sbin; do
		mkdir -p "$root/usr/$dir"
		ln -sfn "usr/$dir" "$root/$dir"
	done
	for deb in "$root.apt"/cache/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --no-same-owner --keep-directory-symlink -C "$root"
	done
}

run() {
	root=$tmp/$1 program=$2
	shift 2
	libs=$root/usr/lib/x86_64-linux-gnu
	"$root/lib64/ld-linux-x86-64.so.2" \
		--library-path "$libs:$libs/pulseaudio:$libs/blas:$libs/lapack" \
		"$(find "$root/usr/bin" "$root/usr/sbin" -name "$program" | head -n 1)" "$@"
}

assemble() {
	unpack bookworm amd64 binutils-arm-linux-gnueabihf=2.40-2
	mv "$tmp/bookworm-amd64" "$tmp/binutils"
	run binutils arm-linux-gnueabihf-as -o "$1.o" "$1.s"
	run binutils arm-linux-gnueabihf-ld -Ttext=0x40010000 -o "$1" "$1.o"
}

emulate() {
	unpack "$1" amd64 "qemu-system-arm=$2" >&2
	root=$tmp/$1-amd64
	shift 2
	timeout 300 "$root/lib64/ld-linux-x86-64.so.2" \
		--library-path "$(find "$root/usr/lib" -name '*.so*' \
			-exec dirname {} + | sort -u | paste -sd :)" \
		"$root/usr/bin/qemu-system-arm" -display none \
		-M virt,virtualization=on -cpu cortex-a15 -nic none \
		-L "$root/usr/share/qemu" -serial stdio \
		-monitor none "$@" </dev/null | tr -d '\r'
}

changed=0
expect() {
	if [ "$2" = "$3" ]; then
		echo "as found: $1: $3"
	else
		echo "changed: $1: was '$2', is '$3'"
		changed=1
	fi
}
