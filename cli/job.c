/* SPDX-License-Identifier: MIT */
#include "cli/job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/edns.h"
#include "cli/hosts_note.h"
#include "cli/sandbox.h"
#include "cli/show.h"
#include "config.h"

#ifndef LEAVES_AT_ONCE /* fuzzers are built without configure */
#define LEAVES_AT_ONCE 0
#endif

#define TYPE_A 1
#define TYPE_AAAA 28
#define TYPE_ANY 255
#define CLASS_IN 1
#define OPTION_COOKIE 10
#define NXDOMAIN 3
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
#define TRIES_MAX 16 /* of the library */

/*
 * The query
 */

static bool is_tcp(const struct tw_lookup *lookup)
{
	return lookup->tcp_given ? lookup->tcp : lookup->type == TYPE_ANY;
}

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
		options->attempts =
			(uint8_t)(lookup->tries < TRIES_MAX ? lookup->tries
							    : TRIES_MAX);
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
	const struct tw_tsig_key *key = job->command->key;

	if (!tw_edns_is_sent(&job->edns))
		return;
	size += key ? tw_tsig_size(key) : 0;
	job->ask.options = job->options;
	job->ask.options_length =
		(uint16_t)tw_edns_encode(&job->edns, size, job->options);
}

static uint16_t header_flags(const struct tw_lookup *lookup)
{
	unsigned flags = 0;

	flags |= lookup->authoritative ? TROWEL_AA : 0U;
	flags |= lookup->truncated ? TROWEL_TC : 0U;
	flags |= lookup->recursion_available ? TROWEL_RA : 0U;
	flags |= lookup->reserved ? TROWEL_Z : 0U;
	return (uint16_t)flags;
}

static unsigned ask_flags(const struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	unsigned flags = TROWEL_ASK_EXACT;

	flags |= lookup->keep_failure ? TROWEL_ASK_ANY_RCODE : 0U;
	flags |= lookup->recursion ? 0U : TROWEL_ASK_NO_RECURSION;
	flags |= lookup->authentic ? TROWEL_ASK_AD : 0U;
	flags |= lookup->unchecked ? TROWEL_ASK_CD : 0U;
	flags |= job->edns.dnssec ? TROWEL_ASK_DO : 0U;
	flags |= tw_edns_is_sent(&job->edns) ? 0U : TROWEL_ASK_NO_EDNS;
	flags |= is_tcp(lookup) ? TROWEL_ASK_TCP : 0U;
	flags |= lookup->keep_truncated ? TROWEL_ASK_KEEP_TRUNCATED : 0U;
	flags |= lookup->keep_malformed ? TROWEL_ASK_KEEP_MALFORMED : 0U;
	flags |= lookup->id_given ? TROWEL_ASK_SET_ID : 0U;
	flags |= lookup->no_question ? TROWEL_ASK_NO_QUESTION : 0U;
	return flags;
}

void tw_job_set(struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	const struct tw_edns *edns = &job->edns;
	struct trowel_ask *ask = &job->ask;

	memset(ask, 0, sizeof(*ask));
	ask->flags = ask_flags(job);
	ask->class_code = lookup->class_code;
	ask->opcode = lookup->opcode;
	ask->header_flags = header_flags(lookup);
	ask->id = lookup->id;
	ask->source = lookup->source;
	ask->udp_size =
		(uint16_t)(edns->size_given ? edns->size : TROWEL_EDNS_SIZE);
	ask->edns_version = (uint8_t)edns->version;
	ask->edns_flags = (uint16_t)((edns->flags & ~(EDNS_DO | EDNS_CO)) |
		(edns->compact ? EDNS_CO : 0U));
	set_options(job);
}

void tw_job_query(const struct tw_job *job, struct trowel_query *query)
{
	const struct trowel_ask *ask = &job->ask;
	unsigned flags = ask->opcode * 0x800U | ask->header_flags;

	flags |= job->lookup->recursion ? TROWEL_RD : 0U;
	flags |= job->lookup->authentic ? TROWEL_AD : 0U;
	flags |= job->lookup->unchecked ? TROWEL_CD : 0U;
	memset(query, 0, sizeof(*query));
	query->name = job->asked;
	query->type = job->lookup->type;
	query->class_code = ask->class_code;
	query->flags = (uint16_t)flags;
	query->edns = tw_edns_is_sent(&job->edns);
	query->edns_version = ask->edns_version;
	query->udp_size = ask->udp_size;
	query->edns_flags =
		(uint16_t)(ask->edns_flags | (job->edns.dnssec ? EDNS_DO : 0U));
	query->options = ask->options;
	query->options_length = ask->options_length;
}

int tw_job_prepare(struct tw_job *job, const struct tw_command *command,
	const struct tw_lookup *lookup)
{
	int exit;

	job->command = command;
	job->lookup = lookup;
	job->is_greeted = !lookup->banner.words;
	job->is_unverified = false;
	job->enters_sandbox = false;
	job->output = NULL;
	job->edns = lookup->edns;
	job->servers.name[0] = '\0';
	exit = tw_names_init(&job->names, lookup, &job->servers.options);
	if (!exit && !tw_edns_make_cookie(&job->edns, false)) {
		tw_complain("no random octets for a cookie");
		exit = TW_EXIT_INTERNAL;
	}
	if (!exit)
		exit = tw_servers_find(&job->servers, job->lookup);
	if (exit)
		return exit;
	set_times(job);
	if (lookup->mix_case)
		job->servers.options.flags |= TROWEL_MIX_CASE;
	tw_job_next(job);
	return 0;
}

int tw_job_copy(struct tw_job *job, const struct tw_job *other,
	const struct tw_lookup *lookup)
{
	*job = *other;
	job->names.options = &job->servers.options;
	job->lookup = lookup;
	job->is_greeted = !lookup->banner.words;
	job->edns = lookup->edns;
	if (!tw_edns_make_cookie(&job->edns, true)) {
		tw_complain("no random octets for a cookie");
		return TW_EXIT_INTERNAL;
	}
	tw_job_set(job);
	return 0;
}

/* A comment, where there are comments: what the DNS says is not what programs
 * get to see. */
static void note_hosts(struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	const struct tw_view *view = &lookup->view;
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	if (job->command->is_dig || view->form != TW_FORM_DIG || view->brief ||
		!view->comments || lookup->class_code != CLASS_IN ||
		(lookup->type != TYPE_A && lookup->type != TYPE_AAAA) ||
		!tw_hosts_note_find(&job->asked, address, sizeof(address)))
		return;
	snprintf(job->notes, sizeof(job->notes),
		";; NOTE: /etc/hosts has this name, as %s\n", address);
}

/* As the padding depends on the length of the name, all is set anew. */
bool tw_job_next(struct tw_job *job)
{
	if (!tw_names_next(&job->names, &job->asked))
		return false;
	job->repeats = 0;
	job->notes[0] = '\0';
	note_hosts(job);
	tw_job_set(job);
	return true;
}

bool tw_job_goes_on(
	const struct tw_job *job, const struct trowel_answer *answer)
{
	struct tw_names names = job->names;
	struct trowel_name name;

	return answer && answer->message.octets && answer->rcode == NXDOMAIN &&
		tw_names_next(&names, &name);
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
	snprintf(job->notes + strlen(job->notes),
		sizeof(job->notes) - strlen(job->notes),
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

bool tw_job_is_repeated(struct tw_job *job, const struct trowel_answer *answer)
{
	if (!answer || !answer->message.octets || job->repeats++ >= REPEATS)
		return false;
	if (answer->rcode == BADVERS)
		return takes_version(job, &answer->message);
	return answer->rcode == BADCOOKIE &&
		takes_cookie(job, &answer->message);
}

void tw_job_enter_sandbox(struct tw_job *job)
{
	const struct tw_view *view = &job->lookup->view;

	if (!job->enters_sandbox)
		return;
	job->enters_sandbox = false;
	/* gmtime_r() reads that, too. */
	if (view->form != TW_FORM_DIG || !view->brief)
		tzset();
	tw_sandbox_enter(!job->names.is_last);
}

/* +qr: each query that is another than the one before it. */
static void show_query(struct tw_job *job, const struct trowel_trace *trace)
{
	struct trowel_attempt attempt = *trace->attempt;
	struct trowel_answer answer = { .attempts = &attempt,
		.attempt_count = 1,
		.servers = trace->server };

	if (job->transport == attempt.transport)
		return;
	job->transport = attempt.transport;
	attempt.server = 0;
	tw_show_query(job->output, job, &answer, trace->octets, trace->length);
}

static void note_sent(void *user, const struct trowel_trace *trace)
{
	struct tw_job *job = user;

	if (trace->event != TROWEL_TRACE_SENT)
		return;
	tw_job_enter_sandbox(job);
	if (job->output && job->lookup->view.query)
		show_query(job, trace);
}

/* What the last lookup has, the system takes back, which takes it less time. */
static void leave(const struct tw_job *job, struct trowel *trowel)
{
	if (!LEAVES_AT_ONCE || !job->is_last || !job->names.is_last)
		trowel_close(trowel);
}

enum trowel_status tw_job_ask(struct tw_job *job, struct trowel_answer **answer)
{
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel *trowel = NULL;
	enum trowel_status status;

	if (job->enters_sandbox || (job->output && job->lookup->view.query)) {
		job->servers.options.trace = note_sent;
		job->servers.options.trace_user = job;
	}
	status = trowel_open(&trowel, &job->servers.options);
	if (status != TROWEL_OK)
		return status;
	trowel_name_format(&job->asked, name);
	do {
		job->transport = UINT8_MAX;
		trowel_answer_free(*answer);
		status = trowel_query(
			trowel, name, job->lookup->type, &job->ask, answer);
	} while (tw_job_is_repeated(job, *answer));
	leave(job, trowel);
	return status;
}

/* Of several @ words, dig counts the addresses of the last one, as a rule one. */
static unsigned count_servers(const struct tw_job *job)
{
	if (job->command->is_dig && job->lookup->server_count > 1)
		return 1;
	return job->servers.options.server_count;
}

struct tw_reply tw_job_reply(
	const struct tw_job *job, const struct trowel_answer *answer)
{
	struct tw_reply reply = { .answer = answer, .notes = job->notes };

	if (!job->is_greeted)
		reply.banner = &job->lookup->banner;
	reply.server_count = count_servers(job);
	if (job->servers.name[0])
		reply.server = job->servers.name;
	reply.is_group = job->lookup->gather || job->servers.is_mdns;
	reply.edns = tw_edns_is_sent(&job->edns);
	reply.dnssec = job->edns.dnssec;
	reply.is_dig = job->command->is_dig;
	reply.is_unverified = job->is_unverified;
	if (tw_job_has_cookie(job))
		reply.cookie = job->edns.cookie_octets;
	return reply;
}

void tw_job_greet(struct tw_output *output, struct tw_job *job)
{
	if (!job->is_greeted)
		tw_print_banner(
			output, &job->lookup->banner, count_servers(job));
	job->is_greeted = true;
}
