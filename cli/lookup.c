/* SPDX-License-Identifier: MIT */
#include "cli/lookup.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/edns.h"
#include "cli/explain.h"
#include "cli/print.h"
#include "cli/servers.h"
#include "cli/terminal.h"

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

/* A lookup on its way. */
struct job {
	const struct tw_lookup *lookup;
	struct tw_servers servers;
	struct tw_edns edns; /* the lookup's, with a cookie */
	struct trowel_ask ask;
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name asked;
	unsigned repeats; /* for a BADVERS or BADCOOKIE */
	char notes[160]; /* of those, as dig has them */
	uint8_t options[TW_EDNS_SIZE_MAX];
};

static int prepare(struct job *job);
static enum trowel_status ask(struct job *job, struct trowel_answer **answer);
static int show_reply(struct tw_output *output,
	const struct tw_command *command, char **words, const struct job *job,
	const struct trowel_answer *answer);
static int show_failure(
	enum trowel_status status, const struct trowel_answer *answer);

int tw_look_up(struct tw_output *output, const struct tw_command *command,
	char **words)
{
	struct job job = { .lookup = &command->lookup };
	struct trowel_answer *answer = NULL;
	enum trowel_status status;
	int exit = prepare(&job);

	if (exit)
		return exit;
	status = ask(&job, &answer);
	if (answer && answer->message.octets)
		exit = show_reply(output, command, words, &job, answer);
	else
		exit = show_failure(status, answer);
	trowel_answer_free(answer);
	return exit;
}

/*
 * The question
 */

/* 192.0.2.1 -> 1.2.0.192.in-addr.arpa. Like dig, turns round whatever stands
 * between dots: parts of an address are names of zones too. */
static bool reverse_ipv4(const char *address, char *name, size_t size)
{
	static const char suffix[] = "in-addr.arpa.";
	size_t end = strlen(address), start, used = 0;

	if (end + 1 + sizeof(suffix) > size)
		return false;
	for (;;) {
		for (start = end; start > 0 && address[start - 1] != '.';)
			start--;
		memcpy(name + used, address + start, end - start);
		used += end - start;
		name[used++] = '.';
		if (start == 0)
			break;
		end = start - 1;
	}
	memcpy(name + used, suffix, sizeof(suffix));
	return true;
}

/* RFC 3596 2.5 */
static void reverse_ipv6(const struct in6_addr *address, char *name)
{
	static const char digits[] = "0123456789abcdef";
	static const char suffix[] = "ip6.arpa.";
	size_t i;

	for (i = 16; i-- > 0;) {
		*name++ = digits[address->s6_addr[i] % 16];
		*name++ = '.';
		*name++ = digits[address->s6_addr[i] / 16];
		*name++ = '.';
	}
	memcpy(name, suffix, sizeof(suffix));
}

static bool make_name(struct job *job)
{
	const char *given = job->lookup->name;
	struct in6_addr address;
	size_t length = strlen(given);

	if (!job->lookup->is_reverse) {
		if (length < sizeof(job->name))
			memcpy(job->name, given, length + 1);
		return length < sizeof(job->name);
	}
	if (inet_pton(AF_INET6, given, &address) != 1)
		return reverse_ipv4(given, job->name, sizeof(job->name));
	reverse_ipv6(&address, job->name);
	return true;
}

static int check_name(struct job *job)
{
	enum trowel_status status = TROWEL_NAME_TOO_LONG;
	size_t position = TROWEL_NAME_MAX;

	if (make_name(job))
		status = trowel_name_parse(
			job->name, strlen(job->name), &job->asked, &position);
	if (status == TROWEL_OK)
		return 0;
	tw_complain("bad name \"%.300s\": %s at character %zu",
		job->name[0] ? job->name : job->lookup->name,
		trowel_status_text(status), position + 1);
	return TW_EXIT_INTERNAL;
}

/*
 * The query
 */

/* +time and +tries as dig has them: so many tries, each of that length. */
static void set_times(struct job *job)
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

static void set_options(struct job *job)
{
	size_t size = HEADER_AND_OPT_SIZE + (size_t)job->asked.length;

	if (!tw_edns_is_sent(&job->edns))
		return;
	job->ask.options = job->options;
	job->ask.options_length =
		(uint16_t)tw_edns_encode(&job->edns, size, job->options);
}

static void set_ask(struct job *job)
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

static int prepare(struct job *job)
{
	int exit = check_name(job);

	job->edns = job->lookup->edns;
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
static bool has_cookie(const struct job *job)
{
	return tw_edns_is_sent(&job->edns) && job->edns.cookie &&
		job->edns.cookie_length >= TW_CLIENT_COOKIE;
}

/* The COOKIE of a reply if the first half of it is ours, RFC 7873 5.3. */
static bool find_cookie(const struct job *job,
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
static bool takes_version(struct job *job, const struct trowel_message *message)
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
static bool takes_cookie(struct job *job, const struct trowel_message *message)
{
	bool again = job->edns.cookie_length > TW_CLIENT_COOKIE;
	struct trowel_field option;

	if (!has_cookie(job) || !job->edns.retry ||
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
	struct job *job, const struct trowel_answer *answer)
{
	if (!answer || !answer->message.octets || job->repeats++ >= REPEATS)
		return false;
	if (answer->rcode == BADVERS)
		return takes_version(job, &answer->message);
	return answer->rcode == BADCOOKIE &&
		takes_cookie(job, &answer->message);
}

static enum trowel_status ask(struct job *job, struct trowel_answer **answer)
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

/*
 * The reply
 */

/* A cookie that is not ours: whoever sent it had not seen the query. */
static void warn_of_cookie(
	const struct job *job, const struct trowel_message *message)
{
	struct trowel_field option = { 0 };

	if (!has_cookie(job) || find_cookie(job, message, &option) ||
		option.number != OPTION_COOKIE)
		return;
	tw_complain("warning: the reply has another cookie than the query; it "
		    "may be forged");
}

static int show_reply(struct tw_output *output,
	const struct tw_command *command, char **words, const struct job *job,
	const struct trowel_answer *answer)
{
	const struct tw_view *view = &job->lookup->view;
	struct tw_banner banner = { words, 0, command->banner_brief };
	struct tw_reply reply = { .answer = answer, .notes = job->notes };

	tw_complain_of_detours(answer);
	warn_of_cookie(job, &answer->message);
	if (view->explain) {
		tw_explain_message(output, answer->message.octets,
			answer->message.length, tw_terminal_has_colour(),
			tw_terminal_columns());
		return 0;
	}
	if (command->banner_server)
		banner.server_count = job->servers.options.server_count;
	if (command->banner)
		reply.banner = &banner;
	if (job->servers.name[0])
		reply.server = job->servers.name;
	reply.edns = tw_edns_is_sent(&job->edns);
	reply.dnssec = job->edns.dnssec;
	if (has_cookie(job))
		reply.cookie = job->edns.cookie_octets;
	tw_print_message(output, view, &answer->message, &reply);
	return 0;
}

static int show_failure(
	enum trowel_status status, const struct trowel_answer *answer)
{
	if (!answer) {
		tw_complain("%s", trowel_status_text(status));
		return TW_EXIT_INTERNAL;
	}
	tw_complain_of_failure(answer);
	return TW_EXIT_NO_REPLY;
}
