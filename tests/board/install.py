# SPDX-License-Identifier: BSD-2-Clause
"""usage: install.py SUITE
A user's way on a stock Debian board: docs/quickstart.md and docs/networking.md, and
between their lines a reboot, a newer kernel, and at the end kexec."""
import glob
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools"))
from boardlib import debian  # noqa: E402

SOURCES = "deb [trusted=yes] file:/share/{} ./"
TROUBLE = "journalctl -k --no-pager | grep -E 'WARNING|BUG:|Oops|Call trace'"


class Check:
    def __init__(self, suite, share):
        self.suite = suite
        self.share = share
        self.system = None

    def say(self, name, good, output=""):
        if not good:
            print("\n".join(output.splitlines()[-40:]))
        print(f"{'ok' if good else 'not ok'} {self.suite}: {name}", flush=True)

    def that(self, name, command, seconds=300, status=0, says=""):
        got, output = self.system.run(command, seconds)
        self.say(name, got == status and says in output, output)
        return output

    def page(self, name, heading, seconds=300):
        """The commands that a page of docs/ has below a heading."""
        with open(os.path.join(ROOT, "docs", name)) as page:
            part = page.read().split(f"## {heading}\n")[1].split("\n## ")[0]
        for where, block in re.findall(r"^```(sh|guest)\n(.*?)^```$", part,
                                       re.M | re.S):
            title = f"{name}: {heading}: {block.splitlines()[0]}"
            if where == "guest":
                console(self, title, block.replace("\n", "; ")
                        + "echo done-$((6 * 7))", "done-42")
                continue
            with open(os.path.join(self.share, "block"), "w") as script:
                script.write(block)
            self.that(title, "sh -e /share/block", seconds)


def use_repository(check, name):
    check.system.run(f"echo '{SOURCES.format(name)}' >/etc/apt/sources.list")
    check.that(f"apt reads {name}", "apt-get -q update", 900)


def install(check):
    use_repository(check, "repository")
    check.page("quickstart.md", "Install", 5400)
    check.that("DKMS has built the module",
               "ls /lib/modules/$(uname -r)/updates/dkms/vmm.ko*")


def look(check):
    check.that("vmm is loaded at boot", "test -d /sys/module/vmm")
    check.that("... from DKMS", "modinfo -n vmm", says="/updates/dkms/")
    check.that("/dev/vmm is the group's",
               "stat -c '%a %U %G' /dev/vmm", says="660 root vmm")
    check.page("quickstart.md", "Check")
    # QEMU's Cortex-A15 keeps no ACTLR.IBE.
    check.that("... nor to be bettered but by firmware", "! bhyvectl "
               "--check-host | grep -v -e '^ok ' -e '^advice .* ACTLR.IBE'")


def run_guest(check):
    check.page("quickstart.md", "A guest")
    check.that("bhyvectl lists it", "bhyvectl", says="guest ")
    console(check, "it answers at its console", "uname -a", "#1 SMP")
    check.page("quickstart.md", "Its console")


def networks(check):
    check.page("networking.md", "A bridge between guests and the host")
    check.page("networking.md", "NAT with nftables")
    # The gateway of QEMU's network, which is behind the board's eth0.
    console(check, "a guest reaches what the host reaches",
            "ping -c 3 10.0.2.2", " 0% packet loss")
    check.page("networking.md", "A macvtap instead of a bridge")
    console(check, "the network's DHCP server answers a guest",
            "ip link set enp0s2 up; udhcpc -n -q -s /bin/true -i enp0s2",
            "lease of 10.0.2.* obtained")
    check.page("networking.md", "Undoing all of it")


def console(check, name, words, answer):
    """Types @words at the guest's console until they are answered."""
    check.that(name, "for i in $(seq 120); do "
               f"(sleep 2; echo '{words}'; sleep 3; printf '\\035') | "
               "bhyvectl --vm=guest --console >/root/said; "
               f"grep -q '{answer}' /root/said && break; done; "
               f"tail -5 /root/said; grep -q '{answer}' /root/said", 1800)


def restart_and_stop(check):
    check.that("a guest that reboots is started again", "for i in $(seq 60); "
               "do (sleep 2; echo reboot -f; sleep 5; printf '\\035') | bhyvectl "
               "--vm=guest --console >/dev/null; systemctl show -p NRestarts "
               "bhyve@guest | grep '=[1-9]' && break; done", 1200,
               says="NRestarts=")
    check.that("... and is there", "for i in $(seq 120); do "
               "systemctl is-active bhyve@guest && break; sleep 2; done; "
               "systemctl is-active bhyve@guest", 600)
    check.page("quickstart.md", "Stop", 600)
    # The shell of an initial RAM disk does not look at the power button. So whether
    # the guest or systemd was first depends on how far the guest had booted.
    check.that("... and it has ended", "systemctl show -p MainPID bhyve@guest",
               says="MainPID=0")
    check.that("... its words are in the journal",
               "journalctl --no-pager -u bhyve@guest", says="bhyve[")


def upgrade(check):
    check.system.run("systemctl enable bhyve@guest")
    use_repository(check, "upgrade")
    check.that("a newer kernel is installed", "apt-get -q -y install "
               "linux-image-armmp-lpae linux-headers-armmp-lpae", 7200)
    check.that("... and DKMS has built the module for it, too",
               "ls /lib/modules/*/updates/dkms/vmm.ko*; test $(ls "
               "/lib/modules/*/updates/dkms/vmm.ko* | wc -l) = 2")
    check.system.run("cp -L /vmlinuz /initrd.img /share/; sync", 600)


def purge(check):
    check.that("the guest has been started at boot",
               "systemctl is-active bhyve@guest")
    check.system.run("bhyve -m 64M -o kernel=/vmlinuz -o console=ctl other "
                     "</dev/null >/dev/null 2>&1 & sleep 2")
    check.page("quickstart.md", "Remove", 3600)
    check.that("the module has gone", "! test -d /sys/module/vmm")
    check.that("... no bhyve runs", "! pgrep -x bhyve")
    check.that("... no file is left", "find / -xdev \\( -path /proc -o -path "
               "/var/log -o -path /root -o -path /var/lib/dpkg -o -path "
               "/var/cache \\) -prune -o \\( -iname '*bhyve*' -o -name "
               "'vmm*.ko*' -o -name 'libvmmapi*' \\) -print | grep -v "
               "^/var/lib/bhyve | tee /root/left; ! test -s /root/left", 900)
    check.that("... and no group", "! getent group vmm")


def boots_again(check):
    """By kexec, which needs the stub of HYP mode as the kernel left it. Debian's
    6.12 kernels with LPAE oops in kexec, also where vmm.ko was never loaded."""
    if check.system.run("uname -r | grep '^6\\.12\\.'")[0] == 0:
        print(f"{check.suite}: this kernel's own kexec does not work: not tried")
        return
    # --image-size as in takeover.sh.
    check.that("kexec loads a kernel", "kexec --image-size=0x4000000 -l "
               "/vmlinuz --initrd=/initrd.img "
               "--append=\"$(cat /proc/cmdline)\"", 600)
    check.system.type("systemctl kexec")
    check.system.log_in(2400)
    check.that("kexec enters the next kernel in HYP mode", "journalctl -k "
               "--no-pager | grep 'started in'", says="in HYP mode")


def boot(check, work, share, log):
    check.system = debian.System(work, share, log)
    check.system.log_in()


def everything(check, work, share, log):
    boot(check, work, share, log)
    install(check)
    check.system.ends("sync; systemctl reboot")
    boot(check, work, share, log)
    look(check)
    run_guest(check)
    restart_and_stop(check)
    networks(check)
    upgrade(check)
    check.system.ends("systemctl reboot")
    for name in "vmlinuz", "initrd.img":
        shutil.copy(os.path.join(share, name), work)
    boot(check, work, share, log)
    look(check)
    check.that("nothing is wrong in the kernel's log", TROUBLE, status=1)
    purge(check)
    boots_again(check)
    check.that("nothing is wrong in the kernel's log", TROUBLE, status=1)


def main():
    suite = sys.argv[1]
    with tempfile.TemporaryDirectory() as work:
        source = debian.prepare(suite, work)
        share = os.path.join(work, "share")
        os.mkdir(share)
        for name in "repository", "upgrade":
            shutil.copytree(os.path.join(source, name),
                            os.path.join(share, name))
        os.mkdir(os.path.join(share, "deb"))
        for deb in glob.glob(os.path.join(ROOT, "build", "deb", "*.deb")):
            shutil.copy(deb, os.path.join(share, "deb"))
        with open(os.path.join(ROOT, "build", f"install-{suite}.log"),
                  "wb") as log:
            check = Check(suite, share)
            try:
                everything(check, work, share, log)
            except debian.Failed as failure:
                check.say(str(failure), False)
            finally:
                if check.system:
                    check.system.kill()


main()
