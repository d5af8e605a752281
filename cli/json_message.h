/* SPDX-License-Identifier: MIT */
/* A message, or what of it could be read, as members of a JSON object. */
#ifndef TW_JSON_MESSAGE_H
#define TW_JSON_MESSAGE_H

#include <trowel/wire.h>

#include "cli/json.h"

/* "id" to "ede": trowel(1), JSON. */
void tw_json_add_message(
	struct tw_json *json, const struct trowel_message *message);

/* What was asked: "name", "type" and "class". */
void tw_json_add_question(struct tw_json *json, const char *name, uint16_t type,
	uint16_t class_code);

/* "rdata" and "text" of a record. */
void tw_json_add_rdata(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record);

/* What a code is called. */
void tw_json_add_mnemonic(struct tw_json *json, const char *key,
	enum trowel_registry registry, uint16_t code);

/* A name in presentation form. */
void tw_json_add_name(struct tw_json *json, const char *key,
	const struct trowel_message *message, uint16_t offset);

/* Text that is as long as it needs to be. `format` does what
 * trowel_rdata_format() and the like do with `item`. */
typedef size_t tw_json_format(const struct trowel_message *message,
	const void *item, char *text, size_t size);
const char *tw_json_text_of(struct tw_output *text, tw_json_format *format,
	const struct trowel_message *message, const void *item);

/* RDATA in presentation form, hex and base64 in one word. */
tw_json_format tw_json_format_rdata;

#endif
