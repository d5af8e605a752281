/* SPDX-License-Identifier: MIT */
/* A message octet by octet, beside what it means. */
#ifndef TW_EXPLAIN_H
#define TW_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/wire.h>

#include "cli/output.h"

/* Writes every octet of a message, once and in order, with its offset and its
 * meaning, in lines of at most `columns` characters (0: 80; never under 60).
 * Compression pointers are drawn to what they point to. Where the message is
 * malformed, the octet at fault is marked `>>` with the error, and what cannot
 * be told any more is shown as not read. The text is ASCII without control
 * characters but the end of line, and with `has_colour` the sequences of ANSI
 * colours. Returns what trowel_message_decode() says of the message. */
enum trowel_status tw_explain_message(struct tw_output *output,
	const uint8_t *octets, size_t length, bool has_colour,
	unsigned columns);

#endif
