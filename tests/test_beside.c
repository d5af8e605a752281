/* SPDX-License-Identifier: MIT */
/* The command with several types and several servers at once, +addr, +attempts
 * and JSON, against servers that do as a script of this file says. */
#include <stdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/json_valid.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define NXDOMAIN 3
#define SERVFAIL 2

static struct server_message message; /* of the script at work */

/* ---- a run of the command */

struct run {
	struct server servers[3];
	int status;
	char text[16384]; /* standard output and standard error, mixed */
};

static void run(struct run *run, const char *arguments)
{
	char words[1024];

	snprintf(words, sizeof(words), "host.test %s", arguments);
	run->status = check_command(words, run->text, sizeof(run->text));
}

/* " @127.0.0.1#PORT" of each of the servers, and then `rest`. */
static void run_at(struct run *it, size_t count, const char *rest)
{
	char words[512];
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(words + used, sizeof(words) - used,
			"@127.0.0.1#%u ", it->servers[i].port);
	snprintf(words + used, sizeof(words) - used, "%s", rest);
	run(it, words);
}

static void begin(struct run *run, server_script *const *scripts, size_t count)
{
	memset(run, 0, sizeof(*run));
	for (size_t i = 0; i < count; i++)
		server_start(&run->servers[i], AF_INET, scripts[i]);
}

static void end(struct run *run, size_t count)
{
	for (size_t i = 0; i < count; i++)
		server_stop(&run->servers[i]);
}

static void check_says(const struct run *run, const char *wanted)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(run->text, wanted));
	if (strstr(run->text, wanted) == NULL)
		printf("not \"%s\", but:\n%s\n", wanted, run->text);
}

static void check_text(const struct run *run, const char *wanted)
{
	CU_ASSERT_STRING_EQUAL(run->text, wanted);
	if (strcmp(run->text, wanted) != 0)
		printf("not\n%s\nbut:\n%s\n", wanted, run->text);
}

/* ---- several types */

/* Keeps the reply to the first question until the third has come, and gives
 * them out in the order in which they were not asked. */
static void reply_to_all_at_once(struct server_request *request)
{
	static struct {
		struct server_request request;
		uint8_t octets[512];
	} kept[3];
	static size_t count;

	if (count == 3 || request->length > sizeof(kept[0].octets))
		return;
	kept[count].request = *request;
	memcpy(kept[count].octets, request->octets, request->length);
	kept[count].request.octets = kept[count].octets;
	if (++count < 3)
		return;
	while (count-- > 0)
		server_answer(&kept[count].request);
	count = 3;
}

static void types_are_asked_at_once_and_shown_in_order(void)
{
	static server_script *const scripts[] = { reply_to_all_at_once };
	struct run it;

	begin(&it, scripts, 1);
	/* One after the other, the first would never be answered. */
	run_at(&it, 1, "AAAA A AAAA +short +time=5 +tries=1");
	CU_ASSERT_EQUAL(it.status, 0);
	check_text(&it, "2001:db8::77\n192.0.2.77\n2001:db8::77\n");
	end(&it, 1);
}

static void answer_but_txt(struct server_request *request)
{
	if (server_request_type(request) != TYPE_TXT)
		server_answer(request);
}

static void one_type_without_a_reply_leaves_the_others(void)
{
	static server_script *const scripts[] = { answer_but_txt };
	struct run it;

	begin(&it, scripts, 1);
	run_at(&it, 1, "A TXT AAAA +short +time=1 +tries=1");
	CU_ASSERT_EQUAL(it.status, 9);
	check_says(&it, "192.0.2.77\n");
	check_says(&it, "trowel: no reply from 127.0.0.1#");
	check_says(&it, "2001:db8::77\n");
	run_at(&it, 1, "A TXT AAAA +jsonl +time=1 +tries=1 2>/dev/null");
	CU_ASSERT_EQUAL(it.status, 9);
	check_says(&it, "\"error\": {\"status\": \"TIMED_OUT\"");
	end(&it, 1);
}

/* BADVERS with version 0 until that is what is asked. */
static void know_version_0_alone(struct server_request *request)
{
	static const uint8_t badvers[] = { 0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0 };
	uint8_t *counts = message.octets;

	server_message_start(&message, request, 0);
	if (request->octets[request->length - 4 - 1] == 0) {
		server_answer(request);
		return;
	}
	memcpy(message.octets + message.length, badvers, sizeof(badvers));
	message.length += sizeof(badvers);
	counts[11] = 1;
	server_reply(request, message.octets, message.length);
}

static void badvers_is_asked_again_beside_others(void)
{
	static server_script *const scripts[] = { know_version_0_alone };
	struct run it;

	begin(&it, scripts, 1);
	run_at(&it, 1, "A AAAA +edns=1 +nocookie +short +time=2 +tries=1");
	check_text(&it, "192.0.2.77\n2001:db8::77\n");
	end(&it, 1);
}

/* ---- addresses alone */

static void answer_by_alias(struct server_request *request)
{
	static const uint8_t ipv4[] = { 192, 0, 2, 1 };
	static const uint8_t ipv6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	bool is_a = server_request_type(request) == TYPE_A;

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, "stranger.test", TYPE_A, 1, ipv4, 4);
	server_message_add_alias(&message, NULL, 60, "real.test");
	if (is_a)
		server_message_add(&message, "real.test", TYPE_A, 60, ipv4, 4);
	else
		server_message_add(
			&message, "real.test", TYPE_AAAA, 60, ipv6, 16);
	server_reply(request, message.octets, message.length);
}

static void addresses_stand_alone(void)
{
	static server_script *const scripts[] = { answer_by_alias };
	struct run it;

	begin(&it, scripts, 1);
	run_at(&it, 1, "+addr");
	CU_ASSERT_EQUAL(it.status, 0);
	check_text(&it, "192.0.2.1\n2001:db8::1\n");
	run_at(&it, 1, "+addr AAAA");
	check_text(&it, "2001:db8::1\n");
	end(&it, 1);
}

/* ---- attempts */

static void answer_the_second(struct server_request *request)
{
	if (request->number > 0)
		server_answer(request);
}

static void attempts_are_told(void)
{
	static server_script *const scripts[] = { answer_the_second };
	struct run it;

	begin(&it, scripts, 1);
	run_at(&it, 1, "+attempts +short +time=1 +tries=2");
	check_says(&it, ";; Attempt 1: at 0.0");
	check_says(&it, " (UDP): timed out, after ");
	check_says(&it, ";; Attempt 2: at ");
	check_says(&it, " (UDP): answered, NOERROR, after ");
	end(&it, 1);
}

/* ---- several servers */

static void answer(struct server_request *request)
{
	server_answer(request);
}

static const uint8_t first[] = { 192, 0, 2, 77 }, second[] = { 192, 0, 2, 78 };

static void answer_two(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_A, 5, first, 4);
	server_message_add(&message, "HOST.Test", TYPE_A, 7, second, 4);
	server_reply(request, message.octets, message.length);
}

static void answer_two_the_other_way_round(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_A, 300, second, 4);
	server_message_add(&message, NULL, TYPE_A, 5, first, 4);
	server_reply(request, message.octets, message.length);
}

static void refuse_the_name(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA | NXDOMAIN);
	server_reply(request, message.octets, message.length);
}

/* SERVFAIL with EDE 22 and a text. */
static void fail_with_a_reason(struct server_request *request)
{
	static const uint8_t opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 9, 0,
		15, 0, 5, 0, 22, 'a', 7, 'b' };

	server_message_start(&message, request, TROWEL_RA | SERVFAIL);
	memcpy(message.octets + message.length, opt, sizeof(opt));
	message.length += sizeof(opt);
	message.octets[11] = 1;
	server_reply(request, message.octets, message.length);
}

static void keep_silent(struct server_request *request)
{
	(void)request;
}

static void order_and_ttl_are_no_difference(void)
{
	static server_script *const scripts[] = { answer_two,
		answer_two_the_other_way_round };
	struct run it;

	begin(&it, scripts, 2);
	run_at(&it, 2, "");
	CU_ASSERT_EQUAL(it.status, 0);
	check_says(&it, "  NOERROR, 2 records, ");
	CU_ASSERT_PTR_NULL(strstr(it.text, "differs"));
	end(&it, 2);
}

static void differences_are_told(void)
{
	static server_script *const scripts[] = { answer, answer, answer_two };
	struct run it;
	char wanted[256];

	begin(&it, scripts, 3);
	run_at(&it, 3, "");
	CU_ASSERT_EQUAL(it.status, 1);
	snprintf(wanted, sizeof(wanted),
		"\n127.0.0.1#%u differs from 127.0.0.1#%u and 1 other:\n"
		"+ host.test. IN A 192.0.2.78\n",
		it.servers[2].port, it.servers[0].port);
	check_says(&it, wanted);
	end(&it, 3);
}

static void status_and_error_of_each_are_told(void)
{
	static server_script *const scripts[] = { answer, refuse_the_name,
		fail_with_a_reason };
	struct run it;

	begin(&it, scripts, 3);
	run_at(&it, 3, "");
	CU_ASSERT_EQUAL(it.status, 1);
	check_says(&it, "  NOERROR, 1 record, ");
	check_says(&it, "  NXDOMAIN, 0 records, ");
	check_says(&it, ", EDE 22 (No Reachable Authority): a.b\n");
	check_says(&it, ":\n- NOERROR\n+ NXDOMAIN\n- host.test. IN A ");
	check_says(&it, ":\n- NOERROR\n+ SERVFAIL\n- host.test. IN A ");
	end(&it, 3);
}

static void silence_is_a_difference_unless_all_keep_it(void)
{
	static server_script *const scripts[] = { answer, keep_silent };
	struct run it;

	begin(&it, scripts, 2);
	run_at(&it, 2, "+time=1 +tries=1");
	CU_ASSERT_EQUAL(it.status, 1);
	check_says(&it, "  timed out\n");
	check_says(&it, "- NOERROR\n+ timed out\n");
	memcpy(&it.servers[2], &it.servers[0], sizeof(it.servers[0]));
	memcpy(&it.servers[0], &it.servers[1], sizeof(it.servers[0]));
	run_at(&it, 2, "+time=1 +tries=1");
	CU_ASSERT_EQUAL(it.status, 9);
	memcpy(&it.servers[0], &it.servers[2], sizeof(it.servers[0]));
	end(&it, 2);
}

static void servers_are_compared_in_json_too(void)
{
	static server_script *const scripts[] = { answer, answer_two };
	struct run it;
	char *line;

	begin(&it, scripts, 2);
	run_at(&it, 2, "+jsonl");
	CU_ASSERT_EQUAL(it.status, 1);
	line = strchr(it.text, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT(json_is_valid(line + 1));
	line[1] = '\0';
	CU_ASSERT(json_is_valid(it.text));
	end(&it, 2);
}

static const struct check_case cases[] = {
	CHECK_CASE(types_are_asked_at_once_and_shown_in_order),
	CHECK_CASE(one_type_without_a_reply_leaves_the_others),
	CHECK_CASE(badvers_is_asked_again_beside_others),
	CHECK_CASE(addresses_stand_alone),
	CHECK_CASE(attempts_are_told),
	CHECK_CASE(order_and_ttl_are_no_difference),
	CHECK_CASE(differences_are_told),
	CHECK_CASE(status_and_error_of_each_are_told),
	CHECK_CASE(silence_is_a_difference_unless_all_keep_it),
	CHECK_CASE(servers_are_compared_in_json_too),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
