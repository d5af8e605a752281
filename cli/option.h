/* SPDX-License-Identifier: MIT */
/* What the table of options, their effects and the parser share. */
#ifndef TW_OPTION_H
#define TW_OPTION_H

#include "cli/options.h"

enum tw_option_kind {
	TW_SWITCH, /* +x; or -x */
	TW_NUMBER, /* +x=N; -x N */
	TW_MAYBE_NUMBER, /* +x, +x=N */
	TW_TEXT, /* +x=WORD; -x WORD */
	TW_MAYBE_TEXT /* +x, +x=WORD */
};

/* Which lookups an option changes. */
enum tw_option_scope {
	TW_HERE, /* the one before it, or all that follow */
	TW_EVERYWHERE, /* all */
	TW_ONCE /* none: it is for the command */
};

struct tw_given;

/* What options do, beside setting a field of struct tw_lookup: functions of
 * these names, with tw_ before them. */
/* clang-format off */
#define TW_EFFECTS(X) \
	X(add_option) X(be_brief) X(change_all) X(change_cookie) \
	X(change_edns) X(change_flags) X(change_padding) X(change_size) \
	X(change_split) X(change_subnet) X(note_edns) X(note_family) \
	X(note_tcp) X(note_units) X(pass_over) X(read_batch) \
	X(read_key) X(read_no_digrc) X(refuse) X(set_addresses) X(set_class) \
	X(set_bulk) X(set_comments) X(set_dig) X(set_dns64) X(set_domain) \
	X(set_explain) X(set_gather) X(set_id) X(set_idn) X(set_json) \
	X(set_json_line) X(set_key) X(set_name) X(set_opcode) X(set_rcode) \
	X(set_retries) X(set_reverse) X(set_search) X(set_source) \
	X(set_time) X(set_tries) X(set_type) X(set_yaml) X(show_help) \
	X(show_version) X(start_bulk) X(start_decode)
/* clang-format on */
enum tw_effect_number {
	TW_NO_EFFECT,
#define TW_EFFECT_NUMBER(name) TW_EFFECT_##name,
	TW_EFFECTS(TW_EFFECT_NUMBER)
#undef TW_EFFECT_NUMBER
};

struct tw_option {
	char name[18];
	char alias[16]; /* another name, or none; comes before prefixes */
	uint8_t key; /* letters that dig tells it by; 0: dig has none such */
	uint8_t kind; /* enum tw_option_kind */
	uint8_t scope; /* enum tw_option_scope */
	bool always_on; /* there is no +no form */
	uint8_t effect; /* enum tw_effect_number */
	uint16_t field; /* offset in struct tw_lookup; 0: none to set */
	uint32_t least; /* of a number */
	uint32_t most;
	uint16_t value; /* offset of what to call it in --help */
	uint16_t help; /* offset of what it does; "": not in --help */
};

/* All options, in the order of --help, up to one without a name. */
extern const struct tw_option tw_option_table[];

/* What to call an option's value, and what the option does. */
const char *tw_option_value(const struct tw_option *option);
const char *tw_option_help(const struct tw_option *option);

/* An option as it stands on the command line. */
struct tw_given {
	const struct tw_option *option;
	bool on;
	const char *text; /* its value, or NULL */
	uint32_t number;
};

/* Whether two words begin alike in `length` characters, letters of either case
 * being the same. */
bool tw_is_alike(const char *a, const char *b, size_t length);

/* The option of "+name", or of its beginning in `length` characters; *other is
 * a second one that begins so, or NULL. NULL if there is none. */
const struct tw_option *tw_option_find(
	const char *word, size_t length, const struct tw_option **other);

/* Likewise by dig's rule: letters of an option's key count as written. */
const struct tw_option *tw_option_find_as_dig(const char *word, size_t length);

/* The option of a letter, and of a word that begins with two dashes. NULL if
 * there is none. */
const struct tw_option *tw_option_find_letter(char letter);
const struct tw_option *tw_option_find_long(const char *word, size_t length);

/* The name that is nearest to a word that is none. NULL if none is near. */
const char *tw_option_suggest(const char *word);

/* Carries out an option: reads its number, sets its field, has its effect.
 * Like all that follows, returns 0, or says what is wrong and returns the exit
 * status. */
int tw_apply(struct tw_command *command, struct tw_given *given);

/* A number that cannot be read, or is out of range. */
int tw_refuse_number(
	const struct tw_command *command, const struct tw_given *given);

/* Words by themselves: a name, a type and so on; whichever it is; a server. */
int tw_take_name(struct tw_command *command, const char *name);
int tw_take_word(struct tw_command *command, const char *word);
int tw_take_server(struct tw_command *command, const char *name);

/* Whether words that are no names of types and the like are those of files. */
static inline bool tw_takes_file(const struct tw_command *command)
{
	return command->request == TW_DECODE || command->request == TW_BULK;
}

/* The lookup that the next option applies to. */
struct tw_lookup *tw_lookup_now(struct tw_command *command);

/* A row for a new lookup that follows those there are, filled with defaults.
 * NULL without memory, which is said. */
struct tw_lookup *tw_lookup_add(
	struct tw_command *command, const struct tw_lookup *defaults);

/* Puts the form of all replies, or dig's in its place. */
void tw_set_form(struct tw_command *command, enum tw_form form, bool is_wanted);

/* What an option does. `lookup` is each of those changed; NULL with TW_ONCE.
 * Returns 0, or says what is wrong and returns the exit status. */
typedef int tw_effect(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given);
#define TW_EFFECT_FUNCTION(name) tw_effect tw_##name;
TW_EFFECTS(TW_EFFECT_FUNCTION)
#undef TW_EFFECT_FUNCTION

#endif
