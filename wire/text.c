/* SPDX-License-Identifier: MIT */
#include "wire/text.h"

#include "wire/codes.h"
#include "wire/cursor.h"

extern inline void tw_text_put(struct tw_text *text, char character);
extern inline void tw_text_put_string(struct tw_text *text, const char *string);
extern inline void tw_text_end(struct tw_text *text);

const char *tw_string_at(const char *strings, size_t index)
{
	size_t at = 0;

	for (; index > 0; at++)
		if (strings[at] == '\0')
			index--;
	return strings + at;
}

void tw_characters_put(
	struct tw_text *text, const char *characters, size_t count)
{
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
	uint32_t unit = 1;

	for (size_t i = 1; i < count; i++)
		unit *= 10;
	for (size_t i = 0; i < count; i++) {
		tw_text_put(text, (char)('0' + number / unit % 10));
		unit /= 10;
	}
}

void tw_decimal_put(
	struct tw_text *text, const char *label, uint32_t number, size_t places)
{
	uint32_t unit = 1;

	for (size_t i = 0; i < places; i++)
		unit *= 10;
	tw_labelled_put(text, label, number / unit);
	tw_text_put(text, '.');
	tw_digits_put(text, number, places);
}

/* Octets in digits to the base of a power of two. */
static void put_digits(struct tw_text *text, const uint8_t *octets,
	size_t length, const char *digits, uint32_t base)
{
	uint32_t value = 0; /* bits not yet written */
	uint32_t unit = 1; /* 2 to the power of their count */

	for (size_t i = 0; i < length; i++) {
		value = value * 256 + octets[i];
		unit *= 256;
		while (unit >= base) {
			unit /= base;
			tw_text_put(text, digits[value / unit]);
			value %= unit;
		}
	}
	if (unit > 1)
		tw_text_put(text, digits[value * (base / unit)]);
}

void tw_base64_put(struct tw_text *text, const uint8_t *octets, size_t length)
{
	put_digits(text, octets, length,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/",
		64);
	for (; length % 3 > 0; length++)
		tw_text_put(text, '=');
}

void tw_base32hex_put(
	struct tw_text *text, const uint8_t *octets, size_t length)
{
	put_digits(
		text, octets, length, "0123456789ABCDEFGHIJKLMNOPQRSTUV", 32);
}

void tw_ipv4_put(struct tw_text *text, const uint8_t *octets)
{
	for (size_t i = 0; i < 4; i++)
		tw_labelled_put(text, i > 0 ? "." : "", octets[i]);
}

static void put_group(struct tw_text *text, const uint8_t *octets)
{
	uint16_t group = tw_u16_at(octets, 0);

	for (uint16_t unit = 4096; unit > 0; unit /= 16)
		if (group >= unit || unit == 1)
			tw_text_put(
				text, "0123456789abcdef"[group / unit % 16]);
}

void tw_groups_put(struct tw_text *text, const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			tw_text_put(text, ':');
		put_group(text, octets + 2 * i);
	}
}

/* The longest run of two or more zero groups, the first of equals: RFC 5952
 * 4.2. Returns where it starts; 8 if there is none. */
static size_t find_zeros(const uint8_t *octets, size_t *count)
{
	size_t best = 8;
	size_t run = 0;

	*count = 1;
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
		tw_text_put_string(text, "::");
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

	while (days >= year_days) {
		days -= year_days;
		year++;
		year_days = year % 4 == 0 && year != 2100 ? 366 : 365;
	}
	while (days >= month_days) {
		days -= month_days;
		month++;
		month_days = month == 1 ? year_days - 337 : months[month];
	}
	tw_digits_put(text, year * 10000 + (month + 1) * 100 + days + 1, 8);
	rest = rest / 3600 * 10000 + rest / 60 % 60 * 100 + rest % 60;
	tw_digits_put(text, rest, 6);
}

void tw_period_put(struct tw_text *text, uint32_t seconds)
{
	static const uint32_t units[] = { 604800, 86400, 3600, 60, 1 };
	bool is_first = true;

	for (size_t i = 0; i < 5; i++) {
		uint32_t count = seconds / units[i];

		seconds %= units[i];
		if (count == 0 && (i < 4 || !is_first))
			continue;
		tw_labelled_put(text, is_first ? "" : " ", count);
		is_first = false;
		tw_text_put(text, ' ');
		tw_text_put_string(text,
			tw_string_at("week\0day\0hour\0minute\0second", i));
		if (count != 1)
			tw_text_put(text, 's');
	}
}

/* RFC 1876 3: thousandths of a second of arc from 2^31. */
static void put_angle(
	struct tw_text *text, uint32_t angle, char positive, char negative)
{
	bool is_positive = angle >= 0x80000000;
	uint32_t rest = is_positive ? angle - 0x80000000 : 0x80000000 - angle;

	tw_number_put(text, rest / 3600000);
	tw_labelled_put(text, " ", rest / 60000 % 60);
	tw_decimal_put(text, " ", rest % 60000, 3);
	tw_text_put(text, ' ');
	tw_text_put(text, is_positive ? positive : negative);
}

/* RFC 1876 2: a digit and a power of ten, in centimetres. */
static void put_extent(struct tw_text *text, uint8_t extent)
{
	uint32_t value = extent / 16;
	uint8_t power = extent % 16;

	if (power < 2) {
		tw_decimal_put(text, " ", power == 1 ? value * 10 : value, 2);
	} else {
		for (; power > 2; power--)
			value *= 10;
		tw_labelled_put(text, " ", value);
	}
	tw_text_put(text, 'm');
}

void tw_location_put(struct tw_text *text, const uint8_t *octets)
{
	uint32_t altitude = tw_u32_at(octets, 12);
	bool is_negative = altitude < 10000000;
	uint32_t rest = is_negative ? 10000000 - altitude : altitude - 10000000;

	put_angle(text, tw_u32_at(octets, 4), 'N', 'S');
	tw_text_put(text, ' ');
	put_angle(text, tw_u32_at(octets, 8), 'E', 'W');
	tw_decimal_put(text, is_negative ? " -" : " ", rest, 2);
	tw_text_put(text, 'm');
	for (size_t i = 1; i <= 3; i++)
		put_extent(text, octets[i]);
}

/* af-saa-0069 5: an E.164 number, or hex. */
void tw_atma_put(struct tw_text *text, const uint8_t *octets, size_t length)
{
	if (octets[0] == 1)
		tw_text_put(text, '+');
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
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && i % size == 0)
			tw_text_put(text, separator);
		tw_hex_put(text, octets[i], false);
	}
}

void tw_octets_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool is_upper)
{
	for (size_t i = 0; i < length; i++)
		tw_hex_put(text, octets[i], is_upper);
}
