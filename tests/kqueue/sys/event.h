/* SPDX-License-Identifier: MIT */
/* As much of kqueue's interface as we use, to compile against on Linux. */
#ifndef STUB_SYS_EVENT_H
#define STUB_SYS_EVENT_H

#include <stdint.h>
#include <time.h>

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_TIMER (-7)
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ONESHOT 0x0010

struct kevent {
	uintptr_t ident;
	short filter;
	unsigned short flags;
	unsigned fflags;
	int64_t data;
	void *udata;
};

#define EV_SET(event, id, kind, what, more, value, owner) \
	(*(event) = (struct kevent){ .ident = (uintptr_t)(id), \
		 .filter = (kind), \
		 .flags = (unsigned short)(what), \
		 .fflags = (more), \
		 .data = (value), \
		 .udata = (owner) })

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count,
	struct kevent *events, int event_count, const struct timespec *timeout);

#endif
