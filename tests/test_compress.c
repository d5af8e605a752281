/* SPDX-License-Identifier: MIT */
#include "wire/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/equal_names.h"
#include "tests/fixture.h"

/*
 * Comparison
 */

static bool is_equal(const uint8_t *octets, size_t length, size_t a, size_t b)
{
	uint32_t steps = 1000;

	return tw_name_is_equal_at(octets, length, a, b, &steps);
}

static void names_in_a_message_are_compared_alike(void)
{
	struct build build;

	for (size_t i = 0; i < CHECK_COUNT(equal_rows); i++) {
		uint8_t *octets;
		size_t a;
		size_t b;

		build_header(&build, 0, 0, 0, 0, 0);
		a = build.length;
		build_hex(&build, equal_rows[i].a);
		b = build.length;
		build_hex(&build, equal_rows[i].b);
		octets = build_copy(&build);
		if (is_equal(octets, build.length, a, b) !=
			equal_rows[i].expected) {
			printf("%s\n", equal_rows[i].why);
			CU_FAIL("comparison of names in a message");
		}
		free(octets);
	}
}

static void names_are_compared_through_pointers(void)
{
	static const struct {
		const char *why;
		size_t a;
		size_t b;
		bool expected;
	} rows[] = {
		{ "one place", 12, 12, true },
		{ "a pointer to the other", 23, 12, true },
		{ "a pointer to a pointer", 25, 12, true },
		{ "labels, then one tail", 27, 12, true },
		{ "another first label", 34, 12, false },
		{ "the tail alone", 17, 12, false },
		{ "a tail through a pointer", 38, 17, true },
	};
	/* 12: abcd, 17: efgh, 22: root; 23, 25: pointers; 27: ABCD; 34: a */
	static const char hex[] = "000000000000000000000000"
				  "04 61626364 04 65666768 00 c00c c017"
				  "04 41424344 c011 01 61 c011 c011";
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		if (is_equal(octets, length, rows[i].a, rows[i].b) !=
			rows[i].expected) {
			printf("%s\n", rows[i].why);
			CU_FAIL("comparison through pointers");
		}
	free(octets);
}

/* What was never checked may be anything: nothing is read outside of it. */
static void comparison_of_unchecked_octets_ends(void)
{
	static const struct {
		const char *hex;
		size_t a;
		size_t b;
	} rows[] = {
		{ "01 61 01 61", 12, 14 }, /* no root */
		{ "05 61 05 61", 12, 14 }, /* labels that are cut off */
		{ "c00c c00e", 12, 14 }, /* pointers to themselves */
		{ "c0 01 61 00", 12, 13 },
		{ "01 61 00 c0", 12, 15 }, /* half a pointer */
		{ "01 61 00", 12, 15 }, /* an offset at the end */
	};
	struct build build;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		uint8_t *octets;

		build_header(&build, 0, 0, 0, 0, 0);
		build_hex(&build, rows[i].hex);
		octets = build_copy(&build);
		CU_ASSERT_FALSE(
			is_equal(octets, build.length, rows[i].a, rows[i].b));
		CU_ASSERT_FALSE(
			is_equal(octets, build.length, rows[i].b, rows[i].a));
		free(octets);
	}
	/* 200 labels and more, and no root. */
	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 400; i++)
		build_label(&build, 1);
	CU_ASSERT_FALSE(is_equal(build.octets, build.length, 12, 14));
}

static void comparison_takes_no_more_steps_than_it_is_given(void)
{
	/* 12: a.b.c, 19: the same */
	static const char hex[] = "000000000000000000000000"
				  "01 61 01 62 01 63 00 01 61 01 62 01 63 00";
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);
	uint32_t steps = 4;

	CU_ASSERT(tw_name_is_equal_at(octets, length, 12, 19, &steps));
	CU_ASSERT_EQUAL(steps, 1);
	steps = 3;
	CU_ASSERT_FALSE(tw_name_is_equal_at(octets, length, 12, 19, &steps));
	CU_ASSERT_EQUAL(steps, 0);
	free(octets);
}

/*
 * Names in messages
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

static struct trowel_message names_of(const uint8_t *octets, size_t length)
{
	struct trowel_message names;

	tw_names_init(&names, octets, length);
	return names;
}

/* The header's twelve octets are zero. `limit` 0 is the end. */
static const struct {
	const char *why;
	const char *hex; /* from offset 12 on */
	size_t start;
	size_t limit;
	enum trowel_status expected;
	size_t position;
	const char *name; /* expanded, or NULL */
} check_rows[] = {
	{ "the root", "00", 12, 0, TROWEL_OK, 13, "00" },
	{ "a label", "01 61 00", 12, 0, TROWEL_OK, 15, "01 61 00" },
	{ "a pointer", "01 61 00 c00c", 15, 0, TROWEL_OK, 17, "01 61 00" },
	{ "a label and a pointer", "01 61 00 01 62 c00c", 15, 0, TROWEL_OK, 19,
		"01 62 01 61 00" },
	{ "a pointer to a pointer", "01 61 00 c00c c00f", 17, 0, TROWEL_OK, 19,
		"01 61 00" },
	{ "a pointer to a root", "01 61 00 c00e", 15, 0, TROWEL_OK, 17, "00" },
	{ "a pointer to a later label", "01 61 01 62 00 c00e", 17, 0, TROWEL_OK,
		19, "01 62 00" },
	{ "a name that lies in an earlier label", "03 016100 00 c00d", 17, 0,
		TROWEL_OK, 19, "01 61 00" },
	{ "a tail that reads on over the pointer", "02 c00c 00", 13, 0,
		TROWEL_OK, 15, "02 c00c 00" },
	{ "what follows is not read", "01 61 00 ff ff", 12, 0, TROWEL_OK, 15,
		"01 61 00" },

	{ "a pointer to itself", "c00c", 12, 0, TROWEL_BAD_POINTER, 12, NULL },
	{ "a pointer forward", "c00e 00", 12, 0, TROWEL_BAD_POINTER, 12, NULL },
	{ "a pointer past the end", "ffff", 12, 0, TROWEL_BAD_POINTER, 12,
		NULL },
	{ "a pointer to the label before it", "01 61 c00c", 12, 0,
		TROWEL_BAD_POINTER, 14, NULL },
	{ "a pointer into its own run of labels", "01 61 03 016200 c00f", 12, 0,
		TROWEL_BAD_POINTER, 18, NULL },
	{ "a circle of two", "c00e c00c", 14, 0, TROWEL_BAD_POINTER, 12, NULL },
	{ "a circle of two with labels", "01 61 c010 01 62 c00c", 16, 0,
		TROWEL_BAD_POINTER, 14, NULL },
	{ "a pointer back, then one forward", "c010 c00c 00", 14, 0,
		TROWEL_BAD_POINTER, 12, NULL },
	{ "a pointer into its run behind a pointer", "01 61 c00c c00c", 16, 0,
		TROWEL_BAD_POINTER, 14, NULL },
	{ "a pointer to the first octet", "c000", 12, 0,
		TROWEL_POINTER_INTO_HEADER, 12, NULL },
	{ "a pointer to the header's last octet", "c00b", 12, 0,
		TROWEL_POINTER_INTO_HEADER, 12, NULL },
	{ "into the header behind a pointer", "c005 c00c", 14, 0,
		TROWEL_POINTER_INTO_HEADER, 12, NULL },

	{ "label type 01, the least", "40 00", 12, 0, TROWEL_BAD_LABEL_TYPE, 12,
		NULL },
	{ "label type 01, the greatest", "7f 00", 12, 0, TROWEL_BAD_LABEL_TYPE,
		12, NULL },
	{ "label type 10, the least", "80 00", 12, 0, TROWEL_BAD_LABEL_TYPE, 12,
		NULL },
	{ "label type 10, the greatest", "bf 00", 12, 0, TROWEL_BAD_LABEL_TYPE,
		12, NULL },
	{ "label type 01 behind a label", "01 61 41 00", 12, 0,
		TROWEL_BAD_LABEL_TYPE, 14, NULL },
	{ "label type 10 behind a pointer", "01 61 80 c00c", 15, 0,
		TROWEL_BAD_LABEL_TYPE, 14, NULL },

	{ "nothing", "", 12, 0, TROWEL_CUT_SHORT, 12, NULL },
	{ "a length alone", "01", 12, 0, TROWEL_CUT_SHORT, 12, NULL },
	{ "a label that is cut", "03 6162", 12, 0, TROWEL_CUT_SHORT, 12, NULL },
	{ "a label without a root", "01 61", 12, 0, TROWEL_CUT_SHORT, 14,
		NULL },
	{ "half a pointer", "c0", 12, 0, TROWEL_CUT_SHORT, 12, NULL },
	{ "a label and half a pointer", "01 61 c0", 12, 0, TROWEL_CUT_SHORT, 14,
		NULL },
	{ "a cut label behind a pointer", "05 61 c00c", 14, 0, TROWEL_CUT_SHORT,
		12, NULL },
	{ "no root behind a pointer", "03 c00c 61", 13, 0, TROWEL_CUT_SHORT, 16,
		NULL },
	{ "half a pointer behind a pointer", "03 c00c 61 c0", 13, 0,
		TROWEL_CUT_SHORT, 16, NULL },

	{ "the limit before the root", "01 61 01 62 00", 12, 14,
		TROWEL_CUT_SHORT, 14, NULL },
	{ "the limit in a label", "03 616263 00", 12, 14, TROWEL_CUT_SHORT, 12,
		NULL },
	{ "the limit in a pointer", "01 61 00 c00c", 15, 16, TROWEL_CUT_SHORT,
		15, NULL },
	{ "the limit behind the root", "01 61 00 00", 12, 15, TROWEL_OK, 15,
		"01 61 00" },
};

static void expect_check(size_t i, const uint8_t *octets, size_t length)
{
	struct trowel_message names = names_of(octets, length);
	size_t limit = check_rows[i].limit > 0 ? check_rows[i].limit : length;
	size_t position = check_rows[i].start;
	enum trowel_status status = tw_name_check(&names, limit, &position);

	if (status != check_rows[i].expected ||
		position != check_rows[i].position) {
		printf("%s: %s (byte %zu)\n", check_rows[i].why,
			trowel_status_text(status), position);
		CU_FAIL("check of a name");
	}
}

/* What check refuses, expand gives as the root; what it takes, in full. */
static void expect_expanded(size_t i, const uint8_t *octets, size_t length)
{
	struct trowel_message message = { .octets = octets,
		.length = (uint16_t)length };
	struct trowel_name name;

	trowel_message_name(&message, (uint16_t)check_rows[i].start, &name);
	if (check_rows[i].name != NULL)
		expect_name(check_rows[i].why, &name, check_rows[i].name);
	else if (check_rows[i].limit == 0)
		expect_name(check_rows[i].why, &name, "00");
}

static void name_in_a_message_is_checked(void)
{
	struct build build;

	for (size_t i = 0; i < CHECK_COUNT(check_rows); i++) {
		uint8_t *octets;

		memset(build.octets, 0, 12);
		build.length = 12;
		build_hex(&build, check_rows[i].hex);
		octets = build_copy(&build);
		expect_check(i, octets, build.length);
		expect_expanded(i, octets, build.length);
		free(octets);
	}
}

static void name_refuses_pointer_to_itself(void)
{
	static const uint8_t octets[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0xC0, 0x0C };
	struct trowel_message names = names_of(octets, sizeof(octets));
	size_t position = 12;

	CU_ASSERT_EQUAL(
		tw_name_check(&names, 14, &position), TROWEL_BAD_POINTER);
	CU_ASSERT_EQUAL(position, 12);
}

/* Checks the name at `start` alone, then behind all those before it, which may
 * have been remembered. */
static void expect_limit(const struct build *build, const size_t *starts,
	size_t count, enum trowel_status expected)
{
	uint8_t *octets = build_copy(build);
	struct trowel_message names = names_of(octets, build->length);
	size_t position = starts[count - 1];

	CU_ASSERT_EQUAL(
		tw_name_check(&names, build->length, &position), expected);
	names = names_of(octets, build->length);
	for (size_t i = 0; i + 1 < count; i++) {
		position = starts[i];
		CU_ASSERT_EQUAL(tw_name_check(&names, build->length, &position),
			TROWEL_OK);
	}
	position = starts[count - 1];
	CU_ASSERT_EQUAL(
		tw_name_check(&names, build->length, &position), expected);
	free(octets);
}

/* A name, and `count` pointers, each to the one before: the first `labelled`
 * of them with a label of one octet before it. */
static void expect_pointers(
	size_t count, size_t labelled, enum trowel_status expected)
{
	size_t starts[201] = { 12 };
	struct build build;

	build_header(&build, 0, 0, 0, 0, 0);
	build_name(&build, "a");
	for (size_t i = 1; i <= count; i++) {
		starts[i] = build.length;
		if (i <= labelled)
			build_label(&build, 1);
		build_pointer(&build, starts[i - 1]);
	}
	expect_limit(&build, starts, count + 1, expected);
}

static void name_has_at_most_127_pointers(void)
{
	expect_pointers(126, 0, TROWEL_OK);
	expect_pointers(127, 0, TROWEL_OK);
	expect_pointers(128, 0, TROWEL_TOO_MANY_POINTERS);
}

static void name_has_at_most_127_pointers_between_labels(void)
{
	expect_pointers(126, 126, TROWEL_OK); /* 255 octets */
	expect_pointers(127, 126, TROWEL_OK);
	expect_pointers(128, 126, TROWEL_TOO_MANY_POINTERS);
	expect_pointers(127, 127, TROWEL_NAME_TOO_LONG);
	expect_pointers(126, 60, TROWEL_OK);
	expect_pointers(127, 60, TROWEL_OK);
	expect_pointers(128, 60, TROWEL_TOO_MANY_POINTERS);
}

/* A name of 193 octets, a second of `middle` octets with a pointer to the first
 * in its place, and a third that does so with the second. */
static void expect_length(
	size_t middle, size_t last, enum trowel_status expected)
{
	size_t starts[4] = { 12 };
	size_t count = 1;
	struct build build;

	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 3; i++)
		build_label(&build, 63);
	build_u8(&build, 0);
	if (middle > 0) {
		starts[count] = build.length;
		build_label(&build, middle - 1);
		build_pointer(&build, starts[count - 1]);
		count++;
	}
	starts[count] = build.length;
	build_label(&build, last - 1);
	build_pointer(&build, starts[count - 1]);
	expect_limit(&build, starts, count + 1, expected);
}

static void name_has_at_most_255_octets(void)
{
	static const struct {
		const char *why;
		size_t last;
		enum trowel_status expected;
	} rows[] = {
		{ "254 octets", 60, TROWEL_OK },
		{ "255 octets", 61, TROWEL_OK },
		{ "256 octets", 62, TROWEL_NAME_TOO_LONG },
		{ "257 octets", 63, TROWEL_NAME_TOO_LONG },
	};
	struct build build;
	const size_t starts[] = { 12 };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		build_header(&build, 0, 0, 0, 0, 0);
		for (size_t k = 0; k < 3; k++)
			build_label(&build, 63);
		build_label(&build, rows[i].last);
		build_u8(&build, 0);
		expect_limit(&build, starts, 1, rows[i].expected);
		expect_length(0, rows[i].last + 1, rows[i].expected);
		expect_length(30, rows[i].last - 29, rows[i].expected);
	}
}

static void name_too_long_is_refused_before_its_end(void)
{
	const size_t starts[] = { 12 };
	struct build build;

	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 1000; i++)
		build_label(&build, 63);
	expect_limit(&build, starts, 1, TROWEL_NAME_TOO_LONG);
}

/* 256 octets in the labels behind a pointer alone. */
static void tail_too_long_is_refused(void)
{
	const size_t starts[] = { 300 };
	struct build build;

	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 3; i++)
		build_label(&build, 63);
	build_label(&build, 62);
	while (build.length < 300)
		build_u8(&build, 0);
	build_pointer(&build, 12);
	expect_limit(&build, starts, 1, TROWEL_NAME_TOO_LONG);
	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 4; i++)
		build_label(&build, 63);
	while (build.length < 300)
		build_u8(&build, 0);
	build_pointer(&build, 12);
	expect_limit(&build, starts, 1, TROWEL_NAME_TOO_LONG);
}

/* 200 octets, then a pointer to 100 that are known. */
static void tail_too_long_with_a_remembered_name_is_refused(void)
{
	struct build build;
	struct trowel_message names;
	size_t position = 12;
	size_t start;

	build_header(&build, 0, 0, 0, 0, 0);
	build_label(&build, 49);
	build_label(&build, 49);
	build_u8(&build, 0);
	start = build.length;
	for (size_t i = 0; i < 4; i++)
		build_label(&build, 49);
	build_pointer(&build, 12);
	build_pointer(&build, start);
	names = names_of(build.octets, build.length);
	CU_ASSERT_EQUAL(
		tw_name_check(&names, build.length, &position), TROWEL_OK);
	position = build.length - 2;
	CU_ASSERT_EQUAL(tw_name_check(&names, build.length, &position),
		TROWEL_NAME_TOO_LONG);
	CU_ASSERT_EQUAL(position, build.length - 2);
}

/* The position of a fault behind pointers does not hang on what was checked
 * before: limits are told at the name's own pointer. */
static void limits_are_told_at_the_names_own_pointer(void)
{
	struct build build;
	struct trowel_message names;
	size_t position;

	build_header(&build, 0, 0, 0, 0, 0);
	build_name(&build, "a");
	build_pointer(&build, 12);
	for (size_t i = 0; i < 127; i++)
		build_pointer(&build, build.length - 2);
	names = names_of(build.octets, build.length);
	position = build.length - 2;
	CU_ASSERT_EQUAL(tw_name_check(&names, build.length, &position),
		TROWEL_TOO_MANY_POINTERS);
	CU_ASSERT_EQUAL(position, build.length - 2);

	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 4; i++)
		build_label(&build, 63);
	build_u8(&build, 0);
	build_label(&build, 1);
	build_pointer(&build, 12);
	names = names_of(build.octets, build.length);
	position = build.length - 4;
	CU_ASSERT_EQUAL(tw_name_check(&names, build.length, &position),
		TROWEL_NAME_TOO_LONG);
	CU_ASSERT_EQUAL(position, build.length - 2);
}

/* At 22 lies a name that is good as a target: its pointer leads to 16, before
 * it. As the end of the run that begins at 12 it is not. */
static void verdict_does_not_hang_on_names_checked_before(void)
{
	static const char hex[] = "000000000000000000000000"
				  "09 787878 016100 787878 c010 c016 c00c";
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);
	struct trowel_message names = names_of(octets, length);
	size_t position = 26;

	CU_ASSERT_EQUAL(
		tw_name_check(&names, length, &position), TROWEL_BAD_POINTER);
	CU_ASSERT_EQUAL(position, 22);
	names = names_of(octets, length);
	position = 24;
	CU_ASSERT_EQUAL(tw_name_check(&names, length, &position), TROWEL_OK);
	position = 26;
	CU_ASSERT_EQUAL(
		tw_name_check(&names, length, &position), TROWEL_BAD_POINTER);
	CU_ASSERT_EQUAL(position, 22);
	free(octets);
}

/* Octets that are mostly short labels, pointers and roots. */
static void put_random_names(struct build *build, uint32_t *state)
{
	build_header(build, 0, 0, 0, 0, 0);
	while (build->length < 90) {
		*state = *state * 1664525 + 1013904223;
		switch (*state / 65536 % 8) {
		case 0:
			build_u8(build, 0);
			break;
		case 1:
			build_u8(build, *state / 1048576 % 256);
			break;
		case 2:
		case 3:
			build_label(build, 1 + *state / 1048576 % 4);
			break;
		default:
			build_pointer(build,
				12 + *state / 1048576 % (build->length - 11));
		}
	}
}

/* The names at all offsets, alone and behind one another in some order: the
 * same verdict at the same place. */
static void memory_of_names_never_changes_a_verdict(void)
{
	uint32_t state = 1;
	size_t good = 0;

	for (size_t round = 0; round < 3000; round++) {
		struct build build;
		struct trowel_message memory;
		size_t step;

		put_random_names(&build, &state);
		memory = names_of(build.octets, build.length);
		step = 1 + state / 65536 % (build.length - 13);
		for (size_t i = 0; i < 2 * build.length; i++) {
			size_t start = 12 + i * step % (build.length - 12);
			struct trowel_message alone =
				names_of(build.octets, build.length);
			size_t first = start;
			size_t second = start;
			enum trowel_status status =
				tw_name_check(&alone, build.length, &first);

			CU_ASSERT_EQUAL(
				tw_name_check(&memory, build.length, &second),
				status);
			CU_ASSERT_EQUAL(first, second);
			good += status == TROWEL_OK ? 1 : 0;
		}
	}
	CU_ASSERT(good > 10000);
}

/*
 * Work, counted in steps: labels and pointers behind pointers
 */

static uint32_t steps_of(const struct build *build, const size_t *starts,
	size_t count, enum trowel_status *status)
{
	struct trowel_message names = names_of(build->octets, build->length);

	*status = TROWEL_OK;
	for (size_t i = 0; i < count && *status == TROWEL_OK; i++) {
		size_t position = starts[i];

		*status = tw_name_check(&names, build->length, &position);
	}
	return TW_STEPS_MAX - names.names.steps;
}

static void names_of_an_ordinary_message_take_few_steps(void)
{
	struct build build;
	size_t starts[201];
	enum trowel_status status;

	build_header(&build, 0, 0, 0, 0, 0);
	starts[0] = build.length;
	build_name(&build, "www.example.com");
	for (size_t i = 1; i <= 200; i++) {
		starts[i] = build.length;
		build_pointer(&build, i % 2 == 0 ? 12 : 16);
	}
	CU_ASSERT(steps_of(&build, starts, 201, &status) <= 5);
	CU_ASSERT_EQUAL(status, TROWEL_OK);
}

/* Shapes of up to 16 KiB, as far as pointers reach; each place that a name may
 * point to is noted. */
struct shape {
	struct build build;
	size_t targets[20000];
	size_t count;
};

static void note_target(struct shape *shape)
{
	shape->targets[shape->count] = shape->build.length;
	shape->count++;
}

static void put_runs_of_labels(struct shape *shape)
{
	while (shape->build.length < 16000) {
		for (size_t i = 0; i < 126; i++) {
			note_target(shape);
			build_label(&shape->build, 1);
		}
		build_u8(&shape->build, 0);
	}
}

static void put_runs_of_pointers(struct shape *shape)
{
	while (shape->build.length < 16000) {
		size_t last = shape->build.length;

		build_name(&shape->build, "a");
		for (size_t i = 0; i < 126; i++) {
			note_target(shape);
			build_pointer(&shape->build, last);
			last = shape->build.length - 2;
		}
	}
}

static void put_labels_with_pointers(struct shape *shape)
{
	while (shape->build.length < 16000) {
		size_t last = shape->build.length;

		build_name(&shape->build, "a");
		for (size_t i = 0; i < 125; i++) {
			size_t start = shape->build.length;

			note_target(shape);
			build_label(&shape->build, 1);
			build_pointer(&shape->build, last);
			last = start;
		}
	}
}

/* 24,000 names and more, each with up to 127 labels and pointers to walk, and
 * in so many places that hardly one is remembered. */
static void work_is_bounded_whatever_the_names_are(void)
{
	static void (*const put[])(struct shape *) = { put_runs_of_labels,
		put_runs_of_pointers, put_labels_with_pointers };
	static struct shape shape;
	static size_t starts[40000];

	for (size_t i = 0; i < CHECK_COUNT(put); i++) {
		enum trowel_status status;
		size_t count = 0;
		uint32_t steps;

		shape.count = 0;
		build_header(&shape.build, 0, 0, 0, 0, 0);
		put[i](&shape);
		while (shape.build.length < 65533) {
			starts[count] = shape.build.length;
			build_pointer(&shape.build,
				shape.targets[count * 7919 % shape.count]);
			count++;
		}
		steps = steps_of(&shape.build, starts, count, &status);
		CU_ASSERT_EQUAL(status, TROWEL_TOO_MANY_POINTERS);
		CU_ASSERT_EQUAL(steps, TW_STEPS_MAX);
		steps = steps_of(&shape.build, starts, count / 64, &status);
		CU_ASSERT_EQUAL(status, TROWEL_OK);
		CU_ASSERT(steps > 0 && steps < TW_STEPS_MAX);
	}
}

/*
 * Going through names that were checked
 */

static void name_is_skipped_and_its_origin_is_found(void)
{
	static const struct {
		const char *why;
		size_t position;
		size_t behind;
		size_t origin;
	} rows[] = {
		{ "a root", 12, 13, 12 },
		{ "a label", 13, 16, 13 },
		{ "a pointer", 16, 18, 13 },
		{ "a pointer to a pointer", 18, 20, 16 },
		{ "a label and a pointer", 20, 24, 20 },
		{ "a pointer to itself, unchecked", 24, 26, 24 },
		{ "half a pointer, unchecked", 26, 27, 26 },
		{ "the end, unchecked", 27, 27, 27 },
	};
	static const char hex[] = "000000000000000000000000"
				  "00 016100 c00d c010 0162 c00d c018 c0";
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);

	CU_ASSERT_EQUAL(length, 27);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t behind = tw_name_skip(octets, length, rows[i].position);
		size_t origin =
			tw_name_origin(octets, length, rows[i].position);

		if (behind != rows[i].behind || origin != rows[i].origin) {
			printf("%s: %zu, %zu\n", rows[i].why, behind, origin);
			CU_FAIL("skip or origin");
		}
	}
	free(octets);
}

static void expanding_unchecked_octets_never_leaves_the_name(void)
{
	struct build build;
	struct trowel_message message = { 0 };
	struct trowel_name name;

	build_header(&build, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < 4; i++)
		build_label(&build, 63);
	build_u8(&build, 0);
	message.octets = build.octets;
	message.length = (uint16_t)build.length;
	CU_ASSERT_EQUAL(trowel_message_name(&message, 12, &name), 1);
	CU_ASSERT_EQUAL(name.length, 1);
	CU_ASSERT_EQUAL(trowel_message_name(&message, 9999, &name), 1);
}

static const struct check_case cases[] = {
	CHECK_CASE(names_in_a_message_are_compared_alike),
	CHECK_CASE(names_are_compared_through_pointers),
	CHECK_CASE(comparison_of_unchecked_octets_ends),
	CHECK_CASE(comparison_takes_no_more_steps_than_it_is_given),
	CHECK_CASE(name_in_a_message_is_checked),
	CHECK_CASE(name_refuses_pointer_to_itself),
	CHECK_CASE(name_has_at_most_127_pointers),
	CHECK_CASE(name_has_at_most_127_pointers_between_labels),
	CHECK_CASE(name_has_at_most_255_octets),
	CHECK_CASE(name_too_long_is_refused_before_its_end),
	CHECK_CASE(tail_too_long_is_refused),
	CHECK_CASE(tail_too_long_with_a_remembered_name_is_refused),
	CHECK_CASE(limits_are_told_at_the_names_own_pointer),
	CHECK_CASE(verdict_does_not_hang_on_names_checked_before),
	CHECK_CASE(memory_of_names_never_changes_a_verdict),
	CHECK_CASE(names_of_an_ordinary_message_take_few_steps),
	CHECK_CASE(work_is_bounded_whatever_the_names_are),
	CHECK_CASE(name_is_skipped_and_its_origin_is_found),
	CHECK_CASE(expanding_unchecked_octets_never_leaves_the_name),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
