/* SPDX-License-Identifier: MIT */
/*
 * What comes of replies and of silence. The rules are those of an engine's
 * lookup (resolver/engine.c), whose numbers stand here; what differs is that
 * many lookups share a socket: a query is found by its id, and an error of the
 * socket is that of all queries that wait there.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/bulk_state.h"
#include "resolver/health.h"

#define HEADER_SIZE 12
#define QUESTION_REST 4 /* type and class */
#define BADVERS 16

enum { FORMERR = 1, SERVFAIL = 2, NOTIMP = 4, REFUSED = 5 };

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
static void end_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, enum trowel_outcome outcome);
static void ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void ask_again(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void give_up(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);

static unsigned u16_at(const uint8_t *octets, size_t at)
{
	return octets[at] * 256U + octets[at + 1];
}

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
		lookup = tw_bulk_pool_find(&bulk->pool, socket,
			(uint16_t)u16_at(octets, 0), &index);
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
	end_try(bulk, lookup, try, TROWEL_ATTEMPT_TRUNCATED);
	if (lookup->state & TW_BULK_BY_TCP) /* 3.2 */
		return;
	lookup->target = try->server;
	ask_by_tcp(bulk, lookup);
}

/* 2.1 */
static bool is_bare_failure(const uint8_t *octets, size_t length)
{
	unsigned rcode = octets[3] % 16U;

	return length == HEADER_SIZE && u16_at(octets, 4) == 0 &&
		u16_at(octets, 6) == 0 && u16_at(octets, 8) == 0 &&
		u16_at(octets, 10) == 0 &&
		(rcode == FORMERR || rcode == SERVFAIL || rcode == NOTIMP ||
			rcode == REFUSED);
}

static uint8_t lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
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
		if (lower(octets[i]) != lower(name->octets[i]))
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

	if (is_bare_failure(octets, length))
		return SAME;
	if (length < end + QUESTION_REST || u16_at(octets, 4) != 1 ||
		u16_at(octets, end) != lookup->type ||
		u16_at(octets, end + 2) != class_code)
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
		(try->rcode == FORMERR || try->rcode == NOTIMP ||
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
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		if (lookup->state & TW_BULK_NO_OPT) /* a second one */
			return;
		lookup->state |= TW_BULK_NO_OPT;
		fail(bulk, lookup, message, index);
	} else if (is_lame(bulk, message)) {
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_LAME);
		lookup->failed |= 1U << try->server;
		fail(bulk, lookup, message, index);
	} else if (rcode == FORMERR || rcode == SERVFAIL || rcode == NOTIMP ||
		rcode == REFUSED) {
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		lookup->failed |= 1U << try->server;
		fail(bulk, lookup, message, index);
	} else {
		end_try(bulk, lookup, try, TROWEL_ANSWERED);
		learn(bulk, message, lookup, try);
		finish(bulk, lookup, message, index, TROWEL_OK);
	}
}

/* 7.4 */
static unsigned rank(const struct tw_bulk_try *try)
{
	if (try->outcome == TROWEL_ATTEMPT_LAME)
		return 0;
	if (try->rcode == SERVFAIL)
		return 3;
	return try->rcode == REFUSED ? 2 : 1;
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
	if (is_about_opt(bulk, &tries[index]))
		lookup->target = tries[index].server;
	ask_again(bulk, lookup);
}

/* A try is no longer waited for. What its server does not answer, or says that
 * it cannot, is too much for it, or may be. */
static void end_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, enum trowel_outcome outcome)
{
	struct tw_bulk_server *row = &bulk->servers[try->server];
	bool is_lost = outcome == TROWEL_ATTEMPT_TIMED_OUT ||
		(outcome == TROWEL_ATTEMPT_FAILED &&
			(try->rcode == SERVFAIL || try->rcode == REFUSED));

	if (try->outcome != TROWEL_ATTEMPT_MALFORMED ||
		outcome == TROWEL_ANSWERED)
		try->outcome = (uint8_t)outcome;
	try->ended_us = (uint32_t)(bulk->now_us - lookup->started_us);
	if (!try->awaited)
		return;
	try->awaited = false;
	row->in_flight--;
	bulk->sockets.rows[try->socket].in_flight--;
	if (is_lost)
		row->window.lost++;
	else
		row->window.answered++;
}

void tw_bulk_time_out(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	for (uint8_t i = 0; i < lookup->try_count; i++) {
		struct tw_bulk_try *try = &lookup->tries[i];

		if (try->awaited)
			end_try(bulk, lookup, try, TROWEL_ATTEMPT_TIMED_OUT);
	}
	ask_again(bulk, lookup);
}

/* 7.1: where there is another server, it is asked at once. */
void tw_bulk_unreachable(struct tw_bulk *bulk, uint16_t socket, int error)
{
	struct tw_bulk_socket *row = &bulk->sockets.rows[socket];

	bulk->servers[row->server].error = error;
	for (uint32_t i = 0; i < bulk->pool.fresh && bulk->server_count > 1 &&
		row->in_flight > 0;
		i++) {
		struct tw_bulk_lookup *lookup = &bulk->pool.lookups[i];
		struct tw_bulk_try *try =
			&lookup->tries[(lookup->try_count + TW_BULK_TRIES - 1) %
				TW_BULK_TRIES];

		if (!lookup->is_used || lookup->is_done || !try->awaited ||
			try->socket != socket)
			continue;
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_ERROR);
		tw_wheel_remove(&bulk->wheel, i);
		ask_again(bulk, lookup);
	}
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
	end_try(bulk, lookup, &lookup->tries[index],
		status == TROWEL_TIMED_OUT ? TROWEL_ATTEMPT_TIMED_OUT
					   : TROWEL_ATTEMPT_CLOSED);
	ask_again(bulk, lookup);
}

/* No longer in the wheel, in a queue, or on its way by TCP. */
static void detach(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	if (lookup->state & TW_BULK_QUEUED)
		tw_bulk_unqueue(bulk, lookup);
	else
		tw_wheel_remove(
			&bulk->wheel, tw_bulk_pool_index(&bulk->pool, lookup));
	if (!(lookup->state & TW_BULK_BY_TCP))
		return;
	trowel_cancel(bulk->trowel, lookup->request);
	lookup->state &= (uint8_t)~TW_BULK_BY_TCP;
	bulk->tcp_count--;
}

static void ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	detach(bulk, lookup);
	if (lookup->try_count == TW_BULK_TRIES ||
		!tw_bulk_tcp_start(bulk, lookup))
		give_up(bulk, lookup);
}

/* 6.1, 8.1: of those that have been asked the least, the next one; but those
 * that have failed before come last. */
static bool find_target(
	const struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	unsigned least = UINT32_MAX, i, j, count = bulk->server_count;
	uint8_t start = lookup->target;

	for (i = 1; i <= count; i++) {
		unsigned at = (start + i) % count;
		unsigned turns = bulk->health[at].failures > 0;

		for (j = 0; j < lookup->try_count; j++)
			turns += 2U * (lookup->tries[j].server == at);
		if ((lookup->failed >> at & 1) || turns >= least)
			continue;
		least = turns;
		lookup->target = (uint8_t)at;
	}
	return least != UINT32_MAX;
}

/* 6.3, 6.5, 7.1, 7.2 */
static void ask_again(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	uint64_t elapsed_us = bulk->now_us - lookup->started_us;
	const struct tw_bulk_try *last = &lookup->tries[lookup->try_count - 1];

	if (lookup->try_count >= bulk->tries_most || bulk->is_by_tcp ||
		elapsed_us >= (uint64_t)options->deadline_ms * 1000) {
		give_up(bulk, lookup);
	} else if (is_about_opt(bulk, last) &&
		last->outcome == TROWEL_ATTEMPT_FAILED) {
		detach(bulk, lookup);
		tw_bulk_queue(bulk, lookup);
	} else if (!find_target(bulk, lookup)) {
		give_up(bulk, lookup);
	} else if (lookup->state & TW_BULK_DOUBT_CASE) {
		ask_by_tcp(bulk, lookup);
	} else {
		detach(bulk, lookup);
		tw_bulk_queue(bulk, lookup);
	}
}

/* 7.4: the best of the failures is the result. */
static void give_up(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	enum trowel_status status = TROWEL_TIMED_OUT;
	struct trowel_message message;
	uint8_t i;

	if (lookup->octets &&
		trowel_message_decode(&message, lookup->octets, lookup->length,
			NULL) == TROWEL_OK) {
		finish(bulk, lookup, &message, lookup->best, TROWEL_OK);
		return;
	}
	for (i = 0; i < lookup->try_count; i++) {
		const struct tw_bulk_try *try = &lookup->tries[i];

		if (try->outcome == TROWEL_ATTEMPT_MALFORMED)
			status = TROWEL_MALFORMED_ANSWER;
		else if (status == TROWEL_TIMED_OUT &&
			bulk->servers[try->server].error)
			status = TROWEL_UNREACHABLE;
		else if (status == TROWEL_TIMED_OUT &&
			try->outcome == TROWEL_ATTEMPT_CLOSED)
			status = try->status;
	}
	finish(bulk, lookup, NULL, 0, status);
}

/* 8.1: a server that others had to answer for has failed. */
static void blame(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	uint8_t server)
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

static void finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	uint8_t i;

	detach(bulk, lookup);
	for (i = 0; i < lookup->try_count; i++) {
		struct tw_bulk_try *try = &lookup->tries[i];

		if (!try->awaited)
			continue;
		try->awaited = false;
		bulk->servers[try->server].in_flight--;
		bulk->sockets.rows[try->socket].in_flight--;
	}
	if (message && lookup->try_count > 1 && bulk->server_count > 1)
		blame(bulk, lookup, lookup->tries[index].server);
	tw_bulk_pool_forget(&bulk->pool, lookup);
	tw_bulk_print(bulk, lookup, message, index, status);
}
