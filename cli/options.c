/* SPDX-License-Identifier: MIT */
/*
 * All options are rows of one table, which the parser, the suggestions, --help
 * and the completions of shells read: a new option is a row and, where it does
 * more than to set a field of struct tw_lookup, its effect. It is as long as
 * there are options.
 */
#include <stddef.h>

#include "cli/option.h"

#define FIELD(member) offsetof(struct tw_lookup, member)
#define BULK(member) offsetof(struct tw_bulk_options, member)
#define DO(effect) TW_EFFECT_##effect

#define JOIN_LINE(a, line) a##line
#define JOIN(a, line) JOIN_LINE(a, line)

/* The texts of all rows, one behind the other. Rows have offsets into it, so that
 * nothing is to be relocated when the program is loaded. */
#define ROW(name, alias, key, kind, scope, on, effect, field, least, most, \
	value, help) \
	char JOIN(value_, __LINE__)[sizeof(value)]; \
	char JOIN(help_, __LINE__)[sizeof(help)];
static const struct texts {
#include "cli/options.def"
#undef ROW
#define ROW(name, alias, key, kind, scope, on, effect, field, least, most, \
	value, help) \
	value, help,
} texts = {
#include "cli/options.def"
#undef ROW
};

#define ROW(name, alias, key, kind, scope, on, effect, field, least, most, \
	value, help) \
	{ name, alias, key, kind, scope, on, effect, field, least, most, \
		offsetof(struct texts, JOIN(value_, __LINE__)), \
		offsetof(struct texts, JOIN(help_, __LINE__)) },
const struct tw_option tw_option_table[] = {
#include "cli/options.def"
	{ .name = "" },
};
#undef ROW

const char *tw_option_value(const struct tw_option *option)
{
	return (const char *)&texts + option->value;
}

const char *tw_option_help(const struct tw_option *option)
{
	return (const char *)&texts + option->help;
}
