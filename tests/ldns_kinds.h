/* SPDX-License-Identifier: MIT */
/* The known kinds of differences between trowel and ldns: tests/LDNS.md. */
#ifndef TROWEL_TESTS_LDNS_KINDS_H
#define TROWEL_TESTS_LDNS_KINDS_H

#include "tests/ldns_pair.h"

#include <stdbool.h>
#include <stdint.h>

#define KIND_STAGE(a) (1U << (a))

struct kind {
	unsigned stages; /* a bit for each */
	uint8_t status; /* of what trowel refuses; TROWEL_OK: any */
	uint8_t field; /* the kind of the field at fault; 0: any */
	bool (*is)(const struct difference *difference); /* or NULL */
	const char *what;
	const char *right; /* who is */
	const char *reference; /* which RFC says so */
};

/* The first that fits is it. */
extern const struct kind kinds[];
extern const size_t kind_count;

/* NULL: the difference is of no known kind. */
const struct kind *kind_find(const struct difference *difference);

#endif
