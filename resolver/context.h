/* SPDX-License-Identifier: MIT */
/* What a context holds. */
#ifndef TW_CONTEXT_H
#define TW_CONTEXT_H

#include <trowel/resolver.h>

#include "resolver/job.h"
#include "resolver/random.h"
#include "resolver/servers.h"
#include "resolver/waiter.h"

#define TW_BUFFER_SIZE 65536 /* more than any datagram */

/* What is used most stands first, where it takes the shortest instructions. */
struct trowel {
	struct tw_servers *servers;
	uint64_t due_us; /* no job wants a tick before */
	struct tw_links jobs; /* without a parent */
	struct tw_links ended; /* to be told to their parents */
	struct tw_links done; /* to be handed out by trowel_next() */
	struct tw_waiter waiter;
	struct tw_links hungry; /* lookups without a descriptor */
	uint64_t fed_us; /* when to look for one again */
	uint32_t last_id;
	uint32_t spare_count;
	/* channels: UDP that can be used again, UDP in use, TCP */
	struct tw_links spares;
	struct tw_links sockets;
	struct tw_links streams;
	struct tw_store store;
	uint64_t file; /* which one the options are out of */
	uint64_t reload_us; /* when to look whether it has changed */
	struct trowel_options options;
	uint8_t buffer[TW_BUFFER_SIZE]; /* for what arrives by UDP */
};

#endif
