/* SPDX-License-Identifier: MIT */
#include "wire/rdata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

#define RDATA 15 /* behind the header and the name "a." at 12 */

enum {
	A = 1,
	NS = 2,
	CNAME = 5,
	SOA = 6,
	PTR = 12,
	MX = 15,
	TXT = 16,
	AAAA = 28,
	SRV = 33
};

static enum trowel_status check(const uint8_t *kinds, const char *hex,
	const char *behind, size_t *position, size_t *field)
{
	struct build build;
	struct trowel_message names;
	size_t end;
	uint8_t *octets;
	enum trowel_status status;

	build_header(&build, 0, 0, 0, 0, 0);
	build_name(&build, "a");
	build_hex(&build, hex);
	end = build.length;
	build_hex(&build, behind);
	octets = build_copy(&build);
	tw_names_init(&names, octets, build.length);
	*position = RDATA;
	*field = 99;
	status = tw_rdata_check(kinds, &names, end, position, field);
	free(octets);
	return status;
}

static const struct {
	const char *why;
	uint16_t type;
	const char *hex;
	enum trowel_status expected;
	size_t position; /* in the RDATA */
	const char *field; /* NULL: any */
} rows[] = {
	{ "an address", A, "c0000201", TROWEL_OK, 4, NULL },
	{ "no address", A, "", TROWEL_RDATA_TOO_SHORT, 0, "address" },
	{ "three octets", A, "c00002", TROWEL_RDATA_TOO_SHORT, 0, "address" },
	{ "five octets", A, "c000020100", TROWEL_RDATA_TOO_LONG, 4, "" },

	{ "an address", AAAA, "20010db8000000000000000000000001", TROWEL_OK, 16,
		NULL },
	{ "no address", AAAA, "", TROWEL_RDATA_TOO_SHORT, 0, "address" },
	{ "an IPv4 address", AAAA, "c0000201", TROWEL_RDATA_TOO_SHORT, 0,
		"address" },
	{ "15 octets", AAAA, "20010db80000000000000000000000",
		TROWEL_RDATA_TOO_SHORT, 0, "address" },
	{ "17 octets", AAAA, "20010db800000000000000000000000100",
		TROWEL_RDATA_TOO_LONG, 16, "" },

	{ "the root", NS, "00", TROWEL_OK, 1, NULL },
	{ "a pointer", NS, "c00c", TROWEL_OK, 2, NULL },
	{ "no name", NS, "", TROWEL_RDATA_TOO_SHORT, 0, "nsdname" },
	{ "no root", NS, "0162", TROWEL_RDATA_TOO_SHORT, 2, "nsdname" },
	{ "an octet more", NS, "c00c00", TROWEL_RDATA_TOO_LONG, 2, "" },
	{ "a pointer forward", NS, "c0ff", TROWEL_BAD_POINTER, 0, "nsdname" },

	{ "a label and a pointer", CNAME, "0162c00c", TROWEL_OK, 4, NULL },
	{ "no name", CNAME, "", TROWEL_RDATA_TOO_SHORT, 0, "cname" },
	{ "half a pointer", CNAME, "0162c0", TROWEL_RDATA_TOO_SHORT, 2,
		"cname" },
	{ "an octet more", CNAME, "016200ff", TROWEL_RDATA_TOO_LONG, 3, "" },
	{ "label type 10", CNAME, "016281", TROWEL_BAD_LABEL_TYPE, 2, "cname" },

	{ "a name", PTR, "016200", TROWEL_OK, 3, NULL },
	{ "no name", PTR, "", TROWEL_RDATA_TOO_SHORT, 0, "ptrdname" },
	{ "half a label", PTR, "0462", TROWEL_RDATA_TOO_SHORT, 0, "ptrdname" },
	{ "an octet more", PTR, "0000", TROWEL_RDATA_TOO_LONG, 1, "" },
	{ "into the header", PTR, "c000", TROWEL_POINTER_INTO_HEADER, 0,
		"ptrdname" },

	{ "two names and five numbers", SOA,
		"c00c 00 00000001 00000002 00000003 00000004 00000005",
		TROWEL_OK, 23, NULL },
	{ "no mname", SOA, "", TROWEL_RDATA_TOO_SHORT, 0, "mname" },
	{ "no rname", SOA, "c00c", TROWEL_RDATA_TOO_SHORT, 2, "rname" },
	{ "a broken rname", SOA, "c00c c011", TROWEL_BAD_POINTER, 2, "rname" },
	{ "no serial", SOA, "c00c 00", TROWEL_RDATA_TOO_SHORT, 3, "serial" },
	{ "half a refresh", SOA, "c00c 00 00000001 0000",
		TROWEL_RDATA_TOO_SHORT, 7, "refresh" },
	{ "no retry", SOA, "c00c 00 00000001 00000002", TROWEL_RDATA_TOO_SHORT,
		11, "retry" },
	{ "no expire", SOA, "c00c 00 00000001 00000002 00000003",
		TROWEL_RDATA_TOO_SHORT, 15, "expire" },
	{ "three octets of minimum", SOA,
		"c00c 00 00000001 00000002 00000003 00000004 000000",
		TROWEL_RDATA_TOO_SHORT, 19, "minimum" },
	{ "an octet more", SOA,
		"c00c 00 00000001 00000002 00000003 00000004 00000005 00",
		TROWEL_RDATA_TOO_LONG, 23, "" },

	{ "an exchange", MX, "000a c00c", TROWEL_OK, 4, NULL },
	{ "nothing", MX, "", TROWEL_RDATA_TOO_SHORT, 0, "preference" },
	{ "half a preference", MX, "00", TROWEL_RDATA_TOO_SHORT, 0,
		"preference" },
	{ "no exchange", MX, "000a", TROWEL_RDATA_TOO_SHORT, 2, "exchange" },
	{ "a broken exchange", MX, "000a 40", TROWEL_BAD_LABEL_TYPE, 2,
		"exchange" },
	{ "an octet more", MX, "000a 00 00", TROWEL_RDATA_TOO_LONG, 3, "" },

	{ "an empty string", TXT, "00", TROWEL_OK, 1, NULL },
	{ "strings", TXT, "0161 00 026263", TROWEL_OK, 6, NULL },
	{ "no string", TXT, "", TROWEL_RDATA_TOO_SHORT, 0, "txt-data" },
	{ "a length alone", TXT, "01", TROWEL_RDATA_TOO_SHORT, 0, "txt-data" },
	{ "a lying length", TXT, "0161 0361", TROWEL_RDATA_TOO_SHORT, 2,
		"txt-data" },
	{ "the greatest length", TXT, "ff61", TROWEL_RDATA_TOO_SHORT, 0,
		"txt-data" },

	{ "a service", SRV, "0001 0002 0003 00", TROWEL_OK, 7, NULL },
	{ "a compressed target", SRV, "0001 0002 0003 c00c", TROWEL_OK, 8,
		NULL },
	{ "nothing", SRV, "", TROWEL_RDATA_TOO_SHORT, 0, "priority" },
	{ "half a weight", SRV, "0001 00", TROWEL_RDATA_TOO_SHORT, 2,
		"weight" },
	{ "no port", SRV, "0001 0002", TROWEL_RDATA_TOO_SHORT, 4, "port" },
	{ "no target", SRV, "0001 0002 0003", TROWEL_RDATA_TOO_SHORT, 6,
		"target" },
	{ "a target that points forward", SRV, "0001 0002 0003 c016",
		TROWEL_BAD_POINTER, 6, "target" },
	{ "an octet more", SRV, "0001 0002 0003 00 00", TROWEL_RDATA_TOO_LONG,
		7, "" },

	/* Each type has its good forms among the fixtures. */
	{ "one string", 13, "0161", TROWEL_RDATA_TOO_SHORT, 2, "os" },
	{ "three strings", 13, "00 00 00", TROWEL_RDATA_TOO_LONG, 2, "" },
	{ "a string that is cut", 19, "0261", TROWEL_RDATA_TOO_SHORT, 0,
		"psdn-address" },
	{ "a subaddress that is cut", 20, "0161 02", TROWEL_RDATA_TOO_SHORT, 2,
		"sa" },
	{ "no ports", 11, "c0000201", TROWEL_RDATA_TOO_SHORT, 4, "protocol" },
	{ "no address", 22, "", TROWEL_RDATA_TOO_SHORT, 0, "nsap" },
	{ "no signature", 24, "0001 05 02 00000e10 00000000 00000000 0001 00",
		TROWEL_RDATA_TOO_SHORT, 19, "signature" },
	{ "no key", 25, "0100 03 05", TROWEL_RDATA_TOO_SHORT, 4, "public-key" },
	{ "no location", 29, "", TROWEL_RDATA_TOO_SHORT, 0, "location" },
	{ "15 octets of version 0", 29, "001216138000000080000000009896",
		TROWEL_RDATA_TOO_SHORT, 0, "location" },
	{ "17 octets of it", 29, "0012161380000000800000000098968000",
		TROWEL_RDATA_TOO_LONG, 16, "" },
	{ "a replacement that is cut", 35, "0001 0002 00 00 00 01",
		TROWEL_RDATA_TOO_SHORT, 7, "replacement" },
	{ "flags that are cut", 35, "0001 0002 05", TROWEL_RDATA_TOO_SHORT, 4,
		"flags" },
	{ "a compressed exchanger", 36, "000a c00c", TROWEL_POINTER_FORBIDDEN,
		2, "exchanger" },
	{ "no certificate", 37, "0001 0000 08", TROWEL_RDATA_TOO_SHORT, 5,
		"certificate" },
	{ "a suffix that is cut", 38, "40 00000000000000",
		TROWEL_RDATA_TOO_SHORT, 1, "address-suffix" },
	{ "no prefix name", 38, "40 0000000000000001", TROWEL_RDATA_TOO_SHORT,
		9, "prefix-name" },
	{ "a prefix name for nothing", 38,
		"00 20010db8000000000000000000000001 00", TROWEL_RDATA_TOO_LONG,
		17, "" },
	{ "two names", 39, "00 00", TROWEL_RDATA_TOO_LONG, 1, "" },
	{ "half a prefix", 42, "0001 18", TROWEL_RDATA_TOO_SHORT, 0,
		"prefixes" },
	{ "an address that is cut", 42, "0001 18 03 c000",
		TROWEL_RDATA_TOO_SHORT, 4, "prefixes" },
	{ "IPv4 with a prefix of 33", 42, "0001 21 00", TROWEL_BAD_VALUE, 4,
		"prefixes" },
	{ "IPv4 in five octets", 42, "0001 20 05 c000020100", TROWEL_BAD_VALUE,
		4, "prefixes" },
	{ "IPv6 with a prefix of 129", 42, "0002 81 00", TROWEL_BAD_VALUE, 4,
		"prefixes" },
	{ "IPv6 in 17 octets", 42,
		"0002 80 11 2001000000000000000000000000000000",
		TROWEL_BAD_VALUE, 4, "prefixes" },
	{ "no digest", 43, "0001 08 02", TROWEL_RDATA_TOO_SHORT, 4, "digest" },
	{ "no fingerprint", 44, "01 01", TROWEL_RDATA_TOO_SHORT, 2,
		"fingerprint" },
	{ "a gateway of IPv4 that is cut", 45, "0a 01 02 c00002",
		TROWEL_RDATA_TOO_SHORT, 3, "gateway" },
	{ "a compressed gateway", 45, "0a 03 02 c00c", TROWEL_POINTER_FORBIDDEN,
		3, "gateway" },
	{ "no gateway's type", 45, "0a", TROWEL_RDATA_TOO_SHORT, 1,
		"gateway-type" },
	{ "a compressed signer", 46,
		"0001 05 02 00000e10 00000000 00000000 0001 c00c 01",
		TROWEL_POINTER_FORBIDDEN, 18, "signers-name" },
	{ "a compressed next name", 47, "c00c 0001 40",
		TROWEL_POINTER_FORBIDDEN, 0, "next-domain-name" },
	{ "half a window", 47, "00 00", TROWEL_RDATA_TOO_SHORT, 1, "types" },
	{ "an empty window", 47, "00 0000", TROWEL_BAD_VALUE, 1, "types" },
	{ "a window that is cut", 47, "00 0002 40", TROWEL_RDATA_TOO_SHORT, 1,
		"types" },
	{ "a window of 33 octets", 47,
		"00 0021 00000000000000000000000000000000000000000000000000"
		"0000000000000001",
		TROWEL_BAD_VALUE, 1, "types" },
	{ "a window that ends in 0", 47, "00 0002 4000", TROWEL_BAD_VALUE, 1,
		"types" },
	{ "a window twice", 47, "00 0001 40 0001 40", TROWEL_BAD_VALUE, 4,
		"types" },
	{ "windows in descending order", 47, "00 0101 40 0001 40",
		TROWEL_BAD_VALUE, 4, "types" },
	{ "no key", 48, "0101 03 08", TROWEL_RDATA_TOO_SHORT, 4, "public-key" },
	{ "no digest", 49, "", TROWEL_RDATA_TOO_SHORT, 0, "digest" },
	{ "a salt that is cut", 50, "01 00 0000 02 aa", TROWEL_RDATA_TOO_SHORT,
		4, "salt" },
	{ "an empty hash", 50, "01 00 0000 00 00", TROWEL_BAD_VALUE, 5,
		"next-hashed-owner-name" },
	{ "no hash", 50, "01 00 0000 00", TROWEL_RDATA_TOO_SHORT, 5,
		"next-hashed-owner-name" },
	{ "no salt", 51, "01 00 0000", TROWEL_RDATA_TOO_SHORT, 4, "salt" },
	{ "an octet more", 51, "01 00 0000 00 00", TROWEL_RDATA_TOO_LONG, 5,
		"" },
	{ "no data", 52, "03 01 01", TROWEL_RDATA_TOO_SHORT, 3,
		"certificate-association-data" },
	{ "a HIT that is cut", 55, "02 02 0001 aa", TROWEL_RDATA_TOO_SHORT, 4,
		"hit" },
	{ "a key that is cut", 55, "01 02 0002 aa bb", TROWEL_RDATA_TOO_SHORT,
		5, "public-key" },
	{ "a compressed server", 55, "01 02 0001 aa bb c00c",
		TROWEL_POINTER_FORBIDDEN, 6, "rendezvous-servers" },
	{ "a server that is cut", 55, "01 02 0001 aa bb 00 01",
		TROWEL_RDATA_TOO_SHORT, 7, "rendezvous-servers" },
	{ "no strings", 56, "", TROWEL_RDATA_TOO_SHORT, 0, "zs-data" },
	{ "one name", 58, "00", TROWEL_RDATA_TOO_SHORT, 1, "next" },
	{ "a serial that is cut", 62, "000000", TROWEL_RDATA_TOO_SHORT, 0,
		"soa-serial" },
	{ "no digest", 63, "00000001 01 01", TROWEL_RDATA_TOO_SHORT, 6,
		"digest" },
	{ "half a priority", 64, "00", TROWEL_RDATA_TOO_SHORT, 0, "priority" },
	{ "a compressed target", 64, "0001 c00c", TROWEL_POINTER_FORBIDDEN, 2,
		"target" },
	{ "half a parameter", 64, "0001 00 0003 00", TROWEL_RDATA_TOO_SHORT, 3,
		"params" },
	{ "a value that is cut", 64, "0001 00 0003 0002 35",
		TROWEL_RDATA_TOO_SHORT, 7, "params" },
	{ "a key twice", 65, "0001 00 0002 0000 0002 0000", TROWEL_BAD_VALUE, 7,
		"params" },
	{ "keys in descending order", 65, "0001 00 0003 0002 0035 0002 0000",
		TROWEL_BAD_VALUE, 9, "params" },
	{ "an address of five octets", 108, "0000000000",
		TROWEL_RDATA_TOO_SHORT, 0, "address" },
	{ "an address of nine", 109, "000000000000000000",
		TROWEL_RDATA_TOO_LONG, 8, "" },
	{ "half a node", 104, "000a 00000000", TROWEL_RDATA_TOO_SHORT, 2,
		"node-id" },
	{ "an empty tag", 257, "00 00 61", TROWEL_BAD_VALUE, 1, "tag" },
	{ "no tag", 257, "00", TROWEL_RDATA_TOO_SHORT, 1, "tag" },
	{ "a tag that is cut", 257, "00 02 61", TROWEL_RDATA_TOO_SHORT, 1,
		"tag" },
	{ "no media type", 259, "00000001 00000001 01", TROWEL_RDATA_TOO_SHORT,
		9, "media-type" },
	{ "a relay of IPv4 that is cut", 260, "0a 01 c00002",
		TROWEL_RDATA_TOO_SHORT, 2, "relay" },
	{ "a relay with a bit, and cut", 260, "0a 82 20010db8",
		TROWEL_RDATA_TOO_SHORT, 2, "relay" },
	{ "a relay for nothing", 260, "0a 00 00", TROWEL_RDATA_TOO_LONG, 2,
		"" },
	{ "no HIT", 55, "00 02 0001 ff", TROWEL_BAD_VALUE, 4, "hit" },
	{ "no key", 55, "01 02 0000 ff", TROWEL_BAD_VALUE, 4, "hit" },
	{ "no relay's type", 260, "0a", TROWEL_RDATA_TOO_SHORT, 1,
		"relay-type" },
};

static void expect_row(size_t i, const char *behind)
{
	const struct tw_rrtype *row = tw_rrtype_find(rows[i].type);
	const char *name;
	size_t position;
	size_t field;
	size_t length;
	enum trowel_status status =
		check(tw_kinds_of(row), rows[i].hex, behind, &position, &field);

	if (status != rows[i].expected ||
		position != RDATA + rows[i].position) {
		printf("%s, %s: %s (byte %zu)\n", tw_rrtype_mnemonic(row),
			rows[i].why, trowel_status_text(status), position);
		CU_FAIL("check of RDATA");
	}
	if (rows[i].field == NULL)
		return;
	length = tw_field_name(row, field, &name);
	CU_ASSERT_EQUAL(length, strlen(rows[i].field));
	CU_ASSERT_EQUAL(strncmp(name, rows[i].field, length), 0);
}

/* At the end of the message, and with more of it behind. */
static void rdata_is_filled_exactly(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		expect_row(i, "");
		expect_row(i, "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
	}
}

static void kinds_have_their_forms(void)
{
	static const struct {
		const char *why;
		uint8_t kinds[TW_FIELDS_MAX + 1];
		const char *hex;
		enum trowel_status expected;
		size_t position;
	} kinds[] = {
		{ "U8", { TROWEL_KIND_U8 }, "01", TROWEL_OK, 1 },
		{ "U16", { TROWEL_KIND_U16 }, "0102", TROWEL_OK, 2 },
		{ "U32", { TROWEL_KIND_U32 }, "01020304", TROWEL_OK, 4 },
		{ "U48", { TROWEL_KIND_U48 }, "010203040506", TROWEL_OK, 6 },
		{ "a cut U48", { TROWEL_KIND_U48 }, "0102030405",
			TROWEL_RDATA_TOO_SHORT, 0 },
		{ "TYPE", { TROWEL_KIND_TYPE }, "0001", TROWEL_OK, 2 },
		{ "TTL", { TROWEL_KIND_TTL }, "00000001", TROWEL_OK, 4 },
		{ "a string", { TROWEL_KIND_STRING }, "026162", TROWEL_OK, 3 },
		{ "no string", { TROWEL_KIND_STRING }, "",
			TROWEL_RDATA_TOO_SHORT, 0 },
		{ "a string, and more", { TROWEL_KIND_STRING }, "0000",
			TROWEL_RDATA_TOO_LONG, 1 },
		{ "octets", { TROWEL_KIND_OCTETS }, "ff00", TROWEL_OK, 2 },
		{ "no octets", { TROWEL_KIND_OCTETS }, "", TROWEL_OK, 0 },
		{ "a plain name", { TROWEL_KIND_PLAIN_NAME }, "016200",
			TROWEL_OK, 3 },
		{ "a plain root", { TROWEL_KIND_PLAIN_NAME }, "00", TROWEL_OK,
			1 },
		{ "a compressed one", { TROWEL_KIND_PLAIN_NAME }, "c00c",
			TROWEL_POINTER_FORBIDDEN, 0 },
		{ "a partly compressed one", { TROWEL_KIND_PLAIN_NAME },
			"0162c00c", TROWEL_POINTER_FORBIDDEN, 0 },
		{ "a plain name that is cut", { TROWEL_KIND_PLAIN_NAME }, "01",
			TROWEL_RDATA_TOO_SHORT, 0 },
		{ "nothing behind a number",
			{ TROWEL_KIND_U16, TROWEL_KIND_OCTETS }, "0001",
			TROWEL_OK, 2 },
	};

	for (size_t i = 0; i < CHECK_COUNT(kinds); i++) {
		size_t position;
		size_t field;
		enum trowel_status status = check(
			kinds[i].kinds, kinds[i].hex, "", &position, &field);

		if (status != kinds[i].expected ||
			position != RDATA + kinds[i].position) {
			printf("%s: %s (byte %zu)\n", kinds[i].why,
				trowel_status_text(status), position);
			CU_FAIL("check of a kind");
		}
	}
}

/* What the check says of a plain name from `position` to the end. */
static enum trowel_status check_plain_name(
	const struct build *build, size_t position)
{
	static const uint8_t kinds[] = { TROWEL_KIND_PLAIN_NAME,
		TROWEL_KIND_NONE };
	struct trowel_message names;
	size_t field;

	tw_names_init(&names, build->octets, build->length);
	return tw_rdata_check(kinds, &names, build->length, &position, &field);
}

/* The pointer's last octet is 0, as a root's would be. */
static void plain_name_refuses_a_pointer_to_256(void)
{
	struct build build;
	size_t position;

	build_header(&build, 0, 0, 0, 0, 0);
	while (build.length < 256)
		build_u8(&build, 0);
	build_name(&build, "a");
	position = build.length;
	build_pointer(&build, 256);
	CU_ASSERT_EQUAL(
		check_plain_name(&build, position), TROWEL_POINTER_FORBIDDEN);
}

/* RFC 1035 2.3.4: three labels of 63 octets, one of `last`, the root. */
static void expect_plain_name(uint8_t last, enum trowel_status expected)
{
	struct build build;
	size_t position;

	build_header(&build, 0, 0, 0, 0, 0);
	position = build.length;
	for (unsigned label = 0; label < 4; label++) {
		uint8_t length = label < 3 ? 63 : last;

		build_u8(&build, length);
		for (uint8_t i = 0; i < length; i++)
			build_u8(&build, 'a');
	}
	build_u8(&build, 0);
	CU_ASSERT_EQUAL(check_plain_name(&build, position), expected);
}

static void plain_name_has_255_octets_at_most(void)
{
	expect_plain_name(61, TROWEL_OK);
	expect_plain_name(62, TROWEL_NAME_TOO_LONG);
}

/* Random RDATA, mostly labels, pointers and roots: what is passed in short is
 * good by its row, and the commonest forms are passed. */
static void rdata_that_is_passed_in_short_is_good_by_its_row(void)
{
	uint32_t state = 1;
	size_t good[67] = { 0 };

	for (size_t round = 0; round < 400000; round++) {
		uint16_t type = (uint16_t)(round % 67);
		struct trowel_message message;
		struct build build;
		size_t position = RDATA;
		size_t field;

		build_header(&build, 0, 0, 0, 0, 0);
		build_name(&build, "a");
		state = state * 1664525 + 1013904223;
		for (size_t i = state / 65536 % 32; i > 0; i--) {
			state = state * 1664525 + 1013904223;
			build_u8(&build,
				state / 16777216 % 8 == 0 ? 0xC0
							  : state / 65536 % 4);
		}
		tw_names_init(&message, build.octets, build.length);
		if (tw_rdata_pass(&message, type * 65536U + 1, RDATA,
			    build.length) != build.length)
			continue;
		good[type]++;
		CU_ASSERT_PTR_NOT_NULL_FATAL(tw_rrtype_of(type, 1));
		CU_ASSERT_EQUAL(
			tw_rdata_check(tw_kinds_of(tw_rrtype_of(type, 1)),
				&message, build.length, &position, &field),
			TROWEL_OK);
	}
	CU_ASSERT(good[NS] > 100 && good[MX] > 100 && good[TXT] > 100);
	CU_ASSERT(good[SOA] > 0 && good[SRV] > 100 && good[CNAME] > 100);
	CU_ASSERT(good[46] > 10 && good[48] > 1000 && good[65] > 10);
	CU_ASSERT(good[35] > 10 && good[50] > 10);
}

/*
 * The table
 */

static void table_stands_by_ascending_code(void)
{
	for (size_t i = 1; i < TW_RRTYPE_COUNT; i++)
		CU_ASSERT(tw_rrtypes[i - 1].code < tw_rrtypes[i].code);
}

static void every_row_has_a_name_for_each_field(void)
{
	for (size_t i = 0; i < TW_RRTYPE_COUNT; i++) {
		const struct tw_rrtype *row = &tw_rrtypes[i];
		size_t fields = 0;
		const char *name;

		while (tw_kinds_of(row)[fields] != TROWEL_KIND_NONE) {
			CU_ASSERT(tw_field_name(row, fields, &name) > 0);
			fields++;
		}
		CU_ASSERT(fields > 0 && fields <= TW_FIELDS_MAX);
		CU_ASSERT_EQUAL(tw_field_name(row, fields, &name), 0);
		CU_ASSERT_EQUAL(tw_field_name(row, fields + 7, &name), 0);
		CU_ASSERT(strlen(tw_rrtype_mnemonic(row)) > 0);
	}
}

static void every_code_finds_its_row_or_none(void)
{
	size_t found = 0;

	for (unsigned code = 0; code <= 65535; code++) {
		const struct tw_rrtype *row = tw_rrtype_find((uint16_t)code);

		if (row == NULL)
			continue;
		CU_ASSERT_EQUAL(row->code, code);
		found++;
	}
	CU_ASSERT_EQUAL(found, TW_RRTYPE_COUNT);
}

static void class_decides_whether_rdata_is_read(void)
{
	static const struct {
		const char *why;
		uint16_t type;
		uint16_t class_code;
		bool expected;
	} classes[] = {
		{ "A IN", A, 1, true },
		{ "A CH", A, 3, false },
		{ "AAAA of another class", AAAA, 4, false },
		{ "SRV of another class", SRV, 2, false },
		{ "TXT CH", TXT, 3, true },
		{ "MX of any class", MX, 1234, true },
		{ "A NONE", A, 254, false },
		{ "MX NONE", MX, 254, false },
		{ "TXT ANY", TXT, 255, false },
		{ "a type that is not there", 65280, 1, false },
	};

	for (size_t i = 0; i < CHECK_COUNT(classes); i++)
		CU_ASSERT_EQUAL(tw_rrtype_of(classes[i].type,
					classes[i].class_code) != NULL,
			classes[i].expected);
}

/* A record whose RDATA is `start` and then `count` octets of a bitmap. */
static enum trowel_status decode_bitmap(
	uint16_t type, const char *start, size_t count)
{
	static struct build build;
	struct trowel_message message;
	size_t rdata;

	build_response(&build, "a.test", type, 1);
	build_name(&build, "a.test");
	rdata = build_rdata_start(&build, type);
	build_hex(&build, start);
	for (size_t i = 0; i < count; i++)
		build_u8(&build, 0xFF);
	build_rdata_end(&build, rdata);
	return trowel_message_decode(
		&message, build.octets, build.length, NULL);
}

static void bitmaps_have_a_bit_for_each_number_and_no_more(void)
{
	CU_ASSERT_EQUAL(decode_bitmap(30, "00", 16), TROWEL_OK);
	CU_ASSERT_EQUAL(decode_bitmap(30, "00", 17), TROWEL_BAD_VALUE);
	CU_ASSERT_EQUAL(decode_bitmap(11, "c0000201 06", 8192), TROWEL_OK);
	CU_ASSERT_EQUAL(
		decode_bitmap(11, "c0000201 06", 8193), TROWEL_BAD_VALUE);
}

static const struct check_case cases[] = {
	CHECK_CASE(rdata_that_is_passed_in_short_is_good_by_its_row),
	CHECK_CASE(bitmaps_have_a_bit_for_each_number_and_no_more),
	CHECK_CASE(rdata_is_filled_exactly),
	CHECK_CASE(kinds_have_their_forms),
	CHECK_CASE(plain_name_refuses_a_pointer_to_256),
	CHECK_CASE(plain_name_has_255_octets_at_most),
	CHECK_CASE(table_stands_by_ascending_code),
	CHECK_CASE(every_row_has_a_name_for_each_field),
	CHECK_CASE(every_code_finds_its_row_or_none),
	CHECK_CASE(class_decides_whether_rdata_is_read),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
