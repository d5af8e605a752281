/* SPDX-License-Identifier: MIT */
#include "cli/print.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/printer.h"
#include "cli/terminal.h"
#include "config.h"

static void print_start(struct tw_printer *printer);
static void format_tail(
	const struct tw_printer *printer, char *text, size_t size);

void tw_print_message(struct tw_output *output, const struct tw_view *view,
	const struct trowel_message *message, const struct tw_reply *reply)
{
	struct tw_printer printer;
	char tail[TROWEL_ADDRESS_TEXT_SIZE + 64];

	tw_printer_init(&printer, output, view, message, reply);
	if (view->prefixes) {
		tw_print_prefixes(&printer);
		return;
	}
	if (view->brief) {
		format_tail(&printer, tail, sizeof(tail));
		tw_print_brief(&printer, tail);
		return;
	}
	print_start(&printer);
	tw_print_header(&printer);
	tw_print_edns(&printer);
	tw_print_question(&printer);
	tw_print_records(&printer);
	tw_print_footer(&printer);
}

void tw_printer_init(struct tw_printer *printer, struct tw_output *output,
	const struct tw_view *view, const struct trowel_message *message,
	const struct tw_reply *reply)
{
	static const struct tw_columns all = { 24, 32, 40, 48 };
	static const struct tw_columns one_less = { 24, 24, 32, 40 };
	static const struct tw_columns narrow = { 24, 24, 24, 32 };
	bool multiline = view->multiline && !view->brief;
	unsigned style = TROWEL_STYLE_SPLIT(view->split);

	printer->output = output;
	printer->view = view;
	printer->message = message;
	printer->reply = reply;
	printer->owner_known = false;
	printer->has_colour = reply && view->colour && !view->brief &&
		!reply->is_dig && view->form == TW_FORM_DIG &&
		tw_terminal_has_colour();
	if (view->multiline || (!view->ttl && !view->class_code))
		printer->columns = &narrow;
	else if (!view->ttl || !view->class_code)
		printer->columns = &one_less;
	else
		printer->columns = &all;
	style |= multiline ? TROWEL_STYLE_MULTILINE : 0U;
	if (view->remarks > 0 || (multiline && view->remarks == 0))
		style |= TROWEL_STYLE_COMMENTS;
	style |= view->crypto ? 0U : TROWEL_STYLE_NO_CRYPTO;
	style |= view->generic ? TROWEL_STYLE_GENERIC : 0U;
	style |= view->expand_ipv6 ? TROWEL_STYLE_EXPAND_IPV6 : 0U;
	style |= view->no_split ? TROWEL_STYLE_NO_SPLIT : 0U;
	printer->style = style;
}

void tw_print_code(struct tw_printer *printer, enum trowel_registry registry,
	uint16_t code)
{
	char word[TROWEL_CODE_TEXT_SIZE];

	tw_output_add_octets(printer->output, word,
		trowel_code_format(registry, code, word));
}

void tw_print_formatted(
	struct tw_printer *printer, tw_format *format, const void *item)
{
	struct tw_output *output = printer->output;
	size_t room, needed = 255;

	do {
		if (!tw_output_reserve(output, needed + 1))
			return;
		room = output->size - output->length;
		needed = format(
			printer, item, output->octets + output->length, room);
	} while (needed >= room);
	output->length += needed;
	output->column += needed;
}

bool tw_is_update(const struct tw_printer *printer)
{
	return printer->message->flags / 0x800 % 16 == 5;
}

/* dig says this at once, so that it stands before the banner. */
static void print_detours(struct tw_printer *printer)
{
	const struct trowel_answer *answer = printer->reply->answer;
	uint16_t i;

	if (printer->reply->notes)
		tw_output_add(printer->output, printer->reply->notes);
	for (i = 0; i < answer->attempt_count; i++)
		if (answer->attempts[i].outcome == TROWEL_ATTEMPT_TRUNCATED)
			tw_output_add(printer->output,
				";; Truncated, retrying in TCP mode.\n");
}

static void print_start(struct tw_printer *printer)
{
	const struct tw_reply *reply = printer->reply;

	if (!reply)
		return;
	if (printer->view->comments && !reply->is_query)
		print_detours(printer);
	if (printer->view->cmd && reply->banner)
		tw_print_banner(
			printer->output, reply->banner, reply->server_count);
}

void tw_print_banner(struct tw_output *output, const struct tw_banner *banner,
	unsigned server_count)
{
	char **word;

	tw_output_add(output, banner->is_first ? "\n" : "");
	tw_output_add(output, "; <<>> trowel " PACKAGE_VERSION " <<>>");
	for (word = banner->words; *word; word++) {
		tw_output_add(output, " ");
		tw_output_add(output, *word);
	}
	tw_output_end_line(output);
	if (!banner->is_first)
		return;
	if (banner->has_servers) {
		tw_output_add(output, "; (");
		tw_output_add_number(output, server_count);
		tw_output_add(output,
			server_count == 1 ? " server found)\n"
					  : " servers found)\n");
	}
	tw_output_add(output, ";; global options:");
	tw_output_add(output, banner->brief ? " +short +cmd\n" : " +cmd\n");
}

const struct trowel_attempt *tw_printer_attempt(
	const struct tw_printer *printer)
{
	const struct trowel_answer *answer = printer->reply->answer;

	return &answer->attempts[answer->attempt];
}

const struct trowel_address *tw_printer_address(
	const struct tw_printer *printer)
{
	return &printer->reply->answer
			->servers[tw_printer_attempt(printer)->server];
}

/* The server as the user named it, or its address. */
static const char *server_of(const struct tw_printer *printer,
	char address[TROWEL_ADDRESS_TEXT_SIZE])
{
	if (printer->reply->server)
		return printer->reply->server;
	trowel_address_format(tw_printer_address(printer), address);
	return address;
}

static uint32_t time_of(const struct tw_printer *printer)
{
	uint32_t us = tw_printer_attempt(printer)->ended_us -
		tw_printer_attempt(printer)->sent_us;

	return printer->view->microseconds ? us : us / 1000;
}

/* What +identify puts behind each line of +short. */
static void format_tail(
	const struct tw_printer *printer, char *text, size_t size)
{
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	text[0] = '\0';
	if (printer->view->identify && printer->reply)
		snprintf(text, size, " from server %.80s in %lu %s.",
			server_of(printer, address),
			(unsigned long)time_of(printer),
			printer->view->microseconds ? "us" : "ms");
}

static void print_server(struct tw_printer *printer)
{
	struct tw_output *output = printer->output;
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	trowel_address_format(tw_printer_address(printer), address);
	tw_output_add(output, address);
	tw_output_add(output, "#");
	tw_output_add_number(output, tw_printer_address(printer)->port);
	tw_output_add(output, "(");
	tw_output_add(output, server_of(printer, address));
	tw_output_add(output, ")");
}

static void print_identity(struct tw_printer *printer)
{
	struct tw_output *output = printer->output;

	tw_output_add(output, ";; Received ");
	tw_output_add_number(output, printer->message->length);
	tw_output_add(output, " bytes from ");
	print_server(printer);
	tw_output_add(output, " in ");
	tw_output_add_number(output, time_of(printer));
	tw_output_add(
		output, printer->view->microseconds ? " us\n\n" : " ms\n\n");
}

static void add_two_digits(
	struct tw_output *output, const char *before, int number)
{
	tw_output_add(output, before);
	tw_output_add(output, number < 10 ? "0" : "");
	tw_output_add_number(output, (uint32_t)number);
}

/* As strftime() has it, which takes longer than all the other lines; tm_zone:
 * POSIX.1-2024. */
static void print_date(struct tw_output *output)
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!localtime_r(&now.tv_sec, &tm))
		return;
	tw_output_add(output, ";; WHEN: ");
	tw_output_add_octets(output, days + tm.tm_wday * 3, 3);
	tw_output_add(output, " ");
	tw_output_add_octets(output, months + tm.tm_mon * 3, 3);
	add_two_digits(output, " ", tm.tm_mday);
	add_two_digits(output, " ", tm.tm_hour);
	add_two_digits(output, ":", tm.tm_min);
	add_two_digits(output, ":", tm.tm_sec);
	tw_output_add(output, " ");
	tw_output_add(output, tm.tm_zone);
	tw_output_add(output, " ");
	tw_output_add_number(output, (uint32_t)tm.tm_year + 1900);
	tw_output_end_line(output);
}

static void print_stats(struct tw_printer *printer)
{
	struct tw_output *output = printer->output;

	tw_output_add(output, ";; Query time: ");
	tw_output_add_number(output, time_of(printer));
	tw_output_add(
		output, printer->view->microseconds ? " usec\n" : " msec\n");
	tw_output_add(output, ";; SERVER: ");
	print_server(printer);
	tw_output_add(output,
		tw_printer_attempt(printer)->transport == TROWEL_TCP
			? " (TCP)\n"
			: " (UDP)\n");
	print_date(output);
	tw_output_add(output, ";; MSG SIZE  rcvd: ");
	tw_output_add_number(output, printer->message->length);
	tw_output_add(output, "\n");
	if (printer->reply->is_unverified)
		tw_output_add(output,
			";; WARNING -- Some TSIG could not be validated\n");
	tw_output_add(output, "\n");
}

static void print_query_size(struct tw_printer *printer)
{
	tw_output_add(printer->output, ";; QUERY SIZE: ");
	tw_output_add_number(printer->output, printer->message->length);
	tw_output_add(printer->output, "\n\n");
}

void tw_print_footer(struct tw_printer *printer)
{
	if (!printer->reply)
		return;
	if (printer->view->stats && printer->reply->is_query)
		print_query_size(printer);
	else if (printer->view->stats)
		print_stats(printer);
	else if (printer->view->identify && !printer->reply->is_query)
		print_identity(printer);
}
