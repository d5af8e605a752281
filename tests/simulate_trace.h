/* SPDX-License-Identifier: MIT */
/* A lookup of the simulation, and its trace: the scenario that it is. */
#ifndef TROWEL_TESTS_SIMULATE_TRACE_H
#define TROWEL_TESTS_SIMULATE_TRACE_H

#include "tests/simulate.h"

struct lookup {
	struct world *world;
	struct trowel_policy policy;
	struct trowel_query query;
	const char *name; /* "-": there is no question */
	uint8_t random[TROWEL_RANDOM_SIZE];
	bool failed_before[SIMULATE_SERVERS];
	uint64_t start_us;
	uint64_t traced_us; /* the clock in the trace */
	bool answered;
	bool candidate;
	unsigned by_udp[SIMULATE_SERVERS];
	unsigned by_tcp[SIMULATE_SERVERS];
	unsigned probes;
	const char *broken; /* what must not be; NULL */
	struct trowel_engine engine;
};

/* From one to the other, lookups are written down. */
void trace_start(void);
void trace_stop(void);

/* The last lookup's. */
const char *trace_text(void);

void trace_begin(struct lookup *l);
void trace_action(struct lookup *l, const struct trowel_action *action);
void trace_event(struct lookup *l, const struct event *event,
	enum trowel_verdict verdict);
void trace_broken(const struct lookup *l);

#endif
