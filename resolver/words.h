/* SPDX-License-Identifier: MIT */
/* Lines and words of configuration files. Pure; a NUL is an octet like another.
 */
#ifndef TW_WORDS_H
#define TW_WORDS_H

#include <trowel/resolver.h>

/* A line, a word, or what is left of one. */
struct tw_piece {
	const char *text;
	size_t length;
};

/* Takes what is before the next separator off *rest, and the separator with it;
 * all of it where there is none. */
struct tw_piece tw_split(struct tw_piece *rest, char separator);

/* Takes the next word off a line. False at the end: # and ; start a comment
 * wherever they stand. */
bool tw_next_word(struct tw_piece *line, struct tw_piece *word);

/* Which word of a list it is, from 1; 0: none. The list's words are behind each
 * other, each with a NUL, and another NUL at the end: "one\0two\0". */
unsigned tw_word_find(struct tw_piece word, const char *list);

bool tw_is_blank(char character);

/* tw_address_read() for a word, unless that is longer than an address. */
bool tw_word_address(struct tw_piece word, struct trowel_address *address);

#endif
