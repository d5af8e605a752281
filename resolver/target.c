/* SPDX-License-Identifier: MIT */
#include "resolver/target.h"

#include <string.h>

#define TYPE_SRV 33

enum key { /* RFC 9460 14.3.2 */
	KEY_MANDATORY,
	KEY_PORT = 3,
	KEY_IPV4_HINT,
	KEY_IPV6_HINT = 6,
	KEY_LAST = 6
};

static bool read_record(const struct trowel_answer *answer,
	struct trowel_target *target, uint16_t port);
static bool read_param(const uint8_t *octets, const struct trowel_field *field,
	struct trowel_target *target);
static void add(struct tw_targets *targets, const struct trowel_target *target);
static size_t draw(
	const struct tw_targets *targets, size_t first, const uint8_t *random);
static uint32_t lots_of(const struct trowel_target *target, bool *had_zero);

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

		if (!trowel_chain_next(&chain, &target.record))
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

void tw_targets_order(struct tw_targets *targets, const uint8_t *random)
{
	struct trowel_target *items = targets->items;

	for (size_t i = 0; i < targets->count; i++) {
		size_t drawn = draw(targets, i, random + 4 * i);
		struct trowel_target target = items[drawn];

		memmove(&items[i + 1], &items[i],
			(drawn - i) * sizeof(items[0]));
		items[i] = target;
	}
}

size_t tw_target_hints(const struct trowel_answer *answer,
	const struct trowel_target *target, unsigned flags,
	struct trowel_address *addresses)
{
	struct trowel_iterator iterator = { .index = 0 };
	struct trowel_field field;
	size_t count = 0;

	while (target->record.type != 0 &&
		trowel_field_next(
			&answer->message, &target->record, &iterator, &field)) {
		bool ipv6 = field.number == KEY_IPV6_HINT;
		struct trowel_address address = { .family = ipv6 ? 6 : 4 };
		size_t size = ipv6 ? 16 : 4;
		unsigned excluded = ipv6 ? TROWEL_IPV4_ONLY : TROWEL_IPV6_ONLY;

		if (field.kind != TROWEL_KIND_PARAM ||
			(!ipv6 && field.number != KEY_IPV4_HINT) ||
			(flags & excluded) != 0)
			continue;
		for (size_t at = 0; field.length - at >= size; at += size) {
			memcpy(address.octets,
				answer->message.octets + field.offset + at,
				size);
			if (addresses != NULL)
				addresses[count] = address;
			count++;
		}
	}
	return count;
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

	target->port = port;
	while (trowel_field_next(message, &target->record, &iterator, &field)) {
		if (field.kind == TROWEL_KIND_U16 && count < 3)
			numbers[count++] = (uint16_t)field.number;
		if (field.kind == TROWEL_KIND_NAME ||
			field.kind == TROWEL_KIND_PLAIN_NAME)
			trowel_message_name(
				message, field.offset, &target->name);
		if (field.kind == TROWEL_KIND_PARAM &&
			!read_param(message->octets, &field, target))
			return false;
	}
	target->priority = numbers[0];
	target->weight = numbers[1];
	if (count == 3)
		target->port = numbers[2];
	return target->name.length > 0;
}

/* RFC 9460 8: a record with a mandatory key that is not known is not to be
 * used. */
static bool read_param(const uint8_t *octets, const struct trowel_field *field,
	struct trowel_target *target)
{
	const uint8_t *value = octets + field->offset;

	if (field->number == KEY_PORT && field->length == 2)
		target->port = (uint16_t)(value[0] * 256 + value[1]);
	if (field->number != KEY_MANDATORY)
		return true;
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

/* One of the best priority from `first` on, by lot. */
static size_t draw(
	const struct tw_targets *targets, size_t first, const uint8_t *random)
{
	const struct trowel_target *items = targets->items;
	uint32_t number = random[0] + random[1] * 256u + random[2] * 65536u +
		random[3] * 16777216u;
	uint16_t priority = items[first].priority;
	uint32_t all = 0;
	bool had_zero = false;
	size_t i;

	for (i = first; i < targets->count; i++)
		if (items[i].priority < priority)
			priority = items[i].priority;
	for (i = first; i < targets->count; i++)
		if (items[i].priority == priority)
			all += lots_of(&items[i], &had_zero);
	number %= all;
	had_zero = false;
	for (i = first; i < targets->count; i++) {
		uint32_t lots = 0;

		if (items[i].priority == priority)
			lots = lots_of(&items[i], &had_zero);
		if (number < lots)
			break;
		number -= lots;
	}
	return i;
}

/* As many as its weight; RFC 2782: those of weight 0 have a small chance all
 * the same. Records of other types have no weights. */
static uint32_t lots_of(const struct trowel_target *target, bool *had_zero)
{
	bool first_zero = !*had_zero && target->weight == 0;

	if (target->record.type != TYPE_SRV)
		return 1;
	*had_zero = *had_zero || first_zero;
	return first_zero ? 1 : target->weight;
}
