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

/*@ predicate is_begun(struct check *check) =
      \valid(check) && tw_message_is_open(check->message) &&
      \separated(check, check->message,
        check->message->octets + (0 .. check->message->length - 1)); */

/*@ predicate is_open(struct check *check) =
      is_begun(check) && check->message->length >= HEADER_SIZE; */

/*@ predicate is_reporting(struct check *check) =
      (check->report == \null || \valid(check->report)) &&
      \separated(check->report, check, check->message,
        check->message->octets + (0 .. check->message->length - 1)); */

/*@ predicate is_kept(struct trowel_message *message, integer count,
      integer end) = \forall integer i;
      0 <= i < count && i < TROWEL_FIRST_RECORDS ==>
      message->first[i].fixed + RECORD_FIXED <= end; */

/* Of a message that is read to its end, or cut off before a fault. */
/*@ predicate is_ended(struct trowel_message *message, integer length) =
      message->length == length && message->end <= length &&
      (message->ends[TROWEL_ADDITIONAL] == 0 ||
        RECORD_MIN * message->ends[TROWEL_ADDITIONAL] <=
          length - HEADER_SIZE) &&
      is_kept(message, message->ends[TROWEL_ADDITIONAL], length); */

/* Where a fault in that section, or one behind it, can be. */
/*@ predicate is_placed(struct check *check, integer section) =
      check->index <= 65535 && check->position <= check->message->length &&
      (section == TROWEL_QUESTION || section == TROWEL_ANSWER &&
        RECORD_MIN * check->index <= check->message->length - HEADER_SIZE &&
        is_kept(check->message, check->index, check->message->length)); */

/* Notes what is at fault, of which cut_message() will tell the section and the
 * record. */
/*@ requires is_begun(check) && offset <= TROWEL_MESSAGE_MAX;
    assigns check->fault;
    ensures \result == TW_NOWHERE && check->fault.status == status;
    ensures is_begun(check) && tw_names_stay{Pre, Post}(check->message); */
static TW_COLD size_t refuse(
	struct check *check, enum trowel_status status, size_t offset)
{
	struct trowel_fault *fault = &check->fault;

	fault->status = status;
	fault->offset = (uint16_t)offset;
	fault->type = 0;
	fault->field = NULL;
	fault->field_length = 0;
	//@ assert tw_names_stay{Pre, Here}(check->message);
	return TW_NOWHERE;
}

/* Likewise, in a record whose type is known. */
/*@ requires is_begun(check) && offset <= TROWEL_MESSAGE_MAX;
    assigns check->fault;
    ensures \result == TW_NOWHERE && check->fault.status == status;
    ensures is_begun(check) && tw_names_stay{Pre, Post}(check->message); */
static TW_COLD size_t refuse_record(struct check *check,
	enum trowel_status status, size_t offset, uint16_t type)
{
	refuse(check, status, offset);
	check->fault.type = type;
	//@ assert tw_names_stay{Pre, Here}(check->message);
	return TW_NOWHERE;
}

/* Likewise, in a field of it. */
/*@ requires is_begun(check) && offset <= TROWEL_MESSAGE_MAX;
    requires tw_is_row(row);
    assigns check->fault;
    ensures \result == TW_NOWHERE && check->fault.status == status;
    ensures is_begun(check) && tw_names_stay{Pre, Post}(check->message); */
static TW_COLD size_t refuse_field(struct check *check,
	enum trowel_status status, size_t offset, const struct tw_rrtype *row,
	size_t field)
{
	const char *name;
	size_t length = tw_field_name(row, field, &name);

	refuse_record(check, status, offset, row->code);
	check->fault.field = name;
	check->fault.field_length = (uint8_t)length;
	//@ assert tw_names_stay{Pre, Here}(check->message);
	return TW_NOWHERE;
}

/* RFC 1035 4.1.1 */
/*@ requires tw_message_is_open(message) && \valid_read(octets + (0 .. 11));
    requires \separated(message, octets + (0 .. 11));
    assigns message->id, message->flags, message->counts[0 .. 3];
    ensures tw_names_stay{Pre, Post}(message); */
static inline void take_header(
	struct trowel_message *message, const uint8_t *octets)
{
	message->id = tw_u16_at(octets, 0);
	message->flags = tw_u16_at(octets, 2);
	/*@ loop invariant 0 <= i <= 4;
	    loop assigns i, message->counts[0 .. 3];
	    loop variant 4 - i; */
	for (size_t i = 0; i < 4; i++)
		message->counts[i] = tw_u16_at(octets, 4 + 2 * i);
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* Returns how many records there are, if there are so many. */
/*@ requires tw_message_is_open(message);
    assigns message->ends[0 .. 3];
    ensures tw_names_stay{Pre, Post}(message);
    ensures \result == message->counts[1] + message->counts[2] +
      message->counts[3];
    ensures message->ends[3] == \result % 65536; */
static inline size_t put_ends(struct trowel_message *message)
{
	const uint16_t *counts = message->counts;
	size_t end = counts[TROWEL_ANSWER];

	message->ends[TROWEL_QUESTION] = 0;
	message->ends[TROWEL_ANSWER] = (uint16_t)end;
	end += counts[TROWEL_AUTHORITY];
	message->ends[TROWEL_AUTHORITY] = (uint16_t)(end % 65536);
	end += counts[TROWEL_ADDITIONAL];
	message->ends[TROWEL_ADDITIONAL] = (uint16_t)(end % 65536);
	//@ assert tw_names_stay{Pre, Here}(message);
	return end;
}

/* The first question. */
/*@ requires tw_message_is_open(message);
    assigns message->question;
    ensures tw_message_is_open(message); */
static inline void put_question(struct trowel_message *message, uint16_t name,
	uint16_t type, uint16_t class_code)
{
	message->question.name = name;
	message->question.type = type;
	message->question.class_code = class_code;
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* A name that tw_name_pass() refused. */
/*@ requires is_open(check) && start <= check->message->length;
    assigns check->fault, check->message->names, check->message->question;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK;
    ensures tw_names_are_right(check->message); */
static TW_COLD size_t refuse_name(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t position = start;
	enum trowel_status status =
		tw_name_check(message, message->length, &position);

	if (start == HEADER_SIZE)
		put_question(message, 0, 0, 0);
	return refuse(check, status != TROWEL_OK ? status : TROWEL_CUT_SHORT,
		position);
}

/* Returns the end of the question. */
/*@ requires is_open(check) && start <= check->message->length;
    assigns check->fault, check->message->names, check->message->question;
    ensures check->message->length == \old(check->message->length);
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      start + QUESTION_FIXED < \result <= check->message->length;
    ensures tw_names_are_right(check->message); */
static inline size_t check_question(struct check *check, size_t start)
{
	struct trowel_message *message = check->message;
	size_t fixed = tw_name_pass(message, start, message->length);

	if (TW_SELDOM(fixed + QUESTION_FIXED > message->length))
		return refuse_name(check, start);
	if (start == HEADER_SIZE)
		put_question(message, HEADER_SIZE,
			tw_u16_at(message->octets, fixed),
			tw_u16_at(message->octets, fixed + 2));
	return fixed + QUESTION_FIXED;
}

/* Questions in another number than one. Returns their end. */
/*@ requires is_open(check) && check->index == 0;
    requires check->position == HEADER_SIZE;
    assigns check->fault, check->index, check->position, check->message->names,
      check->message->question;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      HEADER_SIZE <= \result <= check->message->length;
    ensures check->position <= check->message->length;
    ensures check->index <= 65535;
    ensures \result != TW_NOWHERE ==>
      check->index == check->message->counts[0];
    ensures tw_names_are_right(check->message); */
static TW_COLD size_t check_questions(struct check *check)
{
	uint16_t count = check->message->counts[TROWEL_QUESTION];
	size_t next = HEADER_SIZE;

	put_question(check->message, 0, 0, 0);
	/* RFC 9619 4 */
	if (count > 1 && (check->message->flags & OPCODE_MASK) == 0)
		return refuse(check, TROWEL_TOO_MANY_QUESTIONS, 4);
	/*@ loop invariant 0 <= check->index <= count;
	    loop invariant HEADER_SIZE <= next <= check->message->length;
	    loop invariant check->position <= check->message->length;
	    loop invariant tw_names_are_right(check->message);
	    loop assigns next, check->fault, check->index, check->position,
	      check->message->names, check->message->question;
	    loop variant count - check->index; */
	for (; check->index < count; check->index++) {
		check->position = next;
		next = check_question(check, next);
		if (next == TW_NOWHERE)
			break;
	}
	return next;
}

/* RFC 6891 6.1.1: one OPT at most, additional, at the root. */
/*@ requires \valid_read(message) && owner <= message->length;
    requires \valid_read(message->octets + (0 .. message->length - 1));
    assigns \nothing;
    ensures \result == TROWEL_OK || \result == TROWEL_MISPLACED_OPT ||
      \result == TROWEL_SECOND_OPT; */
static enum trowel_status find_opt_fault(
	const struct trowel_message *message, size_t index, size_t owner)
{
	if (index < (size_t)message->counts[TROWEL_ANSWER] +
				message->counts[TROWEL_AUTHORITY] ||
		!tw_name_is_root_at(message->octets, message->length, owner))
		return TROWEL_MISPLACED_OPT;
	return message->edns.present ? TROWEL_SECOND_OPT : TROWEL_OK;
}

/* Takes a good OPT, whose type is at `fixed`. */
/*@ requires tw_message_is_open(message);
    requires fixed + RECORD_FIXED <= end <= message->length;
    assigns message->edns;
    ensures tw_message_is_open(message);
    ensures message->length == \old(message->length); */
static inline void take_opt(
	struct trowel_message *message, size_t fixed, size_t end)
{
	tw_edns_take(&message->edns, message->octets, fixed, end);
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* The OPT whose owner and type are at these offsets. Returns its end. */
/*@ requires is_open(check) && owner <= check->message->length;
    requires fixed + RECORD_FIXED <= end <= check->message->length;
    assigns check->fault, check->message->edns;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      \result == end;
    ensures tw_names_are_right(check->message); */
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
	if (status != TROWEL_OK)
		return refuse_record(check, status, position, TYPE_OPT);
	take_opt(message, fixed, end);
	return end;
}

/* RDATA in octets[start .. end) by its row. Returns its end. */
/*@ requires is_open(check) && start <= end <= check->message->length;
    assigns check->fault, check->message->names;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      \result == end;
    ensures tw_names_are_right(check->message); */
static TW_COLD size_t check_rdata(
	struct check *check, uint32_t kind, size_t start, size_t end)
{
	const struct tw_rrtype *row = tw_rrtype_of(
		(uint16_t)(kind / 65536), (uint16_t)(kind % 65536));
	enum trowel_status status;
	size_t position = start;
	size_t field;

	if (row == NULL)
		return end;
	status = tw_rdata_check(
		tw_kinds_of(row), check->message, end, &position, &field);
	if (status == TROWEL_OK)
		return end;
	return refuse_field(check, status, position, row, field);
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

/*@ predicate is_walking(struct walk *walk) =
      \valid(walk) && tw_message_is_open(walk->message) &&
      walk->message->length >= HEADER_SIZE &&
      walk->octets == walk->message->octets &&
      walk->last == walk->message->length - RECORD_FIXED &&
      walk->position <= walk->message->length && \separated(walk,
        walk->message,
        walk->message->octets + (0 .. walk->message->length - 1)); */

/* Passes the owner. Mostly it is a pointer to a name that is known, or the
 * root. */
/*@ requires is_walking(walk);
    requires is_kept(walk->message, walk->index, walk->message->length);
    assigns walk->owner, walk->fixed, walk->message->names;
    ensures \result ==> walk->position < walk->fixed <= walk->last;
    ensures \result ==> walk->owner <= TROWEL_MESSAGE_MAX;
    ensures walk->message->length == \old(walk->message->length);
    ensures is_kept(walk->message, walk->index, walk->message->length);
    ensures tw_names_are_right(walk->message); */
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

/*@ requires is_walking(walk) && walk->position < walk->message->length;
    assigns \nothing;
    ensures \result ==> rdata_length == 0; */
static inline bool is_plain_opt(const struct walk *walk, size_t rdata_length)
{
	const struct trowel_message *message = walk->message;

	return rdata_length == 0 && walk->octets[walk->position] == 0 &&
		walk->index >= (size_t)message->counts[TROWEL_ANSWER] +
			message->counts[TROWEL_AUTHORITY] &&
		!message->edns.present;
}

/* Passes RDATA of the common types. */
/*@ requires is_walking(walk);
    requires is_kept(walk->message, walk->index + 1, walk->message->length);
    requires walk->position < walk->fixed;
    requires rdata_length <= 65535 &&
      walk->fixed + RECORD_FIXED + rdata_length <= walk->message->length;
    assigns walk->message->names, walk->message->edns;
    ensures walk->message->length == \old(walk->message->length);
    ensures is_kept(walk->message, walk->index + 1, walk->message->length);
    ensures tw_names_are_right(walk->message); */
static inline bool pass_data(
	const struct walk *walk, uint32_t kind, size_t rdata_length)
{
	struct trowel_message *message = walk->message;
	size_t rdata = walk->fixed + RECORD_FIXED;
	size_t end = rdata + rdata_length;

	if ((kind == KIND_A && rdata_length == 4) ||
		(kind == KIND_AAAA && rdata_length == 16))
		return true;
	if (kind == KIND_NS || kind == KIND_CNAME)
		return tw_name_pass(message, rdata, end) == end;
	if (kind / 65536 != TYPE_OPT)
		return tw_rdata_pass(message, kind, rdata, end) == end;
	if (!is_plain_opt(walk, rdata_length))
		return false;
	take_opt(message, walk->fixed, end);
	return true;
}

/*@ requires tw_message_is_open(message);
    requires owner <= TROWEL_MESSAGE_MAX && fixed <= TROWEL_MESSAGE_MAX;
    assigns message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures tw_message_is_open(message);
    ensures message->length == \old(message->length);
    ensures \forall integer i; 0 <= i < TROWEL_FIRST_RECORDS && i != index ==>
      message->first[i].fixed == \old(message->first[i].fixed);
    ensures index < TROWEL_FIRST_RECORDS ==>
      message->first[index].fixed == fixed; */
static inline void keep(struct trowel_message *message, size_t index,
	size_t owner, size_t fixed)
{
	if (index < TROWEL_FIRST_RECORDS) {
		message->first[index].owner = (uint16_t)owner;
		message->first[index].fixed = (uint16_t)fixed;
	}
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* Passes the record at walk->position, if it is good and of the common ones. */
/*@ requires is_walking(walk);
    requires is_kept(walk->message, walk->index, walk->message->length);
    assigns walk->owner, walk->fixed, walk->position, walk->message->names,
      walk->message->edns, walk->message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures is_kept(walk->message, walk->index, walk->message->length);
    ensures \result ==>
      is_kept(walk->message, walk->index + 1, walk->message->length);
    ensures \result ==> \old(walk->position) + RECORD_MIN <= walk->position <=
      walk->message->length;
    ensures !\result ==> walk->position == \old(walk->position);
    ensures tw_names_are_right(walk->message); */
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
	/*@ assert is_kept(walk->message, walk->index + 1,
	      walk->message->length); */
	kind = tw_u32_at(walk->octets, walk->fixed);
	if (!pass_data(walk, kind, rdata_length))
		return false;
	walk->position = end;
	return true;
}

/* The rest of the record whose owner and type are at these offsets. Returns its
 * end. */
/*@ requires is_open(check) && owner <= check->message->length;
    requires fixed + RECORD_FIXED <= end <= check->message->length;
    assigns check->fault, check->message->names, check->message->edns;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      \result == end;
    ensures check->message->length == \old(check->message->length);
    ensures \forall integer i; 0 <= i < TROWEL_FIRST_RECORDS ==>
      check->message->first[i].fixed ==
      \old(check->message->first[i].fixed);
    ensures tw_names_are_right(check->message); */
static inline size_t check_data(struct check *check, size_t index, size_t owner,
	size_t fixed, size_t end)
{
	const uint8_t *octets = check->message->octets;

	if (tw_u16_at(octets, fixed) == TYPE_OPT)
		return check_opt(check, index, owner, fixed, end);
	return check_rdata(
		check, tw_u32_at(octets, fixed), fixed + RECORD_FIXED, end);
}

/* Returns the end of the record from `start`, where type and the rest of its
 * fixed part stand at *fixed. */
/*@ requires is_open(check) && start <= check->message->length;
    requires \valid(fixed) && \separated(fixed, check, check->message,
      check->message->octets + (0 .. check->message->length - 1));
    assigns check->fault, check->message->names, *fixed;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      start < *fixed && *fixed + RECORD_FIXED <= \result <=
      check->message->length;
    ensures tw_names_are_right(check->message); */
static inline size_t check_bounds(
	struct check *check, size_t start, size_t *fixed)
{
	struct trowel_message *message = check->message;
	size_t at;
	size_t end;
	enum trowel_status status;

	*fixed = start;
	status = tw_name_check(message, message->length, fixed);
	at = *fixed;
	if (status != TROWEL_OK)
		return refuse(check, status, at);
	if (message->length - at < RECORD_FIXED)
		return refuse(check, TROWEL_CUT_SHORT, at);
	end = at + RECORD_FIXED + tw_u16_at(message->octets, at + 8);
	if (end > message->length)
		return refuse_record(check, TROWEL_CUT_SHORT, at + 8,
			tw_u16_at(message->octets, at));
	return end;
}

/* Checks a record that pass_record() did not pass: any, by the whole rule.
 * Returns its end. */
/*@ requires is_open(check) && start <= check->message->length;
    requires is_kept(check->message, index, check->message->length);
    assigns check->fault, check->index, check->position, check->message->names,
      check->message->edns,
      check->message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures is_kept(check->message, index, check->message->length);
    ensures check->index == index && check->position == start;
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK ||
      start + RECORD_MIN <= \result <= check->message->length;
    ensures \result != TW_NOWHERE ==>
      is_kept(check->message, index + 1, check->message->length);
    ensures tw_names_are_right(check->message); */
static TW_COLD size_t check_record(
	struct check *check, size_t index, size_t start)
{
	struct trowel_message *message = check->message;
	size_t fixed;
	size_t end = check_bounds(check, start, &fixed);

	check->index = index;
	check->position = start;
	//@ assert is_open(check) && is_kept(message, index, message->length);
	if (end == TW_NOWHERE)
		return TW_NOWHERE;
	keep(message, index,
		tw_name_origin(message->octets, message->length, start), fixed);
	//@ assert is_kept(message, index + 1, message->length);
	return check_data(check, index, start, fixed, end);
}

/* Returns the end of so many records, the first of which is at `position`. */
/*@ requires is_open(check) && message == check->message;
    requires HEADER_SIZE <= position <= message->length;
    assigns check->fault, check->index, check->position, message->names,
      message->edns, message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures \result == TW_NOWHERE && check->fault.status != TROWEL_OK &&
      RECORD_MIN * check->index <= message->length - HEADER_SIZE &&
      check->position <= message->length &&
      is_kept(message, check->index, message->length) ||
      position <= \result <= message->length &&
      RECORD_MIN * count <= message->length - HEADER_SIZE &&
      is_kept(message, count, message->length);
    ensures tw_names_are_right(message); */
static inline size_t check_records(struct check *check,
	struct trowel_message *message, size_t count, size_t position)
{
	struct walk walk = { message, message->octets,
		(size_t)message->length - RECORD_FIXED, 0, position, 0, 0 };

	/*@ loop invariant 0 <= walk.index <= count;
	    loop invariant position <= walk.position <= message->length;
	    loop invariant RECORD_MIN * walk.index <=
	      walk.position - HEADER_SIZE;
	    loop invariant is_kept(message, walk.index, message->length);
	    loop invariant tw_names_are_right(message);
	    loop assigns walk.index, walk.position, walk.owner, walk.fixed,
	      check->fault, check->index, check->position,
	      message->names, message->edns,
	      message->first[0 .. TROWEL_FIRST_RECORDS - 1];
	    loop variant count - walk.index; */
	for (; walk.index < count; walk.index++) {
		if (pass_record(&walk)) {
			//@ assert is_kept(message, walk.index + 1, message->length);
			continue;
		}
		walk.position = check_record(check, walk.index, walk.position);
		if (walk.position == TW_NOWHERE)
			break;
		//@ assert is_kept(message, walk.index + 1, message->length);
	}
	return walk.position;
}

/* Leaves so many records in a section, and none behind it. */
/*@ requires tw_message_is_open(message) && section <= TROWEL_ADDITIONAL;
    requires index <= 65535;
    assigns message->counts[0 .. 3], message->ends[0 .. 3];
    ensures tw_names_stay{Pre, Post}(message);
    ensures message->ends[3] == ((section > 1 ? \old(message->counts[1]) : 0) +
      (section > 2 ? \old(message->counts[2]) : 0) +
      (section > 0 ? index : 0)) % 65536; */
static inline void cut_counts(
	struct trowel_message *message, uint8_t section, size_t index)
{
	uint16_t *counts = message->counts;

	counts[section] = (uint16_t)index;
	if (section < TROWEL_ANSWER)
		counts[TROWEL_ANSWER] = 0;
	if (section < TROWEL_AUTHORITY)
		counts[TROWEL_AUTHORITY] = 0;
	if (section < TROWEL_ADDITIONAL)
		counts[TROWEL_ADDITIONAL] = 0;
	//@ assert tw_names_stay{Pre, Here}(message);
	put_ends(message);
}

/* Where the first record begins. */
/*@ requires tw_message_is_open(message) && position <= TROWEL_MESSAGE_MAX;
    assigns message->records;
    ensures tw_message_is_open(message); */
static inline void put_records(struct trowel_message *message, size_t position)
{
	message->records = (uint16_t)position;
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* Where the last record ends. */
/*@ requires tw_message_is_open(message) && position <= TROWEL_MESSAGE_MAX;
    assigns message->end;
    ensures tw_message_is_open(message) && message->end == position; */
static inline void put_end(struct trowel_message *message, size_t position)
{
	message->end = (uint16_t)position;
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* Ends the message before what is at fault, in this section or behind it. */
/*@ requires is_begun(check);
    requires is_placed(check, section);
    assigns check->fault, check->message->counts[0 .. 3],
      check->message->ends[0 .. 3], check->message->records,
      check->message->end;
    ensures check->fault.status == \old(check->fault.status);
    ensures is_ended(check->message, \old(check->message->length));
    ensures is_begun(check) && tw_names_stay{Pre, Post}(check->message); */
static inline void cut_message(struct check *check, uint8_t section)
{
	struct trowel_message *message = check->message;
	const uint16_t *counts = message->counts;
	size_t index = check->index;

	/*@ loop invariant \at(section, Pre) <= section <= TROWEL_ADDITIONAL;
	    loop invariant section <= 1 ==> index == check->index;
	    loop invariant section == 2 ==> index + counts[1] == check->index;
	    loop invariant section == 3 ==>
	      index + counts[1] + counts[2] == check->index;
	    loop invariant \at(section, Pre) == 0 ==> section == 0;
	    loop assigns section, index;
	    loop variant TROWEL_ADDITIONAL - section; */
	for (; section > TROWEL_QUESTION && section < TROWEL_ADDITIONAL &&
		index >= counts[section];
		section++)
		index -= counts[section];
	if (section == TROWEL_QUESTION)
		put_records(message, check->position);
	put_end(message, check->position);
	check->fault.section = section;
	check->fault.record = (uint16_t)index;
	//@ assert tw_names_stay{Pre, Here}(message);
	cut_counts(message, section, index);
	//@ assert tw_names_stay{Pre, Here}(message);
}

/* Tells the caller of the fault, if it wants to know. */
/*@ requires is_begun(check) && is_reporting(check);
    assigns *check->report;
    ensures check->fault.status == \old(check->fault.status);
    ensures tw_names_are_right(\old(check->message)); */
static inline void report(struct check *check)
{
	if (check->report == NULL)
		return;
	*check->report = check->fault;
	//@ assert check->message == \at(check->message, Pre);
	//@ assert check->message->octets == \at(check->message->octets, Pre);
	//@ assert check->message->length == \at(check->message->length, Pre);
	/*@ assert \forall integer k; 0 <= k < 64 ==>
	      check->message->names.offsets[k] ==
	      \at(check->message->names.offsets[k], Pre); */
	/*@ assert \forall integer k; 0 <= k < 64 ==>
	      check->message->names.sizes[k] ==
	      \at(check->message->names.sizes[k], Pre); */
	/*@ assert \forall integer k; 0 <= k < 64 ==>
	      check->message->names.runs[k] ==
	      \at(check->message->names.runs[k], Pre); */
	/*@ assert \forall integer k; 0 <= k < check->message->length ==>
	      check->message->octets[k] == \at(check->message->octets[k], Pre); */
	//@ assert tw_names_stay{Pre, Here}(check->message);
}

/* Likewise, and reports the fault. */
/*@ requires is_begun(check);
    requires is_reporting(check);
    requires is_placed(check, section);
    assigns check->fault, *check->report, check->message->counts[0 .. 3],
      check->message->ends[0 .. 3], check->message->records,
      check->message->end;
    ensures \result == \old(check->fault.status);
    ensures is_ended(\old(check->message), \old(check->message->length));
    ensures tw_names_are_right(\old(check->message)); */
static TW_COLD enum trowel_status cut(struct check *check, uint8_t section)
{
	cut_message(check, section);
	report(check);
	return check->fault.status;
}

/* A message of which nothing is known but its octets. */
/*@ requires \valid(message) && length <= TROWEL_MESSAGE_MAX;
    assigns message->octets \from octets;
    assigns message->length, message->edns, message->names;
    ensures message->octets == octets && message->length == length;
    ensures !message->edns.present;
    ensures tw_names_are_right(message); */
static inline void begin(
	struct trowel_message *message, const uint8_t *octets, size_t length)
{
	message->edns = (struct trowel_edns){ 0 };
	/* The proof does not see it above. */
	message->edns.present = false;
	tw_names_init(message, octets, length);
}

/* A message without an octet. */
/*@ requires \valid(message);
    assigns *message;
    ensures message->length == 0 && message->octets == \null;
    ensures !message->edns.present;
    ensures tw_names_are_right(message); */
static inline void clear(struct trowel_message *message)
{
	*message = (struct trowel_message){ 0 };
	begin(message, NULL, 0);
}

/*@ requires \valid(message);
    requires length < HEADER_SIZE || length > TROWEL_MESSAGE_MAX;
    requires fault == \null || \valid(fault);
    requires \separated(fault, message);
    assigns *message, *fault;
    ensures \result == TROWEL_SHORT_MESSAGE ||
      \result == TROWEL_MESSAGE_TOO_LONG;
    ensures message->length == 0 && message->ends[TROWEL_ADDITIONAL] == 0;
    ensures message->end == 0;
    ensures !message->edns.present;
    ensures tw_names_are_right(message); */
static TW_COLD enum trowel_status refuse_size(struct trowel_message *message,
	size_t length, struct trowel_fault *fault)
{
	struct check check;

	clear(message);
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

/* Checks so many records, the first of which is at `position`, and ends the
 * message behind them. */
/*@ requires is_open(check);
    requires HEADER_SIZE <= position <= check->message->length;
    requires is_reporting(check);
    requires check->message->ends[TROWEL_ADDITIONAL] == count % 65536;
    assigns check->fault, check->index, check->position, *check->report,
      check->message->names, check->message->edns,
      check->message->counts[0 .. 3], check->message->ends[0 .. 3],
      check->message->records, check->message->end,
      check->message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures is_ended(\old(check->message), \old(check->message->length));
    ensures tw_names_are_right(\old(check->message)); */
static inline enum trowel_status end_records(
	struct check *check, size_t count, size_t position)
{
	struct trowel_message *message = check->message;

	position = check_records(check, message, count, position);
	//@ assert message->length == \at(check->message->length, Pre);
	if (position != TW_NOWHERE) {
		//@ assert message->ends[TROWEL_ADDITIONAL] == count;
		put_end(message, position);
		//@ assert is_kept(message, count, message->length);
		return TROWEL_OK;
	}
	//@ assert is_kept(message, check->index, message->length);
	return cut(check, TROWEL_ANSWER);
}

/* Checks what follows the header, by which there are so many records. */
/*@ requires is_open(check) && check->index == 0;
    requires check->position == HEADER_SIZE;
    requires is_reporting(check);
    requires check->message->ends[TROWEL_ADDITIONAL] == count % 65536;
    assigns check->fault, check->index, check->position, *check->report,
      check->message->names, check->message->edns, check->message->question,
      check->message->counts[0 .. 3], check->message->ends[0 .. 3],
      check->message->records, check->message->end,
      check->message->first[0 .. TROWEL_FIRST_RECORDS - 1];
    ensures is_ended(\old(check->message), \old(check->message->length));
    ensures tw_names_are_right(\old(check->message)); */
static inline enum trowel_status check_body(struct check *check, size_t count)
{
	struct trowel_message *message = check->message;
	size_t position = message->counts[TROWEL_QUESTION] == 1
		? check_question(check, HEADER_SIZE)
		: check_questions(check);

	//@ assert check->message == message;
	//@ assert check->position <= message->length;
	//@ assert message->length == \at(check->message->length, Pre);
	if (position == TW_NOWHERE)
		return cut(check, TROWEL_QUESTION);
	//@ assert message->ends[TROWEL_ADDITIONAL] == count % 65536;
	put_records(message, position);
	//@ assert message->length == \at(check->message->length, Pre);
	return end_records(check, count, position);
}

/* Checks a message that may be one by its length. */
/*@ requires \valid(message) && \valid_read(octets + (0 .. length - 1));
    requires HEADER_SIZE <= length <= TROWEL_MESSAGE_MAX;
    requires \separated(message, octets + (0 .. length - 1));
    requires fault == \null || \valid(fault);
    requires \separated(fault, message, octets + (0 .. length - 1));
    assigns *message, *fault;
    ensures message->octets == octets;
    ensures is_ended(message, length);
    ensures tw_names_are_right(message); */
static inline enum trowel_status check_message(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	struct check check;
	size_t count;

	if (fault != NULL)
		*fault = (struct trowel_fault){ 0 };
	check.message = message;
	check.report = fault;
	check.index = 0;
	check.position = HEADER_SIZE;
	begin(message, octets, length);
	take_header(message, octets);
	count = put_ends(message);
	//@ assert message->length == length;
	return check_body(&check, count);
}

enum trowel_status trowel_message_decode(struct trowel_message *message,
	const uint8_t *octets, size_t length, struct trowel_fault *fault)
{
	if (length < HEADER_SIZE || length > TROWEL_MESSAGE_MAX)
		return refuse_size(message, length, fault);
	return check_message(message, octets, length, fault);
}

/* Where the record behind the first ones begins. */
/*@ requires \valid_read(message) && \valid_read(message->octets +
      (message->first[TROWEL_FIRST_RECORDS - 1].fixed ..
      message->first[TROWEL_FIRST_RECORDS - 1].fixed + 9));
    assigns \nothing;
    ensures \result <= 65535 + RECORD_FIXED + 65535; */
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

	if (start >= length)
		return false;
	place->owner = (uint16_t)start;
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
