/* SPDX-License-Identifier: MIT */
/* The fields of a record, one after another. */
#include "wire/rdata.h"

#include "wire/cursor.h"

#define NO_HOST 4

/* What an iterator of RDATA and a field of it are while it is walked. */
/*@ predicate is_walk(struct tw_rdata *rdata,
      struct trowel_iterator *iterator, struct trowel_field *field) =
      tw_rdata_is_good(rdata) && \valid(iterator) && \valid(field) &&
      \separated(iterator, field, rdata) &&
      \separated(rdata, rdata->octets + (0 .. rdata->end - 1)) &&
      \separated(iterator, rdata->octets + (0 .. rdata->end - 1)) &&
      \separated(field, rdata->octets + (0 .. rdata->end - 1)) &&
      rdata->start <= iterator->offset <= rdata->end &&
      iterator->base <= iterator->offset && iterator->bit <= 7; */

/* Where it is, in bits. */
/*@ logic integer bits_of(struct trowel_iterator *iterator) =
      8 * iterator->offset + iterator->bit; */

/* Likewise, with its steps. */
/*@ logic integer way_of(struct trowel_iterator *iterator) =
      600000 * iterator->step + bits_of(iterator); */

/*@ assigns \nothing;
    ensures \result <==> TROWEL_KIND_U8 <= kind <= TROWEL_KIND_OCTAL; */
static bool is_number(uint8_t kind)
{
	return kind >= TROWEL_KIND_U8 && kind <= TROWEL_KIND_OCTAL;
}

/*@ logic integer most_of(integer width) = width <= 0 ? 0 :
      width <= 1 ? 0xFF : width <= 2 ? 0xFFFF : width <= 3 ? 0xFFFFFF :
      width <= 4 ? 0xFFFFFFFF : width <= 5 ? 0xFFFFFFFFFF : 0xFFFFFFFFFFFF; */

/*@ requires position <= TROWEL_MESSAGE_MAX && width <= 6;
    requires \valid_read(octets + (position .. position + width - 1));
    assigns \nothing; */
static uint64_t number_at(const uint8_t *octets, size_t position, size_t width)
{
	uint64_t number = 0;

	/*@ loop invariant 0 <= i <= width && number <= most_of(i);
	    loop assigns i, number;
	    loop variant width - i; */
	for (size_t i = 0; i < width; i++)
		number = number * 256 + octets[position + i];
	return number;
}

/*@ requires bit <= 7;
    assigns \nothing; */
static bool is_bit_set(uint8_t octet, uint8_t bit)
{
	/*@ loop invariant bit <= 7;
	    loop assigns bit, octet;
	    loop variant 7 - bit; */
	for (; bit < 7; bit++)
		octet /= 2;
	return octet % 2 == 1;
}

/* The next bit that is set in octets[*at .. end), from bit *bit of the first
 * of them; bit 0 is the most significant. Moves behind it. */
/*@ requires end <= TROWEL_MESSAGE_MAX && *at <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. end - 1)) && *bit <= 7;
    requires \valid(at) && \valid(bit) && \valid(number);
    requires \separated(at, bit, number, octets + (0 .. end - 1));
    assigns *at, *bit, *number;
    ensures *bit <= 7 && \old(*at) <= *at;
    ensures *at <= end || *at == \old(*at);
    ensures 8 * *at + *bit >= 8 * \old(*at) + \old(*bit);
    ensures \result ==> *at <= end && *number <= 8 * TROWEL_MESSAGE_MAX + 7 &&
      8 * *at + *bit > 8 * \old(*at) + \old(*bit); */
static bool next_bit(const uint8_t *octets, size_t end, size_t *at,
	uint8_t *bit, size_t *number)
{
	size_t start = *at;

	/*@ loop invariant start <= *at && *bit <= 7;
	    loop invariant *at <= end || *at == start;
	    loop invariant 8 * *at + *bit >= 8 * start + \at(*bit, Pre);
	    loop assigns *at, *bit, *number;
	    loop variant 8 * end - 8 * *at - *bit; */
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
/*@ requires is_walk(rdata, iterator, field);
    assigns iterator->base, iterator->offset, iterator->bit, field->number;
    ensures is_walk(rdata, iterator, field);
    ensures \old(iterator->offset) <= iterator->offset;
    ensures \result ==> bits_of(iterator) > \old(bits_of(iterator));
    ensures !\result ==> iterator->offset == \old(iterator->offset); */
static bool next_type(const struct tw_rdata *rdata,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	const uint8_t *octets = rdata->octets;
	size_t window = iterator->base;
	size_t at = iterator->offset;

	/*@ loop invariant iterator->offset <= at <= rdata->end;
	    loop invariant iterator->bit <= 7;
	    loop invariant 8 * at + iterator->bit >=
	      \at(bits_of(iterator), Pre);
	    loop assigns window, at, iterator->base, iterator->offset,
	      iterator->bit, field->number;
	    loop invariant iterator->offset == \at(iterator->offset, Pre);
	    loop invariant iterator->base == \at(iterator->base, Pre);
	    loop variant rdata->end - window; */
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
/*@ requires is_walk(rdata, iterator, field);
    assigns iterator->offset, iterator->bit, field->number;
    ensures is_walk(rdata, iterator, field);
    ensures \old(iterator->offset) <= iterator->offset;
    ensures \result ==> bits_of(iterator) > \old(bits_of(iterator));
    ensures !\result ==> iterator->offset == \old(iterator->offset); */
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
/*@ assigns \nothing;
    ensures \result <= tw_least_of(kind);
    ensures kind < TROWEL_KIND_STRING || TROWEL_KIND_NSAP <= kind <=
      TROWEL_KIND_LOCATION ==> \result == 0; */
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
/*@ requires tw_rdata_is_good(rdata);
    assigns \nothing; */
static uint16_t key_tag(const struct tw_rdata *rdata)
{
	const uint8_t *octets = rdata->octets;
	uint32_t sum = 0;

	/* RFC 4034 B.1: of an RSAMD5 key it is a part of the modulus. */
	if (rdata->end - rdata->start >= 7 && octets[rdata->start + 3] == 1)
		return tw_u16_at(octets, rdata->end - 3);
	/*@ loop invariant rdata->start <= i <= rdata->end;
	    loop invariant sum <= (i - rdata->start) * 65280;
	    loop assigns i, sum;
	    loop variant rdata->end - i; */
	for (size_t i = rdata->start; i < rdata->end; i++)
		sum += (i - rdata->start) % 2 == 0 ? octets[i] * 256U
						   : octets[i];
	return (uint16_t)((sum + sum / 65536) % 65536);
}

/* The number that a value is, or has. */
/*@ requires tw_rdata_is_good(rdata) && rdata->start <= at;
    requires at + tw_least_of(kind) <= rdata->end;
    assigns \nothing; */
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
		break;
	}
	if (!is_number(kind))
		return 0;
	return number_at(octets, at, tw_kind_width(kind));
}

/* The value at iterator->offset, whose kind is known; moves behind it. */
/*@ requires is_walk(rdata, iterator, field);
    assigns iterator->offset, field->number, field->offset, field->length;
    ensures is_walk(rdata, iterator, field);
    ensures \old(iterator->offset) <= iterator->offset;
    ensures \result ==> \old(iterator->offset) <= field->offset &&
      field->offset + field->length == iterator->offset;
    ensures \result ==> tw_field_is_whole(field);
    ensures \result ==> iterator->offset >=
      \old(iterator->offset) + tw_least_of(field->kind);
    ensures \result && field->kind == TROWEL_KIND_PLAIN_NAME &&
      \old(iterator->offset) < rdata->end ==>
      \old(iterator->offset) < iterator->offset;
    ensures !\result ==> iterator->offset == \old(iterator->offset) &&
      field->length == \old(field->length); */
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
/*@ requires is_walk(rdata, iterator, field) && tw_is_items(kind);
    requires field->length == 0;
    assigns iterator->base, iterator->offset, iterator->bit, field->number,
      field->kind, field->offset, field->length;
    ensures is_walk(rdata, iterator, field);
    ensures \old(iterator->offset) <= iterator->offset;
    ensures \result ==> \old(iterator->offset) <= field->offset &&
      field->offset + field->length <= iterator->offset;
    ensures \result ==> tw_field_is_whole(field);
    ensures \result ==> bits_of(iterator) > \old(bits_of(iterator));
    ensures !\result ==> iterator->offset == \old(iterator->offset) &&
      field->length == 0; */
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

size_t tw_field_name(
	const struct tw_rrtype *row, size_t field, const char **name)
{
	const char *names = tw_field_names(row);
	size_t start = 0;
	size_t end;

	/*@ loop invariant 0 <= start < tw_rest_of(names);
	    loop assigns start, field;
	    loop variant tw_rest_of(names) - start; */
	for (; field > 0 && names[start] != '\0'; start++)
		if (names[start] == ' ')
			field--;
	end = start;
	/*@ loop invariant start <= end < tw_rest_of(names);
	    loop invariant end - start <= 255;
	    loop assigns end;
	    loop variant tw_rest_of(names) - end; */
	while (end - start < 255 && names[end] != '\0' && names[end] != ' ')
		end++;
	*name = names + start;
	return end - start;
}

/* What is at iterator->step of the row: a field, or the next item of a list. */
/*@ requires is_walk(rdata, iterator, field) && field->length == 0;
    requires iterator->step < TW_FIELDS_MAX;
    assigns iterator->base, iterator->offset, iterator->bit, iterator->step,
      field->number, field->kind, field->offset, field->length;
    ensures is_walk(rdata, iterator, field);
    ensures \old(iterator->step) <= iterator->step <= TW_FIELDS_MAX;
    ensures \old(iterator->offset) <= iterator->offset;
    ensures way_of(iterator) > \old(way_of(iterator));
    ensures \result ==> tw_field_is_whole(field);
    ensures \result ==> \old(iterator->offset) <= field->offset &&
      field->offset + field->length <= iterator->offset;
    ensures !\result ==> \old(iterator->step) < iterator->step &&
      field->length == 0; */
static bool take_step(const struct tw_rdata *rdata, uint8_t kind,
	struct trowel_iterator *iterator, struct trowel_field *field)
{
	if (tw_is_list(kind)) {
		if (next_item(rdata, kind, iterator, field))
			return true;
		iterator->step++;
		return false;
	}
	iterator->step++;
	field->kind = tw_kind_here(rdata, kind, iterator->offset);
	if (field->kind == TROWEL_KIND_NONE)
		return false;
	if (take_value(rdata, iterator, field))
		return true;
	/* What is behind it has no place. */
	iterator->step = TW_FIELDS_MAX;
	return false;
}

/* What is next, from iterator->step on. */
/*@ requires is_walk(rdata, iterator, field) && \valid(step);
    requires iterator->step <= TW_FIELDS_MAX;
    requires \valid_read(kinds + (0 .. TW_FIELDS_MAX - 1));
    requires \separated(step, iterator, field, rdata);
    assigns iterator->base, iterator->offset, iterator->bit, iterator->step,
      field->number, field->kind, field->offset, field->length, *step;
    ensures is_walk(rdata, iterator, field);
    ensures iterator->step <= TW_FIELDS_MAX;
    ensures \old(iterator->offset) <= iterator->offset;
    ensures \result ==> way_of(iterator) > \old(way_of(iterator));
    ensures \result ==> tw_field_is_whole(field);
    ensures \result ==> \old(iterator->offset) <= field->offset &&
      field->offset + field->length <= iterator->offset; */
static bool take_next(const struct tw_rdata *rdata, const uint8_t *kinds,
	struct trowel_iterator *iterator, struct trowel_field *field,
	size_t *step)
{
	field->length = 0;
	/*@ loop invariant is_walk(rdata, iterator, field);
	    loop invariant iterator->step <= TW_FIELDS_MAX;
	    loop invariant field->length == 0;
	    loop invariant \at(iterator->offset, Pre) <= iterator->offset;
	    loop invariant way_of(iterator) >= \at(way_of(iterator), Pre);
	    loop assigns iterator->base, iterator->offset, iterator->bit,
	      iterator->step, field->number, field->kind, field->offset,
	      field->length, *step;
	    loop variant TW_FIELDS_MAX - iterator->step; */
	while (iterator->step < TW_FIELDS_MAX &&
		kinds[iterator->step] != TROWEL_KIND_NONE) {
		*step = iterator->step;
		if (take_step(rdata, kinds[iterator->step], iterator, field))
			return true;
	}
	return false;
}

/* Likewise, with its name. */
/*@ logic integer start_of(struct tw_rdata *rdata,
      struct trowel_iterator *iterator) =
      iterator->offset == 0 ? rdata->start : iterator->offset; */

/*@ requires tw_is_row(row) && tw_rdata_is_good(rdata);
    requires \valid(iterator) && \valid(field) && \valid(step);
    requires \separated(step, iterator, field, rdata);
    requires \separated(rdata, rdata->octets + (0 .. rdata->end - 1));
    requires \separated(iterator, rdata->octets + (0 .. rdata->end - 1));
    requires \separated(field, rdata->octets + (0 .. rdata->end - 1));
    requires tw_iterator_is_in(iterator, rdata->start, rdata->end);
    assigns *iterator, *field, *step;
    ensures is_walk(rdata, iterator, field);
    ensures iterator->step <= TW_FIELDS_MAX;
    ensures rdata->start <= iterator->offset <= rdata->end;
    ensures iterator->base <= iterator->offset && iterator->bit <= 7;
    ensures \old(start_of(rdata, iterator)) <= iterator->offset;
    ensures \result ==> tw_field_is_whole(field);
    ensures \result ==> \old(start_of(rdata, iterator)) <= field->offset &&
      field->offset + field->length <= iterator->offset;
    ensures \result ==> \valid_read(field->name +
      (0 .. field->name_length - 1));
    ensures \result ==> !\valid(field->name);
    ensures \result ==>
      600000 * iterator->step + 8 * iterator->offset + iterator->bit >
      \old(600000 * iterator->step + 8 * start_of(rdata, iterator) +
        iterator->bit); */
static bool take_named(const struct tw_rdata *rdata,
	const struct tw_rrtype *row, struct trowel_iterator *iterator,
	struct trowel_field *field, size_t *step)
{
	if (iterator->offset == 0)
		iterator->offset = (uint16_t)rdata->start;
	//@ assert is_walk(rdata, iterator, field);
	if (!take_next(rdata, tw_kinds_of(row), iterator, field, step))
		return false;
	/*@ assert 600000 * iterator->step + 8 * iterator->offset +
	      iterator->bit > \at(600000 * iterator->step +
	      8 * start_of(rdata, iterator) + iterator->bit, Pre); */
	//@ assert is_walk(rdata, iterator, field);
	//@ assert tw_field_is_whole(field);
	iterator->index = (uint16_t)((iterator->index + 1) % 65536);
	//@ assert is_walk(rdata, iterator, field);
	//@ assert tw_field_is_whole(field);
	field->name_length = (uint8_t)tw_field_name(row, *step, &field->name);
	//@ assert is_walk(rdata, iterator, field);
	//@ assert tw_field_is_whole(field);
	return true;
}

bool tw_field_take(const struct tw_rrtype *row,
	const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field, size_t *step)
{
	struct tw_rdata rdata = { message->octets, record->rdata,
		(size_t)record->rdata + record->rdata_length };
	bool found;

	if (rdata.end > message->length)
		return false;
	//@ assert rdata.start == record->rdata;
	//@ assert rdata.end == record->rdata + record->rdata_length;
	//@ assert start_of(&rdata, iterator) == tw_place_of(record, iterator);
	found = take_named(&rdata, row, iterator, field, step);
	//@ assert record->rdata == \at(record->rdata, Pre);
	//@ assert record->rdata_length == \at(record->rdata_length, Pre);
	//@ assert message->length == \at(message->length, Pre);
	//@ assert rdata.start == record->rdata;
	//@ assert rdata.end == record->rdata + record->rdata_length;
	//@ assert rdata.end <= message->length;
	//@ assert record->rdata <= iterator->offset;
	//@ assert iterator->offset == 0 ==> record->rdata == 0;
	//@ assert tw_is_inside(record, iterator);
	//@ assert tw_place_of(record, iterator) == iterator->offset;
	/*@ assert found ==> 600000 * iterator->step + 8 * iterator->offset +
	      iterator->bit > \at(600000 * iterator->step +
	      8 * tw_place_of(record, iterator) + iterator->bit, Pre); */
	/*@ assert tw_fields_left(record, iterator) ==
	      TW_FIELDS_MAX * 600000 + 7 + 8 * rdata.end -
	      (600000 * iterator->step + 8 * tw_place_of(record, iterator) +
	      iterator->bit); */
	/*@ assert \at(tw_fields_left(record, iterator), Pre) ==
	      TW_FIELDS_MAX * 600000 + 7 + 8 * rdata.end -
	      \at(600000 * iterator->step + 8 * tw_place_of(record, iterator) +
	      iterator->bit, Pre); */
	/*@ assert found ==> tw_fields_left(record, iterator) <
	      \at(tw_fields_left(record, iterator), Pre); */
	return found;
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
/*@ assigns \nothing;
    ensures \result <= NO_HOST; */
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

	/*@ loop invariant 0 <= i <= 8;
	    loop assigns i;
	    loop variant 8 - i; */
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
	/*@ loop invariant 0 <= i <= count;
	    loop assigns i, numbers[0 .. 2];
	    loop variant count - i; */
	for (size_t i = 0; i < count; i++)
		numbers[i] = tw_u16_at(message->octets, record->rdata + 2 * i);
	host->priority = numbers[0];
	host->weight = numbers[1];
	host->port = numbers[2];
	host->name = (uint16_t)(record->rdata + 2 * count);
	return true;
}
