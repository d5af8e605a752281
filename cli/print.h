/* SPDX-License-Identifier: MIT */
/* Words out: a reply in dig's form. */
#ifndef TW_PRINT_H
#define TW_PRINT_H

#include <stdbool.h>

#include <trowel/resolver.h>

#include "cli/output.h"

/* What to show of a reply. */
struct tw_view {
	bool brief; /* +short: RDATA of the answer section alone */
	bool cmd;
	bool comments;
	bool question;
	bool answer;
	bool authority;
	bool additional;
	bool stats;
};

/* The lines that repeat the command line before the first reply. */
struct tw_banner {
	char **words; /* argv, without the program, up to NULL */
	unsigned server_count; /* 0: no server was named */
	bool brief; /* +short stood before the name */
};

struct tw_reply {
	const struct trowel_answer *answer;
	const struct tw_banner *banner; /* NULL: none */
	const struct trowel_name *name; /* as asked */
	const char *server; /* as the user named it; NULL: by its address */
	bool edns; /* whether the query had an OPT, */
	bool dnssec; /* and DO in it */
};

void tw_print_reply(struct tw_output *output, const struct tw_view *view,
	const struct tw_reply *reply);

#endif
