/* SPDX-License-Identifier: MIT */
/* A question to everybody on a link: by multicast or broadcast, with all the
 * replies of a while. */
#ifndef TW_GATHER_H
#define TW_GATHER_H

#include <trowel/resolver.h>

#define TW_GATHER_MS 1000
#define TW_MDNS_PORT 5353

/* How it goes; the caller fills in what comes before the query. The replies
 * are struct trowel_answer like those of lookups, with one attempt whose server
 * is the sender. */
struct tw_gather {
	struct trowel_address group; /* family 0: both of RFC 6762 3 */
	struct trowel_address source; /* family 0: any */
	uint32_t window_ms;
	struct trowel_query query;
	/* the rest is its own */
	int sockets[2]; /* by IPv4 and IPv6; -1: none */
	int error; /* the errno of the last query that was not sent */
	bool failed; /* to be where it is to send from */
	uint64_t start_us;
	unsigned sent; /* queries */
	unsigned ignored; /* what came and was no reply to them */
	struct trowel_address sender;
	struct trowel_attempt attempt;
	struct trowel_answer answer;
	uint8_t octets[TROWEL_MESSAGE_MAX];
};

/* Sends the query: to a group without a scope from every interface. False if
 * it went nowhere; `error` says why. */
bool tw_gather_open(struct tw_gather *gather);

/* Waits for the next reply, up to the end of the window: NULL. What has another
 * id or question is passed over. A reply that is malformed has that status, and
 * holds what could be read. Good until the next call. */
const struct trowel_answer *tw_gather_next(struct tw_gather *gather);

void tw_gather_close(struct tw_gather *gather);

#endif
