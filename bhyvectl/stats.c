/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/stats.h"

#define STAT_TEXT(id, text) [id] = text,
const char *const stat_texts[VM_STAT_MAX] = { VM_STATS_LIST(STAT_TEXT) };

void stats_from(struct json_object *answer, struct stats *stats)
{
	struct json_object *vcpus;

	memset(stats, 0, sizeof(*stats));
	stats->resident = number_of(answer, "Resident memory");
	stats->disk_read = number_of(answer, "disk bytes read");
	stats->disk_written = number_of(answer, "disk bytes written");
	stats->received = number_of(answer, "network bytes received");
	stats->sent = number_of(answer, "network bytes sent");
	if (!json_object_object_get_ex(answer, "vcpus", &vcpus) ||
	    !json_object_is_type(vcpus, json_type_array))
		return;
	for (size_t id = 0; id < json_object_array_length(vcpus); id++)
		for (unsigned int i = 0; i < VM_STAT_MAX; i++)
			stats->of[i] +=
				number_of(json_object_array_get_idx(vcpus, id),
					  stat_texts[i]);
}
