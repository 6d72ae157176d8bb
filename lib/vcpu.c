/* SPDX-License-Identifier: BSD-2-Clause */
/* One vCPU. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lib/internal.h"

int vm_vcpu_open(struct vmctx *ctx, unsigned int id, struct vcpu **vcpup)
{
	struct vcpu *vcpu;
	void *run;
	int fd, ret;

	if (id >= VM_MAXCPU)
		return -EINVAL;
	vcpu = &ctx->vcpus[id];
	if (vcpu->fd >= 0)
		return -EEXIST;
	fd = vmm_ioctl_num(ctx->fd, VM_CREATE_VCPU, id);
	if (fd < 0)
		return fd;
	run = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		   MAP_SHARED, fd, 0);
	if (run == MAP_FAILED) {
		ret = -errno;
		close(fd);
		return ret;
	}
	madvise(run, sysconf(_SC_PAGESIZE), MADV_DONTFORK);
	*vcpu = (struct vcpu){ .ctx = ctx, .id = id, .fd = fd, .run = run };
	*vcpup = vcpu;
	return 0;
}

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	if (id >= VM_MAXCPU || ctx->vcpus[id].fd < 0)
		return NULL;
	return &ctx->vcpus[id];
}

unsigned int vcpu_id(const struct vcpu *vcpu)
{
	return vcpu->id;
}

struct vmctx *vcpu_ctx(const struct vcpu *vcpu)
{
	return vcpu->ctx;
}

struct vm_run *vcpu_run_page(const struct vcpu *vcpu)
{
	return vcpu->run;
}

int vm_run(struct vcpu *vcpu)
{
	/* read() itself is a cancellation point, which costs a few dozen
	 * instructions. */
	int ret = syscall(SYS_read, vcpu->fd, NULL, 0) < 0 ? -errno : 0;

	/*
	 * The flags were about the last exit and are used up now. A call that
	 * was interrupted may have returned before it read them.
	 */
	if (!ret)
		vcpu->run->flags = 0;
	return ret;
}

int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	struct vm_register_args args = { .id = id, .val = val };

	return vmm_ioctl(vcpu->fd, VM_SET_REGISTER, &args);
}

int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	struct vm_register_args args = { .id = id };
	int ret;

	ret = vmm_ioctl(vcpu->fd, VM_GET_REGISTER, &args);
	if (!ret)
		*val = args.val;
	return ret;
}

int vm_set_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			const uint64_t *vals)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++)
		ret = vm_set_register(vcpu, ids[i], vals[i]);
	return ret;
}

int vm_get_register_set(struct vcpu *vcpu, size_t n, const uint64_t *ids,
			uint64_t *vals)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++)
		ret = vm_get_register(vcpu, ids[i], &vals[i]);
	return ret;
}

int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n)
{
	struct vm_reg_list_args args = { .n = n, .ids = (uintptr_t)ids };
	int ret;

	ret = vmm_ioctl(vcpu->fd, VM_GET_REG_LIST, &args);
	return ret ? ret : (int)args.n;
}

int vm_set_capability(struct vcpu *vcpu, enum vm_cap_type type, uint32_t val)
{
	struct vm_capability_args args = { .type = type, .val = val };

	return vmm_ioctl(vcpu->fd, VM_SET_CAPABILITY, &args);
}

int vm_inject_exception(struct vcpu *vcpu, uint64_t esr, uint64_t far)
{
	struct vm_exception_args args = { .esr = esr, .far = far };

	return vmm_ioctl(vcpu->fd, VM_INJECT_EXCEPTION, &args);
}

int vm_set_debug(struct vcpu *vcpu, const struct vm_debug_args *debug)
{
	struct vm_debug_args args = *debug;

	return vmm_ioctl(vcpu->fd, VM_SET_DEBUG, &args);
}

int vm_get_stats(struct vcpu *vcpu, uint64_t *values, uint32_t n)
{
	struct vm_stats_args args = { .n = n, .values = (uintptr_t)values };
	int ret;

	ret = vmm_ioctl(vcpu->fd, VM_STATS, &args);
	return ret ? ret : (int)args.n;
}
