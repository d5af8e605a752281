/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/cursor.h"
#include "wire/edns.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define HEADER_SIZE 12
#define QUESTION_FIXED 4 /* type, class; RFC 1035 4.1.2 */
#define RECORD_FIXED 10 /* type, class, TTL, RDLENGTH; RFC 1035 4.1.3 */
#define RECORD_MIN 11
#define POINTER_MIN (TW_POINTER * 256)
#define NO_POINTER 0x10000 /* no two octets are so much */
#define OPCODE_MASK 0x7800
#define TYPE_OPT 41
#define KIND_A TW_KIND_OF(1, 1)
#define KIND_NS TW_KIND_OF(2, 1)
#define KIND_CNAME TW_KIND_OF(5, 1)
#define KIND_AAAA TW_KIND_OF(28, 1)

/* The check of one message. Functions that return where they have come to
 * return TW_NOWHERE at an error, and the fault tells it. */
struct check {
	struct trowel_message *message;
	size_t additional; /* index of the first record there */
	size_t position; /* of the question or record at fault */
	size_t index; /* of it, over all sections */
	struct trowel_fault fault;
};

static TW_COLD size_t refuse(
	struct check *check, enum trowel_status status, size_t offset)
{
	check->fault = (struct trowel_fault){ .status = status,
		.offset = (uint16_t)offset };
	return TW_NOWHERE;
}

/* RFC 1035 4.1.1 */
static inline void take_header(
	struct trowel_message *message, const uint8_t *octets)
{
	message->id = tw_u16_at(octets, 0);
	message->flags = tw_u16_at(octets, 2);
	for (size_t i = 0; i < 4; i++)
		message->counts[i] = tw_u16_at(octets, 4 + 2 * i);
}

/* A name that tw_name_pass() refused. */
static TW_COLD size_t refuse_name(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t position = start;
	enum trowel_status status =
		tw_name_check(message, message->length, &position);

	return refuse(check, status != TROWEL_OK ? status : TROWEL_CUT_SHORT,
		position);
}

/* Returns the end of the question. */
static inline size_t check_question(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t fixed = tw_name_pass(message, start, message->length);

	if (fixed > message->length || message->length - fixed < QUESTION_FIXED)
		return refuse_name(check, start);
	if (start == HEADER_SIZE) {
		message->question.name = HEADER_SIZE;
		message->question.type = tw_u16_at(message->octets, fixed);
		message->question.class_code =
			tw_u16_at(message->octets, fixed + 2);
	}
	return fixed + QUESTION_FIXED;
}

/* Questions in another number than one. Returns their end. */
static TW_COLD size_t check_questions(struct check *check)
{
	uint16_t count = check->message->counts[TROWEL_QUESTION];
	size_t next = HEADER_SIZE;

	/* RFC 9619 4 */
	if (count > 1 && (check->message->flags & OPCODE_MASK) == 0)
		return refuse(check, TROWEL_TOO_MANY_QUESTIONS, 4);
	for (; check->index < count; check->index++) {
		check->position = next;
		next = check_question(check, next);
		if (next == TW_NOWHERE)
			break;
	}
	return next;
}

/* RFC 6891 6.1.1: one OPT at most, additional, at the root. */
static enum trowel_status find_opt_fault(
	const struct trowel_message *message, size_t index, size_t owner)
{
	if (index < (size_t)message->counts[TROWEL_ANSWER] +
				message->counts[TROWEL_AUTHORITY] ||
		!tw_name_is_root_at(message->octets, message->length, owner))
		return TROWEL_MISPLACED_OPT;
	return message->edns.present ? TROWEL_SECOND_OPT : TROWEL_OK;
}

/* The OPT whose owner and type are at these offsets. Returns its end. */
static TW_COLD size_t check_opt(struct check *check, size_t index, size_t owner,
	size_t fixed, size_t end)
{
	struct trowel_message *message = check->message;
	size_t position = fixed + RECORD_FIXED;
	enum trowel_status status = find_opt_fault(message, index, owner);

	if (status != TROWEL_OK)
		position = owner;
	else
		status = tw_options_check(message->octets, end, &position);
	if (status != TROWEL_OK) {
		refuse(check, status, position);
		check->fault.type = TYPE_OPT;
		return TW_NOWHERE;
	}
	tw_edns_take(&message->edns, message->octets, fixed, end);
	return end;
}

/* RDATA in octets[start .. end) by its row. Returns its end. */
static TW_APART size_t check_rdata(
	struct check *check, uint32_t kind, size_t start, size_t end)
{
	const struct tw_rrtype *row = tw_rrtype_of(
		(uint16_t)(kind / 65536), (uint16_t)(kind % 65536));
	struct trowel_fault *fault = &check->fault;
	enum trowel_status status;
	size_t position = start;
	size_t field;

	if (row == NULL)
		return end;
	status = tw_rdata_check(row, check->message, end, &position, &field);
	if (status == TROWEL_OK)
		return end;
	refuse(check, status, position);
	fault->type = row->code;
	fault->field_length = (uint8_t)tw_field_name(row, field, &fault->field);
	return TW_NOWHERE;
}

/* The walk along the records. It and what works on it stays in one function,
 * inlined, and in registers: the address of a struct walk is not given away. */
struct walk {
	struct trowel_message *message;
	const uint8_t *octets;
	size_t last; /* where a record's type can begin at most */
	size_t additional; /* index of the first record there */
	size_t index; /* of the present record, over all sections */
	size_t position; /* of it */
	size_t pointer; /* the last owner that was but a pointer to a name known */
	size_t target; /* of that */
	size_t owner; /* of the present record */
};

/* Passes the owner. Returns where the type begins. Mostly it is the same pointer
 * as the last, or another to a name that is known. */
static inline size_t pass_owner(struct walk *walk)
{
	size_t start = walk->position;
	size_t pair = tw_pair_at(walk->octets, start);
	size_t target;

	walk->owner = walk->target;
	if (pair == walk->pointer)
		return start + 2;
	walk->owner = start;
	if (pair % 256 == 0)
		return start + 1;
	target = tw_u16_at(walk->octets, start);
	if (target >= POINTER_MIN) {
		target -= POINTER_MIN;
		walk->owner = target;
		if (tw_names_has(walk->message, target)) {
			walk->pointer = pair;
			walk->target = target;
			return start + 2;
		}
	}
	return tw_name_pass(walk->message, start, walk->message->length);
}

static inline bool is_plain_opt(const struct walk *walk, size_t rdata_length)
{
	return rdata_length == 0 && walk->octets[walk->position] == 0 &&
		walk->index >= walk->additional && !walk->message->edns.present;
}

/* RDATA that is no address. Returns its end. */
static inline size_t check_data(struct check *check, const struct walk *walk,
	uint32_t kind, size_t fixed, size_t end)
{
	struct trowel_message *message = walk->message;
	size_t rdata = fixed + RECORD_FIXED;

	if (kind == KIND_NS || kind == KIND_CNAME) {
		if (tw_name_pass(message, rdata, end) == end)
			return end;
		return check_rdata(check, kind, rdata, end);
	}
	if (kind / 65536 != TYPE_OPT)
		return tw_rdata_pass(message, kind, rdata, end) == end
			? end
			: check_rdata(check, kind, rdata, end);
	if (!is_plain_opt(walk, end - rdata))
		return check_opt(
			check, walk->index, walk->position, fixed, end);
	tw_edns_take(&message->edns, walk->octets, fixed, end);
	return end;
}

static inline void keep(struct trowel_kept *kept, uint64_t parts, size_t owner,
	size_t rdata, size_t rdata_length)
{
	kept->fixed = parts;
	kept->owner = (uint16_t)owner;
	kept->rdata = (uint16_t)rdata;
	kept->rdata_length = (uint16_t)rdata_length;
}

/* Passes the record at walk->position. False if it is not good; where that is
 * for its name or its length, the fault is left to refuse_record(). */
static inline bool pass_record(struct check *check, struct walk *walk)
{
	size_t fixed;
	size_t rdata_length;
	size_t end;
	uint64_t parts;
	uint32_t kind;

	if (walk->position >= walk->last)
		return false;
	fixed = pass_owner(walk);
	if (fixed > walk->last)
		return false;
	parts = tw_u64_at(walk->octets, fixed);
	rdata_length = tw_u16_at(walk->octets, fixed + 8);
	if (fixed + rdata_length > walk->last)
		return false;
	end = fixed + RECORD_FIXED + rdata_length;
	if (walk->index < TROWEL_FIRST_RECORDS)
		keep(&walk->message->first[walk->index], parts, walk->owner,
			fixed + RECORD_FIXED, rdata_length);
	kind = (uint32_t)(parts / 0x100000000);
	if ((kind != KIND_A || rdata_length != 4) &&
		(kind != KIND_AAAA || rdata_length != 16) &&
		check_data(check, walk, kind, fixed, end) == TW_NOWHERE)
		return false;
	walk->position = end;
	return true;
}

/* The record that pass_record() did not pass. */
static TW_COLD size_t refuse_record(
	struct check *check, size_t index, size_t start)
{
	struct trowel_message *message = check->message;
	size_t position = start;
	enum trowel_status status;

	check->index = index;
	check->position = start;
	if (check->fault.status != TROWEL_OK)
		return TW_NOWHERE;
	status = tw_name_check(message, message->length, &position);
	if (status != TROWEL_OK)
		return refuse(check, status, position);
	if (message->length - position < RECORD_FIXED)
		return refuse(check, TROWEL_CUT_SHORT, position);
	refuse(check, TROWEL_CUT_SHORT, position + 8);
	check->fault.type = tw_u16_at(message->octets, position);
	return TW_NOWHERE;
}

/* Returns the end of the records, the first of which is at `position`. */
static inline size_t check_records(
	struct check *check, struct trowel_message *message, size_t position)
{
	size_t additional = (size_t)message->counts[TROWEL_ANSWER] +
		message->counts[TROWEL_AUTHORITY];
	size_t count = additional + message->counts[TROWEL_ADDITIONAL];
	struct walk walk = { message, message->octets,
		(size_t)message->length - RECORD_FIXED, additional, 0, position,
		NO_POINTER, 0, 0 };

	for (; walk.index < count; walk.index++)
		if (!pass_record(check, &walk))
			return refuse_record(check, walk.index, walk.position);
	return walk.position;
}

static inline void put_ends(struct trowel_message *message)
{
	message->ends[TROWEL_QUESTION] = 0;
	for (size_t i = TROWEL_ANSWER; i <= TROWEL_ADDITIONAL; i++)
		message->ends[i] =
			(uint16_t)(message->ends[i - 1] + message->counts[i]);
}

/* Ends the message before what is at fault, in this section or behind it. */
static TW_COLD enum trowel_status cut(
	struct check *check, uint8_t section, struct trowel_fault *fault)
{
	struct trowel_message *message = check->message;
	uint16_t *counts = message->counts;
	size_t index = check->index;

	for (; section > TROWEL_QUESTION && section < TROWEL_ADDITIONAL &&
		index >= counts[section];
		section++)
		index -= counts[section];
	if (section == TROWEL_QUESTION)
		message->records = (uint16_t)check->position;
	message->end = (uint16_t)check->position;
	check->fault.section = section;
	check->fault.record = (uint16_t)index;
	counts[section] = (uint16_t)index;
	while (++section <= TROWEL_ADDITIONAL)
		counts[section] = 0;
	put_ends(message);
	if (fault != NULL)
		*fault = check->fault;
	return check->fault.status;
}

static TW_COLD enum trowel_status refuse_size(struct trowel_message *message,
	size_t length, struct trowel_fault *fault)
{
	struct check check;

	*message = (struct trowel_message){ 0 };
	tw_names_init(message, NULL, 0);
	check.message = message;
	check.index = 0;
	check.position = 0;
	if (length < HEADER_SIZE)
		refuse(&check, TROWEL_SHORT_MESSAGE, length);
	else
		refuse(&check, TROWEL_MESSAGE_TOO_LONG, TROWEL_MESSAGE_MAX);
	return cut(&check, TROWEL_QUESTION, fault);
}

enum trowel_status trowel_message_decode(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	struct check check;
	size_t position;

	if (length < HEADER_SIZE || length > TROWEL_MESSAGE_MAX)
		return refuse_size(message, length, fault);
	check.message = message;
	check.index = 0;
	check.position = HEADER_SIZE;
	check.fault.status = TROWEL_OK;
	message->question = (struct trowel_question){ 0 };
	message->edns = (struct trowel_edns){ 0 };
	tw_names_init(message, octets, length);
	take_header(message, octets);
	position = message->counts[TROWEL_QUESTION] == 1
		? check_question(&check, HEADER_SIZE)
		: check_questions(&check);
	if (position == TW_NOWHERE)
		return cut(&check, TROWEL_QUESTION, fault);
	message->records = (uint16_t)position;
	position = check_records(&check, message, position);
	if (position == TW_NOWHERE)
		return cut(&check, TROWEL_ANSWER, fault);
	message->end = (uint16_t)position;
	put_ends(message);
	if (fault != NULL)
		*fault = (struct trowel_fault){ 0 };
	return TROWEL_OK;
}

/* The record at iterator->index, which is not kept. */
bool trowel_record_next_unkept(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_record *record)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t index = iterator->index;
	size_t start = index > TROWEL_FIRST_RECORDS
		? iterator->offset
		: (size_t)message->first[TROWEL_FIRST_RECORDS - 1].rdata +
			message->first[TROWEL_FIRST_RECORDS - 1].rdata_length;
	size_t fixed = start + 2;

	record->owner = (uint16_t)start;
	if (start >= length)
		return false;
	if (octets[start] < TW_POINTER)
		fixed = tw_name_skip(octets, length, start);
	else
		record->owner = (uint16_t)tw_name_origin(octets, length, start);
	if (fixed + RECORD_FIXED > length)
		return false;
	record->rdata = (uint16_t)(fixed + RECORD_FIXED);
	record->rdata_length = tw_u16_at(octets, fixed + 8);
	if (length - record->rdata < record->rdata_length)
		return false;
	record->type = tw_u16_at(octets, fixed);
	record->class_code = tw_u16_at(octets, fixed + 2);
	record->ttl = tw_u32_at(octets, fixed + 4);
	record->section = (uint8_t)(TROWEL_ANSWER +
		(index >= message->ends[TROWEL_ANSWER]) +
		(index >= message->ends[TROWEL_AUTHORITY]));
	iterator->offset = (uint16_t)(record->rdata + record->rdata_length);
	iterator->index++;
	return true;
}
