/* SPDX-License-Identifier: MIT */
/*
 * What is taken for an octet, and what for something else. All is read line by
 * line, and a "#" ends a line.
 *
 * 1. A line has an offset if it begins with 4 to 8 hex digits, 0x before them or
 *    not, and a colon and white space behind them (xxd, tcpdump -x); or without
 *    the colon, where words of two digits follow (Wireshark, hexdump -C).
 * 2. If a line has an offset with a colon, or one of 0 without, the text is a
 *    dump. Its offsets must be the number of octets before them, so that nothing
 *    is lost or taken twice; lines without one (titles) are passed over.
 * 3. In a line of a dump, octets end at two spaces in a row, at a TAB, or at a
 *    "|": what follows are characters. Two spaces behind the eighth octet are a
 *    gap where two digits and a space follow.
 * 4. Text that is no dump is nothing but octets: words of an even number of hex
 *    digits, 0x before them or not, between white space, commas and colons.
 */
#include "cli/dump.h"

#include <stdio.h>
#include <string.h>

#include "cli/edns.h"

#define OFFSET_LEAST 4 /* digits */
#define OFFSET_MOST 8

struct dump {
	uint8_t *octets;
	size_t count;
	size_t line;
	struct tw_dump_fault *fault;
};

/* A line, or what is left of it. */
struct span {
	const char *at;
	const char *end;
};

struct offset {
	bool has_colon;
	unsigned long value;
};

static struct span next_line(const char **at, const char *end);
static bool take_offset(struct span *line, struct offset *offset);
static bool read_dump_line(struct dump *dump, struct span line);
static bool read_plain_line(struct dump *dump, struct span line);

bool tw_dump_is_text(const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((octets[i] < 0x20 &&
			    !(octets[i] >= '\t' && octets[i] <= '\r')) ||
			octets[i] == 0x7F)
			return false;
	return true;
}

static bool is_dump(const char *text, const char *end)
{
	struct offset offset;

	while (text < end) {
		struct span line = next_line(&text, end);

		if (take_offset(&line, &offset) &&
			(offset.has_colon || offset.value == 0))
			return true;
	}
	return false;
}

size_t tw_dump_parse(const char *text, size_t length, uint8_t *octets,
	struct tw_dump_fault *fault)
{
	struct dump dump = { .octets = octets, .fault = fault };
	const char *end = text + length;
	bool has_offsets = is_dump(text, end);
	bool is_good = true;

	fault->line = 0;
	while (text < end && is_good) {
		struct span line = next_line(&text, end);

		dump.line++;
		if (has_offsets)
			is_good = read_dump_line(&dump, line);
		else
			is_good = read_plain_line(&dump, line);
	}
	return is_good ? dump.count : 0;
}

static bool refuse(struct dump *dump, const char *reason)
{
	dump->fault->line = dump->line;
	snprintf(
		dump->fault->reason, sizeof(dump->fault->reason), "%s", reason);
	return false;
}

static bool is_space(char character)
{
	return character == ' ' || (character >= '\t' && character <= '\r');
}

/* Without its end, its remark, and white space around it. */
static struct span next_line(const char **at, const char *end)
{
	struct span line = { *at, *at };
	const char *next;

	while (line.end < end && *line.end != '\n')
		line.end++;
	*at = line.end < end ? line.end + 1 : end;
	next = memchr(line.at, '#', (size_t)(line.end - line.at));
	if (next)
		line.end = next;
	while (line.at < line.end && is_space(*line.at))
		line.at++;
	while (line.at < line.end && is_space(line.end[-1]))
		line.end--;
	return line;
}

/* How many hex digits a line begins with. */
static size_t count_digits(struct span line)
{
	size_t count = 0;

	while (line.at + count < line.end && tw_hex_digit(line.at[count]) >= 0)
		count++;
	return count;
}

static void skip_prefix(struct span *line)
{
	if (line->end - line->at > 2 && line->at[0] == '0' &&
		(line->at[1] == 'x' || line->at[1] == 'X'))
		line->at += 2;
}

/* Whether a word of two digits comes next; `line` is at its white space. */
static bool has_pair_next(struct span line)
{
	while (line.at < line.end && is_space(*line.at))
		line.at++;
	return count_digits(line) == 2 &&
		(line.at + 2 == line.end || is_space(line.at[2]));
}

/* Takes the offset that a line begins with, if there is one. */
static bool take_offset(struct span *line, struct offset *offset)
{
	struct span rest = *line;
	size_t digits;

	skip_prefix(&rest);
	digits = count_digits(rest);
	if (digits < OFFSET_LEAST || digits > OFFSET_MOST)
		return false;
	offset->value = 0;
	for (; digits > 0; digits--, rest.at++)
		offset->value =
			offset->value * 16 + (unsigned)tw_hex_digit(*rest.at);
	offset->has_colon = rest.at < rest.end && *rest.at == ':';
	if (offset->has_colon)
		rest.at++;
	if (rest.at < rest.end && !is_space(*rest.at))
		return false;
	if (!offset->has_colon && !has_pair_next(rest))
		return false;
	while (rest.at < rest.end && is_space(*rest.at))
		rest.at++;
	*line = rest;
	return true;
}

/* A word of hex digits: its octets. */
static bool take_word(struct dump *dump, struct span *line)
{
	size_t digits;

	skip_prefix(line);
	digits = count_digits(*line);
	if (digits == 0)
		return refuse(dump, "not hex digits");
	if (digits % 2)
		return refuse(dump, "an odd number of hex digits");
	for (; digits > 0; digits -= 2, line->at += 2)
		dump->octets[dump->count++] =
			(uint8_t)(tw_hex_digit(line->at[0]) * 16 +
				tw_hex_digit(line->at[1]));
	return true;
}

static bool read_plain_line(struct dump *dump, struct span line)
{
	while (line.at < line.end) {
		if (!take_word(dump, &line))
			return false;
		if (line.at < line.end && !is_space(*line.at) &&
			*line.at != ',' && *line.at != ':')
			return refuse(dump, "not hex digits");
		while (line.at < line.end &&
			(is_space(*line.at) || *line.at == ',' ||
				*line.at == ':'))
			line.at++;
	}
	return true;
}

/* Moves on to the next word of octets. False: characters follow, or none. */
static bool skip_gap(struct span *line, size_t count)
{
	const char *start = line->at;

	while (line->at < line->end && is_space(*line->at)) {
		if (*line->at != ' ')
			return false;
		line->at++;
	}
	if (line->at == line->end || *line->at == '|')
		return false;
	if (line->at - start == 1)
		return true;
	return line->at - start == 2 && count == 8 && has_pair_next(*line);
}

static bool read_dump_line(struct dump *dump, struct span line)
{
	size_t start = dump->count;
	struct offset offset;
	char reason[100];

	if (!take_offset(&line, &offset))
		return true;
	if (offset.value != start) {
		snprintf(reason, sizeof(reason),
			"offset 0x%lx where 0x%zx comes next", offset.value,
			start);
		return refuse(dump, reason);
	}
	if (line.at == line.end)
		return true;
	do {
		if (!take_word(dump, &line))
			return false;
	} while (skip_gap(&line, dump->count - start));
	return true;
}
