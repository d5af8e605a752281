/* SPDX-License-Identifier: MIT */
/* What the kernel knows of ways to addresses; nothing is sent. */
#ifndef TW_ROUTE_H
#define TW_ROUTE_H

#include <trowel/resolver.h>

/* Puts addresses into the order of RFC 6724: see sort.h. */
void tw_route_sort(struct trowel_address *addresses, size_t count);

/* Whether an interface other than loopback has an address of a family, 4 or 6
 * (RFC 3493 6.1, AI_ADDRCONFIG); true where that cannot be told. */
bool tw_route_has(unsigned family);

#endif
