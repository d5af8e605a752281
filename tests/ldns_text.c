/* SPDX-License-Identifier: MIT */
#include "tests/ldns_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 400000

/* ldns looks up each port in a file: a text of all of them takes a minute. */
#define TYPE_WKS 11
#define WKS_MAX 16

static void put(char *text, size_t *length, const char *more, size_t count)
{
	if (count > TEXT_SIZE - 1 - *length)
		count = TEXT_SIZE - 1 - *length;
	memcpy(text + *length, more, count);
	*length += count;
	text[*length] = '\0';
}

/* A name as trowel has it: ldns leaves " @ $ as they are. True if there were
 * any. */
static bool put_name(char *text, size_t *length, const char *name, size_t count)
{
	bool has_some = false;

	for (size_t i = 0; i < count; i++) {
		if (name[i] == '"' || name[i] == '@' || name[i] == '$') {
			has_some = true;
			put(text, length, "\\", 1);
		}
		put(text, length, name + i, 1);
	}
	return has_some;
}

/* The text of RDATA as ldns_rr2str() has it, but for names; false if there is
 * none. */
static bool put_theirs(const ldns_rr *rr, char *text, bool *has_escapes)
{
	static ldns_buffer *buffer;
	size_t length = 0;

	if (buffer == NULL)
		buffer = ldns_buffer_new(65536);
	*has_escapes = false;
	text[0] = '\0';
	if (ldns_rr_rd_count(rr) == 0)
		put(text, &length, "\\# 0", 4);
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		ldns_rdf_type type = ldns_rdf_get_type(rdf);
		const char *word;

		ldns_buffer_clear(buffer);
		if (ldns_rdf2buffer_str(buffer, rdf) != LDNS_STATUS_OK)
			return false;
		word = (const char *)ldns_buffer_begin(buffer);
		if (i > 0)
			put(text, &length, " ", 1);
		if (type != LDNS_RDF_TYPE_DNAME &&
			type != LDNS_RDF_TYPE_IPSECKEY)
			put(text, &length, word, ldns_buffer_position(buffer));
		else if (put_name(text, &length, word,
				 ldns_buffer_position(buffer)))
			*has_escapes = true;
	}
	return true;
}

/* Cuts the first word off and returns it: up to a space that is not in quotes.
 * Quotes stand at the start of a word, or behind a '='. NULL: no more. */
static char *cut_word(char **text)
{
	char *word = *text;
	char *at;
	bool is_quoted = false;

	while (*word == ' ')
		word++;
	for (at = word; *at != '\0' && (is_quoted || *at != ' '); at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '"' &&
			(is_quoted || at == word || at[-1] == '='))
			is_quoted = !is_quoted;
	}
	*text = at;
	if (*at == ' ') {
		*at = '\0';
		(*text)++;
	}
	return *word == '\0' ? NULL : word;
}

static void compare_words(struct difference *difference,
	const struct listener *listener, char *ours, char *theirs)
{
	bool is_known = true;
	bool are_equal = true;

	difference->stage = OTHER_WORD;
	while (is_known) {
		difference->ours = cut_word(&ours);
		difference->theirs = cut_word(&theirs);
		if (difference->ours == NULL || difference->theirs == NULL)
			break;
		if (strcmp(difference->ours, difference->theirs) == 0)
			continue;
		are_equal = false;
		is_known = listener->hear(listener->context, difference);
	}
	if (!is_known)
		return;
	difference->what = difference->ours == difference->theirs
		? "white space"
		: "number of words";
	if (difference->ours != difference->theirs || are_equal)
		listener->hear(listener->context, difference);
}

void text_compare(const struct pair *pair, const struct trowel_record *record,
	const ldns_rr *rr, const struct listener *listener)
{
	static char ours[TEXT_SIZE];
	static char theirs[TEXT_SIZE];
	struct difference difference = { OTHER_TEXT, pair, record, "text", ours,
		theirs };
	bool has_escapes;

	if (record->type == TYPE_WKS && record->rdata_length > WKS_MAX)
		return;
	trowel_rdata_format(&pair->message, record, TROWEL_STYLE_NO_SPLIT, ours,
		sizeof(ours));
	if (!put_theirs(rr, theirs, &has_escapes)) {
		difference.stage = NO_TEXT;
		listener->hear(listener->context, &difference);
		return;
	}
	if (has_escapes) {
		difference.what = "escapes";
		difference.theirs = NULL; /* has been escaped */
		listener->hear(listener->context, &difference);
		difference.what = "text";
		difference.theirs = theirs;
	}
	if (strcmp(ours, theirs) != 0 &&
		!listener->hear(listener->context, &difference))
		compare_words(&difference, listener, ours, theirs);
}
