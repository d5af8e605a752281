/* SPDX-License-Identifier: MIT */
/* The lookups that are on their way, and which query each reply belongs to. */
#ifndef TW_BULK_POOL_H
#define TW_BULK_POOL_H

#include <trowel/resolver.h>

#include "cli/bulk_wheel.h"

#define TW_BULK_TRIES 12 /* of a lookup */

enum tw_bulk_state {
	TW_BULK_NO_OPT = 1, /* the server could not do with an OPT */
	TW_BULK_DOUBT_CASE = 2, /* letters came back in another case */
	TW_BULK_BY_TCP = 4, /* its next try, or the one on its way */
	TW_BULK_MIXED = 8, /* letters in random case */
	TW_BULK_QUEUED = 16, /* for its target */
	TW_BULK_PLAIN = 32 /* its name is text as it is, less lengths */
};

/* A query that was sent. Times are since the lookup's start. */
struct tw_bulk_try {
	uint32_t next; /* with the same hash of the id: number + 1; 0: none */
	uint32_t sent_us;
	uint32_t ended_us;
	uint16_t id;
	uint16_t socket;
	uint16_t rcode;
	uint8_t server;
	uint8_t outcome; /* enum trowel_outcome */
	uint8_t status; /* enum trowel_status, of a malformed reply */
	uint8_t ignored; /* replies with another question */
	bool tcp;
	bool edns;
	bool heard; /* a reply has come */
	bool awaited; /* it counts for the windows */
	bool probe; /* nobody waits for it */
};

struct tw_bulk_lookup {
	uint64_t started_us;
	uint64_t due_us; /* when its newest try has had its time */
	uint32_t next; /* of those that are free */
	uint16_t type;
	uint8_t try_count;
	uint8_t state; /* bits of enum tw_bulk_state */
	uint8_t target; /* the server to be asked next */
	uint8_t best; /* try that brought the best failure; else TW_BULK_TRIES */
	bool is_used;
	bool is_done; /* its line waits for its turn */
	uint32_t failed; /* servers, a bit each */
	uint32_t request; /* by TCP */
	uint64_t line; /* its number */
	uint64_t order; /* among the questions, from 0 */
	uint8_t *octets; /* of the best failure, or NULL; then, of its line */
	size_t length;
	uint8_t case_bits[32]; /* which letters to turn over */
	struct tw_bulk_try tries[TW_BULK_TRIES];
	struct trowel_name name;
};

struct tw_bulk_pool {
	struct tw_bulk_lookup *lookups;
	struct tw_wheel_link *links; /* for the wheel, one a lookup */
	uint32_t *heads; /* of tries, by the hash of their ids: number + 1 */
	uint32_t mask; /* of these hashes */
	uint32_t size;
	uint32_t fresh; /* from here on, none has been used yet */
	uint32_t free; /* the first free one before that; TW_WHEEL_NONE */
	uint32_t used;
};

/* Makes room for so many lookups. False without memory. */
bool tw_bulk_pool_init(struct tw_bulk_pool *pool, uint32_t size);
void tw_bulk_pool_release(struct tw_bulk_pool *pool);

/* A lookup with nothing in it but its name, which is to be written, or NULL if
 * none is free. */
struct tw_bulk_lookup *tw_bulk_pool_take(struct tw_bulk_pool *pool);

/* Gives a lookup back whose ids are forgotten. */
void tw_bulk_pool_give(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup);

static inline uint32_t tw_bulk_pool_index(
	const struct tw_bulk_pool *pool, const struct tw_bulk_lookup *lookup)
{
	return (uint32_t)(lookup - pool->lookups);
}

/* 0x20 where the letter at i is turned over; length octets are no letters. */
static inline uint8_t tw_bulk_case_bit(
	const struct tw_bulk_lookup *lookup, size_t i)
{
	uint8_t letter = lookup->name.octets[i] | 0x20;

	return letter >= 'a' && letter <= 'z' &&
			(lookup->case_bits[i / 8] >> i % 8 & 1)
		? 0x20
		: 0;
}

/* Whether no try of this socket has that id. */
bool tw_bulk_pool_is_free(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id);

/* Lets a try be found by its id. */
void tw_bulk_pool_add(struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup,
	uint8_t index);

/* Whose id it is: the lookup, and which try. NULL: nobody's. */
struct tw_bulk_lookup *tw_bulk_pool_find(const struct tw_bulk_pool *pool,
	uint16_t socket, uint16_t id, uint8_t *index);

/* Forgets the ids of all tries of a lookup. */
void tw_bulk_pool_forget(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup);

#endif
