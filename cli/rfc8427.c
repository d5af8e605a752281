/* SPDX-License-Identifier: MIT */
#include "cli/rfc8427.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/json_message.h"
#include "cli/octets.h"

#define TYPE_TXT 16

static void add_date(struct tw_json *json);
static void add_comment(
	struct tw_json *json, const struct tw_json_lookup *lookup);
static void add_header(
	struct tw_json *json, const struct trowel_message *message);
static void add_question(
	struct tw_json *json, const struct trowel_message *message);
static void add_sections(
	struct tw_json *json, const struct trowel_message *message);

void tw_rfc8427_add(struct tw_json *json, const struct tw_json_lookup *lookup)
{
	if (lookup->answer)
		add_date(json);
	if (lookup->status != TROWEL_OK)
		add_comment(json, lookup);
	if (!lookup->message)
		return;
	add_header(json, lookup->message);
	add_question(json, lookup->message);
	add_sections(json, lookup->message);
}

/* RFC 3339, in UTC. */
static void add_date(struct tw_json *json)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	if (gmtime_r(&now, &tm) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		tw_json_add_text(json, "dateString", text);
}

static void add_comment(
	struct tw_json *json, const struct tw_json_lookup *lookup)
{
	char text[256];

	if (lookup->fault && lookup->fault->status != TROWEL_OK)
		trowel_fault_format(lookup->fault, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%s",
			lookup->reason ? lookup->reason
				       : trowel_status_text(lookup->status));
	tw_json_add_text(json, "comment", text);
}

/* 2.1. Flags are 0 or 1, counts as the header has them. */
static void add_header(
	struct tw_json *json, const struct trowel_message *message)
{
	static const struct {
		uint16_t bit;
		char key[3];
	} bits[] = {
		{ TROWEL_AA, "AA" },
		{ TROWEL_TC, "TC" },
		{ TROWEL_RD, "RD" },
		{ TROWEL_RA, "RA" },
		{ TROWEL_AD, "AD" },
		{ TROWEL_CD, "CD" },
	};
	static const char *const counts[] = { "QDCOUNT", "ANCOUNT", "NSCOUNT",
		"ARCOUNT" };
	const uint8_t *octets = message->octets + 4;
	size_t i;

	tw_json_add_number(json, "ID", message->id);
	tw_json_add_number(json, "QR", message->flags & TROWEL_QR ? 1 : 0);
	tw_json_add_number(json, "Opcode", message->flags / 0x800 % 16);
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		tw_json_add_number(json, bits[i].key,
			message->flags & bits[i].bit ? 1 : 0);
	tw_json_add_number(json, "RCODE", message->flags % 16);
	for (i = 0; i < 4; i++)
		tw_json_add_number(json, counts[i], tw_u16_of(octets + i * 2));
}

/* A code, and what it is called. */
static void add_code(struct tw_json *json, const char *key,
	const char *name_key, enum trowel_registry registry, uint16_t code)
{
	tw_json_add_number(json, key, code);
	tw_json_add_mnemonic(json, name_key, registry, code);
}

static void add_question(
	struct tw_json *json, const struct trowel_message *message)
{
	struct trowel_question question;

	if (!trowel_message_question(message, &question))
		return;
	tw_json_add_name(json, "QNAME", message, question.name);
	add_code(json, "QTYPE", "QTYPEname", TROWEL_TYPES, question.type);
	add_code(json, "QCLASS", "QCLASSname", TROWEL_CLASSES,
		question.class_code);
}

/* Strings without their quotes, one after another: 2.3 has them as text. */
static void add_strings(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	struct tw_output text;

	tw_output_init(&text);
	while (trowel_field_next(message, record, &iterator, &field))
		tw_output_add_octets(&text,
			(const char *)message->octets + field.offset,
			field.length);
	tw_json_add_octets(json, "rdataTXT", text.octets, text.length);
	json->output->failed |= text.failed;
	tw_output_release(&text);
}

/* 2.3: "rdata" and the mnemonic, for the types that the RFC names. Names and
 * addresses are in presentation form as the others are. */
static void add_rdata(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	static const char words[][11] = { "A", "AAAA", "CNAME", "DNAME", "NS",
		"PTR", "CDNSKEY", "CDS", "CSYNC", "DNSKEY", "HIP", "IPSECKEY",
		"KEY", "MX", "NSEC", "NSEC3", "NSEC3PARAM", "OPENPGPKEY",
		"RRSIG", "SMIMEA", "SPF", "SRV", "SSHFP", "TLSA" };
	char key[5 + TROWEL_CODE_TEXT_SIZE] = "rdata";
	struct tw_output text;
	size_t i;

	if (record->type == TYPE_TXT)
		add_strings(json, message, record);
	trowel_code_format(TROWEL_TYPES, record->type, key + 5);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], key + 5) == 0)
			break;
	if (i == sizeof(words) / sizeof(words[0]))
		return;
	tw_output_init(&text);
	tw_json_add_text(json, key,
		tw_json_text_of(&text, tw_json_format_rdata, message, record));
	json->output->failed |= text.failed;
	tw_output_release(&text);
}

static size_t format_generic(const struct trowel_message *message,
	const void *item, char *text, size_t size)
{
	return trowel_rdata_format(message, item,
		TROWEL_STYLE_GENERIC | TROWEL_STYLE_NO_SPLIT, text, size);
}

/* With names in full (2.6), as the form of RFC 3597 5 has them: "\\# 4
 * C0000201". */
static void add_octets(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct tw_output text;
	const char *number, *hex;

	tw_output_init(&text);
	number = tw_json_text_of(&text, format_generic, message, record);
	number += strcspn(number, "0123456789");
	hex = number + strcspn(number, " ");
	tw_json_add_number(json, "RDLENGTH", strtoul(number, NULL, 10));
	tw_json_add_text(json, "RDATAHEX", hex + strspn(hex, " "));
	json->output->failed |= text.failed;
	tw_output_release(&text);
}

/* 2.2. OPT is a record like others here. */
static void add_record(struct tw_json *json,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	tw_json_open(json, NULL, '{');
	tw_json_add_name(json, "NAME", message, record->owner);
	add_code(json, "TYPE", "TYPEname", TROWEL_TYPES, record->type);
	add_code(
		json, "CLASS", "CLASSname", TROWEL_CLASSES, record->class_code);
	tw_json_add_number(json, "TTL", record->ttl);
	add_octets(json, message, record);
	add_rdata(json, message, record);
	tw_json_close(json, '}');
}

static void add_sections(
	struct tw_json *json, const struct trowel_message *message)
{
	static const char *const keys[] = { "answerRRs", "authorityRRs",
		"additionalRRs" };
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	bool has_record = trowel_record_next(message, &iterator, &record);
	uint8_t i;

	for (i = 0; i < 3; i++) {
		if (!has_record || record.section != TROWEL_ANSWER + i)
			continue;
		tw_json_open(json, keys[i], '[');
		while (has_record && record.section == TROWEL_ANSWER + i) {
			add_record(json, message, &record);
			has_record =
				trowel_record_next(message, &iterator, &record);
		}
		tw_json_close(json, ']');
	}
}
