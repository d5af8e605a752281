/* SPDX-License-Identifier: MIT */
#include "cli/edns_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/octets.h"

enum option {
	LLQ = 1,
	NSID = 3,
	CLIENT_SUBNET = 8,
	EXPIRE = 9,
	COOKIE = 10,
	KEEPALIVE = 11,
	PADDING = 12,
	KEY_TAG = 14,
	EDE = 15,
	CLIENT_TAG = 16,
	SERVER_TAG = 17
};

#define EDE_LAST 24 /* that dig has a name for, of RFC 8914 */

/* The lengths that the RFCs have: the least, the most (0: any), and what they
 * are multiples of. 0: dig has no name for the option. */
static const uint8_t lengths[][3] = {
	[LLQ] = { 18, 18, 1 }, /* RFC 8764 3.2 */
	[NSID] = { 0, 0, 1 }, /* RFC 5001 2.3 */
	[CLIENT_SUBNET] = { 4, 20, 1 }, /* and see is_subnet() */
	[EXPIRE] = { 0, 4, 4 }, /* RFC 7314 2 */
	[COOKIE] = { 8, 40, 1 }, /* RFC 7873 4: 8, or 16 and more */
	[KEEPALIVE] = { 0, 2, 2 }, /* RFC 7828 3.1 */
	[PADDING] = { 0, 0, 1 }, /* RFC 7830 3 */
	[KEY_TAG] = { 2, 0, 2 }, /* RFC 8145 4.1 */
	[EDE] = { 2, 0, 1 }, /* RFC 8914 2 */
	[CLIENT_TAG] = { 2, 2, 1 }, /* draft-bellis-dnsop-edns-tags 3 */
	[SERVER_TAG] = { 2, 2, 1 },
};

static bool is_known(uint64_t code);
static bool is_subnet(const uint8_t *octets, size_t length);
static bool is_utf8(const uint8_t *octets, size_t length);
static void add_title(struct tw_output *output, uint16_t code);
static void add_content(struct tw_output *output, uint16_t code,
	const uint8_t *octets, size_t length);
static void add_raw(
	struct tw_output *output, const uint8_t *octets, size_t length);

bool tw_edns_option_is_good(
	const struct trowel_message *message, const struct trowel_field *option)
{
	const uint8_t *octets = message->octets + option->offset;
	size_t length = option->length;
	const uint8_t *row = lengths[0];

	if (!is_known(option->number))
		return true;
	row = lengths[option->number];
	if (length < row[0] || (row[1] > 0 && length > row[1]) ||
		length % row[2] != 0)
		return false;
	if (option->number == CLIENT_SUBNET)
		return is_subnet(octets, length);
	if (option->number == COOKIE)
		return length == 8 || length >= 16;
	return option->number != EDE || is_utf8(octets + 2, length - 2);
}

void tw_edns_option_add(struct tw_output *output,
	const struct trowel_message *message, const struct trowel_field *option)
{
	const uint8_t *octets = message->octets + option->offset;
	uint16_t code = (uint16_t)option->number;
	bool is_good = tw_edns_option_is_good(message, option);

	if (is_good && is_known(code)) {
		add_title(output, code);
		tw_output_add(output, ":");
		if (option->length > 0)
			add_content(output, code, octets, option->length);
		return;
	}
	tw_output_add(output, "OPT=");
	tw_output_add_number(output, code);
	tw_output_add(output, ":");
	add_raw(output, octets, option->length);
	if (!is_good)
		tw_output_add(output, " (malformed)");
}

static bool is_known(uint64_t code)
{
	return code <= SERVER_TAG && lengths[code][2] > 0;
}

/* RFC 7871 6: family, two prefix lengths, and just the octets of the first. */
static bool is_subnet(const uint8_t *octets, size_t length)
{
	uint16_t family = tw_u16_of(octets);
	unsigned most = family == 1 ? 32 : 128;

	if (family == 0)
		return length == 4 && octets[2] == 0;
	return family <= 2 && octets[2] <= most && octets[3] <= most &&
		length - 4 == (octets[2] + 7U) / 8;
}

/* RFC 3629 4: no longer form than needed, no surrogates, nothing past
 * U+10FFFF. These have a second octet between other bounds than most. */
static bool is_utf8(const uint8_t *octets, size_t length)
{
	unsigned left = 0; /* octets of a character */
	uint8_t least = 0x80, most = 0xBF;
	uint8_t octet;
	size_t i;

	for (i = 0; i < length; i++) {
		octet = octets[i];
		if (left > 0) {
			if (octet < least || octet > most)
				return false;
			left--;
			least = 0x80;
			most = 0xBF;
		} else if (octet >= 0x80) {
			if (octet < 0xC2 || octet > 0xF4)
				return false;
			left = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
			least = octet == 0xE0	? 0xA0
				: octet == 0xF0 ? 0x90
						: 0x80;
			most = octet == 0xED	? 0x9F
				: octet == 0xF4 ? 0x8F
						: 0xBF;
		}
	}
	return left == 0;
}

/* What dig calls an option. */
static void add_title(struct tw_output *output, uint16_t code)
{
	char title[TROWEL_CODE_TEXT_SIZE];

	if (code == KEEPALIVE)
		strcpy(title, "TCP KEEPALIVE");
	else if (code == PADDING)
		strcpy(title, "PAD");
	else
		trowel_code_format(TROWEL_OPTIONS, code, title);
	tw_output_add(output, title);
}

static void add_number(
	struct tw_output *output, const char *label, uint32_t number)
{
	tw_output_add(output, label);
	tw_output_add_number(output, number);
}

/* Characters, with dots for what is outside these bounds. */
static void add_characters(struct tw_output *output, const uint8_t *octets,
	size_t length, uint8_t most)
{
	char character;
	size_t i;

	for (i = 0; i < length; i++) {
		character = (char)octets[i];
		if (octets[i] < 0x20 || octets[i] == 0x7F || octets[i] > most)
			character = '.';
		tw_output_add_octets(output, &character, 1);
	}
}

/* 67 70 ("gp") */
static void add_raw(
	struct tw_output *output, const uint8_t *octets, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		tw_output_add(output, " ");
		tw_output_add_hex(output, octets[i]);
	}
	if (length == 0)
		return;
	tw_output_add(output, " (\"");
	add_characters(output, octets, length, 0x7E);
	tw_output_add(output, "\")");
}

static void add_llq(struct tw_output *output, const uint8_t *octets)
{
	char text[128];

	snprintf(text, sizeof(text),
		" Version: %u, Opcode: %u, Error: %u, Identifier: %" PRIu64
		", Lifetime: %" PRIu32,
		tw_u16_of(octets), tw_u16_of(octets + 2), tw_u16_of(octets + 4),
		(uint64_t)tw_u32_of(octets + 6) << 32 | tw_u32_of(octets + 10),
		tw_u32_of(octets + 14));
	tw_output_add(output, text);
}

/* 192.0.2.0/24/0; the octets that are not there are 0. */
static void add_subnet(
	struct tw_output *output, const uint8_t *octets, size_t length)
{
	uint8_t address[16] = { 0 };
	struct trowel_message message = { .octets = address };
	struct trowel_field field = { .kind = TROWEL_KIND_IPV4, .length = 4 };
	char text[48] = "0";

	memcpy(address, octets + 4, length - 4);
	if (tw_u16_of(octets) == 2) {
		field.kind = TROWEL_KIND_IPV6;
		field.length = 16;
	}
	if (tw_u16_of(octets) != 0)
		trowel_field_format(&message, NULL, &field, TROWEL_STYLE_PLAIN,
			text, sizeof(text));
	tw_output_add(output, " ");
	tw_output_add(output, text);
	add_number(output, "/", octets[2]);
	add_number(output, "/", octets[3]);
}

/* "1 week 2 hours" */
static void add_period(struct tw_output *output, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		const char *name;
	} units[] = { { 604800, " week" }, { 86400, " day" }, { 3600, " hour" },
		{ 60, " minute" }, { 1, " second" } };
	const char *space = "";
	uint32_t count;
	size_t i;

	for (i = 0; i < 5; i++) {
		count = seconds / units[i].seconds;
		seconds %= units[i].seconds;
		if (count == 0 && (i < 4 || *space))
			continue;
		add_number(output, space, count);
		tw_output_add(output, units[i].name);
		if (count != 1)
			tw_output_add(output, "s");
		space = " ";
	}
}

static void add_expire(struct tw_output *output, const uint8_t *octets)
{
	add_number(output, " ", tw_u32_of(octets));
	tw_output_add(output, " (");
	add_period(output, tw_u32_of(octets));
	tw_output_add(output, ")");
}

static void add_cookie(
	struct tw_output *output, const uint8_t *octets, size_t length)
{
	size_t i;

	tw_output_add(output, " ");
	for (i = 0; i < length; i++)
		tw_output_add_hex(output, octets[i]);
}

/* In tenths of a second. */
static void add_keepalive(struct tw_output *output, const uint8_t *octets)
{
	add_number(output, " ", tw_u16_of(octets) / 10U);
	add_number(output, ".", tw_u16_of(octets) % 10U);
	tw_output_add(output, " secs");
}

static void add_error(
	struct tw_output *output, const uint8_t *octets, size_t length)
{
	char name[TROWEL_CODE_TEXT_SIZE];
	uint16_t code = tw_u16_of(octets);

	add_number(output, " ", code);
	if (code <= EDE_LAST) {
		trowel_code_format(TROWEL_ERRORS, code, name);
		tw_output_add(output, " (");
		tw_output_add(output, name);
		tw_output_add(output, ")");
	}
	if (length == 2)
		return;
	tw_output_add(output, ": (");
	add_characters(output, octets + 2, length - 2, 0xFF);
	tw_output_add(output, ")");
}

/* A list of 16-bit numbers. */
static void add_tags(
	struct tw_output *output, const uint8_t *octets, size_t length)
{
	size_t i;

	for (i = 0; i < length; i += 2)
		add_number(output, i > 0 ? ", " : " ", tw_u16_of(octets + i));
}

/* The content of a good option of some length. */
static void add_content(struct tw_output *output, uint16_t code,
	const uint8_t *octets, size_t length)
{
	switch (code) {
	case LLQ:
		add_llq(output, octets);
		break;
	case CLIENT_SUBNET:
		add_subnet(output, octets, length);
		break;
	case EXPIRE:
		add_expire(output, octets);
		break;
	case COOKIE:
		add_cookie(output, octets, length);
		break;
	case KEEPALIVE:
		add_keepalive(output, octets);
		break;
	case PADDING:
		add_number(output, " (", (uint32_t)length);
		tw_output_add(output, " bytes)");
		break;
	case EDE:
		add_error(output, octets, length);
		break;
	case KEY_TAG:
	case CLIENT_TAG:
	case SERVER_TAG:
		add_tags(output, octets, length);
		break;
	default:
		add_raw(output, octets, length);
	}
}
