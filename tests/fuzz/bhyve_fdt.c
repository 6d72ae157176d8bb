/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged device trees for dtb=. */
#include <libfdt.h>
#include <stdlib.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fdt_params params = {
	.machine = &virt_machine,
	.ncpus = 2,
	.cpu_compatible = "arm,cortex-a15",
	.ram_size = 64 << 20,
	.initrd_gpa = 0x42000000,
	.initrd_len = 0x1000,
	.bootargs = "console=ttyAMA0",
};

/*
 * Makes a tree, and overwrites bytes of it: {offset (2), value}. Arbitrary
 * bytes hardly get past the header's checks.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char tree[0x8000], buf[0x10000];
	int dtb_len = fdt_build(tree, sizeof(tree), &params);
	char *dtb;
	int len;

	if (dtb_len < 0)
		abort();
	/*
	 * Exactly as long as the tree, so that the sanitizer sees reads behind
	 * it.
	 */
	dtb = malloc(dtb_len);
	__builtin_memcpy(dtb, tree, dtb_len);
	for (; size >= 3; data += 3, size -= 3)
		dtb[(data[0] << 8 | data[1]) % dtb_len] = data[2];
	len = fdt_adapt(buf, sizeof(buf), dtb, dtb_len, &params);
	if (len >= 0 && fdt_check_full(buf, len))
		abort();
	free(dtb);
	return 0;
}
