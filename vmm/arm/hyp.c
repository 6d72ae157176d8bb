// SPDX-License-Identifier: BSD-2-Clause
/*
 * Keeps HYP on every CPU from module load to unload: through hot-plug, suspend,
 * and idle states in which a CPU loses its state.
 */
#include <linux/cpu.h>
#include <linux/cpu_pm.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <asm/cputype.h>

#include "core/arm/errata.h"
#include "core/gicd.h"
#include "vmm/arm/branch_predictor.h"
#include "vmm/arm/fast.h"
#include "vmm/arm/host.h"
#include "vmm/arm/hyp.h"
#include "vmm/arm/hyp_boot.h"
#include "vmm/arm/hyp_call.h"
#include "vmm/arm/hyp_cpu.h"
#include "vmm/arm/hyp_map.h"

/*
 * Priority of the guest timers' PPIs. It is higher than 0xa0, which Linux gives
 * to all interrupts; hyp/arm/irq.c relies on that.
 */
#define GUEST_TIMER_PRIO 0x90

#define STACK_SIZE	 0x1000
#define FAULT_STACK_SIZE 0x400

#if defined(CONFIG_THUMB2_KERNEL) || defined(CONFIG_CPU_BIG_ENDIAN)
/* HYP returns to the kernel in ARM state and reads its data little-endian. */
#error "vmm.ko is for kernels without CONFIG_THUMB2_KERNEL and CONFIG_CPU_BIG_ENDIAN"
#endif

static DEFINE_PER_CPU(struct hyp_cpu *, hyp_cpus);
static int hyp_cpuhp_state;
static struct hyp_cpu *__percpu *hyp_irq_dev;

struct hyp_cpu *hyp_this_cpu(void)
{
	return this_cpu_read(hyp_cpus);
}

struct hyp_cpu *hyp_cpu(int cpu)
{
	return per_cpu(hyp_cpus, cpu);
}

/*
 * HYP makes the host continue here after a fault in one of the host's own
 * calls, and after a fault in the answer to a fault.
 */
static void hyp_host_fault(struct hyp_cpu *c)
{
	struct hyp_fault *f;

	for (f = c->faults; f < c->fault; f++)
		hyp_print_fault(f);
	panic("vmm: HYP faulted %s", c->fault == c->faults + 1 ?
					     "in a call of the host's own" :
					     "while it answered a fault");
}

void hyp_print_fault(const struct hyp_fault *f)
{
	pr_emerg("vmm: HYP fault: vector %#x, pc %08x (hyp+%#x), cpsr %08x\n",
		 f->vector, f->elr, f->elr - (u32)hyp_text_start, f->spsr);
	pr_emerg("vmm: hsr %08x hdfar %08x hifar %08x hpfar %08x\n", f->hsr,
		 f->hdfar, f->hifar, f->hpfar);
	pr_emerg(
		"vmm: r0 %08x r1 %08x r2 %08x r3 %08x r4 %08x r5 %08x r6 %08x\n",
		f->r[0], f->r[1], f->r[2], f->r[3], f->r[4], f->r[5], f->r[6]);
	pr_emerg(
		"vmm: r7 %08x r8 %08x r9 %08x r10 %08x r11 %08x r12 %08x sp %08x lr %08x\n",
		f->r[7], f->r[8], f->r[9], f->r[10], f->r[11], f->r[12], f->sp,
		f->lr);
}

static irqreturn_t hyp_guest_irq(int irq, void *dev)
{
	/*
	 * While the host runs, the guest's virtual timer, the HYP timer and
	 * GICH's maintenance interrupt are off. An interrupt that comes here
	 * was pending for an instant, and is gone.
	 */
	return IRQ_HANDLED;
}

static int *hyp_guest_irqs[] = { &host_gic.vtimer_irq, &host_gic.htimer_irq,
				 &host_gic.maint_irq };

static u32 hyp_intid(int irq)
{
	return irqd_to_hwirq(irq_get_irq_data(irq));
}

static int hyp_request_irqs(void)
{
	int i, ret = 0;

	hyp_irq_dev = alloc_percpu(struct hyp_cpu *);
	if (!hyp_irq_dev)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(hyp_guest_irqs) && !ret; i++)
		ret = request_percpu_irq(*hyp_guest_irqs[i], hyp_guest_irq,
					 "vmm", hyp_irq_dev);
	if (!ret)
		return 0;
	pr_err("vmm: interrupt %d is in use by the host\n",
	       *hyp_guest_irqs[i - 1]);
	for (i--; i-- > 0;)
		free_percpu_irq(*hyp_guest_irqs[i], hyp_irq_dev);
	free_percpu(hyp_irq_dev);
	return ret;
}

static void hyp_free_irqs(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hyp_guest_irqs); i++)
		free_percpu_irq(*hyp_guest_irqs[i], hyp_irq_dev);
	free_percpu(hyp_irq_dev);
}

/* A timer's PPI that a guest has left active is deactivated. */
static void hyp_give_back(void *unused)
{
	cpumask_clear_cpu(smp_processor_id(), &hyp_taken);
	writel(BIT(hyp_config.vtimer_intid) | BIT(hyp_config.htimer_intid),
	       host_gic.gicd + GICD_ICACTIVER(0));
	hyp_cpu_give_back();
}

static void hyp_look_at_errata(void)
{
	enum erratum_798181 here =
		erratum_798181_of(read_cpuid_id(), read_cpuid(CPUID_REVIDR));

	if (here > hyp_erratum_798181)
		hyp_erratum_798181 = here;
}

static int hyp_take(void)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	hyp_look_at_errata();
	branch_predictor_choose(hyp_this_cpu());
	ret = hyp_cpu_take(hyp_this_cpu(), hyp_boot_pa());
	if (!ret) {
		writeb(GUEST_TIMER_PRIO,
		       host_gic.gicd +
			       GICD_IPRIORITYR(hyp_config.vtimer_intid));
		writeb(GUEST_TIMER_PRIO,
		       host_gic.gicd +
			       GICD_IPRIORITYR(hyp_config.htimer_intid));
		cpumask_set_cpu(smp_processor_id(), &hyp_taken);
	}
	local_irq_restore(flags);
	return ret;
}

static int hyp_online(unsigned int cpu)
{
	int i, ret;

	if (!host_is_our_kind()) {
		pr_err("vmm: CPU %u is of another kind than guests are told of: it stays off while vmm is loaded\n",
		       cpu);
		return -ENODEV;
	}
	ret = hyp_take();
	if (ret) {
		pr_err("vmm: CPU %u does not answer in HYP mode (%d)\n", cpu,
		       ret);
		return ret;
	}
	for (i = 0; i < ARRAY_SIZE(hyp_guest_irqs); i++)
		enable_percpu_irq(*hyp_guest_irqs[i], IRQ_TYPE_NONE);
	return 0;
}

/*
 * HYP is not given back here: until the CPU is off, tasks may still run guests
 * on it. Firmware should reset the CPU before it comes back; hyp_cpu_take() does
 * not rely on that.
 */
static int hyp_offline(unsigned int cpu)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hyp_guest_irqs); i++)
		disable_percpu_irq(*hyp_guest_irqs[i]);
	cpumask_clear_cpu(cpu, &hyp_taken);
	return 0;
}

/*
 * A power state may lose HYP's registers; after it the CPU has the stub again.
 */
static int hyp_cpu_pm(struct notifier_block *nb, unsigned long action,
		      void *data)
{
	switch (action) {
	case CPU_PM_ENTER:
		hyp_give_back(NULL);
		break;
	case CPU_PM_ENTER_FAILED:
	case CPU_PM_EXIT:
		if (hyp_take())
			panic("vmm: HYP is lost after a power state");
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block hyp_cpu_pm_nb = { .notifier_call = hyp_cpu_pm };

static int hyp_alloc_cpus(void)
{
	u64 *windows = hyp_map_windows();
	int cpu;

	if (!windows)
		return -ENOMEM;
	for_each_possible_cpu (cpu) {
		struct hyp_cpu *c = hyp_alloc(HYP_CPU_SIZE);

		if (!c)
			return -ENOMEM;
		c->stack = (u32)c + HYP_CPU_SIZE - FAULT_STACK_SIZE;
		c->fault_stack = (u32)c + HYP_CPU_SIZE;
		c->fault = c->faults;
		c->window = HYP_WINDOWS + cpu * HYP_WINDOW_SIZE;
		c->window_entries = windows + cpu * HYP_WINDOW;
		per_cpu(hyp_cpus, cpu) = c;
	}
	return 0;
}

static void hyp_free_cpus(void)
{
	int cpu;

	for_each_possible_cpu (cpu) {
		struct hyp_cpu *c = per_cpu(hyp_cpus, cpu);

		/*
		 * HYP's tables are not in use any more, so the page need not be
		 * unmapped.
		 */
		if (c)
			free_pages_exact(c, HYP_CPU_SIZE);
		per_cpu(hyp_cpus, cpu) = NULL;
	}
}

/* GICH_VTR.ListRegs (IHI 0048B, GICH_VTR) */
static u32 hyp_nr_list_registers(void)
{
	return min_t(u32, (readl(host_gic.gich + 4) & 0x3f) + 1, VGIC_MAX_LRS);
}

static void hyp_make_config(void)
{
	hyp_config.gicd = (u8 __force *)host_gic.gicd;
	hyp_config.gicc = (u8 __force *)host_gic.gicc;
	hyp_config.gich = (u8 __force *)host_gic.gich;
	hyp_config.nr_lrs = hyp_nr_list_registers();
	hyp_config.boot_leave = hyp_boot_leave();
	hyp_config.host_fault = (u32)hyp_host_fault;
	hyp_config.vtimer_intid = hyp_intid(host_gic.vtimer_irq);
	hyp_config.htimer_intid = hyp_intid(host_gic.htimer_irq);
	/* Rounded down, so that a guest's cycle counter is never too fast. */
	hyp_config.cycles_mul = div_u64((u64)NSEC_PER_SEC << 8, host_timer_hz);
	fast_init();
}

static int hyp_map_all(void)
{
	int ret = hyp_map_code(hyp_text_start, hyp_text_end - hyp_text_start);

	if (!ret)
		ret = hyp_map_data(hyp_data_start,
				   hyp_data_end - hyp_data_start);
	if (!ret)
		ret = hyp_map_device(host_gic.gicd, host_gic.gicd_pa, SZ_4K);
	if (!ret)
		ret = hyp_map_device(host_gic.gicc, host_gic.gicc_pa, SZ_8K);
	if (!ret)
		ret = hyp_map_device(host_gic.gich, host_gic.gich_pa, SZ_4K);
	return ret;
}

static int hyp_prepare(void)
{
	int ret = hyp_map_init();

	if (!ret)
		ret = hyp_map_all();
	if (!ret)
		ret = hyp_alloc_cpus();
	if (!ret)
		ret = hyp_boot_make();
	if (!ret)
		hyp_make_config();
	return ret;
}

static void hyp_unprepare(void)
{
	hyp_boot_free();
	hyp_map_exit();
	hyp_free_cpus();
}

int hyp_init_all(void)
{
	int ret = hyp_prepare();

	if (ret)
		goto err;
	ret = hyp_request_irqs();
	if (ret)
		goto err;
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "vmm:hyp", hyp_online,
				hyp_offline);
	if (ret < 0)
		goto err_take;
	hyp_cpuhp_state = ret;
	cpu_pm_register_notifier(&hyp_cpu_pm_nb);
	pr_info("vmm: branch predictor: %s\n",
		bp_state_text(branch_predictor_state()));
	return 0;

err_take:
	/*
	 * HYP was taken on the CPUs before the one that failed. The stub of the
	 * others ignores this call.
	 */
	on_each_cpu(hyp_give_back, NULL, 1);
	hyp_free_irqs();
err:
	hyp_unprepare();
	return ret;
}

void hyp_exit_all(void)
{
	cpu_pm_unregister_notifier(&hyp_cpu_pm_nb);
	/*
	 * The interrupts are disabled along with HYP; no CPU may come or go in
	 * between.
	 */
	cpus_read_lock();
	on_each_cpu(hyp_give_back, NULL, 1);
	__cpuhp_remove_state_cpuslocked(hyp_cpuhp_state, true);
	cpus_read_unlock();
	hyp_free_irqs();
	hyp_unprepare();
}
