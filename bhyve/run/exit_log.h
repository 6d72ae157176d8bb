/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vCPU last came to bhyve for, to say where a guest is when it says
 * nothing itself. One vCPU's log belongs to its thread, and to others while
 * that is stopped.
 */
#ifndef BHYVE_EXIT_LOG_H
#define BHYVE_EXIT_LOG_H

#include <stdio.h>
#include <vmm/vmm.h>

/* Notes an exit, VM_EXITCODE_INST_EMUL or _SMCCC; the same one again counts on. */
void exit_log_note(unsigned int vcpu, const struct vm_exit *exit);

/* Writes the last ones, the latest first; "none" where there were none. */
void exit_log_describe(unsigned int vcpu, FILE *out);

#endif /* BHYVE_EXIT_LOG_H */
