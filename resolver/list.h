/* SPDX-License-Identifier: MIT */
/* Lists of addresses, each in a block of its own. */
#ifndef TW_LIST_H
#define TW_LIST_H

#include <trowel/resolver.h>

/* With room for `count` addresses, which it has, and then `extra` octets; all
 * zero. NULL: no memory. */
struct trowel_list *tw_list_new(
	enum trowel_status status, size_t count, size_t extra);

/* Leaves the addresses that the flags of a request ask for, as they ask for
 * them, with the port, and puts them into the order of RFC 6724. */
void tw_list_finish(struct trowel_list *list, unsigned flags, uint16_t port);

/* Adds list->addrinfo, in a new block in the old one's place. NULL: no memory;
 * the list is gone then. */
struct trowel_list *tw_list_add_addrinfo(struct trowel_list *list);

#endif
