/* SPDX-License-Identifier: MIT */
/* JSON (RFC 8259), written value by value, in ASCII alone. */
#ifndef TW_JSON_H
#define TW_JSON_H

#include "cli/output.h"

/* Over several lines, but for what is small; or all on one line. */
struct tw_json {
	struct tw_output *output;
	unsigned depth;
	unsigned flat; /* how many of the depths are on one line */
	bool is_first; /* of the innermost object or array */
};

void tw_json_init(
	struct tw_json *json, struct tw_output *output, bool is_one_line);

/* In an object every value has a key, in an array NULL in its place. Keys are
 * written as they are, but for "_" in place of "-". */
void tw_json_open(struct tw_json *json, const char *key, char bracket);
void tw_json_close(struct tw_json *json, char bracket);

/* The same, with all up to the closing bracket on one line. */
void tw_json_open_line(struct tw_json *json, const char *key, char bracket);

void tw_json_add_number(struct tw_json *json, const char *key, uint64_t number);
void tw_json_add_bool(struct tw_json *json, const char *key, bool value);
void tw_json_add_null(struct tw_json *json, const char *key);

/* Any octets: UTF-8 is read as such, and what is none becomes U+FFFD. */
void tw_json_add_text(struct tw_json *json, const char *key, const char *text);
void tw_json_add_octets(struct tw_json *json, const char *key,
	const char *octets, size_t length);

/* A string of hex digits. */
void tw_json_add_hex(struct tw_json *json, const char *key,
	const uint8_t *octets, size_t length);

#endif
