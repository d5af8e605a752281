/* SPDX-License-Identifier: MIT */
/*
 * Octets -> message, and a walk over everything in it. A message that is
 * refused is walked as well: the records before the fault are promised good.
 *
 * Input: the message.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/reference.h"
#include "wire/wire.h"

#define HEADER_SIZE 12
#define RECORD_MIN 11 /* root, type, class, TTL, RDLENGTH */

static void check_decode(const uint8_t *data, size_t size);
static void check_walk(const struct trowel_message *message);
static void check_part(const struct trowel_message *message);
static void check_prefixes(const struct trowel_message *message, uint32_t hash);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trowel_message message;
	uint8_t *octets = fuzz_copy(data, size);
	enum trowel_status status =
		trowel_message_decode(&message, octets, size, NULL);

	check_decode(data, size);
	check_walk(&message);
	if (message.octets != NULL)
		check_part(&message);
	if (status == TROWEL_OK)
		check_prefixes(&message, fuzz_hash(data, size));
	free(octets);
	return 0;
}

/*
 * The decoder
 */

static void check_same(
	const struct trowel_message *a, const struct trowel_message *b)
{
	HOLDS(a->id == b->id);
	HOLDS(a->flags == b->flags);
	for (size_t i = 0; i < 4; i++)
		HOLDS(a->counts[i] == b->counts[i]);
	HOLDS(a->question.name == b->question.name);
	HOLDS(a->question.type == b->question.type);
	HOLDS(a->question.class_code == b->question.class_code);
	HOLDS(a->records == b->records);
	HOLDS(a->end == b->end);
	HOLDS(a->edns.present == b->edns.present);
	HOLDS(a->edns.version == b->edns.version);
	HOLDS(a->edns.extended_rcode == b->edns.extended_rcode);
	HOLDS(a->edns.udp_size == b->edns.udp_size);
	HOLDS(a->edns.flags == b->edns.flags);
	HOLDS(a->edns.options == b->edns.options);
	HOLDS(a->edns.options_length == b->edns.options_length);
}

static void check_same_fault(
	const struct trowel_fault *a, const struct trowel_fault *b)
{
	HOLDS(a->status == b->status);
	HOLDS(a->offset == b->offset);
	HOLDS(a->record == b->record);
	HOLDS(a->type == b->type);
	HOLDS(a->section == b->section);
	HOLDS(a->field_length == b->field_length);
	HOLDS(a->field == b->field);
}

static bool is_name_fault(enum trowel_status status)
{
	return status == TROWEL_NAME_TOO_LONG ||
		status == TROWEL_BAD_LABEL_TYPE ||
		status == TROWEL_BAD_POINTER ||
		status == TROWEL_POINTER_INTO_HEADER;
}

/* A name that is refused, as an owner or as RDATA of one name, is not good,
 * whatever names came before it. */
static void check_refused_name(
	const struct trowel_fault *fault, const struct trowel_message *message)
{
	uint8_t octets[TROWEL_NAME_MAX];
	size_t at = message->end;

	if (!is_name_fault(fault->status) || fault->section == TROWEL_QUESTION)
		return;
	if (fault->type == 2 || fault->type == 5 || fault->type == 12) {
		HOLDS(reference_expand(message, at, octets) > 0);
		at = reference_skip(message, at) + 10;
	} else if (fault->type != 0) {
		return;
	}
	HOLDS(reference_expand(message, at, octets) == 0);
}

static void check_fault(
	const struct trowel_fault *fault, const struct trowel_message *message)
{
	char small[8];
	size_t needed = trowel_fault_format(fault, NULL, 0);
	char *text = fuzz_block(needed + 1);

	HOLDS(fault->status > TROWEL_OK && fault->status < TROWEL_ALIAS_LOOP);
	HOLDS(fault->section <= TROWEL_ADDITIONAL);
	HOLDS(fault->field != NULL || fault->field_length == 0);
	if (message->octets != NULL) {
		HOLDS(fault->offset <= message->length);
		HOLDS(fault->record == message->counts[fault->section]);
		check_refused_name(fault, message);
	}
	HOLDS(trowel_fault_format(fault, text, needed + 1) == needed);
	HOLDS(strlen(text) == needed);
	HOLDS(trowel_fault_format(fault, small, sizeof small) == needed);
	HOLDS(strlen(small) == sizeof small - 1);
	HOLDS(strncmp(small, text, sizeof small - 1) == 0);
	free(text);
}

/* The same octets decode the same, whatever the results held before. */
static void check_decode(const uint8_t *data, size_t size)
{
	struct trowel_message first;
	struct trowel_message second;
	struct trowel_fault faults[2];
	uint8_t *octets = fuzz_copy(data, size);
	enum trowel_status status;

	memset(&first, 0x55, sizeof first);
	memset(&second, 0xAA, sizeof second);
	memset(&faults[0], 0x55, sizeof faults[0]);
	memset(&faults[1], 0xAA, sizeof faults[1]);
	status = trowel_message_decode(&first, octets, size, &faults[0]);
	HOLDS(trowel_message_decode(&second, octets, size, &faults[1]) ==
		status);
	check_same(&first, &second);
	check_same_fault(&faults[0], &faults[1]);
	HOLDS(faults[0].status == status);
	HOLDS(memcmp(octets, data, size) == 0);
	if (status != TROWEL_OK)
		check_fault(&faults[0], &first);
	free(octets);
}

/* The message up to `length`, with other counts: as a message of its own. */
static enum trowel_status decode_part(const struct trowel_message *message,
	size_t length, struct trowel_message *part)
{
	uint8_t *octets = fuzz_copy(message->octets, length);
	enum trowel_status status;

	for (size_t i = 0; i < 4 && length >= HEADER_SIZE; i++) {
		octets[4 + 2 * i] = (uint8_t)(message->counts[i] / 256);
		octets[5 + 2 * i] = (uint8_t)(message->counts[i] % 256);
	}
	status = trowel_message_decode(part, octets, length, NULL);
	free(octets);
	return status;
}

/* What stands before `end` is a message by itself, whatever follows it. A label
 * that a pointer leads to may reach over the end, though: that name is cut. */
static void check_part(const struct trowel_message *message)
{
	struct trowel_message part;
	enum trowel_status status = decode_part(message, message->end, &part);

	if (status == TROWEL_CUT_SHORT || status == TROWEL_RDATA_TOO_SHORT)
		return;
	HOLDS(status == TROWEL_OK);
	check_same(message, &part);
}

/* And nothing less is. */
static void check_prefixes(const struct trowel_message *message, uint32_t hash)
{
	struct trowel_message part;
	size_t end = message->end;

	HOLDS(decode_part(message, end - 1, &part) != TROWEL_OK);
	HOLDS(decode_part(message, end / 2, &part) != TROWEL_OK);
	HOLDS(decode_part(message, hash % end, &part) != TROWEL_OK);
}

/*
 * Names
 */

static bool is_name(const struct trowel_name *name)
{
	size_t at = 0;

	while (at < name->length && name->octets[at] > 0 &&
		name->octets[at] <= TROWEL_LABEL_MAX)
		at += (size_t)name->octets[at] + 1;
	return at + 1 == name->length && name->octets[at] == 0;
}

static void check_name(const struct trowel_message *message, uint16_t offset)
{
	struct trowel_name name;
	uint8_t octets[TROWEL_NAME_MAX];
	size_t length = reference_expand(message, offset, octets);

	HOLDS(offset < message->end);
	HOLDS(length > 0);
	HOLDS(trowel_message_name(message, offset, &name) == length);
	HOLDS(name.length == length);
	HOLDS(memcmp(name.octets, octets, length) == 0);
	HOLDS(is_name(&name));
}

/* Octets that nothing was promised of give a good name all the same. */
static void check_any_name(const struct trowel_message *message, size_t offset)
{
	struct trowel_name name;

	HOLDS(trowel_message_name(message, (uint16_t)offset, &name) ==
		name.length);
	HOLDS(is_name(&name));
}

/*
 * Records and their fields
 */

static void check_field(const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *field)
{
	HOLDS(field->kind > TROWEL_KIND_NONE);
	HOLDS(field->kind <= TROWEL_KIND_OPTION);
	HOLDS(field->name != NULL && field->name_length > 0);
	HOLDS(field->offset >= record->rdata);
	HOLDS((size_t)field->offset + field->length <=
		(size_t)record->rdata + record->rdata_length);
	if (field->kind >= TROWEL_KIND_TYPE && field->kind <= TROWEL_KIND_PORTS)
		HOLDS(field->number <= 65535);
	if (field->kind == TROWEL_KIND_NAME ||
		field->kind == TROWEL_KIND_PLAIN_NAME)
		check_name(message, field->offset);
}

static void check_fields(const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t offset = record->rdata;
	size_t count = 0;

	while (trowel_field_next(message, record, &iterator, &field)) {
		check_field(message, record, &field);
		HOLDS(field.offset >= offset);
		offset = field.offset;
		count++;
		/* An octet of a bitmap is eight fields at the most. */
		HOLDS(count <= 8 * (size_t)record->rdata_length + 16);
	}
	HOLDS(iterator.index == count % 65536);
	HOLDS(!trowel_field_next(message, record, &iterator, &field));
}

static void check_record(const struct trowel_message *message,
	const struct trowel_record *record, size_t start)
{
	struct trowel_host host;

	HOLDS(record->section >= TROWEL_ANSWER);
	HOLDS(record->section <= TROWEL_ADDITIONAL);
	HOLDS((size_t)record->rdata >= start + RECORD_MIN);
	HOLDS((size_t)record->rdata + record->rdata_length <= message->end);
	HOLDS(trowel_record_ttl_s(record) <= 0x7FFFFFFF);
	check_name(message, record->owner);
	check_fields(message, record);
	if (trowel_record_host(message, record, &host)) {
		HOLDS(host.name >= record->rdata);
		check_name(message, host.name);
	}
}

/* Exactly the records that are counted, in their order, up to `end`. */
static void check_records(const struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	size_t counts[4] = { 0 };
	size_t section = TROWEL_ANSWER;
	size_t start = message->records;

	while (trowel_record_next(message, &iterator, &record)) {
		check_record(message, &record, start);
		HOLDS(record.section >= section);
		section = record.section;
		start = (size_t)record.rdata + record.rdata_length;
		counts[section]++;
	}
	for (size_t i = TROWEL_ANSWER; i <= TROWEL_ADDITIONAL; i++)
		HOLDS(counts[i] == message->counts[i]);
	HOLDS(start == message->end);
	HOLDS(!trowel_record_next(message, &iterator, &record));
}

/*
 * Question, options, answers
 */

static void check_question(const struct trowel_message *message)
{
	struct trowel_question question;
	bool found = trowel_message_question(message, &question);

	HOLDS(found == (message->counts[TROWEL_QUESTION] > 0));
	if (found)
		check_name(message, question.name);
}

static void check_option(
	const struct trowel_message *message, const struct trowel_field *option)
{
	size_t needed = trowel_field_format(
		message, NULL, option, TROWEL_STYLE_PLAIN, NULL, 0);
	char *text = fuzz_block(needed + 1);

	HOLDS(option->number <= 65535);
	HOLDS(option->name != NULL && option->name_length > 0);
	HOLDS(trowel_field_format(message, NULL, option, TROWEL_STYLE_PLAIN,
		      text, needed + 1) == needed);
	HOLDS(text[needed] == '\0');
	free(text);
}

static void check_options(const struct trowel_message *message)
{
	const struct trowel_edns *edns = &message->edns;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;
	size_t start = edns->options;

	HOLDS(edns->options + (size_t)edns->options_length <= message->end);
	while (trowel_option_next(message, &iterator, &option)) {
		HOLDS(option.offset == start + 4);
		start = (size_t)option.offset + option.length;
		check_option(message, &option);
	}
	HOLDS(start == edns->options + (size_t)edns->options_length);
	HOLDS(!trowel_option_next(message, &iterator, &option));
}

static void check_answers(struct trowel_chain *chain)
{
	const struct trowel_message *message = chain->message;
	struct trowel_record record;
	struct trowel_name end;
	struct trowel_name owner;
	size_t count = 0;

	trowel_message_name(message, chain->owner, &end);
	while (trowel_chain_next(chain, &record)) {
		trowel_message_name(message, record.owner, &owner);
		HOLDS(trowel_name_is_equal(&owner, &end));
		HOLDS(record.section == TROWEL_ANSWER);
		HOLDS(record.type == chain->question.type ||
			chain->question.type == 255);
		count++;
	}
	HOLDS(count <= message->counts[TROWEL_ANSWER]);
	HOLDS(!trowel_chain_next(chain, &record));
}

static void check_chain(const struct trowel_message *message)
{
	struct trowel_chain chain;
	enum trowel_status status = trowel_chain_start(&chain, message);

	if (message->counts[TROWEL_QUESTION] == 0) {
		HOLDS(status == TROWEL_BAD_ARGUMENT);
		return;
	}
	HOLDS(status == TROWEL_OK || status == TROWEL_ALIAS_LOOP ||
		status == TROWEL_ALIAS_CONFLICT);
	HOLDS(chain.alias_count <= 16);
	check_name(message, chain.owner);
	if (status != TROWEL_OK)
		return;
	HOLDS((chain.ttl_s == UINT32_MAX) == (chain.alias_count == 0));
	check_answers(&chain);
}

static void check_walk(const struct trowel_message *message)
{
	uint32_t hash = fuzz_hash(message->octets, message->length);

	HOLDS(message->end <= message->length);
	HOLDS(message->records <= message->end);
	HOLDS(trowel_message_rcode(message) <= 4095);
	check_question(message);
	check_records(message);
	check_options(message);
	check_chain(message);
	check_any_name(message, hash % 65536);
	if (message->length > 0)
		check_any_name(message, hash % message->length);
}
