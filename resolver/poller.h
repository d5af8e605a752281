/* SPDX-License-Identifier: MIT */
/*
 * What the system has for waiting on many descriptors by one: epoll, kqueue, or
 * nothing, which is what tw_poller_open() says then. Functions that return an
 * int without more give 0 or the errno.
 */
#ifndef TW_POLLER_H
#define TW_POLLER_H

#include <stdint.h>

#define TW_POLLER_EVENTS 64

/* Returns the descriptor, or -1 with errno. */
int tw_poller_open(void);

/* Adds a descriptor for poll()'s events. `owner` comes back from
 * tw_poller_wait(), by kqueue once for each of two events. */
int tw_poller_add(int poller, int fd, short events, void *owner);
void tw_poller_change(
	int poller, int fd, short before, short events, void *owner);
void tw_poller_remove(int poller, int fd, short events);

/* Adds a timer, which is disarmed; its owner is NULL. *timer is a descriptor of
 * its own, or the poller. */
int tw_poller_add_timer(int poller, int *timer);

/* At a time on tw_clock_us(), 0: at once, UINT64_MAX: never. */
void tw_poller_arm(int timer, uint64_t until_us);

/* Returns how many owners there are, or -1 with errno. */
int tw_poller_wait(int poller, int left_ms, void *owners[TW_POLLER_EVENTS]);

#endif
