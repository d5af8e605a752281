/* SPDX-License-Identifier: MIT */
/*
 * Which records answer the question (RFC 1034 3.6.2). DNAMEs need no care of
 * their own: whoever answers with one adds the CNAME that follows from it
 * (RFC 6672 3.1).
 */
#include "wire/wire.h"

#include "wire/name.h"

#define RECORD_FIXED 10
#define TYPE_CNAME 5
#define TYPE_ANY 255
#define CLASS_NONE 254
#define CLASS_ANY 255
#define ALIASES_MAX 16
/* Of these, each label and pointer that names are compared by takes one, and
 * each record that is looked at again two. A plain answer of 64 KiB takes a
 * third of it; what takes more was made to take long. */
#define STEPS_MAX 32768
#define TOP_BIT 0x8000000000000000

/* The CNAMEs and the data at the present owner, and the walk's past. */
struct walk {
	struct trowel_chain *chain;
	uint16_t owners[ALIASES_MAX + 1];
	bool has_data;
	bool has_alias;
	uint16_t target; /* of the alias */
	uint32_t ttl_s; /* likewise */
};

/*@ predicate can_compare(struct trowel_chain *chain) =
      \valid(chain) && \valid_read(chain->message) &&
      \valid_read(chain->message->octets + (0 .. chain->message->length - 1)) &&
      \separated(chain, chain->message,
        chain->message->octets + (0 .. TROWEL_MESSAGE_MAX)); */

/*@ predicate is_open(struct trowel_chain *chain) =
      \valid(chain) && tw_message_is_good(chain->message) && \separated(chain,
        chain->message, chain->message->octets + (0 .. TROWEL_MESSAGE_MAX)); */

/*@ requires can_compare(chain);
    assigns chain->steps;
    ensures chain->steps <= \old(chain->steps); */
static TW_APART bool is_equal(struct trowel_chain *chain, size_t a, size_t b)
{
	const struct trowel_message *message = chain->message;

	return tw_name_is_equal_at(
		message->octets, message->length, a, b, &chain->steps);
}

/*@ requires can_compare(chain);
    assigns chain->steps;
    ensures chain->steps <= \old(chain->steps); */
static inline bool is_same_name(
	struct trowel_chain *chain, uint16_t a, uint16_t b)
{
	return a == b || is_equal(chain, a, b);
}

/*@ requires \valid_read(chain) && \valid_read(record);
    assigns \nothing; */
static inline bool is_class_asked(
	const struct trowel_chain *chain, const struct trowel_record *record)
{
	/* RDATA of the classes NONE and ANY is opaque: RFC 2136 2.4 */
	return (record->class_code == chain->question.class_code ||
		       chain->question.class_code == CLASS_ANY) &&
		record->class_code != CLASS_NONE &&
		record->class_code != CLASS_ANY;
}

/*@ requires \valid_read(chain) && \valid_read(record);
    assigns \nothing; */
static inline bool is_type_asked(
	const struct trowel_chain *chain, const struct trowel_record *record)
{
	return record->type == chain->question.type ||
		chain->question.type == TYPE_ANY;
}

/* The next record of the answer section that can be a part of the answer, if
 * its owner is right. */
/*@ requires is_open(chain);
    requires \valid(record) && \separated(record, chain, chain->message,
      chain->message->octets + (0 .. TROWEL_MESSAGE_MAX));
    assigns chain->iterator, *record;
    ensures \result ==> record->rdata <= chain->message->length; */
static bool next_candidate(
	struct trowel_chain *chain, struct trowel_record *record)
{
	const struct trowel_message *message = chain->message;

	/*@ loop assigns chain->iterator, *record;
	    loop variant 65535 - chain->iterator.index; */
	while (chain->iterator.index < message->ends[TROWEL_ANSWER]) {
		if (!trowel_record_next(message, &chain->iterator, record))
			return false;
		if ((is_type_asked(chain, record) ||
			    record->type == TYPE_CNAME) &&
			is_class_asked(chain, record))
			return true;
	}
	return false;
}

/* The next one at the chain's present owner. */
/*@ requires is_open(chain);
    requires \valid(record) && \separated(record, chain, chain->message,
      chain->message->octets + (0 .. TROWEL_MESSAGE_MAX));
    assigns chain->iterator, chain->steps, *record;
    ensures chain->steps <= \old(chain->steps);
    ensures \result ==> chain->steps < \old(chain->steps);
    ensures \result ==> record->rdata <= chain->message->length; */
static TW_COLD bool next_at_owner(
	struct trowel_chain *chain, struct trowel_record *record)
{
	/*@ loop invariant chain->steps <= \at(chain->steps, Pre);
	    loop assigns chain->iterator, chain->steps, *record;
	    loop variant chain->steps; */
	while (chain->steps > 1 && next_candidate(chain, record)) {
		chain->steps -= 2;
		if (is_same_name(chain, chain->owner, record->owner))
			return true;
	}
	return false;
}

/*@ predicate is_walking(struct walk *walk) =
      \valid(walk) && can_compare(walk->chain) && \separated(walk, walk->chain,
        walk->chain->message,
        walk->chain->message->octets + (0 .. TROWEL_MESSAGE_MAX)); */

/*@ requires is_walking(walk) && \valid_read(record);
    requires record->rdata <= walk->chain->message->length;
    requires \separated(record, walk, walk->chain);
    assigns walk->has_data, walk->has_alias, walk->ttl_s, walk->target,
      walk->chain->steps;
    ensures walk->chain->steps <= \old(walk->chain->steps); */
static enum trowel_status look_at(
	struct walk *walk, const struct trowel_record *record)
{
	const struct trowel_message *message = walk->chain->message;
	uint16_t target;

	if (record->type != TYPE_CNAME) {
		walk->has_data = true;
		return walk->has_alias ? TROWEL_ALIAS_CONFLICT : TROWEL_OK;
	}
	target = (uint16_t)tw_name_origin(
		message->octets, message->length, record->rdata);
	if (walk->has_data ||
		(walk->has_alias &&
			!is_same_name(walk->chain, walk->target, target)))
		return TROWEL_ALIAS_CONFLICT;
	if (!walk->has_alias || trowel_record_ttl_s(record) < walk->ttl_s)
		walk->ttl_s = trowel_record_ttl_s(record);
	walk->has_alias = true;
	walk->target = target;
	return TROWEL_OK;
}

/* First labels of other lengths or with other ends: most names that differ. */
/*@ requires \valid_read(message);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    assigns \nothing; */
static bool is_unlike(const struct trowel_message *message, size_t a, size_t b)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t count;

	if (a >= length || b >= length || octets[a] >= TW_LABEL_END ||
		octets[b] >= TW_LABEL_END)
		return false;
	count = octets[a];
	if (count != octets[b])
		return true;
	return a + count < length && b + count < length &&
		tw_lower(octets[a + count]) != tw_lower(octets[b + count]);
}

/*@ requires can_compare(chain) && \valid_read(owners + (0 .. count - 1));
    requires \separated(chain, owners + (0 .. count - 1));
    assigns chain->steps;
    ensures chain->steps <= \old(chain->steps); */
static TW_COLD bool is_among(struct trowel_chain *chain, const uint16_t *owners,
	size_t count, uint16_t name)
{
	/*@ loop invariant 0 <= i <= count;
	    loop invariant chain->steps <= \at(chain->steps, Pre);
	    loop assigns i, chain->steps;
	    loop variant count - i; */
	for (size_t i = 0; i < count; i++)
		if (!is_unlike(chain->message, owners[i], name) &&
			is_same_name(chain, owners[i], name))
			return true;
	return false;
}

/* Goes on to the alias's target, which must be new. */
/*@ requires is_walking(walk) && walk->chain->alias_count <= ALIASES_MAX;
    requires tw_message_is_good(walk->chain->message);
    assigns walk->owners[0 .. ALIASES_MAX], walk->chain->alias_count,
      walk->chain->owner, walk->chain->ttl_s, walk->chain->steps;
    ensures walk->chain->steps <= \old(walk->chain->steps);
    ensures tw_message_is_good(walk->chain->message);
    ensures walk->chain->alias_count <= ALIASES_MAX;
    ensures \result == TROWEL_OK ==> walk->chain->alias_count ==
      \old(walk->chain->alias_count) + 1; */
static enum trowel_status follow(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;

	size_t count = chain->alias_count;

	if (count == ALIASES_MAX)
		return TROWEL_ALIAS_LOOP;
	walk->owners[count] = chain->owner;
	chain->alias_count++;
	if (is_among(chain, walk->owners, count + 1, walk->target))
		return TROWEL_ALIAS_LOOP;
	chain->owner = walk->target;
	if (walk->ttl_s < chain->ttl_s)
		chain->ttl_s = walk->ttl_s;
	return TROWEL_OK;
}

/*@ requires \valid(walk) && \valid(walk->chain);
    requires \separated(walk, walk->chain);
    assigns walk->chain->iterator, walk->has_alias, walk->has_data; */
static void restart(struct walk *walk)
{
	walk->chain->iterator = (struct trowel_iterator){ 0 };
	walk->has_alias = false;
	walk->has_data = false;
}

/* Looks around at the present owner. */
/*@ requires is_walking(walk) && tw_message_is_good(walk->chain->message);
    assigns walk->has_data, walk->has_alias, walk->ttl_s, walk->target,
      walk->chain->iterator, walk->chain->steps;
    ensures tw_message_is_good(walk->chain->message); */
static inline enum trowel_status look_around(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;
	struct trowel_record record;
	enum trowel_status status = TROWEL_OK;

	restart(walk);
	/*@ loop invariant is_walking(walk);
	    loop invariant tw_message_is_good(chain->message);
	    loop assigns walk->has_data, walk->has_alias, walk->ttl_s,
	      walk->target, record, status, chain->iterator, chain->steps;
	    loop variant chain->steps; */
	while (status == TROWEL_OK && next_at_owner(chain, &record))
		status = look_at(walk, &record);
	return status;
}

/* Looks around at each owner of the chain in turn: for records in any order,
 * with strangers among them. */
/*@ requires is_open(chain) && chain->alias_count == 0;
    assigns chain->iterator, chain->alias_count, chain->owner, chain->ttl_s,
      chain->steps;
    ensures chain->alias_count <= ALIASES_MAX; */
static TW_COLD enum trowel_status search(struct trowel_chain *chain)
{
	struct walk the_walk = { .chain = chain };
	struct walk *walk = &the_walk;
	enum trowel_status status;

	/*@ loop invariant chain->alias_count <= ALIASES_MAX;
	    loop invariant is_walking(&the_walk) && the_walk.chain == chain;
	    loop invariant tw_message_is_good(chain->message);
	    loop assigns the_walk.owners[0 .. ALIASES_MAX], the_walk.has_data,
	      the_walk.has_alias, the_walk.target, the_walk.ttl_s, status,
	      chain->iterator, chain->alias_count, chain->owner, chain->ttl_s,
	      chain->steps;
	    loop variant ALIASES_MAX - chain->alias_count; */
	do {
		status = look_around(walk);
		if (status == TROWEL_OK && walk->has_alias)
			status = follow(walk);
	} while (status == TROWEL_OK && walk->has_alias);
	return chain->steps > 1 ? status : TROWEL_ALIAS_LOOP;
}

/* A bit for the length of the name at an offset, all if that is not known: names
 * of other lengths are different. */
/*@ requires \valid_read(message);
    assigns \nothing; */
static inline uint64_t length_bit(
	const struct trowel_message *message, uint16_t offset)
{
	return tw_names_has(message, offset)
		? TOP_BIT >> tw_names_size(message, offset) % 64
		: UINT64_MAX;
}

/* Whether none of the owners from `clash` on is among those before it. */
/*@ requires can_compare(chain) && \valid_read(owners + (0 .. count - 1));
    requires \separated(chain, owners + (0 .. count - 1)) && clash <= count;
    assigns chain->steps; */
static TW_COLD bool are_distinct(struct trowel_chain *chain,
	const uint16_t *owners, size_t clash, size_t count)
{
	/*@ loop invariant clash <= i <= count;
	    loop assigns i, chain->steps;
	    loop variant count - i; */
	for (size_t i = clash; i < count; i++)
		if (is_among(chain, owners, i, owners[i]))
			return false;
	return true;
}

/* Passes the data of the kind asked behind the CNAMEs, from `index` on. Returns
 * the index behind those that follow the last CNAME, which ends at `behind`, or
 * TW_NOWHERE: they are not all at `owner`, or another CNAME comes. */
/*@ requires behind <= index <= message->ends[TROWEL_ANSWER];
    requires tw_message_is_good(message);
    requires message->ends[TROWEL_ANSWER] <= TROWEL_FIRST_RECORDS &&
      message->ends[TROWEL_ANSWER] <= message->ends[TROWEL_ADDITIONAL];
    assigns \nothing;
    ensures \result == TW_NOWHERE ||
      \result <= message->ends[TROWEL_ANSWER]; */
static inline size_t run_through_data(const struct trowel_message *message,
	size_t index, size_t behind, uint16_t owner, uint32_t asked)
{
	const struct trowel_place *first = message->first;
	size_t count = message->ends[TROWEL_ANSWER];
	uint32_t alias = TW_KIND_OF(TYPE_CNAME, asked % 65536);

	if (index == behind) {
		/*@ loop invariant 0 <= index <= count;
		    loop assigns index;
		    loop variant count - index; */
		while (index < count && first[index].owner == owner &&
			tw_u32_at(message->octets, first[index].fixed) == asked)
			index++;
		behind = index;
	}
	/*@ loop invariant 0 <= index <= count;
	    loop assigns index;
	    loop variant count - index; */
	for (; index < count; index++) {
		uint32_t kind = tw_u32_at(message->octets, first[index].fixed);

		if (kind == alias ||
			(kind == asked && first[index].owner != owner))
			return TW_NOWHERE;
	}
	return behind;
}

/* Goes through a short answer in which each CNAME stands before what it leads
 * to, nothing else does, and owners are told by their offsets: the usual one, in
 * one pass. False: it is not such. */
/*@ requires is_open(chain);
    requires chain->message->ends[TROWEL_ANSWER] <=
      chain->message->ends[TROWEL_ADDITIONAL];
    assigns chain->iterator, chain->owner, chain->plain, chain->alias_count,
      chain->ttl_s, chain->steps;
    ensures \result ==> chain->plain <= TROWEL_FIRST_RECORDS &&
      chain->plain <= chain->message->ends[TROWEL_ADDITIONAL] &&
      chain->alias_count <= ALIASES_MAX; */
static inline bool run_through(struct trowel_chain *chain)
{
	const struct trowel_message *message = chain->message;
	uint32_t class_code = chain->question.class_code;
	uint32_t asked = TW_KIND_OF(chain->question.type, class_code);
	uint32_t alias = TW_KIND_OF(TYPE_CNAME, class_code);
	uint16_t owners[ALIASES_MAX + 1];
	uint16_t owner = chain->question.name;
	uint32_t ttl_s = UINT32_MAX;
	uint64_t lengths = length_bit(message, owner);
	size_t count = message->ends[TROWEL_ANSWER];
	size_t aliases = 0;
	size_t clash = ALIASES_MAX + 1; /* the first owner as long as another */
	size_t behind = 0; /* the last CNAME */
	size_t i;

	if (alias == asked || chain->question.type == TYPE_ANY ||
		class_code >= CLASS_NONE || count > TROWEL_FIRST_RECORDS ||
		message->end > message->length)
		return false;
	/*@ loop invariant behind <= i <= count && aliases <= ALIASES_MAX;
	    loop assigns i, owners[0 .. ALIASES_MAX], owner, ttl_s, lengths,
	      aliases, clash, behind;
	    loop variant count - i; */
	for (i = 0; i < count; i++) {
		size_t fixed = message->first[i].fixed;
		uint32_t kind = tw_u32_at(message->octets, fixed);
		uint32_t ttl;
		uint64_t bit;

		if (kind == asked)
			break;
		if (kind != alias)
			continue;
		if (owner != message->first[i].owner ||
			aliases == ALIASES_MAX ||
			fixed + RECORD_FIXED > message->length)
			return false;
		owners[aliases] = owner;
		aliases++;
		owner = (uint16_t)tw_name_origin(
			message->octets, message->length, fixed + RECORD_FIXED);
		bit = length_bit(message, owner);
		if ((lengths & bit) != 0 && clash > aliases)
			clash = aliases;
		lengths |= bit;
		ttl = tw_u32_at(message->octets, fixed + 4);
		if (ttl > 0x7FFFFFFF)
			ttl = 0;
		if (ttl < ttl_s)
			ttl_s = ttl;
		behind = i + 1;
	}
	chain->iterator = (struct trowel_iterator){ .index = (uint16_t)behind };
	behind = run_through_data(message, i, behind, owner, asked);
	if (behind == TW_NOWHERE)
		return false;
	owners[aliases] = owner;
	chain->owner = owner;
	chain->plain = (uint16_t)behind;
	chain->alias_count = (uint8_t)aliases;
	chain->ttl_s = ttl_s;
	return clash > aliases ||
		are_distinct(chain, owners, clash, aliases + 1);
}

/*@ requires is_open(chain);
    assigns chain->iterator, chain->owner, chain->alias_count, chain->plain,
      chain->ttl_s, chain->steps;
    ensures is_open(chain);
    ensures chain->alias_count == 0 && chain->plain == 0; */
static inline void begin(struct trowel_chain *chain)
{
	chain->iterator = (struct trowel_iterator){ 0 };
	chain->owner = chain->question.name;
	chain->alias_count = 0;
	chain->plain = 0;
	chain->ttl_s = UINT32_MAX;
	chain->steps = STEPS_MAX;
}

/* Goes through any other answer, and what is none. */
/*@ requires is_open(chain);
    assigns chain->iterator, chain->owner, chain->alias_count, chain->plain,
      chain->question, chain->ttl_s, chain->steps;
    ensures chain->plain == 0 && chain->alias_count <= ALIASES_MAX; */
static TW_COLD enum trowel_status look_through(
	struct trowel_chain *chain, bool is_asked)
{
	enum trowel_status status;

	if (!is_asked)
		chain->question = (struct trowel_question){ 0 };
	begin(chain);
	if (!is_asked)
		return TROWEL_BAD_ARGUMENT;
	if (chain->question.type == TYPE_CNAME ||
		chain->question.type == TYPE_ANY)
		return TROWEL_OK;
	status = search(chain);
	chain->iterator = (struct trowel_iterator){ 0 };
	/* To pick them out takes no more than the last look around did. */
	chain->steps = STEPS_MAX;
	return status;
}

enum trowel_status trowel_chain_start(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	bool is_asked = trowel_message_question(message, &chain->question);

	chain->message = message;
	chain->steps = STEPS_MAX;
	//@ assert is_open(chain);
	return is_asked && run_through(chain) ? TROWEL_OK
					      : look_through(chain, is_asked);
}

bool trowel_chain_find(struct trowel_chain *chain, struct trowel_record *record)
{
	/*@ loop invariant is_open(chain);
	    loop assigns chain->iterator, chain->steps, *record;
	    loop variant chain->steps; */
	while (next_at_owner(chain, record))
		if (is_type_asked(chain, record))
			return true;
	return false;
}
