/* SPDX-License-Identifier: BSD-2-Clause */
/* The console device in a whole machine, with its ports on real sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bhyve/console/console.h"
#include "bhyve/pci/pci_emul.h"
#include "tests/unit/saved.h"
#include "tests/unit/virtio_machine.h"

#define F_SIZE	    (1ull << 0)
#define F_MULTIPORT (1ull << 1)

/* Control messages: virtio 1.2, 5.3.6.2. */
enum {
	DEVICE_READY = 0,
	PORT_ADD = 1,
	PORT_READY = 3,
	CONSOLE_PORT = 4,
	PORT_OPEN = 6,
	PORT_NAME = 7,
};

#define RING(n)	     (DRV_DESC + (n)*DRV_RINGS_SIZE)
#define BUF(n)	     (GUEST_RAM + 0x40000 + 0x1000 * (n))
#define NQUEUES	     6
#define CTRL_RX	     2
#define CTRL_TX	     3
#define VIRTIO_INTID (32 + 16 + 5) /* virtio-mmio 5: SPI 16 + 5 */

bool raw_stdio;
static struct vdev dev;
static struct driver drv[NQUEUES];
static char path[2][64];

/* Two ports: "console" and "agent". */
static int make_machine(void **state)
{
	char slot[256];
	unsigned int i;

	(void)state;
	machine_again();
	for (i = 0; i < 2; i++) {
		snprintf(path[i], sizeof(path[i]), "/tmp/virtio_console.%d.%u",
			 (int)getpid(), i);
		/* Earlier machines' sockets still exist. */
		unlink(path[i]);
	}
	snprintf(slot, sizeof(slot), "5,virtio-console,console=%s,agent=%s",
		 path[0], path[1]);
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(true);
	return 0;
}

static void start(uint64_t features)
{
	unsigned int i;

	machine_init();
	make_machine(NULL);
	vdev_find(&dev, false, 5);
	assert_true(vdev_negotiate(&dev, F_VERSION_1 | features));
	for (i = 0; i < NQUEUES; i++) {
		drv_init(&drv[i], false, 16, RING(i));
		vdev_queue(&dev, i, &drv[i]);
	}
	vdev_driver_ok(&dev);
}

static int connect_to(unsigned int port)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(addr.sun_path, path[port]);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	return fd;
}

struct msg {
	uint32_t id;
	uint16_t event;
	uint16_t value;
};

static void give_control_buffers(unsigned int n)
{
	struct seg seg = { 0, 64, true };
	unsigned int i;

	for (i = 0; i < n; i++) {
		seg.gpa = BUF(CTRL_RX) + 64 * (drv[CTRL_RX].next_free % 16);
		drv_add(&drv[CTRL_RX], &seg, 1);
	}
	vdev_kick(&dev, CTRL_RX);
}

/* Gets the next message for the driver; false: none. */
static bool heard(struct msg *m, char name[64])
{
	uint16_t id;
	uint32_t len;

	if (!drv_used(&drv[CTRL_RX], &id, &len))
		return false;
	memcpy(m, guest(BUF(CTRL_RX) + 64 * id), sizeof(*m));
	memset(name, 0, 64);
	memcpy(name, guest(BUF(CTRL_RX) + 64 * id + sizeof(*m)),
	       len - sizeof(*m));
	return true;
}

static void expect(uint32_t port, uint16_t event, uint16_t value)
{
	char name[64];
	struct msg m;

	assert_true(heard(&m, name));
	assert_int_equal(m.id, port);
	assert_int_equal(m.event, event);
	assert_int_equal(m.value, value);
	if (event == PORT_NAME)
		assert_string_equal(name, port ? "agent" : "console");
}

static void silence(void)
{
	char name[64];
	struct msg m;

	assert_false(heard(&m, name));
}

static void say(uint32_t port, uint16_t event, uint16_t value)
{
	struct msg m = { port, event, value };
	struct seg seg = { BUF(CTRL_TX), sizeof(m), false };
	uint16_t id;
	uint32_t len;

	memcpy(guest(BUF(CTRL_TX)), &m, sizeof(m));
	drv_add(&drv[CTRL_TX], &seg, 1);
	vdev_kick(&dev, CTRL_TX);
	assert_true(drv_used(&drv[CTRL_TX], &id, &len));
}

static void handshake(void)
{
	give_control_buffers(10);
	say(0xffffffff, DEVICE_READY, 1);
	expect(0, PORT_ADD, 1);
	expect(1, PORT_ADD, 1);
	say(0, PORT_READY, 1);
	expect(0, CONSOLE_PORT, 1);
	expect(0, PORT_OPEN, 0);
	expect(0, PORT_NAME, 1);
	say(1, PORT_READY, 1);
	expect(1, PORT_OPEN, 0);
	expect(1, PORT_NAME, 1);
	silence();
}

static unsigned int rx(unsigned int port)
{
	return port ? 4 : 0;
}

static void give_input_buffer(unsigned int port, uint32_t len)
{
	struct seg seg = { BUF(rx(port)), len, true };

	drv_add(&drv[rx(port)], &seg, 1);
	vdev_kick(&dev, rx(port));
	machine_events();
}

static bool has_input(unsigned int port, const char *want)
{
	uint16_t id;
	uint32_t len;

	return drv_used(&drv[rx(port)], &id, &len) && len == strlen(want) &&
	       memcmp(guest(BUF(rx(port))), want, len) == 0;
}

static void output(unsigned int port, const char *text)
{
	struct seg seg = { BUF(rx(port) + 1), strlen(text), false };

	memcpy(guest(seg.gpa), text, seg.len);
	drv_add(&drv[rx(port) + 1], &seg, 1);
	vdev_kick(&dev, rx(port) + 1);
}

/* The reader gets it a little later than the device writes it. */
static bool shows(int fd, const char *want)
{
	char got[64];
	ssize_t n;

	machine_events();
	n = read(fd, got, sizeof(got));
	return n == (ssize_t)strlen(want) && memcmp(got, want, n) == 0;
}

static void clients_come_and_go(void **state)
{
	int fd;

	(void)state;
	start(F_MULTIPORT);
	handshake();
	fd = connect_to(1);
	machine_events();
	expect(1, PORT_OPEN, 1);
	silence();
	/* The driver is told, even if it reads nothing. */
	close(fd);
	machine_events();
	expect(1, PORT_OPEN, 0);
	fd = connect_to(1);
	machine_events();
	expect(1, PORT_OPEN, 1);
	close(fd);
}

static void data_both_ways(void **state)
{
	uint16_t id;
	uint32_t len;
	int fd;

	(void)state;
	start(F_MULTIPORT);
	handshake();
	fd = connect_to(1);
	machine_events();
	say(1, PORT_OPEN, 1);
	output(1, "out");
	assert_true(shows(fd, "out"));
	assert_true(drv_used(&drv[5], &id, &len));
	assert_int_equal(write(fd, "in", 2), 2);
	machine_events();
	give_input_buffer(1, 16);
	assert_true(has_input(1, "in"));
	/* More than a buffer holds comes in pieces. */
	assert_int_equal(write(fd, "abcdef", 6), 6);
	give_input_buffer(1, 4);
	assert_true(has_input(1, "abcd"));
	give_input_buffer(1, 4);
	assert_true(has_input(1, "ef"));
	close(fd);
}

/* A driver discards input for a port that nobody has open. */
static void input_waits_for_the_guest(void **state)
{
	int fd;

	(void)state;
	start(F_MULTIPORT);
	handshake();
	fd = connect_to(1);
	assert_int_equal(write(fd, "early", 5), 5);
	machine_events();
	give_input_buffer(1, 16);
	assert_false(has_input(1, "early"));
	say(1, PORT_OPEN, 1);
	assert_true(has_input(1, "early"));
	say(1, PORT_OPEN, 0);
	assert_int_equal(write(fd, "late", 4), 4);
	give_input_buffer(1, 16);
	assert_false(has_input(1, "late"));
	say(1, PORT_OPEN, 1);
	assert_true(has_input(1, "late"));
	close(fd);
}

/*
 * Input from a client that has left reaches the guest before the message that
 * it left.
 */
static void last_words(void **state)
{
	char name[64];
	struct msg m;
	int fd;

	(void)state;
	start(F_MULTIPORT);
	handshake();
	fd = connect_to(1);
	assert_int_equal(write(fd, "bye", 3), 3);
	machine_events();
	expect(1, PORT_OPEN, 1);
	close(fd);
	machine_events();
	assert_false(heard(&m, name));
	say(1, PORT_OPEN, 1);
	give_input_buffer(1, 16);
	assert_true(has_input(1, "bye"));
	give_input_buffer(1, 16);
	machine_events();
	expect(1, PORT_OPEN, 0);
}

static void without_multiport(void **state)
{
	int fd;

	(void)state;
	start(0);
	fd = connect_to(0);
	machine_events();
	assert_int_equal(write(fd, "in", 2), 2);
	give_input_buffer(0, 16);
	assert_true(has_input(0, "in"));
	output(0, "out");
	assert_true(shows(fd, "out"));
	close(fd);
}

/*
 * The driver spins until its buffer is returned, and gets an interrupt only
 * when no more output follows.
 */
static void one_interrupt_for_many(void **state)
{
	unsigned int i, before;
	uint16_t id;
	uint32_t len;
	int fd;

	(void)state;
	start(0);
	fd = connect_to(0);
	machine_events();
	before = irq_raised[VIRTIO_INTID];
	for (i = 0; i < 5; i++) {
		output(0, "line");
		assert_true(drv_used(&drv[1], &id, &len));
	}
	assert_int_equal(irq_raised[VIRTIO_INTID], before);
	assert_true(shows(fd, "linelinelinelineline"));
	assert_int_equal(irq_raised[VIRTIO_INTID], before + 1);
	close(fd);
}

/* While the reader is slow, a buffer stays until all of it is taken. */
static void slow_reader(void **state)
{
	static char text[0x1000];
	size_t sent = 0, seen = 0;
	uint16_t id;
	uint32_t len;
	int fd, i;

	(void)state;
	start(0);
	fd = connect_to(0);
	machine_events();
	for (i = 0; i < 400; i++) {
		struct seg seg = { BUF(8), sizeof(text), false };

		memset(guest(BUF(8)), 'a' + i % 26, sizeof(text));
		drv_add(&drv[1], &seg, 1);
		sent += sizeof(text);
		vdev_kick(&dev, 1);
		while (!drv_used(&drv[1], &id, &len)) {
			ssize_t n = read(fd, text, 1000);

			assert_true(n > 0);
			seen += n;
			machine_events();
		}
	}
	while (seen < sent) {
		ssize_t n;

		machine_events();
		n = read(fd, text, sizeof(text));
		assert_true(n > 0);
		seen += n;
	}
	close(fd);
}

/* Reads until there is nothing more, and returns how much that was. */
static size_t read_out(int fd, void (*more)(void))
{
	size_t seen = 0;
	char text[0x1000];
	ssize_t n;

	do {
		more();
		n = read(fd, text, sizeof(text));
		if (n > 0)
			seen += n;
	} while (n > 0);
	return seen;
}

/* Before bhyve ends, it writes what it has taken from the guest, and takes no more. */
static void last_flush(void)
{
	console_flush();
}

/*
 * A machine is saved when a buffer was sent in part. The machine that loads it sends the
 * rest of the buffer, once.
 */
static void moves_while_sending(void **state)
{
	struct seg seg = { BUF(8), 0x1000, false };
	size_t sent = 0, seen;
	uint16_t id;
	uint32_t len;
	int fd;

	(void)state;
	start(0);
	fd = connect_to(0);
	machine_events();
	do {
		sent += seg.len;
		drv_add(&drv[1], &seg, 1);
		vdev_kick(&dev, 1);
	} while (drv_used(&drv[1], &id, &len));
	save_all();
	seen = read_out(fd, last_flush);
	assert_in_range(seen, 1, sent - 1);
	close(fd);
	make_machine(NULL);
	fd = connect_to(0);
	machine_events();
	load_all();
	assert_int_equal(read_out(fd, machine_events), sent - seen);
	assert_true(drv_used(&drv[1], &id, &len));
	close(fd);
	load_damaged(make_machine);
	forget_saved();
}

/* A reset drops a half-sent buffer, and the next one is sent whole. */
static void reset_while_sending(void **state)
{
	struct seg seg = { BUF(8), 0x1000, false };
	char text[0x1000];
	int fd, i, sent = 0;
	uint16_t id;
	uint32_t len;

	(void)state;
	start(0);
	fd = connect_to(0);
	machine_events();
	do {
		drv_add(&drv[1], &seg, 1);
		vdev_kick(&dev, 1);
	} while (drv_used(&drv[1], &id, &len) && ++sent < 1000);
	assert_true(sent < 1000);
	vdev_negotiate(&dev, F_VERSION_1);
	for (i = 0; i < 2; i++) {
		drv_init(&drv[i], false, 16, RING(i));
		vdev_queue(&dev, i, &drv[i]);
	}
	vdev_driver_ok(&dev);
	do
		machine_events();
	while (read(fd, text, sizeof(text)) > 0);
	output(0, "fresh");
	assert_true(shows(fd, "fresh"));
	assert_int_equal(vdev_status(&dev), 15);
	close(fd);
}

static void hostile_control(void **state)
{
	struct seg shorty = { BUF(CTRL_TX), 7, false };
	uint16_t id;
	uint32_t len;

	(void)state;
	start(F_MULTIPORT);
	say(2, PORT_READY, 1);
	say(0xfffffffe, PORT_OPEN, 1);
	say(0, 0xffff, 0xffff);
	drv_add(&drv[CTRL_TX], &shorty, 1);
	vdev_kick(&dev, CTRL_TX);
	assert_true(drv_used(&drv[CTRL_TX], &id, &len));
	handshake();
}

static void bad_configuration(void **state)
{
	static const char *const bad[] = {
		"5,virtio-console", "5,virtio-console,a=nothing",
		"5,virtio-console,a=/no/such/dir/s"
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		machine_init();
		assert_int_equal(pci_parse_slot(bad[i]), 0);
		assert_true(DIES(machine_start(true)));
	}
	machine_init();
	assert_true(pci_parse_slot("5,virtio-console,=x") != 0);
}

/* 5.3.4: a terminal that is the only port has its size in the configuration. */
static void terminal_has_a_size(void **state)
{
	struct winsize size = { .ws_col = 97, .ws_row = 41 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	(void)state;
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_int_equal(dup2(slave, STDIN_FILENO), STDIN_FILENO);
	ioctl(master, TIOCSWINSZ, &size);
	machine_init();
	assert_int_equal(pci_parse_slot("5,virtio-console,console=stdio"), 0);
	machine_start(true);
	vdev_find(&dev, false, 5);
	assert_int_equal(vdev_features(&dev) & (F_SIZE | F_MULTIPORT), F_SIZE);
	assert_true(vdev_negotiate(&dev, F_VERSION_1 | F_SIZE));
	drv_init(&drv[1], false, 16, RING(1));
	vdev_queue(&dev, 1, &drv[1]);
	vdev_driver_ok(&dev);
	assert_int_equal(vdev_config(&dev, 0, 2), 97);
	assert_int_equal(vdev_config(&dev, 2, 2), 41);
	/*
	 * Linux reads the size only when an interrupt tells it to, and has no port
	 * before its first write. So the device interrupts after the first write,
	 * not before.
	 */
	machine_signal(SIGWINCH);
	assert_false(irq_level[VIRTIO_INTID]);
	vdev_kick(&dev, 1);
	assert_true(irq_level[VIRTIO_INTID]);
	assert_int_equal(rd(dev.base + 0x60, 4), 2);
	wr(dev.base + 0x64, 4, 2);
	size.ws_col = 132;
	ioctl(master, TIOCSWINSZ, &size);
	assert_false(irq_level[VIRTIO_INTID]);
	machine_signal(SIGWINCH);
	assert_true(irq_level[VIRTIO_INTID]);
	/* 4.2.2: the configuration has changed. */
	assert_int_equal(rd(dev.base + 0x60, 4), 2);
	assert_int_equal(vdev_config(&dev, 0, 2), 132);
	assert_int_equal(vdev_config(&dev, 2, 2), 41);
	close(master);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_come_and_go),
		cmocka_unit_test(data_both_ways),
		cmocka_unit_test(input_waits_for_the_guest),
		cmocka_unit_test(last_words),
		cmocka_unit_test(without_multiport),
		cmocka_unit_test(one_interrupt_for_many),
		cmocka_unit_test(slow_reader),
		cmocka_unit_test(moves_while_sending),
		cmocka_unit_test(reset_while_sending),
		cmocka_unit_test(hostile_control),
		cmocka_unit_test(bad_configuration),
		cmocka_unit_test(terminal_has_a_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
