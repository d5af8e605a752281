/* SPDX-License-Identifier: MIT */
/*
 * A query -> octets -> message: its parts come back.
 *
 * Input: in order, all parts of a query; the name as labels, each behind an
 * octet whose lower six bits are its length, up to a root or to what a name can
 * hold; at the end the options, as they are.
 */
#include "tests/fuzz/fuzz.h"
#include "wire/wire.h"

static void take_query(struct trowel_query *query, struct fuzz_input *input);
static void check_space(const struct trowel_query *query, size_t needed,
	size_t size, enum trowel_status expected);
static void check_round_trip(const struct trowel_query *query, size_t needed);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { data, size };
	struct trowel_query query = { 0 };
	uint8_t *options;
	size_t needed;

	take_query(&query, &input);
	options = fuzz_copy(query.options, query.options_length);
	query.options = options;
	needed = 12 + (size_t)query.name.length + 4;
	if (query.edns)
		needed += 11 + (size_t)query.options_length;
	if (needed > TROWEL_MESSAGE_MAX) {
		check_space(&query, needed, needed, TROWEL_MESSAGE_TOO_LONG);
	} else {
		check_round_trip(&query, needed);
		check_space(&query, needed, 0, TROWEL_NO_SPACE);
		check_space(&query, needed, needed - 1, TROWEL_NO_SPACE);
		check_space(&query, needed, fuzz_hash(data, size) % needed,
			TROWEL_NO_SPACE);
	}
	free(options);
	return 0;
}

static void take_name(struct trowel_name *name, struct fuzz_input *input)
{
	size_t used = 0;
	size_t length = fuzz_take_u8(input) % 64;

	while (length > 0 && used + length + 2 <= TROWEL_NAME_MAX) {
		name->octets[used] = (uint8_t)length;
		for (size_t i = 1; i <= length; i++)
			name->octets[used + i] = fuzz_take_u8(input);
		used += length + 1;
		length = fuzz_take_u8(input) % 64;
	}
	name->octets[used] = 0;
	name->length = (uint8_t)(used + 1);
}

static void take_query(struct trowel_query *query, struct fuzz_input *input)
{
	query->id = fuzz_take_u16(input);
	query->flags = fuzz_take_u16(input);
	query->type = fuzz_take_u16(input);
	query->class_code = fuzz_take_u16(input);
	query->edns = fuzz_take_u8(input) % 2 == 1;
	query->edns_version = fuzz_take_u8(input);
	query->udp_size = fuzz_take_u16(input);
	query->edns_flags = fuzz_take_u16(input);
	take_name(&query->name, input);
	query->options = input->data;
	query->options_length =
		(uint16_t)(input->size < 65535 ? input->size : 65535);
}

/* Where there is too little space, all is untouched but *length. */
static void check_space(const struct trowel_query *query, size_t needed,
	size_t size, enum trowel_status expected)
{
	uint8_t *octets = fuzz_block(size);
	size_t length = 0;

	if (size > 0)
		memset(octets, 0x5A, size);
	HOLDS(trowel_query_encode(query, octets, size, &length) == expected);
	HOLDS(length == needed);
	for (size_t i = 0; i < size; i++)
		HOLDS(octets[i] == 0x5A);
	free(octets);
}

/* RFC 6891 6.1.2 */
static bool are_options(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	while (length - at >= 4) {
		size_t count = octets[at + 2] * 256U + octets[at + 3];

		if (length - at - 4 < count)
			return false;
		at += 4 + count;
	}
	return at == length;
}

static void check_question(
	const struct trowel_message *message, const struct trowel_query *query)
{
	struct trowel_question question;
	struct trowel_name name;

	HOLDS(message->id == query->id);
	HOLDS(message->flags == query->flags);
	HOLDS(message->counts[TROWEL_QUESTION] == 1);
	HOLDS(message->counts[TROWEL_ANSWER] == 0);
	HOLDS(message->counts[TROWEL_AUTHORITY] == 0);
	HOLDS(trowel_message_question(message, &question));
	HOLDS(question.type == query->type);
	HOLDS(question.class_code == query->class_code);
	trowel_message_name(message, question.name, &name);
	HOLDS(name.length == query->name.length);
	HOLDS(memcmp(name.octets, query->name.octets, name.length) == 0);
}

static void check_edns(
	const struct trowel_message *message, const struct trowel_query *query)
{
	const struct trowel_edns *edns = &message->edns;

	HOLDS(edns->present == query->edns);
	HOLDS(message->counts[TROWEL_ADDITIONAL] == (query->edns ? 1 : 0));
	if (!query->edns)
		return;
	HOLDS(edns->version == query->edns_version);
	HOLDS(edns->extended_rcode == 0);
	HOLDS(edns->udp_size == query->udp_size);
	HOLDS(edns->flags == query->edns_flags);
	HOLDS(edns->options_length == query->options_length);
	HOLDS(memcmp(message->octets + edns->options, query->options,
		      edns->options_length) == 0);
}

static void check_round_trip(const struct trowel_query *query, size_t needed)
{
	uint8_t *octets = fuzz_block(needed);
	struct trowel_message message;
	struct trowel_fault fault;
	enum trowel_status status;
	size_t length = 0;

	HOLDS(trowel_query_encode(query, octets, needed, &length) == TROWEL_OK);
	HOLDS(length == needed);
	status = trowel_message_decode(&message, octets, needed, &fault);
	check_question(&message, query);
	if (query->edns &&
		!are_options(query->options, query->options_length)) {
		HOLDS(status == TROWEL_RDATA_TOO_SHORT);
		HOLDS(fault.type == 41);
	} else {
		HOLDS(status == TROWEL_OK);
		HOLDS(message.end == needed);
		check_edns(&message, query);
	}
	free(octets);
}
