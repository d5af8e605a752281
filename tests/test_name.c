/* SPDX-License-Identifier: MIT */
#include "wire/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/equal_names.h"
#include "tests/fixture.h"

/*
 * Text -> name
 */

static void expect_name(const char *why, const struct trowel_name *name,
	const char *expected_hex)
{
	size_t length;
	uint8_t *expected = octets_of_hex(expected_hex, &length);

	if (name->length != length ||
		memcmp(name->octets, expected, length) != 0) {
		printf("%s: other octets\n", why);
		CU_FAIL("name has other octets");
	}
	free(expected);
}

static void expect_parse(const char *why, const char *text, size_t length,
	enum trowel_status expected, size_t expected_position)
{
	char *input = check_copy(text, length);
	struct trowel_name name;
	size_t position = 9999;
	enum trowel_status status =
		trowel_name_parse(input, length, &name, &position);

	if (status != expected || position != expected_position) {
		printf("%s: %s at %zu\n", why, trowel_status_text(status),
			position);
		CU_FAIL("other status or position");
	}
	if (status != TROWEL_OK)
		CU_ASSERT(name.length == 1 && name.octets[0] == 0);
	free(input);
}

static void name_is_parsed_from_text(void)
{
	static const struct {
		const char *why;
		const char *input;
		const char *expected;
	} rows[] = {
		{ "the root", ".", "00" },
		{ "no final dot", "a", "01 61 00" },
		{ "a final dot", "a.", "01 61 00" },
		{ "labels", "www.Example", "03 777777 07 4578616d706c65 00" },
		{ "an escaped dot", "a\\.b.c", "03 612e62 01 63 00" },
		{ "an escaped dot at the end", "a\\.", "02 612e 00" },
		{ "an escaped backslash", "a\\\\.b", "02 615c 01 62 00" },
		{ "an escaped letter is that letter", "\\a", "01 61 00" },
		{ "the least \\DDD", "\\000", "01 00 00" },
		{ "the greatest \\DDD", "\\255.", "01 ff 00" },
		{ "\\DDD of a dot", "a\\046b", "03 612e62 00" },
		{ "digits behind \\DDD", "\\0651", "02 4131 00" },
		{ "octets beyond ASCII", "\xc3\xa9", "02 c3a9 00" },
		{ "what a file would have to escape", "a b;\"(@$)",
			"09 6120623b2228402429 00" },
		{ "an asterisk and an underscore", "*._x", "01 2a 02 5f78 00" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t length = strlen(rows[i].input);
		char *input = check_copy(rows[i].input, length);
		struct trowel_name name;
		size_t position = 9999;

		CU_ASSERT_EQUAL(
			trowel_name_parse(input, length, &name, &position),
			TROWEL_OK);
		CU_ASSERT_EQUAL(position, 9999);
		expect_name(rows[i].why, &name, rows[i].expected);
		free(input);
	}
}

static void name_is_refused_with_its_position(void)
{
	static const struct {
		const char *why;
		const char *input;
		enum trowel_status expected;
		size_t position;
	} rows[] = {
		{ "no text", "", TROWEL_EMPTY_LABEL, 0 },
		{ "a first dot", ".a", TROWEL_EMPTY_LABEL, 0 },
		{ "dots alone", "..", TROWEL_EMPTY_LABEL, 0 },
		{ "two dots", "a..b", TROWEL_EMPTY_LABEL, 2 },
		{ "two final dots", "a.b..", TROWEL_EMPTY_LABEL, 4 },
		{ "a backslash at the end", "a.b\\", TROWEL_BAD_ESCAPE, 3 },
		{ "one digit", "\\1", TROWEL_BAD_ESCAPE, 0 },
		{ "two digits", "ab\\12", TROWEL_BAD_ESCAPE, 2 },
		{ "two digits and a dot", "\\12.", TROWEL_BAD_ESCAPE, 0 },
		{ "a digit and a letter", "\\1a2", TROWEL_BAD_ESCAPE, 0 },
		{ "two digits and a letter", "\\12a", TROWEL_BAD_ESCAPE, 0 },
		{ "256", "\\256", TROWEL_BAD_ESCAPE, 0 },
		{ "999", "x.\\999", TROWEL_BAD_ESCAPE, 2 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_parse(rows[i].why, rows[i].input, strlen(rows[i].input),
			rows[i].expected, rows[i].position);
}

/* Labels of the given lengths, with a dot between two. */
static size_t put_labels(char *text, const size_t *lengths, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text[at++] = '.';
		memset(text + at, 'x', lengths[i]);
		at += lengths[i];
	}
	return at;
}

static void name_keeps_the_limits_of_labels_and_names(void)
{
	static const struct {
		const char *why;
		size_t labels[5];
		size_t count;
		enum trowel_status expected;
		size_t position;
	} rows[] = {
		{ "63 octets", { 63 }, 1, TROWEL_OK, 9999 },
		{ "64 octets", { 64 }, 1, TROWEL_LABEL_TOO_LONG, 63 },
		{ "64 octets in the second", { 5, 64 }, 2,
			TROWEL_LABEL_TOO_LONG, 69 },
		{ "254 octets", { 63, 63, 63, 60 }, 4, TROWEL_OK, 9999 },
		{ "255 octets", { 63, 63, 63, 61 }, 4, TROWEL_OK, 9999 },
		{ "256 octets", { 63, 63, 63, 62 }, 4, TROWEL_NAME_TOO_LONG,
			253 },
		{ "257 octets", { 63, 63, 63, 63 }, 4, TROWEL_NAME_TOO_LONG,
			253 },
		{ "255 octets and a label", { 63, 63, 63, 61, 1 }, 5,
			TROWEL_NAME_TOO_LONG, 254 },
	};
	char text[400];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t length = put_labels(text, rows[i].labels, rows[i].count);

		expect_parse(rows[i].why, text, length, rows[i].expected,
			rows[i].position);
		if (rows[i].expected != TROWEL_OK)
			continue;
		text[length] = '.';
		expect_parse(rows[i].why, text, length + 1, TROWEL_OK, 9999);
		text[length + 1] = '.';
		expect_parse(rows[i].why, text, length + 2, TROWEL_EMPTY_LABEL,
			length + 1);
	}
}

static void name_counts_an_escape_as_one_octet(void)
{
	char text[400];
	size_t at = 0;

	for (size_t i = 0; i < 63; i++, at += 4)
		memcpy(text + at, "\\255", 4);
	expect_parse("63 escapes", text, at, TROWEL_OK, 9999);
	memcpy(text + at, "\\255", 4);
	expect_parse("64 escapes", text, at + 4, TROWEL_LABEL_TOO_LONG, at);
}

static void name_of_127_labels_is_the_longest(void)
{
	char text[300];
	struct trowel_name name;
	size_t position;

	for (size_t i = 0; i < 150; i++)
		memcpy(text + 2 * i, "a.", 2);
	CU_ASSERT_EQUAL(
		trowel_name_parse(text, 254, &name, &position), TROWEL_OK);
	CU_ASSERT_EQUAL(name.length, 255);
	expect_parse("128 labels", text, 256, TROWEL_NAME_TOO_LONG, 254);
}

static void name_may_hold_a_nul(void)
{
	struct trowel_name name;
	size_t position;

	CU_ASSERT_EQUAL(
		trowel_name_parse("a\0b", 3, &name, &position), TROWEL_OK);
	expect_name("a NUL", &name, "03 610062 00");
}

/*
 * Name -> text
 */

static void name_is_formatted_with_escapes(void)
{
	static const struct {
		const char *why;
		const char *input;
		const char *expected;
	} rows[] = {
		{ "the root", "00", "." },
		{ "a label", "01 61 00", "a." },
		{ "letters keep their case", "02 4162 01 43 00", "Ab.C." },
		{ "a dot inside", "03 612e62 00", "a\\.b." },
		{ "specials", "08 2e2228293b5c4024 00",
			"\\.\\\"\\(\\)\\;\\\\\\@\\$." },
		{ "a space", "01 20 00", "\\032." },
		{ "the ends of what is printed", "04 20217e7f 00",
			"\\032!~\\127." },
		{ "a NUL", "01 00 00", "\\000." },
		{ "beyond ASCII", "03 80c3ff 00", "\\128\\195\\255." },
		{ "digits behind an escape", "02 0031 00", "\\0001." },
		{ "what needs no escape", "05 2a5f2d2327 00", "*_-#'." },
	};
	char text[TROWEL_NAME_TEXT_SIZE];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_name name;
		size_t length;
		uint8_t *octets = octets_of_hex(rows[i].input, &length);

		memcpy(name.octets, octets, length);
		name.length = (uint8_t)length;
		length = trowel_name_format(&name, text);
		CU_ASSERT_EQUAL(length, strlen(rows[i].expected));
		CU_ASSERT_STRING_EQUAL(text, rows[i].expected);
		free(octets);
	}
}

static void every_octet_makes_the_round_trip_through_text(void)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		struct trowel_name name = { 5,
			{ 3, 'a', (uint8_t)octet, '1', 0 } };
		struct trowel_name back;
		char text[TROWEL_NAME_TEXT_SIZE];
		size_t length = trowel_name_format(&name, text);
		size_t position;

		CU_ASSERT_EQUAL(strlen(text), length);
		CU_ASSERT_EQUAL(
			trowel_name_parse(text, length, &back, &position),
			TROWEL_OK);
		CU_ASSERT_EQUAL(back.length, 5);
		CU_ASSERT_EQUAL(memcmp(back.octets, name.octets, 5), 0);
	}
}

static void longest_text_fits_with_its_nul(void)
{
	struct trowel_name name = { 255, { 0 } };
	struct trowel_name back;
	char text[TROWEL_NAME_TEXT_SIZE];
	size_t position;
	size_t length;

	/* 250 octets of data, each \000. */
	name.octets[0] = 63;
	name.octets[64] = 63;
	name.octets[128] = 63;
	name.octets[192] = 61;
	length = trowel_name_format(&name, text);
	CU_ASSERT_EQUAL(length, 250 * 4 + 4);
	CU_ASSERT_EQUAL(text[length], '\0');
	CU_ASSERT_EQUAL(
		trowel_name_parse(text, length, &back, &position), TROWEL_OK);
	CU_ASSERT(trowel_name_is_equal(&name, &back));
}

/*
 * Comparison
 */

static void names_are_equal_but_for_ascii_case(void)
{
	for (size_t i = 0; i < CHECK_COUNT(equal_rows); i++) {
		struct trowel_name names[2];
		const char *hex[2] = { equal_rows[i].a, equal_rows[i].b };

		for (size_t k = 0; k < 2; k++) {
			size_t length;
			uint8_t *octets = octets_of_hex(hex[k], &length);

			memcpy(names[k].octets, octets, length);
			names[k].length = (uint8_t)length;
			free(octets);
		}
		if (trowel_name_is_equal(&names[0], &names[1]) !=
				equal_rows[i].expected ||
			trowel_name_is_equal(&names[1], &names[0]) !=
				equal_rows[i].expected) {
			printf("%s\n", equal_rows[i].why);
			CU_FAIL("comparison of names");
		}
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(name_is_parsed_from_text),
	CHECK_CASE(name_is_refused_with_its_position),
	CHECK_CASE(name_keeps_the_limits_of_labels_and_names),
	CHECK_CASE(name_counts_an_escape_as_one_octet),
	CHECK_CASE(name_of_127_labels_is_the_longest),
	CHECK_CASE(name_may_hold_a_nul),
	CHECK_CASE(name_is_formatted_with_escapes),
	CHECK_CASE(every_octet_makes_the_round_trip_through_text),
	CHECK_CASE(longest_text_fits_with_its_nul),
	CHECK_CASE(names_are_equal_but_for_ascii_case),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
