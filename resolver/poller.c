/* SPDX-License-Identifier: MIT */
#include "resolver/poller.h"

#include <config.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "resolver/transport.h"

#if defined(HAVE_EPOLL)

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>

static int control(int poller, int operation, int fd, short events, void *owner)
{
	struct epoll_event event = { .data.ptr = owner };

	if (events & POLLIN)
		event.events |= EPOLLIN;
	if (events & POLLOUT)
		event.events |= EPOLLOUT;
	return epoll_ctl(poller, operation, fd, &event) == 0 ? 0 : errno;
}

int tw_poller_open(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

int tw_poller_add(int poller, int fd, short events, void *owner)
{
	return control(poller, EPOLL_CTL_ADD, fd, events, owner);
}

void tw_poller_change(
	int poller, int fd, short before, short events, void *owner)
{
	(void)before;
	(void)control(poller, EPOLL_CTL_MOD, fd, events, owner);
}

void tw_poller_remove(int poller, int fd, short events)
{
	(void)control(poller, EPOLL_CTL_DEL, fd, events, NULL);
}

int tw_poller_add_timer(int poller, int *timer)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int error = fd < 0 ? errno : tw_poller_add(poller, fd, POLLIN, NULL);

	if (error == 0)
		*timer = fd;
	else if (fd >= 0)
		close(fd);
	return error;
}

void tw_poller_arm(int timer, uint64_t until_us)
{
	struct itimerspec at = { .it_value.tv_sec = 0 };

	if (until_us != UINT64_MAX) {
		at.it_value.tv_sec = (time_t)(until_us / 1000000);
		at.it_value.tv_nsec = (long)(until_us % 1000000) * 1000;
	}
	if (until_us == 0)
		at.it_value.tv_nsec = 1; /* 0 would disarm it */
	(void)timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

int tw_poller_wait(int poller, int left_ms, void *owners[TW_POLLER_EVENTS])
{
	struct epoll_event events[TW_POLLER_EVENTS];
	int ready = epoll_wait(poller, events, TW_POLLER_EVENTS, left_ms);

	for (int i = 0; i < ready; i++)
		owners[i] = events[i].data.ptr;
	return ready;
}

#elif defined(HAVE_KQUEUE)

#include <sys/event.h>
#include <sys/time.h>
#include <sys/types.h>

static int control(int poller, int fd, short events, int flags, void *owner)
{
	struct kevent changes[2];
	int count = 0;

	if (events & POLLIN)
		EV_SET(&changes[count++], fd, EVFILT_READ, flags, 0, 0, owner);
	if (events & POLLOUT)
		EV_SET(&changes[count++], fd, EVFILT_WRITE, flags, 0, 0, owner);
	return kevent(poller, changes, count, NULL, 0, NULL) == 0 ? 0 : errno;
}

int tw_poller_open(void)
{
	return kqueue();
}

int tw_poller_add(int poller, int fd, short events, void *owner)
{
	return control(poller, fd, events, EV_ADD, owner);
}

void tw_poller_change(
	int poller, int fd, short before, short events, void *owner)
{
	(void)control(poller, fd, before, EV_DELETE, owner);
	(void)control(poller, fd, events, EV_ADD, owner);
}

void tw_poller_remove(int poller, int fd, short events)
{
	(void)control(poller, fd, events, EV_DELETE, NULL);
}

int tw_poller_add_timer(int poller, int *timer)
{
	*timer = poller;
	return 0;
}

void tw_poller_arm(int timer, uint64_t until_us)
{
	uint64_t now_us = tw_clock_us();
	uint64_t left_us = until_us > now_us ? until_us - now_us : 0;
	struct kevent change;

	EV_SET(&change, 0, EVFILT_TIMER,
		until_us == UINT64_MAX ? EV_DELETE : EV_ADD | EV_ONESHOT, 0,
		(intptr_t)((left_us + 999) / 1000), NULL);
	(void)kevent(timer, &change, 1, NULL, 0, NULL);
}

int tw_poller_wait(int poller, int left_ms, void *owners[TW_POLLER_EVENTS])
{
	struct kevent events[TW_POLLER_EVENTS];
	struct timespec left = { .tv_sec = left_ms / 1000,
		.tv_nsec = (long)(left_ms % 1000) * 1000000 };
	int ready = kevent(poller, NULL, 0, events, TW_POLLER_EVENTS, &left);

	for (int i = 0; i < ready; i++)
		owners[i] = (void *)events[i].udata;
	return ready;
}

#else

int tw_poller_open(void)
{
	errno = ENOSYS;
	return -1;
}

int tw_poller_add(int poller, int fd, short events, void *owner)
{
	(void)poller;
	(void)fd;
	(void)events;
	(void)owner;
	return ENOSYS;
}

void tw_poller_change(
	int poller, int fd, short before, short events, void *owner)
{
	(void)before;
	(void)tw_poller_add(poller, fd, events, owner);
}

void tw_poller_remove(int poller, int fd, short events)
{
	(void)tw_poller_add(poller, fd, events, NULL);
}

int tw_poller_add_timer(int poller, int *timer)
{
	return tw_poller_add(poller, *timer, 0, NULL);
}

void tw_poller_arm(int timer, uint64_t until_us)
{
	(void)timer;
	(void)until_us;
}

int tw_poller_wait(int poller, int left_ms, void *owners[TW_POLLER_EVENTS])
{
	(void)poller;
	(void)left_ms;
	(void)owners;
	errno = ENOSYS;
	return -1;
}

#endif
