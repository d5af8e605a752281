/* SPDX-License-Identifier: MIT */
/* Names to ask for: as written, with a search list, or an address turned
 * round. */
#ifndef TW_NAME_H
#define TW_NAME_H

#include "cli/options.h"

/* Whether a word is an address as a whole: what people mean then is its name. */
bool tw_name_is_address(const char *word);

/* The names that a lookup asks for, one after another: as it is written, and
 * with the domains of the search list behind it. */
struct tw_names {
	const struct tw_lookup *lookup;
	const struct trowel_options *options; /* the search list, ndots */
	struct trowel_name given;
	unsigned dot_count;
	bool is_last; /* there is none behind the last one */
	uint16_t at; /* of the next domain, in the list */
};

/* Reads what is written. Returns 0, or says what is wrong and returns the exit
 * status. */
int tw_names_init(struct tw_names *names, const struct tw_lookup *lookup,
	const struct trowel_options *options);

/* The next name; false where there is none left. */
bool tw_names_next(struct tw_names *names, struct trowel_name *name);

#endif
