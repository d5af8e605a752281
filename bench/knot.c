/* SPDX-License-Identifier: MIT */
/* libknot reads every record into memory, RDATA decoded, here out of an arena
 * as its server does, which costs it less than malloc(). */
#include "bench.h"

#include <libknot/libknot.h>
#include <string.h>

#define ARENA_SIZE (16 << 20)

static _Alignas(16) uint8_t arena[ARENA_SIZE];
static size_t arena_used;

static void *arena_take(void *context, size_t length)
{
	void *taken = arena + arena_used;

	(void)context;
	length = (length + 15) / 16 * 16;
	if (ARENA_SIZE - arena_used < length)
		return NULL;
	arena_used += length;
	return taken;
}

static void arena_leave(void *pointer)
{
	(void)pointer;
}

static knot_mm_t memory = { NULL, arena_take, arena_leave };

static knot_pkt_t *read_message(const uint8_t *octets, size_t length)
{
	knot_pkt_t *packet;

	arena_used = 0;
	packet = knot_pkt_new(
		(void *)(uintptr_t)octets, (uint16_t)length, &memory);
	if (packet == NULL || knot_pkt_parse(packet, 0) != KNOT_EOK)
		return NULL;
	return packet;
}

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	knot_pkt_t *packet = read_message(octets, length);
	int count = 0;

	if (packet == NULL)
		return -1;
	for (int id = KNOT_ANSWER; id <= KNOT_ADDITIONAL; id++) {
		const knot_pktsection_t *section =
			knot_pkt_section(packet, (knot_section_t)id);

		for (uint16_t i = 0; i < section->count; i++) {
			const knot_rrset_t *record = knot_pkt_rr(section, i);

			*sum += record->owner[0] + record->type;
			count++;
		}
	}
	knot_pkt_free(packet);
	return count;
}

static int decode(const uint8_t *octets, size_t length)
{
	knot_pkt_t *packet = read_message(octets, length);

	if (packet == NULL)
		return -1;
	knot_pkt_free(packet);
	return 0;
}

static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	knot_pkt_t *packet = read_message(octets, length);
	const knot_pktsection_t *answer;
	const knot_dname_t *name;
	int used = 0;

	if (packet == NULL)
		return -1;
	answer = knot_pkt_section(packet, KNOT_ANSWER);
	/* Owners keep their letters; the library lowers this one alone. */
	name = knot_pkt_wire_qname(packet);
	for (uint16_t i = 0; i < answer->count; i++) {
		const knot_rrset_t *record = knot_pkt_rr(answer, i);

		if (!knot_dname_is_case_equal(record->owner, name))
			continue;
		if (record->type == KNOT_RRTYPE_CNAME) {
			name = knot_cname_name(record->rrs.rdata);
		} else if (record->type == knot_pkt_qtype(packet)) {
			memcpy(addresses + used, record->rrs.rdata->data,
				record->rrs.rdata->len);
			used += record->rrs.rdata->len;
		}
	}
	knot_pkt_free(packet);
	return used;
}

static int query(const char *name, uint8_t *octets, size_t size)
{
	knot_dname_storage_t qname;
	knot_rrset_t opt;
	knot_pkt_t *packet;
	int length = -1;

	arena_used = 0;
	packet = knot_pkt_new(octets, (uint16_t)size, &memory);
	if (packet == NULL ||
		knot_dname_from_str(qname, name, sizeof qname) == NULL)
		return -1;
	knot_wire_set_id(packet->wire, 4711);
	knot_wire_set_rd(packet->wire);
	if (knot_pkt_put_question(
		    packet, qname, KNOT_CLASS_IN, KNOT_RRTYPE_A) == KNOT_EOK &&
		knot_edns_init(&opt, 1232, 0, 0, &memory) == KNOT_EOK &&
		knot_pkt_begin(packet, KNOT_ADDITIONAL) == KNOT_EOK &&
		knot_pkt_put(packet, KNOT_COMPR_HINT_NONE, &opt, 0) == KNOT_EOK)
		length = (int)packet->size;
	knot_pkt_free(packet);
	return length;
}

static int parse(const char *text)
{
	knot_dname_storage_t name;

	if (knot_dname_from_str(name, text, sizeof name) == NULL)
		return -1;
	return name[0];
}

const struct peer peer_knot = { "libknot", walk, decode, addresses, query,
	parse };
