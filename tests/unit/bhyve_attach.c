/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices that come and go while the VM runs, as bhyvectl asks for them and as a guest
 * finds and uses them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/base/thread.h"
#include "bhyve/machine/mem.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/pci/pci_dev.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/run/control.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/vmexit.h"
#include "tests/unit/saved.h"
#include "tests/unit/virtio_machine.h"

#define SLOT	7
#define SECTORS 64
#define HEADER	(DRV_BUFFERS + 0x000)
#define STATUS	(DRV_BUFFERS + 0x100)
#define DATA	(DRV_BUFFERS + 0x1000)
#define BAR4	(PCIR_BAR(4))
/* Where a guest puts the BAR; far from all that were there at the start. */
#define PLACE 0x11000000u

static bool paused, migrates, saves, stuck;

bool vcpus_pause(struct vmctx *ctx)
{
	(void)ctx;
	paused = true;
	return !stuck;
}

void vcpus_resume(struct vmctx *ctx)
{
	(void)ctx;
	paused = false;
}

bool vcpus_paused(void)
{
	return paused;
}

enum migrate_state migrate_state(void)
{
	return migrates ? MIGRATE_COPYING : MIGRATE_NONE;
}

const char *precopy_busy(void)
{
	return saves ? "a checkpoint is being written" : NULL;
}

/* The kinds of back end that this test does not reach. */
void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag)
{
	(void)be, (void)node, (void)max, (void)tag;
	abort();
}

void net_fd_open(struct net_backend *be, struct config_node *node,
		 const char *tag)
{
	net_tap_open(be, node, 0, tag);
}

void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag)
{
	net_tap_open(be, node, 0, tag);
}

int net_attached_open(struct net_backend *be, struct config_node *node,
		      const char *tag)
{
	net_tap_open(be, node, 0, tag);
	return 0;
}

void net_tap_set_offloads(struct net_backend *be, uint64_t features)
{
	(void)be, (void)features;
}

void net_tap_set_header(struct net_backend *be)
{
	(void)be;
}

void net_tap_set_queues(struct net_backend *be, unsigned int n)
{
	(void)be, (void)n;
}

static int image;

static int new_image(unsigned int sectors)
{
	char path[] = "/tmp/attach.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ftruncate(fd, sectors * 512), 0);
	return fd;
}

static int start(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	machine_start(false);
	image = new_image(SECTORS);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return close(image);
}

/* NULL, or why not. */
static const char *ask(const char *line, int file)
{
	const char *why;

	assert_true(control_slot(NULL, line, file, &why));
	assert_false(paused);
	return why;
}

static void done(const char *line, int file)
{
	const char *why = ask(line, file);

	if (why)
		fail_msg("%s: %s", line, why);
}

static void refused(const char *line, int file, const char *words)
{
	const char *why = ask(line, file);

	if (!why || !strstr(why, words))
		fail_msg("%s: %s", line, why ? why : "done");
}

static unsigned int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static bool is_there(void)
{
	return rd(CFG(SLOT, PCIR_VENDOR), 2) == 0x1af4;
}

static struct vdev dev;
static struct driver drv;

/* What Linux does when it is told to look at the bus again. */
static void find(void)
{
	assert_true(is_there());
	wr(CFG(SLOT, BAR4), 4, PLACE);
	wr(CFG(SLOT, PCIR_COMMAND), 2, PCIM_CMD_MEMEN | PCIM_CMD_BUSMASTEREN);
	vdev_find(&dev, true, SLOT);
	assert_int_equal(dev.base, PLACE);
}

static void drive(void)
{
	drv_init(&drv, false, 16, DRV_DESC);
	assert_true(vdev_negotiate(&dev, F_VERSION_1));
	vdev_queue(&dev, 0, &drv);
	vdev_driver_ok(&dev);
}

/* Type 1 writes a sector from DATA, type 0 reads it there. */
static void begin(uint32_t type, uint64_t sector)
{
	const struct seg segs[] = { { HEADER, 16, false },
				    { DATA, 512, type == 0 },
				    { STATUS, 1, true } };

	memset(guest(HEADER), 0, 16);
	memcpy(guest(HEADER), &type, 4);
	memcpy((char *)guest(HEADER) + 8, &sector, 8);
	*(uint8_t *)guest(STATUS) = 0xff;
	drv_add(&drv, segs, 3);
	vdev_kick(&dev, 0);
}

static void request(uint32_t type, uint64_t sector)
{
	uint32_t len;
	uint16_t id;

	begin(type, sector);
	assert_true(vdev_wait(&drv, &id, &len));
	assert_int_equal(*(uint8_t *)guest(STATUS), 0);
}

static void use_disk(void)
{
	uint8_t on_medium;

	memset(guest(DATA), 0x5a, 512);
	request(1, 3);
	assert_int_equal(pread(image, &on_medium, 1, 3 * 512), 1);
	assert_int_equal(on_medium, 0x5a);
	memset(guest(DATA), 0, 512);
	request(0, 3);
	assert_int_equal(*(uint8_t *)guest(DATA), 0x5a);
}

static void a_disk_comes_and_goes(void **state)
{
	uint64_t val = 0;

	(void)state;
	assert_int_equal(rd(CFG(SLOT, 0), 4), 0xffffffff);
	done("attach 7,virtio-blk,/image", image);
	assert_int_equal(rd(CFG(SLOT, PCIR_COMMAND), 2), 0);
	find();
	drive();
	use_disk();
	assert_true(ioeventfds > 0);
	refused("detach 7", -1, "the guest uses it");
	use_disk();
	vdev_set_status(&dev, 0);
	vdev_set_status(&dev, 1); /* ACKNOWLEDGE: no driver has it */
	done("detach 7", -1);
	assert_int_equal(rd(CFG(SLOT, 0), 4), 0xffffffff);
	assert_int_equal(read_mem(NULL, PLACE, &val, 4), 0);
	assert_int_equal((uint32_t)val, 0xffffffff);
	assert_int_equal(ioeventfds, 0);
	assert_int_equal(irqfds, 0);
	refused("detach 7", -1, "no device");
}

/* What is under way is finished first, and nothing touches the guest's memory later. */
static void a_disk_is_forced_off(void **state)
{
	uint8_t on_medium = 0;

	(void)state;
	done("attach 7,virtio-blk,/image", image);
	find();
	drive();
	memset(guest(DATA), 0xa5, 512);
	for (int round = 0; round < 4; round++)
		begin(1, round);
	done("detach 7,force", -1);
	memset(guest(STATUS), 0x77, 1);
	for (int round = 0; round < 4; round++) {
		pread(image, &on_medium, 1, round * 512);
		assert_int_equal(on_medium, 0xa5);
	}
	assert_int_equal(*(uint8_t *)guest(STATUS), 0x77);
	assert_false(is_there());
}

/* Each round leaves nothing behind, and finds the same place free. */
static void a_hundred_times(void **state)
{
	unsigned int files = 0;
	uint64_t place = 0;

	(void)state;
	for (int round = 0; round < 100; round++) {
		done("attach 7,virtio-blk,/image,ser=round", image);
		if (!round)
			place = rd(CFG(SLOT, BAR4), 4);
		assert_int_equal(rd(CFG(SLOT, BAR4), 4), place);
		find();
		drive();
		use_disk();
		done("detach 7,force", -1);
		if (!round)
			files = open_files();
		assert_int_equal(open_files(), files);
	}
	assert_null(nth_device(1)); /* the host bridge alone */
}

/* A guest that reboots finds it as one that was there from the start. */
static void it_stays_through_a_reset(void **state)
{
	(void)state;
	done("attach 7,virtio-blk,/image", image);
	find();
	drive();
	reset_devices();
	assert_true(is_there());
	assert_int_equal(rd(CFG(SLOT, PCIR_COMMAND), 2), 3);
	vdev_find(&dev, true, SLOT);
	assert_int_not_equal(dev.base, PLACE);
	assert_int_equal(vdev_status(&dev), 0);
	drive();
	use_disk();
	done("detach 7,force", -1);
}

/* Two have places of their own, also when an earlier one has gone. */
static void several(void **state)
{
	int others[] = { new_image(8), new_image(8) };
	uint64_t second;

	(void)state;
	done("attach 7,virtio-blk,/image", image);
	done("attach 8,virtio-blk,/a", others[0]);
	second = rd(CFG(8, BAR4), 4);
	assert_int_not_equal(rd(CFG(SLOT, BAR4), 4), second);
	done("detach 7", -1);
	done("attach 9,virtio-blk,/b", others[1]);
	assert_int_not_equal(rd(CFG(9, BAR4), 4), second);
	assert_int_equal(rd(CFG(8, BAR4), 4), second);
	done("detach 8", -1);
	done("detach 9", -1);
	close(others[0]);
	close(others[1]);
}

/* What fails leaves nothing, and the slot is free for a better try. */
static void bad_requests(void **state)
{
	static const struct {
		const char *line, *words;
	} bad[] = {
		{ "attach ", "SLOT,DEVICE" },
		{ "attach x", "SLOT,DEVICE" },
		{ "attach 7", "SLOT,DEVICE" },
		{ "attach 7,", "unknown device" },
		{ "attach 0:9:0,virtio-blk,/image", "function 0" },
		{ "attach 32,virtio-blk,/image", "slots are 0 to 31" },
		{ "attach 7:1,virtio-blk,/image", "function 0" },
		{ "attach 0,virtio-blk,/image", "taken" },
		{ "attach 7,virtio-fs,tag=x", "only virtio-blk" },
		{ "attach 7,hostbridge", "only virtio-blk" },
		{ "attach 7,lpc", "nothing to attach" },
		{ "attach 7,nvme,/image", "virtio-blk,IMAGE" },
		{ "attach 7,virtio-blk", "no image" },
		{ "attach 7,virtio-blk,/image,nocache", "nocache" },
		{ "attach 7,virtio-blk,/image,readonly", "read-only is ro" },
		{ "attach 7,virtio-blk,/image,sectorsize=3", "sectorsize" },
		{ "attach 7,virtio-blk,/image,ser=more-than-twenty-letters",
		  "at most 20" },
		{ "attach 7,virtio-blk,vhost-user=/x", "from the start" },
		{ "attach 7,virtio-net,slirp", "tap or passt" },
		{ "attach 7,virtio-net,passt,/x,vhost=true", "leave it out" },
		{ "attach 7,virtio-net,passt,/x,mac=1", "six bytes" },
		{ "attach 7,virtio-net,passt,/x,mtu=1", "mtu=1" },
		{ "detach ", "give SLOT" },
		{ "detach 7,now", "give SLOT" },
		{ "detach 99", "no device" },
		{ "detach 0", "only what was attached" },
	};
	int small = new_image(0);
	unsigned int files = open_files();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		refused(bad[i].line, image, bad[i].words);
		assert_int_equal(open_files(), files);
		assert_false(is_there());
		assert_null(nth_device(1));
	}
	refused("attach 7,virtio-blk,/image", -1, "not sent along");
	refused("attach 7,virtio-blk,/image", small, "smaller than one sector");
	close(small);
	done("attach 7,virtio-blk,/image", image);
	done("detach 7", -1);
}

/* Another VM has the image; when that lets go, it is this one's alone. */
static void images_are_locked(void **state)
{
	char path[32];
	int other;

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
	other = open(path, O_RDWR);
	done("attach 7,virtio-blk,/image", image);
	refused("attach 8,virtio-blk,/image", other, "in use by another VM");
	done("detach 7", -1);
	/* The lock goes with the last descriptor of that opening. */
	assert_int_equal(stop(NULL), 0);
	image = other;
	done("attach 8,virtio-blk,/image", other);
	done("detach 8", -1);
}

static void the_vm_cannot_now(void **state)
{
	(void)state;
	migrates = true;
	refused("attach 7,virtio-blk,/image", image, "migrated");
	refused("detach 7", -1, "migrated");
	migrates = false;
	saves = true;
	refused("attach 7,virtio-blk,/image", image, "a checkpoint");
	refused("detach 7", -1, "a checkpoint");
	saves = false;
	stuck = true;
	refused("attach 7,virtio-blk,/image", image, "did not stop");
	stuck = false;
}

static void without_a_bus(void **state)
{
	(void)state;
	machine_init();
	machine_start(false);
	refused("attach 7,virtio-blk,/image", image, "no PCI bus");
	machine_init();
	assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	machine_start(true);
	refused("attach 7,virtio-blk,/image", image, "virtio.transport=pci");
}

static void a_network_comes_and_goes(void **state)
{
	unsigned int files;
	int ends[2];

	(void)state;
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	files = open_files();
	for (int round = 0; round < 20; round++) {
		done("attach 7,virtio-net,passt,/x,mac=02:00:00:00:00:01",
		     ends[0]);
		find();
		assert_int_equal(rd(CFG(SLOT, PCIR_DEVICE), 2), 0x1000);
		assert_int_equal(vdev_config(&dev, 5, 1), 1);
		drive();
		refused("detach 7", -1, "the guest uses it");
		done("detach 7,force", -1);
		machine_events();
		assert_int_equal(open_files(), files);
	}
	close(ends[0]);
	close(ends[1]);
}

/*
 * A snapshot names its sections; save_all() goes by their order, and at the start the
 * disk is made before the functions of the bus are registered.
 */
static void load_in_order_of_start(void)
{
	struct state bridge = saved[0];

	saved[0] = saved[1];
	saved[1] = bridge;
}

/* A machine with it on its command line takes over from one to which it was attached. */
static void it_moves(void **state)
{
	char slot[64], path[] = "/tmp/attach.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(ftruncate(fd, SECTORS * 512), 0);
	done("attach 7,virtio-blk,/image,ser=one", fd);
	find();
	drive();
	close(fd);
	save_all();
	load_in_order_of_start();
	done("detach 7,force", -1);
	machine_again();
	snprintf(slot, sizeof(slot), "7,virtio-blk,%s,ser=one", path);
	assert_int_equal(pci_parse_slot("0,hostbridge"), 0);
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(false);
	load_all();
	forget_saved();
	memset(guest(DATA), 0x33, 512);
	request(1, 5);
	request(0, 5);
	assert_int_equal(*(uint8_t *)guest(DATA), 0x33);
	unlink(path);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_disk_comes_and_goes),
		TEST(a_disk_is_forced_off),
		TEST(a_hundred_times),
		TEST(it_stays_through_a_reset),
		TEST(several),
		TEST(bad_requests),
		TEST(images_are_locked),
		TEST(the_vm_cannot_now),
		TEST(without_a_bus),
		TEST(a_network_comes_and_goes),
		TEST(it_moves),
	};

	threads_release(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
