/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_SAVE_H
#define BHYVECTL_SAVE_H

/*
 * Has the VM saved as the file @path, by the request @word, "checkpoint" or
 * "suspend". The file is complete and on the medium before it takes the place of
 * one of that name; otherwise that stays, and the VM runs on. An exit status, after
 * saying what was wrong.
 */
int save_vm(const char *name, const char *word, const char *path);

#endif /* BHYVECTL_SAVE_H */
