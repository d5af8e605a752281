/* SPDX-License-Identifier: MIT */
#include "cli/bulk_wheel.h"

static uint64_t find_full(const struct tw_wheel *wheel, uint64_t last);

void tw_wheel_init(
	struct tw_wheel *wheel, struct tw_wheel_link *links, uint64_t now_us)
{
	wheel->links = links;
	wheel->now = now_us / TW_WHEEL_TICK_US;
	for (unsigned i = 0; i < TW_WHEEL_SIZE; i++)
		wheel->first[i] = TW_WHEEL_NONE;
	for (unsigned i = 0; i < TW_WHEEL_SIZE / 64; i++)
		wheel->full[i] = 0;
}

uint32_t tw_wheel_next(struct tw_wheel *wheel, uint64_t now_us)
{
	uint64_t last = now_us / TW_WHEEL_TICK_US, tick;
	uint32_t item;

	if (last <= wheel->now)
		return TW_WHEEL_NONE;
	tick = find_full(wheel, last);
	if (tick > last) {
		wheel->now = last;
		return TW_WHEEL_NONE;
	}
	/* More may be in this slot, so that it is not over yet. */
	wheel->now = tick - 1;
	item = wheel->first[tick % TW_WHEEL_SIZE];
	tw_wheel_remove(wheel, item);
	return item;
}

uint64_t tw_wheel_due_us(const struct tw_wheel *wheel)
{
	uint64_t last = wheel->now + TW_WHEEL_SIZE;
	uint64_t tick = find_full(wheel, last);

	return tick > last ? UINT64_MAX : tick * TW_WHEEL_TICK_US;
}

/* The first tick after `now` with something in its slot; one after `last`, if
 * there is none up to there. */
static uint64_t find_full(const struct tw_wheel *wheel, uint64_t last)
{
	uint64_t tick = wheel->now + 1;

	if (last > wheel->now + TW_WHEEL_SIZE)
		last = wheel->now + TW_WHEEL_SIZE;
	while (tick <= last) {
		uint32_t slot = (uint32_t)(tick % TW_WHEEL_SIZE);

		if (wheel->full[slot / 64] >> slot % 64 == 0)
			tick += 64 - slot % 64;
		else if (wheel->full[slot / 64] >> slot % 64 & 1)
			return tick;
		else
			tick++;
	}
	return UINT64_MAX;
}
