/* SPDX-License-Identifier: MIT */
/*
 * Scenarios: what happens to one lookup, one event a line. "#" starts a
 * comment. Times are milliseconds since the start, with up to three decimals.
 * A, S and N are numbers: of an attempt, a server, anything.
 *
 * shows LINE...
 *	the lines of the engine's procedure that this scenario shows
 * policy servers=N tries=N timeout=N deadline=N [tcp] [keep-truncated]
 *		[keep-malformed] [any-rcode] [edns-fallback] [cookies]
 *		[mix-case] [rotate] [fixed-id]
 *	what is not given: one server, two tries, timeout 0, deadline 10000.
 *	Before a later lookup: all anew
 * random A HEX    random case HEX    random cookie HEX
 *	the four random octets of an attempt: its id and its jitter. Otherwise
 *	the ids are 1000, 1001, ... (hex), and the jitter is exactly 1. The bits
 *	that turn over the octets of the name, the first octet's lowest first;
 *	otherwise none does. A new cookie; otherwise C0C1C2C3C4C5C6C7
 * health S WHAT=N...
 *	something is known of a server: srtt, rttvar (microseconds), samples,
 *	asked, failures, edns (0 to 2), odd-case, odd-cookie; probe, edns-again,
 *	odd-until (TIME from now); client-cookie, server-cookie (HEX)
 * ask NAME TYPE [norecurse] [opcode=N] [edns] [version=N] [id=N] [option=HEX]
 *	the lookup starts. NAME "-": a query without a question. After its end
 *	another may start, with what is known of the servers by then; times
 *	count from its start on
 * advance TIME
 *	the clock goes on by that much
 * reply A WORD... => ignored | noted | candidate | answer
 *	a message arrives on an attempt's socket, and that becomes of it. The
 *	message is a good reply (one A record, RD=1, RA=1), but for the words:
 *	good			nothing is different
 *	id+1  id-of=A		another id
 *	qr=0  opcode=N  aa  tc  ra=0  rcode=N (over 15: with an OPT)  opt
 *	cookie=HEX		with an OPT, and that COOKIE in it; "mine" stands
 *				for the client's half as it was sent
 *	name=NAME  upper  lower  type=N  class=N	of the question
 *	questions=N  answers=N	the counts in the header
 *	records=N		A records
 *	empty			no record, and none counted
 *	malformed		an A record with five octets of RDATA
 *	header-only		12 octets, all counts 0
 *	hex=HEX			these octets and no others
 *	cut=N			the first N octets alone
 *	larger			the datagram was larger than the buffer
 *	times=N			as often
 *	why=WORD		the reason why it is ignored
 * fail A refused | unreachable | no-network | no-descriptor | reset | timeout |
 *		bad-length | closed
 *	an attempt's socket reports that
 * expect send S udp|tcp
 * expect wait TIME
 * expect done STATUS [attempt=A]
 *	the engine is asked, once, and says so
 * expect probe TIME | none
 *	how long to listen for a probe after the end
 * expect query WORD...
 *	the query that was sent last: opt, plain, cookie=HEX, no-cookie,
 *	name=NAME (its letters, too), id=N
 * expect health S WHAT N
 *	what is known of a server, as in `health`
 * expect attempts N
 * expect outcome A WORD    expect error A WORD     expect ignored A N
 * expect rcode A N         expect sent A TIME      expect ended A TIME
 * expect id A N            expect answers N        expect fault BYTE FIELD
 *	what the log, or the message that was kept, says
 */
#include "tests/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/scenario_parts.h"

#define WORDS 16
#define LINE_SIZE 4096
#define CASE (4 * TROWEL_ATTEMPTS_MAX) /* in the random octets */
#define COOKIE (CASE + 32)
/* Over 32 bits, so that a time that is cut to them is noticed. */
#define START_US 0x123456789ABCu

struct command {
	const char *word;
	bool (*run)(struct scenario *s, char **words, size_t count);
	bool early; /* may come where no lookup is under way */
	bool late; /* may come after a start */
};

static bool run_line(struct scenario *s, char *line);
static bool policy(struct scenario *s, char **words, size_t count);
static bool policy_number(struct scenario *s, char *word);
static bool policy_flag(struct scenario *s, const char *word);
static bool take_random(struct scenario *s, char **words, size_t count);
static bool ask(struct scenario *s, char **words, size_t count);
static bool shape_query(struct scenario *s, struct trowel_query *query,
	uint8_t options[256], char *word);
static bool advance(struct scenario *s, char **words, size_t count);
static bool fail_attempt(struct scenario *s, char **words, size_t count);
static bool shows(struct scenario *s, char **words, size_t count);

static const struct command commands[] = {
	{ "shows", shows, true, false },
	{ "policy", policy, true, false },
	{ "random", take_random, true, false },
	{ "ask", ask, true, false },
	{ "health", scenario_health, true, true },
	{ "advance", advance, false, true },
	{ "reply", scenario_reply, false, true },
	{ "fail", fail_attempt, false, true },
	{ "expect", scenario_expect, false, true },
};

const struct scenario_word scenario_errors[] = { { "closed", 0 },
	{ "refused", ECONNREFUSED }, { "unreachable", EHOSTUNREACH },
	{ "no-network", ENETUNREACH }, { "no-descriptor", EMFILE },
	{ "reset", ECONNRESET }, { "timeout", ETIMEDOUT },
	{ "bad-length", EBADMSG }, { NULL, 0 } };

static const struct trowel_policy plain_policy = {
	.server_count = 1, .tries = 2, .deadline_ms = 10000
};

bool scenario_run(const char *name, const char *text, char *error, size_t size)
{
	struct scenario s = { .name = name,
		.error = error,
		.size = size,
		.policy = plain_policy,
		.start_us = START_US,
		.now_us = START_US };
	bool good = true;

	error[0] = '\0';
	for (unsigned i = 0; i < TROWEL_ATTEMPTS_MAX; i++) {
		s.random[4 * i] = 0x10;
		s.random[4 * i + 1] = (uint8_t)i;
		s.random[4 * i + 2] = 0x80;
	}
	for (unsigned i = 0; i < 8; i++)
		s.random[COOKIE + i] = (uint8_t)(0xC0 + i);
	while (good && *text != '\0') {
		char line[LINE_SIZE];
		size_t length = strcspn(text, "\n");

		s.line++;
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		good = run_line(&s, line);
		text += length + (text[length] == '\n');
	}
	free((void *)(uintptr_t)s.message.octets);
	return good;
}

bool scenario_wrong(struct scenario *s, const char *what, const char *which)
{
	snprintf(s->error, s->size, "%s:%u: %s%s%s", s->name, s->line, what,
		which[0] != '\0' ? " " : "", which);
	return false;
}

static bool is_under_way(const struct scenario *s)
{
	return s->started && !s->engine.done;
}

static bool run_line(struct scenario *s, char *line)
{
	char *words[WORDS + 1] = { NULL };
	size_t count = 0;
	char *rest = line;

	line[strcspn(line, "#")] = '\0';
	for (char *word = strtok_r(line, " \t\r", &rest); word != NULL;
		word = strtok_r(NULL, " \t\r", &rest)) {
		if (count == WORDS)
			return scenario_wrong(s, "too many words", "");
		words[count++] = word;
	}
	if (count == 0)
		return true;
	for (size_t i = 0; i < CHECK_COUNT(commands); i++) {
		if (strcmp(words[0], commands[i].word) != 0)
			continue;
		if (!(commands[i].late && s->started) &&
			!(commands[i].early && !is_under_way(s)))
			return scenario_wrong(
				s, words[0], "comes too late, or early");
		return commands[i].run(s, words + 1, count - 1);
	}
	return scenario_wrong(s, "unknown word", words[0]);
}

/* For readers, and for the test that every line is shown. */
static bool shows(struct scenario *s, char **words, size_t count)
{
	(void)words;
	return count > 0 ? true : scenario_wrong(s, "shows nothing", "");
}

static bool policy(struct scenario *s, char **words, size_t count)
{
	s->policy = plain_policy;
	for (size_t i = 0; i < count; i++) {
		if (!policy_number(s, words[i]) && !policy_flag(s, words[i]))
			return scenario_wrong(s, "unknown policy", words[i]);
		if (s->error[0] != '\0')
			return false;
	}
	return true;
}

/* Whether it is one. */
static bool policy_number(struct scenario *s, char *word)
{
	struct trowel_policy *p = &s->policy;

	if (scenario_value_of(word, "servers") != NULL)
		SCENARIO_TAKE(
			s, word + 8, TROWEL_SERVERS_MAX, &p->server_count);
	else if (scenario_value_of(word, "tries") != NULL)
		SCENARIO_TAKE(s, word + 6, 255, &p->tries);
	else if (scenario_value_of(word, "timeout") != NULL)
		SCENARIO_TAKE(s, word + 8, UINT32_MAX, &p->timeout_ms);
	else if (scenario_value_of(word, "deadline") != NULL)
		SCENARIO_TAKE(s, word + 9, UINT32_MAX, &p->deadline_ms);
	else
		return false;
	return true;
}

static bool policy_flag(struct scenario *s, const char *word)
{
	const struct {
		const char *word;
		bool *flag;
	} flags[] = {
		{ "tcp", &s->policy.tcp },
		{ "keep-truncated", &s->policy.keep_truncated },
		{ "keep-malformed", &s->policy.keep_malformed },
		{ "any-rcode", &s->policy.any_rcode },
		{ "edns-fallback", &s->policy.edns_fallback },
		{ "cookies", &s->policy.cookies },
		{ "mix-case", &s->policy.mix_case },
		{ "rotate", &s->policy.rotate },
		{ "fixed-id", &s->policy.fixed_id },
	};

	for (size_t i = 0; i < CHECK_COUNT(flags); i++) {
		if (strcmp(word, flags[i].word) == 0) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

static bool take_random(struct scenario *s, char **words, size_t count)
{
	uint8_t attempt;

	if (count != 2)
		return scenario_wrong(s, "random A HEX", "");
	if (strcmp(words[0], "case") == 0)
		return scenario_take_hex(words[1], s->random + CASE, 32) <= 32
			? true
			: scenario_wrong(s, "over 32 octets:", words[1]);
	if (strcmp(words[0], "cookie") == 0)
		return scenario_take_hex(words[1], s->random + COOKIE, 8) == 8
			? true
			: scenario_wrong(s, "not eight octets:", words[1]);
	if (!SCENARIO_TAKE(s, words[0], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	if (scenario_take_hex(words[1], s->random + 4 * attempt, 4) != 4)
		return scenario_wrong(s, "not four octets:", words[1]);
	return true;
}

static bool ask(struct scenario *s, char **words, size_t count)
{
	struct trowel_query query = { .class_code = 1,
		.flags = TROWEL_RD,
		.udp_size = TROWEL_EDNS_SIZE };
	size_t at;
	uint8_t options[256];

	if (count < 2 ||
		!trowel_code_parse(
			TROWEL_TYPES, words[1], strlen(words[1]), &query.type))
		return scenario_wrong(s, "ask NAME TYPE", "");
	if (strcmp(words[0], "-") != 0 &&
		trowel_name_parse(words[0], strlen(words[0]), &query.name,
			&at) != TROWEL_OK)
		return scenario_wrong(s, "no name:", words[0]);
	query.options = options;
	for (size_t i = 2; i < count; i++) {
		if (!shape_query(s, &query, options, words[i]))
			return false;
	}
	s->started = true;
	s->start_us = s->now_us;
	if (trowel_engine_start(&s->engine, &s->policy, &query, s->health,
		    s->now_us, s->random) != TROWEL_OK)
		return scenario_wrong(s, "does not start", "");
	return true;
}

static bool shape_query(struct scenario *s, struct trowel_query *query,
	uint8_t options[256], char *word)
{
	uint16_t opcode = 0;
	size_t length;

	if (strcmp(word, "norecurse") == 0)
		query->flags = (uint16_t)(query->flags & ~TROWEL_RD);
	else if (strcmp(word, "edns") == 0)
		query->edns = true;
	else if (scenario_value_of(word, "id") != NULL)
		return SCENARIO_TAKE(s, word + 3, 65535, &query->id);
	else if (scenario_value_of(word, "version") != NULL)
		return SCENARIO_TAKE(s, word + 8, 255, &query->edns_version);
	else if (scenario_value_of(word, "option") != NULL) {
		length = scenario_take_hex(word + 7, options, 256);
		query->options_length = (uint16_t)length;
		return length <= 256 ? true
				     : scenario_wrong(s, "no option:", word);
	} else if (scenario_value_of(word, "opcode") == NULL)
		return scenario_wrong(s, "unknown word", word);
	else if (!SCENARIO_TAKE(s, word + 7, 15, &opcode))
		return false;
	query->flags = (uint16_t)(query->flags + opcode * 2048);
	return true;
}

static bool advance(struct scenario *s, char **words, size_t count)
{
	uint64_t us;

	if (count != 1 || !scenario_take_time(s, words[0], &us))
		return scenario_wrong(s, "advance TIME", "");
	s->now_us += us;
	return true;
}

static bool fail_attempt(struct scenario *s, char **words, size_t count)
{
	uint8_t attempt;

	if (count != 2 || scenario_find(scenario_errors, words[1]) < 0)
		return scenario_wrong(s, "fail A ERROR", "");
	if (!SCENARIO_TAKE(s, words[0], 255, &attempt))
		return false;
	trowel_engine_failed(&s->engine, attempt,
		scenario_find(scenario_errors, words[1]), s->now_us);
	return true;
}
