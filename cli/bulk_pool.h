/* SPDX-License-Identifier: MIT */
/* The lookups that are on their way, and which query each reply belongs to. */
#ifndef TW_BULK_POOL_H
#define TW_BULK_POOL_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <trowel/resolver.h>

#include "cli/bulk_wheel.h"

#define TW_BULK_TRIES 12 /* of a lookup */
#define TW_BULK_TRIES_ROOM 16 /* in their numbers: a power of two */

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
	uint32_t wait_us; /* how long it may be waited for once more, or 0 */
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
};

/* What is used most stands first; a name takes little of its room. */
struct tw_bulk_lookup {
	uint64_t started_us;
	uint64_t due_us; /* when its newest try has had its time */
	uint64_t line; /* its number */
	uint64_t order; /* among the questions, from 0 */
	uint8_t *octets; /* of the best failure, or NULL; then, of its line */
	uint32_t failed; /* servers, a bit each */
	uint32_t index; /* in the pool */
	uint32_t next; /* of those that are free */
	uint16_t type;
	uint8_t try_count;
	uint8_t state; /* bits of enum tw_bulk_state */
	uint8_t target; /* the server to be asked next */
	uint8_t best; /* try that brought the best failure; else TW_BULK_TRIES */
	bool is_used;
	bool is_done; /* its line waits for its turn */
	struct tw_bulk_try tries[TW_BULK_TRIES];
	struct trowel_name name;
	uint8_t case_bits[32]; /* which letters to turn over */
	uint32_t request; /* by TCP */
	size_t length; /* of `octets` */
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

/* A lookup with nothing in it, the name of which is to be written; NULL: none is
 * free. */
static inline struct tw_bulk_lookup *tw_bulk_pool_take(
	struct tw_bulk_pool *pool)
{
	uint32_t index = pool->free;
	struct tw_bulk_lookup *lookup;

	if (index != TW_WHEEL_NONE) {
		lookup = &pool->lookups[index];
		pool->free = lookup->next;
	} else if (pool->fresh < pool->size) {
		index = pool->fresh++;
		lookup = &pool->lookups[index];
	} else {
		return NULL;
	}
	pool->used++;
	memset(lookup, 0, offsetof(struct tw_bulk_lookup, tries));
	lookup->index = index;
	lookup->best = TW_BULK_TRIES;
	lookup->is_used = true;
	pool->links[index].slot = TW_WHEEL_NONE;
	return lookup;
}

/* Gives a lookup back whose ids are forgotten. */
static inline void tw_bulk_pool_give(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup)
{
	if (lookup->octets)
		free(lookup->octets);
	lookup->octets = NULL;
	lookup->is_used = false;
	lookup->next = pool->free;
	pool->free = lookup->index;
	pool->used--;
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

/* The number of a try, from 1; and the try that has one. */
static inline uint32_t tw_bulk_pool_number(
	const struct tw_bulk_lookup *lookup, uint8_t index)
{
	return lookup->index * TW_BULK_TRIES_ROOM + index + 1;
}

static inline struct tw_bulk_try *tw_bulk_pool_try(
	const struct tw_bulk_pool *pool, uint32_t number)
{
	struct tw_bulk_lookup *lookup =
		&pool->lookups[(number - 1) / TW_BULK_TRIES_ROOM];

	return &lookup->tries[(number - 1) % TW_BULK_TRIES_ROOM];
}

/* Ids are random, so that their bits are as good as any. */
static inline uint32_t *tw_bulk_pool_head(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id)
{
	return &pool->heads[(id + socket * 40503U) & pool->mask];
}

/* The try of a socket that has an id: its number; 0: none has. */
static inline uint32_t tw_bulk_pool_find(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id)
{
	uint32_t number = *tw_bulk_pool_head(pool, socket, id);
	const struct tw_bulk_try *try;

	for (; number > 0; number = try->next) {
		try = tw_bulk_pool_try(pool, number);
		if (try->id == id && try->socket == socket)
			break;
	}
	return number;
}

/* Whose try has a number, and which of its tries that is. */
static inline struct tw_bulk_lookup *tw_bulk_pool_lookup(
	const struct tw_bulk_pool *pool, uint32_t number, uint8_t *index)
{
	*index = (uint8_t)((number - 1) % TW_BULK_TRIES_ROOM);
	return &pool->lookups[(number - 1) / TW_BULK_TRIES_ROOM];
}

/* Lets a try be found by its id, which no other of its socket has. */
static inline void tw_bulk_pool_add(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];
	uint32_t *head = tw_bulk_pool_head(pool, try->socket, try->id);

	try->next = *head;
	*head = tw_bulk_pool_number(lookup, index);
}

/* Forgets the id of a try. */
static inline void tw_bulk_pool_forget(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup, uint8_t index)
{
	const struct tw_bulk_try *try = &lookup->tries[index];
	uint32_t *head = tw_bulk_pool_head(pool, try->socket, try->id);
	uint32_t number = tw_bulk_pool_number(lookup, index);

	while (*head != number)
		head = &tw_bulk_pool_try(pool, *head)->next;
	*head = try->next;
}

#endif
