/* SPDX-License-Identifier: MIT */
/* Looking up options in their table, and telling about them. */
#include "cli/option.h"

#include <string.h>

#include "cli/octets.h"
#include "cli/suggest.h"

bool tw_is_alike(const char *a, const char *b, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (tw_lower_of(a[i]) != tw_lower_of(b[i]))
			return false;
		if (a[i] == '\0')
			break;
	}
	return true;
}

static bool has_prefix(const char *name, const char *word, size_t length)
{
	return name[0] == '+' && tw_is_alike(name, word, length);
}

/* "+name", of `length` characters; "+" stands for itself in both. */
static bool is_named(const char *name, const char *word, size_t length)
{
	return has_prefix(name, word, length) && name[length] == '\0';
}

/* What dig takes is that option, though others may begin so, too. */
static bool is_digs(
	const struct tw_option *option, const char *word, size_t length)
{
	return option->key && length > option->key &&
		has_prefix(option->name, word, length);
}

/* Rows of one option under two names do the same. */
static bool is_same(const struct tw_option *a, const struct tw_option *b)
{
	return a->effect == b->effect && a->field == b->field &&
		(a->effect || a->field);
}

const struct tw_option *tw_option_find(
	const char *word, size_t length, const struct tw_option **other)
{
	const struct tw_option *found = NULL, *digs = NULL, *option;

	*other = NULL;
	for (option = tw_option_table; option->name[0]; option++) {
		if (is_named(option->name, word, length) ||
			is_named(option->alias, word, length)) {
			*other = NULL;
			return option;
		}
		if (!digs && is_digs(option, word, length))
			digs = option;
		if (!has_prefix(option->name, word, length) &&
			!has_prefix(option->alias, word, length))
			continue;
		if (!found)
			found = option;
		else if (!is_same(option, found))
			*other = option;
	}
	if (!digs)
		return found;
	*other = NULL;
	return digs;
}

const struct tw_option *tw_option_find_as_dig(const char *word, size_t length)
{
	const struct tw_option *option;

	for (option = tw_option_table; option->name[0]; option++)
		if (option->alias[0] && strcmp(option->alias, word) == 0)
			return option;
	for (option = tw_option_table; option->name[0]; option++) {
		if (is_digs(option, word, length) &&
			strncmp(option->name, word, option->key + 1U) == 0)
			return option;
		/* What dig has not is known by its whole name. */
		if (!option->key && tw_option_help(option)[0] &&
			strcmp(option->name, word) == 0)
			return option;
	}
	return NULL;
}

const struct tw_option *tw_option_find_letter(char letter)
{
	const struct tw_option *option;

	for (option = tw_option_table; option->name[0]; option++)
		if (option->name[0] == '-' && option->name[1] == letter &&
			letter != '-')
			return option;
	return NULL;
}

const struct tw_option *tw_option_find_long(const char *word, size_t length)
{
	const struct tw_option *option;

	for (option = tw_option_table; option->name[0]; option++)
		if ((strlen(option->name) == length &&
			    strncmp(option->name, word, length) == 0) ||
			(strlen(option->alias) == length &&
				strncmp(option->alias, word, length) == 0))
			return option;
	return NULL;
}

const char *tw_option_suggest(const char *word)
{
	unsigned least = tw_slips_allowed(word) + 1, slips;
	const struct tw_option *option;
	const char *best = NULL;

	for (option = tw_option_table; option->name[0]; option++) {
		slips = tw_slips(word, option->name);
		if (slips < least && tw_option_help(option)[0] &&
			option->name[1] != '\0' && option->name[2] != '\0') {
			least = slips;
			best = option->name;
		}
	}
	return best;
}

/*
 * Help: on one screen. What each +option does is in the manual.
 */

#define LINE_WIDTH 79
#define HALF_WIDTH 40
#define HELP_COLUMN 15

static bool is_optional(const struct tw_option *option)
{
	return option->kind == TW_MAYBE_NUMBER || option->kind == TW_MAYBE_TEXT;
}

/* How --help lists an option. */
enum group { NOWHERE, LETTERS, WORDS, BULK };

static enum group group_of(const struct tw_option *option)
{
	if (!tw_option_help(option)[0])
		return NOWHERE;
	if (option->effect == TW_EFFECT_set_bulk)
		return BULK;
	return option->name[0] == '-' ? LETTERS : WORDS;
}

/* "-p PORT  servers' port (53)" */
static void add_letter(struct tw_output *output, const struct tw_option *option)
{
	size_t start = output->column;

	tw_output_add(output, "  ");
	tw_output_add(output, option->name);
	tw_output_add(output, tw_option_value(option)[0] ? " " : "");
	tw_output_add(output, tw_option_value(option));
	do
		tw_output_add(output, " ");
	while (output->column < start + HELP_COLUMN);
	tw_output_add(output, tw_option_help(option));
}

static void add_letters(struct tw_output *output)
{
	const struct tw_option *option;
	bool is_right = false;

	for (option = tw_option_table; option->name[0]; option++) {
		if (group_of(option) != LETTERS)
			continue;
		while (is_right && output->column < HALF_WIDTH)
			tw_output_add(output, " ");
		add_letter(output, option);
		if (is_right)
			tw_output_end_line(output);
		is_right = !is_right;
	}
	if (is_right)
		tw_output_end_line(output);
}

/* "+split[=WIDTH]", "--window COUNT" */
static void add_word(struct tw_output *output, const struct tw_option *option)
{
	bool has_value = tw_option_value(option)[0] != '\0';
	const char *start = is_optional(option) ? "[="
		: option->name[0] == '-'	? " "
						: "=";
	const char *end = is_optional(option) ? "]" : "";
	size_t length = 1 + strlen(option->name);

	if (has_value)
		length += strlen(start) + strlen(tw_option_value(option)) +
			strlen(end);
	if (output->column + length > LINE_WIDTH) {
		tw_output_end_line(output);
		tw_output_add(output, " ");
	}
	tw_output_add(output, " ");
	tw_output_add(output, option->name);
	tw_output_add(output, has_value ? start : "");
	tw_output_add(output, tw_option_value(option));
	tw_output_add(output, has_value ? end : "");
}

static void add_words(struct tw_output *output, enum group group)
{
	const struct tw_option *option;

	for (option = tw_option_table; option->name[0]; option++)
		if (group_of(option) == group)
			add_word(output, option);
	tw_output_end_line(output);
}

void tw_options_help(struct tw_output *output)
{
	tw_output_add(output,
		"usage: trowel [@SERVER]... NAME... [TYPE]... [CLASS] "
		"[OPTION]...\n");
	add_letters(output);
	tw_output_add(output,
		"Also as +no..., and as short as is clear; trowel(1) says what "
		"they do:\n");
	tw_output_add(output, " ");
	add_words(output, WORDS);
	tw_output_add(output, "with --bulk:");
	add_words(output, BULK);
	tw_output_add(output,
		"exit status: 0 reply, 1 usage, 8 file, 9 no reply, 10 name or "
		"number; see +rc\n");
}
