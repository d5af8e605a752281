/* SPDX-License-Identifier: MIT */
#include "wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/check.h"
#include "tests/fixture.h"

struct room {
	char characters[400];
	struct tw_text text;
};

static struct tw_text *start(struct room *room)
{
	room->text = (struct tw_text){ room->characters,
		sizeof(room->characters), 0 };
	return &room->text;
}

static void expect(struct room *room, const char *expected)
{
	tw_text_end(&room->text);
	if (strcmp(room->characters, expected) != 0) {
		printf("%s instead of %s\n", room->characters, expected);
		CU_FAIL("other text");
	}
	CU_ASSERT_EQUAL(room->text.length, strlen(expected));
}

static void hex_is_written_in_either_case(void)
{
	struct room room;

	tw_hex_put(start(&room), 0xAF, true);
	expect(&room, "AF");
	tw_hex_put(start(&room), 0x0F, false);
	expect(&room, "0f");
	tw_octets_put(
		start(&room), (const uint8_t[]){ 0, 0xFE, 0x12 }, 3, true);
	expect(&room, "00FE12");
	tw_octets_put(start(&room), (const uint8_t[]){ 0xFE }, 1, false);
	expect(&room, "fe");
	tw_hex_groups_put(
		start(&room), (const uint8_t[]){ 0, 0x5E, 0xFF }, 3, 1, '-');
	expect(&room, "00-5e-ff");
	tw_groups_put(start(&room), (const uint8_t[]){ 0, 0, 0x0D, 0xB8 }, 2);
	expect(&room, "0:db8");
}

static void digits_are_written_with_leading_zeros(void)
{
	struct room room;

	tw_digits_put(start(&room), 7, 3);
	expect(&room, "007");
	tw_digits_put(start(&room), 12345, 3);
	expect(&room, "345");
	tw_digits_put(start(&room), 4294967295, 10);
	expect(&room, "4294967295");
}

/* RFC 4648 10 */
static void base64_is_written_as_rfc_4648_has_it(void)
{
	static const char *const expected[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	static const uint8_t high[] = { 0xFB, 0xEF, 0xFF };
	struct room room;

	for (size_t i = 0; i < CHECK_COUNT(expected); i++) {
		uint8_t *octets = check_copy("foobar", i);

		tw_base64_put(start(&room), octets, i);
		expect(&room, expected[i]);
		free(octets);
	}
	tw_base64_put(start(&room), high, 3);
	expect(&room, "++//");
}

static void base32hex_is_written_without_padding(void)
{
	static const char *const expected[] = { "", "CO", "CPNG", "CPNMU",
		"CPNMUOG", "CPNMUOJ1", "CPNMUOJ1E8" };
	struct room room;

	for (size_t i = 0; i < CHECK_COUNT(expected); i++) {
		uint8_t *octets = check_copy("foobar", i);

		tw_base32hex_put(start(&room), octets, i);
		expect(&room, expected[i]);
		free(octets);
	}
}

static void strings_are_escaped_as_their_quotes_need(void)
{
	static const uint8_t octets[] = { 'a', ' ', '@', ';', '"', '\\', 0x1F,
		0x7F, 0xFF, '.', '$' };
	struct room room;

	tw_string_put(start(&room), octets, sizeof(octets), true);
	expect(&room, "\"a @;\\\"\\\\\\031\\127\\255.$\"");
	tw_string_put(start(&room), octets, sizeof(octets), false);
	expect(&room, "a\\ \\@\\;\\\"\\\\\\031\\127\\255.$");
	tw_string_put(start(&room), octets, 0, true);
	expect(&room, "\"\"");
}

static void addresses_are_written(void)
{
	struct room room;

	tw_ipv4_put(start(&room), (const uint8_t[]){ 0, 10, 100, 255 });
	expect(&room, "0.10.100.255");
	tw_ipv6_put(start(&room), (const uint8_t[16]){ [15] = 1 });
	expect(&room, "::1");
	/* RFC 5952 4.2.2, 4.2.3 */
	tw_ipv6_put(start(&room),
		(const uint8_t[16]){ 32, 1, 0,
			1, [7] = 1, [9] = 1, [11] = 1, [13] = 1, [15] = 1 });
	expect(&room, "2001:1:0:1:1:1:1:1");
	tw_ipv6_put(start(&room),
		(const uint8_t[16]){ 32, 1, 0, 1, [9] = 1, [15] = 1 });
	expect(&room, "2001:1::1:0:0:1");
}

static void time_is_written_in_utc(void)
{
	static const struct {
		const char *why;
		uint32_t seconds;
		const char *expected;
	} rows[] = {
		{ "the epoch", 0, "19700101000000" },
		{ "its first day ends", 86399, "19700101235959" },
		{ "a leap day", 951782400, "20000229000000" },
		{ "the day after", 951868800, "20000301000000" },
		{ "a leap day of an ordinary year", 1709164800,
			"20240229000000" },
		{ "the end of 31 bits", 2147483647, "20380119031407" },
		{ "the end of 32 bits", 4294967295, "21060207062815" },
		{ "no leap day in 2100", 4107542400, "21000301000000" },
		{ "the end of a year", 1798761599, "20261231235959" },
	};
	struct room room;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		tw_time_put(start(&room), rows[i].seconds);
		expect(&room, rows[i].expected);
	}
}

/* A time of each day from 1970 to 2106, beside the C library. */
static void time_is_written_as_gmtime_has_it(void)
{
	const uint64_t last = sizeof(time_t) > 4 ? UINT32_MAX : INT32_MAX;
	struct room room;

	for (uint64_t seconds = 0; seconds <= last; seconds += 86400 + 61) {
		time_t when = (time_t)seconds;
		struct tm parts;
		char expected[32];

		gmtime_r(&when, &parts);
		strftime(expected, sizeof(expected), "%Y%m%d%H%M%S", &parts);
		tw_time_put(start(&room), (uint32_t)seconds);
		expect(&room, expected);
	}
}

static void period_is_written_in_words(void)
{
	static const struct {
		uint32_t seconds;
		const char *expected;
	} rows[] = {
		{ 0, "0 seconds" },
		{ 1, "1 second" },
		{ 59, "59 seconds" },
		{ 60, "1 minute" },
		{ 3600, "1 hour" },
		{ 7200, "2 hours" },
		{ 86400, "1 day" },
		{ 604800, "1 week" },
		{ 694861, "1 week 1 day 1 hour 1 minute 1 second" },
		{ 1389722, "2 weeks 2 days 2 hours 2 minutes 2 seconds" },
		{ 4294967295,
			"7101 weeks 3 days 6 hours 28 minutes 15 seconds" },
	};
	struct room room;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		tw_period_put(start(&room), rows[i].seconds);
		expect(&room, rows[i].expected);
	}
}

/* RFC 1876 4 and its corners */
static void location_is_written_in_degrees(void)
{
	static const struct {
		const char *hex;
		const char *expected;
	} rows[] = {
		{ "00 12 16 13 80000000 80000000 00989680",
			"0 0 0.000 N 0 0 0.000 E 0.00m 1m 10000m 10m" },
		{ "00 00 10 11 7fffffff 7fffffff 0098967f",
			"0 0 0.001 S 0 0 0.001 W -0.01m 0.00m 0.01m 0.10m" },
		{ "00 99 91 90 934fd900 59604e00 ffffffff",
			"90 0 0.000 N 180 0 0.000 W 42849672.95m 90000000m "
			"0.90m 0.09m" },
		{ "00 33 22 12 80000000 80000000 00000000",
			"0 0 0.000 N 0 0 0.000 E -100000.00m 30m 2m 1m" },
	};
	struct room room;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t length;
		uint8_t *octets = octets_of_hex(rows[i].hex, &length);

		CU_ASSERT_EQUAL(length, 16);
		tw_location_put(start(&room), octets);
		expect(&room, rows[i].expected);
		free(octets);
	}
}

static void atm_address_is_a_number_or_hex(void)
{
	struct room room;

	tw_atma_put(start(&room), (const uint8_t[]){ 1, '6', '1', '2' }, 4);
	expect(&room, "+612");
	tw_atma_put(start(&room), (const uint8_t[]){ 0, 0x39, 0xAF }, 3);
	expect(&room, "39af");
	tw_atma_put(start(&room), (const uint8_t[]){ 1, 0xFF }, 2);
	expect(&room, "+\\255");
}

static const struct check_case cases[] = {
	CHECK_CASE(hex_is_written_in_either_case),
	CHECK_CASE(digits_are_written_with_leading_zeros),
	CHECK_CASE(base64_is_written_as_rfc_4648_has_it),
	CHECK_CASE(base32hex_is_written_without_padding),
	CHECK_CASE(strings_are_escaped_as_their_quotes_need),
	CHECK_CASE(addresses_are_written),
	CHECK_CASE(time_is_written_in_utc),
	CHECK_CASE(time_is_written_as_gmtime_has_it),
	CHECK_CASE(period_is_written_in_words),
	CHECK_CASE(location_is_written_in_degrees),
	CHECK_CASE(atm_address_is_a_number_or_hex),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
