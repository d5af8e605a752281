/* SPDX-License-Identifier: MIT */
/*
 * Plays a course of events, written down line by line, to the engine on a clock
 * that only moves when told to. The language is described in scenario.c.
 */
#ifndef TROWEL_TESTS_SCENARIO_H
#define TROWEL_TESTS_SCENARIO_H

#include <trowel/engine.h>

#define SCENARIO_REPLY_SIZE 1024

/* A reply, to be changed before it is written out. */
struct scenario_reply {
	uint16_t id;
	uint16_t flags; /* the header's second word */
	uint16_t questions; /* QDCOUNT */
	uint16_t answers; /* ANCOUNT */
	struct trowel_name name;
	uint16_t type; /* these two of the question */
	uint16_t class_code;
	unsigned records; /* A records, of owner `name` */
	bool edns; /* there is an OPT */
	uint8_t extended_rcode;
	uint8_t cookie_length; /* 0: no COOKIE */
	uint8_t cookie[64];
	bool malformed; /* the first record's RDATA is an octet too long */
};

/* Whether everything went as the scenario says; else *error is the first thing
 * that did not, as "name:line: what". */
bool scenario_run(const char *name, const char *text, char *error, size_t size);

/* A good reply to an attempt: one A record. */
struct scenario_reply scenario_good_reply(
	const struct trowel_engine *engine, uint8_t attempt);

/* Returns its length. */
size_t scenario_encode(const struct scenario_reply *reply,
	uint8_t octets[SCENARIO_REPLY_SIZE]);

#endif
