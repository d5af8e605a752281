/* SPDX-License-Identifier: MIT */
/*
 * Random well-formed messages, always the same by the same seed: names with
 * and without compression, in labels of any octets; the types A, AAAA, NS,
 * CNAME, PTR, SOA, MX, TXT, SRV, some of private use, and OPT.
 */
#ifndef TROWEL_TESTS_RANDOM_MESSAGE_H
#define TROWEL_TESTS_RANDOM_MESSAGE_H

#include "tests/fixture.h"

#include <stddef.h>
#include <stdint.h>

#define RANDOM_PLACES_MAX 128

/* Where a name begins that a pointer may lead to. */
struct random_place {
	size_t offset;
	size_t length; /* octets when expanded */
	size_t pointers;
};

struct random_message {
	struct build build; /* the message */
	uint64_t state;
	struct random_place places[RANDOM_PLACES_MAX];
	size_t place_count;
};

void random_message_build(struct random_message *random, uint64_t seed);

/* Changes one to three octets, and sometimes cuts the end off. */
void random_message_mutate(struct random_message *random);

/* A number below `limit`, by the same state. */
size_t random_below(struct random_message *random, size_t limit);

#endif
