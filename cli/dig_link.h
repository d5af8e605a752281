/* SPDX-License-Identifier: MIT */
/* One try of --dig: a socket, a query out, messages in. */
#ifndef TW_DIG_LINK_H
#define TW_DIG_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/resolver.h>

/* What may come of a step. Reasons are the words of dig. */
enum tw_link_end {
	TW_LINK_OK,
	TW_LINK_REFUSED, /* no connection, or no such source address */
	TW_LINK_BROKEN /* time is up, or the other side has gone */
};

struct tw_link {
	int fd;
	bool is_tcp;
	uint64_t timeout_us;
	uint64_t until_us;
	const char *reason; /* of an end that is not OK */
	int error; /* its errno; 0: the other side has gone */
};

/* Opens a socket to the server and sends the query. */
enum tw_link_end tw_link_open(struct tw_link *link,
	const struct trowel_address *source,
	const struct trowel_address *server, const uint8_t *query,
	size_t length);

/* Waits for a message. *length is its length, of which at most 65,535 octets
 * are there. Each one that comes makes the time start again. */
enum tw_link_end tw_link_receive(
	struct tw_link *link, uint8_t octets[65535], size_t *length);

void tw_link_close(struct tw_link *link);

#endif
