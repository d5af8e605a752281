/* SPDX-License-Identifier: MIT */
/*
 * Which records answer the question (RFC 1034 3.6.2). DNAMEs need no care of
 * their own: whoever answers with one adds the CNAME that follows from it
 * (RFC 6672 3.1).
 */
#include "wire/wire.h"

#include "wire/message.h"
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

/* First labels of other lengths or with other ends, or the root: most names
 * that differ. */
static inline bool is_unlike(
	const struct trowel_message *message, size_t a, size_t b)
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
 * its owner is right, or NULL. *room is for a record. */
static inline const struct trowel_record *next_candidate(
	struct trowel_chain *chain, struct trowel_record *room)
{
	const struct trowel_message *message = chain->message;
	const struct trowel_record *record;

	while (chain->iterator.index < message->ends[TROWEL_ANSWER]) {
		record = tw_record_take(message, &chain->iterator, room);
		if (record == NULL)
			return NULL;
		if ((is_type_asked(chain, record) ||
			    record->type == TYPE_CNAME) &&
			is_class_asked(chain, record))
			return record;
	}
	return NULL;
}

/* The next one at the chain's present owner. */
static inline const struct trowel_record *next_at_owner(
	struct trowel_chain *chain, struct trowel_record *room)
{
	const struct trowel_record *record;

	while (chain->steps > 1) {
		record = next_candidate(chain, room);
		if (record == NULL)
			return NULL;
		chain->steps -= 2;
		if (is_same_name(chain, chain->owner, record->owner))
			return record;
	}
	return NULL;
}

static inline enum trowel_status look_at(
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

/* Goes on to the alias's target, which must be new. */
static enum trowel_status follow(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;

	size_t count = chain->alias_count;

	if (count == ALIASES_MAX)
		return TROWEL_ALIAS_LOOP;
	walk->owners[count] = chain->owner;
	chain->alias_count++;
	for (size_t i = 0; i <= count; i++)
		if (!is_unlike(chain->message, walk->owners[i], walk->target) &&
			is_same_name(chain, walk->owners[i], walk->target))
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
static TW_COLD enum trowel_status search(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;
	struct trowel_record room;
	const struct trowel_record *record;
	enum trowel_status status = TROWEL_OK;

	do {
		restart(walk);
		while (status == TROWEL_OK &&
			(record = next_at_owner(chain, &room)) != NULL)
			status = look_at(walk, record);
		if (status == TROWEL_OK && walk->has_alias)
			status = follow(walk);
	} while (status == TROWEL_OK && walk->has_alias);
	return chain->steps > 1 ? status : TROWEL_ALIAS_LOOP;
}

/* Goes through an answer in which each CNAME stands before what it leads to,
 * and nothing else does: the usual one, in one pass. False: it is not such. */
static bool run_through(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;
	struct trowel_iterator behind_aliases = { 0 };
	struct trowel_record room;
	const struct trowel_record *record;

	restart(walk);
	while ((record = next_candidate(chain, &room)) != NULL) {
		if (!is_same_name(chain, chain->owner, record->owner) ||
			look_at(walk, record) != TROWEL_OK)
			return false;
		if (!walk->has_alias)
			continue;
		if (follow(walk) != TROWEL_OK)
			return false;
		walk->has_alias = false;
		behind_aliases = chain->iterator;
	}
	chain->iterator = behind_aliases;
	return true;
}

static void begin(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	chain->message = message;
	chain->iterator = (struct trowel_iterator){ 0 };
	chain->owner = chain->question.name;
	chain->alias_count = 0;
	chain->ttl_s = UINT32_MAX;
	chain->steps = STEPS_MAX;
}

enum trowel_status trowel_chain_start(
	struct trowel_chain *chain, const struct trowel_message *message)
{
	struct walk walk;
	enum trowel_status status = TROWEL_OK;

	chain->question = (struct trowel_question){ 0 };
	begin(chain, message);
	if (!trowel_message_question(message, &chain->question))
		return TROWEL_BAD_ARGUMENT;
	begin(chain, message);
	if (chain->question.type == TYPE_CNAME ||
		chain->question.type == TYPE_ANY)
		return TROWEL_OK;
	walk.chain = chain;
	if (!run_through(&walk)) {
		begin(chain, message);
		status = search(&walk);
		chain->iterator = (struct trowel_iterator){ 0 };
	}
	/* To pick them out takes no more than the last look around did. */
	chain->steps = STEPS_MAX;
	return status;
}

static TW_COLD bool find_next(
	struct trowel_chain *chain, struct trowel_record *record)
{
	const struct trowel_record *next;

	while ((next = next_at_owner(chain, record)) != NULL)
		if (is_type_asked(chain, next)) {
			*record = *next;
			return true;
		}
	return false;
}

/* Mostly it is the very next record that answers, with an owner at the same
 * offset. */
bool trowel_chain_next(struct trowel_chain *chain, struct trowel_record *record)
{
	const struct trowel_message *message = chain->message;
	size_t index = chain->iterator.index;
	const struct trowel_record *next;

	if (index >= message->ends[TROWEL_ANSWER])
		return false;
	if (index >= TROWEL_FIRST_RECORDS)
		return find_next(chain, record);
	next = &message->first[index];
	if (next->owner != chain->owner || next->type != chain->question.type ||
		next->class_code != chain->question.class_code ||
		next->class_code >= CLASS_NONE ||
		next->rdata + next->rdata_length > message->length)
		return find_next(chain, record);
	chain->iterator.index++;
	*record = *next;
	return true;
}
