/* SPDX-License-Identifier: MIT */
/* What options do to lookups, beside setting a field: the view and the like. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/option.h"

int tw_show_help(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	(void)given;
	command->request = TW_SHOW_HELP;
	return 0;
}

int tw_show_version(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	(void)given;
	command->request = TW_SHOW_VERSION;
	return 0;
}

int tw_start_decode(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	(void)given;
	command->request = TW_DECODE;
	return 0;
}

int tw_start_bulk(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	(void)given;
	command->request = TW_BULK;
	return 0;
}

int tw_set_bulk(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	char *field = (char *)&command->bulk + given->option->field;

	(void)lookup;
	command->bulk.given = given->option->name;
	if (given->option->kind == TW_SWITCH)
		*(bool *)(void *)field = true;
	else if (given->option->kind == TW_NUMBER)
		*(uint32_t *)(void *)field = given->number;
	else
		*(const char **)(void *)field = given->text;
	return 0;
}

int tw_set_dig(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	(void)given;
	command->is_dig = true;
	return 0;
}

int tw_set_rcode(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	command->exit_rcode = given->on;
	return 0;
}

/* Seen to before all other words; here it is too late, as in dig. */
int tw_read_no_digrc(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)lookup;
	(void)given;
	return 0;
}

int tw_read_batch(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	command->batch = given->text;
	return 0;
}

/* The last one counts. */
static int take_key(struct tw_command *command, const char *text,
	int (*take)(struct tw_tsig_key *key, const char *text))
{
	if (!command->key)
		command->key = malloc(sizeof(*command->key));
	if (command->key)
		return take(command->key, text);
	tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
	return TW_EXIT_INTERNAL;
}

int tw_set_key(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	return take_key(command, given->text, tw_tsig_key_parse);
}

int tw_read_key(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	return take_key(command, given->text, tw_tsig_key_read);
}

/* What dig takes and what has no meaning here, or none any more: `value` says
 * so where that may surprise. */
int tw_pass_over(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)lookup;
	if (tw_option_value(given->option)[0])
		tw_complain("warning: %s %s", given->option->name,
			tw_option_value(given->option));
	return 0;
}

/* What a stub resolver does not do: `value` names who does. */
int tw_refuse(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)lookup;
	if (!given->on)
		return 0;
	tw_complain(
		"%s %s", given->option->name, tw_option_value(given->option));
	return TW_EXIT_USAGE;
}

/*
 * The view
 */

/* +cmd and +short are for all lookups at once, as in dig. */
static void set_everywhere(
	struct tw_command *command, size_t field, uint8_t value)
{
	size_t i;

	*((uint8_t *)&command->global + field) = value;
	for (i = 0; i < command->count; i++)
		*((uint8_t *)&command->lookups[i] + field) = value;
}

static void hide_command(struct tw_command *command)
{
	set_everywhere(command, offsetof(struct tw_lookup, view.cmd), false);
}

static void show_parts(struct tw_view *view, bool on)
{
	view->comments = on;
	view->question = on;
	view->answer = on;
	view->authority = on;
	view->additional = on;
	view->stats = on;
}

int tw_change_all(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	set_everywhere(
		command, offsetof(struct tw_lookup, view.cmd), given->on);
	show_parts(&lookup->view, given->on);
	return 0;
}

/* +noshort brings back nothing of what +short has switched off, as in dig. */
int tw_be_brief(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	set_everywhere(
		command, offsetof(struct tw_lookup, view.brief), given->on);
	if (!given->on)
		return 0;
	hide_command(command);
	show_parts(&lookup->view, false);
	lookup->view.answer = true;
	lookup->view.remarks = -1;
	return 0;
}

void tw_set_form(struct tw_command *command, enum tw_form form, bool is_wanted)
{
	set_everywhere(command, offsetof(struct tw_lookup, view.form),
		(uint8_t)(is_wanted ? form : TW_FORM_DIG));
}

int tw_set_yaml(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	tw_set_form(command, TW_FORM_YAML, given->on);
	if (!given->on)
		return 0;
	hide_command(command);
	lookup->view.stats = false;
	lookup->view.remarks = -1;
	return 0;
}

int tw_set_explain(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	tw_set_form(command, TW_FORM_EXPLAIN, given->on);
	return 0;
}

int tw_note_units(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)given;
	lookup->view.ttl = true;
	return 0;
}

int tw_set_comments(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->view.remarks = given->on ? 1 : -1;
	return 0;
}

/* +split alone changes nothing, and a width of 0 is +nosplit, as in dig. */
int tw_change_split(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	struct tw_view *view = &lookup->view;

	(void)command;
	if (given->on && !given->text)
		return 0;
	view->no_split = given->number == 0;
	view->split = (uint16_t)given->number;
	return 0;
}
