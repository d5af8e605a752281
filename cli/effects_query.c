/* SPDX-License-Identifier: MIT */
/* What options do to the query and to the way it goes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"
#include "cli/idn.h"
#include "cli/option.h"

#define OPCODE_MAX 15

static int refuse_value(const struct tw_given *given, const char *wanted);

/*
 * Header
 */

int tw_set_opcode(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	const char *text = given->text;
	uint16_t code = 0;
	char *end;

	if (given->on &&
		!trowel_code_parse(TROWEL_OPCODES, text, strlen(text), &code)) {
		unsigned long number = strtoul(text, &end, 10);

		if (*text < '0' || *text > '9' || *end || number > OPCODE_MAX)
			return tw_refuse_number(command, given);
		code = (uint16_t)number;
	}
	lookup->opcode = (uint8_t)code;
	return 0;
}

int tw_set_id(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->id_given = given->on;
	lookup->id = (uint16_t)given->number;
	return 0;
}

/*
 * EDNS
 */

int tw_note_edns(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	if (given->on)
		lookup->edns.on = true;
	return 0;
}

static int refuse_text(const struct tw_given *given, const char *wanted)
{
	tw_complain("%s: \"%.300s\" is not %s", given->option->name,
		given->text, wanted);
	return TW_EXIT_USAGE;
}

/* dig's choice for numbers */
static int refuse_value(const struct tw_given *given, const char *wanted)
{
	refuse_text(given, wanted);
	return TW_EXIT_INTERNAL;
}

int tw_change_cookie(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	struct tw_edns *edns = &lookup->edns;
	size_t length = 0;

	if (given->text && *given->text &&
		!tw_hex_parse(given->text, edns->cookie_octets, TW_COOKIE_MAX,
			&length))
		return refuse_text(given, "hex digits of 1 to 40 octets");
	edns->cookie = given->on;
	edns->cookie_length = (uint8_t)length;
	return tw_note_edns(command, lookup, given);
}

int tw_change_subnet(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	struct tw_subnet *subnet = &lookup->edns.subnet;

	(void)command;
	subnet->family = 0;
	if (given->on && !tw_subnet_parse(given->text, subnet))
		return refuse_text(
			given, "ADDRESS, ADDRESS/LENGTH of the prefix, or 0");
	return tw_note_edns(command, lookup, given);
}

int tw_change_padding(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	return tw_note_edns(command, lookup, given);
}

int tw_change_flags(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->edns.flags = given->number;
	return 0;
}

int tw_add_option(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	struct tw_edns *edns = &lookup->edns;

	(void)command;
	if (!given->on)
		edns->others_length = 0;
	else if (!tw_edns_add(edns, given->text))
		return refuse_text(given,
			"CODE or CODE:HEX, or too much: there is room for "
			"1024 octets");
	return 0;
}

int tw_change_edns(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->edns.on = given->on;
	lookup->edns.version = given->number;
	return 0;
}

int tw_change_size(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->edns.size_given = true;
	lookup->edns.size = given->text ? given->number : TROWEL_EDNS_SIZE;
	return 0;
}

/*
 * Servers and times
 */

int tw_note_family(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)given;
	if (!lookup->ipv4_only || !lookup->ipv6_only)
		return 0;
	tw_complain("-4 and -6 exclude each other");
	return TW_EXIT_USAGE;
}

int tw_note_tcp(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	(void)given;
	lookup->tcp_given = true;
	return 0;
}

/* As in dig, 0 counts as 1. */
int tw_set_time(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	if (given->number == 0)
		lookup->time_s = 1;
	return 0;
}

int tw_set_tries(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->tries = given->number == 0 ? 1 : given->number;
	return 0;
}

int tw_set_retries(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->tries =
		given->number < UINT32_MAX ? given->number + 1 : UINT32_MAX;
	return 0;
}

/*
 * Names
 */

/* +showsearch means +search; a domain does, too, as in dig. */
int tw_set_search(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->search = given->on;
	return 0;
}

/* Kept beyond the line of a file that it stands in. */
int tw_set_domain(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	if (strlen(given->text) >= sizeof(command->domain))
		return refuse_value(given, "a name");
	memmove(command->domain, given->text, strlen(given->text) + 1);
	lookup->domain = command->domain;
	return 0;
}

int tw_set_idn(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	bool is_input = strcmp(given->option->name, "+idnin") == 0;

	(void)command;
	if (given->on && !tw_idn_is_there) {
		tw_complain("%s: this trowel was built without libidn2, and "
			    "knows names in ASCII alone",
			given->option->name);
		return TW_EXIT_USAGE;
	}
	if (is_input)
		lookup->idn_in = given->on ? 1 : -1;
	else
		lookup->view.idn = given->on;
	return 0;
}
