/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration: a tree of nodes whose leaves are strings, named by dotted
 * keys ("pci.0.1.0.device"); see bhyve_config(5). Options of the command line
 * set keys. All functions are for start-up, before there are other threads, or for
 * the event thread while no other thread uses the tree; later the tree is only read.
 */
#ifndef BHYVE_CONFIG_H
#define BHYVE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct config_node;

/* Makes an empty tree. */
void init_config(void);

/*
 * Returns the node called @path ("" or NULL: the root), or NULL.
 * create_config_node() makes it if it is not there.
 */
struct config_node *find_config_node(const char *path);
struct config_node *create_config_node(const char *path);
/* The same, below @parent. */
struct config_node *find_relative_config_node(struct config_node *parent,
					      const char *path);
struct config_node *create_relative_config_node(struct config_node *parent,
						const char *path);

/* Removes the node @path with all below it, if it is there. */
void remove_config_node(const char *path);

/*
 * Values, by a dotted key from the root, or by @name (dotted or not) from a
 * node. Getting returns NULL if there is none; "%(key)" in a value is replaced
 * by that key's value, "%%" by a percent sign. The string is valid until the
 * value is set again. Setting returns 0; -EINVAL: a part of the key is empty,
 * or it is an inner node; -ENOMEM.
 */
const char *get_config_value(const char *path);
const char *get_config_value_node(struct config_node *parent, const char *name);
int set_config_value(const char *path, const char *value);
int set_config_value_node(struct config_node *parent, const char *name,
			  const char *value);

/*
 * true/1/yes/on and false/0/no/off. get_config_bool_node() returns 0, and leaves *@valp as
 * it is if there is no value; or -EINVAL after printing that it is another word. The
 * others exit with 4 then.
 */
int get_config_bool_node(struct config_node *parent, const char *name,
			 bool *valp);
bool get_config_bool_default(const char *path, bool def);
bool get_config_bool_node_default(struct config_node *parent, const char *name,
				  bool def);

/*
 * A whole number, decimal or 0x, into *valp. 0; -ENOENT: there is no value;
 * -EINVAL: it is not a number, or does not fit.
 */
int get_config_u64(const char *path, uint64_t *valp);
int get_config_u64_node(struct config_node *parent, const char *name,
			uint64_t *valp);

/*
 * Parses a size, such as -m's argument, into bytes: a number with the suffix K, M,
 * G or T. A number without a suffix means MiB, or bytes from 1048576 up. 0 or
 * -EINVAL.
 */
int parse_memsize(const char *text, uint64_t *bytesp);

/* Sets "key=value", or "key" (to true), as -o and each line of -k do. */
int parse_config_option(const char *option);

/*
 * -k: reads such lines; # starts a comment. On an error prints it and returns a
 * negative errno.
 */
int parse_config_file(const char *path);

/*
 * Sets options of a device, "a=b,c=d,e" (e is true), in @node; the caller has
 * removed a first word that is not an option. 0, -EINVAL, -ENOMEM.
 * next_config_option() takes the next option off *restp, in place; NULL after
 * the last. A comma ends an option; two commas stand for one that belongs to
 * it.
 */
char *next_config_option(char **restp);
int parse_config_options_node(struct config_node *node, const char *opts);

/*
 * Calls @func for each child of @node, in the order in which they were made. A
 * leaf has a @value, an inner node a @child; the other is NULL. Stops at the
 * first non-zero result and returns it.
 */
typedef int (*config_walk_t)(const char *name, const char *value,
			     struct config_node *child, void *arg);
int walk_config_nodes(struct config_node *node, config_walk_t func, void *arg);

/*
 * Whether bhyve has a key @path; and whether it is one that bhyve accepts and
 * ignores.
 */
bool config_key_known(const char *path);
bool config_key_ignored(const char *path);

/*
 * A value counts as read if a get has returned it, or if it stands in another
 * value as "%(key)"; walk_config_nodes() does not count. mark_config_read()
 * marks all values of a node (NULL: no node), mark_config_value_read() one
 * value; config_value_is_read() asks for one. find_unread_config_key() returns
 * the first key whose value nobody has read, to be freed, or NULL.
 */
void mark_config_read(struct config_node *node);
void mark_config_value_read(const char *path);
bool config_value_is_read(const char *path);
char *find_unread_config_key(void);

/* Writes the tree in the format that -k reads. */
void dump_config(FILE *fp);

#endif /* BHYVE_CONFIG_H */
