/* SPDX-License-Identifier: MIT */
#include "wire/rdata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

enum { A = 1, SOA = 6, MX = 15, TXT = 16, AAAA = 28, SRV = 33 };

/* A message of one record; its RDATA is at 27. */
static void decode(struct trowel_message *message, uint8_t **octets,
	struct trowel_record *record, uint16_t type, const char *hex)
{
	struct trowel_iterator iterator = { 0 };
	struct build build;

	build_header(&build, 0x8180, 0, 1, 0, 0);
	build_record(&build, "abc", type, hex);
	*octets = build_copy(&build);
	CU_ASSERT_EQUAL_FATAL(
		trowel_message_decode(message, *octets, build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_FATAL(trowel_record_next(message, &iterator, record));
	CU_ASSERT_EQUAL(record->rdata, 27);
}

struct expected_field {
	const char *name;
	uint8_t kind;
	uint16_t offset;
	uint16_t length;
	uint64_t number;
};

static void expect_fields(uint16_t type, const char *hex,
	const struct expected_field *expected, size_t count)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	struct trowel_field field;
	uint8_t *octets;

	decode(&message, &octets, &record, type, hex);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_FATAL(trowel_field_next(
			&message, &record, &iterator, &field));
		CU_ASSERT_EQUAL(field.name_length, strlen(expected[i].name));
		CU_ASSERT_EQUAL(strncmp(field.name, expected[i].name,
					field.name_length),
			0);
		CU_ASSERT_EQUAL(field.kind, expected[i].kind);
		CU_ASSERT_EQUAL(field.offset, expected[i].offset);
		CU_ASSERT_EQUAL(field.length, expected[i].length);
		CU_ASSERT_EQUAL(field.number, expected[i].number);
	}
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_FALSE(trowel_field_next(
			&message, &record, &iterator, &field));
	free(octets);
}

static void fields_have_names_numbers_and_places(void)
{
	static const struct expected_field address[] = { { "address",
		TROWEL_KIND_IPV4, 27, 4, 0 } };
	static const struct expected_field address6[] = { { "address",
		TROWEL_KIND_IPV6, 27, 16, 0 } };
	static const struct expected_field mx[] = {
		{ "preference", TROWEL_KIND_U16, 27, 2, 65534 },
		{ "exchange", TROWEL_KIND_NAME, 29, 4, 0 }
	};
	static const struct expected_field soa[] = {
		{ "mname", TROWEL_KIND_NAME, 27, 2, 0 },
		{ "rname", TROWEL_KIND_NAME, 29, 3, 0 },
		{ "serial", TROWEL_KIND_SERIAL, 32, 4, 4294967295 },
		{ "refresh", TROWEL_KIND_TTL, 36, 4, 2 },
		{ "retry", TROWEL_KIND_TTL, 40, 4, 3 },
		{ "expire", TROWEL_KIND_TTL, 44, 4, 4 },
		{ "minimum", TROWEL_KIND_TTL, 48, 4, 5 }
	};
	static const struct expected_field srv[] = {
		{ "priority", TROWEL_KIND_U16, 27, 2, 1 },
		{ "weight", TROWEL_KIND_U16, 29, 2, 2 },
		{ "port", TROWEL_KIND_U16, 31, 2, 3 },
		{ "target", TROWEL_KIND_NAME, 33, 1, 0 }
	};

	expect_fields(A, "c0000201", address, CHECK_COUNT(address));
	expect_fields(AAAA, "20010db8000000000000000000000001", address6,
		CHECK_COUNT(address6));
	expect_fields(MX, "fffe 0162c00c", mx, CHECK_COUNT(mx));
	expect_fields(SOA,
		"c00c 016200 ffffffff 00000002 00000003 00000004 00000005", soa,
		CHECK_COUNT(soa));
	expect_fields(SRV, "0001 0002 0003 00", srv, CHECK_COUNT(srv));
}

static void strings_are_a_field_each(void)
{
	static const struct expected_field txt[] = {
		{ "txt-data", TROWEL_KIND_STRINGS, 28, 2, 0 },
		{ "txt-data", TROWEL_KIND_STRINGS, 31, 0, 0 },
		{ "txt-data", TROWEL_KIND_STRINGS, 32, 1, 0 }
	};
	static const struct expected_field empty[] = { { "txt-data",
		TROWEL_KIND_STRINGS, 28, 0, 0 } };

	expect_fields(TXT, "026162 00 0163", txt, CHECK_COUNT(txt));
	expect_fields(TXT, "00", empty, CHECK_COUNT(empty));
}

static void opaque_rdata_is_one_field(void)
{
	static const struct expected_field opaque[] = { { "rdata",
		TROWEL_KIND_OCTETS, 27, 3, 0 } };

	expect_fields(65280, "c00cff", opaque, CHECK_COUNT(opaque));
	expect_fields(65280, "", opaque, 0);
}

/* Only names, kinds and numbers. */
struct expected_number {
	const char *name;
	uint8_t kind;
	uint64_t number;
};

static void expect_numbers(uint16_t type, const char *hex,
	const struct expected_number *expected, size_t count)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	struct trowel_field field;
	uint8_t *octets;

	decode(&message, &octets, &record, type, hex);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_FATAL(trowel_field_next(
			&message, &record, &iterator, &field));
		CU_ASSERT_EQUAL(field.name_length, strlen(expected[i].name));
		CU_ASSERT_EQUAL(strncmp(field.name, expected[i].name,
					field.name_length),
			0);
		CU_ASSERT_EQUAL(field.kind, expected[i].kind);
		CU_ASSERT_EQUAL(field.number, expected[i].number);
	}
	CU_ASSERT_FALSE(
		trowel_field_next(&message, &record, &iterator, &field));
	free(octets);
}

static void types_of_a_bitmap_are_a_field_each(void)
{
	static const struct expected_number nsec[] = {
		{ "next-domain-name", TROWEL_KIND_PLAIN_NAME, 0 },
		{ "types", TROWEL_KIND_TYPES, 1 },
		{ "types", TROWEL_KIND_TYPES, 7 },
		{ "types", TROWEL_KIND_TYPES, 8 },
		{ "types", TROWEL_KIND_TYPES, 257 },
		{ "types", TROWEL_KIND_TYPES, 65535 }
	};
	static const struct expected_number nxt[] = {
		{ "next-domain-name", TROWEL_KIND_NAME, 0 },
		{ "types", TROWEL_KIND_OLD_TYPES, 1 },
		{ "types", TROWEL_KIND_OLD_TYPES, 15 }
	};
	static const struct expected_number wks[] = {
		{ "address", TROWEL_KIND_IPV4, 0 },
		{ "protocol", TROWEL_KIND_U8, 6 },
		{ "ports", TROWEL_KIND_PORTS, 7 },
		{ "ports", TROWEL_KIND_PORTS, 25 }
	};
	static const struct expected_number csync[] = {
		{ "soa-serial", TROWEL_KIND_SERIAL, 66 },
		{ "flags", TROWEL_KIND_U16, 3 }
	};

	expect_numbers(47,
		"00 0002 4180 0101 40 ff20 00000000000000000000000000000000"
		"00000000000000000000000000000001",
		nsec, CHECK_COUNT(nsec));
	expect_numbers(30, "00 4001", nxt, CHECK_COUNT(nxt));
	expect_numbers(11, "c0000201 06 01000040", wks, CHECK_COUNT(wks));
	expect_numbers(62, "00000042 0003", csync, CHECK_COUNT(csync));
}

static void forms_that_hang_on_octets_before_them_have_their_kinds(void)
{
	static const struct expected_number no_relay[] = {
		{ "precedence", TROWEL_KIND_U8, 10 },
		{ "discovery-optional", TROWEL_KIND_TOP_BIT, 1 },
		{ "relay-type", TROWEL_KIND_LOW_BITS, 0 },
		{ "relay", TROWEL_KIND_ROOT, 0 }
	};
	static const struct expected_number relay[] = {
		{ "precedence", TROWEL_KIND_U8, 10 },
		{ "discovery-optional", TROWEL_KIND_TOP_BIT, 0 },
		{ "relay-type", TROWEL_KIND_LOW_BITS, 3 },
		{ "relay", TROWEL_KIND_PLAIN_NAME, 0 }
	};
	static const struct expected_number gateway[] = {
		{ "precedence", TROWEL_KIND_U8, 10 },
		{ "gateway-type", TROWEL_KIND_U8, 2 },
		{ "algorithm", TROWEL_KIND_U8, 0 },
		{ "gateway", TROWEL_KIND_IPV6, 0 }
	};
	static const struct expected_number suffix[] = {
		{ "prefix-length", TROWEL_KIND_U8, 0 },
		{ "address-suffix", TROWEL_KIND_IPV6_SUFFIX, 0 }
	};
	static const struct expected_number isdn[] = { { "isdn-address",
		TROWEL_KIND_STRING, 0 } };
	static const struct expected_number hip[] = {
		{ "hit-length", TROWEL_KIND_U8, 1 },
		{ "pk-algorithm", TROWEL_KIND_U8, 2 },
		{ "pk-length", TROWEL_KIND_U16, 1 },
		{ "hit", TROWEL_KIND_HIT, 0 },
		{ "public-key", TROWEL_KIND_HIP_KEY, 0 },
		{ "rendezvous-servers", TROWEL_KIND_PLAIN_NAME, 0 },
		{ "rendezvous-servers", TROWEL_KIND_PLAIN_NAME, 0 }
	};
	static const struct expected_number svcb[] = {
		{ "priority", TROWEL_KIND_U16, 1 },
		{ "target", TROWEL_KIND_PLAIN_NAME, 0 },
		{ "params", TROWEL_KIND_PARAM, 2 },
		{ "params", TROWEL_KIND_PARAM, 667 }
	};

	expect_numbers(260, "0a 80", no_relay, CHECK_COUNT(no_relay));
	expect_numbers(260, "0a 03 00", relay, CHECK_COUNT(relay));
	expect_numbers(45, "0a 02 00 20010db8000000000000000000000001", gateway,
		CHECK_COUNT(gateway));
	expect_numbers(38, "00 20010db8000000000000000000000001", suffix,
		CHECK_COUNT(suffix));
	expect_numbers(20, "0131", isdn, CHECK_COUNT(isdn));
	expect_numbers(
		55, "01 02 0001 aa bb 00 0161 00", hip, CHECK_COUNT(hip));
	expect_numbers(
		64, "0001 00 0002 0000 029b 0001 61", svcb, CHECK_COUNT(svcb));
}

static void params_are_given_without_key_and_length(void)
{
	static const struct expected_field https[] = {
		{ "priority", TROWEL_KIND_U16, 27, 2, 1 },
		{ "target", TROWEL_KIND_PLAIN_NAME, 29, 1, 0 },
		{ "params", TROWEL_KIND_PARAM, 34, 2, 3 }
	};
	static const struct expected_field caa[] = { { "flags", TROWEL_KIND_U8,
							     27, 1, 128 },
		{ "tag", TROWEL_KIND_TAG, 29, 3, 0 },
		{ "value", TROWEL_KIND_TEXT, 32, 1, 0 } };
	static const struct expected_field apl[] = {
		{ "prefixes", TROWEL_KIND_PREFIX, 27, 7, 0 },
		{ "prefixes", TROWEL_KIND_PREFIX, 34, 4, 0 }
	};

	expect_fields(65, "0001 00 0003 0002 01bb", https, CHECK_COUNT(https));
	expect_fields(257, "80 03746273 78", caa, CHECK_COUNT(caa));
	expect_fields(
		42, "0001 18 83 c00002 0001 00 00", apl, CHECK_COUNT(apl));
}

/* RFC 4034 B; fixtures have those that dig computes. */
static void key_tag_is_that_of_rfc_4034(void)
{
	static const struct {
		const char *why;
		const char *hex;
		uint16_t expected;
	} tags[] = {
		{ "RSAMD5: of the modulus", "0100 03 01 0301 0001 1234 56",
			0x1234 },
		{ "carries are added once", "ffff ff ff ffff ffff", 0xFFFF },
		{ "an odd octet at the end", "0101 03 08 01", 0x0509 },
		{ "RSAMD5 that is too short", "0100 03 01 01", 0x0501 },
	};

	for (size_t i = 0; i < CHECK_COUNT(tags); i++) {
		struct trowel_iterator iterator = { 0 };
		struct trowel_field field = { 0 };
		struct trowel_message message;
		struct trowel_record record;
		uint8_t *octets;

		decode(&message, &octets, &record, 48, tags[i].hex);
		while (field.kind != TROWEL_KIND_KEY)
			CU_ASSERT_FATAL(trowel_field_next(
				&message, &record, &iterator, &field));
		if (field.number != tags[i].expected) {
			printf("%s: %u\n", tags[i].why, (unsigned)field.number);
			CU_FAIL("other key tag");
		}
		free(octets);
	}
}

/* A record that was made up, or changed: too short for its type, and over the
 * end of the message. */
static void fields_of_unchecked_rdata_stay_inside_it(void)
{
	static const uint16_t types[] = { A, AAAA, MX, SRV, SOA, TXT, 65280 };
	struct trowel_message message;
	struct trowel_record record;
	uint8_t *octets;

	decode(&message, &octets, &record, 65280, "05");
	for (size_t i = 0; i < CHECK_COUNT(types); i++) {
		struct trowel_iterator iterator = { 0 };
		struct trowel_field field;

		record.type = types[i];
		record.rdata_length = 1;
		while (trowel_field_next(&message, &record, &iterator, &field))
			CU_ASSERT(field.offset <= message.length);
		record.rdata_length = 2;
		iterator = (struct trowel_iterator){ 0 };
		CU_ASSERT_FALSE(trowel_field_next(
			&message, &record, &iterator, &field));
	}
	free(octets);
}

static void host_is_given_with_its_numbers(void)
{
	static const struct {
		const char *why;
		uint16_t type;
		const char *hex;
		bool expected;
		struct trowel_host host;
	} rows[] = {
		{ "NS", 2, "01 62 00", true, { 0, 0, 0, 27 } },
		{ "CNAME", 5, "00", true, { 0, 0, 0, 27 } },
		{ "PTR", 12, "c00c", true, { 0, 0, 0, 27 } },
		{ "DNAME", 39, "01 62 00", true, { 0, 0, 0, 27 } },
		{ "MX", MX, "fffe 01 62 00", true, { 65534, 0, 0, 29 } },
		{ "SRV", SRV, "0001 0203 14e9 00", true, { 1, 515, 5353, 33 } },
		{ "SVCB", 64, "0000 01 62 00", true, { 0, 0, 0, 29 } },
		{ "HTTPS with parameters", 65, "0001 00 0003 0002 20fb", true,
			{ 1, 0, 0, 29 } },
		{ "SOA has two names", SOA,
			"00 00 00000001 00000002 00000003 00000004 00000005",
			false, { 7, 7, 7, 7 } },
		{ "A", A, "c0000201", false, { 7, 7, 7, 7 } },
		{ "an unknown type", 65280, "01 62 00", false, { 7, 7, 7, 7 } },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_host host = { 7, 7, 7, 7 };
		struct trowel_message message;
		struct trowel_record record;
		uint8_t *octets;

		decode(&message, &octets, &record, rows[i].type, rows[i].hex);
		if (trowel_record_host(&message, &record, &host) !=
				rows[i].expected ||
			memcmp(&host, &rows[i].host, sizeof(host)) != 0) {
			printf("%s: %u %u %u %u\n", rows[i].why, host.priority,
				host.weight, host.port, host.name);
			CU_FAIL("other host");
		}
		free(octets);
	}
}

/* Of class NONE, of another class than the type's, cut by the caller. */
static void host_of_unchecked_rdata_is_not_given(void)
{
	static const struct {
		uint16_t type;
		uint16_t class_code;
		uint16_t rdata_length;
	} rows[] = { { 2, 254, 3 }, { SRV, 3, 7 }, { SRV, 1, 6 }, { 2, 1, 0 },
		{ MX, 1, 8 } };
	struct trowel_message message;
	struct trowel_record record;
	struct trowel_host host;
	uint8_t *octets;

	decode(&message, &octets, &record, SRV, "0001 0203 14e9 00");
	CU_ASSERT(trowel_record_host(&message, &record, &host));
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		record.type = rows[i].type;
		record.class_code = rows[i].class_code;
		record.rdata_length = rows[i].rdata_length;
		CU_ASSERT_FALSE(trowel_record_host(&message, &record, &host));
	}
	free(octets);
}

/* That of class ANY is looked at only then. */
static void rdata_that_was_cut_is_not_looked_at(void)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	struct trowel_field field;
	uint8_t *octets;

	decode(&message, &octets, &record, TXT, "03616263");
	record.class_code = 255;
	CU_ASSERT_EQUAL(tw_row_of(&message, &record)->code, TXT);
	message.length = (uint16_t)(record.rdata + 2);
	CU_ASSERT_PTR_EQUAL(tw_row_of(&message, &record), &tw_rrtype_opaque);
	CU_ASSERT_FALSE(
		trowel_field_next(&message, &record, &iterator, &field));
	free(octets);
}

static const struct check_case cases[] = {
	CHECK_CASE(fields_have_names_numbers_and_places),
	CHECK_CASE(strings_are_a_field_each),
	CHECK_CASE(opaque_rdata_is_one_field),
	CHECK_CASE(types_of_a_bitmap_are_a_field_each),
	CHECK_CASE(forms_that_hang_on_octets_before_them_have_their_kinds),
	CHECK_CASE(params_are_given_without_key_and_length),
	CHECK_CASE(key_tag_is_that_of_rfc_4034),
	CHECK_CASE(fields_of_unchecked_rdata_stay_inside_it),
	CHECK_CASE(rdata_that_was_cut_is_not_looked_at),
	CHECK_CASE(host_is_given_with_its_numbers),
	CHECK_CASE(host_of_unchecked_rdata_is_not_given),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
