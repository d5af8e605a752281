/* SPDX-License-Identifier: MIT */
/* What options and words do to a command. */
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/option.h"
#include "cli/suggest.h"

#define TYPE_PTR 12
#define TYPE_IXFR 251
#define TYPE_AXFR 252

static int refuse_code(enum trowel_registry registry, const char *word)
{
	const char *noun = registry == TROWEL_TYPES ? "type" : "class";
	char best[TROWEL_CODE_TEXT_SIZE];

	if (tw_suggest_code(registry, word, best))
		tw_complain("unknown %s \"%s\"; did you mean %s?", noun, word,
			best);
	else
		tw_complain("unknown %s \"%s\"", noun, word);
	return TW_EXIT_USAGE;
}

/* Two names: a slip in a type is more likely than a wish for two lookups. */
static int refuse_name(
	const struct tw_command *command, const char *first, const char *second)
{
	char best[TROWEL_CODE_TEXT_SIZE];

	if (command->request == TW_DECODE) {
		tw_complain("--decode takes one file at a time; there is "
			    "\"%s\" already",
			first);
		return TW_EXIT_USAGE;
	}
	if (!strchr(second, '.') && tw_suggest_code(TROWEL_TYPES, second, best))
		return refuse_code(TROWEL_TYPES, second);
	if (!strchr(first, '.') && tw_suggest_code(TROWEL_TYPES, first, best))
		return refuse_code(TROWEL_TYPES, first);
	tw_complain("\"%s\" is neither type nor class, and there is a name "
		    "already, \"%s\"; trowel takes one name at a time",
		second, first);
	return TW_EXIT_USAGE;
}

/* The first name ends the global options. */
int tw_take_name(struct tw_command *command, const char *name)
{
	struct tw_lookup *lookup = &command->lookup;

	if (lookup->name)
		return refuse_name(command, lookup->name, name);
	*lookup = command->global;
	lookup->name = name;
	command->now = lookup;
	command->banner = lookup->view.cmd;
	command->banner_brief = lookup->view.brief;
	command->banner_server = lookup->server != NULL;
	return 0;
}

int tw_take_type(struct tw_command *command, uint16_t type)
{
	if (type == TYPE_AXFR || type == TYPE_IXFR) {
		tw_complain("%s asks for a whole zone, which trowel does not "
			    "do; dig and kdig do",
			type == TYPE_AXFR ? "AXFR" : "IXFR");
		return TW_EXIT_USAGE;
	}
	command->now->type = type;
	command->now->type_given = true;
	return 0;
}

int tw_take_class(struct tw_command *command, uint16_t class_code)
{
	if (class_code == 0) {
		tw_complain("class 0 is reserved and cannot be asked for");
		return TW_EXIT_USAGE;
	}
	command->now->class_code = class_code;
	command->now->class_given = true;
	return 0;
}

int tw_set_type(struct tw_command *command, const struct tw_given *given)
{
	const char *word = given->text;
	uint16_t type;

	command->words_are_names = true;
	if (strncasecmp(word, "ixfr=", 5) == 0)
		return tw_take_type(command, TYPE_IXFR);
	if (!trowel_code_parse(TROWEL_TYPES, word, strlen(word), &type))
		return refuse_code(TROWEL_TYPES, word);
	return tw_take_type(command, type);
}

int tw_set_class(struct tw_command *command, const struct tw_given *given)
{
	const char *word = given->text;
	uint16_t class_code;

	command->words_are_names = true;
	if (!trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &class_code))
		return refuse_code(TROWEL_CLASSES, word);
	return tw_take_class(command, class_code);
}

int tw_set_name(struct tw_command *command, const struct tw_given *given)
{
	return tw_take_name(command, given->text);
}

int tw_set_reverse(struct tw_command *command, const struct tw_given *given)
{
	int exit = tw_take_name(command, given->text);

	if (exit)
		return exit;
	command->now->is_reverse = true;
	if (!command->now->type_given)
		command->now->type = TYPE_PTR;
	return 0;
}

int tw_show_help(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	command->request = TW_SHOW_HELP;
	return 0;
}

int tw_show_version(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	command->request = TW_SHOW_VERSION;
	return 0;
}

int tw_start_decode(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	command->request = TW_DECODE;
	return 0;
}

/* None is read anyway; scripts that say so are right. */
int tw_read_no_digrc(struct tw_command *command, const struct tw_given *given)
{
	(void)command;
	(void)given;
	return 0;
}

int tw_note_family(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	if (!command->now->ipv4_only || !command->now->ipv6_only)
		return 0;
	tw_complain("-4 and -6 exclude each other");
	return TW_EXIT_USAGE;
}

int tw_note_tcp(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	command->now->tcp_given = true;
	return 0;
}

/* +noshort brings back nothing of what +short has switched off, as in dig. */
int tw_be_brief(struct tw_command *command, const struct tw_given *given)
{
	if (!given->on)
		return 0;
	tw_change_all(command, &(struct tw_given){ .on = false });
	command->now->view.answer = true;
	command->now->view.remarks = -1;
	return 0;
}

int tw_change_all(struct tw_command *command, const struct tw_given *given)
{
	struct tw_view *view = &command->now->view;

	view->cmd = given->on;
	view->comments = given->on;
	view->question = given->on;
	view->answer = given->on;
	view->authority = given->on;
	view->additional = given->on;
	view->stats = given->on;
	return 0;
}

int tw_note_units(struct tw_command *command, const struct tw_given *given)
{
	(void)given;
	command->now->view.ttl = true;
	return 0;
}

int tw_set_comments(struct tw_command *command, const struct tw_given *given)
{
	command->now->view.remarks = given->on ? 1 : -1;
	return 0;
}

/* +split alone changes nothing, and a width of 0 is +nosplit, as in dig. */
int tw_change_split(struct tw_command *command, const struct tw_given *given)
{
	struct tw_view *view = &command->now->view;

	if (given->on && !given->text)
		return 0;
	view->no_split = given->number == 0;
	view->split = (uint16_t)given->number;
	return 0;
}

int tw_note_edns(struct tw_command *command, const struct tw_given *given)
{
	if (given->on)
		command->now->edns.on = true;
	return 0;
}

static int refuse_value(const struct tw_given *given, const char *wanted)
{
	tw_complain("%s: \"%.300s\" is not %s", given->option->name,
		given->text, wanted);
	return TW_EXIT_INTERNAL; /* dig's choice for numbers */
}

int tw_change_cookie(struct tw_command *command, const struct tw_given *given)
{
	struct tw_edns *edns = &command->now->edns;
	size_t length = 0;

	if (given->text && *given->text &&
		!tw_hex_parse(given->text, edns->cookie_octets, TW_COOKIE_MAX,
			&length))
		return refuse_value(given, "hex digits of 1 to 40 octets");
	edns->cookie = given->on;
	edns->cookie_length = (uint8_t)length;
	return tw_note_edns(command, given);
}

int tw_change_subnet(struct tw_command *command, const struct tw_given *given)
{
	struct tw_subnet *subnet = &command->now->edns.subnet;

	subnet->family = 0;
	if (given->on && !tw_subnet_parse(given->text, subnet))
		return refuse_value(
			given, "ADDRESS, ADDRESS/LENGTH of the prefix, or 0");
	return tw_note_edns(command, given);
}

int tw_change_padding(struct tw_command *command, const struct tw_given *given)
{
	return tw_note_edns(command, given);
}

int tw_change_flags(struct tw_command *command, const struct tw_given *given)
{
	command->now->edns.flags = given->number;
	return 0;
}

int tw_add_option(struct tw_command *command, const struct tw_given *given)
{
	struct tw_edns *edns = &command->now->edns;

	if (!given->on)
		edns->others_length = 0;
	else if (!tw_edns_add(edns, given->text))
		return refuse_value(given,
			"CODE or CODE:HEX, or too much: there is room for "
			"1024 octets");
	return 0;
}

int tw_change_edns(struct tw_command *command, const struct tw_given *given)
{
	command->now->edns.on = given->on;
	command->now->edns.version = given->number;
	return 0;
}

int tw_change_size(struct tw_command *command, const struct tw_given *given)
{
	command->now->edns.size =
		given->text ? given->number : TROWEL_EDNS_SIZE;
	return 0;
}

/* As in dig, 0 counts as 1. */
int tw_set_time(struct tw_command *command, const struct tw_given *given)
{
	if (given->number == 0)
		command->now->time_s = 1;
	return 0;
}

int tw_set_tries(struct tw_command *command, const struct tw_given *given)
{
	if (given->number == 0)
		command->now->tries = 1;
	return 0;
}

int tw_set_retries(struct tw_command *command, const struct tw_given *given)
{
	command->now->tries = given->number + 1;
	return 0;
}
