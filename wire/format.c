/* SPDX-License-Identifier: MIT */
/* RDATA -> presentation text: RFC 1035 5.1, and for what is not in the table
 * RFC 3597 5. Where RFCs leave a choice it is dig's. */
#include "wire/wire.h"

#include "wire/codes.h"
#include "wire/cursor.h"
#include "wire/name.h"
#include "wire/rdata.h"
#include "wire/text.h"

#define TYPE_SIG 24
#define TYPE_DNSKEY 48
#define TYPE_CDNSKEY 60
#define NEW_LINE "\n\t\t\t\t"

/* What is being written, and of what. */
struct writer {
	struct tw_text text;
	const struct trowel_message *message;
	const struct trowel_record *record;
	const struct tw_rrtype *row;
	unsigned style;
	uint64_t window; /* of the newest of TYPES */
	uint64_t key_tag; /* of the key that is written */
	bool is_open; /* a bracket */
};

static bool has_style(const struct writer *writer, enum trowel_style style)
{
	return (writer->style & (unsigned)style) != 0;
}

/* The characters of a word of hex or base64; 0: all of them. */
static size_t word_of(const struct writer *writer)
{
	size_t width = (writer->style >> 16) % 65536;

	if (has_style(writer, TROWEL_STYLE_NO_SPLIT))
		return 0;
	if (width > 0)
		return (width + 3) / 4 * 4;
	return has_style(writer, TROWEL_STYLE_MULTILINE) ? 44 : 56;
}

/* A line may end inside brackets alone, RFC 1035 5.1. */
static void put_break(struct writer *writer)
{
	tw_text_put_string(&writer->text, writer->is_open ? NEW_LINE : " ");
}

static const uint8_t *octets_of(
	const struct writer *writer, const struct trowel_field *field)
{
	return writer->message->octets + field->offset;
}

/* Octets of hex in words: `done` of them are written. */
static void put_more_hex(struct writer *writer, const uint8_t *octets,
	size_t length, size_t done)
{
	size_t word = word_of(writer) / 2;

	for (size_t i = 0; i < length; i++) {
		if (word > 0 && done + i > 0 && (done + i) % word == 0)
			put_break(writer);
		tw_hex_put(&writer->text, octets[i], true);
	}
}

static void put_hex_words(
	struct writer *writer, const uint8_t *octets, size_t length)
{
	put_more_hex(writer, octets, length, 0);
}

static void put_base64_words(
	struct writer *writer, const uint8_t *octets, size_t length)
{
	size_t word = word_of(writer) / 4 * 3;
	size_t i = 0;

	if (word == 0)
		word = length;
	while (length - i > word) {
		tw_base64_put(&writer->text, octets + i, word);
		put_break(writer);
		i += word;
	}
	tw_base64_put(&writer->text, octets + i, length - i);
}

/* RDATA in hex, with its names expanded: whoever reads the text has no message
 * for pointers to point into (RFC 3597 4). Returns its length; `is_written`
 * false: nothing more. */
static size_t put_expanded(struct writer *writer, bool is_written)
{
	const struct trowel_record *record = writer->record;
	const uint8_t *octets = writer->message->octets;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	struct trowel_name name;
	size_t at = record->rdata;
	size_t end = at + record->rdata_length;
	size_t done = 0;
	size_t step;

	while (tw_field_take(writer->row, writer->message, record, &iterator,
		&field, &step)) {
		if (field.kind != TROWEL_KIND_NAME)
			continue;
		trowel_message_name(writer->message, field.offset, &name);
		if (is_written) {
			put_more_hex(
				writer, octets + at, field.offset - at, done);
			put_more_hex(writer, name.octets, name.length,
				done + field.offset - at);
		}
		done += field.offset - at + name.length;
		at = (size_t)field.offset + field.length;
	}
	if (is_written)
		put_more_hex(writer, octets + at, end - at, done);
	return done + end - at;
}

/* RFC 3597 5: \# LENGTH HEX */
static void put_generic(struct writer *writer)
{
	size_t length = put_expanded(writer, false);

	tw_labelled_put(&writer->text, "\\# ", length);
	if (length == 0)
		return;
	writer->is_open = has_style(writer, TROWEL_STYLE_MULTILINE);
	tw_text_put_string(&writer->text, writer->is_open ? " ( " : " ");
	put_expanded(writer, true);
	if (writer->is_open)
		tw_text_put_string(&writer->text, " )");
}

static void put_ipv6(struct writer *writer, const uint8_t *octets)
{
	if (!has_style(writer, TROWEL_STYLE_EXPAND_IPV6)) {
		tw_ipv6_put(&writer->text, octets);
		return;
	}
	for (size_t i = 0; i < 16; i++) {
		if (i > 0 && i % 2 == 0)
			tw_text_put(&writer->text, ':');
		tw_hex_put(&writer->text, octets[i], false);
	}
}

/* RFC 2874 3.1: the octets before the suffix are 0. */
static void put_suffix(struct writer *writer, const struct trowel_field *field)
{
	uint8_t address[16] = { 0 };

	if (field->length == 0 || field->length > 16)
		return;
	for (size_t i = 0; i < field->length; i++)
		address[16 - field->length + i] = octets_of(writer, field)[i];
	tw_ipv6_put(&writer->text, address);
}

/* RFC 3123 4: IPv4 and IPv6; the others have no form. */
static bool has_known_family(
	const struct writer *writer, const struct trowel_field *field)
{
	uint16_t family = tw_u16_at(octets_of(writer, field), 0);

	return family == 1 || family == 2;
}

/* RFC 3123 5: [!]afi:address/prefix */
static void put_prefix(struct writer *writer, const struct trowel_field *field)
{
	const uint8_t *octets = octets_of(writer, field);
	uint16_t family = tw_u16_at(octets, 0);

	if (!has_known_family(writer, field)) {
		tw_octets_put(&writer->text, octets, field->length, true);
		return;
	}
	tw_labelled_put(&writer->text, octets[3] >= 128 ? "!" : "", family);
	tw_text_put(&writer->text, ':');
	tw_prefix_put(&writer->text, family, octets + 4, field->length - 4U);
	tw_labelled_put(&writer->text, "/", octets[2]);
}

static void put_name(struct writer *writer, uint16_t offset)
{
	struct trowel_name name;

	trowel_message_name(writer->message, offset, &name);
	tw_name_put(&writer->text, &name);
}

/* "-" for none of it: RFC 5155 3.3 and DOA. */
static void put_or_dash(struct writer *writer, const struct trowel_field *field)
{
	const uint8_t *octets = octets_of(writer, field);

	if (field->length == 0)
		tw_text_put(&writer->text, '-');
	else if (field->kind == TROWEL_KIND_SALT)
		tw_octets_put(&writer->text, octets, field->length, true);
	else
		tw_base64_put(&writer->text, octets, field->length);
}

static bool has_comments(const struct writer *writer)
{
	return has_style(writer, TROWEL_STYLE_MULTILINE) &&
		has_style(writer, TROWEL_STYLE_COMMENTS);
}

/* A number of an SOA: behind it what it is, each on a line of its own. */
static void put_soa_number(
	struct writer *writer, const struct trowel_field *field)
{
	struct tw_text *text = &writer->text;
	size_t start = text->length;

	tw_number_put(text, field->number);
	if (!has_comments(writer) || writer->row->code != 6)
		return;
	while (text->length - start < 10)
		tw_text_put(text, ' ');
	tw_text_put_string(text, " ; ");
	tw_characters_put(text, field->name, field->name_length);
	if (field->kind == TROWEL_KIND_TTL) {
		tw_text_put_string(text, " (");
		tw_period_put(text, field->number);
		tw_text_put(text, ')');
	}
}

static void put_key_use(struct writer *writer, uint16_t flags)
{
	if (writer->row->code != TYPE_DNSKEY &&
		writer->row->code != TYPE_CDNSKEY)
		return;
	/* RFC 4034 2.1.1, RFC 5011 7 */
	if (flags % 2 == 0)
		tw_text_put_string(&writer->text, " ; ZSK");
	else if ((flags & 0x0080) != 0)
		tw_text_put_string(&writer->text, " ; revoked KSK");
	else
		tw_text_put_string(&writer->text, " ; KSK");
}

/* The name that stands in a key of a private algorithm, RFC 4034 A.1.1,
 * without its final dot. */
static bool put_private_name(struct writer *writer)
{
	struct trowel_message key = { 0 };
	struct trowel_name name;
	size_t length = writer->record->rdata_length;

	if (length < 5 || length - 4 > TROWEL_MESSAGE_MAX)
		return false;
	key.octets = writer->message->octets + writer->record->rdata + 4;
	key.length = (uint16_t)(length - 4);
	if (trowel_message_name(&key, 0, &name) <= 1)
		return false;
	tw_name_put(&writer->text, &name);
	writer->text.length--;
	return true;
}

static void put_key_comment(struct writer *writer)
{
	const uint8_t *octets = writer->message->octets + writer->record->rdata;
	struct tw_text *text = &writer->text;

	if (writer->record->rdata_length <= 4)
		return;
	if (!has_style(writer, TROWEL_STYLE_MULTILINE))
		tw_text_put(text, ' ');
	put_key_use(writer, tw_u16_at(octets, 0));
	tw_text_put_string(text, "; alg = ");
	if (octets[3] != 253 || !put_private_name(writer))
		tw_code_put(text, TROWEL_ALGORITHMS, octets[3]);
	tw_labelled_put(text, " ; key id = ", writer->key_tag);
}

static void put_key(struct writer *writer, const struct trowel_field *field)
{
	writer->key_tag = field->number;
	if (!has_style(writer, TROWEL_STYLE_NO_CRYPTO)) {
		put_base64_words(
			writer, octets_of(writer, field), field->length);
		return;
	}
	tw_labelled_put(&writer->text, "[key id = ", field->number);
	tw_text_put(&writer->text, ']');
}

/* RFC 4701 3.1: what the octets of a DHCID are. */
static void put_dhcid_comment(struct writer *writer)
{
	const uint8_t *octets = writer->message->octets + writer->record->rdata;
	size_t length = writer->record->rdata_length;

	if (length <= 2)
		return;
	tw_labelled_put(&writer->text, " ; ", tw_u16_at(octets, 0));
	tw_labelled_put(&writer->text, " ", octets[2]);
	tw_labelled_put(&writer->text, " ", length - 3);
}

static void put_code(struct writer *writer, enum trowel_registry registry,
	const struct trowel_field *field)
{
	tw_code_put(&writer->text, registry, (uint16_t)field->number);
}

static void put_octal(struct tw_text *text, uint64_t number)
{
	for (uint64_t unit = 32768; unit > 0; unit /= 8)
		if (number >= unit || unit == 1)
			tw_text_put(text, (char)('0' + number / unit % 8));
}

/* A SIG is older than TYPEnnn, and dig writes it by RFC 2535 7.1: what it
 * covers is a mnemonic or a number. */
static void put_type(struct writer *writer, const struct trowel_field *field)
{
	if (writer->row->code == TYPE_SIG &&
		tw_rrtype_find((uint16_t)field->number) == NULL)
		tw_number_put(&writer->text, field->number);
	else
		put_code(writer, TROWEL_TYPES, field);
}

/* Fields of numbers; true if it was one. */
static bool put_number(struct writer *writer, const struct trowel_field *field)
{
	switch (field->kind) {
	case TROWEL_KIND_SERIAL:
	case TROWEL_KIND_TTL:
		put_soa_number(writer, field);
		return true;
	case TROWEL_KIND_TYPE:
		put_type(writer, field);
		return true;
	case TROWEL_KIND_TYPES:
	case TROWEL_KIND_OLD_TYPES:
		put_code(writer, TROWEL_TYPES, field);
		return true;
	case TROWEL_KIND_TIME:
		tw_time_put(&writer->text, field->number);
		return true;
	case TROWEL_KIND_ALGORITHM:
		put_code(writer, TROWEL_ALGORITHMS, field);
		return true;
	case TROWEL_KIND_CERT_TYPE:
		put_code(writer, TROWEL_CERT_TYPES, field);
		return true;
	case TROWEL_KIND_ERROR:
		put_code(writer, TROWEL_TSIG_ERRORS, field);
		return true;
	case TROWEL_KIND_SCHEME:
		put_code(writer, TROWEL_SCHEMES, field);
		return true;
	case TROWEL_KIND_OCTAL:
		put_octal(&writer->text, field->number);
		return true;
	default:
		if (field->kind > TROWEL_KIND_OCTAL)
			return false;
		tw_number_put(&writer->text, field->number);
		return true;
	}
}

/* Fields of octets in a row; true if it was one. */
static bool put_octets(struct writer *writer, const struct trowel_field *field)
{
	const uint8_t *octets = octets_of(writer, field);

	switch (field->kind) {
	case TROWEL_KIND_DIGEST:
	case TROWEL_KIND_SIGNATURE:
		if (has_style(writer, TROWEL_STYLE_NO_CRYPTO))
			tw_text_put_string(&writer->text, "[omitted]");
		else if (field->kind == TROWEL_KIND_DIGEST)
			put_hex_words(writer, octets, field->length);
		else
			put_base64_words(writer, octets, field->length);
		return true;
	case TROWEL_KIND_OCTETS:
	case TROWEL_KIND_HEX:
		put_hex_words(writer, octets, field->length);
		return true;
	case TROWEL_KIND_BASE64:
	case TROWEL_KIND_DHCID:
	case TROWEL_KIND_SIZED:
		put_base64_words(writer, octets, field->length);
		return true;
	case TROWEL_KIND_KEY:
		put_key(writer, field);
		return true;
	case TROWEL_KIND_SALT:
	case TROWEL_KIND_OBJECT:
		put_or_dash(writer, field);
		return true;
	default:
		return false;
	}
}

/* Fields of text and names; true if it was one. */
static bool put_text(struct writer *writer, const struct trowel_field *field)
{
	switch (field->kind) {
	case TROWEL_KIND_NAME:
	case TROWEL_KIND_PLAIN_NAME:
		put_name(writer, field->offset);
		return true;
	case TROWEL_KIND_ROOT:
		tw_text_put(&writer->text, '.');
		return true;
	case TROWEL_KIND_STRING:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_TEXT:
		tw_string_put(&writer->text, octets_of(writer, field),
			field->length, true);
		return true;
	case TROWEL_KIND_TAG:
		tw_string_put(&writer->text, octets_of(writer, field),
			field->length, false);
		return true;
	case TROWEL_KIND_PARAM:
		tw_param_put(&writer->text, (uint16_t)field->number,
			octets_of(writer, field), field->length);
		return true;
	case TROWEL_KIND_OPTION:
		tw_option_put(&writer->text, (uint16_t)field->number,
			octets_of(writer, field), field->length);
		return true;
	default:
		return false;
	}
}

/* Forms of one type alone. */
static void put_form(struct writer *writer, const struct trowel_field *field)
{
	struct tw_text *text = &writer->text;
	const uint8_t *octets = octets_of(writer, field);

	switch (field->kind) {
	case TROWEL_KIND_IPV4:
		tw_ipv4_put(text, octets);
		break;
	case TROWEL_KIND_IPV6:
		put_ipv6(writer, octets);
		break;
	case TROWEL_KIND_IPV6_SUFFIX:
		put_suffix(writer, field);
		break;
	case TROWEL_KIND_PREFIX:
		put_prefix(writer, field);
		break;
	case TROWEL_KIND_HIT:
		tw_octets_put(text, octets, field->length, true);
		break;
	case TROWEL_KIND_HIP_KEY:
		tw_base64_put(text, octets, field->length);
		break;
	case TROWEL_KIND_HASH:
		tw_base32hex_put(text, octets, field->length);
		break;
	case TROWEL_KIND_NSAP:
		tw_text_put_string(text, "0x");
		tw_octets_put(text, octets, field->length, false);
		break;
	case TROWEL_KIND_ATMA:
		tw_atma_put(text, octets, field->length);
		break;
	case TROWEL_KIND_EUI48:
	case TROWEL_KIND_EUI64:
		tw_eui_put(text, octets, field->length);
		break;
	case TROWEL_KIND_NODE:
		tw_groups_put(text, octets, 4);
		break;
	case TROWEL_KIND_LOCATION:
		tw_location_put(text, octets);
		break;
	default:
		break;
	}
}

static void put_field(struct writer *writer, const struct trowel_field *field)
{
	if (!put_number(writer, field) && !put_octets(writer, field) &&
		!put_text(writer, field))
		put_form(writer, field);
}

/* What stands before a field. rrtypes.def tells of the characters. */
static void put_separator(struct writer *writer, char layout, bool is_first)
{
	struct tw_text *text = &writer->text;

	if (!has_style(writer, TROWEL_STYLE_MULTILINE))
		layout = '.';
	if (layout == '[')
		tw_text_put_string(text, is_first ? "( " : " ( ");
	else if (layout == '(' || layout == '<')
		tw_text_put_string(text, " (" NEW_LINE);
	else if (layout == 'n')
		tw_text_put_string(text, NEW_LINE);
	else if (layout == ')' && writer->is_open)
		tw_text_put_string(text, " ) ");
	else if (!is_first)
		tw_text_put(text, ' ');
	if (layout == '[' || layout == '(' || layout == '<')
		writer->is_open = true;
	else if (layout == ')')
		writer->is_open = false;
}

/* The layout character of a field: the types of one window stay together. */
static char layout_of(
	struct writer *writer, const struct trowel_field *field, size_t step)
{
	bool is_same_window = writer->window == field->number / 256 + 1;
	const char *layout = tw_rrtype_layout(writer->row);

	if (field->kind == TROWEL_KIND_TYPES) {
		writer->window = field->number / 256 + 1;
		if (is_same_window)
			return '.';
	}
	return layout[0] != '\0' ? layout[step] : '.';
}

static void put_end(struct writer *writer, size_t fields)
{
	const char *layout = tw_rrtype_layout(writer->row);
	char last = layout[0] != '\0' ? layout[fields] : '\0';

	if (writer->is_open && last != '\0') {
		if (last != ')' && has_style(writer, TROWEL_STYLE_COMMENTS))
			tw_text_put_string(&writer->text, NEW_LINE ")");
		else
			tw_text_put_string(
				&writer->text, last == ']' ? ")" : " )");
	}
	if (writer->row->kinds[fields - 1] == TROWEL_KIND_KEY &&
		has_style(writer, TROWEL_STYLE_COMMENTS))
		put_key_comment(writer);
	if (writer->row->kinds[0] == TROWEL_KIND_DHCID &&
		has_style(writer, TROWEL_STYLE_MULTILINE))
		put_dhcid_comment(writer);
}

static void put_fields(struct writer *writer)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t step;
	size_t count = 0;
	bool is_first = true;

	while (tw_field_take(writer->row, writer->message, writer->record,
		&iterator, &field, &step)) {
		char layout = layout_of(writer, &field, step);

		if (layout == '-' ||
			((layout == '?' || layout == '<') && field.length == 0))
			continue;
		put_separator(writer, layout, is_first);
		is_first = false;
		put_field(writer, &field);
	}
	while (writer->row->kinds[count] != TROWEL_KIND_NONE)
		count++;
	put_end(writer, count);
}

/* Whether the RDATA has no form but that of RFC 3597: it is opaque, or a part
 * of it that matters is. */
static bool is_generic(const struct writer *writer)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t step;

	if (has_style(writer, TROWEL_STYLE_GENERIC) ||
		writer->row->kinds[0] == TROWEL_KIND_OCTETS ||
		writer->row->kinds[0] == TROWEL_KIND_OPTION)
		return true;
	while (tw_field_take(writer->row, writer->message, writer->record,
		&iterator, &field, &step))
		if (field.kind == TROWEL_KIND_OCTETS ||
			(field.kind == TROWEL_KIND_PREFIX &&
				!has_known_family(writer, &field)))
			return true;
	return false;
}

size_t trowel_rdata_format(const struct trowel_message *message,
	const struct trowel_record *record, unsigned style, char *text,
	size_t size)
{
	struct writer writer = { { text, size, 0 }, message, record,
		tw_row_of(message, record), style, 0, 0, false };

	if (is_generic(&writer))
		put_generic(&writer);
	else
		put_fields(&writer);
	tw_text_end(&writer.text);
	return writer.text.length;
}

size_t trowel_field_format(const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *field,
	unsigned style, char *text, size_t size)
{
	struct writer writer = { { text, size, 0 }, message, record,
		&tw_rrtype_opaque, style, 0, 0, false };

	put_field(&writer, field);
	tw_text_end(&writer.text);
	return writer.text.length;
}
