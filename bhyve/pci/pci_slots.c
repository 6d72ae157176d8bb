/* SPDX-License-Identifier: BSD-2-Clause */
/* The option -s, and the configuration's nodes pci.BUS.SLOT.FUNCTION. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/pci/pci_dev.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/pci/pci_foreign.h"

#define SLOT_USAGE "-s wants SLOT[:FUNCTION],EMULATION[,CONF]"

struct where {
	unsigned int bus;
	unsigned int slot;
	unsigned int func;
};

/* Parses S, S:F or B:S:F, decimal, up to the comma. */
static int parse_where(const char *opt, struct where *w)
{
	unsigned int v[3];
	int n = 0, used = 0;
	char end;

	do {
		if (*opt < '0' || *opt > '9' || n == 3 ||
		    sscanf(opt, "%3u%n%c", &v[n++], &used, &end) != 2)
			return -EINVAL;
		opt += used + 1;
	} while (end == ':');
	if (end != ',')
		return -EINVAL;
	w->bus = n == 3 ? v[0] : 0;
	w->slot = n == 3 ? v[1] : v[0];
	w->func = n == 3 ? v[2] : n == 2 ? v[1] : 0;
	return 0;
}

static int check_where(const char *opt, const struct where *w)
{
	if (w->bus != 0)
		eprintln("-s %s: there is only bus 0", opt);
	else if (w->slot >= PCI_SLOTS)
		eprintln("-s %s: slots are 0 to %d", opt, PCI_SLOTS - 1);
	else if (w->func >= PCI_FUNCS)
		eprintln("-s %s: functions are 0 to %d", opt, PCI_FUNCS - 1);
	else
		return 0;
	return -EINVAL;
}

static int configure(struct config_node *node, const char *opt,
		     const char *emulation, const char *conf)
{
	const struct pci_devemu *emul = pci_emul_find(emulation);
	int error;

	if (set_config_value_node(node, "device", emulation))
		return -ENOMEM;
	if (!conf)
		return 0;
	if (emul->legacy_config)
		return emul->legacy_config(node, conf);
	error = parse_config_options_node(node, conf);
	if (error)
		eprintln("-s %s: options are key or key=value", opt);
	return error;
}

/*
 * libvirt asks for the list of devices, and knows bhyve's message for an
 * unknown one.
 */
static void explain_unknown(const struct where *w, const char *emulation)
{
	const char *mend = pci_foreign_mend(emulation);

	eprintln("pci slot %u:%u: unknown device \"%s\": %s", w->slot, w->func,
		 emulation, mend ? mend : "-s help lists them");
}

static int parse_slot(const char *opt, char *copy)
{
	char *emulation, *conf, path[32];
	struct config_node *node;
	struct where w;

	emulation = strchr(copy, ',');
	if (!emulation || parse_where(opt, &w)) {
		eprintln("-s %s: " SLOT_USAGE, opt);
		return -EINVAL;
	}
	if (check_where(opt, &w))
		return -EINVAL;
	emulation++;
	conf = strchr(emulation, ',');
	if (conf)
		*conf++ = '\0';
	if (pci_foreign_is_nothing(emulation))
		return 0;
	if (!pci_emul_find(emulation)) {
		explain_unknown(&w, emulation);
		return -EINVAL;
	}
	snprintf(path, sizeof(path), "pci.%u.%u.%u", w.bus, w.slot, w.func);
	if (find_config_node(path)) {
		eprintln("-s %s: slot %u:%u is taken already", opt, w.slot,
			 w.func);
		return -EINVAL;
	}
	node = create_config_node(path);
	if (!node)
		return -ENOMEM;
	return configure(node, opt, emulation, conf);
}

int pci_parse_slot(const char *opt)
{
	char *copy;
	int error;

	if (strcmp(opt, "help") == 0) {
		pci_emul_list();
		exit(0);
	}
	copy = strdup(opt);
	if (!copy)
		return -ENOMEM;
	error = parse_slot(opt, copy);
	free(copy);
	return error;
}

static struct config_node *numbered(struct config_node *parent, unsigned int n)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", n);
	return find_relative_config_node(parent, name);
}

static void walk_functions(struct config_node *slot, unsigned int s,
			   pci_slot_func_t func, void *arg)
{
	for (unsigned int f = 0; f < PCI_FUNCS; f++) {
		struct config_node *node = numbered(slot, f);
		const char *emulation;

		if (!node)
			continue;
		emulation = get_config_value_node(node, "device");
		if (!emulation)
			die("pci.0.%u.%u.device is not set: name an emulation",
			    s, f);
		if (pci_foreign_is_nothing(emulation))
			mark_config_read(node);
		else
			func(s, f, emulation, node, arg);
	}
}

void pci_walk_slots(pci_slot_func_t func, void *arg)
{
	struct config_node *bus = find_config_node("pci.0");

	for (unsigned int s = 0; bus && s < PCI_SLOTS; s++) {
		struct config_node *slot = numbered(bus, s);

		if (slot)
			walk_functions(slot, s, func, arg);
	}
}
