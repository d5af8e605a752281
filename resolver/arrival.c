/* SPDX-License-Identifier: MIT */
/* What comes on a channel, and for whom. */
#include "resolver/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "wire/cursor.h"

#define BURST 64 /* messages off a socket before the clock is read again */

static void take_error(struct trowel *t, struct tw_channel *channel, int error);
static void give_error(struct tw_exchange *exchange, int error);
static bool repeat(struct trowel *t, struct tw_exchange *exchange);
static bool take_message(struct tw_channel *channel, const uint8_t *octets,
	size_t length, bool cut);
static bool judge(struct tw_exchange *exchange, const uint8_t *octets,
	size_t length, bool cut);
static bool learn(struct tw_lookup *lookup, uint64_t now_us);
static bool is_telling(const struct trowel_engine *engine);
static void keep(
	struct tw_lookup *lookup, const struct trowel_message *message);
static struct tw_lookup *lookup_of(struct tw_exchange *exchange);

void tw_lookup_receive(struct trowel *t, struct tw_channel *channel)
{
	bool more = true;

	for (int i = 0; i < BURST && more; i++) {
		const uint8_t *octets;
		size_t length;
		int error;
		enum tw_event event = tw_socket_receive(&channel->socket,
			t->buffer, sizeof(t->buffer), &octets, &length, &error);

		tw_waiter_change(&t->waiter, &channel->watch,
			tw_socket_events(&channel->socket));
		more = false;
		if (event == TW_EVENT_CLOSED || event == TW_EVENT_FAILED)
			take_error(t, channel, error);
		else if (event != TW_EVENT_NONE)
			more = take_message(
				channel, octets, length, event == TW_EVENT_CUT);
	}
}

/* After one error by UDP a reply may still come; but a socket that always has
 * errors would keep us busy. */
static void take_error(struct trowel *t, struct tw_channel *channel, int error)
{
	struct tw_links left;
	bool used = channel->used;

	if (!channel->socket.tcp && !channel->broken &&
		!tw_links_is_alone(&channel->exchanges)) {
		channel->broken = true;
		give_error(TW_OWNER(channel->exchanges.next, struct tw_exchange,
				   links),
			error);
		return;
	}
	tw_links_init(&left);
	tw_channel_lose(t, channel, &left);
	while (!tw_links_is_alone(&left)) {
		struct tw_exchange *exchange =
			TW_OWNER(left.next, struct tw_exchange, links);

		tw_links_remove(&exchange->links);
		if (!used || exchange->repeated || !repeat(t, exchange))
			give_error(exchange, error);
	}
}

static void give_error(struct tw_exchange *exchange, int error)
{
	struct tw_lookup *lookup = lookup_of(exchange);

	if (lookup->job.ended) {
		tw_lookup_end_probe(lookup);
		return;
	}
	tw_lookup_fail(lookup, exchange->attempt, error);
	tw_lookup_step(lookup);
}

/* RFC 7766 6.2.4: what a server left unanswered on a connection that had worked
 * is asked again by another. */
static bool repeat(struct trowel *t, struct tw_exchange *exchange)
{
	struct tw_lookup *lookup = lookup_of(exchange);
	struct tw_route route = tw_lookup_route(lookup, exchange->attempt);

	if (tw_channel_repeat(t, exchange, &route) != 0)
		return false;
	tw_lookup_trace(lookup, exchange->attempt, TROWEL_TRACE_SENT,
		exchange->query, exchange->length);
	return true;
}

/* Whether to look for more on that channel now. By UDP one attempt waits there,
 * and counts what is not its reply. */
static bool take_message(struct tw_channel *channel, const uint8_t *octets,
	size_t length, bool cut)
{
	struct tw_links *at = channel->exchanges.next;

	channel->used = true;
	for (; at != &channel->exchanges; at = at->next) {
		struct tw_exchange *exchange =
			TW_OWNER(at, struct tw_exchange, links);

		if (!channel->socket.tcp ||
			memcmp(exchange->query, octets, 2) == 0)
			return judge(exchange, octets, length, cut);
	}
	return channel->socket.tcp;
}

/* Whether to look for more. */
static bool judge(struct tw_exchange *exchange, const uint8_t *octets,
	size_t length, bool cut)
{
	struct tw_lookup *lookup = lookup_of(exchange);
	struct trowel_message message;
	enum trowel_verdict verdict;
	uint64_t now_us = tw_clock_us();

	if (lookup->job.ended && now_us >= lookup->job.until_us) {
		tw_lookup_end_probe(lookup); /* who knows when it came */
		return false;
	}
	verdict = trowel_engine_receive(&lookup->engine, exchange->attempt,
		octets, length, cut, now_us, &message);
	if (verdict == TROWEL_CANDIDATE || verdict == TROWEL_FINAL)
		keep(lookup, &message);
	tw_lookup_trace(lookup, exchange->attempt,
		verdict == TROWEL_IGNORED ? TROWEL_TRACE_DROPPED
					  : TROWEL_TRACE_RECEIVED,
		octets, length);
	if (lookup->job.ended)
		return learn(lookup, now_us);
	if (verdict == TROWEL_IGNORED && !is_telling(&lookup->engine))
		return true;
	exchange->heard = true;
	if (verdict == TROWEL_FINAL)
		tw_links_remove(&lookup->hungry);
	tw_lookup_step(lookup);
	return false;
}

/* Whether the engine still waits for the reply to its copy. */
static bool learn(struct tw_lookup *lookup, uint64_t now_us)
{
	if (trowel_engine_next(&lookup->engine, now_us).until_us != 0)
		return true;
	tw_lookup_end_probe(lookup);
	return false;
}

/* Whether a message that is not taken changes what is to be done next: letters
 * or a cookie that did not come back as they were. */
static bool is_telling(const struct trowel_engine *engine)
{
	return engine->reason == TROWEL_DROPPED_OTHER_CASE ||
		engine->reason == TROWEL_DROPPED_NO_COOKIE;
}

/* Keeps a copy of a reply in place of the one before. */
static void keep(struct tw_lookup *lookup, const struct trowel_message *message)
{
	free(lookup->kept);
	lookup->message = *message;
	lookup->kept = malloc(message->length);
	if (lookup->kept != NULL)
		memcpy(lookup->kept, message->octets, message->length);
}

static TW_APART struct tw_lookup *lookup_of(struct tw_exchange *exchange)
{
	return TW_OWNER(
		exchange - exchange->attempt, struct tw_lookup, exchanges);
}
