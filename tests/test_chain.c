/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/fixture.h"

enum {
	A = 1,
	CNAME = 5,
	TXT = 16,
	AAAA = 28,
	RRSIG = 46,
	ANY = 255,
	IN = 1,
	CH = 3
};

/* A record of the answer section. The data is hex; but that of a CNAME is a
 * name, unless it begins with '!'. */
struct row {
	const char *owner;
	uint32_t ttl;
	uint16_t class_code;
	uint16_t type;
	const char *data;
};

#define ROWS_MAX 20

struct scene {
	struct build build;
	uint8_t *octets;
	struct trowel_message message;
	struct trowel_chain chain;
};

static void put_row(struct build *build, const struct row *row)
{
	size_t start;

	build_name(build, row->owner);
	start = build_rdata_start(build, row->type);
	build->length = start - 8;
	build_u16(build, row->class_code);
	build_u32(build, row->ttl);
	build_u16(build, 0);
	if (row->type != CNAME)
		build_hex(build, row->data);
	else if (row->data[0] == '!')
		build_hex(build, row->data + 1);
	else
		build_name(build, row->data);
	build_rdata_end(build, start);
}

static enum trowel_status start_chain(struct scene *scene, const char *name,
	uint16_t type, uint16_t class_code, const struct row *rows,
	size_t count)
{
	build_response(&scene->build, name, type, (uint16_t)count);
	scene->build.length -= 2;
	build_u16(&scene->build, class_code);
	for (size_t i = 0; i < count; i++)
		put_row(&scene->build, &rows[i]);
	scene->octets = build_copy(&scene->build);
	CU_ASSERT_EQUAL_FATAL(trowel_message_decode(&scene->message,
				      scene->octets, scene->build.length, NULL),
		TROWEL_OK);
	return trowel_chain_start(&scene->chain, &scene->message);
}

/* The last octets of the records that answer, as a list "1 2 ". */
static void list_answers(struct scene *scene, char *text, size_t size)
{
	struct trowel_record record;
	size_t at = 0;

	text[0] = '\0';
	while (trowel_chain_next(&scene->chain, &record) && at + 8 < size)
		at += (size_t)snprintf(text + at, size - at, "%u ",
			(unsigned)scene->octets[record.rdata +
				record.rdata_length - 1]);
	CU_ASSERT_FALSE(trowel_chain_next(&scene->chain, &record));
}

static void expect_owner(
	struct scene *scene, const char *why, const char *expected)
{
	struct trowel_name name;
	char text[TROWEL_NAME_TEXT_SIZE];

	trowel_message_name(&scene->message, scene->chain.owner, &name);
	trowel_name_format(&name, text);
	if (strcmp(text, expected) != 0) {
		printf("%s: %s\n", why, text);
		CU_FAIL("other canonical name");
	}
}

static size_t count_rows(const struct row *rows)
{
	size_t count = 0;

	while (count < ROWS_MAX && rows[count].owner != NULL)
		count++;
	return count;
}

static const struct {
	const char *why;
	const char *name;
	uint16_t type;
	uint16_t class_code;
	struct row rows[ROWS_MAX];
	const char *owner;
	uint8_t aliases;
	uint32_t ttl_s;
	const char *answers;
} good[] = {
	{ "no record", "a", A, IN, { { 0 } }, "a.", 0, UINT32_MAX, "" },
	{ "addresses in their order", "a", A, IN,
		{ { "a", 1, IN, A, "c0000202" }, { "a", 2, IN, A, "c0000201" },
			{ "a", 3, IN, A, "c0000203" } },
		"a.", 0, UINT32_MAX, "2 1 3 " },
	{ "CNAMEs in order", "a", A, IN,
		{ { "a", 30, IN, CNAME, "b" }, { "b", 10, IN, CNAME, "c" },
			{ "c", 20, IN, CNAME, "d" },
			{ "d", 5, IN, A, "c0000201" },
			{ "d", 5, IN, A, "c0000202" } },
		"d.", 3, 10, "1 2 " },
	{ "CNAMEs reversed", "a", A, IN,
		{ { "d", 5, IN, A, "c0000201" }, { "c", 20, IN, CNAME, "d" },
			{ "b", 10, IN, CNAME, "c" },
			{ "a", 30, IN, CNAME, "b" } },
		"d.", 3, 10, "1 " },
	{ "CNAMEs shuffled, addresses around", "a", A, IN,
		{ { "d", 5, IN, A, "c0000201" }, { "b", 10, IN, CNAME, "c" },
			{ "a", 30, IN, CNAME, "b" },
			{ "d", 5, IN, A, "c0000202" },
			{ "c", 20, IN, CNAME, "d" },
			{ "d", 5, IN, A, "c0000203" } },
		"d.", 3, 10, "1 2 3 " },
	{ "letters of either case", "Abc.Test", A, IN,
		{ { "aBC.tEST", 9, IN, CNAME, "X.Y" },
			{ "x.y", 9, IN, A, "c0000201" } },
		"X.Y.", 1, 9, "1 " },
	{ "letters alone are alike", "a[", A, IN,
		{ { "a{", 9, IN, A, "c0000201" },
			{ "A[", 9, IN, A, "c0000202" } },
		"a[.", 0, UINT32_MAX, "2 " },
	{ "strangers are left out", "a", A, IN,
		{ { "b", 9, IN, A, "c0000201" }, { "a", 9, CH, A, "c0000202" },
			{ "a", 9, 257, A, "c0000203" },
			{ "a", 9, IN, 257, "00016104" },
			{ "a", 9, IN, AAAA,
				"20010db8000000000000000000000005" },
			{ "a.a", 9, IN, A, "c0000206" },
			{ ".", 9, IN, A, "c0000207" },
			{ "a", 9, IN, A, "c0000208" } },
		"a.", 0, UINT32_MAX, "8 " },
	{ "strangers' CNAMEs are not followed", "a", A, IN,
		{ { "x", 9, IN, CNAME, "y" }, { "a", 9, CH, CNAME, "y" },
			{ "y", 9, IN, A, "c0000201" } },
		"a.", 0, UINT32_MAX, "" },
	{ "addresses at inner names of the chain are none", "a", A, IN,
		{ { "a", 9, IN, CNAME, "b" }, { "c", 9, IN, A, "c0000201" },
			{ "b", 9, IN, CNAME, "d" } },
		"d.", 2, 9, "" },
	{ "signatures inside", "a", A, IN,
		{ { "a", 9, IN, CNAME, "b" },
			{ "a", 9, IN, RRSIG,
				"0005 0801 00000009 00000000 00000000 0001 00 "
				"01" },
			{ "b", 9, IN, A, "c0000201" },
			{ "b", 9, IN, RRSIG,
				"0001 0801 00000009 00000000 00000000 0001 00 "
				"01" } },
		"b.", 1, 9, "1 " },
	{ "no data at the end of the chain", "a", AAAA, IN,
		{ { "a", 9, IN, CNAME, "b" }, { "b", 8, IN, CNAME, "c" },
			{ "c", 9, IN, A, "c0000201" } },
		"c.", 2, 8, "" },
	{ "the same CNAME twice", "a", A, IN,
		{ { "a", 9, IN, CNAME, "b" }, { "a", 7, IN, CNAME, "B" },
			{ "a", 8, IN, CNAME, "b" },
			{ "b", 9, IN, A, "c0000201" } },
		"b.", 1, 7, "1 " },
	{ "a CNAME beside data that nobody asked for", "a", A, IN,
		{ { "a", 9, IN, CNAME, "b" }, { "a", 9, IN, TXT, "0107" },
			{ "b", 9, IN, A, "c0000201" } },
		"b.", 1, 9, "1 " },
	{ "a CNAME that is asked for", "a", CNAME, IN,
		{ { "a", 9, IN, CNAME, "a.b" }, { "b", 9, IN, CNAME, "c" } },
		"a.", 0, UINT32_MAX, "0 " },
	{ "everything is asked for", "a", ANY, IN,
		{ { "a", 9, IN, CNAME, "b" }, { "a", 9, IN, TXT, "0107" },
			{ "b", 9, IN, A, "c0000201" },
			{ "a", 9, CH, TXT, "0108" },
			{ "a", 9, IN, A, "c0000202" } },
		"a.", 0, UINT32_MAX, "0 7 2 " },
	{ "every class is asked for", "a", TXT, 255,
		{ { "a", 9, CH, TXT, "0101" }, { "a", 9, IN, TXT, "0102" },
			{ "a", 9, 1234, TXT, "0103" } },
		"a.", 0, UINT32_MAX, "1 2 3 " },
	{ "another class is asked for", "a", TXT, CH,
		{ { "a", 9, CH, CNAME, "b" }, { "b", 9, IN, TXT, "0101" },
			{ "b", 9, CH, TXT, "0102" } },
		"b.", 1, 9, "2 " },
	{ "RDATA of class NONE is opaque", "a", A, 255,
		{ { "a", 9, 254, CNAME, "!" }, { "a", 9, IN, A, "c0000201" } },
		"a.", 0, UINT32_MAX, "1 " },
	{ "RDATA of class ANY too", "a", A, 255,
		{ { "a", 9, 255, CNAME, "!c0" },
			{ "a", 9, IN, A, "c0000201" } },
		"a.", 0, UINT32_MAX, "1 " },
	{ "a TTL with the top bit is 0", "a", A, IN,
		{ { "a", 0x80000001, IN, CNAME, "b" },
			{ "b", 9, IN, A, "c0000201" } },
		"b.", 1, 0, "1 " },
	{ "the root", ".", A, IN,
		{ { ".", 9, IN, CNAME, "a" }, { "a", 9, IN, A, "c0000201" } },
		"a.", 1, 9, "1 " },
};

static void chain_gives_the_records_that_answer(void)
{
	static struct scene scene;

	for (size_t i = 0; i < CHECK_COUNT(good); i++) {
		char answers[100];
		enum trowel_status status = start_chain(&scene, good[i].name,
			good[i].type, good[i].class_code, good[i].rows,
			count_rows(good[i].rows));

		list_answers(&scene, answers, sizeof(answers));
		if (status != TROWEL_OK ||
			scene.chain.alias_count != good[i].aliases ||
			scene.chain.ttl_s != good[i].ttl_s ||
			strcmp(answers, good[i].answers) != 0) {
			printf("%s: %s, %u aliases, TTL %u, %s\n", good[i].why,
				trowel_status_text(status),
				(unsigned)scene.chain.alias_count,
				(unsigned)scene.chain.ttl_s, answers);
			CU_FAIL("other answers");
		}
		expect_owner(&scene, good[i].why, good[i].owner);
		free(scene.octets);
	}
}

static const struct {
	const char *why;
	struct row rows[ROWS_MAX];
	enum trowel_status expected;
} bad[] = {
	{ "a loop of one", { { "a", 9, IN, CNAME, "a" } }, TROWEL_ALIAS_LOOP },
	{ "a loop of one in other letters", { { "a", 9, IN, CNAME, "A" } },
		TROWEL_ALIAS_LOOP },
	{ "a loop of two",
		{ { "a", 9, IN, CNAME, "b" }, { "b", 9, IN, CNAME, "a" } },
		TROWEL_ALIAS_LOOP },
	{ "a loop of three, shuffled",
		{ { "c", 9, IN, CNAME, "a" }, { "a", 9, IN, CNAME, "b" },
			{ "b", 9, IN, CNAME, "c" } },
		TROWEL_ALIAS_LOOP },
	{ "a loop further on",
		{ { "a", 9, IN, CNAME, "b" }, { "b", 9, IN, CNAME, "c" },
			{ "c", 9, IN, CNAME, "b" } },
		TROWEL_ALIAS_LOOP },
	{ "two CNAMEs",
		{ { "a", 9, IN, CNAME, "b" }, { "a", 9, IN, CNAME, "c" },
			{ "b", 9, IN, A, "c0000201" } },
		TROWEL_ALIAS_CONFLICT },
	{ "two CNAMEs further on",
		{ { "b", 9, IN, CNAME, "c" }, { "a", 9, IN, CNAME, "b" },
			{ "b", 9, IN, CNAME, "d" } },
		TROWEL_ALIAS_CONFLICT },
	{ "a CNAME, then data",
		{ { "a", 9, IN, CNAME, "b" }, { "a", 9, IN, A, "c0000201" } },
		TROWEL_ALIAS_CONFLICT },
	{ "data, then a CNAME",
		{ { "a", 9, IN, A, "c0000201" }, { "a", 9, IN, CNAME, "b" } },
		TROWEL_ALIAS_CONFLICT },
	{ "a CNAME beside data further on",
		{ { "a", 9, IN, CNAME, "b" }, { "b", 9, IN, A, "c0000201" },
			{ "b", 9, IN, CNAME, "c" },
			{ "c", 9, IN, A, "c0000202" } },
		TROWEL_ALIAS_CONFLICT },
};

static void chain_refuses_what_contradicts_itself(void)
{
	static struct scene scene;

	for (size_t i = 0; i < CHECK_COUNT(bad); i++) {
		enum trowel_status status = start_chain(&scene, "a", A, IN,
			bad[i].rows, count_rows(bad[i].rows));

		if (status != bad[i].expected) {
			printf("%s: %s\n", bad[i].why,
				trowel_status_text(status));
			CU_FAIL("other status");
		}
		free(scene.octets);
	}
}

/* n0 -> n1 -> ... with an address at the end; in the order of `step`. */
static enum trowel_status start_long_chain(
	struct scene *scene, size_t aliases, size_t step)
{
	static char names[ROWS_MAX + 1][24];
	struct row rows[ROWS_MAX];

	for (size_t i = 0; i <= aliases; i++)
		snprintf(names[i], sizeof(names[i]), "n%zu", i);
	for (size_t i = 0; i < aliases; i++) {
		size_t k = i * step % aliases;

		rows[i] = (struct row){ names[k], 9, IN, CNAME, names[k + 1] };
	}
	rows[aliases] = (struct row){ names[aliases], 9, IN, A, "c0000201" };
	return start_chain(scene, "n0", A, IN, rows, aliases + 1);
}

static void chain_follows_16_aliases_and_no_more(void)
{
	static struct scene scene;
	static const struct {
		size_t aliases;
		size_t step;
		enum trowel_status expected;
		const char *answers;
	} rows[] = { { 15, 1, TROWEL_OK, "1 " }, { 16, 1, TROWEL_OK, "1 " },
		{ 16, 15, TROWEL_OK, "1 " }, { 16, 7, TROWEL_OK, "1 " },
		{ 17, 1, TROWEL_ALIAS_LOOP, NULL },
		{ 17, 16, TROWEL_ALIAS_LOOP, NULL } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char answers[20];

		CU_ASSERT_EQUAL(
			start_long_chain(&scene, rows[i].aliases, rows[i].step),
			rows[i].expected);
		if (rows[i].expected == TROWEL_OK) {
			CU_ASSERT_EQUAL(
				scene.chain.alias_count, rows[i].aliases);
			list_answers(&scene, answers, sizeof(answers));
			CU_ASSERT_STRING_EQUAL(answers, rows[i].answers);
		}
		free(scene.octets);
	}
}

static void chain_reads_the_answer_section_alone(void)
{
	static const struct row rows[] = { { "a", 9, IN, CNAME, "b" },
		{ "b", 9, IN, A, "c0000201" } };
	static struct scene scene;

	for (uint8_t section = 2; section < 4; section++) {
		struct trowel_record record;

		start_chain(&scene, "a", A, IN, rows, 2);
		scene.octets[7] = 1;
		scene.octets[5 + 2 * section] = 1;
		CU_ASSERT_EQUAL(trowel_message_decode(&scene.message,
					scene.octets, scene.build.length, NULL),
			TROWEL_OK);
		CU_ASSERT_EQUAL(
			trowel_chain_start(&scene.chain, &scene.message),
			TROWEL_OK);
		CU_ASSERT_EQUAL(scene.chain.alias_count, 1);
		CU_ASSERT_FALSE(trowel_chain_next(&scene.chain, &record));
		CU_ASSERT_FALSE(trowel_chain_next(&scene.chain, &record));
		free(scene.octets);
	}
}

static void chain_finds_compressed_names(void)
{
	static struct scene scene;
	size_t start;
	char answers[20];

	/* www.a.test -> x.a.test, written by pointers alone */
	build_response(&scene.build, "www.a.test", A, 2);
	build_pointer(&scene.build, 12);
	start = build_rdata_start(&scene.build, CNAME);
	build_labels(&scene.build, "x");
	build_pointer(&scene.build, 16);
	build_rdata_end(&scene.build, start);
	build_pointer(&scene.build, start);
	start = build_rdata_start(&scene.build, A);
	build_hex(&scene.build, "c0000201");
	build_rdata_end(&scene.build, start);
	scene.octets = build_copy(&scene.build);
	CU_ASSERT_EQUAL(trowel_message_decode(&scene.message, scene.octets,
				scene.build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_EQUAL(
		trowel_chain_start(&scene.chain, &scene.message), TROWEL_OK);
	expect_owner(&scene, "compressed", "x.a.test.");
	list_answers(&scene, answers, sizeof(answers));
	CU_ASSERT_STRING_EQUAL(answers, "1 ");
	free(scene.octets);
}

/* The memo of names forgets some of them, by their places. */
static void alias_to_itself_is_a_loop_wherever_it_stands(void)
{
	static struct scene scene;

	for (size_t padding = 1; padding < 140; padding++) {
		size_t start;

		build_response(&scene.build, "a", A, 2);
		build_pointer(&scene.build, 12);
		start = build_rdata_start(&scene.build, 10);
		for (size_t i = 0; i < padding; i++)
			build_u8(&scene.build, 0);
		build_rdata_end(&scene.build, start);
		build_pointer(&scene.build, 12);
		start = build_rdata_start(&scene.build, CNAME);
		build_name(&scene.build, "a");
		build_rdata_end(&scene.build, start);
		scene.octets = build_copy(&scene.build);
		CU_ASSERT_EQUAL(trowel_message_decode(&scene.message,
					scene.octets, scene.build.length, NULL),
			TROWEL_OK);
		CU_ASSERT_EQUAL(
			trowel_chain_start(&scene.chain, &scene.message),
			TROWEL_ALIAS_LOOP);
		free(scene.octets);
	}
}

/* Records whose owners differ from the question in the last of 126 labels. */
static enum trowel_status start_twins(uint16_t count)
{
	static struct build build;
	struct trowel_message message;
	struct trowel_chain chain;
	struct trowel_record record;
	size_t tail;
	enum trowel_status status;

	build_header(&build, 0x8180, 1, count, 0, 0);
	build_hex(&build, "0171");
	for (size_t i = 0; i < 125; i++)
		build_hex(&build, "0161");
	build_hex(&build, "00 0001 0001");
	/* The first of them holds the labels for the others. */
	tail = build.length + 2;
	build_hex(&build, "0171");
	for (size_t i = 0; i < 124; i++)
		build_hex(&build, "0161");
	build_hex(&build, "0162 00 0001 0001 00000000 0004 c0000201");
	for (uint16_t i = 1; i < count; i++) {
		build_hex(&build, "0171");
		build_pointer(&build, tail);
		build_hex(&build, "0001 0001 00000000 0004 c0000201");
	}
	CU_ASSERT_EQUAL_FATAL(trowel_message_decode(&message, build.octets,
				      build.length, NULL),
		TROWEL_OK);
	status = trowel_chain_start(&chain, &message);
	CU_ASSERT_FALSE(trowel_chain_next(&chain, &record));
	return status;
}

static void chain_gives_up_on_a_tangle_of_names(void)
{
	CU_ASSERT_EQUAL(start_twins(100), TROWEL_OK);
	CU_ASSERT_EQUAL(start_twins(3000), TROWEL_ALIAS_LOOP);
}

static void chain_needs_a_question(void)
{
	struct trowel_message message;
	struct trowel_chain chain;
	struct build build;

	build_header(&build, 0x8180, 0, 1, 0, 0);
	build_record(&build, "a", A, "c0000201");
	CU_ASSERT_EQUAL(trowel_message_decode(
				&message, build.octets, build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_EQUAL(
		trowel_chain_start(&chain, &message), TROWEL_BAD_ARGUMENT);
	CU_ASSERT_EQUAL(chain.alias_count, 0);
}

static const struct check_case cases[] = {
	CHECK_CASE(chain_gives_the_records_that_answer),
	CHECK_CASE(chain_refuses_what_contradicts_itself),
	CHECK_CASE(chain_follows_16_aliases_and_no_more),
	CHECK_CASE(chain_reads_the_answer_section_alone),
	CHECK_CASE(chain_finds_compressed_names),
	CHECK_CASE(alias_to_itself_is_a_loop_wherever_it_stands),
	CHECK_CASE(chain_gives_up_on_a_tangle_of_names),
	CHECK_CASE(chain_needs_a_question),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
