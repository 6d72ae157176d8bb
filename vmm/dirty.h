/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dirty log: which pages of a slot have been written. A page that has not
 * been since the last look is read-only at stage 2, and the first write to it
 * faults, which mem.c notes.
 *
 * No write is lost: docs/ordering.md.
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
 * VM_GET_DIRTY. vm->lock is held; may sleep. 0, -EINVAL, -ENOENT; -EFAULT: then
 * no page is forgotten.
 */
int dirty_get(struct vm *vm, const struct vm_get_dirty_args *args);

#endif /* VMM_DIRTY_H */
