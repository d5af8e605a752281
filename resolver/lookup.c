/* SPDX-License-Identifier: MIT */
#include "resolver/lookup.h"

#include <stdlib.h>
#include <string.h>

#define CLASS_IN 1
#define EDNS_DO 0x8000
#define BURST 64 /* messages off a socket before the clock is read again */
#define HUNGRY_US 50000 /* until a descriptor is looked for again */

static enum trowel_status start_engine(struct tw_lookup *lookup, uint16_t type);
static struct trowel_policy make_policy(
	const struct trowel_options *options, const struct trowel_ask *ask);
static struct trowel_query make_query(
	const struct trowel_options *options, const struct trowel_ask *ask);
static void tick(struct tw_job *job, uint64_t now_us);
static void release(struct tw_job *job);
static void step(struct tw_lookup *lookup);
static bool send_attempt(struct tw_lookup *lookup, uint8_t attempt);
static int send_now(struct tw_lookup *lookup, uint8_t attempt);
static struct tw_route route_of(
	const struct tw_lookup *lookup, uint8_t attempt);
static void starve(struct tw_lookup *lookup, uint8_t attempt, int error);
static void fail(struct tw_lookup *lookup, uint8_t attempt, int error);
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
static void end(struct tw_lookup *lookup, const struct trowel_action *action);
static void leave_all(struct tw_lookup *lookup, uint8_t but);
static void end_probe(struct tw_lookup *lookup);
static struct tw_lookup *lookup_of(struct tw_exchange *exchange);
static void trace(const struct tw_lookup *lookup, uint8_t attempt,
	uint8_t event, const uint8_t *octets, size_t length);
static void trace_ends(struct tw_lookup *lookup);

enum trowel_status tw_lookup_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_ask *ask, const struct trowel_name *name,
	uint16_t type, struct tw_job **job)
{
	static const struct tw_job_kind kind = { .tick = tick,
		.release = release };
	struct tw_lookup *lookup;
	enum trowel_status status;

	*job = tw_job_new(t, parent, ask, &kind, sizeof(*lookup));
	if (*job == NULL)
		return TROWEL_NO_MEMORY;
	lookup = TW_OWNER(*job, struct tw_lookup, job);
	tw_links_init(&lookup->hungry);
	for (uint8_t i = 0; i < TROWEL_ATTEMPTS_MAX; i++) {
		tw_links_init(&lookup->exchanges[i].links);
		lookup->exchanges[i].attempt = i;
	}
	lookup->name = *name;
	lookup->servers = tw_servers_share(t->servers);
	status = start_engine(lookup, type);
	if (status == TROWEL_OK)
		step(lookup);
	else
		tw_job_cancel(*job);
	return status;
}

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

void tw_lookups_feed(struct trowel *t, uint64_t now_us)
{
	while (!tw_links_is_alone(&t->hungry) && now_us >= t->fed_us) {
		struct tw_lookup *lookup =
			TW_OWNER(t->hungry.next, struct tw_lookup, hungry);
		int error = send_now(lookup, lookup->unsent);

		if (tw_channel_is_shortage(error)) {
			t->fed_us = now_us + HUNGRY_US;
			break;
		}
		tw_links_remove(&lookup->hungry);
		if (error != 0)
			fail(lookup, lookup->unsent, error);
		step(lookup);
	}
	if (!tw_links_is_alone(&t->hungry) && t->fed_us < t->due_us)
		t->due_us = t->fed_us;
}

static enum trowel_status start_engine(struct tw_lookup *lookup, uint16_t type)
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

static void tick(struct tw_job *job, uint64_t now_us)
{
	struct tw_lookup *lookup = TW_OWNER(job, struct tw_lookup, job);

	(void)now_us;
	if (job->ended) {
		end_probe(lookup);
		return;
	}
	if (!tw_links_is_alone(&lookup->hungry)) { /* to its deadline */
		tw_links_remove(&lookup->hungry);
		fail(lookup, lookup->unsent, lookup->error);
	}
	step(lookup);
}

static void release(struct tw_job *job)
{
	struct tw_lookup *lookup = TW_OWNER(job, struct tw_lookup, job);

	leave_all(lookup, TROWEL_ATTEMPTS_MAX);
	tw_links_remove(&lookup->hungry);
	tw_servers_release(lookup->servers);
	free(lookup->kept);
}

/* Does what is due. */
static void step(struct tw_lookup *lookup)
{
	struct trowel_action action;

	if (!tw_links_is_alone(&lookup->hungry))
		return;
	do {
		action = trowel_engine_next(&lookup->engine, tw_clock_us());
		trace_ends(lookup);
	} while (action.kind == TROWEL_SEND &&
		send_attempt(lookup, action.attempt));
	if (action.kind == TROWEL_WAIT)
		tw_job_wait(&lookup->job, action.until_us);
	else if (action.kind == TROWEL_DONE)
		end(lookup, &action);
}

/* False: there is no descriptor for it now. */
static bool send_attempt(struct tw_lookup *lookup, uint8_t attempt)
{
	const struct trowel_attempt *attempts = lookup->engine.attempts;
	int error;

	for (uint8_t i = 0; i < attempt; i++)
		tw_channel_doubt(&lookup->exchanges[i]);
	if (attempt > 0 &&
		attempts[attempt].server != attempts[attempt - 1].server)
		trace(lookup, attempt, TROWEL_TRACE_SERVER, NULL, 0);
	error = send_now(lookup, attempt);
	if (tw_channel_is_shortage(error) && !attempts[attempt].probe) {
		starve(lookup, attempt, error);
		return false;
	}
	if (error != 0)
		fail(lookup, attempt, error);
	return true;
}

/* Returns 0 or the errno. */
static int send_now(struct tw_lookup *lookup, uint8_t attempt)
{
	const struct trowel_engine *engine = &lookup->engine;
	struct tw_route route = route_of(lookup, attempt);
	int error = tw_channel_send(lookup->job.t, &lookup->exchanges[attempt],
		&route, engine->query, engine->query_length);

	if (error == 0)
		trace(lookup, attempt, TROWEL_TRACE_SENT, engine->query,
			engine->query_length);
	return error;
}

static struct tw_route route_of(const struct tw_lookup *lookup, uint8_t attempt)
{
	const struct trowel_attempt *sent = &lookup->engine.attempts[attempt];

	return (struct tw_route){ .tcp = sent->transport == TROWEL_TCP,
		.server = &lookup->servers
				   ->addresses[lookup->first + sent->server],
		.source = &lookup->job.ask.source };
}

/* F24: waits for a descriptor, within the deadline. The engine, which does not
 * know, is not asked again until the attempt has been sent. */
static void starve(struct tw_lookup *lookup, uint8_t attempt, int error)
{
	struct trowel *t = lookup->job.t;
	const struct trowel_engine *engine = &lookup->engine;

	lookup->unsent = attempt;
	lookup->error = error;
	if (tw_links_is_alone(&t->hungry))
		t->fed_us = tw_clock_us() + HUNGRY_US;
	if (t->fed_us < t->due_us)
		t->due_us = t->fed_us;
	tw_links_move(&t->hungry, &lookup->hungry);
	tw_job_wait(&lookup->job,
		engine->start_us + (uint64_t)engine->policy.deadline_ms * 1000);
}

static void fail(struct tw_lookup *lookup, uint8_t attempt, int error)
{
	trowel_engine_failed(&lookup->engine, attempt, error, tw_clock_us());
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

	fail(lookup, exchange->attempt, error);
	step(lookup);
}

/* RFC 7766 6.2.4: what a server left unanswered on a connection that had worked
 * is asked again by another. */
static bool repeat(struct trowel *t, struct tw_exchange *exchange)
{
	struct tw_lookup *lookup = lookup_of(exchange);
	struct tw_route route = route_of(lookup, exchange->attempt);

	if (tw_channel_repeat(t, exchange, &route) != 0)
		return false;
	trace(lookup, exchange->attempt, TROWEL_TRACE_SENT, exchange->query,
		exchange->length);
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
		end_probe(lookup); /* who knows when it came */
		return false;
	}
	verdict = trowel_engine_receive(&lookup->engine, exchange->attempt,
		octets, length, cut, now_us, &message);
	if (verdict == TROWEL_CANDIDATE || verdict == TROWEL_FINAL)
		keep(lookup, &message);
	trace(lookup, exchange->attempt,
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
	step(lookup);
	return false;
}

/* Whether the engine still waits for the reply to its copy. */
static bool learn(struct tw_lookup *lookup, uint64_t now_us)
{
	if (trowel_engine_next(&lookup->engine, now_us).until_us != 0)
		return true;
	end_probe(lookup);
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

/* A copy of the query may still be on its way to a server that had failed: the
 * engine waits for its reply for what it tells of that server, nobody else. */
static void end(struct tw_lookup *lookup, const struct trowel_action *action)
{
	struct tw_job *job = &lookup->job;
	enum trowel_status status = action->status;

	job->answer = tw_answer_new(lookup, status);
	if (job->answer == NULL)
		status = TROWEL_NO_MEMORY;
	tw_job_end(job, status);
	job->lingers = action->until_us != 0;
	if (job->lingers)
		tw_job_wait(job, action->until_us);
	leave_all(lookup,
		job->lingers ? lookup->engine.probe : TROWEL_ATTEMPTS_MAX);
	free(lookup->kept);
	lookup->kept = NULL;
}

static void leave_all(struct tw_lookup *lookup, uint8_t but)
{
	for (uint8_t i = 0; i < lookup->engine.count; i++)
		if (i != but)
			tw_channel_leave(lookup->job.t, &lookup->exchanges[i]);
}

static void end_probe(struct tw_lookup *lookup)
{
	leave_all(lookup, TROWEL_ATTEMPTS_MAX);
	lookup->job.lingers = false;
	if (lookup->job.id == 0)
		tw_job_cancel(&lookup->job);
}

static struct tw_lookup *lookup_of(struct tw_exchange *exchange)
{
	return TW_OWNER(
		exchange - exchange->attempt, struct tw_lookup, exchanges);
}

static void trace(const struct tw_lookup *lookup, uint8_t attempt,
	uint8_t event, const uint8_t *octets, size_t length)
{
	const struct trowel_options *options = &lookup->job.t->options;
	const struct trowel_attempt *told = &lookup->engine.attempts[attempt];
	struct trowel_trace trace = { .event = event,
		.reason = event == TROWEL_TRACE_DROPPED ? lookup->engine.reason
							: TROWEL_DROPPED_NOT,
		.id = lookup->job.id,
		.attempt = told,
		.server = route_of(lookup, attempt).server,
		.octets = octets,
		.length = length };

	if (options->trace != NULL)
		options->trace(options->trace_user, &trace);
}

/* Tells of attempts that have ended without an answer, each once. */
static void trace_ends(struct tw_lookup *lookup)
{
	const struct trowel_engine *engine = &lookup->engine;

	for (uint8_t i = 0; i < engine->count; i++) {
		uint8_t outcome = engine->attempts[i].outcome;

		if (lookup->exchanges[i].told || outcome == TROWEL_ANSWERED ||
			(outcome == TROWEL_UNANSWERED && !engine->done))
			continue;
		lookup->exchanges[i].told = true;
		trace(lookup, i, TROWEL_TRACE_ENDED, NULL, 0);
	}
}
