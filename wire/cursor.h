/* SPDX-License-Identifier: MIT */
/*
 * Numbers in octets, most significant octet first (RFC 1035 2.3.2), and text
 * that is being written. Nothing here looks at bounds: who takes a number has
 * made sure of its octets; a text counts on past the end of what it was given,
 * so that the size needed is known at the end, and writes nothing there.
 */
#ifndef TW_CURSOR_H
#define TW_CURSOR_H

#include <stddef.h>
#include <stdint.h>

/* Of functions that are called seldom: they stay out of their callers, which
 * have the fewer registers to save. Cold ones are built for size, too. */
#ifdef __GNUC__
#define TW_APART __attribute__((noinline))
#define TW_COLD __attribute__((noinline, cold))
#else
#define TW_APART
#define TW_COLD
#endif

/* Of conditions that are mostly, or hardly ever, true. */
#ifdef __GNUC__
#define TW_MOSTLY(condition) __builtin_expect(condition, 1)
#define TW_SELDOM(condition) __builtin_expect(condition, 0)
#else
#define TW_MOSTLY(condition) (condition)
#define TW_SELDOM(condition) (condition)
#endif

/* By shifts, here and in wire.h alone: the compiler makes one load of each of
 * these, and of products it does not. */
/*@ requires \valid_read(octets + (position .. position + 1));
    assigns \nothing;
    ensures \result == octets[position] * 256 + octets[position + 1]; */
static inline uint16_t tw_u16_at(const uint8_t *octets, size_t position)
{
	const uint8_t *at = octets + position;

	return (uint16_t)((at[0] << 8) + at[1]);
}

/*@ requires \valid_read(octets + (position .. position + 3));
    assigns \nothing;
    ensures \result == octets[position] * 16777216 +
      octets[position + 1] * 65536 + octets[position + 2] * 256 +
      octets[position + 3]; */
static inline uint32_t tw_u32_at(const uint8_t *octets, size_t position)
{
	const uint8_t *at = octets + position;

	return ((uint32_t)at[0] << 24) + ((uint32_t)at[1] << 16) +
		((uint32_t)at[2] << 8) + at[3];
}

/*@ requires \valid(octets + (position .. position + 1));
    assigns octets[position .. position + 1];
    ensures octets[position] * 256 + octets[position + 1] == value; */
static inline void tw_u16_put(uint8_t *octets, size_t position, uint16_t value)
{
	uint8_t *at = octets + position;

	at[0] = (uint8_t)(value / 256);
	at[1] = (uint8_t)(value % 256);
}

#define TW_CHUNK 16

/* Copies a chunk of octets: one load and one store. */
/*@ requires \valid(to + (at .. at + TW_CHUNK - 1)) &&
      at <= SIZE_MAX - TW_CHUNK;
    requires \valid_read(from + (start .. start + TW_CHUNK - 1));
    requires \separated(to + (at .. at + TW_CHUNK - 1),
      from + (start .. start + TW_CHUNK - 1));
    requires start <= SIZE_MAX - TW_CHUNK;
    assigns to[at .. at + TW_CHUNK - 1];
    ensures \forall integer k; at <= k < at + TW_CHUNK ==>
      to[k] == from[k - at + start]; */
static inline void tw_copy_chunk(uint8_t *restrict to, size_t at,
	const uint8_t *restrict from, size_t start)
{
	/*@ loop invariant 0 <= i <= TW_CHUNK;
	    loop invariant \forall integer k; at <= k < at + i ==>
	      to[k] == from[k - at + start];
	    loop assigns i, to[at .. at + TW_CHUNK - 1];
	    loop variant TW_CHUNK - i; */
	for (size_t i = 0; i < TW_CHUNK; i++)
		to[at + i] = from[start + i];
}

/* Text that is being written. text.c has these functions for who calls them
 * rather than to have a copy. */
struct tw_text {
	char *text;
	size_t size; /* room for the NUL is the caller's to keep */
	size_t length; /* characters needed so far, also beyond size */
};

/*@ predicate tw_text_is_good(struct tw_text *text) =
      \valid(text) && \valid(text->text + (0 .. text->size - 1)) &&
      \separated(text, text->text + (0 .. text->size - 1)); */

/*@ predicate tw_text_is_apart(struct tw_text *text, char *from, integer n) =
      \separated(from + (0 .. n - 1), text, text->text + (0 .. text->size - 1));
*/

/*@ predicate tw_text_has_room(struct tw_text *text, integer n) =
      tw_text_is_good(text) && text->length <= SIZE_MAX - n; */

/*@ predicate tw_text_can_read(struct tw_text *text, uint8_t *octets,
      integer n) = \valid_read(octets + (0 .. n - 1)) && \separated(
      octets + (0 .. n - 1), text, text->text + (0 .. text->size - 1)); */

/*@ predicate tw_text_can_copy(struct tw_text *text, char *string) =
      tw_is_string(string) && tw_text_is_apart(text, string, 65536); */

/*@ requires tw_text_is_good(text) && text->length < SIZE_MAX;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + 1; */
inline void tw_text_put(struct tw_text *text, char character)
{
	if (text->length < text->size)
		text->text[text->length] = character;
	text->length++;
}

/*@ requires tw_text_is_good(text) && text->length <= SIZE_MAX - 65535;
    requires tw_text_can_copy(text, string);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 65535; */
inline void tw_text_put_string(struct tw_text *text, const char *string)
{
	/*@ loop invariant 0 <= i <= 65535;
	    loop invariant \forall integer k; 0 <= k < i ==> string[k] != 0;
	    loop invariant text->length == \at(text->length, Pre) + i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant 65535 - i; */
	for (size_t i = 0; string[i] != '\0'; i++)
		tw_text_put(text, string[i]);
}

/* Ends the text with a NUL, inside `size` octets that are not zero. */
/*@ requires tw_text_is_good(text);
    assigns text->text[0 .. text->size - 1];
    ensures text->length < text->size ==> text->text[text->length] == 0;
    ensures 0 < text->size <= text->length ==>
      text->text[text->size - 1] == 0; */
inline void tw_text_end(struct tw_text *text)
{
	if (text->length < text->size)
		text->text[text->length] = '\0';
	else if (text->size > 0)
		text->text[text->size - 1] = '\0';
}

/* An octet as a char, and back: the one place that knows both. */
/*@ assigns \nothing;
    ensures \result == (character < 0 ? character + 256 : character); */
static inline uint8_t tw_octet_of(char character)
{
	int value = character;

	return (uint8_t)(value < 0 ? value + 256 : value);
}

/*@ assigns \nothing;
    ensures \result == (octet < 128 ? octet : octet - 256); */
static inline char tw_char_of(uint8_t octet)
{
	return (char)(octet < 128 ? octet : octet - 256);
}

/*@ assigns \nothing;
    ensures \result == tw_lowered(octet); */
static inline uint8_t tw_lower(uint8_t octet)
{
	return (uint8_t)(octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
}

#endif
