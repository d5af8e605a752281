/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "resolver/hosts.h"
#include "tests/check.h"

static struct trowel_name name_of(const char *text)
{
	struct trowel_name name;
	size_t position;

	if (trowel_name_parse(text, strlen(text), &name, &position) !=
		TROWEL_OK)
		CU_FAIL(text);
	return name;
}

/* "192.0.2.1 2001:db8::1 = host.test.": addresses and canonical name. */
static const char *find(const char *text, size_t length, const char *host)
{
	static char got[4096];
	char word[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name = name_of(host);
	struct trowel_name canonical = { .length = 1 };
	struct trowel_address addresses[8];
	char *copy = check_copy(text, length);
	char *end = got;
	size_t count =
		tw_hosts_find(copy, length, &name, addresses, 8, &canonical);

	got[0] = '\0';
	CU_ASSERT_EQUAL(
		tw_hosts_find(copy, length, &name, NULL, 0, NULL), count);
	free(copy);
	for (size_t i = 0; i < count && i < 8; i++) {
		trowel_address_format(&addresses[i], word);
		end += sprintf(end, "%s ", word);
	}
	if (count == 0)
		return got;
	trowel_name_format(&canonical, word);
	sprintf(end, "= %s", word);
	return got;
}

struct row {
	const char *why, *text, *host, *expected;
};

static void names_and_their_addresses(void)
{
	static const char several[] = "192.0.2.1 a.test a\n"
				      "2001:db8::1\tb.test a\n"
				      "192.0.2.2 c.test\n"
				      "192.0.2.3 d.test c.test a\n";
	static const struct row rows[] = {
		{ "an empty file", "", "a", "" },
		{ "one line", "192.0.2.1 a\n", "a", "192.0.2.1 = a." },
		{ "no final newline", "192.0.2.1 a", "a", "192.0.2.1 = a." },
		{ "several lines, and aliases", several, "a",
			"192.0.2.1 2001:db8::1 192.0.2.3 = a.test." },
		{ "by the first name", several, "c.test",
			"192.0.2.2 192.0.2.3 = c.test." },
		{ "not there", several, "e.test", "" },
		{ "a part of a name", several, "test", "" },
		{ "", several, "a.tes", "" },
		{ "letters of either case", "192.0.2.1 Host.TEST\n",
			"hOST.test", "192.0.2.1 = Host.TEST." },
		{ "and only letters", "192.0.2.1 a[ a@ a_\n", "a{", "" },
		{ "", "192.0.2.1 a@\n", "a`", "" },
		{ "final dots", "192.0.2.1 a.test.\n", "a.test",
			"192.0.2.1 = a.test." },
		{ "", "192.0.2.1 a.test\n", "a.test.", "192.0.2.1 = a.test." },
		{ "the root is none", "192.0.2.1 .\n", ".", "" },
		{ "scopes", "fe80::1%77777 a\n", "a", "fe80::1%77777 = a." },
		{ "twice in a line", "192.0.2.1 a a a\n", "a",
			"192.0.2.1 = a." },
		{ "twice in the file", "192.0.2.1 a\n192.0.2.1 a\n", "a",
			"192.0.2.1 192.0.2.1 = a." },
		{ "comments",
			"# 192.0.2.1 a\n192.0.2.2 b # a\n192.0.2.3 b#a\n"
			"192.0.2.4 a#b\n#192.0.2.5 a\n",
			"a", "192.0.2.4 = a." },
		{ "blanks before and between", " \t192.0.2.1  \t a \t\r\n", "a",
			"192.0.2.1 = a." },
		{ "no address",
			"192.0.2 a\n192.0.2.1:53 a\n[::1]:53 a\nx a\na\n"
			"0300.0.2.1 a\n\n \n192.0.2.9 a\n",
			"a", "192.0.2.9 = a." },
		{ "a first name that is none", "192.0.2.1 x..y a\n", "a",
			"192.0.2.1 = a." },
		{ "no name", "192.0.2.1\n192.0.2.2 \n", "192.0.2.1", "" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const char *got =
			find(rows[i].text, strlen(rows[i].text), rows[i].host);

		if (strcmp(got, rows[i].expected) == 0)
			continue;
		printf("%s: %s\n", rows[i].why, got);
		CU_FAIL("see above");
	}
}

static void nul_octets_are_octets_like_others(void)
{
	static const char text[] = "192.0.2.1\0 a\n192.0.2.2 a\0\n"
				   "\0\n192.0.2.3 a\n";

	CU_ASSERT_STRING_EQUAL(
		find(text, sizeof(text) - 1, "a"), "192.0.2.3 = a.");
}

static void addresses_and_their_names(void)
{
	static const char text[] = "192.0.2.1 a.test a\n192.0.2.2\n"
				   "192.0.2.1 b.test\n192.0.2.2 x..y z\n"
				   "192.0.2.2 c.test # d\n2001:DB8::1 e\n"
				   "fe80::1%7 f\nfe80::1 g\n"
				   "::ffff:192.0.2.7 h\n192.0.2.8:1 i\n";
	static const struct {
		const char *address, *expected;
	} rows[] = {
		{ "192.0.2.1", "a.test." },
		{ "192.0.2.2", "c.test." },
		{ "2001:db8::1", "e." },
		{ "fe80::1%7", "f." },
		{ "fe80::1", "g." },
		{ "fe80::1%8", "" },
		{ "192.0.2.7", "" },
		{ "192.0.2.8", "" },
		{ "192.0.2.9", "" },
	};
	char *copy = check_copy(text, sizeof(text) - 1);

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_address address;
		struct trowel_name name;
		char got[TROWEL_NAME_TEXT_SIZE] = "";

		trowel_address_parse(rows[i].address, &address);
		if (tw_hosts_reverse(copy, sizeof(text) - 1, &address, &name))
			trowel_name_format(&name, got);
		CU_ASSERT_STRING_EQUAL(got, rows[i].expected);
	}
	free(copy);
}

static void more_addresses_than_room_are_counted(void)
{
	struct trowel_name name = name_of("a");
	struct trowel_address addresses[2];
	char *text = malloc(1000 * 12);

	for (size_t i = 0; i < 1000; i++)
		memcpy(text + i * 12, "192.0.2.1 a\n", 12);
	CU_ASSERT_EQUAL(
		tw_hosts_find(text, 12000, &name, addresses, 2, NULL), 1000);
	free(text);
}

/* F36: 8 MB each. As much time as 1 s, for slow machines and sanitizers, is far
 * from what anything but a linear search would take. */
static void large_files_take_linear_time(void)
{
	static const char *const lines[] = { "192.0.2.1 blocked.example.com\n",
		"a ", "\n", "192.0.2.1 ", "192.0.2.1\ta\t", "#", "\0 " };
	enum { SIZE = 8000000 };
	struct trowel_name name = name_of("not.there.example");
	char *text = malloc(SIZE);

	for (size_t i = 0; i < CHECK_COUNT(lines); i++) {
		size_t length = lines[i][0] == '\0' ? 2 : strlen(lines[i]);
		clock_t start;

		for (size_t at = 0; at < SIZE; at++)
			text[at] = lines[i][at % length];
		start = clock();
		CU_ASSERT_EQUAL(
			tw_hosts_find(text, SIZE, &name, NULL, 0, NULL), 0);
		CU_ASSERT(clock() - start < CLOCKS_PER_SEC);
	}
	free(text);
}

/* Whatever the octets: a fixed seed, exact-size blocks, under sanitizers. */
static void noise_is_harmless(void)
{
	static const char letters[] = "192.0.2.1 ::a \n\t\r#;%.";
	struct trowel_name name = name_of("a");
	struct trowel_address address = { .family = 4 };
	uint32_t state = 1;
	size_t found = 0;

	for (int i = 0; i < 20000; i++) {
		char text[64];
		char *copy;

		for (size_t j = 0; j < sizeof(text); j++) {
			state = state * 1664525 + 1013904223;
			text[j] = state % 256 < 200
				? letters[(state >> 8) % sizeof(letters)]
				: (char)(state >> 8);
		}
		memcpy(text, "::1 a\n", 6);
		copy = check_copy(text, 6 + (state >> 8) % 58);
		found += tw_hosts_find(
			copy, 6 + (state >> 8) % 58, &name, &address, 1, NULL);
		tw_hosts_reverse(copy, 6 + (state >> 8) % 58, &address, &name);
		name = name_of("a");
		free(copy);
	}
	CU_ASSERT(found >= 20000);
}

static const struct check_case cases[] = {
	CHECK_CASE(names_and_their_addresses),
	CHECK_CASE(nul_octets_are_octets_like_others),
	CHECK_CASE(addresses_and_their_names),
	CHECK_CASE(more_addresses_than_room_are_counted),
	CHECK_CASE(large_files_take_linear_time),
	CHECK_CASE(noise_is_harmless),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
