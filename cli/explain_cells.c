/* SPDX-License-Identifier: MIT */
#include "cli/explain_cells.h"

#include <string.h>

#include "cli/explain_value.h"

#define POINTER 0xC0 /* RFC 1035 4.1.4 */

void tw_explain_add_amount(struct tw_explain *e, size_t count, const char *unit)
{
	tw_output_add_number(&e->value, (uint32_t)count);
	tw_output_add(&e->value, *unit ? " " : "");
	tw_output_add(&e->value, unit);
	tw_output_add(&e->value, *unit && count != 1 ? "s" : "");
}

/* Whether the unit can be read to its end nevertheless. */
static bool is_readable(enum trowel_status status)
{
	return status == TROWEL_TOO_MANY_QUESTIONS ||
		status == TROWEL_POINTER_FORBIDDEN ||
		status == TROWEL_MISPLACED_OPT || status == TROWEL_SECOND_OPT;
}

/* Adds `count` octets, as many as there are; what they mean is e->value. */
void tw_explain_add_cell(
	struct tw_explain *e, size_t count, struct tw_cell *cell)
{
	if (count > tw_explain_left(e))
		count = tw_explain_left(e);
	cell->value = e->value.octets;
	cell->value_length = e->value.length;
	if (!e->is_stopped)
		tw_lines_add_cell(&e->lines, e->lines.at + count, cell);
	e->value.length = 0;
	if (e->is_at_fault && e->fault.offset >= e->unit &&
		e->fault.offset < e->lines.at && !is_readable(e->fault.status))
		e->is_stopped = true;
}

void tw_explain_add(struct tw_explain *e, size_t count, const char *name)
{
	struct tw_cell cell = { .name = name, .name_length = strlen(name) };

	tw_explain_add_cell(e, count, &cell);
}

void tw_explain_add_raw(struct tw_explain *e, size_t count, const char *name,
	size_t name_length)
{
	struct tw_cell cell = {
		.name = name, .name_length = name_length, .style = TW_CELL_RAW
	};

	tw_explain_add_cell(e, count, &cell);
}

/* Whether there are so many octets to go on with. If not, those that there
 * are, are the last. */
bool tw_explain_has(struct tw_explain *e, size_t count, const char *name)
{
	if (e->is_stopped)
		return false;
	if (tw_explain_left(e) >= count)
		return true;
	if (tw_explain_left(e) > 0)
		tw_explain_add_raw(e, tw_explain_left(e), name, strlen(name));
	e->is_stopped = true;
	return false;
}

void tw_explain_add_u16(
	struct tw_explain *e, const char *name, const char *unit)
{
	if (!tw_explain_has(e, 2, name))
		return;
	tw_explain_add_amount(e, tw_explain_u16(e), unit);
	tw_explain_add(e, 2, name);
}

void tw_explain_add_code(
	struct tw_explain *e, enum trowel_registry registry, const char *name)
{
	if (!tw_explain_has(e, 2, name))
		return;
	tw_value_add_code(&e->value, registry, tw_explain_u16(e));
	tw_explain_add(e, 2, name);
}

/* .... .0.. and what it means */
static void add_bits(
	struct tw_explain *e, const struct tw_bits *bits, uint8_t octet)
{
	unsigned number = octet & bits->mask;
	unsigned low = bits->mask;
	unsigned bit;

	for (bit = 0x80; bit > 0; bit /= 2) {
		tw_output_add(&e->value,
			!(bits->mask & bit)	? "."
				: (octet & bit) ? "1"
						: "0");
		if (bit == 0x10)
			tw_output_add(&e->value, " ");
	}
	tw_output_add(&e->value, "  ");
	for (; low % 2 == 0; low /= 2)
		number /= 2;
	if (bits->meanings[0])
		tw_output_add(&e->value, bits->meanings[number > 0]);
	else
		tw_value_add_code(&e->value, bits->registry, (uint16_t)number);
}

void tw_explain_add_flags(
	struct tw_explain *e, const struct tw_bits *bits, size_t count)
{
	uint8_t octet;
	size_t i;

	if (!tw_explain_has(e, 1, "flags"))
		return;
	octet = tw_explain_u8(e);
	for (i = 0; i < count; i++) {
		add_bits(e, &bits[i], octet);
		tw_explain_add(e, i == 0 ? 1 : 0, bits[i].name);
	}
}

/*
 * Names
 */

/* The name at an offset as text; nothing where it is not good. */
void tw_explain_add_name_text(struct tw_explain *e, size_t offset)
{
	const uint8_t *octets = e->lines.octets;
	char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name;
	size_t at = offset;

	while (at + 1 < e->lines.length && octets[at] >= POINTER &&
		(tw_explain_u16_at(e, at) & 0x3FFFU) < at)
		at = tw_explain_u16_at(e, at) & 0x3FFFU;
	if (at >= e->message.length)
		return;
	if (trowel_message_name(&e->message, (uint16_t)offset, &name) > 1 ||
		octets[at] == 0)
		tw_value_add_safe(
			&e->value, text, trowel_name_format(&name, text));
}

/* Likewise, behind a few characters. */
static void add_name_behind(
	struct tw_explain *e, const char *words, size_t offset)
{
	size_t start = e->value.length;

	tw_output_add(&e->value, words);
	tw_explain_add_name_text(e, offset);
	if (e->value.length == start + strlen(words))
		e->value.length = start;
}

/* The last two octets of a name that began at `start`. */
static void add_pointer(struct tw_explain *e, struct tw_cell *cell,
	size_t start, bool is_led_astray)
{
	size_t at = e->lines.at;

	cell->style = TW_CELL_POINTER;
	cell->target = tw_explain_u16(e) & 0x3FFFU;
	cell->is_faulty = is_led_astray;
	tw_output_add(&e->value, "-> ");
	tw_output_add_number(&e->value, (uint32_t)cell->target);
	if (is_led_astray) {
		tw_output_add(&e->value, "\nleads to the fault at byte ");
		tw_output_add_number(&e->value, e->fault.offset);
	} else if (cell->target < at &&
		!(e->is_at_fault && e->fault.offset == at &&
			!is_readable(e->fault.status))) {
		add_name_behind(e, ": ", cell->target);
		if (start < at)
			add_name_behind(e, "\n= ", start);
	}
	tw_explain_add_cell(e, 2, cell);
	e->is_stopped |= is_led_astray;
}

/* A length octet and its label, the root's too; false: it is none. */
static bool add_label(
	struct tw_explain *e, struct tw_cell *cell, size_t start, size_t limit)
{
	size_t length = tw_explain_u8(e);

	if (length >= 0x40 || limit - e->lines.at <= length) {
		tw_output_add_number(&e->value, (uint32_t)length);
		tw_output_add(&e->value,
			length >= POINTER	 ? ": half a pointer"
				: length >= 0x40 ? ": neither length nor "
						   "pointer"
						 : ": reaches too far");
		tw_explain_add_cell(e, 1, cell);
		return false;
	}
	cell->style = TW_CELL_COUNTED;
	tw_output_add_number(&e->value, (uint32_t)length);
	tw_output_add(&e->value, length == 0 ? " (root)" : " ");
	tw_value_add_label(
		&e->value, e->lines.octets + e->lines.at + 1, length);
	if (length == 0 && start < e->lines.at)
		add_name_behind(e, "\n= ", start);
	tw_explain_add_cell(e, length + 1, cell);
	return true;
}

/* A name of which the octets before `limit` can be a part. `is_led_astray`: a
 * pointer of it leads to the octet at fault. */
void tw_explain_add_name(struct tw_explain *e, struct tw_cell *cell,
	size_t limit, bool is_led_astray)
{
	size_t start = e->lines.at;

	while (!e->is_stopped && e->lines.at < limit) {
		uint8_t octet = tw_explain_u8(e);

		if (octet >= POINTER && limit - e->lines.at >= 2) {
			add_pointer(e, cell, start, is_led_astray);
			return;
		}
		if (!add_label(e, cell, start, limit))
			break;
		if (octet == 0)
			return;
		cell->name_length = 0;
	}
	e->is_stopped = true;
}

/* Whether the fault lies where pointers lead, before the unit. */
bool tw_explain_is_fault_far(const struct tw_explain *e)
{
	return e->is_at_fault && e->fault.offset < e->unit;
}
