/* SPDX-License-Identifier: MIT */
/* The order in which addresses of a host are to be tried, RFC 6724 6. Pure. */
#ifndef TW_SORT_H
#define TW_SORT_H

#include <trowel/resolver.h>

#define TW_SORT_MAX 128 /* addresses that are sorted: the first ones */

/* sources[i] is the address that packets to addresses[i] would come from, or
 * of family 0 if there is no way there. Rules 1, 2, 5, 6, 8, 9 (for IPv6
 * alone) and 10; what 3, 4 and 7 ask for, no socket tells. */
void tw_sort(struct trowel_address *addresses,
	const struct trowel_address *sources, size_t count);

#endif
