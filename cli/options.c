/* SPDX-License-Identifier: MIT */
/*
 * All options are rows of one table, which the parser, the suggestions and
 * --help read: a new option is a row and, where it does more than to set a
 * field of struct tw_lookup, its effect.
 */
#include "cli/options.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/suggest.h"

#define TYPE_A 1
#define TYPE_NS 2
#define TYPE_PTR 12
#define TYPE_IXFR 251
#define TYPE_AXFR 252
#define CLASS_IN 1

enum kind {
	SWITCH, /* +x and +nox; or -x */
	NUMBER, /* +x=N; -x N */
	TUNABLE, /* +x, +x=N and +nox */
	TEXT /* -x WORD */
};

struct given;

struct option {
	const char *name;
	const char *alias; /* another name, or NULL; comes before prefixes */
	uint8_t kind;
	bool always_on; /* there is no +no form */
	uint16_t field; /* offset in struct tw_lookup; 0: none to set */
	uint32_t least; /* of a number */
	uint32_t most;
	int (*effect)(struct tw_command *command, const struct given *given);
	const char *value; /* what to call it in --help */
	const char *help;
};

/* An option as it stands on the command line. */
struct given {
	const struct option *option;
	bool on;
	const char *text; /* its value, or NULL */
	uint32_t number;
};

static int be_brief(struct tw_command *command, const struct given *given);
static int change_all(struct tw_command *command, const struct given *given);
static int change_cookie(struct tw_command *command, const struct given *given);
static int change_edns(struct tw_command *command, const struct given *given);
static int change_size(struct tw_command *command, const struct given *given);
static int note_tcp(struct tw_command *command, const struct given *given);
static int note_family(struct tw_command *command, const struct given *given);
static int set_class(struct tw_command *command, const struct given *given);
static int set_name(struct tw_command *command, const struct given *given);
static int set_retries(struct tw_command *command, const struct given *given);
static int set_reverse(struct tw_command *command, const struct given *given);
static int set_time(struct tw_command *command, const struct given *given);
static int set_tries(struct tw_command *command, const struct given *given);
static int set_type(struct tw_command *command, const struct given *given);
static int show_help(struct tw_command *command, const struct given *given);
static int show_version(struct tw_command *command, const struct given *given);

#define FIELD(member) offsetof(struct tw_lookup, member)

/* In the order of --help. */
static const struct option options[] = {
	{ "-4", NULL, SWITCH, false, FIELD(ipv4_only), 0, 0, note_family, NULL,
		"ask servers by IPv4 alone" },
	{ "-6", NULL, SWITCH, false, FIELD(ipv6_only), 0, 0, note_family, NULL,
		"ask servers by IPv6 alone" },
	{ "-c", NULL, TEXT, false, 0, 0, 0, set_class, "CLASS",
		"the class to ask for (IN)" },
	{ "-h", "--help", SWITCH, false, 0, 0, 0, show_help, NULL,
		"show this, and end" },
	{ "-p", NULL, NUMBER, false, FIELD(port), 1, 65535, NULL, "PORT",
		"the servers' port (53)" },
	{ "-q", NULL, TEXT, false, 0, 0, 0, set_name, "NAME",
		"the name to ask for, even if it looks like a type" },
	{ "-t", NULL, TEXT, false, 0, 0, 0, set_type, "TYPE",
		"the record type to ask for (A)" },
	{ "-v", "--version", SWITCH, false, 0, 0, 0, show_version, NULL,
		"show the version, and end" },
	{ "-x", NULL, TEXT, false, 0, 0, 0, set_reverse, "ADDRESS",
		"the name of an address (type PTR)" },

	{ "+short", NULL, SWITCH, false, FIELD(view.brief), 0, 0, be_brief,
		NULL, "show the data of the answers alone (off)" },
	{ "+all", NULL, SWITCH, false, 0, 0, 0, change_all, NULL,
		"show all of the following seven, or none" },
	{ "+cmd", NULL, SWITCH, false, FIELD(view.cmd), 0, 0, NULL, NULL,
		"show the command line (on)" },
	{ "+comments", NULL, SWITCH, false, FIELD(view.comments), 0, 0, NULL,
		NULL, "show header, EDNS, titles of sections (on)" },
	{ "+question", NULL, SWITCH, false, FIELD(view.question), 0, 0, NULL,
		NULL, "show the question (on)" },
	{ "+answer", NULL, SWITCH, false, FIELD(view.answer), 0, 0, NULL, NULL,
		"show the answer section (on)" },
	{ "+authority", NULL, SWITCH, false, FIELD(view.authority), 0, 0, NULL,
		NULL, "show the authority section (on)" },
	{ "+additional", NULL, SWITCH, false, FIELD(view.additional), 0, 0,
		NULL, NULL, "show the additional section (on)" },
	{ "+stats", NULL, SWITCH, false, FIELD(view.stats), 0, 0, NULL, NULL,
		"show time, server and size (on)" },

	{ "+recurse", "+rdflag", SWITCH, false, FIELD(recursion), 0, 0, NULL,
		NULL, "ask the server to recurse: RD (on)" },
	{ "+adflag", "+ad", SWITCH, false, FIELD(authentic), 0, 0, NULL, NULL,
		"ask whether the data is authentic: AD (on)" },
	{ "+cdflag", "+cd", SWITCH, false, FIELD(unchecked), 0, 0, NULL, NULL,
		"ask the server not to validate: CD (off)" },
	{ "+dnssec", "+do", SWITCH, false, FIELD(dnssec), 0, 0, NULL, NULL,
		"ask for DNSSEC records: DO (off)" },
	{ "+edns", NULL, TUNABLE, false, 0, 0, 255, change_edns, "VERSION",
		"send EDNS, of this version (0)" },
	{ "+bufsize", NULL, TUNABLE, true, 0, 1, 65535, change_size, "OCTETS",
		"the largest UDP reply wanted (1232)" },
	{ "+cookie", NULL, SWITCH, false, 0, 0, 0, change_cookie, NULL,
		"+nocookie alone: trowel sends none" },
	{ "+tcp", "+vc", SWITCH, false, FIELD(tcp), 0, 0, note_tcp, NULL,
		"ask by TCP (off; on for type ANY)" },
	{ "+ignore", NULL, SWITCH, false, FIELD(keep_truncated), 0, 0, NULL,
		NULL, "show a truncated reply, do not ask by TCP (off)" },
	{ "+time", "+timeout", NUMBER, false, FIELD(time_s), 0, 3600, set_time,
		"SECONDS", "how long each try may take" },
	{ "+tries", NULL, NUMBER, false, FIELD(tries), 0, 16, set_tries,
		"COUNT", "how often to ask each server" },
	{ "+retry", "+retries", NUMBER, false, 0, 0, 15, set_retries, "COUNT",
		"the same, without the first time" },
};

#define NAME_MAX_LENGTH 32 /* of an option */
#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

/*
 * Refusals
 */

static const char *suggest_option(const char *word)
{
	unsigned least = tw_slips_allowed(word) + 1, slips;
	const char *best = NULL;
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++) {
		slips = tw_slips(word, options[i].name);
		if (slips < least && options[i].name[0] == '+') {
			least = slips;
			best = options[i].name;
		}
	}
	return best;
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

/* Two names: a slip in a type is more likely than a wish for two lookups. */
static int refuse_name(const char *first, const char *second)
{
	char best[TROWEL_CODE_TEXT_SIZE];

	if (!strchr(second, '.') && tw_suggest_code(TROWEL_TYPES, second, best))
		return refuse_code(TROWEL_TYPES, second);
	if (!strchr(first, '.') && tw_suggest_code(TROWEL_TYPES, first, best))
		return refuse_code(TROWEL_TYPES, first);
	tw_complain("\"%s\" is neither type nor class, and there is a name "
		    "already, \"%s\"; trowel takes one name at a time",
		second, first);
	return TW_EXIT_USAGE;
}

/*
 * Effects
 */

/* The first name ends the global options. */
static int take_name(struct tw_command *command, const char *name)
{
	struct tw_lookup *lookup = &command->lookup;

	if (lookup->name)
		return refuse_name(lookup->name, name);
	*lookup = command->global;
	lookup->name = name;
	command->now = lookup;
	command->banner = lookup->view.cmd;
	command->banner_brief = lookup->view.brief;
	command->banner_server = lookup->server != NULL;
	return 0;
}

static int take_type(struct tw_command *command, uint16_t type)
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

static int take_class(struct tw_command *command, uint16_t class_code)
{
	if (class_code == 0) {
		tw_complain("class 0 is reserved and cannot be asked for");
		return TW_EXIT_USAGE;
	}
	command->now->class_code = class_code;
	command->now->class_given = true;
	return 0;
}

static int set_type(struct tw_command *command, const struct given *given)
{
	const char *word = given->text;
	uint16_t type;

	command->words_are_names = true;
	if (strncasecmp(word, "ixfr=", 5) == 0)
		return take_type(command, TYPE_IXFR);
	if (!trowel_code_parse(TROWEL_TYPES, word, strlen(word), &type))
		return refuse_code(TROWEL_TYPES, word);
	return take_type(command, type);
}

static int set_class(struct tw_command *command, const struct given *given)
{
	const char *word = given->text;
	uint16_t class_code;

	command->words_are_names = true;
	if (!trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &class_code))
		return refuse_code(TROWEL_CLASSES, word);
	return take_class(command, class_code);
}

static int set_name(struct tw_command *command, const struct given *given)
{
	return take_name(command, given->text);
}

static int set_reverse(struct tw_command *command, const struct given *given)
{
	int exit = take_name(command, given->text);

	if (exit)
		return exit;
	command->now->is_reverse = true;
	if (!command->now->type_given)
		command->now->type = TYPE_PTR;
	return 0;
}

static int show_help(struct tw_command *command, const struct given *given)
{
	(void)given;
	command->request = TW_SHOW_HELP;
	return 0;
}

static int show_version(struct tw_command *command, const struct given *given)
{
	(void)given;
	command->request = TW_SHOW_VERSION;
	return 0;
}

static int note_family(struct tw_command *command, const struct given *given)
{
	(void)given;
	if (!command->now->ipv4_only || !command->now->ipv6_only)
		return 0;
	tw_complain("-4 and -6 exclude each other");
	return TW_EXIT_USAGE;
}

static int note_tcp(struct tw_command *command, const struct given *given)
{
	(void)given;
	command->now->tcp_given = true;
	return 0;
}

/* +noshort brings back nothing of what +short has switched off, as in dig. */
static int be_brief(struct tw_command *command, const struct given *given)
{
	static const struct tw_view brief = { .brief = true, .answer = true };

	if (given->on)
		command->now->view = brief;
	return 0;
}

static int change_all(struct tw_command *command, const struct given *given)
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

static int change_cookie(struct tw_command *command, const struct given *given)
{
	(void)command;
	if (!given->on)
		return 0;
	tw_complain("+cookie: trowel does not send cookies");
	return TW_EXIT_USAGE;
}

static int change_edns(struct tw_command *command, const struct given *given)
{
	command->now->edns = given->on;
	command->now->edns_version = given->number;
	return 0;
}

static int change_size(struct tw_command *command, const struct given *given)
{
	command->now->udp_size = given->text ? given->number : TROWEL_EDNS_SIZE;
	return 0;
}

/* As in dig, 0 counts as 1. */
static int set_time(struct tw_command *command, const struct given *given)
{
	if (given->number == 0)
		command->now->time_s = 1;
	return 0;
}

static int set_tries(struct tw_command *command, const struct given *given)
{
	if (given->number == 0)
		command->now->tries = 1;
	return 0;
}

static int set_retries(struct tw_command *command, const struct given *given)
{
	command->now->tries = given->number + 1;
	return 0;
}

/*
 * Parsing
 */

/* Decimal digits, all of them, in the option's range. */
static bool read_number(struct given *given)
{
	const char *text = given->text;
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > given->option->most)
			return false;
	}
	given->number = (uint32_t)number;
	return number >= given->option->least;
}

static int refuse_number(const struct given *given)
{
	const struct option *option = given->option;

	tw_complain("%s: \"%s\" is not a number from %lu to %lu", option->name,
		given->text, (unsigned long)option->least,
		(unsigned long)option->most);
	/* dig's choice of exit statuses */
	return option->name[0] == '-' ? TW_EXIT_USAGE : TW_EXIT_INTERNAL;
}

/* Sets the option's field, and lets it have its effect. */
static int apply(struct tw_command *command, struct given *given)
{
	const struct option *option = given->option;
	char *field = (char *)command->now + option->field;

	if (given->text &&
		(option->kind == NUMBER || option->kind == TUNABLE) &&
		!read_number(given))
		return refuse_number(given);
	if (option->field && option->kind == SWITCH)
		*(bool *)(void *)field = given->on;
	else if (option->field)
		*(uint32_t *)(void *)field = given->number;
	return option->effect ? option->effect(command, given) : 0;
}

static int refuse_option(const char *word)
{
	const char *near = suggest_option(word);

	if (near)
		tw_complain("unknown option %s; did you mean %s?", word, near);
	else
		tw_complain("unknown option %s", word);
	return TW_EXIT_USAGE;
}

/* "+name", of `length` characters; "+" stands for itself in both. */
static bool is_named(const char *name, const char *word, size_t length)
{
	return name && name[0] == '+' && strlen(name) == length &&
		strncasecmp(name, word, length) == 0;
}

static bool has_prefix(const char *name, const char *word, size_t length)
{
	return name && name[0] == '+' && strncasecmp(name, word, length) == 0;
}

/* The option of a name, or of the beginning of one; *other is a second one that
 * begins so, or NULL. NULL if there is none. */
static const struct option *find_option(
	const char *word, size_t length, const struct option **other)
{
	const struct option *found = NULL, *option;

	*other = NULL;
	for (option = options; option < options + OPTION_COUNT; option++) {
		if (is_named(option->name, word, length) ||
			is_named(option->alias, word, length)) {
			*other = NULL;
			return option;
		}
		if (!has_prefix(option->name, word, length) &&
			!has_prefix(option->alias, word, length))
			continue;
		if (found)
			*other = option;
		else
			found = option;
	}
	return found;
}

/* Whether the value and the +no fit the option. */
static int check_form(const struct given *given, const char *word)
{
	const struct option *option = given->option;

	if (!given->on && (option->kind == NUMBER || option->always_on)) {
		tw_complain(
			"%s: %s cannot be switched off", word, option->name);
		return TW_EXIT_USAGE;
	}
	if (option->kind == NUMBER && !given->text) {
		tw_complain("%s needs a value: %s=%s", word, option->name,
			option->value);
		return TW_EXIT_USAGE;
	}
	if (given->text && (option->kind == SWITCH || !given->on)) {
		tw_complain("%s: +%s%s takes no value", word,
			given->on ? "" : "no", option->name + 1);
		return TW_EXIT_USAGE;
	}
	return 0;
}

/* +name, +noname, +name=value, each name cut short anywhere. */
static int take_plus(struct tw_command *command, const char *word)
{
	const struct option *other = NULL;
	struct given given = { .on = true };
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
		given.option = find_option(name, length, &other);
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

static const struct option *find_letter(char letter)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		if (options[i].name[0] == '-' && options[i].name[1] == letter)
			return &options[i];
	return NULL;
}

static const struct option *find_long(const char *word)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		if (options[i].name[0] == '-' && options[i].alias &&
			strcmp(options[i].alias, word) == 0)
			return &options[i];
	return NULL;
}

/* -4, -t mx, -tmx, -4tmx; --help. Moves *words on where the next one is the
 * value. */
static int take_dash(struct tw_command *command, char ***words)
{
	const char *word = **words;
	struct given given = { .on = true };
	int exit = 0;

	given.option = find_long(word);
	if (given.option)
		return apply(command, &given);
	if (word[1] == '\0')
		return refuse_option(word);
	for (word++; *word && !exit; word++) {
		given.option = find_letter(*word);
		if (!given.option)
			return refuse_option(**words);
		if (given.option->kind == SWITCH) {
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

	if (command->words_are_names)
		return take_name(command, word);
	if (strncasecmp(word, "ixfr=", 5) == 0)
		return take_type(command, TYPE_IXFR);
	if (trowel_code_parse(TROWEL_TYPES, word, strlen(word), &code)) {
		if (command->now->type_given)
			tw_complain("warning: a second type, %s, in place of "
				    "the first",
				word);
		return take_type(command, code);
	}
	if (trowel_code_parse(TROWEL_CLASSES, word, strlen(word), &code)) {
		if (command->now->class_given)
			tw_complain("warning: a second class, %s, in place of "
				    "the first",
				word);
		return take_class(command, code);
	}
	return take_name(command, word);
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

	*command = none;
	command->now = &command->global;
	command->global.type = TYPE_A;
	command->global.class_code = CLASS_IN;
	command->global.recursion = true;
	command->global.authentic = true;
	command->global.edns = true;
	change_all(command, &(struct given){ .on = true });
}

int tw_command_parse(struct tw_command *command, char **words)
{
	int exit = 0;

	init(command);
	for (; *words && !exit && command->request == TW_LOOK_UP; words++) {
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
	if (exit == TW_EXIT_USAGE)
		tw_complain("\"trowel -h\" shows what there is");
	if (exit || command->request != TW_LOOK_UP || command->lookup.name)
		return exit;
	/* As in dig, the type goes with the name. */
	take_name(command, ".");
	command->lookup.type = TYPE_NS;
	return 0;
}

/*
 * Help
 */

static void add_name(
	struct tw_output *output, const char *name, const struct option *option)
{
	bool has_no =
		name[0] == '+' && option->kind != NUMBER && !option->always_on;

	tw_output_add_octets(output, name, 1);
	tw_output_add(output, has_no ? "[no]" : "");
	tw_output_add(output, name + 1);
	if (!option->value)
		return;
	if (option->kind == TUNABLE)
		tw_output_add(output, "[=");
	else
		tw_output_add(output, name[0] == '+' ? "=" : " ");
	tw_output_add(output, option->value);
	tw_output_add(output, option->kind == TUNABLE ? "]" : "");
}

void tw_options_help(struct tw_output *output)
{
	const struct option *option;

	tw_output_add(output,
		"usage: trowel [@SERVER] NAME [TYPE] [CLASS] [OPTION]...\n"
		"Asks a DNS server, and shows its reply as dig does.\n");
	for (option = options; option < options + OPTION_COUNT; option++) {
		tw_output_add(output, "  ");
		add_name(output, option->name, option);
		if (option->alias) {
			tw_output_add(output, ", ");
			tw_output_add(output, option->alias);
		}
		tw_output_indent(output, 32);
		tw_output_add(output, option->help);
		tw_output_end_line(output);
	}
	tw_output_add(output,
		"SERVER: ADDRESS, ADDRESS#PORT, [ADDRESS]:PORT or a host name; "
		"without it,\nthose of /etc/resolv.conf. A +option may be cut "
		"short as long as it is clear.\n"
		"exit status: 0 a reply, 1 usage, 8 file, 9 no reply, "
		"10 bad name or number, or\ninternal error\n");
}
