/* SPDX-License-Identifier: MIT */
/*
 * simulate [-t] [N [SEED]]: N lookups (20,000 if not said), 20 in the world of
 * each seed from SEED (1) on, and what must be so in all of them:
 * 1. No forged address is in an answer, nor one of a name that was not asked.
 * 2. No lookup ends later than its deadline and a tick that the clock is off.
 * 3. A good reply of an honest server, when it comes, ends the lookup with it;
 *    and where one of the servers is perfect, no lookup fails.
 * 4. No more is sent than the policy allows, and all of it is well-formed.
 * 5. Servers that have failed before are asked after the others, and those that
 *    have failed in this lookup not again.
 * 6. The same seed makes the same trace.
 * A lookup that shows otherwise is printed as a scenario, as one can put it
 * into fixtures/scenarios. -t prints the last lookup, whatever it shows.
 */
#include "tests/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario.h"
#include "tests/simulate_trace.h"

#define LOOKUPS 20 /* of a world */
#define TICK_US 2000
#define REPLAYED 50 /* worlds that are played twice, and as a scenario */

static uint64_t hash; /* of all that the engine of a world said */
static struct tally {
	unsigned long long sent, received, answered, failed;
} tally;

static bool play_world(uint64_t seed, unsigned lookups);
static void begin(struct lookup *l, struct world *world);
static void draw_policy(struct lookup *l);
static void draw_query(struct lookup *l);
static void play(struct lookup *l);
static void take_send(struct lookup *l, const struct trowel_action *action);
static void check_query(struct lookup *l, const struct trowel_attempt *asked);
static void check_order(struct lookup *l, uint8_t attempt);
static void check_count(struct lookup *l, const struct trowel_attempt *asked);
static void take_wait(struct lookup *l, uint64_t until_us);
static struct event *next_event(struct world *world);
static void deliver(struct lookup *l, struct event *event);
static void check_verdict(struct lookup *l, const struct event *event,
	enum trowel_verdict verdict, bool was_truncated);
static void check_addresses(struct lookup *l, uint8_t attempt,
	const struct trowel_message *message);
static void take_done(struct lookup *l, const struct trowel_action *action);

static void note(uint64_t what)
{
	hash = (hash ^ what) * UINT64_C(1099511628211);
}

static void must(struct lookup *l, bool so, const char *what)
{
	if (!so && l->broken == NULL)
		l->broken = what;
}

static int report(uint64_t seed)
{
	printf("# simulate -t %d %llu\n%s", LOOKUPS, (unsigned long long)seed,
		trace_text());
	return 1;
}

/* Whether the last trace of a world plays as a scenario. */
static bool trace_replays(uint64_t seed)
{
	char error[512] = "";

	if (scenario_run("trace", trace_text(), error, sizeof(error)))
		return true;
	printf("# seed %llu: %s\n", (unsigned long long)seed, error);
	return false;
}

/* With its trace, and without being counted. */
static void play_again(uint64_t seed)
{
	struct tally before = tally;

	trace_start();
	play_world(seed, LOOKUPS);
	trace_stop();
	tally = before;
}

int main(int argc, char **argv)
{
	bool show = argc > 1 && strcmp(argv[1], "-t") == 0;
	unsigned long wanted = 20000;
	uint64_t first = 1;
	uint64_t seed;
	unsigned passed = 1, missed = 0;

	argc -= show;
	argv += show;
	if (argc > 1)
		wanted = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first = strtoull(argv[2], NULL, 10);
	for (seed = first; (seed - first) * LOOKUPS < wanted; seed++) {
		bool again = show || seed - first < REPLAYED;
		bool good = play_world(seed, LOOKUPS);
		uint64_t before = hash;

		if (!good || again)
			play_again(seed);
		if (!good || before != hash || (again && !trace_replays(seed)))
			return report(seed);
	}
	if (show)
		return report(seed - 1) - 1;
	printf("%llu answered, %llu failed; %llu sent, %llu received\n",
		tally.answered, tally.failed, tally.sent, tally.received);
	check_targets(&passed, &missed);
	printf("%u passed, %u failed\n", passed, missed);
	return missed > 0;
}

static bool play_world(uint64_t seed, unsigned lookups)
{
	static struct world world;
	static struct lookup l;

	world_make(&world, seed);
	hash = seed;
	for (unsigned i = 0; i < lookups; i++) {
		begin(&l, &world);
		play(&l);
		if (l.broken != NULL) {
			trace_broken(&l);
			return false;
		}
		world_change(&world);
	}
	return true;
}

static void begin(struct lookup *l, struct world *world)
{
	memset(l, 0, offsetof(struct lookup, engine));
	l->world = world;
	l->start_us = world->now_us;
	draw_policy(l);
	draw_query(l);
	for (size_t i = 0; i < sizeof(l->random); i++)
		l->random[i] = (uint8_t)draw(world, 256);
	for (unsigned i = 0; i < world->server_count; i++)
		l->failed_before[i] = world->health[i].failures > 0;
	trace_begin(l);
	must(l,
		trowel_engine_start(&l->engine, &l->policy, &l->query,
			world->health, world->now_us, l->random) == TROWEL_OK,
		"it does not start");
}

static void draw_policy(struct lookup *l)
{
	struct world *world = l->world;

	l->policy = (struct trowel_policy){
		.server_count = (uint8_t)world->server_count,
		.tries = (uint8_t)(happens(world, 60) ? 0 : 1 + draw(world, 5)),
		.tcp = happens(world, 3),
		.keep_truncated = happens(world, 5),
		.keep_malformed = happens(world, 3),
		.any_rcode = happens(world, 5),
		.edns_fallback = happens(world, 70),
		.cookies = happens(world, 40),
		.mix_case = happens(world, 40),
		.rotate = happens(world, 20),
		.fixed_id = happens(world, 5),
		.timeout_ms = happens(world, 15) ? 1 + draw(world, 3000) : 0,
		.deadline_ms =
			happens(world, 25) ? 1 + draw(world, 12000) : 30000,
	};
}

static void draw_query(struct lookup *l)
{
	static const char *const names[] = { "www.example.com", ".",
		"WWW.Example.com", "12345.example", "_a-b._c.d-e-f.example" };
	struct world *world = l->world;
	size_t at;

	l->name = names[draw(world, 5)];
	l->query = (struct trowel_query){
		.type = 1,
		.class_code = 1,
		.id = (uint16_t)draw(world, 65536),
		.flags = happens(world, 95) ? TROWEL_RD : 0,
		.edns = happens(world, 80),
		.udp_size = TROWEL_EDNS_SIZE,
	};
	if (happens(world, 1))
		l->name = "-"; /* no question */
	else
		trowel_name_parse(
			l->name, strlen(l->name), &l->query.name, &at);
}

static void play(struct lookup *l)
{
	struct trowel_action action;

	do {
		action = trowel_engine_next(&l->engine, l->world->now_us);
		trace_action(l, &action);
		note(action.kind);
		note(action.kind == TROWEL_WAIT ? action.until_us
						: action.attempt);
		if (action.kind == TROWEL_SEND)
			take_send(l, &action);
		else if (action.kind == TROWEL_WAIT)
			take_wait(l, action.until_us);
	} while (action.kind != TROWEL_DONE && l->broken == NULL);
	if (l->broken == NULL)
		take_done(l, &action);
}

static void take_send(struct lookup *l, const struct trowel_action *action)
{
	uint8_t attempt = action->attempt;
	const struct trowel_attempt *asked = &l->engine.attempts[attempt];

	tally.sent++;
	must(l, attempt == l->engine.count - 1, "not the newest attempt");
	must(l, asked->server < l->world->server_count, "not a server");
	if (l->broken != NULL)
		return;
	check_query(l, asked);
	check_order(l, attempt);
	check_count(l, asked);
	world_send(l->world, &l->engine, attempt);
}

static void check_query(struct lookup *l, const struct trowel_attempt *asked)
{
	const struct trowel_engine *engine = &l->engine;
	const uint8_t *id = l->random + 4 * (engine->count - 1);
	struct trowel_message query;
	struct trowel_name name = { 0 };
	size_t size = engine->query_length;
	uint8_t *copy = malloc(size);

	memcpy(copy, engine->query, size);
	must(l, trowel_message_decode(&query, copy, size, NULL) == TROWEL_OK,
		"the query is malformed");
	must(l, query.end == size, "the query is too long");
	must(l, query.edns.present == asked->edns, "OPT, or none");
	must(l, query.flags == l->query.flags, "the query has other flags");
	must(l, query.id == asked->id, "the query has another id");
	must(l,
		asked->id ==
			(l->policy.fixed_id ? l->query.id
					    : id[0] * 256 + id[1]),
		"the id is not the one it was to have");
	if (l->query.name.length > 0) {
		trowel_message_name(&query, query.question.name, &name);
		must(l, trowel_name_is_equal(&name, &l->query.name),
			"the query has another name");
	}
	free(copy);
}

static void check_order(struct lookup *l, uint8_t attempt)
{
	const struct trowel_attempt *asked = &l->engine.attempts[attempt];

	if (attempt == 0 && l->failed_before[asked->server]) {
		for (unsigned i = 0; i < l->world->server_count; i++)
			must(l, l->failed_before[i],
				"one that failed is first");
	}
	for (uint8_t i = 0; i < attempt; i++) {
		const struct trowel_attempt *other = &l->engine.attempts[i];
		bool special = other->rcode == 1 || other->rcode == 4 ||
			other->rcode == 16 || other->rcode == 23;

		if (other->server == asked->server && !other->probe)
			must(l,
				(other->outcome != TROWEL_ATTEMPT_FAILED ||
					special) &&
					other->outcome != TROWEL_ATTEMPT_LAME,
				"one that failed is asked again");
	}
}

static void check_count(struct lookup *l, const struct trowel_attempt *asked)
{
	const struct trowel_policy *policy = &l->policy;
	unsigned most = policy->tries + 2u * policy->edns_fallback +
		policy->mix_case + 3u * policy->cookies;
	unsigned *by_udp = &l->by_udp[asked->server];
	unsigned *by_tcp = &l->by_tcp[asked->server];

	if (asked->probe) {
		must(l, ++l->probes == 1, "more than one probe");
		must(l, l->engine.count == 2, "a probe that comes late");
		return;
	}
	if (asked->transport == TROWEL_UDP)
		++*by_udp;
	else
		++*by_tcp;
	must(l, l->engine.count <= TROWEL_ATTEMPTS_MAX, "too many attempts");
	must(l,
		policy->tcp ? *by_udp == 0
			    : *by_tcp <=
				*by_udp + (policy->mix_case || policy->cookies),
		"too much TCP");
	if (policy->tries > 0)
		must(l, (policy->tcp ? *by_tcp : *by_udp) <= most,
			"too many tries");
}

/* Until the next thing happens. */
static void take_wait(struct lookup *l, uint64_t until_us)
{
	struct world *world = l->world;
	struct event *event = next_event(world);
	uint64_t deadline_us =
		l->start_us + l->policy.deadline_ms * UINT64_C(1000);

	must(l, until_us > world->now_us, "it waits for what is past");
	must(l, until_us <= deadline_us, "it waits beyond the deadline");
	if (event == NULL || event->at_us > until_us) {
		world->now_us =
			until_us + draw(world, 2) * draw(world, TICK_US);
		return;
	}
	if (event->at_us > world->now_us)
		world->now_us = event->at_us;
	deliver(l, event);
	event->times = 0;
}

/* NULL: nothing more is on its way. */
static struct event *next_event(struct world *world)
{
	struct event *next = NULL;

	for (size_t i = 0; i < world->event_count; i++) {
		struct event *event = &world->events[i];

		if (event->times > 0 &&
			(next == NULL || event->at_us < next->at_us))
			next = event;
	}
	return next;
}

static void deliver(struct lookup *l, struct event *event)
{
	struct trowel_engine *engine = &l->engine;
	const struct trowel_attempt *asked = &engine->attempts[event->attempt];
	bool knows = l->world->health[asked->server].server_cookie_length > 0;
	bool was_truncated = asked->outcome == TROWEL_ATTEMPT_TRUNCATED;
	struct trowel_message message;
	enum trowel_verdict verdict = TROWEL_NOTED;

	if (event->fails) {
		trowel_engine_failed(
			engine, event->attempt, event->error, l->world->now_us);
		trace_event(l, event, verdict);
		return;
	}
	if (event->has_no_cookie && event->forged && !knows)
		return;
	if (event->has_no_cookie && knows)
		event->honest = false;
	for (unsigned i = 0; i < event->times && l->broken == NULL; i++) {
		tally.received++;
		verdict = trowel_engine_receive(engine, event->attempt,
			event->octets, event->length, event->cut,
			l->world->now_us, &message);
		check_verdict(l, event, verdict, was_truncated);
		if (verdict == TROWEL_FINAL || verdict == TROWEL_CANDIDATE)
			check_addresses(l, event->attempt, &message);
	}
	note(verdict);
	trace_event(l, event, verdict);
}

static void check_verdict(struct lookup *l, const struct event *event,
	enum trowel_verdict verdict, bool was_truncated)
{
	if (l->engine.done && verdict != TROWEL_FINAL)
		must(l, verdict == TROWEL_IGNORED, "taken after the end");
	else if (event->forged)
		must(l, verdict == TROWEL_IGNORED, "what is forged is taken");
	else if (event->honest && !was_truncated)
		must(l, verdict == TROWEL_FINAL, "a good reply is not taken");
	l->answered |= verdict == TROWEL_FINAL;
	l->candidate |= verdict == TROWEL_CANDIDATE;
}

static void check_addresses(
	struct lookup *l, uint8_t attempt, const struct trowel_message *message)
{
	uint32_t right =
		UINT32_C(0xC0000201) + l->engine.attempts[attempt].server;
	struct trowel_chain chain;
	struct trowel_record record;

	if (trowel_chain_start(&chain, message) != TROWEL_OK)
		return;
	while (trowel_chain_next(&chain, &record)) {
		const uint8_t *at = message->octets + record.rdata;

		must(l,
			(uint32_t)at[0] << 24 == (right & 0xFF000000) &&
				at[1] == 0 && at[2] == 2 &&
				at[3] == (right & 255),
			"a stranger's address");
	}
}

static void take_done(struct lookup *l, const struct trowel_action *action)
{
	struct world *world = l->world;
	uint64_t took_us = world->now_us - l->start_us;
	bool fair = l->policy.deadline_ms == 30000 &&
		l->policy.timeout_ms == 0 &&
		l->engine.count < TROWEL_ATTEMPTS_MAX;
	struct event *event;

	must(l, took_us <= l->policy.deadline_ms * UINT64_C(1000) + TICK_US,
		"it ends after its deadline");
	if (!l->policy.keep_malformed)
		must(l,
			(action->status == TROWEL_OK) ==
				(l->answered || l->candidate),
			"the status says otherwise");
	for (unsigned i = 0; i < world->server_count; i++)
		must(l, !(world->servers[i].perfect && fair) || l->answered,
			"it fails, with a perfect server");
	if (l->answered)
		tally.answered++;
	else
		tally.failed++;
	while ((event = next_event(world)) != NULL && l->broken == NULL) {
		if (event->attempt == l->engine.probe &&
			event->at_us <= action->until_us) {
			world->now_us = event->at_us > world->now_us
				? event->at_us
				: world->now_us;
			deliver(l, event);
		}
		event->times = 0;
	}
	note(action->status);
}
