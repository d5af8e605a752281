/* SPDX-License-Identifier: MIT */
/*
 * The pointer arithmetic of the tree: a reader of octets, a writer of octets
 * and a writer of text. The reader asks first and takes then: a take_ has the
 * octets that it needs, by its caller's check of tw_reader_left(). The writers
 * count on past the end of what they were given, so that the size needed is
 * known at the end, and write no octet there.
 */
#ifndef TW_CURSOR_H
#define TW_CURSOR_H

#include <stddef.h>
#include <stdint.h>

struct tw_reader {
	const uint8_t *octets;
	size_t position; /* at most end */
	size_t end;
};

static inline size_t tw_reader_left(const struct tw_reader *reader)
{
	return reader->end - reader->position;
}

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

static inline uint16_t tw_reader_take_u16(struct tw_reader *reader)
{
	uint16_t value = tw_u16_at(reader->octets, reader->position);

	reader->position += 2;
	return value;
}

static inline uint32_t tw_reader_take_u32(struct tw_reader *reader)
{
	uint32_t value = tw_u32_at(reader->octets, reader->position);

	reader->position += 4;
	return value;
}

struct tw_writer {
	uint8_t *octets;
	size_t size;
	size_t length; /* octets needed so far, also beyond size */
};

static inline void tw_writer_put_u8(struct tw_writer *writer, uint8_t value)
{
	if (writer->length < writer->size)
		writer->octets[writer->length] = value;
	writer->length++;
}

static inline void tw_writer_put_u16(struct tw_writer *writer, uint16_t value)
{
	tw_writer_put_u8(writer, (uint8_t)(value / 256));
	tw_writer_put_u8(writer, (uint8_t)(value % 256));
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
