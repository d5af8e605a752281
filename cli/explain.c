/* SPDX-License-Identifier: MIT */
/*
 * How a message is explained:
 * 1. It is decoded: so it is known where it is at fault, if it is.
 * 2. Header, questions and records (the units) are walked in order, each octet
 *    once. The walk keeps its own bounds; the octets are whatever they are.
 * 3. In the unit at fault it goes on until the octet at fault was shown, or to
 *    the unit's end where the fault does not keep one from reading it.
 * 4. What is left is shown as characters.
 */
#include "cli/explain.h"

#include <string.h>

#include "cli/explain_cells.h"
#include "cli/explain_value.h"
#include "cli/octets.h"

#define HEADER_SIZE 12
#define TYPE_OPT 41

static const struct tw_bits first_flags[] = {
	{ 0x80, "QR", 0, { "query", "response" } },
	{ 0x78, "opcode", TROWEL_OPCODES, { NULL, NULL } },
	{ 0x04, "AA", 0, { "not authoritative", "authoritative answer" } },
	{ 0x02, "TC", 0, { "not truncated", "truncated" } },
	{ 0x01, "RD", 0, { "no recursion desired", "recursion desired" } },
};

static const struct tw_bits second_flags[] = {
	{ 0x80, "RA", 0, { "no recursion offered", "recursion available" } },
	{ 0x40, "Z", 0, { "reserved", "reserved, must be 0" } },
	{ 0x20, "AD", 0, { "not authenticated", "authenticated data" } },
	{ 0x10, "CD", 0, { "checking enabled", "checking disabled" } },
	{ 0x0F, "RCODE", TROWEL_RCODES, { NULL, NULL } },
};

/* RFC 6891 6.1.4, RFC 9824 5 */
static const struct tw_bits first_edns_flags[] = {
	{ 0x80, "DO", 0, { "no DNSSEC records", "DNSSEC OK" } },
	{ 0x40, "CO", 0, { "no compact answers", "compact answers OK" } },
	{ 0x3F, "Z", 0, { "reserved", "reserved" } },
};

static const struct tw_bits second_edns_flags[] = {
	{ 0xFF, "Z", 0, { "reserved", "reserved" } },
};

static void explain(struct tw_explain *e);

enum trowel_status tw_explain_message(struct tw_output *output,
	const uint8_t *octets, size_t length, bool has_colour, unsigned columns)
{
	struct tw_explain e = { .is_stopped = false };
	enum trowel_status status =
		trowel_message_decode(&e.message, octets, length, &e.fault);

	e.is_malformed = status != TROWEL_OK;
	tw_output_init(&e.value);
	if (!tw_lines_init(&e.lines, output, octets, length, columns))
		output->failed = true;
	e.lines.has_colour = has_colour;
	if (e.is_malformed) {
		trowel_fault_format(
			&e.fault, e.fault_text, sizeof(e.fault_text));
		e.lines.fault = e.fault.offset;
		e.lines.fault_text = e.fault_text;
	}
	explain(&e);
	tw_lines_turn(&e.lines);
	explain(&e);
	output->failed |= e.value.failed;
	tw_lines_release(&e.lines);
	tw_output_release(&e.value);
	return status;
}

/* Where the name at an offset ends; the message's end if it does not. */
static size_t name_end(const struct tw_explain *e, size_t at)
{
	const uint8_t *octets = e->lines.octets;
	size_t length = e->lines.length;

	while (at < length && octets[at] > 0 && octets[at] < 0x40)
		at += (size_t)octets[at] + 1;
	if (at >= length)
		return length;
	at += octets[at] == 0 ? 1 : 2;
	return at < length ? at : length;
}

static bool is_unit_at_fault(
	const struct tw_explain *e, uint8_t section, size_t index)
{
	return e->is_malformed && e->fault.section == section &&
		e->fault.record == index;
}

/* "Answer 2 of 3: www.example.com. A" */
static void begin_unit(
	struct tw_explain *e, uint8_t section, size_t index, size_t count)
{
	static const char *const sections[] = { "Question", "Answer",
		"Authority", "Additional" };
	size_t at = e->lines.at;
	size_t end = name_end(e, at);
	size_t kept;

	e->unit = at;
	e->is_at_fault = is_unit_at_fault(e, section, index);
	tw_output_add(&e->value, sections[section]);
	if (count > 1) {
		tw_output_add(&e->value, " ");
		tw_output_add_number(&e->value, (uint32_t)index + 1);
		tw_output_add(&e->value, " of ");
		tw_output_add_number(&e->value, (uint32_t)count);
	}
	kept = e->value.length;
	if (!e->is_at_fault && e->lines.length - end >= 2) {
		char word[TROWEL_CODE_TEXT_SIZE];

		tw_output_add(&e->value, ": ");
		tw_explain_add_name_text(e, at);
		tw_output_add(&e->value, " ");
		trowel_code_format(
			TROWEL_TYPES, tw_explain_u16_at(e, end), word);
		tw_output_add(&e->value, word);
	}
	tw_lines_add_title(&e->lines, e->value.octets, e->value.length, kept);
	e->value.length = 0;
}

static void end_unit(struct tw_explain *e)
{
	e->is_stopped |= e->is_at_fault;
}

static void explain_header(struct tw_explain *e)
{
	e->unit = 0;
	e->is_at_fault = e->is_malformed &&
		(!e->message.octets || e->fault.offset < HEADER_SIZE);
	tw_lines_add_title(&e->lines, "Header", 6, 6);
	tw_explain_add_u16(e, "id", "");
	tw_explain_add_flags(
		e, first_flags, sizeof(first_flags) / sizeof(*first_flags));
	tw_explain_add_flags(
		e, second_flags, sizeof(second_flags) / sizeof(*second_flags));
	tw_explain_add_u16(e, "QDCOUNT", "question");
	tw_explain_add_u16(e, "ANCOUNT", "answer");
	tw_explain_add_u16(e, "NSCOUNT", "authority record");
	tw_explain_add_u16(e, "ARCOUNT", "additional record");
	end_unit(e);
}

static void add_owner(struct tw_explain *e, const char *title)
{
	struct tw_cell cell = { .name = title, .name_length = strlen(title) };

	tw_explain_add_name(e, &cell, e->lines.length,
		tw_explain_is_fault_far(e) && e->fault.field == NULL);
}

static void explain_question(struct tw_explain *e)
{
	add_owner(e, "name");
	tw_explain_add_code(e, TROWEL_TYPES, "type");
	tw_explain_add_code(e, TROWEL_CLASSES, "class");
	end_unit(e);
}

/* RFC 6891 6.1.3: what an OPT has instead of a TTL. */
static void add_edns(struct tw_explain *e)
{
	unsigned rcode = e->lines.octets[3] % 16U;

	if (!tw_explain_has(e, 4, "TTL"))
		return;
	rcode += tw_explain_u8(e) * 16U;
	tw_output_add(&e->value, "upper bits ");
	tw_output_add_number(&e->value, tw_explain_u8(e));
	tw_output_add(&e->value, ", in all ");
	tw_value_add_code(&e->value, TROWEL_RCODES, (uint16_t)rcode);
	tw_explain_add(e, 1, "RCODE");
	tw_output_add_number(&e->value, tw_explain_u8(e));
	tw_explain_add(e, 1, "version");
	tw_explain_add_flags(e, first_edns_flags,
		sizeof(first_edns_flags) / sizeof(*first_edns_flags));
	tw_explain_add_flags(e, second_edns_flags,
		sizeof(second_edns_flags) / sizeof(*second_edns_flags));
}

static void add_class_and_ttl(
	struct tw_explain *e, struct trowel_record *record)
{
	const uint8_t *octets = e->lines.octets;
	size_t at = e->lines.at + 2;

	if (record->type == TYPE_OPT) {
		tw_explain_add_u16(e, "UDP size", "octet");
		add_edns(e);
		return;
	}
	if (tw_explain_left(e) >= 2)
		record->class_code = tw_explain_u16(e);
	tw_explain_add_code(e, TROWEL_CLASSES, "class");
	if (!tw_explain_has(e, 4, "TTL"))
		return;
	record->ttl = tw_u32_of(octets + at);
	tw_value_add_seconds(&e->value, record->ttl);
	/* RFC 2181 8 */
	tw_output_add(&e->value,
		trowel_record_ttl_s(record) != record->ttl ? ", taken as 0"
							   : "");
	tw_explain_add(e, 4, "TTL");
}

static void add_rdlength(struct tw_explain *e, struct trowel_record *record)
{
	if (!tw_explain_has(e, 2, "RDLENGTH"))
		return;
	record->rdata_length = tw_explain_u16(e);
	tw_explain_add_amount(e, record->rdata_length, "octet");
	tw_output_add(&e->value, " of RDATA");
	if (record->rdata_length > tw_explain_left(e) - 2) {
		tw_output_add(&e->value, ", but only ");
		tw_output_add_number(
			&e->value, (uint32_t)tw_explain_left(e) - 2);
		tw_output_add(&e->value, " left");
	}
	tw_explain_add(e, 2, "RDLENGTH");
	record->rdata = (uint16_t)e->lines.at;
	e->is_stopped |= record->rdata_length > tw_explain_left(e);
}

static void explain_record(struct tw_explain *e, uint8_t section)
{
	struct trowel_record record = { .section = section };

	add_owner(e, "owner");
	if (tw_explain_left(e) >= 2)
		record.type = tw_explain_u16(e);
	tw_explain_add_code(e, TROWEL_TYPES, "type");
	add_class_and_ttl(e, &record);
	add_rdlength(e, &record);
	if (!e->is_stopped)
		tw_explain_rdata(e, &record);
	end_unit(e);
}

static void explain_section(struct tw_explain *e, uint8_t section)
{
	size_t count;
	size_t i;

	if (e->is_stopped)
		return;
	count = tw_explain_u16_at(e, 4 + 2 * (size_t)section);
	for (i = 0; i < count && !e->is_stopped; i++) {
		begin_unit(e, section, i, count);
		if (section == TROWEL_QUESTION)
			explain_question(e);
		else
			explain_record(e, section);
	}
}

static void explain_rest(struct tw_explain *e)
{
	size_t left = tw_explain_left(e);

	e->is_stopped = false;
	e->is_at_fault = false;
	if (left == 0)
		return;
	tw_output_add(&e->value,
		e->is_malformed ? "Not read: " : "Behind the message: ");
	tw_explain_add_amount(e, left, "octet");
	tw_lines_add_title(
		&e->lines, e->value.octets, e->value.length, e->value.length);
	e->value.length = 0;
	tw_explain_add_raw(e, left, "", 0);
}

static void explain(struct tw_explain *e)
{
	uint8_t section;

	e->is_stopped = false;
	explain_header(e);
	for (section = TROWEL_QUESTION; section <= TROWEL_ADDITIONAL; section++)
		explain_section(e, section);
	explain_rest(e);
	tw_lines_end(&e->lines);
}
