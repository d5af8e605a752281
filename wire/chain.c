/* SPDX-License-Identifier: MIT */
/*
 * Which records answer the question (RFC 1034 3.6.2). DNAMEs need no care of
 * their own: whoever answers with one adds the CNAME that follows from it
 * (RFC 6672 3.1).
 */
#include "wire/wire.h"

#include "wire/name.h"

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
static bool next_at_owner(
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

static bool is_among(struct trowel_chain *chain, const uint16_t *owners,
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

static TW_COLD size_t length_of(
	const struct trowel_message *message, uint16_t offset)
{
	struct trowel_name name;

	return trowel_message_name(message, offset, &name);
}

/* Names of other lengths are different. Marks the length of the name at an
 * offset. False if one like it is marked. */
static inline bool mark_length(const struct trowel_message *message,
	uint16_t offset, uint64_t *lengths)
{
	size_t length = tw_names_has(message, offset)
		? tw_names_size(message, offset)
		: length_of(message, offset);
	uint64_t mark = (uint64_t)1 << length % 64;
	bool is_new = (*lengths & mark) == 0;

	*lengths |= mark;
	return is_new;
}

static inline void begin(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	chain->message = message;
	chain->iterator = (struct trowel_iterator){ 0 };
	chain->owner = chain->question.name;
	chain->alias_count = 0;
	chain->plain = 0;
	chain->ttl_s = UINT32_MAX;
	chain->steps = STEPS_MAX;
}

/* Goes through a short answer in which each CNAME stands before what it leads
 * to, and nothing else does: the usual one, in one pass. False: it is not such.
 */
static inline bool run_through(struct trowel_chain *chain)
{
	const struct trowel_message *message = chain->message;
	uint32_t class_code = chain->question.class_code;
	uint32_t asked = TW_KIND_OF(chain->question.type, class_code);
	uint16_t owners[ALIASES_MAX + 1];
	uint16_t owner = chain->owner;
	uint32_t ttl_s = UINT32_MAX;
	uint64_t lengths = 0;
	size_t count = message->ends[TROWEL_ANSWER];
	size_t aliases = 0;
	size_t data = 0; /* how many there are */
	size_t plain = 0; /* index behind those that follow the last CNAME */

	if (class_code >= CLASS_NONE || count > TROWEL_FIRST_RECORDS)
		return false;
	mark_length(message, owner, &lengths);
	for (size_t i = 0; i < count; i++) {
		const struct trowel_kept *kept = &message->first[i];
		uint32_t kind = (uint32_t)(kept->fixed / 0x100000000);
		uint32_t ttl = (uint32_t)(kept->fixed % 0x100000000);

		if (kind != asked && kind != TW_KIND_OF(TYPE_CNAME, class_code))
			continue;
		if (!is_same_name(chain, owner, kept->owner))
			return false;
		if (kind == asked) {
			data++;
			if (plain == i)
				plain = i + 1;
			continue;
		}
		if (data > 0 || aliases == ALIASES_MAX)
			return false;
		owners[aliases] = owner;
		aliases++;
		owner = (uint16_t)tw_name_origin(
			message->octets, message->length, kept->rdata);
		if (!mark_length(message, owner, &lengths) &&
			is_among(chain, owners, aliases, owner))
			return false;
		if (ttl > 0x7FFFFFFF)
			ttl = 0;
		if (ttl < ttl_s)
			ttl_s = ttl;
		chain->iterator.index = (uint16_t)(i + 1);
		plain = i + 1;
	}
	chain->owner = owner;
	chain->plain = (uint16_t)plain;
	chain->alias_count = (uint8_t)aliases;
	chain->ttl_s = ttl_s;
	return true;
}

enum trowel_status trowel_chain_start(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	enum trowel_status status;

	if (!trowel_message_question(message, &chain->question)) {
		chain->question = (struct trowel_question){ 0 };
		begin(chain, message);
		return TROWEL_BAD_ARGUMENT;
	}
	begin(chain, message);
	if (chain->question.type == TYPE_CNAME ||
		chain->question.type == TYPE_ANY || run_through(chain))
		return TROWEL_OK;
	begin(chain, message);
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
