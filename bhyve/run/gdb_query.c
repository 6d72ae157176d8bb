/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers packets that begin with q and Q: features and modes. */
#include <string.h>
#include "bhyve/run/gdb_impl.h"

#define PACKET_SIZE \
	0x1000 /* the size we announce; larger packets are accepted */

static void text(struct gdb *gdb, const char *words)
{
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out, "%s", words);
	gdb_out_end(&gdb->out);
}

static void query_supported(struct gdb *gdb, const char *p)
{
	gdb->says_why = strstr(p, "swbreak+") && strstr(p, "hwbreak+");
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out,
		     "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;"
		     "vContSupported+;swbreak+;hwbreak+",
		     PACKET_SIZE);
	gdb_out_end(&gdb->out);
}

static void query_threads(struct gdb *gdb, const char *p)
{
	(void)p;
	gdb_out_begin(&gdb->out);
	for (unsigned int i = 1; i <= gdb->ncpus; i++)
		gdb_out_text(&gdb->out, "%c%x", i == 1 ? 'm' : ',', i);
	gdb_out_end(&gdb->out);
}

static void query_more_threads(struct gdb *gdb, const char *p)
{
	(void)p;
	text(gdb, "l");
}

static void query_thread_info(struct gdb *gdb, const char *p)
{
	char name[] = "vCPU 0";
	uint64_t n;

	if (!gdb_get_number(&p, &n) || !n || n > gdb->ncpus) {
		text(gdb, "E16");
		return;
	}
	name[sizeof(name) - 2] += n - 1;
	gdb_out_begin(&gdb->out);
	gdb_out_hex(&gdb->out, name, sizeof(name) - 1);
	gdb_out_end(&gdb->out);
}

static void query_current(struct gdb *gdb, const char *p)
{
	(void)p;
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out, "QC%x", gdb->cpu + 1);
	gdb_out_end(&gdb->out);
}

/* Sends a piece of the target description: NAME:OFFSET,LENGTH. */
static void query_features(struct gdb *gdb, const char *p)
{
	const char *colon = strchr(p, ':'), *xml = NULL;
	char name[32];
	uint64_t offset, length;
	size_t size;

	if (colon && (size_t)(colon - p) < sizeof(name)) {
		memcpy(name, p, colon - p);
		name[colon - p] = '\0';
		xml = gdb_arch_xml(name);
		p = colon + 1;
	}
	if (!xml || !gdb_get_number(&p, &offset) || !gdb_get_char(&p, ',') ||
	    !gdb_get_number(&p, &length)) {
		text(gdb, "E00");
		return;
	}
	size = strlen(xml);
	offset = offset < size ? offset : size;
	length = length < PACKET_SIZE ? length : PACKET_SIZE;
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out, "%c", length < size - offset ? 'm' : 'l');
	gdb_out_binary(&gdb->out, xml + offset,
		       length < size - offset ? length : size - offset);
	gdb_out_end(&gdb->out);
}

static void set_no_ack(struct gdb *gdb, const char *p)
{
	(void)p;
	gdb->no_ack = true;
	text(gdb, "OK");
}

/* The same packet as in QEMU's stub. */
static void query_physical(struct gdb *gdb, const char *p)
{
	(void)p;
	text(gdb, gdb->physical ? "1" : "0");
}

static void set_physical(struct gdb *gdb, const char *p)
{
	gdb->physical = *p == '1';
	text(gdb, "OK");
}

/* The stub attaches to a running VM, so a debugger that quits detaches. */
static void query_attached(struct gdb *gdb, const char *p)
{
	(void)p;
	text(gdb, "1");
}

static const struct {
	const char *prefix;
	void (*func)(struct gdb *gdb, const char *p);
} queries[] = {
	{ "qAttached", query_attached },
	{ "qC", query_current },
	{ "qRcmd,", gdb_monitor },
	{ "qSupported", query_supported },
	{ "qThreadExtraInfo,", query_thread_info },
	{ "qXfer:features:read:", query_features },
	{ "qfThreadInfo", query_threads },
	{ "qqemu.PhyMemMode", query_physical },
	{ "qsThreadInfo", query_more_threads },
	{ "QStartNoAckMode", set_no_ack },
	{ "Qqemu.PhyMemMode:", set_physical },
};

/* A word without argument must end where its name ends: qC is not qCRC. */
static bool is(const char *packet, const char *prefix)
{
	size_t len = strlen(prefix);
	char last = prefix[len - 1];

	if (strncmp(packet, prefix, len))
		return false;
	return last == ',' || last == ':' || strchr(":;,", packet[len]);
}

void gdb_query(struct gdb *gdb, const char *packet)
{
	const size_t n = sizeof(queries) / sizeof(queries[0]);

	for (size_t i = 0; i < n; i++)
		if (is(packet, queries[i].prefix)) {
			queries[i].func(gdb,
					packet + strlen(queries[i].prefix));
			return;
		}
	text(gdb, "");
}
