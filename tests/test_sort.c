/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/sort.h"
#include "tests/check.h"

static struct trowel_address address_of(const char *text)
{
	struct trowel_address address = { .family = 0 };

	if (strcmp(text, "-") != 0 &&
		trowel_address_parse(text, &address) != TROWEL_OK)
		CU_FAIL(text);
	return address;
}

struct row {
	const char *why;
	const char *pairs[4][2]; /* an address, and whence it is reached */
	const char *expected;
};

static void check_row(const struct row *row)
{
	struct trowel_address addresses[4];
	struct trowel_address sources[4];
	char got[4 * TROWEL_ADDRESS_TEXT_SIZE] = "";
	size_t count = 0;

	for (; count < 4 && row->pairs[count][0] != NULL; count++) {
		addresses[count] = address_of(row->pairs[count][0]);
		sources[count] = address_of(row->pairs[count][1]);
	}
	tw_sort(addresses, sources, count);
	for (size_t i = 0; i < count; i++) {
		char text[TROWEL_ADDRESS_TEXT_SIZE];

		trowel_address_format(&addresses[i], text);
		strcat(got, i > 0 ? " " : "");
		strcat(got, text);
	}
	if (strcmp(got, row->expected) == 0)
		return;
	printf("%s: %s\n", row->why, got);
	CU_FAIL("see above");
}

/* RFC 6724 10.2, as far as its rules are ours. */
static void examples_of_the_rfc(void)
{
	static const struct row rows[] = {
		{ "prefer matching scope",
			{ { "2001:db8:1::1", "2001:db8:1::2" },
				{ "198.51.100.121", "169.254.13.78" } },
			"2001:db8:1::1 198.51.100.121" },
		{ "prefer matching scope, IPv4",
			{ { "2001:db8:1::1", "fe80::1" },
				{ "198.51.100.121", "198.51.100.117" } },
			"198.51.100.121 2001:db8:1::1" },
		{ "prefer higher precedence",
			{ { "10.1.2.3", "10.1.2.4" },
				{ "2001:db8:1::1", "2001:db8:1::2" } },
			"2001:db8:1::1 10.1.2.3" },
		{ "prefer smaller scope",
			{ { "2001:db8:1::1", "2001:db8:1::2" },
				{ "fe80::1", "fe80::2" } },
			"fe80::1 2001:db8:1::1" },
		{ "longest matching prefix",
			{ { "2001:db8:3ffe::1", "2001:db8:1::2" },
				{ "2001:db8:1::1", "2001:db8:1::2" } },
			"2001:db8:1::1 2001:db8:3ffe::1" },
		{ "prefer matching label",
			{ { "2001:db8:1::1", "2002:c633:6401::2" },
				{ "2002:c633:6401::1", "2002:c633:6401::2" } },
			"2002:c633:6401::1 2001:db8:1::1" },
		{ "prefer higher precedence, 6to4",
			{ { "2002:c633:6401::1", "2002:c633:6401::2" },
				{ "2001:db8:1::1", "2001:db8:1::2" } },
			"2001:db8:1::1 2002:c633:6401::1" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_row(&rows[i]);
}

static void rules_one_by_one(void)
{
	static const struct row rows[] = {
		{ "1: no way there is last, whatever else",
			{ { "2001:db8::1", "-" },
				{ "169.254.1.1", "192.0.2.2" } },
			"169.254.1.1 2001:db8::1" },
		{ "1: no way to any: by precedence",
			{ { "192.0.2.1", "-" }, { "2001:db8::1", "-" } },
			"2001:db8::1 192.0.2.1" },
		{ "2: multicast of that scope",
			{ { "ff0e::1", "fe80::1" }, { "ff02::1", "fe80::1" } },
			"ff02::1 ff0e::1" },
		{ "2: before 5 and 6",
			{ { "ff02::1", "2001:db8::2" },
				{ "2002::1", "2001:db8::2" } },
			"2002::1 ff02::1" },
		{ "2: site-local",
			{ { "2001:db8::1", "fec0::2" },
				{ "fec0::1", "fec0::2" } },
			"fec0::1 2001:db8::1" },
		{ "5: Teredo by Teredo, not native IPv4 by odd means",
			{ { "2001:db8::1", "2001::2" },
				{ "2001::1", "2001::2" } },
			"2001::1 2001:db8::1" },
		{ "6: the whole table",
			{ { "fd00::1", "fd00::2" }, { "2001::1", "2001::2" },
				{ "2002::1", "2002::2" },
				{ "192.0.2.1", "192.0.2.2" } },
			"192.0.2.1 2002::1 2001::1 fd00::1" },
		{ "6: ::1 first",
			{ { "127.0.0.1", "127.0.0.1" }, { "::1", "::1" } },
			"::1 127.0.0.1" },
		{ "6: mapped addresses as IPv4",
			{ { "::ffff:192.0.2.1", "::ffff:192.0.2.2" },
				{ "2001:db8::1", "2001:db8::2" },
				{ "::192.0.2.1", "::192.0.2.2" } },
			"2001:db8::1 ::ffff:192.0.2.1 ::192.0.2.1" },
		{ "6: 6bone last",
			{ { "3ffe::1", "3ffe::2" },
				{ "2001:db8::1", "2001:db8::2" } },
			"2001:db8::1 3ffe::1" },
		{ "9: up to 64 bits",
			{ { "2001:db8:0:1::1", "2001:db8::ffff" },
				{ "2001:db8::1", "2001:db8::ffff" },
				{ "2001:db8::fffe", "2001:db8::ffff" } },
			"2001:db8::1 2001:db8::fffe 2001:db8:0:1::1" },
		{ "9: not for IPv4",
			{ { "203.0.113.1", "192.0.2.2" },
				{ "192.0.2.1", "192.0.2.2" } },
			"203.0.113.1 192.0.2.1" },
		{ "10: as it was",
			{ { "192.0.2.3", "192.0.2.9" },
				{ "192.0.2.1", "192.0.2.9" },
				{ "192.0.2.2", "192.0.2.9" } },
			"192.0.2.3 192.0.2.1 192.0.2.2" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_row(&rows[i]);
}

/* Each with its number in its octets; those of odd numbers cannot be reached.
 */
static void very_many_are_sorted_at_their_start(void)
{
	enum { COUNT = 4000 };
	struct trowel_address *addresses = calloc(COUNT, sizeof(*addresses));
	struct trowel_address *sources = calloc(TW_SORT_MAX, sizeof(*sources));
	struct trowel_address expected = { .family = 4 };

	for (unsigned i = 0; i < COUNT; i++) {
		addresses[i] = (struct trowel_address){ .family = 4,
			.octets = { 10, 0, (uint8_t)(i / 256), (uint8_t)i } };
		if (i < TW_SORT_MAX && i % 2 == 0)
			sources[i] = address_of("10.1.2.3");
	}
	tw_sort(addresses, sources, COUNT);
	for (unsigned i = 0; i < COUNT; i++) {
		unsigned half = TW_SORT_MAX / 2;
		unsigned number = i < half ? 2 * i
			: i < TW_SORT_MAX  ? 2 * (i - half) + 1
					   : i;

		expected.octets[0] = 10;
		expected.octets[2] = (uint8_t)(number / 256);
		expected.octets[3] = (uint8_t)number;
		if (memcmp(&addresses[i], &expected, sizeof(expected)) != 0)
			CU_FAIL("not where it should be");
	}
	free(addresses);
	free(sources);
}

static void none_and_one_are_in_order(void)
{
	struct trowel_address address = address_of("192.0.2.1");
	struct trowel_address source = { .family = 0 };

	tw_sort(&address, &source, 0);
	tw_sort(&address, &source, 1);
	CU_ASSERT_EQUAL(address.octets[3], 1);
}

static const struct check_case cases[] = {
	CHECK_CASE(examples_of_the_rfc),
	CHECK_CASE(rules_one_by_one),
	CHECK_CASE(very_many_are_sorted_at_their_start),
	CHECK_CASE(none_and_one_are_in_order),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
