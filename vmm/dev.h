/* SPDX-License-Identifier: BSD-2-Clause */
/* /dev/vmm: makes the device (0 or a negative errno), and removes it. */
#ifndef VMM_DEV_H
#define VMM_DEV_H

int dev_register(void);
void dev_unregister(void);

#endif /* VMM_DEV_H */
