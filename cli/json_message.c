/* SPDX-License-Identifier: MIT */
/* Header, question, sections and EDNS of a message -> JSON. */
#include "cli/json_message.h"

#include <string.h>

#include "cli/edns_text.h"
#include "cli/octets.h"

#define TYPE_OPT 41
#define OPTION_EDE 15
#define EDNS_DO 0x8000
#define EDNS_CO 0x4000

static void add_header(
	struct tw_json *json, const struct trowel_message *message);
static void add_records(
	struct tw_json *json, const struct trowel_message *message);
static void add_edns(
	struct tw_json *json, const struct trowel_message *message);
static void add_errors(
	struct tw_json *json, const struct trowel_message *message);

void tw_json_add_message(
	struct tw_json *json, const struct trowel_message *message)
{
	struct trowel_question question;
	struct trowel_name name;
	char text[TROWEL_NAME_TEXT_SIZE];

	add_header(json, message);
	if (trowel_message_question(message, &question)) {
		trowel_message_name(message, question.name, &name);
		trowel_name_format(&name, text);
		tw_json_open_line(json, "question", '{');
		tw_json_add_question(
			json, text, question.type, question.class_code);
		tw_json_close(json, '}');
	} else {
		tw_json_add_null(json, "question");
	}
	add_records(json, message);
	add_edns(json, message);
	add_errors(json, message);
}

void tw_json_add_mnemonic(struct tw_json *json, const char *key,
	enum trowel_registry registry, uint16_t code)
{
	char word[TROWEL_CODE_TEXT_SIZE];

	trowel_code_format(registry, code, word);
	tw_json_add_text(json, key, word);
}

void tw_json_add_question(struct tw_json *json, const char *name, uint16_t type,
	uint16_t class_code)
{
	tw_json_add_text(json, "name", name);
	tw_json_add_mnemonic(json, "type", TROWEL_TYPES, type);
	tw_json_add_mnemonic(json, "class", TROWEL_CLASSES, class_code);
}

void tw_json_add_name(struct tw_json *json, const char *key,
	const struct trowel_message *message, uint16_t offset)
{
	struct trowel_name name;
	char text[TROWEL_NAME_TEXT_SIZE];

	trowel_message_name(message, offset, &name);
	tw_json_add_octets(json, key, text, trowel_name_format(&name, text));
}

const char *tw_json_text_of(struct tw_output *text, tw_json_format *format,
	const struct trowel_message *message, const void *item)
{
	size_t needed = 0;

	do {
		if (!tw_output_reserve(text, needed + 1))
			return "";
		needed = format(message, item, text->octets, text->size);
	} while (needed >= text->size);
	return text->octets;
}

/*
 * The header, RFC 1035 4.1.1
 */

static void add_code(struct tw_json *json, const char *key,
	enum trowel_registry registry, uint16_t code)
{
	tw_json_open_line(json, key, '{');
	tw_json_add_number(json, "code", code);
	tw_json_add_mnemonic(json, "name", registry, code);
	tw_json_close(json, '}');
}

static void add_flags(struct tw_json *json, uint16_t flags)
{
	static const struct {
		uint16_t bit;
		char key[3];
	} bits[] = {
		{ TROWEL_QR, "qr" },
		{ TROWEL_AA, "aa" },
		{ TROWEL_TC, "tc" },
		{ TROWEL_RD, "rd" },
		{ TROWEL_RA, "ra" },
		{ TROWEL_Z, "z" },
		{ TROWEL_AD, "ad" },
		{ TROWEL_CD, "cd" },
	};
	size_t i;

	tw_json_open_line(json, "flags", '{');
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		tw_json_add_bool(json, bits[i].key, flags & bits[i].bit);
	tw_json_close(json, '}');
}

static void add_header(
	struct tw_json *json, const struct trowel_message *message)
{
	tw_json_add_number(json, "id", message->id);
	add_code(json, "opcode", TROWEL_OPCODES, message->flags / 0x800 % 16);
	add_code(json, "rcode", TROWEL_RCODES, trowel_message_rcode(message));
	add_flags(json, message->flags);
	tw_json_add_number(json, "size", message->length);
}

/*
 * Sections
 */

static void add_record(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	tw_json_open(json, NULL, '{');
	tw_json_add_name(json, "owner", message, record->owner);
	tw_json_add_mnemonic(json, "type", TROWEL_TYPES, record->type);
	tw_json_add_mnemonic(json, "class", TROWEL_CLASSES, record->class_code);
	tw_json_add_number(json, "ttl", record->ttl);
	tw_json_add_rdata(json, message, record);
	tw_json_close(json, '}');
}

/* All three are there, empty or not. */
static void add_records(
	struct tw_json *json, const struct trowel_message *message)
{
	static const char *const keys[] = { "answer", "authority",
		"additional" };
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	bool has_record = trowel_record_next(message, &iterator, &record);
	uint8_t i;

	for (i = 0; i < 3; i++) {
		tw_json_open(json, keys[i], '[');
		while (has_record && record.section == TROWEL_ANSWER + i) {
			if (record.type != TYPE_OPT)
				add_record(json, message, &record);
			has_record =
				trowel_record_next(message, &iterator, &record);
		}
		tw_json_close(json, ']');
	}
}

/*
 * EDNS, RFC 6891
 */

/* As dig has it, without the name before it. */
static void add_meaning(struct tw_json *json,
	const struct trowel_message *message, const struct trowel_field *option)
{
	struct tw_output scratch;
	const char *text = "";

	tw_output_init(&scratch);
	tw_edns_option_add(&scratch, message, option);
	tw_output_add_octets(&scratch, "", 1);
	if (!scratch.failed)
		text = scratch.octets;
	text += strcspn(text, ":");
	text += strspn(text, ": ");
	tw_json_add_text(json, "text", text);
	json->output->failed |= scratch.failed;
	tw_output_release(&scratch);
}

static void add_options(
	struct tw_json *json, const struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;
	uint16_t code;

	tw_json_open(json, "options", '[');
	while (trowel_option_next(message, &iterator, &option)) {
		code = (uint16_t)option.number;
		tw_json_open_line(json, NULL, '{');
		tw_json_add_number(json, "code", code);
		tw_json_add_mnemonic(json, "name", TROWEL_OPTIONS, code);
		tw_json_add_hex(json, "data", message->octets + option.offset,
			option.length);
		add_meaning(json, message, &option);
		tw_json_close(json, '}');
	}
	tw_json_close(json, ']');
}

static void add_edns(struct tw_json *json, const struct trowel_message *message)
{
	const struct trowel_edns *edns = &message->edns;

	if (!edns->present) {
		tw_json_add_null(json, "edns");
		return;
	}
	tw_json_open(json, "edns", '{');
	tw_json_add_number(json, "version", edns->version);
	tw_json_add_number(json, "flags", edns->flags);
	tw_json_add_bool(json, "do", edns->flags & EDNS_DO);
	tw_json_add_bool(json, "co", edns->flags & EDNS_CO);
	tw_json_add_number(json, "udp-size", edns->udp_size);
	add_options(json, message);
	tw_json_close(json, '}');
}

/* RFC 8914 2: a code, and text that may be missing. */
static void add_errors(
	struct tw_json *json, const struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;
	const uint8_t *octets;
	uint16_t code;

	tw_json_open(json, "ede", '[');
	while (trowel_option_next(message, &iterator, &option)) {
		if (option.number != OPTION_EDE || option.length < 2)
			continue;
		octets = message->octets + option.offset;
		code = tw_u16_of(octets);
		tw_json_open_line(json, NULL, '{');
		tw_json_add_number(json, "code", code);
		tw_json_add_mnemonic(json, "name", TROWEL_ERRORS, code);
		tw_json_add_octets(json, "text", (const char *)octets + 2,
			option.length - 2U);
		tw_json_close(json, '}');
	}
	tw_json_close(json, ']');
}
