/* SPDX-License-Identifier: MIT */
/*
 * Whether a text is JSON (RFC 8259), strictly and in printable ASCII alone, for
 * the unit tests and the fuzzing harness. It shares nothing with cli/json.c.
 */
#ifndef TROWEL_TESTS_JSON_VALID_H
#define TROWEL_TESTS_JSON_VALID_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define JSON_DEPTH_MAX 16

static inline const char *json_skip_space(const char *at)
{
	return at + strspn(at, " \n");
}

/* Each of these returns what is behind what it reads, or NULL. */
static inline const char *json_read_string(const char *at)
{
	if (*at++ != '"')
		return NULL;
	for (; *at != '"'; at++) {
		if (*at < 0x20 || *at > 0x7E)
			return NULL;
		if (*at != '\\')
			continue;
		at++;
		if (*at == '"' || *at == '\\')
			continue;
		if (*at != 'u' || strspn(at + 1, "0123456789ABCDEF") < 4)
			return NULL;
		at += 4;
	}
	return at + 1;
}

static inline const char *json_read_number(const char *at)
{
	size_t length = strspn(at, "0123456789");

	if (length == 0 || (length > 1 && *at == '0'))
		return NULL;
	return at + length;
}

static inline const char *json_read_word(const char *at)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < 3; i++)
		if (strncmp(at, words[i], strlen(words[i])) == 0)
			return at + strlen(words[i]);
	return NULL;
}

static inline const char *json_read_scalar(const char *at)
{
	if (*at == '"')
		return json_read_string(at);
	if (*at >= '0' && *at <= '9')
		return json_read_number(at);
	return json_read_word(at);
}

/* "key": */
static inline const char *json_read_key(const char *at)
{
	at = json_read_string(at);
	if (!at)
		return NULL;
	at = json_skip_space(at);
	return *at == ':' ? json_skip_space(at + 1) : NULL;
}

/* One value, and the line's end behind it. */
static inline bool json_is_valid(const char *at)
{
	char brackets[JSON_DEPTH_MAX];
	size_t depth = 0;
	bool is_start = true; /* of an object or array: it may end at once */

	do {
		at = json_skip_space(at);
		if (depth > 0 &&
			(*at == '}' || *at == ']')) { /* the end of one */
			if (brackets[--depth] != *at++)
				return false;
			is_start = false;
			continue;
		}
		if (depth > 0 && !is_start) {
			if (*at++ != ',')
				return false;
			at = json_skip_space(at);
		}
		if (depth > 0 && brackets[depth - 1] == '}')
			at = json_read_key(at);
		if (!at)
			return false;
		is_start = *at == '{' || *at == '[';
		if (!is_start) {
			at = json_read_scalar(at);
			if (!at)
				return false;
			continue;
		}
		if (depth == JSON_DEPTH_MAX)
			return false;
		brackets[depth++] = *at++ == '{' ? '}' : ']';
	} while (depth > 0);
	return strcmp(at, "\n") == 0;
}

#endif
