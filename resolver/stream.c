/* SPDX-License-Identifier: MIT */
#include "resolver/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE stands in for it */
#endif

#define HEADER_SIZE 12 /* RFC 1035 4.1.1: no message is shorter */

static int add_query(
	struct tw_socket *socket, const uint8_t *octets, size_t length);
static int push(struct tw_socket *socket);
static int connect_error(const struct tw_socket *socket);
static enum tw_event read_prefix(struct tw_socket *socket, int *error);
static enum tw_event read_some(struct tw_socket *socket, uint8_t *octets,
	size_t length, size_t *got, int *error);
static void drop_reply(struct tw_socket *socket);
static size_t prefix_value(const struct tw_socket *socket);

int tw_stream_send(
	struct tw_socket *socket, const uint8_t *octets, size_t length)
{
	int error = add_query(socket, octets, length);

	return error != 0 ? error : push(socket);
}

enum tw_event tw_stream_receive(struct tw_socket *socket,
	const uint8_t **octets, size_t *length, int *error)
{
	enum tw_event event;
	size_t whole;
	size_t got;

	*error = push(socket);
	if (*error != 0)
		return TW_EVENT_FAILED;
	if (!socket->connected)
		return TW_EVENT_NONE;
	if (socket->reply != NULL && socket->received == prefix_value(socket)) {
		drop_reply(socket); /* handed out by the call before */
		socket->prefix_length = 0;
	}
	/* RFC 1035 4.2.2: the length, and then as many octets, in whatever
	 * pieces they come; each call goes on where the last one stopped. */
	event = read_prefix(socket, error);
	if (event != TW_EVENT_MESSAGE)
		return event;
	whole = prefix_value(socket);
	while (socket->received < whole) {
		event = read_some(socket, socket->reply + socket->received,
			whole - socket->received, &got, error);
		if (event != TW_EVENT_MESSAGE)
			return event;
		socket->received = (uint16_t)(socket->received + got);
	}
	*octets = socket->reply;
	*length = whole;
	return TW_EVENT_MESSAGE;
}

bool tw_socket_is_quiet(const struct tw_socket *socket)
{
	bool between = socket->prefix_length == 0 ||
		(socket->reply != NULL &&
			socket->received == prefix_value(socket));
	uint8_t octet;

	return between &&
		recv(socket->fd, &octet, sizeof(octet), MSG_PEEK) < 0 &&
		tw_is_again(errno);
}

void tw_stream_release(struct tw_socket *socket)
{
	drop_reply(socket);
	free(socket->queries);
	socket->queries = NULL;
	socket->queries_length = socket->sent = 0;
}

bool tw_is_again(int error)
{
#if EAGAIN != EWOULDBLOCK
	if (error == EWOULDBLOCK)
		return true;
#endif
	return error == EAGAIN;
}

/* A copy of the query behind its length, both in one piece, as some servers do
 * not put two together (RFC 7766 8); and before it, what has not gone yet. */
static int add_query(
	struct tw_socket *socket, const uint8_t *octets, size_t length)
{
	size_t left = socket->queries_length - socket->sent;
	uint8_t *queries = malloc(left + 2 + length);

	if (queries == NULL)
		return ENOMEM;
	if (left > 0)
		memcpy(queries, socket->queries + socket->sent, left);
	queries[left] = (uint8_t)(length / 256);
	queries[left + 1] = (uint8_t)(length % 256);
	memcpy(queries + left + 2, octets, length);
	free(socket->queries);
	socket->queries = queries;
	socket->queries_length = left + 2 + length;
	socket->sent = 0;
	return 0;
}

/* Sends what is left of the queries, as far as it goes. Returns 0 or the
 * errno. */
static int push(struct tw_socket *socket)
{
	while (socket->sent < socket->queries_length) {
		ssize_t sent = send(socket->fd, socket->queries + socket->sent,
			socket->queries_length - socket->sent, MSG_NOSIGNAL);

		if (sent >= 0) {
			socket->connected = true;
			socket->sent += (size_t)sent;
		} else if (tw_is_again(errno)) {
			return 0;
		} else if (errno == ENOTCONN && !socket->connected) {
			return connect_error(socket);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* Where send() says ENOTCONN: the connection is on its way, or it failed. */
static int connect_error(const struct tw_socket *socket)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(socket->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return errno;
	return error;
}

/* The two octets of the length, and then the room for as many: allocated by
 * what the server announces, so that nothing can be written past it
 * (CVE-2017-9445). TW_EVENT_MESSAGE: that is done. */
static enum tw_event read_prefix(struct tw_socket *socket, int *error)
{
	enum tw_event event;
	size_t got;

	while (socket->prefix_length < 2) {
		event = read_some(socket,
			socket->prefix + socket->prefix_length,
			2 - (size_t)socket->prefix_length, &got, error);
		if (event != TW_EVENT_MESSAGE)
			return event;
		socket->prefix_length = (uint8_t)(socket->prefix_length + got);
	}
	if (socket->reply != NULL)
		return TW_EVENT_MESSAGE;
	*error = EBADMSG;
	if (prefix_value(socket) < HEADER_SIZE)
		return TW_EVENT_FAILED;
	*error = ENOMEM;
	socket->reply = malloc(prefix_value(socket));
	if (socket->reply == NULL)
		return TW_EVENT_FAILED;
	*error = 0;
	return TW_EVENT_MESSAGE;
}

/* TW_EVENT_MESSAGE: `got` octets came, at least one. */
static enum tw_event read_some(struct tw_socket *socket, uint8_t *octets,
	size_t length, size_t *got, int *error)
{
	ssize_t count;

	do
		count = recv(socket->fd, octets, length, 0);
	while (count < 0 && errno == EINTR);
	if (count == 0)
		return TW_EVENT_CLOSED;
	if (count < 0 && tw_is_again(errno))
		return TW_EVENT_NONE;
	if (count < 0) {
		*error = errno;
		return TW_EVENT_FAILED;
	}
	*got = (size_t)count;
	return TW_EVENT_MESSAGE;
}

static void drop_reply(struct tw_socket *socket)
{
	free(socket->reply);
	socket->reply = NULL;
	socket->received = 0;
}

static size_t prefix_value(const struct tw_socket *socket)
{
	return (size_t)socket->prefix[0] * 256 + socket->prefix[1];
}
