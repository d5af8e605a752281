/* SPDX-License-Identifier: MIT */
/* What addrinfo.c and resolver.c share: lookups that run side by side. */
#ifndef TW_ADDRINFO_H
#define TW_ADDRINFO_H

#include <trowel/resolver.h>

struct tw_request {
	struct trowel_name name;
	uint16_t type;
	struct trowel_answer *answer; /* out: may be NULL at an error */
	enum trowel_status status; /* out */
};

/* Runs requests side by side, each on sockets of its own, to their ends. */
void tw_run(struct trowel *t, const struct trowel_ask *ask,
	struct tw_request *requests, size_t count);

const struct trowel_options *tw_options(const struct trowel *t);

#endif
