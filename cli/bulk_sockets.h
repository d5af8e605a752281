/* SPDX-License-Identifier: MIT */
/* A pool of connected UDP sockets for each server, each with a port of its own.
 * Queries go and replies come many at a time, where the system can do that. */
#ifndef TW_BULK_SOCKETS_H
#define TW_BULK_SOCKETS_H

#include <trowel/resolver.h>

#include "cli/bulk_batch.h"
#include "resolver/transport.h"

/* What a reply takes of a socket's receive buffer, with all that the kernel has
 * around it. */
#define TW_BULK_REPLY_SIZE 768

struct tw_bulk_socket {
	struct tw_socket socket;
	uint16_t number; /* among all */
	uint8_t server;
	uint32_t in_flight;
	uint32_t capacity; /* replies that its buffer has room for */
	uint32_t drops; /* by the kernel, for want of that room */
};

struct tw_bulk_sockets {
	struct tw_bulk_socket *rows; /* to one server after another, in turn */
	uint16_t count;
	uint8_t server_count;
	uint16_t turn; /* where the next choice begins */
	uint64_t drops;
	struct tw_batch *batch; /* NULL: one message a call */
	uint8_t *buffer; /* for that one */
	struct tw_bulk_arrival arrivals[TW_BULK_BATCH];
};

/* Opens sockets to all servers, with buffers for `window` replies. Returns 0 or
 * the errno. */
int tw_bulk_sockets_open(struct tw_bulk_sockets *sockets,
	const struct trowel_options *options,
	const struct trowel_address *source, uint32_t window);
void tw_bulk_sockets_close(struct tw_bulk_sockets *sockets);

/* The socket of a server that has room for the most replies, up to a batch. */
struct tw_bulk_socket *tw_bulk_sockets_choose(
	struct tw_bulk_sockets *sockets, uint8_t server, uint32_t *room);

/* Sends up to TW_BULK_QUERIES queries. Returns 0, or the errno of one that could
 * not be sent; those behind it are sent all the same. */
int tw_bulk_send(struct tw_bulk_sockets *sockets,
	const struct tw_bulk_socket *socket, struct iovec *packets,
	unsigned count);

/* Takes what has arrived: returns how many arrivals there are. *error: the errno
 * of what ICMP said, or 0. */
unsigned tw_bulk_receive(struct tw_bulk_sockets *sockets,
	struct tw_bulk_socket *socket, int *error);

#endif
