/* SPDX-License-Identifier: MIT */
/* How an attempt has ended. */
#ifndef TW_ATTEMPT_H
#define TW_ATTEMPT_H

#include <trowel/engine.h>

/* Since the start of a lookup, as attempts have their times. */
/*@ requires \valid_read(engine);
    assigns \nothing;
    ensures \result <= UINT32_MAX; */
uint32_t tw_elapsed_us(const struct trowel_engine *engine, uint64_t now_us);

/*@ requires \valid(attempt);
    assigns attempt->outcome, attempt->ended_us; */
void tw_attempt_end(struct trowel_attempt *attempt, enum trowel_outcome outcome,
	uint32_t elapsed);

/* Whether the server's word on this attempt has been heard. An answer still
 * counts after that; a second failure does not. */
/*@ requires \valid_read(attempt);
    assigns \nothing; */
bool tw_attempt_is_settled(const struct trowel_attempt *attempt);

/* What its end would be called, were it the only one: 7.7. */
/*@ requires \valid_read(attempt);
    assigns \nothing; */
enum trowel_status tw_attempt_status(const struct trowel_attempt *attempt);

#endif
