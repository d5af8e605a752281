/* SPDX-License-Identifier: MIT */
/* EDNS options of a reply (RFC 6891 6.1.2) as text. */
#ifndef TW_EDNS_TEXT_H
#define TW_EDNS_TEXT_H

#include <stdbool.h>

#include <trowel/wire.h>

#include "cli/output.h"

/* Whether the content of an option is as its RFC has it, or the option is one
 * for which dig has no name. */
bool tw_edns_option_is_good(const struct trowel_message *message,
	const struct trowel_field *option);

/* Adds an option as dig has it, without the "; " before it: "NSID: 67 70
 * (\"gp\")". One that is not good stands by its number, in hex, with
 * "(malformed)" after it. */
void tw_edns_option_add(struct tw_output *output,
	const struct trowel_message *message,
	const struct trowel_field *option);

#endif
