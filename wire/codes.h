/* SPDX-License-Identifier: MIT */
/* Names of codes, without copying them. */
#ifndef TW_CODES_H
#define TW_CODES_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* The registered name of a code, or NULL; *length is its length, or 0. */
const char *tw_code_name(
	enum trowel_registry registry, uint16_t code, uint8_t *length);

/* Writes what trowel_code_format() writes, without the NUL. */
void tw_code_put(
	struct tw_text *text, enum trowel_registry registry, uint16_t code);

/* Writes a number in decimal. */
void tw_number_put(struct tw_text *text, uint64_t number);

#endif
