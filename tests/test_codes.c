/* SPDX-License-Identifier: MIT */
#include "wire/codes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "wire/rdata.h"

static void expect_format(
	enum trowel_registry registry, uint16_t code, const char *expected)
{
	char text[TROWEL_CODE_TEXT_SIZE];
	size_t length = trowel_code_format(registry, code, text);

	CU_ASSERT_EQUAL(length, strlen(expected));
	if (strcmp(text, expected) != 0) {
		printf("%s instead of %s\n", text, expected);
		CU_FAIL("other text");
	}
}

/* `length` characters in a block of exactly that size. */
static void expect_parse(enum trowel_registry registry, const char *text,
	size_t length, bool expected, uint16_t expected_code)
{
	char *copy = check_copy(text, length);
	uint16_t code = 4242;

	if (trowel_code_parse(registry, copy, length, &code) != expected) {
		printf("\"%s\" is %s\n", text, expected ? "refused" : "taken");
		CU_FAIL("mnemonic");
	}
	CU_ASSERT_EQUAL(code, expected ? expected_code : 4242);
	free(copy);
}

struct code {
	uint16_t code;
	const char *name;
};

/* Both ways, in letters of either case, and not with a letter more or less. */
static void expect_codes(
	enum trowel_registry registry, const struct code *codes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[TROWEL_CODE_TEXT_SIZE];
		size_t length = strlen(codes[i].name);

		expect_format(registry, codes[i].code, codes[i].name);
		strcpy(text, codes[i].name);
		expect_parse(registry, text, length, true, codes[i].code);
		for (size_t k = 0; k < length; k++)
			text[k] = (char)tolower((unsigned char)text[k]);
		expect_parse(registry, text, length, true, codes[i].code);
		strcat(text, "-");
		expect_parse(registry, text, length + 1, false, 0);
	}
}

static void types_have_their_names(void)
{
	static const struct code codes[] = { { 1, "A" }, { 2, "NS" },
		{ 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" }, { 15, "MX" },
		{ 16, "TXT" }, { 28, "AAAA" }, { 33, "SRV" }, { 41, "OPT" },
		{ 251, "IXFR" }, { 252, "AXFR" }, { 255, "ANY" } };

	expect_codes(TROWEL_TYPES, codes, CHECK_COUNT(codes));
}

static void every_type_of_the_table_is_found_by_name_and_code(void)
{
	for (size_t i = 0; i < TW_RRTYPE_COUNT; i++) {
		struct code code = { tw_rrtypes[i].code,
			tw_rrtype_mnemonic(&tw_rrtypes[i]) };

		expect_codes(TROWEL_TYPES, &code, 1);
	}
}

static void classes_have_their_names(void)
{
	static const struct code codes[] = { { 1, "IN" }, { 3, "CH" },
		{ 4, "HS" }, { 254, "NONE" }, { 255, "ANY" } };

	expect_codes(TROWEL_CLASSES, codes, CHECK_COUNT(codes));
	expect_parse(TROWEL_CLASSES, "CHAOS", 5, true, 3);
	expect_parse(TROWEL_CLASSES, "hesiod", 6, true, 4);
}

/* RFC 3597 5 */
static void types_and_classes_without_a_name_are_numbers(void)
{
	static const struct {
		enum trowel_registry registry;
		const char *text;
		bool expected;
		uint16_t code;
	} rows[] = {
		{ TROWEL_TYPES, "TYPE123", true, 123 },
		{ TROWEL_TYPES, "type1", true, 1 },
		{ TROWEL_TYPES, "TyPe0", true, 0 },
		{ TROWEL_TYPES, "TYPE65535", true, 65535 },
		{ TROWEL_TYPES, "TYPE00007", true, 7 },
		{ TROWEL_TYPES, "TYPE65536", false, 0 },
		{ TROWEL_TYPES, "TYPE000007", false, 0 },
		{ TROWEL_TYPES, "TYPE99999", false, 0 },
		{ TROWEL_TYPES, "TYPE100000", false, 0 },
		{ TROWEL_TYPES, "TYPE4294967297", false, 0 },
		{ TROWEL_TYPES, "TYPE", false, 0 },
		{ TROWEL_TYPES, "TYPE-1", false, 0 },
		{ TROWEL_TYPES, "TYPE+1", false, 0 },
		{ TROWEL_TYPES, "TYPE 1", false, 0 },
		{ TROWEL_TYPES, "TYPE1x", false, 0 },
		{ TROWEL_TYPES, "TYP1", false, 0 },
		{ TROWEL_TYPES, "TYPO1", false, 0 },
		{ TROWEL_TYPES, "1", false, 0 },
		{ TROWEL_TYPES, "", false, 0 },
		{ TROWEL_TYPES, "AA", false, 0 },
		{ TROWEL_TYPES, "CLASS1", false, 0 },
		{ TROWEL_CLASSES, "CLASS1234", true, 1234 },
		{ TROWEL_CLASSES, "class0", true, 0 },
		{ TROWEL_CLASSES, "CLASS65535", true, 65535 },
		{ TROWEL_CLASSES, "CLASS65536", false, 0 },
		{ TROWEL_CLASSES, "TYPE1", false, 0 },
		{ TROWEL_CLASSES, "I", false, 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		expect_parse(rows[i].registry, rows[i].text,
			strlen(rows[i].text), rows[i].expected, rows[i].code);
	expect_format(TROWEL_TYPES, 0, "TYPE0");
	expect_format(TROWEL_TYPES, 65280, "TYPE65280");
	expect_format(TROWEL_TYPES, 65535, "TYPE65535");
	expect_format(TROWEL_CLASSES, 0, "CLASS0");
	expect_format(TROWEL_CLASSES, 2, "CLASS2");
	expect_format(TROWEL_CLASSES, 65535, "CLASS65535");
}

static void a_name_with_a_nul_in_it_is_no_mnemonic(void)
{
	expect_parse(TROWEL_TYPES, "A\0B", 2, false, 0);
	expect_parse(TROWEL_TYPES, "TYPE1\0", 6, false, 0);
}

static void opcodes_have_their_names(void)
{
	static const struct code codes[] = { { 0, "QUERY" }, { 1, "IQUERY" },
		{ 2, "STATUS" }, { 3, "RESERVED3" }, { 4, "NOTIFY" },
		{ 5, "UPDATE" }, { 6, "RESERVED6" }, { 15, "RESERVED15" } };

	expect_codes(TROWEL_OPCODES, codes, CHECK_COUNT(codes));
}

static void rcodes_have_their_names(void)
{
	static const struct code codes[] = { { 0, "NOERROR" }, { 1, "FORMERR" },
		{ 2, "SERVFAIL" }, { 3, "NXDOMAIN" }, { 4, "NOTIMP" },
		{ 5, "REFUSED" }, { 6, "YXDOMAIN" }, { 7, "YXRRSET" },
		{ 8, "NXRRSET" }, { 9, "NOTAUTH" }, { 10, "NOTZONE" },
		{ 16, "BADVERS" }, { 23, "BADCOOKIE" } };

	expect_codes(TROWEL_RCODES, codes, CHECK_COUNT(codes));
	expect_format(TROWEL_RCODES, 11, "RESERVED11");
	expect_format(TROWEL_RCODES, 15, "RESERVED15");
	expect_format(TROWEL_RCODES, 17, "?17");
	expect_format(TROWEL_RCODES, 4095, "?4095");
	expect_parse(TROWEL_RCODES, "?17", 3, false, 0);
}

static void options_have_their_names(void)
{
	static const struct code codes[] = { { 1, "LLQ" }, { 2, "UL" },
		{ 3, "NSID" }, { 5, "DAU" }, { 6, "DHU" }, { 7, "N3U" },
		{ 8, "CLIENT-SUBNET" }, { 9, "EXPIRE" }, { 10, "COOKIE" },
		{ 11, "TCP-KEEPALIVE" }, { 12, "PADDING" }, { 13, "CHAIN" },
		{ 14, "KEY-TAG" }, { 15, "EDE" }, { 16, "CLIENT-TAG" },
		{ 17, "SERVER-TAG" }, { 18, "REPORT-CHANNEL" },
		{ 19, "ZONEVERSION" }, { 4, "OPT4" }, { 65001, "OPT65001" } };

	expect_codes(TROWEL_OPTIONS, codes, CHECK_COUNT(codes));
}

static void extended_errors_have_their_names(void)
{
	static const struct code codes[] = { { 0, "Other" },
		{ 1, "Unsupported DNSKEY Algorithm" },
		{ 2, "Unsupported DS Digest Type" }, { 3, "Stale Answer" },
		{ 4, "Forged Answer" }, { 5, "DNSSEC Indeterminate" },
		{ 6, "DNSSEC Bogus" }, { 7, "Signature Expired" },
		{ 8, "Signature Not Yet Valid" }, { 9, "DNSKEY Missing" },
		{ 10, "RRSIGs Missing" }, { 11, "No Zone Key Bit Set" },
		{ 12, "NSEC Missing" }, { 13, "Cached Error" },
		{ 14, "Not Ready" }, { 15, "Blocked" }, { 16, "Censored" },
		{ 17, "Filtered" }, { 18, "Prohibited" },
		{ 19, "Stale NXDOMAIN Answer" }, { 20, "Not Authoritative" },
		{ 21, "Not Supported" }, { 22, "No Reachable Authority" },
		{ 23, "Network Error" }, { 24, "Invalid Data" },
		{ 25, "Signature Expired before Valid" }, { 26, "Too Early" },
		{ 27, "Unsupported NSEC3 Iterations" },
		{ 28, "Unable to conform to policy" }, { 29, "Synthesized" },
		{ 30, "Invalid Query Type" } };

	expect_codes(TROWEL_ERRORS, codes, CHECK_COUNT(codes));
	expect_format(TROWEL_ERRORS, 31, "");
	expect_format(TROWEL_ERRORS, 65535, "");
	expect_parse(TROWEL_ERRORS, "31", 2, false, 0);
}

static void codes_of_keys_and_certificates_have_their_names(void)
{
	static const struct code algorithms[] = { { 1, "RSAMD5" }, { 2, "DH" },
		{ 3, "DSA" }, { 5, "RSASHA1" }, { 6, "NSEC3DSA" },
		{ 7, "NSEC3RSASHA1" }, { 8, "RSASHA256" }, { 10, "RSASHA512" },
		{ 12, "ECCGOST" }, { 13, "ECDSAP256SHA256" },
		{ 14, "ECDSAP384SHA384" }, { 15, "ED25519" }, { 16, "ED448" },
		{ 252, "INDIRECT" }, { 253, "PRIVATEDNS" },
		{ 254, "PRIVATEOID" }, { 99, "99" } };
	static const struct code certificates[] = { { 1, "PKIX" },
		{ 2, "SPKI" }, { 3, "PGP" }, { 4, "IPKIX" }, { 5, "ISPKI" },
		{ 6, "IPGP" }, { 7, "ACPKIX" }, { 8, "IACPKIX" },
		{ 253, "URI" }, { 254, "OID" }, { 65535, "65535" } };

	expect_codes(TROWEL_ALGORITHMS, algorithms, CHECK_COUNT(algorithms));
	expect_codes(
		TROWEL_CERT_TYPES, certificates, CHECK_COUNT(certificates));
}

/* RFC 8945 3: those below 16 are RCODEs. */
static void errors_of_signatures_have_their_names(void)
{
	static const struct code codes[] = { { 0, "NOERROR" }, { 9, "NOTAUTH" },
		{ 16, "BADSIG" }, { 17, "BADKEY" }, { 18, "BADTIME" },
		{ 19, "BADMODE" }, { 20, "BADNAME" }, { 21, "BADALG" },
		{ 22, "BADTRUNC" }, { 23, "BADCOOKIE" }, { 24, "24" } };

	expect_codes(TROWEL_TSIG_ERRORS, codes, CHECK_COUNT(codes));
}

static void schemes_and_parameters_have_their_names(void)
{
	static const struct code schemes[] = { { 1, "NOTIFY" },
		{ 128, "128" } };
	static const struct code params[] = { { 0, "mandatory" }, { 1, "alpn" },
		{ 2, "no-default-alpn" }, { 3, "port" }, { 4, "ipv4hint" },
		{ 5, "ech" }, { 6, "ipv6hint" }, { 667, "key667" },
		{ 65535, "key65535" } };

	expect_codes(TROWEL_SCHEMES, schemes, CHECK_COUNT(schemes));
	expect_codes(TROWEL_PARAMS, params, CHECK_COUNT(params));
}

static void no_code_has_a_text_that_does_not_fit(void)
{
	for (unsigned registry = TROWEL_TYPES; registry <= TROWEL_PARAMS;
		registry++)
		for (unsigned code = 0; code <= 65535; code++) {
			char text[TROWEL_CODE_TEXT_SIZE];
			size_t length = trowel_code_format(
				(enum trowel_registry)registry, (uint16_t)code,
				text);

			if (length >= sizeof(text) || strlen(text) != length)
				CU_FAIL("text of a code");
		}
}

static void numbers_are_written_in_decimal(void)
{
	static const struct {
		uint64_t number;
		const char *expected;
	} rows[] = { { 0, "0" }, { 9, "9" }, { 10, "10" },
		{ 4294967295, "4294967295" },
		{ UINT64_MAX, "18446744073709551615" } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char room[32];
		struct tw_text text = { room, sizeof(room), 0 };

		tw_number_put(&text, rows[i].number);
		tw_text_end(&text);
		CU_ASSERT_STRING_EQUAL(room, rows[i].expected);
	}
}

/* A user reads them behind "malformed answer: ": one each, no final stop. */
static void every_status_has_a_sentence_of_its_own(void)
{
	for (unsigned i = 0; i < TROWEL_STATUS_COUNT; i++) {
		const char *text = trowel_status_text((enum trowel_status)i);
		size_t length = strlen(text);

		CU_ASSERT(length > 5 && text[length - 1] != '.');
		for (unsigned k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(text,
				trowel_status_text((enum trowel_status)k));
	}
	CU_ASSERT_STRING_EQUAL(
		trowel_status_text(TROWEL_STATUS_COUNT), "unknown status");
	CU_ASSERT_STRING_EQUAL(
		trowel_status_text((enum trowel_status) - 1), "unknown status");
}

static void fault_is_written_with_its_place(void)
{
	static const struct {
		struct trowel_fault fault;
		const char *expected;
	} rows[] = {
		{ { .status = TROWEL_BAD_POINTER,
			  .offset = 61,
			  .section = TROWEL_ANSWER,
			  .type = 33,
			  .field = "target weight",
			  .field_length = 6 },
			"SRV target: compression pointer does not point back "
			"(byte 61)" },
		{ { .status = TROWEL_RDATA_TOO_LONG,
			  .offset = 49,
			  .section = TROWEL_ANSWER,
			  .type = 1 },
			"A: octets left over at the end of the RDATA "
			"(byte 49)" },
		{ { .status = TROWEL_CUT_SHORT,
			  .offset = 65535,
			  .section = TROWEL_ADDITIONAL,
			  .type = 65280 },
			"TYPE65280: message ends too early (byte 65535)" },
		{ { .status = TROWEL_CUT_SHORT,
			  .offset = 20,
			  .section = TROWEL_AUTHORITY,
			  .record = 2 },
			"authority record 3: message ends too early "
			"(byte 20)" },
		{ { .status = TROWEL_BAD_LABEL_TYPE, .offset = 12 },
			"question: label type that does not exist (byte 12)" },
		{ { .status = TROWEL_SHORT_MESSAGE, .offset = 11 },
			"message shorter than a header (byte 11)" },
		{ { .status = TROWEL_CUT_SHORT, .offset = 20, .section = 9 },
			"message ends too early (byte 20)" },
	};
	char text[200];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t length =
			trowel_fault_format(&rows[i].fault, text, sizeof(text));

		CU_ASSERT_EQUAL(length, strlen(rows[i].expected));
		CU_ASSERT_STRING_EQUAL(text, rows[i].expected);
	}
}

static void fault_is_cut_off_where_space_ends(void)
{
	struct trowel_fault fault = { .status = TROWEL_SECOND_OPT,
		.offset = 40,
		.section = TROWEL_ADDITIONAL,
		.type = 41 };
	const char *whole = "OPT: second OPT (byte 40)";

	for (size_t size = 1; size <= 30; size++) {
		char *text = check_copy("??????????????????????????????", size);

		CU_ASSERT_EQUAL(
			trowel_fault_format(&fault, text, size), strlen(whole));
		CU_ASSERT_EQUAL(strlen(text),
			size <= strlen(whole) ? size - 1 : strlen(whole));
		CU_ASSERT_EQUAL(strncmp(text, whole, strlen(text)), 0);
		free(text);
	}
	CU_ASSERT_EQUAL(trowel_fault_format(&fault, NULL, 0), strlen(whole));
}

static const struct check_case cases[] = {
	CHECK_CASE(types_have_their_names),
	CHECK_CASE(every_type_of_the_table_is_found_by_name_and_code),
	CHECK_CASE(classes_have_their_names),
	CHECK_CASE(types_and_classes_without_a_name_are_numbers),
	CHECK_CASE(a_name_with_a_nul_in_it_is_no_mnemonic),
	CHECK_CASE(opcodes_have_their_names),
	CHECK_CASE(rcodes_have_their_names),
	CHECK_CASE(options_have_their_names),
	CHECK_CASE(extended_errors_have_their_names),
	CHECK_CASE(codes_of_keys_and_certificates_have_their_names),
	CHECK_CASE(errors_of_signatures_have_their_names),
	CHECK_CASE(schemes_and_parameters_have_their_names),
	CHECK_CASE(no_code_has_a_text_that_does_not_fit),
	CHECK_CASE(numbers_are_written_in_decimal),
	CHECK_CASE(every_status_has_a_sentence_of_its_own),
	CHECK_CASE(fault_is_written_with_its_place),
	CHECK_CASE(fault_is_cut_off_where_space_ends),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
