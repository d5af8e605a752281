/* SPDX-License-Identifier: MIT */
#include "resolver/words.h"

#include <string.h>

#include "resolver/address.h"

struct tw_piece tw_split(struct tw_piece *rest, char separator)
{
	struct tw_piece head = *rest;
	const char *end = NULL;

	if (rest->length > 0)
		end = memchr(rest->text, separator, rest->length);
	if (end == NULL) {
		rest->length = 0;
		return head;
	}
	head.length = (size_t)(end - head.text);
	rest->text = end + 1;
	rest->length -= head.length + 1;
	return head;
}

bool tw_next_word(struct tw_piece *line, struct tw_piece *word)
{
	size_t start = 0;
	size_t end;

	while (start < line->length && tw_is_blank(line->text[start]))
		start++;
	end = start;
	while (end < line->length && !tw_is_blank(line->text[end]) &&
		line->text[end] != '#' && line->text[end] != ';')
		end++;
	*word = (struct tw_piece){ line->text + start, end - start };
	line->text += end;
	line->length -= end;
	return word->length > 0;
}

unsigned tw_word_find(struct tw_piece word, const char *list)
{
	for (unsigned i = 1; *list != '\0'; i++) {
		size_t length = strlen(list);

		if (word.length == length &&
			memcmp(word.text, list, length) == 0)
			return i;
		list += length + 1;
	}
	return 0;
}

bool tw_is_blank(char character)
{
	/* CR: a file with lines that end in CR LF */
	return character == ' ' || character == '\t' || character == '\r';
}

bool tw_word_address(struct tw_piece word, struct trowel_address *address)
{
	return word.length < TROWEL_ADDRESS_TEXT_SIZE &&
		tw_address_read(word.text, word.length, address);
}
