/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members of struct lpae_ops that all trees share. Tables are in low
 * memory.
 */
#ifndef VMM_ARM_PGTABLE_H
#define VMM_ARM_PGTABLE_H

#include "core/types.h"

void pgtable_setup(void); /* to be called before the others */
void pgtable_free(void *arg, void *table);
uint64_t pgtable_to_pa(void *table);
void *pgtable_to_va(uint64_t pa);
void pgtable_sync(void *desc, size_t len);

#endif /* VMM_ARM_PGTABLE_H */
