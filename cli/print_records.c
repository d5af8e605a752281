/* SPDX-License-Identifier: MIT */
/* Question and records in dig's form. */
#include <stdint.h>

#include "cli/printer.h"

#define TYPE_SIG 24
#define TYPE_OPT 41
#define TYPE_TSIG 250

/* What a title stands above. */
enum group {
	GROUP_QUESTION = TROWEL_QUESTION,
	GROUP_ANSWER = TROWEL_ANSWER,
	GROUP_AUTHORITY = TROWEL_AUTHORITY,
	GROUP_ADDITIONAL = TROWEL_ADDITIONAL,
	GROUP_TSIG,
	GROUP_SIG0,
	GROUP_NONE
};

static void print_title(struct tw_printer *printer, enum group group)
{
	static const char *const titles[] = {
		[GROUP_QUESTION] = ";; QUESTION SECTION:\n",
		[GROUP_ANSWER] = ";; ANSWER SECTION:\n",
		[GROUP_AUTHORITY] = ";; AUTHORITY SECTION:\n",
		[GROUP_ADDITIONAL] = ";; ADDITIONAL SECTION:\n",
		[GROUP_TSIG] = ";; TSIG PSEUDOSECTION:\n",
		[GROUP_SIG0] = ";; SIG0 PSEUDOSECTION:\n",
	};
	static const char *const titles_of_update[] = {
		[GROUP_QUESTION] = ";; ZONE SECTION:\n",
		[GROUP_ANSWER] = ";; PREREQUISITE SECTION:\n",
		[GROUP_AUTHORITY] = ";; UPDATE SECTION:\n",
	};

	if (printer->view->comments)
		tw_output_add(printer->output,
			group <= GROUP_AUTHORITY && tw_is_update(printer)
				? titles_of_update[group]
				: titles[group]);
}

static void end_group(struct tw_printer *printer)
{
	if (printer->view->comments)
		tw_output_end_line(printer->output);
}

/* With +unknownformat CLASS1 for IN, RFC 3597 5. */
static void print_class(struct tw_printer *printer, uint16_t class_code)
{
	if (!printer->view->generic) {
		tw_print_code(printer, TROWEL_CLASSES, class_code);
		return;
	}
	tw_output_add(printer->output, "CLASS");
	tw_output_add_number(printer->output, class_code);
}

static void print_type(struct tw_printer *printer, uint16_t type)
{
	if (!printer->view->generic) {
		tw_print_code(printer, TROWEL_TYPES, type);
		return;
	}
	tw_output_add(printer->output, "TYPE");
	tw_output_add_number(printer->output, type);
}

void tw_print_question(struct tw_printer *printer)
{
	struct tw_output *output = printer->output;
	struct trowel_question question;
	struct trowel_name name;
	char name_text[TROWEL_NAME_TEXT_SIZE];

	if (!printer->view->question ||
		!trowel_message_question(printer->message, &question))
		return;
	print_title(printer, GROUP_QUESTION);
	trowel_message_name(printer->message, question.name, &name);
	tw_output_add(output, ";");
	output->column = 0;
	tw_output_add_octets(
		output, name_text, trowel_name_format(&name, name_text));
	tw_output_indent(output, printer->columns->class_code);
	print_class(printer, question.class_code);
	tw_output_indent(output, printer->columns->type);
	print_type(printer, question.type);
	tw_output_end_line(output);
	end_group(printer);
}

static size_t format_rdata(const struct tw_printer *printer, const void *item,
	char *text, size_t size)
{
	return trowel_rdata_format(
		printer->message, item, printer->style, text, size);
}

static void print_owner(
	struct tw_printer *printer, const struct trowel_record *record)
{
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

static void print_record(
	struct tw_printer *printer, const struct trowel_record *record)
{
	struct tw_output *output = printer->output;
	const struct tw_view *view = printer->view;

	print_owner(printer, record);
	if (view->ttl) {
		tw_output_indent(output, printer->columns->ttl);
		if (view->ttl_units)
			print_period(printer, record->ttl);
		else
			tw_output_add_number(output, record->ttl);
	}
	if (view->class_code) {
		tw_output_indent(output, printer->columns->class_code);
		print_class(printer, record->class_code);
	}
	tw_output_indent(output, printer->columns->type);
	print_type(printer, record->type);
	tw_output_indent(output, printer->columns->rdata);
	tw_print_formatted(printer, format_rdata, record);
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

/* The group that a record is shown in: its section, or one of its own for the
 * signatures of the whole message (RFC 8945 5.1, RFC 2931 3). */
static enum group group_of(
	const struct tw_printer *printer, const struct trowel_record *record)
{
	const uint8_t *octets = printer->message->octets + record->rdata;

	if (record->section != TROWEL_ADDITIONAL)
		return (enum group)record->section;
	if (record->type == TYPE_TSIG)
		return GROUP_TSIG;
	if (record->type == TYPE_SIG && record->rdata_length >= 2 &&
		octets[0] == 0 && octets[1] == 0)
		return GROUP_SIG0;
	return record->type == TYPE_OPT ? GROUP_NONE : GROUP_ADDITIONAL;
}

void tw_print_records(struct tw_printer *printer)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	enum group group, open = GROUP_NONE;

	while (trowel_record_next(printer->message, &iterator, &record)) {
		group = group_of(printer, &record);
		if (group == GROUP_NONE ||
			!is_shown(printer->view, record.section))
			continue;
		if (group != open) {
			if (open != GROUP_NONE)
				end_group(printer);
			print_title(printer, group);
		}
		open = group;
		print_record(printer, &record);
	}
	if (open != GROUP_NONE)
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
		tw_print_formatted(printer, format_rdata, &record);
		tw_output_add(printer->output, tail);
		tw_output_end_line(printer->output);
	}
}
