/* SPDX-License-Identifier: MIT */
/* The command against servers that do as a script of this file says: what it
 * sends, and what it makes of cookies and of replies that cannot be read. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/server.h"

#define TYPE_QUERY 65280 /* its RDATA is the query, as the server saw it */
#define TYPE_SRV 33
#define HEADER 12

static struct server_message message; /* of the script at work */

/* ---- a run of the command */

struct run {
	struct server server;
	int status;
	char text[8192]; /* standard output and standard error, mixed */
};

/* Runs the command: its words are `arguments`. */
static void run(struct run *run, const char *arguments)
{
	char words[1024];

	snprintf(words, sizeof(words), "@127.0.0.1 -p %u host.test %s",
		run->server.port, arguments);
	run->status = check_command(words, run->text, sizeof(run->text));
}

static void begin(struct run *run, server_script *script)
{
	memset(run, 0, sizeof(*run));
	server_start(&run->server, AF_INET, script);
}

static void check_says(const struct run *run, const char *wanted)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(run->text, wanted));
	if (strstr(run->text, wanted) == NULL)
		printf("not \"%s\", but:\n%s\n", wanted, run->text);
}

/* ---- what is sent */

static void echo_query(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_QUERY, 0, request->octets,
		request->length);
	server_reply(request, message.octets, message.length);
}

/* Of a query: flags, the length, and the OPT but for its name and type, in hex;
 * a fresh cookie as cc. */
static void describe_query(const char *rdata, char *text, size_t size)
{
	static const char cookie[] = "000a0008";
	const char *hex = strrchr(rdata, ' ');
	char *found;

	if (hex == NULL || strlen(hex) < 1 + 2 * (HEADER + 15)) {
		snprintf(text, size, "%.100s", rdata);
		return;
	}
	snprintf(text, size, "%.4s %zu", hex + 5, strlen(hex + 1) / 2);
	hex += 1 + 2 * (HEADER + 15);
	if (*hex >= ' ')
		snprintf(text + strlen(text), size - strlen(text), " %s",
			hex + 6);
	text[strcspn(text, "\n")] = '\0';
	for (found = text; *found != '\0'; found++)
		if (*found >= 'A' && *found <= 'F')
			*found = (char)(*found - 'A' + 'a');
	found = strstr(text, cookie);
	if (found != NULL)
		memset(found + strlen(cookie), 'c', 16);
}

/* As dig 9.18 sends it. */
static void query_is_as_the_options_say(void)
{
	static const struct {
		const char *options;
		const char *query;
	} rows[] = {
		{ "", "0120 50 04d000000000000c000a0008cccccccccccccccc" },
		{ "+nocookie", "0120 38 04d0000000000000" },
		{ "+noedns", "0120 27" },
		{ "+nsid +noedns", "0120 27" },
		{ "+noedns +nsid +nocookie",
			"0120 42 04d000000000000400030000" },
		{ "+subnet=0 +noedns +nocookie",
			"0120 46 04d00000000000080008000400010000" },
		{ "+nocookie +subnet=192.0.2.255/21",
			"0120 49 04d000000000000b0008000700011500c00000" },
		{ "+nocookie +subnet=10/8",
			"0120 47 04d000000000000900080005000108000a" },
		{ "+nocookie +subnet=2001:db8::ff/33",
			"0120 51 04d000000000000d000800090002210020010db800" },
		{ "+cookie=0102030405060708090a",
			"0120 52 04d000000000000e000a000a0102030405060708090a" },
		{ "+cookie=01 +cookie",
			"0120 50 04d000000000000c000a0008cccccccccccccccc" },
		{ "+nocookie +padding=48",
			"0120 48 04d000000000000a000c0006000000000000" },
		{ "+nocookie +padding=42", "0120 42 04d0000000000004000c0000" },
		{ "+nocookie +ednsopt=NSID +ednsopt=65001:beef",
			"0120 48 04d000000000000a00030000fde90002beef" },
		{ "+nocookie +ednsopt=5:01 +noednsopt",
			"0120 38 04d0000000000000" },
		{ "+nocookie +expire +keepalive",
			"0120 46 04d000000000000800090000000b0000" },
		{ "+nocookie +ednsflags=0xffff", "0120 38 04d000003fff0000" },
		{ "+nocookie +coflag +do", "0120 38 04d00000c0000000" },
		{ "+nocookie +edns=1 +bufsize=512 +cd +norec",
			"0030 38 0200000100000000" },
	};
	char seen[1024];
	struct run it;

	begin(&it, echo_query);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char line[256];

		snprintf(line, sizeof(line), "TYPE65280 +short +nosplit %s",
			rows[i].options);
		run(&it, line);
		describe_query(it.text, seen, sizeof(seen));
		CU_ASSERT_STRING_EQUAL(seen, rows[i].query);
		if (strcmp(seen, rows[i].query) != 0)
			printf("%s: %s, not %s\n", rows[i].options, seen,
				rows[i].query);
	}
	server_stop(&it.server);
}

/* ---- cookies and versions */

/* Adds an OPT of a version and an option to an answer. */
static void add_opt(
	unsigned rcode, unsigned version, const uint8_t *option, size_t length)
{
	uint8_t *at = message.octets + message.length;

	message.octets[11]++;
	message.octets[3] =
		(uint8_t)((message.octets[3] & 0xF0U) | (rcode & 0xFU));
	memset(at, 0, 11);
	at[2] = 41;
	at[3] = 4;
	at[5] = (uint8_t)(rcode / 16);
	at[6] = (uint8_t)version;
	at[10] = (uint8_t)length;
	if (length > 0)
		memcpy(at + 11, option, length);
	message.length += 11 + length;
}

/* Where the data of the query's COOKIE is: it is its first option. */
static const uint8_t *cookie_of(const struct server_request *request)
{
	return request->octets + HEADER + 15 + 11 + 4;
}

/* A COOKIE of the client's half and `length` more octets. */
static void add_cookie(const struct server_request *request, unsigned rcode,
	size_t length, uint8_t change)
{
	uint8_t option[64] = { 0, 10, 0 };

	option[3] = (uint8_t)(8 + length);
	memcpy(option + 4, cookie_of(request), 8);
	memset(option + 12, 0x77, length);
	option[4] ^= change;
	add_opt(rcode, 0, option, 12 + length);
}

/* The first reply has a cookie of both halves, the next its first alone, then
 * one that is not the client's, then one that is none. */
static void send_cookies(struct server_request *request)
{
	static const uint8_t broken[] = { 0, 10, 0, 3, 1, 2, 3 };

	server_make_answer(&message, request);
	if (request->number == 0)
		add_cookie(request, 0, 16, 0);
	else if (request->number == 1)
		add_cookie(request, 0, 0, 0);
	else if (request->number == 2)
		add_cookie(request, 0, 16, 1);
	else
		add_opt(0, 0, broken, sizeof(broken));
	server_reply(request, message.octets, message.length);
}

static void cookie_of_the_reply_is_judged(void)
{
	struct run it;

	begin(&it, send_cookies);
	run(&it, "");
	check_says(&it, "77777777 (good)\n");
	CU_ASSERT_PTR_NULL(strstr(it.text, "warning"));
	run(&it, "+cookie=0123456789abcdef");
	check_says(&it, "; COOKIE: 0123456789abcdef (echoed)\n");
	run(&it, "");
	check_says(&it, "77777777 (bad)\n");
	check_says(&it, "warning: the reply has another cookie");
	run(&it, "");
	check_says(&it, "; OPT=10: 01 02 03 (\"...\") (malformed)\n");
	server_stop(&it.server);
}

static void insist_on_cookie(struct server_request *request)
{
	size_t length = request->octets[HEADER + 15 + 11 + 3];

	server_make_answer(&message, request);
	if (request->is_tcp)
		add_cookie(request, 0, 8, 0);
	else
		add_cookie(request, 23, length == 8 ? 8 : 16, 0);
	server_reply(request, message.octets, message.length);
}

static void bad_cookie_is_answered_with_the_servers(void)
{
	struct run it;

	begin(&it, insist_on_cookie);
	run(&it, "");
	check_says(&it,
		";; BADCOOKIE, retrying.\n"
		";; BADCOOKIE, retrying in TCP mode.\n");
	check_says(&it, "status: NOERROR");
	CU_ASSERT_EQUAL(it.server.shared->udp, 2);
	CU_ASSERT_EQUAL(it.server.shared->tcp, 1);
	run(&it, "+nobadcookie");
	check_says(&it, "status: BADCOOKIE");
	server_stop(&it.server);
}

static void know_version_0(struct server_request *request)
{
	server_make_answer(&message, request);
	add_opt(request->octets[HEADER + 15 + 6] > 0 ? 16 : 0, 0, NULL, 0);
	server_reply(request, message.octets, message.length);
}

static void bad_version_is_answered_with_a_lower_one(void)
{
	struct run it;

	begin(&it, know_version_0);
	run(&it, "+edns=3");
	check_says(&it, ";; BADVERS, retrying with EDNS version 0.\n");
	check_says(&it, "status: NOERROR");
	run(&it, "+edns=3 +noednsnegotiation");
	check_says(&it, "status: BADVERS");
	server_stop(&it.server);
}

/* ---- replies that cannot be read */

static void send_forward_pointer(struct server_request *request)
{
	static const uint8_t srv[] = { 0, 1, 0, 2, 0, 3, 0xC0, 200 };

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, NULL, TYPE_SRV, 0, srv, sizeof(srv));
	server_reply(request, message.octets, message.length);
}

static void malformed_answer_is_told_with_its_place(void)
{
	struct run it;

	begin(&it, send_forward_pointer);
	run(&it, "SRV +tries=1 +time=1");
	CU_ASSERT_EQUAL(it.status, 9);
	check_says(&it,
		"trowel: malformed answer: SRV target: compression pointer "
		"does not point back (byte 45) from 127.0.0.1#");
	server_stop(&it.server);
}

static void be_silent_then_fail(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA | 2);
	if (request->number > 0)
		server_reply(request, message.octets, message.length);
}

/* B2: the reply is printed, and each attempt told. */
static void attempts_that_end_differently_are_told(void)
{
	struct run it;

	begin(&it, be_silent_then_fail);
	run(&it, "+attempts");
	CU_ASSERT_EQUAL(it.status, 0);
	check_says(&it, " (UDP): timed out, after ");
	check_says(&it, " (UDP): answered, SERVFAIL, after ");
	check_says(&it, "status: SERVFAIL");
	server_stop(&it.server);
}

/* ---- --dig */

/* By the number of the query: a reply of another id, one that is no reply, one
 * of another opcode, another question, an A of three octets, a bad label; and
 * then the answer. */
static void mislead(struct server_request *request)
{
	static const uint8_t cut[] = { 192, 0, 2 };
	uint8_t *octets = message.octets;

	server_make_answer(&message, request);
	if (request->number == 0) {
		octets[1] ^= 1;
	} else if (request->number == 1) {
		octets[2] &= 0x7F;
	} else if (request->number == 2) {
		octets[2] |= 0x10;
	} else if (request->number == 3) {
		octets[HEADER + 1] = 'x';
	} else if (request->number == 4) {
		server_message_start(&message, request, TROWEL_RA);
		server_message_add(&message, NULL, 1, 60, cut, sizeof(cut));
	} else {
		octets[HEADER + 15] = 0x40;
	}
	server_reply(request, octets, message.length);
	server_make_answer(&message, request);
	server_reply(request, octets, message.length);
}

static void dig_says_what_goes_wrong_in_its_words(void)
{
	static const char *const rows[] = {
		";; Warning: ID mismatch: expected ID 7, got 6\n192.0.2.77\n",
		";; Warning: query response not set\n192.0.2.77\n",
		";; Warning: Opcode mismatch: expected QUERY, got STATUS\n"
		"192.0.2.77\n",
		";; ;; Question section mismatch: got xost.test/A/IN\n"
		"192.0.2.77\n",
		";; Warning: Message parser reports malformed message packet.\n",
		";; Got bad packet: bad label type\n",
	};
	struct run it;
	size_t i;

	begin(&it, mislead);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		run(&it, "--dig +qid=7 +short +nocookie");
		CU_ASSERT_EQUAL(it.status, 0);
		CU_ASSERT_EQUAL(strncmp(it.text, rows[i], strlen(rows[i])), 0);
		check_says(&it, rows[i]);
	}
	server_stop(&it.server);
}

static void send_nothing(struct server_request *request)
{
	(void)request;
}

static void dig_tries_as_often_as_dig_does(void)
{
	struct run it;

	begin(&it, send_nothing);
	run(&it, "--dig +time=1 +tries=2");
	CU_ASSERT_EQUAL(it.status, 9);
	check_says(&it, "timed out\n;; communications error to 127.0.0.1#");
	check_says(&it,
		";; global options: +cmd\n;; no servers could be reached\n");
	CU_ASSERT_EQUAL(it.server.shared->udp, 2);
	server_stop(&it.server);
}

static void explain_shows_the_reply_octet_by_octet(void)
{
	struct run it;

	begin(&it, server_answer);
	run(&it, "+explain");
	CU_ASSERT_EQUAL(it.status, 0);
	check_says(&it, "c0 00 02 4d");
	CU_ASSERT_PTR_NULL(strstr(it.text, "HEADER"));
	server_stop(&it.server);
}

static const struct check_case cases[] = {
	CHECK_CASE(query_is_as_the_options_say),
	CHECK_CASE(cookie_of_the_reply_is_judged),
	CHECK_CASE(bad_cookie_is_answered_with_the_servers),
	CHECK_CASE(bad_version_is_answered_with_a_lower_one),
	CHECK_CASE(malformed_answer_is_told_with_its_place),
	CHECK_CASE(attempts_that_end_differently_are_told),
	CHECK_CASE(explain_shows_the_reply_octet_by_octet),
	CHECK_CASE(dig_says_what_goes_wrong_in_its_words),
	CHECK_CASE(dig_tries_as_often_as_dig_does),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
