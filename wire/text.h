/* SPDX-License-Identifier: MIT */
/* Values in presentation form, without the records around them. */
#ifndef TW_TEXT_H
#define TW_TEXT_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* The string of some index among strings that stand one behind another, each
 * with its NUL. */
const char *tw_string_at(const char *strings, size_t index);

/* Characters without a NUL. */
void tw_characters_put(
	struct tw_text *text, const char *characters, size_t count);

/* A string, and a number in decimal behind it. */
void tw_labelled_put(struct tw_text *text, const char *label, uint64_t number);

/* Two hex digits. */
void tw_hex_put(struct tw_text *text, uint8_t octet, bool is_upper);

/* Octets in hex, without spaces. */
void tw_octets_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool is_upper);

/* Octets in hex, with a separator between each `size` of them. */
void tw_hex_groups_put(struct tw_text *text, const uint8_t *octets,
	size_t length, size_t size, char separator);

/* A number in decimal with leading zeros: the last `count` digits of it. */
void tw_digits_put(struct tw_text *text, uint32_t number, size_t count);

/* A string, and a number behind it with a point before its last `places`
 * digits. */
void tw_decimal_put(struct tw_text *text, const char *label, uint32_t number,
	size_t places);

/* RFC 4648 4, with padding; RFC 4648 7, without. */
void tw_base64_put(struct tw_text *text, const uint8_t *octets, size_t length);
void tw_base32hex_put(
	struct tw_text *text, const uint8_t *octets, size_t length);

/* 192.0.2.1 */
void tw_ipv4_put(struct tw_text *text, const uint8_t *octets);

/* RFC 5952, and inet_ntop()'s ::192.0.2.1 */
void tw_ipv6_put(struct tw_text *text, const uint8_t *octets);

/* An address of IPv4 (family 1) or IPv6 of which `length` octets are given; the
 * others are 0. */
void tw_prefix_put(struct tw_text *text, uint16_t family, const uint8_t *octets,
	size_t length);

/* 16-bit groups in hex, with colons between. */
void tw_groups_put(struct tw_text *text, const uint8_t *octets, size_t count);

/* A character-string, RFC 1035 5.1, in quotes or without. */
void tw_string_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool has_quotes);
void tw_string_octet_put(struct tw_text *text, uint8_t octet, bool has_quotes);

/* Seconds since 1970 as YYYYMMDDHHMMSS in UTC, RFC 4034 3.2. */
void tw_time_put(struct tw_text *text, uint32_t seconds);

/* "1 week 2 hours" */
void tw_period_put(struct tw_text *text, uint32_t seconds);

/* 16 octets of a LOC record, RFC 1876 3. */
void tw_location_put(struct tw_text *text, const uint8_t *octets);

/* An address of ATM, af-saa-0069 5. */
void tw_atma_put(struct tw_text *text, const uint8_t *octets, size_t length);

/* A parameter of an SVCB record, RFC 9460 2.1 and A.1. */
void tw_param_put(struct tw_text *text, uint16_t key, const uint8_t *octets,
	size_t length);

#endif
