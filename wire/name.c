/* SPDX-License-Identifier: MIT */
#include "wire/name.h"

#include "wire/cursor.h"

struct parser {
	const char *text;
	size_t length;
	size_t position;
	size_t label; /* index of the present label's length octet */
	size_t used; /* octets of the name so far, that one included */
};

/*@ predicate is_good(struct parser *parser, struct trowel_name *name) =
      \valid(parser) && \valid(name) && \separated(parser, name) &&
      \valid_read(parser->text + (0 .. parser->length - 1)) &&
      \separated(parser->text + (0 .. parser->length - 1), parser, name) &&
      parser->position <= parser->length &&
      parser->label < parser->used <= TROWEL_NAME_MAX &&
      parser->used - parser->label <= TROWEL_LABEL_MAX + 1 &&
      tw_labels(name, parser->label); */

/*@ assigns \nothing;
    ensures \result <==> 48 <= character <= 57; */
static bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

/* \DDD or \X, RFC 1035 5.1; the position is behind the backslash. */
/*@ requires \valid(parser) && \valid(octet);
    requires parser->position <= parser->length;
    requires \valid_read(parser->text + (0 .. parser->length - 1));
    requires \separated(parser, octet, parser->text + (0 .. parser->length - 1));
    assigns parser->position, *octet;
    ensures \result == TROWEL_OK || \result == TROWEL_BAD_ESCAPE;
    ensures \old(parser->position) <= parser->position <= parser->length; */
static enum trowel_status take_escape(struct parser *parser, uint8_t *octet)
{
	const char *text = parser->text;
	size_t at = parser->position;
	int value;

	if (at >= parser->length)
		return TROWEL_BAD_ESCAPE;
	if (!is_digit(text[at])) {
		*octet = tw_octet_of(text[at]);
		parser->position = at + 1;
		return TROWEL_OK;
	}
	if (parser->length - at < 3 || !is_digit(text[at + 1]) ||
		!is_digit(text[at + 2]))
		return TROWEL_BAD_ESCAPE;
	value = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 +
		(text[at + 2] - '0');
	if (value > 255)
		return TROWEL_BAD_ESCAPE;
	*octet = (uint8_t)value;
	parser->position = at + 3;
	return TROWEL_OK;
}

/* Ends the present label and begins the next, which is the root if no more
 * comes. */
/*@ requires is_good(parser, name);
    assigns parser->label, parser->used, name->octets[parser->label];
    ensures is_good(parser, name);
    ensures \result == TROWEL_OK && parser->used == parser->label + 1 &&
      parser->label == \old(parser->used) ||
      (\result == TROWEL_EMPTY_LABEL || \result == TROWEL_NAME_TOO_LONG); */
static enum trowel_status end_label(
	struct parser *parser, struct trowel_name *name)
{
	size_t length = parser->used - parser->label - 1;

	if (length == 0)
		return TROWEL_EMPTY_LABEL;
	if (parser->used >= TROWEL_NAME_MAX)
		return TROWEL_NAME_TOO_LONG;
	name->octets[parser->label] = (uint8_t)length;
	//@ assert tw_labels(name, parser->label);
	parser->label = parser->used;
	parser->used++;
	return TROWEL_OK;
}

/* A dot, an escape, or an octet too many. */
/*@ requires is_good(parser, name) && parser->position < parser->length;
    assigns parser->position, parser->label, parser->used, name->octets[0 .. 254];
    ensures is_good(parser, name);
    ensures TROWEL_OK <= \result <= TROWEL_BAD_ESCAPE;
    ensures parser->position > \old(parser->position) ||
      (\result != TROWEL_OK && parser->position == \old(parser->position)); */
static enum trowel_status take_octet(
	struct parser *parser, struct trowel_name *name)
{
	size_t start = parser->position;
	uint8_t octet = tw_octet_of(parser->text[start]);
	enum trowel_status status = TROWEL_OK;

	parser->position++;
	if (octet == '.') {
		status = end_label(parser, name);
		if (status != TROWEL_OK)
			parser->position = start;
		return status;
	}
	if (octet == '\\')
		status = take_escape(parser, &octet);
	if (status == TROWEL_OK && parser->used - parser->label > 63)
		status = TROWEL_LABEL_TOO_LONG;
	else if (status == TROWEL_OK && parser->used >= TROWEL_NAME_MAX - 1)
		status = TROWEL_NAME_TOO_LONG;
	if (status != TROWEL_OK) {
		parser->position = start;
		return status;
	}
	name->octets[parser->used] = octet;
	//@ assert tw_labels(name, parser->label);
	parser->used++;
	return TROWEL_OK;
}

/*@ requires is_good(parser, name);
    requires parser->label == 0 && parser->used == 1;
    assigns parser->position, parser->label, parser->used, name->octets[0 .. 254];
    ensures is_good(parser, name);
    ensures TROWEL_OK <= \result <= TROWEL_BAD_ESCAPE; */
static enum trowel_status parse(struct parser *parser, struct trowel_name *name)
{
	enum trowel_status status = TROWEL_OK;

	if (parser->length == 1 && parser->text[0] == '.')
		return TROWEL_OK;
	/*@ loop invariant is_good(parser, name);
	    loop invariant TROWEL_OK <= status <= TROWEL_BAD_ESCAPE;
	    loop assigns status, parser->position, parser->label, parser->used,
	      name->octets[0 .. 254];
	    loop variant parser->length - parser->position +
	      (status == TROWEL_OK ? 1 : 0); */
	while (status == TROWEL_OK && parser->position < parser->length)
		status = take_octet(parser, name);
	/* Behind a final dot, the label begun is the root. */
	if (status == TROWEL_OK &&
		(parser->used - parser->label > 1 || parser->label == 0))
		status = end_label(parser, name);
	return status;
}

/* Parses text without escapes that is well within the limits: most names, an
 * octet of which comes one behind its character, and the length of a label in
 * place of the dot before it. False: it is not such. */
/*@ requires \valid_read(text + (0 .. length - 1)) && \valid(name);
    requires \separated(name, text + (0 .. length - 1));
    assigns *name;
    ensures \result ==> tw_name_is_good(name); */
static inline bool parse_plainly(
	const char *text, size_t length, struct trowel_name *name)
{
	size_t start = 1; /* of the present label, behind its length octet */
	size_t count;

	if (length == 0 || length > TROWEL_NAME_MAX - 2)
		return false;
	/*@ loop invariant 1 <= start <= at <= length + 1;
	    loop invariant tw_labels(name, start - 1);
	    loop assigns at, start, count, name->octets[0 .. 254];
	    loop variant length + 1 - at; */
	for (size_t at = 1; at <= length; at++) {
		uint8_t octet = tw_octet_of(text[at - 1]);

		name->octets[at] = octet;
		//@ assert tw_labels(name, start - 1);
		if (octet == '\\')
			return false;
		if (octet == '.') {
			count = at - start;
			if (count < 1 || count > TROWEL_LABEL_MAX)
				return false;
			name->octets[start - 1] = (uint8_t)count;
			//@ assert tw_labels(name, start - 1);
			start = at + 1;
		}
	}
	count = length + 1 - start;
	if (count > TROWEL_LABEL_MAX)
		return false;
	if (count > 0) {
		name->octets[start - 1] = (uint8_t)count;
		//@ assert tw_labels(name, start - 1);
		start = length + 2;
	}
	//@ assert tw_labels(name, start - 1);
	name->octets[start - 1] = 0;
	name->length = (uint8_t)start;
	return true;
}

/*@ requires \valid_read(text + (0 .. length - 1)) && \valid(name);
    requires \valid(position);
    requires \separated(name, position, text + (0 .. length - 1));
    assigns *name, *position;
    ensures TROWEL_OK <= \result <= TROWEL_BAD_ESCAPE;
    ensures tw_name_is_good(name);
    ensures \result != TROWEL_OK ==> name->length == 1 && *position <= length;
 */
static TW_COLD enum trowel_status parse_by_parts(const char *text,
	size_t length, struct trowel_name *name, size_t *position)
{
	struct parser parser = { text, length, 0, 0, 1 };
	enum trowel_status status = parse(&parser, name);

	if (status != TROWEL_OK) {
		*position = parser.position;
		parser.label = 0;
	}
	name->octets[parser.label] = 0;
	name->length = (uint8_t)(parser.label + 1);
	return status;
}

enum trowel_status trowel_name_parse(const char *text, size_t length,
	struct trowel_name *name, size_t *position)
{
	return parse_plainly(text, length, name)
		? TROWEL_OK
		: parse_by_parts(text, length, name, position);
}

/*@ requires tw_text_is_good(text) && text->length <= SIZE_MAX - 4;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures text->length == \old(text->length) + 4; */
static void put_decimal(struct tw_text *text, uint8_t octet)
{
	tw_text_put(text, '\\');
	tw_text_put(text, (char)('0' + octet / 100));
	tw_text_put(text, (char)('0' + octet / 10 % 10));
	tw_text_put(text, (char)('0' + octet % 10));
}

/*@ assigns \nothing; */
static bool is_special(uint8_t octet)
{
	return octet == '.' || octet == '"' || octet == '(' || octet == ')' ||
		octet == ';' || octet == '\\' || octet == '@' || octet == '$';
}

/*@ requires tw_text_is_good(text) && text->length <= SIZE_MAX - 4;
    assigns text->length, text->text[0 .. text->size - 1];
    ensures \old(text->length) < text->length <= \old(text->length) + 4; */
static void put_label_octet(struct tw_text *text, uint8_t octet)
{
	if (octet <= 0x20 || octet >= 0x7F) {
		put_decimal(text, octet);
		return;
	}
	if (is_special(octet))
		tw_text_put(text, '\\');
	tw_text_put(text, tw_char_of(octet));
}

void tw_name_put(struct tw_text *text, const struct trowel_name *name)
{
	size_t at = 0;

	if (name->length <= 1) {
		tw_text_put(text, '.');
		return;
	}
	/* The last octet is the root's. */
	/*@ loop invariant 0 <= at <= name->length;
	    loop invariant \at(text->length, Pre) <= text->length <=
	      \at(text->length, Pre) + 4 * at;
	    loop invariant at > 0 ==> text->length > \at(text->length, Pre);
	    loop assigns at, text->length, text->text[0 .. text->size - 1];
	    loop variant name->length - at; */
	while (at + 1 < name->length) {
		size_t end = at + 1 + name->octets[at];

		/*@ loop invariant \at(at, LoopEntry) <= at <= name->length;
		    loop invariant \at(text->length, Pre) <= text->length <=
		      \at(text->length, Pre) + 4 * (at - 1);
		    loop assigns at, text->length,
		      text->text[0 .. text->size - 1];
		    loop variant name->length - at; */
		for (at++; at < end && at < name->length; at++)
			put_label_octet(text, name->octets[at]);
		tw_text_put(text, '.');
	}
}

size_t trowel_name_format(
	const struct trowel_name *name, char text[TROWEL_NAME_TEXT_SIZE])
{
	struct tw_text out = { text, TROWEL_NAME_TEXT_SIZE, 0 };

	tw_name_put(&out, name);
	tw_text_end(&out);
	return out.length;
}

bool trowel_name_is_equal(
	const struct trowel_name *a, const struct trowel_name *b)
{
	if (a->length != b->length)
		return false;
	/* Length octets are below 'A': lowering leaves them alone. */
	/*@ loop invariant 0 <= i <= a->length;
	    loop invariant \forall integer k; 0 <= k < i ==>
	      tw_lowered(a->octets[k]) == tw_lowered(b->octets[k]);
	    loop assigns i;
	    loop variant a->length - i; */
	for (size_t i = 0; i < a->length; i++)
		if (tw_lower(a->octets[i]) != tw_lower(b->octets[i]))
			return false;
	return true;
}
