/* SPDX-License-Identifier: BSD-2-Clause */
/* Random instructions: the same words from the same seed. */
#ifndef TESTS_BOARD_RANDOM_WORDS_H
#define TESTS_BOARD_RANDOM_WORDS_H

#include <stdint.h>

static uint64_t rnd_state;

static inline void rnd_seed(uint32_t seed)
{
	rnd_state = seed * 0x9e3779b97f4a7c15ull + 1;
}

/* xorshift64* */
static inline uint32_t rnd(void)
{
	rnd_state ^= rnd_state >> 12;
	rnd_state ^= rnd_state << 25;
	rnd_state ^= rnd_state >> 27;
	return (uint32_t)((rnd_state * 2685821657736338717ull) >> 32);
}

/*
 * Encodings that can reach a hypervisor are rare among random words, so they
 * are made more frequent.
 */
static inline uint32_t random_word(void)
{
	static const uint32_t system[][2] = {
		/*
		 * fixed bits, random bits (DDI 0406C, ARM instruction set
		 * encoding)
		 */
		{ 0xee000f10, 0x00fff0ef }, /* MCR, MRC p15 */
		{ 0xee000e10, 0x00fff0ef }, /* MCR, MRC p14 */
		{ 0xee000a10, 0x00fff1ef }, /* VMRS and kin */
		{ 0xec400f00, 0x001ff0ff }, /* MCRR, MRRC p15 */
		{ 0xe1000070, 0x0000000f }, /* BKPT, HVC, SMC */
		{ 0xe1400070, 0x0000000f }, /* HVC */
		{ 0xe1600070, 0x0000000f }, /* SMC */
		{ 0xe320f000, 0x00000007 }, /* hints */
		{ 0xe1000000, 0x006ff30f }, /* MRS, MSR, banked ones */
		{ 0xf1000000, 0x000fffff }, /* CPS, SETEND */
		{ 0xf8000500, 0x01ffffff }, /* SRS, RFE */
		{ 0xe8000000, 0x01ffffff }, /* LDM, STM */
		{ 0xe0000090, 0x01ffff60 }, /* LDRD, LDRH and kin */
		{ 0xe1800f90, 0x007ff0ff }, /* LDREX and kin */
		{ 0xe4000000, 0x03ffffff }, /* LDR, STR */
		{ 0xec000a00, 0x01fff1ff }, /* VLDM and kin */
		{ 0xf4000000, 0x00efffff }, /* VLD1 and kin */
	};
	uint32_t pick = rnd() % 32, word = rnd();

	if (pick < sizeof(system) / sizeof(system[0]))
		return system[pick][0] | (word & system[pick][1]);
	return pick < 28 ? (word & 0x0fffffff) | 0xe0000000 : word;
}

/* In memory the first halfword has the lower address. */
static inline uint32_t swap_halves(uint32_t word)
{
	return word >> 16 | word << 16;
}

/*
 * Thumb coprocessor and memory encodings are made from ARM's; 16-bit words are
 * as frequent.
 */
static inline uint32_t random_thumb(void)
{
	uint32_t word = rnd();

	switch (rnd() & 3) {
	case 0:
		return swap_halves(random_word() | 0xe0000000);
	case 1:
		return word | 0xe800u;
	default:
		return word;
	}
}

#endif
