/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In place of the process of bhyve/base/connector.c, which the sandbox makes necessary:
 * connects when the test says so.
 */
#ifndef TESTS_UNIT_CONNECTOR_FAKE_H
#define TESTS_UNIT_CONNECTOR_FAKE_H

#include <stdbool.h>

/* Replaces the function that connects; NULL: connects to the socket at the path. */
extern int (*connector_fake_connect)(const char *path);

/* Connects if bhyve has asked for it; false: it has not, or there is no server. */
bool connector_fake_serve(void);

#endif /* TESTS_UNIT_CONNECTOR_FAKE_H */
