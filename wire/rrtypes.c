/* SPDX-License-Identifier: MIT */
/*
 * The arrays that rrtypes.def makes. There are no pointers in them, which would
 * cost the loader work and the library octets: a row tells where its strings
 * begin in one text of all strings.
 */
#include "wire/rdata.h"

#include "wire/text.h"

#define U8 TROWEL_KIND_U8
#define U16 TROWEL_KIND_U16
#define U32 TROWEL_KIND_U32
#define U48 TROWEL_KIND_U48
#define SERIAL TROWEL_KIND_SERIAL
#define TTL TROWEL_KIND_TTL
#define SIZE TROWEL_KIND_SIZE
#define TOP_BIT TROWEL_KIND_TOP_BIT
#define LOW_BITS TROWEL_KIND_LOW_BITS
#define TYPE TROWEL_KIND_TYPE
#define TYPES TROWEL_KIND_TYPES
#define OLD_TYPES TROWEL_KIND_OLD_TYPES
#define PORTS TROWEL_KIND_PORTS
#define TIME TROWEL_KIND_TIME
#define ALGORITHM TROWEL_KIND_ALGORITHM
#define CERT_TYPE TROWEL_KIND_CERT_TYPE
#define ERROR TROWEL_KIND_ERROR
#define SCHEME TROWEL_KIND_SCHEME
#define NAME TROWEL_KIND_NAME
#define PLAIN_NAME TROWEL_KIND_PLAIN_NAME
#define IPV4 TROWEL_KIND_IPV4
#define IPV6 TROWEL_KIND_IPV6
#define PREFIX TROWEL_KIND_PREFIX
#define STRING TROWEL_KIND_STRING
#define STRINGS TROWEL_KIND_STRINGS
#define TAG TROWEL_KIND_TAG
#define TEXT TROWEL_KIND_TEXT
#define OCTETS TROWEL_KIND_OCTETS
#define HEX TROWEL_KIND_HEX
#define DIGEST TROWEL_KIND_DIGEST
#define BASE64 TROWEL_KIND_BASE64
#define SIGNATURE TROWEL_KIND_SIGNATURE
#define KEY TROWEL_KIND_KEY
#define DHCID TROWEL_KIND_DHCID
#define SIZED TROWEL_KIND_SIZED
#define HIT TROWEL_KIND_HIT
#define HIP_KEY TROWEL_KIND_HIP_KEY
#define OBJECT TROWEL_KIND_OBJECT
#define SALT TROWEL_KIND_SALT
#define HASH TROWEL_KIND_HASH
#define NSAP TROWEL_KIND_NSAP
#define ATMA TROWEL_KIND_ATMA
#define EUI48 TROWEL_KIND_EUI48
#define EUI64 TROWEL_KIND_EUI64
#define NODE TROWEL_KIND_NODE
#define LOCATION TROWEL_KIND_LOCATION
#define PARAM TROWEL_KIND_PARAM
#define OPTION TROWEL_KIND_OPTION
/* Forms that depend on octets before them; see tw_kind_here(). */
#define OPTIONAL_STRING TW_KIND_OPTIONAL_STRING
#define OPTIONAL_BASE64 TW_KIND_OPTIONAL_BASE64
#define NAMES TW_KIND_NAMES
#define GATEWAY TW_KIND_GATEWAY
#define RELAY TW_KIND_RELAY
#define A6_SUFFIX TW_KIND_A6_SUFFIX
#define A6_NAME TW_KIND_A6_NAME

#define ANY TW_CLASS_ANY
#define IN TW_CLASS_IN
#define META TW_CLASS_META

#define LIST(...) __VA_ARGS__
#define STRINGS_OF(mnemonic, layout, fields) \
	mnemonic "\0" layout "\0" fields "\0"
#define CHAOS STRINGS_OF("A", "", "domain address")
#define OPAQUE STRINGS_OF("", "", RDATA_FIELDS)

/* Names of fields that several rows have: by their place among these strings. */
#define RDATA_FIELDS "\1"
#define ADDRESS_FIELDS "\2"
#define SIG_FIELDS "\3"
#define KEY_FIELDS "\4"
#define DS_FIELDS "\5"
#define NSEC_FIELDS "\6"
#define TLSA_FIELDS "\7"
#define SVCB_FIELDS "\10"
#define SHARED_MAX 8
#define SHARED \
	"\0" \
	"rdata\0" \
	"address\0" \
	"type-covered algorithm labels original-ttl signature-expiration " \
	"signature-inception key-tag signers-name signature\0" \
	"flags protocol algorithm public-key\0" \
	"key-tag algorithm digest-type digest\0" \
	"next-domain-name types\0" \
	"certificate-usage selector matching-type " \
	"certificate-association-data\0" \
	"priority target params"

/* Where the strings of each row begin, and its kinds: behind the end of those
 * before. */
enum text_start {
#define ROW(code, classes, kinds, mnemonic, layout, fields, reference) \
	TEXT_##code, \
		TEXT_END_##code = TEXT_##code + \
		sizeof(STRINGS_OF(mnemonic, layout, fields)) - 2,
#include "wire/rrtypes.def"
#undef ROW
	TEXT_CHAOS,
	TEXT_OPAQUE = TEXT_CHAOS + sizeof(CHAOS) - 1,
	TEXT_SHARED = TEXT_OPAQUE + sizeof(OPAQUE) - 1
};

enum kinds_start {
#define ROW(code, classes, kinds, mnemonic, layout, fields, reference) \
	KINDS_##code, \
		KINDS_END_##code = KINDS_##code + \
		sizeof((const uint8_t[]){ LIST kinds }),
#include "wire/rrtypes.def"
#undef ROW
	KINDS_CHAOS,
	KINDS_OPAQUE = KINDS_CHAOS + 3
};

/* For each row three strings, one after another: the mnemonic, the layout over
 * several lines, and the names of the fields with spaces between; behind them
 * all, what rows share. */
static const char texts[] =
#define ROW(code, classes, kinds, mnemonic, layout, fields, reference) \
	STRINGS_OF(mnemonic, layout, fields)
#include "wire/rrtypes.def"
#undef ROW
	CHAOS OPAQUE SHARED;

const uint8_t tw_field_kinds[TW_KINDS_SIZE] = {
#define ROW(code, classes, kinds, mnemonic, layout, fields, reference) \
	LIST kinds, TROWEL_KIND_NONE,
#include "wire/rrtypes.def"
#undef ROW
	/* RFC 1035 3.4.1 has an A of class IN alone; of class CH it is a name
	 * and an address, RFC 1034 3.6. */
	NAME, TROWEL_KIND_OCTAL, TROWEL_KIND_NONE, OCTETS, TROWEL_KIND_NONE
};

const struct tw_rrtype tw_rrtypes[TW_RRTYPE_COUNT] = {
#define ROW(code, classes, kinds, mnemonic, layout, fields, reference) \
	{ code, TEXT_##code, KINDS_##code, classes },
#include "wire/rrtypes.def"
#undef ROW
};

const struct tw_rrtype tw_rrtype_opaque = { 0, TEXT_OPAQUE, KINDS_OPAQUE, ANY };
const struct tw_rrtype tw_rrtype_chaos = { 1, TEXT_CHAOS, KINDS_CHAOS, ANY };

const uint8_t tw_kind_widths[TW_WIDTHS_END] = {
	[TROWEL_KIND_U8] = 1,
	[TROWEL_KIND_U16] = 2,
	[TROWEL_KIND_U32] = 4,
	[TROWEL_KIND_U48] = 6,
	[TROWEL_KIND_SERIAL] = 4,
	[TROWEL_KIND_TTL] = 4,
	[TROWEL_KIND_SIZE] = 2,
	[TROWEL_KIND_LOW_BITS] = 1,
	[TROWEL_KIND_TYPE] = 2,
	[TROWEL_KIND_TIME] = 4,
	[TROWEL_KIND_ALGORITHM] = 1,
	[TROWEL_KIND_CERT_TYPE] = 2,
	[TROWEL_KIND_ERROR] = 2,
	[TROWEL_KIND_SCHEME] = 1,
	[TROWEL_KIND_OCTAL] = 2,
	[TROWEL_KIND_IPV4] = 4,
	[TROWEL_KIND_IPV6] = 16,
	[TROWEL_KIND_EUI48] = 6,
	[TROWEL_KIND_EUI64] = 8,
	[TROWEL_KIND_NODE] = 8,
};

const struct tw_rrtype *tw_rrtype_search(uint16_t code)
{
	size_t low = 0;
	size_t high = TW_RRTYPE_COUNT;

	/*@ loop invariant 0 <= low <= high <= TW_RRTYPE_COUNT;
	    loop assigns low, high;
	    loop variant high - low; */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		//@ assert low <= middle < high;
		if (tw_rrtypes[middle].code == code)
			return &tw_rrtypes[middle];
		if (tw_rrtypes[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The strings from some place on. */
/*@ requires start < sizeof(texts);
    assigns \result \from start;
    ensures \base_addr(\result) == \base_addr(&texts[0]);
    ensures tw_rest_of(\result) == sizeof(texts) - start;
    ensures tw_is_string(\result); */
static const char *strings_from(size_t start)
{
	const char *strings = texts + start;

	//@ assert tw_rest_of(strings) == sizeof(texts) - start;
	//@ assert texts[sizeof(texts) - 1] == 0;
	/*@ assert strings + (tw_rest_of(strings) - 1) ==
	      texts + (sizeof(texts) - 1); */
	//@ assert strings[tw_rest_of(strings) - 1] == 0;
	//@ assert \valid_read(strings + (0 .. tw_rest_of(strings) - 1));
	//@ assert 1 <= tw_rest_of(strings) <= 65536;
	return strings;
}

/* One of them. */
/*@ requires start < sizeof(texts);
    assigns \result \from start, index;
    ensures tw_is_string(\result);
    ensures \valid_read(\result);
    ensures !\valid(\result); */
static const char *string_of(size_t start, size_t index)
{
	return tw_string_at(strings_from(start), sizeof texts - start, index);
}

/* Where those of a row begin. */
/*@ requires tw_is_row(row);
    assigns \nothing;
    ensures \result < sizeof(texts); */
static size_t start_of(const struct tw_rrtype *row)
{
	size_t start = row->text;

	/*@ assert \forall integer i; 0 <= i < TW_RRTYPE_COUNT ==>
	      tw_rrtypes[i].text < sizeof(texts); */
	return start;
}

const char *tw_rrtype_mnemonic(const struct tw_rrtype *row)
{
	return strings_from(start_of(row));
}

const char *tw_rrtype_layout(const struct tw_rrtype *row)
{
	return string_of(start_of(row), 1);
}

const char *tw_field_names(const struct tw_rrtype *row)
{
	const char *names = string_of(start_of(row), 2);
	uint8_t first = tw_octet_of(names[0]);

	return first <= SHARED_MAX ? string_of(TEXT_SHARED, first) : names;
}
