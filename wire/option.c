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

/* RFC 7871 6: family, two prefix lengths, and just the octets of the first. */
static bool is_subnet(const uint8_t *octets, size_t length)
{
	uint16_t family;

	if (length < 4)
		return false;
	family = tw_u16_at(octets, 0);
	if (family == 0)
		return length == 4 && octets[2] == 0;
	if ((family != 1 && family != 2) ||
		octets[2] > (family == 1 ? 32 : 128) ||
		octets[3] > (family == 1 ? 32 : 128))
		return false;
	return length - 4 == ((size_t)octets[2] + 7) / 8;
}

/* The octets of a UTF-8 character by its first, 0 if none begins so. RFC 3629
 * 4; what follows is looked at by is_utf8(). */
static size_t utf8_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static bool is_utf8_tail(const uint8_t *octets, size_t length)
{
	uint8_t first = octets[0];
	uint8_t second = octets[1];

	for (size_t i = 1; i < length; i++)
		if (octets[i] < 0x80 || octets[i] > 0xBF)
			return false;
	/* No longer form than needed, no surrogates, nothing past U+10FFFF. */
	return !(first == 0xE0 && second < 0xA0) &&
		!(first == 0xED && second > 0x9F) &&
		!(first == 0xF0 && second < 0x90) &&
		!(first == 0xF4 && second > 0x8F);
}

static bool is_utf8(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t count = utf8_length(octets[at]);

		if (count == 0 || length - at < count ||
			(count > 1 && !is_utf8_tail(octets + at, count)))
			return false;
		at += count;
	}
	return true;
}

/* Whether the content of an option is as its RFC has it. */
static bool is_option(uint16_t code, const uint8_t *octets, size_t length)
{
	switch (code) {
	case LLQ: /* RFC 8764 3.2 */
		return length == 18;
	case CLIENT_SUBNET:
		return is_subnet(octets, length);
	case EXPIRE: /* RFC 7314 2 */
		return length == 0 || length == 4;
	case COOKIE: /* RFC 7873 4 */
		return length == 8 || (length >= 16 && length <= 40);
	case KEEPALIVE: /* RFC 7828 3.1 */
		return length == 0 || length == 2;
	case KEY_TAG: /* RFC 8145 4.1 */
		return length >= 2 && length % 2 == 0;
	case EDE: /* RFC 8914 2 */
		return length >= 2 && is_utf8(octets + 2, length - 2);
	case CLIENT_TAG: /* draft-bellis-dnsop-edns-tags 3 */
	case SERVER_TAG:
		return length == 2;
	default:
		return true;
	}
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
	tw_labelled_put(text, " Version: ", tw_u16_at(octets, 0));
	tw_labelled_put(text, ", Opcode: ", tw_u16_at(octets, 2));
	tw_labelled_put(text, ", Error: ", tw_u16_at(octets, 4));
	tw_labelled_put(text, ", Identifier: ",
		(uint64_t)tw_u32_at(octets, 6) * 4294967296 +
			tw_u32_at(octets, 10));
	tw_labelled_put(text, ", Lifetime: ", tw_u32_at(octets, 14));
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
	tw_labelled_put(text, " ", tw_u16_at(octets, 0) / 10);
	tw_labelled_put(text, ".", tw_u16_at(octets, 0) % 10);
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

/* What dig calls an option. False: it has no name for it. */
static bool put_title(struct tw_text *text, uint16_t code)
{
	switch (code) {
	case KEEPALIVE:
		tw_text_put_string(text, "TCP KEEPALIVE");
		return true;
	case PADDING:
		tw_text_put_string(text, "PAD");
		return true;
	case LLQ:
	case NSID:
	case CLIENT_SUBNET:
	case EXPIRE:
	case COOKIE:
	case KEY_TAG:
	case EDE:
	case CLIENT_TAG:
	case SERVER_TAG:
		tw_code_put(text, TROWEL_OPTIONS, code);
		return true;
	default:
		return false;
	}
}

void tw_option_put(struct tw_text *text, uint16_t code, const uint8_t *octets,
	size_t length)
{
	bool is_good = is_option(code, octets, length);
	bool is_known = is_good && put_title(text, code);

	if (!is_known)
		tw_labelled_put(text, "OPT=", code);
	tw_text_put(text, ':');
	if (is_known && length > 0)
		put_content(text, code, octets, length);
	else
		put_raw(text, octets, length);
	if (!is_good)
		tw_text_put_string(text, " (malformed)");
}
