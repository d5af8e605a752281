/* SPDX-License-Identifier: MIT */
/* The table of RR types, and the walk of a type's row over RDATA. */
#ifndef TW_RDATA_H
#define TW_RDATA_H

#include "wire/name.h"
#include "wire/wire.h"

#define TW_FIELDS_MAX 9

/* Kinds in rows that become one of enum trowel_kind, or nothing, by the octets
 * that stand before them. */
enum tw_kind {
	TW_KIND_OPTIONAL = 128, /* and a kind: that, or the end */
	TW_KIND_OPTIONAL_STRING = TW_KIND_OPTIONAL + TROWEL_KIND_STRING,
	TW_KIND_OPTIONAL_BASE64 = TW_KIND_OPTIONAL + TROWEL_KIND_BASE64,
	/* plain names up to the end */
	TW_KIND_NAMES = TW_KIND_OPTIONAL + TROWEL_KIND_PLAIN_NAME,
	TW_KIND_GATEWAY = 192, /* by the octet at 1: RFC 4025 2.3 */
	TW_KIND_RELAY, /* likewise, its low seven bits: RFC 8777 4.2.3 */
	TW_KIND_A6_SUFFIX, /* by the prefix length at 0: RFC 2874 3.1 */
	TW_KIND_A6_NAME
};

/* The classes for which a row holds. */
enum tw_class_rule {
	TW_CLASS_ANY, /* every class with data */
	TW_CLASS_IN,
	TW_CLASS_META /* ANY alone: TSIG and TKEY */
};

/* A type: everything that trowel knows of it; rrtypes.def has it. */
struct tw_rrtype {
	uint16_t code;
	uint16_t text; /* where its strings begin among those of all */
	uint16_t kinds : 14; /* likewise in tw_field_kinds */
	uint16_t classes : 2; /* enum tw_class_rule */
};

#define TW_COUNT_OF(...) TW_TENTH_OF(__VA_ARGS__, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define TW_TENTH_OF(a, b, c, d, e, f, g, h, i, tenth, ...) tenth
enum tw_rrtypes_size {
	TW_RRTYPE_COUNT = 0
#define ROW(...) +1
#include "wire/rrtypes.def"
#undef ROW
	,
	TW_KINDS_SIZE = 3 + TW_FIELDS_MAX
#define ROW(code, classes, kinds, ...) +TW_COUNT_OF kinds + 1
#include "wire/rrtypes.def"
#undef ROW
};

extern const struct tw_rrtype tw_rrtypes[TW_RRTYPE_COUNT]; /* by code */
extern const struct tw_rrtype tw_rrtype_opaque; /* of what is not read */
extern const struct tw_rrtype tw_rrtype_chaos; /* of an A of class CH */

/* For each row the kinds of its fields, up to TROWEL_KIND_NONE; of any row, as
 * many as a row can have may be read. */
extern const uint8_t tw_field_kinds[TW_KINDS_SIZE];

/*@ predicate tw_is_row(struct tw_rrtype *row) =
      row == &tw_rrtype_opaque || row == &tw_rrtype_chaos ||
      \exists integer i; 0 <= i < TW_RRTYPE_COUNT && row == &tw_rrtypes[i]; */

/*@ predicate tw_are_kinds(uint8_t *kinds) = \exists integer n;
      0 <= n < TW_KINDS_SIZE && kinds[n] == TROWEL_KIND_NONE &&
      \valid_read(kinds + (0 .. n)); */

/*@ requires tw_is_row(row);
    assigns \result \from row, &tw_field_kinds[0 ..];
    ensures \base_addr(\result) == \base_addr(&tw_field_kinds[0]);
    ensures \let n = TW_KINDS_SIZE - 1 - row->kinds;
      0 <= n < TW_KINDS_SIZE && \result[n] == TROWEL_KIND_NONE &&
      \valid_read(\result + (0 .. n));
    ensures \valid_read(\result + (0 .. TW_FIELDS_MAX - 1)); */
static inline const uint8_t *tw_kinds_of(const struct tw_rrtype *row)
{
	size_t start = row->kinds;

	/*@ assert \forall integer i; 0 <= i < TW_RRTYPE_COUNT ==>
	      tw_rrtypes[i].kinds <= TW_KINDS_SIZE - TW_FIELDS_MAX; */
	return tw_field_kinds + start;
}

/* RDATA: octets[start .. end). */
struct tw_rdata {
	const uint8_t *octets;
	size_t start;
	size_t end;
};

/*@ predicate tw_rdata_is_good(struct tw_rdata *rdata) =
      \valid_read(rdata) && rdata->start <= rdata->end <= TROWEL_MESSAGE_MAX &&
      \valid_read(rdata->octets + (0 .. rdata->end - 1)); */

/*@ predicate tw_rdata_is_at(struct tw_rdata *rdata, size_t *position) =
      tw_rdata_is_good(rdata) && \valid(position) &&
      \separated(position, rdata, rdata->octets + (0 .. rdata->end - 1)) &&
      rdata->start <= *position <= rdata->end; */

/* The row of a type, or NULL: in less space, and more time, than the next one. */
/*@ assigns \result \from code;
    ensures \result == \null || tw_is_row(\result); */
const struct tw_rrtype *tw_rrtype_search(uint16_t code);

/* The row of a type, or NULL. The codes up to 53 are all there, in row
 * code - 1. */
#define TW_DENSE_END 54
/*@ assigns \result \from code;
    ensures \result == \null || tw_is_row(\result); */
static inline const struct tw_rrtype *tw_rrtype_find(uint16_t code)
{
	if (code >= 1 && code < TW_DENSE_END)
		return &tw_rrtypes[code - 1];
	return tw_rrtype_search(code);
}

/* tw_rrtype_of() of classes other than IN. */
/*@ assigns \result \from type, class_code;
    ensures \result == \null || tw_is_row(\result); */
const struct tw_rrtype *tw_rrtype_of_class(uint16_t type, uint16_t class_code);

/* The row by which RDATA of this type and class is checked: NULL where it is
 * opaque (RFC 3597; classes NONE and ANY, RFC 2136 2.4). */
/*@ assigns \result \from type, class_code;
    ensures \result == \null || tw_is_row(\result); */
static inline const struct tw_rrtype *tw_rrtype_of(
	uint16_t type, uint16_t class_code)
{
	const struct tw_rrtype *row;

	if (class_code != 1)
		return tw_rrtype_of_class(type, class_code);
	row = tw_rrtype_find(type);
	return row != NULL && row->classes != TW_CLASS_META ? row : NULL;
}

/* The row that a record is read by if its RDATA is as that has it. Never NULL. */
/*@ requires \valid_read(record);
    assigns \result \from *record;
    ensures tw_is_row(\result); */
const struct tw_rrtype *tw_rrtype_for(const struct trowel_record *record);

/* The row by which a record of a checked message is read. Beside the above,
 * that of records of class NONE and ANY (TSIG, TKEY, SIG(0)) and of an A of
 * class CH, if their RDATA is as it should be: the check of the message leaves
 * those alone, and a caller may have cut it since. Never NULL: what is opaque
 * is one field. */
/*@ requires \valid_read(message) && \valid_read(record);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    assigns \result \from *message, *record;
    ensures tw_is_row(\result); */
const struct tw_rrtype *tw_row_of(const struct trowel_message *message,
	const struct trowel_record *record);

/* Checks that fields of these kinds fill RDATA from *position to `end`. At an
 * error *position is the octet at fault and *field the index of its kind.
 * Errors: those of tw_name_check(), with TROWEL_RDATA_TOO_SHORT for its
 * TROWEL_CUT_SHORT; TROWEL_RDATA_TOO_LONG, TROWEL_POINTER_FORBIDDEN,
 * TROWEL_BAD_VALUE. */
/*@ requires tw_are_kinds(kinds) && tw_message_is_open(message);
    requires \valid(position) && \valid(field);
    requires *position <= end <= message->length;
    requires \separated(position, field, message,
      message->octets + (0 .. message->length - 1));
    requires \separated(position, field, message,
      kinds + (0 .. TW_KINDS_SIZE - 1));
    assigns *position, *field, message->names;
    ensures *position <= message->length;
    ensures tw_names_are_right(message); */
enum trowel_status tw_rdata_check(const uint8_t *kinds,
	struct trowel_message *message, size_t end, size_t *position,
	size_t *field);

/* Where good RDATA from `start` ends, which has octets up to `end`, if its kind
 * is common and its row is simple. Anything else says nothing. */
/*@ requires tw_message_is_open(message);
    requires start <= TROWEL_MESSAGE_MAX && end <= message->length;
    assigns message->names;
    ensures tw_names_are_right(message); */
size_t tw_rdata_pass(struct trowel_message *message, uint32_t kind,
	size_t start, size_t end);

/* The end of an uncompressed name of at most 255 octets, or TW_NOWHERE. */
/*@ requires start <= TROWEL_MESSAGE_MAX && end <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. end - 1));
    assigns \nothing;
    ensures \result == TW_NOWHERE || start < \result <= end; */
size_t tw_plain_name_pass(const uint8_t *octets, size_t start, size_t end);

/* Parts of tw_rdata_check(), from *position to the end.
 * RFC 4034 4.1.2: windows in ascending order, of 1 to 32 octets, the last of
 * them not 0; no window at all is for NSEC3 and CSYNC alone. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
enum trowel_status tw_types_check(
	const struct tw_rdata *rdata, size_t *position);
/* RFC 9460 2.2: keys in strictly ascending order. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end; */
enum trowel_status tw_params_check(
	const struct tw_rdata *rdata, size_t *position);

/* A row's mnemonic, as a string. */
/*@ requires tw_is_row(row);
    assigns \result \from row;
    ensures tw_is_string(\result) && !\valid(\result); */
const char *tw_rrtype_mnemonic(const struct tw_rrtype *row);

/* A row's layout, as a string. */
/*@ requires tw_is_row(row);
    assigns \result \from row;
    ensures tw_is_string(\result) && !\valid(\result); */
const char *tw_rrtype_layout(const struct tw_rrtype *row);

/* The names of a row's fields, with spaces between, as a string. */
/*@ requires tw_is_row(row);
    assigns \result \from row;
    ensures tw_is_string(\result);
    ensures !\valid(\result); */
const char *tw_field_names(const struct tw_rrtype *row);

/* The name of a row's field. Returns its length. */
/*@ requires tw_is_row(row) && \valid(name);
    assigns *name \from row;
    ensures \result <= 255 && \valid_read(*name + (0 .. \result)) &&
      !\valid(*name); */
size_t tw_field_name(
	const struct tw_rrtype *row, size_t field, const char **name);

/* Octets of a field, by its kind; 0 where they are not always as many. */
/*@ logic integer tw_width_of(integer kind) =
      kind == TROWEL_KIND_U8 || kind == TROWEL_KIND_LOW_BITS ||
        kind == TROWEL_KIND_ALGORITHM || kind == TROWEL_KIND_SCHEME ? 1 :
      kind == TROWEL_KIND_U16 || kind == TROWEL_KIND_SIZE ||
        kind == TROWEL_KIND_TYPE || kind == TROWEL_KIND_CERT_TYPE ||
        kind == TROWEL_KIND_ERROR || kind == TROWEL_KIND_OCTAL ? 2 :
      kind == TROWEL_KIND_U32 || kind == TROWEL_KIND_SERIAL ||
        kind == TROWEL_KIND_TTL || kind == TROWEL_KIND_TIME ||
        kind == TROWEL_KIND_IPV4 ? 4 :
      kind == TROWEL_KIND_U48 || kind == TROWEL_KIND_EUI48 ? 6 :
      kind == TROWEL_KIND_EUI64 || kind == TROWEL_KIND_NODE ? 8 :
      kind == TROWEL_KIND_IPV6 ? 16 : 0; */
#define TW_WIDTHS_END (TROWEL_KIND_NODE + 1)
extern const uint8_t tw_kind_widths[TW_WIDTHS_END];
/*@ assigns \nothing;
    ensures \result == tw_width_of(kind); */
static inline size_t tw_kind_width(uint8_t kind)
{
	return kind < TW_WIDTHS_END ? tw_kind_widths[kind] : 0;
}

/* Octets that are there at least of a field that tw_field_pass() has passed. */
/*@ logic integer tw_least_of(integer kind) =
      kind == TROWEL_KIND_PREFIX || kind == TROWEL_KIND_PARAM ||
        kind == TROWEL_KIND_OPTION ? 4 :
      kind == TROWEL_KIND_LOCATION ? 16 :
      kind == TROWEL_KIND_STRING || kind == TROWEL_KIND_STRINGS ||
        kind == TROWEL_KIND_TAG || kind == TROWEL_KIND_SALT ||
        kind == TROWEL_KIND_HASH || kind == TROWEL_KIND_ATMA ? 1 :
      tw_width_of(kind); */

/*@ predicate tw_is_items(integer kind) =
      kind == TROWEL_KIND_TYPES || kind == TROWEL_KIND_OLD_TYPES ||
      kind == TROWEL_KIND_PORTS || kind == TROWEL_KIND_PREFIX ||
      kind == TROWEL_KIND_STRINGS || kind == TROWEL_KIND_PARAM ||
      kind == TROWEL_KIND_OPTION || kind == TW_KIND_NAMES; */

/* Whether fields of a kind go on, one after another, to the end. */
/*@ assigns \nothing;
    ensures \result <==> tw_is_items(kind); */
bool tw_is_list(uint8_t kind);

/* The kind of a field that begins at `at`; NONE if there is none. */
/*@ requires tw_rdata_is_good(rdata) && rdata->start <= at <= rdata->end;
    assigns \nothing; */
uint8_t tw_kind_here(const struct tw_rdata *rdata, uint8_t kind, size_t at);

/* Moves *position behind a field, or an item of a list, that is no name;
 * `kind` as tw_kind_here() says. */
/*@ requires tw_rdata_is_at(rdata, position);
    assigns *position;
    ensures \old(*position) <= *position <= rdata->end;
    ensures \result == TROWEL_OK ==>
      *position >= \old(*position) + tw_least_of(kind); */
enum trowel_status tw_field_pass(
	const struct tw_rdata *rdata, uint8_t kind, size_t *position);

/*@ logic integer tw_place_of(struct trowel_record *record,
      struct trowel_iterator *iterator) =
      iterator->offset == 0 ? record->rdata : iterator->offset; */

/*@ predicate tw_is_inside(struct trowel_record *record,
      struct trowel_iterator *iterator) =
      tw_iterator_is_in(iterator, record->rdata,
        record->rdata + record->rdata_length); */

/* What an iterator has before it: steps of the row, and bits of RDATA, of which
 * there are fewer than for one step. */
/*@ logic integer tw_fields_left(struct trowel_record *record,
      struct trowel_iterator *iterator) =
      (TW_FIELDS_MAX - iterator->step) * 600000 + 7 - iterator->bit +
      (record->rdata + record->rdata_length - tw_place_of(record, iterator)) *
        8; */

/* trowel_field_next() by a given row; *step is the field's index in it. */
/*@ requires tw_is_row(row) && \valid_read(message) && \valid_read(record);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \valid(iterator) && \valid(field) && \valid(step);
    requires \separated(iterator, field, step, message);
    requires \separated(iterator, field, step, record);
    requires \separated(iterator, message->octets + (0 .. message->length - 1));
    requires \separated(field, message->octets + (0 .. message->length - 1));
    requires tw_is_inside(record, iterator);
    assigns *iterator, *field, *step;
    ensures tw_is_inside(record, iterator);
    ensures \result ==> tw_field_is_whole(field) &&
      \old(tw_place_of(record, iterator)) <= field->offset &&
      field->offset + field->length <= tw_place_of(record, iterator);
    ensures \result ==>
      record->rdata + record->rdata_length <= message->length;
    ensures \result ==> \valid_read(field->name +
      (0 .. field->name_length - 1));
    ensures \result ==> tw_fields_left(record, iterator) <
      \old(tw_fields_left(record, iterator)); */
bool tw_field_take(const struct tw_rrtype *row,
	const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field, size_t *step);

#endif
