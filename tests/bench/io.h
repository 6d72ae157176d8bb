/* SPDX-License-Identifier: BSD-2-Clause */
/* The work of io.c: of each, as many operations as are asked for. */
#ifndef BENCH_IO_H
#define BENCH_IO_H

/* A disk, without its page cache: 4 KiB at random, the same each time. */
void disk_open(const char *path);
void disk_read(unsigned int ops); /* one at a time */
void disk_write(unsigned int ops);
void disk_read_deep(unsigned int ops); /* 32 at a time */
void disk_write_deep(unsigned int ops);

/* TCP: a peer that is net_serve() at net_peer()'s @address. */
void net_serve(void) __attribute__((noreturn));
void net_peer(const char *address);
void net_configure(const char *interface, const char *address);
void net_ask(unsigned int ops);	 /* one byte there, one back */
void net_send(unsigned int ops); /* 64 KiB */
void net_receive(unsigned int ops);

#endif
