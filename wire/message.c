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
	size_t position; /* of the question or record at fault */
	size_t index; /* of it, over all sections */
	struct trowel_fault fault;
	struct trowel_fault *report; /* the caller's, or NULL */
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

/* Returns how many records there are, if there are so many. */
static inline size_t put_ends(struct trowel_message *message)
{
	size_t end = 0;

	message->ends[TROWEL_QUESTION] = 0;
	for (size_t i = TROWEL_ANSWER; i <= TROWEL_ADDITIONAL; i++) {
		end += message->counts[i];
		message->ends[i] = (uint16_t)end;
	}
	return end;
}

/* A name that tw_name_pass() refused. */
static TW_COLD size_t refuse_name(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t position = start;
	enum trowel_status status =
		tw_name_check(message, message->length, &position);

	if (start == HEADER_SIZE)
		message->question = (struct trowel_question){ 0 };
	return refuse(check, status != TROWEL_OK ? status : TROWEL_CUT_SHORT,
		position);
}

/* Returns the end of the question. */
static inline size_t check_question(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t fixed = tw_name_pass(message, start, message->length);

	if (TW_SELDOM(fixed + QUESTION_FIXED > message->length))
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

	check->message->question = (struct trowel_question){ 0 };
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
static TW_COLD size_t check_rdata(
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
	status = tw_rdata_check(
		tw_kinds_of(row), check->message, end, &position, &field);
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
	size_t index; /* of the present record, over all sections */
	size_t position; /* of it */
	size_t owner; /* offset of its owner, if that is a lone pointer behind it */
	size_t fixed; /* where its type begins */
};

/* Passes the owner. Mostly it is a pointer to a name that is known, or the
 * root. */
static inline bool pass_owner(struct walk *walk)
{
	size_t start = walk->position;
	size_t pair;
	size_t known;

	walk->owner = start;
	walk->fixed = start + 1;
	if (TW_SELDOM(walk->fixed >= walk->last))
		return walk->fixed == walk->last && walk->octets[start] == 0;
	pair = tw_u16_at(walk->octets, start);
	known = tw_names_at(walk->message, pair);
	if (TW_MOSTLY(known + TW_POINTER_PAIR == pair)) {
		walk->owner = known;
		walk->fixed = start + 2;
		return true;
	}
	if (pair < 256)
		return true;
	if (pair >= TW_POINTER_PAIR)
		walk->owner = pair - TW_POINTER_PAIR;
	walk->fixed = tw_name_pass(walk->message, start, walk->message->length);
	return walk->fixed <= walk->last;
}

static inline bool is_plain_opt(const struct walk *walk, size_t rdata_length)
{
	const struct trowel_message *message = walk->message;

	return rdata_length == 0 && walk->octets[walk->position] == 0 &&
		walk->index >= (size_t)message->counts[TROWEL_ANSWER] +
			message->counts[TROWEL_AUTHORITY] &&
		!message->edns.present;
}

/* Passes RDATA that is no address. */
static inline bool pass_data(const struct walk *walk, uint32_t kind, size_t end)
{
	struct trowel_message *message = walk->message;
	size_t rdata = walk->fixed + RECORD_FIXED;

	if (kind == KIND_NS || kind == KIND_CNAME)
		return tw_name_pass(message, rdata, end) == end;
	if (kind / 65536 != TYPE_OPT)
		return tw_rdata_pass(message, kind, rdata, end) == end;
	if (!is_plain_opt(walk, end - rdata))
		return false;
	tw_edns_take(&message->edns, walk->octets, walk->fixed, end);
	return true;
}

static inline void keep(struct trowel_message *message, size_t index,
	size_t owner, size_t fixed)
{
	if (index < TROWEL_FIRST_RECORDS) {
		message->first[index].owner = (uint16_t)owner;
		message->first[index].fixed = (uint16_t)fixed;
	}
}

/* Passes the record at walk->position, if it is good and of the common ones. */
static inline bool pass_record(struct walk *walk)
{
	size_t rdata_length;
	size_t end;
	uint32_t kind;

	if (!pass_owner(walk))
		return false;
	rdata_length = tw_u16_at(walk->octets, walk->fixed + 8);
	if (TW_SELDOM(walk->fixed + rdata_length > walk->last))
		return false;
	end = walk->fixed + RECORD_FIXED + rdata_length;
	keep(walk->message, walk->index, walk->owner, walk->fixed);
	kind = tw_u32_at(walk->octets, walk->fixed);
	if ((kind != KIND_A || rdata_length != 4) &&
		(kind != KIND_AAAA || rdata_length != 16) &&
		!pass_data(walk, kind, end))
		return false;
	walk->position = end;
	return true;
}

/* Checks a record that pass_record() did not pass: any, by the whole rule.
 * Returns its end. */
static TW_COLD size_t check_record(
	struct check *check, size_t index, size_t start)
{
	struct trowel_message *message = check->message;
	size_t fixed = start;
	size_t end;
	enum trowel_status status =
		tw_name_check(message, message->length, &fixed);

	check->index = index;
	check->position = start;
	if (status != TROWEL_OK)
		return refuse(check, status, fixed);
	if (message->length - fixed < RECORD_FIXED)
		return refuse(check, TROWEL_CUT_SHORT, fixed);
	end = fixed + RECORD_FIXED + tw_u16_at(message->octets, fixed + 8);
	if (end > message->length) {
		refuse(check, TROWEL_CUT_SHORT, fixed + 8);
		check->fault.type = tw_u16_at(message->octets, fixed);
		return TW_NOWHERE;
	}
	keep(message, index,
		tw_name_origin(message->octets, message->length, start), fixed);
	if (tw_u16_at(message->octets, fixed) == TYPE_OPT)
		return check_opt(check, index, start, fixed, end);
	return check_rdata(check, tw_u32_at(message->octets, fixed),
		fixed + RECORD_FIXED, end);
}

/* Returns the end of so many records, the first of which is at `position`. */
static inline size_t check_records(struct check *check,
	struct trowel_message *message, size_t count, size_t position)
{
	struct walk walk = { message, message->octets,
		(size_t)message->length - RECORD_FIXED, 0, position, 0, 0 };

	for (; walk.index < count; walk.index++) {
		if (pass_record(&walk))
			continue;
		walk.position = check_record(check, walk.index, walk.position);
		if (walk.position == TW_NOWHERE)
			break;
	}
	return walk.position;
}

/* Ends the message before what is at fault, in this section or behind it. */
static TW_COLD enum trowel_status cut(struct check *check, uint8_t section)
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
	if (check->report != NULL)
		*check->report = check->fault;
	return check->fault.status;
}

static TW_COLD enum trowel_status refuse_size(struct trowel_message *message,
	size_t length, struct trowel_fault *fault)
{
	struct check check;

	*message = (struct trowel_message){ 0 };
	tw_names_init(message, NULL, 0);
	check.message = message;
	check.report = fault;
	check.index = 0;
	check.position = 0;
	if (length < HEADER_SIZE)
		refuse(&check, TROWEL_SHORT_MESSAGE, length);
	else
		refuse(&check, TROWEL_MESSAGE_TOO_LONG, TROWEL_MESSAGE_MAX);
	return cut(&check, TROWEL_QUESTION);
}

enum trowel_status trowel_message_decode(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	struct check check;
	size_t count;
	size_t position;

	if (length < HEADER_SIZE || length > TROWEL_MESSAGE_MAX)
		return refuse_size(message, length, fault);
	if (fault != NULL)
		*fault = (struct trowel_fault){ 0 };
	check.message = message;
	check.report = fault;
	check.index = 0;
	check.position = HEADER_SIZE;
	message->edns = (struct trowel_edns){ 0 };
	tw_names_init(message, octets, length);
	take_header(message, octets);
	count = put_ends(message);
	position = message->counts[TROWEL_QUESTION] == 1
		? check_question(&check, HEADER_SIZE)
		: check_questions(&check);
	if (position == TW_NOWHERE)
		return cut(&check, TROWEL_QUESTION);
	message->records = (uint16_t)position;
	position = check_records(&check, message, count, position);
	if (position == TW_NOWHERE)
		return cut(&check, TROWEL_ANSWER);
	message->end = (uint16_t)position;
	return TROWEL_OK;
}

/* Where the record behind the first ones begins. */
static inline size_t first_end(const struct trowel_message *message)
{
	size_t fixed = message->first[TROWEL_FIRST_RECORDS - 1].fixed;

	return fixed + RECORD_FIXED + tw_u16_at(message->octets, fixed + 8);
}

TW_COLD bool trowel_record_find(const struct trowel_message *message,
	uint16_t index, uint16_t *offset, struct trowel_place *place)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t start =
		index > TROWEL_FIRST_RECORDS ? *offset : first_end(message);
	size_t fixed = start + 2;
	size_t end;

	place->owner = (uint16_t)start;
	if (start >= length)
		return false;
	if (octets[start] < TW_POINTER)
		fixed = tw_name_skip(octets, length, start);
	else
		place->owner = (uint16_t)tw_name_origin(octets, length, start);
	if (fixed + RECORD_FIXED > length)
		return false;
	end = fixed + RECORD_FIXED + tw_u16_at(octets, fixed + 8);
	if (end > length)
		return false;
	place->fixed = (uint16_t)fixed;
	*offset = (uint16_t)end;
	return true;
}
