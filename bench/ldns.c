/* SPDX-License-Identifier: MIT */
/* ldns reads every record into memory of its own, RDATA decoded. */
#include "bench.h"

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

static int walk_list(const ldns_rr_list *list, unsigned *sum)
{
	size_t count = ldns_rr_list_rr_count(list);

	for (size_t i = 0; i < count; i++) {
		const ldns_rr *record = ldns_rr_list_rr(list, i);

		*sum += (unsigned)ldns_rdf_size(ldns_rr_owner(record)) +
			(unsigned)ldns_rr_get_type(record);
	}
	return (int)count;
}

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	ldns_pkt *packet;
	int count;

	if (ldns_wire2pkt(&packet, octets, length) != LDNS_STATUS_OK)
		return -1;
	count = walk_list(ldns_pkt_answer(packet), sum) +
		walk_list(ldns_pkt_authority(packet), sum) +
		walk_list(ldns_pkt_additional(packet), sum) +
		(ldns_pkt_edns(packet) ? 1 : 0);
	ldns_pkt_free(packet);
	return count;
}

static int decode(const uint8_t *octets, size_t length)
{
	ldns_pkt *packet;

	if (ldns_wire2pkt(&packet, octets, length) != LDNS_STATUS_OK)
		return -1;
	ldns_pkt_free(packet);
	return 0;
}

static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	ldns_pkt *packet;
	const ldns_rr_list *answer;
	const ldns_rr *question;
	const ldns_rdf *name;
	int used = 0;

	if (ldns_wire2pkt(&packet, octets, length) != LDNS_STATUS_OK)
		return -1;
	answer = ldns_pkt_answer(packet);
	question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
	name = ldns_rr_owner(question);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		const ldns_rdf *rdata = ldns_rr_rdf(record, 0);

		if (ldns_dname_compare(ldns_rr_owner(record), name) != 0)
			continue;
		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME) {
			name = rdata;
		} else if (ldns_rr_get_type(record) ==
			ldns_rr_get_type(question)) {
			memcpy(addresses + used, ldns_rdf_data(rdata),
				ldns_rdf_size(rdata));
			used += (int)ldns_rdf_size(rdata);
		}
	}
	ldns_pkt_free(packet);
	return used;
}

static int query(const char *name, uint8_t *octets, size_t size)
{
	ldns_pkt *packet;
	uint8_t *made = NULL;
	size_t length = 0;

	if (ldns_pkt_query_new_frm_str(&packet, name, LDNS_RR_TYPE_A,
		    LDNS_RR_CLASS_IN, LDNS_RD) != LDNS_STATUS_OK)
		return -1;
	ldns_pkt_set_id(packet, 4711);
	ldns_pkt_set_edns_udp_size(packet, 1232);
	if (ldns_pkt2wire(&made, packet, &length) == LDNS_STATUS_OK &&
		length <= size)
		memcpy(octets, made, length);
	free(made);
	ldns_pkt_free(packet);
	return (int)length;
}

static int parse(const char *text)
{
	ldns_rdf *name = ldns_dname_new_frm_str(text);
	int length;

	if (name == NULL)
		return -1;
	length = (int)ldns_rdf_size(name);
	ldns_rdf_deep_free(name);
	return length;
}

const struct peer peer_ldns = { "ldns", walk, decode, addresses, query, parse };
