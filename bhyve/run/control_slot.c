/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attaches devices to a VM that runs, and detaches them. The sandbox opens nothing, so
 * bhyvectl opens the image, the tap or passt's socket and sends its descriptor. All vCPUs
 * stand still meanwhile: what looks up a device from an exit needs no lock.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/run/control.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/options.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/vmexit.h"

struct request {
	const char *option; /* the text that -s would take */
	int file;
	unsigned int slot;
	bool made; /* the configuration may have something for that slot */
	struct config_node *node;
};

static bool is(struct config_node *node, const char *key, const char *value)
{
	const char *is = get_config_value_node(node, key);

	return is && !strcmp(is, value);
}

static int give_file(struct config_node *node, int file)
{
	char number[16];

	if (file < 0)
		return refuse("its image or its tap was not sent along");
	snprintf(number, sizeof(number), "%d", file);
	if (set_config_value_node(node, "fd", number))
		return refuse("out of memory");
	return 0;
}

static int prepare_disk(struct config_node *node, int file)
{
	if (get_config_value_node(node, "vhost-user"))
		return refuse(
			"a vhost-user disk has to be there from the start,"
			" because its back end is given the guest's memory"
			" then");
	return give_file(node, file);
}

/*
 * The sandbox forbids to open /dev/vhost-net once the guest runs, so a network that
 * is attached has no vhost.
 */
static int leave_vhost_out(struct config_node *node)
{
	bool wanted = get_config_value_node(node, "vhost") != NULL;

	if (get_config_bool_node(node, "vhost", &wanted))
		return -EINVAL;
	if (wanted)
		return refuse("vhost is for a network that is there from the"
			      " start: leave it out");
	if (set_config_value_node(node, "vhost", "false"))
		return refuse("out of memory");
	return 0;
}

static int prepare_network(struct config_node *node, int file)
{
	if (is(node, "backend", "slirp"))
		return refuse("slirp is a process that is started with the VM:"
			      " attach a tap or passt");
	if (leave_vhost_out(node))
		return -EINVAL;
	if (!is(node, "backend", "passt") &&
	    set_config_value_node(node, "backend", "attached"))
		return refuse("out of memory");
	return give_file(node, file);
}

/* Makes the configuration's node from r->option. */
static int make_node(struct request *r)
{
	char path[32], comma;
	int error;

	if (sscanf(r->option, "%2u%c", &r->slot, &comma) != 2 || comma != ',')
		return refuse("give SLOT,DEVICE,... as behind bhyve's -s; it is"
			      " function 0 of a free slot");
	snprintf(path, sizeof(path), "pci.0.%u", r->slot);
	if (find_config_node(path))
		return refuse("slot %u is taken", r->slot);
	r->made = true;
	error = pci_parse_slot(r->option);
	if (error)
		return error == -ENOMEM ? refuse("out of memory") : error;
	strcat(path, ".0");
	r->node = find_config_node(path);
	return r->node ? 0 : refuse("there is nothing to attach");
}

static int prepare(const struct request *r)
{
	if (is(r->node, "device", "virtio-blk"))
		return prepare_disk(r->node, r->file);
	if (is(r->node, "device", "virtio-net"))
		return prepare_network(r->node, r->file);
	return refuse("only virtio-blk and virtio-net can be attached");
}

static const char *attach_slot(struct vmctx *ctx, const char *option, int file)
{
	struct request r = { .option = option, .file = file };
	static char why[512];

	if (!make_node(&r) && !prepare(&r) && !pci_attach(ctx, r.slot) &&
	    !refuse_unread_keys())
		return NULL;
	snprintf(why, sizeof(why), "%s", last_line());
	if (r.made)
		pci_unmake(r.slot);
	return why;
}

/* SLOT[,force] */
static const char *detach_slot(struct vmctx *ctx, const char *option, int file)
{
	unsigned int slot;
	int used = 0;

	(void)ctx, (void)file;
	if (sscanf(option, "%2u%n", &slot, &used) != 1 ||
	    (option[used] && strcmp(option + used, ",force")))
		return "give SLOT, or SLOT,force";
	return pci_detach(slot, option[used]);
}

static const struct {
	const char *word;
	const char *(*func)(struct vmctx *ctx, const char *option, int file);
} commands[] = {
	{ "attach ", attach_slot },
	{ "detach ", detach_slot },
};

/*
 * While a copy is being made, for a migration or a checkpoint, the list of what it has
 * is fixed. Returns which copy that is; NULL: none.
 */
static const char *copy_under_way(void)
{
	if (precopy_busy())
		return precopy_busy();
	if (migrate_state() != MIGRATE_NONE)
		return "it is being migrated: --migrate=cancel ends that";
	return NULL;
}

/* Stops the vCPUs while @func is at work. */
static const char *at_rest(struct vmctx *ctx, const char *option, int file,
			   const char *(*func)(struct vmctx *ctx,
					       const char *option, int file))
{
	const bool was_paused = vcpus_paused();
	const char *why = "a virtual CPU did not stop in time";

	if (copy_under_way())
		return copy_under_way();
	if (was_paused || vcpus_pause(ctx))
		why = func(ctx, option, file);
	if (!was_paused)
		vcpus_resume(ctx);
	return why;
}

bool control_slot(struct vmctx *ctx, const char *line, int file,
		  const char **why)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		size_t len = strlen(commands[i].word);

		if (strncmp(line, commands[i].word, len))
			continue;
		*why = at_rest(ctx, line + len, file, commands[i].func);
		return true;
	}
	return false;
}
