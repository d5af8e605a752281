/* SPDX-License-Identifier: MIT */
#include "wire/cursor.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

static void numbers_have_their_most_significant_octet_first(void)
{
	static const uint8_t octets[] = { 0x12, 0x34, 0xFF, 0xFE, 0xFD, 0xFC };
	uint8_t *copy = check_copy(octets, sizeof(octets));

	CU_ASSERT_EQUAL(tw_u16_at(copy, 0), 0x1234);
	CU_ASSERT_EQUAL(tw_u16_at(copy, 4), 0xFDFC);
	CU_ASSERT_EQUAL(tw_u32_at(copy, 2), 0xFFFEFDFC);
	tw_u16_put(copy, 4, 0xABCD);
	CU_ASSERT_EQUAL(tw_u32_at(copy, 2), 0xFFFEABCD);
	free(copy);
}

static void text_is_cut_off_with_its_nul_inside(void)
{
	static const struct {
		const char *why;
		size_t size;
		const char *expected;
	} rows[] = {
		{ "room to spare", 9, "a name" },
		{ "room for the NUL", 7, "a name" },
		{ "no room for the NUL", 6, "a nam" },
		{ "half", 3, "a " },
		{ "the NUL alone", 1, "" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char *room = check_copy("?????????", rows[i].size);
		struct tw_text text = { room, rows[i].size, 0 };

		tw_text_put_string(&text, "a nam");
		tw_text_put(&text, 'e');
		tw_text_end(&text);
		CU_ASSERT_EQUAL(text.length, 6);
		CU_ASSERT_STRING_EQUAL(room, rows[i].expected);
		free(room);
	}
}

static void text_without_room_is_only_counted(void)
{
	struct tw_text text = { NULL, 0, 0 };

	tw_text_put_string(&text, "a name");
	tw_text_end(&text);
	CU_ASSERT_EQUAL(text.length, 6);
}

static void every_octet_is_a_char_and_back(void)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		char character = tw_char_of((uint8_t)octet);
		uint8_t same;

		CU_ASSERT_EQUAL(tw_octet_of(character), octet);
		memcpy(&same, &character, 1);
		CU_ASSERT_EQUAL(same, octet);
	}
}

static void lower_changes_the_26_letters_alone(void)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		unsigned expected =
			octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;

		CU_ASSERT_EQUAL(tw_lower((uint8_t)octet), expected);
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(numbers_have_their_most_significant_octet_first),
	CHECK_CASE(text_is_cut_off_with_its_nul_inside),
	CHECK_CASE(text_without_room_is_only_counted),
	CHECK_CASE(every_octet_is_a_char_and_back),
	CHECK_CASE(lower_changes_the_26_letters_alone),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
