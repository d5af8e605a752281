/* SPDX-License-Identifier: MIT */
/* --decode: a message from a file, shown as a reply. */
#ifndef TW_DECODE_H
#define TW_DECODE_H

#include "cli/options.h"
#include "cli/output.h"

/* Reads the message that a command names, and puts it in `output`: of a
 * malformed one what stands before the fault. Returns the exit status; what is
 * wrong is said on standard error. */
int tw_decode(struct tw_output *output, const struct tw_command *command);

#endif
