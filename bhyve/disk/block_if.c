/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens a disk. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bhyve/base/file_lock.h"
#include "bhyve/disk/block_impl.h"
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"

int blockif_legacy_config(struct config_node *node, const char *opts)
{
	char *copy = strdup(opts), *rest = copy;
	int error = 0;

	if (!copy)
		return -ENOMEM;
	/* With vhost-user another process has the disk, and there is no path. */
	if (strncmp(opts, "vhost-user=", 11))
		error = set_config_value_node(node, "path",
					      next_config_option(&rest));
	if (!error && rest)
		error = parse_config_options_node(node, rest);
	free(copy);
	if (error && error != -ENOMEM)
		eprintln("disk \"%s\": it is PATH[,OPTION[=VALUE]...]", opts);
	return error;
}

void blockif_submit(struct blockif *bc, struct blockif_req *req)
{
	req->done = 0;
	if (!bc->uring || !block_uring_submit(bc->uring, req))
		block_queue(bc, req);
}

void blockif_kick(struct blockif *bc)
{
	if (bc->uring)
		block_uring_kick(bc->uring);
}

void blockif_sync(struct blockif *bc)
{
	if (!bc->geo.readonly && fdatasync(bc->fd))
		guest_println("a disk's image may be incomplete in a snapshot:"
			      " %s",
			      strerror(errno));
}

const struct blockif_geometry *blockif_geometry(const struct blockif *bc)
{
	return &bc->geo;
}

/*
 * O_DIRECT needs whole sectors of the disk that holds the image's file system;
 * the guest's sectors may be smaller. Smaller requests go without O_DIRECT; the
 * kernel keeps both coherent.
 */
static int find_alignment(struct blockif *bc, const char *tag)
{
	void *buffer;

	bc->align = 512;
	if (posix_memalign(&buffer, 4096, 4096))
		return refuse("%s: out of memory", tag);
	while (bc->align < 4096 && pread(bc->fd, buffer, bc->align, 0) < 0 &&
	       errno == EINVAL)
		bc->align *= 2;
	free(buffer);
	return 0;
}

static int open_cached(struct blockif *bc, const char *path, int flags,
		       const char *tag)
{
	bc->cached_fd = bc->fd;
	if (!bc->direct_io)
		return 0;
	if (find_alignment(bc, tag))
		return -EINVAL;
	bc->cached_fd =
		open(path, (flags & ~O_DIRECT) |
				   (bc->geo.readonly ? O_RDONLY : O_RDWR));
	if (bc->cached_fd < 0)
		return refuse("%s: cannot open %s: %s", tag, path,
			      strerror(errno));
	return 0;
}

/* The keys direct and sync mean the same, as in FreeBSD's bhyve. Both are read here. */
static int wants_sync(struct config_node *node, bool *sync)
{
	bool direct = false;

	*sync = false;
	if (get_config_bool_node(node, "direct", &direct) ||
	    get_config_bool_node(node, "sync", sync))
		return -EINVAL;
	*sync |= direct;
	return 0;
}

static int open_path(struct blockif *bc, struct config_node *node,
		     const char *path, const char *tag)
{
	int flags = O_CLOEXEC;
	bool sync;

	if (wants_sync(node, &sync))
		return -EINVAL;
	if (bc->direct_io)
		flags |= O_DIRECT;
	if (sync)
		flags |= O_DSYNC;
	bc->fd = open(path, flags | (bc->geo.readonly ? O_RDONLY : O_RDWR));
	if (bc->fd < 0 && errno == EINVAL && bc->direct_io)
		return refuse("%s: the file system of %s has no O_DIRECT: leave"
			      " out nocache",
			      tag, path);
	if (bc->fd < 0)
		return refuse("%s: cannot open %s: %s", tag, path,
			      strerror(errno));
	return open_cached(bc, path, flags, tag);
}

/* Another process has opened the image, with the flags that these keys ask for. */
static int open_given(struct blockif *bc, struct config_node *node, int given,
		      const char *tag)
{
	bool sync;

	if (wants_sync(node, &sync))
		return -EINVAL;
	if (bc->direct_io)
		return refuse("%s: nocache is for a disk that is there from the"
			      " start",
			      tag);
	bc->fd = bc->cached_fd = dup(given);
	if (bc->fd < 0)
		return refuse(
			"%s: no descriptor for its image: %s; see ulimit -n",
			tag, strerror(errno));
	return 0;
}

/* The image is locked, because two writers would destroy the file system inside. */
static int lock(struct blockif *bc, const char *path, const char *tag)
{
	if (file_lock(bc->fd, bc->geo.readonly, path))
		return refuse(
			"%s: %s is in use by another VM: stop that one, or"
			" open it ro in both",
			tag, path);
	return 0;
}

static int open_file(struct blockif *bc, struct config_node *node,
		     const char *tag)
{
	const char *path = get_config_value_node(node, "path");
	uint64_t given;
	int error;

	if (!path || !*path)
		return refuse("%s: no image given: -s SLOT,virtio-blk,PATH",
			      tag);
	if (get_config_bool_node(node, "ro", &bc->geo.readonly) ||
	    get_config_bool_node(node, "nocache", &bc->direct_io))
		return -EINVAL;
	bc->given = !get_config_u64_node(node, "fd", &given);
	error = bc->given ? open_given(bc, node, given, tag) :
			    open_path(bc, node, path, tag);
	if (error || lock(bc, path, tag))
		return -EINVAL;
	return block_check_format(bc, node, path, tag);
}

/*
 * A file system's preferred block may be 2 MiB (tmpfs with huge pages) and more
 * (NFS, ZFS). No disk has such sectors, and guests align partitions to them.
 */
static uint32_t physical_of(const struct stat *st)
{
	return st->st_blksize < 512 || st->st_blksize > 4096 ? 4096 :
							       st->st_blksize;
}

static int file_size(struct blockif *bc, const char *tag)
{
	struct stat st;
	unsigned int sector = 512, physical = 512;
	uint64_t size;

	if (fstat(bc->fd, &st))
		return refuse("%s: cannot stat its image: %s", tag,
			      strerror(errno));
	if (S_ISREG(st.st_mode)) {
		bc->geo.size = st.st_size;
		bc->geo.physical = physical_of(&st);
		bc->geo.sector = 512;
		return 0;
	}
	if (!S_ISBLK(st.st_mode))
		return refuse(
			"%s: the image is neither a file nor a block device",
			tag);
	bc->is_device = true;
	if (ioctl(bc->fd, BLKGETSIZE64, &size) ||
	    ioctl(bc->fd, BLKSSZGET, &sector) ||
	    ioctl(bc->fd, BLKPBSZGET, &physical))
		return refuse(
			"%s: cannot ask the block device for its size: %s", tag,
			strerror(errno));
	bc->geo.size = size;
	bc->geo.sector = sector;
	bc->geo.physical = physical;
	return 0;
}

static bool sector_size(unsigned int n)
{
	return n >= 512 && n <= 65536 && (n & (n - 1)) == 0;
}

/* sectorsize=LOGICAL[/PHYSICAL] */
static int sector_option(struct blockif *bc, struct config_node *node,
			 const char *tag)
{
	const char *opt = get_config_value_node(node, "sectorsize");
	unsigned int logical, physical;
	char end;
	int n;

	if (!opt)
		return 0;
	n = sscanf(opt, "%5u/%5u%c", &logical, &physical, &end);
	if (n == 1 && !strchr(opt, '/'))
		physical = logical;
	else if (n != 2)
		return refuse("%s: sectorsize=%s: it is LOGICAL[/PHYSICAL]",
			      tag, opt);
	if (!sector_size(logical) || !sector_size(physical) ||
	    physical < logical)
		return refuse("%s: sectorsize=%s: powers of two from 512,"
			      " physical not below logical",
			      tag, opt);
	if (bc->is_device && logical % bc->geo.sector)
		return refuse("%s: sectorsize=%s: the block device has %u", tag,
			      opt, bc->geo.sector);
	bc->geo.sector = logical;
	bc->geo.physical = physical;
	return 0;
}

static int check_size(struct blockif *bc, const char *tag)
{
	uint64_t whole = bc->geo.size - bc->geo.size % bc->geo.sector;

	if (whole == 0)
		return refuse("%s: its image is smaller than one sector of %u"
			      " bytes: make it larger (truncate -s SIZE)",
			      tag, bc->geo.sector);
	if (whole != bc->geo.size)
		eprintln("%s: the last %u bytes of the image are no whole "
			 "sector and stay unused",
			 tag, (unsigned int)(bc->geo.size - whole));
	bc->geo.size = whole;
	return 0;
}

struct blockif *blockif_new(const char *tag)
{
	struct blockif *bc = calloc(1, sizeof(*bc));

	if (!bc) {
		refuse("%s: out of memory", tag);
		return NULL;
	}
	bc->fd = bc->cached_fd = -1;
	pthread_mutex_init(&bc->mtx, NULL);
	pthread_cond_init(&bc->wake, NULL);
	pthread_cond_init(&bc->ended, NULL);
	bc->tail = &bc->head;
	return bc;
}

int blockif_open(struct blockif *bc, struct config_node *node, const char *tag)
{
	bool nodelete = false;

	if (open_file(bc, node, tag) || file_size(bc, tag) ||
	    sector_option(bc, node, tag) || check_size(bc, tag) ||
	    get_config_bool_node(node, "nodelete", &nodelete))
		return -EINVAL;
	bc->geo.can_discard = !bc->geo.readonly && !nodelete;
	/* While the VM runs its sandbox lets nobody make an io_uring. */
	if (!bc->given)
		bc->uring = block_uring_open(bc, tag);
	return block_start_workers(bc, tag);
}

void blockif_close(struct blockif *bc)
{
	block_end_workers(bc);
	file_unlock(bc->fd);
	if (bc->fd >= 0)
		close(bc->fd);
	pthread_cond_destroy(&bc->ended);
	pthread_cond_destroy(&bc->wake);
	pthread_mutex_destroy(&bc->mtx);
	free(bc);
}
