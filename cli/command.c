/* SPDX-License-Identifier: MIT */
/* The command line, word by word. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/option.h"
#include "cli/rcfile.h"

#define TYPE_A 1
#define TYPE_NS 2
#define TYPE_AAAA 28
#define CLASS_IN 1
#define NAME_MAX_LENGTH 32 /* of an option */

static int take_words(struct tw_command *command, char **words);
static int complete(struct tw_command *command);

void tw_command_init(struct tw_command *command, const char *program)
{
	size_t length = strlen(program);
	struct tw_lookup *global = &command->global;

	memset(command, 0, offsetof(struct tw_command, domain));
	command->is_dig = strcmp(program, "dig") == 0 ||
		(length > 4 && strcmp(program + length - 4, "/dig") == 0);
	command->lookups = command->start;
	command->size = sizeof(command->start) / sizeof(command->start[0]);
	global->class_code = CLASS_IN;
	global->ndots = UINT32_MAX;
	global->recursion = true;
	global->authentic = true;
	global->keep_failure = true;
	global->edns.on = true;
	global->edns.cookie = true;
	global->edns.negotiation = true;
	global->edns.retry = true;
	global->view.ttl = true;
	global->view.class_code = true;
	global->view.crypto = true;
	global->view.colour = true;
	tw_change_all(command, global, &(struct tw_given){ .on = true });
}

void tw_command_release(struct tw_command *command)
{
	struct tw_line *line;

	while ((line = command->config) != NULL) {
		command->config = line->next;
		free(line->text);
		free(line);
	}
	free(command->key);
	if (command->lookups != command->start)
		free(command->lookups);
	command->lookups = command->start;
}

/* Whether one of the options that count before all others is there. */
static bool has_word(char **words, const char *wanted)
{
	for (; *words && **words != '%'; words++)
		if (strcmp(*words, wanted) == 0)
			return true;
	return false;
}

int tw_command_parse(struct tw_command *command, char **words)
{
	int exit = 0;

	command->is_dig |= has_word(words, "--dig");
	command->global.keep_malformed = command->is_dig;
	command->global.idn_in = command->is_dig ? -1 : 0;
	if (!has_word(words, "-r") && !has_word(words, "--decode"))
		exit = tw_rcfile_read(command);
	command->global.types_are_inherited = true;
	command->global.servers_are_inherited = true;
	if (!exit)
		exit = take_words(command, words);
	if (!exit)
		exit = complete(command);
	if (exit == TW_EXIT_USAGE)
		tw_complain("\"trowel -h\" shows what there is");
	return exit;
}

int tw_command_parse_line(struct tw_command *command, char **words)
{
	int exit;

	command->count = 0;
	if (!command->is_config) {
		if (!tw_lookup_add(command, &command->global))
			return TW_EXIT_INTERNAL;
		command->has_pending = true;
	}
	exit = take_words(command, words);
	return exit || command->is_config ? exit : complete(command);
}

/*
 * Options
 */

static int refuse_option(const char *word)
{
	const char *near = tw_option_suggest(word);

	if (near)
		tw_complain("unknown option %s; did you mean %s?", word, near);
	else
		tw_complain("unknown option %s", word);
	return TW_EXIT_USAGE;
}

/* Whether the value and the +no fit the option. */
static int check_form(const struct tw_given *given, const char *word)
{
	const struct tw_option *option = given->option;
	bool is_needed = option->kind == TW_NUMBER || option->kind == TW_TEXT;

	if (!given->on && option->always_on) {
		tw_complain(
			"%s: %s cannot be switched off", word, option->name);
		return TW_EXIT_USAGE;
	}
	if (given->on && is_needed && (!given->text || !*given->text)) {
		tw_complain("%s needs a value: %s=%s", word, option->name,
			tw_option_value(option));
		return option->effect == TW_EFFECT_add_option ? TW_EXIT_INTERNAL
							      : TW_EXIT_USAGE;
	}
	if (given->text && (option->kind == TW_SWITCH || !given->on)) {
		tw_complain("%s: +%s%s takes no value", word,
			given->on ? "" : "no", option->name + 1);
		return TW_EXIT_USAGE;
	}
	return 0;
}

static int find_plus(const struct tw_command *command, const char *word,
	const char *name, struct tw_given *given)
{
	const struct tw_option *other = NULL;
	size_t length = strlen(name);

	if (command->is_dig)
		given->option = tw_option_find_as_dig(name, length);
	else if (length > 1)
		given->option = tw_option_find(name, length, &other);
	if (!given->option)
		return refuse_option(word);
	if (!other)
		return 0;
	tw_complain(
		"%s may be %s or %s", word, given->option->name, other->name);
	return TW_EXIT_USAGE;
}

static size_t length_of_name(const char *word)
{
	const char *sign = strchr(word, '=');

	return sign ? (size_t)(sign - word) : strlen(word);
}

/* +name, +noname, +name=value, each name cut short anywhere. */
static int take_plus(struct tw_command *command, const char *word)
{
	struct tw_given given = { .on = true };
	size_t length = length_of_name(word);
	char name[NAME_MAX_LENGTH + 2];
	int exit;

	if (length < 2 || length > NAME_MAX_LENGTH)
		return refuse_option(word);
	memcpy(name, word, length);
	name[length] = '\0';
	if (tw_is_alike(name, "+no", 3)) {
		given.on = false;
		memmove(name + 1, name + 3, length - 2);
	}
	exit = find_plus(command, word, name, &given);
	if (exit)
		return exit;
	/* dig passes over a value where none is wanted. */
	if (word[length] == '=' &&
		!(command->is_dig &&
			(!given.on || given.option->kind == TW_SWITCH)))
		given.text = word + length + 1;
	exit = check_form(&given, word);
	return exit ? exit : tw_apply(command, &given);
}

static int refuse_missing(const struct tw_given *given)
{
	tw_complain("%s needs a value: %s %s", given->option->name,
		given->option->name, tw_option_value(given->option));
	return TW_EXIT_USAGE;
}

/* --word, --word=value, --word value. */
static int take_long(struct tw_command *command, char ***words)
{
	struct tw_given given = { .on = true };
	const char *word = **words;
	size_t length = length_of_name(word);

	given.option = tw_option_find_long(word, length);
	if (!given.option)
		return refuse_option(word);
	if (word[length] == '=')
		given.text = word + length + 1;
	if (given.text && given.option->kind == TW_SWITCH) {
		tw_complain("%s takes no value", given.option->name);
		return TW_EXIT_USAGE;
	}
	if (given.option->kind == TW_NUMBER || given.option->kind == TW_TEXT) {
		if (!given.text && (*words)[1])
			given.text = *++*words;
		if (!given.text || !*given.text)
			return refuse_missing(&given);
	}
	return tw_apply(command, &given);
}

/* -4, -t mx, -tmx, -4tmx; --help. Moves *words on where the next one is the
 * value. */
static int take_dash(struct tw_command *command, char ***words)
{
	const char *word = **words;
	struct tw_given given = { .on = true };
	int exit = 0;

	if (word[1] == '-')
		return take_long(command, words);
	if (word[1] == '\0' && tw_takes_file(command))
		return tw_take_name(command, word);
	if (word[1] == '\0')
		return refuse_option(word);
	for (word++; *word && !exit; word++) {
		given.option = tw_option_find_letter(*word);
		if (!given.option)
			return refuse_option(**words);
		if (given.option->kind == TW_SWITCH) {
			exit = tw_apply(command, &given);
			continue;
		}
		if (word[1])
			given.text = word + 1;
		else if ((*words)[1])
			given.text = *++*words;
		return given.text ? tw_apply(command, &given)
				  : refuse_missing(&given);
	}
	return exit;
}

static int take_words(struct tw_command *command, char **words)
{
	int exit = 0;

	command->words = words;
	for (; *words && !exit && command->request < TW_SHOW_HELP; words++) {
		if (**words == '%')
			break; /* dig's end of a command line */
		if (**words == '@')
			exit = tw_take_server(command, *words + 1);
		else if (**words == '+')
			exit = take_plus(command, *words);
		else if (**words == '-')
			exit = take_dash(command, &words);
		else
			exit = tw_take_word(command, *words);
	}
	return exit;
}

/*
 * What was not given
 */

/* Each further type becomes a lookup beside the first; from the last lookup
 * on, so that none is written over before it is read. */
static int expand_types(struct tw_command *command)
{
	size_t i, j, to = 0, count = command->count;
	struct tw_lookup *rows = command->lookups;

	for (i = 0; i < count; i++) {
		if (rows[i].type_count > 0 ||
			rows[i].view.form != TW_FORM_ADDRESSES)
			continue;
		rows[i].types[0] = TYPE_A;
		rows[i].types[1] = TYPE_AAAA;
		rows[i].type_count = 2;
	}
	for (i = 0; i < count; i++)
		to += command->lookups[i].type_count > 0
			? command->lookups[i].type_count
			: 1U;
	while (command->count < to)
		if (!tw_lookup_add(command, &command->global))
			return TW_EXIT_INTERNAL;
	rows = command->lookups;
	for (i = count; i-- > 0;) {
		for (j = rows[i].type_count; j-- > 1;) {
			rows[--to] = rows[i];
			rows[to].type = rows[i].types[j];
			rows[to].is_beside = true;
			rows[to].banner.words = NULL;
		}
		rows[i].type = rows[i].type_count ? rows[i].types[0] : TYPE_A;
		if (--to != i)
			rows[to] = rows[i];
	}
	return 0;
}

/* One file; what stands before its name counts, too. */
static int check_bulk(struct tw_command *command)
{
	struct tw_lookup *lookup = tw_lookup_now(command);

	if (lookup->type_count > 1) {
		tw_complain("--bulk takes one type; a line may have another");
		return TW_EXIT_USAGE;
	}
	lookup->type = lookup->type_count ? lookup->types[0] : TYPE_A;
	return 0;
}

static int complete(struct tw_command *command)
{
	struct tw_lookup *lookup = tw_lookup_now(command);

	if (command->request == TW_DECODE) {
		if (lookup->server_count == 0)
			return 0;
		tw_complain("--decode asks no server: @%s has no place here",
			lookup->servers[0]);
		return TW_EXIT_USAGE;
	}
	if (command->request == TW_BULK)
		return check_bulk(command);
	if (command->request != TW_LOOK_UP)
		return 0;
	if (command->bulk.given) {
		tw_complain("%s goes with --bulk", command->bulk.given);
		return TW_EXIT_USAGE;
	}
	if ((command->count == 0 && !command->batch) || command->has_pending) {
		/* As in dig, the type goes with the name. */
		tw_take_name(command, ".");
		lookup = tw_lookup_now(command);
		lookup->types[0] = TYPE_NS;
		lookup->type_count = 1;
	}
	return expand_types(command);
}
