/* SPDX-License-Identifier: BSD-2-Clause */
/* Named files that the user puts into fw_cfg: the keys fwcfg.N (-f). */
#ifndef BHYVE_FWCFG_FILES_H
#define BHYVE_FWCFG_FILES_H

/* Puts the configuration's files into fw_cfg, after fwcfg_init(). Says what is
 * wrong and exits. */
void fwcfg_add_files(void);

#endif /* BHYVE_FWCFG_FILES_H */
