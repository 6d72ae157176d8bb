// SPDX-License-Identifier: BSD-2-Clause
/*
 * HYP's own translation tables. They map only the memory that HYP uses, at the
 * kernel's addresses, so that a pointer means the same in both.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>

#include "core/arm/lpae.h"
#include "vmm/arm/hyp_call.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/arm/pgtable.h"
#include "vmm/compat.h"

/* Indices into HMAIR0_VALUE of hyp_boot.c. */
#define ATTR_NORMAL LPAE_ATTR(0)
#define ATTR_DEVICE LPAE_ATTR(1)

#define COMMON	    (LPAE_AF | LPAE_SH_INNER)
#define PROT_CODE   (COMMON | ATTR_NORMAL | LPAE_AP_RO)
#define PROT_DATA   (COMMON | ATTR_NORMAL | LPAE_AP_RW | LPAE_XN)
#define PROT_DEVICE (COMMON | ATTR_DEVICE | LPAE_AP_RW | LPAE_XN)

static DEFINE_MUTEX(hyp_map_lock);
static struct lpae hyp_map_tables;

static void *hyp_map_alloc_table(void *arg)
{
	return (void *)get_zeroed_page(GFP_KERNEL);
}

static void hyp_map_flush(void *arg)
{
	hyp_flush(HYP_CALL_FLUSH_HYP, 0, 0);
}

static const struct lpae_ops hyp_map_ops = {
	.alloc = hyp_map_alloc_table,
	.free = pgtable_free,
	.to_pa = pgtable_to_pa,
	.to_va = pgtable_to_va,
	.sync = pgtable_sync,
	.flush = hyp_map_flush,
};

int hyp_map_init(void)
{
	pgtable_setup();
	return lpae_init(&hyp_map_tables, &hyp_map_ops, NULL);
}

void hyp_map_exit(void)
{
	if (hyp_map_tables.root)
		lpae_destroy(&hyp_map_tables);
}

u64 hyp_httbr(void)
{
	return __pa(hyp_map_tables.root);
}

static phys_addr_t hyp_map_pa(void *va)
{
	if (virt_addr_valid(va))
		return __pa(va);
	return page_to_phys(vmalloc_to_page(va));
}

static int hyp_map_pages(void *va, size_t len, u64 prot)
{
	size_t off;
	int ret = 0;

	mutex_lock(&hyp_map_lock);
	for (off = 0; off < len && !ret; off += PAGE_SIZE)
		ret = lpae_map(&hyp_map_tables, (u32)va + off,
			       hyp_map_pa(va + off), 3, prot);
	mutex_unlock(&hyp_map_lock);
	return ret;
}

int hyp_map_code(void *va, size_t len)
{
	return hyp_map_pages(va, len, PROT_CODE);
}

int hyp_map_data(void *va, size_t len)
{
	return hyp_map_pages(va, len, PROT_DATA);
}

int hyp_map_device(void __iomem *va, phys_addr_t pa, size_t len)
{
	u32 at = (u32)va & PAGE_MASK;
	size_t off;
	int ret = 0;

	pa &= PAGE_MASK;
	mutex_lock(&hyp_map_lock);
	for (off = 0; off < len && !ret; off += PAGE_SIZE)
		ret = lpae_map(&hyp_map_tables, at + off, pa + off, 3,
			       PROT_DEVICE);
	mutex_unlock(&hyp_map_lock);
	return ret;
}

u64 *hyp_map_windows(void)
{
	u64 *entries;

	/* All windows are in one level 3 table. */
	BUILD_BUG_ON(NR_CPUS * HYP_WINDOW_SIZE > LPAE_BLOCK_SIZE);
	mutex_lock(&hyp_map_lock);
	entries = lpae_entries(&hyp_map_tables, HYP_WINDOWS);
	mutex_unlock(&hyp_map_lock);
	return entries && !hyp_map_data(entries, PAGE_SIZE) ? entries : NULL;
}

void hyp_unmap(void *va, size_t len)
{
	mutex_lock(&hyp_map_lock);
	if (lpae_unmap(&hyp_map_tables, (u32)va, len))
		hyp_map_flush(NULL);
	mutex_unlock(&hyp_map_lock);
}

void *hyp_alloc(size_t len)
{
	void *p = alloc_pages_exact(len, GFP_SHOWN | __GFP_ZERO);

	if (p && hyp_map_data(p, PAGE_ALIGN(len))) {
		hyp_unmap(p, PAGE_ALIGN(len));
		free_pages_exact(p, len);
		p = NULL;
	}
	return p;
}

void hyp_free(void *p, size_t len)
{
	if (!p)
		return;
	hyp_unmap(p, PAGE_ALIGN(len));
	free_pages_exact(p, len);
}
