/* SPDX-License-Identifier: MIT */
#include "wire/edns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

/* The options stand behind twelve octets. */
static const struct {
	const char *why;
	const char *hex;
	enum trowel_status expected;
	size_t position;
} rows[] = {
	{ "none", "", TROWEL_OK, 12 },
	{ "an empty one", "0003 0000", TROWEL_OK, 16 },
	{ "one", "0003 0002 6162", TROWEL_OK, 18 },
	{ "two", "0003 0000 000a 0001 ff", TROWEL_OK, 21 },
	{ "one octet", "00", TROWEL_RDATA_TOO_SHORT, 12 },
	{ "no length", "0003", TROWEL_RDATA_TOO_SHORT, 12 },
	{ "half a length", "0003 00", TROWEL_RDATA_TOO_SHORT, 12 },
	{ "longer than the RDATA", "0003 0001", TROWEL_RDATA_TOO_SHORT, 12 },
	{ "as long as can be", "0003 ffff 61", TROWEL_RDATA_TOO_SHORT, 12 },
	{ "a lying second one", "0003 0001 61 000a 0002 62",
		TROWEL_RDATA_TOO_SHORT, 17 },
	{ "an octet behind", "0003 0001 61 00", TROWEL_RDATA_TOO_SHORT, 17 },
};

static void options_fill_their_rdata_exactly(void)
{
	struct build build;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t position = 12;
		uint8_t *octets;
		enum trowel_status status;

		build_header(&build, 0, 0, 0, 0, 0);
		build_hex(&build, rows[i].hex);
		octets = build_copy(&build);
		status = tw_options_check(octets, build.length, &position);
		if (status != rows[i].expected ||
			position != rows[i].position) {
			printf("%s: %s (byte %zu)\n", rows[i].why,
				trowel_status_text(status), position);
			CU_FAIL("check of options");
		}
		free(octets);
	}
}

/* A message with an OPT of these options: 12 header, 1 root, 10 fixed. */
static enum trowel_status decode(struct trowel_message *message,
	uint8_t **octets, uint16_t size, uint32_t ttl, const char *options)
{
	struct build build;
	size_t start;

	build_header(&build, 0x8183, 0, 0, 0, 1);
	build_name(&build, ".");
	build_u16(&build, 41);
	build_u16(&build, size);
	build_u32(&build, ttl);
	build_u16(&build, 0);
	start = build.length;
	build_hex(&build, options);
	build_rdata_end(&build, start);
	*octets = build_copy(&build);
	return trowel_message_decode(message, *octets, build.length, NULL);
}

static void opt_gives_size_version_flags_and_rcode(void)
{
	static const struct {
		const char *why;
		uint16_t size;
		uint32_t ttl;
		uint8_t extended_rcode;
		uint8_t version;
		uint16_t flags;
		uint16_t rcode;
	} parts[] = {
		{ "all zero", 0, 0, 0, 0, 0, 3 },
		{ "DO", 1232, 0x00008000, 0, 0, 0x8000, 3 },
		{ "an extended RCODE", 512, 0x01000000, 1, 0, 0, 19 },
		{ "the greatest RCODE", 4096, 0xFF000000, 255, 0, 0, 4083 },
		{ "a version", 65535, 0x00FF0000, 0, 255, 0, 3 },
		{ "all flags", 65535, 0x0000FFFF, 0, 0, 0xFFFF, 3 },
	};

	for (size_t i = 0; i < CHECK_COUNT(parts); i++) {
		struct trowel_message message;
		uint8_t *octets;

		CU_ASSERT_EQUAL(decode(&message, &octets, parts[i].size,
					parts[i].ttl, ""),
			TROWEL_OK);
		CU_ASSERT(message.edns.present);
		CU_ASSERT_EQUAL(message.edns.udp_size, parts[i].size);
		CU_ASSERT_EQUAL(
			message.edns.extended_rcode, parts[i].extended_rcode);
		CU_ASSERT_EQUAL(message.edns.version, parts[i].version);
		CU_ASSERT_EQUAL(message.edns.flags, parts[i].flags);
		CU_ASSERT_EQUAL(trowel_message_rcode(&message), parts[i].rcode);
		CU_ASSERT_EQUAL(message.edns.options, 23);
		CU_ASSERT_EQUAL(message.edns.options_length, 0);
		free(octets);
	}
}

static void options_are_given_in_order(void)
{
	static const struct {
		uint16_t code;
		uint16_t offset;
		uint16_t length;
	} expected[] = {
		{ 3, 27, 2 },
		{ 10, 33, 0 },
		{ 65001, 37, 1 },
		{ 3, 42, 0 },
	};
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_field option;
	uint8_t *octets;

	CU_ASSERT_EQUAL(decode(&message, &octets, 1232, 0,
				"0003 0002 6162 000a 0000 fde9 0001 ff"
				"0003 0000"),
		TROWEL_OK);
	for (size_t i = 0; i < CHECK_COUNT(expected); i++) {
		CU_ASSERT(trowel_option_next(&message, &iterator, &option));
		CU_ASSERT_EQUAL(option.kind, TROWEL_KIND_OPTION);
		CU_ASSERT_EQUAL(option.number, expected[i].code);
		CU_ASSERT_EQUAL(option.offset, expected[i].offset);
		CU_ASSERT_EQUAL(option.length, expected[i].length);
		CU_ASSERT_EQUAL(option.name_length, 7);
		CU_ASSERT_EQUAL(memcmp(option.name, "options", 7), 0);
	}
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	free(octets);
}

static void options_of_an_empty_opt_or_of_none_are_none(void)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_field option;
	uint8_t *octets;

	CU_ASSERT_EQUAL(decode(&message, &octets, 1232, 0, ""), TROWEL_OK);
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	message.edns.present = false;
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	free(octets);
}

/* What a caller may have made of the parts: still nothing is read outside. */
static void options_out_of_bounds_are_not_read(void)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_field option;
	uint8_t *octets;

	CU_ASSERT_EQUAL(
		decode(&message, &octets, 1232, 0, "0003 0001 61"), TROWEL_OK);
	message.edns.options_length = 4;
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	message.edns.options_length = 6;
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	message.edns.options_length = 5;
	iterator.offset = 60000;
	CU_ASSERT_FALSE(trowel_option_next(&message, &iterator, &option));
	free(octets);
}

static const struct check_case cases[] = {
	CHECK_CASE(options_fill_their_rdata_exactly),
	CHECK_CASE(opt_gives_size_version_flags_and_rcode),
	CHECK_CASE(options_are_given_in_order),
	CHECK_CASE(options_of_an_empty_opt_or_of_none_are_none),
	CHECK_CASE(options_out_of_bounds_are_not_read),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
