/* SPDX-License-Identifier: MIT */
#include "resolver/transport.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "resolver/address.h"
#include "resolver/stream.h"
#include "wire/cursor.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE stands in for it */
#endif

#define ERRORS_MAX 64 /* taken off a socket's error queue at a time */
#define LEFT_MAX 64 /* datagrams that a socket is worth emptying of */

static int open_descriptor(int family, int type);
static int call_with(int (*call)(int, const struct sockaddr *, socklen_t),
	int fd, const struct trowel_address *address, uint16_t port);
static void set_options(int fd, int family, bool tcp);
static void set_option(int fd, int level, int option, int value);
static enum tw_event receive_udp(struct tw_socket *socket, uint8_t *buffer,
	size_t size, size_t *length, int *error);
static void drop_errors(int fd);

int tw_socket_open(struct tw_socket *socket, bool tcp,
	const struct trowel_address *server,
	const struct trowel_address *source)
{
	int family = server->family == 4 ? AF_INET : AF_INET6;
	int error = 0;

	memset(socket, 0, sizeof(*socket));
	socket->tcp = tcp;
	socket->fd = open_descriptor(family, tcp ? SOCK_STREAM : SOCK_DGRAM);
	if (socket->fd < 0)
		return errno;
	set_options(socket->fd, family, tcp);
	if (source != NULL)
		error = call_with(bind, socket->fd, source, 0);
	if (error == 0)
		error = tw_socket_connect(socket, server);
	if (error != 0)
		tw_socket_close(socket);
	return error;
}

bool tw_socket_part(struct tw_socket *socket)
{
#ifdef HAVE_EPOLL
	/* Linux: this gives the port back. Elsewhere it may stay, or not. */
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	uint8_t octet;
	ssize_t got = 0;

	if (socket->fd < 0 || connect(socket->fd, &nobody, sizeof(nobody)) != 0)
		return false;
	for (int i = 0; i < LEFT_MAX && got >= 0; i++)
		got = recv(socket->fd, &octet, sizeof(octet), 0);
	return got < 0 && tw_is_again(errno);
#else
	(void)socket;
	return false;
#endif
}

/* This also picks the source port; the kernel does it at random, and a socket
 * serves one attempt alone until it is parted (RFC 5452 9.2). Interrupted by a
 * signal, TCP goes on as if it had not been waited for. */
int tw_socket_connect(
	struct tw_socket *socket, const struct trowel_address *server)
{
	int error = call_with(connect, socket->fd, server, TROWEL_PORT);

	return error == EINPROGRESS || error == EINTR ? 0 : error;
}

int tw_socket_send(
	struct tw_socket *socket, const uint8_t *octets, size_t length)
{
	ssize_t sent;

	if (socket->fd < 0)
		return EBADF;
	if (length > TROWEL_MESSAGE_MAX)
		return EMSGSIZE;
	if (socket->tcp)
		return tw_stream_send(socket, octets, length);
	do
		sent = send(socket->fd, octets, length, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno;
	return (size_t)sent == length ? 0 : EMSGSIZE;
}

enum tw_event tw_socket_receive(struct tw_socket *socket, uint8_t *buffer,
	size_t size, const uint8_t **octets, size_t *length, int *error)
{
	*octets = buffer;
	*length = 0;
	*error = 0;
	if (socket->fd < 0)
		return TW_EVENT_NONE;
	if (socket->tcp)
		return tw_stream_receive(socket, octets, length, error);
	return receive_udp(socket, buffer, size, length, error);
}

short tw_socket_events(const struct tw_socket *socket)
{
	return socket->sent < socket->queries_length ? POLLIN | POLLOUT
						     : POLLIN;
}

void tw_socket_close(struct tw_socket *socket)
{
	tw_stream_release(socket);
	if (socket->fd < 0)
		return;
	/* Not again after EINTR: the descriptor may be another's by then. */
	close(socket->fd);
	socket->fd = -1;
}

uint64_t tw_clock_us(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int open_descriptor(int family, int type)
{
#if HAVE_DECL_SOCK_CLOEXEC && HAVE_DECL_SOCK_NONBLOCK
	return socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
	int fd = socket(family, type, 0);

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
		fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
		return fd;
	close(fd);
	return -1;
#endif
}

/* bind() or connect(). Returns 0 or the errno. */
static int call_with(int (*call)(int, const struct sockaddr *, socklen_t),
	int fd, const struct trowel_address *address, uint16_t port)
{
	struct sockaddr_storage storage;
	socklen_t size = tw_address_to_sockaddr(address, port, &storage);

	return call(fd, (const struct sockaddr *)&storage, size) == 0 ? 0
								      : errno;
}

/* None of these is needed for a lookup to work, so that failures do not
 * count. */
static void set_options(int fd, int family, bool tcp)
{
#ifdef SO_NOSIGPIPE
	set_option(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
	if (tcp) {
		/* A query does not wait for the acknowledgement of another. */
		set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
		return;
	}
	/* Path MTU discovery would let forged ICMP messages shrink what we
	 * send (RFC 9715 3.1); errors of the path end an attempt at once only
	 * where they are asked for. */
	if (family == AF_INET) {
#if defined(IP_MTU_DISCOVER) && defined(IP_PMTUDISC_DONT)
		set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
#endif
#if HAVE_DECL_IP_RECVERR
		set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
#endif
		return;
	}
#if defined(IPV6_MTU_DISCOVER) && defined(IPV6_PMTUDISC_DONT)
	set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
#elif defined(IPV6_DONTFRAG)
	set_option(fd, IPPROTO_IPV6, IPV6_DONTFRAG, 0);
#endif
#if HAVE_DECL_IPV6_RECVERR
	set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
#endif
}

static TW_APART void set_option(int fd, int level, int option, int value)
{
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

/* An empty datagram is a message, not an end: recv() gives 0 for both. What
 * does not fit is cut without an error, but for the flag (POSIX recvmsg). */
static enum tw_event receive_udp(struct tw_socket *socket, uint8_t *buffer,
	size_t size, size_t *length, int *error)
{
	struct iovec part = { .iov_base = buffer, .iov_len = size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t got;

	do
		got = recvmsg(socket->fd, &message, 0);
	while (got < 0 && errno == EINTR);
	if (got >= 0) {
		*length = (size_t)got;
		return message.msg_flags & MSG_TRUNC ? TW_EVENT_CUT
						     : TW_EVENT_MESSAGE;
	}
	if (tw_is_again(errno))
		return TW_EVENT_NONE;
	*error = errno;
	drop_errors(socket->fd);
	return TW_EVENT_FAILED;
}

/* With IP_RECVERR an error also waits in a queue, and poll() reports it until
 * it is taken from there. */
static void drop_errors(int fd)
{
#if HAVE_DECL_IP_RECVERR
	struct msghdr message = { .msg_iov = NULL };

	for (int i = 0; i < ERRORS_MAX; i++)
		if (recvmsg(fd, &message, MSG_ERRQUEUE) < 0)
			return;
#else
	(void)fd;
#endif
}
