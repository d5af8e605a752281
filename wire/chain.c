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

static bool is_same_name(struct trowel_chain *chain, uint16_t a, uint16_t b)
{
	return a == b ||
		tw_name_is_equal_at(chain->message->octets,
			chain->message->length, a, b, &chain->steps);
}

static bool is_class_asked(
	const struct trowel_chain *chain, const struct trowel_record *record)
{
	/* RDATA of these classes is opaque: RFC 2136 2.4 */
	if (record->class_code == CLASS_NONE || record->class_code == CLASS_ANY)
		return false;
	return record->class_code == chain->question.class_code ||
		chain->question.class_code == CLASS_ANY;
}

static bool is_type_asked(
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
	while (chain->iterator.index < chain->message->ends[TROWEL_ANSWER] &&
		trowel_record_next(chain->message, &chain->iterator, record))
		if ((record->type == TYPE_CNAME ||
			    is_type_asked(chain, record)) &&
			is_class_asked(chain, record))
			return true;
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

/* Goes on to the alias's target, which must be new. */
static enum trowel_status follow(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;

	if (chain->alias_count == ALIASES_MAX)
		return TROWEL_ALIAS_LOOP;
	walk->owners[chain->alias_count] = chain->owner;
	chain->alias_count++;
	for (size_t i = 0; i < chain->alias_count; i++)
		if (is_same_name(chain, walk->owners[i], walk->target))
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
static enum trowel_status search(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;
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

/* Goes through an answer in which each CNAME stands before what it leads to,
 * and nothing else does: the usual one, in one pass. False: it is not such. */
static bool run_through(struct walk *walk)
{
	struct trowel_chain *chain = walk->chain;
	struct trowel_iterator behind_aliases = { 0 };
	struct trowel_record record;

	restart(walk);
	while (next_candidate(chain, &record)) {
		if (!is_same_name(chain, chain->owner, record.owner) ||
			look_at(walk, &record) != TROWEL_OK)
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
	struct walk walk = { .chain = chain };
	enum trowel_status status = TROWEL_OK;

	chain->question = (struct trowel_question){ 0 };
	begin(chain, message);
	if (!trowel_message_question(message, &chain->question))
		return TROWEL_BAD_ARGUMENT;
	begin(chain, message);
	if (chain->question.type == TYPE_CNAME ||
		chain->question.type == TYPE_ANY)
		return TROWEL_OK;
	if (!run_through(&walk)) {
		begin(chain, message);
		status = search(&walk);
		chain->iterator = (struct trowel_iterator){ 0 };
	}
	/* To pick them out takes no more than the last look around did. */
	chain->steps = STEPS_MAX;
	return status;
}

bool trowel_chain_next(struct trowel_chain *chain, struct trowel_record *record)
{
	while (next_at_owner(chain, record))
		if (is_type_asked(chain, record))
			return true;
	return false;
}
