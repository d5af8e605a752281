/* SPDX-License-Identifier: MIT */
#include "cli/job.h"

#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/edns.h"
#include "cli/name.h"

#define TYPE_ANY 255
#define OPTION_COOKIE 10
#define BADVERS 16
#define BADCOOKIE 23
#define REPEATS 4 /* for these two together */
#define EDNS_DO 0x8000U
#define EDNS_CO 0x4000U
#define HEADER_AND_OPT_SIZE (12 + 4 + 11) /* of a query, but for its name */

/* With one of +time and +tries, dig's value for the other. */
#define DIG_TIME_S 5
#define DIG_TRIES 3

#define DEADLINE_MAX_MS 3600000

/*
 * The query
 */

/* +time and +tries as dig has them: so many tries, each of that length. */
static void set_times(struct tw_job *job)
{
	struct trowel_options *options = &job->servers.options;
	const struct tw_lookup *lookup = job->lookup;
	uint64_t all_ms;

	if (lookup->time_s)
		options->timeout_ms = lookup->time_s * 1000;
	else if (lookup->tries && !options->timeout_ms)
		options->timeout_ms = DIG_TIME_S * 1000;
	if (lookup->tries)
		options->attempts = (uint8_t)lookup->tries;
	else if (lookup->time_s)
		options->attempts = DIG_TRIES;
	if (!options->timeout_ms)
		return;
	/* Twice, as each try may have to go on by TCP. */
	all_ms = (uint64_t)options->timeout_ms * options->attempts *
		options->server_count * 2;
	options->deadline_ms =
		all_ms < DEADLINE_MAX_MS ? (uint32_t)all_ms : DEADLINE_MAX_MS;
}

static void set_options(struct tw_job *job)
{
	size_t size = HEADER_AND_OPT_SIZE + (size_t)job->asked.length;

	if (!tw_edns_is_sent(&job->edns))
		return;
	job->ask.options = job->options;
	job->ask.options_length =
		(uint16_t)tw_edns_encode(&job->edns, size, job->options);
}

static void set_ask(struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	const struct tw_edns *edns = &job->edns;
	bool tcp = lookup->tcp_given ? lookup->tcp : lookup->type == TYPE_ANY;
	unsigned flags = TROWEL_ASK_ANY_RCODE;

	flags |= lookup->recursion ? 0U : TROWEL_ASK_NO_RECURSION;
	flags |= lookup->authentic ? TROWEL_ASK_AD : 0U;
	flags |= lookup->unchecked ? TROWEL_ASK_CD : 0U;
	flags |= edns->dnssec ? TROWEL_ASK_DO : 0U;
	flags |= tw_edns_is_sent(edns) ? 0U : TROWEL_ASK_NO_EDNS;
	flags |= tcp ? TROWEL_ASK_TCP : 0U;
	flags |= lookup->keep_truncated ? TROWEL_ASK_KEEP_TRUNCATED : 0U;
	job->ask.flags = flags;
	job->ask.class_code = lookup->class_code;
	job->ask.udp_size = (uint16_t)edns->size;
	job->ask.edns_version = (uint8_t)edns->version;
	job->ask.edns_flags = (uint16_t)((edns->flags & ~(EDNS_DO | EDNS_CO)) |
		(edns->compact ? EDNS_CO : 0U));
	set_options(job);
}

int tw_job_prepare(struct tw_job *job, const struct tw_command *command,
	const struct tw_lookup *lookup)
{
	int exit;

	job->command = command;
	job->lookup = lookup;
	job->repeats = 0;
	job->notes[0] = '\0';
	memset(&job->ask, 0, sizeof(job->ask));
	job->edns = lookup->edns;
	exit = tw_name_make(lookup, job->name, &job->asked);
	if (!exit && !tw_edns_make_cookie(&job->edns)) {
		tw_complain("no random octets for a cookie");
		exit = TW_EXIT_INTERNAL;
	}
	if (!exit)
		exit = tw_servers_find(&job->servers, job->lookup);
	if (exit)
		return exit;
	set_times(job);
	set_ask(job);
	return 0;
}

/*
 * Asking, and asking again
 */

/* Whether the query has a cookie; a part of one is for tests of servers. */
bool tw_job_has_cookie(const struct tw_job *job)
{
	return tw_edns_is_sent(&job->edns) && job->edns.cookie &&
		job->edns.cookie_length >= TW_CLIENT_COOKIE;
}

/* The COOKIE of a reply if the first half of it is ours, RFC 7873 5.3. */
static bool find_cookie(const struct tw_job *job,
	const struct trowel_message *message, struct trowel_field *option)
{
	struct trowel_iterator iterator = { 0 };

	while (trowel_option_next(message, &iterator, option))
		if (option->number == OPTION_COOKIE)
			return option->length >= TW_CLIENT_COOKIE &&
				memcmp(message->octets + option->offset,
					job->edns.cookie_octets,
					TW_CLIENT_COOKIE) == 0;
	return false;
}

/* A lower EDNS version that the server knows, RFC 6891 6.1.3. */
static bool takes_version(
	struct tw_job *job, const struct trowel_message *message)
{
	uint8_t version = message->edns.version;

	if (!message->edns.present || version >= job->ask.edns_version ||
		!job->edns.negotiation)
		return false;
	job->ask.edns_version = version;
	snprintf(job->notes, sizeof(job->notes),
		";; BADVERS, retrying with EDNS version %u.\n", version);
	return true;
}

/* The server's half of the cookie, which it wants to see; if that was not
 * enough, TCP: RFC 7873 5.3. */
static bool takes_cookie(
	struct tw_job *job, const struct trowel_message *message)
{
	bool again = job->edns.cookie_length > TW_CLIENT_COOKIE;
	struct trowel_field option;

	if (!tw_job_has_cookie(job) || !job->edns.retry ||
		(job->ask.flags & TROWEL_ASK_TCP) ||
		!find_cookie(job, message, &option) ||
		option.length <= TW_CLIENT_COOKIE ||
		option.length > TW_COOKIE_MAX)
		return false;
	memcpy(job->edns.cookie_octets, message->octets + option.offset,
		option.length);
	job->edns.cookie_length = (uint8_t)option.length;
	set_options(job);
	job->ask.flags |= again ? TROWEL_ASK_TCP : 0U;
	snprintf(job->notes + strlen(job->notes),
		sizeof(job->notes) - strlen(job->notes),
		";; BADCOOKIE, retrying%s.\n", again ? " in TCP mode" : "");
	return true;
}

static bool is_to_be_repeated(
	struct tw_job *job, const struct trowel_answer *answer)
{
	if (!answer || !answer->message.octets || job->repeats++ >= REPEATS)
		return false;
	if (answer->rcode == BADVERS)
		return takes_version(job, &answer->message);
	return answer->rcode == BADCOOKIE &&
		takes_cookie(job, &answer->message);
}

enum trowel_status tw_job_ask(struct tw_job *job, struct trowel_answer **answer)
{
	struct trowel *trowel = NULL;
	enum trowel_status status = trowel_open(&trowel, &job->servers.options);

	if (status != TROWEL_OK)
		return status;
	do {
		trowel_answer_free(*answer);
		status = trowel_query(trowel, job->name, job->lookup->type,
			&job->ask, answer);
	} while (is_to_be_repeated(job, *answer));
	trowel_close(trowel);
	return status;
}

struct tw_reply tw_job_reply(
	const struct tw_job *job, const struct trowel_answer *answer)
{
	struct tw_reply reply = { .answer = answer, .notes = job->notes };

	if (job->lookup->banner.words)
		reply.banner = &job->lookup->banner;
	reply.server_count = job->servers.options.server_count;
	if (job->servers.name[0])
		reply.server = job->servers.name;
	reply.edns = tw_edns_is_sent(&job->edns);
	reply.dnssec = job->edns.dnssec;
	if (tw_job_has_cookie(job))
		reply.cookie = job->edns.cookie_octets;
	return reply;
}
