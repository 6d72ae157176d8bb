/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --check-host, in the words of the module, which makes the same
 * check.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <vmm/vmm_dev.h>
#include "bhyvectl/check_host.h"
#include "bhyvectl/arm/cpuinfo.h"
#include "bhyvectl/arm/device_tree.h"
#include "core/arm/host_check.h"

#define SYSLOG_READ_ALL 3

struct check {
	struct json_object *lines;
	bool missing;
};

/* Reads a whole file of /proc or /sys; NULL: it cannot be read. */
static char *read_file(const char *path)
{
	FILE *fp = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!fp)
		return NULL;
	if (getdelim(&text, &room, '\0', fp) < 0) {
		free(text);
		text = NULL;
	}
	fclose(fp);
	return text;
}

static bool file_has(const char *path, const char *word)
{
	char *text = read_file(path);
	bool ret = text && strstr(text, word);

	free(text);
	return ret;
}

static bool module_is_loaded(void)
{
	return !access("/sys/module/vmm", F_OK);
}

/*
 * @state: "ok"; "missing": without this no guest can run; "advice"; "unknown".
 * @text: what to do, or NULL.
 */
static void say(struct check *check, const char *state, const char *name,
		const char *text)
{
	struct json_object *line = json_object_new_object();

	if (!strcmp(state, "missing"))
		check->missing = true;
	json_object_object_add(line, "state", json_object_new_string(state));
	json_object_object_add(line, "name", json_object_new_string(name));
	if (text)
		json_object_object_add(line, "text",
				       json_object_new_string(text));
	json_object_array_add(check->lines, line);
}

/* Prints "ok" if @good, else @state. */
static void say_if(struct check *check, bool good, const char *state,
		   const char *name, const char *text)
{
	say(check, good ? "ok" : state, name, good ? NULL : text);
}

static void look_at_cpus(struct host_facts *facts)
{
	char *text = read_file("/proc/cpuinfo");

	facts->cpus = sysconf(_SC_NPROCESSORS_CONF);
	if (!text)
		return;
	cpuinfo_look(text, facts);
	free(text);
}

/*
 * The running kernel's configuration, or NULL. Debian's packages of 7.2 have it beside
 * the modules.
 */
static char *read_config(const char *release)
{
	char path[512];
	char *config;

	snprintf(path, sizeof(path), "/lib/modules/%s/config", release);
	config = read_file(path);
	if (config)
		return config;
	snprintf(path, sizeof(path), "/boot/config-%s", release);
	return read_file(path);
}

static void look_at_kernel(struct host_facts *facts)
{
	struct utsname name;
	char *config;

	uname(&name);
	config = read_config(name.release);
	if (config)
		facts->lpae_kernel = strstr(config, "\nCONFIG_ARM_LPAE=y") ?
					     HOST_YES :
					     HOST_NO;
	else if (strstr(name.release, "lpae"))
		facts->lpae_kernel = HOST_YES;
	free(config);
}

/* The kernel's log, as far as it is still there, or NULL. */
static char *read_log(void)
{
	int len = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *log = len > 0 ? calloc(1, len + 1) : NULL;

	if (log && klogctl(SYSLOG_READ_ALL, log, len) < 0) {
		free(log);
		log = NULL;
	}
	return log;
}

/* The module has refused this machine because of @item, in the item's words. */
static bool module_refused(const char *log, enum host_item item)
{
	static const struct host_facts bad = { .gic = true,
					       .timer = true,
					       .virtualization = HOST_NO,
					       .cntfrq_known = HOST_YES,
					       .gich = HOST_NO,
					       .irqs = HOST_NO };

	return strstr(log, host_item_refusal(&bad, item));
}

/* What only registers show: the module has read them, and has said what is missing. */
static void look_at_refusal(struct host_facts *facts, const char *log)
{
	if (module_refused(log, HOST_ITEM_VIRTUALIZATION))
		facts->virtualization = HOST_NO;
	if (module_refused(log, HOST_ITEM_RATE))
		facts->cntfrq_known = HOST_YES;
	if (module_refused(log, HOST_ITEM_GICH))
		facts->gich = HOST_NO;
	if (module_refused(log, HOST_ITEM_IRQS))
		facts->irqs = HOST_NO;
}

/*
 * Linux logs in which mode it was entered; the module sees that in a register.
 */
static void look_at_log(struct host_facts *facts)
{
	char *log = read_log();

	if (!log)
		return;
	if (strstr(log, "Using split EOI/Deactivate mode"))
		facts->split_eoi = HOST_YES;
	else if (strstr(log, "started in SVC mode") ||
		 strstr(log, "started in HYP mode"))
		facts->split_eoi = HOST_NO;
	look_at_refusal(facts, log);
	free(log);
}

/* If the module is loaded, it has checked everything itself. */
static void look_at_module(struct host_facts *facts)
{
	if (!module_is_loaded())
		return;
	facts->lpae_kernel = HOST_YES;
	facts->virtualization = HOST_YES;
	facts->split_eoi = HOST_YES;
	facts->gich = HOST_YES;
	facts->irqs = HOST_YES;
	facts->cntfrq_known = HOST_UNKNOWN;
	facts->all_in_hyp =
		file_has("/sys/module/vmm/parameters/all_in_hyp", "Y");
}

static enum host_answer item_known(const struct host_facts *facts,
				   enum host_item item)
{
	switch (item) {
	case HOST_ITEM_KERNEL:
		return facts->lpae_kernel;
	case HOST_ITEM_VIRTUALIZATION:
		return facts->virtualization;
	case HOST_ITEM_HYP:
	case HOST_ITEM_GICC:
		return facts->split_eoi;
	case HOST_ITEM_GICH:
		return facts->gich;
	case HOST_ITEM_IRQS:
		return facts->irqs;
	case HOST_ITEM_RATE:
		return facts->clock || module_is_loaded() ? HOST_YES :
							    HOST_UNKNOWN;
	default:
		return HOST_YES;
	}
}

static void check_machine(struct check *check)
{
	struct host_facts facts = {};

	look_at_cpus(&facts);
	look_at_kernel(&facts);
	if (!tree_look(&facts))
		say(check, "missing", "device tree",
		    "this kernel was started without a device tree");
	look_at_log(&facts);
	look_at_module(&facts);
	for (unsigned int item = 0; item < HOST_ITEMS; item++) {
		const char *why = host_item_refusal(&facts, item);

		if (host_item_is_moot(&facts, item))
			continue;
		if (why)
			say(check, "missing", host_item_name(item), why);
		else if (item_known(&facts, item) == HOST_UNKNOWN)
			say(check, "unknown", host_item_name(item),
			    "modprobe vmm looks at it");
		else
			say(check, "ok", host_item_name(item), NULL);
	}
}

/*
 * Makes a VM and closes it at once, because only making one shows the ABI
 * version.
 */
static int try_vm(int fd)
{
	struct vm_create_args args = { .abi_version = VMM_ABI_VERSION };
	int vm;

	snprintf(args.name, sizeof(args.name), "check-host-%d", (int)getpid());
	vm = ioctl(fd, VMM_CREATE_VM, &args);
	if (vm < 0)
		return errno;
	close(vm);
	return 0;
}

/* Module and bhyvectl may have the same interface and still be of two releases. */
static void check_version(struct check *check)
{
	say_if(check, file_has("/sys/module/vmm/version", BHYVE_VERSION "\n"),
	       "advice", "module's version " BHYVE_VERSION,
	       "it is not bhyvectl's: install both from one release, rmmod vmm, "
	       "modprobe vmm");
}

/* The headers that apt brings are those of the newest kernel, which need not run yet. */
static void check_module(struct check *check)
{
	struct utsname name;
	char path[512], hint[512];

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep",
		 name.release);
	snprintf(
		hint, sizeof(hint),
		"this kernel has none: install linux-headers-%s, and DKMS builds it",
		name.release);
	say_if(check, module_is_loaded(), "missing", "module vmm",
	       file_has(path, "vmm.ko") ?
		       "modprobe vmm; if it refuses, dmesg says why in one line" :
		       hint);
}

static void check_device(struct check *check)
{
	int fd, err;

	check_module(check);
	if (!module_is_loaded())
		return;
	check_version(check);
	fd = open("/dev/vmm", O_RDWR | O_CLOEXEC);
	say_if(check, fd >= 0, "missing", "/dev/vmm opens",
	       errno == ENOENT ?
		       "there is no /dev/vmm: udev or mdev makes it" :
		       "its rights do not let you: be root, or in its "
		       "group (adduser NAME vmm, then log in anew)");
	if (fd < 0)
		return;
	err = try_vm(fd);
	say_if(check, !err, "missing", "a VM can be made",
	       err == EPROTO ?
		       "module and bhyvectl are of different versions: "
		       "install both from one, rmmod vmm, modprobe vmm" :
		       strerror(err));
	close(fd);
}

/* Repeats what vmm.ko says about the branch predictor, if it is loaded. */
static void check_branch_predictor(struct check *check)
{
	char *text = read_file("/sys/module/vmm/parameters/branch_predictor");

	if (!text)
		return;
	text[strcspn(text, "\n")] = '\0';
	say(check, strstr(text, "vulnerable") ? "advice" : "ok",
	    "branch predictor", text);
	free(text);
}

/* Guests run without these, but some of their devices do not. */
static void check_extras(struct check *check)
{
	check_branch_predictor(check);
	say_if(check, getgrnam("vmm"), "advice", "group vmm",
	       "without it only root runs guests: addgroup --system vmm");
	say_if(check, !access("/dev/net/tun", R_OK | W_OK), "advice", "tun",
	       "for tap networks: modprobe tun");
	say_if(check, !access("/dev/vhost-net", R_OK | W_OK), "advice",
	       "vhost-net", "for faster tap networks: modprobe vhost_net");
	say_if(check, file_has("/sys/fs/cgroup/cgroup.controllers", "memory"),
	       "advice", "cgroup 2 with memory",
	       "for limits on guests: mount -t cgroup2 none /sys/fs/cgroup");
	say_if(check,
	       file_has("/sys/kernel/mm/transparent_hugepage/enabled",
			"[always]") ||
		       file_has("/sys/kernel/mm/transparent_hugepage/enabled",
				"[madvise]"),
	       "advice", "transparent huge pages",
	       "guests are faster with them: echo madvise "
	       ">/sys/kernel/mm/transparent_hugepage/enabled");
}

static const char *text_of(struct json_object *line, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(line, key, &value) ?
		       json_object_get_string(value) :
		       "";
}

static void print_lines(struct json_object *lines)
{
	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		struct json_object *line = json_object_array_get_idx(lines, i);
		const char *text = text_of(line, "text");

		printf("%-8s %s%s%s\n", text_of(line, "state"),
		       text_of(line, "name"), *text ? ": " : "", text);
	}
}

int check_host(bool json)
{
	struct check check = { .lines = json_object_new_array() };

	check_machine(&check);
	check_device(&check);
	check_extras(&check);
	if (json)
		puts(json_object_to_json_string_ext(
			check.lines, JSON_C_TO_STRING_PRETTY |
					     JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		print_lines(check.lines);
	json_object_put(check.lines);
	return check.missing;
}

static void print_file(const char *path)
{
	char *text = read_file(path);

	printf("== %s\n%s\n", path, text ? text : "(cannot be read)");
	free(text);
}

/*
 * Prints the flattened device tree like od -x, but in the order of its bytes.
 */
static void print_tree(void)
{
	FILE *fp = fopen("/sys/firmware/fdt", "re");
	size_t at = 0;
	int c;

	printf("== /sys/firmware/fdt%s\n", fp ? "" : "\n(cannot be read)");
	while (fp && (c = getc(fp)) != EOF)
		printf("%02x%s", c, ++at % 32 ? "" : "\n");
	putchar('\n');
	if (fp)
		fclose(fp);
}

int report(void)
{
	static const char *const files[] = {
		"/proc/version", "/proc/cmdline", "/proc/device-tree/model",
		"/proc/cpuinfo", "/proc/meminfo", "/proc/interrupts",
		"/proc/iomem",	 "/proc/modules", "/sys/module/vmm/srcversion",
	};
	char *log = read_log();

	puts("== bhyvectl --check-host");
	check_host(false);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		print_file(files[i]);
	printf("== kernel log\n%s\n", log ? log : "(cannot be read: be root)");
	free(log);
	print_tree();
	return 0;
}
