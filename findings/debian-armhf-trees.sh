#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the device trees of Debian's armhf kernel say of ARMv7's virtualization
# hardware, where a guess from the SoC's manual is wrong:
# - No tree says cortex-a17. RK3288's four Cortex-A17s are called cortex-a12.
# - Jetson TK1 gives its GIC's CPU interface 4 KiB, so GICC_DIR is out of reach.
# - STM32MP1's two Cortex-A7s have a GIC-400 without GICH and GICV in the tree.
# - BeagleBone AI (AM5729, Cortex-A15) disables its generic timer (erratum i940).
# - OMAP5's GIC has no maintenance interrupt; DRA7's, the same core, has one.
# - Allwinner A20's tree has neither an enable-method nor /psci: its second CPU
#   starts only if the firmware writes PSCI into the tree.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

version=6.1.176-1 abi=6.1.0-50
unpack bookworm armhf "linux-image-$abi-armmp=$version"
unpack bookworm amd64 device-tree-compiler=1.6.1-4+b1
trees=$tmp/bookworm-armhf/usr/lib/linux-image-$abi-armmp

text() {
	run bookworm-amd64 fdtget "$trees/$1.dtb" "$2" "$3" 2>/dev/null || echo none
}

gic() { # TREE
	run bookworm-amd64 dtc -q -I dtb -O dts "$trees/$1.dtb" |
		sed -n '/interrupt-controller@.* {/,/};/p' |
		grep -B20 -A20 'arm,cortex-a15-gic\|arm,cortex-a7-gic\|arm,gic-400' |
		grep -m1 "$2" | grep -o '0x[0-9a-f]*' | tr '\n' ' '
}

echo "Debian's linux-image-$abi-armmp $version"
expect "trees that say cortex-a17" 0 \
	"$(grep -lr arm,cortex-a17 "$trees" | wc -l)"
expect "rk3288-firefly's first CPU" arm,cortex-a12 \
	"$(text rk3288-firefly /cpus/cpu@500 compatible)"
expect "tegra124-jetson-tk1's GIC (the second pair is GICC)" \
	'0x00 0x50041000 0x00 0x1000 0x00 0x50042000 0x00 0x1000 0x00 0x50044000 0x00 0x2000 0x00 0x50046000 0x00 0x2000 ' \
	"$(gic tegra124-jetson-tk1 'reg =')"
expect "stm32mp157c-dk2's GIC (neither GICH nor GICV)" \
	'0xa0021000 0x1000 0xa0022000 0x2000 ' "$(gic stm32mp157c-dk2 'reg =')"
expect "am5729-beagleboneai's timer" disabled \
	"$(text am5729-beagleboneai /timer status)"
expect "omap5-uevm's maintenance interrupt" '' "$(gic omap5-uevm 'interrupts =')"
expect "dra7-evm's maintenance interrupt" '0x01 0x09 0x304 ' "$(gic dra7-evm 'interrupts =')"
expect "sun7i-a20-bananapi's second CPU's enable-method" none \
	"$(text sun7i-a20-bananapi /cpus/cpu@1 enable-method)"
expect "sun7i-a20-bananapi's PSCI" none \
	"$(text sun7i-a20-bananapi /psci method)"
exit "$changed"
