/* SPDX-License-Identifier: MIT */
/* Question and records in dig's form. */
#include <stdint.h>

#include "cli/idn.h"
#include "cli/printer.h"

#define COLOUR_OWNER "\033[36m"
#define COLOUR_TYPE "\033[33m"
#define COLOUR_NONE "\033[0m"
#define TYPE_SIG 24
#define TYPE_OPT 41
#define TYPE_TSIG 250

const char *tw_group_title(
	const struct tw_printer *printer, enum tw_group group)
{
	static const char *const titles[] = { "QUESTION", "ANSWER", "AUTHORITY",
		"ADDITIONAL", "TSIG PSEUDO", "SIG0 PSEUDO" };
	static const char *const titles_of_update[] = { "ZONE", "PREREQUISITE",
		"UPDATE" };

	return group <= TW_GROUP_AUTHORITY && tw_is_update(printer)
		? titles_of_update[group]
		: titles[group];
}

static void print_title(struct tw_printer *printer, enum tw_group group)
{
	if (!printer->view->comments)
		return;
	tw_output_add(printer->output, ";; ");
	tw_output_add(printer->output, tw_group_title(printer, group));
	/* "TSIG PSEUDOSECTION" */
	tw_output_add(printer->output,
		group < TW_GROUP_TSIG ? " SECTION:\n" : "SECTION:\n");
}

static void end_group(struct tw_printer *printer)
{
	if (printer->view->comments)
		tw_output_end_line(printer->output);
}

void tw_print_class(struct tw_printer *printer, uint16_t class_code)
{
	if (!printer->view->generic && class_code == 0) {
		tw_output_add(printer->output, "RESERVED0");
		return;
	}
	if (!printer->view->generic) {
		tw_print_code(printer, TROWEL_CLASSES, class_code);
		return;
	}
	tw_output_add(printer->output, "CLASS");
	tw_output_add_number(printer->output, class_code);
}

void tw_print_type(struct tw_printer *printer, uint16_t type)
{
	if (!printer->view->generic) {
		tw_print_code(printer, TROWEL_TYPES, type);
		return;
	}
	tw_output_add(printer->output, "TYPE");
	tw_output_add_number(printer->output, type);
}

void tw_print_name(struct tw_printer *printer, uint16_t offset)
{
	size_t start = printer->output->length;
	char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name;

	trowel_message_name(printer->message, offset, &name);
	tw_output_add_octets(
		printer->output, text, trowel_name_format(&name, text));
	if (printer->view->idn)
		tw_idn_decode(printer->output, start);
}

void tw_print_question(struct tw_printer *printer)
{
	struct tw_output *output = printer->output;
	struct trowel_question question;
	bool is_there = trowel_message_question(printer->message, &question);

	/* Of a query without one, dig shows the title. */
	if (!printer->view->question ||
		(!is_there && !(printer->reply && printer->reply->is_query)))
		return;
	print_title(printer, TW_GROUP_QUESTION);
	if (!is_there) {
		end_group(printer);
		return;
	}
	tw_output_add(output, ";");
	output->column = 0;
	tw_print_name(printer, question.name);
	tw_output_indent(output, printer->columns->class_code);
	tw_print_class(printer, question.class_code);
	tw_output_indent(output, printer->columns->type);
	tw_print_type(printer, question.type);
	tw_output_end_line(output);
	end_group(printer);
}

static size_t format_rdata(const struct tw_printer *printer, const void *item,
	char *text, size_t size)
{
	return trowel_rdata_format(
		printer->message, item, printer->style, text, size);
}

/* The last owner is kept: most records of a message share theirs. */
void tw_print_owner(
	struct tw_printer *printer, const struct trowel_record *record)
{
	size_t start = printer->output->length;
	struct trowel_name name;

	if (!printer->owner_known || printer->owner != record->owner) {
		trowel_message_name(printer->message, record->owner, &name);
		printer->owner_length =
			trowel_name_format(&name, printer->owner_text);
		printer->owner = record->owner;
		printer->owner_known = true;
	}
	tw_output_add_octets(
		printer->output, printer->owner_text, printer->owner_length);
	if (printer->view->idn)
		tw_idn_decode(printer->output, start);
}

/* 1w2d3h4m5s, without what is 0. */
static void print_period(struct tw_printer *printer, uint32_t ttl_s)
{
	static const struct {
		uint32_t seconds;
		char letter;
	} units[] = { { 604800, 'w' }, { 86400, 'd' }, { 3600, 'h' },
		{ 60, 'm' }, { 1, 's' } };
	uint32_t rest = ttl_s;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (rest < units[i].seconds && (ttl_s > 0 || i < 4))
			continue;
		tw_output_add_number(printer->output, rest / units[i].seconds);
		tw_output_add_octets(printer->output, &units[i].letter, 1);
		rest %= units[i].seconds;
	}
}

void tw_print_rdata(
	struct tw_printer *printer, const struct trowel_record *record)
{
	size_t start = printer->output->length;

	tw_print_formatted(printer, format_rdata, record);
	if (printer->view->idn)
		tw_idn_decode(printer->output, start);
}

/* Escape sequences take no columns. */
static void set_colour(struct tw_printer *printer, const char *sequence)
{
	size_t column = printer->output->column;

	if (printer->has_colour)
		tw_output_add(printer->output, sequence);
	printer->output->column = column;
}

static void print_record(
	struct tw_printer *printer, const struct trowel_record *record)
{
	struct tw_output *output = printer->output;
	const struct tw_view *view = printer->view;

	set_colour(printer, COLOUR_OWNER);
	tw_print_owner(printer, record);
	set_colour(printer, COLOUR_NONE);
	if (view->ttl) {
		tw_output_indent(output, printer->columns->ttl);
		if (view->ttl_units)
			print_period(printer, record->ttl);
		else
			tw_output_add_number(output, record->ttl);
	}
	if (view->class_code) {
		tw_output_indent(output, printer->columns->class_code);
		tw_print_class(printer, record->class_code);
	}
	tw_output_indent(output, printer->columns->type);
	set_colour(printer, COLOUR_TYPE);
	tw_print_type(printer, record->type);
	set_colour(printer, COLOUR_NONE);
	tw_output_indent(output, printer->columns->rdata);
	tw_print_rdata(printer, record);
	tw_output_end_line(output);
}

static bool is_shown(const struct tw_view *view, uint8_t section)
{
	switch (section) {
	case TROWEL_ANSWER:
		return view->answer;
	case TROWEL_AUTHORITY:
		return view->authority;
	default:
		return view->additional;
	}
}

static bool is_last(const struct trowel_message *message,
	const struct trowel_record *record)
{
	return record->rdata + record->rdata_length == message->end;
}

/* Signatures of the whole message have groups of their own, RFC 8945 5.1 and
 * RFC 2931 3. */
enum tw_group tw_group_of(
	const struct tw_printer *printer, const struct trowel_record *record)
{
	const uint8_t *octets = printer->message->octets + record->rdata;

	if (!is_shown(printer->view, record->section))
		return TW_GROUP_NONE;
	if (record->section != TROWEL_ADDITIONAL)
		return (enum tw_group)record->section;
	if (record->type == TYPE_TSIG && is_last(printer->message, record))
		return TW_GROUP_TSIG;
	if (record->type == TYPE_SIG && record->rdata_length >= 2 &&
		octets[0] == 0 && octets[1] == 0)
		return TW_GROUP_SIG0;
	return record->type == TYPE_OPT ? TW_GROUP_NONE : TW_GROUP_ADDITIONAL;
}

void tw_print_records(struct tw_printer *printer)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	enum tw_group group, open = TW_GROUP_NONE;

	while (trowel_record_next(printer->message, &iterator, &record)) {
		group = tw_group_of(printer, &record);
		if (group == TW_GROUP_NONE)
			continue;
		if (group != open) {
			if (open != TW_GROUP_NONE)
				end_group(printer);
			print_title(printer, group);
		}
		open = group;
		print_record(printer, &record);
	}
	if (open != TW_GROUP_NONE)
		end_group(printer);
}

void tw_print_brief(struct tw_printer *printer, const char *tail)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	if (!printer->view->answer)
		return;
	while (trowel_record_next(printer->message, &iterator, &record)) {
		if (record.section != TROWEL_ANSWER)
			break;
		tw_print_rdata(printer, &record);
		tw_output_add(printer->output, tail);
		tw_output_end_line(printer->output);
	}
}
