/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration tree. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"

#define EXPAND_DEPTH 8

struct config_node {
	char *name;
	char *value;	/* of a leaf; NULL: an inner node */
	char *expanded; /* the string that the last get returned */
	bool leaf;
	bool read; /* by a get, or as part of another value */
	TAILQ_HEAD(config_list, config_node) children;
	TAILQ_ENTRY(config_node) link;
};

static struct config_node *root;

static struct config_node *new_node(const char *name, size_t len)
{
	struct config_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	node->name = strndup(name, len);
	if (!node->name) {
		free(node);
		return NULL;
	}
	TAILQ_INIT(&node->children);
	return node;
}

static void free_node(struct config_node *node)
{
	struct config_node *child;

	if (!node)
		return;
	while ((child = TAILQ_FIRST(&node->children))) {
		TAILQ_REMOVE(&node->children, child, link);
		free_node(child);
	}
	free(node->name);
	free(node->value);
	free(node->expanded);
	free(node);
}

void init_config(void)
{
	free_node(root);
	root = new_node("", 0);
	if (!root)
		die("out of memory");
}

static struct config_node *find_child(const struct config_node *parent,
				      const char *name, size_t len)
{
	struct config_node *child;

	TAILQ_FOREACH (child, &parent->children, link)
		if (strlen(child->name) == len &&
		    !strncmp(child->name, name, len))
			return child;
	return NULL;
}

static struct config_node *add_child(struct config_node *parent,
				     const char *name, size_t len)
{
	struct config_node *child;

	if (!len || parent->leaf)
		return NULL;
	child = new_node(name, len);
	if (child)
		TAILQ_INSERT_TAIL(&parent->children, child, link);
	return child;
}

/* Finds the leaf or inner node with this path. */
static struct config_node *walk_path(struct config_node *node, const char *path,
				     bool create)
{
	while (node && path && *path) {
		size_t len = strcspn(path, ".");
		struct config_node *child = find_child(node, path, len);

		if (!child && create)
			child = add_child(node, path, len);
		node = child;
		path += len;
		if (*path == '.' && !*++path)
			return NULL; /* "key." is not the name of a node */
	}
	return node;
}

static struct config_node *inner_only(struct config_node *node)
{
	return node && !node->leaf ? node : NULL;
}

struct config_node *find_relative_config_node(struct config_node *parent,
					      const char *path)
{
	return inner_only(walk_path(parent, path, false));
}

struct config_node *create_relative_config_node(struct config_node *parent,
						const char *path)
{
	return inner_only(walk_path(parent, path, true));
}

struct config_node *find_config_node(const char *path)
{
	return find_relative_config_node(root, path);
}

struct config_node *create_config_node(const char *path)
{
	return create_relative_config_node(root, path);
}

void remove_config_node(const char *path)
{
	const char *dot = strrchr(path, '.');
	char *above = strndup(path, dot ? dot - path : 0);
	struct config_node *parent = above ? walk_path(root, above, false) :
					     NULL;
	const char *name = dot ? dot + 1 : path;
	struct config_node *node =
		parent ? find_child(parent, name, strlen(name)) : NULL;

	free(above);
	if (!node)
		return;
	TAILQ_REMOVE(&parent->children, node, link);
	free_node(node);
}

static void put(FILE *out, const char *value, unsigned int depth);

/* Writes the value that "%(key)" stands for; nothing if there is none. */
static void put_key(FILE *out, const char *key, size_t len, unsigned int depth)
{
	char *name = strndup(key, len);
	struct config_node *node = name ? walk_path(root, name, false) : NULL;

	if (node && node->value && depth < EXPAND_DEPTH) {
		node->read = true;
		put(out, node->value, depth + 1);
	}
	free(name);
}

static void put(FILE *out, const char *value, unsigned int depth)
{
	const char *end;

	for (; *value; value++) {
		if (value[0] == '%' && value[1] == '(' &&
		    (end = strchr(value, ')'))) {
			put_key(out, value + 2, end - value - 2, depth);
			value = end;
			continue;
		}
		if (value[0] == '%' && value[1] == '%')
			value++;
		fputc(*value, out);
	}
}

static const char *expand(struct config_node *node)
{
	size_t len;
	FILE *out;

	if (!strchr(node->value, '%'))
		return node->value;
	free(node->expanded);
	node->expanded = NULL;
	out = open_memstream(&node->expanded, &len);
	if (!out)
		die("out of memory");
	put(out, node->value, 0);
	fclose(out);
	return node->expanded;
}

const char *get_config_value_node(struct config_node *parent, const char *name)
{
	struct config_node *node = walk_path(parent, name, false);

	if (!node || !node->value)
		return NULL;
	node->read = true;
	return expand(node);
}

const char *get_config_value(const char *path)
{
	return get_config_value_node(root, path);
}

int set_config_value_node(struct config_node *parent, const char *name,
			  const char *value)
{
	struct config_node *node;
	char *copy;

	errno = 0;
	node = walk_path(parent, name, true);
	if (!node && errno == ENOMEM)
		return -ENOMEM;
	if (!node || node == parent || !TAILQ_EMPTY(&node->children))
		return -EINVAL;
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	free(node->value);
	node->value = copy;
	node->leaf = true;
	return 0;
}

int set_config_value(const char *path, const char *value)
{
	return set_config_value_node(root, path, value);
}

int walk_config_nodes(struct config_node *node, config_walk_t func, void *arg)
{
	struct config_node *child;
	int ret = 0;

	TAILQ_FOREACH (child, &node->children, link) {
		ret = child->leaf ?
			      func(child->name, expand(child), NULL, arg) :
			      func(child->name, NULL, child, arg);
		if (ret)
			break;
	}
	return ret;
}

void mark_config_read(struct config_node *node)
{
	struct config_node *child;

	if (!node)
		return;
	node->read = true;
	TAILQ_FOREACH (child, &node->children, link)
		mark_config_read(child);
}

void mark_config_value_read(const char *path)
{
	struct config_node *node = walk_path(root, path, false);

	if (node)
		node->read = true;
}

bool config_value_is_read(const char *path)
{
	const struct config_node *node = walk_path(root, path, false);

	return node && node->read;
}

static char *find_unread(const struct config_node *node, const char *prefix)
{
	struct config_node *child;
	char *path, *found;

	TAILQ_FOREACH (child, &node->children, link) {
		if (asprintf(&path, "%s%s%s", prefix, *prefix ? "." : "",
			     child->name) < 0)
			die("out of memory");
		if (child->leaf && !child->read)
			return path;
		found = find_unread(child, path);
		free(path);
		if (found)
			return found;
	}
	return NULL;
}

char *find_unread_config_key(void)
{
	return find_unread(root, "");
}

static void dump_node(FILE *fp, const struct config_node *node,
		      const char *prefix)
{
	struct config_node *child;
	char *path;

	TAILQ_FOREACH (child, &node->children, link) {
		if (asprintf(&path, "%s%s%s", prefix, *prefix ? "." : "",
			     child->name) < 0)
			die("out of memory");
		if (child->leaf)
			fprintf(fp, "%s=%s\n", path, child->value);
		dump_node(fp, child, path);
		free(path);
	}
}

void dump_config(FILE *fp)
{
	dump_node(fp, root, "");
}
