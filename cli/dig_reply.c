/* SPDX-License-Identifier: MIT */
/* Replies to a lookup of --dig: shown, or a reason to ask again. */
#include <string.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/dig_state.h"
#include "cli/edns.h"
#include "cli/printer.h"
#include "cli/show.h"

#define OPTION_COOKIE 10

enum { SERVFAIL = 2, NXDOMAIN = 3, BADVERS = 16, BADCOOKIE = 23 };

static void check_cookie(struct tw_dig *dig);
static void check_signature(struct tw_dig *dig);
static bool takes_version(struct tw_dig *dig);
static bool takes_cookie(struct tw_dig *dig);
static bool goes_tcp(struct tw_dig *dig);
static bool goes_next(struct tw_dig *dig);
static enum tw_dig_step show(struct tw_dig *dig);

enum tw_dig_step tw_dig_take_reply(struct tw_dig *dig)
{
	dig->answer.status = TROWEL_OK;
	dig->answer.rcode = trowel_message_rcode(&dig->answer.message);
	if (dig->answer.rcode == BADVERS && takes_version(dig))
		return TW_DIG_AGAIN;
	if (goes_tcp(dig))
		return TW_DIG_AGAIN;
	if (dig->answer.rcode == BADCOOKIE && takes_cookie(dig))
		return TW_DIG_AGAIN;
	if (goes_next(dig))
		return TW_DIG_TRY;
	check_cookie(dig);
	check_signature(dig);
	return show(dig);
}

/* Lines that go with the comments. */
static bool has_remarks(const struct tw_dig *dig)
{
	return dig->lookup->view.comments;
}

/* COOKIE, RFC 7873 5.3: takes the server's half; says where the client's is
 * not ours. */
static void check_cookie(struct tw_dig *dig)
{
	const struct trowel_message *message = &dig->answer.message;
	struct tw_edns *edns = &dig->job->edns;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!edns->cookie || !tw_edns_is_sent(edns))
		return;
	if (!message->edns.present && dig->has_cookie)
		tw_dig_warn(dig, "expected opt record in response");
	while (trowel_option_next(message, &iterator, &option)) {
		const uint8_t *octets = message->octets + option.offset;

		if (option.number != OPTION_COOKIE ||
			option.length < TW_CLIENT_COOKIE)
			continue;
		if (memcmp(octets, edns->cookie_octets, TW_CLIENT_COOKIE) !=
			0) {
			tw_dig_warn(dig, "Warning: Client COOKIE mismatch");
		} else if (dig->answer.rcode == BADCOOKIE) {
			memcpy(edns->cookie_octets, octets, option.length);
			edns->cookie_length = (uint8_t)option.length;
		}
	}
}

/* TSIG, RFC 8945 5.4 */
static void check_signature(struct tw_dig *dig)
{
	const char *fault = NULL;

	if (dig->tsig.key)
		fault = tw_tsig_verify(
			&dig->tsig, (uint64_t)time(NULL), &dig->answer.message);
	if (fault)
		tw_dig_warn(dig, "Couldn't verify signature: %s", fault);
	dig->job->is_unverified = fault != NULL;
}

/* RFC 6891 6.1.3 */
static bool takes_version(struct tw_dig *dig)
{
	const struct trowel_edns *edns = &dig->answer.message.edns;

	if (!edns->present || edns->version >= dig->job->ask.edns_version ||
		!dig->job->edns.negotiation)
		return false;
	if (has_remarks(dig))
		tw_dig_warn(dig, "BADVERS, retrying with EDNS version %u.",
			edns->version);
	dig->job->edns.version = edns->version;
	tw_job_set(dig->job);
	return true;
}

static bool has_cookie(const struct tw_dig *dig)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	while (trowel_option_next(&dig->answer.message, &iterator, &option))
		if (option.number == OPTION_COOKIE)
			return true;
	return false;
}

static bool takes_cookie(struct tw_dig *dig)
{
	const struct tw_edns *edns = &dig->job->edns;

	if (dig->is_tcp || !edns->cookie || !edns->retry || !has_cookie(dig))
		return false;
	if (dig->lookup->view.bad_cookie)
		tw_show_reply(dig->output, dig->job, &dig->answer);
	check_cookie(dig);
	dig->is_tcp = dig->is_cookie_bad;
	if (has_remarks(dig))
		tw_dig_warn(dig, "BADCOOKIE, retrying%s.",
			dig->is_tcp ? " in TCP mode" : "");
	dig->is_cookie_bad = true;
	dig->has_cookie = true;
	tw_job_set(dig->job);
	return true;
}

static bool goes_tcp(struct tw_dig *dig)
{
	if (!(dig->answer.message.flags & TROWEL_TC) || dig->is_tcp ||
		dig->lookup->keep_truncated)
		return false;
	if (has_remarks(dig))
		tw_dig_warn(dig, "Truncated, retrying in TCP mode.");
	dig->is_tcp = true;
	return true;
}

/* +nofail */
static bool goes_next(struct tw_dig *dig)
{
	bool has_next =
		dig->server + 1 < dig->job->servers.options.server_count;
	char server[TROWEL_ADDRESS_TEXT_SIZE];

	if (dig->answer.rcode != SERVFAIL || dig->lookup->keep_failure)
		return false;
	if (has_remarks(dig))
		tw_dig_warn(dig, "Got SERVFAIL reply from %s%s",
			tw_dig_server_name(dig, server),
			has_next ? ", trying next server" : "");
	if (has_next)
		dig->server++;
	return has_next;
}

/* dig does that where +search has no use, as there are dots enough. */
static void repeat_footer(struct tw_dig *dig)
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

static enum tw_dig_step show(struct tw_dig *dig)
{
	bool has_next = tw_job_goes_on(dig->job, &dig->answer);
	bool is_greeted = dig->job->is_greeted;

	if (!has_next || dig->lookup->show_search)
		dig->exit =
			tw_show(dig->output, dig->job, TROWEL_OK, &dig->answer);
	if (dig->job->is_unverified && !dig->job->command->is_dig)
		dig->exit = TW_EXIT_NO_REPLY;
	/* In dig, the next name has a banner of its own. */
	if (has_next)
		dig->job->is_greeted = is_greeted;
	if (!has_next && dig->answer.rcode == NXDOMAIN)
		repeat_footer(dig);
	return has_next ? TW_DIG_NAME : TW_DIG_END;
}
