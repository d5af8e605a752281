/* SPDX-License-Identifier: MIT */
/* trowel, as an ordinary program uses it: everything is checked. */
#include "bench.h"

#include <string.h>
#include <trowel/wire.h>

#define TYPE_A 1

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	struct trowel_message message;
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	struct trowel_name owner;
	uint16_t expanded = 0;
	int count = 0;

	if (trowel_message_decode(&message, octets, length, NULL) != TROWEL_OK)
		return -1;
	owner.length = 0;
	while (trowel_record_next(&message, &iterator, &record)) {
		if (record.owner != expanded)
			trowel_message_name(&message, record.owner, &owner);
		expanded = record.owner;
		*sum += owner.length + record.type;
		count++;
	}
	return count;
}

static int decode(const uint8_t *octets, size_t length)
{
	struct trowel_message message;

	return trowel_message_decode(&message, octets, length, NULL) ==
			TROWEL_OK
		? 0
		: -1;
}

static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	struct trowel_message message;
	struct trowel_chain chain;
	struct trowel_record record;
	int used = 0;

	if (trowel_message_decode(&message, octets, length, NULL) !=
			TROWEL_OK ||
		trowel_chain_start(&chain, &message) != TROWEL_OK)
		return -1;
	while (trowel_chain_next(&chain, &record)) {
		memcpy(addresses + used, octets + record.rdata,
			record.type == TYPE_A ? 4 : 16);
		used += record.type == TYPE_A ? 4 : 16;
	}
	return used;
}

static int query(const char *name, uint8_t *octets, size_t size)
{
	struct trowel_query query = { .type = TYPE_A,
		.class_code = 1,
		.id = 4711,
		.flags = TROWEL_RD,
		.edns = true,
		.udp_size = 1232 };
	size_t length;

	if (trowel_name_parse(name, strlen(name), &query.name, &length) !=
			TROWEL_OK ||
		trowel_query_encode(&query, octets, size, &length) != TROWEL_OK)
		return -1;
	return (int)length;
}

static int parse(const char *text)
{
	struct trowel_name name;
	size_t position;

	if (trowel_name_parse(text, strlen(text), &name, &position) !=
		TROWEL_OK)
		return -1;
	return name.length;
}

const struct peer peer_trowel = { "trowel", walk, decode, addresses, query,
	parse };
