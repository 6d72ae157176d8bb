/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two ends of a connection between a guest and its host (AF_VSOCK).
 *
 * 	vsock listen PORT	returns to each who connects what he sends
 * 	vsock connect CID PORT	sends its input, and prints what comes back
 */
#include <errno.h>
#include <linux/vm_sockets.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "vsock: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Until the end of the input. */
static void copy(int from, int to)
{
	char data[4096];
	ssize_t n;

	while ((n = read(from, data, sizeof(data))) > 0)
		for (ssize_t done = 0; done < n;) {
			ssize_t put = write(to, data + done, n - done);

			if (put <= 0)
				die("write");
			done += put;
		}
	if (n < 0)
		die("read");
}

static int new_socket(void)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static struct sockaddr_vm address(unsigned int cid, const char *port)
{
	return (struct sockaddr_vm){
		.svm_family = AF_VSOCK,
		.svm_cid = cid,
		.svm_port = strtoul(port, NULL, 10),
	};
}

static void serve(const char *port)
{
	struct sockaddr_vm any = address(VMADDR_CID_ANY, port);
	int fd = new_socket();

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 4))
		die("listen");
	for (;;) {
		int client = accept(fd, NULL, NULL);

		if (client < 0)
			die("accept");
		if (fork() == 0) {
			copy(client, client);
			exit(0);
		}
		close(client);
	}
}

static void ask(const char *cid, const char *port)
{
	struct sockaddr_vm peer = address(strtoul(cid, NULL, 10), port);
	int fd = new_socket(), status;

	if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)))
		die("connect");
	if (fork() == 0) {
		copy(STDIN_FILENO, fd);
		shutdown(fd, SHUT_WR);
		exit(0);
	}
	copy(fd, STDOUT_FILENO);
	if (wait(&status) < 0 || status)
		exit(1);
}

int main(int argc, char *argv[])
{
	if (argc == 3 && !strcmp(argv[1], "listen"))
		serve(argv[2]);
	if (argc != 4 || strcmp(argv[1], "connect"))
		return 2;
	ask(argv[2], argv[3]);
	return 0;
}
