/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices that another process serves: with qemu-storage-daemon as the back end, which
 * comes with Debian's QEMU, and with back ends that are no good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bhyve/base/thread.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/virtio/vhost_user_msg.h"
#include "tests/unit/connector_fake.h"
#include "tests/unit/virtio_machine.h"

#define DAEMON	  "/usr/bin/qemu-storage-daemon"
#define FS_DAEMON "/usr/lib/qemu/virtiofsd"

#define IMAGE_SIZE (1 << 20)
#define SECTOR	   512

/* virtio 1.2, 5.2.6 */
#define T_IN	0
#define T_OUT	1
#define T_FLUSH 4

#define WRITEBACK 32 /* 5.2.4 */

#define REQUEST DRV_BUFFERS
#define DATA	(DRV_BUFFERS + 0x1000)
#define STATUS	(DRV_BUFFERS + 0x2000)

static char dir[] = "/tmp/bhyve.user.XXXXXX";
static char image[64], sock[64], slot[96];
static pid_t daemon_pid;
static struct vdev dev;
static struct driver drv;

/* Never called: no thread is made. */
int sandbox_enter(enum sandbox_kind kind)
{
	(void)kind;
	return 0;
}

/* Whether a process listens at sock: its name is there before that. */
static bool is_listening(void)
{
	FILE *sockets = fopen("/proc/net/unix", "r");
	bool found = false;
	char line[256];

	assert_non_null(sockets);
	while (!found && fgets(line, sizeof(line), sockets))
		found = strstr(line, sock) && strstr(line, " 00010000 ");
	fclose(sockets);
	return found;
}

/* Returns 0 in the daemon, which does not outlive this test. */
static pid_t fork_daemon(void)
{
	pid_t pid = fork();

	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void wait_for_daemon(void)
{
	while (!is_listening()) {
		assert_int_equal(waitpid(daemon_pid, NULL, WNOHANG), 0);
		usleep(10000);
	}
}

static void start_daemon(void)
{
	char blockdev[128], export[192];

	snprintf(blockdev, sizeof(blockdev),
		 "driver=file,node-name=image,filename=%s", image);
	snprintf(export, sizeof(export),
		 "type=vhost-user-blk,id=disk,node-name=image,writable=on,"
		 "addr.type=unix,addr.path=%s",
		 sock);
	unlink(sock);
	daemon_pid = fork_daemon();
	if (daemon_pid == 0) {
		execl(DAEMON, DAEMON, "--blockdev", blockdev, "--export",
		      export, NULL);
		_exit(127);
	}
	wait_for_daemon();
}

static void kill_daemon(void)
{
	kill(daemon_pid, SIGKILL);
	waitpid(daemon_pid, NULL, 0);
}

static int set_up(void **state)
{
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(image, sizeof(image), "%s/image", dir);
	snprintf(sock, sizeof(sock), "%s/sock", dir);
	snprintf(slot, sizeof(slot), "5,virtio-blk,vhost-user=%s", sock);
	fd = open(image, O_RDWR | O_CREAT, 0600);
	assert_int_equal(ftruncate(fd, IMAGE_SIZE), 0);
	close(fd);
	guest_share();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(image);
	unlink(sock);
	return rmdir(dir);
}

static void drive(bool pci)
{
	vdev_find(&dev, pci, 5);
	assert_true(vdev_negotiate(&dev, F_VERSION_1));
	drv_init(&drv, false, 8, DRV_DESC);
	vdev_queue(&dev, 0, &drv);
	vdev_driver_ok(&dev);
}

static void submit(uint32_t type, uint64_t sector)
{
	const struct {
		uint32_t type;
		uint32_t reserved;
		uint64_t sector;
	} head = { type, 0, sector };
	const struct seg segs[] = {
		{ REQUEST, sizeof(head), false },
		{ DATA, SECTOR, type == T_IN },
		{ STATUS, 1, true },
	};

	memcpy(guest(REQUEST), &head, sizeof(head));
	*(uint8_t *)guest(STATUS) = 0xff;
	drv_add(&drv, segs, 3);
	vdev_kick(&dev, 0);
}

static void completes(void)
{
	uint16_t id;
	uint32_t len;

	assert_true(vdev_wait(&drv, &id, &len));
	assert_int_equal(*(uint8_t *)guest(STATUS), 0);
}

static void write_and_read(unsigned int value)
{
	uint8_t sector[SECTOR];
	int fd = open(image, O_RDONLY);

	memset(guest(DATA), value, SECTOR);
	submit(T_OUT, value);
	completes();
	assert_int_equal(pread(fd, sector, SECTOR, value * SECTOR), SECTOR);
	assert_memory_equal(sector, guest(DATA), SECTOR);
	close(fd);
	memset(guest(DATA), 0, SECTOR);
	submit(T_IN, value);
	completes();
	assert_memory_equal(sector, guest(DATA), SECTOR);
}

static void serves(bool pci)
{
	machine_init();
	start_daemon();
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(!pci);
	drive(pci);
	assert_int_equal(vdev_config(&dev, 0, 4), IMAGE_SIZE / SECTOR);
	/* The daemon says 0, which it does not mean. */
	assert_int_equal(vdev_config(&dev, WRITEBACK, 1), 1);
	write_and_read(7);
	/* After a reset, it begins anew. */
	vdev_set_status(&dev, 0);
	drive(pci);
	write_and_read(9);
}

static void set_writeback(uint8_t writeback)
{
	wr(dev.base + (dev.pci ? 0x2000 : 0x100) + WRITEBACK, 1, writeback);
	assert_int_equal(vdev_config(&dev, WRITEBACK, 1), writeback);
}

/*
 * The back end dies and comes back: nothing is lost, each is said once, and the guest's
 * choice stays.
 */
static void survives(uint8_t writeback)
{
	set_writeback(writeback);
	kill_daemon();
	machine_events();
	assert_non_null(strstr(last_message, "is gone"));
	last_message[0] = '\0';
	memset(guest(DATA), 11, SECTOR);
	submit(T_OUT, 11);
	machine_events();
	assert_false(connector_fake_serve());
	assert_string_equal(last_message, "");
	start_daemon();
	assert_true(connector_fake_serve());
	machine_events();
	assert_non_null(strstr(last_message, "is there again"));
	completes();
	assert_int_equal(vdev_config(&dev, WRITEBACK, 1), writeback);
	write_and_read(13);
	/* A reset while it is away, too. */
	kill_daemon();
	machine_events();
	vdev_set_status(&dev, 0);
	drive(dev.pci);
	submit(T_IN, 13);
	start_daemon();
	assert_true(connector_fake_serve());
	machine_events();
	completes();
	assert_int_equal(*(uint8_t *)guest(DATA), 13);
	kill_daemon();
	machine_events();
}

static void storage_daemon(void **state)
{
	(void)state;
	if (access(DAEMON, X_OK))
		skip();
	serves(true);
	survives(0);
	serves(false);
	survives(1);
}

/* FUSE_INIT, by include/uapi/linux/fuse.h: the first request of each mount. */
static void fuse_init(void)
{
	const struct {
		uint32_t len, opcode;
		uint64_t unique, nodeid;
		uint32_t uid, gid, pid, padding;
		uint32_t major, minor, max_readahead, flags;
	} in = { .len = sizeof(in),
		 .opcode = 26,
		 .unique = 5,
		 .major = 7,
		 .minor = 31 };
	const struct seg segs[] = { { REQUEST, sizeof(in), false },
				    { DATA, 80, true } };
	uint32_t out[6];
	uint16_t id;
	uint32_t len;

	memcpy(guest(REQUEST), &in, sizeof(in));
	drv_add(&drv, segs, 2);
	vdev_kick(&dev, 1);
	assert_true(vdev_wait(&drv, &id, &len));
	memcpy(out, guest(DATA), sizeof(out));
	assert_int_equal(out[0], 80); /* length */
	assert_int_equal(out[1], 0);  /* error */
	assert_int_equal(out[2], 5);  /* unique */
	assert_int_equal(out[4], 7);  /* major */
}

static void virtiofsd(void **state)
{
	char option[64], path[96];
	struct driver urgent;

	(void)state;
	if (access(FS_DAEMON, X_OK) || geteuid())
		skip();
	unlink(sock);
	daemon_pid = fork_daemon();
	if (daemon_pid == 0) {
		snprintf(path, sizeof(path), "--socket-path=%s", sock);
		snprintf(option, sizeof(option), "source=%s", dir);
		execl(FS_DAEMON, FS_DAEMON, path, "-o", option, "-o",
		      "sandbox=chroot", NULL);
		_exit(127);
	}
	wait_for_daemon();
	machine_init();
	snprintf(slot, sizeof(slot), "5,virtio-fs,tag=files,vhost-user=%s",
		 sock);
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(false);
	assert_int_equal(rd(CFG(5, 0), 4), 0x105a1af4);
	vdev_find(&dev, true, 5);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x656c6966); /* "file" */
	assert_int_equal(vdev_config(&dev, 36, 4), 1);
	assert_true(vdev_negotiate(&dev, F_VERSION_1));
	drv_init(&urgent, false, 8, DRV_DESC + DRV_RINGS_SIZE);
	vdev_queue(&dev, 0, &urgent);
	drv_init(&drv, false, 8, DRV_DESC);
	vdev_queue(&dev, 1, &drv);
	vdev_driver_ok(&dev);
	fuse_init();
	vdev_set_status(&dev, 0);
	kill_daemon();
	machine_events();
	assert_non_null(strstr(last_message, "is gone"));
	unlink(sock);
	snprintf(option, sizeof(option), "%s.pid", sock);
	unlink(option);
}

/* The configuration has to say where the back end is, and it has to be there. */
static void mistakes(void **state)
{
	static const struct {
		const char *slot, *message;
	} bad[] = {
		{ "5,virtio-blk,vhost-user=/nowhere", "start the back end" },
		{ "5,virtio-fs,tag=x", "vhost-user=SOCKET" },
		{ "5,virtio-fs,vhost-user=/nowhere", "tag" },
		{ "5,virtio-fs,tag=0123456789012345678901234567890123456,"
		  "vhost-user=/nowhere",
		  "tag" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		machine_init();
		assert_int_equal(pci_parse_slot(bad[i].slot), 0);
		assert_true(DIES(machine_start(false)));
		assert_non_null(strstr(last_message, bad[i].message));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storage_daemon),
		cmocka_unit_test(virtiofsd),
		cmocka_unit_test(mistakes),
	};

	signal(SIGPIPE, SIG_IGN); /* as power.c does */
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
