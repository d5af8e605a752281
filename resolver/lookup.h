/* SPDX-License-Identifier: MIT */
/*
 * One question: the engine says what is to be done, the transport does it;
 * neither knows the other, and the files of a lookup stand between them: plan.c
 * for 1., lookup.c for 2., arrival.c for 3., answer.c for what comes out of it.
 * 1. A lookup's engine starts with random octets of the kernel's.
 * 2. Whatever is due is done: each attempt gets a channel, on which it waits
 *    until its lookup has ended, so that a late reply still counts.
 * 3. What has come on a channel goes to the engine of the lookup that waits
 *    there. Octets are copied only where it says that they are the answer, or
 *    the best reply so far.
 * 4. From 2. on again, until the engine is done.
 */
#ifndef TW_LOOKUP_H
#define TW_LOOKUP_H

#include "resolver/channel.h"
#include "resolver/context.h"

struct tw_lookup {
	struct tw_links hungry; /* in t->hungry, or alone */
	uint8_t unsent; /* with that: the attempt that cannot be sent */
	uint8_t first; /* of the servers, the engine's first */
	int error; /* with `unsent`: why */
	struct tw_servers *servers;
	uint8_t *kept; /* octets of the best reply so far, `message`'s */
	struct tw_job job;
	struct trowel_name name;
	struct trowel_message message;
	struct tw_exchange exchanges[TROWEL_ATTEMPTS_MAX];
	struct trowel_engine engine;
};

/* Takes what has come on a channel, but not all of it at once: in a flood of
 * forged replies, the clock must be looked at too (T4). */
void tw_lookup_receive(struct trowel *t, struct tw_channel *channel);

/* Lets lookups that are out of descriptors try again. */
void tw_lookups_feed(struct trowel *t, uint64_t now_us);

/* The answer of a lookup that has ended. NULL: no memory. */
struct trowel_answer *tw_answer_new(
	const struct tw_lookup *lookup, enum trowel_status status);

/*
 * What the files of a lookup share
 */

/* Starts the engine. Errors: those before anything is sent. */
enum trowel_status tw_lookup_plan(struct tw_lookup *lookup, uint16_t type);

/* Does what is due. */
void tw_lookup_step(struct tw_lookup *lookup);

/* Tells the engine of an error. */
void tw_lookup_fail(struct tw_lookup *lookup, uint8_t attempt, int error);

/* No longer waits for what only the engine wants to know. The lookup may be gone
 * then. */
void tw_lookup_end_probe(struct tw_lookup *lookup);

/* Where an attempt goes to. */
struct tw_route tw_lookup_route(
	const struct tw_lookup *lookup, uint8_t attempt);

/* Tells the trace of the options, if there is one. */
void tw_lookup_trace(const struct tw_lookup *lookup, uint8_t attempt,
	uint8_t event, const uint8_t *octets, size_t length);

#endif
