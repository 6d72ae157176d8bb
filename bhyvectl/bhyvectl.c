/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyvectl: asks running bhyves over their control sockets. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/attach.h"
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
	"       bhyvectl --help | --version\n"
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
	"  --attach=SLOT,DEVICE,...  a virtio-blk or virtio-net, as behind bhyve's -s;\n"
	"                            the guest finds it when it looks at the bus again\n"
	"  --detach=SLOT[,force]     takes it away; force: even if the guest uses it\n"
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
	OPT_VERSION,
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
	OPT_MIGRATE,
	OPT_ATTACH
};

/* The text after "--" is the command's name on the socket, except for two. */
static const struct option options[] = {
	{ "vm", required_argument, NULL, OPT_VM },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
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
	{ "attach", required_argument, NULL, OPT_ATTACH },
	{ "detach", required_argument, NULL, OPT_WITH_ARGUMENT },
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

static void __attribute__((noreturn, format(printf, 1, 2)))
usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("bhyvectl: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("; see bhyvectl --help\n", stderr);
	va_end(ap);
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

/* What the command line asks for. */
static struct {
	int what;	  /* OPT_*, 0: no command */
	const char *word; /* the request on the VM's socket */
	const char *argument;
	const char *vm, *file;
	bool json;
} asked;

static void ask_for(int what, const char *word, const char *argument)
{
	if (asked.what)
		usage("one command at a time");
	asked.what = what;
	asked.word = word;
	asked.argument = argument;
}

/* Of the option that getopt_long() has just read, and does not know or miss a word of. */
static void __attribute__((noreturn)) refuse_option(int c, const char *word)
{
	if (c == ':')
		usage("%s wants a value", word);
	if (optopt && optopt < OPT_VM)
		usage("unknown option -%c", optopt);
	if (optopt)
		usage("%s takes no value", word);
	usage("unknown option %s", word);
}

static void parse_option(int c, const char *name)
{
	switch (c) {
	case OPT_VM:
		asked.vm = optarg;
		break;
	case OPT_JSON:
		asked.json = true;
		break;
	case 'o':
		asked.file = optarg;
		break;
	case 'h':
		ask_for(OPT_HELP, NULL, NULL);
		break;
	case OPT_COMMAND:
		ask_for(c, request_word(name), NULL);
		break;
	case OPT_WITH_ARGUMENT:
		ask_for(c, request_with(name, optarg), NULL);
		break;
	default:
		ask_for(c, name, optarg);
	}
}

static bool is_about_a_vm(void)
{
	switch (asked.what) {
	case OPT_HELP:
	case OPT_VERSION:
	case OPT_CHECK_HOST:
	case OPT_REPORT:
	case OPT_TOP:
	case OPT_SHOW:
		return false;
	default:
		return asked.what;
	}
}

static bool writes_a_file(void)
{
	return asked.what == OPT_TRACE || asked.what == OPT_FILE;
}

static void check_asked(void)
{
	if (asked.what == OPT_CHECK_HOST && asked.vm)
		usage("--check-host asks this machine, not a VM");
	if (is_about_a_vm() && !asked.vm)
		usage("say which VM: --vm=NAME");
	if (writes_a_file() && !asked.file)
		usage("say where to: -o FILE");
	if (asked.file && !writes_a_file())
		usage("-o is for --trace, --core, --dump-memory");
	if (asked.vm && strchr(asked.vm, '/'))
		usage("a VM's name has no '/'");
}

static int attach(void)
{
	int ret = console_attach(asked.vm);

	return ret ? no_console(asked.vm, ret) : 0;
}

static int migrate(void)
{
	if (!strcmp(asked.argument, "cancel"))
		return command(asked.vm, "migrate-cancel", asked.json);
	return migrate_vm(asked.vm, asked.argument, asked.json);
}

static int do_asked(void)
{
	switch (asked.what) {
	case OPT_HELP:
		return fputs(help, stdout) < 0;
	case OPT_VERSION:
		return puts("bhyvectl of bhyvearm " BHYVE_VERSION) < 0;
	case OPT_CHECK_HOST:
		return check_host(asked.json);
	case OPT_REPORT:
		return report();
	case OPT_TOP:
		return top();
	case OPT_SHOW:
		return show_snapshot(asked.argument);
	case OPT_CONSOLE:
		return attach();
	case OPT_DESTROY:
		return destroy(asked.vm);
	case OPT_TRACE:
		return trace(asked.vm, seconds_of(asked.argument), asked.file);
	case OPT_FILE:
		return command_to(asked.vm, asked.word, asked.file);
	case OPT_SAVE:
		return save_vm(asked.vm, asked.word, asked.argument);
	case OPT_MIGRATE:
		return migrate();
	case OPT_ATTACH:
		return attach_device(asked.vm, asked.argument,
				     request_with(asked.word, asked.argument));
	case 0:
		return asked.vm ? command(asked.vm, "status", asked.json) :
				  list(asked.json);
	default:
		return command(asked.vm, asked.word, asked.json);
	}
}

int main(int argc, char *argv[])
{
	int c, index = 0;

	while ((c = getopt_long(argc, argv, ":ho:", options, &index)) != -1) {
		if (c == ':' || c == '?')
			refuse_option(c, argv[optind - 1]);
		parse_option(c, options[index].name);
	}
	if (optind < argc)
		usage("%s is no option: say which VM by --vm=%s", argv[optind],
		      argv[optind]);
	check_asked();
	return do_asked();
}
