/* SPDX-License-Identifier: MIT */
/* RDATA by its fields, and an OPT's by its options. */
#include "cli/explain_cells.h"

#include <string.h>

#include "cli/explain_value.h"

#define TYPE_OPT 41
#define TYPE_DNSKEY 48
#define TYPE_CDNSKEY 60
#define OPTION_FIXED 4 /* code and length, RFC 6891 6.1.2 */

static void add_fields(
	struct tw_explain *e, const struct trowel_record *record, size_t end);
static void add_options(
	struct tw_explain *e, const struct trowel_record *record);

void tw_explain_rdata(struct tw_explain *e, const struct trowel_record *record)
{
	size_t end = (size_t)record->rdata + record->rdata_length;

	if (record->type == TYPE_OPT)
		add_options(e, record);
	else
		add_fields(e, record, end);
	if (e->is_stopped || e->lines.at >= end)
		return;
	if (e->is_at_fault && e->fault.offset >= e->lines.at &&
		e->fault.field_length > 0)
		tw_explain_add_raw(e, end - e->lines.at, e->fault.field,
			e->fault.field_length);
	else
		tw_explain_add_raw(e, end - e->lines.at, "left over", 9);
}

/* RFC 4034 4.1.2: window number, length, bits. */
static void add_windows(struct tw_explain *e, struct tw_cell *cell, size_t end)
{
	while (!e->is_stopped && end - e->lines.at >= 2) {
		const uint8_t *octets = e->lines.octets + e->lines.at;
		size_t length = octets[1];
		uint16_t first = (uint16_t)(octets[0] * 256);

		if (length < 1 || length > 32 || end - e->lines.at - 2 < length)
			return;
		tw_output_add(&e->value, "types from ");
		tw_output_add_number(&e->value, first);
		tw_output_add(&e->value, " on, in ");
		tw_explain_add_amount(e, length, "octet");
		tw_explain_add_cell(e, 2, cell);
		cell->name_length = 0;
		tw_value_add_bits(&e->value, octets + 2, length, first, true);
		tw_explain_add_cell(e, length, cell);
	}
}

static void add_bitmap(struct tw_explain *e, struct tw_cell *cell,
	const struct trowel_field *field, size_t end)
{
	size_t length = end - e->lines.at;

	if (field->kind == TROWEL_KIND_TYPES) {
		add_windows(e, cell, end);
		return;
	}
	tw_value_add_bits(&e->value, e->lines.octets + e->lines.at, length, 0,
		field->kind == TROWEL_KIND_OLD_TYPES);
	tw_explain_add_cell(e, length, cell);
}

/* The octets of a field that stand before its value. */
static size_t octets_before(const struct trowel_field *field)
{
	switch (field->kind) {
	case TROWEL_KIND_STRING:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_TAG:
	case TROWEL_KIND_SALT:
	case TROWEL_KIND_HASH:
		return 1;
	case TROWEL_KIND_PARAM:
		return 4;
	default:
		return 0;
	}
}

static void add_param_key(struct tw_explain *e, struct tw_cell *cell,
	const struct trowel_field *field)
{
	tw_value_add_code(&e->value, TROWEL_PARAMS, (uint16_t)field->number);
	tw_output_add(&e->value, ", ");
	tw_explain_add_amount(e, field->length, "octet");
	tw_explain_add_cell(e, 4, cell);
	cell->name_length = 0;
}

static void add_value(struct tw_explain *e, struct tw_cell *cell,
	const struct trowel_record *record, const struct trowel_field *field)
{
	size_t before = octets_before(field);

	if (field->kind == TROWEL_KIND_PARAM) {
		add_param_key(e, cell, field);
		before = 0;
		if (field->length == 0)
			return;
	} else if (before > 0) {
		cell->style = TW_CELL_COUNTED;
		tw_output_add_number(&e->value, field->length);
		tw_output_add(&e->value, " ");
	}
	if (field->kind == TROWEL_KIND_OCTETS && field->length > 0)
		cell->style = TW_CELL_RAW;
	else if (!e->is_stopped)
		tw_value_add_field(&e->value, &e->message, record, field);
	tw_explain_add_cell(e, before + field->length, cell);
}

static bool is_field_at_fault(
	const struct tw_explain *e, const struct trowel_field *field)
{
	return e->fault.field_length == field->name_length &&
		e->fault.field != NULL &&
		memcmp(e->fault.field, field->name, field->name_length) == 0;
}

/* False where the fields do not go on. */
static bool add_field(struct tw_explain *e, const struct trowel_record *record,
	const struct trowel_field *field, size_t end)
{
	struct tw_cell cell = { .name = field->name,
		.name_length = field->name_length };

	switch (field->kind) {
	case TROWEL_KIND_TYPES:
	case TROWEL_KIND_OLD_TYPES:
	case TROWEL_KIND_PORTS: /* all the rest */
		add_bitmap(e, &cell, field, end);
		return false;
	case TROWEL_KIND_NAME:
	case TROWEL_KIND_PLAIN_NAME:
		if (field->offset != e->lines.at)
			return false;
		tw_explain_add_name(e, &cell, end,
			tw_explain_is_fault_far(e) &&
				is_field_at_fault(e, field));
		return true;
	default:
		if (field->offset != e->lines.at + octets_before(field) ||
			(size_t)field->offset + field->length > end)
			return false;
		add_value(e, &cell, record, field);
		return true;
	}
}

static void add_key_tag(struct tw_explain *e, uint64_t tag)
{
	tw_output_add_number(&e->value, (uint32_t)tag);
	tw_output_add(&e->value, " (computed)");
	tw_explain_add(e, 0, "(key tag)");
}

static void add_fields(
	struct tw_explain *e, const struct trowel_record *record, size_t end)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	uint64_t tag = 0;

	while (!e->is_stopped && e->message.octets &&
		trowel_field_next(&e->message, record, &iterator, &field)) {
		if (!add_field(e, record, &field, end))
			return;
		tag = field.number;
	}
	if (!e->is_stopped && e->lines.at == end &&
		(record->type == TYPE_DNSKEY || record->type == TYPE_CDNSKEY))
		add_key_tag(e, tag);
}

/* Code and length of an option; `left`: octets behind them. */
static void add_option_fixed(
	struct tw_explain *e, uint16_t code, size_t length, size_t left)
{
	tw_value_add_code(&e->value, TROWEL_OPTIONS, code);
	tw_output_add(&e->value, ", ");
	tw_explain_add_amount(e, length, "octet");
	if (length > left) {
		tw_output_add(&e->value, ", but only ");
		tw_output_add_number(&e->value, (uint32_t)left);
		tw_output_add(&e->value, " left");
	}
	tw_explain_add(e, OPTION_FIXED, "option");
}

/* Of this OPT, which in a malformed message is not always the one that was
 * decoded. */
static void add_options(
	struct tw_explain *e, const struct trowel_record *record)
{
	size_t end = (size_t)record->rdata + record->rdata_length;
	struct trowel_record opt = *record;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	opt.class_code = 1; /* not its size, which may be that of class ANY */
	while (!e->is_stopped &&
		trowel_field_next(&e->message, &opt, &iterator, &option)) {
		add_option_fixed(e, (uint16_t)option.number, option.length,
			option.length);
		if (option.length == 0 || e->is_stopped)
			continue;
		tw_value_add_field(&e->value, &e->message, &opt, &option);
		tw_explain_add(e, option.length, "");
	}
	if (!e->is_stopped && end - e->lines.at >= OPTION_FIXED)
		add_option_fixed(e, tw_explain_u16(e),
			tw_explain_u16_at(e, e->lines.at + 2),
			end - e->lines.at - OPTION_FIXED);
}
