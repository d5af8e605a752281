/* SPDX-License-Identifier: MIT */
/*
 * Compression pointers, drawn at the left of the lines of a message: a lane
 * for each target, from it down to the last pointer that leads to it. Pointers
 * lead back, so that a lane begins before its pointers come.
 *
 *	.->  12
 *	|.>  16		Where there are more targets at a time than lanes, those
 *	|'-  33		left over are marked `@`, and what points to them `^`.
 *	'--  49
 */
#ifndef TW_EXPLAIN_GUTTER_H
#define TW_EXPLAIN_GUTTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TW_LANES_MAX 5
#define TW_GUTTER_SIZE (TW_LANES_MAX + 2) /* with arrow and space */

struct tw_lane {
	size_t target;
	size_t end; /* the last pointer to it; 0: never used */
};

struct tw_gutter {
	size_t length; /* of the message */
	uint32_t *last_pointers; /* to each octet, 0: none; NULL: no memory */
	size_t lane_count; /* that are needed, at most TW_LANES_MAX */
	struct tw_lane lanes[TW_LANES_MAX];
};

/* What there is to draw at a line beside the lanes that pass it by. */
struct tw_arrows {
	bool to_here; /* if something points to the line's first octet */
	bool from_here; /* it is a pointer, to `target` */
	size_t target;
	bool is_faulty; /* `>>` */
};

/* False: no memory. Then no lanes are drawn. */
bool tw_gutter_init(struct tw_gutter *gutter, size_t length);
void tw_gutter_release(struct tw_gutter *gutter);

/* There is a pointer at `at`; one that does not point back is not drawn.
 * Pointers come in order. */
void tw_gutter_note(struct tw_gutter *gutter, size_t at, size_t target);

/* When all pointers are known, and before anything is drawn. */
void tw_gutter_turn(struct tw_gutter *gutter);

bool tw_gutter_is_target(const struct tw_gutter *gutter, size_t at);
size_t tw_gutter_width(const struct tw_gutter *gutter);

/* Draws the gutter of the line that begins at `at`, tw_gutter_width()
 * characters; every target must begin a line, and lines come in order. Returns
 * how many characters there are before the spaces at the end. */
size_t tw_gutter_draw(struct tw_gutter *gutter, size_t at,
	const struct tw_arrows *arrows, char text[TW_GUTTER_SIZE]);

#endif
