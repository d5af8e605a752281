/* SPDX-License-Identifier: MIT */
/* trowel --bulk against servers that do as a script of this file says: whose
 * replies are believed, and what comes of the others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/json_valid.h"
#include "tests/server.h"

#define TYPE_A 1
#define NXDOMAIN 3
#define FORMERR 1
#define SERVFAIL 2
#define NOTIMP 4
#define REFUSED 5

static struct server_message message; /* of the script at work */

/* ---- a run of the command */

struct run {
	struct server servers[3];
	int status;
	char text[65536]; /* standard output */
	char said[8192]; /* standard error */
};

/* The text of a file, which goes away. */
static void read_stream(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t used = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	used = fread(text, 1, size - 1, file);
	text[used] = '\0';
	fclose(file);
}

/* Asks `count` of the servers for the names that a command of the shell gives. */
static void run(
	struct run *run, size_t count, const char *names, const char *options)
{
	const char *build = getenv("TOP_BUILDDIR");
	char path[64] = "/tmp/trowel-test-XXXXXX", line[2048];
	size_t used;

	close(mkstemp(path));
	used = (size_t)snprintf(line, sizeof(line),
		"%s | %s/cli/trowel --bulk %s", names,
		build != NULL ? build : ".", options);
	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used,
			" @127.0.0.1#%u", run->servers[i].port);
	snprintf(line + used, sizeof(line) - used, " >%s.out 2>%s", path, path);
	run->status = WEXITSTATUS(system(line));
	read_stream(path, run->said, sizeof(run->said));
	unlink(path);
	strcat(path, ".out");
	read_stream(path, run->text, sizeof(run->text));
	unlink(path);
}

static void start(struct run *run, size_t count, server_script *const *scripts)
{
	for (size_t i = 0; i < count; i++)
		server_start(&run->servers[i], AF_INET, scripts[i]);
}

static void stop(struct run *run, size_t count)
{
	for (size_t i = 0; i < count; i++)
		server_stop(&run->servers[i]);
}

static void expect(const struct run *run, const char *text, int status)
{
	if (strcmp(run->text, text) != 0 || run->status != status)
		printf("%s(status %d)\n%s", run->text, run->status, run->said);
	CU_ASSERT_STRING_EQUAL(run->text, text);
	CU_ASSERT_EQUAL(run->status, status);
}

/* One server, one name, and what is to come of it. */
static unsigned ask_one(
	server_script *script, const char *options, const char *text)
{
	static struct run it;
	unsigned asked;

	start(&it, 1, &script);
	run(&it, 1, "echo a.test", options);
	expect(&it, text, strstr(text, ";TIMED_OUT") ? 9 : 0);
	asked = it.servers[0].shared->udp;
	stop(&it, 1);
	return asked;
}

#define GOOD "a.test.\tA\t192.0.2.77\n"

/* ---- scripts */

static void answer(struct server_request *request)
{
	server_answer(request);
}

static void reply_rcode(struct server_request *request, unsigned flags)
{
	server_message_start(&message, request, flags);
	server_reply(request, message.octets, message.length);
}

static void servfail(struct server_request *request)
{
	reply_rcode(request, TROWEL_RA | SERVFAIL);
}

static void refuse(struct server_request *request)
{
	reply_rcode(request, REFUSED);
}

static void nxdomain(struct server_request *request)
{
	reply_rcode(request, TROWEL_RA | NXDOMAIN);
}

static void be_lame(struct server_request *request)
{
	reply_rcode(request, 0);
}

static void keep_silent(struct server_request *request)
{
	(void)request;
}

/* Forgeries first: another id, no response, another opcode, another name, type
 * and class, no question; then the right one. */
static void forge(struct server_request *request)
{
	static struct server_message forged;
	size_t end;

	server_make_answer(&message, request);
	message.octets[message.length - 1] = 66;
	forged = message;
	forged.octets[1] ^= 1;
	server_reply(request, forged.octets, forged.length);
	forged = message;
	forged.octets[2] ^= 0x80;
	server_reply(request, forged.octets, forged.length);
	forged = message;
	forged.octets[2] ^= 0x10;
	server_reply(request, forged.octets, forged.length);
	forged = message;
	forged.octets[13] ^= 1;
	server_reply(request, forged.octets, forged.length);
	end = 12 + 8;
	forged = message;
	forged.octets[end + 1] = 28;
	server_reply(request, forged.octets, forged.length);
	forged = message;
	forged.octets[end + 3] = 3;
	server_reply(request, forged.octets, forged.length);
	forged = message;
	forged.octets[5] = 0;
	server_reply(request, forged.octets, forged.length);
	server_reply(request, message.octets, 11);
	server_reply_from(
		request, "127.0.0.1", 0, message.octets, message.length);
	server_answer(request);
}

static void truncate_udp(struct server_request *request)
{
	if (request->is_tcp)
		server_answer(request);
	else
		reply_rcode(request, TROWEL_RA | TROWEL_TC);
}

/* A header alone. */
static void fail_bare(struct server_request *request)
{
	server_message_start(&message, request, SERVFAIL);
	memset(message.octets + 4, 0, 8);
	server_reply(request, message.octets, 12);
}

static bool has_opt(const struct server_request *request)
{
	return request->octets[11] == 1;
}

static void formerr_to_opt(struct server_request *request)
{
	if (has_opt(request))
		reply_rcode(request, FORMERR);
	else
		server_answer(request);
}

static void silent_to_opt(struct server_request *request)
{
	if (!has_opt(request))
		server_answer(request);
}

/* The first reply is cut in its record. */
static void malform_first(struct server_request *request)
{
	server_make_answer(&message, request);
	if (request->number == 0)
		message.length -= 3;
	server_reply(request, message.octets, message.length);
}

static void malform_all(struct server_request *request)
{
	server_make_answer(&message, request);
	server_reply(request, message.octets, message.length - 3);
}

static void drop_first(struct server_request *request)
{
	if (request->number > 0)
		server_answer(request);
}

/* The reply to the first query comes when the second is there. */
static void answer_late(struct server_request *request)
{
	static struct server_message first;
	static struct server_request asked;

	if (request->number == 0) {
		server_make_answer(&first, request);
		asked = *request;
	} else {
		server_reply(&asked, first.octets, first.length);
	}
}

/* Without the case of its letters, but by TCP. */
static void lower_case(struct server_request *request)
{
	server_make_answer(&message, request);
	for (size_t i = 12; !request->is_tcp && i < 20; i++)
		if (message.octets[i] >= 'A' && message.octets[i] <= 'Z')
			message.octets[i] |= 0x20;
	server_reply(request, message.octets, message.length);
}

static void alias(struct server_request *request)
{
	static const uint8_t address[] = { 192, 0, 2, 7 };

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, "b.test", TYPE_A, 60, address, 4);
	server_message_add(&message, "other.test", TYPE_A, 60, address, 4);
	server_message_add_alias(&message, NULL, 60, "b.test");
	server_reply(request, message.octets, message.length);
}

/* ---- cases */

static void forgeries_are_passed_over(void)
{
	CU_ASSERT_EQUAL(ask_one(forge, "", GOOD), 1);
}

static void truncated_replies_are_asked_for_by_tcp(void)
{
	CU_ASSERT_EQUAL(ask_one(truncate_udp, "", GOOD), 1);
	CU_ASSERT_EQUAL(
		ask_one(truncate_udp, "+ignore", "a.test.\tA\t;NODATA\n"), 1);
}

static void all_can_go_by_tcp(void)
{
	CU_ASSERT_EQUAL(ask_one(answer, "+tcp", GOOD), 0);
}

static void lost_queries_are_sent_again(void)
{
	CU_ASSERT_EQUAL(ask_one(drop_first, "", GOOD), 2);
}

static void late_replies_count(void)
{
	CU_ASSERT_EQUAL(ask_one(answer_late, "", GOOD), 2);
}

static void silence_ends_with_the_tries(void)
{
	CU_ASSERT_EQUAL(ask_one(keep_silent, "+time=1 +tries=2",
				"a.test.\tA\t;TIMED_OUT\n"),
		2);
}

static void names_that_are_not_there_are_answers(void)
{
	CU_ASSERT_EQUAL(ask_one(nxdomain, "", "a.test.\tA\t;NXDOMAIN\n"), 1);
}

static void malformed_replies_are_not_the_end(void)
{
	static struct run it;

	ask_one(malform_first, "", GOOD);
	start(&it, 1, (server_script *[]){ malform_all });
	run(&it, 1, "echo a.test", "+time=1 +tries=1");
	expect(&it, "a.test.\tA\t;MALFORMED_ANSWER\n", 9);
	stop(&it, 1);
}

static void edns_is_left_out_where_it_does_not_work(void)
{
	static struct run it;

	start(&it, 1, (server_script *[]){ formerr_to_opt });
	run(&it, 1, "(echo a.test; echo b.test)", "--window=1");
	expect(&it, GOOD "b.test.\tA\t192.0.2.77\n", 0);
	CU_ASSERT_EQUAL(it.servers[0].shared->udp, 3); /* it is remembered */
	stop(&it, 1);
	CU_ASSERT_EQUAL(ask_one(silent_to_opt, "", GOOD), 3);
	CU_ASSERT_EQUAL(ask_one(silent_to_opt, "+noedns", GOOD), 1);
}

static void failures_go_to_the_next_server(void)
{
	static server_script *const scripts[] = { servfail, refuse, be_lame,
		fail_bare };
	static struct run it;

	for (size_t i = 0; i < CHECK_COUNT(scripts); i++) {
		start(&it, 2, (server_script *[]){ scripts[i], answer });
		run(&it, 2, "echo a.test", "");
		expect(&it, GOOD, 0);
		stop(&it, 2);
	}
}

static void the_best_failure_is_the_result(void)
{
	static struct run it;

	start(&it, 3, (server_script *[]){ refuse, servfail, be_lame });
	run(&it, 3, "echo a.test", "");
	expect(&it, "a.test.\tA\t;SERVFAIL\n", 9);
	run(&it, 1, "echo a.test", "");
	expect(&it, "a.test.\tA\t;REFUSED\n", 9);
	stop(&it, 3);
	ask_one(be_lame, "+norecurse", "a.test.\tA\t;NODATA\n");
}

/* Few of 200 names may wait for the server that is dead. */
static void dead_server_is_asked_last(void)
{
	static struct run it;
	size_t lines = 0;

	start(&it, 2, (server_script *[]){ keep_silent, answer });
	run(&it, 2, "seq -f x%.0f.test 200", "--window=8");
	for (const char *at = it.text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	CU_ASSERT_EQUAL(lines, 200);
	CU_ASSERT_PTR_NULL(strchr(it.text, ';'));
	CU_ASSERT_TRUE(it.servers[0].shared->udp <= 16);
	stop(&it, 2);
}

static void silent_at_first(struct server_request *request)
{
	if (request->number >= 8)
		server_answer(request);
}

/* After a second, a name is tried there; and then it has its share again. */
static void dead_server_may_come_back(void)
{
	static struct run it;

	start(&it, 2, (server_script *[]){ silent_at_first, answer });
	run(&it, 2, "seq -f x%.0f.test 250", "--window=8 --rate=100");
	CU_ASSERT_EQUAL(it.status, 0);
	CU_ASSERT_PTR_NULL(strchr(it.text, ';'));
	CU_ASSERT_TRUE(it.servers[0].shared->udp >= 30);
	stop(&it, 2);
}

static void letters_in_random_case_are_compared(void)
{
	ask_one(answer, "+0x20", GOOD);
	ask_one(lower_case, "", GOOD);
	ask_one(lower_case, "+0x20", GOOD); /* by TCP, at last */
}

static void only_what_answers_is_shown(void)
{
	ask_one(alias, "", "a.test.\tA\t192.0.2.7\n");
	ask_one(alias, "+short", "192.0.2.7\n");
	ask_one(nxdomain, "+short", ";NXDOMAIN\n");
}

static void json_tells_all_attempts(void)
{
	static struct run it;
	size_t end;

	start(&it, 2, (server_script *[]){ servfail, truncate_udp });
	run(&it, 2, "echo a.test", "+jsonl");
	CU_ASSERT_EQUAL(it.status, 0);
	end = strlen(it.text);
	CU_ASSERT_TRUE_FATAL(end > 1);
	CU_ASSERT_PTR_EQUAL(strchr(it.text, '\n'), it.text + end - 1);
	CU_ASSERT_TRUE(json_is_valid(it.text));
	CU_ASSERT_PTR_NOT_NULL(strstr(it.text, "SERVFAIL"));
	CU_ASSERT_PTR_NOT_NULL(strstr(it.text, "\"transport\": \"TCP\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(it.text, "192.0.2.77"));
	stop(&it, 2);
}

static const struct check_case cases[] = {
	CHECK_CASE(forgeries_are_passed_over),
	CHECK_CASE(truncated_replies_are_asked_for_by_tcp),
	CHECK_CASE(all_can_go_by_tcp),
	CHECK_CASE(lost_queries_are_sent_again),
	CHECK_CASE(late_replies_count),
	CHECK_CASE(silence_ends_with_the_tries),
	CHECK_CASE(names_that_are_not_there_are_answers),
	CHECK_CASE(malformed_replies_are_not_the_end),
	CHECK_CASE(edns_is_left_out_where_it_does_not_work),
	CHECK_CASE(failures_go_to_the_next_server),
	CHECK_CASE(the_best_failure_is_the_result),
	CHECK_CASE(dead_server_is_asked_last),
	CHECK_CASE(dead_server_may_come_back),
	CHECK_CASE(letters_in_random_case_are_compared),
	CHECK_CASE(only_what_answers_is_shown),
	CHECK_CASE(json_tells_all_attempts),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
