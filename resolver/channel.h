/* SPDX-License-Identifier: MIT */
/*
 * The sockets of a context, and who waits on them. By UDP each attempt has one
 * to itself, from a port of its own; one that is done with is kept, without
 * server and port, for the next attempt. By TCP, a connection to a server is
 * shared by all attempts (RFC 7766 6.2), and kept for a while when there are
 * none.
 */
#ifndef TW_CHANNEL_H
#define TW_CHANNEL_H

#include <trowel/resolver.h>

#include "resolver/links.h"
#include "resolver/transport.h"
#include "resolver/waiter.h"

struct tw_channel {
	struct tw_links ring; /* t->spares, t->sockets or t->streams */
	struct tw_watch watch;
	struct tw_links exchanges;
	struct tw_socket socket;
	bool spare; /* UDP: nobody's */
	bool broken; /* UDP: has had an error */
	bool used; /* TCP: messages have come */
	bool stale; /* TCP: takes no more queries */
	uint64_t idle_us; /* TCP: since when nobody waits */
	struct trowel_address server;
	struct trowel_address source; /* family 0: any */
};

/* One attempt's wait for a reply. */
struct tw_exchange {
	struct tw_links links; /* in channel->exchanges, or alone */
	struct tw_channel *channel; /* NULL: none */
	uint8_t *query; /* TCP: a copy */
	size_t length; /* of it */
	uint8_t attempt; /* for who asks: its place among his */
	bool repeated; /* TCP: sent again as the connection was lost */
	bool heard; /* a reply has come */
	bool told; /* for the trace: its end */
};

/* Where a query goes to. */
struct tw_route {
	bool tcp;
	const struct trowel_address *server;
	const struct trowel_address *source;
};

/* Sends a query, and lets the exchange wait for its reply. Returns 0 or the
 * errno; it waits on none then. */
int tw_channel_send(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route, const uint8_t *octets, size_t length);

/* Whether it is for want of descriptors, which may pass. */
bool tw_channel_is_shortage(int error);

/* Sends the query of a lost connection again, by another. Likewise. */
int tw_channel_repeat(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route);

/* Waits no longer. */
void tw_channel_leave(struct trowel *t, struct tw_exchange *exchange);

/* Whether a TCP connection brought nothing to an exchange that has had its
 * time: others shall not wait there, too. */
void tw_channel_doubt(struct tw_exchange *exchange);

/* Closes a channel. Those who wait on it go to the ring `left`, and wait on
 * none. */
void tw_channel_lose(
	struct trowel *t, struct tw_channel *channel, struct tw_links *left);

/* Closes connections that nobody has used for some time. */
void tw_channels_age(struct trowel *t, uint64_t now_us);

/* Closes all that nobody uses. `shared`: in the child of a fork(), where the
 * sockets are the parent's; those that somebody waits on are closed, too. */
void tw_channels_close(struct trowel *t, bool shared);

#endif
