/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyvectl: asks running bhyves over their control sockets. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "bhyvectl/check_host.h"
#include "lib/ctl_path.h"

static const char help[] =
"Usage: bhyvectl [--json]                      list the running VMs\n"
"       bhyvectl [--json] --check-host         what this machine has and lacks\n"
"       bhyvectl --report                      all that a report of a fault needs\n"
"       bhyvectl [--json] --vm=NAME COMMAND\n"
"Commands:\n"
"  --poweroff        press the power button\n"
"  --force-poweroff  cut the power\n"
"  --reset           reset: its bhyve ends with status 0 (reboot);\n"
"                    --force-reset is the same\n"
"  --destroy         cut the power, wait for the end, clean up\n"
"  --pause           stop all virtual CPUs\n"
"  --resume          let them go on\n"
"  --get-stats       counters of each virtual CPU\n"
"  --get-all-regs    registers of each virtual CPU\n"
"Exit status: 0 done, 1 no such VM, 2 wrong usage, 3 the VM could not do it.\n";

enum { NO_SUCH_VM = 1, WRONG_USAGE, NOT_DONE };

enum { OPT_VM = 256, OPT_JSON, OPT_HELP, OPT_COMMAND, OPT_DESTROY,
       OPT_CHECK_HOST, OPT_REPORT };

/* The text after "--" is the command's name on the socket, except for two. */
static const struct option options[] = {
	{ "vm", required_argument, NULL, OPT_VM },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "check-host", no_argument, NULL, OPT_CHECK_HOST },
	{ "report", no_argument, NULL, OPT_REPORT },
	{ "poweroff", no_argument, NULL, OPT_COMMAND },
	{ "force-poweroff", no_argument, NULL, OPT_COMMAND },
	{ "reset", no_argument, NULL, OPT_COMMAND },
	{ "force-reset", no_argument, NULL, OPT_COMMAND },
	{ "destroy", no_argument, NULL, OPT_DESTROY },
	{ "pause", no_argument, NULL, OPT_COMMAND },
	{ "resume", no_argument, NULL, OPT_COMMAND },
	{ "get-stats", no_argument, NULL, OPT_COMMAND },
	{ "get-all-regs", no_argument, NULL, OPT_COMMAND },
	{ NULL, 0, NULL, 0 },
};

static void __attribute__((noreturn)) usage(const char *why)
{
	fprintf(stderr, "bhyvectl: %s\n%s", why, help);
	exit(WRONG_USAGE);
}

static const char *request_word(const char *option)
{
	if (!strcmp(option, "get-stats"))
		return "stats";
	if (!strcmp(option, "get-all-regs"))
		return "regs";
	if (!strcmp(option, "force-reset"))
		return "reset";
	return option;
}

static int connect_vm(const char *name)
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

/* Reads the answer up to the end of the connection; NULL: none, or not JSON. */
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

/*
 * Sends a command. Returns 0, with the answer in *answerp, or a negative errno.
 */
static int ask(const char *name, const char *word, struct json_object **answerp)
{
	int fd = connect_vm(name);
	char line[64];

	if (fd < 0)
		return fd;
	snprintf(line, sizeof(line), "%s\n", word);
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0) {
		close(fd);
		return -EPIPE;
	}
	*answerp = read_answer(fd);
	return *answerp ? 0 : -EPROTO;
}

static void print_json(struct json_object *json)
{
	puts(json_object_to_json_string_ext(json,
					    JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
}

/*
 * Prints a text from a socket, padded to @width columns. Control characters,
 * which could control the terminal, are printed as \\xNN.
 */
static void print_plain(const char *text, int width, FILE *out)
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

static void print_value(const char *key, struct json_object *value)
{
	if (json_object_is_type(value, json_type_array))
		return;
	print_plain(key, 32, stdout);
	putchar(' ');
	print_plain(json_object_get_string(value), 0, stdout);
	putchar('\n');
}

static void print_values(struct json_object *table)
{
	if (!json_object_is_type(table, json_type_object))
		return;
	json_object_object_foreach(table, key, value)
		print_value(key, value);
}

/* "vcpus" is a list of tables; each other member is one line. */
static void print_text(struct json_object *answer)
{
	struct json_object *vcpus;

	print_values(answer);
	if (!json_object_object_get_ex(answer, "vcpus", &vcpus) ||
	    !json_object_is_type(vcpus, json_type_array))
		return;
	for (size_t id = 0; id < json_object_array_length(vcpus); id++) {
		printf("vCPU %zu:\n", id);
		print_values(json_object_array_get_idx(vcpus, id));
	}
}

static void print_error(const char *name, const char *error)
{
	fprintf(stderr, "bhyvectl: %s: ", name);
	print_plain(error, 0, stderr);
	fputc('\n', stderr);
}

static int command(const char *name, const char *word, bool json)
{
	struct json_object *error = NULL;
	struct json_object *answer;
	int ret;

	ret = ask(name, word, &answer);
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
	if (json_object_object_get_ex(answer, "error", &error))
		print_error(name, json_object_get_string(error));
	else if (json)
		print_json(answer);
	else
		print_text(answer);
	ret = error ? NOT_DONE : 0;
	json_object_put(answer);
	return ret;
}

/* Removes the socket and link of a bhyve that was killed, too. */
static void remove_leftovers(const char *name)
{
	char path[512];

	if (ctl_socket_path(name, path, sizeof(path)))
		return;
	unlink(path);
	path[strlen(path) - strlen(CTL_SUFFIX)] = '\0';
	unlink(path);
}

#define DESTROY_TRIES	100
#define TRY_US		100000

/* Returns 0 if nothing is left, even if there was no such VM. */
static int destroy(const char *name)
{
	struct json_object *answer;
	int ret = ask(name, "force-poweroff", &answer);

	if (!ret)
		json_object_put(answer);
	for (int i = 0; i < DESTROY_TRIES; i++) {
		int fd = connect_vm(name);

		if (fd == -ENOENT || fd == -ECONNREFUSED) {
			remove_leftovers(name);
			return 0;
		}
		if (fd >= 0)
			close(fd);
		usleep(TRY_US);
	}
	fprintf(stderr, "bhyvectl: %s does not end: kill its bhyve\n", name);
	return NOT_DONE;
}

static const char *text_of(struct json_object *vm, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(vm, key, &value) ?
		       json_object_get_string(value) :
		       "";
}

/* The value of @key without control characters, to be freed by the caller. */
static char *plain_text_of(struct json_object *vm, const char *key)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	print_plain(text_of(vm, key), 0, out);
	fclose(out);
	return text;
}

static void print_vm(struct json_object *vm)
{
	char *name = plain_text_of(vm, "name");
	char *pid = plain_text_of(vm, "pid");
	char *cpus = plain_text_of(vm, "cpus");
	char *state = plain_text_of(vm, "state");

	if (name && pid && cpus && state)
		printf("%-24s %8s %5s  %s\n", name, pid, cpus, state);
	free(name);
	free(pid);
	free(cpus);
	free(state);
}

static void print_list(struct json_object *vms)
{
	printf("%-24s %8s %5s  %s\n", "NAME", "PID", "CPUS", "STATE");
	for (size_t i = 0; i < json_object_array_length(vms); i++)
		print_vm(json_object_array_get_idx(vms, i));
}

/* A socket on which nobody answers belongs to a killed bhyve, and is no VM. */
static void add_vm(struct json_object *vms, const char *file)
{
	size_t len = strlen(file), suffix = strlen(CTL_SUFFIX);
	struct json_object *status;
	char *name;

	if (len <= suffix || strcmp(file + len - suffix, CTL_SUFFIX))
		return;
	name = strndup(file, len - suffix);
	if (name && !ask(name, "status", &status))
		json_object_array_add(vms, status);
	free(name);
}

static int list(bool json)
{
	struct json_object *vms = json_object_new_array();
	struct dirent *entry;
	char path[256];
	DIR *dir;

	if (ctl_directory(path, sizeof(path)))
		return 1;
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		add_vm(vms, entry->d_name);
	if (dir)
		closedir(dir);
	if (json)
		print_json(vms);
	else
		print_list(vms);
	json_object_put(vms);
	return 0;
}

int main(int argc, char *argv[])
{
	const char *name = NULL, *word = NULL;
	bool json = false, destroys = false, check = false;
	int c, index;

	while ((c = getopt_long(argc, argv, "h", options, &index)) != -1) {
		switch (c) {
		case OPT_VM:
			name = optarg;
			break;
		case OPT_JSON:
			json = true;
			break;
		case OPT_COMMAND:
			if (word)
				usage("one command at a time");
			word = request_word(options[index].name);
			break;
		case OPT_DESTROY:
			destroys = true;
			break;
		case OPT_CHECK_HOST:
			check = true;
			break;
		case OPT_REPORT:
			return report();
		case OPT_HELP:
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			usage("unknown option");
		}
	}
	if (optind < argc)
		usage("unexpected argument");
	if (word && destroys)
		usage("one command at a time");
	if (check && (word || destroys || name))
		usage("--check-host asks this machine, not a VM");
	if (check)
		return check_host(json);
	if ((word || destroys) && !name)
		usage("say which VM: --vm=NAME");
	if (name && strchr(name, '/'))
		usage("a VM's name has no '/'");
	if (!name)
		return list(json);
	if (destroys)
		return destroy(name);
	return command(name, word ? word : "status", json);
}
