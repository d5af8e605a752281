/* SPDX-License-Identifier: MIT */
#include "cli/bulk_pool.h"

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
