/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

static struct trowel_name name_of(const char *text)
{
	struct trowel_name name;
	size_t position;

	CU_ASSERT_EQUAL(trowel_name_parse(text, strlen(text), &name, &position),
		TROWEL_OK);
	return name;
}

static const uint8_t cookie[] = { 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8 };

static const struct {
	const char *why;
	const char *name;
	struct trowel_query query;
	const char *expected;
} rows[] = {
	{ "nothing special", "a.test",
		{ .type = 1, .class_code = 1, .id = 0xBEEF },
		"beef 0000 0001 0000 0000 0000 0161 0474657374 00 0001 0001" },
	{ "the root, recursion desired", ".",
		{ .type = 2, .class_code = 1, .flags = TROWEL_RD },
		"0000 0100 0001 0000 0000 0000 00 0002 0001" },
	{ "all flags of a query", "a.",
		{ .type = 0xFFFF,
			.class_code = 0xFFFF,
			.id = 0xFFFF,
			.flags = TROWEL_RD | TROWEL_AD | TROWEL_CD },
		"ffff 0130 0001 0000 0000 0000 0161 00 ffff ffff" },
	{ "letters keep their case", "wWw.", { .type = 28, .class_code = 3 },
		"0000 0000 0001 0000 0000 0000 03775777 00 001c 0003" },
	{ "escapes", "a\\.b.\\000.", { .type = 1, .class_code = 1 },
		"0000 0000 0001 0000 0000 0000 03612e62 0100 00 0001 0001" },
	{ "EDNS, size 1232", "a.",
		{ .type = 1,
			.class_code = 1,
			.id = 1,
			.flags = TROWEL_RD,
			.edns = true,
			.udp_size = TROWEL_EDNS_SIZE },
		"0001 0100 0001 0000 0000 0001 0161 00 0001 0001"
		"00 0029 04d0 00000000 0000" },
	{ "DNSSEC OK", "a.",
		{ .type = 1,
			.class_code = 1,
			.id = 1,
			.edns = true,
			.udp_size = TROWEL_EDNS_SIZE,
			.edns_flags = 0x8000 },
		"0001 0000 0001 0000 0000 0001 0161 00 0001 0001"
		"00 0029 04d0 00008000 0000" },
	{ "version, flags and an option", ".",
		{ .type = 1,
			.class_code = 1,
			.edns = true,
			.edns_version = 1,
			.udp_size = 0xFFFF,
			.edns_flags = 0x1234,
			.options_length = sizeof(cookie),
			.options = cookie },
		"0000 0000 0001 0000 0000 0001 00 0001 0001"
		"00 0029 ffff 00011234 000c 000a0008 0102030405060708" },
	{ "the parts of an OPT that is not wanted", ".",
		{ .type = 1,
			.class_code = 1,
			.udp_size = 1232,
			.edns_flags = 0x8000,
			.options_length = sizeof(cookie),
			.options = cookie },
		"0000 0000 0001 0000 0000 0000 00 0001 0001" },
};

static void query_has_exactly_these_octets(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_query query = rows[i].query;
		uint8_t octets[512];
		size_t length = 0;
		size_t expected_length;
		uint8_t *expected =
			octets_of_hex(rows[i].expected, &expected_length);

		query.name = name_of(rows[i].name);
		CU_ASSERT_EQUAL(trowel_query_encode(&query, octets,
					sizeof(octets), &length),
			TROWEL_OK);
		if (length != expected_length ||
			memcmp(octets, expected, length) != 0) {
			printf("%s\n", rows[i].why);
			CU_FAIL("other octets");
		}
		free(expected);
	}
}

/* At every size below the one needed, in a block of that size. */
static void query_without_space_writes_nothing_and_tells_the_size(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_query query = rows[i].query;
		size_t needed;
		size_t length;

		query.name = name_of(rows[i].name);
		free(octets_of_hex(rows[i].expected, &needed));
		for (size_t size = 0; size <= needed; size++) {
			uint8_t untouched[512];
			uint8_t *octets;

			memset(untouched, 0xA5, sizeof(untouched));
			octets = check_copy(untouched, size);
			length = 0;
			CU_ASSERT_EQUAL(trowel_query_encode(
						&query, octets, size, &length),
				size < needed ? TROWEL_NO_SPACE : TROWEL_OK);
			CU_ASSERT_EQUAL(length, needed);
			if (size < needed)
				CU_ASSERT_EQUAL(
					memcmp(octets, untouched, size), 0);
			free(octets);
		}
		length = 0;
		CU_ASSERT_EQUAL(trowel_query_encode(&query, NULL, 0, &length),
			TROWEL_NO_SPACE);
		CU_ASSERT_EQUAL(length, needed);
	}
}

static void query_of_the_longest_name_has_271_octets(void)
{
	struct trowel_query query = { .type = 1, .class_code = 1 };
	uint8_t octets[512];
	char text[254];
	size_t position;
	size_t length;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'a' : '.';
	CU_ASSERT_EQUAL(
		trowel_name_parse(text, sizeof(text), &query.name, &position),
		TROWEL_OK);
	CU_ASSERT_EQUAL(
		trowel_query_encode(&query, octets, sizeof(octets), &length),
		TROWEL_OK);
	CU_ASSERT_EQUAL(length, 271);
	query.edns = true;
	CU_ASSERT_EQUAL(
		trowel_query_encode(&query, octets, sizeof(octets), &length),
		TROWEL_OK);
	CU_ASSERT_EQUAL(length, 282);
}

static void query_over_65535_octets_is_refused(void)
{
	static const uint8_t options[65535];
	static uint8_t octets[70000];
	struct trowel_query query = { .edns = true,
		.options = options,
		.options_length = 65535 - 12 - 1 - 4 - 11 };
	size_t length;

	query.name = name_of(".");
	CU_ASSERT_EQUAL(
		trowel_query_encode(&query, octets, sizeof(octets), &length),
		TROWEL_OK);
	CU_ASSERT_EQUAL(length, 65535);
	query.options_length++;
	octets[0] = 0xA5;
	CU_ASSERT_EQUAL(
		trowel_query_encode(&query, octets, sizeof(octets), &length),
		TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_EQUAL(length, 65536);
	CU_ASSERT_EQUAL(octets[0], 0xA5);
}

static void query_is_read_back_as_it_was_asked(void)
{
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_query query = rows[i].query;
		struct trowel_message message;
		struct trowel_question question = { 0 };
		struct trowel_name name;
		uint8_t octets[512];
		size_t length;

		query.name = name_of(rows[i].name);
		trowel_query_encode(&query, octets, sizeof(octets), &length);
		CU_ASSERT_EQUAL(
			trowel_message_decode(&message, octets, length, NULL),
			TROWEL_OK);
		CU_ASSERT_EQUAL(message.end, length);
		CU_ASSERT_EQUAL(message.id, query.id);
		CU_ASSERT_EQUAL(message.flags, query.flags);
		CU_ASSERT(trowel_message_question(&message, &question));
		CU_ASSERT_EQUAL(question.type, query.type);
		CU_ASSERT_EQUAL(question.class_code, query.class_code);
		trowel_message_name(&message, question.name, &name);
		CU_ASSERT_EQUAL(name.length, query.name.length);
		CU_ASSERT_EQUAL(
			memcmp(name.octets, query.name.octets, name.length), 0);
		CU_ASSERT_EQUAL(message.edns.present, query.edns);
		if (!query.edns)
			continue;
		CU_ASSERT_EQUAL(message.edns.udp_size, query.udp_size);
		CU_ASSERT_EQUAL(message.edns.version, query.edns_version);
		CU_ASSERT_EQUAL(message.edns.flags, query.edns_flags);
		CU_ASSERT_EQUAL(
			message.edns.options_length, query.options_length);
	}
}

/* By number, whether or not the table knows it (RFC 3597 2). */
static void every_type_and_class_can_be_asked_for(void)
{
	for (uint32_t code = 0; code < 65536; code++) {
		struct trowel_query query = { .type = (uint16_t)code,
			.class_code = (uint16_t)(65535 - code) };
		struct trowel_message message;
		struct trowel_question question;
		uint8_t octets[512];
		size_t length;

		query.name = name_of("a.test");
		trowel_query_encode(&query, octets, sizeof(octets), &length);
		trowel_message_decode(&message, octets, length, NULL);
		if (!trowel_message_question(&message, &question) ||
			question.type != code ||
			question.class_code != 65535 - code)
			CU_FAIL("another type or class is asked for");
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(query_has_exactly_these_octets),
	CHECK_CASE(query_without_space_writes_nothing_and_tells_the_size),
	CHECK_CASE(query_of_the_longest_name_has_271_octets),
	CHECK_CASE(query_over_65535_octets_is_refused),
	CHECK_CASE(query_is_read_back_as_it_was_asked),
	CHECK_CASE(every_type_and_class_can_be_asked_for),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
