/* SPDX-License-Identifier: MIT */
/* glibc's ns_initparse() and ns_parserr() look at no RDATA and write owners as
 * text; res_nmkquery() adds no OPT: 33 octets. */
#include "bench.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	ns_msg message;
	ns_rr record;
	int count = 0;

	if (ns_initparse(octets, (int)length, &message) < 0)
		return -1;
	for (int section = ns_s_qd; section < ns_s_max; section++) {
		int records = ns_msg_count(message, (ns_sect)section);

		for (int i = 0; i < records; i++) {
			if (ns_parserr(&message, (ns_sect)section, i, &record) <
				0)
				return -1;
			*sum += (unsigned)ns_rr_name(record)[0] +
				ns_rr_type(record);
			count += section != ns_s_qd;
		}
	}
	return count;
}

static int decode(const uint8_t *octets, size_t length)
{
	unsigned sum = 0;

	return walk(octets, length, &sum) < 0 ? -1 : 0;
}

/* Servers give the aliases in order: one way along the answer. */
static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	ns_msg message;
	ns_rr record;
	char name[NS_MAXDNAME];
	ns_type type;
	int used = 0;

	if (ns_initparse(octets, (int)length, &message) < 0 ||
		ns_parserr(&message, ns_s_qd, 0, &record) < 0)
		return -1;
	strcpy(name, ns_rr_name(record));
	type = ns_rr_type(record);
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &record) < 0)
			return -1;
		if (strcasecmp(ns_rr_name(record), name) != 0)
			continue;
		if (ns_rr_type(record) == ns_t_cname) {
			if (ns_name_uncompress(octets, octets + length,
				    ns_rr_rdata(record), name, sizeof name) < 0)
				return -1;
		} else if (ns_rr_type(record) == type &&
			ns_rr_rdlen(record) == (type == ns_t_a ? 4 : 16)) {
			memcpy(addresses + used, ns_rr_rdata(record),
				ns_rr_rdlen(record));
			used += ns_rr_rdlen(record);
		}
	}
	return used;
}

static int query(const char *name, uint8_t *octets, size_t size)
{
	static struct __res_state state;

	if ((state.options & RES_INIT) == 0 && res_ninit(&state) != 0)
		return -1;
	return res_nmkquery(&state, ns_o_query, name, ns_c_in, ns_t_a, NULL, 0,
		NULL, octets, (int)size);
}

static int parse(const char *text)
{
	uint8_t name[NS_MAXCDNAME];

	/* 0, or 1 for a name with a final dot */
	if (ns_name_pton(text, name, sizeof name) < 0)
		return -1;
	return name[0];
}

const struct peer peer_glibc = { "glibc ns_parse", walk, decode, addresses,
	query, parse };
