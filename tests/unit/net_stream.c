/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames over a stream socket, and Debian's passt at the other end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/net_stream.h"
#include "tests/unit/virtio_machine.h"

static struct net_stream *stream;
static int far;
static uint8_t frame[NET_FRAME_MAX], got[NET_FRAME_MAX + 4];

static int open_pair(void **state)
{
	int fds[2];

	(void)state;
	machine_forget_events();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds))
		return -1;
	far = fds[1];
	stream = net_stream_new(fds[0]);
	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = i * 7;
	return stream ? 0 : -1;
}

static ssize_t send_frame(size_t len)
{
	const struct iovec iov[] = { { frame, 6 }, { frame + 6, len - 6 } };

	return net_stream_send(stream, iov, 2);
}

static void put(const void *data, size_t len)
{
	assert_int_equal(write(far, data, len), len);
}

static void put_length(uint32_t len)
{
	len = htonl(len);
	put(&len, sizeof(len));
}

static ssize_t receive(void)
{
	memset(got, 0, sizeof(got));
	return net_stream_receive(stream, got, NET_FRAME_MAX);
}

static void expect_nothing(void)
{
	assert_int_equal(receive(), -1);
	assert_int_equal(errno, EAGAIN);
}

static void sends_with_the_length_in_front(void **state)
{
	(void)state;
	assert_int_equal(send_frame(60), 60);
	assert_int_equal(read(far, got, sizeof(got)), 64);
	assert_memory_equal(got, "\0\0\0\x3c", 4);
	assert_memory_equal(got + 4, frame, 60);
}

/* The socket takes a part of a frame; the rest follows, and nothing between. */
static void sends_the_rest_later(void **state)
{
	size_t frames = 0, bytes = 0, at = 0;
	ssize_t n;

	(void)state;
	while (send_frame(60000) == 60000)
		frames++;
	assert_int_equal(errno, EAGAIN);
	assert_true(frames > 1);
	while ((n = read(far, got, 60004 - at)) > 0) {
		assert_memory_equal(got + (at ? 0 : 4),
				    frame + (at ? at - 4 : 0),
				    n - (at ? 0 : 4));
		bytes += n;
		at = (at + n) % 60004;
		machine_events();
	}
	assert_int_equal(bytes, frames * 60004);
	assert_int_equal(send_frame(60), 60);
}

static void receives_in_any_pieces(void **state)
{
	(void)state;
	expect_nothing();
	put("\0\0", 2);
	expect_nothing();
	put("\0\x3c", 2);
	expect_nothing();
	put(frame, 59);
	expect_nothing();
	put(frame + 59, 1);
	put_length(1000);
	put(frame, 1000);
	put_length(14);
	assert_int_equal(receive(), 60);
	assert_memory_equal(got, frame, 60);
	assert_int_equal(receive(), 1000);
	assert_memory_equal(got, frame, 1000);
	expect_nothing();
	put(frame, 14);
	assert_int_equal(receive(), 14);
	expect_nothing();
	put_length(60);
	put(frame, 60);
	assert_int_equal(net_stream_receive(stream, got, 20), 20);
	expect_nothing();
	close(far);
	assert_int_equal(receive(), 0);
}

/* A whole frame is never kept back while the socket has nothing to read. */
static void readable_while_there_is_a_frame(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		put_length(100);
		put(frame, 100);
	}
	for (int left = 3; left; left--) {
		int unread;

		assert_int_equal(receive(), 100);
		unread = recv(far, got, 1, MSG_DONTWAIT | MSG_PEEK);
		assert_int_equal(unread, -1);
	}
	expect_nothing();
}

static void lengths_of_no_frame(void **state)
{
	static const uint32_t bad[] = { 0, 1, 13, NET_FRAME_MAX + 1,
					UINT32_MAX };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		open_pair(state);
		put_length(bad[i]);
		put(frame, 100);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(receive(), -1);
			assert_int_equal(errno, EPROTO);
		}
	}
	open_pair(state);
	put_length(NET_FRAME_MAX);
	for (size_t at = 0; at < NET_FRAME_MAX;) {
		ssize_t n = write(far, frame + at, NET_FRAME_MAX - at);

		if (n > 0)
			at += n;
		else
			expect_nothing();
	}
	assert_int_equal(receive(), NET_FRAME_MAX);
	assert_memory_equal(got, frame, NET_FRAME_MAX);
}

/* passt takes one client, and ends with it. */
static pid_t start_passt(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		freopen("/dev/null", "w", stderr);
		execl("/usr/bin/passt", "passt", "-f", "-q", "-1", "-a",
		      "192.0.2.15", "-g", "192.0.2.2", "-n", "24", "-s", path,
		      NULL);
		_exit(127);
	}
	for (int i = 0; i < 200 && access(path, F_OK); i++)
		usleep(50000);
	return pid;
}

/* RFC 826: who has 192.0.2.2, asks 192.0.2.15. */
static const uint8_t arp[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0, 0x12, 0x34,
	0x56, 0x08, 0x06, 0,	1,    0x08, 0,	  6,	4, 0,	 1,
	0x52, 0x54, 0,	  0x12, 0x34, 0x56, 192,  0,	2, 15,	 0,
	0,    0,    0,	  0,	0,    192,  0,	  2,	2,
};

static bool is_answer(ssize_t len)
{
	return len >= 42 && got[12] == 8 && got[13] == 6 && got[21] == 2 &&
	       !memcmp(got + 28, arp + 38, 4);
}

static bool wait_for_answer(struct net_backend *be)
{
	struct pollfd pfd = { .fd = be->fd[0], .events = POLLIN };

	while (poll(&pfd, 1, 10000) == 1) {
		ssize_t len = net_backend_receive(be, 0, got, sizeof(got));

		if (is_answer(len))
			return true;
		if (len == 0)
			return false;
	}
	return false;
}

static void passt_answers(void **state)
{
	struct iovec iov = { (void *)arp, sizeof(arp) };
	struct net_backend be = { .hdr_len = NET_HDR_LEN };
	char dir[] = "/tmp/net_stream.XXXXXX", path[64], opts[80];
	struct config_node *node;
	pid_t pid;

	(void)state;
	if (access("/usr/bin/passt", X_OK))
		skip();
	assert_non_null(mkdtemp(dir));
	/* passt gives up root's rights before it makes its socket. */
	assert_int_equal(chmod(dir, 0777), 0);
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(opts, sizeof(opts), "passt,%s,mtu=1500", path);
	init_config();
	node = create_config_node("net");
	assert_int_equal(net_legacy_config(node, opts), 0);
	pid = start_passt(path);
	assert_int_equal(net_backend_open(&be, node, "net"), 0);
	assert_int_equal(net_backend_send(&be, 0, &iov, 1), sizeof(arp));
	assert_true(wait_for_answer(&be));
	kill(pid, SIGTERM);
	close(be.fd[0]);
	waitpid(pid, NULL, 0);
	unlink(path);
	rmdir(dir);
}

static void passt_is_not_there(void **state)
{
	struct net_backend be = { .hdr_len = NET_HDR_LEN };
	struct config_node *node;

	(void)state;
	init_config();
	node = create_config_node("net");
	assert_int_equal(net_legacy_config(node, "passt,/no/such/socket"), 0);
	assert_int_equal(net_backend_open(&be, node, "net"), -EINVAL);
	assert_non_null(strstr(last_message, "passt -s /no/such/socket"));
}

/* The kinds that this test does not reach. */
void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag)
{
	(void)be, (void)node, (void)max, (void)tag;
	abort();
}

void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag)
{
	net_tap_open(be, node, 1, tag);
}

void net_fd_open(struct net_backend *be, struct config_node *node,
		 const char *tag)
{
	net_tap_open(be, node, 1, tag);
}

int net_attached_open(struct net_backend *be, struct config_node *node,
		      const char *tag)
{
	net_tap_open(be, node, 1, tag);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sends_with_the_length_in_front,
				       open_pair),
		cmocka_unit_test_setup(sends_the_rest_later, open_pair),
		cmocka_unit_test_setup(receives_in_any_pieces, open_pair),
		cmocka_unit_test_setup(readable_while_there_is_a_frame,
				       open_pair),
		cmocka_unit_test_setup(lengths_of_no_frame, open_pair),
		cmocka_unit_test(passt_answers),
		cmocka_unit_test(passt_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
