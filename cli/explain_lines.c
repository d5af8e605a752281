/* SPDX-License-Identifier: MIT */
#include "cli/explain_lines.h"

#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 11 /* of the names of fields; longer ones stick out */

/* ANSI colours, by what is painted. */
enum paint { PLAIN, DIM, TITLE, NAME, COUNT, POINTER, FAULT, MARK };

static const char *const paints[] = {
	[PLAIN] = "",
	[DIM] = "\033[2m",
	[TITLE] = "\033[1m",
	[NAME] = "\033[36m",
	[COUNT] = "\033[35m",
	[POINTER] = "\033[33m",
	[FAULT] = "\033[1;31m",
	[MARK] = "\033[7;31m",
};

static const struct tw_arrows no_arrows = { false, false, 0, false };
static const struct tw_arrows fault_mark = { false, false, 0, true };

/* The part of a cell's value that is not written yet. */
struct rest {
	const char *text;
	size_t length;
	bool is_first; /* line of the cell */
};

static size_t count_digits(size_t number)
{
	size_t count = 1;

	for (; number > 9; number /= 10)
		count++;
	return count;
}

bool tw_lines_init(struct tw_lines *lines, struct tw_output *output,
	const uint8_t *octets, size_t length, unsigned columns)
{
	*lines = (struct tw_lines){ .output = output,
		.octets = octets,
		.length = length,
		.columns = columns == 0 ? 80
			: columns < 60	? 60
					: columns,
		.fault = SIZE_MAX };
	lines->octet_count = lines->columns >= 120 ? 16
		: lines->columns >= 72		   ? 8
						   : 4;
	lines->digit_count = length < 100 ? 3 : count_digits(length);
	return tw_gutter_init(&lines->gutter, length);
}

void tw_lines_release(struct tw_lines *lines)
{
	tw_gutter_release(&lines->gutter);
}

void tw_lines_turn(struct tw_lines *lines)
{
	tw_gutter_turn(&lines->gutter);
	lines->at = 0;
	lines->is_writing = true;
}

static void paint(struct tw_lines *lines, enum paint colour)
{
	if (lines->has_colour)
		tw_output_add(lines->output, paints[colour]);
}

static void end_paint(struct tw_lines *lines)
{
	if (lines->has_colour)
		tw_output_add(lines->output, "\033[0m");
}

static void add_spaces(struct tw_lines *lines, size_t count)
{
	for (; count > 0; count--)
		tw_output_add_octets(lines->output, " ", 1);
}

static void add_gutter(struct tw_lines *lines, const struct tw_arrows *arrows)
{
	char text[TW_GUTTER_SIZE];
	size_t width = tw_gutter_width(&lines->gutter);
	bool is_blank =
		!tw_gutter_draw(&lines->gutter, lines->at, arrows, text);

	if (!is_blank)
		paint(lines, arrows->is_faulty ? FAULT : POINTER);
	tw_output_add_octets(lines->output, text, width);
	if (!is_blank)
		end_paint(lines);
}

/* A line of lanes alone, without the spaces behind them. */
static void add_blank_line(struct tw_lines *lines)
{
	char text[TW_GUTTER_SIZE];
	size_t length =
		tw_gutter_draw(&lines->gutter, lines->at, &no_arrows, text);

	if (length > 0) {
		paint(lines, POINTER);
		tw_output_add_octets(lines->output, text, length);
		end_paint(lines);
	}
	tw_output_end_line(lines->output);
}

/*
 * Titles and errors: text from the gutter on
 */

void tw_lines_add_title(
	struct tw_lines *lines, const char *text, size_t length, size_t kept)
{
	if (!lines->is_writing)
		return;
	if (length > lines->columns - tw_gutter_width(&lines->gutter))
		length = kept;
	if (lines->at > 0)
		add_blank_line(lines);
	add_gutter(lines, &no_arrows);
	paint(lines, TITLE);
	tw_output_add_octets(lines->output, text, length);
	end_paint(lines);
	tw_output_end_line(lines->output);
}

/* How much of a text a line has room for: up to a line's end, a space, or
 * between two characters, of which an escape is one. */
static size_t fit(const char *text, size_t length, size_t room)
{
	size_t at = 0;
	size_t space = 0;
	size_t width;

	while (at < length && text[at] != '\n') {
		width = 1;
		if (text[at] == '\\' && at + 1 < length)
			width = text[at + 1] >= '0' && text[at + 1] <= '9' ? 4
									   : 2;
		if (width > length - at)
			width = length - at;
		if (at + width > room)
			return text[at] == ' ' || space < room / 2 ? at : space;
		if (text[at] == ' ')
			space = at;
		at += width;
	}
	return at;
}

/* Writes what a line has room for. */
static void add_part(struct tw_lines *lines, struct rest *rest, size_t room)
{
	size_t length = fit(rest->text, rest->length, room);

	tw_output_add_octets(lines->output, rest->text, length);
	if (length < rest->length &&
		(rest->text[length] == ' ' || rest->text[length] == '\n'))
		length++;
	rest->text += length;
	rest->length -= length;
}

static void add_fault(struct tw_lines *lines)
{
	struct rest rest = { lines->fault_text, strlen(lines->fault_text),
		false };

	lines->is_fault_told = true;
	while (rest.length > 0) {
		add_gutter(lines, &fault_mark);
		paint(lines, FAULT);
		add_part(lines, &rest,
			lines->columns - tw_gutter_width(&lines->gutter));
		end_paint(lines);
		tw_output_end_line(lines->output);
	}
}

/*
 * Cells
 */

/* Where the line ends that begins at lines->at: targets of pointers and the
 * octet at fault begin lines of their own. */
static size_t line_end(const struct tw_lines *lines, size_t cell_end)
{
	size_t at = lines->at;
	size_t end = at;

	while (end < cell_end && end - at < lines->octet_count &&
		(end == at ||
			(end != lines->fault &&
				!tw_gutter_is_target(&lines->gutter, end))))
		end++;
	return end;
}

/* Octets in one colour, or in none. */
static void add_hex(
	struct tw_lines *lines, size_t start, size_t end, enum paint colour)
{
	size_t i;

	if (start == end)
		return;
	paint(lines, colour);
	for (i = start; i < end; i++) {
		if (i > lines->at)
			tw_output_add_octets(lines->output, " ", 1);
		tw_output_add_hex(lines->output, lines->octets[i]);
	}
	if (colour != PLAIN)
		end_paint(lines);
}

/* The octets of a line. */
static void add_octets(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, bool is_first, bool is_faulty)
{
	size_t counted = lines->at;

	if (is_faulty) {
		add_hex(lines, lines->at, end, MARK);
		return;
	}
	if (cell->style == TW_CELL_COUNTED && is_first && end > lines->at)
		counted++;
	add_hex(lines, lines->at, counted, COUNT);
	add_hex(lines, counted, end,
		cell->style == TW_CELL_POINTER ? POINTER : PLAIN);
}

static void add_offset(struct tw_lines *lines, bool is_shown)
{
	char digits[24];

	if (!is_shown) {
		add_spaces(lines, lines->digit_count + 2);
		return;
	}
	snprintf(digits, sizeof(digits), "%*zu", (int)lines->digit_count,
		lines->at);
	paint(lines, DIM);
	tw_output_add(lines->output, digits);
	end_paint(lines);
	add_spaces(lines, 2);
}

/* The octets of a line, as characters. */
static void add_characters(struct tw_lines *lines, size_t end)
{
	char character;
	size_t i;

	tw_output_add(lines->output, "|");
	for (i = lines->at; i < end; i++) {
		character = '.';
		if (lines->octets[i] >= 0x20 && lines->octets[i] < 0x7F)
			character = (char)lines->octets[i];
		tw_output_add_octets(lines->output, &character, 1);
	}
	tw_output_add(lines->output, "|");
}

/* The number that a value begins with. Returns its width. */
static size_t add_count(struct tw_lines *lines, struct rest *rest)
{
	size_t width = 0;

	while (width < rest->length && rest->text[width] >= '0' &&
		rest->text[width] <= '9')
		width++;
	paint(lines, COUNT);
	tw_output_add_octets(lines->output, rest->text, width);
	end_paint(lines);
	rest->text += width;
	rest->length -= width;
	return width;
}

static void add_value(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, struct rest *rest, size_t room)
{
	if (cell->style == TW_CELL_RAW) {
		add_characters(lines, end);
		return;
	}
	if (cell->style == TW_CELL_COUNTED && rest->text == cell->value) {
		room -= add_count(lines, rest);
	} else if (cell->style == TW_CELL_POINTER) {
		paint(lines, cell->is_faulty ? FAULT : POINTER);
		add_part(lines, rest, room);
		end_paint(lines);
		return;
	}
	add_part(lines, rest, room);
}

/* The width of the columns that tell what octets mean. */
static size_t meaning_width(const struct tw_lines *lines)
{
	return lines->columns - tw_gutter_width(&lines->gutter) -
		lines->digit_count - 2 - 3 * lines->octet_count - 1;
}

/* The name, if it is due, and as much of the value as there is room for; all
 * or none of it behind a long name. */
static void add_meaning(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, struct rest *rest)
{
	size_t count = end - lines->at;
	size_t used = count > 0 ? 3 * count - 1 : 0;
	size_t width = rest->is_first ? cell->name_length : 0;
	size_t indent = width < NAME_WIDTH ? NAME_WIDTH : width + 2;
	size_t room = meaning_width(lines);
	size_t needed = rest->length;

	if (cell->style == TW_CELL_RAW)
		needed = count > 0 ? count + 2 : 0;
	rest->is_first = false;
	if (width == 0 && needed == 0)
		return;
	add_spaces(lines, 3 * lines->octet_count - 1 - used + 2);
	if (width > 0) {
		paint(lines, NAME);
		tw_output_add_octets(lines->output, cell->name, width);
		end_paint(lines);
	}
	if (needed == 0 || (indent > NAME_WIDTH && indent + needed > room))
		return;
	add_spaces(lines, indent - width);
	add_value(lines, end, cell, rest, room - indent);
}

/* One line of a cell. */
static void add_line(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, struct rest *rest)
{
	bool has_octets = end > lines->at;
	struct tw_arrows arrows = { .to_here = has_octets,
		.from_here = rest->is_first && cell->style == TW_CELL_POINTER,
		.target = cell->target,
		.is_faulty = (rest->is_first && cell->is_faulty) ||
			(has_octets && lines->at == lines->fault) };

	add_gutter(lines, &arrows);
	add_offset(lines, has_octets);
	add_octets(lines, end, cell, rest->is_first, arrows.is_faulty);
	add_meaning(lines, end, cell, rest);
	tw_output_end_line(lines->output);
	lines->at = end;
}

void tw_lines_add_cell(
	struct tw_lines *lines, size_t end, const struct tw_cell *cell)
{
	struct rest rest = { cell->value, cell->value_length, true };

	if (!lines->is_writing) {
		if (cell->style == TW_CELL_POINTER)
			tw_gutter_note(&lines->gutter, lines->at, cell->target);
		lines->at = end;
		return;
	}
	while (rest.is_first || lines->at < end || rest.length > 0) {
		add_line(lines, line_end(lines, end), cell, &rest);
		if (lines->at > lines->fault && rest.length == 0 &&
			!lines->is_fault_told)
			add_fault(lines);
	}
}

/* An octet at fault that is not there: the message ends before it. */
void tw_lines_end(struct tw_lines *lines)
{
	if (!lines->is_writing || lines->fault == SIZE_MAX ||
		lines->is_fault_told)
		return;
	add_gutter(lines, &fault_mark);
	add_offset(lines, true);
	tw_output_add(lines->output, "end of the message");
	tw_output_end_line(lines->output);
	add_fault(lines);
}
