/* SPDX-License-Identifier: MIT */
#include "cli/explain_gutter.h"

#include <stdlib.h>
#include <string.h>

bool tw_gutter_init(struct tw_gutter *gutter, size_t length)
{
	*gutter = (struct tw_gutter){ .length = length };
	gutter->last_pointers = calloc(length + 1, sizeof(uint32_t));
	return gutter->last_pointers != NULL;
}

void tw_gutter_release(struct tw_gutter *gutter)
{
	free(gutter->last_pointers);
	gutter->last_pointers = NULL;
}

void tw_gutter_note(struct tw_gutter *gutter, size_t at, size_t target)
{
	if (gutter->last_pointers && target < at && at < gutter->length)
		gutter->last_pointers[target] = (uint32_t)at;
}

bool tw_gutter_is_target(const struct tw_gutter *gutter, size_t at)
{
	return gutter->last_pointers && at < gutter->length &&
		gutter->last_pointers[at] > 0;
}

static bool is_busy(const struct tw_lane *lane, size_t at)
{
	return lane->end > 0 && lane->end >= at;
}

/* The lane of a target, or TW_LANES_MAX. */
static size_t find_lane(
	const struct tw_gutter *gutter, size_t at, size_t target)
{
	size_t i;

	for (i = 0; i < TW_LANES_MAX; i++)
		if (is_busy(&gutter->lanes[i], at) &&
			gutter->lanes[i].target == target)
			break;
	return i;
}

/* Takes the first free lane for a target, if there is one. */
static void open_lane(struct tw_gutter *gutter, size_t target)
{
	size_t i;

	for (i = 0; i < TW_LANES_MAX; i++)
		if (!is_busy(&gutter->lanes[i], target))
			break;
	if (i == TW_LANES_MAX)
		return;
	gutter->lanes[i].target = target;
	gutter->lanes[i].end = gutter->last_pointers[target];
	if (i >= gutter->lane_count)
		gutter->lane_count = i + 1;
}

void tw_gutter_turn(struct tw_gutter *gutter)
{
	size_t at;

	for (at = 0; at < gutter->length; at++)
		if (tw_gutter_is_target(gutter, at))
			open_lane(gutter, at);
	memset(gutter->lanes, 0, sizeof(gutter->lanes));
}

/* Lanes, arrow and space; at least `>>` and a space. */
size_t tw_gutter_width(const struct tw_gutter *gutter)
{
	return gutter->lane_count > 0 ? gutter->lane_count + 2 : 3;
}

/* From a lane to the arrow, over the lanes between. */
static void draw_branch(
	const struct tw_gutter *gutter, size_t lane, char corner, char *text)
{
	size_t i;

	text[lane] = corner;
	for (i = lane + 1; i < gutter->lane_count; i++)
		if (text[i] == ' ' || text[i] == '|')
			text[i] = '-';
}

static void draw_target(struct tw_gutter *gutter, size_t at, char *text)
{
	size_t lane;

	open_lane(gutter, at);
	lane = find_lane(gutter, at, at);
	text[gutter->lane_count] = lane < TW_LANES_MAX ? '>' : '@';
	if (lane < TW_LANES_MAX)
		draw_branch(gutter, lane, '.', text);
}

static void draw_pointer(
	const struct tw_gutter *gutter, size_t at, size_t target, char *text)
{
	size_t lane = find_lane(gutter, at, target);
	char *arrow = &text[gutter->lane_count];

	/* A pointer that is pointed to has that arrow already. */
	if (*arrow == ' ')
		*arrow = lane < TW_LANES_MAX ? '-' : '^';
	if (lane < TW_LANES_MAX)
		draw_branch(gutter, lane,
			gutter->lanes[lane].end == at ? '\'' : '+', text);
}

size_t tw_gutter_draw(struct tw_gutter *gutter, size_t at,
	const struct tw_arrows *arrows, char text[TW_GUTTER_SIZE])
{
	size_t length = tw_gutter_width(gutter);
	size_t i;

	memset(text, ' ', TW_GUTTER_SIZE);
	for (i = 0; i < gutter->lane_count; i++)
		if (is_busy(&gutter->lanes[i], at))
			text[i] = '|';
	if (arrows->to_here && tw_gutter_is_target(gutter, at))
		draw_target(gutter, at, text);
	if (arrows->from_here && arrows->target < at)
		draw_pointer(gutter, at, arrows->target, text);
	if (arrows->is_faulty)
		memcpy(text + length - 3, ">>", 2);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return length;
}
