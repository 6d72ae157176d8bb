/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The format of a snapshot, as a file or as a stream: a header and sections,
 * each with a checksum; docs/snapshot.md has it field by field. bhyve and
 * bhyvectl are linked with this; it is no part of libvmmapi.
 *
 * Whoever reads one has it from anybody: sizes are bounded before memory is
 * allocated, and a section is given to the caller only if its checksum is right.
 */
#ifndef LIB_SNAPSHOT_H
#define LIB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAPSHOT_VERSION 1
#define SNAPSHOT_TAG_LEN 16

/* The most bytes of a section: 256 pages of memory with their numbers. */
#define SNAPSHOT_MAX_SECTION (0x100000u + 0x1000u)

/* The most bytes of all sections in a file, behind which memory begins. */
#define SNAPSHOT_IMAGE 0x400000u

/* The instance of a device in a slot of -s. */
#define SNAPSHOT_SLOTTED	0x10000u
#define SNAPSHOT_AT(slot, func) (SNAPSHOT_SLOTTED | (slot) << 3 | (func))

/*
 * The data of the first section, "machine". The members that depend on the
 * configuration are compared with those of the machine that loads it.
 */
#define SNAPSHOT_NAME_LEN 64
struct snapshot_machine {
	char name[SNAPSHOT_NAME_LEN]; /* ends with a zero byte */
	uint64_t ram_base, ram_size;
	uint64_t count;	  /* the guest's counter (CNTPCT), in ticks */
	uint64_t wall_ns; /* the host's CLOCK_REALTIME then */
	uint32_t ncpus;
	uint32_t nirqs;
	uint32_t counter_hz;
	uint32_t reserved; /* 0 */
};
_Static_assert(sizeof(struct snapshot_machine) == 112,
	       "as docs/snapshot.md says");

/*
 * The data of "memory": where in the file an image of RAM begins, in which holes
 * are zeroes, and how much of it is none.
 */
struct snapshot_memory {
	uint64_t offset;
	uint64_t len;	/* RAM's size, up to the end of the file */
	uint64_t saved; /* bytes */
	/* From version 2 on: */
	uint32_t has_crc; /* 1, or 0: snapshot_seal() has not been called yet */
	uint32_t crc;	  /* of the whole image, holes included */
};
#define SNAPSHOT_MEMORY_V1_LEN 24

/* The structure from a section of version 1 or 2. False: it is neither. */
struct section;
bool snapshot_get_memory(const struct section *section,
			 struct snapshot_memory *memory);

/* A register in "vcpu N", whose data is a number of them (32 bits) and these. */
struct snapshot_register {
	uint64_t id; /* as in <vmm/arm/vmm_regs.h> */
	uint64_t val;
};

/*
 * Whether @tag is a word of small letters, digits and dashes, filled up with zeroes, and
 * so may be printed.
 */
bool snapshot_is_tag(const char tag[SNAPSHOT_TAG_LEN]);

struct section {
	char tag[SNAPSHOT_TAG_LEN + 1];
	uint32_t instance;
	uint32_t version;
	uint32_t len; /* of data, in bytes */
	const uint8_t *data;
};

/* "pl011", "virtio-mmio 3", or for a slot "virtio-blk 3:0". */
#define SECTION_NAME_LEN 40
void section_name(const struct section *section, char name[SECTION_NAME_LEN]);

/* Bytes of a section's header, the longest. */
#define SNAPSHOT_HEADER_LEN 40

struct snapshot_reader {
	int fd;
	bool opened;  /* its header has been read */
	bool in_data; /* the header of a section has, and not all of its data */
	size_t got;   /* of the part that is being read, in bytes */
	uint8_t head[SNAPSHOT_HEADER_LEN];
	uint8_t *room; /* of the section that was read last */
	char last[SECTION_NAME_LEN];
	char error[160];
};

/*
 * Begins to read from the file or the socket @fd, which stays the caller's. 0;
 * -EPROTO or another negative errno, with *@r's error saying what is wrong.
 */
int snapshot_open(struct snapshot_reader *r, int fd);

/*
 * The same without reading anything, for a socket that does not block: the first
 * snapshot_next() reads the header.
 */
void snapshot_attach(struct snapshot_reader *r, int fd);

/*
 * Reads the next section; its data is valid until the next call. 1; 0: that was
 * the last one; -EAGAIN: not all of it is there, call this again when the socket is
 * readable; -EPROTO or another negative errno, with *@r's error saying which
 * section is damaged.
 */
int snapshot_next(struct snapshot_reader *r, struct section *section);

void snapshot_close(struct snapshot_reader *r);

/* Sections in memory, to be written to a file or a socket. */
struct snapshot_writer {
	uint8_t *data;
	size_t len, room;
	bool failed; /* out of memory, or a section that is too long */
};

/*
 * snapshot_begin() puts the header into an empty writer. snapshot_clear() empties the
 * writer when its contents were sent; the next sections follow those in the stream.
 */
void snapshot_begin(struct snapshot_writer *w);
void snapshot_clear(struct snapshot_writer *w);

/* Adds a section; @tag has 1 to SNAPSHOT_TAG_LEN characters. */
void snapshot_put(struct snapshot_writer *w, const char *tag, uint32_t instance,
		  uint32_t version, const void *data, size_t len);

/* Adds the mark of the end. */
void snapshot_end(struct snapshot_writer *w);

void snapshot_free(struct snapshot_writer *w);

/*
 * The checksum of @len bytes of the file @fd from @offset on. Holes are not read. 0
 * or a negative errno.
 */
int snapshot_sum(int fd, uint64_t offset, uint64_t len, uint32_t *crc);

/*
 * Puts the checksum of the image into the complete snapshot @fd, which is open for
 * reading and writing. 0 or a negative errno.
 */
int snapshot_seal(int fd);

#endif /* LIB_SNAPSHOT_H */
