/* SPDX-License-Identifier: MIT */
#ifndef TW_SERVERS_H
#define TW_SERVERS_H

#include <trowel/resolver.h>

/* The servers of a context, and what is known of them. Lookups under way keep
 * those that they began with. */
struct tw_servers {
	size_t users; /* the context, and lookups */
	uint8_t count;
	struct trowel_address addresses[TROWEL_SERVERS_MAX]; /* with a port */
	struct trowel_health health[TROWEL_SERVERS_MAX];
};

/* Those of the options, used once. What is known of them is as it was before;
 * `before` NULL: nothing. NULL: no memory. */
struct tw_servers *tw_servers_new(
	const struct trowel_options *options, const struct tw_servers *before);

/* Uses them once more. */
struct tw_servers *tw_servers_share(struct tw_servers *servers);

/* Gives them up, once. */
void tw_servers_release(struct tw_servers *servers);

#endif
