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

/*@ logic integer width_of(integer key) = key == IPV6HINT ? 16 :
      key == IPV4HINT ? 4 : key == MANDATORY || key == PORT ? 2 : 1; */

/* RFC 9460 7.1.1: strings that are not empty. */
/*@ requires length <= 65535 && \valid_read(octets + (0 .. length - 1));
    assigns \nothing; */
static bool is_alpn(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	/*@ loop invariant 0 <= at <= length;
	    loop assigns at;
	    loop variant length - at; */
	while (at < length && octets[at] > 0 && length - at > octets[at])
		at += (size_t)octets[at] + 1;
	return at == length;
}

/* Whether a value is as RFC 9460 7 and 8 have it. */
/*@ requires length <= 65535 && \valid_read(octets + (0 .. length - 1));
    assigns \nothing;
    ensures \result ==> key <= IPV6HINT && key != NO_DEFAULT_ALPN &&
      length >= width_of(key); */
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
/*@ requires tw_text_has_room(text, 7 * length + 2) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 7 * length + 2; */
static void put_alpn(struct tw_text *text, const uint8_t *octets, size_t length)
{
	size_t end = 0;

	tw_text_put(text, '"');
	/*@ loop invariant 0 <= at <= length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 1 + 6 * at;
	    loop assigns at, end, text->length, text->text[0 .. text->size - 1];
	    loop variant length - at; */
	for (size_t at = 0; at < length; at++) {
		if (at == end) {
			end = at + 1 + octets[at];
			if (at > 0)
				tw_text_put(text, ',');
			continue;
		}
		if (octets[at] == ',' || octets[at] == '\\') {
			tw_text_put(text, '\\');
			tw_text_put(text, '\\');
		}
		tw_string_octet_put(text, octets[at], true);
	}
	tw_text_put(text, '"');
}

/*@ requires tw_text_has_room(text, 70000 * length) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    requires key == MANDATORY || key == IPV4HINT || key == IPV6HINT;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 70000 * length; */
static void put_list(struct tw_text *text, uint16_t key, const uint8_t *octets,
	size_t length)
{
	size_t width = widths[key];

	/*@ loop invariant 0 <= at <= length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 70000 * at;
	    loop assigns at, text->length, text->text[0 .. text->size - 1];
	    loop variant length - at; */
	for (size_t at = 0; length - at >= width; at += width) {
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

/*@ requires tw_text_has_room(text, 70000 * length + 5) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    requires key <= IPV6HINT && key != NO_DEFAULT_ALPN;
    requires length >= width_of(key);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 70000 * length + 5; */
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
