/* SPDX-License-Identifier: MIT */
/* What is asked, and how: out of the options and what is asked for. */
#include "resolver/lookup.h"

#define CLASS_IN 1
#define EDNS_DO 0x8000

static void fill_policy(struct trowel_policy *policy,
	const struct trowel_options *options, const struct trowel_ask *ask);
static void fill_query(struct trowel_query *query,
	const struct trowel_options *options, const struct trowel_ask *ask);

enum trowel_status tw_lookup_plan(struct tw_lookup *lookup, uint16_t type)
{
	struct trowel *t = lookup->job.t;
	const struct trowel_ask *ask = &lookup->job.ask;
	struct trowel_policy policy = { .server_count =
						lookup->servers->count };
	struct trowel_query query = { .type = type };
	uint8_t random[TROWEL_RANDOM_SIZE];
	enum trowel_status status =
		tw_store_take(&t->store, random, sizeof(random));

	if (status != TROWEL_OK)
		return status;
	if (ask->server > policy.server_count)
		return TROWEL_BAD_ARGUMENT;
	if (ask->server > 0) {
		policy.server_count = 1;
		lookup->first = (uint8_t)(ask->server - 1);
	}
	fill_policy(&policy, &t->options, ask);
	fill_query(&query, &t->options, ask);
	if ((ask->flags & TROWEL_ASK_NO_QUESTION) == 0)
		query.name = lookup->name;
	return trowel_engine_start(&lookup->engine, &policy, &query,
		lookup->servers->health + lookup->first, tw_clock_us(), random);
}

static void fill_policy(struct trowel_policy *policy,
	const struct trowel_options *options, const struct trowel_ask *ask)
{
	unsigned flags = options->flags;
	unsigned wanted = ask->flags;

	policy->tries = ask->attempts > 0 ? ask->attempts : options->attempts;
	policy->tcp = (wanted & TROWEL_ASK_TCP) || (flags & TROWEL_USE_TCP);
	policy->keep_truncated = wanted & TROWEL_ASK_KEEP_TRUNCATED;
	policy->keep_malformed = wanted & TROWEL_ASK_KEEP_MALFORMED;
	policy->any_rcode = wanted & TROWEL_ASK_ANY_RCODE;
	policy->edns_fallback = !(wanted & TROWEL_ASK_NO_FALLBACK);
	policy->fixed_id = wanted & TROWEL_ASK_SET_ID;
	policy->cookies = flags & TROWEL_COOKIES;
	policy->mix_case = flags & TROWEL_MIX_CASE;
	policy->rotate = flags & TROWEL_ROTATE;
	policy->timeout_ms =
		ask->timeout_ms > 0 ? ask->timeout_ms : options->timeout_ms;
	policy->deadline_ms =
		ask->deadline_ms > 0 ? ask->deadline_ms : options->deadline_ms;
}

/* All but name and type. */
static void fill_query(struct trowel_query *query,
	const struct trowel_options *options, const struct trowel_ask *ask)
{
	bool exact = ask->flags & TROWEL_ASK_EXACT;

	query->class_code = ask->class_code;
	query->id = ask->id;
	query->flags = (uint16_t)(ask->opcode % 16 * 2048 | ask->header_flags);
	query->edns = !(ask->flags & TROWEL_ASK_NO_EDNS) &&
		!(options->flags & TROWEL_NO_EDNS);
	query->edns_version = ask->edns_version;
	query->udp_size = ask->udp_size;
	query->edns_flags = ask->edns_flags;
	query->options_length = ask->options_length;
	query->options = ask->options;
	if (query->class_code == 0 && !exact)
		query->class_code = CLASS_IN;
	if (query->udp_size == 0 && !exact)
		query->udp_size = TROWEL_EDNS_SIZE;
	if (!(ask->flags & TROWEL_ASK_NO_RECURSION))
		query->flags |= TROWEL_RD;
	if ((ask->flags & TROWEL_ASK_AD) ||
		(!exact && (options->flags & TROWEL_TRUST_AD)))
		query->flags |= TROWEL_AD;
	if (ask->flags & TROWEL_ASK_CD)
		query->flags |= TROWEL_CD;
	if (ask->flags & TROWEL_ASK_DO)
		query->edns_flags |= EDNS_DO;
}
