/* SPDX-License-Identifier: MIT */
#include "cli/idn.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"

#ifdef HAVE_LIBIDN2

#include <idn2.h>

const bool tw_idn_is_there = true;

bool tw_idn_encode(char *text, size_t size)
{
	char *ascii = NULL;
	bool fits = false;

	if (idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL) == IDN2_OK) {
		fits = strlen(ascii) < size;
		if (fits)
			memcpy(text, ascii, strlen(ascii) + 1);
	}
	idn2_free(ascii);
	return fits;
}

/* A label in ASCII form, in letters of either case. */
static bool has_mark(const char *word)
{
	for (; *word; word++)
		if (strncasecmp(word, "xn--", 4) == 0)
			return true;
	return false;
}

/* A word of up to 1,023 characters. */
static void add_word(struct tw_output *output, const char *text, size_t length)
{
	char word[1024], *utf8 = NULL;

	if (length < sizeof(word) && text[0] != '"') {
		memcpy(word, text, length);
		word[length] = '\0';
		if (has_mark(word) &&
			idn2_to_unicode_8z8z(word, &utf8, 0) == IDN2_OK) {
			tw_output_add(output, utf8);
			idn2_free(utf8);
			return;
		}
	}
	tw_output_add_octets(output, text, length);
}

void tw_idn_decode(struct tw_output *output, size_t start)
{
	size_t length = output->length - start, at, next;
	char *text = output->failed ? NULL : malloc(length + 1);

	if (!text)
		return;
	memcpy(text, output->octets + start, length);
	text[length] = '\0';
	output->length = start;
	output->column -= length;
	for (at = 0; at < length; at = next) {
		next = at + strcspn(text + at, " \t\n");
		add_word(output, text + at, next - at);
		at = next;
		next += strspn(text + next, " \t\n");
		tw_output_add_octets(output, text + at, next - at);
	}
	free(text);
}

#else

const bool tw_idn_is_there = false;

bool tw_idn_encode(char *text, size_t size)
{
	(void)text;
	(void)size;
	return false;
}

void tw_idn_decode(struct tw_output *output, size_t start)
{
	(void)output;
	(void)start;
}

#endif

bool tw_idn_is_needed(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return true;
	return false;
}
