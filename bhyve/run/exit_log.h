/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last loads and stores of a vCPU that came to bhyve, for the report on a
 * silent guest. A vCPU's log belongs to its thread, and to other threads while
 * that thread is stopped.
 */
#ifndef BHYVE_EXIT_LOG_H
#define BHYVE_EXIT_LOG_H

#include <stdio.h>
#include <vmm/vmm.h>

/*
 * Notes a VM_EXITCODE_INST_EMUL. If its PC and address are those of the last one,
 * that is counted again.
 */
void exit_log_note(unsigned int vcpu, const struct vm_exit *exit);

/* Writes the last exits, the latest first, or "none". */
void exit_log_describe(unsigned int vcpu, FILE *out);

#endif /* BHYVE_EXIT_LOG_H */
