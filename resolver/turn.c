/* SPDX-License-Identifier: MIT */
#include "resolver/turn.h"

#include "resolver/attempt.h"
#include "resolver/health.h"
#include "resolver/query.h"
#include "wire/cursor.h"

#define ENOUGH 2 /* turns in vain */

static bool find_due(const struct trowel_engine *engine, uint8_t *server);
static bool find_probe(
	const struct trowel_engine *engine, uint32_t elapsed, uint8_t *server);
static bool find_turn(const struct trowel_engine *engine, uint8_t *server);
static unsigned turns_allowed(
	const struct trowel_engine *engine, uint8_t server);
static unsigned vain_turns(const struct trowel_engine *engine, uint8_t server);
static void take_turn(
	struct trowel_engine *engine, uint8_t server, uint32_t elapsed);
static void send_probe(
	struct trowel_engine *engine, uint8_t server, uint32_t elapsed);
static struct trowel_attempt *add_attempt(struct trowel_engine *engine,
	uint8_t server, bool tcp, uint32_t elapsed);
static uint32_t end_us(const struct trowel_engine *engine);
static uint64_t wait_us(const struct trowel_engine *engine);
static uint32_t after_newest(const struct trowel_engine *engine, uint64_t wait);
static bool is_awaited(const struct trowel_engine *engine, uint8_t index);

bool tw_turn_send(struct trowel_engine *engine, uint32_t elapsed)
{
	uint8_t server;

	if (engine->count >= TROWEL_ATTEMPTS_MAX) /* 6.1 */
		return false;
	if (find_due(engine, &server)) {
		add_attempt(engine, server,
			(engine->states[server] & TW_DUE_TCP) != 0, elapsed);
	} else if (find_probe(engine, elapsed, &server)) {
		send_probe(engine, server, elapsed);
	} else if (find_turn(engine, &server) &&
		(elapsed >= end_us(engine) ||
			!tw_turn_is_awaited(engine))) { /* 6.4, 7.1 */
		take_turn(engine, server, elapsed);
	} else {
		return false;
	}
	tw_query_write(engine, engine->count, elapsed);
	engine->count++;
	return true;
}

bool tw_turn_is_left(const struct trowel_engine *engine)
{
	uint8_t server;

	return engine->count < TROWEL_ATTEMPTS_MAX &&
		find_turn(engine, &server);
}

uint32_t tw_turn_last_us(const struct trowel_engine *engine)
{
	uint64_t wait = wait_us(engine);

	if (wait < TW_FIRST_WAIT_US && engine->policy.timeout_ms == 0)
		wait = TW_FIRST_WAIT_US;
	return after_newest(engine, wait);
}

/* 6.5 */
static TW_APART uint32_t after_newest(
	const struct trowel_engine *engine, uint64_t wait)
{
	uint32_t sent = engine->attempts[engine->newest].sent_us;
	uint32_t deadline = tw_deadline_us(engine);

	return wait < deadline - sent ? sent + (uint32_t)wait : deadline;
}

bool tw_turn_is_awaited(const struct trowel_engine *engine)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		if (is_awaited(engine, i))
			return true;
	}
	return false;
}

/* 6.3 */
uint32_t tw_turn_look_us(const struct trowel_engine *engine, uint32_t elapsed)
{
	const struct trowel_attempt *newest = engine->attempts + engine->newest;
	const struct trowel_health *health = engine->health + newest->server;
	uint32_t end = end_us(engine);
	uint32_t early = newest->sent_us + (end - newest->sent_us) / 4;

	if (engine->policy.timeout_ms == 0 && elapsed < early &&
		health->asked > 1 && !tw_health_is_known(health))
		return early;
	return end;
}

static bool find_due(const struct trowel_engine *engine, uint8_t *server)
{
	for (uint8_t i = 0; i < engine->policy.server_count; i++) {
		unsigned state = engine->states[i];

		if ((state & (TW_DUE | TW_DUE_TCP)) && !(state & TW_FAILED)) {
			*server = i;
			return true;
		}
	}
	return false;
}

/* 8.2, 9.5: beside the first attempt. */
static bool find_probe(
	const struct trowel_engine *engine, uint32_t elapsed, uint8_t *server)
{
	uint64_t now_us = engine->start_us + elapsed;

	if (engine->count != 1)
		return false;
	for (uint8_t i = 0; i < engine->policy.server_count; i++) {
		const struct trowel_health *health = engine->health + i;

		if (!tw_health_is_due(health, now_us) ||
			(engine->states[i] & TW_FAILED))
			continue;
		if (health->failures > 0 ? engine->turns[i] == 0
					 : engine->edns_fallback) {
			*server = i;
			return true;
		}
	}
	return false;
}

/* 6.1, 8.1: of those that have had the fewest turns, the first; but those that
 * have failed before come last. */
static bool find_turn(const struct trowel_engine *engine, uint8_t *server)
{
	unsigned count = engine->policy.server_count;
	unsigned least = UINT8_MAX * 2;

	for (unsigned i = 0; i < count; i++) {
		uint8_t at = (uint8_t)((engine->first + i) % count);
		unsigned rank = engine->turns[at] * 2u +
			(engine->health[at].failures > 0);

		if (!(engine->states[at] & TW_FAILED) && rank < least &&
			engine->turns[at] < turns_allowed(engine, at)) {
			least = rank;
			*server = at;
		}
	}
	return least < UINT8_MAX * 2;
}

static unsigned turns_allowed(
	const struct trowel_engine *engine, uint8_t server)
{
	unsigned tries = engine->policy.tries;

	if (tries == 0 && engine->policy.timeout_ms != 0)
		tries = ENOUGH;
	if (tries == 0)
		return vain_turns(engine, server) < ENOUGH ? TROWEL_ATTEMPTS_MAX
							   : 0;
	return tries + ((engine->states[server] & TW_DOUBT) != 0); /* 9.9 */
}

/* Those that did not end in silence, and would not end otherwise again. */
static unsigned vain_turns(const struct trowel_engine *engine, uint8_t server)
{
	unsigned count = 0;

	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *attempt = engine->attempts + i;

		if (attempt->server == server && !attempt->probe &&
			attempt->transport == engine->policy.tcp &&
			(attempt->outcome == TROWEL_ATTEMPT_TRUNCATED ||
				attempt->outcome >= TROWEL_ATTEMPT_MALFORMED))
			count++;
	}
	return count;
}

static void take_turn(
	struct trowel_engine *engine, uint8_t server, uint32_t elapsed)
{
	struct trowel_health *health = engine->health + server;

	for (uint8_t i = 0; i < engine->count; i++) {
		struct trowel_attempt *attempt = engine->attempts + i;

		if (attempt->outcome == TROWEL_UNANSWERED && !attempt->probe)
			tw_attempt_end(
				attempt, TROWEL_ATTEMPT_TIMED_OUT, elapsed);
	}
	if (engine->turns[server] == 0 && health->asked < UINT8_MAX)
		health->asked++;
	engine->turns[server]++;
	add_attempt(engine, server, false, elapsed);
}

static void send_probe(
	struct trowel_engine *engine, uint8_t server, uint32_t elapsed)
{
	uint8_t newest = engine->newest;

	add_attempt(engine, server, false, elapsed)->probe = true;
	tw_health_probed(engine->health + server, engine->start_us + elapsed);
	engine->probe = engine->newest;
	engine->newest = newest;
}

static struct trowel_attempt *add_attempt(struct trowel_engine *engine,
	uint8_t server, bool tcp, uint32_t elapsed)
{
	struct trowel_attempt *attempt = engine->attempts + engine->count;

	*attempt = (struct trowel_attempt){
		.server = server,
		.transport =
			tcp || engine->policy.tcp ? TROWEL_TCP : TROWEL_UDP,
		.sent_us = elapsed,
	};
	engine->states[server] &= (uint8_t) ~(unsigned)(TW_DUE | TW_DUE_TCP);
	engine->newest = engine->count;
	engine->broken = false;
	return attempt;
}

/* When the newest attempt's time is over, since the start. */
static uint32_t end_us(const struct trowel_engine *engine)
{
	return after_newest(engine, wait_us(engine));
}

/* 6.2 */
static uint64_t wait_us(const struct trowel_engine *engine)
{
	const struct trowel_attempt *newest = engine->attempts + engine->newest;
	const uint8_t *random = engine->random + (size_t)4 * engine->newest;
	uint64_t time = (uint64_t)engine->policy.timeout_ms * 1000;

	if (time != 0)
		return time;
	time = tw_health_wait_us(
		engine->health + newest->server, newest->transport);
	for (unsigned turn = 1; turn < engine->turns[newest->server] &&
		time < TW_LONGEST_WAIT_US;
		turn++)
		time *= 2;
	time = time * (49152u + tw_u16_at(random, 2) / 2u) / 65536;
	return time < TW_LONGEST_WAIT_US ? time : TW_LONGEST_WAIT_US;
}

static bool is_awaited(const struct trowel_engine *engine, uint8_t index)
{
	const struct trowel_attempt *attempt = engine->attempts + index;

	if (engine->states[attempt->server] & TW_FAILED || attempt->probe)
		return false;
	if (attempt->outcome == TROWEL_ATTEMPT_MALFORMED) /* 4.1 */
		return index == engine->newest && !engine->broken;
	return attempt->outcome == TROWEL_UNANSWERED;
}
