/* SPDX-License-Identifier: MIT */
#include "resolver/waiter.h"

#include <config.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver/poller.h"
#include "resolver/transport.h"

#define POLLED_MAX 16 /* descriptors that poll() looks after */

static bool grow(struct tw_waiter *waiter);
static int open_poller(struct tw_waiter *waiter);
static int left_ms(uint64_t until_us);
static int wait_once(struct tw_waiter *waiter, int left);
static int ask_poll(struct tw_waiter *waiter, int left);
static int ask_poller(struct tw_waiter *waiter, int left);

void tw_waiter_init(struct tw_waiter *waiter)
{
	memset(waiter, 0, sizeof(*waiter));
	tw_links_init(&waiter->ready);
	waiter->poller = -1;
	waiter->timer = -1;
	waiter->armed_us = UINT64_MAX;
}

void tw_waiter_release(struct tw_waiter *waiter)
{
	tw_waiter_forget(waiter);
	free(waiter->fds);
	free(waiter->watches);
}

void tw_waiter_forget(struct tw_waiter *waiter)
{
	if (waiter->timer >= 0 && waiter->timer != waiter->poller)
		close(waiter->timer);
	if (waiter->poller >= 0)
		close(waiter->poller);
	waiter->timer = -1;
	waiter->poller = -1;
	waiter->armed_us = UINT64_MAX;
	waiter->count = 0;
}

int tw_waiter_add(
	struct tw_waiter *waiter, struct tw_watch *watch, int fd, short events)
{
	int error = 0;

	if (waiter->count == waiter->size && !grow(waiter))
		return ENOMEM;
	if (waiter->count >= POLLED_MAX && waiter->poller < 0)
		open_poller(waiter); /* where that fails, poll() goes on */
	if (waiter->poller >= 0)
		error = tw_poller_add(waiter->poller, fd, events, watch);
	if (error != 0)
		return error;
	tw_links_init(&watch->ready);
	watch->slot = waiter->count++;
	waiter->watches[watch->slot] = watch;
	waiter->fds[watch->slot] =
		(struct pollfd){ .fd = fd, .events = events };
	return 0;
}

void tw_waiter_change(
	struct tw_waiter *waiter, struct tw_watch *watch, short events)
{
	struct pollfd *fd = &waiter->fds[watch->slot];

	if (fd->events == events)
		return;
	if (waiter->poller >= 0)
		tw_poller_change(
			waiter->poller, fd->fd, fd->events, events, watch);
	fd->events = events;
}

void tw_waiter_remove(struct tw_waiter *waiter, struct tw_watch *watch)
{
	size_t last = --waiter->count;

	tw_links_remove(&watch->ready);
	if (waiter->poller >= 0)
		tw_poller_remove(waiter->poller, waiter->fds[watch->slot].fd,
			waiter->fds[watch->slot].events);
	waiter->fds[watch->slot] = waiter->fds[last];
	waiter->watches[watch->slot] = waiter->watches[last];
	waiter->watches[watch->slot]->slot = watch->slot;
}

int tw_waiter_wait(struct tw_waiter *waiter, uint64_t until_us)
{
	for (;;) {
		int ready = wait_once(waiter, left_ms(until_us));

		if (ready < 0 && errno != EINTR)
			return errno;
		if (ready > 0 || until_us == 0 ||
			(ready == 0 && tw_clock_us() >= until_us))
			return 0;
	}
}

struct tw_watch *tw_waiter_next(struct tw_waiter *waiter)
{
	struct tw_links *first = waiter->ready.next;

	if (tw_links_is_alone(&waiter->ready))
		return NULL;
	tw_links_remove(first);
	return TW_OWNER(first, struct tw_watch, ready);
}

int tw_waiter_fd(struct tw_waiter *waiter)
{
	int error = 0;

	if (waiter->poller < 0)
		error = open_poller(waiter);
	if (error == 0 && waiter->timer < 0)
		error = tw_poller_add_timer(waiter->poller, &waiter->timer);
	errno = error;
	return error == 0 ? waiter->poller : -1;
}

void tw_waiter_arm(struct tw_waiter *waiter, uint64_t until_us)
{
	if (waiter->timer < 0 || waiter->armed_us == until_us)
		return;
	tw_poller_arm(waiter->timer, until_us);
	waiter->armed_us = until_us;
}

/* Room for twice as many. */
static bool grow(struct tw_waiter *waiter)
{
	size_t size = waiter->size > 0 ? 2 * waiter->size : POLLED_MAX;
	struct pollfd *fds = realloc(waiter->fds, size * sizeof(*fds));
	struct tw_watch **watches;

	if (fds == NULL)
		return false;
	waiter->fds = fds;
	watches = realloc(waiter->watches, size * sizeof(struct tw_watch *));
	if (watches == NULL)
		return false;
	waiter->watches = watches;
	waiter->size = size;
	return true;
}

/* Returns 0 or the errno. */
static int open_poller(struct tw_waiter *waiter)
{
	int poller = tw_poller_open();
	int error = poller < 0 ? errno : 0;

	for (size_t i = 0; error == 0 && i < waiter->count; i++)
		error = tw_poller_add(poller, waiter->fds[i].fd,
			waiter->fds[i].events, waiter->watches[i]);
	if (error == 0)
		waiter->poller = poller;
	else if (poller >= 0)
		close(poller);
	return error;
}

/* Rounded up: a wait that ends early would be a busy one. */
static int left_ms(uint64_t until_us)
{
	uint64_t now_us = until_us > 0 ? tw_clock_us() : 0;
	uint64_t left;

	if (until_us <= now_us)
		return 0;
	left = (until_us - now_us - 1) / 1000 + 1;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* Returns how many are ready, or -1 with errno. */
static int wait_once(struct tw_waiter *waiter, int left)
{
	return waiter->poller >= 0 ? ask_poller(waiter, left)
				   : ask_poll(waiter, left);
}

static int ask_poll(struct tw_waiter *waiter, int left)
{
	int ready = poll(waiter->fds, (nfds_t)waiter->count, left);
	int unseen = ready;

	for (size_t i = 0; unseen > 0 && i < waiter->count; i++) {
		if (waiter->fds[i].revents == 0)
			continue;
		tw_links_move(&waiter->ready, &waiter->watches[i]->ready);
		unseen--;
	}
	return ready;
}

static int ask_poller(struct tw_waiter *waiter, int left)
{
	void *owners[TW_POLLER_EVENTS];
	int ready = tw_poller_wait(waiter->poller, left, owners);

	for (int i = 0; i < ready; i++) {
		struct tw_watch *watch = owners[i];

		if (watch == NULL) /* the timer */
			waiter->armed_us = 0;
		else if (tw_links_is_alone(&watch->ready))
			tw_links_move(&waiter->ready, &watch->ready);
	}
	return ready;
}
