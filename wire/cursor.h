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

/* Of functions that are called seldom (cold: hardly ever): they stay out of
 * their callers, which have the fewer registers to save. */
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

/* By shifts, here alone: the compiler makes one load or store of each of these,
 * and of products and quotients it does not. */
static inline uint16_t tw_u16_at(const uint8_t *octets, size_t position)
{
	const uint8_t *at = octets + position;

	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t tw_u32_at(const uint8_t *octets, size_t position)
{
	const uint8_t *at = octets + position;

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
		(uint32_t)at[2] << 8 | at[3];
}

static inline void tw_u16_put(uint8_t *octets, size_t position, uint16_t value)
{
	uint8_t *at = octets + position;

	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

#define TW_CHUNK 16

/* Copies a chunk of octets: one load and one store. */
static inline void tw_copy_chunk(
	uint8_t *restrict to, const uint8_t *restrict from)
{
	for (size_t i = 0; i < TW_CHUNK; i++)
		to[i] = from[i];
}

/* Text that is being written. text.c has these functions for who calls them
 * rather than to have a copy. */
struct tw_text {
	char *text;
	size_t size; /* room for the NUL is the caller's to keep */
	size_t length; /* characters needed so far, also beyond size */
};

inline void tw_text_put(struct tw_text *text, char character)
{
	if (text->length < text->size)
		text->text[text->length] = character;
	text->length++;
}

inline void tw_text_put_string(struct tw_text *text, const char *string)
{
	for (size_t i = 0; string[i] != '\0'; i++)
		tw_text_put(text, string[i]);
}

/* Ends the text with a NUL, inside `size` octets that are not zero. */
inline void tw_text_end(struct tw_text *text)
{
	if (text->length < text->size)
		text->text[text->length] = '\0';
	else if (text->size > 0)
		text->text[text->size - 1] = '\0';
}

/* An octet as a char, and back: the one place that knows both. */
static inline uint8_t tw_octet_of(char character)
{
	return (uint8_t)(character < 0 ? character + 256 : character);
}

static inline char tw_char_of(uint8_t octet)
{
	return (char)(octet < 128 ? octet : octet - 256);
}

static inline uint8_t tw_lower(uint8_t octet)
{
	return (uint8_t)(octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
}

#endif
