/* SPDX-License-Identifier: MIT */
#include "cli/explain_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUTTER_SIZE (TW_LANES_MAX + 3)
#define NAME_WIDTH 11 /* of the names of fields; longer ones stick out */

/* ANSI colours, by what is painted. */
enum paint { DIM, TITLE, NAME, COUNT, POINTER, FAULT };

static const char *const paints[] = {
	[DIM] = "\033[2m",
	[TITLE] = "\033[1m",
	[NAME] = "\033[36m",
	[COUNT] = "\033[35m",
	[POINTER] = "\033[33m",
	[FAULT] = "\033[1;31m",
};

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
		.columns = columns == 0 ? 80 : columns < 60 ? 60 : columns,
		.fault = SIZE_MAX };
	lines->octet_count = lines->columns >= 120 ? 16
		: lines->columns >= 72		   ? 8
						   : 4;
	lines->digit_count = length < 100 ? 3 : count_digits(length);
	lines->last_pointers = calloc(length + 1, sizeof(uint32_t));
	return lines->last_pointers != NULL;
}

void tw_lines_release(struct tw_lines *lines)
{
	free(lines->last_pointers);
	lines->last_pointers = NULL;
}

/*
 * The gutter: a lane a target, from it down to the last pointer that leads to
 * it. Pointers lead back, so that a lane begins before its pointers come.
 */

static size_t last_pointer_to(const struct tw_lines *lines, size_t offset)
{
	return lines->last_pointers ? lines->last_pointers[offset] : 0;
}

static bool is_busy(const struct tw_lane *lane, size_t at)
{
	return lane->end > 0 && lane->end >= at;
}

/* Takes the first free lane for a target, if there is one. */
static void open_lane(struct tw_lines *lines, size_t target)
{
	size_t i;

	for (i = 0; i < TW_LANES_MAX; i++)
		if (!is_busy(&lines->lanes[i], target))
			break;
	if (i == TW_LANES_MAX)
		return;
	lines->lanes[i].target = target;
	lines->lanes[i].end = last_pointer_to(lines, target);
	if (i >= lines->lane_count)
		lines->lane_count = i + 1;
}

void tw_lines_turn(struct tw_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->length; i++)
		if (last_pointer_to(lines, i) > 0)
			open_lane(lines, i);
	memset(lines->lanes, 0, sizeof(lines->lanes));
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

/* The arrows behind the lanes, or the mark of a fault, and a space. */
static size_t gutter_width(const struct tw_lines *lines)
{
	return (lines->lane_count > 0 ? lines->lane_count + 1 : 2) + 1;
}

/* The lane of a target, or TW_LANES_MAX. */
static size_t find_lane(const struct tw_lines *lines, size_t target)
{
	size_t i;

	for (i = 0; i < TW_LANES_MAX; i++)
		if (is_busy(&lines->lanes[i], lines->at) &&
			lines->lanes[i].target == target)
			break;
	return i;
}

/* A line from a lane to its arrow, over the lanes between. */
static void draw_branch(
	const struct tw_lines *lines, size_t lane, char corner, char *gutter)
{
	size_t i;

	gutter[lane] = corner;
	for (i = lane + 1; i < lines->lane_count; i++)
		if (gutter[i] == ' ' || gutter[i] == '|')
			gutter[i] = '-';
}

/* Where the octet at lines->at is pointed to, or points. */
static void draw_target(const struct tw_lines *lines, char *gutter)
{
	size_t lane = find_lane(lines, lines->at);

	gutter[lines->lane_count] = lane < TW_LANES_MAX ? '>' : '@';
	if (lane < TW_LANES_MAX)
		draw_branch(lines, lane, '.', gutter);
}

static void draw_pointer(
	const struct tw_lines *lines, size_t target, char *gutter)
{
	size_t lane = find_lane(lines, target);
	char *arrow = &gutter[lines->lane_count];

	if (*arrow == ' ')
		*arrow = lane < TW_LANES_MAX ? '-' : '^';
	if (lane < TW_LANES_MAX)
		draw_branch(lines, lane,
			lines->lanes[lane].end == lines->at ? '\'' : '+',
			gutter);
}

enum arrows { NO_ARROWS = 0, TO_HERE = 1, FROM_HERE = 2 };

/* The lanes that pass by. Returns how far they reach. */
static size_t draw_lanes(const struct tw_lines *lines, char *gutter)
{
	size_t end = 0;
	size_t i;

	memset(gutter, ' ', GUTTER_SIZE);
	for (i = 0; i < lines->lane_count; i++)
		if (is_busy(&lines->lanes[i], lines->at)) {
			gutter[i] = '|';
			end = i + 1;
		}
	return end;
}

static void add_blank_line(struct tw_lines *lines)
{
	char gutter[GUTTER_SIZE];
	size_t width = draw_lanes(lines, gutter);

	if (width > 0) {
		paint(lines, POINTER);
		tw_output_add_octets(lines->output, gutter, width);
		end_paint(lines);
	}
	tw_output_end_line(lines->output);
}

static void add_gutter(struct tw_lines *lines, unsigned arrows, size_t target,
	bool is_faulty)
{
	size_t width = gutter_width(lines);
	char gutter[GUTTER_SIZE];

	draw_lanes(lines, gutter);
	if (arrows & TO_HERE)
		draw_target(lines, gutter);
	if (arrows & FROM_HERE)
		draw_pointer(lines, target, gutter);
	if (is_faulty)
		memcpy(gutter + width - 3, ">>", 2);
	paint(lines, is_faulty ? FAULT : POINTER);
	tw_output_add_octets(lines->output, gutter, width);
	end_paint(lines);
}

/*
 * Titles and errors: text from the gutter on
 */

void tw_lines_add_title(
	struct tw_lines *lines, const char *text, size_t length, size_t kept)
{
	if (!lines->is_writing)
		return;
	if (length > lines->columns - gutter_width(lines))
		length = kept;
	if (lines->at > 0)
		add_blank_line(lines);
	add_gutter(lines, NO_ARROWS, 0, false);
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
		add_gutter(lines, NO_ARROWS, 0, true);
		paint(lines, FAULT);
		add_part(lines, &rest, lines->columns - gutter_width(lines));
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
			(end != lines->fault && !last_pointer_to(lines, end))))
		end++;
	return end;
}

/* The octets of a line. */
static void add_octets(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, bool is_faulty)
{
	bool is_painted = is_faulty || cell->style != TW_CELL_PLAIN;
	size_t i;

	for (i = lines->at; i < end; i++) {
		if (i > lines->at)
			tw_output_add_octets(lines->output, " ", 1);
		if (is_painted)
			paint(lines, is_faulty ? FAULT : paint_of(cell));
		tw_output_add_hex(lines->output, lines->octets[i]);
	}
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

static void add_value(struct tw_lines *lines, size_t end,
	const struct tw_cell *cell, struct rest *rest, size_t room)
{
	if (cell->style == TW_CELL_RAW) {
		add_characters(lines, end);
		return;
	}
	if (cell->style == TW_CELL_POINTER)
		paint(lines, POINTER);
	add_part(lines, rest, room);
	if (cell->style == TW_CELL_POINTER)
		end_paint(lines);
}

/* The width of the columns that tell what octets mean. */
static size_t meaning_width(const struct tw_lines *lines)
{
	return lines->columns - gutter_width(lines) - lines->digit_count - 2 -
		3 * lines->octet_count - 1;
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
	bool is_faulty = (rest->is_first && cell->is_faulty) ||
		(has_octets && lines->at == lines->fault);
	unsigned arrows = NO_ARROWS;

	if (has_octets && last_pointer_to(lines, lines->at) > 0) {
		open_lane(lines, lines->at);
		arrows |= TO_HERE;
	}
	if (rest->is_first && cell->style == TW_CELL_POINTER &&
		cell->target < lines->at)
		arrows |= FROM_HERE;
	add_gutter(lines, arrows, cell->target, is_faulty);
	add_offset(lines, has_octets);
	add_octets(lines, end, cell, is_faulty);
	add_meaning(lines, end, cell, rest);
	tw_output_end_line(lines->output);
	lines->at = end;
}

void tw_lines_add_cell(
	struct tw_lines *lines, size_t end, const struct tw_cell *cell)
{
	struct rest rest = { cell->value, cell->value_length, true };

	if (!lines->is_writing) {
		if (cell->style == TW_CELL_POINTER &&
			cell->target < lines->at && lines->last_pointers)
			lines->last_pointers[cell->target] =
				(uint32_t)lines->at;
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
	add_gutter(lines, NO_ARROWS, 0, true);
	add_offset(lines, true);
	tw_output_add(lines->output, "end of the message");
	tw_output_end_line(lines->output);
	add_fault(lines);
}
