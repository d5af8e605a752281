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
	uint16_t text; /* where its strings begin in tw_rrtype_texts */
	uint16_t kinds : 14; /* likewise in tw_field_kinds */
	uint16_t classes : 2; /* enum tw_class_rule */
};

extern const struct tw_rrtype tw_rrtypes[]; /* by ascending code */
extern const size_t tw_rrtype_count;
extern const struct tw_rrtype tw_rrtype_opaque; /* of what is not read */
extern const struct tw_rrtype tw_rrtype_chaos; /* of an A of class CH */

/* For each row three strings, one after another: the mnemonic, the layout over
 * several lines, and the names of the fields with spaces between. */
extern const char tw_rrtype_texts[];

/* For each row the kinds of its fields, up to TROWEL_KIND_NONE. */
extern const uint8_t tw_field_kinds[];
static inline const uint8_t *tw_kinds_of(const struct tw_rrtype *row)
{
	return tw_field_kinds + row->kinds;
}

/* RDATA: octets[start .. end). */
struct tw_rdata {
	const uint8_t *octets;
	size_t start;
	size_t end;
};

/* The row of a type, or NULL: in less space, and more time, than the next one. */
const struct tw_rrtype *tw_rrtype_search(uint16_t code);

/* The row of a type, or NULL. The codes up to 53 are all there, in row
 * code - 1. */
#define TW_DENSE_END 54
static inline const struct tw_rrtype *tw_rrtype_find(uint16_t code)
{
	if (code >= 1 && code < TW_DENSE_END)
		return &tw_rrtypes[code - 1];
	return tw_rrtype_search(code);
}

/* tw_rrtype_of() of classes other than IN. */
const struct tw_rrtype *tw_rrtype_of_class(uint16_t type, uint16_t class_code);

/* The row by which RDATA of this type and class is checked: NULL where it is
 * opaque (RFC 3597; classes NONE and ANY, RFC 2136 2.4). */
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
const struct tw_rrtype *tw_rrtype_for(const struct trowel_record *record);

/* The row by which a record of a checked message is read. Beside the above,
 * that of records of class NONE and ANY (TSIG, TKEY, SIG(0)) and of an A of
 * class CH, if their RDATA is as it should be: the check of the message leaves
 * those alone. Never NULL: what is opaque is one field. */
const struct tw_rrtype *tw_row_of(const struct trowel_message *message,
	const struct trowel_record *record);

/* Checks that fields of these kinds fill RDATA from *position to `end`. At an
 * error *position is the octet at fault and *field the index of its kind.
 * Errors: those of tw_name_check(), with TROWEL_RDATA_TOO_SHORT for its
 * TROWEL_CUT_SHORT; TROWEL_RDATA_TOO_LONG, TROWEL_POINTER_FORBIDDEN,
 * TROWEL_BAD_VALUE. */
enum trowel_status tw_rdata_check(const uint8_t *kinds,
	struct trowel_message *message, size_t end, size_t *position,
	size_t *field);

/* Where good RDATA from `start` ends, which has octets up to `end`, if its kind
 * is common and its row is simple. Anything else says nothing. */
size_t tw_rdata_pass(struct trowel_message *message, uint32_t kind,
	size_t start, size_t end);

/* The end of an uncompressed name of at most 255 octets, or TW_NOWHERE. */
size_t tw_plain_name_pass(const uint8_t *octets, size_t start, size_t end);

/* Parts of tw_rdata_check(), from *position to the end.
 * RFC 4034 4.1.2: windows in ascending order, of 1 to 32 octets, the last of
 * them not 0; no window at all is for NSEC3 and CSYNC alone. */
enum trowel_status tw_types_check(
	const struct tw_rdata *rdata, size_t *position);
/* RFC 9460 2.2: keys in strictly ascending order. */
enum trowel_status tw_params_check(
	const struct tw_rdata *rdata, size_t *position);

/* A row's mnemonic, as a string. */
static inline const char *tw_rrtype_mnemonic(const struct tw_rrtype *row)
{
	return tw_rrtype_texts + row->text;
}

/* A row's layout, as a string. */
const char *tw_rrtype_layout(const struct tw_rrtype *row);

/* The name of a row's field. Returns its length. */
size_t tw_field_name(
	const struct tw_rrtype *row, size_t field, const char **name);

/* Octets of a field, by its kind; 0 where they are not always as many. */
#define TW_WIDTHS_END (TROWEL_KIND_NODE + 1)
extern const uint8_t tw_kind_widths[TW_WIDTHS_END];
static inline size_t tw_kind_width(uint8_t kind)
{
	return kind < TW_WIDTHS_END ? tw_kind_widths[kind] : 0;
}

/* Whether fields of a kind go on, one after another, to the end. */
bool tw_is_list(uint8_t kind);

/* The kind of a field that begins at `at`; NONE if there is none. The octets
 * that it depends on are there: fields before it took them. */
uint8_t tw_kind_here(const struct tw_rdata *rdata, uint8_t kind, size_t at);

/* Moves *position behind a field, or an item of a list, that is no name;
 * `kind` as tw_kind_here() says. */
enum trowel_status tw_field_pass(
	const struct tw_rdata *rdata, uint8_t kind, size_t *position);

/* trowel_field_next() by a given row; *step is the field's index in it. */
bool tw_field_take(const struct tw_rrtype *row,
	const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field, size_t *step);

#endif
