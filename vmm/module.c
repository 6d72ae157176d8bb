// SPDX-License-Identifier: BSD-2-Clause
/*
 * vmm.ko: loading it takes HYP mode on all CPUs, unloading gives it back.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "vmm/arm/host.h"
#include "vmm/arm/hyp.h"
#include "vmm/arm/stage2.h"
#include "vmm/dev.h"

static int __init vmm_init(void)
{
	int ret = host_check();

	if (ret)
		return ret;
	ret = hyp_init_all();
	if (ret)
		goto err_host;
	stage2_init_vmids();
	ret = dev_register();
	if (ret)
		goto err_hyp;
	return 0;

err_hyp:
	hyp_exit_all();
err_host:
	host_release();
	return ret;
}

static void __exit vmm_exit(void)
{
	dev_unregister();
	/* RCU callbacks of ioeventfds may still be pending. */
	rcu_barrier();
	hyp_exit_all();
	host_release();
}

module_init(vmm_init);
module_exit(vmm_exit);

MODULE_DESCRIPTION("bhyvearm: virtual machines on ARMv7 in HYP mode");
MODULE_LICENSE("Dual BSD/GPL");
/* The same version as in meson.build. */
MODULE_VERSION("0.1");
