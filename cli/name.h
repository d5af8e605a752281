/* SPDX-License-Identifier: MIT */
/* The name to ask for: as written, or an address turned round. */
#ifndef TW_NAME_H
#define TW_NAME_H

#include "cli/options.h"

/* Whether a word is an address as a whole: what people mean then is its name. */
bool tw_name_is_address(const char *word);

/* Writes the name that a lookup asks for. Returns 0, or says what is wrong and
 * returns the exit status. */
int tw_name_make(const struct tw_lookup *lookup,
	char name[TROWEL_NAME_TEXT_SIZE], struct trowel_name *asked);

#endif
