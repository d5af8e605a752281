/* SPDX-License-Identifier: MIT */
/* The header (RFC 1035 4.1.1) and the OPT record (RFC 6891) in dig's form. */
#include <stdint.h>
#include <string.h>

#include "cli/edns.h"
#include "cli/printer.h"

#define OPTION_COOKIE 10
#define EDNS_DO 0x8000
#define EDNS_CO 0x4000

static void print_notes(struct tw_printer *printer);
static void print_flags(struct tw_printer *printer);
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
	print_flags(printer);
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
	bool is_answer = printer->message->flags & TROWEL_QR;

	tw_output_add(printer->output,
		is_answer ? ";; Got answer:\n" : ";; Sending:\n");
	if (is_local(printer->message))
		tw_output_add(printer->output,
			";; WARNING: .local is reserved for Multicast DNS\n"
			";; You are currently testing what happens when an "
			"mDNS query is leaked to DNS\n");
}

static void print_flags(struct tw_printer *printer)
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

	tw_output_add(printer->output, ";; flags:");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (flags & words[i].bit)
			tw_output_add_octets(printer->output, words[i].word, 3);
	if (flags & TROWEL_Z)
		tw_output_add(printer->output, "; MBZ: 0x4");
}

/* As the header has them, which is not always what could be decoded. */
static void print_counts(struct tw_printer *printer)
{
	static const char *const words[] = {
		"; QUERY: ", ", ANSWER: ", ", AUTHORITY: ", ", ADDITIONAL: "
	};
	const uint8_t *octets = printer->message->octets + 4;
	size_t i;

	for (i = 0; i < 4; i++) {
		tw_output_add(printer->output, words[i]);
		tw_output_add_number(printer->output,
			octets[i * 2] * 256U + octets[i * 2 + 1]);
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
static uint32_t extra_octets(const struct trowel_message *message)
{
	const uint8_t *octets = message->octets + 4;
	size_t i;

	for (i = 0; i < 4; i++)
		if (octets[i * 2] * 256 + octets[i * 2 + 1] !=
			message->counts[i])
			return 0;
	return (uint32_t)(message->length - message->end);
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
	if (extra_octets(message) > 0) {
		tw_output_add(output, ";; WARNING: Message has ");
		tw_output_add_number(output, extra_octets(message));
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
		!printer->reply->cookie || option->length < TW_CLIENT_COOKIE)
		return;
	if (memcmp(octets, printer->reply->cookie, TW_CLIENT_COOKIE) != 0)
		tw_output_add(printer->output, " (bad)");
	else if (option->length == TW_CLIENT_COOKIE)
		tw_output_add(printer->output, " (echoed)");
	else
		tw_output_add(printer->output, " (good)");
}

static size_t format_option(const struct tw_printer *printer, const void *item,
	char *text, size_t size)
{
	return trowel_field_format(
		printer->message, NULL, item, TROWEL_STYLE_PLAIN, text, size);
}

static void print_opt_flags(struct tw_printer *printer)
{
	const struct trowel_edns *edns = &printer->message->edns;
	struct tw_output *output = printer->output;
	uint16_t rest = (uint16_t)(edns->flags & ~(EDNS_DO | EDNS_CO));

	tw_output_add(output, ", flags:");
	tw_output_add(output, edns->flags & EDNS_DO ? " do" : "");
	tw_output_add(output, edns->flags & EDNS_CO ? " co" : "");
	if (rest) {
		tw_output_add(output, "; MBZ: 0x");
		tw_output_add_hex(output, (uint8_t)(rest / 256));
		tw_output_add_hex(output, (uint8_t)(rest % 256));
	}
	tw_output_add(output, rest ? ", udp: " : "; udp: ");
	tw_output_add_number(output, edns->udp_size);
	tw_output_end_line(output);
}

void tw_print_edns(struct tw_printer *printer)
{
	const struct trowel_edns *edns = &printer->message->edns;
	struct tw_output *output = printer->output;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!printer->view->comments || !edns->present)
		return;
	tw_output_add(output, ";; OPT PSEUDOSECTION:\n; EDNS: version: ");
	tw_output_add_number(output, edns->version);
	print_opt_flags(printer);
	while (trowel_option_next(printer->message, &iterator, &option)) {
		tw_output_add(output, "; ");
		tw_print_formatted(printer, format_option, &option);
		print_verdict(printer, &option);
		tw_output_end_line(output);
	}
}
