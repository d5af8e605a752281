/* SPDX-License-Identifier: MIT */
/* A timer wheel: what is due when, at a cost that does not depend on how much
 * there is. Items are numbers; each is in the wheel once at most. */
#ifndef TW_BULK_WHEEL_H
#define TW_BULK_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#define TW_WHEEL_TICK_US 4096
#define TW_WHEEL_SIZE 1024 /* ticks ahead, 4 s in all */
#define TW_WHEEL_NONE UINT32_MAX

/* Where an item hangs; belongs to the caller, and is the wheel's to write. */
struct tw_wheel_link {
	uint32_t next;
	uint32_t previous;
	uint32_t slot; /* TW_WHEEL_NONE: in none */
};

struct tw_wheel {
	struct tw_wheel_link *links; /* by item */
	uint64_t now; /* the tick up to which all has been taken out */
	uint64_t full[TW_WHEEL_SIZE / 64]; /* a bit for each slot with items */
	uint32_t first[TW_WHEEL_SIZE];
};

void tw_wheel_init(
	struct tw_wheel *wheel, struct tw_wheel_link *links, uint64_t now_us);

/* Puts an item in that is in no slot. A time that is further away than the
 * wheel goes counts as its end: the caller looks at the time again. A tick is
 * over when the next has begun: nothing comes too early. */
static inline void tw_wheel_add(
	struct tw_wheel *wheel, uint32_t item, uint64_t due_us)
{
	struct tw_wheel_link *link = &wheel->links[item];
	uint64_t tick = due_us / TW_WHEEL_TICK_US + 1;
	uint32_t slot;

	if (tick <= wheel->now)
		tick = wheel->now + 1;
	if (tick >= wheel->now + TW_WHEEL_SIZE)
		tick = wheel->now + TW_WHEEL_SIZE - 1;
	slot = (uint32_t)(tick % TW_WHEEL_SIZE);
	link->slot = slot;
	link->previous = TW_WHEEL_NONE;
	link->next = wheel->first[slot];
	if (link->next != TW_WHEEL_NONE)
		wheel->links[link->next].previous = item;
	wheel->first[slot] = item;
	wheel->full[slot / 64] |= 1ULL << slot % 64;
}

/* Takes an item out, if it is in. */
static inline void tw_wheel_remove(struct tw_wheel *wheel, uint32_t item)
{
	struct tw_wheel_link *link = &wheel->links[item];
	uint32_t slot = link->slot;

	if (slot == TW_WHEEL_NONE)
		return;
	link->slot = TW_WHEEL_NONE;
	if (link->next != TW_WHEEL_NONE)
		wheel->links[link->next].previous = link->previous;
	if (link->previous != TW_WHEEL_NONE) {
		wheel->links[link->previous].next = link->next;
		return;
	}
	wheel->first[slot] = link->next;
	if (link->next == TW_WHEEL_NONE)
		wheel->full[slot / 64] &= ~(1ULL << slot % 64);
}

/* Takes out an item that is due, one after another. TW_WHEEL_NONE: no more. */
uint32_t tw_wheel_next(struct tw_wheel *wheel, uint64_t now_us);

/* When there will be something due; UINT64_MAX: never. */
uint64_t tw_wheel_due_us(const struct tw_wheel *wheel);

#endif
