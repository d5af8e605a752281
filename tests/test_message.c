/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/fixture.h"

#define TEXT_SIZE 300000

static struct fixture *fixtures;
static size_t fixture_count;

static const char *const sections[] = { "question", "answer", "authority",
	"additional" };

/*
 * Walking
 */

/* Everything that there is to be had out of a message, whole or cut. Returns
 * the number of records. */
static size_t walk(const struct trowel_message *message)
{
	static char text[TEXT_SIZE];
	struct trowel_iterator records = { 0 };
	struct trowel_iterator options = { 0 };
	struct trowel_record record;
	struct trowel_question question;
	struct trowel_field field;
	struct trowel_chain chain;
	struct trowel_name name;
	size_t count = 0;

	if (trowel_message_question(message, &question))
		trowel_message_name(message, question.name, &name);
	while (trowel_record_next(message, &records, &record)) {
		struct trowel_iterator fields = { 0 };

		CU_ASSERT(record.rdata + record.rdata_length <= message->end);
		trowel_message_name(message, record.owner, &name);
		while (trowel_field_next(message, &record, &fields, &field))
			CU_ASSERT(field.offset + field.length <= message->end);
		trowel_rdata_format(message, &record, TROWEL_STYLE_PLAIN, text,
			sizeof(text));
		trowel_rdata_format(message, &record, TROWEL_STYLE_GENERIC,
			text, sizeof(text));
		count++;
	}
	while (trowel_option_next(message, &options, &field))
		CU_ASSERT(field.offset + field.length <= message->end);
	if (trowel_chain_start(&chain, message) == TROWEL_OK)
		while (trowel_chain_next(&chain, &record))
			CU_ASSERT(record.section == TROWEL_ANSWER);
	return count;
}

static size_t announced(const struct trowel_message *message)
{
	return (size_t)message->counts[TROWEL_ANSWER] +
		message->counts[TROWEL_AUTHORITY] +
		message->counts[TROWEL_ADDITIONAL];
}

/*
 * Fixtures
 */

/* "OWNER TTL CLASS TYPE RDATA" */
static void format_record(const struct trowel_message *message,
	const struct trowel_record *record, char *text, size_t size)
{
	struct trowel_name name;
	char owner[TROWEL_NAME_TEXT_SIZE];
	char class_text[TROWEL_CODE_TEXT_SIZE];
	char type[TROWEL_CODE_TEXT_SIZE];
	int length;

	trowel_message_name(message, record->owner, &name);
	trowel_name_format(&name, owner);
	trowel_code_format(TROWEL_CLASSES, record->class_code, class_text);
	trowel_code_format(TROWEL_TYPES, record->type, type);
	length = snprintf(text, size, "%s %lu %s %s ", owner,
		record->type == 41 ? (unsigned long)record->ttl
				   : (unsigned long)trowel_record_ttl_s(record),
		class_text, type);
	trowel_rdata_format(message, record,
		record->type == 41 ? TROWEL_STYLE_GENERIC : TROWEL_STYLE_PLAIN,
		text + length, size - (size_t)length);
}

static void expect_line(const struct fixture *fixture, const char *word,
	size_t index, const char *text)
{
	size_t length = 0;
	const char *expected = fixture_text(fixture, word, index, &length);

	if (expected == NULL || length != strlen(text) ||
		strncmp(expected, text, length) != 0) {
		printf("%s: %s: %s\n", fixture->name, word, text);
		CU_FAIL("not as the fixture says");
	}
}

static void expect_records(
	const struct fixture *fixture, const struct trowel_message *message)
{
	static char text[TEXT_SIZE];
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	size_t counts[4] = { 0 };
	size_t length;

	while (trowel_record_next(message, &iterator, &record)) {
		format_record(message, &record, text, sizeof(text));
		expect_line(fixture, sections[record.section],
			counts[record.section], text);
		counts[record.section]++;
	}
	for (size_t i = TROWEL_ANSWER; i <= TROWEL_ADDITIONAL; i++) {
		CU_ASSERT_EQUAL(counts[i], message->counts[i]);
		CU_ASSERT_PTR_NULL(
			fixture_text(fixture, sections[i], counts[i], &length));
	}
}

static bool is_good(const struct fixture *fixture)
{
	size_t length;
	const char *text = fixture_text(fixture, "expect", 0, &length);

	return text != NULL && length == strlen("no error") &&
		strncmp(text, "no error", length) == 0;
}

static size_t extra_of(const struct fixture *fixture)
{
	size_t length;
	const char *text = fixture_text(fixture, "extra", 0, &length);

	return text == NULL ? 0 : strtoul(text, NULL, 10);
}

/* The verdict with its place, and the records: all, or those before the
 * fault. */
static void every_fixture_decodes_as_it_says(void)
{
	for (size_t i = 0; i < fixture_count; i++) {
		const struct fixture *fixture = &fixtures[i];
		struct trowel_message message;
		struct trowel_fault fault;
		char text[200];
		enum trowel_status status = trowel_message_decode(
			&message, fixture->octets, fixture->length, &fault);

		if (status == TROWEL_OK) {
			expect_line(fixture, "expect", 0, "no error");
			CU_ASSERT_EQUAL(fixture->length - message.end,
				extra_of(fixture));
		} else {
			CU_ASSERT_EQUAL(fault.status, status);
			trowel_fault_format(&fault, text, sizeof(text));
			expect_line(fixture, "expect", 0, text);
		}
		expect_records(fixture, &message);
		CU_ASSERT_EQUAL(trowel_message_decode(&message, fixture->octets,
					fixture->length, NULL),
			status);
	}
}

/* Records of a good message that end at or before `length`. */
static size_t records_within(const struct fixture *fixture, size_t length)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	size_t count = 0;

	trowel_message_decode(&message, fixture->octets, fixture->length, NULL);
	while (trowel_record_next(&message, &iterator, &record) &&
		(size_t)record.rdata + record.rdata_length <= length)
		count++;
	return count;
}

static void expect_prefix(const struct fixture *fixture, size_t length)
{
	uint8_t *octets = check_copy(fixture->octets, length);
	struct trowel_message message;
	struct trowel_fault fault;
	enum trowel_status status =
		trowel_message_decode(&message, octets, length, &fault);
	bool is_whole = is_good(fixture) &&
		length >= fixture->length - extra_of(fixture);
	size_t count = walk(&message);

	CU_ASSERT_EQUAL(fault.status, status);
	CU_ASSERT_EQUAL(status == TROWEL_OK, is_whole);
	CU_ASSERT(fault.offset <= length);
	CU_ASSERT_EQUAL(count, announced(&message));
	if (length < 12) {
		CU_ASSERT_EQUAL(status, TROWEL_SHORT_MESSAGE);
	} else if (is_good(fixture)) {
		CU_ASSERT(is_whole || status == TROWEL_CUT_SHORT);
		CU_ASSERT_EQUAL(count, records_within(fixture, length));
	}
	free(octets);
}

static void every_prefix_of_a_fixture_fails_cleanly(void)
{
	for (size_t i = 0; i < fixture_count; i++)
		for (size_t length = 0; length < fixtures[i].length; length++)
			expect_prefix(&fixtures[i], length);
}

/* Octets that mean something in one place or another, everywhere. */
static void every_octet_of_a_fixture_may_be_anything(void)
{
	static const uint8_t values[] = { 0, 1, 4, 11, 12, 0x28, 0x29, 0x3F,
		0x40, 0x80, 0xC0, 0xFE, 0xFF };

	for (size_t i = 0; i < fixture_count; i++)
		for (size_t at = 0; at < fixtures[i].length; at++)
			for (size_t k = 0; k < CHECK_COUNT(values); k++) {
				uint8_t *octets = check_copy(
					fixtures[i].octets, fixtures[i].length);
				struct trowel_message message;

				octets[at] = values[k];
				trowel_message_decode(&message, octets,
					fixtures[i].length, NULL);
				CU_ASSERT_EQUAL(
					walk(&message), announced(&message));
				free(octets);
			}
}

/*
 * Rules that need more than a line
 */

static void header_is_read_whole(void)
{
	static const uint8_t octets[] = { 0xBE, 0xEF, 0xFF, 0xFF, 0, 0, 0, 0, 0,
		0, 0, 0 };
	struct trowel_message message;
	struct trowel_fault fault;

	CU_ASSERT_EQUAL(
		trowel_message_decode(&message, octets, sizeof(octets), &fault),
		TROWEL_OK);
	CU_ASSERT_EQUAL(fault.status, TROWEL_OK);
	CU_ASSERT_EQUAL(fault.offset, 0);
	CU_ASSERT_EQUAL(message.id, 0xBEEF);
	CU_ASSERT_EQUAL(message.flags, 0xFFFF);
	CU_ASSERT_EQUAL(message.length, 12);
	CU_ASSERT_EQUAL(message.end, 12);
	CU_ASSERT_EQUAL(trowel_message_rcode(&message), 15);
	CU_ASSERT_PTR_EQUAL(message.octets, octets);
	CU_ASSERT_FALSE(message.edns.present);
}

static void nothing_is_had_of_less_than_a_header(void)
{
	struct trowel_message message;
	struct trowel_fault fault;
	struct trowel_question question;

	for (size_t length = 0; length < 12; length++) {
		uint8_t *octets =
			check_copy("\x12\x34\x81\x80\0\1\0\1\0\0\0\0", length);

		CU_ASSERT_EQUAL(
			trowel_message_decode(&message, octets, length, &fault),
			TROWEL_SHORT_MESSAGE);
		CU_ASSERT_EQUAL(fault.offset, length);
		CU_ASSERT_EQUAL(walk(&message), 0);
		CU_ASSERT_FALSE(trowel_message_question(&message, &question));
		free(octets);
	}
	CU_ASSERT_EQUAL(trowel_message_decode(&message, NULL, 0, NULL),
		TROWEL_SHORT_MESSAGE);
}

static void message_has_at_most_65535_octets(void)
{
	static struct build build;
	struct trowel_message message;
	struct trowel_fault fault;
	uint8_t *octets;

	build_header(&build, 0x8180, 0, 0, 0, 0);
	while (build.length < 65536)
		build_u8(&build, 0);
	octets = build_copy(&build);
	CU_ASSERT_EQUAL(trowel_message_decode(&message, octets, 65535, &fault),
		TROWEL_OK);
	CU_ASSERT_EQUAL(message.length, 65535);
	CU_ASSERT_EQUAL(trowel_message_decode(&message, octets, 65536, &fault),
		TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_EQUAL(fault.status, TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_EQUAL(walk(&message), 0);
	free(octets);
}

/* The last record ends with octet 65,535. */
static void longest_message_is_read_to_its_end(void)
{
	static struct build build;
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record = { 0 };
	uint8_t *octets;
	size_t start;

	build_response(&build, ".", 65280, 1);
	build_name(&build, ".");
	start = build_rdata_start(&build, 65280);
	while (build.length < 65535)
		build_u8(&build, 0xC0);
	build_rdata_end(&build, start);
	octets = build_copy(&build);
	CU_ASSERT_EQUAL(trowel_message_decode(&message, octets, 65535, NULL),
		TROWEL_OK);
	CU_ASSERT_EQUAL(message.end, 65535);
	CU_ASSERT(trowel_record_next(&message, &iterator, &record));
	CU_ASSERT_EQUAL(record.rdata + record.rdata_length, 65535);
	CU_ASSERT_FALSE(trowel_record_next(&message, &iterator, &record));
	CU_ASSERT_EQUAL(walk(&message), 1);
	free(octets);
}

/* 65,535 octets, the last of which are some of a record's first ten. */
static void longest_message_may_be_cut_in_its_last_record(void)
{
	static struct build build;

	for (size_t left = 0; left < 12; left++) {
		struct trowel_message message;
		struct trowel_fault fault;
		uint8_t *octets;
		size_t start;

		build_response(&build, "a.test", 1, 2);
		build_pointer(&build, 12);
		start = build_rdata_start(&build, 65280);
		while (build.length < 65535 - left)
			build_u8(&build, 0xC0);
		build_rdata_end(&build, start);
		build_hex(&build, "c00c 0001 0001 0000012c 0004");
		octets = check_copy(build.octets, 65535);
		CU_ASSERT_EQUAL(
			trowel_message_decode(&message, octets, 65535, &fault),
			TROWEL_CUT_SHORT);
		CU_ASSERT_EQUAL(fault.record, 1);
		CU_ASSERT_EQUAL(walk(&message), 1);
		free(octets);
	}
}

/* The length of a name without pointers at the start of the octets, or 0. */
static size_t plain_name_length(const uint8_t *octets, size_t length)
{
	for (size_t at = 0; at < length && at < 255 && octets[at] < 64;
		at += 1u + octets[at])
		if (octets[at] == 0)
			return at + 1;
	return 0;
}

/* A question that ends where memory does: every octet at its start, some at its
 * end, one-octet labels between them. */
static void no_name_is_read_past_the_end_of_memory(void)
{
	static const uint8_t last[] = { 0, 1, 2, 63, 64, 128, 191, 192, 255 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct trowel_message message;

	CU_ASSERT_FATAL(memory != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(mprotect(memory + page, page, PROT_NONE), 0);
	for (size_t i = 0; i < 300 * 256 * sizeof(last); i++) {
		size_t length = 1 + i / sizeof(last) / 256;
		uint8_t *name = memory + page - length;
		size_t name_length;

		memcpy(name - 12, "\x12\x34\x81\x80\0\1\0\0\0\0\0\0", 12);
		memset(name, 1, length);
		name[length - 1] = last[i % sizeof(last)];
		name[0] = (uint8_t)(i / sizeof(last) % 256);
		name_length = plain_name_length(name, length);
		if ((trowel_message_decode(&message, name - 12, 12 + length,
			     NULL) == TROWEL_OK) !=
			(name_length > 0 && name_length + 4 <= length))
			CU_FAIL("another verdict");
	}
	munmap(memory, 2 * page);
}

static void as_many_records_as_fit_are_read(void)
{
	static struct build build;
	struct trowel_message message;
	size_t count = (65535 - 12) / 11;

	build_header(&build, 0x8180, 0, 0, (uint16_t)count, 0);
	for (size_t i = 0; i < count; i++)
		build_record(&build, ".", 65280, "");
	CU_ASSERT_EQUAL(trowel_message_decode(
				&message, build.octets, build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_EQUAL(walk(&message), count);
}

static void question_is_given(void)
{
	static const struct {
		const char *fixture;
		const char *name;
		uint16_t type;
		uint16_t class_code;
	} rows[] = {
		{ "a", "www.example.com.", 1, 1 },
		{ "class-ch", "version.bind.", 16, 3 },
		{ "root-servers", ".", 2, 1 },
		{ "two-questions-notify", "example.com.", 6, 1 },
		{ "a-short", "www.example.com.", 1, 1 },
		{ "header-only", NULL, 0, 0 },
		{ "two-questions", NULL, 0, 0 },
		{ "question-cut", NULL, 0, 0 },
		{ "question-name-cut", NULL, 0, 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct fixture *fixture =
			fixture_find(fixtures, fixture_count, rows[i].fixture);
		struct trowel_question question = { 0 };
		struct trowel_message message;
		struct trowel_name name;
		char text[TROWEL_NAME_TEXT_SIZE];

		trowel_message_decode(
			&message, fixture->octets, fixture->length, NULL);
		CU_ASSERT_EQUAL(trowel_message_question(&message, &question),
			rows[i].name != NULL);
		if (rows[i].name == NULL)
			continue;
		trowel_message_name(&message, question.name, &name);
		trowel_name_format(&name, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].name);
		CU_ASSERT_EQUAL(question.type, rows[i].type);
		CU_ASSERT_EQUAL(question.class_code, rows[i].class_code);
	}
}

/* A caller may cut it: before a record, in its fixed part, in RDATA. */
static void message_that_was_cut_gives_nothing_past_its_end(void)
{
	const struct fixture *fixture =
		fixture_find(fixtures, fixture_count, "a");
	static const struct {
		uint16_t length;
		bool has_record;
	} rows[] = { { 30, false }, { 40, false }, { 48, true } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_iterator iterator = { 0 };
		struct trowel_iterator fields = { 0 };
		struct trowel_message message;
		struct trowel_record record;
		struct trowel_chain chain;
		struct trowel_field field;
		uint8_t *octets = check_copy(fixture->octets, rows[i].length);

		trowel_message_decode(
			&message, fixture->octets, fixture->length, NULL);
		message.octets = octets;
		message.length = rows[i].length;
		CU_ASSERT_EQUAL(
			trowel_record_next(&message, &iterator, &record),
			rows[i].has_record);
		CU_ASSERT_FALSE(rows[i].has_record &&
			trowel_field_next(&message, &record, &fields, &field));
		CU_ASSERT_EQUAL(
			trowel_chain_start(&chain, &message), TROWEL_OK);
		CU_ASSERT_EQUAL(
			trowel_chain_next(&chain, &record), rows[i].has_record);
		free(octets);
	}
}

/* RFC 9619: the opcode stands in bits 1 to 4 of the flags. */
static void several_questions_are_refused_to_queries_alone(void)
{
	for (uint16_t opcode = 0; opcode < 16; opcode++) {
		struct trowel_message message;
		struct trowel_fault fault;
		struct build build;

		build_header(&build, (uint16_t)(0x87FF + opcode * 0x0800), 3, 0,
			0, 0);
		build.octets[2] = (uint8_t)(0x87 + opcode * 8);
		for (size_t i = 0; i < 3; i++)
			build_hex(&build, "00 0001 0001");
		CU_ASSERT_EQUAL(trowel_message_decode(&message, build.octets,
					build.length, &fault),
			opcode == 0 ? TROWEL_TOO_MANY_QUESTIONS : TROWEL_OK);
		CU_ASSERT_EQUAL(message.counts[0], opcode == 0 ? 0 : 3);
		CU_ASSERT_EQUAL(fault.offset, opcode == 0 ? 4 : 0);
	}
}

static void fault_names_section_record_type_and_field(void)
{
	static const struct {
		const char *fixture;
		enum trowel_status status;
		uint8_t section;
		uint16_t record;
		uint16_t type;
		uint16_t offset;
		const char *field;
	} rows[] = {
		{ "header-cut", TROWEL_SHORT_MESSAGE, 0, 0, 0, 11, NULL },
		{ "question-cut", TROWEL_CUT_SHORT, 0, 0, 0, 29, NULL },
		{ "counts-65535", TROWEL_CUT_SHORT, 0, 1, 0, 33, NULL },
		{ "counts-too-many", TROWEL_CUT_SHORT, TROWEL_ANSWER, 1, 0, 49,
			NULL },
		{ "srv-target-forward", TROWEL_BAD_POINTER, TROWEL_ANSWER, 0,
			33, 56, "target" },
		{ "soa-short", TROWEL_RDATA_TOO_SHORT, TROWEL_ANSWER, 0, 6, 65,
			"minimum" },
		{ "a-long", TROWEL_RDATA_TOO_LONG, TROWEL_ANSWER, 0, 1, 49,
			NULL },
		{ "opt-two", TROWEL_SECOND_OPT, TROWEL_ADDITIONAL, 1, 41, 44,
			NULL },
		{ "opt-in-authority", TROWEL_MISPLACED_OPT, TROWEL_AUTHORITY, 0,
			41, 33, NULL },
		{ "rdlength-past-end", TROWEL_CUT_SHORT, TROWEL_ANSWER, 0,
			65280, 43, NULL },
		{ "pointer-self", TROWEL_BAD_POINTER, TROWEL_ANSWER, 1, 0, 49,
			NULL },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct fixture *fixture =
			fixture_find(fixtures, fixture_count, rows[i].fixture);
		struct trowel_message message;
		struct trowel_fault fault;

		CU_ASSERT_EQUAL(trowel_message_decode(&message, fixture->octets,
					fixture->length, &fault),
			rows[i].status);
		CU_ASSERT_EQUAL(fault.status, rows[i].status);
		CU_ASSERT_EQUAL(fault.section, rows[i].section);
		CU_ASSERT_EQUAL(fault.record, rows[i].record);
		CU_ASSERT_EQUAL(fault.type, rows[i].type);
		CU_ASSERT_EQUAL(fault.offset, rows[i].offset);
		CU_ASSERT_EQUAL(fault.field_length,
			rows[i].field == NULL ? 0 : strlen(rows[i].field));
		if (rows[i].field != NULL && fault.field != NULL)
			CU_ASSERT_EQUAL(strncmp(fault.field, rows[i].field,
						fault.field_length),
				0);
	}
}

/* `end` is where the question or record at fault begins. */
static void failed_message_ends_at_what_is_at_fault(void)
{
	static const struct {
		const char *fixture;
		uint16_t end;
		uint16_t counts[4];
	} rows[] = {
		{ "question-name-cut", 12, { 0, 0, 0, 0 } },
		{ "question-cut", 12, { 0, 0, 0, 0 } },
		{ "two-questions", 12, { 0, 0, 0, 0 } },
		{ "counts-65535", 33, { 1, 0, 0, 0 } },
		{ "pointer-self", 49, { 1, 1, 0, 0 } },
		{ "a-long", 33, { 1, 0, 0, 0 } },
		{ "cut-tc", 49, { 1, 1, 0, 0 } },
		{ "opt-two", 44, { 1, 0, 0, 1 } },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct fixture *fixture =
			fixture_find(fixtures, fixture_count, rows[i].fixture);
		struct trowel_message message;

		trowel_message_decode(
			&message, fixture->octets, fixture->length, NULL);
		if (message.end != rows[i].end)
			printf("%s: %u\n", rows[i].fixture,
				(unsigned)message.end);
		CU_ASSERT_EQUAL(message.end, rows[i].end);
		for (size_t k = 0; k < 4; k++)
			CU_ASSERT_EQUAL(message.counts[k], rows[i].counts[k]);
	}
}

static void rcode_has_twelve_bits(void)
{
	static const struct {
		const char *fixture;
		uint16_t expected;
	} rows[] = { { "a", 0 }, { "nxdomain", 3 }, { "header-only", 1 },
		{ "opt", 0 }, { "opt-badvers", 16 } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct fixture *fixture =
			fixture_find(fixtures, fixture_count, rows[i].fixture);
		struct trowel_message message;

		CU_ASSERT_EQUAL(trowel_message_decode(&message, fixture->octets,
					fixture->length, NULL),
			TROWEL_OK);
		CU_ASSERT_EQUAL(
			trowel_message_rcode(&message), rows[i].expected);
	}
}

/* RFC 2181 8 */
static void ttl_with_the_top_bit_is_zero(void)
{
	static const struct {
		uint32_t ttl;
		uint32_t expected;
	} rows[] = { { 0, 0 }, { 300, 300 }, { 0x7FFFFFFF, 0x7FFFFFFF },
		{ 0x80000000, 0 }, { 0xFFFFFFFF, 0 } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_record record = { .ttl = rows[i].ttl };

		CU_ASSERT_EQUAL(trowel_record_ttl_s(&record), rows[i].expected);
	}
}

/* Owners that are pointers to one name have one offset. */
static void records_of_one_owner_have_one_offset(void)
{
	const struct fixture *fixture =
		fixture_find(fixtures, fixture_count, "a-thirteen");
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	size_t count = 0;

	trowel_message_decode(&message, fixture->octets, fixture->length, NULL);
	while (trowel_record_next(&message, &iterator, &record)) {
		CU_ASSERT_EQUAL(record.owner, 12);
		count++;
	}
	CU_ASSERT_EQUAL(count, 13);
}

/* 16 KiB of RDATA that nobody reads, as far as pointers reach: units of a name
 * and 125 labels, each with a pointer to the one before it or without one. */
static size_t put_units(struct build *build, bool has_pointers)
{
	size_t units = 0;

	while (build->length < 15800) {
		size_t last = build->length;

		build_name(build, "a");
		for (size_t i = 0; i < 125; i++) {
			size_t here = build->length;

			build_label(build, 1);
			if (has_pointers)
				build_pointer(build, last);
			last = here;
		}
		build_u8(build, 0);
		units++;
	}
	return units;
}

/* 4,000 records, whose owners lead to labels all over the units. */
static enum trowel_status decode_units(
	struct build *build, bool has_pointers, size_t records)
{
	size_t step = has_pointers ? 4 : 2;
	struct trowel_message message;
	enum trowel_status status;
	size_t start;
	size_t units;

	build_header(build, 0x8180, 0, (uint16_t)(records + 1), 0, 0);
	build_name(build, ".");
	start = build_rdata_start(build, 65280);
	units = put_units(build, has_pointers);
	build_rdata_end(build, start);
	for (size_t i = 0; i < records; i++) {
		size_t n = i * 7919;

		build_pointer(build,
			start + n / 125 % units * (step * 125 + 4) + 3 +
				n % 125 * step);
		build_hex(build, "ff00 0001 00000000 0000");
	}
	status = trowel_message_decode(
		&message, build->octets, build->length, NULL);
	CU_ASSERT_EQUAL(walk(&message), announced(&message));
	return status;
}

/* Each name is good; but where all of them together cost too much to check,
 * the message is refused. The steps are counted in test_name.c. */
static void work_is_bounded_whatever_the_message_is(void)
{
	static struct build build;

	CU_ASSERT_EQUAL(decode_units(&build, false, 300), TROWEL_OK);
	CU_ASSERT_EQUAL(decode_units(&build, true, 300), TROWEL_OK);
	CU_ASSERT_EQUAL(
		decode_units(&build, false, 4000), TROWEL_TOO_MANY_POINTERS);
	CU_ASSERT_EQUAL(
		decode_units(&build, true, 4000), TROWEL_TOO_MANY_POINTERS);
}

static const struct check_case cases[] = {
	CHECK_CASE(every_fixture_decodes_as_it_says),
	CHECK_CASE(every_prefix_of_a_fixture_fails_cleanly),
	CHECK_CASE(every_octet_of_a_fixture_may_be_anything),
	CHECK_CASE(header_is_read_whole),
	CHECK_CASE(nothing_is_had_of_less_than_a_header),
	CHECK_CASE(message_has_at_most_65535_octets),
	CHECK_CASE(longest_message_is_read_to_its_end),
	CHECK_CASE(longest_message_may_be_cut_in_its_last_record),
	CHECK_CASE(no_name_is_read_past_the_end_of_memory),
	CHECK_CASE(as_many_records_as_fit_are_read),
	CHECK_CASE(question_is_given),
	CHECK_CASE(message_that_was_cut_gives_nothing_past_its_end),
	CHECK_CASE(several_questions_are_refused_to_queries_alone),
	CHECK_CASE(fault_names_section_record_type_and_field),
	CHECK_CASE(failed_message_ends_at_what_is_at_fault),
	CHECK_CASE(rcode_has_twelve_bits),
	CHECK_CASE(ttl_with_the_top_bit_is_zero),
	CHECK_CASE(records_of_one_owner_have_one_offset),
	CHECK_CASE(work_is_bounded_whatever_the_message_is),
};

int main(int argc, char **argv)
{
	int status;

	fixtures = fixtures_load(&fixture_count);
	status = check_main(argc, argv, cases, CHECK_COUNT(cases));
	fixtures_release(fixtures, fixture_count);
	return status;
}
