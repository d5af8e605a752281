/* SPDX-License-Identifier: MIT */
/*
 * A network that is not there: servers of all kinds, and somebody who forges
 * their replies, on a clock that jumps. All of it comes from a seed.
 */
#ifndef TROWEL_TESTS_SIMULATE_H
#define TROWEL_TESTS_SIMULATE_H

#include <trowel/engine.h>

#define SIMULATE_SERVERS 8
#define SIMULATE_EVENTS 256
#define SIMULATE_MESSAGE_SIZE 512
#define SECOND_US UINT64_C(1000000)

/* Replies of servers have 192.0.2.N, where N is the server's index and 1. What
 * is forged has this, and what a server says of other names has the next. */
#define FORGED_ADDRESS UINT32_C(0xCB007142)
#define STRANGER_ADDRESS UINT32_C(0xCB007143)

enum edns_way { EDNS_FINE, EDNS_NONE, EDNS_ERROR, EDNS_SILENT, EDNS_WAYS };

enum cookie_way {
	COOKIE_NONE,
	COOKIE_FINE,
	COOKIE_NEW, /* BADCOOKIE now and then */
	COOKIE_BAD, /* BADCOOKIE always */
	COOKIE_OTHER, /* another client's */
	COOKIE_LENGTH, /* of no legal length */
	COOKIE_LOST, /* left out now and then */
	COOKIE_WAYS
};

enum tcp_way {
	TCP_FINE,
	TCP_REFUSED,
	TCP_SILENT,
	TCP_CLOSED,
	TCP_CUT, /* a message shorter than it should be */
	TCP_BAD_LENGTH,
	TCP_WAYS
};

struct server {
	uint32_t rtt_us;
	uint32_t spread_us; /* reorders */
	unsigned lost; /* these: of 100 */
	unsigned doubled;
	unsigned truncated;
	unsigned failing; /* with an RCODE or an empty reply */
	unsigned broken; /* malformed, or with counts that lie */
	unsigned corrupted; /* an octet is another */
	bool perfect; /* none of all that */
	bool dead;
	bool refuses; /* its port is closed */
	bool lowers; /* the question's letters */
	enum edns_way edns;
	enum cookie_way cookies;
	enum tcp_way tcp;
	uint8_t cookie; /* of its own half, at present */
};

struct event {
	uint64_t at_us;
	uint8_t attempt;
	bool fails; /* with `error` */
	bool cut;
	bool honest; /* must end the lookup */
	bool forged; /* must not be taken */
	bool has_no_cookie; /* counts if the server has sent none before */
	int error;
	unsigned times;
	uint16_t length;
	uint8_t octets[SIMULATE_MESSAGE_SIZE];
};

struct world {
	uint64_t state; /* of the generator */
	uint64_t now_us;
	unsigned server_count;
	unsigned forging; /* of 100 attempts */
	bool floods;
	struct server servers[SIMULATE_SERVERS];
	struct trowel_health health[SIMULATE_SERVERS];
	size_t event_count;
	struct event events[SIMULATE_EVENTS];
};

unsigned draw(struct world *world, unsigned below);

/* Whether something comes about that does so `percent` times of a hundred. */
bool happens(struct world *world, unsigned percent);

/* A new world. */
void world_make(struct world *world, uint64_t seed);

/* Between two lookups: servers die, and come back. */
void world_change(struct world *world);

/* Adds what comes of an attempt, whose query is engine->query. */
void world_send(struct world *world, const struct trowel_engine *engine,
	uint8_t attempt);

/* What somebody else sends to an attempt's socket. */
void world_forge(struct world *world, const struct trowel_engine *engine,
	uint8_t attempt);

/* An event, to be filled in; one of no account when there are too many. */
struct event *world_add(struct world *world, uint8_t attempt, uint64_t at_us);

/* How long lookups may take: measured and printed. Adds to both counts. */
void check_targets(unsigned *passed, unsigned *missed);

#endif
