/* SPDX-License-Identifier: MIT */
/* EDNS options -> text, as dig has it. */
#include "wire/wire.h"

#include "wire/codes.h"
#include "wire/cursor.h"
#include "wire/text.h"

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

/* RFC 7871 6: family, two prefix lengths, and just the octets of the first. */
static bool is_subnet(const uint8_t *octets, size_t length)
{
	uint16_t family = tw_u16_at(octets, 0);
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
	uint8_t least = 0x80;
	uint8_t most = 0xBF;

	for (size_t i = 0; i < length; i++) {
		uint8_t octet = octets[i];

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

static bool is_known(uint16_t code)
{
	return code <= SERVER_TAG && lengths[code][2] > 0;
}

/* Whether the content of a known option is as its RFC has it. */
static bool is_good(uint16_t code, const uint8_t *octets, size_t length)
{
	const uint8_t *row = lengths[code];

	if (length < row[0] || (row[1] > 0 && length > row[1]) ||
		length % row[2] != 0)
		return false;
	if (code == CLIENT_SUBNET)
		return is_subnet(octets, length);
	if (code == COOKIE)
		return length == 8 || length >= 16;
	return code != EDE || is_utf8(octets + 2, length - 2);
}

/* 67 70 ("gp") */
static void put_raw(struct tw_text *text, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		tw_text_put(text, ' ');
		tw_hex_put(text, octets[i], false);
	}
	if (length == 0)
		return;
	tw_text_put_string(text, " (\"");
	for (size_t i = 0; i < length; i++)
		tw_text_put(text,
			octets[i] >= 0x20 && octets[i] < 0x7F
				? tw_char_of(octets[i])
				: '.');
	tw_text_put_string(text, "\")");
}

static void put_subnet(
	struct tw_text *text, const uint8_t *octets, size_t length)
{
	uint16_t family = tw_u16_at(octets, 0);

	tw_text_put(text, ' ');
	if (family == 0)
		tw_text_put(text, '0');
	else
		tw_prefix_put(text, family, octets + 4, length - 4);
	tw_labelled_put(text, "/", octets[2]);
	tw_labelled_put(text, "/", octets[3]);
}

/* 6 (DNSSEC Bogus): (text); dig has names for the codes of RFC 8914. */
static void put_error(
	struct tw_text *text, const uint8_t *octets, size_t length)
{
	uint16_t code = tw_u16_at(octets, 0);

	tw_labelled_put(text, " ", code);
	if (code <= 24) {
		tw_text_put_string(text, " (");
		tw_code_put(text, TROWEL_ERRORS, code);
		tw_text_put(text, ')');
	}
	if (length == 2)
		return;
	tw_text_put_string(text, ": (");
	for (size_t i = 2; i < length; i++)
		tw_text_put(text,
			octets[i] >= 0x20 && octets[i] != 0x7F
				? tw_char_of(octets[i])
				: '.');
	tw_text_put(text, ')');
}

static void put_llq(struct tw_text *text, const uint8_t *octets)
{
	static const uint8_t widths[] = { 2, 2, 2, 8, 4 };
	size_t at = 0;

	for (size_t i = 0; i < sizeof widths; i++) {
		uint64_t number = 0;

		for (size_t k = widths[i]; k > 0; k--)
			number = number * 256 + octets[at++];
		tw_labelled_put(text,
			tw_string_at(" Version: \0, Opcode: \0, Error: \0"
				     ", Identifier: \0, Lifetime: ",
				i),
			number);
	}
}

/* A list of 16-bit numbers. */
static void put_numbers(
	struct tw_text *text, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		tw_labelled_put(text, i > 0 ? ", " : " ", tw_u16_at(octets, i));
}

static void put_expire(struct tw_text *text, const uint8_t *octets)
{
	tw_labelled_put(text, " ", tw_u32_at(octets, 0));
	tw_text_put_string(text, " (");
	tw_period_put(text, tw_u32_at(octets, 0));
	tw_text_put(text, ')');
}

/* In tenths of a second. */
static void put_keepalive(struct tw_text *text, const uint8_t *octets)
{
	tw_decimal_put(text, " ", tw_u16_at(octets, 0), 1);
	tw_text_put_string(text, " secs");
}

/* The content of a good option of some length. */
static void put_content(struct tw_text *text, uint16_t code,
	const uint8_t *octets, size_t length)
{
	switch (code) {
	case LLQ:
		put_llq(text, octets);
		break;
	case CLIENT_SUBNET:
		put_subnet(text, octets, length);
		break;
	case EXPIRE:
		put_expire(text, octets);
		break;
	case COOKIE:
		tw_text_put(text, ' ');
		tw_octets_put(text, octets, length, false);
		break;
	case KEEPALIVE:
		put_keepalive(text, octets);
		break;
	case PADDING:
		tw_labelled_put(text, " (", length);
		tw_text_put_string(text, " bytes)");
		break;
	case EDE:
		put_error(text, octets, length);
		break;
	case KEY_TAG:
	case CLIENT_TAG:
	case SERVER_TAG:
		put_numbers(text, octets, length);
		break;
	default:
		put_raw(text, octets, length);
	}
}

/* What dig calls an option. */
static void put_title(struct tw_text *text, uint16_t code)
{
	if (code == KEEPALIVE)
		tw_text_put_string(text, "TCP KEEPALIVE");
	else if (code == PADDING)
		tw_text_put_string(text, "PAD");
	else
		tw_code_put(text, TROWEL_OPTIONS, code);
}

void tw_option_put(struct tw_text *text, uint16_t code, const uint8_t *octets,
	size_t length)
{
	bool known = is_known(code);
	bool malformed = known && !is_good(code, octets, length);

	known = known && !malformed;
	if (known)
		put_title(text, code);
	else
		tw_labelled_put(text, "OPT=", code);
	tw_text_put(text, ':');
	if (known && length > 0)
		put_content(text, code, octets, length);
	else
		put_raw(text, octets, length);
	if (malformed)
		tw_text_put_string(text, " (malformed)");
}
