/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions to running bhyves. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "lib/ctl_path.h"

int connect_vm(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (ctl_socket_path(name, addr.sun_path, sizeof(addr.sun_path)))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		int ret = -errno;

		close(fd);
		return ret;
	}
	return fd;
}

/* unix(7): a descriptor goes along with the first byte. */
static int send_request(int fd, const char *word, int file)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char line[CTL_LINE_MAX];
	struct iovec iov = { .iov_base = line };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	iov.iov_len = snprintf(line, sizeof(line), "%s\n", word);
	if (file >= 0) {
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &file, sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL) < 0 ? -EPIPE : 0;
}

/* The answer up to the end of the connection; NULL: none, or not JSON. */
static struct json_object *read_answer(int fd)
{
	FILE *fp = fdopen(fd, "r");
	char *line = NULL;
	struct json_object *json = NULL;
	size_t room = 0;

	if (fp && getline(&line, &room, fp) > 0)
		json = json_tokener_parse(line);
	free(line);
	if (fp)
		fclose(fp);
	return json;
}

int ask(const char *name, const char *word, int file,
	struct json_object **answerp)
{
	int fd = connect_vm(name);
	int ret;

	if (fd < 0)
		return fd;
	ret = send_request(fd, word, file);
	if (ret) {
		close(fd);
		return ret;
	}
	*answerp = read_answer(fd);
	return *answerp ? 0 : -EPROTO;
}

static void print_error(const char *name, const char *error)
{
	fprintf(stderr, "bhyvectl: %s: ", name);
	print_plain(error, 0, stderr);
	fputc('\n', stderr);
}

int ask_or_say(const char *name, const char *word, int file,
	       struct json_object **answerp)
{
	struct json_object *error;
	int ret = ask(name, word, file, answerp);

	if (ret == -EPROTO || ret == -EPIPE) {
		fprintf(stderr, "bhyvectl: %s ended before it answered\n",
			name);
		return NOT_DONE;
	}
	if (ret) {
		fprintf(stderr, "bhyvectl: no VM \"%s\" is running here (%s)\n",
			name, strerror(-ret));
		return NO_SUCH_VM;
	}
	if (!json_object_object_get_ex(*answerp, "error", &error))
		return 0;
	print_error(name, json_object_get_string(error));
	json_object_put(*answerp);
	return NOT_DONE;
}

/* A socket nobody answers on is a killed bhyve's: not a VM. */
static void add_vm(struct json_object *vms, const char *file)
{
	size_t len = strlen(file), suffix = strlen(CTL_SUFFIX);
	struct json_object *status;
	char *name;

	if (len <= suffix || strcmp(file + len - suffix, CTL_SUFFIX))
		return;
	name = strndup(file, len - suffix);
	if (name && !ask(name, "status", -1, &status))
		json_object_array_add(vms, status);
	free(name);
}

struct json_object *running_vms(void)
{
	struct json_object *vms = json_object_new_array();
	struct dirent *entry;
	char path[256];
	DIR *dir = NULL;

	if (!ctl_directory(path, sizeof(path)))
		dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		add_vm(vms, entry->d_name);
	if (dir)
		closedir(dir);
	return vms;
}

const char *text_of(struct json_object *of, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(of, key, &value) ?
		       json_object_get_string(value) :
		       "";
}

uint64_t number_of(struct json_object *of, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(of, key, &value) ?
		       json_object_get_uint64(value) :
		       0;
}

void print_plain(const char *text, int width, FILE *out)
{
	int n = 0;

	for (; text && *text; text++) {
		unsigned char c = *text;

		if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
			n += fprintf(out, "\\x%02x", c);
		else
			n += fputc(c, out) != EOF;
	}
	fprintf(out, "%*s", n < width ? width - n : 0, "");
}

void print_copied(const char *done, struct json_object *answer)
{
	uint64_t still = number_of(answer, "microseconds that it stood still");

	printf("%s %" PRIu64 " MiB in %" PRIu64 " ms and %" PRIu64
	       " rounds; it stood still for %" PRIu64 ".%" PRIu64 " ms\n",
	       done, number_of(answer, "bytes of memory") >> 20,
	       number_of(answer, "milliseconds"), number_of(answer, "rounds"),
	       still / 1000, still / 100 % 10);
}
