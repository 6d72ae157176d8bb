/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration: a tree of nodes whose leaves are strings, named by
 * dotted keys ("pci.0.1.0.device"). See bhyve_config(5). Options of the
 * command line are short for keys. All functions belong to start-up, before
 * other threads exist; afterwards the tree is only read.
 */
#ifndef BHYVE_CONFIG_H
#define BHYVE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct config_node;

/* Starts with an empty tree. */
void init_config(void);

/* The node called @path ("" or NULL: the root), or NULL; create makes it. */
struct config_node *find_config_node(const char *path);
struct config_node *create_config_node(const char *path);
/* The same below @parent. */
struct config_node *find_relative_config_node(struct config_node *parent,
					      const char *path);
struct config_node *create_relative_config_node(struct config_node *parent,
						const char *path);

/*
 * Values, by dotted key from the root or by @name (dotted or not) from a
 * node. A get gives NULL where there is none; "%(key)" in a value stands for
 * that key's value, "%%" for a percent sign. The string lives until the value
 * is set again. -EINVAL: a key with an empty part, or one that is a node.
 */
const char *get_config_value(const char *path);
const char *get_config_value_node(struct config_node *parent,
				  const char *name);
int set_config_value(const char *path, const char *value);
int set_config_value_node(struct config_node *parent, const char *name,
			  const char *value);

/* true/1/yes/on and false/0/no/off; anything else is said and exits with 4. */
bool get_config_bool_default(const char *path, bool def);
bool get_config_bool_node_default(struct config_node *parent,
				  const char *name, bool def);
int set_config_bool(const char *path, bool value);

/*
 * A whole number, decimal or 0x, into *valp: 0, -ENOENT where there is no
 * value, -EINVAL where it is not a number or does not fit.
 */
int get_config_u64(const char *path, uint64_t *valp);
int get_config_u64_node(struct config_node *parent, const char *name,
			uint64_t *valp);

/* "key=value" or "key" (true); what -o and each line of -k take. */
int parse_config_option(const char *option);

/* -k: such lines, with # comments. Says what is wrong; -errno. */
int parse_config_file(const char *path);

/*
 * Options of a device, "a=b,c=d,e" (e is true), into @node; the devices'
 * legacy first word is theirs to take off. -EINVAL, -ENOMEM.
 * next_config_option() takes the next one off *restp, in place, NULL after the
 * last: a comma ends it, two are one that belongs to it.
 */
char *next_config_option(char **restp);
int parse_config_options_node(struct config_node *node, const char *opts);

/*
 * Calls @func for each child of @node in the order they were made: a leaf has
 * a @value, an inner node is @child, the other is NULL. Stops at the first
 * non-zero result and returns it.
 */
typedef int (*config_walk_t)(const char *name, const char *value,
			     struct config_node *child, void *arg);
int walk_config_nodes(struct config_node *node, config_walk_t func, void *arg);

/* Is @path a key that something in bhyve reads? Or one that it may ignore? */
bool config_key_known(const char *path);
bool config_key_ignored(const char *path);

/*
 * A value that somebody got, or that stands in another one as "%(key)", counts as
 * read; what walk_config_nodes() shows does not. mark_config_read() has all
 * values of a node (NULL: none) count so, mark_config_value_read() one;
 * config_value_is_read() tells of one.
 * find_unread_config_key() gives the first key whose value nobody has read, to be
 * freed, or NULL.
 */
void mark_config_read(struct config_node *node);
void mark_config_value_read(const char *path);
bool config_value_is_read(const char *path);
char *find_unread_config_key(void);

/* Writes the tree as -k would read it. */
void dump_config(FILE *fp);

#endif /* BHYVE_CONFIG_H */
