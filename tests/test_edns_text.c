/* SPDX-License-Identifier: MIT */
#include "cli/edns_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

/* An option's content in a block of exactly its size. */
static void format(
	uint16_t code, const char *hex, struct tw_output *output, bool *is_good)
{
	struct trowel_field option = { .kind = TROWEL_KIND_OPTION,
		.number = code };
	struct trowel_message message = { 0 };
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);

	message.octets = octets;
	message.length = (uint16_t)length;
	option.length = (uint16_t)length;
	tw_output_init(output);
	tw_edns_option_add(output, &message, &option);
	*is_good = tw_edns_option_is_good(&message, &option);
	free(octets);
}

static bool is_text(const struct tw_output *output, const char *expected)
{
	return output->length == strlen(expected) &&
		memcmp(output->octets, expected, output->length) == 0;
}

static const struct {
	uint16_t code;
	const char *why;
	const char *hex;
	const char *expected;
} good[] = {
	{ 3, "no NSID", "", "NSID:" },
	{ 3, "an NSID", "6770646e732d616d73",
		"NSID: 67 70 64 6e 73 2d 61 6d 73 (\"gpdns-ams\")" },
	{ 3, "one that is not text", "00411f7f80ff22",
		"NSID: 00 41 1f 7f 80 ff 22 (\".A....\"\")" },
	{ 1, "LLQ", "0001 0002 0003 0102030405060708 00000e10",
		"LLQ: Version: 1, Opcode: 2, Error: 3, "
		"Identifier: 72623859790382856, Lifetime: 3600" },
	{ 8, "a subnet of IPv4", "00011800c00002",
		"CLIENT-SUBNET: 192.0.2.0/24/0" },
	{ 8, "all of IPv4", "00010000", "CLIENT-SUBNET: 0.0.0.0/0/0" },
	{ 8, "a subnet of IPv6", "0002383020010db8000001",
		"CLIENT-SUBNET: 2001:db8:0:100::/56/48" },
	{ 8, "odd bits", "00011410c00020", "CLIENT-SUBNET: 192.0.32.0/20/16" },
	{ 8, "family 0", "00000000", "CLIENT-SUBNET: 0/0/0" },
	{ 9, "EXPIRE, asked for", "", "EXPIRE:" },
	{ 9, "EXPIRE", "00093a80", "EXPIRE: 604800 (1 week)" },
	{ 9, "zero", "00000000", "EXPIRE: 0 (0 seconds)" },
	{ 9, "every unit", "000a9a4d",
		"EXPIRE: 694861 (1 week 1 day 1 hour 1 minute 1 second)" },
	{ 10, "a client cookie", "0102030405060708",
		"COOKIE: 0102030405060708" },
	{ 10, "both cookies",
		"000102030405060708090a0b0c0d0e0f1011121314151617",
		"COOKIE: 000102030405060708090a0b0c0d0e0f1011121314151617" },
	{ 11, "asked for", "", "TCP KEEPALIVE:" },
	{ 11, "a timeout", "04b1", "TCP KEEPALIVE: 120.1 secs" },
	{ 11, "zero", "0000", "TCP KEEPALIVE: 0.0 secs" },
	{ 12, "no padding", "", "PAD:" },
	{ 12, "padding", "00000000000000", "PAD: (7 bytes)" },
	{ 12, "padding that is not zero", "6162", "PAD: (2 bytes)" },
	{ 14, "a key tag", "4a5c", "KEY-TAG: 19036" },
	{ 14, "key tags", "4a5c4f660001", "KEY-TAG: 19036, 20326, 1" },
	{ 15, "an EDE", "0006", "EDE: 6 (DNSSEC Bogus)" },
	{ 15, "an EDE with text",
		"0016 61742064656c65676174696f6e206578616d706c652e636f6d",
		"EDE: 22 (No Reachable Authority): "
		"(at delegation example.com)" },
	{ 15, "EDE 0", "0000", "EDE: 0 (Other)" },
	{ 15, "the last that dig knows", "001878",
		"EDE: 24 (Invalid Data): (x)" },
	{ 15, "one that it does not", "0019", "EDE: 25" },
	{ 15, "UTF-8", "0000 c3a9e282acf09d849e",
		"EDE: 0 (Other): (\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e)" },
	{ 15, "the ends of UTF-8", "0000 c280dfbfe0a080ed9fbff0908080f48fbfbf",
		"EDE: 0 (Other): (\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf"
		"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf)" },
	{ 15, "control characters in text", "0000 610a7f62",
		"EDE: 0 (Other): (a..b)" },
	{ 16, "a client tag", "0102", "CLIENT-TAG: 258" },
	{ 17, "a server tag", "ffff", "SERVER-TAG: 65535" },
	{ 13, "CHAIN", "0161 00", "OPT=13: 01 61 00 (\".a.\")" },
	{ 18, "REPORT-CHANNEL", "0161 00", "OPT=18: 01 61 00 (\".a.\")" },
	{ 19, "ZONEVERSION", "0200 78b8e7a5",
		"OPT=19: 02 00 78 b8 e7 a5 (\"..x...\")" },
	{ 5, "DAU", "080d", "OPT=5: 08 0d (\"..\")" },
	{ 2, "UL", "0000012c", "OPT=2: 00 00 01 2c (\"...,\")" },
	{ 20, "one that nobody knows", "", "OPT=20:" },
	{ 65001, "a private one", "616263", "OPT=65001: 61 62 63 (\"abc\")" },
};

/* The texts are those of dig 9.18. */
static void option_is_written_as_dig_does(void)
{
	for (size_t i = 0; i < CHECK_COUNT(good); i++) {
		struct tw_output output;
		bool is_good;

		format(good[i].code, good[i].hex, &output, &is_good);
		if (!is_text(&output, good[i].expected)) {
			printf("%s: %.*s\n", good[i].why, (int)output.length,
				output.octets);
			CU_FAIL("other text");
		}
		CU_ASSERT_TRUE(is_good);
		tw_output_release(&output);
	}
}

/* In hex, with what is printable beside it. */
static void expect_marked(const char *why, uint16_t code, const char *hex)
{
	struct tw_output output;
	uint8_t *octets;
	char expected[300];
	bool is_good;
	size_t length;
	size_t at;

	octets = octets_of_hex(hex, &length);
	at = (size_t)snprintf(
		expected, sizeof(expected), "OPT=%u:", (unsigned)code);
	for (size_t i = 0; i < length; i++)
		at += (size_t)snprintf(expected + at, sizeof(expected) - at,
			" %02x", (unsigned)octets[i]);
	if (length > 0)
		at += (size_t)snprintf(
			expected + at, sizeof(expected) - at, " (\"");
	for (size_t i = 0; i < length; i++)
		at += (size_t)snprintf(expected + at, sizeof(expected) - at,
			"%c",
			octets[i] > 0x20 && octets[i] < 0x7F ? (char)octets[i]
							     : '.');
	snprintf(expected + at, sizeof(expected) - at, "%s (malformed)",
		length > 0 ? "\")" : "");
	free(octets);
	format(code, hex, &output, &is_good);
	if (!is_text(&output, expected)) {
		printf("%s: %.*s\n", why, (int)output.length, output.octets);
		CU_FAIL("not marked as malformed");
	}
	CU_ASSERT_FALSE(is_good);
	tw_output_release(&output);
}

static void broken_option_is_written_raw_and_marked(void)
{
	static const struct {
		uint16_t code;
		const char *why;
		const char *hex;
	} rows[] = {
		{ 1, "LLQ without content", "" },
		{ 1, "LLQ of 17 octets", "0000000000000000000000000000000000" },
		{ 1, "LLQ of 19 octets",
			"00000000000000000000000000000000000000" },
		{ 8, "no subnet", "" },
		{ 8, "a subnet without its lengths", "000100" },
		{ 8, "IPv4, prefix 33", "0001 21 00 0000000000" },
		{ 8, "IPv4, scope 33", "0001 00 21" },
		{ 8, "IPv6, prefix 129",
			"0002 81 00 0000000000000000000000000000000000" },
		{ 8, "IPv6, scope 129", "0002 00 81" },
		{ 8, "too few octets", "0001 18 00 c000" },
		{ 8, "too many octets", "0001 18 00 c0000201" },
		{ 8, "family 3", "0003 00 00" },
		{ 8, "family 0 with a prefix", "0000 01 00" },
		{ 8, "family 0 with an address", "0000 00 00 00" },
		{ 9, "EXPIRE of three octets", "000000" },
		{ 10, "no cookie", "" },
		{ 10, "a cookie of 7 octets", "00000000000000" },
		{ 10, "of 9", "000000000000000000" },
		{ 10, "of 15", "000000000000000000000000000000" },
		{ 10, "of 41",
			"00000000000000000000000000000000000000000000000000"
			"00000000000000000000000000000000" },
		{ 11, "a timeout of one octet", "01" },
		{ 11, "of three", "000000" },
		{ 14, "no key tag", "" },
		{ 14, "one and a half", "000000" },
		{ 15, "no EDE", "" },
		{ 15, "half an EDE", "01" },
		{ 15, "UTF-8: a tail alone", "0000 80" },
		{ 15, "UTF-8: longer than needed", "0000 c181" },
		{ 15, "UTF-8: no tail", "0000 c3" },
		{ 15, "UTF-8: a letter for a tail", "0000 c341" },
		{ 15, "UTF-8: a lead for a tail", "0000 c3c3" },
		{ 15, "UTF-8: three, longer than needed", "0000 e09fbf" },
		{ 15, "UTF-8: a surrogate", "0000 eda080" },
		{ 15, "UTF-8: three, cut", "0000 e282" },
		{ 15, "UTF-8: four, longer than needed", "0000 f08fbfbf" },
		{ 15, "UTF-8: past U+10FFFF", "0000 f4908080" },
		{ 15, "UTF-8: no lead", "0000 f5808080" },
		{ 16, "a client tag of one octet", "01" },
		{ 17, "a server tag of three", "000000" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_marked(rows[i].why, rows[i].code, rows[i].hex);
}

/* Whatever an option holds, up to 40 equal octets of it. */
static void any_option_can_be_written(void)
{
	static const uint8_t values[] = { 0, 1, 2, 0x20, 0x7F, 0x80, 0xC3, 0xE0,
		0xF4, 0xFF };

	for (unsigned code = 0; code < 25; code++)
		for (size_t length = 0; length < 45; length++)
			for (size_t i = 0; i < sizeof(values); i++) {
				struct trowel_field option = {
					.kind = TROWEL_KIND_OPTION,
					.number = code,
					.length = (uint16_t)length
				};
				struct trowel_message message = { 0 };
				struct tw_output output;
				uint8_t octets[45];
				uint8_t *copy;

				memset(octets, values[i], sizeof(octets));
				copy = check_copy(octets, length);
				message.octets = copy;
				message.length = (uint16_t)length;
				tw_output_init(&output);
				tw_edns_option_add(&output, &message, &option);
				CU_ASSERT(output.length > 0 &&
					output.length < 400);
				tw_output_release(&output);
				free(copy);
			}
}

static const struct check_case cases[] = {
	CHECK_CASE(option_is_written_as_dig_does),
	CHECK_CASE(broken_option_is_written_raw_and_marked),
	CHECK_CASE(any_option_can_be_written),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
