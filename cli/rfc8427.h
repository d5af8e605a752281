/* SPDX-License-Identifier: MIT */
/* A message in the form of RFC 8427. */
#ifndef TW_RFC8427_H
#define TW_RFC8427_H

#include "cli/json.h"
#include "cli/json_lookup.h"

/* The members of the object. What RFC 8427 has no place for, an error among
 * others, is in "comment" (2.5). */
void tw_rfc8427_add(struct tw_json *json, const struct tw_json_lookup *lookup);

#endif
