/* SPDX-License-Identifier: MIT */
/* An option takes effect. */
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/option.h"
#include "cli/output.h"

static tw_effect *const effects[] = { NULL,
#define EFFECT(name) tw_##name,
	TW_EFFECTS(EFFECT)
#undef EFFECT
};

static unsigned value_of(char digit)
{
	int value = tw_hex_digit(digit);

	return value < 0 ? 16 : (unsigned)value;
}

/* Decimal digits, or 0x and hex digits; all of them, in the option's range. dig
 * takes hex for flags alone. */
static bool read_number(
	const struct tw_command *command, struct tw_given *given)
{
	bool is_hex = strncmp(given->text, "0x", 2) == 0 &&
		(!command->is_dig ||
			given->option->effect == TW_EFFECT_change_flags);
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

/* What dig calls the numbers whose options have another name. */
static const char *noun_of(const char *name)
{
	static const struct {
		char name[10];
		char noun[12];
	} nouns[] = { { "-p", "port number" }, { "+bufsize", "buffer size" },
		{ "+time", "timeout" }, { "+retry", "retries" } };
	size_t i;

	for (i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
		if (strcmp(nouns[i].name, name) == 0)
			return nouns[i].noun;
	return name + 1;
}

/* dig says it on standard output. */
static void say_as_dig(const struct tw_given *given)
{
	const char *text = given->text;
	bool is_number = *text && text[strspn(text, "0123456789")] == '\0';
	struct tw_output line;

	tw_output_init(&line);
	tw_output_add(&line, "invalid ");
	tw_output_add(&line, noun_of(given->option->name));
	tw_output_add(&line, " '");
	tw_output_add(&line, text);
	tw_output_add(&line,
		is_number ? "': out of range\n" : "': not a valid number\n");
	tw_output_write(&line, STDOUT_FILENO);
}

int tw_refuse_number(
	const struct tw_command *command, const struct tw_given *given)
{
	const struct tw_option *option = given->option;

	if (command->is_dig)
		say_as_dig(given);
	tw_complain("%s: \"%s\" is not a number from %lu to %lu", option->name,
		given->text, (unsigned long)option->least,
		(unsigned long)option->most);
	/* dig's choice of exit statuses */
	return option->name[0] == '-' ? TW_EXIT_USAGE : TW_EXIT_INTERNAL;
}

static int change(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	const struct tw_option *option = given->option;
	char *field = (char *)lookup + option->field;

	if (option->field && option->kind == TW_SWITCH)
		*(bool *)(void *)field = given->on;
	else if (option->field)
		*(uint32_t *)(void *)field = given->number;
	return option->effect ? effects[option->effect](command, lookup, given)
			      : 0;
}

int tw_apply(struct tw_command *command, struct tw_given *given)
{
	const struct tw_option *option = given->option;
	size_t i;
	int exit;

	if (given->text && *given->text &&
		(option->kind == TW_NUMBER ||
			option->kind == TW_MAYBE_NUMBER) &&
		!read_number(command, given))
		return tw_refuse_number(command, given);
	if (option->scope == TW_ONCE)
		return effects[option->effect](command, NULL, given);
	if (option->scope == TW_HERE)
		return change(command, tw_lookup_now(command), given);
	exit = change(command, &command->global, given);
	for (i = 0; !exit && i < command->count; i++)
		exit = change(command, &command->lookups[i], given);
	return exit;
}
