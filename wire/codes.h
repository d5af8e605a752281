/* SPDX-License-Identifier: MIT */
/* Codes and numbers as text. */
#ifndef TW_CODES_H
#define TW_CODES_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* Writes what trowel_code_format() writes, without the NUL. */
/*@ requires tw_text_has_room(text, 65555) && registry <= TROWEL_PARAMS;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 65555; */
void tw_code_put(
	struct tw_text *text, enum trowel_registry registry, uint16_t code);

/* Writes a number in decimal. */
/*@ requires tw_text_has_room(text, 20);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) < text->length <= \old(text->length) + 20; */
void tw_number_put(struct tw_text *text, uint64_t number);

#endif
