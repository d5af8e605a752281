/* SPDX-License-Identifier: MIT */
/* The fields of a record by their names -> JSON. */
#include <stdlib.h>
#include <string.h>

#include "cli/json_message.h"

#define TYPE_HIP 55
#define FIELD_NAME_MAX 63
#define STYLE TROWEL_STYLE_NO_SPLIT

/* SvcParamKeys, RFC 9460 14.3.2. */
enum param { MANDATORY, ALPN, NO_DEFAULT_ALPN, PORT, IPV4HINT, ECH, IPV6HINT };

/* A record on its way, with the list that is open. */
struct walk {
	struct tw_json *json;
	const struct trowel_message *message;
	const struct trowel_record *record;
	const struct trowel_field *field;
	struct tw_output text; /* scratch */
	const char *list; /* its field's name, or NULL */
	char end; /* the bracket that ends it */
};

static void add_field(struct walk *walk);
static void close_list(struct walk *walk);
static void add_value(struct walk *walk, const char *key);
static void add_param(struct walk *walk);

size_t tw_json_format_rdata(const struct trowel_message *message,
	const void *item, char *text, size_t size)
{
	return trowel_rdata_format(message, item, STYLE, text, size);
}

void tw_json_add_rdata(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	struct walk walk = { .json = json,
		.message = message,
		.record = record,
		.field = &field };

	tw_output_init(&walk.text);
	tw_json_open_line(json, "rdata", '{');
	while (trowel_field_next(message, record, &iterator, &field))
		add_field(&walk);
	close_list(&walk);
	tw_json_close(json, '}');
	tw_json_add_text(json, "text",
		tw_json_text_of(
			&walk.text, tw_json_format_rdata, message, record));
	json->output->failed |= walk.text.failed;
	tw_output_release(&walk.text);
}

/* Whether there may be several fields of that name. */
static bool is_list(const struct walk *walk)
{
	switch (walk->field->kind) {
	case TROWEL_KIND_TYPES:
	case TROWEL_KIND_OLD_TYPES:
	case TROWEL_KIND_PORTS:
	case TROWEL_KIND_PREFIX:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_PARAM:
		return true;
	case TROWEL_KIND_PLAIN_NAME: /* rendezvous-servers, RFC 8005 5 */
		return walk->record->type == TYPE_HIP;
	default:
		return false;
	}
}

static void close_list(struct walk *walk)
{
	if (walk->list)
		tw_json_close(walk->json, walk->end);
	walk->list = NULL;
}

static void open_list(struct walk *walk, const char *key)
{
	bool is_object = walk->field->kind == TROWEL_KIND_PARAM;

	tw_json_open(walk->json, key, is_object ? '{' : '[');
	walk->end = is_object ? '}' : ']';
	walk->list = walk->field->name;
}

static void add_field(struct walk *walk)
{
	const struct trowel_field *field = walk->field;
	size_t length = field->name_length;
	char key[FIELD_NAME_MAX + 1];

	if (length > FIELD_NAME_MAX)
		length = FIELD_NAME_MAX;
	memcpy(key, field->name, length);
	key[length] = '\0';
	if (walk->list != field->name)
		close_list(walk);
	if (!is_list(walk)) {
		add_value(walk, key);
		return;
	}
	if (!walk->list)
		open_list(walk, key);
	if (field->kind == TROWEL_KIND_PARAM)
		add_param(walk);
	else
		add_value(walk, NULL);
}

/* Numbers that have no mnemonics. */
static bool is_number(uint8_t kind)
{
	switch (kind) {
	case TROWEL_KIND_PORTS:
	case TROWEL_KIND_TIME:
	case TROWEL_KIND_OCTAL:
		return true;
	default:
		return kind >= TROWEL_KIND_U8 && kind < TROWEL_KIND_TYPE;
	}
}

static size_t format_field(const struct trowel_message *message,
	const void *item, char *text, size_t size)
{
	const struct walk *walk = item;

	return trowel_field_format(
		message, walk->record, walk->field, STYLE, text, size);
}

/* Text without the quotes around it. */
static void add_unquoted(struct walk *walk, const char *key, const char *text)
{
	size_t length = strlen(text);

	if (length >= 2 && text[0] == '"')
		tw_json_add_octets(walk->json, key, text + 1, length - 2);
	else
		tw_json_add_octets(walk->json, key, text, length);
}

static void add_value(struct walk *walk, const char *key)
{
	if (is_number(walk->field->kind))
		tw_json_add_number(walk->json, key, walk->field->number);
	else
		add_unquoted(walk, key,
			tw_json_text_of(&walk->text, format_field,
				walk->message, walk));
}

/*
 * Parameters of SVCB and HTTPS, RFC 9460 7
 */

/* Words with commas between them. */
static void add_words(struct walk *walk, const char *key, const char *text)
{
	size_t length;

	tw_json_open(walk->json, key, '[');
	for (; *text; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		tw_json_add_octets(walk->json, NULL, text, length);
	}
	tw_json_close(walk->json, ']');
}

/* An octet of a character-string, escaped as RFC 1035 5.1 has it. */
static size_t escape(uint8_t octet, char *text)
{
	if (octet == '"' || octet == '\\') {
		text[0] = '\\';
		text[1] = (char)octet;
		return 2;
	}
	text[0] = (char)octet;
	if (octet >= 0x20 && octet < 0x7F)
		return 1;
	text[0] = '\\';
	text[1] = (char)('0' + octet / 100);
	text[2] = (char)('0' + octet / 10 % 10);
	text[3] = (char)('0' + octet % 10);
	return 4;
}

/* RFC 9460 7.1.1: each with its length before it. */
static bool is_alpn(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	while (at < length && octets[at] > 0 && length - at > octets[at])
		at += octets[at] + 1U;
	return length > 0 && at == length;
}

static void add_alpn(struct walk *walk, const char *key)
{
	const uint8_t *octets = walk->message->octets + walk->field->offset;
	const uint8_t *end = octets + walk->field->length, *stop;
	char text[255 * 4];
	size_t length;

	tw_json_open(walk->json, key, '[');
	while (octets < end) {
		stop = octets + 1 + octets[0];
		length = 0;
		while (++octets < stop)
			length += escape(*octets, text + length);
		tw_json_add_octets(walk->json, NULL, text, length);
	}
	tw_json_close(walk->json, ']');
}

/* What is not as the RFC has it stands in quotes: that is shown as text. */
static void add_param(struct walk *walk)
{
	const struct trowel_field *field = walk->field;
	const char *value =
		tw_json_text_of(&walk->text, format_field, walk->message, walk);
	char key[TROWEL_CODE_TEXT_SIZE];
	bool is_good;

	trowel_code_format(TROWEL_PARAMS, (uint16_t)field->number, key);
	value += strcspn(value, "=");
	if (*value == '\0') {
		tw_json_add_bool(walk->json, key, true);
		return;
	}
	is_good = *++value != '"';
	if (field->number == ALPN &&
		is_alpn(walk->message->octets + field->offset, field->length))
		add_alpn(walk, key);
	else if (field->number == PORT && is_good)
		tw_json_add_number(walk->json, key, strtoul(value, NULL, 10));
	else if (is_good && field->number != ECH)
		add_words(walk, key, value);
	else
		add_unquoted(walk, key, value);
}
