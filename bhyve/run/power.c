/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals, and the power button. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include "bhyve/base/debug.h"
#include "bhyve/dev/gpio_pl061.h"
#include "bhyve/base/mevent.h"
#include "bhyve/run/power.h"
#include "bhyve/run/receive.h"
#include "bhyve/machine/device.h"
#include "bhyve/run/vmexit.h"
#include "lib/vmmapi.h"

static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
static struct vmctx *vm;
static int fatal_signal;

/* A shell lets a background job ignore SIGINT; nohup does so with SIGHUP. */
static bool is_ignored(int signo)
{
	struct sigaction sa;

	return sigaction(signo, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

/*
 * Registered first, so called last at exit: dies of the signal that asked for
 * the exit, so that the parent process sees it.
 */
static void reraise(void)
{
	sigset_t set;

	if (!fatal_signal)
		return;
	signal(fatal_signal, SIG_DFL);
	raise(fatal_signal);
	sigemptyset(&set);
	sigaddset(&set, fatal_signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void power_block_signals(void)
{
	sigset_t set;

	atexit(reraise);
	sigemptyset(&set);
	for (unsigned int i = 0; i < 3; i++)
		if (!is_ignored(signals[i]))
			sigaddset(&set, signals[i]);
	sigaddset(&set, SIGCONT);
	sigaddset(&set, SIGWINCH);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	/* A console's reader may go away; write() reports that as well. */
	signal(SIGPIPE, SIG_IGN);
}

/*
 * A second press, such as managers send each second, means the same as the
 * first. The power is cut if the guest has not read the button in this time, or
 * by a third press when the first was that long ago.
 */
#define PATIENCE_NS UINT64_C(10000000000)

static struct {
	struct mevent *patience;
	bool waiting; /* the guest has not read the button yet */
	unsigned int presses;
	uint64_t first_ns;
} button;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static void forget_button(void *arg)
{
	(void)arg;
	button.presses = 0;
	button.waiting = false;
	mevent_timer(button.patience, 0);
}

static void wait_for_guest(void)
{
	button.waiting = true;
	mevent_timer(button.patience, PATIENCE_NS);
}

static void on_patience(int fd, enum ev_type type, void *arg)
{
	(void)fd, (void)type, (void)arg;
	button.waiting = false;
	if (!pl061_press_is_owed())
		return;
	if (vcpus_paused()) {
		wait_for_guest();
		return;
	}
	eprintln("the guest does not listen to its power button: power off");
	suspend_vm(vm, VM_SUSPEND_POWEROFF);
}

void power_button(void)
{
	if (receive_is_waiting()) {
		end_vm(BHYVE_POWEROFF);
		return;
	}
	if (!button.presses++)
		button.first_ns = now_ns();
	if (button.presses > 2 && now_ns() - button.first_ns >= PATIENCE_NS) {
		suspend_vm(vm, VM_SUSPEND_POWEROFF);
		return;
	}
	pl061_press_power_button();
	if (!button.waiting)
		wait_for_guest();
}

static void on_sigterm(int signo, enum ev_type type, void *arg)
{
	(void)signo, (void)type, (void)arg;
	power_button();
}

/* Exits, which cleans up, and then dies of the signal (see reraise()). */
static void on_sigint(int signo, enum ev_type type, void *arg)
{
	(void)type, (void)arg;
	fatal_signal = signo;
	exit(0);
}

int power_init(struct vmctx *ctx)
{
	vm = ctx;
	button.patience = mevent_timer_add(on_patience, NULL);
	if (!button.patience)
		return -ENOMEM;
	register_device("button", 0, forget_button, state_none, NULL);
	for (unsigned int i = 0; i < 3; i++) {
		mevent_func_t func = signals[i] == SIGTERM ? on_sigterm :
							     on_sigint;

		if (!is_ignored(signals[i]) &&
		    !mevent_add(signals[i], EVF_SIGNAL, func, NULL))
			return -ENOMEM;
	}
	return 0;
}
