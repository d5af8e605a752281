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

static inline uint16_t tw_u16_at(const uint8_t *octets, size_t position)
{
	return (uint16_t)(octets[position] * 256 + octets[position + 1]);
}

static inline uint32_t tw_u32_at(const uint8_t *octets, size_t position)
{
	return (uint32_t)octets[position] * 16777216 +
		(uint32_t)octets[position + 1] * 65536 +
		(uint32_t)octets[position + 2] * 256 + octets[position + 3];
}

static inline void tw_u16_put(uint8_t *octets, size_t position, uint16_t value)
{
	octets[position] = (uint8_t)(value / 256);
	octets[position + 1] = (uint8_t)(value % 256);
}

struct tw_text {
	char *text;
	size_t size; /* room for the NUL is the caller's to keep */
	size_t length; /* characters needed so far, also beyond size */
};

static inline void tw_text_put(struct tw_text *text, char character)
{
	if (text->length < text->size)
		text->text[text->length] = character;
	text->length++;
}

static inline void tw_text_put_string(struct tw_text *text, const char *string)
{
	for (size_t i = 0; string[i] != '\0'; i++)
		tw_text_put(text, string[i]);
}

/* Ends the text with a NUL, inside `size` octets that are not zero. */
static inline void tw_text_end(struct tw_text *text)
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
