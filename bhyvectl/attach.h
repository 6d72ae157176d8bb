/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_ATTACH_H
#define BHYVECTL_ATTACH_H

/*
 * Opens what the device of @option ("SLOT,DEVICE,..." as behind bhyve's -s) leads to, and
 * has the VM attach it. An exit status, after saying what was wrong.
 */
int attach_device(const char *vm, const char *option, const char *request);

#endif /* BHYVECTL_ATTACH_H */
