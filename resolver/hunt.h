/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a host, where they must be looked up:
 * 1. The sources are gone through in their order: the hosts file has the name
 *    or has it not; the DNS has it by 2. to 5.
 * 2. The candidates are tried in turn: the name as it is first if it has ndots
 *    dots, and last if it has not; between, with each search domain. A final
 *    dot leaves only the name as it is.
 * 3. For a candidate, A and AAAA are asked side by side. Once one of them is
 *    there, or tells that there is no such name, the other is waited for no
 *    longer than four times as long, or 2 s, in which a query may get lost
 *    twice; with TROWEL_EARLY, 50 ms (RFC 8305 3). Any address ends the
 *    search.
 * 4. NXDOMAIN, NODATA and a failure of all servers go on to the next candidate;
 *    silence and errors of the network do not: they would be the same again.
 * 5. If no candidate has addresses, NODATA comes before SERVFAIL and that
 *    before NXDOMAIN, as in glibc: it tells the most about the name.
 */
#ifndef TW_HUNT_H
#define TW_HUNT_H

#include "resolver/job.h"
#include "resolver/search.h"

/* One of the two questions about a candidate. */
struct tw_side {
	uint16_t type; /* 0: is not asked */
	bool due; /* to be asked */
	struct tw_job *job; /* NULL: not on its way */
	struct trowel_answer *answer;
	enum trowel_status status;
};

/* To be set, before it is advanced: port, name, search, and the sides' types. */
struct tw_hunt {
	unsigned flags;
	uint16_t port;
	uint8_t source; /* index of the one at work */
	bool asks; /* for a candidate */
	uint8_t missing; /* the family that was not waited for */
	enum trowel_status failure; /* where there is no list to tell */
	uint64_t start_us; /* of the candidate */
	struct tw_search search;
	struct tw_side sides[2]; /* IPv6 first */
	struct tw_job job; /* its list is the best outcome so far */
	struct trowel_name name; /* that is searched for */
	struct trowel_name candidate;
};

/* Makes a hunt, for a request's flags. NULL: no memory. */
struct tw_hunt *tw_hunt_new(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request);

/* Starts a hunt, or goes on with it. It may have ended by then. */
void tw_hunt_advance(struct tw_hunt *hunt);

/* Ends a hunt with the addresses given. */
void tw_hunt_give(struct tw_hunt *hunt, const struct trowel_address *addresses,
	size_t count);

#endif
