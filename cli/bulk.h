/* SPDX-License-Identifier: MIT */
/* Lookups by the million: names in, one a line, and results out. */
#ifndef TW_BULK_H
#define TW_BULK_H

#include "cli/options.h"

/* Asks for all names of the input. Returns the exit status; what fails is said
 * on standard error. */
__attribute__((noinline)) int tw_bulk(const struct tw_command *command);

#endif
