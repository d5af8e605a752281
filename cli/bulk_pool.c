/* SPDX-License-Identifier: MIT */
#include "cli/bulk_pool.h"

#include <stdlib.h>
#include <string.h>

static struct tw_bulk_try *try_of(
	const struct tw_bulk_pool *pool, uint32_t number);
static uint32_t *head_of(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id);

/* Pages that nobody has written to take no memory. */
bool tw_bulk_pool_init(struct tw_bulk_pool *pool, uint32_t size)
{
	uint32_t heads = 64;

	while (heads < size)
		heads *= 2;
	memset(pool, 0, sizeof(*pool));
	pool->size = size;
	pool->mask = heads - 1;
	pool->free = TW_WHEEL_NONE;
	pool->lookups = calloc(size, sizeof(*pool->lookups));
	pool->links = calloc(size, sizeof(*pool->links));
	pool->heads = calloc(heads, sizeof(*pool->heads));
	return pool->lookups && pool->links && pool->heads;
}

void tw_bulk_pool_release(struct tw_bulk_pool *pool)
{
	for (uint32_t i = 0; pool->lookups && i < pool->fresh; i++)
		free(pool->lookups[i].octets);
	free(pool->lookups);
	free(pool->links);
	free(pool->heads);
}

struct tw_bulk_lookup *tw_bulk_pool_take(struct tw_bulk_pool *pool)
{
	struct tw_bulk_lookup *lookup;

	if (pool->used == pool->size)
		return NULL;
	if (pool->free == TW_WHEEL_NONE) {
		lookup = &pool->lookups[pool->fresh++];
	} else {
		lookup = &pool->lookups[pool->free];
		pool->free = lookup->next;
	}
	pool->used++;
	memset(lookup, 0, offsetof(struct tw_bulk_lookup, case_bits));
	lookup->best = TW_BULK_TRIES;
	lookup->is_used = true;
	pool->links[tw_bulk_pool_index(pool, lookup)].slot = TW_WHEEL_NONE;
	return lookup;
}

void tw_bulk_pool_give(struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup)
{
	free(lookup->octets);
	lookup->octets = NULL;
	lookup->is_used = false;
	lookup->next = pool->free;
	pool->free = tw_bulk_pool_index(pool, lookup);
	pool->used--;
}

bool tw_bulk_pool_is_free(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id)
{
	uint8_t index;

	return !tw_bulk_pool_find(pool, socket, id, &index);
}

void tw_bulk_pool_add(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];
	uint32_t *head = head_of(pool, try->socket, try->id);

	try->next = *head;
	*head = tw_bulk_pool_index(pool, lookup) * TW_BULK_TRIES + index + 1;
}

struct tw_bulk_lookup *tw_bulk_pool_find(const struct tw_bulk_pool *pool,
	uint16_t socket, uint16_t id, uint8_t *index)
{
	uint32_t number = *head_of(pool, socket, id);

	while (number > 0) {
		const struct tw_bulk_try *try = try_of(pool, number);

		if (try->id == id && try->socket == socket) {
			*index = (uint8_t)((number - 1) % TW_BULK_TRIES);
			return &pool->lookups[(number - 1) / TW_BULK_TRIES];
		}
		number = try->next;
	}
	return NULL;
}

void tw_bulk_pool_forget(
	struct tw_bulk_pool *pool, struct tw_bulk_lookup *lookup)
{
	uint32_t number = tw_bulk_pool_index(pool, lookup) * TW_BULK_TRIES + 1;

	for (uint8_t i = 0; i < lookup->try_count; i++) {
		const struct tw_bulk_try *try = &lookup->tries[i];
		uint32_t *head;

		if (try->tcp)
			continue;
		head = head_of(pool, try->socket, try->id);
		while (*head != number + i)
			head = &try_of(pool, *head)->next;
		*head = try->next;
	}
}

static struct tw_bulk_try *try_of(
	const struct tw_bulk_pool *pool, uint32_t number)
{
	struct tw_bulk_lookup *lookup =
		&pool->lookups[(number - 1) / TW_BULK_TRIES];

	return &lookup->tries[(number - 1) % TW_BULK_TRIES];
}

/* Ids are random, so that their bits are as good as any. */
static uint32_t *head_of(
	const struct tw_bulk_pool *pool, uint16_t socket, uint16_t id)
{
	return &pool->heads[(id + socket * 40503U) & pool->mask];
}
