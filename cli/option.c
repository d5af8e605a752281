/* SPDX-License-Identifier: MIT */
/* Looking up options in their table, and telling about them. */
#include "cli/option.h"

#include <string.h>

#include "cli/suggest.h"

static char lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a')
					      : letter;
}

bool tw_is_alike(const char *a, const char *b, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (lower(a[i]) != lower(b[i]))
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
		if (!option->key && option->help[0] &&
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
		if (slips < least && option->help[0] &&
			option->name[1] != '\0' && option->name[2] != '\0') {
			least = slips;
			best = option->name;
		}
	}
	return best;
}

/*
 * Help
 */

static void add_name(struct tw_output *output, const char *name,
	const struct tw_option *option)
{
	bool is_optional = option->kind == TW_MAYBE_NUMBER ||
		option->kind == TW_MAYBE_TEXT;

	tw_output_add_octets(output, name, 1);
	if (name[0] == '+' && !option->always_on)
		tw_output_add(output, "[no]");
	tw_output_add(output, name + 1);
	if (!option->value[0])
		return;
	tw_output_add(output, is_optional ? "[=" : name[0] == '+' ? "=" : " ");
	tw_output_add(output, option->value);
	tw_output_add(output, is_optional ? "]" : "");
}

void tw_options_help(struct tw_output *output)
{
	const struct tw_option *option;

	tw_output_add(output,
		"usage: trowel [@SERVER] NAME [TYPE] [CLASS] [OPTION]...\n"
		"       trowel --decode [FILE] [OPTION]...\n"
		"Asks a DNS server, and shows its reply as dig does.\n");
	for (option = tw_option_table; option->name[0]; option++) {
		if (!option->help[0])
			continue;
		tw_output_add(output, "  ");
		add_name(output, option->name, option);
		if (option->alias[0]) {
			tw_output_add(output, ", ");
			tw_output_add(output, option->alias);
		}
		tw_output_indent(output, 32);
		tw_output_add(output, option->help);
		tw_output_end_line(output);
	}
	tw_output_add(output,
		"SERVER: ADDRESS, ADDRESS#PORT, [ADDRESS]:PORT or a host name; "
		"without it,\nthose of /etc/resolv.conf. A +option may be cut "
		"short as long as it is clear.\nFILE: a message as hex text or "
		"as it is; without it, standard input.\n"
		"exit status: 0 a reply, 1 usage or malformed message, 8 file, "
		"9 no reply,\n10 bad name or number, or internal error\n");
}
