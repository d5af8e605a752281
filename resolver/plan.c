/* SPDX-License-Identifier: MIT */
/* What is asked, and how: out of the options and what is asked for. */
#include "resolver/lookup.h"

#define CLASS_IN 1
#define EDNS_DO 0x8000

static struct trowel_policy make_policy(
	const struct trowel_options *options, const struct trowel_ask *ask);
static struct trowel_query make_query(
	const struct trowel_options *options, const struct trowel_ask *ask);

enum trowel_status tw_lookup_plan(struct tw_lookup *lookup, uint16_t type)
{
	struct trowel *t = lookup->job.t;
	const struct trowel_ask *ask = &lookup->job.ask;
	struct trowel_policy policy = make_policy(&t->options, ask);
	struct trowel_query query = make_query(&t->options, ask);
	uint8_t random[TROWEL_RANDOM_SIZE];
	enum trowel_status status =
		tw_store_take(&t->store, random, sizeof(random));

	if (status != TROWEL_OK)
		return status;
	if (ask->server > lookup->servers->count)
		return TROWEL_BAD_ARGUMENT;
	policy.server_count = lookup->servers->count;
	if (ask->server > 0) {
		policy.server_count = 1;
		lookup->first = (uint8_t)(ask->server - 1);
	}
	query.type = type;
	if ((ask->flags & TROWEL_ASK_NO_QUESTION) == 0)
		query.name = lookup->name;
	return trowel_engine_start(&lookup->engine, &policy, &query,
		lookup->servers->health + lookup->first, tw_clock_us(), random);
}

static struct trowel_policy make_policy(
	const struct trowel_options *options, const struct trowel_ask *ask)
{
	return (struct trowel_policy){
		.tries = ask->attempts > 0 ? ask->attempts : options->attempts,
		.tcp = (ask->flags & TROWEL_ASK_TCP) != 0 ||
			(options->flags & TROWEL_USE_TCP) != 0,
		.keep_truncated = (ask->flags & TROWEL_ASK_KEEP_TRUNCATED) != 0,
		.keep_malformed = (ask->flags & TROWEL_ASK_KEEP_MALFORMED) != 0,
		.any_rcode = (ask->flags & TROWEL_ASK_ANY_RCODE) != 0,
		.edns_fallback = (ask->flags & TROWEL_ASK_NO_FALLBACK) == 0,
		.cookies = (options->flags & TROWEL_COOKIES) != 0,
		.mix_case = (options->flags & TROWEL_MIX_CASE) != 0,
		.rotate = (options->flags & TROWEL_ROTATE) != 0,
		.fixed_id = (ask->flags & TROWEL_ASK_SET_ID) != 0,
		.timeout_ms = ask->timeout_ms > 0 ? ask->timeout_ms
						  : options->timeout_ms,
		.deadline_ms = ask->deadline_ms > 0 ? ask->deadline_ms
						    : options->deadline_ms,
	};
}

/* All but name and type. */
static struct trowel_query make_query(
	const struct trowel_options *options, const struct trowel_ask *ask)
{
	bool exact = (ask->flags & TROWEL_ASK_EXACT) != 0;
	struct trowel_query query = {
		.class_code = ask->class_code,
		.id = ask->id,
		.flags =
			(uint16_t)(ask->opcode % 16 * 2048 | ask->header_flags),
		.edns = (ask->flags & TROWEL_ASK_NO_EDNS) == 0 &&
			(options->flags & TROWEL_NO_EDNS) == 0,
		.edns_version = ask->edns_version,
		.udp_size = ask->udp_size,
		.edns_flags = ask->edns_flags,
		.options_length = ask->options_length,
		.options = ask->options,
	};

	if (query.class_code == 0 && !exact)
		query.class_code = CLASS_IN;
	if (query.udp_size == 0 && !exact)
		query.udp_size = TROWEL_EDNS_SIZE;
	if ((ask->flags & TROWEL_ASK_NO_RECURSION) == 0)
		query.flags |= TROWEL_RD;
	if ((ask->flags & TROWEL_ASK_AD) ||
		(!exact && (options->flags & TROWEL_TRUST_AD)))
		query.flags |= TROWEL_AD;
	if (ask->flags & TROWEL_ASK_CD)
		query.flags |= TROWEL_CD;
	if (ask->flags & TROWEL_ASK_DO)
		query.edns_flags |= EDNS_DO;
	return query;
}
