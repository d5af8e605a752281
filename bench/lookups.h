/* SPDX-License-Identifier: MIT */
/* Lookups by several resolvers, timed: what lookups.c and each of them share. */
#ifndef TROWEL_BENCH_LOOKUPS_H
#define TROWEL_BENCH_LOOKUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one name, type A; the good address is 192.0.2.77. */
struct lookup {
	char name[64];
	uint64_t took_us;
	bool is_good;
};

struct peer {
	const char *name;
	/* Servers on 127.0.0.1, in their order; everything else is as the
	 * library has it by default. */
	void (*open)(const uint16_t *ports, size_t count);
	void (*look_up)(struct lookup *lookup);
	/* All at once, each timed from the start of all. NULL: it cannot. */
	void (*look_up_all)(struct lookup *lookups, size_t count);
};

extern const struct peer peer_trowel;
extern const struct peer peer_unbound;
extern const struct peer peer_cares;
extern const struct peer peer_glibc;

uint64_t clock_us(void);

/* Sets took_us and is_good, when a lookup that began at start_us has ended with
 * the address, or with NULL. */
void lookup_end(
	struct lookup *lookup, uint64_t start_us, const uint8_t *address);

/* What goes wrong beside the lookups ends the program. */
void need(bool good, const char *what);

#endif
