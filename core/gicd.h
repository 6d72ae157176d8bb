/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets of the GIC distributor's registers (IHI 0048B). NAME(n) is the nth of
 * those with a bit for each INTID (32 INTIDs each), and of ICFGR (16 INTIDs,
 * two bits each). Those with a byte for each INTID are numbered by INTID here;
 * IHI 0048B numbers them by words, so its number is a quarter of ours.
 */
#ifndef CORE_GICD_H
#define CORE_GICD_H

#define GICD_CTLR	  0x000
#define GICD_TYPER	  0x004
#define GICD_IIDR	  0x008
#define GICD_IGROUPR(n)	  (0x080 + 4 * (n))
#define GICD_ISENABLER(n) (0x100 + 4 * (n))
#define GICD_ICENABLER(n) (0x180 + 4 * (n))
#define GICD_ISPENDR(n)	  (0x200 + 4 * (n))
#define GICD_ICPENDR(n)	  (0x280 + 4 * (n))
#define GICD_ISACTIVER(n) (0x300 + 4 * (n))
#define GICD_ICACTIVER(n) (0x380 + 4 * (n))

#define GICD_IPRIORITYR(intid) (0x400 + (intid))
#define GICD_ITARGETSR(intid)  (0x800 + (intid))

#define GICD_ICFGR(n)	    (0xc00 + 4 * (n))
#define GICD_NSACR	    0xe00
#define GICD_SGIR	    0xf00
#define GICD_CPENDSGIR(sgi) (0xf10 + (sgi))
#define GICD_SPENDSGIR(sgi) (0xf20 + (sgi))
#define GICD_PIDR4	    0xfd0 /* the first of the identification registers */

#endif /* CORE_GICD_H */
