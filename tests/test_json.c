/* SPDX-License-Identifier: MIT */
/* Messages and lookups as JSON: what stands there, letter by letter, and that
 * it is JSON whatever the message is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json_lookup.h"
#include "cli/json_message.h"
#include "cli/rfc8427.h"
#include "tests/check.h"
#include "tests/fixture.h"
#include "tests/json_valid.h"

static struct tw_output output;

/* What was printed, up to the line's end; good until the next. */
static const char *text_of_output(void)
{
	static char text[65536];
	size_t length = output.length;

	CU_ASSERT_FATAL(length < sizeof(text));
	memcpy(text, output.octets, length);
	text[length] = '\0';
	CU_ASSERT(json_is_valid(text));
	if (length > 0)
		text[length - 1] = '\0';
	tw_output_release(&output);
	return text;
}

static void check_text(const char *why, const char *text, const char *wanted)
{
	if (strcmp(text, wanted) == 0)
		return;
	CU_FAIL("other JSON than expected");
	printf("%s:\n\t%s\nnot\n\t%s\n", why, text, wanted);
}

/* ---- strings */

static void strings_are_escaped(void)
{
	static const struct {
		const char *why;
		const char *octets;
		const char *expected;
	} rows[] = {
		{ "letters", "abc", "{\"a_b\": \"abc\"}" },
		{ "a quote and a backslash", "\"\\",
			"{\"a_b\": \"\\\"\\\\\"}" },
		{ "controls", "\x01\n\x7F",
			"{\"a_b\": \"\\u0001\\u000A\\u007F\"}" },
		{ "two octets of UTF-8", "\xC3\xA9", "{\"a_b\": \"\\u00E9\"}" },
		{ "three", "\xE2\x82\xAC", "{\"a_b\": \"\\u20AC\"}" },
		{ "four", "\xF0\x9F\x98\x80", "{\"a_b\": \"\\uD83D\\uDE00\"}" },
		{ "cut off", "x\xE2\x82", "{\"a_b\": \"x\\uFFFD\\uFFFD\"}" },
		{ "longer than needed", "\xC0\x80",
			"{\"a_b\": \"\\uFFFD\\uFFFD\"}" },
		{ "a surrogate", "\xED\xA0\x80",
			"{\"a_b\": \"\\uFFFD\\uFFFD\\uFFFD\"}" },
		{ "past U+10FFFF", "\xF4\x90\x80\x80",
			"{\"a_b\": \"\\uFFFD\\uFFFD\\uFFFD\\uFFFD\"}" },
	};
	struct tw_json json;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		tw_output_init(&output);
		tw_json_init(&json, &output, true);
		tw_json_open(&json, NULL, '{');
		tw_json_add_text(&json, "a-b", rows[i].octets);
		tw_json_close(&json, '}');
		check_text(rows[i].why, text_of_output(), rows[i].expected);
	}
}

/* ---- fields */

/* The "rdata" and "text" of the last record of a message of one record. */
static const char *rdata_of(uint16_t type, const char *hex)
{
	static struct build build;
	struct trowel_iterator iterator = { 0 };
	struct trowel_message message;
	struct trowel_record record;
	struct tw_json json;
	uint8_t *octets;

	build_response(&build, "x.test", type, 1);
	build_record(&build, "x.test", type, hex);
	octets = build_copy(&build);
	CU_ASSERT_EQUAL_FATAL(
		trowel_message_decode(&message, octets, build.length, NULL),
		TROWEL_OK);
	CU_ASSERT_FATAL(trowel_record_next(&message, &iterator, &record));
	tw_output_init(&output);
	tw_json_init(&json, &output, true);
	tw_json_open(&json, NULL, '{');
	tw_json_add_rdata(&json, &message, &record);
	tw_json_close(&json, '}');
	free(octets);
	return text_of_output();
}

static void fields_have_names_and_kinds(void)
{
	static const struct {
		const char *why;
		uint16_t type;
		const char *hex;
		const char *expected;
	} rows[] = {
		{ "an address", 1, "c0000201",
			"{\"rdata\": {\"address\": \"192.0.2.1\"}, "
			"\"text\": \"192.0.2.1\"}" },
		{ "a number and a name", 15, "000a 0161 00",
			"{\"rdata\": {\"preference\": 10, "
			"\"exchange\": \"a.\"}, \"text\": \"10 a.\"}" },
		{ "an odd name", 2, "04 225c00ff 00",
			"{\"rdata\": {\"nsdname\": "
			"\"\\\\\\\"\\\\\\\\\\\\000\\\\255.\"}, \"text\": "
			"\"\\\\\\\"\\\\\\\\\\\\000\\\\255.\"}" },
		{ "one string is a list", 16, "02 6869",
			"{\"rdata\": {\"txt_data\": [\"hi\"]}, "
			"\"text\": \"\\\"hi\\\"\"}" },
		{ "empty and odd strings", 16, "00 02 2200",
			"{\"rdata\": {\"txt_data\": [\"\", "
			"\"\\\\\\\"\\\\000\"]}, "
			"\"text\": \"\\\"\\\" \\\"\\\\\\\"\\\\000\\\"\"}" },
		{ "types, by name", 47, "00 0006 400000000003",
			"{\"rdata\": {\"next_domain_name\": \".\", "
			"\"types\": [\"A\", \"RRSIG\", \"NSEC\"]}, "
			"\"text\": \". A RRSIG NSEC\"}" },
		{ "a time in seconds", 46,
			"0001 0d 02 00000e10 5f5e1000 5f5e0f00 1234 00 0102",
			"{\"rdata\": {\"type_covered\": \"A\", "
			"\"algorithm\": 13, \"labels\": 2, "
			"\"original_ttl\": 3600, "
			"\"signature_expiration\": 1600000000, "
			"\"signature_inception\": 1599999744, "
			"\"key_tag\": 4660, \"signers_name\": \".\", "
			"\"signature\": \"AQI=\"}, \"text\": \"A 13 2 3600 "
			"20200913122640 20200913122224 4660 . AQI=\"}" },
		{ "parameters by their keys", 65,
			"0001 00 0001 0003 026832 0003 0002 01bb "
			"0004 0008 c0000201 c0000202",
			"{\"rdata\": {\"priority\": 1, \"target\": \".\", "
			"\"params\": {\"alpn\": [\"h2\"], \"port\": 443, "
			"\"ipv4hint\": [\"192.0.2.1\", \"192.0.2.2\"]}}, "
			"\"text\": \"1 . alpn=\\\"h2\\\" port=443 "
			"ipv4hint=192.0.2.1,192.0.2.2\"}" },
		{ "parameters that are not as they should be", 64,
			"0001 00 0001 0002 0568 0003 0001 01 0007 0000",
			"{\"rdata\": {\"priority\": 1, \"target\": \".\", "
			"\"params\": {\"alpn\": \"\\\\005h\", "
			"\"port\": \"\\\\001\", \"key7\": true}}, "
			"\"text\": \"1 . alpn=\\\"\\\\005h\\\" "
			"port=\\\"\\\\001\\\" key7\"}" },
		{ "a comma in an ALPN id", 64,
			"0001 00 0001 0008 03 612c62 03 5c22ff",
			"{\"rdata\": {\"priority\": 1, \"target\": \".\", "
			"\"params\": {\"alpn\": [\"a,b\", "
			"\"\\\\\\\\\\\\\\\"\\\\255\"]}}, "
			"\"text\": \"1 . alpn=\\\"a\\\\\\\\,b,"
			"\\\\\\\\\\\\\\\\\\\\\\\"\\\\255\\\"\"}" },
		{ "rendezvous servers", 55,
			"02 02 0003 abcd 010203 0161 00 0162 00",
			"{\"rdata\": {\"hit_length\": 2, \"pk_algorithm\": 2, "
			"\"pk_length\": 3, \"hit\": \"ABCD\", "
			"\"public_key\": \"AQID\", "
			"\"rendezvous_servers\": [\"a.\", \"b.\"]}, "
			"\"text\": \"2 ABCD AQID a. b.\"}" },
		{ "an unknown type", 65280, "00ff",
			"{\"rdata\": {\"rdata\": \"00FF\"}, "
			"\"text\": \"\\\\# 2 00FF\"}" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_text(rows[i].why, rdata_of(rows[i].type, rows[i].hex),
			rows[i].expected);
}

/* ---- messages */

static const char *print(enum tw_form form, const struct tw_json_lookup *lookup)
{
	tw_output_init(&output);
	tw_json_print(&output, form, lookup);
	return text_of_output();
}

static void every_fixture_is_valid_in_every_form(void)
{
	size_t count;
	struct fixture *fixtures = fixtures_load(&count);

	for (size_t i = 0; i < count; i++) {
		struct trowel_message message;
		struct trowel_fault fault;
		struct tw_json_lookup lookup = { .fault = &fault };

		lookup.status = trowel_message_decode(&message,
			fixtures[i].octets, fixtures[i].length, &fault);
		if (lookup.status != TROWEL_SHORT_MESSAGE)
			lookup.message = &message;
		print(TW_FORM_JSON, &lookup);
		print(TW_FORM_RFC8427, &lookup);
		CU_ASSERT_PTR_NULL(
			strchr(print(TW_FORM_JSON_LINE, &lookup), '\n'));
	}
	fixtures_release(fixtures, count);
}

/* An MX with a compressed name, and an OPT with an EDE. */
static const char *const reply = "1234 8580 0001 0001 0000 0001"
				 "01780474657374 00 000f 0001"
				 "c00c 000f 0001 0000012c 0006 000a 016d c00e"
				 "00 0029 04d0 00008000 0006 000f 0002 0012";

static const struct trowel_attempt attempts[] = {
	{ .id = 1, .outcome = TROWEL_ATTEMPT_TIMED_OUT, .ended_us = 400000 },
	{ .id = 0x1234,
		.server = 1,
		.transport = TROWEL_TCP,
		.outcome = TROWEL_ANSWERED,
		.ignored = 2,
		.sent_us = 400000,
		.ended_us = 401500 },
};
static const struct trowel_address servers[] = {
	{ .family = 4, .octets = { 192, 0, 2, 53 }, .port = 53 },
	{ .family = 6, .octets = { 0x20, 1, 0xd, 0xb8 }, .port = 5353 },
};

static void a_lookup_is_one_object(void)
{
	struct trowel_answer answer = { .attempt = 1,
		.attempt_count = 2,
		.attempts = attempts,
		.servers = servers };
	struct tw_json_lookup lookup = { .name = "x.test.",
		.type = 15,
		.class_code = 1,
		.server = "dns.example",
		.answer = &answer,
		.message = &answer.message };
	size_t length;
	uint8_t *octets = octets_of_hex(reply, &length);

	CU_ASSERT_EQUAL(
		trowel_message_decode(&answer.message, octets, length, NULL),
		TROWEL_OK);
	check_text("a lookup", print(TW_FORM_JSON_LINE, &lookup),
		"{\"query\": {\"name\": \"x.test.\", \"type\": \"MX\", "
		"\"class\": \"IN\"}, \"error\": null, \"id\": 4660, "
		"\"opcode\": {\"code\": 0, \"name\": \"QUERY\"}, "
		"\"rcode\": {\"code\": 0, \"name\": \"NOERROR\"}, "
		"\"flags\": {\"qr\": true, \"aa\": true, \"tc\": false, "
		"\"rd\": true, \"ra\": true, \"z\": false, \"ad\": false, "
		"\"cd\": false}, \"size\": 59, "
		"\"question\": {\"name\": \"x.test.\", \"type\": \"MX\", "
		"\"class\": \"IN\"}, "
		"\"answer\": [{\"owner\": \"x.test.\", \"type\": \"MX\", "
		"\"class\": \"IN\", \"ttl\": 300, "
		"\"rdata\": {\"preference\": 10, \"exchange\": \"m.test.\"}, "
		"\"text\": \"10 m.test.\"}], "
		"\"authority\": [], \"additional\": [], "
		"\"edns\": {\"version\": 0, \"flags\": 32768, \"do\": true, "
		"\"co\": false, \"udp_size\": 1232, \"options\": "
		"[{\"code\": 15, \"name\": \"EDE\", \"data\": \"0012\", "
		"\"text\": \"18 (Prohibited)\"}]}, "
		"\"ede\": [{\"code\": 18, \"name\": \"Prohibited\", "
		"\"text\": \"\"}], "
		"\"server\": {\"address\": \"2001:db8::\", \"port\": 5353, "
		"\"name\": \"dns.example\"}, \"transport\": \"TCP\", "
		"\"rtt_us\": 1500, "
		"\"attempts\": [{\"address\": \"192.0.2.53\", \"port\": 53, "
		"\"transport\": \"UDP\", \"id\": 1, \"sent_us\": 0, "
		"\"ended_us\": 400000, \"outcome\": \"timed out\", "
		"\"reason\": null, \"ignored\": 0}, "
		"{\"address\": \"2001:db8::\", \"port\": 5353, "
		"\"transport\": \"TCP\", \"id\": 4660, \"sent_us\": 400000, "
		"\"ended_us\": 401500, \"outcome\": \"answered\", "
		"\"reason\": \"NOERROR\", \"ignored\": 2}]}");
	free(octets);
}

static void rfc8427_has_its_own_words(void)
{
	struct trowel_message message;
	struct tw_json_lookup lookup = { .message = &message };
	size_t length;
	uint8_t *octets = octets_of_hex(reply, &length);
	struct tw_json json;

	CU_ASSERT_EQUAL(trowel_message_decode(&message, octets, length, NULL),
		TROWEL_OK);
	tw_output_init(&output);
	tw_json_init(&json, &output, true);
	tw_json_open(&json, NULL, '{');
	tw_rfc8427_add(&json, &lookup);
	tw_json_close(&json, '}');
	check_text("RFC 8427", text_of_output(),
		"{\"ID\": 4660, \"QR\": 1, \"Opcode\": 0, \"AA\": 1, "
		"\"TC\": 0, \"RD\": 1, \"RA\": 1, \"AD\": 0, \"CD\": 0, "
		"\"RCODE\": 0, \"QDCOUNT\": 1, \"ANCOUNT\": 1, "
		"\"NSCOUNT\": 0, \"ARCOUNT\": 1, \"QNAME\": \"x.test.\", "
		"\"QTYPE\": 15, \"QTYPEname\": \"MX\", \"QCLASS\": 1, "
		"\"QCLASSname\": \"IN\", \"answerRRs\": [{\"NAME\": "
		"\"x.test.\", \"TYPE\": 15, \"TYPEname\": \"MX\", "
		"\"CLASS\": 1, \"CLASSname\": \"IN\", \"TTL\": 300, "
		"\"RDLENGTH\": 10, "
		"\"RDATAHEX\": \"000A016D047465737400\", "
		"\"rdataMX\": \"10 m.test.\"}], "
		"\"additionalRRs\": [{\"NAME\": \".\", \"TYPE\": 41, "
		"\"TYPEname\": \"OPT\", \"CLASS\": 1232, "
		"\"CLASSname\": \"CLASS1232\", \"TTL\": 32768, "
		"\"RDLENGTH\": 6, \"RDATAHEX\": \"000F00020012\"}]}");
	free(octets);
}

/* ---- errors */

static void a_failure_says_which_and_where(void)
{
	struct trowel_fault fault = { .status = TROWEL_BAD_POINTER,
		.offset = 61,
		.record = 2,
		.type = 33,
		.section = TROWEL_ANSWER,
		.field = "target",
		.field_length = 6 };
	struct trowel_answer answer = {
		.attempt_count = 1, .attempts = attempts, .servers = servers
	};
	struct tw_json_lookup lookup = { .status = TROWEL_CUT_SHORT,
		.fault = &fault };

	check_text("a malformed message", print(TW_FORM_JSON_LINE, &lookup),
		"{\"error\": {\"status\": \"CUT_SHORT\", \"text\": "
		"\"SRV target: compression pointer does not point back "
		"(byte 61)\", \"fault\": {\"status\": \"BAD_POINTER\", "
		"\"offset\": 61, \"section\": \"answer\", \"record\": 2, "
		"\"type\": \"SRV\", \"field\": \"target\"}}}");
	lookup = (struct tw_json_lookup){ .answer = &answer,
		.status = TROWEL_TIMED_OUT };
	CU_ASSERT_PTR_NOT_NULL(strstr(print(TW_FORM_JSON_LINE, &lookup),
		"{\"error\": {\"status\": \"TIMED_OUT\", \"text\": "));
	CU_ASSERT_PTR_NOT_NULL(strstr(print(TW_FORM_JSON_LINE, &lookup),
		"\"fault\": null}, \"attempts\": [{\"address\": "));
	lookup.reason = "in other words";
	CU_ASSERT_PTR_NOT_NULL(strstr(print(TW_FORM_JSON_LINE, &lookup),
		"\"text\": \"in other words\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(print(TW_FORM_RFC8427, &lookup),
		"\"comment\": \"in other words\""));
}

static void every_status_has_its_own_word(void)
{
	for (int i = 0; i < TROWEL_STATUS_COUNT; i++) {
		const char *word = tw_status_word((enum trowel_status)i);

		if (strcmp(word, "ERROR") == 0)
			printf("no word for status %d\n", i);
		CU_ASSERT_STRING_NOT_EQUAL(word, "ERROR");
	}
	CU_ASSERT_STRING_EQUAL(tw_status_word(TROWEL_NO_DATA), "NO_DATA");
}

static const struct check_case cases[] = {
	CHECK_CASE(strings_are_escaped),
	CHECK_CASE(fields_have_names_and_kinds),
	CHECK_CASE(every_fixture_is_valid_in_every_form),
	CHECK_CASE(a_lookup_is_one_object),
	CHECK_CASE(rfc8427_has_its_own_words),
	CHECK_CASE(a_failure_says_which_and_where),
	CHECK_CASE(every_status_has_its_own_word),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
