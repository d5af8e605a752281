/* SPDX-License-Identifier: MIT */
/*
 * The engine says what is to be done, the transport does it; neither knows the
 * other. This file stands between them, for one lookup or several:
 * 1. Each lookup's engine starts with random octets of the kernel's.
 * 2. Whatever is due is done: each attempt gets a socket of its own, which
 *    stays open until its lookup has ended, so that a late reply still counts.
 * 3. poll() waits for all open sockets of all lookups, until the first of the
 *    times that their engines gave.
 * 4. What has come goes to the engine of its lookup. Octets are copied only
 *    where it says that they are the answer, or the best reply so far.
 * 5. From 2. on again, until all have ended.
 */
#include <trowel/resolver.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/addrinfo.h"
#include "resolver/random.h"
#include "resolver/transport.h"

#define CLASS_IN 1
#define EDNS_DO 0x8000
#define OPTION_EDE 15
#define BUFFER_SIZE 65536 /* more than any datagram */
#define BURST 64 /* datagrams off a socket before the clock is read again */

struct trowel {
	struct trowel_options options;
	uint8_t buffer[BUFFER_SIZE]; /* for what arrives by UDP */
};

/* One request on its way. Its sockets stay open to the end, so that a late
 * reply to an early attempt still counts. */
struct lookup {
	struct tw_request *request;
	bool done;
	uint64_t until_us; /* to wait at the longest */
	uint8_t *kept; /* octets of the best reply so far, `message`'s */
	struct trowel_message message;
	uint32_t broken; /* bit per attempt: its socket has had an error */
	uint32_t told; /* likewise: its end has been traced */
	const struct trowel_address *servers; /* that the engine knows */
	uint8_t server_count;
	struct trowel_address source;
	bool keeps_ad;
	/* in run.fds; of the open sockets alone */
	size_t slots[TROWEL_ATTEMPTS_MAX];
	struct tw_socket sockets[TROWEL_ATTEMPTS_MAX];
	struct trowel_engine engine;
};

/* All that run side by side. Theirs is one list for poll(), made anew for each
 * wait: with several hundred lookups, look at epoll. */
struct run {
	struct trowel *t;
	struct lookup *lookups;
	size_t count;
	struct pollfd *fds;
};

/* An answer with all that it points to, in one block. */
struct reply {
	struct trowel_answer answer;
	struct trowel_attempt attempts[];
	/* and then the servers, and the octets of the message */
};

static void start(
	struct run *run, const struct trowel_ask *ask, struct lookup *lookup);
static enum trowel_status start_engine(const struct trowel *t,
	const struct trowel_ask *ask, struct lookup *lookup);
static struct trowel_policy make_policy(
	const struct trowel_options *options, const struct trowel_ask *ask);
static struct trowel_query make_query(const struct trowel_options *options,
	const struct tw_request *request, const struct trowel_ask *ask);
static bool advance(struct run *run);
static void step(struct run *run, struct lookup *lookup);
static void send_attempt(
	const struct trowel *t, struct lookup *lookup, uint8_t attempt);
static void trace(const struct trowel *t, const struct lookup *lookup,
	uint8_t attempt, uint8_t event, const uint8_t *octets, size_t length);
static void trace_ends(const struct trowel *t, struct lookup *lookup);
static int wait_for_any(struct run *run);
static void receive_all(struct run *run);
static void receive(struct run *run, struct lookup *lookup, uint8_t attempt);
static bool take_event(const struct trowel *t, struct lookup *lookup,
	uint8_t attempt, enum tw_event event, const uint8_t *octets,
	size_t length, int error);
static void keep(struct lookup *lookup, const struct trowel_message *message);
static void end(
	struct run *run, struct lookup *lookup, enum trowel_status status);
static struct trowel_answer *make_answer(
	const struct lookup *lookup, enum trowel_status status);
static void describe_message(
	struct trowel_answer *answer, const struct trowel_name *asked);
static void describe_error(struct trowel_answer *answer);
static void describe_servers(
	const struct lookup *lookup, struct trowel_address *servers);

enum trowel_status trowel_open(
	struct trowel **t, const struct trowel_options *options)
{
	*t = NULL;
	if (options->server_count == 0)
		return TROWEL_NO_SERVERS;
	if (options->server_count > TROWEL_SERVERS_MAX ||
		options->search_length > TROWEL_SEARCH_SIZE)
		return TROWEL_BAD_ARGUMENT;
	*t = malloc(sizeof(**t));
	if (*t == NULL)
		return TROWEL_NO_MEMORY;
	(*t)->options = *options;
	return TROWEL_OK;
}

void trowel_close(struct trowel *t)
{
	free(t);
}

enum trowel_status trowel_query(struct trowel *t, const char *name,
	uint16_t type, const struct trowel_ask *ask,
	struct trowel_answer **answer)
{
	struct tw_request request = { .type = type };
	size_t position;

	*answer = NULL;
	request.status =
		trowel_name_parse(name, strlen(name), &request.name, &position);
	if (request.status != TROWEL_OK)
		return request.status;
	tw_run(t, ask, &request, 1);
	*answer = request.answer;
	return request.status;
}

void trowel_answer_free(struct trowel_answer *answer)
{
	free(answer); /* one block: struct reply */
}

const struct trowel_options *tw_options(const struct trowel *t)
{
	return &t->options;
}

void tw_run(struct trowel *t, const struct trowel_ask *ask,
	struct tw_request *requests, size_t count)
{
	static const struct trowel_ask nothing_special;
	struct run run = { .t = t, .count = count };

	for (size_t i = 0; i < count; i++) {
		requests[i].answer = NULL;
		requests[i].status = TROWEL_NO_MEMORY;
	}
	run.lookups = calloc(count, sizeof(*run.lookups));
	run.fds = calloc(count * TROWEL_ATTEMPTS_MAX, sizeof(*run.fds));
	if (run.lookups != NULL && run.fds != NULL) {
		for (size_t i = 0; i < count; i++) {
			run.lookups[i].request = &requests[i];
			start(&run, ask != NULL ? ask : &nothing_special,
				&run.lookups[i]);
		}
		while (advance(&run) && wait_for_any(&run) == 0)
			receive_all(&run);
		/* Only where poll() itself fails is any left to end here. */
		for (size_t i = 0; i < count; i++)
			end(&run, &run.lookups[i], TROWEL_SYSTEM_ERROR);
	}
	free(run.fds);
	free(run.lookups);
}

static void start(
	struct run *run, const struct trowel_ask *ask, struct lookup *lookup)
{
	enum trowel_status status = start_engine(run->t, ask, lookup);

	for (size_t i = 0; i < TROWEL_ATTEMPTS_MAX; i++)
		lookup->sockets[i].fd = -1;
	if (status == TROWEL_OK)
		return;
	lookup->request->status = status;
	lookup->done = true;
}

static enum trowel_status start_engine(const struct trowel *t,
	const struct trowel_ask *ask, struct lookup *lookup)
{
	struct trowel_policy policy = make_policy(&t->options, ask);
	struct trowel_query query =
		make_query(&t->options, lookup->request, ask);
	uint8_t random[TROWEL_RANDOM_SIZE];
	enum trowel_status status = tw_random_fill(random, sizeof(random));

	if (status == TROWEL_OK && ask->server > t->options.server_count)
		status = TROWEL_BAD_ARGUMENT;
	if (status != TROWEL_OK)
		return status;
	lookup->servers = t->options.servers;
	lookup->server_count = t->options.server_count;
	lookup->source = ask->source;
	lookup->keeps_ad =
		(ask->flags & (TROWEL_ASK_AD | TROWEL_ASK_EXACT)) != 0 ||
		(t->options.flags & TROWEL_TRUST_AD) != 0;
	if (ask->server > 0) {
		lookup->servers += ask->server - 1;
		lookup->server_count = policy.server_count = 1;
	}
	for (size_t i = 0;
		ask->flags & TROWEL_ASK_SET_ID && i < TROWEL_ATTEMPTS_MAX;
		i++) {
		random[4 * i] = (uint8_t)(ask->id / 256);
		random[4 * i + 1] = (uint8_t)(ask->id % 256);
	}
	return trowel_engine_start(
		&lookup->engine, &policy, &query, tw_clock_us(), random);
}

static struct trowel_policy make_policy(
	const struct trowel_options *options, const struct trowel_ask *ask)
{
	return (struct trowel_policy){
		.server_count = options->server_count,
		.tries = ask->attempts > 0 ? ask->attempts : options->attempts,
		.tcp = (ask->flags & TROWEL_ASK_TCP) != 0 ||
			(options->flags & TROWEL_USE_TCP) != 0,
		.keep_truncated = (ask->flags & TROWEL_ASK_KEEP_TRUNCATED) != 0,
		.any_rcode = (ask->flags & TROWEL_ASK_ANY_RCODE) != 0,
		.timeout_ms = ask->timeout_ms > 0 ? ask->timeout_ms
						  : options->timeout_ms,
		.deadline_ms = ask->deadline_ms > 0 ? ask->deadline_ms
						    : options->deadline_ms,
	};
}

static struct trowel_query make_query(const struct trowel_options *options,
	const struct tw_request *request, const struct trowel_ask *ask)
{
	bool exact = (ask->flags & TROWEL_ASK_EXACT) != 0;
	bool trust_ad = (options->flags & TROWEL_TRUST_AD) != 0 && !exact;
	struct trowel_query query = {
		.name = request->name,
		.type = request->type,
		.class_code = ask->class_code,
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
	if (ask->flags & TROWEL_ASK_NO_QUESTION)
		query.name.length = 0;
	if ((ask->flags & TROWEL_ASK_NO_RECURSION) == 0)
		query.flags |= TROWEL_RD;
	if ((ask->flags & TROWEL_ASK_AD) || trust_ad)
		query.flags |= TROWEL_AD;
	if (ask->flags & TROWEL_ASK_CD)
		query.flags |= TROWEL_CD;
	if (ask->flags & TROWEL_ASK_DO)
		query.edns_flags |= EDNS_DO;
	return query;
}

/* Lets every lookup do what is due. False when none is left. */
static bool advance(struct run *run)
{
	bool any = false;

	for (size_t i = 0; i < run->count; i++) {
		if (!run->lookups[i].done)
			step(run, &run->lookups[i]);
		if (!run->lookups[i].done)
			any = true;
	}
	return any;
}

static void step(struct run *run, struct lookup *lookup)
{
	for (;;) {
		struct trowel_action action =
			trowel_engine_next(&lookup->engine, tw_clock_us());

		trace_ends(run->t, lookup);
		if (action.kind == TROWEL_WAIT) {
			lookup->until_us = action.until_us;
			return;
		}
		if (action.kind == TROWEL_DONE) {
			end(run, lookup, action.status);
			return;
		}
		send_attempt(run->t, lookup, action.attempt);
	}
}

/* A socket of its own for each attempt: an answer must guess its port anew. */
static void send_attempt(
	const struct trowel *t, struct lookup *lookup, uint8_t attempt)
{
	struct trowel_engine *engine = &lookup->engine;
	const struct trowel_attempt *sent = &engine->attempts[attempt];
	struct tw_socket *socket = &lookup->sockets[attempt];
	int error = tw_socket_open(socket, sent->transport == TROWEL_TCP,
		&lookup->servers[sent->server],
		lookup->source.family != 0 ? &lookup->source : NULL);

	if (attempt > 0 && engine->attempts[attempt - 1].server != sent->server)
		trace(t, lookup, attempt, TROWEL_TRACE_SERVER, NULL, 0);
	trace(t, lookup, attempt, TROWEL_TRACE_SENT, engine->query,
		engine->query_length);
	if (error == 0)
		error = tw_socket_send(
			socket, engine->query, engine->query_length);
	if (error == 0)
		return;
	tw_socket_close(socket);
	trowel_engine_failed(engine, attempt, error, tw_clock_us());
}

static void trace(const struct trowel *t, const struct lookup *lookup,
	uint8_t attempt, uint8_t event, const uint8_t *octets, size_t length)
{
	const struct trowel_attempt *told = &lookup->engine.attempts[attempt];
	struct trowel_trace trace = { .event = event,
		.attempt = told,
		.server = &lookup->servers[told->server],
		.octets = octets,
		.length = length };

	if (t->options.trace != NULL)
		t->options.trace(t->options.trace_user, &trace);
}

/* Tells of attempts that have ended without an answer, each once. */
static void trace_ends(const struct trowel *t, struct lookup *lookup)
{
	for (uint8_t i = 0; i < lookup->engine.count; i++) {
		uint8_t outcome = lookup->engine.attempts[i].outcome;
		uint32_t bit = (uint32_t)1 << i;

		if ((lookup->told & bit) != 0 || outcome == TROWEL_ANSWERED ||
			(outcome == TROWEL_UNANSWERED && !lookup->done))
			continue;
		lookup->told |= bit;
		trace(t, lookup, i, TROWEL_TRACE_ENDED, NULL, 0);
	}
}

/* Sockets are listed without gaps: poll() refuses a list that is longer than
 * the limit of descriptors, whatever is in it. Returns 0 or the errno. */
static int wait_for_any(struct run *run)
{
	uint64_t until_us = UINT64_MAX;
	size_t used = 0;

	for (size_t i = 0; i < run->count; i++) {
		struct lookup *lookup = &run->lookups[i];

		if (lookup->done)
			continue;
		if (lookup->until_us < until_us)
			until_us = lookup->until_us;
		for (size_t a = 0; a < lookup->engine.count; a++) {
			struct tw_socket *socket = &lookup->sockets[a];

			if (socket->fd < 0)
				continue;
			lookup->slots[a] = used;
			run->fds[used++] = (struct pollfd){ .fd = socket->fd,
				.events = tw_socket_events(socket) };
		}
	}
	return tw_wait(run->fds, used, until_us);
}

static void receive_all(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lookup *lookup = &run->lookups[i];
		uint8_t count = lookup->engine.count;

		if (lookup->done)
			continue;
		for (uint8_t a = 0; a < count; a++)
			if (lookup->sockets[a].fd >= 0 &&
				run->fds[lookup->slots[a]].revents != 0)
				receive(run, lookup, a);
	}
}

/* What has come on one socket, but not all of it at once: in a flood of forged
 * replies, the clock must be looked at too (T4). */
static void receive(struct run *run, struct lookup *lookup, uint8_t attempt)
{
	bool more = true;

	for (int i = 0; i < BURST && more; i++) {
		const uint8_t *octets;
		size_t length;
		int error;
		enum tw_event event = tw_socket_receive(
			&lookup->sockets[attempt], run->t->buffer,
			sizeof(run->t->buffer), &octets, &length, &error);

		more = take_event(
			run->t, lookup, attempt, event, octets, length, error);
	}
}

/* Whether to look for more on that socket now. */
static bool take_event(const struct trowel *t, struct lookup *lookup,
	uint8_t attempt, enum tw_event event, const uint8_t *octets,
	size_t length, int error)
{
	struct tw_socket *socket = &lookup->sockets[attempt];
	struct trowel_message message;
	enum trowel_verdict verdict;
	uint32_t bit = (uint32_t)1 << attempt;

	if (event == TW_EVENT_NONE)
		return false;
	if (event == TW_EVENT_CLOSED || event == TW_EVENT_FAILED) {
		/* After one error by UDP a reply may still come; but a socket
		 * that always has errors would keep poll() from waiting. */
		if (socket->tcp || (lookup->broken & bit) != 0)
			tw_socket_close(socket);
		lookup->broken |= bit;
		trowel_engine_failed(
			&lookup->engine, attempt, error, tw_clock_us());
		return false;
	}
	verdict = trowel_engine_receive(&lookup->engine, attempt, octets,
		length, event == TW_EVENT_CUT, tw_clock_us(), &message);
	if (verdict == TROWEL_CANDIDATE || verdict == TROWEL_FINAL)
		keep(lookup, &message);
	trace(t, lookup, attempt,
		verdict == TROWEL_IGNORED ? TROWEL_TRACE_DROPPED
					  : TROWEL_TRACE_RECEIVED,
		octets, length);
	return verdict == TROWEL_IGNORED;
}

/* Keeps a copy of a reply in place of the one before. */
static void keep(struct lookup *lookup, const struct trowel_message *message)
{
	free(lookup->kept);
	lookup->message = *message;
	lookup->kept = malloc(message->length);
	if (lookup->kept != NULL)
		memcpy(lookup->kept, message->octets, message->length);
}

/* The lookup's end: once, and with all that it holds given up. */
static void end(
	struct run *run, struct lookup *lookup, enum trowel_status status)
{
	if (lookup->done)
		return;
	lookup->done = true;
	trace_ends(run->t, lookup);
	lookup->request->status = status;
	lookup->request->answer = make_answer(lookup, status);
	if (lookup->request->answer == NULL)
		lookup->request->status = TROWEL_NO_MEMORY;
	for (size_t i = 0; i < lookup->engine.count; i++)
		tw_socket_close(&lookup->sockets[i]);
	free(lookup->kept);
	lookup->kept = NULL;
}

/* NULL: no memory. */
static struct trowel_answer *make_answer(
	const struct lookup *lookup, enum trowel_status status)
{
	const struct trowel_engine *engine = &lookup->engine;
	size_t count = engine->count;
	size_t length = status == TROWEL_OK ? lookup->message.length : 0;
	struct reply *reply;
	struct trowel_address *servers;
	size_t servers_size;
	uint8_t *octets;

	if (length > 0 && lookup->kept == NULL)
		return NULL;
	servers_size = lookup->server_count * sizeof(*servers);
	reply = calloc(1,
		sizeof(*reply) + count * sizeof(reply->attempts[0]) +
			servers_size + length);
	if (reply == NULL)
		return NULL;
	servers = (struct trowel_address *)(void *)&reply->attempts[count];
	memcpy(reply->attempts, engine->attempts,
		count * sizeof(reply->attempts[0]));
	describe_servers(lookup, servers);
	reply->answer.status = status;
	reply->answer.attempts = reply->attempts;
	reply->answer.servers = servers;
	reply->answer.ede_code = TROWEL_NO_EDE;
	reply->answer.attempt_count = (uint16_t)count;
	if (status == TROWEL_MALFORMED_ANSWER)
		reply->answer.fault = engine->fault;
	if (length == 0)
		return &reply->answer;
	octets = (uint8_t *)servers + servers_size;
	memcpy(octets, lookup->kept, length);
	reply->answer.attempt = engine->best;
	reply->answer.message = lookup->message;
	reply->answer.message.octets = octets;
	if (!lookup->keeps_ad) {
		octets[3] = octets[3] & (uint8_t)~TROWEL_AD;
		reply->answer.message.flags &= (uint16_t)~TROWEL_AD;
	}
	describe_error(&reply->answer);
	describe_message(&reply->answer, &lookup->request->name);
	return &reply->answer;
}

/* CNAMEs in a circle, or in conflict, are for the caller to find: the message
 * is one that can be printed. */
static void describe_message(
	struct trowel_answer *answer, const struct trowel_name *asked)
{
	struct trowel_chain chain;
	struct trowel_record record;
	bool any;

	answer->rcode = trowel_message_rcode(&answer->message);
	answer->name = *asked;
	if (trowel_chain_start(&chain, &answer->message) != TROWEL_OK)
		return;
	trowel_message_name(&answer->message, chain.owner, &answer->name);
	answer->ttl_s = chain.ttl_s;
	any = chain.alias_count > 0;
	while (trowel_chain_next(&chain, &record)) {
		if (trowel_record_ttl_s(&record) < answer->ttl_s)
			answer->ttl_s = trowel_record_ttl_s(&record);
		any = true;
	}
	if (!any)
		answer->ttl_s = 0;
}

/* The first EDE of the OPT, RFC 8914 2. Its lengths have been checked. */
static void describe_error(struct trowel_answer *answer)
{
	const struct trowel_message *message = &answer->message;
	size_t at = message->edns.options;
	size_t end = at + message->edns.options_length;

	while (end - at >= 4) {
		const uint8_t *option = message->octets + at;
		size_t length = (size_t)option[2] * 256 + option[3];

		at += 4;
		if (length > end - at)
			return;
		if (option[0] == 0 && option[1] == OPTION_EDE && length >= 2) {
			answer->ede_code =
				(uint16_t)(option[4] * 256 + option[5]);
			answer->ede_text = (uint16_t)(at + 2);
			answer->ede_length = (uint16_t)(length - 2);
			return;
		}
		at += length;
	}
}

static void describe_servers(
	const struct lookup *lookup, struct trowel_address *servers)
{
	for (size_t i = 0; i < lookup->server_count; i++) {
		servers[i] = lookup->servers[i];
		if (servers[i].port == 0)
			servers[i].port = TROWEL_PORT;
	}
}
