/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/cursor.h"
#include "wire/edns.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define HEADER_SIZE 12
#define RECORD_FIXED 10 /* type, class, TTL, RDLENGTH; RFC 1035 4.1.3 */
#define OPCODE_MASK 0x7800
#define TYPE_OPT 41

/* The check of one message, as far as it has come. */
struct check {
	struct trowel_message *message;
	struct trowel_fault *fault;
	size_t position; /* of the question or record that is looked at */
	uint8_t section;
	uint16_t index; /* of the record, over all sections */
	struct tw_names names;
};

static enum trowel_status fail(
	struct check *check, enum trowel_status status, size_t offset)
{
	check->fault->status = status;
	check->fault->offset = (uint16_t)offset;
	return status;
}

static void take_header(struct trowel_message *message, const uint8_t *octets)
{
	message->id = tw_u16_at(octets, 0);
	message->flags = tw_u16_at(octets, 2);
	for (size_t i = 0; i < 4; i++)
		message->counts[i] = tw_u16_at(octets, 4 + 2 * i);
	message->records = HEADER_SIZE;
	message->end = HEADER_SIZE;
}

static enum trowel_status check_question(struct check *check)
{
	struct trowel_message *message = check->message;
	size_t position = check->position;
	enum trowel_status status =
		tw_name_check(&check->names, message->length, &position);

	if (status == TROWEL_OK && message->length - position < 4)
		status = TROWEL_CUT_SHORT;
	if (status != TROWEL_OK)
		return fail(check, status, position);
	check->position = position + 4;
	return TROWEL_OK;
}

static enum trowel_status check_questions(struct check *check)
{
	struct trowel_message *message = check->message;
	uint16_t count = message->counts[TROWEL_QUESTION];
	enum trowel_status status = TROWEL_OK;
	uint16_t i;

	/* RFC 9619 4 */
	if (count > 1 && (message->flags & OPCODE_MASK) == 0) {
		message->counts[TROWEL_QUESTION] = 0;
		return fail(check, TROWEL_TOO_MANY_QUESTIONS, 4);
	}
	for (i = 0; i < count && status == TROWEL_OK; i++)
		status = check_question(check);
	if (status != TROWEL_OK) {
		check->fault->record = (uint16_t)(i - 1);
		message->counts[TROWEL_QUESTION] = (uint16_t)(i - 1);
	}
	message->records = (uint16_t)check->position;
	return status;
}

/* RFC 6891 6.1.1: one OPT at most, additional, at the root. */
static enum trowel_status check_opt(
	struct check *check, size_t fixed, size_t end)
{
	struct trowel_message *message = check->message;
	size_t owner = check->position;
	size_t position = fixed + RECORD_FIXED;
	enum trowel_status status;

	check->fault->type = TYPE_OPT;
	if (check->section != TROWEL_ADDITIONAL ||
		!tw_name_is_root_at(message->octets, message->length, owner))
		return fail(check, TROWEL_MISPLACED_OPT, owner);
	if (message->edns.present)
		return fail(check, TROWEL_SECOND_OPT, owner);
	status = tw_options_check(message->octets, end, &position);
	if (status != TROWEL_OK)
		return fail(check, status, position);
	check->fault->type = 0;
	tw_edns_take(&message->edns, message->octets, fixed, end);
	return TROWEL_OK;
}

/* RDATA in octets[start .. end) by its row. */
static enum trowel_status check_rdata(struct check *check,
	const struct tw_rrtype *row, size_t start, size_t end)
{
	size_t position = start;
	size_t field;
	enum trowel_status status =
		tw_rdata_check(row, &check->names, end, &position, &field);

	if (status == TROWEL_OK)
		return TROWEL_OK;
	check->fault->type = row->code;
	check->fault->field_length =
		(uint8_t)tw_field_name(row, field, &check->fault->field);
	return fail(check, status, position);
}

/* Whether RDATA is an address, or a name by itself, and good: the most of it,
 * told without a walk. */
static inline bool is_plainly_good(struct check *check,
	const struct tw_rrtype *row, size_t start, size_t end)
{
	size_t position = start;

	if (row->kinds[1] != TROWEL_KIND_NONE || start == end)
		return false;
	if (row->kinds[0] != TROWEL_KIND_NAME)
		return end - start == tw_kind_width(row->kinds[0]);
	if (tw_name_is_known(&check->names, end, start))
		return end - start == 2;
	return tw_name_check(&check->names, end, &position) == TROWEL_OK &&
		position == end;
}

/* Everything behind a record's owner, from its type at `fixed` on. Sets *end
 * behind its RDATA. */
static inline enum trowel_status check_fixed(
	struct check *check, size_t fixed, size_t *end)
{
	const uint8_t *octets = check->names.octets;
	size_t length = check->names.length;
	size_t rdata = fixed + RECORD_FIXED;
	const struct tw_rrtype *row;
	uint16_t type;
	size_t rdlength;

	if (length - fixed < RECORD_FIXED)
		return fail(check, TROWEL_CUT_SHORT, fixed);
	type = tw_u16_at(octets, fixed);
	rdlength = tw_u16_at(octets, fixed + 8);
	*end = rdata + rdlength;
	if (length - rdata < rdlength) {
		check->fault->type = type;
		return fail(check, TROWEL_CUT_SHORT, fixed + 8);
	}
	if (type == TYPE_OPT)
		return check_opt(check, fixed, *end);
	row = tw_rrtype_of(type, tw_u16_at(octets, fixed + 2));
	if (row == NULL || is_plainly_good(check, row, rdata, *end))
		return TROWEL_OK;
	return check_rdata(check, row, rdata, *end);
}

/* The name at check->position, an owner. Sets *fixed behind it and *origin
 * where it is behind pointers. */
static inline enum trowel_status check_owner(
	struct check *check, size_t *fixed, size_t *origin)
{
	const uint8_t *octets = check->names.octets;
	size_t length = check->names.length;
	size_t at = check->position;
	enum trowel_status status;

	*origin = at;
	*fixed = at + 2;
	if (tw_name_is_known(&check->names, length, at)) {
		*origin = tw_target_at(octets, at);
		return TROWEL_OK;
	}
	if (at < length && octets[at] == 0) {
		*fixed = at + 1;
		return TROWEL_OK;
	}
	*fixed = at;
	status = tw_name_check(&check->names, length, fixed);
	if (status != TROWEL_OK)
		return fail(check, status, *fixed);
	*origin = tw_name_origin(octets, length, at);
	return TROWEL_OK;
}

/* One record, from check->position to behind its RDATA. */
static inline enum trowel_status check_record(struct check *check)
{
	size_t fixed;
	size_t origin;
	size_t end;
	enum trowel_status status = check_owner(check, &fixed, &origin);

	if (status == TROWEL_OK)
		status = check_fixed(check, fixed, &end);
	if (status != TROWEL_OK)
		return status;
	if (check->index < TROWEL_PLACES) {
		struct trowel_place *place =
			&check->message->places[check->index];

		place->owner = (uint16_t)origin;
		place->fixed = (uint16_t)fixed;
	}
	check->index++;
	check->position = end;
	return TROWEL_OK;
}

static enum trowel_status check_section(struct check *check, uint8_t section)
{
	struct trowel_message *message = check->message;
	uint16_t count = message->counts[section];
	uint16_t first = check->index;
	enum trowel_status status = TROWEL_OK;

	check->section = section;
	while (status == TROWEL_OK && check->index - first < count)
		status = check_record(check);
	if (status != TROWEL_OK) {
		count = (uint16_t)(check->index - first);
		check->fault->section = section;
		check->fault->record = count;
		message->counts[section] = count;
	}
	return status;
}

static enum trowel_status check_body(struct check *check)
{
	struct trowel_message *message = check->message;
	enum trowel_status status = check_questions(check);
	uint8_t section = TROWEL_ANSWER;

	for (; section <= TROWEL_ADDITIONAL; section++) {
		if (status == TROWEL_OK)
			status = check_section(check, section);
		else
			message->counts[section] = 0;
		message->ends[section] = check->index;
	}
	/* Up to the record at fault, or behind the last. */
	message->end = (uint16_t)check->position;
	return status;
}

enum trowel_status trowel_message_decode(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	struct trowel_fault unwanted;
	struct check check = { .message = message,
		.fault = fault != NULL ? fault : &unwanted,
		.position = HEADER_SIZE,
		.names = { octets, length, TW_STEPS_MAX, { { 0, 0, 0 } } } };

	*message = (struct trowel_message){ 0 };
	*check.fault = (struct trowel_fault){ 0 };
	if (length < HEADER_SIZE)
		return fail(&check, TROWEL_SHORT_MESSAGE, length);
	if (length > TROWEL_MESSAGE_MAX)
		return fail(
			&check, TROWEL_MESSAGE_TOO_LONG, TROWEL_MESSAGE_MAX);
	message->octets = octets;
	message->length = (uint16_t)length;
	take_header(message, octets);
	return check_body(&check);
}

uint16_t trowel_message_rcode(const struct trowel_message *message)
{
	return (uint16_t)(message->edns.extended_rcode * 16 +
		message->flags % 16);
}

bool trowel_message_question(
	const struct trowel_message *message, struct trowel_question *question)
{
	size_t end;

	if (message->counts[TROWEL_QUESTION] == 0)
		return false;
	end = tw_name_skip(message->octets, message->length, HEADER_SIZE);
	if (message->length - end < 4)
		return false;
	question->name = HEADER_SIZE;
	question->type = tw_u16_at(message->octets, end);
	question->class_code = tw_u16_at(message->octets, end + 2);
	return true;
}

/* Where the next record is. */
static struct trowel_place place_of(const struct trowel_message *message,
	const struct trowel_iterator *iterator)
{
	size_t start = iterator->offset;
	struct trowel_place place;

	if (iterator->index < TROWEL_PLACES)
		return message->places[iterator->index];
	place.owner = (uint16_t)tw_name_origin(
		message->octets, message->length, start);
	place.fixed =
		(uint16_t)tw_name_skip(message->octets, message->length, start);
	return place;
}

bool trowel_record_next(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_record *record)
{
	const uint8_t *octets = message->octets;
	uint16_t index = iterator->index;
	struct trowel_place place;
	size_t fixed;
	size_t rdata;
	uint16_t rdlength;

	if (index >= message->ends[TROWEL_ADDITIONAL])
		return false;
	place = place_of(message, iterator);
	fixed = place.fixed;
	rdata = fixed + RECORD_FIXED;
	if (rdata > message->length)
		return false;
	rdlength = tw_u16_at(octets, fixed + 8);
	if (message->length - rdata < rdlength)
		return false;
	record->section = (uint8_t)(TROWEL_ANSWER +
		(index >= message->ends[TROWEL_ANSWER]) +
		(index >= message->ends[TROWEL_AUTHORITY]));
	record->owner = place.owner;
	record->type = tw_u16_at(octets, fixed);
	record->class_code = tw_u16_at(octets, fixed + 2);
	record->ttl = tw_u32_at(octets, fixed + 4);
	record->rdata = (uint16_t)rdata;
	record->rdata_length = rdlength;
	iterator->offset = (uint16_t)(rdata + rdlength);
	iterator->index = (uint16_t)(index + 1);
	return true;
}

uint32_t trowel_record_ttl_s(const struct trowel_record *record)
{
	return record->ttl > 0x7FFFFFFF ? 0 : record->ttl;
}
