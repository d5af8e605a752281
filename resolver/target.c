/* SPDX-License-Identifier: MIT */
#include "resolver/target.h"

#include <string.h>

#include "resolver/outcome.h"

#define TYPE_SRV 33

enum key { /* RFC 9460 14.3.2 */
	KEY_MANDATORY,
	KEY_PORT = 3,
	KEY_LAST = 6
};

static bool read_record(const struct trowel_answer *answer,
	struct trowel_target *target, uint16_t port);
static bool read_param(const uint8_t *octets, const struct trowel_field *field,
	uint16_t *port);
static void add(struct tw_targets *targets, const struct trowel_target *target);
static size_t draw(
	const struct tw_targets *targets, size_t first, uint32_t *lot);

void tw_targets_read(struct tw_targets *targets,
	const struct trowel_answer *answer, uint16_t port)
{
	struct trowel_chain chain;

	targets->has_alias = false;
	targets->count = 0;
	if (trowel_chain_start(&chain, &answer->message) != TROWEL_OK)
		return;
	for (;;) {
		struct trowel_target target = { .port = 0 };

		if (!tw_chain_next(&chain, &target.record))
			return;
		if (!read_record(answer, &target, port))
			continue;
		if (target.record.type == TYPE_SRV) {
			/* RFC 2782: there is no such service here. */
			if (target.name.length > 1)
				add(targets, &target);
		} else if (target.priority == 0) {
			targets->has_alias = true;
			targets->alias = target.name;
		} else {
			if (target.name.length == 1)
				target.name = answer->name;
			add(targets, &target);
		}
	}
}

void tw_targets_order(struct tw_targets *targets, uint32_t lot)
{
	struct trowel_target *items = targets->items;

	for (size_t i = 0; i < targets->count; i++) {
		size_t drawn = draw(targets, i, &lot);
		struct trowel_target target = items[drawn];

		memmove(&items[i + 1], &items[i],
			(drawn - i) * sizeof(items[0]));
		items[i] = target;
	}
}

/* SRV: priority, weight, port, target; others: priority, target, parameters.
 * False: it is not to be used. */
static bool read_record(const struct trowel_answer *answer,
	struct trowel_target *target, uint16_t port)
{
	const struct trowel_message *message = &answer->message;
	struct trowel_iterator iterator = { .index = 0 };
	struct trowel_field field;
	uint16_t numbers[3] = { 0, 0, port };
	size_t count = 0;

	while (trowel_field_next(message, &target->record, &iterator, &field)) {
		if (field.kind == TROWEL_KIND_U16 && count < 3)
			numbers[count++] = (uint16_t)field.number;
		else if (field.kind != TROWEL_KIND_PARAM)
			trowel_message_name(
				message, field.offset, &target->name);
		else if (!read_param(message->octets, &field, &numbers[2]))
			return false;
	}
	target->priority = numbers[0];
	target->weight = numbers[1];
	target->port = numbers[2];
	return true;
}

/* RFC 9460 8: a record with a mandatory key that is not known is not to be
 * used. */
static bool read_param(
	const uint8_t *octets, const struct trowel_field *field, uint16_t *port)
{
	const uint8_t *value = octets + field->offset;

	if (field->number == KEY_PORT && field->length == 2)
		*port = (uint16_t)(value[0] * 256 + value[1]);
	if (field->number == KEY_MANDATORY)
		for (size_t i = 0; i + 1 < field->length; i += 2)
			if (value[i] * 256 + value[i + 1] > KEY_LAST)
				return false;
	return true;
}

static void add(struct tw_targets *targets, const struct trowel_target *target)
{
	size_t worst = 0;

	if (targets->count < TW_TARGETS_MAX) {
		targets->items[targets->count++] = *target;
		return;
	}
	for (size_t i = 1; i < TW_TARGETS_MAX; i++)
		if (targets->items[i].priority >=
			targets->items[worst].priority)
			worst = i;
	if (target->priority < targets->items[worst].priority)
		targets->items[worst] = *target;
}

/* One of the best priority from `first` on, by lot: each takes the place of the
 * one before with as many chances as its weight. RFC 2782: those of weight 0
 * have a very small one; records of other types all have that. */
static size_t draw(
	const struct tw_targets *targets, size_t first, uint32_t *lot)
{
	const struct trowel_target *items = targets->items;
	uint32_t all = 0;
	size_t drawn = first;

	for (size_t i = first; i < targets->count; i++) {
		uint32_t chances = items[i].weight * 32u + 1;

		if (items[i].priority > items[drawn].priority)
			continue;
		if (items[i].priority < items[drawn].priority)
			all = 0;
		all += chances;
		*lot = *lot * 1664525 + 1013904223;
		if ((uint64_t)*lot * all >> 32 < chances)
			drawn = i;
	}
	return drawn;
}
