/* SPDX-License-Identifier: MIT */
/* Parameters of SVCB and HTTPS records -> text, RFC 9460. */
#include "wire/text.h"

#include "wire/codes.h"
#include "wire/cursor.h"

enum param { MANDATORY, ALPN, NO_DEFAULT_ALPN, PORT, IPV4HINT, ECH, IPV6HINT };

/* The octets of an item of a value; 0: it has no form but a string's. */
static const uint8_t widths[] = {
	[MANDATORY] = 2,
	[ALPN] = 1,
	[PORT] = 2,
	[IPV4HINT] = 4,
	[ECH] = 1,
	[IPV6HINT] = 16,
};

/* RFC 9460 7.1.1: strings that are not empty. */
static bool is_alpn(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	while (at < length && octets[at] > 0 && length - at > octets[at])
		at += (size_t)octets[at] + 1;
	return at == length;
}

/* Whether a value is as RFC 9460 7 and 8 have it. */
static bool is_param(uint16_t key, const uint8_t *octets, size_t length)
{
	if (key >= sizeof widths || widths[key] == 0 || length == 0 ||
		length % widths[key] != 0)
		return false;
	if (key == ALPN)
		return is_alpn(octets, length);
	return key != PORT || length == 2;
}

/* RFC 9460 A.1: commas and backslashes in an item are escaped, and then
 * everything again as in a character-string. */
static void put_alpn(struct tw_text *text, const uint8_t *octets, size_t length)
{
	size_t end = 0;

	tw_text_put(text, '"');
	for (size_t at = 0; at < length; at++) {
		if (at == end) {
			end = at + 1 + octets[at];
			if (at > 0)
				tw_text_put(text, ',');
			continue;
		}
		if (octets[at] == ',' || octets[at] == '\\')
			tw_text_put_string(text, "\\\\");
		tw_string_octet_put(text, octets[at], true);
	}
	tw_text_put(text, '"');
}

static void put_list(struct tw_text *text, uint16_t key, const uint8_t *octets,
	size_t length)
{
	for (size_t at = 0; at < length; at += widths[key]) {
		if (at > 0)
			tw_text_put(text, ',');
		if (key == IPV4HINT)
			tw_ipv4_put(text, octets + at);
		else if (key == IPV6HINT)
			tw_ipv6_put(text, octets + at);
		else
			tw_code_put(text, TROWEL_PARAMS, tw_u16_at(octets, at));
	}
}

static void put_known_value(struct tw_text *text, uint16_t key,
	const uint8_t *octets, size_t length)
{
	tw_text_put(text, '=');
	if (key == ALPN)
		put_alpn(text, octets, length);
	else if (key == PORT)
		tw_number_put(text, tw_u16_at(octets, 0));
	else if (key == ECH)
		tw_base64_put(text, octets, length);
	else
		put_list(text, key, octets, length);
}

void tw_param_put(struct tw_text *text, uint16_t key, const uint8_t *octets,
	size_t length)
{
	bool is_known = is_param(key, octets, length);

	tw_code_put(text, TROWEL_PARAMS, key);
	if (is_known) {
		put_known_value(text, key, octets, length);
	} else if (length > 0) {
		tw_text_put(text, '=');
		tw_string_put(text, octets, length, true);
	}
}
