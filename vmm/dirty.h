/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dirty log: which pages of a slot were written since user space last looked.
 * A page that was not written since then is read-only at stage 2. The first write
 * to it faults, and mem.c notes it. docs/ordering.md says why no write is lost.
 */
#ifndef VMM_DIRTY_H
#define VMM_DIRTY_H

#include <vmm/vmm_dev.h>

struct vm;

/*
 * VM_LOG_DIRTY. vm->lock is held; may sleep. 0, -EINVAL (no such slot),
 * -EEXIST, -ENOENT, -ENOMEM.
 */
int dirty_log(struct vm *vm, const struct vm_log_dirty_args *args);

/*
 * VM_GET_DIRTY. vm->lock is held; may sleep. 0, -EINVAL, -ENOENT; -EFAULT: pages
 * whose bits user space did not get are noted still.
 */
int dirty_get(struct vm *vm, const struct vm_get_dirty_args *args);

#endif /* VMM_DIRTY_H */
