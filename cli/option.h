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

struct tw_given;

struct tw_option {
	const char *name;
	const char *alias; /* another name, or NULL; comes before prefixes */
	uint8_t kind; /* enum tw_option_kind */
	bool always_on; /* there is no +no form */
	uint16_t field; /* offset in struct tw_lookup; 0: none to set */
	uint32_t least; /* of a number */
	uint32_t most;
	int (*effect)(struct tw_command *command, const struct tw_given *given);
	const char *value; /* what to call it in --help */
	const char *help;
};

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

/* The option of a letter, and of a word that begins with two dashes. NULL if
 * there is none. */
const struct tw_option *tw_option_find_letter(char letter);
const struct tw_option *tw_option_find_long(const char *word);

/* The name that is nearest to a word that is none. NULL if none is near. */
const char *tw_option_suggest(const char *word);

/* Words without a sign. Like all that follows, these return 0, or say what is
 * wrong and return the exit status. */
int tw_take_name(struct tw_command *command, const char *name);
int tw_take_type(struct tw_command *command, uint16_t type);
int tw_take_class(struct tw_command *command, uint16_t class_code);

/* Effects of options that do more than to set a field of struct tw_lookup. */
typedef int tw_effect(struct tw_command *command, const struct tw_given *given);
tw_effect tw_add_option, tw_be_brief, tw_change_all, tw_change_cookie,
	tw_change_edns, tw_change_flags, tw_change_padding, tw_change_size,
	tw_change_split, tw_change_subnet, tw_note_edns, tw_note_family,
	tw_note_tcp, tw_note_units, tw_set_class, tw_set_comments, tw_set_name,
	tw_set_retries, tw_set_reverse, tw_set_time, tw_set_tries, tw_set_type,
	tw_read_no_digrc, tw_show_help, tw_show_version, tw_start_decode;

#endif
