/* SPDX-License-Identifier: MIT */
/* The names that a search list makes of one, in the order in which they are
 * tried. Pure. */
#ifndef TW_SEARCH_H
#define TW_SEARCH_H

#include <trowel/resolver.h>

struct tw_search {
	bool whole; /* the name is tried as it is alone */
	uint8_t step;
	uint16_t domain; /* offset of the next one in the search list */
};

/* The next name that comes of `name`, the one asked for; first of a search whose
 * step and domain are 0. A list that is another one by the next call does no
 * harm. False at the end. */
bool tw_search_next(struct tw_search *search, const struct trowel_name *name,
	const struct trowel_options *options, struct trowel_name *candidate);

#endif
