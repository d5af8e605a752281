/* SPDX-License-Identifier: MIT */
/* The command line, word by word. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/option.h"

#define TYPE_A 1
#define TYPE_NS 2
#define TYPE_IXFR 251
#define CLASS_IN 1
#define NAME_MAX_LENGTH 32 /* of an option */

static unsigned value_of(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned)(digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (unsigned)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F')
		return (unsigned)(digit - 'A') + 10;
	return 16;
}

/* Decimal digits, or 0x and hex digits; all of them, in the option's range. */
static bool read_number(struct tw_given *given)
{
	bool is_hex = strncmp(given->text, "0x", 2) == 0;
	const char *text = given->text + (is_hex ? 2 : 0);
	unsigned base = is_hex ? 16 : 10;
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (value_of(*text) >= base)
			return false;
		number = number * base + value_of(*text);
		if (number > given->option->most)
			return false;
	}
	given->number = (uint32_t)number;
	return number >= given->option->least;
}

static int refuse_number(const struct tw_given *given)
{
	const struct tw_option *option = given->option;

	tw_complain("%s: \"%s\" is not a number from %lu to %lu", option->name,
		given->text, (unsigned long)option->least,
		(unsigned long)option->most);
	/* dig's choice of exit statuses */
	return option->name[0] == '-' ? TW_EXIT_USAGE : TW_EXIT_INTERNAL;
}

/* Sets the option's field, and lets it have its effect. */
static int apply(struct tw_command *command, struct tw_given *given)
{
	const struct tw_option *option = given->option;
	char *field = (char *)command->now + option->field;

	if (given->text &&
		(option->kind == TW_NUMBER ||
			option->kind == TW_MAYBE_NUMBER) &&
		!read_number(given))
		return refuse_number(given);
	if (option->field && option->kind == TW_SWITCH)
		*(bool *)(void *)field = given->on;
	else if (option->field)
		*(uint32_t *)(void *)field = given->number;
	return option->effect ? option->effect(command, given) : 0;
}

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

	if (!given->on && option->always_on) {
		tw_complain(
			"%s: %s cannot be switched off", word, option->name);
		return TW_EXIT_USAGE;
	}
	if (given->on && !given->text &&
		(option->kind == TW_NUMBER || option->kind == TW_TEXT)) {
		tw_complain("%s needs a value: %s=%s", word, option->name,
			option->value);
		return TW_EXIT_USAGE;
	}
	if (given->text && (option->kind == TW_SWITCH || !given->on)) {
		tw_complain("%s: +%s%s takes no value", word,
			given->on ? "" : "no", option->name + 1);
		return TW_EXIT_USAGE;
	}
	return 0;
}

/* +name, +noname, +name=value, each name cut short anywhere. */
static int take_plus(struct tw_command *command, const char *word)
{
	const struct tw_option *other = NULL;
	struct tw_given given = { .on = true };
	size_t length = strcspn(word, "=");
	char name[NAME_MAX_LENGTH + 2];
	int exit;

	if (length < 2 || length > NAME_MAX_LENGTH)
		return refuse_option(word);
	memcpy(name, word, length);
	name[length] = '\0';
	if (strncasecmp(name, "+no", 3) == 0) {
		given.on = false;
		memmove(name + 1, name + 3, length - 2);
		length -= 2;
	}
	if (length > 1)
		given.option = tw_option_find(name, length, &other);
	if (!given.option)
		return refuse_option(word);
	if (other) {
		tw_complain("%s may be %s or %s", word, given.option->name,
			other->name);
		return TW_EXIT_USAGE;
	}
	if (word[strcspn(word, "=")] == '=')
		given.text = strchr(word, '=') + 1;
	exit = check_form(&given, word);
	return exit ? exit : apply(command, &given);
}

/* -4, -t mx, -tmx, -4tmx; --help. Moves *words on where the next one is the
 * value. */
static int take_dash(struct tw_command *command, char ***words)
{
	const char *word = **words;
	struct tw_given given = { .on = true };
	int exit = 0;

	given.option = tw_option_find_long(word);
	if (given.option)
		return apply(command, &given);
	if (word[1] == '\0' && command->request == TW_DECODE)
		return tw_take_name(command, word);
	if (word[1] == '\0')
		return refuse_option(word);
	for (word++; *word && !exit; word++) {
		given.option = tw_option_find_letter(*word);
		if (!given.option)
			return refuse_option(**words);
		if (given.option->kind == TW_SWITCH) {
			exit = apply(command, &given);
			continue;
		}
		if (word[1])
			given.text = word + 1;
		else if ((*words)[1])
			given.text = *++*words;
		if (given.text)
			return apply(command, &given);
		tw_complain("%s needs a value: %s %s", given.option->name,
			given.option->name, given.option->value);
		return TW_EXIT_USAGE;
	}
	return exit;
}

/* A word without a sign: type, class, or else the name. */
static int take_word(struct tw_command *command, const char *word)
{
	uint16_t code;

	if (command->words_are_names || command->request == TW_DECODE)
		return tw_take_name(command, word);
	if (strncasecmp(word, "ixfr=", 5) == 0)
		return tw_take_type(command, TYPE_IXFR);
	if (trowel_code_parse(TROWEL_TYPES, word, strlen(word), &code)) {
		if (command->now->type_given)
			tw_complain("warning: a second type, %s, in place of "
				    "the first",
				word);
		return tw_take_type(command, code);
	}
	if (trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &code)) {
		if (command->now->class_given)
			tw_complain("warning: a second class, %s, in place of "
				    "the first",
				word);
		return tw_take_class(command, code);
	}
	return tw_take_name(command, word);
}

static int take_server(struct tw_command *command, const char *word)
{
	if (word[1] == '\0') {
		tw_complain("@ needs a server: @192.0.2.1, @dns.example");
		return TW_EXIT_USAGE;
	}
	command->now->server = word + 1;
	return 0;
}

static void init(struct tw_command *command)
{
	static const struct tw_command none;
	struct tw_lookup *global = &command->global;

	*command = none;
	command->now = global;
	global->type = TYPE_A;
	global->class_code = CLASS_IN;
	global->recursion = true;
	global->authentic = true;
	global->edns.on = true;
	global->edns.cookie = true;
	global->edns.negotiation = true;
	global->edns.retry = true;
	global->view.ttl = true;
	global->view.class_code = true;
	global->view.crypto = true;
	tw_change_all(command, &(struct tw_given){ .on = true });
}

/* What was not given. */
static int complete(struct tw_command *command)
{
	if (command->request == TW_DECODE) {
		if (!command->now->server)
			return 0;
		tw_complain("--decode asks no server: @%s has no place here",
			command->now->server);
		return TW_EXIT_USAGE;
	}
	if (command->request != TW_LOOK_UP || command->lookup.name)
		return 0;
	/* As in dig, the type goes with the name. */
	tw_take_name(command, ".");
	command->lookup.type = TYPE_NS;
	return 0;
}

int tw_command_parse(struct tw_command *command, char **words)
{
	int exit = 0;

	init(command);
	for (; *words && !exit && command->request < TW_SHOW_HELP; words++) {
		if (**words == '%')
			break; /* dig's end of a command line */
		if (**words == '@')
			exit = take_server(command, *words);
		else if (**words == '+')
			exit = take_plus(command, *words);
		else if (**words == '-')
			exit = take_dash(command, &words);
		else
			exit = take_word(command, *words);
	}
	if (!exit)
		exit = complete(command);
	if (exit == TW_EXIT_USAGE)
		tw_complain("\"trowel -h\" shows what there is");
	return exit;
}
