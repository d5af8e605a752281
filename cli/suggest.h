/* SPDX-License-Identifier: MIT */
/* "Did you mean": words that are near to one that is not known. */
#ifndef TW_SUGGEST_H
#define TW_SUGGEST_H

#include <stdbool.h>

#include <trowel/wire.h>

/* How many letters must be changed, added, left out, or swapped with their
 * neighbour to come from one word to the other; case aside. */
unsigned tw_slips(const char *a, const char *b);

/* How many may be: two in a long word, one in a short one. */
unsigned tw_slips_allowed(const char *word);

/* The mnemonic nearest to a word. False if none is near. */
bool tw_suggest_code(enum trowel_registry registry, const char *word,
	char best[TROWEL_CODE_TEXT_SIZE]);

#endif
