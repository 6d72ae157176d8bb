# SPDX-License-Identifier: BSD-2-Clause
# On the board: vmm.ko takes HYP once more, watched; then every guest program that
# ends by itself, and a Linux guest, whose own maintenance is watched too.
cd /tmp
rmmod vmm
/tests/watch
modprobe vmm
grep ' [tTdDbBrR] ' /proc/kallsyms >/share/symbols

while read -r name cpus where ends options; do
	case $name in '#'* | '') continue ;; esac
	[ "$where" = none ] && continue
	# shellcheck disable=SC2086 # a list of words
	printf q | timeout -s KILL 900 bhyve -c "$cpus" -m 64M $options \
		-o kernel="/tests/$name.elf" "$name" >out 2>&1
	if grep -q '^end' out; then
		echo "ok coherence: $name ends"
	else
		echo "not ok coherence: $name ends early"
	fi
done </share/programs

timeout -s KILL 3000 bhyve -c 2 -m 128M -o kernel=/boot/vmlinuz \
	-o initrd=/boot/initrd.img -o fdt.bootargs='console=ttyAMA0 -- uname -a' \
	linux </dev/null >out 2>&1
if grep -q 'armv7l GNU/Linux' out; then
	echo 'ok coherence: Linux boots'
else
	echo 'not ok coherence: Linux boots'
	tail -n 20 out
fi
rmmod vmm
