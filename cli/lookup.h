/* SPDX-License-Identifier: MIT */
/* One lookup: the question, the query, and what comes back. */
#ifndef TW_LOOKUP_H
#define TW_LOOKUP_H

#include "cli/options.h"
#include "cli/output.h"

/* Looks up what a command asks for, and puts the reply in `output`; `words` are
 * the command line, for the banner. Returns the exit status; what fails is said
 * on standard error. */
int tw_look_up(struct tw_output *output, const struct tw_command *command,
	char **words);

#endif
