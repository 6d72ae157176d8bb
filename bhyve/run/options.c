/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses the command line; each option sets configuration keys. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/run/gdb.h"
#include "bhyve/run/options.h"
#include "bhyve/run/restore.h"
#include "bhyve/pci/pci_emul.h"
#include "lib/vmmapi.h"

#define EXIT_ERROR  4
#define MIB	    UINT64_C(0x100000)
#define MEM_MIN	    (64 * MIB)
#define MEM_MAX	    (2048 * MIB)
#define DEFAULT_MEM "256M"

/* A name appears in logs, on terminals and in names of files. */
#define NAME_CHARACTERS                                        \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789._-"

static const char help[] =
	"Usage: bhyve [-aAbCDehHIPSuwWxY] [-c cpus] [-f name,string=text] [-G gdb]\n"
	"             [-k file] [-K layout] [-l com1,where] [-m size] [-o k=v] [-p v:h]\n"
	"             [-r file | -R place] [-s slot,dev[,options]] [-U uuid] name\n"
	"  -b          put bvmcons, FreeBSD's bvm_console, into it\n"
	"  -c cpus     1 to 8 virtual CPUs (default 1)\n"
	"  -C          a guest that a fault stops leaves name.core, for gdb\n"
	"  -f n,string=text | n,file=path   a file n in fw_cfg\n"
	"  -G [w][address:]port | [w]path   let gdb debug it there; w: it waits\n"
	"  -h          this help; --version says which release it is of\n"
	"  -k file     read key=value lines\n"
	"  -l com1,W | bootrom,F    as -o console=W, -o bootrom=F\n"
	"  -m size     RAM, 64M to 2G; without K, M or G in MiB (default " DEFAULT_MEM
	")\n"
	"  -o k=v      set a key; bhyve_config(5) has them all. The main ones:\n"
	"                kernel=FILE  initrd=FILE  dtb=FILE  fdt.bootargs=TEXT\n"
	"                bootrom=FILE[,VARS]  a firmware in place of a kernel\n"
	"                console=stdio | ctl | pty[:LINK] | unix:PATH\n"
	"  -p v:h      run virtual CPU v on host CPU h, or on CPUs h as in 0-1,3\n"
	"  -r file     go on from a snapshot;  -R place  wait for bhyvectl --migrate\n"
	"  -s ...      a device, e.g. -s 1,virtio-blk,disk.img; -s help lists them\n"
	"  -S          lock the guest's memory;  -U uuid  the machine's serial number\n"
	"Other letters above are accepted for scripts. Example:\n"
	"  bhyve -c 2 -m 512M -o kernel=/boot/vmlinuz -o initrd=initrd.img \\\n"
	"        -o fdt.bootargs=console=ttyAMA0 guest1\n"
	"Exit status: 0 reboot, 1 power-off, 2 halt, 3 fault, 4 error, 5 moved.\n";

static void set(const char *key, const char *value)
{
	if (set_config_value(key, value))
		die("cannot set %s=%s", key, value);
}

int parse_topology(const char *text)
{
	static const char *const keys[] = { "cpus", "sockets", "cores",
					    "threads" };
	char *copy = strdup(text), *rest = copy, *part;
	int ret = 0;

	while (!ret && (part = strsep(&rest, ","))) {
		char *eq = strchr(part, '=');
		unsigned int i = 0;

		if (!eq) {
			ret = set_config_value("cpus", part);
			continue;
		}
		*eq = '\0';
		while (i < 4 && strcmp(part, keys[i]))
			i++;
		ret = i < 4 ? set_config_value(part, eq + 1) : -EINVAL;
	}
	free(copy);
	return ret;
}

static struct config_node *new_fwcfg_node(void)
{
	char path[32];
	unsigned int n = 0;

	do
		snprintf(path, sizeof(path), "fwcfg.%u", n++);
	while (find_config_node(path));
	return create_config_node(path);
}

int parse_fwcfg_file(const char *text)
{
	const char *name = !strncmp(text, "name=", 5) ? text + 5 : text;
	const char *comma = strchr(name, ',');
	const char *value = comma ? strchr(comma, '=') : NULL;
	struct config_node *node;
	char *copy;
	int ret = -EINVAL;

	if (!value ||
	    (strncmp(comma, ",string=", 8) && strncmp(comma, ",file=", 6)))
		return -EINVAL;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	copy[comma - name] = '\0';
	copy[value - name] = '\0';
	node = new_fwcfg_node();
	ret = set_config_value_node(node, "name", copy);
	if (!ret)
		ret = set_config_value_node(node, copy + (comma + 1 - name),
					    value + 1);
	free(copy);
	return ret;
}

static int parse_pin(const char *text)
{
	char key[32], val[256];
	const char *old;
	unsigned int vcpu;
	int used = 0;

	if (*text < '0' || *text > '9' ||
	    sscanf(text, "%3u:%n", &vcpu, &used) != 1 || !used || !text[used])
		die("-p %s: give vcpu:hostcpu, two numbers", text);
	if (vcpu >= VM_MAXCPU)
		die("-p %s: virtual CPUs are 0 to %d", text, VM_MAXCPU - 1);
	snprintf(key, sizeof(key), "vcpu.%u.cpuset", vcpu);
	old = get_config_value(key);
	if (snprintf(val, sizeof(val), "%s%s%s", old ? old : "", old ? "," : "",
		     text + used) >= (int)sizeof(val))
		die("-p %s: too many host CPUs for one virtual CPU", text);
	set(key, val);
	return 0;
}

static int parse_uuid(const char *text)
{
	const char *p = text;

	for (; *p; p++) {
		bool dash = p - text == 8 || p - text == 13 || p - text == 18 ||
			    p - text == 23;

		if (dash ? *p != '-' : !strchr("0123456789abcdefABCDEF", *p))
			break;
	}
	return *p || p - text != 36 ? -EINVAL : set_config_value("uuid", text);
}

static int parse_device(const char *text)
{
	int ret = pci_parse_slot(text);

	if (!strcmp(text, "help"))
		exit(0);
	return ret;
}

static int print_help(const char *unused)
{
	(void)unused;
	fputs(help, stdout);
	exit(0);
}

#define STRING_(x) #x
#define STRING(x)  STRING_(x)

/*
 * An option sets key to value, or to its argument if value is NULL; or parse()
 * reads its argument. If parse() fails, the message names what to give; with
 * give NULL, parse() has printed one itself. An option with neither key nor
 * parse is accepted and has no effect.
 */
struct option_rule {
	char letter;
	bool argument;
	const char *key;
	const char *value;
	int (*parse)(const char *text);
	const char *give;
};

static const struct option_rule rules[] = {
	{ .letter = 'a' },
	{ .letter = 'A' },
	{ .letter = 'b', .key = "bvmcons", .value = "true" },
	{ .letter = 'c',
	  .argument = true,
	  .parse = parse_topology,
	  .give = "a number from 1 to " STRING(VM_MAXCPU) },
	{ .letter = 'C', .key = "memory.guest_in_core", .value = "true" },
	{ .letter = 'D' },
	{ .letter = 'e' },
	{ .letter = 'f',
	  .argument = true,
	  .parse = parse_fwcfg_file,
	  .give = "NAME,string=TEXT or NAME,file=PATH" },
	{ .letter = 'G',
	  .argument = true,
	  .parse = gdb_parse_option,
	  .give = "[w][ADDRESS:]PORT or [w]PATH of a socket, with a slash in it" },
	{ .letter = 'h', .parse = print_help },
	{ .letter = 'H' },
	{ .letter = 'I' },
	{ .letter = 'k', .argument = true, .parse = parse_config_file },
	{ .letter = 'K', .argument = true },
	{ .letter = 'l', .argument = true, .parse = parse_lpc },
	{ .letter = 'm', .argument = true, .key = "memory.size" },
	{ .letter = 'o',
	  .argument = true,
	  .parse = parse_config_option,
	  .give = "key=value" },
	{ .letter = 'p', .argument = true, .parse = parse_pin },
	{ .letter = 'P' },
	{ .letter = 'r', .argument = true, .key = "restore" },
	{ .letter = 'R', .argument = true, .key = "receive" },
	{ .letter = 's', .argument = true, .parse = parse_device },
	{ .letter = 'S', .key = "memory.wired", .value = "true" },
	{ .letter = 'u' },
	{ .letter = 'U',
	  .argument = true,
	  .parse = parse_uuid,
	  .give = "8-4-4-4-12 hexadecimal digits" },
	{ .letter = 'w' },
	{ .letter = 'W' },
	{ .letter = 'x' },
	{ .letter = 'Y' },
};

#define NR_RULES (sizeof(rules) / sizeof(rules[0]))

static const struct option_rule *find_rule(int letter)
{
	for (unsigned int i = 0; i < NR_RULES; i++)
		if (rules[i].letter == letter)
			return &rules[i];
	return NULL;
}

bool option_takes_argument(char letter)
{
	const struct option_rule *rule = find_rule(letter);

	return rule && rule->argument;
}

/*
 * The list for getopt(3), which begins with ':' to report a missing argument.
 */
static const char *option_letters(void)
{
	static char letters[1 + 2 * NR_RULES + 1] = ":";
	char *p = letters + 1;

	for (unsigned int i = 0; i < NR_RULES; i++) {
		*p++ = rules[i].letter;
		if (rules[i].argument)
			*p++ = ':';
	}
	return letters;
}

static void apply_option(int c, const char *arg)
{
	const struct option_rule *rule = find_rule(c);
	int ret;

	if (c == ':')
		die("option -%c wants an argument; see bhyve -h", optopt);
	if (!rule)
		die("unknown option -%c; see bhyve -h", optopt);
	if (rule->key)
		set(rule->key, rule->value ? rule->value : arg);
	ret = rule->parse ? rule->parse(arg) : 0;
	if (!ret)
		return;
	if (ret == -ENOMEM)
		die("out of memory");
	if (rule->give)
		die("-%c %s: give %s", c, arg, rule->give);
	exit(EXIT_ERROR);
}

/* Expands each value, which marks the keys in "%(key)" as read. */
static int expand_values(const char *name, const char *value,
			 struct config_node *child, void *arg)
{
	(void)name, (void)value;
	return child ? walk_config_nodes(child, expand_values, arg) : 0;
}

/* Visits all leaves, with the path so far. */
static int check_key(const char *name, const char *value,
		     struct config_node *child, void *arg)
{
	const char *prefix = arg;
	char path[256];

	snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "",
		 name);
	if (child)
		return walk_config_nodes(child, check_key, path);
	if (config_key_ignored(path))
		mark_config_value_read(path);
	if (!config_key_known(path) && !config_value_is_read(path))
		die("unknown key \"%s\" (=%s); bhyve_config(5) lists the keys",
		    path, value);
	return 0;
}

static uint64_t number_or(const char *key, uint64_t def)
{
	uint64_t val = def;

	if (get_config_u64(key, &val) == -EINVAL)
		die("%s=%s: not a number", key, get_config_value(key));
	return val;
}

static void check_cpus(struct bhyve_options *opts)
{
	uint64_t ncpus = number_or("cpus", 1);
	uint64_t product = number_or("sockets", 1) * number_or("cores", 1) *
			   number_or("threads", 1);

	if (!get_config_value("cpus"))
		ncpus = product;
	if (ncpus < 1 || ncpus > VM_MAXCPU)
		die("-c %" PRIu64 ": a VM has 1 to %d virtual CPUs", ncpus,
		    VM_MAXCPU);
	if (product > 1 && product != ncpus)
		die("-c: %" PRIu64 " CPUs are not sockets times cores times"
		    " threads (%" PRIu64 ")",
		    ncpus, product);
	opts->ncpus = ncpus;
}

static void check_memory(struct bhyve_options *opts)
{
	const char *text = get_config_value("memory.size");

	if (parse_memsize(text ? text : DEFAULT_MEM, &opts->mem_size))
		die("-m %s: give a number with K, M or G, like 512M", text);
	if (opts->mem_size < MEM_MIN || opts->mem_size > MEM_MAX)
		die("-m %s: the RAM of a VM is 64M to 2G", text);
	opts->mem_size &= ~UINT64_C(0xfff);
}

static void check_name(struct bhyve_options *opts)
{
	const char *name = get_config_value("name");

	if (!name)
		die("the VM needs a name, as the last argument; see bhyve -h");
	if (!*name || strlen(name) > VM_MAX_NAMELEN)
		die("name \"%s\": give 1 to %d characters", name,
		    VM_MAX_NAMELEN);
	if (name[strspn(name, NAME_CHARACTERS)] || *name == '.')
		die("the VM's name: give one of letters, digits, '_', '-' and"
		    " '.', without a leading dot");
	opts->name = name;
	debug_set_name(name);
}

void parse_options(int argc, char *argv[], struct bhyve_options *opts)
{
	char root[] = "";
	int c;

	if (argc == 1) {
		fputs(help, stderr);
		exit(EXIT_ERROR);
	}
	if (!strcmp(argv[1], "--help")) {
		fputs(help, stdout);
		exit(0);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("bhyve of bhyvearm " BHYVE_VERSION);
		exit(0);
	}
	refuse_foreign_options(argc, argv);
	opterr = 0;
	while ((c = getopt(argc, argv, option_letters())) != -1)
		apply_option(c, optarg);
	if (optind < argc - 1)
		die("\"%s\": one name, after all options; see bhyve -h",
		    argv[optind + 1]);
	if (optind < argc)
		set("name", argv[optind]);
	walk_config_nodes(find_config_node(NULL), expand_values, NULL);
	walk_config_nodes(find_config_node(NULL), check_key, root);
	restore_open();
	check_name(opts);
	check_cpus(opts);
	check_memory(opts);
	if (get_config_bool_default("config.dump", false)) {
		dump_config(stdout);
		exit(0);
	}
}
