/* SPDX-License-Identifier: MIT */
/* Codes and numbers as text. */
#ifndef TW_CODES_H
#define TW_CODES_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* Writes what trowel_code_format() writes, without the NUL. */
void tw_code_put(
	struct tw_text *text, enum trowel_registry registry, uint16_t code);

/* Writes a number in decimal. */
void tw_number_put(struct tw_text *text, uint64_t number);

#endif
