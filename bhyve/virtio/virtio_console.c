/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console device with several ports (virtio 1.2, 5.3). Each port is the
 * guest's end of a console (console.h). A port named "console" becomes a
 * terminal in the guest (Linux: hvcN), the others are plain channels. Each side
 * is told whether the other is connected. Input waits until a program in the
 * guest has opened the port, because its driver would discard it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/config/config.h"
#include "bhyve/console/console.h"
#include "bhyve/base/debug.h"
#include "bhyve/virtio/virtio.h"

#define VIRTIO_CONSOLE_F_SIZE	   (1ull << 0)
#define VIRTIO_CONSOLE_F_MULTIPORT (1ull << 1)

/* Messages of the control queues (5.3.6.2). */
#define VIRTIO_CONSOLE_DEVICE_READY 0
#define VIRTIO_CONSOLE_PORT_ADD	    1
#define VIRTIO_CONSOLE_PORT_READY   3
#define VIRTIO_CONSOLE_CONSOLE_PORT 4
#define VIRTIO_CONSOLE_PORT_OPEN    6
#define VIRTIO_CONSOLE_PORT_NAME    7
#define NMESSAGES		    8

#define QUEUE_SIZE   64
#define MAX_PORTS    16
#define NAME_MAX_LEN 64
/* Buffers handled in one go, so that other devices get their turn. */
#define BUDGET	 64
#define CTRL_RXQ 2
#define CTRL_TXQ 3

/* 5.3.4 */
struct console_config {
	uint16_t cols;
	uint16_t rows;
	uint32_t max_nr_ports;
	uint32_t emerg_wr;
};

struct control {
	uint32_t id;
	uint16_t event;
	uint16_t value;
};

struct port {
	struct console_softc *sc;
	unsigned int id;
	char name[NAME_MAX_LEN];
	struct console *cons;
	unsigned int tell; /* bit n: message n waits for a buffer */
	bool ready;	   /* the driver has the port */
	bool guest_open;
	bool sending;  /* the buffer tx is partly written */
	uint32_t sent; /* bytes of the buffer that is next, or of tx */
	struct vq_chain tx;
};

struct console_softc {
	struct virtio_dev *dev;
	unsigned int nports;
	bool size_wanted; /* the driver has written, and listens to a size */
	struct port ports[MAX_PORTS];
};

/* Port 0 has the first two queues, before the control queues (5.3.2). */
static struct virtqueue *port_queue(const struct port *p, bool transmit)
{
	unsigned int base = p->id ? 2 + 2 * p->id : 0;

	return &p->sc->dev->vqs[base + transmit];
}

static void send_control(struct port *p, struct virtqueue *vq,
			 const struct vq_chain *c, uint16_t event)
{
	struct control msg = { .id = p->id, .event = event, .value = 1 };
	size_t n;

	if (event == VIRTIO_CONSOLE_PORT_OPEN)
		msg.value = console_connected(p->cons);
	n = vq_chain_put(c, 0, &msg, sizeof(msg));
	if (event == VIRTIO_CONSOLE_PORT_NAME)
		n += vq_chain_put(c, sizeof(msg), p->name, strlen(p->name));
	virtio_put(vq, c, n);
}

/*
 * The lowest message number first, which is the order that the driver expects.
 */
static bool tell_one(struct port *p, struct virtqueue *vq)
{
	struct vq_chain chain;
	unsigned int event;

	for (event = 0; event < NMESSAGES; event++) {
		if (!(p->tell & (1u << event)))
			continue;
		if (!virtio_get(vq, &chain))
			return false;
		p->tell &= ~(1u << event);
		send_control(p, vq, &chain, event);
	}
	return true;
}

static void tell(struct console_softc *sc)
{
	struct virtqueue *vq = &sc->dev->vqs[CTRL_RXQ];
	unsigned int i = 0;

	while (i < sc->nports && tell_one(&sc->ports[i], vq))
		i++;
	virtio_signal(vq);
}

/* Without multiport there is no message that opens the one port. */
static bool is_open(const struct port *p)
{
	return p->guest_open ||
	       !virtio_has(p->sc->dev, VIRTIO_CONSOLE_F_MULTIPORT);
}

/* Puts input into one buffer; 0: there is no input. */
static size_t receive_one(struct port *p, struct virtqueue *vq,
			  const struct vq_chain *c)
{
	size_t n = 0;

	if (c->nwrite)
		n = console_read(p->cons, c->iov[c->nread].iov_base,
				 c->iov[c->nread].iov_len);
	if (n)
		virtio_put(vq, c, n);
	else
		vq_unget(vq, c);
	return n;
}

/* Passes input to the guest while there are buffers. */
static void receive(struct port *p)
{
	struct virtqueue *vq = port_queue(p, false);
	struct vq_chain chain;
	int budget = BUDGET;
	size_t n = 1;

	if (!is_open(p)) {
		console_want_input(p->cons, false);
		return;
	}
	while (budget && n && virtio_get(vq, &chain)) {
		n = receive_one(p, vq, &chain);
		budget--;
	}
	/*
	 * Either all input was taken, or the budget is used up; else the
	 * buffers ran out.
	 */
	console_want_input(p->cons, n == 0 || !budget);
	virtio_signal(vq);
}

/* Writes a buffer, from where it was left; false: the reader is slow. */
static bool send_chain(struct port *p)
{
	struct iovec part[VQ_MAX_SIZE];
	int i, n;

	n = iov_slice(p->tx.iov, p->tx.nread, p->sent, SIZE_MAX, part);
	for (i = 0; i < n; i++) {
		size_t done = console_write_later(p->cons, part[i].iov_base,
						  part[i].iov_len);

		p->sent += done;
		if (done < part[i].iov_len)
			return false;
	}
	return true;
}

/*
 * Linux reads the size when it is told of a change, and not before. Until it has
 * written it may have no port to give the size to.
 */
static void tell_size(struct console_softc *sc)
{
	if (sc->size_wanted || !virtio_has(sc->dev, VIRTIO_CONSOLE_F_SIZE))
		return;
	sc->size_wanted = true;
	virtio_config_changed(sc->dev);
}

/*
 * The driver gets its buffers back at once, because it may spin for them. It
 * gets an interrupt when they have been written, one for many (on_output()).
 */
static void transmit(struct port *p)
{
	struct virtqueue *vq = port_queue(p, true);
	int budget = BUDGET;
	bool taken = true;

	tell_size(p->sc);
	while (taken && budget-- && (p->sending || virtio_get(vq, &p->tx))) {
		taken = send_chain(p);
		p->sending = !taken;
		if (taken) {
			p->sent = 0;
			virtio_put(vq, &p->tx, 0);
		}
	}
	if (budget < 0)
		virtio_come_back(vq);
	console_want_output(p->cons, true);
}

static void driver_ready(struct console_softc *sc)
{
	unsigned int i;

	for (i = 0; i < sc->nports; i++)
		sc->ports[i].tell |= 1u << VIRTIO_CONSOLE_PORT_ADD;
}

static void port_ready(struct port *p)
{
	p->ready = true;
	p->tell |= 1u << VIRTIO_CONSOLE_PORT_OPEN |
		   1u << VIRTIO_CONSOLE_PORT_NAME;
	if (strcmp(p->name, "console") == 0)
		p->tell |= 1u << VIRTIO_CONSOLE_CONSOLE_PORT;
}

static void port_open(struct port *p, bool open)
{
	p->guest_open = open;
	receive(p);
}

static void control(struct console_softc *sc, const struct control *msg)
{
	if (msg->event == VIRTIO_CONSOLE_DEVICE_READY && msg->value == 1)
		driver_ready(sc);
	if (msg->id >= sc->nports)
		return;
	if (msg->event == VIRTIO_CONSOLE_PORT_READY && msg->value == 1)
		port_ready(&sc->ports[msg->id]);
	if (msg->event == VIRTIO_CONSOLE_PORT_OPEN)
		port_open(&sc->ports[msg->id], msg->value == 1);
}

static void control_queue(struct console_softc *sc, struct virtqueue *vq)
{
	struct vq_chain chain;
	struct control msg;
	int budget = BUDGET;

	for (; budget && virtio_get(vq, &chain); budget--) {
		if (vq_chain_get(&chain, 0, &msg, sizeof(msg)) == sizeof(msg))
			control(sc, &msg);
		virtio_put(vq, &chain, 0);
	}
	if (!budget)
		virtio_come_back(vq);
	virtio_signal(vq);
	tell(sc);
}

static void on_input(void *arg)
{
	struct port *p = arg;

	virtio_lock(p->sc->dev);
	receive(p);
	virtio_unlock(p->sc->dev);
}

static void on_output(void *arg)
{
	struct port *p = arg;

	virtio_lock(p->sc->dev);
	transmit(p);
	console_want_output(p->cons, p->sending);
	virtio_signal(port_queue(p, true));
	virtio_unlock(p->sc->dev);
}

static void on_connection(void *arg)
{
	struct port *p = arg;

	virtio_lock(p->sc->dev);
	if (p->ready)
		p->tell |= 1u << VIRTIO_CONSOLE_PORT_OPEN;
	tell(p->sc);
	virtio_unlock(p->sc->dev);
}

/* The port of a queue; NULL: a control queue. */
static struct port *queue_port(struct console_softc *sc, unsigned int index)
{
	return &sc->ports[index < CTRL_RXQ ? 0 : index / 2 - 1];
}

static void console_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct console_softc *sc = dev->softc;
	unsigned int i = vq->index;

	if (i == CTRL_RXQ)
		tell(sc);
	else if (i == CTRL_TXQ)
		control_queue(sc, vq);
	else if (i % 2)
		transmit(queue_port(sc, i));
	else
		receive(queue_port(sc, i));
}

/* Only a buffer that the user's end has not taken yet can be in flight. */
static void console_drain(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct port *p = queue_port(dev->softc, vq->index);

	p->sending = false;
	p->sent = 0;
	console_want_output(p->cons, false);
}

/* A buffer that is partly written is taken again later, from p->sent on. */
static void console_settle(struct virtio_dev *dev)
{
	struct console_softc *sc = dev->softc;

	for (unsigned int i = 0; i < sc->nports; i++) {
		struct port *p = &sc->ports[i];

		if (p->sending)
			vq_unget(port_queue(p, true), &p->tx);
		p->sending = false;
	}
}

static void port_state(struct port *p, struct state *s)
{
	STATE_MAX(s, p, tell, (1u << NMESSAGES) - 1);
	STATE(s, p, ready);
	STATE(s, p, guest_open);
	STATE_MAX(s, p, sent, VQ_MAX_BYTES);
	if (!state_is_loaded(s))
		return;
	/* The user's end may be connected on only one of the two hosts. */
	if (p->ready)
		p->tell |= 1u << VIRTIO_CONSOLE_PORT_OPEN;
	console_want_input(p->cons, is_open(p));
}

static void console_state(struct virtio_dev *dev, struct state *s)
{
	struct console_softc *sc = dev->softc;

	state_same(s, "the number of ports", sc->nports);
	for (unsigned int i = 0; i < sc->nports; i++)
		port_state(&sc->ports[i], s);
	/* The messages of p->tell are sent when the control queue is kicked. */
}

static void console_reset(struct virtio_dev *dev)
{
	struct console_softc *sc = dev->softc;
	unsigned int i;

	sc->size_wanted = false;
	for (i = 0; i < sc->nports; i++) {
		console_want_input(sc->ports[i].cons, false);
		console_want_output(sc->ports[i].cons, false);
		sc->ports[i].tell = 0;
		sc->ports[i].ready = false;
		sc->ports[i].guest_open = false;
	}
}

static void show_size(struct console_softc *sc)
{
	struct console_config *cfg = (void *)sc->dev->config;

	console_size(sc->ports[0].cons, &cfg->cols, &cfg->rows);
}

static void on_size(void *arg)
{
	struct port *p = arg;

	virtio_lock(p->sc->dev);
	show_size(p->sc);
	if (p->sc->size_wanted)
		virtio_config_changed(p->sc->dev);
	virtio_unlock(p->sc->dev);
}

static int add_port(const char *name, const char *value,
		    struct config_node *child, void *arg)
{
	struct console_softc *sc = arg;
	const char *path = get_config_value_node(child, "path");
	struct port *p = &sc->ports[sc->nports];
	char spec[256];

	(void)value;
	if (sc->nports == MAX_PORTS)
		die("%s: at most %d ports", sc->dev->tag, MAX_PORTS);
	name = get_config_value_node(child, "name");
	if (!name || !path || strlen(name) >= sizeof(p->name))
		die("%s: each port wants a name (below %d bytes) and a path",
		    sc->dev->tag, NAME_MAX_LEN);
	p->sc = sc;
	p->id = sc->nports++;
	memcpy(p->name, name, strlen(name));
	/* A bare path is that of a UNIX socket, as in FreeBSD's bhyve. */
	snprintf(spec, sizeof(spec), "%s%s", *path == '/' ? "unix:" : "", path);
	if (console_open(spec, &p->cons))
		die("%s: port %s cannot be opened", sc->dev->tag, name);
	console_listen(p->cons, on_input, on_output, p);
	console_listen_connection(p->cons, on_connection);
	return 0;
}

/*
 * With several ports a size goes to the driver in a message. Linux read rows and
 * columns in that as each other for years, and no longer does, which a device cannot
 * tell. A terminal that is the only port has its size in the configuration instead.
 */
static bool is_terminal_alone(struct config_node *node,
			      const struct console_softc *sc)
{
	struct config_node *port = find_relative_config_node(node, "port.0");
	const char *path = port ? get_config_value_node(port, "path") : "";

	return sc->nports == 1 && !strcmp(sc->ports[0].name, "console") &&
	       !strncmp(path, "stdio", 5);
}

static int console_init(struct virtio_dev *dev, struct config_node *node)
{
	struct console_softc *sc = calloc(1, sizeof(*sc));
	struct console_config *cfg = (void *)dev->config;
	struct config_node *ports = find_relative_config_node(node, "port");

	if (!sc)
		die("%s: out of memory", dev->tag);
	dev->softc = sc;
	sc->dev = dev;
	if (ports)
		walk_config_nodes(ports, add_port, sc);
	if (sc->nports == 0)
		die("%s: no port given: -s SLOT,virtio-console,NAME=PATH",
		    dev->tag);
	dev->config_len = sizeof(*cfg);
	if (is_terminal_alone(node, sc)) {
		dev->features |= VIRTIO_CONSOLE_F_SIZE;
		console_listen_size(sc->ports[0].cons, on_size);
		show_size(sc);
	} else {
		dev->features |= VIRTIO_CONSOLE_F_MULTIPORT;
	}
	cfg->max_nr_ports = sc->nports;
	return virtio_set_queues(dev, 2 * (sc->nports + 1), QUEUE_SIZE);
}

/* Turns one NAME=PATH into port.N.name and port.N.path. */
static int port_option(struct config_node *node, char *opt, unsigned int n)
{
	char *path = strchr(opt, '='), key[32];
	int error;

	if (!path || path == opt) {
		eprintln("virtio-console: \"%s\": a port is NAME=PATH, "
			 "NAME=pty or NAME=stdio",
			 opt);
		return -EINVAL;
	}
	*path++ = '\0';
	snprintf(key, sizeof(key), "port.%u.name", n);
	error = set_config_value_node(node, key, opt);
	snprintf(key, sizeof(key), "port.%u.path", n);
	return error ? error : set_config_value_node(node, key, path);
}

static int console_legacy_config(struct config_node *node, const char *opts)
{
	char *copy = strdup(opts), *rest = copy, *opt;
	unsigned int n = 0;
	int error = copy ? 0 : -ENOMEM;

	while (!error && (opt = next_config_option(&rest)))
		error = port_option(node, opt, n++);
	free(copy);
	return error;
}

static const struct virtio_dev_ops virtio_console = {
	.name = "virtio-console",
	.device_id = 3,
	.pci_class = 0x078000, /* simple communication, other */
	/* Linux's hvc driver spins until its buffer is returned. */
	.at_once = true,
	.legacy_config = console_legacy_config,
	.init = console_init,
	.drain = console_drain,
	.reset = console_reset,
	.settle = console_settle,
	.notify = console_notify,
};
VIRTIO_DEVICE(virtio_console, console_state);
