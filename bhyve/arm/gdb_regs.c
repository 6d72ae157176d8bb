/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that gdb sees. First come those of gdb's features
 * org.gnu.gdb.arm.core and org.gnu.gdb.arm.vfp, in the current mode's banks,
 * and then all others that vmm.ko lists, in a feature of our own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/arch.h"
#include "bhyve/gdb_arch.h"
#include "lib/reg_names.h"

#define MAXREGS	   256
#define NCORE	   17 /* R0 to R15, CPSR */
#define CPSR_INDEX 16
/* gdb's numbers 16 to 24 were the FPA's registers; QEMU omits them as well. */
#define CPSR_NUMBER 25

#ifndef HWCAP_VFPD32
#define HWCAP_VFPD32 (1ul << 19)
#endif

static struct {
	uint64_t id;
	int size;
} regs[MAXREGS];
static unsigned int nregs, ng;
static char *target_xml;

static unsigned int number_of(unsigned int index)
{
	return index < CPSR_INDEX ? index : index + CPSR_NUMBER - CPSR_INDEX;
}

static void add(FILE *xml, uint64_t id, const char *name, int size,
		const char *rest)
{
	if (nregs == MAXREGS)
		return;
	fprintf(xml, "<reg name=\"%s\" bitsize=\"%d\" regnum=\"%u\"%s/>\n",
		name, 8 * size, number_of(nregs), rest);
	regs[nregs].id = id;
	regs[nregs++].size = size;
}

static void add_core(FILE *xml)
{
	char name[8];

	fprintf(xml, "<feature name=\"org.gnu.gdb.arm.core\">\n");
	for (unsigned int i = 0; i <= 12; i++) {
		snprintf(name, sizeof(name), "r%u", i);
		add(xml, VM_REG_GUEST_CUR_R0 + i, name, 4, " type=\"uint32\"");
	}
	add(xml, VM_REG_GUEST_CUR_R0 + 13, "sp", 4, " type=\"data_ptr\"");
	add(xml, VM_REG_GUEST_CUR_R0 + 14, "lr", 4, "");
	add(xml, VM_REG_GUEST_PC, "pc", 4, " type=\"code_ptr\"");
	add(xml, VM_REG_GUEST_CPSR, "cpsr", 4, "");
	fprintf(xml, "</feature>\n");
}

/* The guest's number of D registers is the host's. */
static unsigned int vfp_registers(void)
{
#ifdef __arm__
	return getauxval(AT_HWCAP) & HWCAP_VFPD32 ? 32 : 16;
#else
	return 32;
#endif
}

static void add_vfp(FILE *xml)
{
	char name[8];

	fprintf(xml, "<feature name=\"org.gnu.gdb.arm.vfp\">\n");
	for (unsigned int i = 0; i < vfp_registers(); i++) {
		snprintf(name, sizeof(name), "d%u", i);
		add(xml, VM_REG_VFP_D(i), name, 8, " type=\"ieee_double\"");
	}
	add(xml, VM_REG_VFP_FPSCR, "fpscr", 4, " type=\"int\" group=\"float\"");
	fprintf(xml, "</feature>\n");
}

/* Whether the id is of no use to a debugger: sizes of caches, power states. */
static bool is_no_register(uint64_t id)
{
	return VM_REG_CLASS(id) == VM_REG_CLASS_CCSIDR ||
	       VM_REG_CLASS(id) == VM_REG_CLASS_VCPU;
}

static bool in_other_feature(uint64_t id)
{
	return id == VM_REG_GUEST_PC || id == VM_REG_GUEST_CPSR ||
	       (id >= VM_REG_GUEST_R0 && id < VM_REG_GUEST_R8) ||
	       (VM_REG_CLASS(id) == VM_REG_CLASS_VFP && id != VM_REG_VFP_FPEXC);
}

static int size_of(uint64_t id)
{
	return VM_REG_CLASS(id) == VM_REG_CLASS_CP15_64 ? 8 : 4;
}

/* gdb cannot parse names like "PRRR/MAIR0" and "p15,0,c1,c0,0". */
static void name_system(uint64_t id, char name[ARCH_REG_NAMELEN])
{
	arch_reg_name(id, name);
	if (id >= VM_REG_GUEST_R8 && id <= VM_REG_GUEST_R12)
		strcat(name, "_usr");
	for (char *c = strpbrk(name, "/,"); c; c = strpbrk(c, "/,"))
		*c = '_';
}

static int add_system(FILE *xml, struct vcpu *vcpu)
{
	uint64_t ids[MAXREGS];
	char name[ARCH_REG_NAMELEN];
	int n = vm_get_reg_list(vcpu, ids, MAXREGS);

	fprintf(xml, "<feature name=\"org.bhyvearm.system\">\n");
	for (int i = 0; i < n; i++) {
		if (in_other_feature(ids[i]) || is_no_register(ids[i]))
			continue;
		name_system(ids[i], name);
		add(xml, ids[i], name, size_of(ids[i]), " group=\"system\"");
	}
	fprintf(xml, "</feature>\n");
	return n < 0 ? n : 0;
}

int gdb_arch_init(struct vcpu *vcpu)
{
	size_t len;
	FILE *xml = open_memstream(&target_xml, &len);
	int ret;

	if (!xml)
		return -ENOMEM;
	nregs = 0;
	fprintf(xml, "<?xml version=\"1.0\"?>\n"
		     "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		     "<target>\n<architecture>arm</architecture>\n");
	add_core(xml);
	add_vfp(xml);
	ng = nregs;
	ret = add_system(xml, vcpu);
	fprintf(xml, "</target>\n");
	return fclose(xml) ? -ENOMEM : ret;
}

const char *gdb_arch_xml(const char *name)
{
	return strcmp(name, "target.xml") ? NULL : target_xml;
}

unsigned int gdb_arch_g_registers(void)
{
	return ng;
}

int gdb_arch_reg_index(uint64_t number)
{
	if (number < CPSR_INDEX)
		return number;
	if (number < CPSR_NUMBER || number - CPSR_NUMBER + CPSR_INDEX >= nregs)
		return -ENOENT;
	return number - CPSR_NUMBER + CPSR_INDEX;
}

int gdb_arch_reg_size(unsigned int index)
{
	return index < nregs ? regs[index].size : -ENOENT;
}

int gdb_arch_get_reg(struct vcpu *vcpu, unsigned int index,
		     uint8_t bytes[GDB_REG_BYTES])
{
	uint64_t val;
	int ret;

	if (index >= nregs)
		return -ENOENT;
	ret = vm_get_register(vcpu, regs[index].id, &val);
	for (int i = 0; i < GDB_REG_BYTES; i++)
		bytes[i] = ret ? 0 : val >> 8 * i;
	return ret ? ret : regs[index].size;
}

int gdb_arch_set_reg(struct vcpu *vcpu, unsigned int index,
		     const uint8_t bytes[GDB_REG_BYTES])
{
	uint64_t val = 0;

	if (index >= nregs)
		return -ENOENT;
	for (int i = 0; i < regs[index].size; i++)
		val |= (uint64_t)bytes[i] << 8 * i;
	return vm_set_register(vcpu, regs[index].id, val);
}

uint64_t gdb_arch_pc(struct vcpu *vcpu)
{
	uint64_t pc = 0;

	vm_get_register(vcpu, VM_REG_GUEST_PC, &pc);
	return pc;
}

int gdb_arch_set_pc(struct vcpu *vcpu, uint64_t pc)
{
	return vm_set_register(vcpu, VM_REG_GUEST_PC, pc);
}
