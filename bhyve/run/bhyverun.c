/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyve: builds the machine, loads the guest, and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "bhyve/boot/boot.h"
#include "bhyve/run/boot_watch.h"
#include "bhyve/boot/bootrom.h"
#include "bhyve/dev/bvmcons.h"
#include "bhyve/config/config.h"
#include "bhyve/console/console.h"
#include "bhyve/run/control.h"
#include "bhyve/core_dump.h"
#include "bhyve/base/debug.h"
#include "bhyve/boot/freebsd.h"
#include "bhyve/dev/fwcfg.h"
#include "bhyve/run/gdb.h"
#include "bhyve/dev/gpio_pl061.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/base/leftovers.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/notify.h"
#include "bhyve/run/options.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/power.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/restore.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/progress.h"
#include "bhyve/machine/device.h"
#include "bhyve/dev/rtc_pl031.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/thread.h"
#include "bhyve/base/tty.h"
#include "bhyve/dev/uart_pl011.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_user.h"
#include "bhyve/base/title.h"
#include "bhyve/run/vmexit.h"
#include "lib/vmmapi.h"

static void must(const char *what, int ret)
{
	if (ret < 0)
		die("%s: %s", what, strerror(-ret));
}

static void explain_create(const char *name, int ret)
{
	switch (ret) {
	case 0:
		return;
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
		die("/dev/vmm is missing: load the module (modprobe vmm), and"
		    " see dmesg if it refuses");
	case -EACCES:
		die("no permission on /dev/vmm: run as root, or have the"
		    " administrator grant it to your group");
	case -EPERM: /* the device rules of a cgroup forbid it */
		die("no permission on /dev/vmm for this service or container:"
		    " give a systemd service DeviceAllow=/dev/vmm rw");
	case -EPROTO:
		die("the loaded vmm.ko speaks another interface than this"
		    " bhyve: use the two of one release, and reload the"
		    " module");
	case -EEXIST:
		die("there is a VM \"%s\" already: take another name, or end"
		    " it (bhyvectl --vm=%s --force-poweroff)",
		    name, name);
	case -EDQUOT:
		die("you have as many VMs as a user may have: end one, or have"
		    " the administrator raise"
		    " /sys/module/vmm/parameters/max_vms");
	default:
		die("cannot make the VM: %s", strerror(-ret));
	}
}

#define WIRE_CHUNK ((size_t)16 << 20)
#define STACK_SIZE ((size_t)1 << 20)

/* -S: memory is allocated now, and never swapped. */
static void wire_memory(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	struct progress progress;
	char *mem = vm_map_gpa(ctx, base, size);
	int ret = 0;

	if (!get_config_bool_default("memory.wired", false))
		return;
	progress_begin(&progress, "allocating the guest's memory", size);
	for (size_t done = 0; done < size && !ret; done += WIRE_CHUNK) {
		size_t left = size - done;

		ret = mlock(mem + done, left < WIRE_CHUNK ? left : WIRE_CHUNK);
		progress_at(&progress, done);
	}
	progress_end(&progress);
	if (ret)
		die("-S: cannot lock the guest's memory: %s; see ulimit -l",
		    strerror(errno));
}

/*
 * Lets KSM merge equal pages of this process with those of other processes that
 * allow it.
 */
static void merge_memory(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	if (!get_config_bool_default("memory.mergeable", false))
		return;
	if (virtio_user_is_configured())
		die("memory.mergeable: memory that other processes share is not"
		    " merged: leave it out, or vhost-user");
	if (get_config_bool_default("memory.hugetlb", false))
		die("memory.mergeable: huge pages are not merged: leave it out,"
		    " or memory.hugetlb");
	if (madvise(vm_map_gpa(ctx, base, size), size, MADV_MERGEABLE))
		die("memory.mergeable: the host's kernel does not merge pages:"
		    " %s",
		    strerror(errno));
}

/* Each queue of each device needs two descriptors. */
static void raise_file_limit(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim))
		return;
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
}

/*
 * While there is one thread: a process with more of them that opens a descriptor past the
 * end of its table, which has 32 at first, waits until the host's kernel has let go of the
 * old table (synchronize_rcu() in fs/file.c). That takes 10 ms and more.
 */
static void make_room_for_files(void)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 255);

	if (fd >= 0)
		close(fd);
}

/*
 * Stacks are small, because the kernel would give a whole huge page to a stack of the
 * usual 8 MiB that happens to end where such a page does. There is only one heap,
 * because for a second one the C library reads the number of CPUs from a file, which the
 * sandbox forbids.
 */
static void limit_memory(void)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_setattr_default_np(&attr);
	mallopt(M_ARENA_MAX, 1);
}

#define HUGE_PAGE 0x200000u

static int setup_huge_memory(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	int ret;

	if (size % HUGE_PAGE)
		die("memory.hugetlb: give a multiple of 2 MiB with -m");
	ret = vm_setup_huge_memory(ctx, base, size);
	if (ret == -ENOMEM)
		die("memory.hugetlb: the host has fewer than %u free huge pages"
		    " of 2 MiB: set more aside, as root (sysctl"
		    " vm.nr_hugepages=NUMBER; see HugePages_Rsvd and"
		    " HugePages_Free in /proc/meminfo), or give less with -m",
		    (unsigned int)(size / HUGE_PAGE));
	must("memory.hugetlb: no huge pages of 2 MiB", ret);
	return 0;
}

/*
 * Memory is shared only if a back end needs that, because the host seldom gives huge
 * pages to shared memory.
 */
static int setup_memory(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	if (get_config_bool_default("memory.hugetlb", false))
		return setup_huge_memory(ctx, base, size);
	if (virtio_user_is_configured())
		return vm_setup_shared_memory(ctx, base, size);
	return vm_setup_memory(ctx, base, size);
}

static struct vmctx *make_vm(const struct machine *m,
			     const struct bhyve_options *opts)
{
	uint64_t ram = m->map[MACHINE_RAM].base;
	struct vmctx *ctx = NULL;
	struct vcpu *vcpu;
	int ret;

	explain_create(opts->name, vm_create(opts->name, &ctx));
	ret = setup_memory(ctx, ram, opts->mem_size);
	if (ret == -ENOMEM)
		die("no address space for the guest's RAM: give less with -m");
	must("cannot give the guest its RAM", ret);
	merge_memory(ctx, ram, opts->mem_size);
	wire_memory(ctx, ram, opts->mem_size);
	must("cannot make the interrupt controller",
	     vm_attach_vgic(ctx, m->map[MACHINE_GICD].base,
			    m->map[MACHINE_GICC].base, m->nirqs, opts->ncpus));
	for (unsigned int i = 0; i < opts->ncpus; i++)
		must("cannot make a virtual CPU", vm_vcpu_open(ctx, i, &vcpu));
	return ctx;
}

static void make_devices(struct vmctx *ctx, const struct machine *m)
{
	const char *spec = get_config_value("console");
	struct console *cons;

	init_mem();
	init_devices();
	if (console_open(spec ? spec : "stdio", &cons))
		exit(BHYVE_ERROR);
	must("console", console_keep_backlog(cons));
	must("serial port", pl011_init(ctx, m, cons));
	must("clock", pl031_init(ctx, m));
	must("power button", pl061_init(ctx, m));
	must("fw_cfg", fwcfg_init(ctx, m));
	must("flash", bootrom_init(ctx, m));
	if (get_config_bool_default("bvmcons", false))
		must("bvmcons", bvmcons_init(m, cons));
	init_virtio_mmio(ctx, m);
	init_pci(ctx, m);
}

static void change_user(const char *name)
{
	int ret = be_user(name);

	if (ret == -ENOENT)
		die("user=%s: there is no such user", name);
	if (ret)
		die("user=%s: %s: only root becomes another user", name,
		    strerror(-ret));
}

/* Gives up rights that are not needed any more, since everything is open. */
static void give_up_rights(const char *user)
{
	close_inherited();
	must("sandbox", hide_process());
	must("files to remove", guard_leftovers());
	if (user)
		change_user(user);
	must("capabilities", drop_capabilities());
	must("sandbox", sandbox_enter(SANDBOX_EVENT));
}

/* A guest from a snapshot or a migration needs no kernel to be loaded. */
static bool guest_comes(void)
{
	return restore_wanted() || receive_is_waiting();
}

static void start_guest(struct vmctx *ctx, const struct machine *m,
			const struct bhyve_options *opts)
{
	if (guest_comes())
		boot_restored(opts->ncpus, opts->mem_size);
	else
		boot_guest(ctx, m, opts->ncpus, opts->mem_size);
}

/* Waits up to about a second until the readers have taken the last output. */
static void flush_consoles(void)
{
	for (int i = 0; i < 100; i++) {
		bool sent = pl011_flush();

		if (console_flush() && sent)
			return;
		usleep(10000);
	}
}

int main(int argc, char *argv[])
{
	const struct machine *machine;
	struct bhyve_options opts;
	struct vmctx *ctx;
	const char *user;

	note_inherited();
	init_config();
	parse_options(argc, argv, &opts);
	set_process_title(argc, argv, opts.name);
	machine = machine_configured(opts.mem_size, bootrom_path());
	power_block_signals();
	raise_file_limit();
	make_room_for_files();
	limit_memory();
	must("terminal", tty_init());
	must("events", mevent_init());
	control_listen(opts.name);
	receive_open();
	ctx = make_vm(machine, &opts);
	freebsd_choose_transport(opts.mem_size);
	make_devices(ctx, machine);
	must("signals", power_init(ctx));
	must("control socket", control_init(ctx, opts.ncpus));
	start_guest(ctx, machine, &opts);
	vcpus_init(ctx, opts.ncpus);
	must("gdb's socket", gdb_init(ctx, opts.ncpus));
	if (!guest_comes())
		must("watching the guest's start",
		     boot_watch_init(ctx, opts.ncpus));
	must("snapshots",
	     snapshot_init(ctx, machine, opts.ncpus, opts.mem_size));
	precopy_init(ctx);
	migrate_ram_init(ctx, machine->map[MACHINE_RAM].base, opts.mem_size);
	must("core file",
	     core_dump_init(opts.name, ctx, machine->map[MACHINE_RAM].base,
			    opts.mem_size, opts.ncpus));
	user = get_config_value("user");
	if (refuse_unread_keys())
		exit_with_error();
	notify_ready();
	give_up_rights(user);
	if (restore_wanted())
		restore_machine();
	if (receive_is_waiting())
		receive_machine();
	threads_release(sandbox_enter);
	mevent_dispatch();
	flush_consoles();
	gdb_end(vm_status());
	if (vm_status() == BHYVE_FAULT)
		core_dump();
	exit(vm_status());
}
