/* SPDX-License-Identifier: MIT */
#include "cli/explain_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/edns_text.h"

void tw_value_add_safe(struct tw_output *value, const char *text, size_t length)
{
	char escape[8];
	size_t start = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		if (text[i] >= 0x20 && text[i] < 0x7F)
			continue;
		tw_output_add_octets(value, text + start, i - start);
		snprintf(escape, sizeof(escape), "\\%03u",
			(unsigned)(unsigned char)text[i]);
		tw_output_add(value, escape);
		start = i + 1;
	}
	tw_output_add_octets(value, text + start, length - start);
}

void tw_value_add_code(
	struct tw_output *value, enum trowel_registry registry, uint16_t code)
{
	char word[TROWEL_CODE_TEXT_SIZE], number[8];
	size_t length = trowel_code_format(registry, code, word);
	size_t number_length =
		(size_t)snprintf(number, sizeof(number), "%u", code);

	tw_value_add_safe(value, word, length);
	if (length >= number_length &&
		strcmp(word + length - number_length, number) == 0)
		return;
	tw_output_add(value, length > 0 ? " (" : "(");
	tw_output_add(value, number);
	tw_output_add(value, ")");
}

void tw_value_add_label(
	struct tw_output *value, const uint8_t *octets, size_t length)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name;

	if (length == 0 || length > TROWEL_LABEL_MAX)
		return;
	name.length = (uint8_t)(length + 2);
	name.octets[0] = (uint8_t)length;
	memcpy(name.octets + 1, octets, length);
	name.octets[length + 1] = 0;
	/* Without the final dot. */
	tw_value_add_safe(value, text, trowel_name_format(&name, text) - 1);
}

void tw_value_add_seconds(struct tw_output *value, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		const char *word;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
		{ 1, "second" } };
	uint32_t count;
	size_t i;

	tw_output_add_number(value, seconds);
	tw_output_add(value, " (");
	if (seconds == 0)
		tw_output_add(value, "0 seconds");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		count = seconds / units[i].seconds;
		if (count == 0)
			continue;
		tw_output_add_number(value, count);
		tw_output_add(value, " ");
		tw_output_add(value, units[i].word);
		tw_output_add(value, count == 1 ? "" : "s");
		seconds %= units[i].seconds;
		tw_output_add(value, seconds > 0 ? " " : "");
	}
	tw_output_add(value, ")");
}

void tw_value_add_bits(struct tw_output *value, const uint8_t *octets,
	size_t length, uint16_t first, bool is_types)
{
	char word[TROWEL_CODE_TEXT_SIZE];
	bool is_later = false;
	size_t i;

	for (i = 0; i < length * 8; i++) {
		size_t number = first + i;

		if ((octets[i / 8] & (0x80U >> i % 8)) == 0)
			continue;
		tw_output_add(value, is_later ? " " : "");
		is_later = true;
		if (is_types)
			tw_output_add_octets(value, word,
				trowel_code_format(
					TROWEL_TYPES, (uint16_t)number, word));
		else
			tw_output_add_number(value, (uint32_t)number);
	}
}

static void add_u64(struct tw_output *value, uint64_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	tw_output_add(value, digits);
}

/* RFC 4034 3.2, and for people. */
static void add_time(struct tw_output *value, uint64_t seconds)
{
	time_t time = (time_t)seconds;
	char text[64];
	struct tm tm;

	add_u64(value, seconds);
	if (seconds > UINT32_MAX || !gmtime_r(&time, &tm))
		return;
	snprintf(text, sizeof(text), " (%04d-%02d-%02d %02d:%02d:%02d UTC)",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
	tw_output_add(value, text);
}

static bool is_named(const struct trowel_field *field, const char *name)
{
	return field->name_length == strlen(name) &&
		memcmp(field->name, name, field->name_length) == 0;
}

/* The types whose "algorithm" is one of DNSSEC's. */
static bool has_dnssec_algorithm(uint16_t type)
{
	static const uint16_t types[] = { 24, 25, 43, 46, 48, 57, 59, 60, 32768,
		32769 };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i] == type)
			return true;
	return false;
}

/* RFC 4034 2.1.1, RFC 5011 7 */
static void add_key_flags(struct tw_output *value, unsigned flags)
{
	tw_output_add_number(value, flags);
	if (flags & 0x0181)
		tw_output_add(value, ":");
	tw_output_add(value, flags & 0x0100 ? " zone key" : "");
	tw_output_add(value, flags & 0x0080 ? " REVOKED" : "");
	tw_output_add(value, flags & 0x0001 ? " SEP (KSK)" : "");
}

/* A number that the table has in decimal, though it has a meaning. */
static void add_number(struct tw_output *value,
	const struct trowel_record *record, const struct trowel_field *field)
{
	if (is_named(field, "original-ttl"))
		tw_value_add_seconds(value, (uint32_t)field->number);
	else if (is_named(field, "algorithm") &&
		has_dnssec_algorithm(record->type))
		tw_value_add_code(
			value, TROWEL_ALGORITHMS, (uint16_t)field->number);
	else if (is_named(field, "flags") &&
		(record->type == 48 || record->type == 60))
		add_key_flags(value, (unsigned)field->number);
	else
		add_u64(value, field->number);
}

/* Numbers; false: it is none. */
static bool add_any_number(struct tw_output *value,
	const struct trowel_record *record, const struct trowel_field *field)
{
	static const enum trowel_registry registries[] = { [TROWEL_KIND_TYPE] =
								   TROWEL_TYPES,
		[TROWEL_KIND_ALGORITHM] = TROWEL_ALGORITHMS,
		[TROWEL_KIND_CERT_TYPE] = TROWEL_CERT_TYPES,
		[TROWEL_KIND_ERROR] = TROWEL_TSIG_ERRORS,
		[TROWEL_KIND_SCHEME] = TROWEL_SCHEMES };
	char digits[16];

	switch (field->kind) {
	case TROWEL_KIND_TTL:
		tw_value_add_seconds(value, (uint32_t)field->number);
		return true;
	case TROWEL_KIND_TYPE:
	case TROWEL_KIND_ALGORITHM:
	case TROWEL_KIND_CERT_TYPE:
	case TROWEL_KIND_ERROR:
	case TROWEL_KIND_SCHEME:
		tw_value_add_code(value, registries[field->kind],
			(uint16_t)field->number);
		return true;
	case TROWEL_KIND_TIME:
	case TROWEL_KIND_U48: /* TSIG's time alone, RFC 8945 4.2 */
		add_time(value, field->number);
		return true;
	case TROWEL_KIND_OCTAL:
		snprintf(digits, sizeof(digits), "%o (octal)",
			(unsigned)field->number);
		tw_output_add(value, digits);
		return true;
	default:
		if (field->kind > TROWEL_KIND_OCTAL)
			return false;
		add_number(value, record, field);
		return true;
	}
}

static void add_count(struct tw_output *value, size_t count)
{
	tw_output_add_number(value, (uint32_t)count);
	tw_output_add(value, count == 1 ? " octet" : " octets");
}

/* Octets whose text would repeat the hex beside it. */
static bool is_hex(uint8_t kind)
{
	return kind == TROWEL_KIND_OCTETS || kind == TROWEL_KIND_HEX ||
		kind == TROWEL_KIND_DIGEST || kind == TROWEL_KIND_SALT ||
		kind == TROWEL_KIND_HIT;
}

static bool is_text(uint8_t kind)
{
	return kind >= TROWEL_KIND_STRING && kind <= TROWEL_KIND_TEXT;
}

static void add_option(struct tw_output *value,
	const struct trowel_message *message, const struct trowel_field *option)
{
	struct tw_output text;

	tw_output_init(&text);
	tw_edns_option_add(&text, message, option);
	if (!text.failed)
		tw_value_add_safe(value, text.octets, text.length);
	value->failed |= text.failed;
	tw_output_release(&text);
}

void tw_value_add_field(struct tw_output *value,
	const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *field)
{
	size_t size;
	char *text;

	if (add_any_number(value, record, field))
		return;
	if (field->kind == TROWEL_KIND_ROOT) {
		tw_output_add(value, ". (in no octets)");
		return;
	}
	if (is_hex(field->kind) ||
		(field->length == 0 && !is_text(field->kind))) {
		add_count(value, field->length);
		return;
	}
	if (field->kind == TROWEL_KIND_OPTION) {
		add_option(value, message, field);
		return;
	}
	size = trowel_field_format(
		       message, record, field, TROWEL_STYLE_NO_SPLIT, NULL, 0) +
		1;
	text = malloc(size);
	if (!text)
		return;
	trowel_field_format(
		message, record, field, TROWEL_STYLE_NO_SPLIT, text, size);
	tw_value_add_safe(value, text, size - 1);
	free(text);
}
