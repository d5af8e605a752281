/* SPDX-License-Identifier: MIT */
/*
 * trowel(1): one lookup. The command line says what to ask of whom; the reply
 * is collected as text and written at the end in one go.
 *
 * SIGPIPE is left as we find it. By default that ends us in silence when the
 * reader has gone, as users of pipes expect; where it is ignored, the failed
 * write is told like any other.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/print.h"
#include "config.h"

#define TYPE_ANY 255

/* Without +time and +tries: 0.4, 0.8, 1.6, 3, 3 s, which the deadline of 10 s
 * has room for. */
#define TRIES 5

/* With one of them, dig's value for the other. */
#define DIG_TIME_S 5
#define DIG_TRIES 3

#define DEADLINE_MAX_MS 3600000

/* A lookup on its way. */
struct job {
	const struct tw_lookup *lookup;
	struct trowel_options options;
	struct trowel_ask ask;
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name asked;
	char server[256]; /* as named, without port; empty: by its address */
};

static int look_up(const struct tw_command *command, char **words);
static int show(void (*add)(struct tw_output *));
static void add_version(struct tw_output *output);

int main(int argc, char **argv)
{
	struct tw_command command;
	char **words = argc > 0 ? argv + 1 : argv;
	int exit = tw_command_parse(&command, words);

	if (exit)
		return exit;
	if (command.request == TW_SHOW_HELP)
		return show(tw_options_help);
	if (command.request == TW_SHOW_VERSION)
		return show(add_version);
	return look_up(&command, words);
}

static void add_version(struct tw_output *output)
{
	tw_output_add(output, "trowel " PACKAGE_VERSION "\n");
}

/* Writes all that there is. What the file system finds out only at the end
 * comes from close(). */
static int finish(struct tw_output *output)
{
	int error = tw_output_write(output, STDOUT_FILENO);

	if (!error && close(STDOUT_FILENO) < 0)
		error = errno;
	if (!error)
		return 0;
	tw_complain("cannot write the output: %s", strerror(error));
	return error == ENOMEM ? TW_EXIT_INTERNAL : TW_EXIT_FILE;
}

static int show(void (*add)(struct tw_output *))
{
	struct tw_output output;

	tw_output_init(&output);
	add(&output);
	return finish(&output);
}

/*
 * The name
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
 * The servers
 */

static int read_resolv_conf(struct trowel_options *options)
{
	if (trowel_options_load(options, NULL) == TROWEL_OK)
		return 0;
	tw_complain("cannot read /etc/resolv.conf: %s", strerror(errno));
	return TW_EXIT_FILE;
}

/* "#53" and nothing else. */
static bool read_port(const char *text, uint16_t *port)
{
	unsigned long number = 0;
	size_t i;

	for (i = 1; text[i] >= '0' && text[i] <= '9' && i < 7; i++)
		number = number * 10 + (unsigned long)(text[i] - '0');
	*port = (uint16_t)number;
	return text[i] == '\0' && number > 0 && number <= 65535;
}

/* Whether it can be the name of a host (RFC 1123 2.1, and "_"): an address with
 * a slip in it is not to be looked up. */
static bool is_host(const char *text)
{
	bool has_letter = false;

	for (; *text; text++) {
		bool is_letter = (*text >= 'a' && *text <= 'z') ||
			(*text >= 'A' && *text <= 'Z');

		has_letter |= is_letter;
		if (!is_letter && !(*text >= '0' && *text <= '9') &&
			!strchr("-_.", *text))
			return false;
	}
	return has_letter;
}

static int refuse_server(const char *given)
{
	tw_complain("bad server \"%.300s\": neither a host's name, nor "
		    "ADDRESS, ADDRESS#PORT or [IPv6 ADDRESS]:PORT",
		given);
	return TW_EXIT_USAGE;
}

/* A host's addresses, asked of the servers of resolv.conf. */
static int resolve_server(struct job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	struct trowel_options options;
	struct trowel_list *list = NULL;
	struct trowel *trowel = NULL;
	enum trowel_status status;
	size_t i;

	trowel_options_init(&options);
	options.attempts = TRIES;
	if (read_resolv_conf(&options))
		return TW_EXIT_FILE;
	status = trowel_open(&trowel, &options);
	if (status == TROWEL_OK)
		status = trowel_addresses(trowel, job->server, NULL,
			(lookup->ipv4_only ? TROWEL_IPV4_ONLY : 0U) |
				(lookup->ipv6_only ? TROWEL_IPV6_ONLY : 0U),
			NULL, &list);
	for (i = 0; status == TROWEL_OK && i < list->count &&
		i < TROWEL_SERVERS_MAX;
		i++)
		job->options.servers[job->options.server_count++] =
			list->addresses[i];
	trowel_list_free(list);
	trowel_close(trowel);
	if (status == TROWEL_OK && job->options.server_count > 0)
		return 0;
	tw_complain("no address for server %s: %s", job->server,
		trowel_status_text(status ? status : TROWEL_NO_DATA));
	return TW_EXIT_USAGE;
}

/* What stands behind the @: an address or a host's name; #PORT may follow. */
static int find_server(struct job *job)
{
	const char *given = job->lookup->server;
	size_t length = strcspn(given, "#");
	struct trowel_options *options = &job->options;
	uint16_t port = 0;
	int exit = 0;
	uint8_t i;

	if (length >= sizeof(job->server) ||
		(given[length] == '#' && !read_port(given + length, &port)))
		return refuse_server(given);
	memcpy(job->server, given, length);
	job->server[length] = '\0';
	if (trowel_options_add_server(options, job->server) == TROWEL_OK) {
		if (options->servers[0].port) /* and it is part of the text */
			job->server[0] = '\0';
	} else if (is_host(job->server)) {
		exit = resolve_server(job);
	} else {
		exit = refuse_server(given);
	}
	for (i = 0; i < options->server_count; i++)
		if (port)
			options->servers[i].port = port;
	return exit;
}

/* Leaves out the addresses that -4 or -6 exclude, and puts ports. */
static int choose_servers(struct job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	struct trowel_options *options = &job->options;
	uint8_t i, kept = 0;

	for (i = 0; i < options->server_count; i++) {
		struct trowel_address *server = &options->servers[i];

		if ((lookup->ipv4_only && server->family != 4) ||
			(lookup->ipv6_only && server->family != 6))
			continue;
		if (lookup->port)
			server->port = (uint16_t)lookup->port;
		else if (server->port == 0)
			server->port = TROWEL_PORT;
		options->servers[kept++] = *server;
	}
	options->server_count = kept;
	if (kept > 0)
		return 0;
	tw_complain("no server with an IPv%c address in %s",
		lookup->ipv4_only ? '4' : '6',
		lookup->server ? lookup->server : "/etc/resolv.conf");
	return TW_EXIT_USAGE;
}

static int set_servers(struct job *job)
{
	int exit;

	trowel_options_init(&job->options);
	job->options.attempts = TRIES;
	job->server[0] = '\0';
	if (job->lookup->server)
		exit = find_server(job);
	else
		exit = read_resolv_conf(&job->options);
	return exit ? exit : choose_servers(job);
}

/*
 * The lookup
 */

/* +time and +tries as dig has them: so many tries, each of that length. */
static void set_times(struct job *job)
{
	struct trowel_options *options = &job->options;
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

static bool has_edns(const struct tw_lookup *lookup)
{
	return lookup->edns || lookup->dnssec || lookup->udp_size;
}

static void set_ask(struct job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	static const struct trowel_ask nothing;
	bool tcp = lookup->tcp_given ? lookup->tcp : lookup->type == TYPE_ANY;
	unsigned flags = TROWEL_ASK_ANY_RCODE;

	flags |= lookup->recursion ? 0U : TROWEL_ASK_NO_RECURSION;
	flags |= lookup->authentic ? TROWEL_ASK_AD : 0U;
	flags |= lookup->unchecked ? TROWEL_ASK_CD : 0U;
	flags |= lookup->dnssec ? TROWEL_ASK_DO : 0U;
	flags |= has_edns(lookup) ? 0U : TROWEL_ASK_NO_EDNS;
	flags |= tcp ? TROWEL_ASK_TCP : 0U;
	flags |= lookup->keep_truncated ? TROWEL_ASK_KEEP_TRUNCATED : 0U;
	job->ask = nothing;
	job->ask.flags = flags;
	job->ask.class_code = lookup->class_code;
	job->ask.udp_size = (uint16_t)lookup->udp_size;
	job->ask.edns_version = (uint8_t)lookup->edns_version;
}

static int show_reply(const struct tw_command *command, char **words,
	const struct job *job, const struct trowel_answer *answer)
{
	struct tw_banner banner = { words, 0, command->banner_brief };
	struct tw_reply reply = { .answer = answer, .name = &job->asked };
	struct tw_output output;

	if (command->banner_server)
		banner.server_count = job->options.server_count;
	if (command->banner)
		reply.banner = &banner;
	if (job->server[0])
		reply.server = job->server;
	reply.edns = has_edns(job->lookup);
	reply.dnssec = job->lookup->dnssec;
	tw_output_init(&output);
	tw_print_reply(&output, &job->lookup->view, &reply);
	return finish(&output);
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

static int look_up(const struct tw_command *command, char **words)
{
	struct job job = { .lookup = &command->lookup };
	struct trowel_answer *answer = NULL;
	struct trowel *trowel = NULL;
	enum trowel_status status;
	int exit = check_name(&job);

	if (!exit)
		exit = set_servers(&job);
	if (exit)
		return exit;
	set_times(&job);
	set_ask(&job);
	status = trowel_open(&trowel, &job.options);
	if (status == TROWEL_OK)
		status = trowel_query(
			trowel, job.name, job.lookup->type, &job.ask, &answer);
	trowel_close(trowel);
	if (answer && answer->message.octets) {
		tw_complain_of_detours(answer);
		exit = show_reply(command, words, &job, answer);
	} else {
		exit = show_failure(status, answer);
	}
	trowel_answer_free(answer);
	return exit;
}
