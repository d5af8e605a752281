/* SPDX-License-Identifier: MIT */
/*
 * Sockets, and the clock: messages to and from one server, over UDP or TCP
 * (RFC 7766). No DNS policy. A socket is connected, so that the kernel drops
 * what others send and reports ICMP errors.
 */
#ifndef TW_TRANSPORT_H
#define TW_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/resolver.h>

struct tw_socket {
	int fd; /* -1: closed */
	bool tcp;
	/* TCP alone: */
	bool connected;
	uint8_t prefix[2]; /* the length before the reply, RFC 1035 4.2.2 */
	uint8_t prefix_length;
	uint16_t received; /* octets of the reply so far */
	uint8_t *reply; /* allocated when its length is known */
	uint8_t *queries; /* to be sent, each behind its length */
	size_t queries_length; /* octets in all */
	size_t sent; /* of them so far */
};

enum tw_event {
	TW_EVENT_NONE, /* nothing more for now */
	TW_EVENT_MESSAGE, /* octets and length are set */
	TW_EVENT_CUT, /* a datagram larger than the buffer: its start is there */
	TW_EVENT_CLOSED, /* TCP ended before a whole message */
	TW_EVENT_FAILED /* *error is the errno; EBADMSG: a length by TCP that no
			   message can have */
};

/* Opens a socket to a server: close-on-exec, non-blocking, connected (TCP:
 * connecting), from a port that the kernel chooses, unless `source` (may be
 * NULL) has one. Returns 0 or the errno; socket->fd is -1 then. */
int tw_socket_open(struct tw_socket *socket, bool tcp,
	const struct trowel_address *server,
	const struct trowel_address *source);

/* UDP: parts it from its server and its port, for another tw_socket_connect(),
 * and drops what has arrived. False: it cannot be used again. */
bool tw_socket_part(struct tw_socket *socket);

/* UDP: to another server, after tw_socket_part(), and from another port, which
 * the kernel chooses. Returns 0 or the errno. */
int tw_socket_connect(
	struct tw_socket *socket, const struct trowel_address *server);

/* Sends a query: UDP at once, TCP as far as it goes (the rest as the socket
 * becomes writable, in tw_socket_receive()), behind those that were sent
 * before. The octets are the caller's again when it returns. Returns 0 or the
 * errno. */
int tw_socket_send(
	struct tw_socket *socket, const uint8_t *octets, size_t length);

/* Takes the next message that has arrived, if any. UDP writes to `buffer`; TCP
 * has its own. *octets stays good until the next call for this socket. After
 * TW_EVENT_CLOSED, and after TW_EVENT_FAILED by TCP, nothing more comes; by
 * UDP a reply may still come after an error. */
enum tw_event tw_socket_receive(struct tw_socket *socket, uint8_t *buffer,
	size_t size, const uint8_t **octets, size_t *length, int *error);

/* TCP: whether nothing has come since the last message: no part of another, and
 * no end. */
bool tw_socket_is_quiet(const struct tw_socket *socket);

/* What poll() is to wait for on this socket. */
short tw_socket_events(const struct tw_socket *socket);

/* Closes it and gives up what it holds. May be called again. */
void tw_socket_close(struct tw_socket *socket);

/* Microseconds on a clock that nobody sets. */
uint64_t tw_clock_us(void);

#endif
