/* SPDX-License-Identifier: MIT */
#include "wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

enum { MANDATORY, ALPN, NO_DEFAULT_ALPN, PORT, IPV4HINT, ECH, IPV6HINT };

static void expect_param(
	const char *why, uint16_t key, const char *hex, const char *expected)
{
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);
	char room[200];
	struct tw_text text = { room, sizeof(room), 0 };

	tw_param_put(&text, key, octets, length);
	tw_text_end(&text);
	if (strcmp(room, expected) != 0)
		printf("%s: %s\n", why, room);
	CU_ASSERT_STRING_EQUAL(room, expected);
	free(octets);
}

static void param_is_written_as_rfc_9460_has_it(void)
{
	static const struct {
		const char *why;
		uint16_t key;
		const char *hex;
		const char *expected;
	} rows[] = {
		{ "one key", MANDATORY, "0001", "mandatory=alpn" },
		{ "keys", MANDATORY, "0001 0004 029b",
			"mandatory=alpn,ipv4hint,key667" },
		{ "one protocol", ALPN, "02 6832", "alpn=\"h2\"" },
		{ "protocols", ALPN, "02 6832 05 68332d3139",
			"alpn=\"h2,h3-19\"" },
		{ "a comma and a backslash", ALPN,
			"08 665c6f6f2c626172 02 6832",
			"alpn=\"f\\\\\\\\oo\\\\,bar,h2\"" },
		{ "octets that are no text", ALPN, "03 00ff22",
			"alpn=\"\\000\\255\\\"\"" },
		{ "no value", NO_DEFAULT_ALPN, "", "no-default-alpn" },
		{ "a port", PORT, "01bb", "port=443" },
		{ "port 0", PORT, "0000", "port=0" },
		{ "an address", IPV4HINT, "c0000201", "ipv4hint=192.0.2.1" },
		{ "addresses", IPV4HINT, "c0000201 c0000202",
			"ipv4hint=192.0.2.1,192.0.2.2" },
		{ "ECH", ECH, "00ff10", "ech=AP8Q" },
		{ "addresses of IPv6", IPV6HINT,
			"20010db8000000000000000000000001"
			"00000000000000000000ffffc0000201",
			"ipv6hint=2001:db8::1,::ffff:192.0.2.1" },
		{ "a key without a name", 667, "68656c6c6f d2 716f6f",
			"key667=\"hello\\210qoo\"" },
		{ "and without a value", 65535, "", "key65535" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_param(rows[i].why, rows[i].key, rows[i].hex,
			rows[i].expected);
}

/* RFC 9460 7 and 8 forbid these values: they are written as octets. */
static void broken_param_is_written_as_octets(void)
{
	static const struct {
		const char *why;
		uint16_t key;
		const char *hex;
		const char *expected;
	} rows[] = {
		{ "no keys", MANDATORY, "", "mandatory" },
		{ "half a key", MANDATORY, "000100",
			"mandatory=\"\\000\\001\\000\"" },
		{ "no protocol", ALPN, "", "alpn" },
		{ "an empty protocol", ALPN, "00", "alpn=\"\\000\"" },
		{ "an empty protocol at the end", ALPN, "02 6832 00",
			"alpn=\"\\002h2\\000\"" },
		{ "a protocol that is cut", ALPN, "03 6832",
			"alpn=\"\\003h2\"" },
		{ "a value where none is", NO_DEFAULT_ALPN, "61",
			"no-default-alpn=\"a\"" },
		{ "no port", PORT, "", "port" },
		{ "half a port", PORT, "35", "port=\"5\"" },
		{ "a port and a half", PORT, "003500", "port=\"\\0005\\000\"" },
		{ "no address", IPV4HINT, "", "ipv4hint" },
		{ "three octets", IPV4HINT, "616263", "ipv4hint=\"abc\"" },
		{ "no ECH", ECH, "", "ech" },
		{ "no address of IPv6", IPV6HINT, "", "ipv6hint" },
		{ "an address of IPv4", IPV6HINT, "61626364",
			"ipv6hint=\"abcd\"" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_param(rows[i].why, rows[i].key, rows[i].hex,
			rows[i].expected);
}

static const struct check_case cases[] = {
	CHECK_CASE(param_is_written_as_rfc_9460_has_it),
	CHECK_CASE(broken_param_is_written_as_octets),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
