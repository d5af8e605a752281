/* SPDX-License-Identifier: MIT */
/* What options do to the form of replies, beyond dig's own. */
#include <string.h>

#include "cli/complain.h"
#include "cli/gather.h"
#include "cli/option.h"

int tw_set_json(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	enum tw_form form = given->text ? TW_FORM_RFC8427 : TW_FORM_JSON;

	(void)lookup;
	if (given->text && strcmp(given->text, "rfc8427") != 0) {
		tw_complain("+json: \"%.300s\" is not rfc8427, and no other "
			    "value is known",
			given->text);
		return TW_EXIT_USAGE;
	}
	tw_set_form(command, form, given->on);
	return 0;
}

int tw_set_json_line(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	tw_set_form(command, TW_FORM_JSON_LINE, given->on);
	return 0;
}

int tw_set_addresses(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)lookup;
	tw_set_form(command, TW_FORM_ADDRESSES, given->on);
	return 0;
}

int tw_set_gather(struct tw_command *command, struct tw_lookup *lookup,
	const struct tw_given *given)
{
	(void)command;
	lookup->gather = given->on;
	lookup->gather_ms = given->text ? given->number : TW_GATHER_MS;
	return 0;
}
