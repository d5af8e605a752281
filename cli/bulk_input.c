/* SPDX-License-Identifier: MIT */
#include "cli/bulk_input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool take_line(
	struct tw_bulk_input *input, const char *start, uint32_t length);
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
	input->line = input->taken = 0;
	input->type = type;
	return 0;
}

/* A line that fills all the room there is cannot be a name. */
int tw_bulk_input_read(struct tw_bulk_input *input)
{
	uint32_t left = input->end - input->start;
	ssize_t got;

	if (left == sizeof(input->octets)) {
		input->is_too_long = true;
		input->taken += left;
		left = 0;
	} else if (left > 0) {
		memmove(input->octets, input->octets + input->start, left);
	}
	input->start = 0;
	input->end = left;
	input->wants_more = false;
	got = read(
		input->fd, input->octets + left, sizeof(input->octets) - left);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : errno;
	input->has_ended = got == 0;
	input->end += (uint32_t)got;
	return 0;
}

/* The last line may lack its newline. */
bool tw_bulk_input_next(struct tw_bulk_input *input)
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

/* How many octets there are up to one that is blank or cannot be printed: eight
 * at a time, as long as all of them are from 0x21 to 0x7E. */
static uint32_t find_end(const char *text, uint32_t length)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x80 * ones;
	uint32_t end = 0;
	uint64_t eight;

	for (; length - end >= 8; end += 8) {
		memcpy(&eight, text + end, 8);
		if (((eight - 0x21 * ones) | (eight + ones)) & tops)
			break;
	}
	while (end < length && text[end] >= 0x21 && text[end] <= 0x7E)
		end++;
	return end;
}

/* Whether there is more than blanks and a comment in it. */
static bool take_line(
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

enum tw_bulk_line tw_bulk_input_parse(
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
	*type = input->type;
	return end == input->length ? TW_BULK_NAME
				    : parse_type(input, end, type);
}

/* What stands behind the name: a type, and a comment. */
static enum tw_bulk_line parse_type(
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
