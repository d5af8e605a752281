/* SPDX-License-Identifier: MIT */
/*
 * Scenarios: what happens to one lookup, one event a line. "#" starts a
 * comment. Times are milliseconds since the start, with up to three decimals.
 * A, S and N are numbers: of an attempt, a server, anything.
 *
 * shows LINE...
 *	the lines of the engine's procedure that this scenario shows
 * policy servers=N tries=N timeout=N deadline=N [tcp] [keep-truncated]
 *		[any-rcode]
 *	what is not given: one server, two tries, timeout 0, deadline 10000
 * random A HEX
 *	the four random octets of an attempt: its id and its jitter. Otherwise
 *	the ids are 1000, 1001, ... (hex), and the jitter is exactly 1
 * ask NAME TYPE [norecurse] [opcode=N] [edns]
 *	the lookup starts
 * advance TIME
 *	the clock goes on by that much
 * reply A WORD... => ignored | noted | candidate | answer
 *	a message arrives on an attempt's socket, and that becomes of it. The
 *	message is a good reply (one A record, RD=1, RA=1), but for the words:
 *	good			nothing is different
 *	id+1  id-of=A		another id
 *	qr=0  opcode=N  aa  tc  ra=0  rcode=N (over 15: with an OPT)
 *	name=NAME  upper  type=N  class=N	of the question
 *	questions=N  answers=N	the counts in the header
 *	records=N		A records
 *	empty			no record, and none counted
 *	malformed		an A record with five octets of RDATA
 *	header-only		12 octets, all counts 0
 *	hex=HEX			these octets and no others
 *	cut=N			the first N octets alone
 *	larger			the datagram was larger than the buffer
 *	times=N			as often
 * fail A refused | unreachable | no-network | no-descriptor | reset | timeout |
 *		bad-length | closed
 *	an attempt's socket reports that
 * expect send S udp|tcp
 * expect wait TIME
 * expect done STATUS [attempt=A]
 *	the engine is asked, once, and says so
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

#define WORDS 16
#define LINE_SIZE 1024
/* Over 32 bits, so that a time that is cut to them is noticed. */
#define START_US 0x123456789ABCu

struct scenario {
	const char *name;
	unsigned line;
	char *error;
	size_t size;
	struct trowel_policy policy;
	uint8_t random[TROWEL_RANDOM_SIZE];
	uint64_t now_us;
	bool started;
	struct trowel_engine engine;
	struct trowel_message message; /* of the newest kept reply */
};

/* What a line of `reply` asks for beyond the message. */
struct delivery {
	struct scenario_reply reply;
	uint8_t octets[SCENARIO_REPLY_SIZE];
	size_t length;
	bool whole; /* octets are given, or header-only */
	size_t cut;
	bool larger;
	unsigned long times;
};

struct word {
	const char *text;
	int value;
};

struct command {
	const char *word;
	bool (*run)(struct scenario *s, char **words, size_t count);
	bool before; /* the start */
};

static bool run_line(struct scenario *s, char *line);
static bool policy(struct scenario *s, char **words, size_t count);
static bool take_random(struct scenario *s, char **words, size_t count);
static bool ask(struct scenario *s, char **words, size_t count);
static bool advance(struct scenario *s, char **words, size_t count);
static bool reply(struct scenario *s, char **words, size_t count);
static bool shape(struct scenario *s, struct delivery *d, char *word);
static bool deliver(struct scenario *s, uint8_t attempt, struct delivery *d,
	const char *expected);
static bool fail_attempt(struct scenario *s, char **words, size_t count);
static bool expect(struct scenario *s, char **words, size_t count);
static bool expect_action(struct scenario *s, char **words, size_t count);
static bool expect_of_all(struct scenario *s, char **words, size_t count);
static bool expect_of_attempt(struct scenario *s, char **words, size_t count);
static bool shows(struct scenario *s, char **words, size_t count);

static const struct command commands[] = { { "shows", shows, true },
	{ "policy", policy, true }, { "random", take_random, true },
	{ "ask", ask, true }, { "advance", advance, false },
	{ "reply", reply, false }, { "fail", fail_attempt, false },
	{ "expect", expect, false } };

static const struct word statuses[] = { { "ok", TROWEL_OK },
	{ "timed-out", TROWEL_TIMED_OUT },
	{ "unreachable", TROWEL_UNREACHABLE },
	{ "system-error", TROWEL_SYSTEM_ERROR },
	{ "malformed", TROWEL_MALFORMED_ANSWER },
	{ "closed", TROWEL_CONNECTION_CLOSED }, { NULL, 0 } };

static const struct word outcomes[] = { { "unanswered", TROWEL_UNANSWERED },
	{ "answered", TROWEL_ANSWERED },
	{ "timed-out", TROWEL_ATTEMPT_TIMED_OUT },
	{ "truncated", TROWEL_ATTEMPT_TRUNCATED },
	{ "failed", TROWEL_ATTEMPT_FAILED }, { "lame", TROWEL_ATTEMPT_LAME },
	{ "malformed", TROWEL_ATTEMPT_MALFORMED },
	{ "closed", TROWEL_ATTEMPT_CLOSED }, { "error", TROWEL_ATTEMPT_ERROR },
	{ NULL, 0 } };

static const struct word verdicts[] = { { "ignored", TROWEL_IGNORED },
	{ "noted", TROWEL_NOTED }, { "candidate", TROWEL_CANDIDATE },
	{ "answer", TROWEL_FINAL }, { NULL, 0 } };

static const struct word errors[] = { { "closed", 0 },
	{ "refused", ECONNREFUSED }, { "unreachable", EHOSTUNREACH },
	{ "no-network", ENETUNREACH }, { "no-descriptor", EMFILE },
	{ "reset", ECONNRESET }, { "timeout", ETIMEDOUT },
	{ "bad-length", EBADMSG }, { NULL, 0 } };

static const struct word transports[] = { { "udp", TROWEL_UDP },
	{ "tcp", TROWEL_TCP }, { NULL, 0 } };

static const struct word actions[] = { { "send", TROWEL_SEND },
	{ "wait", TROWEL_WAIT }, { "done", TROWEL_DONE }, { NULL, 0 } };

bool scenario_run(const char *name, const char *text, char *error, size_t size)
{
	struct scenario s = { .name = name,
		.error = error,
		.size = size,
		.policy = { .server_count = 1,
			.tries = 2,
			.deadline_ms = 10000 },
		.now_us = START_US };
	bool good = true;

	for (unsigned i = 0; i < TROWEL_ATTEMPTS_MAX; i++) {
		s.random[4 * i] = 0x10;
		s.random[4 * i + 1] = (uint8_t)i;
		s.random[4 * i + 2] = 0x80;
	}
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

/* Writes the reason of a failure; false. */
static bool wrong(struct scenario *s, const char *what, const char *which)
{
	snprintf(s->error, s->size, "%s:%u: %s%s%s", s->name, s->line, what,
		which[0] != '\0' ? " " : "", which);
	return false;
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
			return wrong(s, "too many words", "");
		words[count++] = word;
	}
	if (count == 0)
		return true;
	for (size_t i = 0; i < CHECK_COUNT(commands); i++) {
		if (strcmp(words[0], commands[i].word) != 0)
			continue;
		if (commands[i].before == s->started)
			return wrong(s, words[0], "comes too late, or early");
		return commands[i].run(s, words + 1, count - 1);
	}
	return wrong(s, "unknown word", words[0]);
}

/* -1: none. */
static int find(const struct word *table, const char *text)
{
	for (; text != NULL && table->text != NULL; table++) {
		if (strcmp(table->text, text) == 0)
			return table->value;
	}
	return -1;
}

static const char *name_of(const struct word *table, int value)
{
	while (table->text != NULL && table->value != value)
		table++;
	return table->text != NULL ? table->text : "?";
}

/* "key=VALUE": the value; NULL if that is not the word. */
static char *value_of(char *word, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(word, key, length) != 0 || word[length] != '=')
		return NULL;
	return word + length + 1;
}

static bool take_number(struct scenario *s, const char *text,
	unsigned long most, void *to, size_t size)
{
	char *end;
	unsigned long number = text != NULL ? strtoul(text, &end, 0) : 0;

	if (text == NULL || end == text || *end != '\0' || number > most)
		return wrong(s,
			"no number, or too large:", text != NULL ? text : "");
	switch (size) {
	case 1:
		*(uint8_t *)to = (uint8_t)number;
		break;
	case 2:
		*(uint16_t *)to = (uint16_t)number;
		break;
	case 4:
		*(uint32_t *)to = (uint32_t)number;
		break;
	default:
		*(unsigned long *)to = number;
	}
	return true;
}

#define TAKE(s, text, most, to) \
	take_number((s), (text), (most), (to), sizeof(*(to)))

/* Milliseconds with decimals, to microseconds. */
static bool take_time(struct scenario *s, const char *text, uint64_t *us)
{
	unsigned long long whole;
	unsigned long part = 0;
	char *end = NULL;

	whole = text != NULL ? strtoull(text, &end, 10) : 0;
	if (text != NULL && *end == '.') {
		char digits[4] = "000";

		for (int i = 0; i < 3 && end[1] >= '0' && end[1] <= '9'; i++)
			digits[i] = *++end;
		end++;
		part = strtoul(digits, NULL, 10);
	}
	if (text == NULL || end == text || *end != '\0')
		return wrong(s, "no time:", text != NULL ? text : "");
	*us = whole * 1000 + part;
	return true;
}

/* Returns the number of octets, or `size` + 1. */
static size_t take_hex(const char *text, uint8_t *octets, size_t size)
{
	size_t count = 0;
	unsigned octet;

	for (; text[0] != '\0'; text += 2) {
		if (count == size || strspn(text, "0123456789abcdefABCDEF") < 2)
			return size + 1;
		sscanf(text, "%2x", &octet);
		octets[count++] = (uint8_t)octet;
	}
	return count;
}

/* For readers, and for the test that every line is shown. */
static bool shows(struct scenario *s, char **words, size_t count)
{
	(void)words;
	return count > 0 ? true : wrong(s, "shows nothing", "");
}

static bool policy(struct scenario *s, char **words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct trowel_policy *p = &s->policy;
		char *value = strchr(words[i], '=');
		bool good = true;

		value = value != NULL ? value + 1 : NULL;
		if (value_of(words[i], "servers") != NULL)
			good = TAKE(
				s, value, TROWEL_SERVERS_MAX, &p->server_count);
		else if (value_of(words[i], "tries") != NULL)
			good = TAKE(s, value, 255, &p->tries);
		else if (value_of(words[i], "timeout") != NULL)
			good = TAKE(s, value, UINT32_MAX, &p->timeout_ms);
		else if (value_of(words[i], "deadline") != NULL)
			good = TAKE(s, value, UINT32_MAX, &p->deadline_ms);
		else if (strcmp(words[i], "tcp") == 0)
			p->tcp = true;
		else if (strcmp(words[i], "keep-truncated") == 0)
			p->keep_truncated = true;
		else if (strcmp(words[i], "any-rcode") == 0)
			p->any_rcode = true;
		else
			good = wrong(s, "unknown policy", words[i]);
		if (!good)
			return false;
	}
	return true;
}

static bool take_random(struct scenario *s, char **words, size_t count)
{
	uint8_t attempt;

	if (count != 2)
		return wrong(s, "random A HEX", "");
	if (!TAKE(s, words[0], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	if (take_hex(words[1], s->random + 4 * attempt, 4) != 4)
		return wrong(s, "not four octets:", words[1]);
	return true;
}

static bool ask(struct scenario *s, char **words, size_t count)
{
	struct trowel_query query = { .class_code = 1, .flags = TROWEL_RD };
	size_t at;
	uint16_t opcode = 0;

	if (count < 2 ||
		trowel_name_parse(words[0], strlen(words[0]), &query.name,
			&at) != TROWEL_OK ||
		!trowel_code_parse(
			TROWEL_TYPES, words[1], strlen(words[1]), &query.type))
		return wrong(s, "ask NAME TYPE", "");
	for (size_t i = 2; i < count; i++) {
		if (strcmp(words[i], "norecurse") == 0)
			query.flags = 0;
		else if (strcmp(words[i], "edns") == 0)
			query.edns = true;
		else if (value_of(words[i], "opcode") == NULL)
			return wrong(s, "unknown word", words[i]);
		else if (!TAKE(s, value_of(words[i], "opcode"), 15, &opcode))
			return false;
	}
	query.flags = (uint16_t)(query.flags + opcode * 2048);
	query.udp_size = TROWEL_EDNS_SIZE;
	s->started = true;
	if (trowel_engine_start(&s->engine, &s->policy, &query, s->now_us,
		    s->random) != TROWEL_OK)
		return wrong(s, "does not start", "");
	return true;
}

static bool advance(struct scenario *s, char **words, size_t count)
{
	uint64_t us;

	if (count != 1 || !take_time(s, words[0], &us))
		return wrong(s, "advance TIME", "");
	s->now_us += us;
	return true;
}

struct scenario_reply scenario_good_reply(
	const struct trowel_engine *engine, uint8_t attempt)
{
	struct scenario_reply good = { .id = engine->attempts[attempt].id,
		.questions = 1,
		.answers = 1,
		.records = 1 };
	size_t end = engine->question_end;
	const uint8_t *query = engine->query;

	good.flags = (uint16_t)(query[2] * 256 + TROWEL_QR + TROWEL_RA);
	good.name.length = (uint8_t)(end - 16);
	memcpy(good.name.octets, query + 12, end - 16);
	good.type = (uint16_t)(query[end - 4] * 256 + query[end - 3]);
	good.class_code = (uint16_t)(query[end - 2] * 256 + query[end - 1]);
	return good;
}

static size_t put(uint8_t *octets, size_t at, unsigned value)
{
	octets[at] = (uint8_t)(value / 256);
	octets[at + 1] = (uint8_t)value;
	return at + 2;
}

static size_t put_record(uint8_t *octets, size_t at, bool malformed)
{
	static const uint8_t record[] = { 0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0,
		4, 192, 0, 2, 1 };

	memcpy(octets + at, record, sizeof(record));
	if (malformed) {
		octets[at + 11] = 5;
		octets[at + sizeof(record)] = 0;
		at++;
	}
	return at + sizeof(record);
}

size_t scenario_encode(
	const struct scenario_reply *r, uint8_t octets[SCENARIO_REPLY_SIZE])
{
	size_t at = put(octets, 0, r->id);

	at = put(octets, at, r->flags);
	at = put(octets, at, r->questions);
	at = put(octets, at, r->answers);
	at = put(octets, at, 0);
	at = put(octets, at, r->extended_rcode > 0);
	memcpy(octets + at, r->name.octets, r->name.length);
	at = put(octets, at + r->name.length, r->type);
	at = put(octets, at, r->class_code);
	for (unsigned i = 0; i < r->records; i++)
		at = put_record(octets, at, r->malformed && i == 0);
	if (r->extended_rcode == 0)
		return at;
	octets[at++] = 0;
	at = put(octets, at, 41);
	at = put(octets, at, 1232);
	at = put(octets, at, r->extended_rcode * 256u);
	at = put(octets, at, 0);
	return put(octets, at, 0);
}

static bool reply(struct scenario *s, char **words, size_t count)
{
	struct delivery d = { .cut = SIZE_MAX, .times = 1 };
	uint8_t attempt;

	if (count < 4 || strcmp(words[count - 2], "=>") != 0)
		return wrong(s, "reply A WORD... => VERDICT", "");
	if (!TAKE(s, words[0], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	d.reply = scenario_good_reply(&s->engine, attempt);
	for (size_t i = 1; i < count - 2; i++) {
		if (!shape(s, &d, words[i]))
			return false;
	}
	if (!d.whole)
		d.length = scenario_encode(&d.reply, d.octets);
	if (d.cut < d.length)
		d.length = d.cut;
	while (d.times-- > 0) {
		if (!deliver(s, attempt, &d, words[count - 1]))
			return false;
	}
	return true;
}

static void header_only(struct delivery *d)
{
	d->reply.questions = 0;
	d->reply.answers = 0;
	d->reply.records = 0;
	scenario_encode(&d->reply, d->octets);
	d->length = 12;
	d->whole = true;
}

static void upper(struct trowel_name *name)
{
	for (size_t i = 0; i < name->length; i++) {
		if (name->octets[i] >= 'a' && name->octets[i] <= 'z')
			name->octets[i] = (uint8_t)(name->octets[i] - 32);
	}
}

/* The words without a value. */
static bool shape_plain(struct delivery *d, const char *word)
{
	struct scenario_reply *r = &d->reply;

	if (strcmp(word, "id+1") == 0)
		r->id++;
	else if (strcmp(word, "aa") == 0)
		r->flags |= TROWEL_AA;
	else if (strcmp(word, "tc") == 0)
		r->flags |= TROWEL_TC;
	else if (strcmp(word, "upper") == 0)
		upper(&r->name);
	else if (strcmp(word, "empty") == 0)
		r->records = r->answers = 0;
	else if (strcmp(word, "malformed") == 0)
		r->malformed = true;
	else if (strcmp(word, "header-only") == 0)
		header_only(d);
	else if (strcmp(word, "larger") == 0)
		d->larger = true;
	else
		return strcmp(word, "good") == 0;
	return true;
}

static bool take_reply_rcode(
	struct scenario *s, struct scenario_reply *r, const char *text)
{
	uint16_t rcode;

	if (!TAKE(s, text, 4095, &rcode))
		return false;
	r->flags = (uint16_t)(r->flags / 16 * 16 + rcode % 16);
	r->extended_rcode = (uint8_t)(rcode / 16);
	return true;
}

/* A bit of the flags, or the opcode, is another. */
static bool shape_flags(
	struct scenario *s, struct scenario_reply *r, char *word)
{
	uint16_t opcode;

	if (strcmp(word, "qr=0") == 0)
		r->flags = (uint16_t)(r->flags & ~(unsigned)TROWEL_QR);
	else if (strcmp(word, "ra=0") == 0)
		r->flags = (uint16_t)(r->flags & ~(unsigned)TROWEL_RA);
	else if (value_of(word, "rcode") != NULL)
		return take_reply_rcode(s, r, value_of(word, "rcode"));
	else if (value_of(word, "opcode") == NULL)
		return wrong(s, "unknown word", word);
	else if (!TAKE(s, value_of(word, "opcode"), 15, &opcode))
		return false;
	else
		r->flags = (uint16_t)((r->flags & ~0x7800u) + opcode * 2048u);
	return true;
}

static bool shape(struct scenario *s, struct delivery *d, char *word)
{
	struct scenario_reply *r = &d->reply;
	char *value = strchr(word, '=');
	size_t at;

	if (value == NULL)
		return shape_plain(d, word) ? true
					    : wrong(s, "unknown word", word);
	value++;
	if (value_of(word, "id-of") != NULL) {
		r->id = s->engine
				.attempts[strtoul(value, NULL, 10) %
					TROWEL_ATTEMPTS_MAX]
				.id;
		return true;
	}
	if (value_of(word, "name") != NULL)
		return trowel_name_parse(value, strlen(value), &r->name, &at) ==
				TROWEL_OK
			? true
			: wrong(s, "no name:", value);
	if (value_of(word, "hex") != NULL) {
		d->length = take_hex(value, d->octets, sizeof(d->octets));
		d->whole = true;
		return d->length <= sizeof(d->octets) ? true
						      : wrong(s, "no hex", "");
	}
	if (value_of(word, "type") != NULL)
		return TAKE(s, value, 65535, &r->type);
	if (value_of(word, "class") != NULL)
		return TAKE(s, value, 65535, &r->class_code);
	if (value_of(word, "questions") != NULL)
		return TAKE(s, value, 65535, &r->questions);
	if (value_of(word, "answers") != NULL)
		return TAKE(s, value, 65535, &r->answers);
	if (value_of(word, "records") != NULL)
		return TAKE(s, value, 40, &r->records);
	if (value_of(word, "cut") != NULL)
		return TAKE(s, value, 65535, &d->cut);
	if (value_of(word, "times") != NULL)
		return TAKE(s, value, 1000000, &d->times);
	return shape_flags(s, r, word);
}

/* Whether a message that was ignored has left all but its count alone. */
static bool is_as_before(const struct trowel_engine *before,
	const struct trowel_engine *after, uint8_t attempt)
{
	struct trowel_engine copy;

	memcpy(&copy, before, sizeof(copy));
	if (!before->done && attempt < before->count &&
		before->attempts[attempt].ignored < UINT16_MAX)
		copy.attempts[attempt].ignored++;
	return memcmp(&copy, after, sizeof(copy)) == 0;
}

static bool deliver(struct scenario *s, uint8_t attempt, struct delivery *d,
	const char *expected)
{
	static const struct trowel_message untouched = { .id = 0xA5A5 };
	struct trowel_message message = untouched;
	struct trowel_engine before;
	enum trowel_verdict verdict;
	uint8_t *octets = check_copy(d->octets, d->length);

	memcpy(&before, &s->engine, sizeof(before));
	verdict = trowel_engine_receive(&s->engine, attempt, octets, d->length,
		d->larger, s->now_us, &message);
	if (verdict == TROWEL_CANDIDATE || verdict == TROWEL_FINAL) {
		free((void *)(uintptr_t)s->message.octets);
		s->message = message;
	} else {
		free(octets);
		if (message.id != untouched.id || message.octets != NULL)
			return wrong(s, "the message was touched", "");
	}
	if (verdict == TROWEL_IGNORED &&
		!is_as_before(&before, &s->engine, attempt))
		return wrong(s, "what is ignored has changed something", "");
	if ((int)verdict != find(verdicts, expected))
		return wrong(s, "it is", name_of(verdicts, (int)verdict));
	return true;
}

static bool fail_attempt(struct scenario *s, char **words, size_t count)
{
	uint8_t attempt;

	if (count != 2 || find(errors, words[1]) < 0)
		return wrong(s, "fail A ERROR", "");
	if (!TAKE(s, words[0], 255, &attempt))
		return false;
	trowel_engine_failed(
		&s->engine, attempt, find(errors, words[1]), s->now_us);
	return true;
}

static bool expect(struct scenario *s, char **words, size_t count)
{
	if (count < 2)
		return wrong(s, "expect WHAT VALUE", "");
	if (find(actions, words[0]) >= 0)
		return expect_action(s, words, count);
	if (count == 2 || strcmp(words[0], "fault") == 0)
		return expect_of_all(s, words, count);
	return expect_of_attempt(s, words, count);
}

static void describe(const struct scenario *s,
	const struct trowel_action *action, char *text, size_t size)
{
	const struct trowel_attempt *sent =
		&s->engine.attempts[action->attempt];
	uint64_t wait_us = action->until_us - START_US;

	if (action->kind == TROWEL_SEND)
		snprintf(text, size, "send %u %s", sent->server,
			name_of(transports, sent->transport));
	else if (action->kind == TROWEL_WAIT)
		snprintf(text, size, "wait %llu.%03u",
			(unsigned long long)(wait_us / 1000),
			(unsigned)(wait_us % 1000));
	else
		snprintf(text, size, "done %s",
			name_of(statuses, (int)action->status));
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
	bool good = (int)action.kind == find(actions, words[0]);
	uint64_t until_us = 0;
	uint8_t number = 255;

	describe(s, &action, text, sizeof(text));
	if (!good)
		return wrong(s, "the engine says:", text);
	if (action.kind == TROWEL_WAIT) {
		good = take_time(s, words[1], &until_us) &&
			until_us == action.until_us - START_US;
	} else if (action.kind == TROWEL_SEND) {
		if (!TAKE(s, words[1], TROWEL_SERVERS_MAX - 1, &number))
			return false;
		good = number == sent->server &&
			sent->transport == find(transports, words[2]) &&
			query_is_right(&s->engine, action.attempt);
	} else {
		good = (int)action.status == find(statuses, words[1]);
		if (good && count > 2)
			good = value_of(words[2], "attempt") != NULL &&
				TAKE(s, words[2] + 8, TROWEL_ATTEMPTS_MAX,
					&number) &&
				number == action.attempt;
	}
	return good ? true : wrong(s, "the engine says:", text);
}

static bool same(struct scenario *s, unsigned long is, const char *text)
{
	unsigned long number;
	char instead[32];

	if (!TAKE(s, text, UINT32_MAX, &number))
		return false;
	snprintf(instead, sizeof(instead), "%lu", is);
	return number == is ? true : wrong(s, "it is", instead);
}

static bool expect_of_all(struct scenario *s, char **words, size_t count)
{
	const struct trowel_fault *fault = &s->engine.fault;

	if (strcmp(words[0], "attempts") == 0)
		return same(s, s->engine.count, words[1]);
	if (strcmp(words[0], "answers") == 0)
		return same(s, s->message.counts[TROWEL_ANSWER], words[1]);
	if (strcmp(words[0], "fault") != 0 || count > 3)
		return wrong(s, "unknown word", words[0]);
	if (count == 3 &&
		(fault->field == NULL ||
			strlen(words[2]) != fault->field_length ||
			memcmp(words[2], fault->field, fault->field_length) !=
				0))
		return wrong(s, "the field is another than", words[2]);
	return same(s, fault->offset, words[1]);
}

static bool same_word(
	struct scenario *s, const struct word *table, int is, const char *text)
{
	return is == find(table, text) ? true
				       : wrong(s, "it is", name_of(table, is));
}

static bool same_time(struct scenario *s, uint32_t is_us, const char *text)
{
	uint64_t us;
	char instead[32];

	snprintf(instead, sizeof(instead), "%u.%03u", is_us / 1000,
		is_us % 1000);
	if (!take_time(s, text, &us))
		return false;
	return us == is_us ? true : wrong(s, "it is", instead);
}

static bool expect_of_attempt(struct scenario *s, char **words, size_t count)
{
	const struct trowel_attempt *a;
	uint8_t attempt;

	if (!TAKE(s, words[1], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	a = &s->engine.attempts[attempt];
	if (attempt >= s->engine.count || count != 3)
		return wrong(s, "no such attempt, or no value:", words[1]);
	if (strcmp(words[0], "outcome") == 0)
		return same_word(s, outcomes, a->outcome, words[2]);
	if (strcmp(words[0], "error") == 0)
		return same_word(s, errors, a->error, words[2]);
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
	return wrong(s, "unknown word", words[0]);
}
