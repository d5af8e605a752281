/* SPDX-License-Identifier: MIT */
#include "wire/text.h"

#include "wire/codes.h"
#include "wire/cursor.h"

#define PERIODS "week\0day\0hour\0minute\0second"

extern inline void tw_text_put(struct tw_text *text, char character);
extern inline void tw_text_put_string(struct tw_text *text, const char *string);
extern inline void tw_text_end(struct tw_text *text);

const char *tw_string_at(const char *strings, size_t size, size_t index)
{
	size_t at = 0;

	/*@ loop invariant at < size;
	    loop assigns at, index;
	    loop variant size - at; */
	for (; index > 0 && at + 1 < size; at++)
		if (strings[at] == '\0')
			index--;
	return strings + at;
}

void tw_characters_put(
	struct tw_text *text, const char *characters, size_t count)
{
	/*@ loop invariant 0 <= i <= count;
	    loop invariant text->length == \at(text->length, Pre) + i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant count - i; */
	for (size_t i = 0; i < count; i++)
		tw_text_put(text, characters[i]);
}

void tw_labelled_put(struct tw_text *text, const char *label, uint64_t number)
{
	tw_text_put_string(text, label);
	tw_number_put(text, number);
}

void tw_hex_put(struct tw_text *text, uint8_t octet, bool is_upper)
{
	const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";

	tw_text_put(text, digits[octet / 16]);
	tw_text_put(text, digits[octet % 16]);
}

void tw_digits_put(struct tw_text *text, uint32_t number, size_t count)
{
	char digits[10];

	/*@ loop invariant 0 <= i <= count;
	    loop assigns i, number, digits[0 .. count - 1];
	    loop variant i; */
	for (size_t i = count; i > 0; i--) {
		digits[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	tw_characters_put(text, digits, count);
}

void tw_decimal_put(
	struct tw_text *text, const char *label, uint32_t number, size_t places)
{
	uint32_t whole = number;

	/*@ loop invariant 0 <= i <= places;
	    loop assigns i, whole;
	    loop variant places - i; */
	for (size_t i = 0; i < places; i++)
		whole /= 10;
	tw_labelled_put(text, label, whole);
	tw_text_put(text, '.');
	tw_digits_put(text, number, places);
}

/* Octets in digits of so many bits, each out of two octets. */
/*@ requires tw_text_has_room(text, 2 * length + 1) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    requires bits == 5 || bits == 6 && \valid_read(digits + (32 .. 63));
    requires \valid_read(digits + (0 .. 31)) &&
      tw_text_is_apart(text, digits, 64);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 2 * length + 1; */
static void put_digits(struct tw_text *text, const uint8_t *octets,
	size_t length, const char *digits, size_t bits)
{
	/*@ loop invariant 0 <= at <= 8 * length + bits;
	    loop invariant 0 <= 5 * (text->length - \at(text->length, Pre)) <= at;
	    loop assigns at, text->length, text->text[0 .. text->size - 1];
	    loop variant 8 * length + bits - at; */
	for (size_t at = 0; at < 8 * length; at += bits) {
		size_t i = at / 8;
		uint32_t pair = octets[i] * 256U;

		if (i + 1 < length)
			pair += octets[i + 1];
		pair >>= 16 - bits - at % 8;
		tw_text_put(text, digits[pair % (bits == 6 ? 64 : 32)]);
	}
}

void tw_base64_put(struct tw_text *text, const uint8_t *octets, size_t length)
{
	put_digits(text, octets, length,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/",
		6);
	/*@ loop invariant 0 <= i <= 3;
	    loop invariant \at(text->length, LoopEntry) <= text->length <=
	      \at(text->length, LoopEntry) + i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant 3 - i; */
	for (size_t i = length % 3; i > 0 && i < 3; i++)
		tw_text_put(text, '=');
}

void tw_base32hex_put(
	struct tw_text *text, const uint8_t *octets, size_t length)
{
	put_digits(text, octets, length, "0123456789ABCDEFGHIJKLMNOPQRSTUV", 5);
}

void tw_ipv4_put(struct tw_text *text, const uint8_t *octets)
{
	/*@ loop invariant 0 <= i <= 4;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 21 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant 4 - i; */
	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			tw_text_put(text, '.');
		tw_number_put(text, octets[i]);
	}
}

/*@ requires tw_text_has_room(text, 4) && tw_text_can_read(text, octets, 2);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <= \old(text->length) + 4; */
static void put_group(struct tw_text *text, const uint8_t *octets)
{
	const char *digits = "0123456789abcdef";
	uint16_t group = tw_u16_at(octets, 0);

	/*@ loop invariant unit == 4096 || unit == 256 || unit == 16 ||
	      unit == 1 || unit == 0;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + (unit == 4096 ? 0 : unit == 256 ? 1 :
	      unit == 16 ? 2 : unit == 1 ? 3 : 4);
	    loop assigns unit, text->length, text->text[0 .. text->size - 1];
	    loop variant unit; */
	for (uint16_t unit = 4096; unit > 0; unit /= 16)
		if (group >= unit || unit == 1)
			tw_text_put(text, digits[group / unit % 16]);
}

void tw_groups_put(struct tw_text *text, const uint8_t *octets, size_t count)
{
	/*@ loop invariant 0 <= i <= count;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 5 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant count - i; */
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			tw_text_put(text, ':');
		put_group(text, octets + 2 * i);
	}
}

/* The longest run of two or more zero groups, the first of equals: RFC 5952
 * 4.2. Returns where it starts; 8 if there is none. */
/*@ requires \valid(count) && \valid_read(octets + (0 .. 15));
    requires \separated(count, octets + (0 .. 15));
    assigns *count;
    ensures 1 <= *count && (\result == 8 || \result + *count <= 8); */
static size_t find_zeros(const uint8_t *octets, size_t *count)
{
	size_t best = 8;
	size_t run = 0;

	*count = 1;
	/*@ loop invariant 0 <= run <= i <= 8 && 1 <= *count;
	    loop invariant best == 8 || best + *count <= i;
	    loop assigns i, run, best, *count;
	    loop variant 8 - i; */
	for (size_t i = 0; i < 8; i++) {
		run = tw_u16_at(octets, 2 * i) == 0 ? run + 1 : 0;
		if (run > *count) {
			*count = run;
			best = i + 1 - run;
		}
	}
	return best;
}

/* ::ffff:192.0.2.1 and ::192.0.2.1: RFC 5952 5, and what inet_ntop() does. */
/*@ requires \valid_read(octets + (0 .. 15));
    assigns \nothing;
    ensures \result ==> zeros == 0 && (count == 5 || count == 6); */
static bool has_ipv4_tail(const uint8_t *octets, size_t zeros, size_t count)
{
	return zeros == 0 &&
		(count == 6 || (count == 5 && tw_u16_at(octets, 10) == 0xFFFF));
}

void tw_ipv6_put(struct tw_text *text, const uint8_t *octets)
{
	size_t count;
	size_t zeros = find_zeros(octets, &count);
	bool is_mixed = has_ipv4_tail(octets, zeros, count);
	size_t end = is_mixed ? 6 : 8;

	if (zeros < 8) {
		tw_groups_put(text, octets, zeros);
		tw_text_put(text, ':');
		tw_text_put(text, ':');
		if (zeros + count < end)
			tw_groups_put(text, octets + 2 * (zeros + count),
				end - zeros - count);
	} else {
		tw_groups_put(text, octets, 8);
	}
	if (is_mixed) {
		if (count == 5)
			tw_text_put(text, ':');
		tw_ipv4_put(text, octets + 12);
	}
}

void tw_prefix_put(struct tw_text *text, uint16_t family, const uint8_t *octets,
	size_t length)
{
	uint8_t address[16] = { 0 };

	/*@ loop invariant 0 <= i <= length && i <= 16;
	    loop assigns i, address[0 .. 15];
	    loop variant 16 - i; */
	for (size_t i = 0; i < length && i < 16; i++)
		address[i] = octets[i];
	if (family == 1)
		tw_ipv4_put(text, address);
	else
		tw_ipv6_put(text, address);
}

void tw_string_octet_put(struct tw_text *text, uint8_t octet, bool has_quotes)
{
	if (octet < 0x20 || octet >= 0x7F) {
		tw_text_put(text, '\\');
		tw_digits_put(text, octet, 3);
		return;
	}
	if (octet == '"' || octet == '\\' ||
		(!has_quotes &&
			(octet == ' ' || octet == '@' || octet == ';' ||
				octet == '(' || octet == ')')))
		tw_text_put(text, '\\');
	tw_text_put(text, tw_char_of(octet));
}

void tw_string_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool has_quotes)
{
	if (has_quotes)
		tw_text_put(text, '"');
	/*@ loop invariant 0 <= i <= length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 4 * i + 1;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++)
		tw_string_octet_put(text, octets[i], has_quotes);
	if (has_quotes)
		tw_text_put(text, '"');
}

/* Year by year from 1970 up to 2106, of which 2100 is no leap year, and then
 * month by month. */
void tw_time_put(struct tw_text *text, uint32_t seconds)
{
	static const uint8_t months[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
		31, 30, 31 };
	uint32_t days = seconds / 86400;
	uint32_t rest = seconds % 86400;
	uint32_t year = 1970;
	uint32_t year_days = 365;
	uint32_t month = 0;
	uint32_t month_days = 31;

	/*@ loop invariant year >= 1970 && days + 365 * (year - 1970) <= 49710;
	    loop invariant year_days == 365 || year_days == 366;
	    loop assigns days, year, year_days;
	    loop variant days; */
	while (days >= year_days) {
		days -= year_days;
		year++;
		year_days = year % 4 == 0 && year != 2100 ? 366 : 365;
	}
	/*@ loop invariant 0 <= month <= 11 && 0 <= days <= 366;
	    loop invariant 28 <= month_days <= 31;
	    loop assigns days, month, month_days;
	    loop variant days; */
	while (month < 11 && days >= month_days) {
		days -= month_days;
		month++;
		month_days = month == 1 ? year_days - 337 : months[month];
	}
	tw_digits_put(text, year * 10000 + (month + 1) * 100 + days + 1, 8);
	rest = rest / 3600 * 10000 + rest / 60 % 60 * 100 + rest % 60;
	tw_digits_put(text, rest, 6);
}

/* "2 hours" */
/*@ requires tw_text_has_room(text, 65557) && unit < 5;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 65557; */
static void put_units(struct tw_text *text, uint32_t count, size_t unit)
{
	const char *name = tw_string_at(PERIODS, sizeof PERIODS, unit);

	tw_number_put(text, count);
	tw_text_put(text, ' ');
	tw_text_put_string(text, name);
	if (count != 1)
		tw_text_put(text, 's');
}

void tw_period_put(struct tw_text *text, uint32_t seconds)
{
	static const uint32_t units[] = { 604800, 86400, 3600, 60, 1 };
	bool is_first = true;

	/*@ loop invariant 0 <= i <= 5;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 65558 * i;
	    loop assigns i, seconds, is_first, text->length,
	      text->text[0 .. text->size - 1];
	    loop variant 5 - i; */
	for (size_t i = 0; i < 5; i++) {
		uint32_t count = seconds / units[i];

		seconds %= units[i];
		if (count == 0 && (i < 4 || !is_first))
			continue;
		if (!is_first)
			tw_text_put(text, ' ');
		is_first = false;
		put_units(text, count, i);
	}
}

/* RFC 1876 3: thousandths of a second of arc from 2^31; `signs` has the letters
 * of less and of more. */
/*@ requires tw_text_has_room(text, 140000) && \valid_read(signs + (0 .. 1));
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 140000; */
static void put_angle(struct tw_text *text, uint32_t angle, const char *signs)
{
	bool is_positive = angle >= 0x80000000;
	uint32_t rest = is_positive ? angle - 0x80000000 : 0x80000000 - angle;

	tw_number_put(text, rest / 3600000);
	tw_labelled_put(text, " ", rest / 60000 % 60);
	tw_decimal_put(text, " ", rest % 60000, 3);
	tw_text_put(text, ' ');
	tw_text_put(text, signs[is_positive]);
}

/* RFC 1876 2: a digit and a power of ten, in centimetres. */
/*@ requires tw_text_has_room(text, 66000);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 66000; */
static void put_extent(struct tw_text *text, uint8_t extent)
{
	uint32_t value = extent / 16;
	uint8_t power = extent % 16;

	if (power < 2) {
		tw_decimal_put(text, " ", power == 1 ? value * 10 : value, 2);
	} else {
		tw_labelled_put(text, " ", value);
		/*@ loop invariant 2 <= power <= 15;
		    loop invariant \at(text->length, Pre) <= text->length <=
		      \at(text->length, Pre) + 65570 - power;
		    loop assigns power, text->length,
		      text->text[0 .. text->size - 1];
		    loop variant power; */
		for (; power > 2 && value > 0; power--)
			tw_text_put(text, '0');
	}
	tw_text_put(text, 'm');
}

void tw_location_put(struct tw_text *text, const uint8_t *octets)
{
	uint32_t altitude = tw_u32_at(octets, 12);
	bool is_negative = altitude < 10000000;
	uint32_t rest = is_negative ? 10000000 - altitude : altitude - 10000000;

	put_angle(text, tw_u32_at(octets, 4), "SN");
	tw_text_put(text, ' ');
	put_angle(text, tw_u32_at(octets, 8), "WE");
	tw_decimal_put(text, is_negative ? " -" : " ", rest, 2);
	tw_text_put(text, 'm');
	/*@ loop invariant 1 <= i <= 4;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 300000 + 66000 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant 4 - i; */
	for (size_t i = 1; i <= 3; i++)
		put_extent(text, octets[i]);
}

/* af-saa-0069 5: an E.164 number, or hex. */
void tw_atma_put(struct tw_text *text, const uint8_t *octets, size_t length)
{
	if (octets[0] == 1)
		tw_text_put(text, '+');
	/*@ loop invariant 1 <= i <= length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 4 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant length - i; */
	for (size_t i = 1; i < length; i++) {
		if (octets[0] == 1)
			tw_string_octet_put(text, octets[i], false);
		else
			tw_hex_put(text, octets[i], false);
	}
}

void tw_hex_groups_put(struct tw_text *text, const uint8_t *octets,
	size_t length, size_t size, char separator)
{
	/*@ loop invariant 0 <= i <= length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 3 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && i % size == 0)
			tw_text_put(text, separator);
		tw_hex_put(text, octets[i], false);
	}
}

void tw_octets_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool is_upper)
{
	/*@ loop invariant 0 <= i <= length;
	    loop invariant text->length == \at(text->length, Pre) + 2 * i;
	    loop assigns i, text->length, text->text[0 .. text->size - 1];
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++)
		tw_hex_put(text, octets[i], is_upper);
}
