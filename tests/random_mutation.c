/* SPDX-License-Identifier: MIT */
#include "tests/random_message.h"

#include <string.h>

#include "tests/check.h"
#include "wire/cursor.h"

#define HEADER_SIZE 12

/* The offset of one of the marks at which there are `size` octets still; false
 * if there is none. */
static bool choose_mark(struct random_message *random,
	const struct random_marks *marks, size_t size, size_t *offset)
{
	if (marks->count == 0)
		return false;
	*offset = marks->offsets[random_below(random, marks->count)];
	return *offset + size <= random->build.length;
}

/* A number of 16 bits: one more, one less, none, a few more, or any. */
static void change_u16(struct random_message *random, size_t offset)
{
	uint8_t *octets = random->build.octets;
	unsigned number = tw_u16_at(octets, offset);

	switch (random_below(random, 5)) {
	case 0:
		number++;
		break;
	case 1:
		number--;
		break;
	case 2:
		number = 0;
		break;
	case 3:
		number += (unsigned)random_below(random, 40);
		break;
	default:
		number = (unsigned)random_below(
			random, random_one_in(random, 2) ? 60 : 65536);
	}
	tw_u16_put(octets, offset, (uint16_t)number);
}

static void flip_bits(struct random_message *random)
{
	struct build *build = &random->build;

	for (size_t i = 1 + random_below(random, 3); i > 0; i--) {
		size_t at = random_below(random, build->length);

		build->octets[at] ^= (uint8_t)(1U << random_below(random, 8));
	}
}

static void change_octet(struct random_message *random)
{
	struct build *build = &random->build;
	size_t at = random_below(random, build->length);

	build->octets[at] = (uint8_t)random_below(random, 256);
}

static void change_length(struct random_message *random)
{
	size_t offset;

	if (choose_mark(random, &random->records, 10, &offset))
		change_u16(random, offset + 8);
}

static void change_count(struct random_message *random)
{
	change_u16(random, 4 + 2 * random_below(random, 4));
}

/* To the header, to a name's start or the octet behind it, to itself, or to
 * anywhere. */
static void change_pointer(struct random_message *random)
{
	size_t offset;
	size_t target;

	if (!choose_mark(random, &random->pointers, 2, &offset))
		return;
	target = random_below(random, random->build.length);
	if (random_one_in(random, 5)) {
		target = random_below(random, HEADER_SIZE + 1);
	} else if (random_one_in(random, 5)) {
		target = offset;
	} else if (random_one_in(random, 2) && random->place_count > 0) {
		target = random_below(random, random->place_count);
		target = random->places[target].offset;
		target += random_below(random, 2);
	}
	tw_u16_put(random->build.octets, offset,
		(uint16_t)(0xC000U | (target & 0x3FFFU)));
}

/* Another type or class, for RDATA that stays as it is. */
static void change_type(struct random_message *random)
{
	size_t offset;

	if (!choose_mark(random, &random->records, 10, &offset))
		return;
	if (random_one_in(random, 3))
		tw_u16_put(
			random->build.octets, offset + 2, random_class(random));
	else
		tw_u16_put(random->build.octets, offset,
			random_one_in(random, 10) ? 41
						  : random_row(random)->code);
}

/* Takes up to 40 octets out of the middle. */
static void take_out(struct random_message *random)
{
	struct build *build = &random->build;
	size_t at = random_below(random, build->length);
	size_t count = 1 + random_below(random, 40);

	if (count > build->length - at)
		count = build->length - at;
	memmove(build->octets + at, build->octets + at + count,
		build->length - at - count);
	build->length -= count;
}

/* Puts up to 40 octets in, which stand somewhere else, or are any. */
static void put_in(struct random_message *random)
{
	struct build *build = &random->build;
	uint8_t piece[40];
	size_t at = random_below(random, build->length);
	size_t from = random_below(random, build->length);
	size_t count = 1 + random_below(random, sizeof(piece));
	bool is_copy = random_one_in(random, 2);

	if (count > build->length - from)
		count = build->length - from;
	if (build->length + count > TROWEL_MESSAGE_MAX)
		return;
	for (size_t i = 0; i < count; i++)
		piece[i] = is_copy ? build->octets[from + i]
				   : (uint8_t)random_below(random, 256);
	memmove(build->octets + at + count, build->octets + at,
		build->length - at);
	memcpy(build->octets + at, piece, count);
	build->length += count;
}

/* Copies octets over others. */
static void splice(struct random_message *random)
{
	struct build *build = &random->build;
	size_t to = random_below(random, build->length);
	size_t from = random_below(random, build->length);
	size_t most = build->length - (to > from ? to : from);
	size_t count = 1 + random_below(random, 40);

	memmove(build->octets + to, build->octets + from,
		count < most ? count : most);
}

static void cut(struct random_message *random)
{
	random->build.length = random_below(random, random->build.length + 1);
}

void random_message_mutate(struct random_message *random)
{
	static void (*const mutations[])(struct random_message *) = { flip_bits,
		flip_bits, change_octet, change_length, change_length,
		change_count, change_pointer, change_pointer, change_type,
		take_out, put_in, splice, cut };

	for (size_t i = random_one_in(random, 3) ? 3 : 1;
		i > 0 && random->build.length > HEADER_SIZE; i--)
		mutations[random_below(random, CHECK_COUNT(mutations))](random);
}
