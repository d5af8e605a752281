/* SPDX-License-Identifier: MIT */
/* Lookups over real sockets: through the dnsmasq of fixtures/, and against
 * servers that do as a script of this file says. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define TYPE_QUERY 65280 /* its RDATA is the query, as the server saw it */
#define SECOND_US 1000000
#define HEADER 12

static struct server_message message; /* of the script at work */

/* ---- a lookup, and what it must give */

/* Stands in for the C library's. */
static bool random_fails;

ssize_t getrandom(void *octets, size_t length, unsigned flags);

ssize_t getrandom(void *octets, size_t length, unsigned flags)
{
	static int fd = -1;

	(void)flags;
	errno = EIO;
	if (random_fails)
		return -1;
	if (fd < 0)
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	return read(fd, octets, length);
}

/* The clock on the wall steps to and fro; and it is noted that it was asked. */
static unsigned wall_clock_readings;
static time_t skipped_s; /* on the other */

int clock_gettime(clockid_t clock, struct timespec *now)
{
	long error = syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += ++wall_clock_readings % 2 ? 3600 : 0;
	else
		now->tv_sec += skipped_s;
	return (int)error;
}

/* A context for servers, of tries of 2 s; the deadline is 5 s. */
static struct trowel *open_context(
	const struct trowel_address *servers, size_t count)
{
	struct trowel_options options;
	struct trowel *t;

	trowel_options_init(&options);
	options.server_count = (uint8_t)count;
	memcpy(options.servers, servers, count * sizeof(*servers));
	options.timeout_ms = 2000;
	options.deadline_ms = 5000;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&t, &options), TROWEL_OK);
	return t;
}

/* One lookup against one script, from start to end. */
struct lookup {
	struct server server;
	struct trowel *t;
	struct trowel_ask ask;
	enum trowel_status status;
	struct trowel_answer *answer;
	uint64_t took_us;
};

static void begin(struct lookup *lookup, server_script *script)
{
	struct trowel_address address;

	memset(lookup, 0, sizeof(*lookup));
	server_start(&lookup->server, AF_INET, script);
	address = server_address(&lookup->server);
	lookup->t = open_context(&address, 1);
}

static void look_up(struct lookup *lookup, uint16_t type)
{
	uint64_t start = tw_clock_us();

	lookup->status = trowel_query(
		lookup->t, "host.test", type, &lookup->ask, &lookup->answer);
	lookup->took_us = tw_clock_us() - start;
}

static void finish(struct lookup *lookup)
{
	trowel_answer_free(lookup->answer);
	trowel_close(lookup->t);
	server_stop(&lookup->server);
}

/* The addresses of type A in an answer, in their order: "192.0.2.77 ". */
static const char *addresses_in(const struct trowel_answer *answer)
{
	static _Thread_local char text[4096];
	struct trowel_chain chain;
	struct trowel_record record;
	size_t used = 0;

	text[0] = '\0';
	if (answer == NULL || answer->message.octets == NULL ||
		trowel_chain_start(&chain, &answer->message) != TROWEL_OK)
		return text;
	while (trowel_chain_next(&chain, &record)) {
		used += trowel_rdata_format(&answer->message, &record,
			TROWEL_STYLE_PLAIN, text + used, sizeof(text) - used);
		strcpy(text + used++, " ");
	}
	return text;
}

static bool is_good(const struct lookup *lookup)
{
	return lookup->status == TROWEL_OK &&
		lookup->answer->status == TROWEL_OK &&
		lookup->answer->rcode == 0 &&
		strcmp(addresses_in(lookup->answer), "192.0.2.77 ") == 0;
}

static unsigned outcome(const struct lookup *lookup, size_t attempt)
{
	if (lookup->answer == NULL || lookup->answer->attempt_count <= attempt)
		return 99;
	return lookup->answer->attempts[attempt].outcome;
}

/* Of the server that the answer came from. */
static const struct trowel_address *address_of(const struct lookup *lookup)
{
	const struct trowel_answer *answer = lookup->answer;

	return &answer->servers[answer->attempts[answer->attempt].server];
}

/* The good answer is found by the first query, whatever else the script sends;
 * `ignored` datagrams are counted. */
static void check_first_try(server_script *script, unsigned ignored)
{
	struct lookup lookup;

	begin(&lookup, script);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.took_us < 2 * SECOND_US);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ANSWERED);
	if (lookup.answer != NULL) {
		CU_ASSERT_EQUAL(lookup.answer->attempt_count, 1);
		CU_ASSERT_EQUAL(lookup.answer->attempts[0].ignored, ignored);
	}
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	finish(&lookup);
}

/* The first server does as the script says; the second answers. */
static void check_next_server(
	server_script *script, unsigned flags, unsigned first_outcome)
{
	struct lookup lookup;
	struct server second;
	struct trowel_address servers[2];

	begin(&lookup, script);
	server_start(&second, AF_INET, server_answer);
	servers[0] = server_address(&lookup.server);
	servers[1] = server_address(&second);
	trowel_close(lookup.t);
	lookup.t = open_context(servers, 2);
	lookup.ask.flags = flags;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.took_us < SECOND_US); /* no wait of 2 s */
	CU_ASSERT_EQUAL(outcome(&lookup, 0), first_outcome);
	if (lookup.answer != NULL)
		CU_ASSERT_EQUAL(address_of(&lookup)->port, second.port);
	server_stop(&second);
	finish(&lookup);
}

static void stay_silent(struct server_request *request)
{
	(void)request;
}

/* ---- the little DNS client that tutorials end with, done right */

/* Asks dnsmasq behind a server that is silent: each name costs a timeout and a
 * retry. */
static enum trowel_status ask_dnsmasq(
	const char *name, uint16_t type, struct trowel_answer **answer)
{
	static const struct trowel_ask ask = { .timeout_ms = 100 };
	struct trowel_address servers[2];
	struct server silent;
	struct trowel *t;
	enum trowel_status status;

	server_start(&silent, AF_INET, stay_silent);
	servers[0] = server_address(&silent);
	trowel_address_parse("127.0.0.1", &servers[1]);
	servers[1].port = (uint16_t)check_dnsmasq_port();
	t = open_context(servers, 2);
	status = trowel_query(t, name, type, &ask, answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*answer);
	CU_ASSERT((*answer)->attempt_count >= 2);
	CU_ASSERT_EQUAL(
		(*answer)->attempts[0].outcome, TROWEL_ATTEMPT_TIMED_OUT);
	CU_ASSERT_EQUAL((*answer)->servers[(*answer)->attempts[1].server].port,
		servers[1].port);
	trowel_close(t);
	server_stop(&silent);
	return status;
}

static void two_names_that_exist_give_their_addresses(void)
{
	struct trowel_answer *answer;

	CU_ASSERT_EQUAL(
		ask_dnsmasq("www.trowel.test", TYPE_A, &answer), TROWEL_OK);
	CU_ASSERT_STRING_EQUAL(addresses_in(answer), "192.0.2.10 ");
	CU_ASSERT_EQUAL(answer->ttl_s, 300);
	trowel_answer_free(answer);
	CU_ASSERT_EQUAL(ask_dnsmasq("ipv6.trowel.test.", TYPE_AAAA, &answer),
		TROWEL_OK);
	CU_ASSERT_STRING_EQUAL(addresses_in(answer), "2001:db8::6 ");
	trowel_answer_free(answer);
}

static void one_name_that_does_not_fails_with_nxdomain(void)
{
	char text[TROWEL_CODE_TEXT_SIZE];
	struct trowel_answer *answer;

	CU_ASSERT_EQUAL(ask_dnsmasq("missing.trowel.test", TYPE_A, &answer),
		TROWEL_OK); /* that a reply came; what it says is data */
	CU_ASSERT_EQUAL(answer->rcode, 3);
	trowel_code_format(TROWEL_RCODES, answer->rcode, text);
	CU_ASSERT_STRING_EQUAL(text, "NXDOMAIN");
	CU_ASSERT_STRING_EQUAL(addresses_in(answer), "");
	CU_ASSERT_EQUAL(answer->attempts[1].outcome, TROWEL_ANSWERED);
	trowel_answer_free(answer);
}

static void names_without_such_data_are_told_from_those(void)
{
	struct trowel_answer *answer;

	CU_ASSERT_EQUAL(
		ask_dnsmasq("nodata.trowel.test", TYPE_A, &answer), TROWEL_OK);
	CU_ASSERT_EQUAL(answer->rcode, 0);
	CU_ASSERT_STRING_EQUAL(addresses_in(answer), "");
	trowel_answer_free(answer);
}

static void aliases_lead_to_the_canonical_name(void)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_answer *answer;

	CU_ASSERT_EQUAL(
		ask_dnsmasq("alias.trowel.test", TYPE_A, &answer), TROWEL_OK);
	trowel_name_format(&answer->name, text);
	CU_ASSERT_STRING_EQUAL(text, "www.trowel.test.");
	CU_ASSERT_STRING_EQUAL(addresses_in(answer), "192.0.2.10 ");
	trowel_answer_free(answer);
}

static void large_answers_come_by_tcp(void)
{
	struct trowel_answer *answer;

	CU_ASSERT_EQUAL(
		ask_dnsmasq("big.trowel.test", TYPE_A, &answer), TROWEL_OK);
	CU_ASSERT_EQUAL(answer->message.counts[TROWEL_ANSWER], 100);
	CU_ASSERT_EQUAL(answer->attempts[1].outcome, TROWEL_ATTEMPT_TRUNCATED);
	CU_ASSERT_EQUAL(answer->attempts[2].outcome, TROWEL_ANSWERED);
	CU_ASSERT_EQUAL(answer->attempts[2].transport, TROWEL_TCP);
	trowel_answer_free(answer);
	CU_ASSERT_EQUAL(
		ask_dnsmasq("huge.trowel.test", TYPE_TXT, &answer), TROWEL_OK);
	CU_ASSERT(answer->message.length > 10000);
	trowel_answer_free(answer);
}

/* ---- which datagram is the answer */

static void answer_thrice_wrong_address(struct server_request *request)
{
	server_make_answer(&message, request);
	message.octets[message.length - 1]++; /* 192.0.2.78 */
	server_reply_from(
		request, "127.0.0.1", 0, message.octets, message.length);
	server_reply_from(
		request, "127.0.0.2", 0, message.octets, message.length);
	server_reply_from(request, "127.0.0.2", request->server->port,
		message.octets, message.length);
	server_answer(request);
}

/* T2, T9, F7. They do not even reach us: the kernel drops them. */
static void replies_from_other_addresses_and_ports_are_ignored(void)
{
	check_first_try(answer_thrice_wrong_address, 0);
}

static void send_mismatches_then_answer(struct server_request *request)
{
	static const struct {
		size_t offset; /* into header and question "host.test A IN" */
		uint8_t change; /* added to the octet there */
	} rows[] = {
		{ 0, 1 }, /* id */
		{ 1, 1 },
		{ 2, 0x80 }, /* QR */
		{ 2, 0x08 }, /* opcode */
		{ 5, 255 }, /* QDCOUNT 0 */
		{ 5, 1 }, /* QDCOUNT 2 */
		{ HEADER + 1, 1 }, /* name */
		{ HEADER + 9, 1 },
		{ HEADER + 12, 1 }, /* type */
		{ HEADER + 11, 1 }, /* type 257: not A */
		{ HEADER + 14, 1 }, /* class */
		{ HEADER + 13, 1 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		uint8_t *octet = &message.octets[rows[i].offset];

		server_make_answer(&message, request);
		message.octets[message.length - 1]++;
		*octet = (uint8_t)(*octet + rows[i].change);
		server_reply(request, message.octets, message.length);
	}
	server_answer(request);
}

/* T1, T3, T53, F6. */
static void replies_to_other_questions_are_ignored(void)
{
	check_first_try(send_mismatches_then_answer, 12);
}

static void send_short_then_answer(struct server_request *request)
{
	server_make_answer(&message, request);
	for (size_t length = 0; length < HEADER; length++)
		server_reply(request, message.octets, length);
	server_answer(request);
}

/* T4, T6, F12. */
static void empty_and_short_datagrams_are_ignored(void)
{
	check_first_try(send_short_then_answer, HEADER);
}

static void send_every_prefix_then_answer(struct server_request *request)
{
	server_make_answer(&message, request);
	for (size_t length = HEADER; length < message.length; length++)
		server_reply(request, message.octets, length);
	server_answer(request);
}

/* T4, F10: malformed, each of them, but the good one still comes. Those that
 * end within the question are not even known to be ours. */
static void malformed_replies_do_not_end_a_lookup(void)
{
	struct lookup lookup;

	begin(&lookup, send_every_prefix_then_answer);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	finish(&lookup);
}

static void send_cut_record(struct server_request *request)
{
	server_make_answer(&message, request);
	server_reply(request, message.octets, message.length - 1);
}

static void only_malformed_replies_say_what_is_wrong_with_them(void)
{
	char text[200];
	struct lookup lookup;

	begin(&lookup, send_cut_record);
	lookup.ask.timeout_ms = 50;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_MALFORMED_ANSWER);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_PTR_NULL(lookup.answer->message.octets);
	CU_ASSERT_NOT_EQUAL(lookup.answer->fault.status, TROWEL_OK);
	CU_ASSERT(trowel_fault_format(
			  &lookup.answer->fault, text, sizeof(text)) > 0);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_MALFORMED);
	finish(&lookup);
}

static void forge(struct server_request *request, unsigned count)
{
	server_make_answer(&message, request);
	message.octets[message.length - 1]++;
	for (unsigned i = 1; i <= count; i++) {
		unsigned id = request->octets[0] * 256u + request->octets[1];

		id = (id + 1 + i % 65535) % 65536;
		message.octets[0] = (uint8_t)(id / 256);
		message.octets[1] = (uint8_t)(id % 256);
		if (id != request->octets[0] * 256u + request->octets[1])
			server_reply(request, message.octets, message.length);
	}
}

/* The client's queue may overflow, and the good one be lost with the rest: then
 * its next try is answered. */
static void flood_then_answer(struct server_request *request)
{
	if (request->number == 0)
		forge(request, 100000);
	server_answer(request);
}

/* T4, F8, F9. */
static void flood_of_forged_replies_does_not_hide_the_good_one(void)
{
	struct lookup lookup;

	begin(&lookup, flood_then_answer);
	lookup.ask.attempts = 16;
	lookup.ask.deadline_ms = 30000;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.answer->attempts[0].ignored > 64);
	finish(&lookup);
}

static void flood_for_long(struct server_request *request)
{
	for (int i = 0; i < 20; i++)
		forge(request, 100000);
}

static void flood_does_not_put_off_the_deadline(void)
{
	struct lookup lookup;

	begin(&lookup, flood_for_long);
	lookup.ask.deadline_ms = 300;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us >= 300000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT(lookup.answer->attempts[0].ignored > 64);
	finish(&lookup);
}

static void answer_ten_times(struct server_request *request)
{
	for (int i = 0; i < 10; i++)
		server_answer(request);
}

/* F2. */
static void duplicates_are_of_no_account(void)
{
	struct lookup lookup;

	begin(&lookup, answer_ten_times);
	for (int i = 0; i < 20; i++) {
		trowel_answer_free(lookup.answer);
		look_up(&lookup, TYPE_A);
		CU_ASSERT(is_good(&lookup));
		CU_ASSERT_EQUAL(lookup.answer->attempt_count, 1);
		CU_ASSERT_EQUAL(lookup.answer->attempts[0].ignored, 0);
	}
	finish(&lookup);
}

/* ---- loss, delay, order */

static void answer_third(struct server_request *request)
{
	if (request->number == 2)
		server_answer(request);
}

/* F1, C30. */
static void lost_queries_are_sent_again(void)
{
	struct lookup lookup;

	begin(&lookup, answer_third);
	lookup.ask.timeout_ms = 40;
	lookup.ask.attempts = 4;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.took_us >= 80000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_TIMED_OUT);
	CU_ASSERT_EQUAL(outcome(&lookup, 1), TROWEL_ATTEMPT_TIMED_OUT);
	CU_ASSERT_EQUAL(outcome(&lookup, 2), TROWEL_ANSWERED);
	CU_ASSERT_EQUAL(lookup.answer->attempt, 2);
	finish(&lookup);
}

/* F1, G28, T10: as many queries as there are tries, and no more. */
static void silence_ends_after_all_tries(void)
{
	struct lookup lookup;

	begin(&lookup, stay_silent);
	lookup.ask.timeout_ms = 30;
	lookup.ask.attempts = 3;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us >= 90000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_EQUAL(lookup.answer->attempt_count, 3);
	CU_ASSERT_PTR_NULL(lookup.answer->message.octets);
	CU_ASSERT(server_has_seen(&lookup.server, 3));
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 3);
	finish(&lookup);
}

static void deadline_ends_a_lookup_before_its_tries_do(void)
{
	struct lookup lookup;

	begin(&lookup, stay_silent);
	lookup.ask.deadline_ms = 60;
	lookup.ask.attempts = 16;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us >= 60000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	finish(&lookup);
}

/* Answers the first query when the second has come, to its own socket. */
static void answer_first_at_second(struct server_request *request)
{
	static uint8_t octets[512];
	static struct server_request first;

	if (request->number == 0) {
		first = *request;
		first.octets = octets;
		memcpy(octets, request->octets, request->length);
	}
	if (request->number == 1)
		server_answer(&first);
}

/* F4, F5. */
static void late_reply_to_an_early_attempt_still_counts(void)
{
	struct lookup lookup;

	begin(&lookup, answer_first_at_second);
	lookup.ask.timeout_ms = 50;
	lookup.ask.attempts = 16;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.answer->attempt, 0);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ANSWERED);
	finish(&lookup);
}

/* Answers the first query when the second has come, to the second's socket;
 * then the second. */
static void mix_up_attempts(struct server_request *request)
{
	static uint8_t id[2];

	if (request->number == 0)
		memcpy(id, request->octets, 2);
	if (request->number != 1)
		return;
	server_make_answer(&message, request);
	memcpy(message.octets, id, 2);
	message.octets[message.length - 1]++;
	server_reply(request, message.octets, message.length);
	server_answer(request);
}

/* T11, C23. */
static void reply_to_one_attempt_is_not_taken_for_another(void)
{
	struct lookup lookup;

	begin(&lookup, mix_up_attempts);
	lookup.ask.timeout_ms = 50;
	lookup.ask.attempts = 16;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.answer->attempt, 1);
	CU_ASSERT_EQUAL(lookup.answer->attempts[1].ignored, 1);
	finish(&lookup);
}

/* ---- failures of servers */

static void reply_with(struct server_request *request, unsigned rcode)
{
	server_message_start(&message, request, TROWEL_RA | rcode);
	server_reply(request, message.octets, message.length);
}

static void fail_formerr(struct server_request *request)
{
	reply_with(request, 1);
}

static void fail_servfail(struct server_request *request)
{
	reply_with(request, 2);
}

static void fail_notimp(struct server_request *request)
{
	reply_with(request, 4);
}

static void fail_refused(struct server_request *request)
{
	reply_with(request, 5);
}

/* B1, G21. */
static void servers_that_fail_are_followed_by_the_next(void)
{
	check_next_server(fail_formerr, 0, TROWEL_ATTEMPT_FAILED);
	check_next_server(fail_servfail, 0, TROWEL_ATTEMPT_FAILED);
	check_next_server(fail_notimp, 0, TROWEL_ATTEMPT_FAILED);
	check_next_server(fail_refused, 0, TROWEL_ATTEMPT_FAILED);
}

static void fail_with_a_header(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA | 2);
	message.octets[5] = 0;
	server_reply(request, message.octets, HEADER);
}

/* G22. */
static void header_alone_is_a_failure_at_once(void)
{
	check_next_server(fail_with_a_header, 0, TROWEL_ATTEMPT_FAILED);
}

static void reply_lame(struct server_request *request)
{
	server_message_start(&message, request, 0);
	server_reply(request, message.octets, message.length);
}

static void lame_servers_are_followed_by_the_next(void)
{
	check_next_server(reply_lame, 0, TROWEL_ATTEMPT_LAME);
}

/* C14: the reply is there to be looked at. */
static void failure_of_all_servers_is_the_answer(void)
{
	struct lookup lookup;

	begin(&lookup, fail_refused);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_EQUAL(lookup.answer->rcode, 5);
	CU_ASSERT_PTR_NOT_NULL(lookup.answer->message.octets);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_FAILED);
	finish(&lookup);
}

static void failure_is_an_answer_where_the_caller_says_so(void)
{
	struct lookup lookup;

	begin(&lookup, fail_servfail);
	lookup.ask.flags = TROWEL_ASK_ANY_RCODE;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_EQUAL(lookup.answer->rcode, 2);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ANSWERED);
	finish(&lookup);
}

static void reply_nxdomain(struct server_request *request)
{
	reply_with(request, 3);
}

/* G21. */
static void nxdomain_is_an_answer_and_not_asked_for_elsewhere(void)
{
	struct lookup lookup;
	struct trowel_address servers[2];
	struct server second;

	begin(&lookup, reply_nxdomain);
	server_start(&second, AF_INET, server_answer);
	servers[0] = server_address(&lookup.server);
	servers[1] = server_address(&second);
	trowel_close(lookup.t);
	lookup.t = open_context(servers, 2);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_EQUAL(lookup.answer->rcode, 3);
	CU_ASSERT_EQUAL(second.shared->udp, 0);
	server_stop(&second);
	finish(&lookup);
}

/* F21, C47, B1: ICMP says so, and nobody waits for the 2 s. */
static void refused_port_is_followed_by_the_next_server_at_once(void)
{
	struct trowel_address servers[2] = { server_nowhere(AF_INET) };
	struct lookup lookup;

	begin(&lookup, server_answer);
	servers[1] = server_address(&lookup.server);
	for (unsigned i = 0; i < 2; i++) {
		trowel_close(lookup.t);
		lookup.t = open_context(servers, 2);
		lookup.ask.flags = i == 0 ? 0 : TROWEL_ASK_TCP;
		look_up(&lookup, TYPE_A);
		CU_ASSERT(is_good(&lookup));
		CU_ASSERT(lookup.took_us < SECOND_US);
		CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_ERROR);
		CU_ASSERT_EQUAL(lookup.answer->attempts[0].error, ECONNREFUSED);
		trowel_answer_free(lookup.answer);
	}
	lookup.answer = NULL;
	finish(&lookup);
}

/* G27, F23. */
static void servers_out_of_reach_are_an_error_at_once(void)
{
	struct trowel_address servers[2] = { server_nowhere(AF_INET),
		server_nowhere(AF_INET) };
	struct trowel *t = open_context(servers, 2);
	struct trowel_answer *answer;
	uint64_t start = tw_clock_us();

	CU_ASSERT_EQUAL(trowel_query(t, "host.test", TYPE_A, NULL, &answer),
		TROWEL_UNREACHABLE);
	CU_ASSERT(tw_clock_us() - start < SECOND_US);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	CU_ASSERT_PTR_NULL(answer->message.octets);
	CU_ASSERT_EQUAL(answer->attempts[0].error, ECONNREFUSED);
	trowel_answer_free(answer);
	trowel_close(t);
}

/* Whoever listens there: what is told of the attempt counts. */
static void port_is_53_where_none_is_given(void)
{
	static const struct trowel_ask ask = { .deadline_ms = 20 };
	static const struct trowel_address server = { .family = 4,
		.octets = { 127, 0, 0, 1 } };
	struct trowel *t = open_context(&server, 1);
	struct trowel_answer *answer;

	trowel_query(t, "host.test", TYPE_A, &ask, &answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	CU_ASSERT_EQUAL(answer->servers[answer->attempts[0].server].port, 53);
	trowel_answer_free(answer);
	trowel_close(t);
}

/* ---- TCP */

/* By UDP, TC=1; by TCP, the answer. */
static void truncate_then_answer(struct server_request *request)
{
	if (request->is_tcp)
		server_answer(request);
	else
		reply_with(request, TROWEL_TC);
}

static void check_truncated(server_script *script)
{
	struct lookup lookup;

	begin(&lookup, script);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_TRUNCATED);
	CU_ASSERT_EQUAL(outcome(&lookup, 1), TROWEL_ANSWERED);
	CU_ASSERT_EQUAL(lookup.answer->attempts[1].transport, TROWEL_TCP);
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	CU_ASSERT_EQUAL(lookup.server.shared->tcp, 1);
	finish(&lookup);
}

/* T5, T36, C3, G6. */
static void truncated_replies_are_asked_for_again_by_tcp(void)
{
	check_truncated(truncate_then_answer);
}

static void truncate_within_record_then_answer(struct server_request *request)
{
	if (request->is_tcp) {
		server_answer(request);
		return;
	}
	server_make_answer(&message, request);
	message.octets[2] |= 2; /* TC */
	message.octets[message.length - 2]++;
	server_reply(request, message.octets, message.length - 1);
}

/* T35: neither trusted nor taken for malformed. */
static void truncation_within_a_record_is_truncation(void)
{
	check_truncated(truncate_within_record_then_answer);
}

static void truncated_reply_is_kept_where_the_caller_says_so(void)
{
	struct lookup lookup;

	begin(&lookup, truncate_within_record_then_answer);
	lookup.ask.flags = TROWEL_ASK_KEEP_TRUNCATED;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer->message.octets);
	CU_ASSERT(lookup.answer->message.flags & TROWEL_TC);
	CU_ASSERT_EQUAL(lookup.answer->attempt_count, 1);
	CU_ASSERT_EQUAL(lookup.server.shared->tcp, 0);
	finish(&lookup);
}

static void truncate_always(struct server_request *request)
{
	server_make_answer(&message, request);
	message.octets[2] |= 2;
	server_reply(request, message.octets, message.length);
}

/* F14. */
static void truncation_by_tcp_makes_no_loop(void)
{
	check_truncated(truncate_always);
}

static void truncate_by_udp(struct server_request *request)
{
	if (!request->is_tcp)
		reply_with(request, TROWEL_TC);
}

/* F13: TCP is silent. */
static void truncation_without_tcp_ends_in_time(void)
{
	struct lookup lookup;

	begin(&lookup, truncate_by_udp);
	lookup.ask.timeout_ms = 50;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT(lookup.server.shared->udp <= 2);
	CU_ASSERT(lookup.server.shared->connections <= 2);
	finish(&lookup);
}

/* F13: TCP is refused. */
static void truncation_with_tcp_refused_is_an_error(void)
{
	struct lookup lookup;
	struct trowel_address address;

	begin(&lookup, truncate_by_udp);
	server_stop(&lookup.server);
	trowel_close(lookup.t);
	server_start_udp(&lookup.server, AF_INET, truncate_by_udp);
	address = server_address(&lookup.server);
	lookup.t = open_context(&address, 1);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_UNREACHABLE);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT(lookup.server.shared->udp <= 2);
	finish(&lookup);
}

static void close_at_once(struct server_request *request)
{
	request->is_over = true;
}

static void close_after_one_octet(struct server_request *request)
{
	server_write(request, "", 1);
	request->is_over = true;
}

static void close_after_length(struct server_request *request)
{
	server_write(request, "\0\100", 2);
	request->is_over = true;
}

static void close_within_reply(struct server_request *request)
{
	server_make_answer(&message, request);
	server_write_frame(
		request, message.length, message.octets, message.length - 1);
	request->is_over = true;
}

/* F15, G26, T26. */
static void connection_closed_early_is_followed_by_the_next_server(void)
{
	unsigned tcp = TROWEL_ASK_TCP;

	check_next_server(close_at_once, tcp, TROWEL_ATTEMPT_CLOSED);
	check_next_server(close_after_one_octet, tcp, TROWEL_ATTEMPT_CLOSED);
	check_next_server(close_after_length, tcp, TROWEL_ATTEMPT_CLOSED);
	check_next_server(close_within_reply, tcp, TROWEL_ATTEMPT_CLOSED);
}

static void close_the_first_connection(struct server_request *request)
{
	if (request->server->shared->connections == 1)
		request->is_over = true;
	else
		server_answer(request);
}

/* C32: one server, by TCP. */
static void connection_closed_at_first_is_good_the_second_time(void)
{
	struct lookup lookup;

	begin(&lookup, close_the_first_connection);
	lookup.ask.flags = TROWEL_ASK_TCP;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_EQUAL(lookup.server.shared->connections, 2);
	finish(&lookup);
}

/* F15. */
static void connection_reset_is_followed_by_the_next_server(void)
{
	check_next_server(server_reset, TROWEL_ASK_TCP, TROWEL_ATTEMPT_ERROR);
}

static void announce_0(struct server_request *request)
{
	server_write_frame(request, 0, "", 0);
}

static void announce_1(struct server_request *request)
{
	server_write_frame(request, 1, "x", 1);
}

static void announce_11(struct server_request *request)
{
	server_write_frame(request, 11, "eleven octe", 11);
}

/* F17, C13, T26. */
static void lengths_that_no_message_has_are_an_error_at_once(void)
{
	unsigned tcp = TROWEL_ASK_TCP;

	check_next_server(announce_0, tcp, TROWEL_ATTEMPT_ERROR);
	check_next_server(announce_1, tcp, TROWEL_ATTEMPT_ERROR);
	check_next_server(announce_11, tcp, TROWEL_ATTEMPT_ERROR);
}

static void announce_too_much(struct server_request *request)
{
	server_make_answer(&message, request);
	server_write_frame(request, 65535, message.octets, message.length);
}

/* F17. */
static void lying_length_is_not_waited_for_for_ever(void)
{
	struct lookup lookup;

	begin(&lookup, announce_too_much);
	lookup.ask.flags = TROWEL_ASK_TCP;
	lookup.ask.timeout_ms = 50;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us < SECOND_US);
	finish(&lookup);
}

static void check_tcp(server_script *script)
{
	struct lookup lookup;

	begin(&lookup, script);
	lookup.ask.flags = TROWEL_ASK_TCP;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 0);
	finish(&lookup);
}

static void drip(struct server_request *request)
{
	server_make_answer(&message, request);
	server_write(request, "", 1);
	message.octets[65000] = (uint8_t)message.length;
	server_write(request, &message.octets[65000], 1);
	for (size_t i = 0; i < message.length; i++) {
		server_write(request, message.octets + i, 1);
		poll(NULL, 0, 1);
	}
}

/* F16. */
static void reply_that_drips_in_is_taken(void)
{
	check_tcp(drip);
}

static void answer_then_close(struct server_request *request)
{
	server_answer(request);
	request->is_over = true;
}

static void answer_then_half_close(struct server_request *request)
{
	server_answer(request);
	shutdown(request->fd, SHUT_WR);
}

static void answer_with_surplus(struct server_request *request)
{
	server_answer(request);
	server_write(request, "and so on, and so on", 20);
}

/* F18, C12. */
static void whole_reply_counts_whatever_comes_after_it(void)
{
	check_tcp(answer_then_close);
	check_tcp(answer_then_half_close);
	check_tcp(answer_with_surplus);
}

static void answer_wrong_id_first(struct server_request *request)
{
	server_make_answer(&message, request);
	message.octets[0] ^= 0x55;
	message.octets[message.length - 1]++;
	server_reply(request, message.octets, message.length);
	server_answer(request);
}

/* F19. */
static void second_frame_is_taken_where_the_first_is_not_ours(void)
{
	check_tcp(answer_wrong_id_first);
}

static void drip_slowly(struct server_request *request)
{
	server_make_answer(&message, request);
	server_write(request, "\0\53", 2);
	for (size_t i = 0; i < message.length; i++) {
		server_write(request, message.octets + i, 1);
		poll(NULL, 0, 20);
	}
}

/* F16: it would take most of a second. */
static void reply_that_drips_too_slowly_is_given_up(void)
{
	struct lookup lookup;

	begin(&lookup, drip_slowly);
	lookup.ask.flags = TROWEL_ASK_TCP;
	lookup.ask.deadline_ms = 100;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_TIMED_OUT);
	CU_ASSERT(lookup.took_us >= 100000);
	CU_ASSERT(lookup.took_us < SECOND_US / 2);
	finish(&lookup);
}

static void fill_a_message(struct server_request *request)
{
	static const uint8_t ipv4[4] = { 192, 0, 2, 77 };
	size_t room;

	server_message_start(&message, request, TROWEL_RA);
	room = (65535 - message.length) / 16;
	for (size_t i = 0; i < room; i++)
		server_message_add(&message, NULL, TYPE_A, 300, ipv4, 4);
	server_reply(request, message.octets, message.length);
}

/* T24, G25. */
static void reply_of_64_kib_is_taken(void)
{
	struct lookup lookup;

	begin(&lookup, fill_a_message);
	lookup.ask.flags = TROWEL_ASK_TCP;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_EQUAL(lookup.answer->message.counts[TROWEL_ANSWER], 4094);
	finish(&lookup);
}

static void answer_with_much_by_udp(struct server_request *request)
{
	static const uint8_t noise[3000];

	server_make_answer(&message, request);
	server_message_add(&message, "x.test", 65280, 300, noise, 3000);
	server_reply(request, message.octets, message.length);
}

/* F11: more than was offered, but it is all there. */
static void datagram_larger_than_offered_is_taken(void)
{
	check_first_try(answer_with_much_by_udp, 0);
}

/* ---- what is asked, and what is told of the answer */

static void echo_query(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_QUERY, 0, request->octets,
		request->length);
	server_reply(request, message.octets, message.length);
}

/* The query as the server saw it. */
static struct trowel_message query_seen(
	struct lookup *lookup, const struct trowel_ask *ask)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_message seen = { 0 };
	struct trowel_record record = { 0 };

	trowel_answer_free(lookup->answer);
	lookup->ask = *ask;
	look_up(lookup, TYPE_QUERY);
	CU_ASSERT_EQUAL_FATAL(lookup->status, TROWEL_OK);
	CU_ASSERT_FATAL(trowel_record_next(
		&lookup->answer->message, &iterator, &record));
	CU_ASSERT_EQUAL(trowel_message_decode(&seen,
				lookup->answer->message.octets + record.rdata,
				record.rdata_length, NULL),
		TROWEL_OK);
	return seen;
}

static void query_is_what_was_asked_for(void)
{
	static const uint8_t nsid[] = { 0, 3, 0, 0 };
	static const struct {
		struct trowel_ask ask;
		unsigned flags;
		unsigned udp_size; /* 0: no EDNS */
		unsigned edns_flags;
	} rows[] = {
		{ { 0 }, TROWEL_RD, 1232, 0 },
		{ { .flags = TROWEL_ASK_NO_RECURSION }, 0, 1232, 0 },
		{ { .flags = TROWEL_ASK_AD }, TROWEL_RD | TROWEL_AD, 1232, 0 },
		{ { .flags = TROWEL_ASK_CD }, TROWEL_RD | TROWEL_CD, 1232, 0 },
		{ { .flags = TROWEL_ASK_DO }, TROWEL_RD, 1232, 0x8000 },
		{ { .edns_flags = 0x4081 }, TROWEL_RD, 1232, 0x4081 },
		{ { .flags = TROWEL_ASK_DO, .edns_flags = 0x4000 }, TROWEL_RD,
			1232, 0xC000 },
		{ { .flags = TROWEL_ASK_NO_EDNS }, TROWEL_RD, 0, 0 },
		{ { .udp_size = 512 }, TROWEL_RD, 512, 0 },
		{ { .flags = TROWEL_ASK_TCP }, TROWEL_RD, 1232, 0 },
		{ { .options = nsid, .options_length = 4 }, TROWEL_RD, 1232,
			0 },
	};
	struct lookup lookup;

	begin(&lookup, echo_query);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_message seen = query_seen(&lookup, &rows[i].ask);

		CU_ASSERT_EQUAL(seen.flags, rows[i].flags);
		CU_ASSERT_EQUAL(seen.id, lookup.answer->message.id);
		CU_ASSERT_EQUAL(seen.id, lookup.answer->attempts[0].id);
		CU_ASSERT_EQUAL(seen.edns.present, rows[i].udp_size > 0);
		CU_ASSERT_EQUAL(seen.edns.udp_size, rows[i].udp_size);
		CU_ASSERT_EQUAL(seen.edns.flags, rows[i].edns_flags);
		CU_ASSERT_EQUAL(
			seen.edns.options_length, rows[i].ask.options_length);
	}
	finish(&lookup);
}

/* The query behind an attempt, as the server saw it: its header. */
static void check_header(const struct trowel_ask *ask, uint16_t flags)
{
	struct lookup lookup;
	struct trowel_message seen;

	begin(&lookup, echo_query);
	seen = query_seen(&lookup, ask);
	CU_ASSERT_EQUAL(seen.flags, flags);
	if (ask->flags & TROWEL_ASK_SET_ID)
		CU_ASSERT_EQUAL(seen.id, ask->id);
	finish(&lookup);
}

static void header_is_as_asked(void)
{
	static const struct {
		struct trowel_ask ask;
		uint16_t flags;
	} rows[] = {
		{ { .header_flags = TROWEL_AA | TROWEL_Z | TROWEL_RA },
			TROWEL_AA | TROWEL_Z | TROWEL_RA | TROWEL_RD },
		{ { .opcode = 2 }, 2 * 2048 | TROWEL_RD },
		{ { .flags = TROWEL_ASK_SET_ID, .id = 4711 }, TROWEL_RD },
		{ { .flags = TROWEL_ASK_SET_ID, .id = 0 }, TROWEL_RD },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_header(&rows[i].ask, rows[i].flags);
}

static void fixed_id_is_that_of_each_attempt(void)
{
	struct lookup lookup;

	begin(&lookup, answer_third);
	lookup.ask = (struct trowel_ask){ .flags = TROWEL_ASK_SET_ID,
		.id = 4711,
		.timeout_ms = 30,
		.attempts = 4 };
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(lookup.server.shared->ids[i], 4711);
	finish(&lookup);
}

static void class_and_size_can_be_0_where_that_is_meant(void)
{
	static const struct trowel_ask ask = { .flags = TROWEL_ASK_EXACT };
	struct trowel_question question;
	struct trowel_message seen;
	struct lookup lookup;

	begin(&lookup, echo_query);
	seen = query_seen(&lookup, &ask);
	CU_ASSERT(trowel_message_question(&seen, &question));
	CU_ASSERT_EQUAL(question.class_code, 0);
	CU_ASSERT(seen.edns.present);
	CU_ASSERT_EQUAL(seen.edns.udp_size, 0);
	finish(&lookup);
}

/* As the query: a header and an OPT. */
static void reply_without_question(struct server_request *request)
{
	CU_ASSERT_EQUAL(request->length, HEADER + 11);
	memcpy(message.octets, request->octets, request->length);
	message.octets[2] |= 0x80;
	message.octets[3] = 0x80; /* RA */
	server_reply(request, message.octets, request->length);
}

static void header_alone_is_asked_and_answered(void)
{
	struct lookup lookup;

	begin(&lookup, reply_without_question);
	lookup.ask.flags = TROWEL_ASK_NO_QUESTION | TROWEL_ASK_ANY_RCODE;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_EQUAL(lookup.answer->message.counts[TROWEL_QUESTION], 0);
	CU_ASSERT(lookup.answer->message.edns.present);
	finish(&lookup);
}

static void one_server_of_several_can_be_asked(void)
{
	struct trowel_address servers[3];
	struct server others[2];
	struct lookup lookup;

	begin(&lookup, server_answer);
	trowel_close(lookup.t);
	server_start(&others[0], AF_INET, server_answer);
	server_start(&others[1], AF_INET, server_answer);
	servers[0] = server_address(&others[0]);
	servers[1] = server_address(&lookup.server);
	servers[2] = server_address(&others[1]);
	lookup.t = open_context(servers, 3);
	lookup.ask.server = 2;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.answer->attempts[0].server, 0);
	CU_ASSERT_EQUAL(lookup.answer->servers[0].port, servers[1].port);
	CU_ASSERT_EQUAL(others[0].shared->udp + others[1].shared->udp, 0);
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	server_stop(&others[0]);
	server_stop(&others[1]);
	finish(&lookup);
}

static void tell_source(struct server_request *request)
{
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);

	memcpy(&peer, &request->peer, sizeof(peer));
	if (request->is_tcp)
		getpeername(request->fd, (struct sockaddr *)&peer, &size);
	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_A, 300, &peer.sin_addr, 4);
	server_reply(request, message.octets, message.length);
}

static void queries_come_from_the_source_that_is_asked_for(void)
{
	struct lookup lookup;
	uint16_t port = server_nowhere(AF_INET).port;

	begin(&lookup, tell_source);
	trowel_address_parse("127.0.0.9", &lookup.ask.source);
	for (unsigned i = 0; i < 4; i++) {
		lookup.ask.flags = i % 2 == 0 ? 0 : TROWEL_ASK_TCP;
		lookup.ask.source.port = i == 2 ? port : 0;
		look_up(&lookup, TYPE_A);
		CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
		CU_ASSERT_STRING_EQUAL(
			addresses_in(lookup.answer), "127.0.0.9 ");
		trowel_answer_free(lookup.answer);
	}
	CU_ASSERT_EQUAL(lookup.server.shared->ports[1], port);
	lookup.ask.flags = 0;
	lookup.ask.source.family = 0;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_STRING_EQUAL(addresses_in(lookup.answer), "127.0.0.1 ");
	finish(&lookup);
}

static void source_that_is_not_ours_is_an_error(void)
{
	struct lookup lookup;

	begin(&lookup, server_answer);
	trowel_address_parse("192.0.2.1", &lookup.ask.source);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_SYSTEM_ERROR);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_EQUAL(lookup.answer->attempts[0].error, EADDRNOTAVAIL);
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 0);
	finish(&lookup);
}

static void malformed_reply_is_kept_where_the_caller_says_so(void)
{
	struct lookup lookup;

	begin(&lookup, send_cut_record);
	lookup.ask.flags = TROWEL_ASK_KEEP_MALFORMED;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_MALFORMED_ANSWER);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer);
	CU_ASSERT_EQUAL(lookup.answer->status, TROWEL_MALFORMED_ANSWER);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.answer->message.octets);
	CU_ASSERT_EQUAL(lookup.answer->message.octets[2] / 128, 1);
	CU_ASSERT_EQUAL(lookup.answer->message.length, HEADER + 15 + 15);
	CU_ASSERT_NOT_EQUAL(lookup.answer->fault.status, TROWEL_OK);
	finish(&lookup);
}

static void answer_with_ad(struct server_request *request)
{
	server_make_answer(&message, request);
	message.octets[3] |= TROWEL_AD;
	server_reply(request, message.octets, message.length);
}

/* T41, G19. */
static void ad_is_told_only_where_it_is_trusted(void)
{
	static const struct {
		unsigned ask;
		unsigned options;
		bool told;
	} rows[] = {
		{ 0, 0, false },
		{ TROWEL_ASK_DO, 0, false },
		{ TROWEL_ASK_AD, 0, true },
		{ TROWEL_ASK_EXACT, 0, true },
		{ 0, TROWEL_TRUST_AD, true },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_options options;
		struct lookup lookup;

		begin(&lookup, answer_with_ad);
		trowel_close(lookup.t);
		trowel_options_init(&options);
		options.flags = rows[i].options;
		options.server_count = 1;
		options.servers[0] = server_address(&lookup.server);
		CU_ASSERT_EQUAL_FATAL(
			trowel_open(&lookup.t, &options), TROWEL_OK);
		lookup.ask.flags = rows[i].ask;
		lookup.ask.class_code = 1;
		lookup.ask.udp_size = 1232;
		look_up(&lookup, TYPE_A);
		CU_ASSERT(is_good(&lookup));
		CU_ASSERT_EQUAL((lookup.answer->message.flags & TROWEL_AD) != 0,
			rows[i].told);
		CU_ASSERT_EQUAL(
			(lookup.answer->message.octets[3] & TROWEL_AD) != 0,
			rows[i].told);
		finish(&lookup);
	}
}

static void fail_with_reason(struct server_request *request)
{
	static const uint8_t opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 17, 0,
		3, 0, 1, 'x', 0, 15, 0, 8, 0, 7, 'e', 'x', 'p', 'i', 'r', 'e' };

	server_message_start(&message, request, TROWEL_RA | 2);
	memcpy(message.octets + message.length, opt, sizeof(opt));
	message.octets[11] = 1;
	server_reply(request, message.octets, message.length + sizeof(opt));
}

/* RFC 8914. */
static void reason_of_a_failure_is_told(void)
{
	struct lookup lookup;

	begin(&lookup, fail_with_reason);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.answer->rcode, 2);
	CU_ASSERT_EQUAL(lookup.answer->ede_code, 7);
	CU_ASSERT_EQUAL_FATAL(lookup.answer->ede_length, 6);
	CU_ASSERT_EQUAL(
		memcmp(lookup.answer->message.octets + lookup.answer->ede_text,
			"expire", 6),
		0);
	finish(&lookup);
	begin(&lookup, fail_servfail);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.answer->ede_code, TROWEL_NO_EDE);
	finish(&lookup);
}

/* G19. */
static void ad_is_asked_for_where_it_is_trusted(void)
{
	static const struct trowel_ask ask = { .flags = 0 };
	struct trowel_options options;
	struct lookup lookup;

	begin(&lookup, echo_query);
	trowel_close(lookup.t);
	trowel_options_init(&options);
	options.flags = TROWEL_TRUST_AD;
	options.servers[options.server_count++] =
		server_address(&lookup.server);
	CU_ASSERT_EQUAL_FATAL(trowel_open(&lookup.t, &options), TROWEL_OK);
	CU_ASSERT_EQUAL(query_seen(&lookup, &ask).flags, TROWEL_RD | TROWEL_AD);
	finish(&lookup);
}

static void class_and_edns_version_are_as_asked(void)
{
	static const struct trowel_ask ask = { .class_code = 3,
		.edns_version = 1 };
	struct trowel_question question;
	struct trowel_message seen;
	struct lookup lookup;

	begin(&lookup, echo_query);
	seen = query_seen(&lookup, &ask);
	CU_ASSERT(trowel_message_question(&seen, &question));
	CU_ASSERT_EQUAL(question.class_code, 3);
	CU_ASSERT_EQUAL(seen.edns.version, 1);
	finish(&lookup);
}

/* T7, T8, F30 for what concerns one process. */
static void every_query_has_a_fresh_id_and_port(void)
{
	struct lookup lookup;
	size_t same_id = 0;
	size_t same_port = 0;

	begin(&lookup, server_answer);
	for (unsigned i = 0; i < 200; i++) {
		trowel_answer_free(lookup.answer);
		look_up(&lookup, TYPE_A);
		CU_ASSERT(is_good(&lookup));
	}
	for (unsigned i = 1; i < 200; i++) {
		same_id += lookup.server.shared->ids[i] ==
			lookup.server.shared->ids[i - 1];
		same_port += lookup.server.shared->ports[i] ==
			lookup.server.shared->ports[i - 1];
	}
	CU_ASSERT(same_id < 3); /* by chance, one in 300 runs has one */
	CU_ASSERT(same_port < 3);
	finish(&lookup);
}

static void answer_by_aliases(struct server_request *request)
{
	static const uint8_t ipv4[4] = { 192, 0, 2, 77 };

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, "end.test", TYPE_A, 200, ipv4, 4);
	server_message_add_alias(&message, "middle.test", 50, "end.test");
	server_message_add_alias(&message, NULL, 100, "middle.test");
	server_message_add(&message, "other.test", TYPE_A, 1, ipv4, 4);
	server_reply(request, message.octets, message.length);
}

/* G3, T30, T28. */
static void canonical_name_and_least_ttl_are_told(void)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct lookup lookup;

	begin(&lookup, answer_by_aliases);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	trowel_name_format(&lookup.answer->name, text);
	CU_ASSERT_STRING_EQUAL(text, "end.test.");
	CU_ASSERT_EQUAL(lookup.answer->ttl_s, 50);
	finish(&lookup);
}

static void answer_with_alias_loop(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 100, "middle.test");
	server_message_add_alias(&message, "middle.test", 50, "host.test");
	server_reply(request, message.octets, message.length);
}

static void alias_loop_is_data_of_a_query(void)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct lookup lookup;

	begin(&lookup, answer_with_alias_loop);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_EQUAL(lookup.answer->message.counts[TROWEL_ANSWER], 2);
	trowel_name_format(&lookup.answer->name, text);
	CU_ASSERT_STRING_EQUAL(text, "host.test.");
	CU_ASSERT_EQUAL(lookup.answer->ttl_s, 0);
	finish(&lookup);
}

static void answer_with_an_alias(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 60, "end.test");
	server_reply(request, message.octets, message.length);
}

/* C33. */
static void alias_without_data_is_no_data(void)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct lookup lookup;

	begin(&lookup, answer_with_an_alias);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
	CU_ASSERT_EQUAL(lookup.answer->rcode, 0);
	CU_ASSERT_STRING_EQUAL(addresses_in(lookup.answer), "");
	trowel_name_format(&lookup.answer->name, text);
	CU_ASSERT_STRING_EQUAL(text, "end.test.");
	CU_ASSERT_EQUAL(lookup.answer->attempt_count, 1);
	finish(&lookup);
}

static void answer_with_odd_ttl(struct server_request *request)
{
	static const uint8_t ipv4[4] = { 192, 0, 2, 77 };

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_A, 0x80000001, ipv4, 4);
	server_reply(request, message.octets, message.length);
}

/* T54. */
static void ttl_with_its_top_bit_set_is_0(void)
{
	struct lookup lookup;

	begin(&lookup, answer_with_odd_ttl);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.answer->ttl_s, 0);
	finish(&lookup);
}

static void answer_outlives_its_context(void)
{
	struct lookup lookup;

	begin(&lookup, server_answer);
	look_up(&lookup, TYPE_A);
	trowel_close(lookup.t);
	lookup.t = NULL;
	CU_ASSERT(is_good(&lookup));
	finish(&lookup);
}

static void ipv6_servers_answer(void)
{
	struct lookup lookup;
	struct trowel_address address;

	if (!check_has_ipv6()) {
		check_skip("::1 cannot be bound");
		return;
	}
	begin(&lookup, stay_silent);
	server_stop(&lookup.server);
	trowel_close(lookup.t);
	server_start(&lookup.server, AF_INET6, truncate_then_answer);
	address = server_address(&lookup.server);
	lookup.t = open_context(&address, 1);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(
		lookup.answer->servers[lookup.answer->attempts[1].server]
			.family,
		6);
	finish(&lookup);
}

/* ---- errors before anything is sent */

static void bad_names_are_refused(void)
{
	static const struct {
		const char *name;
		enum trowel_status status;
	} rows[] = {
		{ "", TROWEL_EMPTY_LABEL },
		{ "a..b", TROWEL_EMPTY_LABEL },
		{ "\\300", TROWEL_BAD_ESCAPE },
	};
	struct lookup lookup;

	begin(&lookup, server_answer);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(trowel_query(lookup.t, rows[i].name, TYPE_A,
					NULL, &lookup.answer),
			rows[i].status);
		CU_ASSERT_PTR_NULL(lookup.answer);
	}
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 0);
	finish(&lookup);
}

static void options_that_do_not_fit_are_refused(void)
{
	static const uint8_t octets[2000] = { 0xFD, 0xE9, 7, 0xCC };
	struct lookup lookup;

	begin(&lookup, server_answer);
	lookup.ask.options = octets;
	lookup.ask.options_length = sizeof(octets);
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_MESSAGE_TOO_LONG);
	CU_ASSERT_PTR_NULL(lookup.answer);
	finish(&lookup);
}

static void policy_out_of_range_is_refused(void)
{
	struct lookup lookup;

	begin(&lookup, server_answer);
	lookup.ask.attempts = 17;
	look_up(&lookup, TYPE_A);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_BAD_ARGUMENT);
	CU_ASSERT_PTR_NULL(lookup.answer);
	finish(&lookup);
}

/* F33, T7. */
static void nothing_is_sent_without_randomness(void)
{
	struct lookup lookup;

	if (check_lacks_getrandom())
		return;
	begin(&lookup, server_answer);
	random_fails = true;
	look_up(&lookup, TYPE_A);
	random_fails = false;
	CU_ASSERT_EQUAL(lookup.status, TROWEL_NO_RANDOM);
	CU_ASSERT_PTR_NULL(lookup.answer);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	finish(&lookup);
}

static void context_needs_a_server_and_counts_within_their_limits(void)
{
	struct trowel_options options;
	struct trowel *t = (struct trowel *)&options;

	trowel_options_init(&options);
	CU_ASSERT_EQUAL(trowel_open(&t, &options), TROWEL_NO_SERVERS);
	CU_ASSERT_PTR_NULL(t);
	options.server_count = TROWEL_SERVERS_MAX + 1;
	CU_ASSERT_EQUAL(trowel_open(&t, &options), TROWEL_BAD_ARGUMENT);
	options.server_count = 1;
	options.search_length = TROWEL_SEARCH_SIZE + 1;
	CU_ASSERT_EQUAL(trowel_open(&t, &options), TROWEL_BAD_ARGUMENT);
	CU_ASSERT_PTR_NULL(t);
	trowel_close(NULL);
	trowel_answer_free(NULL);
	trowel_list_free(NULL);
}

/* ---- descriptors, signals, processes */

static size_t count_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			count++;
	return count;
}

/* F24: it is waited for, but not past the deadline. */
static void want_of_descriptors_is_an_error_that_passes(void)
{
	struct lookup lookup;
	rlim_t before;

	if (check_lacks_getrandom())
		return;
	begin(&lookup, server_answer);
	lookup.ask.deadline_ms = 200;
	before = check_limit_descriptors((rlim_t)check_next_descriptor());
	look_up(&lookup, TYPE_A);
	check_limit_descriptors(before);
	CU_ASSERT_EQUAL(lookup.status, TROWEL_SYSTEM_ERROR);
	CU_ASSERT(lookup.took_us >= 200000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	CU_ASSERT_EQUAL(outcome(&lookup, 0), TROWEL_ATTEMPT_ERROR);
	CU_ASSERT_EQUAL(lookup.answer->attempts[0].error, EMFILE);
	trowel_answer_free(lookup.answer);
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	finish(&lookup);
}

/* T48, G49; memory is for the leak sanitizer to look at. */
static void thousand_lookups_lose_no_descriptor(void)
{
	static server_script *const scripts[] = { server_answer,
		truncate_then_answer, fail_refused };

	for (size_t i = 0; i < CHECK_COUNT(scripts); i++) {
		struct lookup lookup;
		size_t before;

		begin(&lookup, scripts[i]);
		look_up(&lookup, TYPE_A);
		before = count_descriptors();
		for (int j = 0; j < 333; j++) {
			trowel_answer_free(lookup.answer);
			look_up(&lookup, TYPE_A);
			CU_ASSERT_EQUAL(lookup.status, TROWEL_OK);
		}
		CU_ASSERT_EQUAL(count_descriptors(), before);
		finish(&lookup);
	}
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

/* F26, T49. */
static void storm_of_signals_changes_nothing(void)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct sigaction before;
	struct itimerval every_ms = { { 0, 1000 }, { 0, 1000 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct lookup lookup;

	begin(&lookup, answer_third);
	sigaction(SIGALRM, &action, &before);
	setitimer(ITIMER_REAL, &every_ms, NULL);
	lookup.ask.timeout_ms = 50;
	lookup.ask.attempts = 4;
	look_up(&lookup, TYPE_A);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT(signals > 10);
	CU_ASSERT_EQUAL(lookup.answer->attempt, 2);
	CU_ASSERT(lookup.took_us >= 100000);
	CU_ASSERT(lookup.took_us < SECOND_US);
	finish(&lookup);
}

/* F28, T50. */
static void clock_on_the_wall_is_of_no_account(void)
{
	struct lookup lookup;

	begin(&lookup, answer_third);
	lookup.ask.timeout_ms = 40;
	lookup.ask.attempts = 4;
	wall_clock_readings = 0;
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.answer->attempt, 2);
	CU_ASSERT_EQUAL(wall_clock_readings, 0);
	finish(&lookup);
}

#define THREADS 64

static void *look_up_often(void *user)
{
	struct lookup *lookup = user;

	lookup->took_us = 0; /* counts good answers here */
	for (int i = 0; i < 20; i++) {
		struct trowel_answer *answer;

		lookup->took_us += trowel_query(lookup->t, "host.test", TYPE_A,
					   NULL, &answer) == TROWEL_OK &&
			answer->message.counts[TROWEL_ANSWER] == 1;
		trowel_answer_free(answer);
	}
	return NULL;
}

/* G48, F40: for the thread sanitizer to look at, too. */
static void contexts_in_threads_do_not_meet(void)
{
	static struct lookup lookups[THREADS];
	pthread_t threads[THREADS];
	struct server server;
	struct trowel_address address;

	server_start(&server, AF_INET, server_answer);
	address = server_address(&server);
	for (size_t i = 0; i < THREADS; i++) {
		lookups[i].t = open_context(&address, 1);
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL,
					      look_up_often, &lookups[i]),
			0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CU_ASSERT_EQUAL(lookups[i].took_us, 20);
		trowel_close(lookups[i].t);
	}
	server_stop(&server);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK_SIZE 1048576 /* instrumented functions take more */
#else
#define STACK_SIZE 16384
#endif

static void *look_up_in_a_thread(void *argument)
{
	look_up(argument, TYPE_A);
	return NULL;
}

/* F34: the least that a thread can have. */
static void lookup_needs_little_stack(void)
{
	struct lookup lookup;
	pthread_attr_t attributes;
	pthread_t thread;

	begin(&lookup, truncate_then_answer);
	pthread_attr_init(&attributes);
	if (pthread_attr_setstacksize(&attributes, STACK_SIZE) != 0) {
		check_skip("threads need more here");
	} else {
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, &attributes,
					      look_up_in_a_thread, &lookup),
			0);
		pthread_join(thread, NULL);
		CU_ASSERT(is_good(&lookup));
	}
	pthread_attr_destroy(&attributes);
	finish(&lookup);
}

/* F30, T51. */
static void context_works_on_both_sides_of_a_fork(void)
{
	struct lookup lookup;
	struct server_shared *shared;
	int status = -1;
	pid_t child;

	begin(&lookup, server_answer);
	fflush(stdout);
	child = fork();
	look_up(&lookup, TYPE_A);
	if (child == 0)
		_exit(is_good(&lookup) ? 0 : 1);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	shared = lookup.server.shared;
	CU_ASSERT_EQUAL(shared->udp, 2);
	/* by chance, one run in 65,536 has the same id */
	CU_ASSERT(shared->ids[0] != shared->ids[1] ||
		shared->ports[0] != shared->ports[1]);
	finish(&lookup);
}

/* ---- the configuration file */

static char *scratch; /* the directory of the case at work */

static const char *path_of(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	return path;
}

static void make_scratch(void)
{
	static char name[4096];
	const char *directory = getenv("TMPDIR");

	snprintf(name, sizeof(name), "%s/trowel-test-XXXXXX",
		directory != NULL ? directory : "/tmp");
	scratch = mkdtemp(name);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scratch);
}

static void drop_scratch(const char *name)
{
	remove(path_of(name));
	rmdir(scratch);
}

static void write_file(const char *head, size_t fill, const char *tail)
{
	static char blanks[65536];
	FILE *file = fopen(path_of("conf"), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	memset(blanks, ' ', sizeof(blanks));
	fputs(head, file);
	for (; fill > sizeof(blanks); fill -= sizeof(blanks))
		fwrite(blanks, 1, sizeof(blanks), file);
	fwrite(blanks, 1, fill, file);
	fputs(tail, file);
	fclose(file);
}

static void check_servers(const char *expected)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	char all[4096] = "";
	struct trowel_options options;
	size_t before = count_descriptors();
	uint64_t start = tw_clock_us();

	trowel_options_init(&options);
	CU_ASSERT_EQUAL(
		trowel_options_load(&options, path_of("conf")), TROWEL_OK);
	CU_ASSERT(tw_clock_us() - start < SECOND_US);
	CU_ASSERT_EQUAL(count_descriptors(), before);
	for (size_t i = 0; i < options.server_count; i++) {
		trowel_address_format(&options.servers[i], text);
		strcat(all, text);
		strcat(all, " ");
	}
	CU_ASSERT_STRING_EQUAL(all, expected);
}

static void configuration_is_read_from_a_file(void)
{
	make_scratch();
	write_file("nameserver 192.0.2.1\n", 0, "nameserver ::1");
	check_servers("192.0.2.1 ::1 ");
	drop_scratch("conf");
}

/* G50, C63. */
static void missing_and_empty_files_give_the_local_server(void)
{
	make_scratch();
	check_servers("127.0.0.1 ");
	CU_ASSERT_EQUAL(symlink("nowhere", path_of("conf")), 0);
	check_servers("127.0.0.1 ");
	remove(path_of("conf"));
	write_file("", 0, "");
	check_servers("127.0.0.1 ");
	write_file("# nameserver 192.0.2.1\n", 0, "");
	check_servers("127.0.0.1 ");
	drop_scratch("conf");
}

/* F36. Over 1 MiB, the last line that is read may be half a one, and half an
 * address is another. */
static void huge_files_are_read_in_part_and_by_whole_lines(void)
{
	static const char server[] = "nameserver 192.0.2.1\n";
	static const char last[] = "nameserver 192.0.2.234\n";
	size_t room = 1048576 - strlen(server) - 1;

	make_scratch();
	write_file(server, 10000000, "\nnameserver 192.0.2.2\n");
	check_servers("192.0.2.1 ");
	write_file("", 10000000, "\nnameserver 192.0.2.2\n");
	check_servers("127.0.0.1 ");
	write_file("nameserver 192.0.2.1\n\n", room - strlen(last),
		"\nnameserver 192.0.2.234\n");
	check_servers("192.0.2.1 ");
	write_file("nameserver 192.0.2.1\n\n", room - strlen(last) - 1,
		"\nnameserver 192.0.2.234\n");
	check_servers("192.0.2.1 192.0.2.234 ");
	drop_scratch("conf");
}

static void write_server(const struct server *server)
{
	char text[64];

	snprintf(text, sizeof(text), "nameserver 127.0.0.1:%u\n", server->port);
	write_file(text, 0, "");
}

static void answer_but_the_first(struct server_request *request)
{
	if (request->number > 0)
		server_answer(request);
}

/* C7: another server is in the file while the first one is asked. */
static void lookup_under_way_keeps_its_servers(void)
{
	struct trowel_request request = { .type = TYPE_A, .name = "host.test" };
	struct trowel_options options;
	struct trowel_done done = { .id = 0 };
	struct server old;
	struct lookup lookup;
	uint32_t id;

	begin(&lookup, server_answer);
	trowel_close(lookup.t);
	server_start(&old, AF_INET, answer_but_the_first);
	make_scratch();
	write_server(&old);
	trowel_options_init(&options);
	CU_ASSERT_EQUAL(
		trowel_options_load(&options, path_of("conf")), TROWEL_OK);
	options.timeout_ms = 4000;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&lookup.t, &options), TROWEL_OK);
	CU_ASSERT_EQUAL(trowel_start(lookup.t, &request, NULL, &id), TROWEL_OK);
	CU_ASSERT(server_has_seen(&old, 1));
	write_server(&lookup.server);
	skipped_s += 2; /* the file is looked at once a second */
	look_up(&lookup, TYPE_A);
	CU_ASSERT(is_good(&lookup));
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	skipped_s += 3; /* the first is asked again */
	for (int i = 0; i < 1000 && !trowel_next(lookup.t, &done); i++)
		poll(NULL, 0, 1);
	CU_ASSERT_EQUAL(done.id, id);
	CU_ASSERT_EQUAL(done.status, TROWEL_OK);
	CU_ASSERT_EQUAL(old.shared->udp, 2);
	CU_ASSERT_EQUAL(lookup.server.shared->udp, 1);
	trowel_answer_free(done.answer);
	drop_scratch("conf");
	server_stop(&old);
	finish(&lookup);
}

static void check_refused(const char *path, int error)
{
	struct trowel_options options;
	struct trowel_options before;
	size_t descriptors = count_descriptors();

	trowel_options_init(&options);
	trowel_options_add_server(&options, "192.0.2.9");
	memcpy(&before, &options, sizeof(before)); /* padding too */
	errno = 0;
	CU_ASSERT_EQUAL(
		trowel_options_load(&options, path), TROWEL_CANNOT_READ);
	CU_ASSERT_EQUAL(errno, error);
	CU_ASSERT_EQUAL(memcmp(&options, &before, sizeof(before)), 0);
	CU_ASSERT_EQUAL(count_descriptors(), descriptors);
}

/* F36: neither waited for nor read without end. */
static void what_is_no_file_is_refused(void)
{
	make_scratch();
	check_refused(scratch, EISDIR);
	check_refused("/dev/zero", EINVAL);
	CU_ASSERT_EQUAL(mkfifo(path_of("conf"), 0600), 0);
	check_refused(path_of("conf"), EINVAL);
	drop_scratch("conf");
}

static void unreadable_files_are_told(void)
{
	uid_t user = geteuid();

	make_scratch();
	write_file("nameserver 192.0.2.1\n", 0, "");
	chmod(path_of("conf"), 0);
	/* root may read everything, nobody may not */
	CU_ASSERT_EQUAL(seteuid(user == 0 ? 65534 : user), 0);
	check_refused(path_of("conf"), EACCES);
	CU_ASSERT_EQUAL(seteuid(user), 0);
	drop_scratch("conf");
}

static void system_configuration_is_the_default(void)
{
	struct trowel_options options;

	trowel_options_init(&options);
	if (access("/etc/resolv.conf", R_OK) != 0) {
		check_skip("no /etc/resolv.conf");
		return;
	}
	CU_ASSERT_EQUAL(trowel_options_load(&options, NULL), TROWEL_OK);
	CU_ASSERT(options.server_count > 0);
}

static const struct check_case cases[] = {
	CHECK_CASE(two_names_that_exist_give_their_addresses),
	CHECK_CASE(one_name_that_does_not_fails_with_nxdomain),
	CHECK_CASE(names_without_such_data_are_told_from_those),
	CHECK_CASE(aliases_lead_to_the_canonical_name),
	CHECK_CASE(large_answers_come_by_tcp),
	CHECK_CASE(replies_from_other_addresses_and_ports_are_ignored),
	CHECK_CASE(replies_to_other_questions_are_ignored),
	CHECK_CASE(empty_and_short_datagrams_are_ignored),
	CHECK_CASE(malformed_replies_do_not_end_a_lookup),
	CHECK_CASE(only_malformed_replies_say_what_is_wrong_with_them),
	CHECK_CASE(flood_of_forged_replies_does_not_hide_the_good_one),
	CHECK_CASE(flood_does_not_put_off_the_deadline),
	CHECK_CASE(duplicates_are_of_no_account),
	CHECK_CASE(lost_queries_are_sent_again),
	CHECK_CASE(silence_ends_after_all_tries),
	CHECK_CASE(deadline_ends_a_lookup_before_its_tries_do),
	CHECK_CASE(late_reply_to_an_early_attempt_still_counts),
	CHECK_CASE(reply_to_one_attempt_is_not_taken_for_another),
	CHECK_CASE(servers_that_fail_are_followed_by_the_next),
	CHECK_CASE(header_alone_is_a_failure_at_once),
	CHECK_CASE(lame_servers_are_followed_by_the_next),
	CHECK_CASE(failure_of_all_servers_is_the_answer),
	CHECK_CASE(failure_is_an_answer_where_the_caller_says_so),
	CHECK_CASE(nxdomain_is_an_answer_and_not_asked_for_elsewhere),
	CHECK_CASE(refused_port_is_followed_by_the_next_server_at_once),
	CHECK_CASE(servers_out_of_reach_are_an_error_at_once),
	CHECK_CASE(port_is_53_where_none_is_given),
	CHECK_CASE(truncated_replies_are_asked_for_again_by_tcp),
	CHECK_CASE(truncation_within_a_record_is_truncation),
	CHECK_CASE(truncated_reply_is_kept_where_the_caller_says_so),
	CHECK_CASE(truncation_by_tcp_makes_no_loop),
	CHECK_CASE(truncation_without_tcp_ends_in_time),
	CHECK_CASE(truncation_with_tcp_refused_is_an_error),
	CHECK_CASE(connection_closed_early_is_followed_by_the_next_server),
	CHECK_CASE(connection_closed_at_first_is_good_the_second_time),
	CHECK_CASE(connection_reset_is_followed_by_the_next_server),
	CHECK_CASE(lengths_that_no_message_has_are_an_error_at_once),
	CHECK_CASE(lying_length_is_not_waited_for_for_ever),
	CHECK_CASE(reply_that_drips_in_is_taken),
	CHECK_CASE(reply_that_drips_too_slowly_is_given_up),
	CHECK_CASE(whole_reply_counts_whatever_comes_after_it),
	CHECK_CASE(second_frame_is_taken_where_the_first_is_not_ours),
	CHECK_CASE(reply_of_64_kib_is_taken),
	CHECK_CASE(datagram_larger_than_offered_is_taken),
	CHECK_CASE(query_is_what_was_asked_for),
	CHECK_CASE(header_is_as_asked),
	CHECK_CASE(fixed_id_is_that_of_each_attempt),
	CHECK_CASE(class_and_size_can_be_0_where_that_is_meant),
	CHECK_CASE(header_alone_is_asked_and_answered),
	CHECK_CASE(one_server_of_several_can_be_asked),
	CHECK_CASE(queries_come_from_the_source_that_is_asked_for),
	CHECK_CASE(source_that_is_not_ours_is_an_error),
	CHECK_CASE(malformed_reply_is_kept_where_the_caller_says_so),
	CHECK_CASE(ad_is_told_only_where_it_is_trusted),
	CHECK_CASE(reason_of_a_failure_is_told),
	CHECK_CASE(ad_is_asked_for_where_it_is_trusted),
	CHECK_CASE(class_and_edns_version_are_as_asked),
	CHECK_CASE(every_query_has_a_fresh_id_and_port),
	CHECK_CASE(canonical_name_and_least_ttl_are_told),
	CHECK_CASE(alias_loop_is_data_of_a_query),
	CHECK_CASE(alias_without_data_is_no_data),
	CHECK_CASE(ttl_with_its_top_bit_set_is_0),
	CHECK_CASE(answer_outlives_its_context),
	CHECK_CASE(ipv6_servers_answer),
	CHECK_CASE(bad_names_are_refused),
	CHECK_CASE(options_that_do_not_fit_are_refused),
	CHECK_CASE(policy_out_of_range_is_refused),
	CHECK_CASE(nothing_is_sent_without_randomness),
	CHECK_CASE(context_needs_a_server_and_counts_within_their_limits),
	CHECK_CASE(want_of_descriptors_is_an_error_that_passes),
	CHECK_CASE(thousand_lookups_lose_no_descriptor),
	CHECK_CASE(storm_of_signals_changes_nothing),
	CHECK_CASE(clock_on_the_wall_is_of_no_account),
	CHECK_CASE(contexts_in_threads_do_not_meet),
	CHECK_CASE(lookup_needs_little_stack),
	CHECK_CASE(context_works_on_both_sides_of_a_fork),
	CHECK_CASE(configuration_is_read_from_a_file),
	CHECK_CASE(missing_and_empty_files_give_the_local_server),
	CHECK_CASE(huge_files_are_read_in_part_and_by_whole_lines),
	CHECK_CASE(lookup_under_way_keeps_its_servers),
	CHECK_CASE(what_is_no_file_is_refused),
	CHECK_CASE(unreadable_files_are_told),
	CHECK_CASE(system_configuration_is_the_default),
};

int main(int argc, char **argv)
{
	check_need_dnsmasq(argv);
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
