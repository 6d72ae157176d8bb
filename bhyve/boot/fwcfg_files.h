/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's files in fw_cfg: the keys fwcfg.N (option -f). */
#ifndef BHYVE_FWCFG_FILES_H
#define BHYVE_FWCFG_FILES_H

/*
 * Adds the configuration's files to fw_cfg, after fwcfg_init(). On an error
 * prints it and exits.
 */
void fwcfg_add_files(void);

#endif /* BHYVE_FWCFG_FILES_H */
