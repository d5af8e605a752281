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
#define PRIVATE_ALGORITHM 253
#define U32_END 4294967296
#define NEW_LINE "\n\t\t\t\t"

/* What is being written, and of what. */
struct writer {
	struct tw_text text;
	const struct trowel_message *message;
	const struct trowel_record *record;
	const struct tw_rrtype *row;
	struct trowel_field field; /* the one at hand */
	const uint8_t *octets; /* of its value */
	size_t step; /* its index in the row */
	uint64_t key_tag; /* of the key that is written */
	struct trowel_iterator iterator;
	unsigned style;
	unsigned window; /* of the newest of TYPES, from 1 on */
	bool is_open; /* a bracket */
};

/* More than any RDATA has, and steps: see tw_fields_left(). */
/*@ logic integer fields_end =
      TW_FIELDS_MAX * 600000 + 65535 * 8 + 7; */

/* tw_fields_left() of a writer: in a loop variant WP takes no function that
 * reads what the loop writes. */
#define FIELDS_LEFT \
	((TW_FIELDS_MAX - writer->iterator.step) * 600000 + 7 - \
		writer->iterator.bit + \
		(writer->record->rdata + writer->record->rdata_length - \
			(writer->iterator.offset == 0 \
					? writer->record->rdata \
					: writer->iterator.offset)) * \
			8)

/*@ predicate is_writing(struct writer *writer, integer room) =
      \valid(writer) && tw_text_has_room(&writer->text, room) &&
      \valid_read(writer->message) && tw_is_row(writer->row) &&
      \valid_read(writer->message->octets +
        (0 .. writer->message->length - 1)) &&
      \separated(writer, writer->message, writer->message->octets +
        (0 .. writer->message->length - 1)) &&
      \separated(writer, writer->text.text + (0 .. writer->text.size - 1)); */

/*@ predicate has_record(struct writer *writer) =
      \valid_read(writer->record) && \separated(writer, writer->record) &&
      writer->record->rdata + writer->record->rdata_length <=
        writer->message->length &&
      tw_text_can_read(&writer->text, writer->message->octets,
        writer->message->length) &&
      tw_is_inside(writer->record, &writer->iterator); */

/*@ predicate has_field(struct writer *writer) =
      tw_text_can_read(&writer->text, writer->octets, writer->field.length) &&
      tw_field_is_whole(&writer->field) &&
      \valid_read(writer->field.name + (0 .. writer->field.name_length - 1)); */

/*@ requires \valid_read(writer);
    assigns \nothing; */
static bool has_style(const struct writer *writer, enum trowel_style style)
{
	return (writer->style & (unsigned)style) != 0;
}

/* Goes back to before the first field. */
/*@ requires \valid(writer);
    assigns writer->iterator;
    ensures writer->iterator.offset == 0 && writer->iterator.base == 0 &&
      writer->iterator.bit == 0 && writer->iterator.step == 0; */
static void rewind_fields(struct writer *writer)
{
	writer->iterator.offset = 0;
	writer->iterator.index = 0;
	writer->iterator.base = 0;
	writer->iterator.bit = 0;
	writer->iterator.step = 0;
	writer->iterator.reading = 0;
}

/* Goes on to the next field. False: there is none. */
/*@ requires is_writing(writer, 0) && has_record(writer);
    assigns writer->iterator, writer->field, writer->step;
    assigns writer->octets \from writer->message->octets, writer->field;
    ensures is_writing(writer, 0);
    ensures has_record(writer);
    ensures writer->text.text == \old(writer->text.text);
    ensures writer->text.size == \old(writer->text.size);
    ensures writer->text.length == \old(writer->text.length);
    ensures writer->record->rdata == \old(writer->record->rdata);
    ensures writer->record->rdata_length == \old(writer->record->rdata_length);
    ensures \result ==> has_field(writer);
    ensures \result ==>
      \old(tw_place_of(writer->record, &writer->iterator)) <=
        writer->field.offset && writer->field.offset + writer->field.length <=
        tw_place_of(writer->record, &writer->iterator);
    ensures \result ==> 0 <= tw_fields_left(writer->record, &writer->iterator) <
      \old(tw_fields_left(writer->record, &writer->iterator));
    ensures \result ==> 0 <= FIELDS_LEFT < \old(FIELDS_LEFT); */
static bool take_field(struct writer *writer)
{
	//@ assert FIELDS_LEFT == tw_fields_left(writer->record, &writer->iterator);
	bool is_taken =
		tw_field_take(writer->row, writer->message, writer->record,
			&writer->iterator, &writer->field, &writer->step);

	//@ assert FIELDS_LEFT == tw_fields_left(writer->record, &writer->iterator);
	//@ assert tw_is_inside(writer->record, &writer->iterator);
	/*@ assert \separated(writer->text.text + (0 .. writer->text.size - 1),
	      writer->message->octets + (0 .. writer->message->length - 1)); */
	/*@ assert \valid_read(
	      writer->message->octets + (0 .. writer->message->length - 1)); */
	/*@ assert \separated(&writer->text,
	      writer->message->octets + (0 .. writer->message->length - 1)); */
	/*@ assert tw_text_can_read(&writer->text, writer->message->octets,
	      writer->message->length); */
	/*@ assert \valid_read(writer->record) &&
	      \separated(writer, writer->record); */
	//@ assert writer->message->length == \at(writer->message->length, Pre);
	//@ assert writer->record->rdata == \at(writer->record->rdata, Pre);
	/*@ assert writer->record->rdata_length ==
	      \at(writer->record->rdata_length, Pre); */
	/*@ assert writer->record->rdata + writer->record->rdata_length <=
	      writer->message->length; */
	//@ assert is_writing(writer, 0);
	//@ assert has_record(writer);
	if (!is_taken)
		return false;
	writer->octets = writer->message->octets + writer->field.offset;
	//@ assert writer->text.text == \at(writer->text.text, Pre);
	/*@ assert tw_text_can_read(&writer->text, writer->octets,
	      writer->field.length); */
	//@ assert tw_field_is_whole(&writer->field);
	//@ assert is_writing(writer, 0);
	//@ assert has_record(writer);
	return true;
}

/* The characters of a word of hex or base64; 0: all of them. */
/*@ requires \valid_read(writer);
    assigns \nothing;
    ensures \result <= 65540; */
static size_t word_of(const struct writer *writer)
{
	size_t width = writer->style / 65536;

	if (has_style(writer, TROWEL_STYLE_NO_SPLIT))
		return 0;
	if (width > 0)
		return (width + 3) / 4 * 4;
	return has_style(writer, TROWEL_STYLE_MULTILINE) ? 44 : 56;
}

/* A line may end inside brackets alone, RFC 1035 5.1. */
/*@ requires is_writing(writer, 65535);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 65535; */
static void put_break(struct writer *writer)
{
	tw_text_put_string(&writer->text, writer->is_open ? NEW_LINE : " ");
}

/* Octets in words of hex or base64, of which `done` octets are written. */
/*@ requires is_writing(writer, 70000 * length) && length <= 65535;
    requires done <= SIZE_MAX - length;
    requires tw_text_can_read(&writer->text, octets, length);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 70000 * length; */
static void put_words(struct writer *writer, const uint8_t *octets,
	size_t length, size_t done, bool is_hex)
{
	size_t characters = word_of(writer);
	size_t word = is_hex ? characters / 2 : characters / 4 * 3;
	size_t count;

	/*@ loop invariant at <= length;
	    loop invariant \at(writer->text.length, Pre) <= writer->text.length <=
	      \at(writer->text.length, Pre) + 70000 * at;
	    loop assigns at, count, writer->text.length,
	      writer->text.text[0 .. writer->text.size - 1];
	    loop variant length - at; */
	for (size_t at = 0; at < length; at += count) {
		count = length - at;
		if (word > 0) {
			if (done + at > 0 && (done + at) % word == 0)
				put_break(writer);
			if (count > word - (done + at) % word)
				count = word - (done + at) % word;
		}
		if (is_hex)
			tw_octets_put(&writer->text, octets + at, count, true);
		else
			tw_base64_put(&writer->text, octets + at, count);
	}
}

/* RDATA from `at` on up to the name at hand, and that expanded, in hex, if that
 * is written. Returns how many octets they are; `done` were before them. */
/*@ requires is_writing(writer, 5000000000) && has_record(writer);
    requires at <= writer->field.offset <= writer->message->length;
    requires done <= SIZE_MAX - 100000;
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 5000000000;
    ensures \result <= 65790; */
static size_t put_to_name(
	struct writer *writer, size_t at, size_t done, bool is_written)
{
	size_t before = writer->field.offset - at;
	struct trowel_name name;

	trowel_message_name(writer->message, writer->field.offset, &name);
	if (is_written) {
		put_words(writer, writer->message->octets + at, before, done,
			true);
		put_words(
			writer, name.octets, name.length, done + before, true);
	}
	return before + name.length;
}

/* RDATA in hex, with its names expanded: whoever reads the text has no message
 * for pointers to point into (RFC 3597 4). Returns its length; `is_written`
 * false: nothing more. */
/*@ requires is_writing(writer, 5000000000 * (fields_end + 1));
    requires has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->iterator, writer->field, writer->step;
    assigns writer->octets \from writer->message->octets, writer->field;
    ensures is_writing(writer, 0) && has_record(writer);
    ensures writer->text.text == \old(writer->text.text);
    ensures writer->text.size == \old(writer->text.size);
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 5000000000 * (fields_end + 1); */
static size_t put_expanded(struct writer *writer, bool is_written)
{
	size_t at = writer->record->rdata;
	size_t end = at + writer->record->rdata_length;
	size_t done = 0;

	rewind_fields(writer);
	/*@ loop invariant is_writing(writer, 0) && has_record(writer);
	    loop invariant writer->text.text == \at(writer->text.text, Pre);
	    loop invariant writer->text.size == \at(writer->text.size, Pre);
	    loop invariant end ==
	      writer->record->rdata + writer->record->rdata_length;
	    loop invariant at <= tw_place_of(writer->record, &writer->iterator);
	    loop invariant 0 <= FIELDS_LEFT;
	    loop invariant 0 <= tw_fields_left(writer->record, &writer->iterator) <=
	      fields_end;
	    loop invariant done <= 65790 * (fields_end -
	      tw_fields_left(writer->record, &writer->iterator));
	    loop invariant \at(writer->text.length, Pre) <=
	      writer->text.length <= \at(writer->text.length, Pre) +
	      5000000000 * (fields_end -
	      tw_fields_left(writer->record, &writer->iterator));
	    loop assigns at, done, writer->text.length,
	      writer->text.text[0 .. writer->text.size - 1], writer->iterator,
	      writer->field, writer->step, writer->octets;
	    loop variant FIELDS_LEFT; */
	while (take_field(writer)) {
		if (writer->field.kind != TROWEL_KIND_NAME)
			continue;
		//@ assert done <= 1000000000000;
		done += put_to_name(writer, at, done, is_written);
		at = (size_t)writer->field.offset + writer->field.length;
	}
	//@ assert done <= 1000000000000;
	//@ assert at <= end;
	//@ assert end <= writer->message->length;
	if (is_written)
		put_words(writer, writer->message->octets + at, end - at, done,
			true);
	return done + end - at;
}

/*@ assigns \result \from is_open;
    ensures tw_is_string(\result) && !\valid(\result); */
static const char *before_words(bool is_open)
{
	return is_open ? " ( " : " ";
}

/*@ assigns \result \from is_open;
    ensures tw_is_string(\result) && !\valid(\result); */
static const char *behind_words(bool is_open)
{
	return is_open ? " )" : "";
}

/* RFC 3597 5: \# LENGTH HEX */
/*@ requires is_writing(writer, 15000000000 * (fields_end + 1));
    requires has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->iterator, writer->field, writer->step,
      writer->is_open;
    assigns writer->octets \from writer->message->octets, writer->field;
    ensures tw_text_is_good(&writer->text);
    ensures writer->text.text == \old(writer->text.text);
    ensures writer->text.size == \old(writer->text.size);
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 15000000000 * (fields_end + 1); */
static void put_generic(struct writer *writer)
{
	size_t length = put_expanded(writer, false);

	tw_labelled_put(&writer->text, "\\# ", length);
	if (length == 0)
		return;
	writer->is_open = has_style(writer, TROWEL_STYLE_MULTILINE);
	tw_text_put_string(&writer->text, before_words(writer->is_open));
	put_expanded(writer, true);
	tw_text_put_string(&writer->text, behind_words(writer->is_open));
}

/*@ requires is_writing(writer, 200) && has_field(writer);
    requires writer->field.length >= 16;
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 200; */
static void put_ipv6(struct writer *writer)
{
	if (has_style(writer, TROWEL_STYLE_EXPAND_IPV6))
		tw_hex_groups_put(&writer->text, writer->octets, 16, 2, ':');
	else
		tw_ipv6_put(&writer->text, writer->octets);
}

/* RFC 2874 3.1: the octets before the suffix are 0. */
/*@ requires is_writing(writer, 200) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 200; */
static void put_suffix(struct writer *writer)
{
	uint8_t address[16] = { 0 };
	size_t length = writer->field.length;

	if (length == 0 || length > 16)
		return;
	/*@ loop invariant 0 <= i <= length;
	    loop assigns i, address[0 .. 15];
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++)
		address[16 - length + i] = writer->octets[i];
	tw_ipv6_put(&writer->text, address);
}

/* RFC 3123 4: IPv4 and IPv6; the others have no form. */
/*@ requires \valid_read(writer) && has_field(writer);
    requires writer->field.kind == TROWEL_KIND_PREFIX;
    assigns \nothing; */
static bool has_known_family(const struct writer *writer)
{
	uint16_t family = tw_u16_at(writer->octets, 0);

	return family == 1 || family == 2;
}

/* RFC 3123 5: [!]afi:address/prefix */
/*@ requires is_writing(writer, 131400) && has_field(writer);
    requires writer->field.kind == TROWEL_KIND_PREFIX;
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 131400; */
static void put_prefix(struct writer *writer)
{
	struct tw_text *text = &writer->text;
	const uint8_t *octets = writer->octets;
	uint16_t family = tw_u16_at(octets, 0);

	if (!has_known_family(writer)) {
		tw_octets_put(text, octets, writer->field.length, true);
		return;
	}
	tw_labelled_put(text, octets[3] >= 128 ? "!" : "", family);
	tw_text_put(text, ':');
	tw_prefix_put(text, family, octets + 4, writer->field.length - 4U);
	tw_labelled_put(text, "/", octets[2]);
}

/*@ requires is_writing(writer, 1024) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 1020; */
static void put_name(struct writer *writer)
{
	struct trowel_name name;

	trowel_message_name(writer->message, writer->field.offset, &name);
	tw_name_put(&writer->text, &name);
}

/* "-" for none of it: RFC 5155 3.3 and DOA. */
/*@ requires is_writing(writer, 300000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 300000; */
static void put_or_dash(struct writer *writer)
{
	struct tw_text *text = &writer->text;
	size_t length = writer->field.length;

	if (length == 0)
		tw_text_put(text, '-');
	else if (writer->field.kind == TROWEL_KIND_SALT)
		tw_octets_put(text, writer->octets, length, true);
	else
		tw_base64_put(text, writer->octets, length);
}

/* A number of an SOA: behind it what it is, each on a line of its own. */
/*@ requires is_writing(writer, 500000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 500000; */
static void put_soa_number(struct writer *writer)
{
	const struct trowel_field *field = &writer->field;
	struct tw_text *text = &writer->text;
	size_t start = text->length;

	tw_number_put(text, field->number);
	if (!has_style(writer, TROWEL_STYLE_MULTILINE) ||
		!has_style(writer, TROWEL_STYLE_COMMENTS) ||
		writer->row->code != 6)
		return;
	/*@ loop invariant start <= text->length <= start + 20;
	    loop assigns text->length, text->text[0 .. text->size - 1];
	    loop variant start + 20 - text->length; */
	while (text->length - start < 10)
		tw_text_put(text, ' ');
	tw_text_put_string(text, " ; ");
	tw_characters_put(text, field->name, field->name_length);
	if (field->kind == TROWEL_KIND_TTL) {
		tw_text_put_string(text, " (");
		tw_period_put(text, (uint32_t)(field->number % U32_END));
		tw_text_put(text, ')');
	}
}

/* RFC 4034 2.1.1, RFC 5011 7 */
/*@ assigns \result \from type, flags;
    ensures tw_is_string(\result) && !\valid(\result); */
static const char *key_use(uint16_t type, uint16_t flags)
{
	if (type != TYPE_DNSKEY && type != TYPE_CDNSKEY)
		return "";
	if (flags % 2 == 0)
		return " ; ZSK";
	return (flags & 0x0080) != 0 ? " ; revoked KSK" : " ; KSK";
}

/*@ requires is_writing(writer, 65536);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 65536; */
static void put_key_use(struct writer *writer, uint16_t flags)
{
	const char *use = key_use(writer->row->code, flags);

	if (!has_style(writer, TROWEL_STYLE_MULTILINE))
		tw_text_put(&writer->text, ' ');
	tw_text_put_string(&writer->text, use);
}

/* The name that stands in a key of a private algorithm, RFC 4034 A.1.1,
 * without its final dot. */
/*@ requires is_writing(writer, 1024) && has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 1020; */
static bool put_private_name(struct writer *writer, uint8_t algorithm)
{
	struct trowel_message key;
	struct trowel_name name;
	size_t length = writer->record->rdata_length;

	if (algorithm != PRIVATE_ALGORITHM || length < 5)
		return false;
	tw_names_init(&key, writer->message->octets + writer->record->rdata + 4,
		length - 4);
	if (trowel_message_name(&key, 0, &name) <= 1)
		return false;
	tw_name_put(&writer->text, &name);
	writer->text.length--;
	return true;
}

/*@ requires is_writing(writer, 133000) && has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 133000; */
static void put_key_algorithm(struct writer *writer, uint8_t algorithm)
{
	tw_text_put_string(&writer->text, "; alg = ");
	if (!put_private_name(writer, algorithm))
		tw_code_put(&writer->text, TROWEL_ALGORITHMS, algorithm);
}

/*@ requires is_writing(writer, 300000) && has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 300000; */
static void put_key_comment(struct writer *writer)
{
	const uint8_t *octets = writer->message->octets + writer->record->rdata;

	if (writer->record->rdata_length <= 4)
		return;
	put_key_use(writer, tw_u16_at(octets, 0));
	put_key_algorithm(writer, octets[3]);
	tw_labelled_put(&writer->text, " ; key id = ", writer->key_tag);
}

/*@ requires is_writing(writer, 4600000000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->key_tag;
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 4600000000; */
static void put_key(struct writer *writer)
{
	writer->key_tag = writer->field.number;
	if (!has_style(writer, TROWEL_STYLE_NO_CRYPTO)) {
		put_words(
			writer, writer->octets, writer->field.length, 0, false);
		return;
	}
	tw_labelled_put(&writer->text, "[key id = ", writer->key_tag);
	tw_text_put(&writer->text, ']');
}

/* RFC 4701 3.1: what the octets of a DHCID are. */
/*@ requires is_writing(writer, 300000) && has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 300000; */
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

/*@ requires is_writing(writer, 65555) && registry <= TROWEL_PARAMS;
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 65555; */
static void put_code(struct writer *writer, enum trowel_registry registry)
{
	tw_code_put(&writer->text, registry,
		(uint16_t)(writer->field.number % 65536));
}

/*@ requires tw_text_has_room(text, 32768);
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) <= text->length <=
      \old(text->length) + 32768; */
static void put_octal(struct tw_text *text, unsigned number)
{
	/*@ loop invariant 0 <= unit <= 32768;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 32768 - unit;
	    loop assigns unit, text->length, text->text[0 .. text->size - 1];
	    loop variant unit; */
	for (unsigned unit = 32768; unit > 0; unit /= 8)
		if (number >= unit || unit == 1)
			tw_text_put(text, (char)('0' + number / unit % 8));
}

/* A SIG is older than TYPEnnn, and dig writes it by RFC 2535 7.1: what it
 * covers is a mnemonic or a number. */
/*@ requires is_writing(writer, 65555);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 65555; */
static void put_type(struct writer *writer)
{
	if (writer->row->code == TYPE_SIG &&
		tw_rrtype_search((uint16_t)(writer->field.number % 65536)) ==
			NULL)
		tw_number_put(&writer->text, writer->field.number);
	else
		put_code(writer, TROWEL_TYPES);
}

/* Fields of numbers. */
/*@ requires is_writing(writer, 500000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 500000; */
static void put_number(struct writer *writer)
{
	switch (writer->field.kind) {
	case TROWEL_KIND_SERIAL:
	case TROWEL_KIND_TTL:
		put_soa_number(writer);
		break;
	case TROWEL_KIND_TYPE:
		put_type(writer);
		break;
	case TROWEL_KIND_TYPES:
	case TROWEL_KIND_OLD_TYPES:
		put_code(writer, TROWEL_TYPES);
		break;
	case TROWEL_KIND_TIME:
		tw_time_put(&writer->text,
			(uint32_t)(writer->field.number % U32_END));
		break;
	case TROWEL_KIND_ALGORITHM:
	case TROWEL_KIND_CERT_TYPE:
	case TROWEL_KIND_ERROR:
	case TROWEL_KIND_SCHEME: /* these stand as their registries do */
		put_code(writer,
			(enum trowel_registry)(TROWEL_ALGORITHMS +
				writer->field.kind - TROWEL_KIND_ALGORITHM));
		break;
	case TROWEL_KIND_OCTAL:
		put_octal(&writer->text,
			(uint32_t)(writer->field.number % U32_END));
		break;
	default:
		tw_number_put(&writer->text, writer->field.number);
	}
}

/* Fields of octets in hex or base64. */
/*@ requires is_writing(writer, 4600000000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->key_tag;
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 4600000000; */
static void put_octets(struct writer *writer)
{
	const uint8_t *octets = writer->octets;
	size_t length = writer->field.length;
	uint8_t kind = writer->field.kind;

	if ((kind == TROWEL_KIND_DIGEST || kind == TROWEL_KIND_SIGNATURE) &&
		has_style(writer, TROWEL_STYLE_NO_CRYPTO)) {
		tw_text_put_string(&writer->text, "[omitted]");
		return;
	}
	switch (kind) {
	case TROWEL_KIND_OCTETS:
	case TROWEL_KIND_HEX:
	case TROWEL_KIND_DIGEST:
		put_words(writer, octets, length, 0, true);
		break;
	case TROWEL_KIND_KEY:
		put_key(writer);
		break;
	case TROWEL_KIND_HIT:
		tw_octets_put(&writer->text, octets, length, true);
		break;
	case TROWEL_KIND_HIP_KEY:
		tw_base64_put(&writer->text, octets, length);
		break;
	case TROWEL_KIND_OBJECT:
	case TROWEL_KIND_SALT:
		put_or_dash(writer);
		break;
	default: /* BASE64, SIGNATURE, DHCID, SIZED */
		put_words(writer, octets, length, 0, false);
	}
}

/* Fields of text and names, and forms of one type alone. */
/*@ requires is_writing(writer, 4600000000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 4600000000; */
static void put_text(struct writer *writer)
{
	struct tw_text *text = &writer->text;
	const uint8_t *octets = writer->octets;
	uint16_t number = (uint16_t)(writer->field.number % 65536);
	size_t length = writer->field.length;
	uint8_t kind = writer->field.kind;

	switch (kind) {
	case TROWEL_KIND_NAME:
	case TROWEL_KIND_PLAIN_NAME:
		put_name(writer);
		break;
	case TROWEL_KIND_ROOT:
		tw_text_put(text, '.');
		break;
	case TROWEL_KIND_IPV4:
		tw_ipv4_put(text, octets);
		break;
	case TROWEL_KIND_IPV6:
		put_ipv6(writer);
		break;
	case TROWEL_KIND_IPV6_SUFFIX:
		put_suffix(writer);
		break;
	case TROWEL_KIND_PREFIX:
		put_prefix(writer);
		break;
	case TROWEL_KIND_STRING:
	case TROWEL_KIND_STRINGS:
	case TROWEL_KIND_TAG:
	case TROWEL_KIND_TEXT:
		tw_string_put(text, octets, length, kind != TROWEL_KIND_TAG);
		break;
	case TROWEL_KIND_PARAM:
		tw_param_put(text, number, octets, length);
		break;
	case TROWEL_KIND_OPTION:
		tw_octets_put(text, octets, length, true);
		break;
	case TROWEL_KIND_HASH:
		tw_base32hex_put(text, octets, length);
		break;
	case TROWEL_KIND_NSAP:
		tw_text_put_string(text, "0x");
		tw_octets_put(text, octets, length, false);
		break;
	case TROWEL_KIND_ATMA:
		tw_atma_put(text, octets, length);
		break;
	case TROWEL_KIND_EUI48:
	case TROWEL_KIND_EUI64:
		tw_hex_groups_put(text, octets, length, 1, '-');
		break;
	case TROWEL_KIND_NODE:
		tw_groups_put(text, octets, 4);
		break;
	case TROWEL_KIND_LOCATION:
		tw_location_put(text, octets);
		break;
	}
}

/*@ requires is_writing(writer, 4600000000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->key_tag;
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 4600000000; */
static void put_field(struct writer *writer)
{
	uint8_t kind = writer->field.kind;

	if (kind <= TROWEL_KIND_OCTAL)
		put_number(writer);
	else if (kind >= TROWEL_KIND_OCTETS && kind <= TROWEL_KIND_SALT)
		put_octets(writer);
	else
		put_text(writer);
}

/* What stands before a field. rrtypes.def tells of the characters. */
/*@ assigns \result \from layout, is_open, is_first;
    ensures tw_is_string(\result) && !\valid(\result); */
static const char *separator_of(char layout, bool is_open, bool is_first)
{
	if (layout == '[')
		return "( ";
	if (layout == '(' || layout == '<')
		return " (" NEW_LINE;
	if (layout == 'n')
		return NEW_LINE;
	if (layout == ')' && is_open)
		return " ) ";
	return is_first ? "" : " ";
}

/*@ requires is_writing(writer, 65535);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->is_open;
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 65535; */
static void put_separator(struct writer *writer, char layout, bool is_first)
{
	if (!has_style(writer, TROWEL_STYLE_MULTILINE))
		layout = '.';
	tw_text_put_string(
		&writer->text, separator_of(layout, writer->is_open, is_first));
	if (layout == '[' || layout == '(' || layout == '<')
		writer->is_open = true;
	else if (layout == ')')
		writer->is_open = false;
}

/* A character of the layout; NUL where it has none. */
/*@ requires tw_is_row(row);
    assigns \nothing; */
static char layout_at(const struct tw_rrtype *row, size_t index)
{
	const char *layout = tw_rrtype_layout(row);
	size_t at = 0;

	/*@ loop invariant 0 <= at < tw_rest_of(layout);
	    loop assigns at;
	    loop variant tw_rest_of(layout) - at; */
	while (at < index && layout[at] != '\0')
		at++;
	return layout[at];
}

/* The layout character of a field: the types of one window stay together. */
/*@ requires is_writing(writer, 0);
    assigns writer->window; */
static char layout_of(struct writer *writer)
{
	unsigned before = writer->window;
	char layout = layout_at(writer->row, writer->step);

	if (writer->field.kind == TROWEL_KIND_TYPES) {
		writer->window =
			(unsigned)(writer->field.number % 65536 / 256 + 1);
		if (writer->window == before)
			return '.';
	}
	return layout != '\0' ? layout : '.';
}

/*@ requires is_writing(writer, 800000) && has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1];
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 800000; */
static void put_end(struct writer *writer)
{
	const uint8_t *kinds = tw_kinds_of(writer->row);
	uint8_t kind = TROWEL_KIND_NONE;
	size_t fields = 0;
	char last;

	/*@ loop invariant 0 <= fields < TW_KINDS_SIZE;
	    loop invariant \forall integer k; 0 <= k < fields ==>
	      kinds[k] != TROWEL_KIND_NONE;
	    loop assigns fields, kind;
	    loop variant TW_KINDS_SIZE - fields; */
	while (kinds[fields] != TROWEL_KIND_NONE)
		kind = kinds[fields++];
	last = layout_at(writer->row, fields);
	if (writer->is_open && last != '\0') {
		if (last != ')' && has_style(writer, TROWEL_STYLE_COMMENTS))
			tw_text_put_string(&writer->text, NEW_LINE ")");
		else
			tw_text_put_string(
				&writer->text, last == ']' ? ")" : " )");
	}
	if (kind == TROWEL_KIND_KEY && has_style(writer, TROWEL_STYLE_COMMENTS))
		put_key_comment(writer);
	if (kinds[0] == TROWEL_KIND_DHCID &&
		has_style(writer, TROWEL_STYLE_MULTILINE))
		put_dhcid_comment(writer);
}

/* The field at hand, if its layout has it. Returns whether the next one is the
 * first. */
/*@ requires is_writing(writer, 5000000000) && has_field(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->key_tag, writer->window, writer->is_open;
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 5000000000; */
static bool put_laid_out(struct writer *writer, bool is_first)
{
	char layout = layout_of(writer);

	if (layout == '-' ||
		((layout == '?' || layout == '<') && writer->field.length == 0))
		return is_first;
	put_separator(writer, layout, is_first);
	put_field(writer);
	return false;
}

/*@ requires is_writing(writer, 5000000000 * (fields_end + 1));
    requires has_record(writer);
    assigns writer->text.length, writer->text.text[0 .. writer->text.size - 1],
      writer->iterator, writer->field, writer->step,
      writer->key_tag, writer->window, writer->is_open;
    assigns writer->octets \from writer->message->octets, writer->field;
    ensures tw_text_is_good(&writer->text);
    ensures writer->text.text == \old(writer->text.text);
    ensures writer->text.size == \old(writer->text.size);
    ensures \old(writer->text.length) <= writer->text.length <=
      \old(writer->text.length) + 5000000000 * (fields_end + 1); */
static void put_fields(struct writer *writer)
{
	bool is_first = true;

	rewind_fields(writer);
	/*@ loop invariant is_writing(writer, 0) && has_record(writer);
	    loop invariant writer->text.text == \at(writer->text.text, Pre);
	    loop invariant writer->text.size == \at(writer->text.size, Pre);
	    loop invariant 0 <= FIELDS_LEFT;
	    loop invariant 0 <= tw_fields_left(writer->record, &writer->iterator) <=
	      fields_end;
	    loop invariant \at(writer->text.length, Pre) <=
	      writer->text.length <= \at(writer->text.length, Pre) +
	      5000000000 * (fields_end -
	      tw_fields_left(writer->record, &writer->iterator));
	    loop assigns is_first, writer->text.length,
	      writer->text.text[0 .. writer->text.size - 1], writer->iterator,
	      writer->field, writer->step, writer->octets, writer->key_tag,
	      writer->window, writer->is_open;
	    loop variant FIELDS_LEFT; */
	while (take_field(writer)) {
		//@ assert writer->text.length <= SIZE_MAX - 5000000000;
		is_first = put_laid_out(writer, is_first);
	}
	//@ assert writer->text.length <= SIZE_MAX - 5000000000;
	put_end(writer);
}

/* Whether the RDATA has no form but that of RFC 3597: it is opaque, or a part
 * of it that matters is. */
/*@ requires is_writing(writer, 0) && has_record(writer);
    assigns writer->iterator, writer->field, writer->step;
    assigns writer->octets \from writer->message->octets, writer->field;
    ensures is_writing(writer, 0) && has_record(writer);
    ensures writer->text.text == \old(writer->text.text);
    ensures writer->text.size == \old(writer->text.size);
    ensures writer->text.length == \old(writer->text.length); */
static bool is_generic(struct writer *writer)
{
	uint8_t kind = *tw_kinds_of(writer->row);

	if (has_style(writer, TROWEL_STYLE_GENERIC) ||
		kind == TROWEL_KIND_OCTETS || kind == TROWEL_KIND_OPTION)
		return true;
	/*@ loop invariant is_writing(writer, 0) && has_record(writer);
	    loop invariant writer->text.text == \at(writer->text.text, Pre);
	    loop invariant writer->text.size == \at(writer->text.size, Pre);
	    loop invariant writer->text.length == \at(writer->text.length, Pre);
	    loop invariant 0 <= FIELDS_LEFT;
	    loop assigns writer->iterator, writer->field, writer->step,
	      writer->octets;
	    loop variant FIELDS_LEFT; */
	while (take_field(writer))
		if (writer->field.kind == TROWEL_KIND_OCTETS ||
			(writer->field.kind == TROWEL_KIND_PREFIX &&
				!has_known_family(writer)))
			return true;
	return false;
}

size_t trowel_rdata_format(const struct trowel_message *message,
	const struct trowel_record *record, unsigned style, char *text,
	size_t size)
{
	struct writer writer = { .text = { text, size, 0 },
		.message = message,
		.record = record,
		.row = tw_row_of(message, record),
		.style = style };

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
	struct writer writer = { .text = { text, size, 0 },
		.message = message,
		.record = record,
		.row = &tw_rrtype_opaque,
		/* one by one, so that the proof sees them */
		.field = { field->name, field->name_length, field->kind,
			field->offset, field->length, field->number },
		.octets = message->octets + field->offset,
		.style = style };

	//@ assert tw_is_row(writer.row);
	//@ assert tw_text_has_room(&writer.text, 4600000000);
	/*@ assert \separated(&writer, writer.message, writer.message->octets +
	      (0 .. writer.message->length - 1)); */
	//@ assert is_writing(&writer, 4600000000);
	/*@ assert tw_text_can_read(&writer.text, writer.octets,
	      writer.field.length); */
	//@ assert tw_field_is_whole(&writer.field);
	//@ assert has_field(&writer);
	put_field(&writer);
	tw_text_end(&writer.text);
	return writer.text.length;
}
