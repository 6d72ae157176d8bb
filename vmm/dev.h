/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /dev/vmm and the files it leads to.
 */
#ifndef VMM_DEV_H
#define VMM_DEV_H

int dev_register(void);
void dev_unregister(void);

#endif /* VMM_DEV_H */
