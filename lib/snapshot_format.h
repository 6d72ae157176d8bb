/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of a snapshot; only snapshot_read.c and snapshot_write.c use them. */
#ifndef LIB_SNAPSHOT_FORMAT_H
#define LIB_SNAPSHOT_FORMAT_H

#include <stddef.h>
#include "lib/snapshot.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "snapshots are little-endian and so must the host be"
#endif

#define SNAPSHOT_MAGIC	   "BHYVESNP"
#define SNAPSHOT_MAGIC_LEN 8
#define SNAPSHOT_END	   "end"

/* CRCs are those of zlib's crc32(), of all bytes of the header before them. */
struct snapshot_header {
	char magic[SNAPSHOT_MAGIC_LEN];
	uint32_t version;
	uint32_t crc;
};
_Static_assert(sizeof(struct snapshot_header) == 16,
	       "as docs/snapshot.md says");

struct section_header {
	char tag[SNAPSHOT_TAG_LEN]; /* filled up with zeroes */
	uint32_t instance;
	uint32_t version;
	uint32_t len;
	uint32_t data_crc;
	uint32_t reserved; /* 0 */
	uint32_t crc;
};
_Static_assert(sizeof(struct section_header) == 40, "as docs/snapshot.md says");

#endif /* LIB_SNAPSHOT_FORMAT_H */
