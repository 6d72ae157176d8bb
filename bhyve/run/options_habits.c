/* SPDX-License-Identifier: BSD-2-Clause */
/* Recognizes options of QEMU and kvmtool. */
#include <stddef.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/run/options.h"

static const struct {
	const char *word;
	const char *ours;
} habits[] = {
	{ "kernel", "-o kernel=FILE" },
	{ "initrd", "-o initrd=FILE" },
	{ "append", "-o fdt.bootargs=TEXT" },
	{ "params", "-o fdt.bootargs=TEXT" },
	{ "dtb", "-o dtb=FILE" },
	{ "bios", "-o bootrom=FILE" },
	{ "firmware", "-o bootrom=FILE" },
	{ "pflash", "-o bootrom=FILE,VARS" },
	{ "smp", "-c CPUS" },
	{ "cpus", "-c CPUS" },
	{ "mem", "-m SIZE" },
	{ "name", "the VM's name as the last argument" },
	{ "drive", "-s SLOT,virtio-blk,IMAGE" },
	{ "hda", "-s SLOT,virtio-blk,IMAGE" },
	{ "cdrom", "-s SLOT,virtio-blk,ISO,ro" },
	{ "disk", "-s SLOT,virtio-blk,IMAGE" },
	{ "blockdev", "-s SLOT,virtio-blk,IMAGE" },
	{ "device", "-s SLOT,DEVICE[,OPTIONS]" },
	{ "netdev", "-s SLOT,virtio-net,tapN or slirp" },
	{ "net", "-s SLOT,virtio-net,tapN or slirp" },
	{ "nic", "-s SLOT,virtio-net,tapN or slirp" },
	{ "network", "-s SLOT,virtio-net,tapN or slirp" },
	{ "serial", "-o console=stdio, ctl, pty or unix:PATH" },
	{ "console", "-o console=stdio, ctl, pty or unix:PATH" },
	{ "monitor", "bhyvectl --vm=NAME" },
	{ "qmp", "bhyvectl --vm=NAME --json" },
	{ "nographic", "nothing: the serial port is on this terminal" },
	{ "display", "nothing: this machine has no screen" },
	{ "vnc", "nothing: this machine has no screen" },
	{ "machine", "nothing: there is one machine, QEMU's virt" },
	{ "cpu", "nothing: a guest's CPU is the host's" },
	{ "accel", "nothing: vmm.ko is the only one" },
	{ "enable-kvm", "nothing: vmm.ko is the only one" },
	{ "uuid", "-U UUID" },
	{ "fw_cfg", "-f NAME,string=TEXT or NAME,file=PATH" },
	{ "no-reboot", "nothing: bhyve ends when its guest reboots" },
	{ "daemonize", "nohup, systemd-run or &" },
	{ "pidfile", "bhyvectl --json, which lists process ids" },
};

static const char *find(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (strlen(habits[i].word) == len &&
		    !strncmp(habits[i].word, word, len))
			return habits[i].ours;
	return NULL;
}

/*
 * Only words of the list are taken as foreign: getopt(3) could not tell QEMU's
 * "-smp" from "-s mp". Any other argument with one dash and one of bhyve's
 * letters is bhyve's, whatever follows.
 */
void refuse_foreign_options(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i] + strspn(argv[i], "-");
		size_t len = strcspn(word, "=");
		const char *ours;

		if (word == argv[i] || !strcmp(argv[i], "--"))
			return;
		ours = find(word, len);
		if (ours)
			die("%s is another program's option: give %s", argv[i],
			    ours);
		if (argv[i][1] == '-')
			die("unknown option %s; see bhyve -h", argv[i]);
		/*
		 * An option letter with an argument: the rest of the word is
		 * that.
		 */
		if (len == 1 && option_takes_argument(*word))
			i++;
	}
}
