/* SPDX-License-Identifier: MIT */
#include "resolver/query.h"

#include "resolver/health.h"
#include "resolver/turn.h"
#include "wire/cursor.h"

#define OPT_FIXED 11
#define CASE_BITS \
	(4 * TROWEL_ATTEMPTS_MAX) /* these two: in the random octets */
#define COOKIE_OCTETS (CASE_BITS + 32)
#define LONGEST_COOKIE (4 + 8 + 32)

_Static_assert(COOKIE_OCTETS + 8 == TROWEL_RANDOM_SIZE,
	"random octets for all that is left to chance");

static bool wants_opt(const struct trowel_engine *engine,
	const struct trowel_attempt *attempt);
static bool wants_cookie(struct trowel_engine *engine,
	const struct trowel_attempt *attempt, uint64_t now_us);
static void put_options(
	struct trowel_engine *engine, const struct trowel_health *health);
static size_t put_cookie(uint8_t *octets, const struct trowel_health *health);
static void mix(struct trowel_engine *engine);

void tw_query_write(
	struct trowel_engine *engine, uint8_t index, uint32_t elapsed)
{
	struct trowel_attempt *attempt = engine->attempts + index;
	const struct trowel_health *health = engine->health + attempt->server;
	unsigned state = engine->states[attempt->server];
	uint64_t now_us = engine->start_us + elapsed;

	if (!engine->policy.fixed_id) {
		engine->query[0] = engine->random[4 * index];
		engine->query[1] = engine->random[4 * index + 1];
	}
	attempt->id = tw_u16_at(engine->query, 0);
	attempt->edns = wants_opt(engine, attempt);
	attempt->cookie =
		attempt->edns && wants_cookie(engine, attempt, now_us);
	attempt->mixed = engine->policy.mix_case &&
		!(health->odd_case && now_us < health->odd_us) &&
		!(state & TW_DOUBT_CASE && attempt->transport == TROWEL_UDP);
	engine->query[11] = attempt->edns;
	engine->query_length = engine->question_end;
	if (attempt->edns)
		put_options(engine, attempt->cookie ? health : NULL);
	if (attempt->mixed != engine->mixed)
		mix(engine);
}

unsigned tw_case_bit(const struct trowel_engine *engine, size_t i)
{
	size_t bit = i - TW_HEADER_SIZE;
	uint8_t letter = tw_lower(engine->query[i]);

	if (letter < 'a' || letter > 'z')
		return 0;
	return (engine->random[CASE_BITS + bit / 8] >> bit % 8) % 2 != 0 ? 0x20u
									 : 0u;
}

/* Rule 9 */
static bool wants_opt(const struct trowel_engine *engine,
	const struct trowel_attempt *attempt)
{
	const struct trowel_health *health = engine->health + attempt->server;
	unsigned turns = health->edns == TROWEL_EDNS_WORKS ? 5 : 3;

	if (engine->base_length == engine->question_end)
		return false;
	if (!engine->edns_fallback ||
		(attempt->probe && health->failures == 0)) /* 9.5 */
		return true;
	return (engine->states[attempt->server] & TW_NO_OPT) == 0 &&
		health->edns != TROWEL_EDNS_FAILS && /* 9.4 */
		engine->turns[attempt->server] < turns; /* 9.3 */
}

/* 9.6, 9.9 */
static bool wants_cookie(struct trowel_engine *engine,
	const struct trowel_attempt *attempt, uint64_t now_us)
{
	struct trowel_health *health = engine->health + attempt->server;

	if (!engine->policy.cookies ||
		(health->odd_cookie && now_us < health->odd_us) ||
		engine->base_length > TROWEL_QUERY_SIZE - LONGEST_COOKIE)
		return false;
	if (engine->states[attempt->server] & TW_DOUBT_COOKIE &&
		attempt->transport == TROWEL_UDP)
		return false;
	if (health->has_client_cookie || engine->cookie_given)
		return health->has_client_cookie;
	for (size_t i = 0; i < sizeof(health->client_cookie); i++)
		health->client_cookie[i] = engine->random[COOKIE_OCTETS + i];
	health->has_client_cookie = engine->cookie_given = true;
	return true;
}

/* The caller's, then the cookie of a server if there is one. */
static void put_options(
	struct trowel_engine *engine, const struct trowel_health *health)
{
	size_t options = engine->question_end + (size_t)OPT_FIXED;

	engine->query_length = engine->base_length;
	if (health != NULL)
		engine->query_length += (uint16_t)put_cookie(
			engine->query + engine->base_length, health);
	tw_u16_put(engine->query, options - 2,
		(uint16_t)(engine->query_length - options));
}

/* RFC 7873 4. Returns its length. */
static size_t put_cookie(uint8_t *octets, const struct trowel_health *health)
{
	size_t client = sizeof(health->client_cookie);
	size_t server = health->server_cookie_length;

	tw_u16_put(octets, 0, TW_OPTION_COOKIE);
	tw_u16_put(octets, 2, (uint16_t)(client + server));
	for (size_t i = 0; i < client; i++)
		octets[4 + i] = health->client_cookie[i];
	for (size_t i = 0; i < server; i++)
		octets[4 + client + i] = health->server_cookie[i];
	return 4 + client + server;
}

/* Turns the letters over; once more, and they are as they were. */
static void mix(struct trowel_engine *engine)
{
	for (size_t i = TW_HEADER_SIZE; i + 4 < engine->question_end; i++)
		engine->query[i] ^= (uint8_t)tw_case_bit(engine, i);
	engine->mixed = !engine->mixed;
}
