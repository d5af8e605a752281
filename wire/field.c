/* SPDX-License-Identifier: MIT */
/* The fields of a record, one after another. */
#include "wire/rdata.h"

#include "wire/cursor.h"

#define NO_HOST 4

static bool is_number(uint8_t kind)
{
	return kind >= TROWEL_KIND_U8 && kind <= TROWEL_KIND_OCTAL;
}

static uint64_t number_at(const uint8_t *octets, size_t position, size_t width)
{
	uint64_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number * 256 + octets[position + i];
	return number;
}

static bool is_bit_set(uint8_t octet, uint8_t bit)
{
	for (; bit < 7; bit++)
		octet /= 2;
	return octet % 2 == 1;
}

/* The next bit that is set in octets[*at .. end), from bit *bit of the first
 * of them; bit 0 is the most significant. Moves behind it. */
static bool next_bit(const uint8_t *octets, size_t end, size_t *at,
	uint8_t *bit, size_t *number)
{
	size_t start = *at;

	while (*at < end) {
		bool is_set = is_bit_set(octets[*at], *bit);

		*number = (*at - start) * 8 + *bit;
		*bit = (uint8_t)((*bit + 1) % 8);
		if (*bit == 0)
			(*at)++;
		if (is_set)
			return true;
	}
	return false;
}

/* One type of a window list, RFC 4034 4.1.2. iterator->base is the window. */
static bool next_type(const struct tw_rdata *rdata,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	const uint8_t *octets = rdata->octets;
	size_t window = iterator->base;
	size_t at = iterator->offset;

	while (window < rdata->end && rdata->end - window >= 2) {
		size_t end = window + 2 + octets[window + 1];
		size_t number;
		size_t first;

		if (at < window + 2)
			at = window + 2;
		first = at;
		if (end <= rdata->end &&
			next_bit(octets, end, &at, &iterator->bit, &number)) {
			field->number = (uint64_t)octets[window] * 256 +
				(first - window - 2) * 8 + number;
			iterator->base = (uint16_t)window;
			iterator->offset = (uint16_t)at;
			return true;
		}
		window = end;
	}
	return false;
}

/* One number of a plain bitmap that begins at iterator->base. */
static bool next_number(const struct tw_rdata *rdata,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	size_t at = iterator->offset;
	size_t number;

	if (!next_bit(rdata->octets, rdata->end, &at, &iterator->bit, &number))
		return false;
	field->number =
		(uint64_t)(iterator->offset - iterator->base) * 8 + number;
	iterator->offset = (uint16_t)at;
	return true;
}

/* The octets that stand before a value: its length; key or code, and length. */
static uint16_t lead_of(uint8_t kind)
{
	switch (kind) {
	case TROWEL_KIND_STRING:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_TAG:
	case TROWEL_KIND_SALT:
	case TROWEL_KIND_HASH:
		return 1;
	case TROWEL_KIND_PARAM:
	case TROWEL_KIND_OPTION:
		return 4;
	default:
		return 0;
	}
}

/* RFC 4034 B */
static uint16_t key_tag(const struct tw_rdata *rdata)
{
	const uint8_t *octets = rdata->octets;
	uint32_t sum = 0;

	/* RFC 4034 B.1: of an RSAMD5 key it is a part of the modulus. */
	if (rdata->end - rdata->start >= 7 && octets[rdata->start + 3] == 1)
		return tw_u16_at(octets, rdata->end - 3);
	for (size_t i = rdata->start; i < rdata->end; i++)
		sum += (i - rdata->start) % 2 == 0 ? octets[i] * 256U
						   : octets[i];
	return (uint16_t)(sum + sum / 65536);
}

/* The number that a value is, or has. */
static uint64_t number_of(const struct tw_rdata *rdata, uint8_t kind, size_t at)
{
	const uint8_t *octets = rdata->octets;

	switch (kind) {
	case TROWEL_KIND_TOP_BIT:
		return at < rdata->end ? octets[at] / 128 : 0;
	case TROWEL_KIND_LOW_BITS:
		return octets[at] % 128;
	case TROWEL_KIND_KEY:
		return key_tag(rdata);
	case TROWEL_KIND_PARAM:
	case TROWEL_KIND_OPTION:
		return tw_u16_at(octets, at);
	default:
		return is_number(kind)
			? number_at(octets, at, tw_kind_width(kind))
			: 0;
	}
}

/* The value at iterator->offset, whose kind is known; moves behind it. */
static bool take_value(const struct tw_rdata *rdata,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	size_t start = iterator->offset;
	size_t at = start;
	uint16_t lead = lead_of(field->kind);

	if (field->kind == TROWEL_KIND_NAME ||
		field->kind == TROWEL_KIND_PLAIN_NAME)
		at = tw_name_skip(rdata->octets, rdata->end, at);
	else if (tw_field_pass(rdata, field->kind, &at) != TROWEL_OK)
		return false;
	field->number = number_of(rdata, field->kind, start);
	field->offset = (uint16_t)(start + lead);
	field->length = (uint16_t)(at - start - lead);
	iterator->offset = (uint16_t)at;
	return true;
}

/* The next item of the list at iterator->step. */
static bool next_item(const struct tw_rdata *rdata, uint8_t kind,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	if (iterator->base == 0)
		iterator->base = iterator->offset;
	field->kind = kind == TW_KIND_NAMES ? TROWEL_KIND_PLAIN_NAME : kind;
	field->offset = iterator->offset;
	if (kind == TROWEL_KIND_TYPES)
		return next_type(rdata, iterator, field);
	if (kind == TROWEL_KIND_PORTS || kind == TROWEL_KIND_OLD_TYPES)
		return next_number(rdata, iterator, field);
	return iterator->offset < rdata->end &&
		take_value(rdata, iterator, field);
}

bool tw_field_take(const struct tw_rrtype *row,
	const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field, size_t *step)
{
	struct tw_rdata rdata = { message->octets, record->rdata,
		(size_t)record->rdata + record->rdata_length };
	const uint8_t *kinds = tw_kinds_of(row);
	bool found = false;

	if (rdata.end > message->length)
		return false;
	if (iterator->offset == 0)
		iterator->offset = record->rdata;
	*field = (struct trowel_field){ 0 };
	while (!found && iterator->step < TW_FIELDS_MAX &&
		kinds[iterator->step] != TROWEL_KIND_NONE) {
		uint8_t kind = kinds[iterator->step];

		*step = iterator->step;
		if (tw_is_list(kind)) {
			found = next_item(&rdata, kind, iterator, field);
			if (!found)
				iterator->step++;
			continue;
		}
		iterator->step++;
		field->kind = tw_kind_here(&rdata, kind, iterator->offset);
		if (field->kind != TROWEL_KIND_NONE) {
			found = take_value(&rdata, iterator, field);
			if (!found)
				return false;
		}
	}
	if (!found)
		return false;
	iterator->index++;
	field->name_length = (uint8_t)tw_field_name(row, *step, &field->name);
	return true;
}

bool trowel_field_next(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field)
{
	const struct tw_rrtype *row = tw_rrtype_for(record);
	size_t step;

	/* To look at all of the RDATA for each field would be quadratic. */
	if (iterator->reading == 0)
		iterator->reading = tw_row_of(message, record) == row ? 1 : 2;
	return tw_field_take(iterator->reading == 1 ? row : &tw_rrtype_opaque,
		message, record, iterator, field, &step);
}

/* How many numbers of 16 bits stand before the name of a record's host. */
static size_t count_numbers(uint16_t type)
{
	static const uint8_t hosts[][2] = {
		{ 2, 0 }, /* NS */
		{ 5, 0 }, /* CNAME */
		{ 12, 0 }, /* PTR */
		{ 15, 1 }, /* MX */
		{ 33, 3 }, /* SRV */
		{ 39, 0 }, /* DNAME */
		{ 64, 1 }, /* SVCB */
		{ 65, 1 }, /* HTTPS */
	};

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (hosts[i][0] == type)
			return hosts[i][1];
	return NO_HOST;
}

bool trowel_record_host(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_host *host)
{
	size_t count = count_numbers(record->type);
	size_t end = (size_t)record->rdata + record->rdata_length;
	uint16_t numbers[3] = { 0 };

	/* Of other classes, RDATA is not looked at: RFC 3597 2. */
	if (count == NO_HOST || record->rdata_length <= 2 * count ||
		end > message->length ||
		(record->class_code != 1 &&
			tw_rrtype_of_class(record->type, record->class_code) ==
				NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		numbers[i] = tw_u16_at(message->octets, record->rdata + 2 * i);
	host->priority = numbers[0];
	host->weight = numbers[1];
	host->port = numbers[2];
	host->name = (uint16_t)(record->rdata + 2 * count);
	return true;
}
