/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eventfds whose signals send vectors of MSI-X. vmm.ko sends them by irqfds,
 * which follow the guest's changes of the table: a vector that is masked has to
 * become pending, which only bhyve can see to.
 */
#include "bhyve/base/mevent.h"
#include "bhyve/pci/pci_impl.h"
#include "lib/vmmapi.h"

/*
 * Taking an irqfd away also takes the signals that it has counted, and a new one
 * counts what was signalled before, so that no interrupt is lost in between.
 */
static void move(struct pci_devinst *pi, struct pci_irqfd *irqfd,
		 uint32_t intid)
{
	if (irqfd->intid)
		vm_irqfd_deassign(pi->ctx, irqfd->fd, irqfd->intid);
	irqfd->intid = 0;
	if (intid && vm_irqfd_assign_msi(pi->ctx, irqfd->fd, intid) == 0)
		irqfd->intid = intid;
}

static void update(struct pci_devinst *pi, struct pci_irqfd *irqfd)
{
	uint32_t intid = irqfd->on ? pci_msix_intid(pi, irqfd->vector) : 0;

	if (intid != irqfd->intid)
		move(pi, irqfd, intid);
	if (irqfd->on && !irqfd->intid)
		mevent_enable(irqfd->otherwise);
	else if (irqfd->otherwise)
		mevent_disable(irqfd->otherwise);
}

void pci_update_irqfds(struct pci_devinst *pi)
{
	struct pci_irqfd *irqfd;

	for (irqfd = pi->irqfds; irqfd; irqfd = irqfd->next)
		update(pi, irqfd);
}

void pci_add_irqfd(struct pci_devinst *pi, struct pci_irqfd *irqfd, int fd,
		   struct mevent *otherwise)
{
	*irqfd = (struct pci_irqfd){
		.next = pi->irqfds,
		.fd = fd,
		.otherwise = otherwise,
	};
	pi->irqfds = irqfd;
}

void pci_set_irqfd(struct pci_devinst *pi, struct pci_irqfd *irqfd, bool on,
		   uint16_t vector)
{
	pthread_mutex_lock(&pi->lock);
	irqfd->on = on;
	irqfd->vector = vector;
	update(pi, irqfd);
	pthread_mutex_unlock(&pi->lock);
}
