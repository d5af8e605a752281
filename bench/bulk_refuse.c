/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: a kernel that does less. BULK_REFUSE=buffers: socket buffers stay as
 * they are, as for those who may not enlarge them. BULK_REFUSE=offload: there is
 * neither UDP_SEGMENT nor UDP_GRO.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool refuses(const char *what)
{
	const char *given = getenv("BULK_REFUSE");

	return given && strcmp(given, what) == 0;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	static int (*next)(int, int, int, const void *, socklen_t);

	if (level == SOL_SOCKET &&
		(name == SO_RCVBUF || name == SO_RCVBUFFORCE ||
			name == SO_SNDBUF || name == SO_SNDBUFFORCE) &&
		refuses("buffers"))
		return 0;
	if (level == IPPROTO_UDP && refuses("offload")) {
		errno = ENOPROTOOPT;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "setsockopt");
	return next(fd, level, name, value, length);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	static int (*next)(int, struct mmsghdr *, unsigned, int);

	if (messages->msg_hdr.msg_controllen > 0 && refuses("offload")) {
		errno = EINVAL;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "sendmmsg");
	return next(fd, messages, count, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	static ssize_t (*next)(int, const struct msghdr *, int);

	if (message->msg_controllen > 0 && refuses("offload")) {
		errno = EINVAL;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "sendmsg");
	return next(fd, message, flags);
}
