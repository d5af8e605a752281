/* SPDX-License-Identifier: MIT */
/*
 * Who is asked next, and the end: the rules 5 to 8 of an engine's lookup. An
 * error of a socket is that of all queries that wait there.
 */
#include "cli/bulk_state.h"
#include "resolver/gate.h"
#include "resolver/health.h"

static void detach(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static void give_up(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* A try is no longer waited for. What its server does not answer, or says that
 * it cannot, is too much for it, or may be. */
void tw_bulk_end_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
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
			tw_bulk_end_try(
				bulk, lookup, try, TROWEL_ATTEMPT_TIMED_OUT);
	}
	tw_bulk_ask_again(bulk, lookup);
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
		tw_bulk_end_try(bulk, lookup, try, TROWEL_ATTEMPT_ERROR);
		tw_wheel_remove(&bulk->wheel, i);
		tw_bulk_ask_again(bulk, lookup);
	}
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

void tw_bulk_ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
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
void tw_bulk_ask_again(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	uint64_t elapsed_us = bulk->now_us - lookup->started_us;

	if (lookup->try_count >= bulk->tries_most || bulk->is_by_tcp ||
		elapsed_us >= (uint64_t)options->deadline_ms * 1000) {
		give_up(bulk, lookup);
	} else if (!find_target(bulk, lookup)) {
		give_up(bulk, lookup);
	} else if (lookup->state & TW_BULK_DOUBT_CASE) {
		tw_bulk_ask_by_tcp(bulk, lookup);
	} else {
		tw_bulk_repeat(bulk, lookup);
	}
}

void tw_bulk_repeat(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	detach(bulk, lookup);
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

void tw_bulk_finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
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
