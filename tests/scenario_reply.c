/* SPDX-License-Identifier: MIT */
/* The replies of a scenario. */
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/scenario_parts.h"

/* What a line of `reply` asks for beyond the message. */
struct delivery {
	struct scenario_reply reply;
	uint8_t octets[SCENARIO_REPLY_SIZE];
	size_t length;
	bool whole; /* octets are given, or header-only */
	size_t cut;
	bool larger;
	unsigned long times;
	int reason; /* -1: whatever it is */
};

static bool shape(
	struct scenario *s, uint8_t attempt, struct delivery *d, char *word);
static bool shape_number(struct scenario *s, struct delivery *d, char *word);
static bool deliver(struct scenario *s, uint8_t attempt, struct delivery *d,
	const char *expected);

const struct scenario_word scenario_verdicts[] = { { "ignored",
							   TROWEL_IGNORED },
	{ "noted", TROWEL_NOTED }, { "candidate", TROWEL_CANDIDATE },
	{ "answer", TROWEL_FINAL }, { NULL, 0 } };

static const struct scenario_word reasons[] = { { "short",
							TROWEL_DROPPED_SHORT },
	{ "no-response", TROWEL_DROPPED_NO_RESPONSE },
	{ "id", TROWEL_DROPPED_OTHER_ID },
	{ "opcode", TROWEL_DROPPED_OTHER_OPCODE },
	{ "question", TROWEL_DROPPED_OTHER_QUESTION },
	{ "case", TROWEL_DROPPED_OTHER_CASE },
	{ "cookie", TROWEL_DROPPED_OTHER_COOKIE },
	{ "no-cookie", TROWEL_DROPPED_NO_COOKIE },
	{ "late", TROWEL_DROPPED_LATE }, { NULL, 0 } };

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
	if (end == 12) {
		good.questions = 0;
		return good;
	}
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

static size_t put_opt(
	uint8_t *octets, size_t at, const struct scenario_reply *r)
{
	unsigned options = r->cookie_length > 0 ? 4u + r->cookie_length : 0;

	octets[at++] = 0;
	at = put(octets, at, 41);
	at = put(octets, at, 1232);
	at = put(octets, at, r->extended_rcode * 256u);
	at = put(octets, at, 0);
	at = put(octets, at, options);
	if (options == 0)
		return at;
	at = put(octets, at, 10);
	at = put(octets, at, r->cookie_length);
	memcpy(octets + at, r->cookie, r->cookie_length);
	return at + r->cookie_length;
}

size_t scenario_encode(
	const struct scenario_reply *r, uint8_t octets[SCENARIO_REPLY_SIZE])
{
	size_t at = put(octets, 0, r->id);

	at = put(octets, at, r->flags);
	at = put(octets, at, r->questions);
	at = put(octets, at, r->answers);
	at = put(octets, at, 0);
	at = put(octets, at, r->edns);
	memcpy(octets + at, r->name.octets, r->name.length);
	at += r->name.length;
	if (r->name.length > 0) {
		at = put(octets, at, r->type);
		at = put(octets, at, r->class_code);
	}
	for (unsigned i = 0; i < r->records; i++)
		at = put_record(octets, at, r->malformed && i == 0);
	return r->edns ? put_opt(octets, at, r) : at;
}

bool scenario_reply(struct scenario *s, char **words, size_t count)
{
	struct delivery d = { .cut = SIZE_MAX, .times = 1, .reason = -1 };
	uint8_t attempt;

	if (count < 4 || strcmp(words[count - 2], "=>") != 0)
		return scenario_wrong(s, "reply A WORD... => VERDICT", "");
	if (!SCENARIO_TAKE(s, words[0], TROWEL_ATTEMPTS_MAX - 1, &attempt))
		return false;
	d.reply = scenario_good_reply(&s->engine, attempt);
	memcpy(d.reply.name.octets, s->queries[attempt] + 12,
		d.reply.name.length);
	for (size_t i = 1; i < count - 2; i++) {
		if (!shape(s, attempt, &d, words[i]))
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

/* All letters to the case of `a`. */
static void turn_letters(struct trowel_name *name, unsigned char a)
{
	for (size_t i = 0; i < name->length; i++) {
		unsigned letter = (name->octets[i] | 0x20u) - 'a';

		if (name->octets[i] >= 'A' && letter < 26)
			name->octets[i] = (uint8_t)(letter + a);
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
		turn_letters(&r->name, 'A');
	else if (strcmp(word, "lower") == 0)
		turn_letters(&r->name, 'a');
	else if (strcmp(word, "opt") == 0)
		r->edns = true;
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

	if (!SCENARIO_TAKE(s, text, 4095, &rcode))
		return false;
	r->flags = (uint16_t)(r->flags / 16 * 16 + rcode % 16);
	r->extended_rcode = (uint8_t)(rcode / 16);
	if (rcode >= 16)
		r->edns = true;
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
	else if (scenario_value_of(word, "rcode") != NULL)
		return take_reply_rcode(s, r, scenario_value_of(word, "rcode"));
	else if (scenario_value_of(word, "opcode") == NULL)
		return scenario_wrong(s, "unknown word", word);
	else if (!SCENARIO_TAKE(
			 s, scenario_value_of(word, "opcode"), 15, &opcode))
		return false;
	else
		r->flags = (uint16_t)((r->flags & ~0x7800u) + opcode * 2048u);
	return true;
}

/* "mine" is the client's half as it was sent. */
static bool take_cookie(struct scenario *s, uint8_t attempt,
	struct scenario_reply *r, const char *text)
{
	const uint8_t *sent;
	size_t length;
	size_t mine = 0;

	r->edns = true;
	if (strncmp(text, "mine", 4) == 0) {
		sent = scenario_find_cookie(
			s->queries[attempt], s->lengths[attempt], &length);
		if (sent == NULL)
			return scenario_wrong(s, "no cookie was sent", "");
		memcpy(r->cookie, sent, 8);
		mine = 8;
		text += 4;
	}
	length = scenario_take_hex(
		text, r->cookie + mine, sizeof(r->cookie) - mine);
	r->cookie_length = (uint8_t)(mine + length);
	return length <= sizeof(r->cookie) - mine
		? true
		: scenario_wrong(s, "no hex:", text);
}

static bool shape(
	struct scenario *s, uint8_t attempt, struct delivery *d, char *word)
{
	struct scenario_reply *r = &d->reply;
	char *value = strchr(word, '=');
	size_t at;

	if (value == NULL)
		return shape_plain(d, word)
			? true
			: scenario_wrong(s, "unknown word", word);
	value++;
	if (scenario_value_of(word, "id-of") != NULL) {
		r->id = s->engine
				.attempts[strtoul(value, NULL, 10) %
					TROWEL_ATTEMPTS_MAX]
				.id;
		return true;
	}
	if (scenario_value_of(word, "name") != NULL)
		return trowel_name_parse(value, strlen(value), &r->name, &at) ==
				TROWEL_OK
			? true
			: scenario_wrong(s, "no name:", value);
	if (scenario_value_of(word, "cookie") != NULL)
		return take_cookie(s, attempt, r, value);
	if (scenario_value_of(word, "hex") != NULL) {
		d->length =
			scenario_take_hex(value, d->octets, sizeof(d->octets));
		d->whole = true;
		return d->length <= sizeof(d->octets)
			? true
			: scenario_wrong(s, "no hex", "");
	}
	if (scenario_value_of(word, "why") != NULL) {
		d->reason = scenario_find(reasons, value);
		return d->reason >= 0 ? true
				      : scenario_wrong(s, "no reason:", value);
	}
	return shape_number(s, d, word);
}

static bool shape_number(struct scenario *s, struct delivery *d, char *word)
{
	struct scenario_reply *r = &d->reply;
	const char *value = strchr(word, '=') + 1;

	if (scenario_value_of(word, "type") != NULL)
		return SCENARIO_TAKE(s, value, 65535, &r->type);
	if (scenario_value_of(word, "class") != NULL)
		return SCENARIO_TAKE(s, value, 65535, &r->class_code);
	if (scenario_value_of(word, "questions") != NULL)
		return SCENARIO_TAKE(s, value, 65535, &r->questions);
	if (scenario_value_of(word, "answers") != NULL)
		return SCENARIO_TAKE(s, value, 65535, &r->answers);
	if (scenario_value_of(word, "records") != NULL)
		return SCENARIO_TAKE(s, value, 40, &r->records);
	if (scenario_value_of(word, "cut") != NULL)
		return SCENARIO_TAKE(s, value, 65535, &d->cut);
	if (scenario_value_of(word, "times") != NULL)
		return SCENARIO_TAKE(s, value, 1000000, &d->times);
	return shape_flags(s, r, word);
}

/* Whether a message that was ignored has left all alone but its count, and
 * what the procedure's 9.9 and 10.2 say. */
static bool is_as_before(const struct trowel_engine *before,
	const struct trowel_engine *after, uint8_t attempt)
{
	struct trowel_engine copy;
	uint8_t server = before->attempts[attempt].server;

	memcpy(&copy, before, sizeof(copy));
	copy.reason = after->reason;
	if (before->done)
		copy.attempts[attempt].heard = after->attempts[attempt].heard;
	else if (attempt < before->count &&
		before->attempts[attempt].ignored < UINT16_MAX)
		copy.attempts[attempt].ignored++;
	if (after->reason >= TROWEL_DROPPED_OTHER_CASE &&
		after->reason <= TROWEL_DROPPED_NO_COOKIE)
		copy.states[server] = after->states[server];
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
			return scenario_wrong(s, "the message was touched", "");
	}
	if (verdict == TROWEL_IGNORED &&
		!is_as_before(&before, &s->engine, attempt))
		return scenario_wrong(
			s, "what is ignored has changed something", "");
	if ((int)verdict != scenario_find(scenario_verdicts, expected))
		return scenario_wrong(s, "it is",
			scenario_name_of(scenario_verdicts, (int)verdict));
	if (d->reason >= 0 && d->reason != s->engine.reason)
		return scenario_wrong(s, "ignored for",
			scenario_name_of(reasons, s->engine.reason));
	return true;
}
