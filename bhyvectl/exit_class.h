/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which class a trap is of, by the architecture's syndrome.
 */
#ifndef BHYVECTL_EXIT_CLASS_H
#define BHYVECTL_EXIT_CLASS_H

#include <stdint.h>
#include <vmm/vmm_stat.h>

struct exit_class {
	const char *name; /* for a person; always the same pointer for a class */
	int stat; /* the enum vm_stat that counts exactly these, or -1 */
};

const struct exit_class *exit_class(uint32_t syndrome);

#endif /* BHYVECTL_EXIT_CLASS_H */
