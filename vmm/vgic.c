// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel's half of the vGIC: its lock, kicks, and vCPUs that must be
 * synced.
 */
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "core/vgic_state.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/kick.h"
#include "vmm/trace.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"
#include "vmm/vm.h"

static unsigned long vgic_lock(struct vgic *vgic)
{
	unsigned long flags;

	local_irq_save(flags);
	hyp_lock(&vgic->lock);
	return flags;
}

static void vgic_unlock(struct vgic *vgic, unsigned long flags)
{
	hyp_unlock(&vgic->lock);
	local_irq_restore(flags);
}

static void vgic_kick_all(struct vm *vm, u32 mask)
{
	for (; mask; mask &= mask - 1) {
		struct vcpu *vcpu = vm_vcpu(vm, __ffs(mask));

		if (vcpu)
			vcpu_kick(vcpu);
	}
}

static void vgic_unlock_and_kick(struct vm *vm, unsigned long flags, u32 mask)
{
	vgic_unlock(vm->vgic, flags);
	vgic_kick_all(vm, mask);
}

static bool vgic_ranges_overlap(u64 a, u64 alen, u64 b, u64 blen)
{
	return a < b + blen && b < a + alen;
}

static bool vgic_args_valid(const struct vm_vgic_args *args)
{
	return args->ncpus >= 1 && args->ncpus <= VM_MAXCPU &&
	       args->nirqs >= VGIC_MIN_IRQS && args->nirqs <= VGIC_MAX_IRQS &&
	       args->nirqs % 32 == 0 && PAGE_ALIGNED(args->dist_gpa) &&
	       PAGE_ALIGNED(args->cpu_gpa) &&
	       args->dist_gpa <= SZ_4G - VGIC_DIST_SIZE &&
	       args->cpu_gpa <= SZ_4G - SZ_8K &&
	       !vgic_ranges_overlap(args->dist_gpa, VGIC_DIST_SIZE,
				    args->cpu_gpa, SZ_8K);
}

static bool vgic_vm_has_vcpu(const struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i])
			return true;
	return false;
}

int vgic_attach(struct vm *vm, const struct vm_vgic_args *args)
{
	struct vgic *vgic;
	int ret;

	if (vm->vgic)
		return -EEXIST;
	if (vgic_vm_has_vcpu(vm))
		return -EBUSY;
	if (!vgic_args_valid(args))
		return -EINVAL;
	vgic = hyp_alloc(sizeof(*vgic));
	if (!vgic)
		return -ENOMEM;
	ret = mem_map_vgic(vm, args->cpu_gpa);
	if (ret) {
		hyp_free(vgic, sizeof(*vgic));
		return ret;
	}
	vgic_init(vgic, args->ncpus, args->nirqs, hyp_config.nr_lrs);
	vm->dist_gpa = args->dist_gpa;
	vm->cpu_gpa = args->cpu_gpa;
	mem_reserve(vm, args->dist_gpa, VGIC_DIST_SIZE);
	mem_reserve(vm, args->cpu_gpa, SZ_8K);
	/*
	 * Pairs with vgic_check_spi(), which takes no lock:
	 * tests/litmus/message.litmus.
	 */
	smp_store_release(&vm->vgic, vgic);
	vm_arch_attach_vgic(vm);
	return 0;
}

void vgic_detach(struct vm *vm)
{
	if (!vm->vgic)
		return;
	vm_arch_detach_vgic(vm);
	hyp_free(vm->vgic, sizeof(*vm->vgic));
}

int vgic_check_spi(struct vm *vm, u32 intid)
{
	struct vgic *vgic = smp_load_acquire(&vm->vgic);

	if (!vgic)
		return -ENXIO;
	return intid < VGIC_NR_PRIVATE || intid >= vgic->nirqs ? -EINVAL : 0;
}

static bool vgic_test_spi(const u32 *holders, u32 intid)
{
	return holders[intid / 32] & BIT(intid % 32);
}

/*
 * Holds the SPI's line up or lets go of it. vgic->lock is held. Returns a kick
 * mask.
 */
static u32 vgic_hold(struct vm *vm, u32 *holders, u32 intid, bool level)
{
	if (level)
		holders[intid / 32] |= BIT(intid % 32);
	else
		holders[intid / 32] &= ~BIT(intid % 32);
	return vgic_assert_spi(vm->vgic, intid,
			       vgic_test_spi(vm->holders.user, intid) ||
				       vgic_test_spi(vm->holders.irqfd, intid));
}

int vgic_set_line(struct vm *vm, u32 intid, bool level)
{
	int ret = vgic_check_spi(vm, intid);
	unsigned long flags;
	u32 mask;

	if (ret)
		return ret;
	trace_vmm_inject(vm, -1, intid, level);
	flags = vgic_lock(vm->vgic);
	mask = vgic_hold(vm, vm->holders.user, intid, level);
	vgic_unlock_and_kick(vm, flags, mask);
	return 0;
}

int vgic_raise_msi(struct vm *vm, u32 intid)
{
	int ret = vgic_check_spi(vm, intid);
	unsigned long flags;
	u32 mask;

	if (ret)
		return ret;
	trace_vmm_inject(vm, -1, intid, true);
	flags = vgic_lock(vm->vgic);
	mask = vgic_msi(vm->vgic, intid);
	vgic_unlock_and_kick(vm, flags, mask);
	return 0;
}

void vgic_pulse_line(struct vm *vm, u32 intid)
{
	unsigned long flags;
	u32 mask;

	trace_vmm_inject(vm, -1, intid, true);
	flags = vgic_lock(vm->vgic);
	mask = vgic_assert_spi(vm->vgic, intid, true);
	mask |= vgic_hold(vm, vm->holders.irqfd, intid,
			  vgic_test_spi(vm->holders.irqfd, intid));
	vgic_unlock_and_kick(vm, flags, mask);
}

void vgic_raise_until_end(struct vm *vm, u32 intid)
{
	unsigned long flags;
	u32 mask;

	trace_vmm_inject(vm, -1, intid, true);
	flags = vgic_lock(vm->vgic);
	mask = vgic_hold(vm, vm->holders.irqfd, intid, true);
	vgic_unlock_and_kick(vm, flags, mask);
}

void vgic_set_resampled(struct vm *vm, u32 intid, bool on)
{
	unsigned long flags = vgic_lock(vm->vgic);
	u32 mask = vgic_set_resample(vm->vgic, intid, on);

	if (!on)
		mask |= vgic_hold(vm, vm->holders.irqfd, intid, false);
	vgic_unlock_and_kick(vm, flags, mask);
}

/*
 * vgic->lock is held. The lines drop before any vCPU can take the interrupt
 * again.
 */
static void vgic_collect_ended(struct vm *vm)
{
	unsigned int intid;

	if (!vgic_has_ended(vm->vgic))
		return;
	while ((intid = vgic_take_ended(vm->vgic))) {
		vgic_hold(vm, vm->holders.irqfd, intid, false);
		vm->holders.resample[intid / 32] |= BIT(intid % 32);
		WRITE_ONCE(vm->holders.any_resample, true);
	}
}

bool vgic_take_resampled(struct vm *vm, u32 intids[VGIC_NR_WORDS])
{
	struct vgic_holders *h = &vm->holders;
	unsigned long flags;
	bool any;

	if (!READ_ONCE(h->any_resample))
		return false;
	flags = vgic_lock(vm->vgic);
	any = h->any_resample;
	memcpy(intids, h->resample, sizeof(h->resample));
	memset(h->resample, 0, sizeof(h->resample));
	WRITE_ONCE(h->any_resample, false);
	vgic_unlock(vm->vgic, flags);
	return any;
}

void vgic_set_ppi(struct vcpu *vcpu, unsigned int intid, bool level)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned long flags;
	u32 mask;

	trace_vmm_inject(vcpu->vm, vcpu->id, intid, level);
	flags = vgic_lock(vgic);
	mask = vgic_assert_ppi(vgic, vcpu->id, intid, level);
	vgic_unlock_and_kick(vcpu->vm, flags, mask);
}

bool vgic_enter(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	u32 mask;
	bool ok;

	hyp_lock(&vgic->lock);
	ok = !(vcpu->vm->vgic_stopped & BIT(vcpu->id));
	if (ok && vgic_flush(vgic, vcpu->id))
		ok = !vgic_dir_must_trap(vgic, vcpu->id);
	if (ok)
		vgic_set_kickable(vgic, vcpu->id, true);
	mask = vgic_take_kick(vgic);
	hyp_unlock(&vgic->lock);
	vgic_kick_all(vcpu->vm, mask);
	return ok;
}

/*
 * GICC_DIR traps for the rest of the VM's life: the guest is one of the few that have
 * so many active interrupts, and may do so again.
 */
void vgic_trap_dir(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned long flags = vgic_lock(vgic);
	bool must = vgic_dir_must_trap(vgic, vcpu->id);

	vgic_unlock(vgic, flags);
	if (!must)
		return;
	mem_unmap_vgic_dir(vcpu->vm, vcpu->vm->cpu_gpa);
	flags = vgic_lock(vgic);
	vgic->dir_traps = true;
	vgic_unlock(vgic, flags);
}

void vgic_leave(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	u32 ppis, active, mask;

	hyp_lock(&vgic->lock);
	vgic_set_kickable(vgic, vcpu->id, false);
	vgic_sync(vgic, vcpu->id);
	vgic_collect_ended(vcpu->vm);
	for (ppis = vcpu_arch_take_acked(&vcpu->arch); ppis; ppis &= ppis - 1) {
		trace_vmm_inject(vcpu->vm, vcpu->id, __ffs(ppis), true);
		vgic_inject_hw_ppi(vgic, vcpu->id, __ffs(ppis));
	}
	/*
	 * These PPIs are active at this CPU's GIC now: those that the guest
	 * still has, and those that it no longer has. The next entry on this CPU
	 * changes the GIC to what its vCPU needs.
	 */
	active = vgic->cpu[vcpu->id].hw | vgic_take_deactivate(vgic, vcpu->id);
	vcpu_arch_set_active(&vcpu->arch, vgic_physical(vgic, active));
	mask = vgic_take_kick(vgic);
	hyp_unlock(&vgic->lock);
	vgic_kick_all(vcpu->vm, mask);
}

void vgic_kick(struct vcpu *vcpu, u32 mask)
{
	vgic_kick_all(vcpu->vm, mask);
}

bool vgic_wakes(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned long flags;
	bool ret;

	flags = vgic_lock(vgic);
	ret = vgic_pending(vgic, vcpu->id);
	vgic_set_kickable(vgic, vcpu->id, !ret);
	vgic_unlock(vgic, flags);
	return ret;
}

void vgic_block(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned long flags;
	u32 mask;

	flags = vgic_lock(vgic);
	mask = vgic_release(vgic, vcpu->id);
	vgic_unlock_and_kick(vcpu->vm, flags, mask);
}

void vgic_reset_vcpu(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned long flags;
	u32 mask;

	flags = vgic_lock(vgic);
	mask = vgic_reset_cpu(vgic, vcpu->id);
	vgic_unlock_and_kick(vcpu->vm, flags, mask);
}

void vgic_reset_vm(struct vm *vm)
{
	unsigned long flags;

	if (!vm->vgic)
		return;
	flags = vgic_lock(vm->vgic);
	vgic_reset(vm->vgic);
	vgic_unlock(vm->vgic, flags);
}

/* A copy of the vGIC and of who holds its lines, to work on without the lock. */
struct vgic_copy {
	struct vgic vgic;
	struct vgic_holders holders;
};

static struct vgic_copy *vgic_copy(struct vm *vm)
{
	struct vgic_copy *copy;
	unsigned long flags;

	if (!vm->vgic)
		return ERR_PTR(-ENXIO);
	copy = kmalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	flags = vgic_lock(vm->vgic);
	copy->vgic = *vm->vgic;
	copy->holders = vm->holders;
	vgic_unlock(vm->vgic, flags);
	return copy;
}

int vgic_get_state(struct vm *vm, struct vm_vgic_state *state)
{
	struct vgic_copy *copy = vgic_copy(vm);
	unsigned int n;

	if (IS_ERR(copy))
		return PTR_ERR(copy);
	vgic_save(&copy->vgic, state);
	for (n = 1; n < copy->vgic.nirqs / 32; n++) {
		state->spi[n - 1].line = copy->holders.user[n];
		state->spi[n - 1].irqfd = copy->holders.irqfd[n];
	}
	kfree(copy);
	return 0;
}

/*
 * vgic->lock is held. Keeps what is not the guest's state: the lock, and which
 * SPIs resample.
 */
static void vgic_replace(struct vm *vm, struct vgic *new,
			 const struct vm_vgic_state *state)
{
	const size_t kept = offsetof(struct vgic, ctlr);
	unsigned int n;

	BUILD_BUG_ON(offsetof(struct vgic, lock) > kept);
	for (n = 1; n < VGIC_NR_WORDS; n++) {
		new->spi[n - 1].resample = vm->vgic->spi[n - 1].resample;
		vm->holders.user[n] = state->spi[n - 1].line;
		vm->holders.irqfd[n] = state->spi[n - 1].irqfd;
	}
	memcpy((u8 *)vm->vgic + kept, (u8 *)new + kept, sizeof(*new) - kept);
}

int vgic_set_state(struct vm *vm, const struct vm_vgic_state *state)
{
	struct vgic_copy *copy = vgic_copy(vm);
	unsigned long flags;
	int ret = -EINVAL;
	unsigned int i;

	if (IS_ERR(copy))
		return PTR_ERR(copy);
	vgic_reset(&copy->vgic);
	if (vgic_load(&copy->vgic, state)) {
		flags = vgic_lock(vm->vgic);
		vgic_replace(vm, &copy->vgic, state);
		vgic_unlock(vm->vgic, flags);
		for (i = 0; i < VM_MAXCPU; i++)
			if (vm_vcpu(vm, i))
				vcpu_arch_forget_gich(&vm_vcpu(vm, i)->arch);
		ret = 0;
	}
	kfree(copy);
	return ret;
}

/*
 * Pairs with the release in vcpu_arch_enter(): if a vCPU is out of the guest,
 * the list registers that it has read back are visible
 * (tests/litmus/in-guest.litmus; a plain load is not enough,
 * tests/litmus/in-guest-no-acquire.litmus).
 */
static bool vgic_any_in_guest(struct vm *vm, u32 mask)
{
	for (; mask; mask &= mask - 1) {
		const struct vcpu *vcpu = vm_vcpu(vm, __ffs(mask));

		if (vcpu && smp_load_acquire(&vcpu->in_guest))
			return true;
	}
	return false;
}

/* vgic->lock is held. */
static void vgic_update_stopped(struct vm *vm)
{
	unsigned int i;

	vm->vgic_stopped = 0;
	for (i = 0; i < VM_MAXCPU; i++)
		if (vm_vcpu(vm, i))
			vm->vgic_stopped |= vm_vcpu(vm, i)->vgic_stops;
}

/* vgic->lock is held. */
static u32 vgic_needs(const struct vcpu *vcpu, u32 off, bool write, u32 val)
{
	struct vgic *vgic = vcpu->vm->vgic;

	return off < VGIC_DIR ? vgic_dist_needs(vgic, vcpu->id, off, write) :
				vgic_dir_needs(vgic, vcpu->id, val);
}

/*
 * Takes the lock with the needed vCPUs out of the guest, and keeps them out
 * until this vCPU unlocks. It waits for each of them once, however often other
 * vCPUs do the same. Two vCPUs cannot wait for each other here, since a vCPU
 * that waits is out of the guest.
 */
static unsigned long vgic_lock_synced(struct vcpu *vcpu, u32 off, bool write,
				      u32 val)
{
	struct vm *vm = vcpu->vm;
	struct vgic *vgic = vm->vgic;
	unsigned long flags;
	u32 needs;

	for (;;) {
		flags = vgic_lock(vgic);
		needs = vgic_needs(vcpu, off, write, val) & ~BIT(vcpu->id);
		vcpu->vgic_stops |= needs;
		vm->vgic_stopped |= needs;
		/*
		 * Pairs with vcpu_arch_enter(), which sets in_guest before it
		 * takes the lock: tests/litmus/stopped.litmus.
		 */
		smp_mb();
		if (!vgic_any_in_guest(vm, needs))
			return flags;
		vgic_unlock(vgic, flags);
		vgic_kick_all(vm, needs);
		while (vgic_any_in_guest(vm, needs))
			cond_resched();
	}
}

static void vgic_unlock_synced(struct vcpu *vcpu, unsigned long flags)
{
	struct vm *vm = vcpu->vm;

	if (vcpu->vgic_stops) {
		vcpu->vgic_stops = 0;
		vgic_update_stopped(vm);
	}
	vgic_collect_ended(vm);
	vgic_unlock(vm->vgic, flags);
}

u32 vgic_read(struct vcpu *vcpu, u32 off, unsigned int size)
{
	unsigned long flags = vgic_lock_synced(vcpu, off, false, 0);
	u32 val = vgic_dist_read(vcpu->vm->vgic, vcpu->id, off, size);

	vgic_unlock_synced(vcpu, flags);
	return val;
}

void vgic_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val)
{
	unsigned long flags = vgic_lock_synced(vcpu, off, true, val);
	struct vgic *vgic = vcpu->vm->vgic;
	u32 mask = off < VGIC_DIR ?
			   vgic_dist_write(vgic, vcpu->id, off, size, val) :
			   vgic_dir(vgic, vcpu->id, val);

	vgic_unlock_synced(vcpu, flags);
	vgic_kick_all(vcpu->vm, mask & ~BIT(vcpu->id));
}
