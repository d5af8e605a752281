/* SPDX-License-Identifier: MIT */
/* Values in presentation form, without the records around them. */
#ifndef TW_TEXT_H
#define TW_TEXT_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* The string of some index among strings that stand one behind another, each
 * with its NUL, in `size` characters; "" if there are not as many. */
/*@ requires tw_is_string(strings) && tw_rest_of(strings) == size;
    assigns \result \from strings;
    ensures tw_is_string(\result) && \valid_read(\result);
    ensures \base_addr(\result) == \base_addr(strings); */
const char *tw_string_at(const char *strings, size_t size, size_t index);

/* Characters without a NUL. */
/*@ requires tw_text_has_room(text, count);
    requires \valid_read(characters + (0 .. count - 1));
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + count; */
void tw_characters_put(
	struct tw_text *text, const char *characters, size_t count);

/* A string, and a number in decimal behind it. */
/*@ requires tw_text_has_room(text, 65555);
    requires tw_text_can_copy(text, label);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <= \old(text->length) + 65555; */
void tw_labelled_put(struct tw_text *text, const char *label, uint64_t number);

/* Two hex digits. */
/*@ requires tw_text_has_room(text, 2);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + 2; */
void tw_hex_put(struct tw_text *text, uint8_t octet, bool is_upper);

/* Octets in hex, without spaces. */
/*@ requires tw_text_has_room(text, 2 * length) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + 2 * length; */
void tw_octets_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool is_upper);

/* Octets in hex, with a separator between each `size` of them. */
/*@ requires tw_text_has_room(text, 3 * length) && length <= 65535 && size > 0;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 3 * length; */
void tw_hex_groups_put(struct tw_text *text, const uint8_t *octets,
	size_t length, size_t size, char separator);

/* A number in decimal with leading zeros: the last `count` digits of it. */
/*@ requires tw_text_has_room(text, count) && count <= 10;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + count; */
void tw_digits_put(struct tw_text *text, uint32_t number, size_t count);

/* A string, and a number behind it with a point before its last `places`
 * digits. */
/*@ requires tw_text_has_room(text, 65565) && places <= 9;
    requires tw_text_can_copy(text, label);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <= \old(text->length) + 65565; */
void tw_decimal_put(struct tw_text *text, const char *label, uint32_t number,
	size_t places);

/* RFC 4648 4, with padding; RFC 4648 7, without. */
/*@ requires tw_text_has_room(text, 2 * length + 4) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 2 * length + 4; */
void tw_base64_put(struct tw_text *text, const uint8_t *octets, size_t length);
/*@ requires tw_text_has_room(text, 2 * length + 1) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 2 * length + 1; */
void tw_base32hex_put(
	struct tw_text *text, const uint8_t *octets, size_t length);

/* 192.0.2.1 */
/*@ requires tw_text_has_room(text, 84);
    requires tw_text_can_read(text, octets, 4);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 84; */
void tw_ipv4_put(struct tw_text *text, const uint8_t *octets);

/* RFC 5952, and inet_ntop()'s ::192.0.2.1 */
/*@ requires tw_text_has_room(text, 200);
    requires tw_text_can_read(text, octets, 16);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 200; */
void tw_ipv6_put(struct tw_text *text, const uint8_t *octets);

/* An address of IPv4 (family 1) or IPv6 of which `length` octets are given; the
 * others are 0. */
/*@ requires tw_text_has_room(text, 200) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 200; */
void tw_prefix_put(struct tw_text *text, uint16_t family, const uint8_t *octets,
	size_t length);

/* 16-bit groups in hex, with colons between. */
/*@ requires tw_text_has_room(text, 5 * count) && count <= 8;
    requires tw_text_can_read(text, octets, 2 * count);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 5 * count; */
void tw_groups_put(struct tw_text *text, const uint8_t *octets, size_t count);

/* A character-string, RFC 1035 5.1, in quotes or without. */
/*@ requires tw_text_has_room(text, 4 * length + 2) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 4 * length + 2; */
void tw_string_put(struct tw_text *text, const uint8_t *octets, size_t length,
	bool has_quotes);
/*@ requires tw_text_has_room(text, 4);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) < text->length <= \old(text->length) + 4; */
void tw_string_octet_put(struct tw_text *text, uint8_t octet, bool has_quotes);

/* Seconds since 1970 as YYYYMMDDHHMMSS in UTC, RFC 4034 3.2. */
/*@ requires tw_text_has_room(text, 14);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + 14; */
void tw_time_put(struct tw_text *text, uint32_t seconds);

/* "1 week 2 hours" */
/*@ requires tw_text_has_room(text, 327790);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 327790; */
void tw_period_put(struct tw_text *text, uint32_t seconds);

/* 16 octets of a LOC record, RFC 1876 3. */
/*@ requires tw_text_has_room(text, 600000);
    requires tw_text_can_read(text, octets, 16);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 600000; */
void tw_location_put(struct tw_text *text, const uint8_t *octets);

/* An address of ATM, af-saa-0069 5. */
/*@ requires tw_text_has_room(text, 4 * length) && 1 <= length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 4 * length; */
void tw_atma_put(struct tw_text *text, const uint8_t *octets, size_t length);

/* A parameter of an SVCB record, RFC 9460 2.1 and A.1. */
/*@ requires tw_text_has_room(text, 70000 * (length + 1)) && length <= 65535;
    requires tw_text_can_read(text, octets, length);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 70000 * (length + 1); */
void tw_param_put(struct tw_text *text, uint16_t key, const uint8_t *octets,
	size_t length);

#endif
