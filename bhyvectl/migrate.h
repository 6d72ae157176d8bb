/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_MIGRATE_H
#define BHYVECTL_MIGRATE_H

#include <stdbool.h>

/*
 * Has the VM move to the bhyve -R at @place, "unix:PATH", "tcp:HOST:PORT" or "fd:N", and
 * waits until it has. An exit status, after saying what was wrong; with @json the
 * figures are printed as JSON.
 */
int migrate_vm(const char *name, const char *place, bool json);

#endif /* BHYVECTL_MIGRATE_H */
