/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to running bhyves, each over its control socket.
 */
#ifndef BHYVECTL_ASK_H
#define BHYVECTL_ASK_H

#include <json-c/json.h>
#include <stdio.h>

/* bhyvectl's exit statuses. */
enum {
	NO_SUCH_VM = 1,
	WRONG_USAGE,
	NOT_DONE
};

/* A connection to the VM's bhyve, or a negative errno: there is none. */
int connect_vm(const char *name);

/*
 * Sends the request @word, with the descriptor @file unless that is -1. 0, and the
 * answer in *@answerp for the caller to put; or a negative errno: -EPROTO and -EPIPE:
 * the bhyve ended before it answered; any other: there is no such VM.
 */
int ask(const char *name, const char *word, int file,
	struct json_object **answerp);

/*
 * As ask(), but says on stderr what is wrong, be it in the answer, and returns an exit
 * status.
 */
int ask_or_say(const char *name, const char *word, int file,
	       struct json_object **answerp);

/* The "status" answers of all VMs of this user that run: an array, to be put. */
struct json_object *running_vms(void);

/* The member @key of @of as text or number; "" or 0 without one. */
const char *text_of(struct json_object *of, const char *key);
uint64_t number_of(struct json_object *of, const char *key);

/*
 * Prints what a copy of a running guest's memory has taken: the answer to "migrate" or
 * "checkpoint". @done is the first word.
 */
void print_copied(const char *done, struct json_object *answer);

/*
 * What a socket says, in @width columns at least: control characters, which would
 * command the terminal, as \\xNN.
 */
void print_plain(const char *text, int width, FILE *out);

#endif /* BHYVECTL_ASK_H */
