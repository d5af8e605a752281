/* SPDX-License-Identifier: MIT */
/* Lookups, one after another, each shown as it ends. */
#ifndef TW_LOOKUP_H
#define TW_LOOKUP_H

#include "cli/options.h"
#include "cli/output.h"

/* Does all lookups of a command, and those of its file (-f). What there is to
 * show is written to standard output after each of them, but for that of the
 * last one, which is left in `output`. Returns the exit status; what fails is
 * said on standard error. */
int tw_look_up_all(struct tw_output *output, struct tw_command *command);

#endif
