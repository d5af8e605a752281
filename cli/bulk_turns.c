/* SPDX-License-Identifier: MIT */
/*
 * Replies that are failures, and who is asked next: the rules 3 to 8 of an
 * engine's lookup. An error of a socket is that of all queries that wait there.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/bulk_state.h"
#include "resolver/gate.h"
#include "resolver/health.h"

#define BADVERS 16

static void fail(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);
static void end_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, enum trowel_outcome outcome);
static void ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void ask_again(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void repeat(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void give_up(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

void tw_bulk_take_truncated(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];

	end_try(bulk, lookup, try, TROWEL_ATTEMPT_TRUNCATED);
	if (lookup->state & TW_BULK_BY_TCP) /* 3.2 */
		return;
	lookup->target = try->server;
	ask_by_tcp(bulk, lookup);
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

bool tw_bulk_take_failure(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index)
{
	struct tw_bulk_try *try = &lookup->tries[index];

	if (is_about_opt(bulk, try)) {
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		if (lookup->state & TW_BULK_NO_OPT) /* a second one */
			return true;
		lookup->state |= TW_BULK_NO_OPT;
	} else if (is_lame(bulk, message)) {
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_LAME);
		lookup->failed |= 1U << try->server;
	} else if (tw_is_failure(try->rcode)) {
		end_try(bulk, lookup, try, TROWEL_ATTEMPT_FAILED);
		lookup->failed |= 1U << try->server;
	} else {
		return false;
	}
	fail(bulk, lookup, message, index);
	return true;
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
		ask_again(bulk, lookup);
		return;
	}
	lookup->target = tries[index].server;
	repeat(bulk, lookup);
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
		tw_bulk_judge(bulk, lookup, message, index);
		return;
	}
	lookup->tries[index].status = (uint8_t)status;
	end_try(bulk, lookup, &lookup->tries[index],
		status == TROWEL_TIMED_OUT ? TROWEL_ATTEMPT_TIMED_OUT
					   : TROWEL_ATTEMPT_CLOSED);
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
			(try->rcode == TW_SERVFAIL ||
				try->rcode == TW_REFUSED));

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

static void ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	tw_bulk_detach(bulk, lookup);
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

	if (lookup->try_count >= bulk->tries_most || bulk->is_by_tcp ||
		elapsed_us >= (uint64_t)options->deadline_ms * 1000) {
		give_up(bulk, lookup);
	} else if (!find_target(bulk, lookup)) {
		give_up(bulk, lookup);
	} else if (lookup->state & TW_BULK_DOUBT_CASE) {
		ask_by_tcp(bulk, lookup);
	} else {
		repeat(bulk, lookup);
	}
}

static void repeat(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	tw_bulk_detach(bulk, lookup);
	if (lookup->try_count < TW_BULK_TRIES)
		tw_bulk_queue(bulk, lookup);
	else
		give_up(bulk, lookup);
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
		tw_bulk_finish(bulk, lookup, &message, lookup->best, TROWEL_OK);
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
	tw_bulk_finish(bulk, lookup, NULL, 0, status);
}
