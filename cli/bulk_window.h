/* SPDX-License-Identifier: MIT */
/* How many queries a server is sent: as many at once as make it answer more in
 * a second, or take it no longer than a moment, and no more in a second than was
 * asked for. Pure: time is an argument. */
#ifndef TW_BULK_WINDOW_H
#define TW_BULK_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define TW_WINDOW_FIRST 64
#define TW_WINDOW_LEAST 16

struct tw_window {
	uint32_t size; /* queries that may be on their way */
	uint32_t most;
	uint32_t before; /* the size before this round's */
	uint32_t answered; /* in this round, */
	uint32_t lost; /* without an answer in time, or with a SERVFAIL */
	int8_t probe; /* this round is to show what more (1) or fewer (-1) do */
	bool is_used; /* in this round, all of it */
	bool is_fast; /* nothing has spoken against growing yet */
	bool is_down; /* the next such round is of fewer */
	uint8_t rest; /* rounds until then */
	uint8_t usual; /* what is lost in a round as a rule, in 256ths */
	uint32_t rate; /* answers a second in the round before; 0: not known */
	uint32_t pace_ns; /* between two queries; 0: none */
	uint64_t began_us; /* the round */
	uint64_t paced_us; /* when `credit_ns` was filled up */
	uint64_t credit_ns;
};

/* `rate`: queries a second; 0: as many as it can answer. */
void tw_window_init(struct tw_window *window, uint32_t most, uint32_t rate,
	uint64_t now_us);

/* A round ends when as many lookups as there are at once have ended: the window
 * is adjusted. */
void tw_window_adjust(struct tw_window *window, uint64_t now_us);

/* How many queries may go now, for the rate's sake; at most `wanted`. */
uint32_t tw_window_allow(
	struct tw_window *window, uint32_t wanted, uint64_t now_us);

/* So many have gone; with those, so many are on their way. */
void tw_window_spend(
	struct tw_window *window, uint32_t count, uint32_t in_flight);

/* When one more may go; 0: at once. */
uint64_t tw_window_allow_us(const struct tw_window *window);

#endif
