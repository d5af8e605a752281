/* SPDX-License-Identifier: MIT */
/* What standard output can show. */
#ifndef TW_TERMINAL_H
#define TW_TERMINAL_H

#include <stdbool.h>

/* Whether colours are wanted: on a terminal that has some, unless NO_COLOR is
 * set to anything (https://no-color.org). */
bool tw_terminal_has_colour(void);

/* The width of the terminal; 80 where there is none. */
unsigned tw_terminal_columns(void);

#endif
