/* SPDX-License-Identifier: MIT */
#include "cli/print.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "config.h"

#define TYPE_SIG 24
#define TYPE_OPT 41
#define TYPE_TSIG 250
#define EDE_LAST 24 /* that dig knows by name */
#define EDNS_DO 0x8000
#define EDNS_CO 0x4000

/* Where the fields of a record begin, if there is room before them. */
enum {
	TTL_COLUMN = 24,
	CLASS_COLUMN = 32,
	TYPE_COLUMN = 40,
	RDATA_COLUMN = 48
};

/* What a title stands above. */
enum group {
	GROUP_NONE = TROWEL_QUESTION,
	GROUP_ANSWER = TROWEL_ANSWER,
	GROUP_AUTHORITY = TROWEL_AUTHORITY,
	GROUP_ADDITIONAL = TROWEL_ADDITIONAL,
	GROUP_TSIG,
	GROUP_SIG0
};

static const char *const titles[] = {
	[GROUP_ANSWER] = ";; ANSWER SECTION:\n",
	[GROUP_AUTHORITY] = ";; AUTHORITY SECTION:\n",
	[GROUP_ADDITIONAL] = ";; ADDITIONAL SECTION:\n",
	[GROUP_TSIG] = ";; TSIG PSEUDOSECTION:\n",
	[GROUP_SIG0] = ";; SIG0 PSEUDOSECTION:\n",
};

/* A reply on its way to text. The last owner is kept: most records of a
 * message share theirs. */
struct printer {
	struct tw_output *output;
	const struct tw_view *view;
	const struct tw_reply *reply;
	const struct trowel_message *message;
	bool owner_known;
	uint16_t owner;
	size_t owner_length;
	char owner_text[TROWEL_NAME_TEXT_SIZE];
};

static void print_banner(struct printer *printer);
static void print_header(struct printer *printer);
static void print_edns(struct printer *printer);
static void print_question(struct printer *printer);
static void print_records(struct printer *printer);
static void print_brief(struct printer *printer);
static void print_footer(struct printer *printer);

void tw_print_reply(struct tw_output *output, const struct tw_view *view,
	const struct tw_reply *reply)
{
	struct printer printer;

	printer.output = output;
	printer.view = view;
	printer.reply = reply;
	printer.message = &reply->answer->message;
	printer.owner_known = false;
	if (view->brief) {
		print_brief(&printer);
		return;
	}
	print_banner(&printer);
	print_header(&printer);
	print_edns(&printer);
	print_question(&printer);
	print_records(&printer);
	print_footer(&printer);
}

static void add_code(
	struct tw_output *output, enum trowel_registry registry, uint16_t code)
{
	char word[TROWEL_CODE_TEXT_SIZE];

	tw_output_add_octets(
		output, word, trowel_code_format(registry, code, word));
}

/* dig says this at once, so that it stands before the banner. */
static void print_truncations(struct printer *printer)
{
	const struct trowel_answer *answer = printer->reply->answer;
	uint16_t i;

	for (i = 0; i < answer->attempt_count; i++)
		if (answer->attempts[i].outcome == TROWEL_ATTEMPT_TRUNCATED)
			tw_output_add(printer->output,
				";; Truncated, retrying in TCP mode.\n");
}

static void print_banner(struct printer *printer)
{
	const struct tw_banner *banner = printer->reply->banner;
	struct tw_output *output = printer->output;
	char **word;

	if (printer->view->comments)
		print_truncations(printer);
	if (!printer->view->cmd || !banner)
		return;
	tw_output_add(output, "\n; <<>> trowel " PACKAGE_VERSION " <<>>");
	for (word = banner->words; *word; word++) {
		tw_output_add(output, " ");
		tw_output_add(output, *word);
	}
	tw_output_end_line(output);
	if (banner->server_count > 0) {
		tw_output_add(output, "; (");
		tw_output_add_number(output, banner->server_count);
		tw_output_add(output,
			banner->server_count == 1 ? " server found)\n"
						  : " servers found)\n");
	}
	tw_output_add(output, ";; global options:");
	tw_output_add(output, banner->brief ? " +short +cmd\n" : " +cmd\n");
}

/*
 * The header
 */

/* RFC 6762 3: .local is not for servers. */
static bool is_local(const struct trowel_name *name)
{
	static const struct trowel_name local = { 7, "\005local" };
	struct trowel_name end;
	size_t at = 0;

	while (at < name->length && name->length - at > local.length)
		at += (size_t)name->octets[at] + 1;
	if (at >= name->length || name->length - at != local.length)
		return false;
	end.length = local.length;
	memcpy(end.octets, name->octets + at, local.length);
	return trowel_name_is_equal(&end, &local);
}

static void print_flags(struct printer *printer)
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
static void print_counts(struct printer *printer)
{
	static const char *const words[] = {
		"; QUERY: ", ", ANSWER: ", ", AUTHORITY: ", ", ADDITIONAL: "
	};
	const uint8_t *octets = printer->message->octets + 4;
	size_t i;

	for (i = 0; i < 4; i++) {
		tw_output_add(printer->output, words[i]);
		tw_output_add_number(printer->output,
			octets[2 * i] * 256U + octets[2 * i + 1]);
	}
	tw_output_end_line(printer->output);
}

static void print_warnings(struct printer *printer)
{
	const struct trowel_message *message = printer->message;
	struct tw_output *output = printer->output;
	uint16_t rcode = trowel_message_rcode(message);

	if ((message->flags & TROWEL_RD) && !(message->flags & TROWEL_RA))
		tw_output_add(output,
			";; WARNING: recursion requested but not "
			"available\n");
	if (printer->reply->edns && !message->edns.present &&
		(rcode == 1 || rcode == 4)) {
		tw_output_add(
			output, "\n;; WARNING: EDNS query returned status ");
		add_code(output, TROWEL_RCODES, rcode);
		tw_output_add(output,
			printer->reply->dnssec
				? " - retry with '+nodnssec +noedns'\n"
				: " - retry with '+noedns'\n");
	}
	if (message->end < message->length && !(message->flags & TROWEL_TC)) {
		tw_output_add(output, ";; WARNING: Message has ");
		tw_output_add_number(
			output, (uint32_t)(message->length - message->end));
		tw_output_add(output, " extra bytes at end\n");
	}
}

static void print_header(struct printer *printer)
{
	const struct trowel_message *message = printer->message;
	struct tw_output *output = printer->output;

	if (!printer->view->comments)
		return;
	tw_output_add(output, ";; Got answer:\n");
	if (is_local(printer->reply->name))
		tw_output_add(output,
			";; WARNING: .local is reserved for Multicast DNS\n"
			";; You are currently testing what happens when an "
			"mDNS query is leaked to DNS\n");
	tw_output_add(output, ";; ->>HEADER<<- opcode: ");
	add_code(output, TROWEL_OPCODES, message->flags / 0x800 % 16);
	tw_output_add(output, ", status: ");
	add_code(output, TROWEL_RCODES, trowel_message_rcode(printer->message));
	tw_output_add(output, ", id: ");
	tw_output_add_number(output, message->id);
	tw_output_end_line(output);
	print_flags(printer);
	print_counts(printer);
	print_warnings(printer);
	tw_output_end_line(output);
}

/*
 * OPT, RFC 6891
 */

/* Octets as hex, and as characters: ` 67 70 ("gp")`; nothing if there are
 * none. */
static void print_octets(
	struct printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;
	size_t i;

	if (option->length == 0)
		return;
	tw_output_add(printer->output, " ");
	for (i = 0; i < option->length; i++) {
		tw_output_add_hex(printer->output, octets[i]);
		tw_output_add(printer->output, " ");
	}
	tw_output_add(printer->output, "(\"");
	for (i = 0; i < option->length; i++) {
		char character = (char)octets[i];

		if (octets[i] < 0x20 || octets[i] > 0x7E)
			character = '.';
		tw_output_add_octets(printer->output, &character, 1);
	}
	tw_output_add(printer->output, "\")");
}

static void print_nsid(
	struct printer *printer, const struct trowel_field *option)
{
	tw_output_add(printer->output, "; NSID:");
	print_octets(printer, option);
}

static void print_cookie(
	struct printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;
	size_t i;

	tw_output_add(printer->output, "; COOKIE: ");
	for (i = 0; i < option->length; i++)
		tw_output_add_hex(printer->output, octets[i]);
}

/* RFC 8914 2; the text is UTF-8. */
static void print_error(
	struct printer *printer, const struct trowel_field *option)
{
	const uint8_t *octets = printer->message->octets + option->offset;
	struct tw_output *output = printer->output;
	uint16_t code = (uint16_t)(octets[0] * 256 + octets[1]);
	size_t i;

	tw_output_add(output, "; EDE: ");
	tw_output_add_number(output, code);
	if (code <= EDE_LAST) {
		tw_output_add(output, " (");
		add_code(output, TROWEL_ERRORS, code);
		tw_output_add(output, ")");
	}
	if (option->length == 2)
		return;
	tw_output_add(output, ": (");
	for (i = 2; i < option->length; i++) {
		char character = (char)octets[i];

		if (octets[i] < 0x20 || octets[i] == 0x7F)
			character = '.';
		tw_output_add_octets(output, &character, 1);
	}
	tw_output_add(output, ")");
}

static void print_other(
	struct printer *printer, const struct trowel_field *option)
{
	tw_output_add(printer->output, "; OPT=");
	tw_output_add_number(printer->output, (uint32_t)option->number);
	tw_output_add(printer->output, ":");
	print_octets(printer, option);
}

/* One row an option that has a form of its own. */
static const struct {
	uint16_t code;
	uint16_t least; /* octets; fewer are printed as of another option */
	void (*print)(struct printer *, const struct trowel_field *);
} option_forms[] = {
	{ 3, 0, print_nsid },
	{ 10, 0, print_cookie },
	{ 15, 2, print_error },
};

static void print_option(
	struct printer *printer, const struct trowel_field *option)
{
	size_t i, count = sizeof(option_forms) / sizeof(option_forms[0]);

	for (i = 0; i < count; i++)
		if (option->number == option_forms[i].code &&
			option->length >= option_forms[i].least)
			break;
	if (i < count)
		option_forms[i].print(printer, option);
	else
		print_other(printer, option);
	tw_output_end_line(printer->output);
}

static void print_edns(struct printer *printer)
{
	const struct trowel_edns *edns = &printer->message->edns;
	struct tw_output *output = printer->output;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;
	uint16_t rest;

	if (!printer->view->comments || !edns->present)
		return;
	tw_output_add(output, ";; OPT PSEUDOSECTION:\n; EDNS: version: ");
	tw_output_add_number(output, edns->version);
	tw_output_add(output, ", flags:");
	tw_output_add(output, edns->flags & EDNS_DO ? " do" : "");
	tw_output_add(output, edns->flags & EDNS_CO ? " co" : "");
	rest = (uint16_t)(edns->flags & ~(EDNS_DO | EDNS_CO));
	if (rest) {
		tw_output_add(output, "; MBZ: 0x");
		tw_output_add_hex(output, (uint8_t)(rest / 256));
		tw_output_add_hex(output, (uint8_t)(rest % 256));
	}
	tw_output_add(output, rest ? ", udp: " : "; udp: ");
	tw_output_add_number(output, edns->udp_size);
	tw_output_end_line(output);
	while (trowel_option_next(printer->message, &iterator, &option))
		print_option(printer, &option);
}

/*
 * Question and records
 */

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

static void print_question(struct printer *printer)
{
	struct tw_output *output = printer->output;
	struct trowel_question question;
	struct trowel_name name;
	char name_text[TROWEL_NAME_TEXT_SIZE];

	if (!printer->view->question ||
		!trowel_message_question(printer->message, &question))
		return;
	if (printer->view->comments)
		tw_output_add(output, ";; QUESTION SECTION:\n");
	trowel_message_name(printer->message, question.name, &name);
	tw_output_add(output, ";");
	output->column = 0;
	tw_output_add_octets(
		output, name_text, trowel_name_format(&name, name_text));
	tw_output_indent(output, CLASS_COLUMN);
	add_code(output, TROWEL_CLASSES, question.class_code);
	tw_output_indent(output, TYPE_COLUMN);
	add_code(output, TROWEL_TYPES, question.type);
	tw_output_end_line(output);
	if (printer->view->comments)
		tw_output_end_line(output);
}

static void print_rdata(
	struct printer *printer, const struct trowel_record *record)
{
	struct tw_output *output = printer->output;
	size_t room, needed;

	if (!tw_output_reserve(output, 256))
		return;
	room = output->size - output->length;
	needed = trowel_rdata_format(printer->message, record,
		TROWEL_STYLE_PLAIN, output->octets + output->length, room);
	if (needed >= room) {
		if (!tw_output_reserve(output, needed + 1))
			return;
		needed = trowel_rdata_format(printer->message, record,
			TROWEL_STYLE_PLAIN, output->octets + output->length,
			needed + 1);
	}
	output->length += needed;
	tw_output_end_line(output);
}

static void print_owner(
	struct printer *printer, const struct trowel_record *record)
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

static void print_record(
	struct printer *printer, const struct trowel_record *record)
{
	struct tw_output *output = printer->output;

	print_owner(printer, record);
	tw_output_indent(output, TTL_COLUMN);
	tw_output_add_number(output, record->ttl);
	tw_output_indent(output, CLASS_COLUMN);
	add_code(output, TROWEL_CLASSES, record->class_code);
	tw_output_indent(output, TYPE_COLUMN);
	add_code(output, TROWEL_TYPES, record->type);
	tw_output_indent(output, RDATA_COLUMN);
	print_rdata(printer, record);
}

/* The group that a record is shown in: its section, or one of its own for the
 * signatures of the whole message (RFC 8945 5.1, RFC 2931 3). */
static enum group group_of(
	const struct printer *printer, const struct trowel_record *record)
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

static void print_records(struct printer *printer)
{
	bool comments = printer->view->comments;
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	enum group group, open = GROUP_NONE;

	while (trowel_record_next(printer->message, &iterator, &record)) {
		group = group_of(printer, &record);
		if (group == GROUP_NONE ||
			!is_shown(printer->view, record.section))
			continue;
		if (comments && group != open) {
			if (open != GROUP_NONE)
				tw_output_end_line(printer->output);
			tw_output_add(printer->output, titles[group]);
		}
		open = group;
		print_record(printer, &record);
	}
	if (comments && open != GROUP_NONE)
		tw_output_end_line(printer->output);
}

static void print_brief(struct printer *printer)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	if (!printer->view->answer)
		return;
	while (trowel_record_next(printer->message, &iterator, &record)) {
		if (record.section != TROWEL_ANSWER)
			break;
		print_rdata(printer, &record);
	}
}

static void print_footer(struct printer *printer)
{
	const struct tw_reply *reply = printer->reply;
	const struct trowel_attempt *attempt =
		&reply->answer->attempts[reply->answer->attempt];
	struct tw_output *output = printer->output;
	char word[TROWEL_ADDRESS_TEXT_SIZE];
	struct tm tm;
	time_t now;

	if (!printer->view->stats)
		return;
	now = time(NULL);
	tw_output_add(output, ";; Query time: ");
	tw_output_add_number(
		output, (attempt->ended_us - attempt->sent_us) / 1000);
	tw_output_add(output, " msec\n;; SERVER: ");
	trowel_address_format(&attempt->server, word);
	tw_output_add(output, word);
	tw_output_add(output, "#");
	tw_output_add_number(output, attempt->server.port);
	tw_output_add(output, "(");
	tw_output_add(output, reply->server ? reply->server : word);
	tw_output_add(output,
		attempt->transport == TROWEL_TCP ? ") (TCP)\n" : ") (UDP)\n");
	if (localtime_r(&now, &tm) &&
		strftime(word, sizeof(word), "%a %b %d %H:%M:%S %Z %Y", &tm)) {
		tw_output_add(output, ";; WHEN: ");
		tw_output_add(output, word);
		tw_output_end_line(output);
	}
	tw_output_add(output, ";; MSG SIZE  rcvd: ");
	tw_output_add_number(output, printer->message->length);
	tw_output_add(output, "\n\n");
}
