/* SPDX-License-Identifier: MIT */
/* A message read by trowel and by ldns, record by record, and where they part. */
#ifndef TROWEL_TESTS_LDNS_PAIR_H
#define TROWEL_TESTS_LDNS_PAIR_H

#include "wire/wire.h"

#include <ldns/ldns.h>
#include <stddef.h>
#include <stdint.h>

/* One message, read twice. */
struct pair {
	const uint8_t *octets;
	size_t length;
	struct trowel_message message;
	struct trowel_fault fault;
	enum trowel_status status;
	ldns_pkt *packet;
	ldns_status ldns_status;
};

/* What a difference is about. After one of the first three the two stand at
 * different octets, and nothing more is compared. */
enum difference_stage {
	TROWEL_REFUSES, /* a record that ldns takes */
	LDNS_REFUSES, /* a record that trowel takes */
	LDNS_MISREADS, /* it takes the record, to end somewhere else */
	OTHER_MESSAGE, /* header, OPT */
	OTHER_CONTENT, /* question, owner, type, class, TTL, RDATA */
	NO_TEXT, /* ldns has no text for the RDATA */
	OTHER_TEXT, /* of the RDATA as a whole */
	OTHER_WORD /* of that text */
};

struct difference {
	enum difference_stage stage;
	const struct pair *pair;
	const struct trowel_record *record; /* or NULL */
	const char *what;
	/* texts or words, as stage says, or NULL */
	const char *ours;
	const char *theirs;
};

/* Who is told of differences. Returns false for one that it does not know:
 * then nothing more of that record is told. */
struct listener {
	bool (*hear)(void *context, const struct difference *difference);
	void *context;
};

/* The packet is to be freed with ldns_pkt_free(). */
void pair_read(struct pair *pair, const uint8_t *octets, size_t length);

/* Compares all that both understand. Returns the number of records compared. */
size_t pair_compare(const struct pair *pair, const struct listener *listener);

#endif
