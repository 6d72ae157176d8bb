/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libvmmapi: a VM of vmm.ko as user space uses it.
 *
 * A function that returns int returns 0 (or a count or number where it says
 * so), or a negative errno. Any thread may call any function, with two
 * exceptions. A vCPU's own thread alone calls vm_run() and
 * vmm_emulate_instruction(), and reads or writes the vCPU's run page.
 * vm_setup_memory(), vm_map_memory(), vm_add_rom(), vm_vcpu_open() and
 * vm_post() take no lock: they are called at start-up, before other threads use
 * @ctx. Functions on a vCPU's registers return -EBUSY while another thread has
 * it in vm_run().
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
 * Makes the VM called @name: 1 to VM_MAX_NAMELEN letters, digits, '.', '_' or
 * '-'. Stores its handle in *@ctxp. -EINVAL: a bad name; -EEXIST: this user has
 * a VM of that name; -EDQUOT: this user has as many VMs as vmm.ko's parameter
 * max_vms allows; -EPROTO: vmm.ko has another version of the interface;
 * -ENOENT, -ENODEV: vmm.ko is not loaded; -EACCES: no right to open /dev/vmm;
 * -ENOMEM.
 */
int vm_create(const char *name, struct vmctx **ctxp);

/* Frees @ctx, its vCPUs and its memory. No vCPU may be in vm_run(). */
void vm_destroy(struct vmctx *ctx);

const char *vm_get_name(const struct vmctx *ctx);

/*
 * Makes vCPU @id (0 to VM_MAXCPU - 1), after vm_attach_vgic(), and maps its run
 * page. Only vCPU 0 is powered on; vm_run() of the others waits for the guest's
 * PSCI CPU_ON. -EINVAL: @id is not below vm_attach_vgic()'s @ncpus; -EEXIST: it
 * is open; -ENXIO: there is no interrupt controller.
 */
int vm_vcpu_open(struct vmctx *ctx, unsigned int id, struct vcpu **vcpup);

/* The vCPU that vm_vcpu_open() made, or NULL. */
struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id);

unsigned int vcpu_id(const struct vcpu *vcpu);
struct vmctx *vcpu_ctx(const struct vcpu *vcpu);

/*
 * The page shared with vmm.ko (struct vm_run): exit is read, mmio_data and
 * flags are written.
 */
struct vm_run *vcpu_run_page(const struct vcpu *vcpu);

/*
 * Gives the guest @len bytes of zeroed RAM at guest-physical @gpa, both
 * multiples of 4 KiB. It is memory of this process, allocated on first touch;
 * the host can swap and merge it. -EINVAL: @gpa or @len; -EEXIST: it overlaps
 * another region or the interrupt controller; -ENOSPC: there are
 * VM_MAX_MEMSLOTS regions; -ENOMEM.
 */
int vm_setup_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * The same with memory that other processes can map by a descriptor, which
 * vm_get_memory() returns. The file's length cannot be changed (F_SEAL_SHRINK).
 */
int vm_setup_shared_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * The same in huge pages of 2 MiB that the host has set aside (vm.nr_hugepages).
 * They belong to the guest until vm_destroy(). -EINVAL: @gpa or @len is not a
 * multiple of 2 MiB; -ENOMEM: too few huge pages are free.
 */
int vm_setup_huge_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * The same with memory that the caller has mapped at @hva, and keeps mapped
 * until vm_destroy(). @flags: VM_MEM_F_*.
 */
int vm_map_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len, void *hva,
		  uint32_t flags);

/*
 * A ROM that can be shown, changed and hidden while the guest runs.
 * vm_add_rom() reserves a slot at start-up and returns its number, or -ENOSPC.
 * vm_show_rom() shows the guest @len bytes of the caller's memory at @hva as a
 * ROM at @gpa; with @len 0 it hides the ROM. All three are multiples of 4 KiB.
 * The memory must not change while it is shown. A store by the guest exits as
 * one to a device does. vm_map_gpa() does not find a ROM.
 */
int vm_add_rom(struct vmctx *ctx);
int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva);

/*
 * Fills the memory that one of the vm_setup functions made at @gpa from the file
 * @fd, from @offset on, a multiple of 4 KiB. Shared and huge memory is read at
 * once. Other memory is mapped privately: a page is read when it is first
 * touched, so nobody may change the file while the VM exists. The guest's writes
 * never change the file, and @fd may be closed. To be called before the first
 * vm_run(). -ENOENT: no such memory begins at @gpa.
 */
int vm_map_image(struct vmctx *ctx, uint64_t gpa, int fd, uint64_t offset);

/*
 * Returns a pointer to guest memory [@gpa, @gpa + @len), or NULL if @len is 0
 * or not all of it is in one region. This is the only way to guest memory,
 * because the guest chooses addresses and lengths, and the sums are checked
 * here. The guest can change the memory at any time: read each word only once.
 * Takes no lock.
 */
void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * Stores in *@m where region @i of guest memory is; regions are numbered from 0
 * on. A ROM has a region of length 0. -ENOENT: there are not so many regions.
 */
struct vm_memory {
	uint64_t gpa;
	uint64_t len;
	void *hva;
	int fd; /* a file that is this memory; -1: other processes cannot map it */
};
int vm_get_memory(struct vmctx *ctx, unsigned int i, struct vm_memory *m);

/*
 * The dirty log of the region of vm_setup_memory() or vm_map_memory() that
 * starts at @gpa. While it is on, vmm.ko notes which of its pages the guest
 * writes, or vmm.ko for the guest, but not what this process writes. Any vCPU
 * may run meanwhile. -EINVAL: no region starts at @gpa; -EEXIST: it is on
 * already; -ENOENT: it is not on; -ENOMEM.
 */
int vm_log_dirty(struct vmctx *ctx, uint64_t gpa, bool on);

/*
 * Reads and clears the notes of [@gpa, @gpa + @len), which is inside one region.
 * Bit n % 64 of @bitmap[n / 64] is set if the page n pages after @gpa was
 * written. @gpa is a multiple of 64 pages from the region's start; @len is a
 * multiple of 64 pages, or reaches to the region's end. A write that is not in
 * @bitmap is in memory when this returns, or is in the bitmap of the next call;
 * so read the pages after this. Any vCPU may run meanwhile. -EINVAL: the range;
 * -ENOENT: the log is not on.
 */
int vm_get_dirty(struct vmctx *ctx, uint64_t gpa, uint64_t len,
		 uint64_t *bitmap);

/*
 * Call this after writing instructions to guest memory at [@gpa, @gpa + @len):
 * from its return on no vCPU executes older ones from a cache. -EINVAL: @len is
 * more than 1 MiB, or the range ends above 4 GiB.
 */
int vm_sync_code(struct vmctx *ctx, uint64_t gpa, uint64_t len);

/*
 * Makes the interrupt controller: GICD (4 KiB) at @dist_gpa, GICC (8 KiB) at
 * @cpu_gpa, @nirqs INTIDs (64 to 992 in steps of 32), @ncpus vCPUs. Once,
 * before the first vCPU. See struct vm_vgic_args for the errors.
 */
int vm_attach_vgic(struct vmctx *ctx, uint64_t dist_gpa, uint64_t cpu_gpa,
		   uint32_t nirqs, uint32_t ncpus);

/*
 * Raises or lowers the line of the SPI with INTID @intid (32 + n for SPI n).
 * The line keeps its level until it is set again; whether the guest takes a
 * level or an edge from it is the guest's configuration (GICD_ICFGR). -EINVAL:
 * no such SPI; -ENXIO: no interrupt controller.
 */
int vm_assert_irq(struct vmctx *ctx, uint32_t intid);
int vm_deassert_irq(struct vmctx *ctx, uint32_t intid);

/*
 * Sends a message-signalled interrupt: a device's write of @data, the INTID of
 * an SPI, to @addr, the doorbell of a GICv2m frame. vmm.ko does not look at
 * @addr. -EINVAL: no such SPI; -ENXIO: no interrupt controller.
 */
int vm_raise_msi(struct vmctx *ctx, uint64_t addr, uint64_t data);

/*
 * The words of a page of device memory that vm_post() posts; bit 0 is the first
 * word.
 */
struct vm_posted_words {
	uint64_t loads;	 /* loads are answered from vm_posted.word[] */
	uint64_t stores; /* stores are queued in vm_posted.store[] */
	uint64_t keeps;	 /* a store of what word[] holds is dropped */
};

/*
 * Posts the page of device memory at @gpa (coalesced MMIO, see struct
 * vm_post_args), for as long as the VM lasts, after vm_attach_vgic(). *@page is
 * the shared struct vm_posted; *@shown is the page that vm_show_posted() shows.
 * The first store into an empty queue signals the eventfd @fd, which may be
 * closed after the call. Accesses to other words leave vm_run() as before.
 *
 * Returns the page's number, for vm_show_posted(). -EEXIST: the page is posted
 * already; -ENOSPC: there are VM_MAX_POSTED; -ENXIO: no interrupt controller;
 * -EINVAL: a bad @gpa or @fd; -EBADF: @fd is not open; -ENOMEM.
 */
int vm_post(struct vmctx *ctx, uint64_t gpa,
	    const struct vm_posted_words *words, int fd,
	    struct vm_posted **page, volatile uint32_t **shown);

/*
 * With @on true, the guest's loads of posted page @number read the page @shown
 * of vm_post() and do not trap. @shown must hold what each load returns, and no
 * load may have a side effect. With @on false, loads are answered as vm_post()
 * says. -ENOENT: no such number; -EEXIST: guest memory is at that address;
 * -EINVAL: the page is above 4 GiB; -ENOMEM.
 */
int vm_show_posted(struct vmctx *ctx, int number, bool on);

/*
 * ioeventfd: a store of @len bytes (1, 2, 4, 8; 0: any size) by the guest to
 * @gpa, outside of its memory, adds one to the eventfd @fd instead of leaving
 * vm_run(); with @match only a store of *@match does. @fd may be closed
 * afterwards, but vm_ioeventfd_deassign() needs a descriptor of the same file.
 * A store that vmm.ko does not decode (HSR.ISV is 0) still leaves vm_run(), so
 * the device has to handle it there as well. -EEXIST: some of these stores
 * signal another ioeventfd already; -ENOSPC: there are VM_MAX_IOEVENTFDS;
 * -ENOENT: none to remove; -EINVAL, -EBADF.
 */
int vm_ioeventfd_assign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			const uint64_t *match);
int vm_ioeventfd_deassign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			  const uint64_t *match);

/*
 * irqfd: each signal to the eventfd @fd, by any thread or process, is an
 * interrupt of the SPI with INTID @intid: a pulse of its line; a GICv2m message
 * (_msi); or a level (_level), which stays up until the guest has ended the
 * interrupt, and then falls and signals @resamplefd. -EEXIST: @fd has that SPI
 * already; -ENOSPC: there are VM_MAX_IRQFDS; -ENOENT: none to remove; -ENXIO:
 * no interrupt controller; -EINVAL, -EBADF.
 */
int vm_irqfd_assign(struct vmctx *ctx, int fd, uint32_t intid);
int vm_irqfd_assign_msi(struct vmctx *ctx, int fd, uint32_t intid);
int vm_irqfd_assign_level(struct vmctx *ctx, int fd, uint32_t intid,
			  int resamplefd);
int vm_irqfd_deassign(struct vmctx *ctx, int fd, uint32_t intid);

/*
 * Ends the VM: vm_run() of every vCPU returns VM_EXITCODE_SUSPENDED with @how.
 * If it is called again the first @how stays. -EINVAL: @how is not one of
 * VM_SUSPEND_RESET to VM_SUSPEND_DESTROY.
 */
int vm_suspend(struct vmctx *ctx, enum vm_suspend_how how);

/*
 * Resets vCPUs and interrupt controller, and forgets vm_suspend(), so that the
 * VM can run as before its first vm_run(). Regions, posted pages, eventfds and
 * the offset of the guest's time stay; the caller refills RAM. -EBUSY: a vCPU
 * is in vm_run().
 */
int vm_reinit(struct vmctx *ctx);

/*
 * The state of the interrupt controller, in a form that does not depend on the
 * host; see <vmm/vmm_vgic.h>. This state, all registers of vm_get_reg_list(),
 * vm_get_time() and guest memory are all that a guest can know of vmm.ko, so
 * another VM that was made in the same way can go on from them.
 *
 * vm_get_vgic_state() writes all of *@state. Call it before you read guest
 * memory: if a vCPU that is on has its caches off, it makes sure that this
 * process reads what that vCPU has written. vm_set_vgic_state() is called when
 * all vCPUs have been made. -EINVAL: a field of *@state is not valid, or its
 * number of INTIDs or vCPUs is not the VM's; then nothing has changed. Both:
 * -EBUSY: a vCPU is in vm_run() or has not completed an MMIO; -ENXIO: there is
 * no interrupt controller; -ENOMEM.
 */
int vm_get_vgic_state(struct vmctx *ctx, struct vm_vgic_state *state);
int vm_set_vgic_state(struct vmctx *ctx, const struct vm_vgic_state *state);

/*
 * The guest's physical counter (CNTPCT) in ticks. Once vm_set_time() makes it
 * differ from the host's counter, each of the guest's reads of CNTPCT traps.
 * vm_set_time(): -EBUSY while a vCPU is in vm_run().
 */
int vm_get_time(struct vmctx *ctx, uint64_t *count);
int vm_set_time(struct vmctx *ctx, uint64_t count);

/*
 * Gives the whole pages in [@hva, @hva + @len) back to the host, if the range is
 * inside one region of vm_setup_memory() or vm_setup_shared_memory(); otherwise
 * nothing happens. Afterwards these pages read as zero, or as in the file if
 * vm_map_image() has mapped one, and the host allocates them again when they are
 * touched. Locked pages stay as they are. vCPUs may be in vm_run().
 */
void vm_give_back(struct vmctx *ctx, void *hva, uint64_t len);

/*
 * Zeroes all memory of the vm_setup functions. Gives it back to the host where
 * that zeroes it. No vCPU may be in vm_run().
 */
void vm_clear_memory(struct vmctx *ctx);

/*
 * Stops vCPU @id, or all of them with VM_MAXCPU: vm_run() returns
 * VM_EXITCODE_DEBUG, and does so at once when it is called, until
 * vm_resume_cpu(). Does not wait until the vCPU has stopped. -EINVAL: no such
 * vCPU.
 */
int vm_suspend_cpu(struct vmctx *ctx, unsigned int id);
int vm_resume_cpu(struct vmctx *ctx, unsigned int id);

/*
 * Runs the vCPU until user space has something to do; vcpu_run_page()->exit
 * says what. -EINTR: a signal came, call again; -EPERM: the caller is not the
 * process that made the VM; -EBUSY: another thread has the vCPU; -EFAULT,
 * -ENOMEM: guest memory could not be mapped.
 */
int vm_run(struct vcpu *vcpu);

/*
 * Reads or writes one register, by an id of <vmm/arm/vmm_regs.h>. -EBUSY: the
 * vCPU is in vm_run(); -ENOENT: no such register; -EINVAL: it cannot hold @val;
 * an ID register holds only the value that it has.
 */
int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val);
int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val);

/*
 * Translates the guest's virtual address @gla by the vCPU's current tables, for
 * a debugger: permissions are not checked. -EFAULT: it is not mapped; -EBUSY:
 * the vCPU is in vm_run().
 */
int vm_gla2gpa_nofault(struct vcpu *vcpu, uint64_t gla, uint64_t *gpa);

/*
 * Translates all of [@start, @end) in this way. It calls @func, in ascending
 * order, for each mapped piece: @len bytes that are contiguous both at the
 * virtual address @gla and at the guest-physical address @gpa. All of these are
 * multiples of 4 KiB. If @func returns anything but 0, the walk ends and
 * returns that. -EBUSY: the vCPU is in vm_run().
 */
int vm_walk_gla(struct vcpu *vcpu, uint64_t start, uint64_t end,
		int (*func)(void *arg, uint64_t gla, uint64_t gpa,
			    uint64_t len),
		void *arg);

/* Write or read @n registers, up to the first failure, which is returned. */
int vm_set_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			const uint64_t *vals);
int vm_get_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			uint64_t *vals);

/*
 * Stores the ids of all registers in @ids, which has room for @n, and returns
 * their number. -ENOSPC: there are more than @n.
 */
int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n);

/*
 * Sets capability @type of the vCPU: VM_CAP_HALT_EXIT with @val 1 makes
 * vm_run() return at each WFI, and 0 (as at first) lets the vCPU sleep in the
 * kernel. -EINVAL: another @type or @val; -EBUSY: the vCPU is in vm_run().
 */
int vm_set_capability(struct vcpu *vcpu, enum vm_cap_type type, uint32_t val);

/*
 * Raises an exception in the guest: @esr is its syndrome in the format of HSR,
 * @far the faulting address. -EINVAL: @esr has none of the exception classes
 * and fault statuses that struct vm_exception_args lists; -EBUSY: the vCPU is
 * in vm_run().
 */
int vm_inject_exception(struct vcpu *vcpu, uint64_t esr, uint64_t far);

/*
 * Replaces the vCPU's breakpoints and watchpoints; see struct vm_debug_args.
 * When the guest meets one, or a BKPT instruction, vm_run() returns with
 * VM_EXITCODE_BPT. -EINVAL: the CPU cannot hold one of them; -EBUSY: the vCPU
 * is in vm_run(); -ENODEV: the CPU has no usable debug registers.
 */
int vm_set_debug(struct vcpu *vcpu, const struct vm_debug_args *debug);

/*
 * Stores the vCPU's first @n counters (enum vm_stat) in @values and returns how
 * many there are. Works while the vCPU runs.
 */
int vm_get_stats(struct vcpu *vcpu, uint64_t *values, uint32_t n);

/*
 * A device's handler of a load or store of @size (1, 2, 4 or 8) bytes at @gpa.
 * Returns 0, or an error, which raises an external abort in the guest.
 */
typedef int (*mem_region_read_t)(struct vcpu *vcpu, uint64_t gpa,
				 uint64_t *rval, int size, void *arg);
typedef int (*mem_region_write_t)(struct vcpu *vcpu, uint64_t gpa,
				  uint64_t wval, int size, void *arg);

/*
 * Carries out the load or store of a VM_EXITCODE_INST_EMUL exit, whose @gpa and
 * @vie are given, by calling @memread or @memwrite with @arg. The next vm_run()
 * completes the instruction. If a callback fails, the guest gets an external
 * abort and the callback's error is returned. -ENOSYS, with the same abort:
 * @vie's instruction is not a load or store that can be emulated.
 */
int vmm_emulate_instruction(struct vcpu *vcpu, uint64_t gpa,
			    const struct vie *vie, mem_region_read_t memread,
			    mem_region_write_t memwrite, void *arg);

#endif /* LIB_VMMAPI_H */
