/* SPDX-License-Identifier: MIT */
/*
 * The lines of an explained message: the gutter in which pointers are drawn,
 * offset, octets, and what they mean.
 *
 *	'-  33  c0 0c                    owner      -> 12: www.example.com.
 *
 * A message is gone through twice, by the same calls: first to collect the
 * pointers, then, after tw_lines_turn(), to write.
 */
#ifndef TW_EXPLAIN_LINES_H
#define TW_EXPLAIN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/explain_gutter.h"
#include "cli/output.h"

struct tw_lines {
	struct tw_output *output;
	const uint8_t *octets;
	size_t length;
	size_t at; /* the next octet */
	bool is_writing;
	bool has_colour;
	size_t columns;
	size_t octet_count; /* of a full line */
	size_t digit_count; /* of an offset */
	struct tw_gutter gutter;
	size_t fault; /* offset of the octet at fault; SIZE_MAX: none */
	const char *fault_text;
	bool is_fault_told;
};

enum tw_cell_style {
	TW_CELL_PLAIN,
	TW_CELL_COUNTED, /* the first octet is a length, and so is the value's
			  * first word */
	TW_CELL_POINTER,
	TW_CELL_RAW /* the value is the octets, as characters */
};

/* Octets that mean one thing. What is not set is not there. */
struct tw_cell {
	const char *name; /* name_length characters */
	size_t name_length;
	const char *value; /* printable ASCII, '\n' between its lines */
	size_t value_length;
	enum tw_cell_style style;
	size_t target; /* of a pointer */
	bool is_faulty; /* though the octet at fault is another */
};

/* False: no memory. The lines can be written nevertheless, without gutter. */
bool tw_lines_init(struct tw_lines *lines, struct tw_output *output,
	const uint8_t *octets, size_t length, unsigned columns);
void tw_lines_release(struct tw_lines *lines);

/* Back to the first octet, and from now on with a pen. */
void tw_lines_turn(struct tw_lines *lines);

/* A line over what follows; only its first `kept` characters where all is too
 * long for a line. */
void tw_lines_add_title(
	struct tw_lines *lines, const char *text, size_t length, size_t kept);

/* The octets up to `end`, which may be none. */
void tw_lines_add_cell(
	struct tw_lines *lines, size_t end, const struct tw_cell *cell);

/* Behind the last octet. */
void tw_lines_end(struct tw_lines *lines);

#endif
