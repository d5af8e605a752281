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

struct tw_option {
	const char *name;
	const char *alias; /* another name, or NULL; comes before prefixes */
	uint8_t key; /* letters that dig tells it by; 0: dig has none such */
	uint8_t kind; /* enum tw_option_kind */
	uint8_t scope; /* enum tw_option_scope */
	bool always_on; /* there is no +no form */
	uint16_t field; /* offset in struct tw_lookup; 0: none to set */
	uint32_t least; /* of a number */
	uint32_t most;
	/* `lookup` is each of those changed; NULL with TW_ONCE. Returns 0, or
	 * says what is wrong and returns the exit status. */
	int (*effect)(struct tw_command *command, struct tw_lookup *lookup,
		const struct tw_given *given);
	const char *value; /* what to call it in --help */
	const char *help; /* NULL: not in --help */
};

/* All options, in the order of --help, up to one without a name. */
extern const struct tw_option tw_option_table[];

/* An option as it stands on the command line. */
struct tw_given {
	const struct tw_option *option;
	bool on;
	const char *text; /* its value, or NULL */
	uint32_t number;
};

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
int tw_take_type(struct tw_command *command, uint16_t type);
int tw_take_class(struct tw_command *command, uint16_t class_code);
int tw_take_word(struct tw_command *command, const char *word);
int tw_take_server(struct tw_command *command, const char *name);

/* The lookup that the next option applies to. */
struct tw_lookup *tw_lookup_now(struct tw_command *command);

/* A row for a new lookup that follows those there are, filled with defaults.
 * NULL without memory, which is said. */
struct tw_lookup *tw_lookup_add(
	struct tw_command *command, const struct tw_lookup *defaults);

/* Puts the form of all replies, or dig's in its place. */
void tw_set_form(struct tw_command *command, enum tw_form form, bool is_wanted);

/* Effects of options that do more than to set a field of struct tw_lookup. */
typedef int tw_effect(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given);
tw_effect tw_add_option, tw_be_brief, tw_change_all, tw_change_cookie,
	tw_change_edns, tw_change_flags, tw_change_padding, tw_change_size,
	tw_change_split, tw_change_subnet, tw_note_edns, tw_note_family,
	tw_note_tcp, tw_note_units, tw_pass_over, tw_read_batch,
	tw_read_no_digrc, tw_refuse, tw_set_class, tw_set_comments, tw_set_dig,
	tw_set_addresses, tw_set_gather, tw_set_json, tw_set_json_line,
	tw_set_dns64, tw_set_domain, tw_set_explain, tw_set_idn, tw_set_id,
	tw_set_name, tw_set_opcode, tw_set_rcode, tw_set_retries,
	tw_set_reverse, tw_set_search, tw_set_source, tw_set_time, tw_set_tries,
	tw_set_type, tw_set_yaml, tw_show_help, tw_show_version,
	tw_start_decode;

#endif
