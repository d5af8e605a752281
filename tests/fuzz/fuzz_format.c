/* SPDX-License-Identifier: MIT */
/*
 * Octets -> message -> text of every record and option, in every style.
 *
 * Input: an octet of flags, two of the width of words, one of a size that is too
 * small, and a message. With FLAG_WRAP it is a type, the lower octet of a class
 * and RDATA instead, of which a message is made: what mutates there has the
 * right lengths around it.
 */
#include "tests/fuzz/fuzz.h"
#include "wire/wire.h"

#define FLAG_STYLES 0x3F /* enum trowel_style */
#define FLAG_WRAP 0x40
#define WIDTH_MAX 60000
#define HEADER_SIZE 12
#define RECORD_SIZE 11
#define NAMES_MAX 2 /* compressible ones, in RDATA of any type */

struct format {
	const struct trowel_message *message;
	const struct trowel_record *record; /* or */
	const struct trowel_field *option;
	unsigned style;
	size_t small;
};

static uint8_t *message_of(
	struct fuzz_input *input, bool is_wrapped, size_t *length);
static void check_records(struct format *format);
static void check_options(struct format *format);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { data, size };
	uint8_t flags = fuzz_take_u8(&input);
	unsigned width = fuzz_take_u16(&input) % (WIDTH_MAX + 1);
	struct trowel_message message;
	struct format format = { .message = &message };
	uint8_t *octets;
	size_t length;

	format.style = (flags & FLAG_STYLES) | TROWEL_STYLE_SPLIT(width);
	format.small = fuzz_take_u8(&input);
	octets = message_of(&input, (flags & FLAG_WRAP) != 0, &length);
	trowel_message_decode(&message, octets, length, NULL);
	check_records(&format);
	check_options(&format);
	free(octets);
	return 0;
}

/* A response without a question, with one additional record at the root. */
static uint8_t *wrap(struct fuzz_input *input, size_t *length)
{
	static const uint8_t header[HEADER_SIZE] = { 0x12, 0x34, 0x81, 0x80, 0,
		0, 0, 0, 0, 0, 0, 1 };
	uint16_t type = fuzz_take_u16(input);
	uint8_t class_code = fuzz_take_u8(input);
	size_t room = TROWEL_MESSAGE_MAX - HEADER_SIZE - RECORD_SIZE;
	size_t rdlength = input->size < room ? input->size : room;
	uint8_t *octets = fuzz_block(HEADER_SIZE + RECORD_SIZE + rdlength);
	const uint8_t record[RECORD_SIZE] = { 0, (uint8_t)(type / 256),
		(uint8_t)(type % 256), 0, class_code, 0, 0, 1, 44,
		(uint8_t)(rdlength / 256), (uint8_t)(rdlength % 256) };

	memcpy(octets, header, HEADER_SIZE);
	memcpy(octets + HEADER_SIZE, record, RECORD_SIZE);
	if (rdlength > 0)
		memcpy(octets + HEADER_SIZE + RECORD_SIZE, input->data,
			rdlength);
	*length = HEADER_SIZE + RECORD_SIZE + rdlength;
	return octets;
}

static uint8_t *message_of(
	struct fuzz_input *input, bool is_wrapped, size_t *length)
{
	if (is_wrapped)
		return wrap(input, length);
	*length = input->size;
	return fuzz_copy(input->data, input->size);
}

static size_t put(const struct format *format, char *text, size_t size)
{
	if (format->option != NULL)
		return trowel_field_format(format->message, NULL,
			format->option, TROWEL_STYLE_PLAIN, text, size);
	return trowel_rdata_format(
		format->message, format->record, format->style, text, size);
}

/* The same length is needed in whatever space, and what is there is the
 * beginning of the text, with a NUL inside. */
static void check_cut(const struct format *format, const char *whole,
	size_t needed, size_t size)
{
	char *text = fuzz_block(size);
	size_t written = needed < size ? needed : size - 1;

	memset(text, 0x7F, size);
	HOLDS(put(format, text, size) == needed);
	HOLDS(text[written] == '\0');
	HOLDS(memcmp(text, whole, written) == 0);
	free(text);
}

/* Printable ASCII. Tabs and new lines only with +multiline, and octets of UTF-8
 * only in an EDE's text. */
static void check_characters(const struct format *format, const char *text)
{
	bool is_multiline = format->option == NULL &&
		(format->style & TROWEL_STYLE_MULTILINE) != 0;
	bool has_utf8 = format->option != NULL && format->option->number == 15;

	for (size_t i = 0; text[i] != '\0'; i++) {
		unsigned octet = (unsigned char)text[i];

		HOLDS((octet >= 0x20 && octet < 0x7F) ||
			(is_multiline && (octet == '\n' || octet == '\t')) ||
			(has_utf8 && octet >= 0x80));
	}
}

/* Behind a backslash: three digits up to 255, or one character. */
static size_t escape_length(const char *text)
{
	HOLDS(text[0] != '\0');
	if (text[0] < '0' || text[0] > '9')
		return 1;
	for (size_t i = 0; i < 3; i++)
		HOLDS(text[i] >= '0' && text[i] <= '9');
	HOLDS((text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0' <=
		255);
	return 3;
}

/* What a reader of master files sees (RFC 1035 5.1): strings are closed, lines
 * end in brackets only, and brackets are closed and not nested. */
static void check_master(const char *text)
{
	bool is_string = false;
	bool is_comment = false;
	int depth = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		char character = text[i];

		if (character == '\n') {
			HOLDS(depth == 1 && !is_string);
			is_comment = false;
		} else if (is_comment) {
			continue;
		} else if (character == '\\') {
			i += escape_length(text + i + 1);
		} else if (character == '"') {
			is_string = !is_string;
		} else if (!is_string) {
			is_comment = character == ';';
			depth += character == '(' ? 1 : 0;
			depth -= character == ')' ? 1 : 0;
			HOLDS(depth == 0 || depth == 1);
		}
	}
	HOLDS(!is_string && depth == 0);
}

static int hex_of(char character)
{
	const char *digits = "0123456789ABCDEF";
	const char *digit = strchr(digits, character);

	HOLDS(character != '\0' && digit != NULL);
	return (int)(digit - digits);
}

/* The RDATA with its names expanded, RFC 3597 4. Returns its length. */
static size_t expand(const struct format *format, uint8_t *octets)
{
	const struct trowel_record *record = format->record;
	const uint8_t *message = format->message->octets;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t at = record->rdata;
	size_t end = at + record->rdata_length;
	size_t used = 0;

	while (trowel_field_next(format->message, record, &iterator, &field)) {
		struct trowel_name name;

		if (field.kind != TROWEL_KIND_NAME)
			continue;
		memcpy(octets + used, message + at, field.offset - at);
		used += field.offset - at;
		trowel_message_name(format->message, field.offset, &name);
		memcpy(octets + used, name.octets, name.length);
		used += name.length;
		at = (size_t)field.offset + field.length;
	}
	memcpy(octets + used, message + at, end - at);
	return used + end - at;
}

/* \# LENGTH HEX, RFC 3597 5: nothing of the RDATA is lost. */
static void check_generic(const struct format *format, const char *text)
{
	uint8_t *octets = fuzz_block(format->record->rdata_length +
		(size_t)NAMES_MAX * TROWEL_NAME_MAX);
	size_t length = expand(format, octets);
	char *end;

	HOLDS(strncmp(text, "\\# ", 3) == 0);
	HOLDS(strtoul(text + 3, &end, 10) == length);
	for (size_t i = 0; i < length; i++) {
		end += strspn(end, " (\n\t");
		HOLDS(hex_of(end[0]) * 16 + hex_of(end[1]) == octets[i]);
		end += 2;
	}
	HOLDS(strspn(end, " )") == strlen(end));
	free(octets);
}

static void check_text(const struct format *format)
{
	size_t needed = put(format, NULL, 0);
	char *text = fuzz_block(needed + 1);

	HOLDS(put(format, text, needed + 1) == needed);
	HOLDS(strlen(text) == needed);
	check_characters(format, text);
	if (format->option == NULL)
		check_master(text);
	if (format->option == NULL &&
		(format->style & TROWEL_STYLE_GENERIC) != 0)
		check_generic(format, text);
	check_cut(format, text, needed, format->small + 1);
	if (needed > 0)
		check_cut(format, text, needed, needed);
	free(text);
}

static void check_records(struct format *format)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	format->record = &record;
	while (trowel_record_next(format->message, &iterator, &record)) {
		struct trowel_iterator fields = { 0 };
		struct trowel_field field;

		check_text(format);
		while (trowel_field_next(
			format->message, &record, &fields, &field))
			HOLDS((size_t)field.offset + field.length <=
				(size_t)record.rdata + record.rdata_length);
	}
}

static void check_options(struct format *format)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	format->option = &option;
	while (trowel_option_next(format->message, &iterator, &option))
		check_text(format);
}
