/* SPDX-License-Identifier: MIT */
#include "wire/rdata.h"

#include "wire/cursor.h"
#include "wire/edns.h"

#define TYPE_A 1
#define CLASS_CH 3
#define CLASS_NONE 254
#define CLASS_ANY 255
#define PARAM_FIXED 4 /* key and length, RFC 9460 2.2 */

const struct tw_rrtype *tw_rrtype_of_class(uint16_t type, uint16_t class_code)
{
	const struct tw_rrtype *row;

	if (class_code == CLASS_NONE || class_code == CLASS_ANY)
		return NULL;
	row = tw_rrtype_find(type);
	return row != NULL && row->classes == TW_CLASS_ANY ? row : NULL;
}

bool tw_is_list(uint8_t kind)
{
	switch (kind) {
	case TROWEL_KIND_TYPES:
	case TROWEL_KIND_OLD_TYPES:
	case TROWEL_KIND_PORTS:
	case TROWEL_KIND_PREFIX:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_PARAM:
	case TROWEL_KIND_OPTION:
	case TW_KIND_NAMES:
		return true;
	default:
		return false;
	}
}

/* RFC 4025 2.3, RFC 8777 4.2.3: the types that neither knows are opaque. */
/*@ assigns \nothing; */
static TW_APART uint8_t gateway_kind(uint8_t type)
{
	static const uint8_t kinds[] = { TROWEL_KIND_ROOT, TROWEL_KIND_IPV4,
		TROWEL_KIND_IPV6, TROWEL_KIND_PLAIN_NAME };

	return type < sizeof kinds ? kinds[type] : TROWEL_KIND_OCTETS;
}

/* Thousandths of a second of arc, from 2^31. */
/*@ requires degrees <= 180;
    assigns \nothing; */
static TW_APART bool is_angle(uint32_t angle, uint32_t degrees)
{
	uint32_t most = degrees * 3600000;

	return angle >= 0x80000000 - most && angle <= 0x80000000 + most;
}

/* RFC 1876 2: version 0, sizes of decimal digits, angles within the globe. */
/*@ requires tw_rdata_is_good(rdata) && rdata->start <= at <= rdata->end;
    assigns \nothing; */
static bool is_location(const struct tw_rdata *rdata, size_t at)
{
	const uint8_t *octets = rdata->octets;

	if (rdata->end == at)
		return true;
	if (octets[at] != 0 || rdata->end - at != 16)
		return octets[at] == 0;
	/*@ loop invariant at < i <= at + 4;
	    loop assigns i;
	    loop variant at + 4 - i; */
	for (size_t i = at + 1; i <= at + 3; i++)
		if (octets[i] / 16 > 9 || octets[i] % 16 > 9)
			return false;
	return is_angle(tw_u32_at(octets, at + 4), 90) &&
		is_angle(tw_u32_at(octets, at + 8), 180);
}

TW_COLD uint8_t tw_kind_here(
	const struct tw_rdata *rdata, uint8_t kind, size_t at)
{
	const uint8_t *octets = rdata->octets + rdata->start;
	size_t before = at - rdata->start;
	uint8_t first = before > 0 ? octets[0] : 0;
	uint8_t second = before > 1 ? octets[1] : 0;

	if (kind >= TW_KIND_OPTIONAL && kind < TW_KIND_GATEWAY)
		return at < rdata->end ? (uint8_t)(kind - TW_KIND_OPTIONAL)
				       : TROWEL_KIND_NONE;
	switch (kind) {
	case TROWEL_KIND_LOCATION:
		return is_location(rdata, at) ? kind : TROWEL_KIND_OCTETS;
	case TROWEL_KIND_OCTETS:
		return at < rdata->end ? kind : TROWEL_KIND_NONE;
	case TROWEL_KIND_KEY: /* RFC 2535 3.1.2: flags that say "no key" */
		return at == rdata->end && first >= 0xC0 ? TROWEL_KIND_NONE
							 : kind;
	case TW_KIND_GATEWAY:
		return gateway_kind(second);
	case TW_KIND_RELAY:
		return gateway_kind(second % 128);
	case TW_KIND_A6_SUFFIX:
		return first <= 128 ? TROWEL_KIND_IPV6_SUFFIX
				    : TROWEL_KIND_OCTETS;
	case TW_KIND_A6_NAME:
		return first >= 1 && first <= 128 ? TROWEL_KIND_PLAIN_NAME
						  : TROWEL_KIND_NONE;
	default:
		return kind;
	}
}

/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures *position == (\result == TROWEL_OK ? \old(*position) + count :
      \old(*position)) && *position <= rdata->end; */
static TW_APART enum trowel_status pass(
	const struct tw_rdata *rdata, size_t count, size_t *position)
{
	if (rdata->end - *position < count)
		return TROWEL_RDATA_TOO_SHORT;
	*position += count;
	return TROWEL_OK;
}

/* A length octet and as many octets, at least `least`. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end;
    ensures \result == TROWEL_OK ==> \old(*position) < *position; */
static TW_APART enum trowel_status pass_counted(
	const struct tw_rdata *rdata, uint8_t least, size_t *position)
{
	if (rdata->end - *position < 1)
		return TROWEL_RDATA_TOO_SHORT;
	if (rdata->octets[*position] < least)
		return TROWEL_BAD_VALUE;
	return pass(rdata, (size_t)rdata->octets[*position] + 1, position);
}

/* All the rest, and that is something. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end;
    ensures \result == TROWEL_OK ==> \old(*position) < *position; */
static enum trowel_status pass_rest(
	const struct tw_rdata *rdata, size_t *position)
{
	if (*position == rdata->end)
		return TROWEL_RDATA_TOO_SHORT;
	*position = rdata->end;
	return TROWEL_OK;
}

/* RFC 9460 2.2: key, length, value. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end;
    ensures \result == TROWEL_OK ==> \old(*position) + 4 <= *position; */
static enum trowel_status pass_param(
	const struct tw_rdata *rdata, size_t *position)
{
	enum trowel_status status = pass(rdata, PARAM_FIXED, position);

	if (status != TROWEL_OK)
		return status;
	return pass(rdata, tw_u16_at(rdata->octets, *position - 2), position);
}

/* RFC 3123 4: family, prefix, a bit and a length, address. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end;
    ensures \result == TROWEL_OK ==> \old(*position) + 4 <= *position; */
static enum trowel_status pass_prefix(
	const struct tw_rdata *rdata, size_t *position)
{
	size_t start = *position;
	enum trowel_status status = pass(rdata, 4, position);
	uint16_t family;
	uint8_t prefix;
	uint8_t length;

	if (status != TROWEL_OK)
		return status;
	family = tw_u16_at(rdata->octets, start);
	prefix = rdata->octets[start + 2];
	length = rdata->octets[start + 3] % 128;
	if ((family == 1 && (prefix > 32 || length > 4)) ||
		(family == 2 && (prefix > 128 || length > 16)))
		return TROWEL_BAD_VALUE;
	return pass(rdata, length, position);
}

/* RFC 2874 3.1: the bits behind the prefix, in whole octets. */
/*@ requires tw_rdata_is_good(rdata) && rdata->start <= at <= rdata->end;
    assigns \nothing;
    ensures \result <= 16; */
static size_t suffix_length(const struct tw_rdata *rdata, size_t at)
{
	uint8_t prefix = at > rdata->start ? rdata->octets[rdata->start] : 0;

	return prefix <= 128 ? 16 - (size_t)prefix / 8 : 0;
}

/* By octets before the value; RFC 8005 6 has that neither of its sizes may be
 * left out. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
static TW_APART enum trowel_status pass_sized(
	const struct tw_rdata *rdata, uint8_t kind, size_t *position)
{
	const uint8_t *octets = rdata->octets + rdata->start;
	size_t before = *position - rdata->start;
	size_t size;

	if (before < 4)
		return TROWEL_RDATA_TOO_SHORT;
	if (kind == TROWEL_KIND_SIZED)
		return pass(rdata, tw_u16_at(octets, before - 2), position);
	size = tw_u16_at(octets, 2);
	if (kind == TROWEL_KIND_HIP_KEY)
		return pass(rdata, size, position);
	if (octets[0] == 0 || size == 0)
		return TROWEL_BAD_VALUE;
	return pass(rdata, octets[0], position);
}

TW_COLD enum trowel_status tw_field_pass(
	const struct tw_rdata *rdata, uint8_t kind, size_t *position)
{
	size_t width = tw_kind_width(kind);

	if (width > 0)
		return pass(rdata, width, position);
	switch (kind) {
	case TROWEL_KIND_TOP_BIT: /* its octet is the next field's */
	case TROWEL_KIND_ROOT:
		return TROWEL_OK;
	case TROWEL_KIND_STRING:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_SALT:
		return pass_counted(rdata, 0, position);
	case TROWEL_KIND_TAG:
	case TROWEL_KIND_HASH:
		return pass_counted(rdata, 1, position);
	case TROWEL_KIND_LOCATION:
		return pass(rdata, 16, position);
	case TROWEL_KIND_SIZED:
	case TROWEL_KIND_HIT:
	case TROWEL_KIND_HIP_KEY:
		return pass_sized(rdata, kind, position);
	case TROWEL_KIND_IPV6_SUFFIX:
		return pass(rdata, suffix_length(rdata, *position), position);
	case TROWEL_KIND_PARAM:
	case TROWEL_KIND_OPTION:
		return pass_param(rdata, position);
	case TROWEL_KIND_PREFIX:
		return pass_prefix(rdata, position);
	case TROWEL_KIND_TEXT:
	case TROWEL_KIND_OCTETS:
	case TROWEL_KIND_OBJECT:
	case TROWEL_KIND_PORTS:
		*position = rdata->end;
		return TROWEL_OK;
	default:
		break;
	}
	return pass_rest(rdata, position);
}

/* Whether a good name in octets[start .. end) ends with the root's octet, not
 * with a pointer. */
/*@ requires start <= end <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. end - 1));
    assigns \nothing; */
static bool is_plain(const uint8_t *octets, size_t start, size_t end)
{
	/*@ loop invariant start <= end + 63;
	    loop assigns start;
	    loop variant end + 63 - start; */
	while (start < end && octets[start] != 0 && octets[start] <= 63)
		start += (size_t)octets[start] + 1;
	return start + 1 == end;
}

/*@ requires tw_message_is_open(message) && \valid(position);
    requires *position <= end <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    assigns *position, message->names;
    ensures *position <= message->length;
    ensures \result == TROWEL_OK ==> \old(*position) < *position <= end;
    ensures tw_names_are_right(message); */
static TW_APART enum trowel_status check_long_name(
	struct trowel_message *message, uint8_t kind, size_t end,
	size_t *position)
{
	size_t start = *position;
	enum trowel_status status = tw_name_check(message, end, position);

	if (status == TROWEL_CUT_SHORT)
		return TROWEL_RDATA_TOO_SHORT;
	if (status == TROWEL_OK && kind == TROWEL_KIND_PLAIN_NAME &&
		!is_plain(message->octets, start, *position)) {
		*position = start;
		return TROWEL_POINTER_FORBIDDEN;
	}
	return status;
}

/*@ requires tw_message_is_open(message) && \valid(position);
    requires *position <= end <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    assigns *position, message->names;
    ensures *position <= message->length;
    ensures \result == TROWEL_OK ==> \old(*position) < *position <= end;
    ensures tw_names_are_right(message); */
static inline enum trowel_status check_name(struct trowel_message *message,
	uint8_t kind, size_t end, size_t *position)
{
	size_t at = tw_plain_name_pass(message->octets, *position, end);

	if (at == TW_NOWHERE)
		return check_long_name(message, kind, end, position);
	*position = at;
	return TROWEL_OK;
}

enum trowel_status tw_types_check(
	const struct tw_rdata *rdata, size_t *position)
{
	const uint8_t *octets = rdata->octets;
	size_t at = *position;
	size_t least = 0;

	/*@ loop invariant \at(*position, Pre) <= *position <= at <= rdata->end;
	    loop invariant least <= 256;
	    loop assigns at, least, *position;
	    loop variant rdata->end - at; */
	while (at < rdata->end) {
		*position = at;
		if (rdata->end - at < 2)
			return TROWEL_RDATA_TOO_SHORT;
		if (octets[at] < least || octets[at + 1] < 1 ||
			octets[at + 1] > 32)
			return TROWEL_BAD_VALUE;
		least = (size_t)octets[at] + 1;
		at += 2;
		if (rdata->end - at < octets[at - 1])
			return TROWEL_RDATA_TOO_SHORT;
		at += octets[at - 1];
		if (octets[at - 1] == 0)
			return TROWEL_BAD_VALUE;
	}
	*position = rdata->end;
	return TROWEL_OK;
}

/* RFC 1035 3.4.2, RFC 2535 5.2: a bit for each port, or each type up to 127. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
static enum trowel_status check_bitmap(
	const struct tw_rdata *rdata, size_t most, size_t *position)
{
	if (rdata->end - *position > most) {
		*position += most;
		return TROWEL_BAD_VALUE;
	}
	*position = rdata->end;
	return TROWEL_OK;
}

enum trowel_status tw_params_check(
	const struct tw_rdata *rdata, size_t *position)
{
	const uint8_t *octets = rdata->octets;
	size_t at = *position;
	uint32_t least = 0;

	/*@ loop invariant \at(*position, Pre) <= *position <= at <= rdata->end;
	    loop invariant least <= 65536;
	    loop assigns at, least, *position;
	    loop variant rdata->end - at; */
	while (at < rdata->end) {
		*position = at;
		if (rdata->end - at < PARAM_FIXED)
			return TROWEL_RDATA_TOO_SHORT;
		at += PARAM_FIXED;
		if (rdata->end - at < tw_u16_at(octets, at - 2)) {
			*position = at;
			return TROWEL_RDATA_TOO_SHORT;
		}
		if (tw_u16_at(octets, *position) < least)
			return TROWEL_BAD_VALUE;
		least = (uint32_t)tw_u16_at(octets, *position) + 1;
		at += tw_u16_at(octets, at - 2);
	}
	*position = rdata->end;
	return TROWEL_OK;
}

/* RFC 1035 3.3.14: one or more. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
static enum trowel_status check_strings(
	const struct tw_rdata *rdata, size_t *position)
{
	size_t at = *position;
	size_t last = at;

	/*@ loop invariant *position <= last <= at <= rdata->end + 255;
	    loop invariant last < rdata->end || last == *position;
	    loop assigns at, last;
	    loop variant rdata->end + 255 - at; */
	while (at < rdata->end) {
		last = at;
		at += (size_t)rdata->octets[at] + 1;
	}
	*position = at > rdata->end ? last : at;
	return at == rdata->end && at > last ? TROWEL_OK
					     : TROWEL_RDATA_TOO_SHORT;
}

/* RFC 3123 4 */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
static enum trowel_status check_prefixes(
	const struct tw_rdata *rdata, size_t *position)
{
	enum trowel_status status = TROWEL_OK;

	/*@ loop invariant \at(*position, Pre) <= *position <= rdata->end;
	    loop assigns status, *position;
	    loop variant rdata->end - *position +
	      (status == TROWEL_OK ? 1 : 0); */
	while (status == TROWEL_OK && *position < rdata->end)
		status = pass_prefix(rdata, position);
	return status;
}

/* One, or all that there are: RFC 8005 5.1. */
/*@ requires tw_message_is_open(message) && \valid(position);
    requires *position <= end <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    assigns *position, message->names;
    ensures *position <= message->length;
    ensures \result == TROWEL_OK ==> \old(*position) < *position <= end;
    ensures tw_names_are_right(message); */
static enum trowel_status check_names(struct trowel_message *message,
	uint8_t kind, size_t end, bool is_list, size_t *position)
{
	enum trowel_status status;

	/*@ loop invariant \at(*position, Pre) <= *position <= end;
	    loop invariant tw_names_are_right(message);
	    loop assigns status, *position, message->names;
	    loop variant end - *position; */
	do {
		status = check_name(message, kind, end, position);
	} while (is_list && status == TROWEL_OK && *position < end);
	return status;
}

/*@ requires tw_message_is_open(message) && tw_rdata_is_at(rdata, position);
    requires rdata->octets == message->octets;
    requires rdata->end <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    requires \separated(rdata, message);
    assigns *position, message->names;
    ensures *position <= message->length;
    ensures \result == TROWEL_OK ==>
      \old(*position) <= *position <= rdata->end;
    ensures tw_names_are_right(message); */
static TW_APART enum trowel_status check_field(struct trowel_message *message,
	const struct tw_rdata *rdata, uint8_t row_kind, size_t *position)
{
	uint8_t kind = tw_kind_here(rdata, row_kind, *position);

	switch (kind) {
	case TROWEL_KIND_NONE:
		return TROWEL_OK;
	case TROWEL_KIND_NAME:
	case TROWEL_KIND_PLAIN_NAME:
		return check_names(message, kind, rdata->end,
			row_kind == TW_KIND_NAMES, position);
	case TROWEL_KIND_TYPES:
		return tw_types_check(rdata, position);
	case TROWEL_KIND_PARAM:
		return tw_params_check(rdata, position);
	case TROWEL_KIND_OPTION:
		return tw_options_check(rdata->octets, rdata->end, position);
	case TROWEL_KIND_PORTS:
		return check_bitmap(rdata, 8192, position);
	case TROWEL_KIND_OLD_TYPES:
		return check_bitmap(rdata, 16, position);
	case TROWEL_KIND_STRINGS:
		return check_strings(rdata, position);
	case TROWEL_KIND_PREFIX:
		return check_prefixes(rdata, position);
	default:
		break;
	}
	return tw_field_pass(rdata, kind, position);
}

enum trowel_status tw_rdata_check(const uint8_t *kinds,
	struct trowel_message *message, size_t end, size_t *position,
	size_t *field)
{
	struct tw_rdata rdata = { message->octets, *position, end };
	enum trowel_status status = TROWEL_OK;
	size_t i;

	/*@ loop invariant 0 <= i < TW_KINDS_SIZE;
	    loop invariant \forall integer k; 0 <= k < i ==>
	      kinds[k] != TROWEL_KIND_NONE;
	    loop invariant status == TROWEL_OK;
	    loop invariant rdata.start <= *position <= end;
	    loop invariant tw_names_are_right(message);
	    loop assigns i, status, *position, message->names;
	    loop variant TW_KINDS_SIZE - i; */
	for (i = 0; kinds[i] != TROWEL_KIND_NONE; i++) {
		size_t width = tw_kind_width(kinds[i]);

		if (width > 0 && end - *position >= width) {
			*position += width;
			continue;
		}
		status = check_field(message, &rdata, kinds[i], position);
		if (status != TROWEL_OK)
			break;
	}
	*field = i;
	if (status == TROWEL_OK && *position != end)
		status = TROWEL_RDATA_TOO_LONG;
	return status;
}

/* Of a record that the check of its message left alone. */
/*@ requires \valid_read(record);
    assigns \result \from *record;
    ensures tw_is_row(\result); */
static const struct tw_rrtype *late_row(const struct trowel_record *record)
{
	const struct tw_rrtype *row = tw_rrtype_find(record->type);

	if (record->type == TYPE_A && record->class_code == CLASS_CH)
		return &tw_rrtype_chaos;
	return row != NULL && row->classes != TW_CLASS_IN &&
			record->rdata_length > 0 &&
			(record->class_code == CLASS_ANY ||
				record->class_code == CLASS_NONE)
		? row
		: &tw_rrtype_opaque;
}

TW_COLD const struct tw_rrtype *tw_rrtype_for(
	const struct trowel_record *record)
{
	const struct tw_rrtype *row =
		tw_rrtype_of(record->type, record->class_code);

	return row != NULL ? row : late_row(record);
}

TW_COLD const struct tw_rrtype *tw_row_of(const struct trowel_message *message,
	const struct trowel_record *record)
{
	const struct tw_rrtype *row = tw_rrtype_for(record);
	struct trowel_message alone;
	size_t position = record->rdata;
	size_t end = position + record->rdata_length;
	size_t field;

	tw_names_init(&alone, message->octets, message->length);
	if (tw_rrtype_of(record->type, record->class_code) != NULL ||
		(end <= message->length &&
			tw_rdata_check(tw_kinds_of(row), &alone, end, &position,
				&field) == TROWEL_OK))
		return row;
	return &tw_rrtype_opaque;
}
