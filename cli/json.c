/* SPDX-License-Identifier: MIT */
#include "cli/json.h"

#include <string.h>

#define REPLACEMENT 0xFFFD /* what stands for octets that are no UTF-8 */

static void begin(struct tw_json *json, const char *key, bool is_on_line);
static void add_hex(struct tw_output *output, uint8_t octet);
static size_t plain_length(const uint8_t *octets, size_t length);
static size_t take_character(
	const uint8_t *octets, size_t length, uint32_t *character);
static void add_character(struct tw_output *output, uint32_t character);

void tw_json_init(
	struct tw_json *json, struct tw_output *output, bool is_one_line)
{
	json->output = output;
	json->depth = 0;
	json->flat = is_one_line ? 1 : 0;
	json->is_first = true;
}

static void break_line(struct tw_json *json)
{
	unsigned i;

	tw_output_end_line(json->output);
	for (i = 0; i < json->depth; i++)
		tw_output_add(json->output, "  ");
}

/* What stands before a value. Items of an array follow each other on a line,
 * unless they are objects. */
static void begin(struct tw_json *json, const char *key, bool is_on_line)
{
	bool is_broken = json->flat == 0 && json->depth > 0 && !is_on_line;
	size_t length;

	if (!json->is_first)
		tw_output_add(json->output, is_broken ? "," : ", ");
	if (is_broken)
		break_line(json);
	json->is_first = false;
	if (!key)
		return;
	tw_output_add_octets(json->output, "\"", 1);
	for (;; key += length + 1) {
		length = strcspn(key, "-");
		tw_output_add_octets(json->output, key, length);
		if (key[length] == '\0')
			break;
		tw_output_add_octets(json->output, "_", 1);
	}
	tw_output_add(json->output, "\": ");
}

void tw_json_open(struct tw_json *json, const char *key, char bracket)
{
	begin(json, key, false);
	tw_output_add_octets(json->output, &bracket, 1);
	json->depth++;
	json->is_first = true;
	if (json->flat > 0)
		json->flat++;
}

void tw_json_open_line(struct tw_json *json, const char *key, char bracket)
{
	tw_json_open(json, key, bracket);
	if (json->flat == 0)
		json->flat = 1;
}

void tw_json_close(struct tw_json *json, char bracket)
{
	json->depth--;
	if (json->flat > 0)
		json->flat--;
	else if (!json->is_first)
		break_line(json);
	json->is_first = false;
	tw_output_add_octets(json->output, &bracket, 1);
	if (json->depth == 0)
		tw_output_end_line(json->output);
}

void tw_json_add_number(struct tw_json *json, const char *key, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	begin(json, key, !key);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	tw_output_add_octets(json->output, digits + at, sizeof(digits) - at);
}

void tw_json_add_bool(struct tw_json *json, const char *key, bool value)
{
	begin(json, key, !key);
	tw_output_add(json->output, value ? "true" : "false");
}

void tw_json_add_null(struct tw_json *json, const char *key)
{
	begin(json, key, !key);
	tw_output_add(json->output, "null");
}

void tw_json_add_text(struct tw_json *json, const char *key, const char *text)
{
	tw_json_add_octets(json, key, text, strlen(text));
}

void tw_json_add_octets(struct tw_json *json, const char *key,
	const char *octets, size_t length)
{
	const uint8_t *at = (const uint8_t *)octets;
	uint32_t character;
	size_t taken;

	begin(json, key, !key);
	tw_output_add_octets(json->output, "\"", 1);
	for (; length > 0; at += taken, length -= taken) {
		taken = plain_length(at, length);
		if (taken > 0) {
			tw_output_add_octets(
				json->output, (const char *)at, taken);
			continue;
		}
		taken = take_character(at, length, &character);
		add_character(json->output, character);
	}
	tw_output_add_octets(json->output, "\"", 1);
}

void tw_json_add_hex(struct tw_json *json, const char *key,
	const uint8_t *octets, size_t length)
{
	size_t i;

	begin(json, key, !key);
	tw_output_add_octets(json->output, "\"", 1);
	for (i = 0; i < length; i++)
		add_hex(json->output, octets[i]);
	tw_output_add_octets(json->output, "\"", 1);
}

/*
 * Strings
 */

/* Upper case, as RFC 4648 8 and hex in RDATA have it. */
static void add_hex(struct tw_output *output, uint8_t octet)
{
	static const char digits[] = "0123456789ABCDEF";
	char pair[2];

	pair[0] = digits[octet / 16];
	pair[1] = digits[octet % 16];
	tw_output_add_octets(output, pair, 2);
}

/* How many octets stand for themselves. */
static size_t plain_length(const uint8_t *octets, size_t length)
{
	size_t i = 0;

	while (i < length && octets[i] >= 0x20 && octets[i] < 0x7F &&
		octets[i] != '"' && octets[i] != '\\')
		i++;
	return i;
}

/* The octets of a UTF-8 character by its first; 0 if none begins so. */
static size_t length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* RFC 3629 3: no longer form than needed, no surrogates, nothing past
 * U+10FFFF. Returns how many octets it was. */
static size_t take_character(
	const uint8_t *octets, size_t length, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t count = length_of(octets[0]), i;
	uint32_t value = octets[0];

	*character = REPLACEMENT;
	if (count == 0 || count > length)
		return 1;
	if (count > 1)
		value %= 0x80U >> count;
	for (i = 1; i < count; i++) {
		if (octets[i] / 0x40 != 2)
			return 1;
		value = value * 0x40 + octets[i] % 0x40;
	}
	if (value < least[count] || value > 0x10FFFF ||
		(value >= 0xD800 && value < 0xE000))
		return 1;
	*character = value;
	return count;
}

/* RFC 8259 7 */
static void add_unit(struct tw_output *output, uint32_t unit)
{
	tw_output_add_octets(output, "\\u", 2);
	add_hex(output, (uint8_t)(unit / 256));
	add_hex(output, (uint8_t)(unit % 256));
}

static void add_character(struct tw_output *output, uint32_t character)
{
	char pair[2] = { '\\', (char)character };

	if (character >= 0x10000) {
		add_unit(output, 0xD800 + (character - 0x10000) / 0x400);
		add_unit(output, 0xDC00 + (character - 0x10000) % 0x400);
		return;
	}
	if (character < 0x20 || character >= 0x7F)
		add_unit(output, character);
	else
		tw_output_add_octets(output, pair, 2);
}
