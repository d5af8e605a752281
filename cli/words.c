/* SPDX-License-Identifier: MIT */
/* What words do to a command: names, types, classes, servers. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/name.h"
#include "cli/option.h"
#include "cli/suggest.h"

#define TYPE_PTR 12
#define TYPE_AAAA 28
#define TYPE_IXFR 251
#define TYPE_AXFR 252
#define TYPE_ANY 255

/*
 * Lookups
 */

/* Rows double, so that adding them is linear in all. */
struct tw_lookup *tw_lookup_add(
	struct tw_command *command, const struct tw_lookup *defaults)
{
	bool is_first = command->lookups == command->start;
	struct tw_lookup *rows = command->lookups;

	if (command->count == command->size) {
		rows = realloc(is_first ? NULL : rows,
			command->size * 2 * sizeof(*rows));
		if (!rows) {
			tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
			return NULL;
		}
		if (is_first)
			memcpy(rows, command->start, sizeof(command->start));
		command->lookups = rows;
		command->size *= 2;
	}
	rows += command->count++;
	*rows = *defaults;
	return rows;
}

struct tw_lookup *tw_lookup_now(struct tw_command *command)
{
	return command->count == 0 ? &command->global
				   : &command->lookups[command->count - 1];
}

/* What stands before the first name of a command line, or of a line of a file,
 * goes with each reply that it is to stand before. */
static void set_banner(struct tw_command *command, struct tw_lookup *lookup)
{
	struct tw_banner *banner = &lookup->banner;

	memset(banner, 0, sizeof(*banner));
	if (!command->words || !lookup->view.cmd)
		return;
	banner->words = command->words;
	banner->is_first = !command->is_greeted;
	banner->has_servers = lookup->server_count > 0;
	banner->brief = lookup->view.brief;
	command->is_greeted = true;
}

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

/* Two names: where one is near to a type, a slip is more likely. */
static int check_name(const struct tw_command *command, const char *name)
{
	char best[TROWEL_CODE_TEXT_SIZE];
	const char *first = command->count ? command->lookups[0].name : NULL;

	if (command->is_dig || !first || command->words_are_names)
		return 0;
	if (tw_takes_file(command)) {
		tw_complain("%s takes one file at a time; there is \"%s\" "
			    "already",
			command->request == TW_BULK ? "--bulk" : "--decode",
			first);
		return TW_EXIT_USAGE;
	}
	if (!strchr(name, '.') && tw_suggest_code(TROWEL_TYPES, name, best))
		return refuse_code(TROWEL_TYPES, name);
	if (command->count == 1 && !strchr(first, '.') &&
		tw_suggest_code(TROWEL_TYPES, first, best))
		return refuse_code(TROWEL_TYPES, first);
	return 0;
}

/* The first name ends the global options. */
int tw_take_name(struct tw_command *command, const char *name)
{
	struct tw_lookup *lookup;
	int exit = check_name(command, name);

	if (exit || command->is_config)
		return exit;
	if (command->has_pending) {
		lookup = &command->lookups[command->count - 1];
	} else {
		lookup = tw_lookup_add(command, &command->global);
		if (!lookup)
			return TW_EXIT_INTERNAL;
	}
	command->has_pending = false;
	lookup->name = name;
	lookup->types_are_inherited = true;
	lookup->servers_are_inherited = true;
	if (command->count == 1)
		set_banner(command, lookup);
	return 0;
}

/*
 * Types and classes
 */

static int refuse_zone(uint16_t type)
{
	tw_complain("%s asks for a whole zone, which trowel does not do; dig "
		    "and kdig do",
		type == TYPE_AXFR ? "AXFR" : "IXFR");
	return TW_EXIT_USAGE;
}

/* A second type is asked for beside the first; with dig, it takes its place,
 * and so does ANY. */
static int take_type(struct tw_command *command, uint16_t type)
{
	struct tw_lookup *lookup = tw_lookup_now(command);

	if (type == TYPE_AXFR || type == TYPE_IXFR)
		return refuse_zone(type);
	if (command->is_dig || lookup->types_are_inherited || type == TYPE_ANY)
		lookup->type_count = 0;
	lookup->types_are_inherited = false;
	if (lookup->type_count == TW_TYPES_MAX) {
		tw_complain("over %d types", TW_TYPES_MAX);
		return TW_EXIT_USAGE;
	}
	lookup->types[lookup->type_count++] = type;
	return 0;
}

static int take_class(struct tw_command *command, uint16_t class_code)
{
	struct tw_lookup *lookup = tw_lookup_now(command);

	if (class_code == 0) {
		tw_complain("class 0 is reserved and cannot be asked for");
		return TW_EXIT_USAGE;
	}
	lookup->class_code = class_code;
	lookup->class_given = true;
	return 0;
}

int tw_take_server(struct tw_command *command, const char *name)
{
	struct tw_lookup *lookup = tw_lookup_now(command);

	if (*name == '\0') {
		tw_complain("@ needs a server: @192.0.2.1, @dns.example");
		return TW_EXIT_USAGE;
	}
	/* dig asks them one after another, those of ~/.digrc first. */
	if (!command->is_dig && lookup->servers_are_inherited)
		lookup->server_count = 0;
	lookup->servers_are_inherited = false;
	if (lookup->server_count == TW_SERVERS_NAMED_MAX) {
		tw_complain("over %d servers", TW_SERVERS_NAMED_MAX);
		return TW_EXIT_USAGE;
	}
	lookup->servers[lookup->server_count++] = name;
	return 0;
}

/* Who gives an address wants its name; dig asks for it as if it were one. */
static int take_name_or_address(struct tw_command *command, const char *word)
{
	struct tw_given given = { .on = true, .text = word };

	if (command->is_dig || tw_takes_file(command) ||
		!tw_name_is_address(word))
		return tw_take_name(command, word);
	return tw_set_reverse(command, NULL, &given);
}

/* A word without a sign: type, class, or else the name. */
int tw_take_word(struct tw_command *command, const char *word)
{
	const struct tw_lookup *lookup = tw_lookup_now(command);
	uint16_t code;

	if (command->words_are_names || command->request == TW_DECODE)
		return take_name_or_address(command, word);
	if (tw_is_alike(word, "ixfr=", 5))
		return refuse_zone(TYPE_IXFR);
	/* No mnemonic has a dot, and most names do. */
	if (strchr(word, '.'))
		return take_name_or_address(command, word);
	if (trowel_code_parse(TROWEL_TYPES, word, strlen(word), &code)) {
		if (lookup->type_count > 0 && command->is_dig)
			tw_say(";; Warning, extra type option");
		return take_type(command, code);
	}
	if (trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &code)) {
		if (lookup->class_given && command->is_dig)
			tw_say(";; Warning, extra class option");
		else if (lookup->class_given)
			tw_complain("warning: a second class, %s, in place of "
				    "the first",
				word);
		return take_class(command, code);
	}
	return take_name_or_address(command, word);
}

/*
 * Options that take such words
 */

int tw_set_type(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	const char *word = given->text;
	uint16_t type;

	(void)lookup;
	command->words_are_names = true;
	if (tw_is_alike(word, "ixfr=", 5))
		return refuse_zone(TYPE_IXFR);
	if (trowel_code_parse(TROWEL_TYPES, word, strlen(word), &type))
		return take_type(command, type);
	if (!command->is_dig)
		return refuse_code(TROWEL_TYPES, word);
	tw_say(";; Warning, ignoring invalid type %s", word);
	return 0;
}

int tw_set_class(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	const char *word = given->text;
	uint16_t class_code;

	(void)lookup;
	command->words_are_names = true;
	if (trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &class_code))
		return take_class(command, class_code);
	if (!command->is_dig)
		return refuse_code(TROWEL_CLASSES, word);
	tw_say(";; Warning, ignoring invalid class %s", word);
	return 0;
}

int tw_set_name(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	return tw_take_name(command, given->text);
}

/* The type is PTR, unless one was given before; one behind it counts. */
int tw_set_reverse(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	int exit = tw_take_name(command, given->text);

	if (exit || command->is_config)
		return exit;
	lookup = tw_lookup_now(command);
	lookup->is_reverse = true;
	if (lookup->type_count == 0)
		lookup->types[lookup->type_count++] = TYPE_PTR;
	return 0;
}

/* RFC 7050 3: the addresses of a name that has IPv4 ones alone. */
int tw_set_dns64(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	int exit;

	if (!given->on)
		return 0;
	exit = tw_take_name(command, "ipv4only.arpa");
	if (exit || command->is_config)
		return exit;
	lookup = tw_lookup_now(command);
	lookup->view.prefixes = true;
	lookup->types[0] = TYPE_AAAA;
	lookup->type_count = 1;
	lookup->banner.words = NULL;
	return 0;
}

bool tw_port_parse(const char *text, uint16_t *port)
{
	unsigned long number = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 6; i++)
		number = number * 10 + (unsigned long)(text[i] - '0');
	*port = (uint16_t)number;
	return text[i] == '\0' && i > 0 && number <= 65535;
}

static int refuse_source(const char *text)
{
	tw_complain("-b: \"%.300s\" is not ADDRESS or ADDRESS#PORT", text);
	return TW_EXIT_USAGE;
}

int tw_set_source(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	size_t length = strcspn(given->text, "#");
	uint16_t port = 0;
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	(void)command;
	if (length >= sizeof(address) ||
		(given->text[length] &&
			!tw_port_parse(given->text + length + 1, &port)))
		return refuse_source(given->text);
	memcpy(address, given->text, length);
	address[length] = '\0';
	if (trowel_address_parse(address, &lookup->source) != TROWEL_OK)
		return refuse_source(given->text);
	lookup->source.port = port;
	return 0;
}
