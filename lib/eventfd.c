/* SPDX-License-Identifier: BSD-2-Clause */
/* ioeventfds and irqfds. */
#include "lib/internal.h"

static int set_ioeventfd(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			 const uint64_t *match, uint32_t flags)
{
	struct vm_ioeventfd_args args = {
		.gpa = gpa,
		.data = match ? *match : 0,
		.len = len,
		.fd = fd,
		.flags = flags | (match ? VM_IOEVENTFD_F_DATAMATCH : 0),
	};

	return vmm_ioctl(ctx->fd, VM_IOEVENTFD, &args);
}

int vm_ioeventfd_assign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			const uint64_t *match)
{
	return set_ioeventfd(ctx, fd, gpa, len, match, 0);
}

int vm_ioeventfd_deassign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			  const uint64_t *match)
{
	return set_ioeventfd(ctx, fd, gpa, len, match, VM_IOEVENTFD_F_DEASSIGN);
}

static int set_irqfd(struct vmctx *ctx, int fd, uint32_t intid, uint32_t flags,
		     int resamplefd)
{
	struct vm_irqfd_args args = {
		.fd = fd,
		.intid = intid,
		.flags = flags,
		.resamplefd = resamplefd,
	};

	return vmm_ioctl(ctx->fd, VM_IRQFD, &args);
}

int vm_irqfd_assign(struct vmctx *ctx, int fd, uint32_t intid)
{
	return set_irqfd(ctx, fd, intid, 0, -1);
}

int vm_irqfd_assign_msi(struct vmctx *ctx, int fd, uint32_t intid)
{
	return set_irqfd(ctx, fd, intid, VM_IRQFD_F_MSI, -1);
}

int vm_irqfd_assign_level(struct vmctx *ctx, int fd, uint32_t intid,
			  int resamplefd)
{
	return set_irqfd(ctx, fd, intid, VM_IRQFD_F_RESAMPLE, resamplefd);
}

int vm_irqfd_deassign(struct vmctx *ctx, int fd, uint32_t intid)
{
	return set_irqfd(ctx, fd, intid, VM_IRQFD_F_DEASSIGN, -1);
}
