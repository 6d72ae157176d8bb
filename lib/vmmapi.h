/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libvmmapi: what user space does with a VM of vmm.ko.
 *
 * Functions that return int give 0 (or a count) for success and a negative
 * errno for failure. Any thread may call any of them, with one exception:
 * vm_run() and vmm_emulate_instruction() belong to the vCPU's own thread, and
 * that thread alone reads or writes the vCPU's run page.
 */
#ifndef LIB_VMMAPI_H
#define LIB_VMMAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vmm/vmm.h>
#include <vmm/vmm_dev.h>

struct vmctx;
struct vcpu;

/*
 * Makes the VM called @name (1 to VM_MAX_NAMELEN characters, no '/') and
 * stores its handle. -EINVAL: a bad name; -EPROTO: vmm.ko speaks another ABI;
 * -ENOENT, -ENODEV: vmm.ko is not loaded; -EACCES: no right to /dev/vmm;
 * -EEXIST: there is a VM of that name.
 */
int vm_create(const char *name, struct vmctx **ctxp);

/* Gives up @ctx, its vCPUs and its memory; no vCPU may be running. */
void vm_destroy(struct vmctx *ctx);

const char *vm_get_name(const struct vmctx *ctx);

/*
 * Makes vCPU @id (0 to VM_MAXCPU - 1) and maps its run page. Only vCPU 0 runs
 * from the start; vm_run() of the others waits for the guest's CPU_ON.
 */
int vm_vcpu_open(struct vmctx *ctx, unsigned int id, struct vcpu **vcpup);

/* NULL for a vCPU that was not opened. */
struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id);

unsigned int vcpu_id(const struct vcpu *vcpu);
struct vmctx *vcpu_ctx(const struct vcpu *vcpu);

/* The page shared with vmm.ko: read @exit, write @mmio_data and @flags. */
struct vm_run *vcpu_run_page(const struct vcpu *vcpu);

/*
 * Gives the guest @len bytes of zeroed memory at guest-physical @gpa, both
 * multiples of 4 KiB, in no other region. The memory is this process's own:
 * it is allocated on first touch, and can be swapped, merged and ballooned.
 */
int vm_setup_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * As vm_setup_memory(), of memory the caller has mapped at @hva and keeps
 * mapped until vm_destroy(); @flags are VM_MEM_F_*.
 */
int vm_map_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len, void *hva,
		  uint32_t flags);

/*
 * A ROM that can come, change and go while the guest runs: vm_add_rom() takes
 * a slot for it at start-up and returns its number (-ENOSPC: all are taken);
 * vm_show_rom() shows the guest @len bytes of the caller's memory at @hva
 * there, or with @len 0 nothing. All three are multiples of 4 KiB, and the
 * memory must not change while it is shown. The guest's writes are exits as
 * those to a device are. Devices do not find a ROM by vm_map_gpa().
 */
int vm_add_rom(struct vmctx *ctx);
int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva);

/*
 * Guest memory [@gpa, @gpa + @len) as a pointer, or NULL unless all of it
 * lies in one region. The one way to guest memory: guests give any address
 * and any length, and every sum is checked here. @len 0 gives NULL. The guest
 * may change what the pointer shows at any moment: read each word once.
 */
void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * After instructions have been written to guest memory at [@gpa, @gpa + @len),
 * up to 1 MiB: the guest executes them from now on, whatever its caches held.
 */
int vm_sync_code(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * The interrupt controller: GICD at @dist_gpa, GICC at @cpu_gpa, @nirqs
 * INTIDs, for @ncpus vCPUs. Once, before the first vCPU.
 */
int vm_attach_vgic(struct vmctx *ctx, uint64_t dist_gpa, uint64_t cpu_gpa,
		   uint32_t nirqs, uint32_t ncpus);

/*
 * Sets the line of INTID @intid (32 and up: SPI n is 32 + n) high or low. A
 * line stays as it was set; the guest's trigger setting says what it means.
 */
int vm_assert_irq(struct vmctx *ctx, uint32_t intid);
int vm_deassert_irq(struct vmctx *ctx, uint32_t intid);

/* A device's write of @data to @addr, the doorbell of a GICv2m frame. */
int vm_raise_msi(struct vmctx *ctx, uint64_t addr, uint64_t data);

/* Of a page of device memory: bit 0 is its first word. */
struct vm_posted_words {
	uint64_t loads;	 /* are answered by vm_posted.word */
	uint64_t stores; /* are left in vm_posted.store */
	uint64_t keeps;	 /* stores of what is in vm_posted.word change nothing */
};

/*
 * Posts the page of device memory at @gpa, for as long as the VM lasts: what
 * @words has of it, by @page. The first store gives the eventfd @fd, which may
 * be closed afterwards, one. All other accesses leave vm_run() as ever. After
 * vm_attach_vgic(). The page's number, for vm_show_posted(), whose page @shown
 * is; -EEXIST: it is posted already; -ENOSPC: VM_MAX_POSTED.
 */
int vm_post(struct vmctx *ctx, uint64_t gpa,
	    const struct vm_posted_words *words, int fd,
	    struct vm_posted **page, volatile uint32_t **shown);

/*
 * On: the guest's loads of posted memory are loads of a page of its own, all of
 * which says then what they give; none may have an effect. Off: as before.
 * -EEXIST: there is memory.
 */
int vm_show_posted(struct vmctx *ctx, int number, bool on);

/*
 * A store of @len bytes (1, 2, 4, 8; 0: of any number) by the guest to @gpa,
 * outside of its memory, adds one to the eventfd @fd instead of leaving
 * vm_run(); with @match only where it stores that. The file may be closed
 * afterwards, but it takes the same file to undo it. Instructions that vmm.ko
 * does not decode still leave vm_run(): a device must be able to do without.
 * -EEXIST: another one has some of these stores; -ENOSPC: VM_MAX_IOEVENTFDS.
 */
int vm_ioeventfd_assign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			const uint64_t *match);
int vm_ioeventfd_deassign(struct vmctx *ctx, int fd, uint64_t gpa,
			  uint32_t len, const uint64_t *match);

/*
 * Each signal to the eventfd @fd is an interrupt of INTID @intid, from
 * whatever thread or process it comes: a pulse of its line, or a message of a
 * GICv2m frame (_msi). _level: the line goes up and stays until the guest has
 * ended the interrupt; it falls by itself then and @resamplefd is signalled.
 * -EEXIST: @fd has it already; -ENOSPC: VM_MAX_IRQFDS.
 */
int vm_irqfd_assign(struct vmctx *ctx, int fd, uint32_t intid);
int vm_irqfd_assign_msi(struct vmctx *ctx, int fd, uint32_t intid);
int vm_irqfd_assign_level(struct vmctx *ctx, int fd, uint32_t intid,
			  int resamplefd);
int vm_irqfd_deassign(struct vmctx *ctx, int fd, uint32_t intid);

/* Stops all vCPUs: each vm_run() returns VM_EXITCODE_SUSPENDED with @how. */
int vm_suspend(struct vmctx *ctx, enum vm_suspend_how how);

/*
 * Puts the VM back to what it was before its first vm_run(): vCPUs, interrupt
 * controller, no vm_suspend(). Memory is the caller's to fill again; what it was
 * given, and the offset of its time, stay. -EBUSY: a vCPU is in vm_run().
 */
int vm_reinit(struct vmctx *ctx);

/*
 * The guest's physical counter (CNTPCT) in ticks: what it shows now, and what it
 * is to show. Once it is not the host's, a guest's reading of it traps.
 * vm_set_time(): -EBUSY: a vCPU is in vm_run().
 */
int vm_get_time(struct vmctx *ctx, uint64_t *count);
int vm_set_time(struct vmctx *ctx, uint64_t count);

/* The memory of vm_setup_memory() is all zero again, and given back. */
void vm_clear_memory(struct vmctx *ctx);

/*
 * Makes a vCPU leave vm_run() with VM_EXITCODE_DEBUG and keeps it out until
 * it is resumed; @id VM_MAXCPU: all of them.
 */
int vm_suspend_cpu(struct vmctx *ctx, unsigned int id);
int vm_resume_cpu(struct vmctx *ctx, unsigned int id);

/*
 * Runs the vCPU until something needs user space: vcpu_run_page()->exit says
 * what. -EINTR: a signal came, call again.
 */
int vm_run(struct vcpu *vcpu);

/*
 * One register, by an id of <vmm/arm/vmm_regs.h>. -EBUSY while the vCPU is in
 * vm_run() elsewhere; -ENOENT: no such register; -EINVAL: a value it cannot
 * hold.
 */
int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val);
int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val);

/*
 * Where the vCPU's own translation tables lead from @gla, as they are now;
 * permissions do not count: this is for a debugger. -EFAULT: nowhere; -EBUSY:
 * the vCPU is in vm_run().
 */
int vm_gla2gpa_nofault(struct vcpu *vcpu, uint64_t gla, uint64_t *gpa);

/* @n registers; the first failure ends it and is returned. */
int vm_set_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			const uint64_t *vals);
int vm_get_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			uint64_t *vals);

/*
 * The ids of all registers: fills @ids (room for @n) and returns how many
 * there are; -ENOSPC where that is more than @n.
 */
int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n);

int vm_set_capability(struct vcpu *vcpu, enum vm_cap_type type, uint32_t val);

/*
 * An exception into the guest: @esr the syndrome in the architecture's format,
 * @far the faulting address. See struct vm_exception_args; -EINVAL for what is
 * not named there.
 */
int vm_inject_exception(struct vcpu *vcpu, uint64_t esr, uint64_t far);

/*
 * A debugger's breakpoints and watchpoints of the vCPU, all anew; see struct
 * vm_debug_args. vm_run() then returns with VM_EXITCODE_BPT where the guest
 * meets one, or a BKPT instruction. -EINVAL: one that the CPU cannot hold;
 * -EBUSY: the vCPU is in vm_run(); -ENODEV: the CPU has no debug registers.
 */
int vm_set_debug(struct vcpu *vcpu, const struct vm_debug_args *debug);

/* Counters of the vCPU: fills @values (room for @n), returns how many. */
int vm_get_stats(struct vcpu *vcpu, uint64_t *values, uint32_t n);

/*
 * Device memory: @size 1, 2, 4 or 8 bytes at @gpa. 0, or an error that
 * becomes an external abort in the guest.
 */
typedef int (*mem_region_read_t)(struct vcpu *vcpu, uint64_t gpa,
				 uint64_t *rval, int size, void *arg);
typedef int (*mem_region_write_t)(struct vcpu *vcpu, uint64_t gpa,
				  uint64_t wval, int size, void *arg);

/*
 * Carries out the load or store of a VM_EXITCODE_INST_EMUL exit: @gpa and
 * @vie are the exit's. The next vm_run() completes it. Where a callback
 * fails, the guest gets an external abort instead and the callback's error is
 * returned; -ENOSYS: an instruction that no guest may use on device memory.
 */
int vmm_emulate_instruction(struct vcpu *vcpu, uint64_t gpa,
			    const struct vie *vie, mem_region_read_t memread,
			    mem_region_write_t memwrite, void *arg);

#endif /* LIB_VMMAPI_H */
