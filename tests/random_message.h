/* SPDX-License-Identifier: MIT */
/*
 * Random well-formed messages, always the same by the same seed: every type of
 * the table of wire/rrtypes.def by the kinds of its fields, types of private use,
 * OPT with options, classes, names with and without compression in labels of
 * any octets. And mutations of them.
 */
#ifndef TROWEL_TESTS_RANDOM_MESSAGE_H
#define TROWEL_TESTS_RANDOM_MESSAGE_H

#include "tests/fixture.h"
#include "wire/rdata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANDOM_PLACES_MAX 128
#define RANDOM_MARKS_MAX 256

/* Where a name begins that a pointer may lead to. */
struct random_place {
	size_t offset;
	size_t length; /* octets when expanded */
	size_t pointers;
};

/* Offsets of one thing, the first so many of them. */
struct random_marks {
	size_t offsets[RANDOM_MARKS_MAX];
	size_t count;
};

struct random_message {
	struct build build; /* the message */
	uint64_t state;
	struct random_place places[RANDOM_PLACES_MAX];
	size_t place_count;
	struct random_marks records; /* of the TYPE of each record */
	struct random_marks pointers;
};

void random_message_build(struct random_message *random, uint64_t seed);

/* Changes one to three things: bits, octets, a type or class, RDLENGTH, counts,
 * pointers; takes octets out, puts some in, cuts the end off or adds to it. */
void random_message_mutate(struct random_message *random);

/* A number below `limit`, by the same state; true once in `count` times. */
size_t random_below(struct random_message *random, size_t limit);
bool random_one_in(struct random_message *random, size_t count);

/* A row of the table, but not OPT's. */
const struct tw_rrtype *random_row(struct random_message *random);

/* Any class, but not IN. */
uint16_t random_class(struct random_message *random);

void random_put_octets(struct random_message *random, size_t count);

/* Up to five labels, or as many as fit; then the root, or a pointer unless it
 * is to be plain. */
void random_put_name(struct random_message *random, bool is_plain);

/* RDATA that is good by the row. Ends the program if a kind is not known here. */
void random_put_rdata(
	struct random_message *random, const struct tw_rrtype *row);

#endif
