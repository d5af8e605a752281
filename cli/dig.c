/* SPDX-License-Identifier: MIT */
/*
 * 1. The query is made, once for all tries, with one id.
 * 2. It goes to the first server as often as +tries says, then to each further
 *    one once, until a message comes that is a reply to it. What is none is
 *    told, and waiting goes on for as long as a try lasts.
 * 3. A reply that is truncated, or has BADVERS or BADCOOKIE, makes that all
 *    start again with another query.
 * 4. With NXDOMAIN, the next name of the search list has its turn.
 */
#include "cli/dig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/dig_link.h"
#include "cli/dig_verdict.h"
#include "cli/edns.h"
#include "cli/printer.h"
#include "cli/show.h"

#define MESSAGE_MAX 65535
#define HEADER_SIZE 12
#define QUESTION_FIXED 4
#define QUERY_MAX (12 + 255 + 4 + 11 + TW_EDNS_SIZE_MAX)
#define OPTION_COOKIE 10
#define DIG_TIME_S 5
#define DIG_TRIES 3

enum { SERVFAIL = 2, NXDOMAIN = 3, BADVERS = 16, BADCOOKIE = 23 };

/* What to do after a step. */
enum step {
	STEP_WAIT, /* for another message */
	STEP_TRY, /* the next try, the next server */
	STEP_AGAIN, /* with another query */
	STEP_NAME, /* with the next name */
	STEP_END
};

struct dig {
	struct tw_output *output;
	struct tw_job *job;
	const struct tw_lookup *lookup;
	bool is_tcp;
	bool is_cookie_bad; /* BADCOOKIE has come */
	bool has_cookie; /* one that was given, or the server's */
	uint32_t tries; /* that are left */
	uint8_t server; /* index */
	int exit;
	uint16_t id;
	size_t query_length;
	uint8_t query[QUERY_MAX];
	struct trowel_attempt attempt;
	struct trowel_answer answer;
	uint64_t start_us;
	uint8_t *octets; /* MESSAGE_MAX */
};

static enum step ask(struct dig *dig);
static enum step try_once(struct dig *dig);
static enum step fail_over(struct dig *dig, bool is_refused);
static enum step take(struct dig *dig, size_t length);
static enum step take_reply(struct dig *dig);
static enum step show(struct dig *dig);

int tw_dig_look_up(struct tw_output *output, struct tw_job *job)
{
	struct dig dig = { .output = output,
		.job = job,
		.lookup = job->lookup,
		.is_tcp = job->ask.flags & TROWEL_ASK_TCP,
		.has_cookie = job->lookup->edns.cookie_length > 0,
		.tries = job->lookup->tries ? job->lookup->tries : DIG_TRIES };
	enum step step;

	dig.octets = malloc(MESSAGE_MAX);
	if (!dig.octets) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	do {
		step = ask(&dig);
		if (step == STEP_NAME && !tw_job_next(job))
			step = STEP_END;
	} while (step == STEP_AGAIN || step == STEP_NAME);
	free(dig.octets);
	return dig.exit;
}

/*
 * What dig says
 */

/* A line of dig's that --dig has on standard output; with +yaml, none. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
warn(struct dig *dig, const char *format, ...)
{
	char line[2 * TROWEL_NAME_TEXT_SIZE];
	va_list arguments;

	if (dig->lookup->view.form == TW_FORM_YAML)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	tw_output_add(dig->output, ";; ");
	tw_output_add(dig->output, line);
	tw_output_end_line(dig->output);
}

static const char *format_server(
	const struct dig *dig, char text[TROWEL_ADDRESS_TEXT_SIZE + 8])
{
	const struct trowel_address *server =
		&dig->job->servers.options.servers[dig->server];
	size_t length = trowel_address_format(server, text);

	snprintf(text + length, 8, "#%u", server->port);
	return text;
}

/* As the user named it, or its address. */
static const char *name_server(
	const struct dig *dig, char text[TROWEL_ADDRESS_TEXT_SIZE])
{
	const struct tw_servers *servers = &dig->job->servers;

	if (servers->name[0])
		return servers->name;
	trowel_address_format(&servers->options.servers[dig->server], text);
	return text;
}

/* As all that dig says on its way, the banner comes where no reply does. */
static void say_unreached(struct dig *dig, bool has_banner)
{
	if (has_banner)
		tw_job_greet(dig->output, dig->job);
	tw_output_add(dig->output,
		dig->lookup->view.form == TW_FORM_YAML
			? "- type: DIG_ERROR\n  message: |\n    no servers "
			  "could be reached\n"
			: ";; no servers could be reached\n");
}

/*
 * Tries
 */

/* A header, and an OPT. */
static void cut_question(struct dig *dig)
{
	size_t end = HEADER_SIZE + dig->job->asked.length + QUESTION_FIXED;

	dig->query[5] = 0;
	memmove(dig->query + HEADER_SIZE, dig->query + end,
		dig->query_length - end);
	dig->query_length -= end - HEADER_SIZE;
}

static bool make_query(struct dig *dig)
{
	uint8_t octets[2] = { 0, 0 };
	struct trowel_query query;

	if (!tw_random(octets, sizeof(octets)))
		return false;
	dig->id = (uint16_t)(octets[0] * 256 + octets[1]);
	if (dig->lookup->id_given)
		dig->id = dig->lookup->id;
	tw_job_query(dig->job, &query);
	query.id = dig->id;
	if (trowel_query_encode(&query, dig->query, sizeof(dig->query),
		    &dig->query_length) != TROWEL_OK)
		return false;
	if (dig->lookup->no_question)
		cut_question(dig);
	return true;
}

static enum step ask(struct dig *dig)
{
	enum step step;

	if (!make_query(dig)) {
		tw_complain("the query cannot be made");
		dig->exit = TW_EXIT_INTERNAL;
		return STEP_END;
	}
	dig->server = 0;
	dig->start_us = tw_link_clock_us();
	memset(&dig->attempt, 0, sizeof(dig->attempt));
	dig->attempt.transport = dig->is_tcp ? TROWEL_TCP : TROWEL_UDP;
	dig->attempt.outcome = TROWEL_ANSWERED;
	memset(&dig->answer, 0, sizeof(dig->answer));
	dig->answer.attempts = &dig->attempt;
	dig->answer.attempt_count = 1;
	dig->answer.servers = dig->job->servers.options.servers;
	if (dig->lookup->view.query)
		tw_show_query(dig->output, dig->job, &dig->answer, dig->query,
			dig->query_length);
	do
		step = try_once(dig);
	while (step == STEP_TRY);
	return step;
}

static enum step try_once(struct dig *dig)
{
	const struct trowel_options *options = &dig->job->servers.options;
	uint32_t time_s =
		dig->lookup->time_s ? dig->lookup->time_s : DIG_TIME_S;
	struct tw_link link = { .is_tcp = dig->is_tcp,
		.timeout_us = (uint64_t)time_s * 1000000 };
	char server[TROWEL_ADDRESS_TEXT_SIZE + 8];
	char name[TROWEL_ADDRESS_TEXT_SIZE];
	enum step step = STEP_WAIT;
	enum tw_link_end end;
	size_t length;

	dig->attempt.server = dig->server;
	dig->attempt.sent_us = (uint32_t)(tw_link_clock_us() - dig->start_us);
	end = tw_link_open(&link, &dig->lookup->source,
		&options->servers[dig->server], dig->query, dig->query_length);
	while (end == TW_LINK_OK && step == STEP_WAIT) {
		end = tw_link_receive(&link, dig->octets, &length);
		if (end == TW_LINK_OK)
			step = take(dig, length);
	}
	tw_link_close(&link);
	if (end == TW_LINK_OK)
		return step;
	format_server(dig, server);
	if (end == TW_LINK_REFUSED)
		warn(dig, "%s %s(%s) for %s failed: %s.",
			dig->is_tcp ? "Connection to" : "UDP setup with",
			server, name_server(dig, name), dig->lookup->name,
			link.reason);
	else
		warn(dig, "communications error to %s: %s", server,
			link.reason);
	return fail_over(dig, end == TW_LINK_REFUSED);
}

/* Where no connection came about, dig says so each time. */
static enum step fail_over(struct dig *dig, bool is_refused)
{
	if (dig->tries > 1) {
		dig->tries--;
		if (is_refused)
			say_unreached(dig, false);
		return STEP_TRY;
	}
	if (dig->server + 1 < dig->job->servers.options.server_count) {
		dig->server++;
		return STEP_TRY;
	}
	say_unreached(dig, !is_refused);
	dig->exit = TW_EXIT_NO_REPLY;
	return STEP_END;
}

/*
 * Messages
 */

static uint16_t u16_at(const uint8_t *octets, size_t at)
{
	return (uint16_t)(octets[at] * 256 + octets[at + 1]);
}

/* Whether a message has a header and our id; only by TCP is it the end when
 * not. */
static bool is_ours(struct dig *dig, size_t length)
{
	const char *kind = dig->is_tcp ? "ERROR" : "Warning";
	bool is_short = length < 12;
	uint16_t id = is_short ? 0 : u16_at(dig->octets, 0);

	if (is_short)
		warn(dig, "%s: short (< header size) message%s", kind,
			dig->is_tcp ? "" : " received");
	else if (id != dig->id)
		warn(dig, "%s: ID mismatch: expected ID %u, got %u", kind,
			dig->id, id);
	if (!is_short && !(dig->octets[2] & 0x80))
		warn(dig, "Warning: query response not set");
	return !is_short && id == dig->id;
}

static void dump(struct dig *dig, const char *reason, size_t length)
{
	struct tw_output *output = dig->output;
	char text[160];
	size_t at, i, used;

	if (dig->lookup->view.form == TW_FORM_YAML)
		return;
	snprintf(text, sizeof(text), ";; Got bad packet: %s\n%zu bytes\n",
		reason, length);
	tw_output_add(output, text);
	for (at = 0; at < length; at += 16) {
		memset(text, ' ', 57);
		for (i = 0, used = 57; i < 16 && at + i < length; i++) {
			uint8_t octet = dig->octets[at + i];

			text[i * 3] = "0123456789abcdef"[octet / 16];
			text[i * 3 + 1] = "0123456789abcdef"[octet % 16];
			text[used++] = octet > 0x20 && octet < 0x7E
				? (char)octet
				: '.';
		}
		tw_output_add_octets(output, text, used);
		tw_output_end_line(output);
	}
}

/* Whether the question, if there is one, is that of the query. */
static bool is_question_ours(struct dig *dig)
{
	const struct tw_lookup *lookup = dig->lookup;
	struct trowel_question question;
	struct trowel_name name;
	char type[TROWEL_CODE_TEXT_SIZE], class_code[TROWEL_CODE_TEXT_SIZE];
	char text[TROWEL_NAME_TEXT_SIZE];
	size_t length;

	if (!trowel_message_question(&dig->answer.message, &question))
		return true;
	trowel_message_name(&dig->answer.message, question.name, &name);
	if (question.type == lookup->type &&
		question.class_code == lookup->class_code &&
		trowel_name_is_equal(&name, &dig->job->asked))
		return true;
	length = trowel_name_format(&name, text);
	if (length > 1)
		text[length - 1] = '\0';
	trowel_code_format(TROWEL_TYPES, question.type, type);
	trowel_code_format(TROWEL_CLASSES, question.class_code, class_code);
	warn(dig, ";; Question section mismatch: got %s/%s/%s", text, type,
		class_code);
	return false;
}

static bool is_opcode_ours(struct dig *dig)
{
	uint16_t got = dig->answer.message.flags / 0x800 % 16;
	char wanted_text[TROWEL_CODE_TEXT_SIZE];
	char got_text[TROWEL_CODE_TEXT_SIZE];

	if (got == dig->lookup->opcode)
		return true;
	trowel_code_format(TROWEL_OPCODES, dig->lookup->opcode, wanted_text);
	trowel_code_format(TROWEL_OPCODES, got, got_text);
	warn(dig, "Warning: Opcode mismatch: expected %s, got %s", wanted_text,
		got_text);
	return false;
}

static enum step take(struct dig *dig, size_t length)
{
	struct trowel_message *message = &dig->answer.message;
	struct tw_verdict verdict;

	dig->attempt.ended_us = (uint32_t)(tw_link_clock_us() - dig->start_us);
	if (!is_ours(dig, length))
		return dig->is_tcp ? STEP_END : STEP_WAIT;
	verdict = tw_dig_judge(
		message, dig->octets, length, dig->lookup->keep_malformed);
	if (verdict.reason) {
		dump(dig, verdict.reason, length);
		return STEP_END;
	}
	if (verdict.is_odd)
		warn(dig,
			"Warning: Message parser reports malformed message "
			"packet.");
	if (!is_opcode_ours(dig))
		return STEP_WAIT;
	if (!is_question_ours(dig))
		return dig->is_tcp ? STEP_END : STEP_WAIT;
	return take_reply(dig);
}

/*
 * Replies
 */

/* Lines that go with the comments. */
static bool has_remarks(const struct dig *dig)
{
	return dig->lookup->view.comments;
}

/* COOKIE, RFC 7873 5.3: takes the server's half; says where the client's is
 * not ours. */
static void check_cookie(struct dig *dig)
{
	const struct trowel_message *message = &dig->answer.message;
	struct tw_edns *edns = &dig->job->edns;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!edns->cookie || !tw_edns_is_sent(edns))
		return;
	if (!message->edns.present && dig->has_cookie)
		warn(dig, "expected opt record in response");
	while (trowel_option_next(message, &iterator, &option)) {
		const uint8_t *octets = message->octets + option.offset;

		if (option.number != OPTION_COOKIE ||
			option.length < TW_CLIENT_COOKIE)
			continue;
		if (memcmp(octets, edns->cookie_octets, TW_CLIENT_COOKIE) !=
			0) {
			warn(dig, "Warning: Client COOKIE mismatch");
		} else if (dig->answer.rcode == BADCOOKIE) {
			memcpy(edns->cookie_octets, octets, option.length);
			edns->cookie_length = (uint8_t)option.length;
		}
	}
}

/* RFC 6891 6.1.3 */
static bool takes_version(struct dig *dig)
{
	const struct trowel_edns *edns = &dig->answer.message.edns;

	if (!edns->present || edns->version >= dig->job->ask.edns_version ||
		!dig->job->edns.negotiation)
		return false;
	if (has_remarks(dig))
		warn(dig, "BADVERS, retrying with EDNS version %u.",
			edns->version);
	dig->job->edns.version = edns->version;
	tw_job_set(dig->job);
	return true;
}

static bool has_cookie(const struct dig *dig)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	while (trowel_option_next(&dig->answer.message, &iterator, &option))
		if (option.number == OPTION_COOKIE)
			return true;
	return false;
}

static bool takes_cookie(struct dig *dig)
{
	const struct tw_edns *edns = &dig->job->edns;

	if (dig->is_tcp || !edns->cookie || !edns->retry || !has_cookie(dig))
		return false;
	if (dig->lookup->view.bad_cookie)
		tw_show_reply(dig->output, dig->job, &dig->answer);
	check_cookie(dig);
	dig->is_tcp = dig->is_cookie_bad;
	if (has_remarks(dig))
		warn(dig, "BADCOOKIE, retrying%s.",
			dig->is_tcp ? " in TCP mode" : "");
	dig->is_cookie_bad = true;
	dig->has_cookie = true;
	tw_job_set(dig->job);
	return true;
}

static bool goes_tcp(struct dig *dig)
{
	if (!(dig->answer.message.flags & TROWEL_TC) || dig->is_tcp ||
		dig->lookup->keep_truncated)
		return false;
	if (has_remarks(dig))
		warn(dig, "Truncated, retrying in TCP mode.");
	dig->is_tcp = true;
	return true;
}

/* +nofail */
static bool goes_next(struct dig *dig)
{
	bool has_next =
		dig->server + 1 < dig->job->servers.options.server_count;
	char server[TROWEL_ADDRESS_TEXT_SIZE];

	if (dig->answer.rcode != SERVFAIL || dig->lookup->keep_failure)
		return false;
	if (has_remarks(dig))
		warn(dig, "Got SERVFAIL reply from %s%s",
			name_server(dig, server),
			has_next ? ", trying next server" : "");
	if (has_next)
		dig->server++;
	return has_next;
}

static enum step take_reply(struct dig *dig)
{
	dig->answer.rcode = trowel_message_rcode(&dig->answer.message);
	if (dig->answer.rcode == BADVERS && takes_version(dig))
		return STEP_AGAIN;
	if (goes_tcp(dig))
		return STEP_AGAIN;
	if (dig->answer.rcode == BADCOOKIE && takes_cookie(dig))
		return STEP_AGAIN;
	if (goes_next(dig))
		return STEP_TRY;
	check_cookie(dig);
	return show(dig);
}

/* dig does that where +search has no use, as there are dots enough. */
static void repeat_footer(struct dig *dig)
{
	const struct tw_view *view = &dig->lookup->view;
	struct tw_reply reply = tw_job_reply(dig->job, &dig->answer);
	const struct tw_names *names = &dig->job->names;
	struct tw_printer printer;

	if (view->brief || view->form != TW_FORM_DIG ||
		(!dig->lookup->search && !dig->lookup->domain) ||
		names->dot_count < names->options->ndots)
		return;
	tw_printer_init(
		&printer, dig->output, view, &dig->answer.message, &reply);
	tw_print_footer(&printer);
}

static enum step show(struct dig *dig)
{
	bool has_next = tw_job_goes_on(dig->job, &dig->answer);
	bool is_greeted = dig->job->is_greeted;

	if (!has_next || dig->lookup->show_search)
		tw_show_reply(dig->output, dig->job, &dig->answer);
	/* In dig, the next name has a banner of its own. */
	if (has_next)
		dig->job->is_greeted = is_greeted;
	if (!has_next && dig->answer.rcode == NXDOMAIN)
		repeat_footer(dig);
	return has_next ? STEP_NAME : STEP_END;
}
