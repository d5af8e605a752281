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

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/clock.h"
#include "cli/complain.h"
#include "cli/dig_link.h"
#include "cli/dig_state.h"
#include "cli/edns.h"
#include "cli/octets.h"
#include "cli/show.h"

#define MESSAGE_MAX 65535
#define HEADER_SIZE 12
#define QUESTION_FIXED 4
#define DIG_TIME_S 5
#define DIG_TRIES 3

static enum tw_dig_step ask(struct tw_dig *dig);
static enum tw_dig_step try_once(struct tw_dig *dig);
static void note_failure(struct tw_dig *dig, const struct tw_link *link);
static enum tw_dig_step fail_over(struct tw_dig *dig, bool is_refused);

int tw_dig_look_up(struct tw_output *output, struct tw_job *job)
{
	struct tw_dig dig = { .output = output,
		.job = job,
		.lookup = job->lookup,
		.tsig.key = job->command->key,
		.is_tcp = job->ask.flags & TROWEL_ASK_TCP,
		.has_cookie = job->lookup->edns.cookie_length > 0,
		.tries = job->lookup->tries ? job->lookup->tries : DIG_TRIES,
		.exit = job->command->is_dig ? 0 : TW_EXIT_NO_REPLY };
	enum tw_dig_step step;

	dig.octets = malloc(MESSAGE_MAX);
	if (!dig.octets) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	do {
		step = ask(&dig);
		if (step == TW_DIG_NAME && !tw_job_next(job))
			step = TW_DIG_END;
	} while (step == TW_DIG_AGAIN || step == TW_DIG_NAME);
	if (!job->command->is_dig && dig.answer.status != TROWEL_OK) {
		dig.answer.message.octets = NULL; /* of one that was not ours */
		tw_show(output, job, dig.answer.status, &dig.answer);
	}
	free(dig.octets);
	return dig.exit;
}

/*
 * What dig says
 */

void tw_dig_warn(struct tw_dig *dig, const char *format, ...)
{
	char line[2 * TROWEL_NAME_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (!dig->job->command->is_dig)
		tw_complain("%s", line);
	if (!dig->job->command->is_dig ||
		dig->lookup->view.form == TW_FORM_YAML)
		return;
	tw_output_add(dig->output, ";; ");
	tw_output_add(dig->output, line);
	tw_output_end_line(dig->output);
}

static const char *format_server(
	const struct tw_dig *dig, char text[TROWEL_ADDRESS_TEXT_SIZE + 8])
{
	const struct trowel_address *server =
		&dig->job->servers.options.servers[dig->server];
	size_t length = trowel_address_format(server, text);

	snprintf(text + length, 8, "#%u", server->port);
	return text;
}

/* As the user named it, or its address. */
const char *tw_dig_server_name(
	const struct tw_dig *dig, char text[TROWEL_ADDRESS_TEXT_SIZE])
{
	const struct tw_servers *servers = &dig->job->servers;

	if (servers->name[0])
		return servers->name;
	trowel_address_format(&servers->options.servers[dig->server], text);
	return text;
}

/* As all that dig says on its way, the banner comes where no reply does. */
static void say_unreached(struct tw_dig *dig, bool has_banner)
{
	if (!dig->job->command->is_dig)
		return;
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
static void cut_question(struct tw_dig *dig)
{
	size_t end = HEADER_SIZE + dig->job->asked.length + QUESTION_FIXED;

	dig->query[5] = 0;
	memmove(dig->query + HEADER_SIZE, dig->query + end,
		dig->query_length - end);
	dig->query_length -= end - HEADER_SIZE;
}

static bool make_query(struct tw_dig *dig)
{
	uint8_t octets[2] = { 0, 0 };
	struct trowel_query query;

	if (!tw_random(octets, sizeof(octets)))
		return false;
	dig->id = tw_u16_of(octets);
	if (dig->lookup->id_given)
		dig->id = dig->lookup->id;
	tw_job_query(dig->job, &query);
	query.id = dig->id;
	if (trowel_query_encode(&query, dig->query, sizeof(dig->query),
		    &dig->query_length) != TROWEL_OK)
		return false;
	if (dig->lookup->no_question)
		cut_question(dig);
	if (dig->tsig.key)
		dig->query_length = tw_tsig_sign(&dig->tsig,
			(uint64_t)time(NULL), dig->query, dig->query_length);
	return true;
}

static enum tw_dig_step ask(struct tw_dig *dig)
{
	enum tw_dig_step step;

	if (!make_query(dig)) {
		tw_complain("the query cannot be made");
		dig->exit = TW_EXIT_INTERNAL;
		return TW_DIG_END;
	}
	dig->server = 0;
	dig->start_us = tw_monotonic_us();
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
	while (step == TW_DIG_TRY);
	return step;
}

static enum tw_dig_step try_once(struct tw_dig *dig)
{
	const struct trowel_options *options = &dig->job->servers.options;
	uint32_t time_s =
		dig->lookup->time_s ? dig->lookup->time_s : DIG_TIME_S;
	struct tw_link link = { .is_tcp = dig->is_tcp,
		.timeout_us = (uint64_t)time_s * 1000000 };
	char server[TROWEL_ADDRESS_TEXT_SIZE + 8];
	char name[TROWEL_ADDRESS_TEXT_SIZE];
	enum tw_dig_step step = TW_DIG_WAIT;
	enum tw_link_end end;
	size_t length = 0;

	dig->answer.status = TROWEL_TIMED_OUT;
	dig->attempt.server = dig->server;
	dig->attempt.sent_us = (uint32_t)(tw_monotonic_us() - dig->start_us);
	end = tw_link_open(&link, &dig->lookup->source,
		&options->servers[dig->server], dig->query, dig->query_length);
	while (end == TW_LINK_OK && step == TW_DIG_WAIT) {
		end = tw_link_receive(&link, dig->octets, &length);
		if (end == TW_LINK_OK)
			step = tw_dig_take(dig, length);
	}
	tw_link_close(&link);
	if (end == TW_LINK_OK)
		return step;
	format_server(dig, server);
	if (end == TW_LINK_REFUSED)
		tw_dig_warn(dig, "%s %s(%s) for %s failed: %s.",
			dig->is_tcp ? "Connection to" : "UDP setup with",
			server, tw_dig_server_name(dig, name),
			dig->lookup->name, link.reason);
	else
		tw_dig_warn(dig, "communications error to %s: %s", server,
			link.reason);
	note_failure(dig, &link);
	return fail_over(dig, end == TW_LINK_REFUSED);
}

/* For what is not dig's: JSON, standard error. */
static void note_failure(struct tw_dig *dig, const struct tw_link *link)
{
	dig->attempt.error = link->error;
	dig->attempt.outcome = link->error == ETIMEDOUT
		? TROWEL_ATTEMPT_TIMED_OUT
		: link->error ? TROWEL_ATTEMPT_ERROR
			      : TROWEL_ATTEMPT_CLOSED;
}

/* Where no connection came about, dig says so each time. */
static enum tw_dig_step fail_over(struct tw_dig *dig, bool is_refused)
{
	if (dig->tries > 1) {
		dig->tries--;
		if (is_refused)
			say_unreached(dig, false);
		return TW_DIG_TRY;
	}
	if (dig->server + 1 < dig->job->servers.options.server_count) {
		dig->server++;
		return TW_DIG_TRY;
	}
	say_unreached(dig, !is_refused);
	dig->exit = TW_EXIT_NO_REPLY;
	return TW_DIG_END;
}
