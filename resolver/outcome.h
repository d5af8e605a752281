/* SPDX-License-Identifier: MIT */
/* What the lookups behind a result came to. */
#ifndef TW_OUTCOME_H
#define TW_OUTCOME_H

#include <trowel/resolver.h>

/* What an ended lookup means: TROWEL_OK when records answer the question.
 * `answer` may be NULL where `status` is not TROWEL_OK. */
enum trowel_status tw_outcome(
	enum trowel_status status, const struct trowel_answer *answer);

/* Counts the addresses of an answer and, unless NULL, writes them down. */
size_t tw_outcome_addresses(
	const struct trowel_answer *answer, struct trowel_address *addresses);

/* trowel_chain_next(), which would else be written out at each call. */
bool tw_chain_next(struct trowel_chain *chain, struct trowel_record *record);

/* How much an outcome tells; those up to TROWEL_NO_DATA are of the name asked
 * for, and another name may do better. */
unsigned tw_outcome_rank(enum trowel_status status);

#endif
