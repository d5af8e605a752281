/* SPDX-License-Identifier: MIT */
/* The header (RFC 1035 4.1.1) and the OPT record (RFC 6891) in dig's form. */
#include <stdint.h>
#include <string.h>

#include "cli/dig_verdict.h"
#include "cli/edns.h"
#include "cli/edns_text.h"
#include "cli/printer.h"

#define OPTION_COOKIE 10
#define EDNS_DO 0x8000
#define EDNS_CO 0x4000

static void print_notes(struct tw_printer *printer);
static void print_counts(struct tw_printer *printer);
static void print_warnings(struct tw_printer *printer);

void tw_print_header(struct tw_printer *printer)
{
	const struct trowel_message *message = printer->message;
	struct tw_output *output = printer->output;

	if (!printer->view->comments)
		return;
	print_notes(printer);
	tw_output_add(output, ";; ->>HEADER<<- opcode: ");
	tw_print_code(printer, TROWEL_OPCODES, message->flags / 0x800 % 16);
	tw_output_add(output, ", status: ");
	tw_print_code(printer, TROWEL_RCODES, trowel_message_rcode(message));
	tw_output_add(output, ", id: ");
	tw_output_add_number(output, message->id);
	tw_output_end_line(output);
	tw_output_add(output, ";; flags:");
	tw_print_flags(printer);
	tw_output_add(output, message->flags & TROWEL_Z ? "; MBZ: 0x4" : "");
	print_counts(printer);
	print_warnings(printer);
	tw_output_end_line(output);
}

/* RFC 6762 3: .local is not for servers. */
static bool is_local(const struct trowel_message *message)
{
	static const struct trowel_name local = { 7, "\005local" };
	struct trowel_question question;
	struct trowel_name name, end;
	size_t at = 0;

	if (!trowel_message_question(message, &question))
		return false;
	trowel_message_name(message, question.name, &name);
	while (at < name.length && name.length - at > local.length)
		at += (size_t)name.octets[at] + 1;
	if (at >= name.length || name.length - at != local.length)
		return false;
	end.length = local.length;
	memcpy(end.octets, name.octets + at, local.length);
	return trowel_name_is_equal(&end, &local);
}

static void print_notes(struct tw_printer *printer)
{
	bool is_answer = printer->reply ? !printer->reply->is_query
					: (printer->message->flags & TROWEL_QR);

	tw_output_add(printer->output,
		is_answer ? ";; Got answer:\n" : ";; Sending:\n");
	if (is_local(printer->message) &&
		!(printer->reply && printer->reply->is_group))
		tw_output_add(printer->output,
			";; WARNING: .local is reserved for Multicast DNS\n"
			";; You are currently testing what happens when an "
			"mDNS query is leaked to DNS\n");
}

void tw_print_flags(struct tw_printer *printer)
{
	static const struct {
		uint16_t bit;
		char word[4];
	} words[] = {
		{ TROWEL_QR, " qr" },
		{ TROWEL_AA, " aa" },
		{ TROWEL_TC, " tc" },
		{ TROWEL_RD, " rd" },
		{ TROWEL_RA, " ra" },
		{ TROWEL_AD, " ad" },
		{ TROWEL_CD, " cd" },
	};
	uint16_t flags = printer->message->flags;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (flags & words[i].bit)
			tw_output_add_octets(printer->output, words[i].word, 3);
}

uint16_t tw_message_count(
	const struct trowel_message *message, enum trowel_section section)
{
	const uint8_t *octets = message->octets + 4 + section * 2;

	return (uint16_t)(octets[0] * 256 + octets[1]);
}

static void print_counts(struct tw_printer *printer)
{
	static const char *const words[] = {
		"; QUERY: ", ", ANSWER: ", ", AUTHORITY: ", ", ADDITIONAL: "
	};
	unsigned i;

	for (i = 0; i < 4; i++) {
		tw_output_add(printer->output, words[i]);
		tw_output_add_number(printer->output,
			tw_message_count(
				printer->message, (enum trowel_section)i));
	}
	tw_output_end_line(printer->output);
}

static void warn_of_edns(struct tw_printer *printer)
{
	uint16_t rcode = trowel_message_rcode(printer->message);

	if (!printer->reply || !printer->reply->edns ||
		printer->message->edns.present || (rcode != 1 && rcode != 4))
		return;
	tw_output_add(
		printer->output, "\n;; WARNING: EDNS query returned status ");
	tw_print_code(printer, TROWEL_RCODES, rcode);
	tw_output_add(printer->output,
		printer->reply->dnssec ? " - retry with '+nodnssec +noedns'\n"
				       : " - retry with '+noedns'\n");
}

/* Octets behind the last record, but none that could not be decoded: a fault
 * cuts the counts down. */
static size_t extra_octets(const struct tw_printer *printer)
{
	const struct trowel_message *message = printer->message;
	unsigned i;

	for (i = 0; i < 4; i++)
		if (tw_message_count(message, (enum trowel_section)i) !=
			message->counts[i])
			return printer->reply && printer->reply->is_dig
				? tw_dig_extra(message)
				: 0;
	return (size_t)(message->length - message->end);
}

static void print_warnings(struct tw_printer *printer)
{
	const struct trowel_message *message = printer->message;
	struct tw_output *output = printer->output;

	if ((message->flags & TROWEL_QR) && (message->flags & TROWEL_RD) &&
		!(message->flags & TROWEL_RA))
		tw_output_add(output,
			";; WARNING: recursion requested but not available\n");
	warn_of_edns(printer);
	if (extra_octets(printer) > 0) {
		tw_output_add(output, ";; WARNING: Message has ");
		tw_output_add_number(output, (uint32_t)extra_octets(printer));
		tw_output_add(output, " extra bytes at end\n");
	}
}

/*
 * OPT, RFC 6891
 */

/* How the client's half of a cookie compares with the one sent, RFC 7873 5.3. */
static void print_verdict(
	struct tw_printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;

	if (option->number != OPTION_COOKIE || !printer->reply ||
		!printer->reply->cookie || printer->reply->is_query ||
		option->length < TW_CLIENT_COOKIE)
		return;
	if (memcmp(octets, printer->reply->cookie, TW_CLIENT_COOKIE) != 0)
		tw_output_add(printer->output, " (bad)");
	else if (option->length == TW_CLIENT_COOKIE)
		tw_output_add(printer->output, " (echoed)");
	else
		tw_output_add(printer->output, " (good)");
}

void tw_print_option(
	struct tw_printer *printer, const struct trowel_field *option)
{
	tw_edns_option_add(printer->output, printer->message, option);
	print_verdict(printer, option);
}

void tw_print_edns_flags(struct tw_printer *printer, const char *rest)
{
	uint16_t flags = printer->message->edns.flags;
	struct tw_output *output = printer->output;

	tw_output_add(output, flags & EDNS_DO ? " do" : "");
	tw_output_add(output, flags & EDNS_CO ? " co" : "");
	flags = (uint16_t)(flags & ~(EDNS_DO | EDNS_CO));
	if (!flags)
		return;
	tw_output_add(output, rest);
	tw_output_add_hex(output, (uint8_t)(flags / 256));
	tw_output_add_hex(output, (uint8_t)(flags % 256));
}

void tw_print_edns(struct tw_printer *printer)
{
	const struct trowel_edns *edns = &printer->message->edns;
	bool has_rest = edns->flags & ~(EDNS_DO | EDNS_CO);
	struct tw_output *output = printer->output;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!printer->view->comments || !edns->present)
		return;
	tw_output_add(output, ";; OPT PSEUDOSECTION:\n; EDNS: version: ");
	tw_output_add_number(output, edns->version);
	tw_output_add(output, ", flags:");
	tw_print_edns_flags(printer, "; MBZ: 0x");
	tw_output_add(output, has_rest ? ", udp: " : "; udp: ");
	tw_output_add_number(output, edns->udp_size);
	tw_output_end_line(output);
	while (trowel_option_next(printer->message, &iterator, &option)) {
		tw_output_add(output, "; ");
		tw_print_option(printer, &option);
		tw_output_end_line(output);
	}
}
