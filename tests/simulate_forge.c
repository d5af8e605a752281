/* SPDX-License-Identifier: MIT */
/* What somebody sends who sees no query, or knows all of it but one thing. */
#include <string.h>

#include "tests/simulate.h"

#define HEADER_SIZE 12

enum kind {
	OTHER_ID,
	OTHER_NAME,
	OTHER_TYPE,
	OTHER_CLASS,
	OTHER_COUNT,
	OTHER_OPCODE,
	REFLECTED,
	SHORT,
	BARE, /* a header alone that says NOERROR */
	OTHER_CASE,
	OTHER_COOKIE,
	NO_COOKIE,
	KINDS
};

static void put_answer(struct event *event)
{
	static const uint8_t record[] = { 0xC0, HEADER_SIZE, 0, 1, 0, 1, 0, 0,
		1, 44, 0, 4, FORGED_ADDRESS >> 24, FORGED_ADDRESS >> 16 & 255,
		FORGED_ADDRESS >> 8 & 255, FORGED_ADDRESS & 255 };

	memcpy(event->octets + event->length, record, sizeof(record));
	event->length = (uint16_t)(event->length + sizeof(record));
	event->octets[7] = 1;
}

/* An OPT, with a COOKIE of another client's if `cookie`. */
static void put_opt(struct event *event, bool cookie)
{
	uint8_t *at = event->octets + event->length;

	memset(at, 0, 31);
	at[2] = 41;
	at[10] = cookie ? 20 : 0;
	at[12] = 10;
	at[14] = 16;
	event->length = (uint16_t)(event->length + (cookie ? 31 : 11));
	event->octets[11] = 1;
}

/* Turns one letter over, or changes it. False if there is none. */
static bool change_letter(struct event *event, size_t end, uint8_t change)
{
	for (size_t i = HEADER_SIZE; i + 4 < end; i++) {
		uint8_t letter = event->octets[i] | 0x20;

		if (letter >= 'a' && letter <= 'z') {
			event->octets[i] ^= change;
			return true;
		}
	}
	return false;
}

/* Of the question, which ends at `end`. */
static void change_question(
	struct world *world, struct event *event, enum kind kind, size_t end)
{
	uint8_t change = (uint8_t)(1 + draw(world, 255));

	if (end == HEADER_SIZE || kind == OTHER_COUNT)
		event->octets[5] ^= change;
	else if (kind == OTHER_NAME && change_letter(event, end, 2))
		return;
	else if (kind == OTHER_TYPE)
		event->octets[end - 3 - draw(world, 2)] ^= change;
	else
		event->octets[end - 1 - draw(world, 2)] ^= change;
}

/* Whether it was something that must not be taken. */
static bool change(struct world *world, const struct trowel_engine *engine,
	struct event *event, enum kind kind)
{
	const struct trowel_attempt *asked = &engine->attempts[event->attempt];
	bool by_udp = asked->transport == TROWEL_UDP;

	switch (kind) {
	case OTHER_ID:
		event->octets[draw(world, 2)] ^=
			(uint8_t)(1 + draw(world, 255));
		return true;
	case OTHER_OPCODE:
		event->octets[2] ^= (uint8_t)(8u << draw(world, 4));
		return true;
	case REFLECTED:
		event->octets[2] &= 0x7F;
		return true;
	case SHORT:
		event->length = (uint16_t)draw(world, engine->question_end);
		return event->length != HEADER_SIZE;
	case BARE:
		memset(event->octets + 4, 0, 8);
		event->length = HEADER_SIZE;
		return engine->question_end > HEADER_SIZE;
	case OTHER_CASE:
		return asked->mixed && by_udp &&
			change_letter(event, engine->question_end, 0x20);
	case OTHER_COOKIE:
		put_opt(event, true);
		return asked->cookie && by_udp;
	case NO_COOKIE:
		put_opt(event, false);
		event->has_no_cookie = true;
		return asked->cookie && by_udp;
	default:
		change_question(world, event, kind, engine->question_end);
		return true;
	}
}

void world_forge(struct world *world, const struct trowel_engine *engine,
	uint8_t attempt)
{
	struct event *event =
		world_add(world, attempt, world->now_us + draw(world, 300000));
	enum kind kind = draw(world, KINDS);

	memcpy(event->octets, engine->query, engine->question_end);
	event->length = engine->question_end;
	event->octets[2] |= 0x80;
	event->octets[3] = 0x80;
	event->octets[11] = 0;
	if (engine->question_end > HEADER_SIZE)
		put_answer(event);
	event->forged = true;
	if (!change(world, engine, event, kind))
		event->times = 0;
	else if (world->floods && kind == OTHER_ID && happens(world, 20))
		event->times = 100 + draw(world, 9900);
}
