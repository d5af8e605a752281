/* SPDX-License-Identifier: MIT */
/* Names inside messages, shared by the files of wire/. */
#ifndef TW_NAME_H
#define TW_NAME_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* Type and class of a record, as one number. */
#define TW_KIND_OF(type, class_code) ((type)*65536U + (class_code))

/* The first two bits of a length octet tell what it is, RFC 1035 4.1.4. */
#define TW_POINTER 0xC0
#define TW_LABEL_END 0x40
#define TW_POINTER_RANGE 0x4000 /* the other 14 bits */

/* Labels and pointers walked behind pointers, in one message. Ordinary large
 * messages stay under a tenth of it; at it, a message costs some 0.1 ms. */
#define TW_STEPS_MAX 65536

/* struct trowel_message is a memo of message, beside the octets of their message:
 * of those that were found good and that pointers may lead to, each in the slot
 * of its offset. Its size is its length when expanded, plus 256 for each
 * pointer in it. The memo saves ordinary messages most of the walking; where a
 * hostile one is made to miss it, the steps run out: checking stays linear (RFC
 * 9267 2 tells of the loops). */
#define TW_SIZE_POINTER 256

/*@ predicate tw_message_is_open(struct trowel_message *message) =
      \valid(message) && tw_names_are_right(message) &&
      \valid_read(message->octets + (0 .. message->length - 1)) &&
      \separated(message, message->octets + (0 .. message->length - 1)); */

/* Begins to check a message, of which no name is known. */
/*@ requires \valid(message) && length <= TROWEL_MESSAGE_MAX;
    assigns message->octets \from octets;
    assigns message->length, message->names;
    ensures message->octets == octets && message->length == length;
    ensures tw_names_are_right(message); */
static inline void tw_names_init(
	struct trowel_message *message, const uint8_t *octets, size_t length)
{
	message->octets = octets;
	message->length = (uint16_t)length;
	message->names.steps = TW_STEPS_MAX;
	/* No message has an octet there. */
	/*@ loop invariant 0 <= i <= TROWEL_KNOWN_NAMES;
	    loop invariant \forall integer k; 0 <= k < i ==>
	      message->names.offsets[k] == TROWEL_MESSAGE_MAX;
	    loop assigns i, message->names.offsets[0 .. TROWEL_KNOWN_NAMES - 1];
	    loop variant TROWEL_KNOWN_NAMES - i; */
	for (size_t i = 0; i < TROWEL_KNOWN_NAMES; i++)
		message->names.offsets[i] = TROWEL_MESSAGE_MAX;
}

/*@ requires \valid_read(message);
    assigns \nothing;
    ensures \result <==>
      message->names.offsets[offset % TROWEL_KNOWN_NAMES] == offset; */
static inline bool tw_names_has(
	const struct trowel_message *message, size_t offset)
{
	return message->names.offsets[offset % TROWEL_KNOWN_NAMES] == offset;
}

/* What two octets are more than an offset if they are a pointer to it. */
#define TW_POINTER_PAIR (TW_POINTER * 256)

/* The one offset that may be known of those that a pair of octets leads to if
 * it is a pointer: its slot is that of `pair` as well. */
/*@ requires \valid_read(message);
    assigns \nothing;
    ensures \result == message->names.offsets[pair % TROWEL_KNOWN_NAMES]; */
static inline size_t tw_names_at(
	const struct trowel_message *message, size_t pair)
{
	return message->names.offsets[pair % TROWEL_KNOWN_NAMES];
}

/*@ assigns \nothing;
    ensures \result <==> 1 <= octet <= TROWEL_LABEL_MAX; */
static inline bool tw_is_label(size_t octet)
{
	return octet >= 1 && octet < TW_LABEL_END;
}

/*@ requires \valid_read(message);
    assigns \nothing;
    ensures \result == message->names.sizes[offset % TROWEL_KNOWN_NAMES]; */
static inline size_t tw_names_size(
	const struct trowel_message *message, size_t offset)
{
	return message->names.sizes[offset % TROWEL_KNOWN_NAMES];
}

/*@ requires \valid_read(message);
    assigns \nothing;
    ensures \result == message->names.runs[offset % TROWEL_KNOWN_NAMES]; */
static inline size_t tw_names_run(
	const struct trowel_message *message, size_t offset)
{
	return message->names.runs[offset % TROWEL_KNOWN_NAMES];
}

/* Where a pointer leads whose first octet is at `position`. */
/*@ requires \valid_read(octets + (position .. position + 1));
    assigns \nothing;
    ensures \result < TW_POINTER_RANGE;
    ensures octets[position] >= TW_POINTER ==> \result ==
      (octets[position] - TW_POINTER) * 256 + octets[position + 1]; */
static inline size_t tw_target_at(const uint8_t *octets, size_t position)
{
	return tw_u16_at(octets, position) % TW_POINTER_RANGE;
}

#define TW_NOWHERE 0x10000 /* behind every offset of a message */

/* The end of the name from `start`, whose own octets lie below `limit`, or
 * TW_NOWHERE if it is not good: tw_name_check() tells why. */
/*@ requires tw_message_is_open(message);
    requires start <= TROWEL_MESSAGE_MAX && limit <= message->length;
    assigns message->names;
    ensures \result == TW_NOWHERE || start < \result <= limit;
    ensures tw_names_are_right(message); */
size_t tw_name_pass(struct trowel_message *message, size_t start, size_t limit);

/* Checks the name at *position, whose own octets lie below `limit`. Moves
 * *position behind it; at an error, to the octet at fault.
 * Errors: TROWEL_CUT_SHORT (it runs past the limit), TROWEL_BAD_LABEL_TYPE,
 * TROWEL_BAD_POINTER, TROWEL_POINTER_INTO_HEADER, TROWEL_TOO_MANY_POINTERS,
 * TROWEL_NAME_TOO_LONG. */
/*@ requires tw_message_is_open(message) && \valid(position);
    requires *position <= limit <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    assigns message->names, *position;
    ensures \result == TROWEL_OK || \result == TROWEL_CUT_SHORT ||
      \result == TROWEL_NAME_TOO_LONG || TROWEL_BAD_LABEL_TYPE <= \result <=
      TROWEL_TOO_MANY_POINTERS;
    ensures \result == TROWEL_OK ==> \old(*position) < *position <= limit;
    ensures *position <= message->length;
    ensures tw_names_are_right(message); */
enum trowel_status tw_name_check(
	struct trowel_message *message, size_t limit, size_t *position);

/* Where the name at a position of a checked message goes on behind it. */
/*@ requires position <= length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1));
    assigns \nothing;
    ensures position <= \result <= length;
    ensures position < length ==> position < \result; */
static inline size_t tw_name_skip(
	const uint8_t *octets, size_t length, size_t position)
{
	/*@ loop invariant \at(position, Pre) <= position <= length + 63;
	    loop assigns position;
	    loop variant length + 63 - position; */
	while (position < length && tw_is_label(octets[position]))
		position += (size_t)octets[position] + 1;
	if (position >= length)
		return length;
	position += octets[position] == 0 ? 1 : 2;
	return position < length ? position : length;
}

/* Where a name is behind the pointer that it begins with, if it does: two
 * names with one origin are equal. */
/*@ requires position <= length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1));
    assigns \nothing;
    ensures \result <= position; */
static inline size_t tw_name_origin(
	const uint8_t *octets, size_t length, size_t position)
{
	if (position + 1 < length && octets[position] >= TW_POINTER &&
		tw_target_at(octets, position) < position)
		return tw_target_at(octets, position);
	return position;
}

/* Whether the name at a position of a checked message is the root. */
/*@ requires position <= length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1));
    assigns \nothing; */
bool tw_name_is_root_at(const uint8_t *octets, size_t length, size_t position);

/* Whether the names at two offsets of a checked message are equal. Takes one
 * of *steps for a label or pointer, and one for four octets of a label; with
 * none left, names count as different. */
/*@ requires length <= TROWEL_MESSAGE_MAX && \valid(steps);
    requires \valid_read(octets + (0 .. length - 1));
    requires \separated(steps, octets + (0 .. length - 1));
    assigns *steps;
    ensures *steps <= \old(*steps); */
bool tw_name_is_equal_at(const uint8_t *octets, size_t length, size_t a,
	size_t b, uint32_t *steps);

/* Writes a name as text, with its final dot. */
/*@ requires tw_text_is_good(text) && text->length <= SIZE_MAX - 1024;
    requires \valid_read(name) &&
      \separated(name, text, text->text + (0 .. text->size - 1));
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) < text->length <= \old(text->length) + 1020; */
void tw_name_put(struct tw_text *text, const struct trowel_name *name);

#endif
