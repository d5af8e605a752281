/* SPDX-License-Identifier: MIT */
/*
 * Whose replies they are, and what they say. The rules are those of an engine's
 * lookup (resolver/engine.c), whose numbers stand here; what differs is that
 * many lookups share a socket, and a query is found by its id. Here is what
 * comes of replies; bulk_turns.c has the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/bulk_state.h"
#include "resolver/gate.h"
#include "resolver/health.h"
#include "wire/cursor.h"

#define HEADER_SIZE 12
#define QUESTION_REST 4 /* type and class */
#define BADVERS 16

/* How far a reply's question is the one that was asked. */
enum match { OTHER, OTHER_CASE, SAME };

static enum match compare(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const uint8_t *octets,
	size_t length);
static void read_reply(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	uint8_t index, const uint8_t *octets, size_t length);
static void judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);
static void fail(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);

/* 6.6: each query has an id of its own, so that each reply tells how long it
 * took (RFC 6298 3). */
static void sample(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try)
{
	uint32_t elapsed_us = (uint32_t)(bulk->now_us - lookup->started_us);

	if (!try->heard)
		tw_health_sample(
			&bulk->health[try->server], elapsed_us - try->sent_us);
	try->heard = true;
	bulk->servers[try->server].error = 0;
}

/* 1.1 to 1.3 */
void tw_bulk_take(struct tw_bulk *bulk, uint16_t socket, const uint8_t *octets,
	size_t length, bool cut)
{
	unsigned opcode = bulk->forms[0].octets[2] / 8U;
	struct tw_bulk_lookup *lookup = NULL;
	enum match match = OTHER;
	struct tw_bulk_try *try;
	uint8_t index;

	if (length >= HEADER_SIZE && octets[2] / 8U == (0x10U | opcode))
		lookup = tw_bulk_pool_find(
			&bulk->pool, socket, tw_u16_at(octets, 0), &index);
	if (lookup)
		match = compare(bulk, lookup, octets, length);
	if (match == OTHER) {
		bulk->tally.ignored++;
		return;
	}
	try = &lookup->tries[index];
	if (match == OTHER_CASE) { /* 9.9 */
		lookup->state |= TW_BULK_DOUBT_CASE;
		try->ignored++;
		return;
	}
	sample(bulk, lookup, try);
	if (!(cut || (octets[2] & TROWEL_TC / 256)) ||
		bulk->job->lookup->keep_truncated) {
		read_reply(bulk, lookup, index, octets, length);
		return;
	}
	tw_bulk_end_try(bulk, lookup, try, TROWEL_ATTEMPT_TRUNCATED);
	if (lookup->state & TW_BULK_BY_TCP) /* 3.2 */
		return;
	lookup->target = try->server;
	tw_bulk_ask_by_tcp(bulk, lookup);
}

/* The name octet by octet: length octets are no letters. */
static enum match compare_name(
	const struct tw_bulk_lookup *lookup, const uint8_t *octets)
{
	const struct trowel_name *name = &lookup->name;
	bool is_mixed = lookup->state & TW_BULK_MIXED;
	enum match match = SAME;
	unsigned i;

	if (!is_mixed && memcmp(octets, name->octets, name->length) == 0)
		return SAME;
	for (i = 0; i < name->length; i++) {
		if (tw_lower(octets[i]) != tw_lower(name->octets[i]))
			return OTHER;
		if (is_mixed &&
			octets[i] !=
				(name->octets[i] ^ tw_bulk_case_bit(lookup, i)))
			match = OTHER_CASE;
	}
	return match;
}

/* 1.2 */
static enum match compare(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const uint8_t *octets,
	size_t length)
{
	size_t end = HEADER_SIZE + lookup->name.length;
	unsigned class_code = bulk->job->ask.class_code;

	if (tw_is_bare_failure(octets, length))
		return SAME;
	if (length < end + QUESTION_REST || tw_u16_at(octets, 4) != 1 ||
		tw_u16_at(octets, end) != lookup->type ||
		tw_u16_at(octets, end + 2) != class_code)
		return OTHER;
	return compare_name(lookup, octets + HEADER_SIZE);
}

/* 4.1 */
static void read_reply(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	uint8_t index, const uint8_t *octets, size_t length)
{
	struct tw_bulk_try *try = &lookup->tries[index];
	struct trowel_message message;
	enum trowel_status status =
		trowel_message_decode(&message, octets, length, NULL);

	if (try->outcome == TROWEL_ATTEMPT_TRUNCATED) /* 3.6 */
		return;
	if (status == TROWEL_OK || (message.flags & TROWEL_TC)) {
		judge(bulk, lookup, &message, index);
		return;
	}
	try->outcome = TROWEL_ATTEMPT_MALFORMED;
	try->status = (uint8_t)status;
}

/* 9.1: of a query without OPT it would not be said. */
static bool is_about_opt(
	const struct tw_bulk *bulk, const struct tw_bulk_try *try)
{
	return bulk->may_drop_opt && try->edns &&
		(try->rcode == TW_FORMERR || try->rcode == TW_NOTIMP ||
			try->rcode == BADVERS);
}

/* 7.3 */
static bool is_lame(
	const struct tw_bulk *bulk, const struct trowel_message *message)
{
	return trowel_message_rcode(message) == 0 &&
		message->counts[TROWEL_ANSWER] == 0 &&
		(message->flags & (TROWEL_RA | TROWEL_AA | TROWEL_TC)) == 0 &&
		bulk->job->lookup->recursion;
}

/* Of the server, for all lookups: 8.3, 9.4. */
static void learn(struct tw_bulk *bulk, const struct trowel_message *message,
	const struct tw_bulk_lookup *lookup, const struct tw_bulk_try *try)
{
	struct trowel_health *health = &bulk->health[try->server];

	health->failures = 0;
	if (try->edns && message->edns.present)
		health->edns = TROWEL_EDNS_WORKS;
	else if (try->edns && health->edns == TROWEL_EDNS_FAILS)
		health->edns = TROWEL_EDNS_UNKNOWN;
	else if (!try->edns && !try->tcp && bulk->may_drop_opt)
		tw_health_edns_failed(health,
			(lookup->state & TW_BULK_NO_OPT) != 0, bulk->now_us);
	if (try->tcp && (lookup->state & TW_BULK_DOUBT_CASE)) /* 9.10 */
		tw_health_is_odd(health, true, false, bulk->now_us);
}

/* 7.2 to 7.5 */
static void judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];
	unsigned rcode = try->rcode = trowel_message_rcode(message);

	if (is_about_opt(bulk, try)) {
		tw_bulk_end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		if (lookup->state & TW_BULK_NO_OPT) /* a second one */
			return;
		lookup->state |= TW_BULK_NO_OPT;
		fail(bulk, lookup, message, index);
	} else if (is_lame(bulk, message)) {
		tw_bulk_end_try(bulk, lookup, try, TROWEL_ATTEMPT_LAME);
		lookup->failed |= 1U << try->server;
		fail(bulk, lookup, message, index);
	} else if (tw_is_failure(rcode)) {
		tw_bulk_end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		lookup->failed |= 1U << try->server;
		fail(bulk, lookup, message, index);
	} else {
		tw_bulk_end_try(bulk, lookup, try, TROWEL_ANSWERED);
		learn(bulk, message, lookup, try);
		tw_bulk_finish(bulk, lookup, message, index, TROWEL_OK);
	}
}

/* 7.4 */
static unsigned rank(const struct tw_bulk_try *try)
{
	if (try->outcome == TROWEL_ATTEMPT_LAME)
		return 0;
	if (try->rcode == TW_SERVFAIL)
		return 3;
	return try->rcode == TW_REFUSED ? 2 : 1;
}

/* Keeps the best of such replies, and asks another server, at once unless
 * there is a query on its way to one. */
static void fail(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index)
{
	const struct tw_bulk_try *tries = lookup->tries;
	uint8_t i, *octets;

	if (tries[index].probe)
		return;
	if (lookup->best == TW_BULK_TRIES ||
		rank(&tries[index]) > rank(&tries[lookup->best])) {
		octets = malloc(message->length);
		if (octets) {
			memcpy(octets, message->octets, message->length);
			free(lookup->octets);
			lookup->octets = octets;
			lookup->length = message->length;
			lookup->best = index;
		}
	}
	if (lookup->state & (TW_BULK_BY_TCP | TW_BULK_QUEUED))
		return;
	for (i = 0; i < lookup->try_count; i++)
		if (tries[i].awaited &&
			!(lookup->failed >> tries[i].server & 1))
			return;
	if (!is_about_opt(bulk, &tries[index])) {
		tw_bulk_ask_again(bulk, lookup);
		return;
	}
	lookup->target = tries[index].server;
	tw_bulk_repeat(bulk, lookup);
}

void tw_bulk_take_stream(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, enum trowel_status status)
{
	uint8_t index = lookup->try_count;

	do
		index--;
	while (!lookup->tries[index].tcp);
	lookup->state &= (uint8_t)~TW_BULK_BY_TCP;
	bulk->tcp_count--;
	if (message) {
		judge(bulk, lookup, message, index);
		return;
	}
	lookup->tries[index].status = (uint8_t)status;
	tw_bulk_end_try(bulk, lookup, &lookup->tries[index],
		status == TROWEL_TIMED_OUT ? TROWEL_ATTEMPT_TIMED_OUT
					   : TROWEL_ATTEMPT_CLOSED);
	tw_bulk_ask_again(bulk, lookup);
}
