/* SPDX-License-Identifier: MIT */
/* Whom to ask: the servers of the command line or of resolv.conf(5). */
#ifndef TW_SERVERS_H
#define TW_SERVERS_H

#include <trowel/resolver.h>

#include "cli/options.h"

/* Without +time and +tries: 0.4, 0.8, 1.6, 3, 3 s, which the deadline of 10 s
 * has room for. */
#define TW_TRIES 5

struct tw_servers {
	struct trowel_options options;
	uint8_t named[TROWEL_SERVERS_MAX]; /* which word of the lookup each is
					      of */
	bool is_mdns; /* not these, but all that know (RFC 6762) */
	char name[256]; /* as named, without port; empty: by its address */
};

/* Finds the servers of a lookup. Returns 0, or says what is wrong and returns
 * the exit status. */
int tw_servers_find(struct tw_servers *servers, const struct tw_lookup *lookup);

/* Whether it is @mdns, which stands for all that know: RFC 6762. */
bool tw_is_mdns(const struct tw_lookup *lookup);

#endif
