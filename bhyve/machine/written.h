/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages of RAM bhyve itself has written, such as a buffer that a disk has
 * filled: vmm.ko's dirty log has only what the guest writes.
 *
 * Whoever writes to guest memory says so *after* it has written. All devices are
 * drained when the log begins and when the last pages are taken, so no write is
 * between these two then.
 */
#ifndef BHYVE_WRITTEN_H
#define BHYVE_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern bool written_is_logged;

void written_note(const void *mem, size_t len);

/* Whether bhyve has to write everything itself: no ring is handed over then. */
static inline bool guest_writes_are_logged(void)
{
	return __atomic_load_n(&written_is_logged, __ATOMIC_RELAXED);
}

/* [@mem, @mem + @len) has been written; what is no RAM is passed over. Any thread. */
static inline void guest_written(const void *mem, size_t len)
{
	if (guest_writes_are_logged())
		written_note(mem, len);
}

/*
 * Begins to log, of RAM's @size bytes at @ram. Event thread; no vCPU runs, and all
 * devices are drained. 0 or -ENOMEM.
 */
int written_begin(const void *ram, size_t size);
void written_end(void);

/*
 * Adds what was written since the last call to @bitmap, as vm_get_dirty() has it:
 * bit n % 64 of word n / 64 is page n.
 */
void written_take(uint64_t *bitmap);

/*
 * A device whose back end, outside of bhyve, writes to guest memory and cannot be done
 * without; @tag is kept. written_by_others() names one; NULL: there is none. At
 * start-up.
 */
void written_by_back_end(const char *tag);
const char *written_by_others(void);

#endif /* BHYVE_WRITTEN_H */
