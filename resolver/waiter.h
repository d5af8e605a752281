/* SPDX-License-Identifier: MIT */
/*
 * Waiting for many descriptors: by poll() while they are few, and by epoll or
 * kqueue, where there is one, when they are many, or when a program wants one
 * descriptor for all of them and the time.
 */
#ifndef TW_WAITER_H
#define TW_WAITER_H

#include <poll.h>
#include <stdint.h>

#include "resolver/links.h"

/* One descriptor, and its place here. */
struct tw_watch {
	struct tw_links ready; /* in waiter->ready, or alone */
	size_t slot; /* in waiter->fds */
};

struct tw_waiter {
	struct pollfd *fds; /* count of them, without gaps */
	struct tw_watch **watches; /* of each of those */
	size_t count;
	size_t size; /* room */
	struct tw_links ready;
	int poller; /* -1: none so far */
	int timer; /* likewise */
	uint64_t armed_us; /* what the timer is set to */
};

void tw_waiter_init(struct tw_waiter *waiter);

/* Closes its own descriptors and gives up what it holds; not those that it
 * watches. */
void tw_waiter_release(struct tw_waiter *waiter);

/* In the child of a fork(): parts from the parent, and watches nothing. */
void tw_waiter_forget(struct tw_waiter *waiter);

/* Watches a descriptor for poll()'s events. Returns 0 or the errno. */
int tw_waiter_add(
	struct tw_waiter *waiter, struct tw_watch *watch, int fd, short events);

/* Watches it for other events from now on. */
void tw_waiter_change(
	struct tw_waiter *waiter, struct tw_watch *watch, short events);

/* Watches it no longer. Before it is closed: what others hold open, in a child
 * process, would be reported on. */
void tw_waiter_remove(struct tw_waiter *waiter, struct tw_watch *watch);

/* Waits for any until a time on tw_clock_us(). EINTR goes on waiting. Returns 0
 * or the errno. */
int tw_waiter_wait(struct tw_waiter *waiter, uint64_t until_us);

/* One for which there is something, each once. NULL: no more. */
struct tw_watch *tw_waiter_next(struct tw_waiter *waiter);

/* The descriptor of all, with the timer. -1 with errno: there is none. */
int tw_waiter_fd(struct tw_waiter *waiter);

/* Lets that descriptor become readable at a time, UINT64_MAX: at none. */
void tw_waiter_arm(struct tw_waiter *waiter, uint64_t until_us);

#endif
