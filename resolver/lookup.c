/* SPDX-License-Identifier: MIT */
#include "resolver/lookup.h"

#include <stdlib.h>
#include <string.h>

#define HUNGRY_US 50000 /* until a descriptor is looked for again */

static void tick(struct tw_job *job, uint64_t now_us);
static void release(struct tw_job *job);
static bool send_attempt(struct tw_lookup *lookup, uint8_t attempt);
static int send_now(struct tw_lookup *lookup, uint8_t attempt);
static void starve(struct tw_lookup *lookup, uint8_t attempt, int error);
static void end(struct tw_lookup *lookup, const struct trowel_action *action);
static void leave_all(struct tw_lookup *lookup, uint8_t but);
static void trace_ends(struct tw_lookup *lookup);

enum trowel_status tw_lookup_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_ask *ask, const struct trowel_name *name,
	uint16_t type, struct tw_job **job)
{
	struct tw_lookup *lookup;
	enum trowel_status status;

	*job = tw_job_new(t, parent, ask, sizeof(*lookup),
		offsetof(struct tw_lookup, job));
	if (*job == NULL)
		return TROWEL_NO_MEMORY;
	lookup = TW_OWNER(*job, struct tw_lookup, job);
	lookup->job.kind.tick = tick;
	lookup->job.kind.release = release;
	tw_links_init(&lookup->hungry);
	for (uint8_t i = 0; i < TROWEL_ATTEMPTS_MAX; i++) {
		tw_links_init(&lookup->exchanges[i].links);
		lookup->exchanges[i].attempt = i;
	}
	lookup->name = *name;
	lookup->servers = tw_servers_share(t->servers);
	status = tw_lookup_plan(lookup, type);
	if (status == TROWEL_OK)
		tw_lookup_step(lookup);
	else
		tw_job_cancel(*job);
	return status;
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
			tw_lookup_fail(lookup, lookup->unsent, error);
		tw_lookup_step(lookup);
	}
	if (!tw_links_is_alone(&t->hungry) && t->fed_us < t->due_us)
		t->due_us = t->fed_us;
}

static void tick(struct tw_job *job, uint64_t now_us)
{
	struct tw_lookup *lookup = TW_OWNER(job, struct tw_lookup, job);

	(void)now_us;
	if (job->ended) {
		tw_lookup_end_probe(lookup);
		return;
	}
	if (!tw_links_is_alone(&lookup->hungry)) { /* to its deadline */
		tw_links_remove(&lookup->hungry);
		tw_lookup_fail(lookup, lookup->unsent, lookup->error);
	}
	tw_lookup_step(lookup);
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
void tw_lookup_step(struct tw_lookup *lookup)
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
		tw_lookup_trace(lookup, attempt, TROWEL_TRACE_SERVER, NULL, 0);
	error = send_now(lookup, attempt);
	if (tw_channel_is_shortage(error) && !attempts[attempt].probe) {
		starve(lookup, attempt, error);
		return false;
	}
	if (error != 0)
		tw_lookup_fail(lookup, attempt, error);
	return true;
}

/* Returns 0 or the errno. */
static int send_now(struct tw_lookup *lookup, uint8_t attempt)
{
	const struct trowel_engine *engine = &lookup->engine;
	struct tw_route route = tw_lookup_route(lookup, attempt);
	int error = tw_channel_send(lookup->job.t, &lookup->exchanges[attempt],
		&route, engine->query, engine->query_length);

	if (error == 0)
		tw_lookup_trace(lookup, attempt, TROWEL_TRACE_SENT,
			engine->query, engine->query_length);
	return error;
}

struct tw_route tw_lookup_route(const struct tw_lookup *lookup, uint8_t attempt)
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

void tw_lookup_fail(struct tw_lookup *lookup, uint8_t attempt, int error)
{
	trowel_engine_failed(&lookup->engine, attempt, error, tw_clock_us());
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

void tw_lookup_end_probe(struct tw_lookup *lookup)
{
	leave_all(lookup, TROWEL_ATTEMPTS_MAX);
	lookup->job.lingers = false;
	if (lookup->job.id == 0)
		tw_job_cancel(&lookup->job);
}

void tw_lookup_trace(const struct tw_lookup *lookup, uint8_t attempt,
	uint8_t event, const uint8_t *octets, size_t length)
{
	const struct trowel_options *options = &lookup->job.t->options;
	const struct trowel_attempt *told = &lookup->engine.attempts[attempt];
	struct trowel_trace trace = { .event = event,
		.reason = event == TROWEL_TRACE_DROPPED ? lookup->engine.reason
							: TROWEL_DROPPED_NOT,
		.id = lookup->job.id,
		.attempt = told,
		.server = tw_lookup_route(lookup, attempt).server,
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
		tw_lookup_trace(lookup, i, TROWEL_TRACE_ENDED, NULL, 0);
	}
}
