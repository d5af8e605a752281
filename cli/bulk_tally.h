/* SPDX-License-Identifier: MIT */
/* What came of all the lookups: counts, and how long they took. */
#ifndef TW_BULK_TALLY_H
#define TW_BULK_TALLY_H

#include <stdint.h>

#include <trowel/wire.h>

#define TW_TALLY_RCODES 24 /* those with a name; the last one counts others */
#define TW_TALLY_TIMES 464 /* 16 for each doubling of a microsecond */

struct tw_tally {
	uint64_t answered; /* with data */
	uint64_t no_data;
	uint64_t no_name;
	uint64_t failed;
	uint64_t sent; /* queries by UDP */
	uint64_t again; /* of them, other than the first of their lookups */
	uint64_t by_tcp;
	uint64_t ignored; /* replies that were nobody's */
	uint64_t bad; /* lines */
	uint64_t rcodes[TW_TALLY_RCODES];
	uint64_t statuses[TROWEL_STATUS_COUNT]; /* of those without a reply */
	uint32_t times[TW_TALLY_TIMES]; /* of those with one */
	uint32_t
		time_us; /* of the newest one: those of a batch have the same, */
	uint32_t place; /* and so the same place */
	uint64_t started_us;
	uint64_t ended_us;
};

/* Where a time is counted: up to 32 us, each has its place; then 16 for each
 * doubling. */
static inline unsigned tw_tally_place(uint32_t time_us)
{
	unsigned doublings = 0;

	while (time_us >> doublings >= 512)
		doublings += 4;
	while (time_us >> doublings >= 32)
		doublings++;
	return doublings * 16 + (time_us >> doublings);
}

/* A lookup ended with a reply: its RCODE, and how long it took. */
static inline void tw_tally_add(
	struct tw_tally *tally, uint16_t rcode, uint32_t time_us)
{
	tally->rcodes[rcode < TW_TALLY_RCODES ? rcode : TW_TALLY_RCODES - 1]++;
	if (time_us != tally->time_us) {
		tally->time_us = time_us;
		tally->place = tw_tally_place(time_us);
	}
	tally->times[tally->place]++;
}

uint64_t tw_tally_done(const struct tw_tally *tally);

/* The time that so many thousandths of the lookups took at most, to a
 * sixteenth; 0 where there are none. */
uint32_t tw_tally_quantile_us(
	const struct tw_tally *tally, unsigned thousandth);

/* How many lookups took so long, and how long that is: from least_us up to most_us. */
uint64_t tw_tally_between(
	const struct tw_tally *tally, uint32_t least_us, uint32_t most_us);

#endif
