/* SPDX-License-Identifier: MIT */
/* Names in other scripts (RFC 5891), where libidn2 is there for them. */
#ifndef TW_IDN_H
#define TW_IDN_H

#include <stdbool.h>

#include "cli/output.h"

extern const bool tw_idn_is_there;

/* Whether there are octets outside ASCII. */
bool tw_idn_is_needed(const char *text);

/* Changes a name of UTF-8 to its ASCII form. False where it has none. */
bool tw_idn_encode(char *text, size_t size);

/* Changes names to UTF-8 in what has been added since `start`. Those that are
 * not right stay as they are, and so does what is in quotes. */
void tw_idn_decode(struct tw_output *output, size_t start);

#endif
