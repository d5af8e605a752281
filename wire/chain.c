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

/* The CNAMEs and the data at the present owner, and the walk's past. */
struct walk {
	struct trowel_chain *chain;
	uint16_t owners[ALIASES_MAX + 1];
	bool has_data;
	bool has_alias;
	uint16_t target; /* of the alias */
	uint32_t ttl_s; /* likewise */
};

static TW_APART bool is_equal(struct trowel_chain *chain, size_t a, size_t b)
{
	const struct trowel_message *message = chain->message;

	return tw_name_is_equal_at(
		message->octets, message->length, a, b, &chain->steps);
}

static inline bool is_same_name(
	struct trowel_chain *chain, uint16_t a, uint16_t b)
{
	return a == b || is_equal(chain, a, b);
}

static inline bool is_class_asked(
	const struct trowel_chain *chain, const struct trowel_record *record)
{
	/* RDATA of the classes NONE and ANY is opaque: RFC 2136 2.4 */
	return (record->class_code == chain->question.class_code ||
		       chain->question.class_code == CLASS_ANY) &&
		record->class_code != CLASS_NONE &&
		record->class_code != CLASS_ANY;
}

static inline bool is_type_asked(
	const struct trowel_chain *chain, const struct trowel_record *record)
{
	return record->type == chain->question.type ||
		chain->question.type == TYPE_ANY;
}

/* The next record of the answer section that can be a part of the answer, if
 * its owner is right. */
static bool next_candidate(
	struct trowel_chain *chain, struct trowel_record *record)
{
	const struct trowel_message *message = chain->message;

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
static TW_COLD bool next_at_owner(
	struct trowel_chain *chain, struct trowel_record *record)
{
	while (chain->steps > 1 && next_candidate(chain, record)) {
		chain->steps -= 2;
		if (is_same_name(chain, chain->owner, record->owner))
			return true;
	}
	return false;
}

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

static TW_COLD bool is_among(struct trowel_chain *chain, const uint16_t *owners,
	size_t count, uint16_t name)
{
	for (size_t i = 0; i < count; i++)
		if (!is_unlike(chain->message, owners[i], name) &&
			is_same_name(chain, owners[i], name))
			return true;
	return false;
}

/* Goes on to the alias's target, which must be new. */
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

static void restart(struct walk *walk)
{
	walk->chain->iterator = (struct trowel_iterator){ 0 };
	walk->has_alias = false;
	walk->has_data = false;
}

/* Looks around at each owner of the chain in turn: for records in any order,
 * with strangers among them. */
static TW_COLD enum trowel_status search(struct trowel_chain *chain)
{
	struct walk the_walk = { .chain = chain };
	struct walk *walk = &the_walk;
	struct trowel_record record;
	enum trowel_status status = TROWEL_OK;

	do {
		restart(walk);
		while (status == TROWEL_OK && next_at_owner(chain, &record))
			status = look_at(walk, &record);
		if (status == TROWEL_OK && walk->has_alias)
			status = follow(walk);
	} while (status == TROWEL_OK && walk->has_alias);
	return chain->steps > 1 ? status : TROWEL_ALIAS_LOOP;
}

/* A bit for the length of the name at an offset, all if that is not known: names
 * of other lengths are different. */
static inline uint64_t length_bit(
	const struct trowel_message *message, uint16_t offset)
{
	return tw_names_has(message, offset)
		? (uint64_t)1 << tw_names_size(message, offset) % 64
		: UINT64_MAX;
}

/* Whether none of the owners from `clash` on is among those before it. */
static TW_COLD bool are_distinct(struct trowel_chain *chain,
	const uint16_t *owners, size_t clash, size_t count)
{
	for (size_t i = clash; i < count; i++)
		if (is_among(chain, owners, i, owners[i]))
			return false;
	return true;
}

/* The target of a CNAME, behind the pointer that it begins with, if it does. */
static inline uint16_t target_of(const uint8_t *octets, size_t rdata)
{
	return (uint16_t)(octets[rdata] >= TW_POINTER
			? tw_target_at(octets, rdata)
			: rdata);
}

/* Passes the data of the kind asked behind the CNAMEs, from `index` on. Returns
 * the index behind those that follow the last CNAME, which ends at `behind`, or
 * TW_NOWHERE: they are not all at `owner`, or another CNAME comes. */
static inline size_t run_through_data(const struct trowel_message *message,
	size_t index, size_t behind, uint16_t owner, uint32_t asked)
{
	const struct trowel_place *first = message->first;
	size_t count = message->ends[TROWEL_ANSWER];
	uint32_t alias = TW_KIND_OF(TYPE_CNAME, asked % 65536);

	if (index == behind) {
		while (index < count && first[index].owner == owner &&
			tw_u32_at(message->octets, first[index].fixed) == asked)
			index++;
		behind = index;
	}
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
	for (i = 0; i < count; i++) {
		size_t fixed = message->first[i].fixed;
		uint32_t kind = tw_u32_at(message->octets, fixed);
		uint32_t ttl;
		uint64_t bit;

		if (kind == asked)
			break;
		if (kind != alias)
			continue;
		if (owner != message->first[i].owner || aliases == ALIASES_MAX)
			return false;
		owners[aliases] = owner;
		aliases++;
		owner = target_of(message->octets, fixed + RECORD_FIXED);
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

static inline void begin(struct trowel_chain *chain)
{
	chain->iterator = (struct trowel_iterator){ 0 };
	chain->owner = chain->question.name;
	chain->alias_count = 0;
	chain->plain = 0;
	chain->ttl_s = UINT32_MAX;
	chain->steps = STEPS_MAX;
}

enum trowel_status trowel_chain_start(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	bool is_asked = trowel_message_question(message, &chain->question);
	enum trowel_status status;

	chain->message = message;
	chain->steps = STEPS_MAX;
	if (is_asked && run_through(chain))
		return TROWEL_OK;
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

bool trowel_chain_find(struct trowel_chain *chain, struct trowel_record *record)
{
	while (next_at_owner(chain, record))
		if (is_type_asked(chain, record))
			return true;
	return false;
}
