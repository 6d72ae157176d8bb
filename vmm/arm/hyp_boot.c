// SPDX-License-Identifier: BSD-2-Clause
/*
 * The boot page, by which a CPU enters HYP and leaves it: the code of boot.S,
 * its parameters, and tables that map the page at its kernel and at its
 * physical address.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cacheflush.h>

#include "core/arm/lpae.h"
#include "vmm/arm/hyp_boot.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/arm/pgtable.h"

/* HMAIR0 (DDI 0406C, MAIR0): attribute 0 is Normal write-back, 1 is Device. */
#define HMAIR0_VALUE 0x000004ff
/*
 * HTCR (DDI 0406C, HTCR): T0SZ 0; walks Inner Shareable, write-back; RES1 bits.
 */
#define HTCR_VALUE (0x80800000 | 3 << 12 | 1 << 10 | 1 << 8)
/* HSCTLR (DDI 0406C, HSCTLR): MMU, caches and WXN on; RES1 bits. */
#define HSCTLR_VALUE (0x30c50878 | 1 << 19 | 1 << 12 | 1 << 2 | 1 << 0)

static void *hyp_boot_page;
static struct lpae hyp_boot_tables;

static void *hyp_boot_alloc(void *arg)
{
	return (void *)get_zeroed_page(GFP_KERNEL);
}

/* The CPU walks the boot tables with its caches off. */
static void hyp_boot_sync(void *desc, size_t len)
{
	__cpuc_flush_dcache_area(desc, len);
}

static void hyp_boot_flush(void *arg)
{
}

static const struct lpae_ops hyp_boot_ops = {
	.alloc = hyp_boot_alloc,
	.free = pgtable_free,
	.to_pa = pgtable_to_pa,
	.to_va = pgtable_to_va,
	.sync = hyp_boot_sync,
	.flush = hyp_boot_flush,
};

static int hyp_boot_map(void)
{
	u64 prot = LPAE_AF | LPAE_SH_INNER | LPAE_AP_RO | LPAE_ATTR(0);
	phys_addr_t pa = __pa(hyp_boot_page);
	int ret = lpae_init(&hyp_boot_tables, &hyp_boot_ops, NULL);

	if (!ret)
		ret = lpae_map(&hyp_boot_tables, (u32)pa, pa, 3, prot);
	if (!ret)
		ret = lpae_map(&hyp_boot_tables, (u32)hyp_boot_page, pa, 3,
			       prot);
	if (!ret)
		ret = hyp_map_code(hyp_boot_page, PAGE_SIZE);
	return ret;
}

int hyp_boot_make(void)
{
	struct hyp_boot_params *params;
	int ret;

	hyp_boot_page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!hyp_boot_page)
		return -ENOMEM;
	if ((u64)__pa(hyp_boot_page) >> 32) {
		pr_err("vmm: this kernel has no memory below 4 GiB to enter HYP from: no setting helps\n");
		return -ENODEV;
	}
	ret = hyp_boot_map();
	if (ret)
		return ret;
	memcpy(hyp_boot_page, hyp_boot_start, hyp_boot_end - hyp_boot_start);
	params = hyp_boot_page + HYP_BOOT_PARAMS;
	params->boot_httbr = __pa(hyp_boot_tables.root);
	params->httbr = hyp_httbr();
	params->htcr = HTCR_VALUE;
	params->hmair0 = HMAIR0_VALUE;
	params->hsctlr = HSCTLR_VALUE;
	params->va = (u32)hyp_boot_page;
	params->pa = __pa(hyp_boot_page);
	params->init = (u32)hyp_init;
	/* The CPU fetches and reads the boot page with its caches off. */
	__cpuc_flush_dcache_area(hyp_boot_page, PAGE_SIZE);
	flush_icache_range((u32)hyp_boot_page, (u32)hyp_boot_page + PAGE_SIZE);
	return 0;
}

void hyp_boot_free(void)
{
	if (hyp_boot_tables.root)
		lpae_destroy(&hyp_boot_tables);
	if (hyp_boot_page)
		free_page((unsigned long)hyp_boot_page);
	hyp_boot_page = NULL;
}

phys_addr_t hyp_boot_pa(void)
{
	return __pa(hyp_boot_page);
}

u32 hyp_boot_leave(void)
{
	return (u32)hyp_boot_page + sizeof(u32);
}
