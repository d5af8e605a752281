/* SPDX-License-Identifier: MIT */
#include "cli/bulk_input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/cursor.h"

#define ONES 0x0101010101010101U
#define TOPS (0x80 * ONES)
#define PLAIN_MOST 240 /* no name is too long that is shorter */

static bool take_plain(struct tw_bulk_input *input, struct trowel_name *name);
static enum tw_bulk_line take_any(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type);
static bool next_line(struct tw_bulk_input *input);
static bool take_line(
	struct tw_bulk_input *input, const char *start, uint32_t length);
static enum tw_bulk_line parse_line(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type);
static enum tw_bulk_line parse_type(
	struct tw_bulk_input *input, uint32_t at, uint16_t *type);

int tw_bulk_input_open(struct tw_bulk_input *input, int fd, uint16_t type)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return errno;
	input->fd = fd;
	input->is_file = S_ISREG(stat.st_mode);
	input->size = input->is_file ? (uint64_t)stat.st_size : 0;
	input->has_ended = input->is_too_long = false;
	input->start = input->end = 0;
	input->octets[0] = '\0';
	input->line = input->taken = 0;
	input->type = type;
	return 0;
}

/* A line that fills all the room there is cannot be a name. */
int tw_bulk_input_read(struct tw_bulk_input *input)
{
	uint32_t left = input->end - input->start;
	ssize_t got;

	if (left == TW_BULK_INPUT_SIZE) {
		input->is_too_long = true;
		input->taken += left;
		left = 0;
	} else if (left > 0) {
		memmove(input->octets, input->octets + input->start, left);
	}
	input->start = 0;
	input->end = left;
	input->wants_more = false;
	got = read(input->fd, input->octets + left, TW_BULK_INPUT_SIZE - left);
	if (got > 0)
		input->end += (uint32_t)got;
	input->octets[input->end] = '\0'; /* no plain name goes on there */
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : errno;
	input->has_ended = got == 0;
	return 0;
}

enum tw_bulk_line tw_bulk_input_next(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type)
{
	*type = input->type;
	if (take_plain(input, name))
		return TW_BULK_NAME;
	return take_any(input, name, type);
}

/* The first octet is the lowest, whatever the machine. */
static inline uint64_t eight_at(const char *text)
{
	const uint8_t *octets = (const uint8_t *)text;

	return octets[0] | (uint64_t)octets[1] << 8 |
		(uint64_t)octets[2] << 16 | (uint64_t)octets[3] << 24 |
		(uint64_t)octets[4] << 32 | (uint64_t)octets[5] << 40 |
		(uint64_t)octets[6] << 48 | (uint64_t)octets[7] << 56;
}

/* The top bits of those of eight octets that a plain name does not just keep:
 * backslashes, what cannot be printed, dots, and others up to there. */
static inline uint64_t find_odd(uint64_t eight)
{
	uint64_t low = eight & ~TOPS;

	return (~((low + (0x7F - '.') * ONES) & ((low ^ '\\' * ONES) + ~TOPS)) |
		       (low + ONES) | eight) &
		TOPS;
}

/* Which of the octets has the first of such bits. */
static inline uint32_t first_of(uint64_t odd)
{
#ifdef __GNUC__
	return (uint32_t)__builtin_ctzll(odd) / 8;
#else
	return (uint32_t)((((odd & (~odd + 1)) - 1) & ONES) * ONES >> 56) - 1;
#endif
}

static inline bool end_label(
	struct trowel_name *name, uint32_t *label, uint32_t end)
{
	uint32_t length = end - *label;

	if (length == 0 || length > TROWEL_LABEL_MAX)
		return false;
	name->octets[*label] = (uint8_t)length;
	*label = end + 1;
	return true;
}

static inline bool end_plain(struct tw_bulk_input *input,
	struct trowel_name *name, uint32_t label, uint32_t end)
{
	if (end == 0 || (end > label && !end_label(name, &label, end)))
		return false;
	name->octets[label] = 0;
	name->length = (uint8_t)(label + 1);
	input->is_plain = true;
	input->line++;
	input->start += end + 1;
	input->taken += end + 1;
	return true;
}

/* Takes the next line if it is a plain name and nothing else, as most are: each
 * octet goes one behind its character, and dots become lengths. False: nothing
 * is taken. */
static bool take_plain(struct tw_bulk_input *input, struct trowel_name *name)
{
	const char *text = input->octets + input->start;
	uint32_t label = 0, base, at;
	uint64_t odd;

	if (*text == ';' || input->is_too_long)
		return false;
	for (base = 0; base < PLAIN_MOST; base += 8) {
		memcpy(name->octets + 1 + base, text + base, 8);
		odd = find_odd(eight_at(text + base));
		for (; odd != 0; odd &= odd - 1) {
			at = base + first_of(odd);
			if (text[at] == '.') {
				if (!end_label(name, &label, at))
					return false;
			} else if (text[at] == '\n') {
				return end_plain(input, name, label, at);
			} else if (text[at] != '-') {
				return false;
			}
		}
	}
	return false;
}

static TW_COLD enum tw_bulk_line take_any(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type)
{
	return next_line(input) ? parse_line(input, name, type) : TW_BULK_NONE;
}

/* Goes to the next line that is not empty and no comment. The last one may lack
 * its newline. */
static TW_COLD bool next_line(struct tw_bulk_input *input)
{
	const char *start, *newline;
	uint32_t left, length;

	while ((left = input->end - input->start) > 0 ||
		(input->has_ended && input->is_too_long)) {
		start = input->octets + input->start;
		newline = memchr(start, '\n', left);
		if (!newline && !input->has_ended)
			break;
		length = newline ? (uint32_t)(newline - start) : left;
		input->start += length + (newline != NULL);
		input->taken += length + (newline != NULL);
		if (take_line(input, start, length))
			return true;
	}
	input->wants_more = true;
	return false;
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t' || character == '\r';
}

/* How many octets there are up to one that is blank or cannot be printed. */
static uint32_t find_end(const char *text, uint32_t length)
{
	uint32_t end = 0;

	while (end < length && text[end] >= 0x21 && text[end] <= 0x7E)
		end++;
	return end;
}

/* Whether there is more than blanks and a comment in it. */
static TW_COLD bool take_line(
	struct tw_bulk_input *input, const char *start, uint32_t length)
{
	input->line++;
	while (length > 0 && is_blank(*start)) {
		start++;
		length--;
	}
	input->text = start;
	input->length = length;
	if (input->is_too_long) {
		input->is_too_long = false;
		input->length = 0;
		return true;
	}
	return length > 0 && *start != '#' && *start != ';';
}

static TW_COLD enum tw_bulk_line parse_line(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type)
{
	enum trowel_status status;
	uint32_t end;
	size_t position;

	if (input->length == 0) {
		input->fault = "too long";
		return TW_BULK_BAD;
	}
	end = find_end(input->text, input->length);
	input->is_plain = end == input->length || is_blank(input->text[end]);
	while (end < input->length && !is_blank(input->text[end]))
		end++;
	status = trowel_name_parse(input->text, end, name, &position);
	if (status != TROWEL_OK) {
		input->fault = trowel_status_text(status);
		return TW_BULK_BAD;
	}
	/* An escape is longer than what it stands for. */
	input->is_plain &=
		name->length == end + (input->text[end - 1] == '.' ? 1U : 2U);
	return end == input->length ? TW_BULK_NAME
				    : parse_type(input, end, type);
}

/* What stands behind the name: a type, and a comment. */
static TW_COLD enum tw_bulk_line parse_type(
	struct tw_bulk_input *input, uint32_t at, uint16_t *type)
{
	const char *text = input->text;
	uint32_t end, length = input->length;
	bool has_type = false;

	for (; at < length; at = end) {
		while (at < length && is_blank(text[at]))
			at++;
		if (at == length || text[at] == ';' || text[at] == '#')
			break;
		for (end = at; end < length && !is_blank(text[end]);)
			end++;
		if (has_type) {
			input->fault = "more than a name and a type";
			return TW_BULK_BAD;
		}
		if (!trowel_code_parse(
			    TROWEL_TYPES, text + at, end - at, type)) {
			input->fault = "unknown type";
			return TW_BULK_BAD;
		}
		has_type = true;
	}
	return TW_BULK_NAME;
}
