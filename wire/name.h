/* SPDX-License-Identifier: MIT */
/* Names inside messages, shared by the files of wire/. */
#ifndef TW_NAME_H
#define TW_NAME_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* The first two bits of a length octet tell what it is, RFC 1035 4.1.4. */
#define TW_POINTER 0xC0
#define TW_LABEL_END 0x40

#define TW_MEMO_SIZE 32
/* Labels and pointers walked behind pointers, in one message. Ordinary large
 * messages stay under a tenth of it; at it, a message costs some 0.1 ms. */
#define TW_STEPS_MAX 65536

/* The names of one message while it is checked, and a memo of those that were
 * found good and that pointers may lead to. The memo saves ordinary messages
 * most of the walking; where a hostile one is made to miss it, the steps run
 * out: checking stays linear (RFC 9267 2 tells of the loops). */
struct tw_names {
	const uint8_t *octets;
	size_t length;
	uint32_t steps; /* left */
	uint16_t offsets[TW_MEMO_SIZE]; /* of the names known; 0: none */
	uint8_t lengths[TW_MEMO_SIZE]; /* of those, when expanded */
	uint8_t pointers[TW_MEMO_SIZE]; /* in them */
};

/* Begins to check a message, of which no name is known. */
static inline void tw_names_init(
	struct tw_names *names, const uint8_t *octets, size_t length)
{
	names->octets = octets;
	names->length = length;
	names->steps = TW_STEPS_MAX;
	for (size_t i = 0; i < TW_MEMO_SIZE; i++)
		names->offsets[i] = 0;
}

static inline bool tw_is_label(uint8_t octet)
{
	return octet >= 1 && octet < TW_LABEL_END;
}

/* Where a pointer leads whose first octet is at `position`. */
static inline size_t tw_target_at(const uint8_t *octets, size_t position)
{
	return (size_t)tw_u16_at(octets, position) - TW_POINTER * 256;
}

/* Whether a name is but a pointer to one that is known to be good: the shape
 * of most names, told without a call. */
static inline bool tw_name_is_known(
	const struct tw_names *names, size_t limit, size_t position)
{
	size_t target;

	if (limit - position < 2 || names->octets[position] < TW_POINTER)
		return false;
	target = tw_target_at(names->octets, position);
	return names->offsets[target % TW_MEMO_SIZE] == target && target != 0 &&
		target < position;
}

/* Checks the name at *position, whose own octets lie below `limit`. Moves
 * *position behind it; at an error, to the octet at fault.
 * Errors: TROWEL_CUT_SHORT (it runs past the limit), TROWEL_BAD_LABEL_TYPE,
 * TROWEL_BAD_POINTER, TROWEL_POINTER_INTO_HEADER, TROWEL_TOO_MANY_POINTERS,
 * TROWEL_NAME_TOO_LONG. */
enum trowel_status tw_name_check(
	struct tw_names *names, size_t limit, size_t *position);

/* Where the name at a position of a checked message goes on behind it. */
static inline size_t tw_name_skip(
	const uint8_t *octets, size_t length, size_t position)
{
	while (position < length && tw_is_label(octets[position]))
		position += (size_t)octets[position] + 1;
	if (position >= length)
		return length;
	position += octets[position] == 0 ? 1 : 2;
	return position < length ? position : length;
}

/* Where a name is behind the pointer that it begins with, if it does: two
 * names with one origin are equal. */
static inline size_t tw_name_origin(
	const uint8_t *octets, size_t length, size_t position)
{
	if (position + 1 < length && octets[position] >= TW_POINTER &&
		tw_target_at(octets, position) < position)
		return tw_target_at(octets, position);
	return position;
}

/* Whether the name at a position of a checked message is the root. */
bool tw_name_is_root_at(const uint8_t *octets, size_t length, size_t position);

/* Whether the names at two offsets of a checked message are equal. Takes one
 * of *steps for a label or pointer, and one for four octets of a label; with
 * none left, names count as different. */
bool tw_name_is_equal_at(const uint8_t *octets, size_t length, size_t a,
	size_t b, uint32_t *steps);

/* Writes a name as text, with its final dot. */
void tw_name_put(struct tw_text *text, const struct trowel_name *name);

#endif
