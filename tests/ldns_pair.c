/* SPDX-License-Identifier: MIT */
/*
 * The way of a comparison:
 *
 * 1. Both read the whole message: that gives the two verdicts.
 * 2. ldns reads question by question and record by record, from where it
 *    stopped; trowel has them all, up to its fault. A record that one of them
 *    refuses, or ends elsewhere, is a difference, and the last one.
 * 3. Owner, type, class, TTL and RDATA with its names expanded are compared as
 *    octets; then RDATA as text (ldns_text.c).
 * 4. If all went well for both, header and OPT are compared too.
 */
#include "tests/ldns_pair.h"

#include <string.h>

#include "tests/ldns_text.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define HEADER_SIZE 12

enum { TYPE_OPT = 41, TYPE_TSIG = 250 };

/* Where a comparison is. */
struct walk {
	const struct pair *pair;
	const struct listener *listener;
	size_t position; /* of ldns */
	size_t records;
	size_t set_apart; /* TSIG and OPT, of which ldns keeps one each */
};

void pair_read(struct pair *pair, const uint8_t *octets, size_t length)
{
	pair->octets = octets;
	pair->length = length;
	pair->packet = NULL;
	pair->status = trowel_message_decode(
		&pair->message, octets, length, &pair->fault);
	pair->ldns_status = ldns_wire2pkt(&pair->packet, octets, length);
}

static void tell(const struct walk *walk, enum difference_stage stage,
	const struct trowel_record *record, const char *what)
{
	struct difference difference = { stage, walk->pair, record, what, NULL,
		NULL };

	walk->listener->hear(walk->listener->context, &difference);
}

static bool is_name_equal(
	const struct pair *pair, uint16_t offset, const ldns_rdf *owner)
{
	struct trowel_name name;

	trowel_message_name(&pair->message, offset, &name);
	return name.length == ldns_rdf_size(owner) &&
		memcmp(name.octets, ldns_rdf_data(owner), name.length) == 0;
}

/* The RDATA with every name in it written out. */
static size_t expand_rdata(const struct pair *pair,
	const struct trowel_record *record, uint8_t *expanded)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t from = record->rdata;
	size_t end = from + record->rdata_length;
	size_t length = 0;

	while (trowel_field_next(&pair->message, record, &iterator, &field)) {
		struct trowel_name name;

		if (field.kind != TROWEL_KIND_NAME &&
			field.kind != TROWEL_KIND_PLAIN_NAME)
			continue;
		memcpy(expanded + length, pair->octets + from,
			field.offset - from);
		length += field.offset - from;
		trowel_message_name(&pair->message, field.offset, &name);
		memcpy(expanded + length, name.octets, name.length);
		length += name.length;
		from = (size_t)field.offset + field.length;
	}
	memcpy(expanded + length, pair->octets + from, end - from);
	return length + end - from;
}

static bool is_rdata_equal(const struct pair *pair,
	const struct trowel_record *record, const ldns_rr *rr)
{
	static uint8_t expanded[3 * 65536];
	size_t length = expand_rdata(pair, record, expanded);
	size_t at = 0;

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t size = ldns_rdf_size(rdf);

		if (length - at < size ||
			memcmp(expanded + at, ldns_rdf_data(rdf), size) != 0)
			return false;
		at += size;
	}
	return at == length;
}

static const char *compare_fixed(const struct pair *pair,
	const struct trowel_record *record, const ldns_rr *rr)
{
	if (!is_name_equal(pair, record->owner, ldns_rr_owner(rr)))
		return "owner";
	if (record->type != ldns_rr_get_type(rr))
		return "type";
	if (record->class_code != ldns_rr_get_class(rr))
		return "class";
	return record->ttl != ldns_rr_ttl(rr) ? "TTL" : NULL;
}

static void compare_record(struct walk *walk,
	const struct trowel_record *record, const ldns_rr *rr)
{
	const char *what = compare_fixed(walk->pair, record, rr);

	walk->records++;
	if (what != NULL)
		tell(walk, OTHER_CONTENT, record, what);
	else if (!is_rdata_equal(walk->pair, record, rr))
		tell(walk, OTHER_CONTENT, record, "RDATA");
	else if (record->type != TYPE_OPT)
		text_compare(walk->pair, record, rr, walk->listener);
}

/* False if the two part here. */
static bool walk_record(struct walk *walk, const struct trowel_record *record)
{
	const struct pair *pair = walk->pair;
	size_t end = (size_t)record->rdata + record->rdata_length;
	ldns_rr *rr = NULL;
	ldns_status status = ldns_wire2rr(&rr, pair->octets, pair->length,
		&walk->position, (ldns_pkt_section)record->section);

	if (status != LDNS_STATUS_OK) {
		tell(walk, LDNS_REFUSES, record,
			ldns_get_errorstr_by_id(status));
		return false;
	}
	if (walk->position != end)
		tell(walk, LDNS_MISREADS, record, "end of RDATA");
	else
		compare_record(walk, record, rr);
	ldns_rr_free(rr);
	if (record->section == TROWEL_ADDITIONAL &&
		(record->type == TYPE_TSIG || record->type == TYPE_OPT))
		walk->set_apart++;
	return walk->position == end;
}

static bool walk_question(struct walk *walk)
{
	const struct pair *pair = walk->pair;
	size_t start = walk->position;
	size_t fixed = tw_name_skip(pair->octets, pair->length, start);
	ldns_rr *rr = NULL;
	ldns_status status = ldns_wire2rr(&rr, pair->octets, pair->length,
		&walk->position, LDNS_SECTION_QUESTION);

	if (status != LDNS_STATUS_OK || walk->position != fixed + 4) {
		tell(walk, LDNS_REFUSES, NULL, "question");
		ldns_rr_free(rr);
		return false;
	}
	if (!is_name_equal(pair, (uint16_t)start, ldns_rr_owner(rr)) ||
		tw_u16_at(pair->octets, fixed) != ldns_rr_get_type(rr) ||
		tw_u16_at(pair->octets, fixed + 2) != ldns_rr_get_class(rr))
		tell(walk, OTHER_CONTENT, NULL, "question");
	ldns_rr_free(rr);
	return true;
}

/* What ldns makes of the record at which trowel stopped. */
static void walk_fault(struct walk *walk)
{
	const struct pair *pair = walk->pair;
	ldns_rr *rr = NULL;

	if (pair->length < HEADER_SIZE) {
		if (pair->ldns_status == LDNS_STATUS_OK)
			tell(walk, TROWEL_REFUSES, NULL, "header");
		return;
	}
	if (ldns_wire2rr(&rr, pair->octets, pair->length, &walk->position,
		    (ldns_pkt_section)pair->fault.section) == LDNS_STATUS_OK)
		tell(walk, TROWEL_REFUSES, NULL, "record");
	ldns_rr_free(rr);
}

/* As ldns gives it: without the Z bit. */
static unsigned flags_of(const ldns_pkt *packet)
{
	return (ldns_pkt_qr(packet) ? TROWEL_QR : 0U) |
		(unsigned)ldns_pkt_get_opcode(packet) * 0x0800U |
		(ldns_pkt_aa(packet) ? TROWEL_AA : 0U) |
		(ldns_pkt_tc(packet) ? TROWEL_TC : 0U) |
		(ldns_pkt_rd(packet) ? TROWEL_RD : 0U) |
		(ldns_pkt_ra(packet) ? TROWEL_RA : 0U) |
		(ldns_pkt_ad(packet) ? TROWEL_AD : 0U) |
		(ldns_pkt_cd(packet) ? TROWEL_CD : 0U) |
		(unsigned)ldns_pkt_get_rcode(packet);
}

static bool is_header_equal(const struct walk *walk)
{
	const struct trowel_message *message = &walk->pair->message;
	const ldns_pkt *packet = walk->pair->packet;

	return message->id == ldns_pkt_id(packet) &&
		(message->flags & ~(unsigned)TROWEL_Z) == flags_of(packet) &&
		message->counts[0] == ldns_pkt_qdcount(packet) &&
		message->counts[1] == ldns_pkt_ancount(packet) &&
		message->counts[2] == ldns_pkt_nscount(packet) &&
		message->counts[3] ==
		ldns_pkt_arcount(packet) + walk->set_apart;
}

/* ldns has the OPT apart from the records. */
static bool is_edns_equal(const struct pair *pair)
{
	const struct trowel_edns *edns = &pair->message.edns;
	const ldns_pkt *packet = pair->packet;
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	size_t length = options == NULL ? 0 : ldns_rdf_size(options);

	if (edns->present != ldns_pkt_edns(packet))
		return false;
	return edns->udp_size == ldns_pkt_edns_udp_size(packet) &&
		edns->version == ldns_pkt_edns_version(packet) &&
		edns->extended_rcode == ldns_pkt_edns_extended_rcode(packet) &&
		edns->flags == ldns_pkt_edns_z(packet) &&
		edns->options_length == length &&
		(length == 0 ||
			memcmp(pair->octets + edns->options,
				ldns_rdf_data(options), length) == 0);
}

static void compare_message(struct walk *walk)
{
	const struct pair *pair = walk->pair;

	if (pair->ldns_status != LDNS_STATUS_OK) {
		tell(walk, LDNS_REFUSES, NULL, "message");
		return;
	}
	if (!is_header_equal(walk))
		tell(walk, OTHER_MESSAGE, NULL, "header");
	if ((pair->message.flags & TROWEL_Z) != 0)
		tell(walk, OTHER_MESSAGE, NULL, "Z");
	if (!is_edns_equal(pair))
		tell(walk, OTHER_MESSAGE, NULL, "OPT");
}

size_t pair_compare(const struct pair *pair, const struct listener *listener)
{
	struct walk walk = { pair, listener, HEADER_SIZE, 0, 0 };
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	for (size_t i = 0; i < pair->message.counts[TROWEL_QUESTION]; i++)
		if (!walk_question(&walk))
			return walk.records;
	while (trowel_record_next(&pair->message, &iterator, &record))
		if (!walk_record(&walk, &record))
			return walk.records;
	if (pair->status != TROWEL_OK)
		walk_fault(&walk);
	else
		compare_message(&walk);
	return walk.records;
}
