/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyvectl: asks running bhyves over their control sockets. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/check_host.h"
#include "bhyvectl/console.h"
#include "bhyvectl/migrate.h"
#include "bhyvectl/save.h"
#include "bhyvectl/show.h"
#include "bhyvectl/top.h"
#include "bhyvectl/trace.h"
#include "lib/ctl_path.h"

static const char help[] =
	"Usage: bhyvectl [--json]                      list the running VMs\n"
	"       bhyvectl [--json] --check-host         what this machine has and lacks\n"
	"       bhyvectl --report                      all that a report of a fault needs\n"
	"       bhyvectl --top                         what the running VMs do, and its cost\n"
	"       bhyvectl --show=FILE                   what is in a snapshot\n"
	"       bhyvectl [--json] --vm=NAME COMMAND\n"
	"Commands:\n"
	"  --console         attach to its console (console=ctl); Control-] detaches\n"
	"  --poweroff        press the power button\n"
	"  --force-poweroff  cut the power\n"
	"  --reset           reset: its bhyve ends with status 0 (reboot);\n"
	"                    --force-reset is the same\n"
	"  --destroy         cut the power, wait for the end, clean up\n"
	"  --pause           stop all virtual CPUs\n"
	"  --resume          let them go on\n"
	"  --get-stats       counters of each virtual CPU\n"
	"  --get-all-regs    registers of each virtual CPU\n"
	"  --balloon=SIZE            the guest does without SIZE of its memory\n"
	"  --resize-disk=SLOT[,SIZE] the disk grows to SIZE, or as its image has grown\n"
	"  --trace=SECONDS -o FILE   a timeline, for Perfetto or chrome://tracing\n"
	"  --core -o FILE            memory and registers, for gdb\n"
	"  --dump-memory -o FILE     memory alone, from the start of RAM on\n"
	"  --checkpoint=FILE         save it as a snapshot, for bhyve -r, and let it go on\n"
	"  --suspend=FILE            the same, and end it: its bhyve has status 5\n"
	"  --migrate=WHERE           move it to the bhyve -R at unix:PATH, tcp:HOST:PORT\n"
	"                            or fd:N; --migrate=cancel: it stays here\n"
	"Exit status: 0 done, 1 no such VM, 2 wrong usage, 3 the VM could not do it.\n";

enum {
	OPT_VM = 256,
	OPT_JSON,
	OPT_HELP,
	OPT_COMMAND,
	OPT_WITH_ARGUMENT,
	OPT_DESTROY,
	OPT_CHECK_HOST,
	OPT_REPORT,
	OPT_TOP,
	OPT_TRACE,
	OPT_FILE,
	OPT_CONSOLE,
	OPT_SAVE,
	OPT_SHOW,
	OPT_MIGRATE
};

/* The text after "--" is the command's name on the socket, except for two. */
static const struct option options[] = {
	{ "vm", required_argument, NULL, OPT_VM },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "check-host", no_argument, NULL, OPT_CHECK_HOST },
	{ "report", no_argument, NULL, OPT_REPORT },
	{ "console", no_argument, NULL, OPT_CONSOLE },
	{ "poweroff", no_argument, NULL, OPT_COMMAND },
	{ "force-poweroff", no_argument, NULL, OPT_COMMAND },
	{ "reset", no_argument, NULL, OPT_COMMAND },
	{ "force-reset", no_argument, NULL, OPT_COMMAND },
	{ "destroy", no_argument, NULL, OPT_DESTROY },
	{ "pause", no_argument, NULL, OPT_COMMAND },
	{ "resume", no_argument, NULL, OPT_COMMAND },
	{ "get-stats", no_argument, NULL, OPT_COMMAND },
	{ "get-all-regs", no_argument, NULL, OPT_COMMAND },
	{ "balloon", required_argument, NULL, OPT_WITH_ARGUMENT },
	{ "resize-disk", required_argument, NULL, OPT_WITH_ARGUMENT },
	{ "top", no_argument, NULL, OPT_TOP },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "core", no_argument, NULL, OPT_FILE },
	{ "dump-memory", no_argument, NULL, OPT_FILE },
	{ "checkpoint", required_argument, NULL, OPT_SAVE },
	{ "suspend", required_argument, NULL, OPT_SAVE },
	{ "show", required_argument, NULL, OPT_SHOW },
	{ "migrate", required_argument, NULL, OPT_MIGRATE },
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

/* A request of a word and its argument. */
static const char *request_with(const char *word, const char *argument)
{
	static char line[CTL_LINE_MAX];
	int n = snprintf(line, sizeof(line), "%s %s", word, argument);

	if (n >= (int)sizeof(line) - 1 || strchr(argument, '\n'))
		usage("that is too long, or of several lines");
	return line;
}

static void print_json(struct json_object *json)
{
	puts(json_object_to_json_string_ext(
		json,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
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
	json_object_object_foreach(table, key, value) print_value(key, value);
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

static int command(const char *name, const char *word, bool json)
{
	struct json_object *answer;
	int ret = ask_or_say(name, word, -1, &answer);

	if (ret)
		return ret;
	if (json)
		print_json(answer);
	else
		print_text(answer);
	json_object_put(answer);
	return 0;
}

/* A request whose answer is a file; without one there is none. */
static int command_to(const char *name, const char *word, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct json_object *answer;
	int ret;

	if (fd < 0) {
		fprintf(stderr, "bhyvectl: %s: %s\n", path, strerror(errno));
		return NOT_DONE;
	}
	ret = ask_or_say(name, word, fd, &answer);
	close(fd);
	if (!ret)
		json_object_put(answer);
	return ret;
}

static int no_console(const char *name, int error)
{
	int fd = connect_vm(name);

	if (fd < 0) {
		fprintf(stderr, "bhyvectl: no VM \"%s\" is running here (%s)\n",
			name, strerror(-fd));
		return NO_SUCH_VM;
	}
	close(fd);
	fprintf(stderr,
		"bhyvectl: %s: cannot attach to its console (%s): start"
		" the VM with -o console=ctl\n",
		name, strerror(-error));
	return NOT_DONE;
}

/* Removes the socket and link of a bhyve that was killed, too. */
static void remove_leftovers(const char *name)
{
	char path[512];

	if (!ctl_console_path(name, path, sizeof(path)))
		unlink(path);

	if (ctl_socket_path(name, path, sizeof(path)))
		return;
	unlink(path);
	path[strlen(path) - strlen(CTL_SUFFIX)] = '\0';
	unlink(path);
}

#define DESTROY_TRIES 100
#define TRY_US	      100000

/* Ends the VM. Returns 0 once it is gone, even if there was no such VM. */
static int destroy(const char *name)
{
	struct json_object *answer;
	int ret = ask(name, "force-poweroff", -1, &answer);

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

/* @key's value without control characters; the caller frees it. */
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

static int list(bool json)
{
	struct json_object *vms = running_vms();

	if (json)
		print_json(vms);
	else
		print_list(vms);
	json_object_put(vms);
	return 0;
}

static unsigned int seconds_of(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || !n || n > TRACE_MAX_SECONDS)
		usage("--trace=SECONDS: give 1 to 3600");
	return n;
}

int main(int argc, char *argv[])
{
	const char *name = NULL, *word = NULL, *path = NULL, *save = NULL;
	const char *place = NULL;
	bool json = false, destroys = false, check = false, to_file = false;
	bool attaches = false;
	unsigned int seconds = 0;
	int c, index, ret;

	while ((c = getopt_long(argc, argv, "ho:", options, &index)) != -1) {
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
		case OPT_WITH_ARGUMENT:
			if (word)
				usage("one command at a time");
			word = request_with(options[index].name, optarg);
			break;
		case OPT_TRACE:
			seconds = seconds_of(optarg);
			/* fall through */
		case OPT_FILE:
			if (word)
				usage("one command at a time");
			word = options[index].name;
			to_file = true;
			break;
		case OPT_SAVE:
			if (word)
				usage("one command at a time");
			word = options[index].name;
			save = optarg;
			break;
		case OPT_MIGRATE:
			if (word)
				usage("one command at a time");
			word = "migrate-cancel";
			if (strcmp(optarg, "cancel"))
				place = optarg;
			break;
		case OPT_SHOW:
			return show_snapshot(optarg);
		case 'o':
			path = optarg;
			break;
		case OPT_TOP:
			return top();
		case OPT_DESTROY:
			destroys = true;
			break;
		case OPT_CONSOLE:
			attaches = true;
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
	if (!!word + destroys + attaches > 1)
		usage("one command at a time");
	if (check && (word || destroys || attaches || name))
		usage("--check-host asks this machine, not a VM");
	if (check)
		return check_host(json);
	if ((word || destroys || attaches) && !name)
		usage("say which VM: --vm=NAME");
	if (to_file != (path != NULL))
		usage(to_file ? "say where to: -o FILE" :
				"-o is for --trace, --core, --dump-memory");
	if (name && strchr(name, '/'))
		usage("a VM's name has no '/'");
	if (!name)
		return list(json);
	if (attaches) {
		ret = console_attach(name);
		return ret ? no_console(name, ret) : 0;
	}
	if (destroys)
		return destroy(name);
	if (seconds)
		return trace(name, seconds, path);
	if (to_file)
		return command_to(name, word, path);
	if (place)
		return migrate_vm(name, place, json);
	if (save)
		return save_vm(name, word, save);
	return command(name, word ? word : "status", json);
}
