/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyvectl: asks running bhyves, each over its control socket. */
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "lib/ctl_path.h"

static const char help[] =
"Usage: bhyvectl [--json]                      list the running VMs\n"
"       bhyvectl [--json] --vm=NAME COMMAND\n"
"Commands:\n"
"  --poweroff        press the power button\n"
"  --force-poweroff  cut the power\n"
"  --reset           reset: its bhyve ends with status 0 (reboot)\n"
"  --pause           stop all virtual CPUs\n"
"  --resume          let them go on\n"
"  --get-stats       counters of each virtual CPU\n"
"  --get-all-regs    registers of each virtual CPU\n";

enum { OPT_VM = 256, OPT_JSON, OPT_HELP, OPT_COMMAND };

/* What follows "--" is the command as bhyve knows it, but for two. */
static const struct option options[] = {
	{ "vm", required_argument, NULL, OPT_VM },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "poweroff", no_argument, NULL, OPT_COMMAND },
	{ "force-poweroff", no_argument, NULL, OPT_COMMAND },
	{ "reset", no_argument, NULL, OPT_COMMAND },
	{ "pause", no_argument, NULL, OPT_COMMAND },
	{ "resume", no_argument, NULL, OPT_COMMAND },
	{ "get-stats", no_argument, NULL, OPT_COMMAND },
	{ "get-all-regs", no_argument, NULL, OPT_COMMAND },
	{ NULL, 0, NULL, 0 },
};

static void __attribute__((noreturn)) usage(const char *why)
{
	fprintf(stderr, "bhyvectl: %s\n%s", why, help);
	exit(1);
}

static const char *request_word(const char *option)
{
	if (!strcmp(option, "get-stats"))
		return "stats";
	if (!strcmp(option, "get-all-regs"))
		return "regs";
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

/* The answer up to the end of the connection; NULL: none, or not JSON. */
static cJSON *read_answer(int fd)
{
	FILE *fp = fdopen(fd, "r");
	char *line = NULL;
	cJSON *json = NULL;
	size_t room = 0;

	if (fp && getline(&line, &room, fp) > 0)
		json = cJSON_Parse(line);
	free(line);
	if (fp)
		fclose(fp);
	return json;
}

/* Negative errno, or 0 and *answerp. */
static int ask(const char *name, const char *word, cJSON **answerp)
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

static void print_json(const cJSON *json)
{
	char *text = cJSON_Print(json);

	puts(text ? text : "{}");
	free(text);
}

static void print_value(const cJSON *item)
{
	if (cJSON_IsString(item))
		printf("%-32s %s\n", item->string, item->valuestring);
	else if (cJSON_IsNumber(item))
		printf("%-32s %.0f\n", item->string, item->valuedouble);
}

/* "vcpus" is a list of tables; everything else is one line each. */
static void print_text(const cJSON *answer)
{
	const cJSON *item, *vcpu, *value;
	int id = 0;

	cJSON_ArrayForEach(item, answer) {
		print_value(item);
		if (!cJSON_IsArray(item))
			continue;
		cJSON_ArrayForEach(vcpu, item) {
			printf("vCPU %d:\n", id++);
			cJSON_ArrayForEach(value, vcpu)
				print_value(value);
		}
	}
}

static int command(const char *name, const char *word, bool json)
{
	const cJSON *error;
	cJSON *answer;
	int ret;

	ret = ask(name, word, &answer);
	if (ret == -EPROTO || ret == -EPIPE) {
		fprintf(stderr, "bhyvectl: %s ended before it answered\n",
			name);
		return 1;
	}
	if (ret) {
		fprintf(stderr, "bhyvectl: no VM \"%s\" is running here (%s)\n",
			name, strerror(-ret));
		return 1;
	}
	error = cJSON_GetObjectItemCaseSensitive(answer, "error");
	if (cJSON_IsString(error))
		fprintf(stderr, "bhyvectl: %s: %s\n", name, error->valuestring);
	else if (json)
		print_json(answer);
	else
		print_text(answer);
	ret = error != NULL;
	cJSON_Delete(answer);
	return ret;
}

static const char *text_of(const cJSON *vm, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(vm, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

static double number_of(const cJSON *vm, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(vm, key);

	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void print_list(const cJSON *vms)
{
	const cJSON *vm;

	printf("%-24s %8s %5s  %s\n", "NAME", "PID", "CPUS", "STATE");
	cJSON_ArrayForEach(vm, vms)
		printf("%-24s %8.0f %5.0f  %s\n", text_of(vm, "name"),
		       number_of(vm, "pid"), number_of(vm, "cpus"),
		       text_of(vm, "state"));
}

/* A socket nobody answers on is a killed bhyve's: not a VM. */
static void add_vm(cJSON *vms, const char *file)
{
	size_t len = strlen(file), suffix = strlen(CTL_SUFFIX);
	cJSON *status;
	char *name;

	if (len <= suffix || strcmp(file + len - suffix, CTL_SUFFIX))
		return;
	name = strndup(file, len - suffix);
	if (name && !ask(name, "status", &status))
		cJSON_AddItemToArray(vms, status);
	free(name);
}

static int list(bool json)
{
	cJSON *vms = cJSON_CreateArray();
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
	cJSON_Delete(vms);
	return 0;
}

int main(int argc, char *argv[])
{
	const char *name = NULL, *word = NULL;
	bool json = false;
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
	if (word && !name)
		usage("say which VM: --vm=NAME");
	if (name && strchr(name, '/'))
		usage("a VM's name has no '/'");
	if (!name)
		return list(json);
	return command(name, word ? word : "status", json);
}
