/* SPDX-License-Identifier: MIT */
/*
 * Whose replies they are, and what they say. The rules are those of an engine's
 * lookup (resolver/engine.c), whose numbers stand here; what differs is that
 * many lookups share a socket, and a query is found by its id. Here is the way
 * of a good reply; bulk_turns.c has the rest.
 */
#include <string.h>

#include "cli/bulk_state.h"
#include "resolver/gate.h"
#include "resolver/health.h"
#include "wire/cursor.h"

#define HEADER_SIZE 12
#define QUESTION_REST 4 /* type and class */

/* How far a reply's question is the one that was asked. */
enum match { OTHER, OTHER_CASE, SAME };

static void take_arrival(struct tw_bulk *bulk, uint16_t socket,
	const struct tw_bulk_arrival *arrival);
static void take(struct tw_bulk *bulk, uint16_t socket, const uint8_t *octets,
	size_t length, bool cut);
static enum match compare(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const uint8_t *octets,
	size_t length);
static void sample(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try);
static void read_reply(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	uint8_t index, const uint8_t *octets, size_t length);
TW_BULK_INLINE void judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);
TW_BULK_INLINE void finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);
static void learn(struct tw_bulk *bulk, const struct trowel_message *message,
	const struct tw_bulk_lookup *lookup, const struct tw_bulk_try *try);
static void blame(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	uint8_t server);

int tw_bulk_take_all(struct tw_bulk *bulk, uint16_t socket)
{
	struct tw_bulk_sockets *sockets = &bulk->sockets;
	unsigned count, i;
	int error;

	do {
		count = tw_bulk_receive(
			sockets, &sockets->rows[socket], &error);
		for (i = 0; i < count; i++)
			take_arrival(bulk, socket, &sockets->arrivals[i]);
	} while (count == TW_BULK_BATCH);
	return error;
}

static inline void take_arrival(struct tw_bulk *bulk, uint16_t socket,
	const struct tw_bulk_arrival *arrival)
{
	size_t at = 0, length;

	do {
		length = arrival->length - at;
		if (length > arrival->segment)
			length = arrival->segment;
		take(bulk, socket, arrival->octets + at, length,
			arrival->cut && at + length == arrival->length);
		at += length;
	} while (at < arrival->length);
}

/* 1.1 to 1.3 */
static inline void take(struct tw_bulk *bulk, uint16_t socket,
	const uint8_t *octets, size_t length, bool cut)
{
	struct tw_bulk_lookup *lookup = NULL;
	enum match match = OTHER;
	uint32_t number = 0;
	uint8_t index = 0;

	if (length >= HEADER_SIZE && (octets[2] & 0xF8) == bulk->response)
		number = tw_bulk_pool_find(
			&bulk->pool, socket, tw_u16_at(octets, 0));
	if (number > 0) {
		lookup = tw_bulk_pool_lookup(&bulk->pool, number, &index);
		match = compare(bulk, lookup, octets, length);
	}
	if (TW_MOSTLY(match == SAME)) {
		sample(bulk, lookup, &lookup->tries[index]);
		if ((cut || (octets[2] & TROWEL_TC / 256)) &&
			!bulk->job->lookup->keep_truncated)
			tw_bulk_take_truncated(bulk, lookup, index);
		else
			read_reply(bulk, lookup, index, octets, length);
	} else if (match == OTHER_CASE) { /* 9.9 */
		lookup->state |= TW_BULK_DOUBT_CASE;
		lookup->tries[index].ignored++;
	} else {
		bulk->tally.ignored++;
	}
}

/* The name octet by octet: length octets are no letters. */
static TW_COLD enum match compare_letters(
	const struct tw_bulk_lookup *lookup, const uint8_t *octets)
{
	const struct trowel_name *name = &lookup->name;
	bool is_mixed = lookup->state & TW_BULK_MIXED;
	enum match match = SAME;
	unsigned i;

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
static inline enum match compare(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const uint8_t *octets,
	size_t length)
{
	size_t end = HEADER_SIZE + lookup->name.length;
	uint32_t kind = lookup->type * 65536U + bulk->job->ask.class_code;

	if (length == HEADER_SIZE && tw_is_bare_failure(octets, length))
		return SAME;
	if (length < end + QUESTION_REST || tw_u16_at(octets, 4) != 1 ||
		tw_u32_at(octets, end) != kind)
		return OTHER;
	if (!(lookup->state & TW_BULK_MIXED) &&
		memcmp(octets + HEADER_SIZE, lookup->name.octets,
			lookup->name.length) == 0)
		return SAME;
	return compare_letters(lookup, octets + HEADER_SIZE);
}

/* 6.6: each query has an id of its own, so that each reply tells how long it
 * took (RFC 6298 3). */
static inline void sample(struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, struct tw_bulk_try *try)
{
	struct tw_bulk_server *row = &bulk->servers[try->server];
	uint64_t sent_us = lookup->started_us + try->sent_us;

	row->error = 0;
	if (row->heard_us < sent_us)
		row->heard_us = sent_us;
	if (!try->heard)
		tw_health_sample(&bulk->health[try->server],
			(uint32_t)(bulk->now_us - sent_us));
	try->heard = true;
}

/* 4.1 */
static inline void read_reply(struct tw_bulk *bulk,
	struct tw_bulk_lookup *lookup, uint8_t index, const uint8_t *octets,
	size_t length)
{
	struct tw_bulk_try *try = &lookup->tries[index];
	struct trowel_message *message = &bulk->message;
	enum trowel_status status =
		trowel_message_decode(message, octets, length, NULL);

	if (try->outcome == TROWEL_ATTEMPT_TRUNCATED) /* 3.6 */
		return;
	if (status == TROWEL_OK || (message->flags & TROWEL_TC)) {
		judge(bulk, lookup, message, index);
		return;
	}
	try->outcome = TROWEL_ATTEMPT_MALFORMED;
	try->status = (uint8_t)status;
}

TW_COLD void tw_bulk_judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index)
{
	judge(bulk, lookup, message, index);
}

/* 7.2 to 7.5; what has data is neither a failure nor lame. */
TW_BULK_INLINE void judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];

	try->rcode = trowel_message_rcode(message);
	if ((try->rcode != 0 || message->counts[TROWEL_ANSWER] == 0) &&
		tw_bulk_take_failure(bulk, lookup, message, index))
		return;
	try->outcome = TROWEL_ANSWERED;
	try->ended_us = (uint32_t)(bulk->now_us - lookup->started_us);
	bulk->servers[try->server].window.answered += try->awaited;
	learn(bulk, message, lookup, try);
	finish(bulk, lookup, message, index, TROWEL_OK);
}

/* Of the server, for all lookups: 8.3, 9.4. */
static inline void learn(struct tw_bulk *bulk,
	const struct trowel_message *message,
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

TW_COLD void tw_bulk_finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	finish(bulk, lookup, message, index, status);
}

TW_BULK_INLINE void finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	uint8_t i;

	if (lookup->state & (TW_BULK_QUEUED | TW_BULK_BY_TCP))
		tw_bulk_detach(bulk, lookup);
	else
		tw_wheel_remove(&bulk->wheel, lookup->index);
	for (i = 0; i < lookup->try_count; i++) {
		const struct tw_bulk_try *try = &lookup->tries[i];

		if (!try->tcp)
			tw_bulk_pool_forget(&bulk->pool, lookup, i);
		if (!try->awaited)
			continue;
		bulk->servers[try->server].in_flight--;
		bulk->sockets.rows[try->socket].in_flight--;
	}
	if (message && lookup->try_count > 1 && bulk->server_count > 1)
		blame(bulk, lookup, lookup->tries[index].server);
	tw_bulk_print(bulk, lookup, message, index, status);
}

/* 8.1: a server that others had to answer for has failed. */
static TW_COLD void blame(struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, uint8_t server)
{
	for (uint8_t i = 0; i < lookup->try_count; i++) {
		const struct tw_bulk_try *try = &lookup->tries[i];

		if (try->server != server &&
			(try->outcome == TROWEL_ATTEMPT_TIMED_OUT ||
				try->outcome == TROWEL_ATTEMPT_ERROR))
			tw_health_failed(
				&bulk->health[try->server], bulk->now_us);
	}
}
