/* SPDX-License-Identifier: MIT */
/* What a scenario expects. */
#include <stdio.h>
#include <string.h>

#include "tests/scenario_parts.h"

static bool expect_action(struct scenario *s, char **words, size_t count);
static bool expect_query(struct scenario *s, char **words, size_t count);
static bool expect_of_all(struct scenario *s, char **words, size_t count);
static bool expect_of_attempt(struct scenario *s, char **words, size_t count);

const struct scenario_word scenario_statuses[] = { { "ok", TROWEL_OK },
	{ "timed-out", TROWEL_TIMED_OUT },
	{ "unreachable", TROWEL_UNREACHABLE },
	{ "system-error", TROWEL_SYSTEM_ERROR },
	{ "malformed", TROWEL_MALFORMED_ANSWER },
	{ "closed", TROWEL_CONNECTION_CLOSED }, { NULL, 0 } };

static const struct scenario_word outcomes[] = {
	{ "unanswered", TROWEL_UNANSWERED }, { "answered", TROWEL_ANSWERED },
	{ "timed-out", TROWEL_ATTEMPT_TIMED_OUT },
	{ "truncated", TROWEL_ATTEMPT_TRUNCATED },
	{ "failed", TROWEL_ATTEMPT_FAILED }, { "lame", TROWEL_ATTEMPT_LAME },
	{ "malformed", TROWEL_ATTEMPT_MALFORMED },
	{ "closed", TROWEL_ATTEMPT_CLOSED }, { "error", TROWEL_ATTEMPT_ERROR },
	{ NULL, 0 }
};

static const struct scenario_word transports[] = { { "udp", TROWEL_UDP },
	{ "tcp", TROWEL_TCP }, { NULL, 0 } };

static const struct scenario_word actions[] = { { "send", TROWEL_SEND },
	{ "wait", TROWEL_WAIT }, { "done", TROWEL_DONE }, { NULL, 0 } };

bool scenario_expect(struct scenario *s, char **words, size_t count)
{
	if (count < 2)
		return scenario_wrong(s, "expect WHAT VALUE", "");
	if (scenario_find(actions, words[0]) >= 0)
		return expect_action(s, words, count);
	if (strcmp(words[0], "query") == 0)
		return expect_query(s, words + 1, count - 1);
	if (strcmp(words[0], "health") == 0)
		return scenario_expect_health(s, words + 1, count - 1);
	if (count == 2 || strcmp(words[0], "fault") == 0)
		return expect_of_all(s, words, count);
	return expect_of_attempt(s, words, count);
}

static void describe(const struct scenario *s,
	const struct trowel_action *action, char *text, size_t size)
{
	const struct trowel_attempt *sent =
		&s->engine.attempts[action->attempt];
	uint64_t wait_us = action->until_us - s->start_us;

	if (action->kind == TROWEL_SEND)
		snprintf(text, size, "send %u %s%s", sent->server,
			scenario_name_of(transports, sent->transport),
			sent->probe ? " probe" : "");
	else if (action->kind == TROWEL_WAIT)
		snprintf(text, size, "wait %llu.%03u",
			(unsigned long long)(wait_us / 1000),
			(unsigned)(wait_us % 1000));
	else
		snprintf(text, size, "done %s",
			scenario_name_of(
				scenario_statuses, (int)action->status));
}

/* What is to be sent is the newest attempt, with its id. */
static bool query_is_right(const struct trowel_engine *engine, uint8_t attempt)
{
	return attempt == engine->count - 1 &&
		engine->query[0] * 256 + engine->query[1] ==
		engine->attempts[attempt].id;
}

static bool expect_action(struct scenario *s, char **words, size_t count)
{
	struct trowel_action action = trowel_engine_next(&s->engine, s->now_us);
	const struct trowel_attempt *sent = &s->engine.attempts[action.attempt];
	char text[64];
	bool good = (int)action.kind == scenario_find(actions, words[0]);
	uint64_t until_us = 0;
	uint8_t number = 255;

	describe(s, &action, text, sizeof(text));
	if (!good)
		return scenario_wrong(s, "the engine says:", text);
	if (action.kind == TROWEL_WAIT) {
		good = scenario_take_time(s, words[1], &until_us) &&
			until_us == action.until_us - s->start_us;
	} else if (action.kind == TROWEL_SEND) {
		if (!SCENARIO_TAKE(
			    s, words[1], TROWEL_SERVERS_MAX - 1, &number))
			return false;
		good = number == sent->server &&
			sent->transport ==
				scenario_find(transports, words[2]) &&
			query_is_right(&s->engine, action.attempt) &&
			(count > 3) == sent->probe;
		s->lengths[action.attempt] = s->engine.query_length;
		memcpy(s->queries[action.attempt], s->engine.query,
			s->engine.query_length);
	} else {
		good = (int)action.status ==
			scenario_find(scenario_statuses, words[1]);
		if (good && count > 2)
			good = scenario_value_of(words[2], "attempt") != NULL &&
				SCENARIO_TAKE(s, words[2] + 8,
					TROWEL_ATTEMPTS_MAX, &number) &&
				number == action.attempt;
	}
	return good ? true : scenario_wrong(s, "the engine says:", text);
}

static bool same(struct scenario *s, unsigned long is, const char *text)
{
	unsigned long number;
	char instead[32];

	if (!SCENARIO_TAKE(s, text, UINT32_MAX, &number))
		return false;
	snprintf(instead, sizeof(instead), "%lu", is);
	return number == is ? true : scenario_wrong(s, "it is", instead);
}

/* "cookie=HEX" or "no-cookie" */
static bool cookie_is(const uint8_t *query, size_t length, char *word)
{
	uint8_t expected[64];
	size_t size = 0;
	const uint8_t *cookie = scenario_find_cookie(query, length, &size);

	if (strcmp(word, "no-cookie") == 0)
		return cookie == NULL;
	return cookie != NULL && scenario_value_of(word, "cookie") != NULL &&
		scenario_take_hex(word + 7, expected, 64) == size &&
		memcmp(cookie, expected, size) == 0;
}

/* Of the query that was sent last. */
static bool expect_query(struct scenario *s, char **words, size_t count)
{
	const uint8_t *query = s->engine.query;
	size_t length = s->engine.query_length;
	struct trowel_name name;
	size_t at;
	bool good = true;

	for (size_t i = 0; i < count && good; i++) {
		const char *value = strchr(words[i], '=');

		if (strcmp(words[i], "opt") == 0)
			good = query[11] == 1 &&
				length > s->engine.question_end;
		else if (strcmp(words[i], "plain") == 0)
			good = query[11] == 0 &&
				length == s->engine.question_end;
		else if (scenario_value_of(words[i], "id") != NULL)
			good = same(s, query[0] * 256u + query[1], value + 1);
		else if (scenario_value_of(words[i], "name") != NULL)
			good = trowel_name_parse(value + 1, strlen(value + 1),
				       &name, &at) == TROWEL_OK &&
				memcmp(query + 12, name.octets, name.length) ==
					0;
		else
			good = cookie_is(query, length, words[i]);
		if (!good)
			return scenario_wrong(s, "the query has not", words[i]);
	}
	return true;
}

static bool probe_is(struct scenario *s, const char *text)
{
	uint64_t until_us = trowel_engine_next(&s->engine, s->now_us).until_us;
	uint64_t us;

	if (strcmp(text, "none") == 0)
		return until_us == 0
			? true
			: scenario_wrong(s, "there is a probe", "");
	if (!scenario_take_time(s, text, &us))
		return false;
	return until_us == s->start_us + us
		? true
		: scenario_wrong(s, "it is another time than", text);
}

static bool expect_of_all(struct scenario *s, char **words, size_t count)
{
	const struct trowel_fault *fault = &s->engine.fault;

	if (strcmp(words[0], "attempts") == 0)
		return same(s, s->engine.count, words[1]);
	if (strcmp(words[0], "probe") == 0)
		return probe_is(s, words[1]);
	if (strcmp(words[0], "answers") == 0)
		return same(s, s->message.counts[TROWEL_ANSWER], words[1]);
	if (strcmp(words[0], "fault") != 0 || count > 3)
		return scenario_wrong(s, "unknown word", words[0]);
	if (count == 3 &&
		(fault->field == NULL ||
			strlen(words[2]) != fault->field_length ||
			memcmp(words[2], fault->field, fault->field_length) !=
				0))
		return scenario_wrong(s, "the field is another than", words[2]);
	return same(s, fault->offset, words[1]);
}

static bool same_word(struct scenario *s, const struct scenario_word *table,
	int is, const char *text)
{
	return is == scenario_find(table, text)
		? true
		: scenario_wrong(s, "it is", scenario_name_of(table, is));
}

static bool same_time(struct scenario *s, uint32_t is_us, const char *text)
{
	uint64_t us;
	char instead[32];

	snprintf(instead, sizeof(instead), "%u.%03u", is_us / 1000,
		is_us % 1000);
	if (!scenario_take_time(s, text, &us))
		return false;
	return us == is_us ? true : scenario_wrong(s, "it is", instead);
}

static bool expect_of_attempt(struct scenario *s, char **words, size_t count)
{
	const struct trowel_attempt *a;
	uint8_t attempt;

	if (!SCENARIO_TAKE(s, words[1], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	a = &s->engine.attempts[attempt];
	if (attempt >= s->engine.count || count != 3)
		return scenario_wrong(
			s, "no such attempt, or no value:", words[1]);
	if (strcmp(words[0], "outcome") == 0)
		return same_word(s, outcomes, a->outcome, words[2]);
	if (strcmp(words[0], "error") == 0)
		return same_word(s, scenario_errors, a->error, words[2]);
	if (strcmp(words[0], "ignored") == 0)
		return same(s, a->ignored, words[2]);
	if (strcmp(words[0], "rcode") == 0)
		return same(s, a->rcode, words[2]);
	if (strcmp(words[0], "id") == 0)
		return same(s, a->id, words[2]);
	if (strcmp(words[0], "sent") == 0)
		return same_time(s, a->sent_us, words[2]);
	if (strcmp(words[0], "ended") == 0)
		return same_time(s, a->ended_us, words[2]);
	return scenario_wrong(s, "unknown word", words[0]);
}
