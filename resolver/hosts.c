/* SPDX-License-Identifier: MIT */
#include "resolver/hosts.h"

#include <string.h>

#include "resolver/words.h"

static bool has_name(struct tw_piece names, const char *wanted, size_t length);
static bool is_same(const char *a, const char *b, size_t length);
static bool read_address(struct tw_piece *line, struct trowel_address *address);
static bool read_name(struct tw_piece names, struct trowel_name *name);

size_t tw_hosts_find(const char *text, size_t length,
	const struct trowel_name *name, struct trowel_address *addresses,
	size_t room, struct trowel_name *canonical)
{
	struct tw_piece rest = { text, length };
	char wanted[TROWEL_NAME_TEXT_SIZE];
	size_t wanted_length = trowel_name_format(name, wanted) - 1;
	struct trowel_address address;
	size_t count = 0;

	while (rest.length > 0) {
		struct tw_piece line = tw_split(&rest, '\n');
		struct tw_piece names = line;
		struct tw_piece word;

		if (!tw_next_word(&names, &word) ||
			!has_name(names, wanted, wanted_length) ||
			!read_address(&line, &address))
			continue;
		if (count == 0 && canonical != NULL &&
			!read_name(names, canonical))
			*canonical = *name;
		if (count < room)
			addresses[count] = address;
		count++;
	}
	return count;
}

bool tw_hosts_reverse(const char *text, size_t length,
	const struct trowel_address *address, struct trowel_name *name)
{
	struct tw_piece rest = { text, length };
	struct trowel_address found;

	while (rest.length > 0) {
		struct tw_piece line = tw_split(&rest, '\n');

		if (read_address(&line, &found) &&
			found.family == address->family &&
			found.scope == address->scope &&
			memcmp(found.octets, address->octets,
				sizeof(found.octets)) == 0 &&
			read_name(line, name))
			return true;
	}
	return false;
}

/* With or without a final dot. */
static bool has_name(struct tw_piece names, const char *wanted, size_t length)
{
	struct tw_piece word;

	while (tw_next_word(&names, &word)) {
		if (word.length > 1 && word.text[word.length - 1] == '.')
			word.length--;
		if (word.length == length && is_same(word.text, wanted, length))
			return true;
	}
	return false;
}

/* ASCII letters of either case are alike, whatever the locale. */
static bool is_same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned small = (unsigned char)a[i] | 0x20u;

		if (a[i] != b[i] &&
			(small != ((unsigned char)b[i] | 0x20u) ||
				small < 'a' || small > 'z'))
			return false;
	}
	return true;
}

static bool read_address(struct tw_piece *line, struct trowel_address *address)
{
	struct tw_piece word;

	return tw_next_word(line, &word) && tw_word_address(word, address) &&
		address->port == 0;
}

static bool read_name(struct tw_piece names, struct trowel_name *name)
{
	struct tw_piece word;
	size_t position;

	return tw_next_word(&names, &word) &&
		trowel_name_parse(word.text, word.length, name, &position) ==
		TROWEL_OK;
}
