// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stage 2 tables and VMIDs.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "vmm/arm/hyp_call.h"
#include "vmm/arm/pgtable.h"
#include "vmm/arm/stage2.h"

#define VMID_SHIFT 48

#define PROT_RAM       (LPAE_AF | LPAE_SH_INNER | LPAE_S2_NORMAL | LPAE_S2_RW)
#define PROT_RAM_RO    (LPAE_AF | LPAE_SH_INNER | LPAE_S2_NORMAL | LPAE_S2_RO)
#define PROT_DEVICE    (LPAE_AF | LPAE_S2_DEVICE | LPAE_S2_RW | LPAE_XN)
#define PROT_DEVICE_RO (LPAE_AF | LPAE_S2_DEVICE | LPAE_S2_RO | LPAE_XN)

static struct vmid *stage2_active[NR_CPUS];
static struct vmid_pool stage2_vmids;
static DEFINE_RAW_SPINLOCK(stage2_vmids_lock);

void stage2_init_vmids(void)
{
	vmid_pool_init(&stage2_vmids, stage2_active, nr_cpu_ids);
}

static u64 stage2_vttbr(const struct stage2 *s2)
{
	return __pa(s2->lpae.root) | (u64)READ_ONCE(s2->vmid.number)
					     << VMID_SHIFT;
}

bool stage2_has_vmid(const struct stage2 *s2)
{
	return READ_ONCE(stage2_active[smp_processor_id()]) == &s2->vmid;
}

u64 stage2_take_vmid(struct stage2 *s2)
{
	raw_spin_lock(&stage2_vmids_lock);
	/*
	 * No CPU has an access under way by a VMID that is taken from a VM, so
	 * that hyp_flush() is not needed (erratum 798181).
	 */
	if (vmid_take(&stage2_vmids, &s2->vmid, smp_processor_id()))
		hyp_call(HYP_CALL_FLUSH_GUESTS, 0, 0);
	raw_spin_unlock(&stage2_vmids_lock);
	/*
	 * Pairs with stage2_flush_vmid(): the guest's walks see the change that
	 * the flush is for, or the flush sees the VMID
	 * (tests/litmus/vmid.litmus).
	 */
	smp_mb();
	return stage2_vttbr(s2);
}

static void stage2_drop_vmid(struct stage2 *s2)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stage2_vmids_lock, flags);
	vmid_drop(&stage2_vmids, &s2->vmid);
	raw_spin_unlock_irqrestore(&stage2_vmids_lock, flags);
}

static struct stage2 *stage2_of(void *arg)
{
	return arg;
}

static void *stage2_alloc_table(void *arg)
{
	struct stage2 *s2 = stage2_of(arg);

	return s2->nspare ? s2->spare[--s2->nspare] : NULL;
}

/*
 * If the VMID has been given to another VM by now, that VM loses TLB entries
 * for nothing; those of this VM were invalidated when its generation ended. A
 * VM that never ran has no VMID.
 */
static void stage2_flush_vmid(void *arg)
{
	const struct stage2 *s2 = stage2_of(arg);
	u64 val;

	smp_mb();
	if (!READ_ONCE(s2->vmid.number))
		return;
	val = stage2_vttbr(s2);
	hyp_flush(HYP_CALL_FLUSH_VMID, (u32)val, (u32)(val >> 32));
}

static const struct lpae_ops stage2_ops = {
	.alloc = stage2_alloc_table,
	.free = pgtable_free,
	.to_pa = pgtable_to_pa,
	.to_va = pgtable_to_va,
	.sync = pgtable_sync,
	.flush = stage2_flush_vmid,
};

void *stage2_new_table(void)
{
	return (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
}

void stage2_give(struct stage2 *s2, void *table)
{
	if (s2->nspare < STAGE2_TABLES_PER_MAP)
		s2->spare[s2->nspare++] = table;
	else
		free_page((unsigned long)table);
}

static void stage2_free_spare(struct stage2 *s2)
{
	while (s2->nspare)
		free_page((unsigned long)s2->spare[--s2->nspare]);
}

int stage2_init(struct stage2 *s2)
{
	s2->spare[0] = stage2_new_table();
	s2->nspare = s2->spare[0] ? 1 : 0;
	return lpae_init(&s2->lpae, &stage2_ops, s2);
}

void stage2_destroy(struct stage2 *s2)
{
	stage2_drop_vmid(s2);
	/* TLB entries are invalidated before the pages of the tables are freed. */
	stage2_flush_vmid(s2);
	lpae_destroy(&s2->lpae);
	stage2_free_spare(s2);
}

/*
 * An instruction cache may hold a page's former contents, by physical address.
 * Data accesses do not look there, so this can wait for the first fetch.
 */
void stage2_forget_instructions(void)
{
	asm volatile("mcr p15, 0, %0, c7, c1, 0" : : "r"(0)); /* ICIALLUIS */
	dsb(ish);
}

void stage2_clean(u64 pa, u32 size)
{
	hyp_clean_pages(pa, size);
}

bool stage2_maps(struct stage2 *s2, u32 ipa, u64 pa, u32 size)
{
	unsigned int level;
	u64 leaf = lpae_lookup(&s2->lpae, ipa, &level);
	u32 leaf_size = level == 3 ? LPAE_PAGE_SIZE : LPAE_BLOCK_SIZE;

	return leaf && size <= leaf_size &&
	       (leaf & LPAE_ADDR) + (ipa & (leaf_size - size)) == pa;
}

/* LPAE_S2_RW has one bit more than LPAE_S2_RO. */
#define HAP_WRITE (LPAE_S2_RW & ~LPAE_S2_RO)

void stage2_allow_write(struct stage2 *s2, u32 ipa)
{
	lpae_allow(&s2->lpae, ipa, 0, HAP_WRITE);
}

bool stage2_forbid_write(struct stage2 *s2, u32 ipa, u64 len)
{
	return lpae_forbid(&s2->lpae, ipa, len, HAP_WRITE);
}

int stage2_split(struct stage2 *s2, u32 ipa)
{
	return lpae_split(&s2->lpae, ipa);
}

bool stage2_is_exec(struct stage2 *s2, u32 ipa)
{
	unsigned int level;
	u64 leaf = lpae_lookup(&s2->lpae, ipa, &level);

	return leaf && !(leaf & LPAE_XN);
}

void stage2_allow_exec(struct stage2 *s2, u32 ipa)
{
	stage2_forget_instructions();
	lpae_allow(&s2->lpae, ipa, LPAE_XN, 0);
}

int stage2_map(struct stage2 *s2, u32 ipa, u64 pa, u32 size,
	       enum stage2_kind kind, bool exec)
{
	static const u64 prot[] = { [STAGE2_RAM] = PROT_RAM,
				    [STAGE2_RAM_RO] = PROT_RAM_RO,
				    [STAGE2_DEVICE] = PROT_DEVICE,
				    [STAGE2_DEVICE_RO] = PROT_DEVICE_RO };

	if (exec)
		stage2_forget_instructions();
	return lpae_map(&s2->lpae, ipa, pa, size == LPAE_BLOCK_SIZE ? 2 : 3,
			prot[kind] | (exec ? 0 : LPAE_XN));
}

u32 stage2_flush_caches(struct stage2 *s2, u32 ipa)
{
	unsigned int level;
	u64 leaf = lpae_lookup(&s2->lpae, ipa, &level);
	u32 size = level == 3 ? LPAE_PAGE_SIZE : LPAE_BLOCK_SIZE;

	if (leaf)
		hyp_clean_pages(leaf & LPAE_ADDR, size);
	return size - (ipa & (size - 1));
}

void stage2_clean_page(struct stage2 *s2, u32 ipa)
{
	unsigned int level;
	u64 leaf = lpae_lookup(&s2->lpae, ipa, &level);
	u32 size = level == 3 ? LPAE_PAGE_SIZE : LPAE_BLOCK_SIZE;

	if (leaf)
		hyp_clean_pages((leaf & LPAE_ADDR) +
					(ipa & (size - 1) & PAGE_MASK),
				PAGE_SIZE);
}

bool stage2_clear(struct stage2 *s2, u32 ipa, u64 len)
{
	return lpae_unmap(&s2->lpae, ipa, len);
}

void stage2_flush(struct stage2 *s2)
{
	stage2_flush_vmid(s2);
}
