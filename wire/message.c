/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/cursor.h"
#include "wire/edns.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define HEADER_SIZE 12
#define QUESTION_FIXED 4 /* type, class; RFC 1035 4.1.2 */
#define RECORD_FIXED 10 /* type, class, TTL, RDLENGTH; RFC 1035 4.1.3 */
#define POINTER_MIN (TW_POINTER * 256)
#define NO_POINTER 0x10000 /* no two octets are so much */
#define OPCODE_MASK 0x7800
#define TYPE_OPT 41

/* The check of one message. Functions that return where they have come to
 * return 0 at an error, and *fault tells it. */
struct check {
	struct trowel_message *message;
	struct trowel_fault *fault;
	struct tw_names names;
};

/* The walk along its records. It and what works on it stays in one function,
 * inlined, and in registers: the address of a struct walk is not given away. */
struct walk {
	const uint8_t *octets;
	size_t length;
	size_t last; /* where a record's type can begin at most */
	size_t position; /* of the present record */
	size_t index; /* of it, over all sections */
	size_t pointer; /* the last owner that was but a pointer, as a number */
	uint8_t section;
};

static TW_COLD size_t refuse(
	struct check *check, enum trowel_status status, size_t offset)
{
	check->fault->status = status;
	check->fault->offset = (uint16_t)offset;
	return 0;
}

/* What stands behind a record's owner; there are so many octets. */
static inline void take_fixed(
	struct trowel_record *record, const uint8_t *octets, size_t fixed)
{
	record->type = tw_u16_at(octets, fixed);
	record->class_code = tw_u16_at(octets, fixed + 2);
	record->ttl = tw_u32_at(octets, fixed + 4);
	record->rdata = (uint16_t)(fixed + RECORD_FIXED);
	record->rdata_length = tw_u16_at(octets, fixed + 8);
}

static void take_header(struct trowel_message *message, const uint8_t *octets)
{
	message->id = tw_u16_at(octets, 0);
	message->flags = tw_u16_at(octets, 2);
	for (size_t i = 0; i < 4; i++)
		message->counts[i] = tw_u16_at(octets, 4 + 2 * i);
}

static size_t check_question(struct check *check, size_t start)
{
	size_t position = start;
	enum trowel_status status =
		tw_name_check(&check->names, check->names.length, &position);

	if (status == TROWEL_OK &&
		check->names.length - position < QUESTION_FIXED)
		status = TROWEL_CUT_SHORT;
	if (status != TROWEL_OK)
		return refuse(check, status, position);
	return position + QUESTION_FIXED;
}

/* The first question, which ends at `end`. */
static void take_question(struct trowel_message *message, size_t end)
{
	size_t fixed = end - QUESTION_FIXED;

	message->question.name = HEADER_SIZE;
	message->question.type = tw_u16_at(message->octets, fixed);
	message->question.class_code = tw_u16_at(message->octets, fixed + 2);
}

/* Returns where the records begin, or the question at fault. */
static size_t check_questions(struct check *check)
{
	struct trowel_message *message = check->message;
	uint16_t count = message->counts[TROWEL_QUESTION];
	size_t position = HEADER_SIZE;

	/* RFC 9619 4 */
	if (count > 1 && (message->flags & OPCODE_MASK) == 0) {
		message->counts[TROWEL_QUESTION] = 0;
		refuse(check, TROWEL_TOO_MANY_QUESTIONS, 4);
		return position;
	}
	for (uint16_t i = 0; i < count; i++) {
		size_t next = check_question(check, position);

		if (next == 0) {
			check->fault->record = i;
			message->counts[TROWEL_QUESTION] = i;
			break;
		}
		if (i == 0)
			take_question(message, next);
		position = next;
	}
	return position;
}

/* RFC 6891 6.1.1: one OPT at most, additional, at the root. */
static enum trowel_status find_opt_fault(
	const struct check *check, uint8_t section, size_t owner)
{
	const struct trowel_message *message = check->message;

	if (section != TROWEL_ADDITIONAL ||
		(message->octets[owner] != 0 &&
			!tw_name_is_root_at(
				message->octets, message->length, owner)))
		return TROWEL_MISPLACED_OPT;
	return message->edns.present ? TROWEL_SECOND_OPT : TROWEL_OK;
}

/* The OPT whose owner and type are at these offsets. */
static size_t check_opt(
	struct check *check, uint8_t section, size_t owner, size_t fixed)
{
	struct trowel_message *message = check->message;
	size_t position = fixed + RECORD_FIXED;
	size_t end = position + tw_u16_at(message->octets, fixed + 8);
	enum trowel_status status = find_opt_fault(check, section, owner);

	if (status != TROWEL_OK)
		position = owner;
	else if (position < end)
		status = tw_options_check(message->octets, end, &position);
	if (status != TROWEL_OK) {
		check->fault->type = TYPE_OPT;
		return refuse(check, status, position);
	}
	tw_edns_take(&message->edns, message->octets, fixed, end);
	return end;
}

/* RDATA in octets[start .. end) by its row. */
static TW_APART size_t check_rdata(struct check *check,
	const struct tw_rrtype *row, size_t start, size_t end)
{
	size_t position = start;
	size_t field;
	enum trowel_status status =
		tw_rdata_check(row, &check->names, end, &position, &field);

	if (status == TROWEL_OK)
		return end;
	check->fault->type = row->code;
	check->fault->field_length =
		(uint8_t)tw_field_name(row, field, &check->fault->field);
	return refuse(check, status, position);
}

/* Whether RDATA is an address, or a name by itself, and good: the most of it,
 * told without a walk. */
static inline bool is_plainly_good(struct check *check,
	const struct tw_rrtype *row, size_t start, size_t end)
{
	size_t position = start;
	size_t width = tw_kind_width(row->kinds[0]);

	if (width > 0 && row->kinds[1] == TROWEL_KIND_NONE)
		return end - start == width;
	if (row->kinds[0] != TROWEL_KIND_NAME ||
		row->kinds[1] != TROWEL_KIND_NONE)
		return tw_rdata_is_plainly_good(row, &check->names, start, end);
	if (start == end)
		return false;
	return tw_name_check(&check->names, end, &position) == TROWEL_OK &&
		position == end;
}

/* Fewer octets are left at `owner` than any record has. */
static TW_COLD size_t refuse_short(struct check *check, size_t owner)
{
	size_t position = owner;
	enum trowel_status status =
		tw_name_check(&check->names, check->names.length, &position);

	return refuse(check, status != TROWEL_OK ? status : TROWEL_CUT_SHORT,
		position);
}

static TW_COLD size_t refuse_length(
	struct check *check, uint16_t type, size_t fixed)
{
	check->fault->type = type;
	return refuse(check, TROWEL_CUT_SHORT, fixed + 8);
}

static TW_APART size_t check_long_owner(struct check *check, size_t start)
{
	size_t position = start;
	enum trowel_status status =
		tw_name_check(&check->names, check->names.length, &position);

	if (status != TROWEL_OK)
		return refuse(check, status, position);
	return position;
}

/* The owner. Mostly it is the same pointer as the last, which was good. */
static inline size_t check_owner(
	struct check *check, struct walk *walk, size_t *owner)
{
	size_t start = walk->position;
	size_t pointer = tw_u16_at(walk->octets, start);

	*owner = start;
	if (pointer < 256)
		return start + 1;
	if (pointer != walk->pointer &&
		!tw_name_is_known(&check->names, walk->length, start)) {
		size_t end = check_long_owner(check, start);

		if (pointer >= POINTER_MIN)
			*owner = pointer - POINTER_MIN;
		return end;
	}
	walk->pointer = pointer;
	*owner = pointer - POINTER_MIN;
	return start + 2;
}

/* RDATA that a record has. Returns its end. */
static inline size_t check_data(struct check *check, const struct walk *walk,
	const struct trowel_record *record)
{
	const struct tw_rrtype *row;
	size_t start = record->rdata;
	size_t end = start + record->rdata_length;

	if (record->type == TYPE_OPT)
		return check_opt(check, walk->section, walk->position,
			start - RECORD_FIXED);
	row = tw_rrtype_of(record->type, record->class_code);
	if (row == NULL || is_plainly_good(check, row, start, end))
		return end;
	return check_rdata(check, row, start, end);
}

/* The record at walk->position. Returns the end of it. */
static inline size_t check_record(struct check *check, struct walk *walk)
{
	struct trowel_record record;
	size_t fixed;
	size_t owner;

	if (walk->position >= walk->last)
		return refuse_short(check, walk->position);
	fixed = check_owner(check, walk, &owner);
	if (fixed == 0)
		return 0;
	if (fixed > walk->last)
		return refuse(check, TROWEL_CUT_SHORT, fixed);
	record.section = walk->section;
	record.owner = (uint16_t)owner;
	take_fixed(&record, walk->octets, fixed);
	if (walk->length - record.rdata < record.rdata_length)
		return refuse_length(check, record.type, fixed);
	if (walk->index < TROWEL_FIRST_RECORDS)
		check->message->first[walk->index] = record;
	return check_data(check, walk, &record);
}

static inline void check_section(
	struct check *check, struct walk *walk, uint16_t *count)
{
	size_t first = walk->index;
	size_t end = first + *count;

	while (walk->index < end) {
		size_t next = check_record(check, walk);

		if (next == 0) {
			*count = (uint16_t)(walk->index - first);
			check->fault->section = walk->section;
			check->fault->record = *count;
			return;
		}
		walk->index++;
		walk->position = next;
	}
}

static enum trowel_status check_body(struct check *check)
{
	struct trowel_message *message = check->message;
	struct walk walk = { message->octets, message->length,
		(size_t)message->length - RECORD_FIXED, check_questions(check),
		0, NO_POINTER, TROWEL_ANSWER };

	message->records = (uint16_t)walk.position;
	for (; walk.section <= TROWEL_ADDITIONAL; walk.section++) {
		uint16_t *count = &message->counts[walk.section];

		if (check->fault->status == TROWEL_OK)
			check_section(check, &walk, count);
		else
			*count = 0;
		message->ends[walk.section] = (uint16_t)walk.index;
	}
	/* Up to the record at fault, or behind the last. */
	message->end = (uint16_t)walk.position;
	return check->fault->status;
}

/* All but the records. */
static void clear(struct trowel_message *message)
{
	message->octets = NULL;
	message->length = 0;
	message->id = 0;
	message->flags = 0;
	message->records = 0;
	message->end = 0;
	for (size_t i = 0; i < 4; i++) {
		message->counts[i] = 0;
		message->ends[i] = 0;
	}
	message->question = (struct trowel_question){ 0 };
	message->edns = (struct trowel_edns){ 0 };
}

enum trowel_status trowel_message_decode(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	struct trowel_fault unwanted;
	struct check check;

	check.message = message;
	check.fault = fault != NULL ? fault : &unwanted;
	tw_names_init(&check.names, octets, length);
	*check.fault = (struct trowel_fault){ 0 };
	clear(message);
	if (length < HEADER_SIZE)
		refuse(&check, TROWEL_SHORT_MESSAGE, length);
	else if (length > TROWEL_MESSAGE_MAX)
		refuse(&check, TROWEL_MESSAGE_TOO_LONG, TROWEL_MESSAGE_MAX);
	if (check.fault->status != TROWEL_OK)
		return check.fault->status;
	message->octets = octets;
	message->length = (uint16_t)length;
	take_header(message, octets);
	return check_body(&check);
}

/* The record at iterator->index, which is not kept. */
static TW_COLD bool next_behind_first(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_record *record)
{
	const struct trowel_record *last =
		&message->first[TROWEL_FIRST_RECORDS - 1];
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t index = iterator->index;
	size_t start = index == TROWEL_FIRST_RECORDS
		? (size_t)last->rdata + last->rdata_length
		: iterator->offset;
	size_t fixed = tw_name_skip(octets, length, start);

	if (length - fixed < RECORD_FIXED)
		return false;
	take_fixed(record, octets, fixed);
	if (length - record->rdata < record->rdata_length)
		return false;
	record->section = (uint8_t)(TROWEL_ANSWER +
		(index >= message->ends[TROWEL_ANSWER]) +
		(index >= message->ends[TROWEL_AUTHORITY]));
	record->owner = (uint16_t)tw_name_origin(octets, length, start);
	iterator->offset = (uint16_t)(record->rdata + record->rdata_length);
	iterator->index++;
	return true;
}

bool trowel_record_next(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_record *record)
{
	size_t index = iterator->index;
	const struct trowel_record *first = message->first;

	if (index >= message->ends[TROWEL_ADDITIONAL])
		return false;
	if (index >= TROWEL_FIRST_RECORDS)
		return next_behind_first(message, iterator, record);
	if (first[index].rdata + first[index].rdata_length > message->length)
		return false;
	*record = first[index];
	iterator->index++;
	return true;
}
