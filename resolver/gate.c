/* SPDX-License-Identifier: MIT */
#include "resolver/gate.h"

#include "resolver/query.h"
#include "resolver/turn.h"
#include "wire/cursor.h"

static bool question_matches(const struct trowel_engine *engine,
	const uint8_t *octets, size_t length);
static bool find_cookie(
	const struct trowel_message *message, struct trowel_field *cookie);

bool tw_is_failure(unsigned rcode)
{
	return rcode == TW_FORMERR || rcode == TW_SERVFAIL ||
		rcode == TW_NOTIMP || rcode == TW_REFUSED;
}

/* 1.1 */
enum trowel_reason tw_gate(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, const uint8_t *octets,
	size_t length, bool cut, bool *truncated)
{
	if (length < TW_HEADER_SIZE)
		return TROWEL_DROPPED_SHORT;
	if (octets[2] < 0x80)
		return TROWEL_DROPPED_NO_RESPONSE;
	if (tw_u16_at(octets, 0) != asked->id)
		return TROWEL_DROPPED_OTHER_ID;
	if (octets[2] / 8 % 16 != engine->query[2] / 8 % 16)
		return TROWEL_DROPPED_OTHER_OPCODE;
	if (!cut && tw_is_bare_failure(octets, length))
		return TROWEL_DROPPED_NOT;
	if (!question_matches(engine, octets, length))
		return TROWEL_DROPPED_OTHER_QUESTION;
	if (asked->transport == TROWEL_TCP)
		return TROWEL_DROPPED_NOT;
	*truncated = cut || (tw_u16_at(octets, 2) & TROWEL_TC) != 0;
	return tw_gate_case_differs(engine, asked, octets)
		? TROWEL_DROPPED_OTHER_CASE
		: TROWEL_DROPPED_NOT;
}

bool tw_is_bare_failure(const uint8_t *octets, size_t length)
{
	return length == TW_HEADER_SIZE && tw_u32_at(octets, 4) == 0 &&
		tw_u32_at(octets, 8) == 0 && tw_is_failure(octets[3] % 16);
}

/* 1.2: length octets are under 64, so that case does not touch them. */
static bool question_matches(const struct trowel_engine *engine,
	const uint8_t *octets, size_t length)
{
	size_t end = engine->question_end;
	size_t i = TW_HEADER_SIZE;

	if (length < end || tw_u16_at(octets, 4) != tw_u16_at(engine->query, 4))
		return false;
	while (i + 4 < end && tw_lower(octets[i]) == tw_lower(engine->query[i]))
		i++;
	return i == end ||
		(i + 4 == end &&
			tw_u32_at(octets, i) == tw_u32_at(engine->query, i));
}

/* The query has the letters of the newest attempt, this one or another. */
bool tw_gate_case_differs(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, const uint8_t *octets)
{
	if (!asked->mixed)
		return false;
	for (size_t i = TW_HEADER_SIZE; i + 4 < engine->question_end; i++) {
		unsigned sent = engine->query[i];

		if (!engine->mixed)
			sent ^= tw_case_bit(engine, i);
		if (octets[i] != sent)
			return true;
	}
	return false;
}

/* 9.7 */
enum trowel_reason tw_gate_cookie(const struct trowel_attempt *asked,
	const struct trowel_message *message, struct trowel_health *health)
{
	struct trowel_field cookie;
	const uint8_t *octets;

	if (!asked->cookie)
		return TROWEL_DROPPED_NOT;
	if (!find_cookie(message, &cookie))
		return health->server_cookie_length > 0
			? TROWEL_DROPPED_NO_COOKIE
			: TROWEL_DROPPED_NOT;
	octets = message->octets + cookie.offset;
	if (cookie.length != 8 && (cookie.length < 16 || cookie.length > 40))
		return TROWEL_DROPPED_OTHER_COOKIE;
	for (size_t i = 0; i < 8; i++) {
		if (octets[i] != health->client_cookie[i])
			return TROWEL_DROPPED_OTHER_COOKIE;
	}
	if (cookie.length > 8)
		health->server_cookie_length = (uint8_t)(cookie.length - 8);
	for (size_t i = 8; i < cookie.length; i++)
		health->server_cookie[i - 8] = octets[i];
	return TROWEL_DROPPED_NOT;
}

static bool find_cookie(
	const struct trowel_message *message, struct trowel_field *cookie)
{
	struct trowel_iterator iterator = { 0 };

	while (trowel_option_next(message, &iterator, cookie)) {
		if (cookie->number == TW_OPTION_COOKIE)
			return true;
	}
	return false;
}
