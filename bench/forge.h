/* SPDX-License-Identifier: MIT */
/* Writes messages, well-formed or not, into room that is there. */
#ifndef FORGE_H
#define FORGE_H

#include <stddef.h>
#include <stdint.h>

#define FIXED 10 /* type, class, TTL, RDLENGTH */

enum {
	A = 1,
	NS = 2,
	CNAME = 5,
	SOA = 6,
	NUL = 10,
	WKS = 11,
	HINFO = 13,
	TXT = 16,
	PX = 26,
	GPOS = 27,
	AAAA = 28,
	NXT = 30,
	NAPTR = 35,
	OPT = 41,
	APL = 42,
	NSEC = 47,
	HIP = 55,
	SVCB = 64,
	UNKNOWN = 65280
};

struct forge {
	uint8_t *octets;
	size_t size;
	size_t at;
	unsigned records;
	unsigned additional;
	uint32_t seed;
};

void forge_put8(struct forge *forge, size_t value);
void forge_put16(struct forge *forge, size_t value);
void forge_put_pointer(struct forge *forge, size_t target);
void forge_put_label(struct forge *forge, const char *label);
/* Octets that are left. */
size_t forge_left(const struct forge *forge);
/* A number below `below`, by the seed. */
uint32_t forge_any(struct forge *forge, uint32_t below);
/* The header; the name that is asked for comes next. */
struct forge forge_begin(uint8_t *octets, size_t size, uint32_t seed);
/* Type A, class IN. */
void forge_end_question(struct forge *forge);
/* Behind an owner: type, class, TTL. Returns where the RDATA begins. */
size_t forge_begin_rdata(struct forge *forge, unsigned type);
void forge_end_rdata(struct forge *forge, size_t start);
/* Behind an owner: all of an A record. */
void forge_put_address(struct forge *forge);
/* Fills in the counts; returns the length. */
size_t forge_finish(struct forge *forge);
/* "www.example.com", type A, class IN. */
void forge_put_question(struct forge *forge);
/* A name of 127 labels, each behind a pointer of its own but for the last.
 * Returns where it begins; its parts are 4 octets apart. */
size_t forge_put_label_chain(struct forge *forge, char last);

#endif
