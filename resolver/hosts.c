/* SPDX-License-Identifier: MIT */
#include "resolver/hosts.h"

#include <string.h>

#include "resolver/words.h"

static bool has_name(struct tw_piece names, const struct trowel_name *wanted);
static bool read_address(struct tw_piece *line, struct trowel_address *address);
static bool read_name(struct tw_piece names, struct trowel_name *name);
static bool parse(struct tw_piece word, struct trowel_name *name);

size_t tw_hosts_find(const char *text, size_t length,
	const struct trowel_name *name, struct trowel_address *addresses,
	size_t room, struct trowel_name *canonical)
{
	struct tw_piece rest = { text, length };
	struct trowel_address address;
	size_t count = 0;

	while (rest.length > 0) {
		struct tw_piece line = tw_split(&rest, '\n');
		struct tw_piece names = line;
		struct tw_piece word;

		if (!tw_next_word(&names, &word) || !has_name(names, name) ||
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

/* With or without a final dot; a word of another length is passed over unread:
 * names with escapes are none of a host's. */
static bool has_name(struct tw_piece names, const struct trowel_name *wanted)
{
	size_t length = wanted->length - 2u;
	struct tw_piece word;
	struct trowel_name name;

	while (tw_next_word(&names, &word))
		if (word.length - length <= 1 && parse(word, &name) &&
			trowel_name_is_equal(&name, wanted))
			return true;
	return false;
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

	return tw_next_word(&names, &word) && parse(word, name);
}

static bool parse(struct tw_piece word, struct trowel_name *name)
{
	size_t position;

	return trowel_name_parse(word.text, word.length, name, &position) ==
		TROWEL_OK;
}
