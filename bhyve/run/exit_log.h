/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last exits of a vCPU to bhyve, for the report on a silent guest. A vCPU's
 * log belongs to its thread, and to other threads while that is stopped.
 */
#ifndef BHYVE_EXIT_LOG_H
#define BHYVE_EXIT_LOG_H

#include <stdio.h>
#include <vmm/vmm.h>

/*
 * Notes an exit, VM_EXITCODE_INST_EMUL or _SMCCC. If it equals the last one,
 * that is counted again.
 */
void exit_log_note(unsigned int vcpu, const struct vm_exit *exit);

/* Writes the last exits, the latest first, or "none". */
void exit_log_describe(unsigned int vcpu, FILE *out);

#endif /* BHYVE_EXIT_LOG_H */
