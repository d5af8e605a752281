/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

/* A message of one record, owner "a.test" at 12. */
static struct trowel_message decode(uint8_t **octets,
	struct trowel_record *record, uint16_t type, const char *hex)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct build build;

	build_header(&build, 0x8180, 0, 1, 0, 0);
	build_record(&build, "a.test", type, hex);
	*octets = build_copy(&build);
	CU_ASSERT_EQUAL_FATAL(
		trowel_message_decode(&message, *octets, build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_FATAL(trowel_record_next(&message, &iterator, record));
	return message;
}

/* In a block of exactly the size needed. */
static void expect_text(const char *why, uint16_t type, const char *hex,
	unsigned style, const char *expected)
{
	size_t size = strlen(expected) + 1;
	struct trowel_record record;
	uint8_t *octets;
	struct trowel_message message = decode(&octets, &record, type, hex);
	char *text = malloc(size);

	CU_ASSERT_EQUAL(
		trowel_rdata_format(&message, &record, style, text, size),
		size - 1);
	if (strcmp(text, expected) != 0) {
		printf("%s: %s\n", why, text);
		CU_FAIL("other text");
	}
	free(text);
	free(octets);
}

static const struct {
	const char *why;
	uint16_t type;
	const char *hex;
	const char *plain;
	const char *generic;
} rows[] = {
	{ "A", 1, "c00002ff", "192.0.2.255", "\\# 4 C00002FF" },
	{ "A of zeros", 1, "00000000", "0.0.0.0", "\\# 4 00000000" },
	{ "NS, compressed", 2, "c00c", "a.test.", "\\# 8 0161047465737400" },
	{ "CNAME, partly compressed", 5, "01620163c00e", "b.c.test.",
		"\\# 10 01620163047465737400" },
	{ "the root", 12, "00", ".", "\\# 1 00" },
	{ "SOA", 6, "c00c 0162 00 ffffffff 00000000 0000000a 00000064 000003e8",
		"a.test. b. 4294967295 0 10 100 1000",
		"\\# 31 0161047465737400016200FFFFFFFF000000000000000A0000006400 0003E8" },
	{ "MX", 15, "ffff c00c", "65535 a.test.",
		"\\# 10 FFFF0161047465737400" },
	{ "an escaped name", 5, "04 2e2a20ff 00", "\\.*\\032\\255.",
		"\\# 6 042E2A20FF00" },
	{ "TXT", 16, "0161", "\"a\"", "\\# 2 0161" },
	{ "empty strings", 16, "0000", "\"\" \"\"", "\\# 2 0000" },
	{ "strings", 16, "0161 026263", "\"a\" \"bc\"", "\\# 5 0161026263" },
	{ "what is escaped in strings", 16, "08 00091f225c7f80ff",
		"\"\\000\\009\\031\\\"\\\\\\127\\128\\255\"",
		"\\# 9 0800091F225C7F80FF" },
	{ "what is not", 16, "0a 20213b2e2840245b277e", "\" !;.(@$['~\"",
		"\\# 11 0A20213B2E2840245B277E" },
	{ "SRV", 33, "0000 ffff 0035 c00e", "0 65535 53 test.",
		"\\# 12 0000FFFF0035047465737400" },
	{ "prefixes of a family that is not known", 42, "0000 1e 84 78d89ea7",
		"\\# 8 00001E8478D89EA7", "\\# 8 00001E8478D89EA7" },
	{ "a type without a form", 252, "ff", "\\# 1 FF", "\\# 1 FF" },
	{ "an unknown type", 65280, "00ff10", "\\# 3 00FF10", "\\# 3 00FF10" },
	{ "no RDATA", 65280, "", "\\# 0", "\\# 0" },
	{ "28 octets are one word", 65280,
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b",
		"\\# 28 "
		"000102030405060708090A0B0C0D0E0F101112131415161718191A1B",
		"\\# 28 "
		"000102030405060708090A0B0C0D0E0F101112131415161718191A1B" },
	{ "29 are two", 65280,
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c",
		"\\# 29 "
		"000102030405060708090A0B0C0D0E0F101112131415161718191A1B 1C",
		"\\# 29 "
		"000102030405060708090A0B0C0D0E0F101112131415161718191A1B "
		"1C" },
};

static void rdata_is_written_in_presentation_form(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_text(rows[i].why, rows[i].type, rows[i].hex,
			TROWEL_STYLE_PLAIN, rows[i].plain);
}

static void rdata_is_written_as_if_unknown(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_text(rows[i].why, rows[i].type, rows[i].hex,
			TROWEL_STYLE_GENERIC, rows[i].generic);
}

static void rdata_is_cut_off_where_space_ends(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_record record;
		uint8_t *octets;
		struct trowel_message message =
			decode(&octets, &record, rows[i].type, rows[i].hex);
		size_t needed = strlen(rows[i].plain);

		CU_ASSERT_EQUAL(
			trowel_rdata_format(&message, &record, 0, NULL, 0),
			needed);
		for (size_t size = 1; size <= needed; size++) {
			char *text = malloc(size);

			CU_ASSERT_EQUAL(trowel_rdata_format(&message, &record,
						0, text, size),
				needed);
			CU_ASSERT_EQUAL(strlen(text), size - 1);
			CU_ASSERT_EQUAL(
				strncmp(text, rows[i].plain, size - 1), 0);
			free(text);
		}
		free(octets);
	}
}

/*
 * Fixtures
 */

/* As expect_line() of the fixture has it: '|' is the start of a new line. */
static bool is_fixture_text(const struct fixture *fixture, const char *word,
	size_t index, char *text)
{
	size_t length = 0;
	const char *expected = fixture_text(fixture, word, index, &length);
	size_t to = 0;

	for (size_t from = 0; text[from] != '\0'; from++, to++) {
		text[to] = text[from];
		if (strncmp(text + from, "\n\t\t\t\t", 5) == 0) {
			text[to] = '|';
			from += 4;
		}
	}
	text[to] = '\0';
	return expected != NULL && length == to &&
		strncmp(expected, text, to) == 0;
}

static void expect_styled(
	const struct fixture *fixture, const char *word, unsigned style)
{
	static char text[100000];
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	size_t count = 0;
	size_t length;

	CU_ASSERT_EQUAL(trowel_message_decode(&message, fixture->octets,
				fixture->length, NULL),
		TROWEL_OK);
	while (trowel_record_next(&message, &iterator, &record) &&
		record.section == TROWEL_ANSWER) {
		trowel_rdata_format(
			&message, &record, style, text, sizeof(text));
		if (!is_fixture_text(fixture, word, count, text)) {
			printf("%s: %s: %s\n", fixture->name, word, text);
			CU_FAIL("not as the fixture says");
		}
		count++;
	}
	CU_ASSERT_PTR_NULL(fixture_text(fixture, word, count, &length));
}

/* The texts are those of dig 9.18. A fixture without a style's lines has
 * nothing that this style changes. */
static void rdata_is_written_in_every_style(void)
{
	static const struct {
		const char *word;
		unsigned style;
	} styles[] = {
		{ "multiline", TROWEL_STYLE_MULTILINE },
		{ "comments", TROWEL_STYLE_MULTILINE | TROWEL_STYLE_COMMENTS },
		{ "rrcomments", TROWEL_STYLE_COMMENTS },
		{ "nocrypto", TROWEL_STYLE_NO_CRYPTO },
		{ "nosplit", TROWEL_STYLE_NO_SPLIT },
		{ "split20", TROWEL_STYLE_SPLIT(20) },
	};
	size_t count;
	struct fixture *fixtures = fixtures_load(&count);
	size_t compared = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < CHECK_COUNT(styles); k++) {
			size_t length;

			if (fixture_text(&fixtures[i], styles[k].word, 0,
				    &length) == NULL)
				continue;
			expect_styled(
				&fixtures[i], styles[k].word, styles[k].style);
			compared++;
		}
	CU_ASSERT(compared > 50);
	fixtures_release(fixtures, count);
}

static void words_are_as_long_as_is_asked(void)
{
	static const struct {
		const char *why;
		unsigned width;
		const char *expected;
	} splits[] = {
		{ "4", 4, "\\# 9 0001 0203 0405 0607 08" },
		{ "up to the next multiple of 4", 5,
			"\\# 9 00010203 04050607 08" },
		{ "as long as all of it", 18, "\\# 9 000102030405060708" },
	};

	for (size_t i = 0; i < CHECK_COUNT(splits); i++)
		expect_text(splits[i].why, 65280, "000102030405060708",
			TROWEL_STYLE_SPLIT(splits[i].width),
			splits[i].expected);
}

static void aaaa_is_expanded(void)
{
	expect_text("zeros", 28, "00000000000000000000000000000001",
		TROWEL_STYLE_EXPAND_IPV6,
		"0000:0000:0000:0000:0000:0000:0000:0001");
	expect_text("none", 28, "20010db80123456789abcdef00001000",
		TROWEL_STYLE_EXPAND_IPV6,
		"2001:0db8:0123:4567:89ab:cdef:0000:1000");
}

/* Forms that a field does not have are opaque, and so is the whole of it. */
static void what_has_no_form_is_written_as_if_unknown(void)
{
	static const struct {
		const char *why;
		uint16_t type;
		const char *hex;
	} opaque[] = {
		{ "LOC: a size of ten", 29,
			"00A00000800000008000000000989680" },
		{ "LOC: a power of ten", 29,
			"00000A00800000008000000000989680" },
		{ "LOC: a precision of eleven", 29,
			"000000B1800000008000000000989680" },
		{ "LOC: beyond the north pole", 29,
			"00000000934FD9018000000000989680" },
		{ "LOC: beyond the south pole", 29,
			"000000006CB026FF8000000000989680" },
		{ "LOC: east of the date line", 29,
			"0000000080000000A69FB20100989680" },
		{ "LOC: west of it", 29, "000000008000000059604DFF00989680" },
		{ "LOC: version 1", 29, "01" },
		{ "A6: a prefix of 129", 38, "81FF" },
		{ "IPSECKEY: a gateway of type 4", 45, "0A0400AA" },
		{ "AMTRELAY: a relay of type 4", 260, "0A84AA" },
		{ "APL: family 3", 42, "00030801FF" },
	};

	for (size_t i = 0; i < CHECK_COUNT(opaque); i++) {
		char expected[100];

		snprintf(expected, sizeof(expected), "\\# %zu %s",
			strlen(opaque[i].hex) / 2, opaque[i].hex);
		expect_text(opaque[i].why, opaque[i].type, opaque[i].hex, 0,
			expected);
	}
}

/* RFC 4034 A.1.1: such a key begins with a name; a broken one has none. */
static void private_algorithm_without_a_name_keeps_its_mnemonic(void)
{
	static const char *const keys[] = { "0100 03 fd 0561", "0100 03 fd 40",
		"0100 03 fd 03616263" };

	for (size_t i = 0; i < CHECK_COUNT(keys); i++) {
		struct trowel_record record;
		uint8_t *octets;
		struct trowel_message message =
			decode(&octets, &record, 48, keys[i]);
		char text[200];

		trowel_rdata_format(&message, &record, TROWEL_STYLE_COMMENTS,
			text, sizeof(text));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, "; ZSK; alg = PRIVATEDNS ; key id = "));
		free(octets);
	}
}

/* RFC 5952 4 and 5 */
static void ipv6_addresses_are_written_as_rfc_5952_has_it(void)
{
	static const struct {
		const char *why;
		const char *hex;
		const char *expected;
	} addresses[] = {
		{ "zeros alone", "0000 0000 0000 0000 0000 0000 0000 0000",
			"::" },
		{ "the loopback", "0000 0000 0000 0000 0000 0000 0000 0001",
			"::1" },
		{ "zeros at the start",
			"0000 0000 0000 0001 0002 0003 0004 0005",
			"::1:2:3:4:5" },
		{ "zeros inside", "2001 0db8 0000 0000 0000 0000 0000 0001",
			"2001:db8::1" },
		{ "zeros at the end", "fe80 0000 0000 0000 0000 0000 0000 0000",
			"fe80::" },
		{ "one zero group", "2001 0db8 0000 0001 0001 0001 0001 0001",
			"2001:db8:0:1:1:1:1:1" },
		{ "the last group zero",
			"0001 0002 0003 0004 0005 0006 0007 0000",
			"1:2:3:4:5:6:7:0" },
		{ "the last two", "0001 0002 0003 0004 0005 0006 0000 0000",
			"1:2:3:4:5:6::" },
		{ "the longest run", "2001 0000 0000 0001 0000 0000 0000 0001",
			"2001:0:0:1::1" },
		{ "the first of two runs",
			"2001 0db8 0000 0000 0001 0000 0000 0001",
			"2001:db8::1:0:0:1" },
		{ "no zeros", "0123 4567 89ab cdef 1000 0100 0010 0001",
			"123:4567:89ab:cdef:1000:100:10:1" },
		{ "all ones", "ffff ffff ffff ffff ffff ffff ffff ffff",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "IPv4-mapped", "0000 0000 0000 0000 0000 ffff c000 0201",
			"::ffff:192.0.2.1" },
		{ "IPv4-compatible", "0000 0000 0000 0000 0000 0000 c000 0201",
			"::192.0.2.1" },
		{ "not quite mapped", "0000 0000 0000 0000 0000 fffe c000 0201",
			"::fffe:c000:201" },
		{ "mapped with a zero address",
			"0000 0000 0000 0000 0000 ffff 0000 0000",
			"::ffff:0.0.0.0" },
		{ "NAT64", "0064 ff9b 0000 0000 0000 0000 c000 0201",
			"64:ff9b::c000:201" },
	};

	for (size_t i = 0; i < CHECK_COUNT(addresses); i++)
		expect_text(addresses[i].why, 28, addresses[i].hex, 0,
			addresses[i].expected);
}

/* Each group zero, small or large: 3^8 addresses, beside the C library. */
static void ipv6_addresses_are_written_as_inet_ntop_does(void)
{
	static const uint16_t values[] = { 0, 0x1f, 0xffff };
	struct trowel_record record;
	uint8_t *octets;
	struct trowel_message message = decode(
		&octets, &record, 28, "00000000000000000000000000000000");

	for (unsigned i = 0; i < 6561; i++) {
		char expected[INET6_ADDRSTRLEN];
		char text[INET6_ADDRSTRLEN];
		unsigned rest = i;

		for (size_t k = 0; k < 8; k++, rest /= 3) {
			uint8_t *group = octets + record.rdata + 2 * k;

			group[0] = (uint8_t)(values[rest % 3] / 256);
			group[1] = (uint8_t)(values[rest % 3] % 256);
		}
		inet_ntop(AF_INET6, octets + record.rdata, expected,
			sizeof(expected));
		trowel_rdata_format(&message, &record, 0, text, sizeof(text));
		if (strcmp(text, expected) != 0) {
			printf("%s instead of %s\n", text, expected);
			CU_FAIL("other text");
		}
	}
	free(octets);
}

static void every_octet_of_a_string_is_printable_or_escaped(void)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		struct trowel_record record;
		uint8_t *octets;
		struct trowel_message message =
			decode(&octets, &record, 16, "0100");
		char text[16];
		char expected[16];

		octets[record.rdata + 1] = (uint8_t)octet;
		trowel_rdata_format(&message, &record, 0, text, sizeof(text));
		if (octet < 32 || octet > 126)
			snprintf(expected, sizeof(expected), "\"\\%03u\"",
				octet);
		else
			snprintf(expected, sizeof(expected), "\"%s%c\"",
				octet == '"' || octet == '\\' ? "\\" : "",
				(char)octet);
		CU_ASSERT_STRING_EQUAL(text, expected);
		free(octets);
	}
}

/* In hex, whatever it is; a command has more to say of it. */
static void option_is_written_in_hex(void)
{
	static const char expected[] = "67706E73";
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_field option;
	size_t length;
	uint8_t *octets =
		octets_of_hex("0000 8180 0000 0000 0000 0001"
			      "00 0029 04d0 00000000 0008 0003 0004 67706e73",
			&length);
	char text[sizeof(expected)];

	CU_ASSERT_EQUAL_FATAL(
		trowel_message_decode(&message, octets, length, NULL),
		TROWEL_OK);
	CU_ASSERT_TRUE_FATAL(trowel_option_next(&message, &iterator, &option));
	CU_ASSERT_EQUAL(trowel_field_format(&message, NULL, &option,
				TROWEL_STYLE_PLAIN, text, sizeof(text)),
		sizeof(expected) - 1);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(octets);
}

static const struct check_case cases[] = {
	CHECK_CASE(rdata_is_written_in_presentation_form),
	CHECK_CASE(rdata_is_written_as_if_unknown),
	CHECK_CASE(rdata_is_cut_off_where_space_ends),
	CHECK_CASE(rdata_is_written_in_every_style),
	CHECK_CASE(words_are_as_long_as_is_asked),
	CHECK_CASE(aaaa_is_expanded),
	CHECK_CASE(what_has_no_form_is_written_as_if_unknown),
	CHECK_CASE(private_algorithm_without_a_name_keeps_its_mnemonic),
	CHECK_CASE(ipv6_addresses_are_written_as_rfc_5952_has_it),
	CHECK_CASE(ipv6_addresses_are_written_as_inet_ntop_does),
	CHECK_CASE(every_octet_of_a_string_is_printable_or_escaped),
	CHECK_CASE(option_is_written_in_hex),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
