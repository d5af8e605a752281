/* SPDX-License-Identifier: MIT */
#include "cli/yaml.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/octets.h"
#include "cli/printer.h"

#define OPTION_KEEPALIVE 11
#define OPTION_PADDING 12
#define OPTION_ERROR 15
#define ERROR_NAMED_MAX 24 /* dig knows those of RFC 8914 */
#define TYPE_AAAA 28
#define TYPE_A6 38
#define TYPE_APL 42
#define TYPE_IPSECKEY 45
#define TYPE_SVCB 64
#define TYPE_HTTPS 65
#define TYPE_AMTRELAY 260
#define SECOND_US 1000000

static void print_times(struct tw_printer *printer);
static void print_peers(struct tw_printer *printer);
static void print_header(struct tw_printer *printer);
static void print_opt(struct tw_printer *printer);
static void print_question(struct tw_printer *printer);
static void print_records(struct tw_printer *printer);

void tw_print_yaml(struct tw_output *output, const struct tw_view *view,
	const struct trowel_message *message, const struct tw_reply *reply)
{
	struct tw_printer printer;
	bool is_query = reply ? reply->is_query : !(message->flags & TROWEL_QR);
	bool is_recursive = (message->flags & TROWEL_RD) &&
		(is_query || (message->flags & TROWEL_RA));

	tw_printer_init(&printer, output, view, message, reply);
	printer.style &= ~(unsigned)TROWEL_STYLE_MULTILINE;
	tw_output_add(output, "- type: MESSAGE\n  message:\n    type: ");
	tw_output_add(output, is_recursive ? "RECURSIVE" : "AUTH");
	tw_output_add(output, is_query ? "_QUERY\n" : "_RESPONSE\n");
	if (reply) {
		print_times(&printer);
		print_peers(&printer);
	}
	tw_output_add(output,
		is_query ? "    query_message_data:\n"
			 : "    response_message_data:\n");
	print_header(&printer);
	if (view->prefixes && !is_query)
		tw_print_prefixes(&printer);
	else if (view->brief && !is_query)
		tw_print_brief(&printer, "");
	if (view->prefixes || view->brief)
		return;
	print_opt(&printer);
	print_question(&printer);
	print_records(&printer);
}

/*
 * What goes with the message
 */

static void print_time(struct tw_printer *printer, const char *key, uint64_t us)
{
	time_t seconds = (time_t)(us / SECOND_US);
	unsigned long rest = (unsigned long)(us % SECOND_US);
	bool is_fine = printer->view->microseconds;
	char date[64] = "", text[96];
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "    %s: !!timestamp %s.%0*luZ\n", key,
		date, is_fine ? 6 : 3, is_fine ? rest : rest / 1000);
	tw_output_add(printer->output, text);
}

static void print_times(struct tw_printer *printer)
{
	const struct trowel_attempt *attempt = tw_printer_attempt(printer);
	struct timespec now;
	uint64_t us;

	clock_gettime(CLOCK_REALTIME, &now);
	us = (uint64_t)now.tv_sec * SECOND_US + (uint64_t)now.tv_nsec / 1000;
	if (printer->reply->is_query) {
		print_time(printer, "query_time", us);
		return;
	}
	print_time(printer, "query_time",
		us - (attempt->ended_us - attempt->sent_us));
	print_time(printer, "response_time", us);
}

/* dig does not know where it asks from, and says so. */
static void print_peers(struct tw_printer *printer)
{
	const struct trowel_address *server = tw_printer_address(printer);
	bool is_tcp = tw_printer_attempt(printer)->transport == TROWEL_TCP;
	struct tw_output *output = printer->output;
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	trowel_address_format(server, address);
	tw_output_add(output, "    message_size: ");
	tw_output_add_number(output, printer->message->length);
	tw_output_add(output, "b\n    socket_family: ");
	tw_output_add(output, server->family == 4 ? "INET\n" : "INET6\n");
	tw_output_add(output, "    socket_protocol: ");
	tw_output_add(output, is_tcp ? "TCP\n" : "UDP\n");
	tw_output_add(output, "    response_address: \"");
	tw_output_add(output, address);
	tw_output_add(output, "\"\n    response_port: ");
	tw_output_add_number(output, server->port);
	tw_output_add(output,
		server->family == 4 ? "\n    query_address: \"0.0.0.0\"\n"
				    : "\n    query_address: \"::\"\n");
	tw_output_add(output, "    query_port: 0\n");
}

/*
 * The message
 */

/* Here dig writes codes without a name without its question mark. */
static void print_rcode(struct tw_printer *printer)
{
	char text[TROWEL_CODE_TEXT_SIZE];

	trowel_code_format(
		TROWEL_RCODES, trowel_message_rcode(printer->message), text);
	tw_output_add(printer->output, text + (text[0] == '?'));
}

static void print_header(struct tw_printer *printer)
{
	static const char *const words[] = { "QUESTION", "ANSWER", "AUTHORITY",
		"ADDITIONAL" };
	static const char *const words_of_update[] = { "ZONE", "PREREQ",
		"UPDATE", "ADDITIONAL" };
	const char *const *counts =
		tw_is_update(printer) ? words_of_update : words;
	const struct trowel_message *message = printer->message;
	struct tw_output *output = printer->output;
	unsigned i;

	tw_output_add(output, "      opcode: ");
	tw_print_code(printer, TROWEL_OPCODES, message->flags / 0x800 % 16);
	tw_output_add(output, "\n      status: ");
	print_rcode(printer);
	tw_output_add(output, "\n      id: ");
	tw_output_add_number(output, message->id);
	tw_output_add(output, "\n      flags:");
	tw_print_flags(printer);
	if (message->flags & TROWEL_Z)
		tw_output_add(output, "\n      MBZ: 0x4");
	for (i = 0; i < 4; i++) {
		tw_output_add(output, "\n      ");
		tw_output_add(output, counts[i]);
		tw_output_add(output, ": ");
		tw_output_add_number(output,
			tw_message_count(message, (enum trowel_section)i));
	}
	tw_output_end_line(output);
}

/* INFO-CODE and, in a line that is otherwise empty, EXTRA-TEXT. */
static void print_error(
	struct tw_printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;
	uint16_t code = tw_u16_of(octets);
	struct tw_output *output = printer->output;
	size_t i;
	char character;

	tw_output_add(output, "EDE:\n            INFO-CODE: ");
	tw_output_add_number(output, code);
	if (code <= ERROR_NAMED_MAX) {
		tw_output_add(output, " (");
		tw_print_code(printer, TROWEL_ERRORS, code);
		tw_output_add(output, ")");
	}
	tw_output_end_line(output);
	if (option->length <= 2)
		return;
	tw_output_add(output, "            EXTRA-TEXT: \"");
	for (i = 2; i < option->length; i++) {
		character = (char)octets[i];
		if (octets[i] < 0x20 || octets[i] == 0x7F)
			character = '.';
		tw_output_add_octets(output, &character, 1);
	}
	tw_output_add(output, "\"");
}

static void print_padding(
	struct tw_printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;
	struct tw_output *output = printer->output;
	uint16_t i;

	tw_output_add(output, "PAD:");
	for (i = 0; i < option->length; i++) {
		tw_output_add(output, " ");
		tw_output_add_hex(output, octets[i]);
	}
}

static void print_option(
	struct tw_printer *printer, const struct trowel_field *option)
{
	size_t at;

	tw_output_add(printer->output, "          ");
	at = printer->output->length;
	switch (option->number) {
	case OPTION_PADDING:
		print_padding(printer, option);
		break;
	case OPTION_ERROR:
		if (option->length < 2)
			break;
		print_error(printer, option);
		break;
	case OPTION_KEEPALIVE:
		tw_print_option(printer, option);
		/* dig's key has no space in it. */
		if (!printer->output->failed)
			printer->output->octets[at + 3] = '-';
		break;
	default:
		tw_print_option(printer, option);
	}
	tw_output_end_line(printer->output);
}

static void print_opt(struct tw_printer *printer)
{
	const struct trowel_edns *edns = &printer->message->edns;
	struct tw_output *output = printer->output;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!printer->view->comments || !edns->present)
		return;
	tw_output_add(output,
		"      OPT_PSEUDOSECTION:\n        EDNS:\n          version: ");
	tw_output_add_number(output, edns->version);
	tw_output_add(output, "\n          flags:");
	tw_print_edns_flags(printer, "\n          MBZ: 0x");
	tw_output_add(output, "\n          udp: ");
	tw_output_add_number(output, edns->udp_size);
	tw_output_end_line(output);
	while (trowel_option_next(printer->message, &iterator, &option))
		print_option(printer, &option);
}

static bool has_addresses(uint16_t type)
{
	switch (type) {
	case TYPE_AAAA:
	case TYPE_A6:
	case TYPE_APL:
	case TYPE_IPSECKEY:
	case TYPE_SVCB:
	case TYPE_HTTPS:
	case TYPE_AMTRELAY:
		return true;
	default:
		return false;
	}
}

/* A line of a section, in quotes. An IPv6 address that ends in "::" would be
 * a key, so that dig writes "::0". */
static void print_line(struct tw_printer *printer, const struct tw_output *line,
	bool is_mended)
{
	struct tw_output *output = printer->output;
	size_t i;

	for (i = 0; i < line->length; i++) {
		tw_output_add_octets(output, line->octets + i, 1);
		if (line->octets[i] == '\'')
			tw_output_add(output, "'");
		if (is_mended && i > 0 && line->octets[i] == ':' &&
			line->octets[i - 1] == ':' &&
			(i + 1 == line->length ||
				!strchr("0123456789abcdef:",
					line->octets[i + 1])))
			tw_output_add(output, "0");
	}
	tw_output_add(output, "'\n");
}

static void print_title(struct tw_printer *printer, enum tw_group group)
{
	tw_output_add(printer->output, "      ");
	tw_output_add(printer->output,
		group == TW_GROUP_TSIG ? "TSIG_PSEUDO"
			: group == TW_GROUP_SIG0
			? "SIG0_PSEUDO"
			: tw_group_title(printer, group));
	/* In dig, these two are not like the others. */
	tw_output_add(printer->output,
		group >= TW_GROUP_TSIG ? "SECTION:\n      - '" : "_SECTION:\n");
}

static void print_question(struct tw_printer *printer)
{
	struct trowel_question question;
	struct tw_output line, *output = printer->output;

	if (!printer->view->question ||
		!trowel_message_question(printer->message, &question))
		return;
	print_title(printer, TW_GROUP_QUESTION);
	tw_output_init(&line);
	printer->output = &line;
	tw_print_name(printer, question.name);
	tw_output_add(&line, " ");
	tw_print_class(printer, question.class_code);
	tw_output_add(&line, " ");
	tw_print_type(printer, question.type);
	printer->output = output;
	tw_output_add(output, "        - '");
	print_line(printer, &line, false);
	tw_output_release(&line);
}

static void print_record(
	struct tw_printer *printer, const struct trowel_record *record)
{
	struct tw_output line, *output = printer->output;

	tw_output_init(&line);
	printer->output = &line;
	tw_print_name(printer, record->owner);
	tw_output_add(&line, " ");
	tw_output_add_number(&line, record->ttl);
	tw_output_add(&line, " ");
	tw_print_class(printer, record->class_code);
	tw_output_add(&line, " ");
	tw_print_type(printer, record->type);
	tw_output_add(&line, " ");
	tw_print_rdata(printer, record);
	printer->output = output;
	print_line(printer, &line, has_addresses(record->type));
	tw_output_release(&line);
}

static void print_records(struct tw_printer *printer)
{
	struct trowel_iterator iterator = { 0 };
	enum tw_group group, open = TW_GROUP_NONE;
	struct trowel_record record;

	while (trowel_record_next(printer->message, &iterator, &record)) {
		group = tw_group_of(printer, &record);
		if (group == TW_GROUP_NONE)
			continue;
		if (group != open)
			print_title(printer, group);
		open = group;
		if (group < TW_GROUP_TSIG)
			tw_output_add(printer->output, "        - '");
		print_record(printer, &record);
		if (group >= TW_GROUP_TSIG)
			tw_output_end_line(printer->output);
	}
}
