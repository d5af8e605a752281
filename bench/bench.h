/* SPDX-License-Identifier: MIT */
/* What the codec and hostile benches share: the work, and who does it. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#define ADDRESSES_MAX 65536

/* Someone who reads and writes DNS messages. What it cannot do is NULL. */
struct peer {
	const char *name;
	/* (a): checks a message and walks its records, owners expanded. Returns
	 * how many records there are, or -1 if it is refused. *sum depends on
	 * every record's owner and type, so that none is left out. */
	int (*walk)(const uint8_t *octets, size_t length, unsigned *sum);
	/* Checks a message and no more: 0, or -1. */
	int (*decode)(const uint8_t *octets, size_t length);
	/* (b): writes the addresses that answer the question of a message,
	 * after its aliases. Returns the octets written, or -1. */
	int (*addresses)(
		const uint8_t *octets, size_t length, uint8_t *addresses);
	/* Writes a query for `name` A with EDNS and 1232; returns its length. */
	int (*query)(const char *name, uint8_t *octets, size_t size);
	/* A name from text; returns its length in wire form. */
	int (*parse)(const char *text);
};

extern const struct peer peer_trowel;
extern const struct peer peer_udns;
extern const struct peer peer_glibc;
extern const struct peer peer_cares;
extern const struct peer peer_knot;
extern const struct peer peer_ldns;

/* CPU time of this thread. */
uint64_t bench_now_ns(void);
uint64_t bench_median(uint64_t *values, size_t count);

#endif
