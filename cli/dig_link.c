/* SPDX-License-Identifier: MIT */
#include "cli/dig_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clock.h"
#include "cli/octets.h"
#include "cli/sockaddr.h"

#define MESSAGE_MAX 65535

static enum tw_link_end receive_tcp(
	struct tw_link *link, uint8_t *octets, size_t size);

static const char *reason_of(int error)
{
	switch (error) {
	case ETIMEDOUT:
		return "timed out";
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
	case EPIPE:
		return "connection reset";
	case ENETUNREACH:
		return "network unreachable";
	case EHOSTUNREACH:
		return "host unreachable";
	case EADDRNOTAVAIL:
		return "address not available";
	case EADDRINUSE:
		return "address in use";
	case EACCES:
	case EPERM:
		return "permission denied";
	default:
		return "failure";
	}
}

static enum tw_link_end end(
	struct tw_link *link, enum tw_link_end end, int error)
{
	link->reason = reason_of(error);
	link->error = error;
	return end;
}

/* Returns 0 when there is something to do, else the errno. */
static int wait_for(const struct tw_link *link, short events)
{
	struct pollfd fd = { link->fd, events, 0 };
	uint64_t now = tw_monotonic_us(), left_ms;
	int count;

	do {
		left_ms = now < link->until_us
			? (link->until_us - now + 999) / 1000
			: 0;
		count = poll(
			&fd, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
		now = tw_monotonic_us();
	} while ((count < 0 && errno == EINTR) ||
		(count == 0 && now < link->until_us));
	if (count < 0)
		return errno;
	return count == 0 ? ETIMEDOUT : 0;
}

/* 0 when connected, else the errno. */
static int connect_to(
	const struct tw_link *link, const struct trowel_address *server)
{
	struct sockaddr_storage storage;
	socklen_t length = tw_sockaddr_make(server, &storage);
	int error = 0;

	if (connect(link->fd, (struct sockaddr *)&storage, length) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	error = wait_for(link, POLLOUT);
	length = sizeof(error);
	if (!error &&
		getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	return error;
}

static int bind_to(
	const struct tw_link *link, const struct trowel_address *source)
{
	struct sockaddr_storage storage;
	socklen_t length;

	if (source->family == 0)
		return 0;
	length = tw_sockaddr_make(source, &storage);
	return bind(link->fd, (struct sockaddr *)&storage, length) < 0 ? errno
								       : 0;
}

/* A query is far smaller than what a socket takes at once. */
static int send_query(
	const struct tw_link *link, const uint8_t *query, size_t length)
{
	uint8_t octets[2 + TROWEL_QUERY_SIZE + 2048];
	size_t start = link->is_tcp ? 2 : 0;

	if (length > sizeof(octets) - 2)
		return EMSGSIZE;
	octets[0] = (uint8_t)(length / 256);
	octets[1] = (uint8_t)(length % 256);
	memcpy(octets + start, query, length);
	return send(link->fd, octets, start + length, MSG_NOSIGNAL) < 0 ? errno
									: 0;
}

enum tw_link_end tw_link_open(struct tw_link *link,
	const struct trowel_address *source,
	const struct trowel_address *server, const uint8_t *query,
	size_t length)
{
	int error;

	link->until_us = tw_monotonic_us() + link->timeout_us;
	link->fd = socket(server->family == 4 ? AF_INET : AF_INET6,
		link->is_tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (link->fd < 0 || fcntl(link->fd, F_SETFD, FD_CLOEXEC) < 0 ||
		fcntl(link->fd, F_SETFL, O_NONBLOCK) < 0)
		return end(link, TW_LINK_REFUSED, errno);
	error = bind_to(link, source);
	if (!error)
		error = connect_to(link, server);
	if (error)
		return end(link, TW_LINK_REFUSED, error);
	error = send_query(link, query, length);
	return error ? end(link, TW_LINK_BROKEN, error) : TW_LINK_OK;
}

enum tw_link_end tw_link_receive(
	struct tw_link *link, uint8_t octets[65535], size_t *length)
{
	uint8_t size[2];
	enum tw_link_end ended;
	ssize_t got;
	int error;

	if (link->is_tcp) {
		*length = 0;
		ended = receive_tcp(link, size, sizeof(size));
		if (ended != TW_LINK_OK)
			return ended;
		*length = tw_u16_of(size);
		ended = receive_tcp(link, octets, *length);
	} else {
		error = wait_for(link, POLLIN);
		got = error ? -1 : recv(link->fd, octets, MESSAGE_MAX, 0);
		if (got < 0)
			return end(link, TW_LINK_BROKEN, error ? error : errno);
		*length = (size_t)got;
		ended = TW_LINK_OK;
	}
	link->until_us = tw_monotonic_us() + link->timeout_us;
	return ended;
}

static enum tw_link_end receive_tcp(
	struct tw_link *link, uint8_t *octets, size_t size)
{
	size_t done = 0;
	ssize_t got;
	int error;

	while (done < size) {
		error = wait_for(link, POLLIN);
		got = error ? -1
			    : recv(link->fd, octets + done, size - done, 0);
		if (got < 0)
			return end(link, TW_LINK_BROKEN, error ? error : errno);
		if (got == 0) {
			link->reason = "end of file";
			link->error = 0;
			return TW_LINK_BROKEN;
		}
		done += (size_t)got;
	}
	return TW_LINK_OK;
}

void tw_link_close(struct tw_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}
