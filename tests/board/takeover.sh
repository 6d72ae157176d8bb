#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vmm.ko takes HYP mode where it can, says why where it cannot, and gives it
# back.
board=$(dirname "$0")/../../tools/board
work=$(mktemp -d)
log=$work/log
trap 'rm -rf "$work"' EXIT

check() { # NAME CONDITION...
	name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		cat "$log" >&2
	fi
}

# The host is healthy if its log has none of these.
complaints='WARNING|BUG|Oops|\bstall|lockup|Unable to handle'

refused() { # OPTIONS REASON
	BOARD_QEMU=$1 "$board" -- sh -c '
		dmesg -c | grep "vmm: "
		/sbin/modprobe vmm && exit 1
		[ "$(dmesg | grep -c "vmm: ")" = 1 ] || exit 2
		bhyvectl --check-host && exit 3
		[ ! -e /dev/vmm ] && ! grep -q ^vmm /proc/modules' \
		</dev/null >"$log" 2>&1 && grep -q "vmm: $2" "$log" &&
		grep -q "^missing .*$2" "$log"
}
check 'a host without HYP mode is refused in one line, by the check in the same words' \
	refused '-machine virtualization=off' \
	'this CPU has no Virtualization Extensions: guests need .* or A17'
check '... without a GICv2' refused '-machine gic-version=3' \
	'this host has no GICv2 with virtualization extensions: no setting helps'
check '... with a Cortex-A72' refused '-cpu cortex-a15,midr=0x410fd083' \
	'a Cortex-A57 or A72 may mix .* (errata 1319537 and 1319367): .* A15 or A17'
# Only the module can look at registers; the check has its words from the log. GICH is
# at 0x8030000, and here the tree has it where another device is.
qemu-system-arm -M virt,virtualization=on,gic-version=2,dumpdtb="$work/virt.dtb" \
	-cpu cortex-a15 -smp 2 -nodefaults -display none >"$log" 2>&1
sed 's/\x08\x03\x00\x00/\x0a\x00\x00\x00/' "$work/virt.dtb" >"$work/moved.dtb"
check '... without a GICH where it should be' refused "-dtb $work/moved.dtb" \
	"there is no GICH where this GIC should have one: .* 'reg', if the chip has them"

"$board" --timeout 100 -- sh -c '
	for i in 1 2 3; do
		echo 0 >/sys/devices/system/cpu/cpu1/online
		echo 1 >/sys/devices/system/cpu/cpu1/online
		rmmod vmm && modprobe vmm || exit 2
	done
	dmesg' </dev/null >"$log" 2>&1
check 'CPUs that go and come before and after a load' [ $? = 0 ]
check '... and the host complains of nothing' \
	sh -c '! grep -E "$1" "$2"' - "$complaints" "$log"

# CPU 1 begins to go offline, vmm's callback runs, and then the kernel calls it off. So
# vmm is told to take HYP on a CPU on which it still has HYP. After that, a guest leaves
# its timer's interrupt active, and the module is reloaded.
cat >"$work/onboard" <<'EOF'
cpu1=/sys/devices/system/cpu/cpu1
# States are taken down one after the other. This one, which comes after vmm's, is made
# to fail.
below=$(sed -n 's/^ *\([0-9]*\): smpboot\/threads:online.*/\1/p' \
	/sys/devices/system/cpu/hotplug/states)
echo "$below" >$cpu1/hotplug/fail
echo 0 2>/dev/null >$cpu1/online
taskset 2 sh -c 'printf q | bhyve -m 64M -o kernel=/tests/kit.elf back' |
	grep -q ^end && echo rolled back

bhyve -c 1 -m 64M -o kernel=/tests/stuckppi.elf stuck </dev/null >/tmp/out 2>&1 &
until grep -q acknowledged /tmp/out; do usleep 200000; done
kill -9 $!
wait $!
rmmod vmm && modprobe vmm
for cpu in 1 2; do
	printf q | timeout -s KILL 60 taskset $cpu \
		bhyve -c 1 -m 64M -o kernel=/tests/vtimer.elf after
done >/tmp/out
[ "$(grep -c ^end /tmp/out)" = 2 ] && ! grep '^not ok' /tmp/out && echo timers
bhyvectl --check-host && echo all there

# QEMU's Cortex-A15 has no ACTLR.IBE, so the parameter asks for ICIALLU here.
state=/sys/module/vmm/parameters/branch_predictor
for how in auto bpiall iciallu; do
	rmmod vmm && modprobe vmm branch_predictor=$how
	echo "$how: $(cat $state)"
	bhyvectl --check-host | grep branch
	printf q | timeout -s KILL 60 \
		bhyve -c 2 -m 64M -o kernel=/tests/kit.elf $how >/tmp/out
	grep -q ^end /tmp/out && ! grep '^not ok' /tmp/out && echo "$how runs"
done
rmmod vmm
modprobe vmm branch_predictor=other && echo taken
modprobe vmm
bhyvectl --report | grep -A3 '^== /proc/version'
rmmod vmm
bhyvectl --check-host | grep 'module vmm'
sed -i /vmm.ko/d "/lib/modules/$(uname -r)/modules.dep"
bhyvectl --check-host | grep 'module vmm'
dmesg
EOF
"$board" --timeout 240 -- sh -s <"$work/onboard" >"$log" 2>&1
check 'a CPU that does not go off after all is taken again' \
	grep -q '^rolled back' "$log"
check 'an interrupt that a guest did not end hurts no later one' \
	grep -q '^timers' "$log"
check '... and the host complains of nothing' \
	sh -c '! grep -E "$1" "$2"' - "$complaints" "$log"
check 'a branch predictor that firmware left alone is told of' \
	grep -q '^advice *branch predictor: vulnerable: .*ACTLR.IBE' "$log"
for how in bpiall iciallu; do
	check "... is emptied at each exit by $how" \
		grep -qi "^$how: $how at each exit" "$log"
	check '... and guests run so' grep -q "^$how runs" "$log"
done
check '... and not by what is no such way' sh -c '! grep -q ^taken "$1"' - "$log"
check 'bhyvectl --check-host misses nothing here' grep -q '^all there' "$log"
check '... and --report has more' grep -q '^Linux version.*armmp' "$log"
check '... and tells a module that is not loaded' \
	grep -q '^missing *module vmm: modprobe vmm' "$log"
check '... from one that this kernel lacks' \
	grep -q '^missing *module vmm: .*: install linux-headers-[0-9].*armmp-lpae,' "$log"

# This stands for firmware that leaves CNTFRQ at 0. In front of the kernel, which is
# entered in HYP mode, are "mov r3, #0" and "mcr p15, 0, r3, c14, c0, 0". Words of 0, which
# are instructions without effect, fill up 4 KiB, because the kernel's HYP vectors need
# its alignment. The device tree has the rate.
{
	printf '\000\060\240\343\020\077\016\356'
	head -c 4088 /dev/zero
	cat "$(dirname "$board")/../build/board/bookworm/vmlinuz"
} >"$work/kernel"
qemu-system-arm -M "virt,virtualization=on,gic-version=2,dumpdtb=$work/virt.dtb" \
	-cpu cortex-a15 -smp 1 -m 1024 -nodefaults -nographic >"$log" 2>&1
fdtput -t i "$work/virt.dtb" /timer clock-frequency 62500000
# The same board has a Cortex-A17, which needs BPIALL; the kernel's command line switches
# that off.
BOARD_QEMU="-kernel $work/kernel -dtb $work/virt.dtb -cpu cortex-a15,midr=0x410fc0e1" \
	BOARD_APPEND=mitigations=off "$board" --cpu 1 --timeout 300 -- sh -c '
	echo "auto: $(cat /sys/module/vmm/parameters/branch_predictor)"
	bhyve -m 96M -o kernel=/boot/vmlinuz -o initrd=/boot/initrd.img \
		-o fdt.bootargs="console=ttyAMA0 quiet -- sleep 1; echo guest slept" linux
	! dmesg | grep "Division by zero"' </dev/null >"$log" 2>&1
check 'where CNTFRQ is 0 the rate is that of the device tree' [ $? = 0 ]
check '... for guests, too' grep -q '^guest slept' "$log"
check "mitigations=off leaves the branch predictor alone" \
	grep -q '^auto: vulnerable: switched off' "$log"

"$board" -- sh -c 'rmmod vmm; reboot -f' </dev/null >"$log" 2>&1
check 'reboots after unloading' grep -q 'Restarting system' "$log"
"$board" -- reboot -f </dev/null >"$log" 2>&1
check 'reboots with the module loaded' grep -q 'Restarting system' "$log"

# Without --image-size kexec would place the initrd where Debian's kernel unpacks itself.
"$board" --timeout 100 -- sh -c '
	bhyve -m 64M -o kernel=/tests/spin.elf spin </dev/null &
	sleep 1
	kexec --image-size=0x4000000 -l /boot/vmlinuz --initrd=/boot/initrd.img \
		--command-line="console=ttyAMA0 quiet -- dmesg | grep CPU" &&
		kexec -e' </dev/null >"$log" 2>&1
check 'kexec with a VM running gives HYP mode to the next kernel' \
	grep -q 'CPU: All CPU(s) started in HYP mode' "$log"
