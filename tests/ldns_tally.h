/* SPDX-License-Identifier: MIT */
/* The differences of a run: counts and examples of each kind. */
#ifndef TROWEL_TESTS_LDNS_TALLY_H
#define TROWEL_TESTS_LDNS_TALLY_H

#include "tests/ldns_pair.h"

#include <stdbool.h>

#define TALLY_KINDS_MAX 80
#define TALLY_PARTS 5 /* of the list */
#define TALLY_EXAMPLE_SIZE 300

struct tally_kind {
	size_t count; /* of records */
	uint64_t last; /* the record counted last */
	size_t length; /* of the message that the example is from */
	char example[TALLY_EXAMPLE_SIZE];
};

struct tally {
	size_t messages;
	size_t octets;
	size_t records; /* read by both */
	size_t verdicts[2][2]; /* trowel refuses, ldns refuses */
	size_t stages[OTHER_WORD + 1]; /* by kind and record */
	size_t unknown; /* differences */
	bool differs; /* the present message, in more than a text */
	struct tally_kind kinds[TALLY_PARTS][TALLY_KINDS_MAX];
};

/* Compares a message. Prints what is of no known kind, with the message. */
void tally_add(struct tally *tally, const struct pair *pair);

void tally_print(const struct tally *tally);

/* The list in Markdown, as it is in tests/LDNS.md; what the run does not have
 * is out of the fixtures. */
void tally_print_list(const struct tally *tally, const struct tally *fixtures);

#endif
