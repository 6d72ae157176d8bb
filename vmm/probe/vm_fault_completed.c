// SPDX-License-Identifier: BSD-2-Clause
/* Since 6.0 handle_mm_fault() may drop mmap_lock when it has succeeded. */
#include <linux/mm.h>

vm_fault_t probe(void);
vm_fault_t probe(void)
{
	return VM_FAULT_COMPLETED;
}
