/* SPDX-License-Identifier: MIT */
/* What several servers say to the same question. */
#ifndef TW_COMPARE_H
#define TW_COMPARE_H

#include <trowel/resolver.h>

#include "cli/output.h"

/* One server's reply, or its failure. */
struct tw_compared {
	const struct trowel_address *server;
	const char *name; /* as the user named it, or NULL */
	enum trowel_status status;
	const struct trowel_answer *answer; /* or NULL */
};

/* A line for a server: its RCODE, how many records answer, the time, EDE. */
void tw_compare_print(
	struct tw_output *output, const struct tw_compared *row, size_t width);

/* The characters that the server takes in such a line. */
size_t tw_compare_width(const struct tw_compared *row);

/* Says where the servers differ, order and TTLs aside: each beside what most of
 * them say. *differ is whether they do. False without memory. */
bool tw_compare(struct tw_output *output, const struct tw_compared *rows,
	size_t count, bool *differ);

#endif
