/* SPDX-License-Identifier: MIT */
/*
 * The engine: every file of fixtures/scenarios as a case of its own, then what
 * is said better in C, then random courses of events.
 */
#include <trowel/engine.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/scenario.h"

#define START_US 5000000
#define WALKS 20000

static char *read_text(const char *relative)
{
	char *path = check_source_path(relative);
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 65536);

	if (file == NULL || text == NULL) {
		perror(path);
		abort();
	}
	if (fread(text, 1, 65535, file) == 65535) {
		fprintf(stderr, "%s is too large\n", path);
		abort();
	}
	fclose(file);
	free(path);
	return text;
}

/* ------------------------------------------------------------ scenarios */

static char *scenario_path(const char *name)
{
	char *path = malloc(strlen(name) + 32);

	if (path == NULL)
		abort();
	sprintf(path, "fixtures/scenarios/%s.txt", name);
	return path;
}

/* The running case's name is its file's. */
static void scenario(void)
{
	char *path = scenario_path(CU_get_current_test()->pName);
	char *text = read_text(path);
	char error[512] = "";
	bool good = scenario_run(path, text, error, sizeof(error));

	CU_assertImplementation(good, 0, error, path, "", CU_FALSE);
	free(text);
	free(path);
}

static bool fails_with(const char *text, const char *expected)
{
	char error[512] = "";
	bool good = scenario_run("x", text, error, sizeof(error));

	if (!good && strcmp(error, expected) != 0)
		printf("\n\"%s\" instead of \"%s\" ", error, expected);
	return !good && strcmp(error, expected) == 0;
}

static void scenario_failure_names_file_and_line(void)
{
	CU_ASSERT(fails_with("ask a A\nexpect send 1 udp\n",
		"x:2: the engine says: send 0 udp"));
	CU_ASSERT(fails_with("ask a A\n\nexpect send 0 udp\nexpect wait 401",
		"x:4: the engine says: wait 400.000"));
	CU_ASSERT(fails_with("ask a A\nexpect done ok\n",
		"x:2: the engine says: send 0 udp"));
	CU_ASSERT(fails_with("ask a A\nexpect send 0 udp\n"
			     "reply 0 id+1 => answer",
		"x:3: it is ignored"));
	CU_ASSERT(fails_with("ask a A\nexpect send 0 udp\n"
			     "expect outcome 0 failed",
		"x:3: it is unanswered"));
	CU_ASSERT(fails_with("ask a A\nexpect send 0 udp\n"
			     "expect sent 0 1",
		"x:3: it is 0.000"));
}

static void scenario_refuses_what_it_does_not_know(void)
{
	CU_ASSERT(fails_with("asks a A", "x:1: unknown word asks"));
	CU_ASSERT(fails_with(
		"expect wait 4", "x:1: expect comes too late, or early"));
	CU_ASSERT(
		fails_with("policy server=2", "x:1: unknown policy server=2"));
	CU_ASSERT(fails_with(
		"policy tries=2x", "x:1: no number, or too large: 2x"));
	CU_ASSERT(
		fails_with("policy tries=17\nask a A", "x:2: does not start"));
	CU_ASSERT(fails_with("random 0 1234", "x:1: not four octets: 1234"));
	CU_ASSERT(fails_with("ask a A edn", "x:1: unknown word edn"));
	CU_ASSERT(fails_with("ask a A\nadvance 1.2345", "x:2: advance TIME"));
	CU_ASSERT(fails_with("ask a A\nexpect send 0 udp\n"
			     "reply 0 goood => answer",
		"x:3: unknown word goood"));
	CU_ASSERT(fails_with("ask a A\nexpect send 0 udp\n"
			     "reply 0 qr=2 => answer",
		"x:3: unknown word qr=2"));
	CU_ASSERT(fails_with("ask a A\nfail 0 me", "x:2: fail A ERROR"));
}

/* Whether a scenario has the line, "1.2", among those that it "shows". */
static bool shows(const char *text, const char *line)
{
	const char *start = strstr(text, "\nshows ");
	size_t length = strlen(line);
	size_t end;

	start = start != NULL ? start + 1 : text;
	end = strcspn(start, "\n");
	for (size_t i = 5; i + length < end; i++) {
		if (start[i] == ' ' &&
			strncmp(start + i + 1, line, length) == 0 &&
			strchr(" \n", start[i + 1 + length]) != NULL)
			return true;
	}
	return false;
}

static bool is_shown(char **texts, size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++) {
		if (shows(texts[i], line))
			return true;
	}
	return false;
}

static struct check_case *cases;
static size_t scenario_count;

static void scenarios_show_every_line_of_the_procedure(void)
{
	char **texts = calloc(scenario_count, sizeof(*texts));
	char *source = read_text("resolver/engine.c");
	size_t lines = 0;

	for (size_t i = 0; i < scenario_count; i++) {
		char *path = scenario_path(cases[i].name);

		texts[i] = read_text(path);
		free(path);
	}
	for (char *at = source; (at = strstr(at, "\n * ")) != NULL; at += 4) {
		char line[8] = "";
		int length = 0;

		if (sscanf(at + 4, "%*u.%*u %n", &length) < 0 || length == 0)
			continue;
		sscanf(at + 4, "%7s", line);
		lines++;
		if (!is_shown(texts, scenario_count, line))
			CU_assertImplementation(CU_FALSE, 0, line,
				"no scenario shows this line", "", CU_FALSE);
	}
	CU_ASSERT(lines > 20);
	for (size_t i = 0; i < scenario_count; i++)
		free(texts[i]);
	free(texts);
	free(source);
}

/* ---------------------------------------------------------------- cases */

static struct trowel_query query_for(const char *name)
{
	struct trowel_query query = {
		.type = 1, .class_code = 1, .id = 0xFFFF, .flags = TROWEL_RD
	};
	size_t at;

	CU_ASSERT_EQUAL_FATAL(
		trowel_name_parse(name, strlen(name), &query.name, &at),
		TROWEL_OK);
	return query;
}

static const struct trowel_policy plain_policy = {
	.server_count = 1, .tries = 2, .deadline_ms = 10000
};

/* Of every server, before each case; nothing is known. */
static struct trowel_health health[TROWEL_SERVERS_MAX];

static void start(struct trowel_engine *engine, const char *name)
{
	struct trowel_query query = query_for(name);
	uint8_t random[TROWEL_RANDOM_SIZE];

	memset(health, 0, sizeof(health));
	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)(3 * i + 0x80);
	CU_ASSERT_EQUAL_FATAL(trowel_engine_start(engine, &plain_policy, &query,
				      health, START_US, random),
		TROWEL_OK);
}

static enum trowel_verdict receive(struct trowel_engine *engine,
	uint8_t attempt, const uint8_t *octets, size_t length)
{
	uint8_t *copy = check_copy(octets, length);
	struct trowel_message message;
	enum trowel_verdict verdict = trowel_engine_receive(
		engine, attempt, copy, length, false, START_US, &message);

	free(copy);
	return verdict;
}

static void engine_refuses_a_policy_out_of_range(void)
{
	static const struct {
		const char *why;
		struct trowel_policy policy;
	} rows[] = {
		{ "no server", { .tries = 1, .deadline_ms = 1 } },
		{ "33 servers",
			{ .server_count = 33, .tries = 1, .deadline_ms = 1 } },
		{ "17 tries",
			{ .server_count = 1, .tries = 17, .deadline_ms = 1 } },
		{ "no deadline", { .server_count = 1, .tries = 1 } },
		{ "over an hour",
			{ .server_count = 1,
				.tries = 1,
				.deadline_ms = 3600001 } },
	};
	struct trowel_query query = query_for("www.example.com");
	uint8_t random[TROWEL_RANDOM_SIZE] = { 0 };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_engine engine;
		struct trowel_action action;
		enum trowel_status status = trowel_engine_start(
			&engine, &rows[i].policy, &query, health, 0, random);

		CU_ASSERT_EQUAL(status, TROWEL_BAD_ARGUMENT);
		action = trowel_engine_next(&engine, 0);
		CU_ASSERT_EQUAL(action.kind, TROWEL_DONE);
		CU_ASSERT_EQUAL(action.status, TROWEL_BAD_ARGUMENT);
	}
}

static void engine_takes_a_policy_at_its_limits(void)
{
	const struct trowel_policy policy = { .server_count = 32,
		.tries = 16,
		.timeout_ms = UINT32_MAX,
		.deadline_ms = 3600000 };
	struct trowel_query query = query_for(".");
	uint8_t random[TROWEL_RANDOM_SIZE] = { 0 };
	struct trowel_engine engine;

	CU_ASSERT_EQUAL(trowel_engine_start(&engine, &policy, &query, health,
				START_US, random),
		TROWEL_OK);
	CU_ASSERT_EQUAL(
		trowel_engine_next(&engine, START_US).kind, TROWEL_SEND);
	CU_ASSERT_EQUAL(trowel_engine_next(&engine, START_US).until_us,
		START_US + UINT64_C(3600000000));
	/* The last moment, which a sum of 32 bits would miss. */
	trowel_engine_failed(
		&engine, 0, ECONNREFUSED, START_US + UINT64_C(3599999999));
	CU_ASSERT_EQUAL(
		trowel_engine_next(&engine, START_US + UINT64_C(3599999999))
			.kind,
		TROWEL_SEND);
	CU_ASSERT_EQUAL(
		trowel_engine_next(&engine, START_US + UINT64_C(3599999999))
			.until_us,
		START_US + UINT64_C(3600000000));
}

static void engine_refuses_a_query_that_is_too_long(void)
{
	struct trowel_query query = query_for("www.example.com");
	uint8_t random[TROWEL_RANDOM_SIZE] = { 0 };
	static const uint8_t options[TROWEL_MESSAGE_MAX];
	struct trowel_engine engine;

	query.edns = true;
	query.options = options;
	/* 33 for the question and 11 for the OPT come before the options. */
	query.options_length = TROWEL_QUERY_SIZE - 44;
	CU_ASSERT_EQUAL(trowel_engine_start(&engine, &plain_policy, &query,
				health, START_US, random),
		TROWEL_OK);
	CU_ASSERT_EQUAL(engine.query_length, TROWEL_QUERY_SIZE);
	query.options_length++;
	CU_ASSERT_EQUAL(trowel_engine_start(&engine, &plain_policy, &query,
				health, START_US, random),
		TROWEL_MESSAGE_TOO_LONG);
	query.options_length = UINT16_MAX;
	CU_ASSERT_EQUAL(trowel_engine_start(&engine, &plain_policy, &query,
				health, START_US, random),
		TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_EQUAL(trowel_engine_next(&engine, START_US).status,
		TROWEL_MESSAGE_TOO_LONG);
}

/* 44 octets: an option of a client's half and the longest of a server. */
static void engine_leaves_a_cookie_out_that_does_not_fit(void)
{
	struct trowel_query query = query_for("www.example.com");
	struct trowel_policy policy = plain_policy;
	uint8_t random[TROWEL_RANDOM_SIZE] = { 0 };
	uint8_t options[TROWEL_QUERY_SIZE] = { 0 };
	struct trowel_engine engine;

	policy.cookies = true;
	query.edns = true;
	query.options = options;
	for (unsigned more = 0; more < 2; more++) {
		uint16_t length =
			(uint16_t)(TROWEL_QUERY_SIZE - 44 - 44 + more);

		memset(health, 0, sizeof(health));
		health[0].has_client_cookie = true;
		health[0].server_cookie_length = 32;
		query.options_length = length;
		options[1] = 12; /* padding */
		options[2] = (uint8_t)((length - 4) / 256);
		options[3] = (uint8_t)(length - 4);
		CU_ASSERT_EQUAL(trowel_engine_start(&engine, &policy, &query,
					health, START_US, random),
			TROWEL_OK);
		trowel_engine_next(&engine, START_US);
		CU_ASSERT_EQUAL(engine.attempts[0].cookie, more == 0);
		CU_ASSERT_EQUAL(engine.query_length,
			more == 0 ? TROWEL_QUERY_SIZE : 44 + length);
	}
}

static void engine_query_is_the_one_given_but_for_its_id(void)
{
	struct trowel_query query = query_for("www.example.com");
	uint8_t octets[512];
	size_t length;
	struct trowel_engine engine;
	struct trowel_action action;

	start(&engine, "www.example.com");
	action = trowel_engine_next(&engine, START_US);
	CU_ASSERT_EQUAL(action.kind, TROWEL_SEND);
	query.id = 0x8083; /* the first two random octets */
	CU_ASSERT_EQUAL(
		trowel_query_encode(&query, octets, sizeof(octets), &length),
		TROWEL_OK);
	CU_ASSERT_EQUAL(engine.query_length, length);
	CU_ASSERT(memcmp(engine.query, octets, length) == 0);
	CU_ASSERT_EQUAL(engine.attempts[0].id, 0x8083);
}

static void engine_ids_come_from_the_random_octets_alone(void)
{
	struct trowel_engine engine;

	start(&engine, "www.example.com");
	for (unsigned i = 0; i < 2; i++) {
		struct trowel_action action =
			trowel_engine_next(&engine, START_US);
		unsigned first = (12 * i + 0x80) % 256;
		unsigned second = (12 * i + 0x83) % 256;

		CU_ASSERT_EQUAL(action.kind, TROWEL_SEND);
		CU_ASSERT_EQUAL(engine.attempts[i].id, first * 256 + second);
		CU_ASSERT_EQUAL(engine.query[0], first);
		CU_ASSERT_EQUAL(engine.query[1], second);
		trowel_engine_failed(
			&engine, (uint8_t)i, ECONNREFUSED, START_US);
	}
}

/* Whether a reply with this bit turned over may still be ours: header bits
 * that say something other than whose it is, counts but the first, and the
 * case of letters. */
static bool bit_may_differ(const uint8_t *octets, size_t octet, unsigned bit)
{
	uint8_t value = octets[octet];

	if (octet == 2)
		return bit < 0x08;
	if (octet == 3 || (octet >= 6 && octet < 12))
		return true;
	return octet >= 12 && octet < 29 && bit == 0x20 &&
		((value | 0x20) >= 'a' && (value | 0x20) <= 'z');
}

static void engine_ignores_each_wrong_bit_of_header_and_question(void)
{
	struct trowel_engine engine;
	struct scenario_reply good;
	uint8_t octets[SCENARIO_REPLY_SIZE];
	size_t length;

	start(&engine, "www.example.com");
	trowel_engine_next(&engine, START_US);
	good = scenario_good_reply(&engine, 0);
	length = scenario_encode(&good, octets);
	CU_ASSERT_EQUAL(length, 49);
	for (size_t bit = 0; bit < 33 * 8; bit++) {
		struct trowel_engine copy = engine;
		size_t octet = bit / 8;
		unsigned mask = 1u << bit % 8;
		enum trowel_verdict verdict;

		octets[octet] ^= (uint8_t)mask;
		verdict = receive(&copy, 0, octets, length);
		octets[octet] ^= (uint8_t)mask;
		if (bit_may_differ(octets, octet, mask))
			CU_ASSERT_NOT_EQUAL(verdict, TROWEL_IGNORED)
		else
			CU_ASSERT_EQUAL(verdict, TROWEL_IGNORED)
	}
}

static void engine_takes_no_prefix_of_a_reply_for_the_answer(void)
{
	struct trowel_engine engine;
	struct scenario_reply good;
	uint8_t octets[SCENARIO_REPLY_SIZE];
	size_t length;

	start(&engine, "www.example.com");
	trowel_engine_next(&engine, START_US);
	good = scenario_good_reply(&engine, 0);
	length = scenario_encode(&good, octets);
	for (size_t i = 0; i < length; i++) {
		struct trowel_engine copy = engine;

		CU_ASSERT_EQUAL(receive(&copy, 0, octets, i),
			i < 33 ? TROWEL_IGNORED : TROWEL_NOTED);
	}
	CU_ASSERT_EQUAL(receive(&engine, 0, octets, length), TROWEL_FINAL);
}

static void engine_takes_the_longest_name(void)
{
	char name[256];
	struct trowel_engine engine;
	struct scenario_reply good;
	uint8_t octets[SCENARIO_REPLY_SIZE];

	memset(name, 'x', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[253] = '\0';
	start(&engine, name);
	CU_ASSERT_EQUAL(engine.question_end, 12 + 255 + 4);
	trowel_engine_next(&engine, START_US);
	good = scenario_good_reply(&engine, 0);
	good.name.octets[253] = 'y';
	CU_ASSERT_EQUAL(
		receive(&engine, 0, octets, scenario_encode(&good, octets)),
		TROWEL_IGNORED);
	good.name.octets[253] = 'X';
	CU_ASSERT_EQUAL(
		receive(&engine, 0, octets, scenario_encode(&good, octets)),
		TROWEL_FINAL);
}

static void engine_takes_no_message_over_65535_octets(void)
{
	size_t size = TROWEL_MESSAGE_MAX + 1;
	uint8_t *octets = calloc(1, size);
	struct trowel_engine engine;
	struct trowel_message message;
	struct scenario_reply good;

	start(&engine, "www.example.com");
	engine.policy.keep_truncated = true;
	trowel_engine_next(&engine, START_US);
	good = scenario_good_reply(&engine, 0);
	scenario_encode(&good, octets);
	CU_ASSERT_EQUAL(trowel_engine_receive(&engine, 0, octets, size, true,
				START_US, &message),
		TROWEL_NOTED);
	CU_ASSERT_EQUAL(engine.attempts[0].outcome, TROWEL_ATTEMPT_MALFORMED);
	CU_ASSERT_EQUAL(engine.attempts[0].status, TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_EQUAL(trowel_engine_receive(&engine, 0, octets, size - 1,
				false, START_US, &message),
		TROWEL_FINAL);
	free(octets);
}

static void engine_bears_a_clock_before_its_start(void)
{
	struct trowel_engine engine;

	start(&engine, "www.example.com");
	CU_ASSERT_EQUAL(trowel_engine_next(&engine, 0).kind, TROWEL_SEND);
	CU_ASSERT_EQUAL(trowel_engine_next(&engine, 0).kind, TROWEL_WAIT);
	CU_ASSERT_EQUAL(
		trowel_engine_next(&engine, UINT64_MAX).kind, TROWEL_DONE);
	CU_ASSERT_EQUAL(engine.attempts[0].ended_us, UINT32_MAX);
}

static void engine_ends_at_a_deadline_before_anything_was_sent(void)
{
	struct trowel_engine engine;
	struct trowel_action action;

	start(&engine, "www.example.com");
	action = trowel_engine_next(&engine, START_US + 10000000);
	CU_ASSERT_EQUAL(action.kind, TROWEL_DONE);
	CU_ASSERT_EQUAL(action.status, TROWEL_TIMED_OUT);
	CU_ASSERT_EQUAL(engine.count, 0);
}

/* ---------------------------------------------------------- random walks */

/* One lookup in a random world. */
struct walk {
	uint64_t state;
	uint64_t now_us;
	uint64_t trace; /* a hash of all that the engine said */
	struct trowel_policy policy;
	struct trowel_health health[TROWEL_SERVERS_MAX];
	struct trowel_engine engine;
	unsigned by_udp;
	unsigned by_tcp;
	unsigned truncated; /* replies by UDP with TC=1 that were noted */
	bool answered;
	bool candidate;
};

/* xorshift64*: enough for tests. */
static unsigned draw(struct walk *w, unsigned below)
{
	w->state ^= w->state >> 12;
	w->state ^= w->state << 25;
	w->state ^= w->state >> 27;
	return (unsigned)((w->state * UINT64_C(2685821657736338717)) >> 33) %
		below;
}

static void note(struct walk *w, uint64_t what)
{
	w->trace = (w->trace ^ what) * UINT64_C(1099511628211);
}

static bool begin(struct walk *w, unsigned seed)
{
	struct trowel_query query = query_for("www.example.com");
	uint8_t random[TROWEL_RANDOM_SIZE];

	*w = (struct walk){ .state = seed + UINT64_C(0x9E3779B97F4A7C15),
		.now_us = START_US };
	for (unsigned i = 0; i < 20; i++)
		draw(w, 2);
	w->policy = (struct trowel_policy){ .server_count =
						    (uint8_t)(1 + draw(w, 5)),
		.tries = (uint8_t)(1 + draw(w, 5)),
		.tcp = draw(w, 8) == 0,
		.keep_truncated = draw(w, 8) == 0,
		.any_rcode = draw(w, 8) == 0,
		.timeout_ms = draw(w, 3) == 0 ? 1 + draw(w, 3000) : 0,
		.deadline_ms = 1 + draw(w, 12000) };
	if (draw(w, 50) == 0)
		w->policy.server_count = TROWEL_SERVERS_MAX;
	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)draw(w, 256);
	return trowel_engine_start(&w->engine, &w->policy, &query, w->health,
		       w->now_us, random) == TROWEL_OK;
}

enum kind { GOOD, FORGED, MALFORMED, TRUNCATED, SERVFAIL, BARE, LAME, KINDS };

/* Returns the length. */
static size_t make_reply(struct walk *w, uint8_t attempt, enum kind kind,
	uint8_t octets[SCENARIO_REPLY_SIZE])
{
	struct scenario_reply r = scenario_good_reply(&w->engine, attempt);

	switch (kind) {
	case FORGED:
		r.id = (uint16_t)(r.id + 1 + draw(w, 65535));
		break;
	case MALFORMED:
		r.malformed = true;
		break;
	case TRUNCATED:
		r.flags |= TROWEL_TC;
		break;
	case SERVFAIL:
		r.flags = (uint16_t)(r.flags + 2);
		break;
	case BARE:
		r.flags = (uint16_t)(r.flags + 5);
		r.questions = r.answers = 0;
		scenario_encode(&r, octets);
		return 12;
	case LAME:
		r.flags = (uint16_t)(r.flags - TROWEL_RA);
		r.answers = 0;
		r.records = 0;
		break;
	default:
		break;
	}
	return scenario_encode(&r, octets);
}

/* What may become of a reply of that kind. */
static bool verdict_is_right(const struct walk *w, uint8_t attempt,
	enum kind kind, enum trowel_verdict verdict)
{
	bool by_tcp = w->engine.attempts[attempt].transport == TROWEL_TCP;

	switch (kind) {
	case GOOD:
		return verdict == TROWEL_FINAL;
	case FORGED:
		return verdict == TROWEL_IGNORED;
	case MALFORMED:
		return verdict == TROWEL_NOTED;
	case TRUNCATED:
		return by_tcp || w->policy.keep_truncated
			? verdict == TROWEL_FINAL
			: verdict == TROWEL_NOTED;
	default:
		return w->policy.any_rcode ? verdict == TROWEL_FINAL
					   : verdict == TROWEL_CANDIDATE ||
				verdict == TROWEL_NOTED;
	}
}

static void walk_receive(struct walk *w)
{
	uint8_t attempt = (uint8_t)draw(w, w->engine.count);
	enum kind kind = draw(w, 3) > 0 ? FORGED : draw(w, KINDS);
	uint8_t octets[SCENARIO_REPLY_SIZE];
	size_t length = make_reply(w, attempt, kind, octets);
	struct trowel_message message;
	struct trowel_attempt before = w->engine.attempts[attempt];
	enum trowel_verdict verdict = trowel_engine_receive(&w->engine, attempt,
		octets, length, kind == TRUNCATED && draw(w, 2) == 0, w->now_us,
		&message);

	note(w, verdict + 16 * (unsigned)kind);
	if (before.outcome == TROWEL_ATTEMPT_TRUNCATED)
		CU_ASSERT_EQUAL(verdict, TROWEL_IGNORED)
	else
		CU_ASSERT(verdict_is_right(w, attempt, kind, verdict));
	if (verdict == TROWEL_FINAL)
		w->answered = true;
	if (verdict == TROWEL_CANDIDATE)
		w->candidate = true;
	if (w->engine.attempts[attempt].outcome == TROWEL_ATTEMPT_TRUNCATED &&
		before.outcome != TROWEL_ATTEMPT_TRUNCATED)
		w->truncated++;
}

static void walk_send(struct walk *w, const struct trowel_action *action)
{
	const struct trowel_attempt *sent =
		&w->engine.attempts[action->attempt];

	CU_ASSERT_EQUAL(action->attempt, w->engine.count - 1);
	CU_ASSERT(sent->server < w->policy.server_count);
	if (sent->transport == TROWEL_TCP)
		w->by_tcp++;
	else
		w->by_udp++;
}

/* Something happens, or nothing until the engine's time. */
static void walk_wait(struct walk *w, const struct trowel_action *action)
{
	uint64_t left_us = action->until_us - w->now_us;
	static const int errors[] = { 0, ECONNREFUSED, EHOSTUNREACH, EMFILE,
		ECONNRESET, ETIMEDOUT };

	CU_ASSERT(action->until_us > w->now_us);
	CU_ASSERT(left_us <= UINT64_C(12000000));
	CU_ASSERT(action->until_us - START_US <=
		w->policy.deadline_ms * UINT64_C(1000));
	switch (draw(w, 8)) {
	case 0:
	case 1:
		w->now_us += draw(w, (unsigned)left_us);
		break;
	case 2:
	case 3:
		w->now_us = action->until_us;
		break;
	case 4:
		trowel_engine_failed(&w->engine,
			(uint8_t)draw(w, w->engine.count),
			errors[draw(w, CHECK_COUNT(errors))], w->now_us);
		break;
	default:
		walk_receive(w);
	}
}

static void walk_end(struct walk *w, const struct trowel_action *action)
{
	unsigned turns = (unsigned)w->policy.server_count * w->policy.tries;
	unsigned by_turn = w->policy.tcp ? w->by_tcp : w->by_udp;

	CU_ASSERT(
		w->now_us - START_US <= w->policy.deadline_ms * UINT64_C(1000));
	CU_ASSERT_EQUAL(
		action->status == TROWEL_OK, w->answered || w->candidate);
	CU_ASSERT(by_turn <= turns);
	CU_ASSERT(w->by_udp + w->by_tcp <= TROWEL_ATTEMPTS_MAX);
	CU_ASSERT(w->policy.tcp ? w->by_udp == 0 : w->by_tcp <= w->truncated);
	CU_ASSERT_EQUAL(w->by_udp + w->by_tcp, w->engine.count);
	CU_ASSERT_EQUAL(
		trowel_engine_next(&w->engine, w->now_us).kind, TROWEL_DONE);
	note(w, action->status);
	note(w, w->engine.best);
}

/* Returns the hash of its trace. */
static uint64_t take_walk(unsigned seed)
{
	struct walk w;

	CU_ASSERT_FATAL(begin(&w, seed));
	for (unsigned steps = 0; steps < 100000; steps++) {
		struct trowel_action action =
			trowel_engine_next(&w.engine, w.now_us);

		note(&w, action.kind);
		note(&w,
			action.kind == TROWEL_WAIT ? action.until_us
						   : action.attempt);
		if (action.kind == TROWEL_DONE) {
			walk_end(&w, &action);
			return w.trace;
		}
		if (action.kind == TROWEL_SEND)
			walk_send(&w, &action);
		else
			walk_wait(&w, &action);
	}
	CU_FAIL("it does not end");
	return w.trace;
}

static void engine_keeps_its_promises_on_random_walks(void)
{
	for (unsigned seed = 0; seed < WALKS; seed++) {
		uint64_t trace;
		unsigned failures = CU_get_number_of_failures();

		trace = take_walk(seed);
		CU_ASSERT_EQUAL(take_walk(seed), trace);
		if (CU_get_number_of_failures() > failures) {
			printf("\nseed %u ", seed);
			return;
		}
	}
}

/* ----------------------------------------------------------------- main */

static const struct check_case own_cases[] = {
	CHECK_CASE(scenario_failure_names_file_and_line),
	CHECK_CASE(scenario_refuses_what_it_does_not_know),
	CHECK_CASE(scenarios_show_every_line_of_the_procedure),
	CHECK_CASE(engine_refuses_a_policy_out_of_range),
	CHECK_CASE(engine_takes_a_policy_at_its_limits),
	CHECK_CASE(engine_refuses_a_query_that_is_too_long),
	CHECK_CASE(engine_leaves_a_cookie_out_that_does_not_fit),
	CHECK_CASE(engine_query_is_the_one_given_but_for_its_id),
	CHECK_CASE(engine_ids_come_from_the_random_octets_alone),
	CHECK_CASE(engine_ignores_each_wrong_bit_of_header_and_question),
	CHECK_CASE(engine_takes_no_prefix_of_a_reply_for_the_answer),
	CHECK_CASE(engine_takes_the_longest_name),
	CHECK_CASE(engine_takes_no_message_over_65535_octets),
	CHECK_CASE(engine_bears_a_clock_before_its_start),
	CHECK_CASE(engine_ends_at_a_deadline_before_anything_was_sent),
	CHECK_CASE(engine_keeps_its_promises_on_random_walks),
};

static int is_scenario(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

/* All cases: the scenarios by name, then our own. Returns their count. */
static size_t make_cases(void)
{
	char *path = check_source_path("fixtures/scenarios");
	struct dirent **entries;
	int count = scandir(path, &entries, is_scenario, alphasort);

	if (count <= 0) {
		fprintf(stderr, "no scenarios in %s\n", path);
		exit(1);
	}
	free(path);
	scenario_count = (size_t)count;
	cases = calloc(scenario_count + CHECK_COUNT(own_cases), sizeof(*cases));
	if (cases == NULL)
		abort();
	for (size_t i = 0; i < scenario_count; i++) {
		char *name = strdup(entries[i]->d_name);

		name[strlen(name) - 4] = '\0';
		cases[i] = (struct check_case){ name, scenario };
		free(entries[i]);
	}
	free(entries);
	memcpy(cases + scenario_count, own_cases, sizeof(own_cases));
	return scenario_count + CHECK_COUNT(own_cases);
}

int main(int argc, char **argv)
{
	size_t count = make_cases();

	return check_main(argc, argv, cases, count);
}
