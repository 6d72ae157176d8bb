/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of work of io.c; each function does so many operations. */
#ifndef BENCH_IO_H
#define BENCH_IO_H

/*
 * A disk, without the page cache: 4 KiB at random offsets, the same in each
 * run.
 */
void disk_open(const char *path);
void disk_read(unsigned int ops); /* one at a time */
void disk_write(unsigned int ops);
void disk_read_deep(unsigned int ops); /* 32 at a time */
void disk_write_deep(unsigned int ops);

/* TCP: the peer at net_peer()'s @address runs net_serve(). */
void net_serve(void) __attribute__((noreturn));
void net_peer(const char *address);
void net_configure(const char *interface, const char *address);
void net_ask(unsigned int ops);	 /* one byte there and back */
void net_send(unsigned int ops); /* 64 KiB each */
void net_receive(unsigned int ops);

#endif
