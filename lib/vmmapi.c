/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes, ends and resets a VM; its interrupt controller and its time. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/internal.h"

int vmm_ioctl(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

int vmm_ioctl_num(int fd, unsigned long request, unsigned long arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

static int vmm_create_fd(const char *name)
{
	struct vm_create_args args = { .abi_version = VMM_ABI_VERSION };
	int fd, ret;

	strcpy(args.name, name);
	fd = open("/dev/vmm", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = vmm_ioctl(fd, VMM_CREATE_VM, &args);
	close(fd);
	return ret;
}

int vm_create(const char *name, struct vmctx **ctxp)
{
	struct vmctx *ctx;
	int fd;

	if (!*name || strlen(name) > VM_MAX_NAMELEN || strchr(name, '/'))
		return -EINVAL;
	ctx = calloc(1, sizeof(*ctx));
	if (!ctx)
		return -ENOMEM;
	fd = vmm_create_fd(name);
	if (fd < 0) {
		free(ctx);
		return fd;
	}
	ctx->fd = fd;
	strcpy(ctx->name, name);
	for (unsigned int i = 0; i < VM_MAXCPU; i++)
		ctx->vcpus[i].fd = -1;
	*ctxp = ctx;
	return 0;
}

void vm_destroy(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < VM_MAXCPU; i++) {
		struct vcpu *vcpu = &ctx->vcpus[i];

		if (vcpu->fd < 0)
			continue;
		munmap(vcpu->run, sysconf(_SC_PAGESIZE));
		close(vcpu->fd);
	}
	vm_free_posted(ctx);
	close(ctx->fd);
	vm_free_memory(ctx);
	free(ctx);
}

const char *vm_get_name(const struct vmctx *ctx)
{
	return ctx->name;
}

int vm_attach_vgic(struct vmctx *ctx, uint64_t dist_gpa, uint64_t cpu_gpa,
		   uint32_t nirqs, uint32_t ncpus)
{
	struct vm_vgic_args args = {
		.dist_gpa = dist_gpa,
		.cpu_gpa = cpu_gpa,
		.nirqs = nirqs,
		.ncpus = ncpus,
	};

	return vmm_ioctl(ctx->fd, VM_ATTACH_VGIC, &args);
}

static int set_irq(struct vmctx *ctx, uint32_t intid, uint32_t level)
{
	struct vm_irq_args args = { .intid = intid, .level = level };

	return vmm_ioctl(ctx->fd, VM_ASSERT_IRQ, &args);
}

int vm_assert_irq(struct vmctx *ctx, uint32_t intid)
{
	return set_irq(ctx, intid, 1);
}

int vm_deassert_irq(struct vmctx *ctx, uint32_t intid)
{
	return set_irq(ctx, intid, 0);
}

int vm_raise_msi(struct vmctx *ctx, uint64_t addr, uint64_t data)
{
	struct vm_msi_args args = { .addr = addr, .data = data };

	return vmm_ioctl(ctx->fd, VM_RAISE_MSI, &args);
}

int vm_suspend(struct vmctx *ctx, enum vm_suspend_how how)
{
	struct vm_suspend_args args = { .how = how };

	return vmm_ioctl(ctx->fd, VM_SUSPEND, &args);
}

int vm_reinit(struct vmctx *ctx)
{
	return vmm_ioctl_num(ctx->fd, VM_REINIT, 0);
}

int vm_get_time(struct vmctx *ctx, uint64_t *count)
{
	struct vm_time_args args = { 0 };
	int ret = vmm_ioctl(ctx->fd, VM_GET_TIME, &args);

	*count = args.count;
	return ret;
}

int vm_set_time(struct vmctx *ctx, uint64_t count)
{
	struct vm_time_args args = { .count = count };

	return vmm_ioctl(ctx->fd, VM_SET_TIME, &args);
}

int vm_get_vgic_state(struct vmctx *ctx, struct vm_vgic_state *state)
{
	return vmm_ioctl(ctx->fd, VM_GET_VGIC, state);
}

int vm_set_vgic_state(struct vmctx *ctx, const struct vm_vgic_state *state)
{
	return vmm_ioctl(ctx->fd, VM_SET_VGIC, (void *)(uintptr_t)state);
}

int vm_suspend_cpu(struct vmctx *ctx, unsigned int id)
{
	return vmm_ioctl_num(ctx->fd, VM_SUSPEND_CPU, id);
}

int vm_resume_cpu(struct vmctx *ctx, unsigned int id)
{
	return vmm_ioctl_num(ctx->fd, VM_RESUME_CPU, id);
}
