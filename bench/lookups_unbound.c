/* SPDX-License-Identifier: MIT */
/* libunbound, as a stub: everything goes to the servers given. */
#include <stdio.h>
#include <unbound.h>

#include "bench/lookups.h"

static struct ub_ctx *context;
static uint64_t all_started_us;
static size_t left;

static void open_unbound(const uint16_t *ports, size_t count)
{
	context = ub_ctx_create();
	need(context != NULL, "ub_ctx_create");
	ub_ctx_set_option(context, "do-not-query-localhost:", "no");
	for (size_t i = 0; i < count; i++) {
		char address[32];

		snprintf(address, sizeof(address), "127.0.0.1@%u",
			(unsigned)ports[i]);
		need(ub_ctx_set_fwd(context, address) == 0, "ub_ctx_set_fwd");
	}
}

static const uint8_t *address_in(const struct ub_result *result)
{
	return result != NULL && result->havedata
		? (const uint8_t *)result->data[0]
		: NULL;
}

static void look_up(struct lookup *lookup)
{
	uint64_t start_us = clock_us();
	struct ub_result *result = NULL;

	ub_resolve(context, lookup->name, 1, 1, &result);
	lookup_end(lookup, start_us, address_in(result));
	ub_resolve_free(result);
}

static void end_one(void *lookup, int error, struct ub_result *result)
{
	lookup_end(
		lookup, all_started_us, error == 0 ? address_in(result) : NULL);
	ub_resolve_free(result);
	left--;
}

static void look_up_all(struct lookup *lookups, size_t count)
{
	ub_ctx_async(context, 1); /* a thread, not a process */
	all_started_us = clock_us();
	left = count;
	for (size_t i = 0; i < count; i++)
		need(ub_resolve_async(context, lookups[i].name, 1, 1,
			     &lookups[i], end_one, NULL) == 0,
			"ub_resolve_async");
	while (left > 0)
		need(ub_wait(context) == 0, "ub_wait");
}

const struct peer peer_unbound = { "libunbound", open_unbound, look_up,
	look_up_all };
