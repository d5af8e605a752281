/* SPDX-License-Identifier: MIT */
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/address.h"
#include "tests/check.h"

static enum trowel_status parse(
	const char *text, struct trowel_address *address)
{
	char *copy = check_copy(text, strlen(text) + 1);
	enum trowel_status status = trowel_address_parse(copy, address);

	free(copy);
	return status;
}

static void addresses_are_read_and_written_back(void)
{
	static const struct {
		const char *text, *expected;
		unsigned family, port;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", 4, 0 },
		{ "0.0.0.0", "0.0.0.0", 4, 0 },
		{ "255.255.255.255", "255.255.255.255", 4, 0 },
		{ "192.0.2.1:53", "192.0.2.1", 4, 53 },
		{ "192.0.2.1:65535", "192.0.2.1", 4, 65535 },
		{ "192.0.2.1:00053", "192.0.2.1", 4, 53 },
		{ "2001:db8::1", "2001:db8::1", 6, 0 },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1", 6, 0 },
		{ "::", "::", 6, 0 },
		{ "::1", "::1", 6, 0 },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", 6, 0 },
		{ "[2001:db8::1]", "2001:db8::1", 6, 0 },
		{ "[2001:db8::1]:53", "2001:db8::1", 6, 53 },
		{ "[::]:1", "::", 6, 1 },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6, 0 },
	};
	struct trowel_address address;
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(parse(rows[i].text, &address), TROWEL_OK);
		CU_ASSERT_EQUAL(address.family, rows[i].family);
		CU_ASSERT_EQUAL(address.port, rows[i].port);
		CU_ASSERT_EQUAL(trowel_address_format(&address, text),
			strlen(rows[i].expected));
		CU_ASSERT_STRING_EQUAL(text, rows[i].expected);
	}
}

static void what_is_no_address_is_refused(void)
{
	static const struct {
		const char *why, *text;
	} rows[] = {
		{ "empty", "" },
		{ "a name", "localhost" },
		{ "three parts", "192.0.2" },
		{ "five parts", "192.0.2.1.5" },
		{ "one number", "3221225985" },
		{ "hex", "0xc0.0.2.1" },
		{ "hex in one part", "192.0.2.0x1" },
		{ "octal", "0300.0.2.1" },
		{ "leading zero", "192.0.2.01" },
		{ "part over 255", "192.0.2.256" },
		{ "empty part", "192..2.1" },
		{ "blank before", " 192.0.2.1" },
		{ "blank behind", "192.0.2.1 " },
		{ "text behind (CVE-2016-10739)", "192.0.2.1 x" },
		{ "newline behind", "192.0.2.1\n" },
		{ "dot behind", "192.0.2.1." },
		{ "sign", "+192.0.2.1" },
		{ "port empty", "192.0.2.1:" },
		{ "port 0", "192.0.2.1:0" },
		{ "port over 65,535", "192.0.2.1:65536" },
		{ "port over 64 bits", "192.0.2.1:18446744073709551669" },
		{ "port with sign", "192.0.2.1:+53" },
		{ "port with blank", "192.0.2.1: 53" },
		{ "port with text", "192.0.2.1:53x" },
		{ "port alone", ":53" },
		{ "two ports", "192.0.2.1:53:53" },
		{ "IPv6 in nine parts", "1:2:3:4:5:6:7:8:9" },
		{ "two gaps", "1::2::3" },
		{ "three colons", ":::" },
		{ "part of five digits", "2001:db8::12345" },
		{ "bracket not closed", "[2001:db8::1" },
		{ "bracket not opened", "2001:db8::1]:53" },
		{ "nothing in brackets", "[]:53" },
		{ "text behind the bracket", "[2001:db8::1]53" },
		{ "no port after the colon", "[2001:db8::1]:" },
		{ "port 0 behind the bracket", "[2001:db8::1]:0" },
		{ "scope of IPv4", "192.0.2.1%1" },
		{ "scope of a global address", "2001:db8::1%1" },
		{ "empty scope", "fe80::1%" },
		{ "scope 0", "fe80::1%0" },
		{ "scope over 32 bits", "fe80::1%4294967296" },
		{ "unknown scope", "fe80::1%no-such-if" },
		{ "long unknown scope",
			"fe80::1%no-such-interface-with-such-a-long-name" },
		{ "two scopes", "fe80::1%1%1" },
		{ "prefix", "2001:db8::/32" },
		{ "long",
			"2001:db8:0000000000000000000000000000000000000:"
			"000000000000000000000000000000000000000000001" },
	};
	static const struct trowel_address none;
	struct trowel_address address;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		memset(&address, 0xA5, sizeof(address));
		if (parse(rows[i].text, &address) != TROWEL_BAD_ADDRESS)
			CU_FAIL(rows[i].why);
		CU_ASSERT_EQUAL(memcmp(&address, &none, sizeof(none)), 0);
	}
}

static void scopes_are_interface_names_or_numbers(void)
{
	struct if_nameindex *interfaces = if_nameindex();
	struct trowel_address address;
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	char again[TROWEL_ADDRESS_TEXT_SIZE];

	CU_ASSERT_EQUAL(parse("fe80::1%4294967295", &address), TROWEL_OK);
	CU_ASSERT_EQUAL(address.scope, 4294967295u);
	trowel_address_format(&address, text);
	CU_ASSERT_STRING_EQUAL(text, "fe80::1%4294967295");
	CU_ASSERT_EQUAL(parse("[ff02::fb%77777]:5353", &address), TROWEL_OK);
	CU_ASSERT_EQUAL(address.scope, 77777);
	CU_ASSERT_EQUAL(address.port, 5353);
	CU_ASSERT_PTR_NOT_NULL_FATAL(interfaces);
	for (size_t i = 0; interfaces[i].if_name != NULL; i++) {
		strcpy(text, "fe80::1%");
		strcat(text, interfaces[i].if_name);
		CU_ASSERT_EQUAL(parse(text, &address), TROWEL_OK);
		CU_ASSERT_EQUAL(address.scope, interfaces[i].if_index);
		trowel_address_format(&address, again);
		CU_ASSERT_STRING_EQUAL(again, text);
	}
	if_freenameindex(interfaces);
}

static void sockaddr_of_ipv4_has_address_and_port(void)
{
	struct trowel_address address;
	struct sockaddr_storage storage;
	struct sockaddr_in ipv4;

	parse("192.0.2.1", &address);
	CU_ASSERT_EQUAL(
		tw_address_to_sockaddr(&address, 53, &storage), sizeof(ipv4));
	memcpy(&ipv4, &storage, sizeof(ipv4));
	CU_ASSERT_EQUAL(ipv4.sin_family, AF_INET);
	CU_ASSERT_EQUAL(ntohs(ipv4.sin_port), 53);
	CU_ASSERT_EQUAL(ntohl(ipv4.sin_addr.s_addr), 0xC0000201);
	parse("192.0.2.1:5353", &address);
	tw_address_to_sockaddr(&address, 53, &storage);
	memcpy(&ipv4, &storage, sizeof(ipv4));
	CU_ASSERT_EQUAL(ntohs(ipv4.sin_port), 5353);
}

static void sockaddr_of_ipv6_has_address_port_and_scope(void)
{
	static const uint8_t octets[16] = { 0xfe, 0x80, [15] = 9 };
	struct trowel_address address;
	struct sockaddr_storage storage;
	struct sockaddr_in6 ipv6;

	parse("[fe80::9%77]:5353", &address);
	CU_ASSERT_EQUAL(
		tw_address_to_sockaddr(&address, 53, &storage), sizeof(ipv6));
	memcpy(&ipv6, &storage, sizeof(ipv6));
	CU_ASSERT_EQUAL(ipv6.sin6_family, AF_INET6);
	CU_ASSERT_EQUAL(ntohs(ipv6.sin6_port), 5353);
	CU_ASSERT_EQUAL(ipv6.sin6_scope_id, 77);
	CU_ASSERT_EQUAL(memcmp(&ipv6.sin6_addr, octets, 16), 0);
}

static const struct check_case cases[] = {
	CHECK_CASE(addresses_are_read_and_written_back),
	CHECK_CASE(what_is_no_address_is_refused),
	CHECK_CASE(scopes_are_interface_names_or_numbers),
	CHECK_CASE(sockaddr_of_ipv4_has_address_and_port),
	CHECK_CASE(sockaddr_of_ipv6_has_address_port_and_scope),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
