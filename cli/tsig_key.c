/* SPDX-License-Identifier: MIT */
#include "cli/tsig_key.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/file.h"
#include "cli/octets.h"

#define FILE_SIZE 8192
#define PATH_SIZE 4096
#define SPACE " \t\r\n"

/* A part of a text. */
struct slice {
	const char *start;
	size_t length;
};

static int read_file(const char *path, char text[FILE_SIZE]);
static const char *parse_file(struct tw_tsig_key *key, const char *text);
static const char *set(struct tw_tsig_key *key, struct slice algorithm,
	struct slice name, struct slice secret);

static struct slice until_colon(const char **text)
{
	struct slice slice = { *text, strcspn(*text, ":") };

	*text += slice.length + ((*text)[slice.length] ? 1 : 0);
	return slice;
}

int tw_tsig_key_parse(struct tw_tsig_key *key, const char *text)
{
	struct slice algorithm = { "hmac-md5", 8 }, name = until_colon(&text);
	const char *fault;

	if (strchr(text, ':')) {
		algorithm = name;
		name = until_colon(&text);
	}
	fault = set(key, algorithm, name, (struct slice){ text, strlen(text) });
	if (!fault)
		return 0;
	tw_complain("-y: %s; wanted is [ALGORITHM:]NAME:SECRET", fault);
	return TW_EXIT_USAGE;
}

/* Of a pair, the file *.key has all. */
int tw_tsig_key_read(struct tw_tsig_key *key, const char *name)
{
	static const char private[] = ".private";
	char path[PATH_SIZE], text[FILE_SIZE];
	size_t length = strlen(name);
	const char *fault;
	int error;

	if (length >= sizeof(path) - sizeof(".key")) {
		tw_complain("-k: %s", strerror(ENAMETOOLONG));
		return TW_EXIT_FILE;
	}
	memcpy(path, name, length + 1);
	if (length >= sizeof(private) &&
		strcmp(path + length - (sizeof(private) - 1), private) == 0)
		memcpy(path + length - (sizeof(private) - 1), ".key",
			sizeof(".key"));
	error = read_file(path, text);
	if (error == ENOENT && length > 0) {
		length -= path[length - 1] == '.';
		memcpy(path + length, ".key", sizeof(".key"));
		error = read_file(path, text);
	}
	if (error) {
		tw_complain("cannot read %s: %s", name, strerror(error));
		return TW_EXIT_FILE;
	}
	fault = parse_file(key, text);
	if (fault)
		tw_complain("%s: %s", name, fault);
	return fault ? TW_EXIT_USAGE : 0;
}

/* With a NUL. Returns 0 or the errno. */
static int read_file(const char *path, char text[FILE_SIZE])
{
	size_t length;
	int error = tw_file_load(path, (uint8_t *)text, FILE_SIZE, &length);

	if (!error && length == FILE_SIZE)
		error = EFBIG;
	text[error ? 0 : length] = '\0';
	return error;
}

/*
 * What is in a file
 */

/* Behind white space, and comments of the three kinds that named.conf has. */
static const char *skip(const char *text)
{
	const char *end;

	for (;;) {
		text += strspn(text, SPACE);
		if (*text == '#' || strncmp(text, "//", 2) == 0)
			text += strcspn(text, "\n");
		else if (strncmp(text, "/*", 2) == 0 &&
			(end = strstr(text + 2, "*/")) != NULL)
			text = end + 2;
		else
			return text;
	}
}

/* A brace or semicolon, what is in quotes, or a word; of length 0 at the end. */
static struct slice next_token(const char **text)
{
	const char *start = skip(*text);
	size_t length = strcspn(start, SPACE "{};\"");

	if (*start == '"') {
		length = strcspn(++start, "\"");
		*text = start + length + (start[length] ? 1 : 0);
	} else {
		length += length == 0 && *start ? 1 : 0;
		*text = start + length;
	}
	return (struct slice){ start, length };
}

static bool is_word(struct slice slice, const char *word)
{
	return slice.length == strlen(word) &&
		strncasecmp(slice.start, word, slice.length) == 0;
}

/* `key NAME { algorithm WORD; secret WORD; };`, behind its first word */
static const char *parse_clause(struct tw_tsig_key *key, const char *text)
{
	struct slice name = next_token(&text), word, value;
	struct slice algorithm = { "", 0 }, secret = { "", 0 };

	if (!is_word(next_token(&text), "{"))
		return "\"{\" is missing";
	while (word = next_token(&text), !is_word(word, "}")) {
		value = next_token(&text);
		if (is_word(word, "algorithm"))
			algorithm = value;
		else if (is_word(word, "secret"))
			secret = value;
		else
			return "a key has an algorithm and a secret alone";
		if (!is_word(next_token(&text), ";"))
			return "\";\" is missing";
	}
	if (!is_word(next_token(&text), ";"))
		return "\";\" is missing";
	if (next_token(&text).length > 0)
		return "more than one key";
	return set(key, algorithm, name, secret);
}

/* `NAME [TTL] [IN] KEY FLAGS PROTOCOL ALGORITHM SECRET`: the numbers of
 * algorithms are of BIND's own choice. */
static const char *parse_record(
	struct tw_tsig_key *key, struct slice name, const char *text)
{
	static const uint8_t numbers[] = { 157, 161, 162, 163, 164, 165 };
	struct slice word, algorithm = { "", 0 };
	unsigned kind;

	do
		word = next_token(&text);
	while (word.length > 0 && !is_word(word, "KEY"));
	next_token(&text);
	next_token(&text);
	word = next_token(&text);
	for (kind = 0; kind < TW_HASH_KINDS; kind++)
		if (word.length > 0 && atoi(word.start) == numbers[kind]) {
			algorithm.start = tw_tsig_algorithm(kind);
			algorithm.length = strcspn(algorithm.start, ".");
		}
	return set(key, algorithm, name, (struct slice){ text, strlen(text) });
}

static const char *parse_file(struct tw_tsig_key *key, const char *text)
{
	struct slice word = next_token(&text);

	if (is_word(word, "key"))
		return parse_clause(key, text);
	return parse_record(key, word, text);
}

/*
 * The parts of a key
 */

/* "hmac-sha256", or with a number of bits that the MAC is cut to:
 * "hmac-sha256-128". */
static bool set_algorithm(struct tw_tsig_key *key, struct slice word)
{
	size_t length, bits = 0, i;
	unsigned kind;
	const char *name;

	for (kind = 0; kind < TW_HASH_KINDS; kind++) {
		name = tw_tsig_algorithm(kind);
		length = strcspn(name, ".");
		if (word.length >= length &&
			strncasecmp(name, word.start, length) == 0 &&
			(word.length == length || word.start[length] == '-'))
			break;
	}
	if (kind == TW_HASH_KINDS || word.length > length + 4 ||
		word.length == length + 1)
		return false;
	for (i = length + 1; i < word.length; i++) {
		if (word.start[i] < '0' || word.start[i] > '9')
			return false;
		bits = bits * 10 + (size_t)(word.start[i] - '0');
	}
	length = tw_hash_length(kind);
	key->kind = (uint8_t)kind;
	key->mac_length = (uint8_t)(bits ? (bits + 7) / 8 : length);
	return bits <= length * 8;
}

/* In lower case. */
static bool set_name(struct tw_tsig_key *key, struct slice word)
{
	size_t position, i;

	if (trowel_name_parse(word.start, word.length, &key->name, &position) !=
		TROWEL_OK)
		return false;
	for (i = 0; i < key->name.length; i++)
		key->name.octets[i] = (uint8_t)tw_lower_of(key->name.octets[i]);
	return true;
}

/* Base64, RFC 4648 4, with white space in it. */
static bool set_secret(struct tw_tsig_key *key, struct slice word)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, count = 0, pads = 0;
	const char *digit;
	size_t i;

	key->secret_length = 0;
	for (i = 0; i < word.length; i++) {
		if (strchr(SPACE, word.start[i]))
			continue;
		digit = strchr(digits, word.start[i]);
		pads += word.start[i] == '=';
		if (word.start[i] != '=' && (!digit || pads > 0))
			return false;
		bits = bits << 6 | (digit ? (unsigned)(digit - digits) : 0);
		if (++count % 4 == 1 || pads > 0)
			continue;
		if (key->secret_length == sizeof(key->secret))
			return false;
		key->secret[key->secret_length++] =
			(uint8_t)(bits >> (4 - count % 4) % 4 * 2);
	}
	return count % 4 == 0 && pads <= 2 && key->secret_length > 0;
}

static const char *set(struct tw_tsig_key *key, struct slice algorithm,
	struct slice name, struct slice secret)
{
	if (!set_algorithm(key, algorithm))
		return "no such algorithm, or no such length";
	if (!set_name(key, name))
		return "no name of a key";
	if (!set_secret(key, secret))
		return "no secret in base64";
	return NULL;
}
