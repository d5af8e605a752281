/* SPDX-License-Identifier: MIT */
/* How the attempts of a lookup went, in words. */
#ifndef TW_ATTEMPTS_H
#define TW_ATTEMPTS_H

#include <trowel/resolver.h>

#include "cli/output.h"

/* "UDP", "TCP"; "answered", "timed out", "truncated", ... */
const char *tw_transport_word(uint8_t transport);
const char *tw_outcome_word(uint8_t outcome);

/* Why an attempt failed: a few words, cut off at `size`. Returns whether there
 * is more to say than its outcome does. */
bool tw_attempt_reason(const struct trowel_answer *answer,
	const struct trowel_attempt *attempt, char *text, size_t size);

/* +attempts: a comment line for each. */
void tw_print_attempts(
	struct tw_output *output, const struct trowel_answer *answer);

#endif
