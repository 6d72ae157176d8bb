/* SPDX-License-Identifier: BSD-2-Clause */
/* A VM's console in this terminal. */
#ifndef BHYVECTL_CONSOLE_H
#define BHYVECTL_CONSOLE_H

/*
 * Connects standard input and output with the console of VM @name until the key
 * Control-] or the VM's end; a terminal is raw meanwhile, and restored. The end of
 * standard input detaches nothing. 0, or a negative errno of the connection:
 * -ENOENT where the VM's console is elsewhere.
 */
int console_attach(const char *name);

#endif /* BHYVECTL_CONSOLE_H */
