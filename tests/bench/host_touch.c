/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's first writes to anonymous memory, in the same format as the
 * guest's benchmark: ticks of 16 ns, which under -icount are 16 instructions.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#define CHUNKS	  10
#define PER_CHUNK 1000
#define PAGE	  4096u
#define BLOCK	  0x200000u

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(void)
{
	size_t len = CHUNKS * PER_CHUNK * PAGE + BLOCK;
	volatile char *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("host_touch: mmap");
		return 1;
	}
	/* Aligned to a huge page, if there are any. */
	p = (char *)(((uintptr_t)p + BLOCK - 1) & -(uintptr_t)BLOCK);
	printf("bench host-touch");
	for (int i = 0; i < CHUNKS; i++) {
		uint64_t before = now_ns();

		for (int j = 0; j < PER_CHUNK; j++, p += PAGE)
			*p = 1;
		printf(" %u", (unsigned int)((now_ns() - before) / 16));
		fflush(stdout);
	}
	printf("\n");
	return 0;
}
