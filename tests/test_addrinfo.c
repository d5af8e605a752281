/* SPDX-License-Identifier: MIT */
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver/conf.h"
#include "resolver/route.h"
#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_AAAA 28
#define SECOND_US 1000000

static struct server_message message; /* of the script at work */

/* One search for addresses against one script, from start to end. */
struct hunt {
	struct server server;
	struct trowel *t;
	struct trowel_ask ask;
	unsigned flags;
	enum trowel_status status;
	struct trowel_list *list;
	uint64_t took_us;
	char hosts[32]; /* path */
};

static void begin_with_hosts(struct hunt *hunt, server_script *script,
	const char *conf, const char *nsswitch, const char *hosts);

/* `conf` is text as in resolv.conf. */
static void begin(struct hunt *hunt, server_script *script, const char *conf)
{
	begin_with_hosts(hunt, script, conf, "hosts: dns\n", "");
}

/* The same with texts as in nsswitch.conf and hosts. */
static void begin_with_hosts(struct hunt *hunt, server_script *script,
	const char *conf, const char *nsswitch, const char *hosts)
{
	struct trowel_options options;
	int fd;

	memset(hunt, 0, sizeof(*hunt));
	strcpy(hunt->hosts, "/tmp/trowel-hosts-XXXXXX");
	fd = mkstemp(hunt->hosts);
	CU_ASSERT_EQUAL_FATAL(
		write(fd, hosts, strlen(hosts)), (ssize_t)strlen(hosts));
	close(fd);
	server_start(&hunt->server, AF_INET, script);
	trowel_options_init(&options);
	tw_conf_parse(&options, conf, strlen(conf));
	tw_conf_sources(&options, nsswitch, strlen(nsswitch));
	options.hosts = hunt->hosts;
	options.servers[0] = server_address(&hunt->server);
	options.server_count = 1;
	options.timeout_ms = 2000;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&hunt->t, &options), TROWEL_OK);
}

static void find(struct hunt *hunt, const char *host)
{
	uint64_t start = tw_clock_us();

	trowel_list_free(hunt->list);
	hunt->status = trowel_addresses(
		hunt->t, host, "443", hunt->flags, &hunt->ask, &hunt->list);
	hunt->took_us = tw_clock_us() - start;
	if (hunt->list != NULL)
		CU_ASSERT_EQUAL(hunt->list->status, hunt->status);
}

static void finish(struct hunt *hunt)
{
	trowel_list_free(hunt->list);
	trowel_close(hunt->t);
	server_stop(&hunt->server);
	remove(hunt->hosts);
}

static bool is_ipv6(const struct trowel_address *address)
{
	static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	return address->family == 6 &&
		memcmp(address->octets, mapped, sizeof(mapped)) != 0;
}

/* The addresses found: "2001:db8::77 192.0.2.77". Those of IPv6 stand first
 * here, as their order in the list is a matter of this machine's routes. */
static const char *found(const struct hunt *hunt)
{
	static char all[4096];
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	size_t used = 0;

	all[0] = '\0';
	for (int turn = 0; hunt->list != NULL && turn < 2; turn++) {
		for (size_t i = 0; i < hunt->list->count; i++) {
			if (is_ipv6(&hunt->list->addresses[i]) != (turn == 0))
				continue;
			trowel_address_format(&hunt->list->addresses[i], text);
			used += (size_t)snprintf(all + used, sizeof(all) - used,
				"%s%s", used > 0 ? " " : "", text);
		}
	}
	return all;
}

static const char *canonical_name(const struct hunt *hunt)
{
	static char text[TROWEL_NAME_TEXT_SIZE];

	trowel_name_format(&hunt->list->name, text);
	return text;
}

static void reply_with(struct server_request *request, unsigned rcode)
{
	server_message_start(&message, request, TROWEL_RA | rcode);
	server_reply(request, message.octets, message.length);
}

/* ---- both families */

static void both_families_are_found_ipv6_first(void)
{
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
	CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::77 192.0.2.77");
	CU_ASSERT_EQUAL(hunt.list->addresses[0].port, 443);
	CU_ASSERT_EQUAL(hunt.list->addresses[1].port, 443);
	CU_ASSERT_EQUAL(hunt.list->ttl_s, 300);
	CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "host.test.");
	CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv4);
	CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv6);
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 2);
	CU_ASSERT_NOT_EQUAL(
		hunt.server.shared->ports[0], hunt.server.shared->ports[1]);
	finish(&hunt);
}

static void one_family_is_asked_for_where_one_is_wanted(void)
{
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	hunt.flags = TROWEL_IPV4_ONLY;
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "192.0.2.77");
	CU_ASSERT_PTR_NULL(hunt.list->ipv6);
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 1);
	hunt.flags = TROWEL_IPV6_ONLY;
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::77");
	CU_ASSERT_PTR_NULL(hunt.list->ipv4);
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 2);
	finish(&hunt);
}

/* Waits for both queries, and answers them in the other order. */
static void answer_in_reverse(struct server_request *request)
{
	static struct server_request first;
	static uint8_t octets[512];

	if (request->number % 2 == 0) {
		first = *request;
		first.octets = octets;
		memcpy(octets, request->octets, request->length);
		return;
	}
	server_answer(request);
	server_answer(&first);
}

/* F3, G8, G20. */
static void answers_in_the_other_order_go_to_their_questions(void)
{
	struct hunt hunt;

	begin(&hunt, answer_in_reverse, "");
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::77 192.0.2.77");
	CU_ASSERT(hunt.took_us < SECOND_US); /* both were on their way */
	finish(&hunt);
}

static void answer_ipv4_alone(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		server_answer(request);
	else
		reply_with(request, 0);
}

static void fail_ipv6(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		server_answer(request);
	else
		reply_with(request, 2);
}

static void lose_ipv6(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		server_answer(request);
}

static void be_lame_for_ipv6(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A) {
		server_answer(request);
		return;
	}
	server_message_start(&message, request, 0);
	server_reply(request, message.octets, message.length);
}

static void give_an_alias_for_ipv6(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A) {
		server_answer(request);
		return;
	}
	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 300, "end.test");
	server_reply(request, message.octets, message.length);
}

static void lose_ipv4(struct server_request *request)
{
	if (server_request_type(request) == TYPE_AAAA)
		server_answer(request);
}

/* G23, G30, C25, C27. */
static void one_family_is_found_whatever_the_other_comes_to(void)
{
	static const struct {
		server_script *script;
		const char *expected;
	} rows[] = {
		{ answer_ipv4_alone, "192.0.2.77" },
		{ fail_ipv6, "192.0.2.77" },
		{ be_lame_for_ipv6, "192.0.2.77" },
		{ give_an_alias_for_ipv6, "192.0.2.77" },
		{ lose_ipv6, "192.0.2.77" },
		{ lose_ipv4, "2001:db8::77" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, rows[i].script, "");
		hunt.ask.timeout_ms = 50;
		find(&hunt, "host.test");
		CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
		CU_ASSERT_STRING_EQUAL(found(&hunt), rows[i].expected);
		CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv4);
		CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv6);
		finish(&hunt);
	}
}

/* Whether another query comes while one is not answered yet. */
static void look_for_company(struct server_request *request)
{
	struct pollfd fd = { .fd = request->fd, .events = POLLIN };

	if (request->number % 2 == 0 && poll(&fd, 1, 100) > 0)
		request->server->shared->spare[0]++;
	server_answer(request);
}

static void families_are_asked_one_by_one_where_wanted(void)
{
	static const struct {
		const char *conf;
		unsigned together;
	} rows[] = {
		{ "", 1 },
		{ "options single-request\n", 0 },
		{ "options single-request-reopen\n", 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, look_for_company, rows[i].conf);
		find(&hunt, "host.test");
		CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::77 192.0.2.77");
		CU_ASSERT_EQUAL(hunt.server.shared->spare[0], rows[i].together);
		finish(&hunt);
	}
}

/* G36, G37. */
static void ipv6_is_not_asked_for_where_resolv_conf_says_so(void)
{
	static const struct {
		unsigned flags;
		enum trowel_status status;
		const char *expected;
		unsigned queries;
	} rows[] = {
		{ 0, TROWEL_OK, "192.0.2.77", 1 },
		{ TROWEL_IPV6_ONLY, TROWEL_NO_DATA, "", 0 },
		{ TROWEL_IPV6_ONLY | TROWEL_V4MAPPED, TROWEL_OK,
			"::ffff:192.0.2.77", 1 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, server_answer, "options no-aaaa\n");
		hunt.flags = rows[i].flags;
		find(&hunt, "host.test");
		CU_ASSERT_EQUAL(hunt.status, rows[i].status);
		CU_ASSERT_STRING_EQUAL(found(&hunt), rows[i].expected);
		CU_ASSERT_EQUAL(hunt.server.shared->udp, rows[i].queries);
		finish(&hunt);
	}
}

/* RFC 8305 3: 50 ms after it is there. */
static void first_family_is_handed_out_early_where_wanted(void)
{
	static const struct {
		server_script *script;
		const char *expected;
		unsigned missing;
	} rows[] = {
		{ lose_ipv6, "192.0.2.77", 6 },
		{ lose_ipv4, "2001:db8::77", 4 },
		{ server_answer, "2001:db8::77 192.0.2.77", 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, rows[i].script, "");
		hunt.flags = TROWEL_EARLY;
		find(&hunt, "host.test");
		CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
		CU_ASSERT_STRING_EQUAL(found(&hunt), rows[i].expected);
		CU_ASSERT_EQUAL(hunt.list->missing, rows[i].missing);
		CU_ASSERT(hunt.took_us < SECOND_US);
		if (rows[i].missing != 0)
			CU_ASSERT(hunt.took_us >= 50000);
		finish(&hunt);
	}
}

/* C25: 2 s, and not the 4 s of two tries. */
static void silence_on_one_family_costs_the_other_little(void)
{
	struct hunt hunt;

	begin(&hunt, lose_ipv6, "");
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
	CU_ASSERT_STRING_EQUAL(found(&hunt), "192.0.2.77");
	CU_ASSERT_EQUAL(hunt.list->missing, 6);
	CU_ASSERT_PTR_NULL(hunt.list->ipv6);
	CU_ASSERT(hunt.took_us >= 2 * SECOND_US - 10000);
	CU_ASSERT(hunt.took_us < 3 * SECOND_US);
	finish(&hunt);
}

static void reply_nothing(struct server_request *request)
{
	(void)request;
}

static void reply_nodata(struct server_request *request)
{
	reply_with(request, 0);
}

static void reply_servfail(struct server_request *request)
{
	reply_with(request, 2);
}

static void reply_nxdomain(struct server_request *request)
{
	reply_with(request, 3);
}

static void reply_yxdomain(struct server_request *request)
{
	reply_with(request, 6);
}

static void reply_lame(struct server_request *request)
{
	server_message_start(&message, request, 0);
	server_reply(request, message.octets, message.length);
}

/* NXDOMAIN, and records all the same. */
static void contradict(struct server_request *request)
{
	server_make_answer(&message, request);
	message.octets[3] |= 3;
	server_reply(request, message.octets, message.length);
}

static void nodata_and_silence(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		reply_with(request, 0);
}

static void nodata_and_servfail(struct server_request *request)
{
	reply_with(request, server_request_type(request) == TYPE_A ? 0 : 2);
}

static void servfail_and_nodata(struct server_request *request)
{
	reply_with(request, server_request_type(request) == TYPE_A ? 2 : 0);
}

static void nxdomain_and_silence(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		reply_with(request, 3);
}

static void servfail_and_silence(struct server_request *request)
{
	if (server_request_type(request) == TYPE_A)
		reply_with(request, 2);
}

static void circle(struct server_request *request)
{
	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 1, "a.test");
	server_message_add_alias(&message, "a.test", 1, "host.test");
	server_reply(request, message.octets, message.length);
}

static void two_aliases(struct server_request *request)
{
	server_make_answer(&message, request);
	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 1, "a.test");
	server_message_add_alias(&message, NULL, 1, "b.test");
	server_reply(request, message.octets, message.length);
}

/* G5, G27 to G29, C14, T31. */
static void failures_are_told_apart(void)
{
	static const struct {
		server_script *script;
		enum trowel_status status;
	} rows[] = {
		{ reply_nothing, TROWEL_TIMED_OUT },
		{ reply_nodata, TROWEL_NO_DATA },
		{ reply_servfail, TROWEL_SERVER_FAILED },
		{ reply_nxdomain, TROWEL_NO_SUCH_NAME },
		{ reply_yxdomain, TROWEL_SERVER_FAILED },
		{ reply_lame, TROWEL_SERVER_FAILED },
		{ contradict, TROWEL_NO_SUCH_NAME },
		{ nodata_and_silence, TROWEL_TIMED_OUT },
		{ nodata_and_servfail, TROWEL_SERVER_FAILED },
		{ servfail_and_nodata, TROWEL_SERVER_FAILED },
		{ nxdomain_and_silence, TROWEL_NO_SUCH_NAME },
		{ servfail_and_silence, TROWEL_TIMED_OUT },
		{ circle, TROWEL_ALIAS_LOOP },
		{ two_aliases, TROWEL_ALIAS_CONFLICT },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, rows[i].script, "");
		hunt.ask.timeout_ms = 50;
		find(&hunt, "host.test");
		if (hunt.status != rows[i].status) {
			printf("row %zu: %s\n", i,
				trowel_status_text(hunt.status));
			CU_FAIL("see above");
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(hunt.list);
		CU_ASSERT_EQUAL(hunt.list->count, 0);
		CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv4);
		CU_ASSERT_PTR_NOT_NULL(hunt.list->ipv6);
		CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "host.test.");
		finish(&hunt);
	}
}

static void servers_out_of_reach_are_told_at_once(void)
{
	struct trowel_options options;
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	trowel_close(hunt.t);
	trowel_options_init(&options);
	options.servers[options.server_count++] = server_nowhere(AF_INET);
	options.timeout_ms = 2000;
	CU_ASSERT_EQUAL(trowel_open(&hunt.t, &options), TROWEL_OK);
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_UNREACHABLE);
	CU_ASSERT(hunt.took_us < SECOND_US);
	finish(&hunt);
}

/* ---- which records are used */

static void answer_by_aliases(struct server_request *request)
{
	static const uint8_t ipv4[3][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 },
		{ 192, 0, 2, 3 } };
	static const uint8_t ipv6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	unsigned type = server_request_type(request);

	server_message_start(&message, request, TROWEL_RA);
	server_message_add(&message, "stranger.test", TYPE_A, 1, ipv4[2], 4);
	server_message_add(&message, "end.test", type + 0xFE00, 1, ipv4[2], 4);
	if (type == TYPE_A) {
		server_message_add(
			&message, "end.test", TYPE_A, 70, ipv4[1], 4);
		server_message_add(
			&message, "END.test", TYPE_A, 60, ipv4[0], 4);
	} else {
		server_message_add(
			&message, "end.test", TYPE_AAAA, 50, ipv6, 16);
	}
	server_message_add_alias(&message, NULL, 90, "end.test");
	server_reply(request, message.octets, message.length);
}

/* T28 to T30, G40, U8. */
static void addresses_at_the_end_of_the_aliases_alone_are_used(void)
{
	struct hunt hunt;

	begin(&hunt, answer_by_aliases, "");
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::1 192.0.2.2 192.0.2.1");
	CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "end.test.");
	CU_ASSERT_EQUAL(hunt.list->ttl_s, 50);
	finish(&hunt);
}

static void fill_a_message(struct server_request *request)
{
	static const uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8, 1 };
	unsigned type = server_request_type(request);
	size_t length = type == TYPE_A ? 4 : 16;
	size_t room;

	if (!request->is_tcp) {
		reply_with(request, TROWEL_TC);
		return;
	}
	server_message_start(&message, request, TROWEL_RA);
	room = (65535 - message.length) / (12 + length);
	for (size_t i = 0; i < room; i++)
		server_message_add(&message, NULL, type, 300, octets, length);
	server_reply(request, message.octets, message.length);
}

/* T23, T24: 4094 of one and 2339 of the other, by TCP. */
static void two_answers_of_64_kib_are_merged(void)
{
	struct hunt hunt;

	begin(&hunt, fill_a_message, "");
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
	CU_ASSERT_EQUAL(hunt.list->count, 4094 + 2339);
	CU_ASSERT_EQUAL(hunt.list->addresses[6432].family, 4);
	finish(&hunt);
}

static void answer_by_an_odd_alias(struct server_request *request)
{
	static const uint8_t ipv4[4] = { 192, 0, 2, 1 };

	server_message_start(&message, request, TROWEL_RA);
	server_message_add_alias(&message, NULL, 90, "odd\\032name.test");
	server_message_add(&message, "odd\\032name.test", TYPE_A, 60, ipv4, 4);
	server_reply(request, message.octets, message.length);
}

/* G45, G66. */
static void odd_names_are_not_shown_as_a_hosts(void)
{
	struct hunt hunt;

	begin(&hunt, answer_by_an_odd_alias, "");
	hunt.flags = TROWEL_IPV4_ONLY;
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "host.test.");
	finish(&hunt);
}

static void class_of_hosts_is_in(void)
{
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	hunt.ask.class_code = 3;
	find(&hunt, "host.test");
	CU_ASSERT_STRING_EQUAL(found(&hunt), "2001:db8::77 192.0.2.77");
	finish(&hunt);
}

/* ---- without a query */

/* C28, G47, T43. */
static void addresses_as_text_are_given_back(void)
{
	static const struct {
		const char *host;
		unsigned flags;
		enum trowel_status status;
		const char *expected;
	} rows[] = {
		{ "192.0.2.1", 0, TROWEL_OK, "192.0.2.1" },
		{ "2001:DB8::1", 0, TROWEL_OK, "2001:db8::1" },
		{ "fe80::1%77777", 0, TROWEL_OK, "fe80::1%77777" },
		{ "192.0.2.1", TROWEL_IPV4_ONLY, TROWEL_OK, "192.0.2.1" },
		{ "192.0.2.1", TROWEL_IPV6_ONLY, TROWEL_NO_DATA, "" },
		{ "::1", TROWEL_IPV4_ONLY, TROWEL_NO_DATA, "" },
		{ "192.0.2.1:53", 0, TROWEL_BAD_ADDRESS, "" },
	};
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		hunt.flags = rows[i].flags;
		find(&hunt, rows[i].host);
		CU_ASSERT_EQUAL(hunt.status, rows[i].status);
		CU_ASSERT_STRING_EQUAL(found(&hunt), rows[i].expected);
		if (hunt.list != NULL && hunt.list->count > 0)
			CU_ASSERT_EQUAL(hunt.list->addresses[0].port, 443);
	}
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 0);
	finish(&hunt);
}

static void what_is_no_host_is_not_asked_for(void)
{
	static const struct {
		const char *host;
		enum trowel_status status;
	} rows[] = {
		{ "1.2.3", TROWEL_BAD_ADDRESS },
		{ "127.1", TROWEL_BAD_ADDRESS },
		{ "2130706433", TROWEL_BAD_ADDRESS },
		{ "0x7f000001", TROWEL_BAD_ADDRESS },
		{ "0X7F.1", TROWEL_BAD_ADDRESS },
		{ "127.0.0.0x1", TROWEL_BAD_ADDRESS },
		{ "0x", TROWEL_BAD_ADDRESS },
		{ "0177.0.0.1", TROWEL_BAD_ADDRESS },
		{ "127.0.0.01", TROWEL_BAD_ADDRESS },
		{ "127.0.0.1.", TROWEL_BAD_ADDRESS },
		{ "host.256", TROWEL_BAD_ADDRESS },
		{ "127.0.0.1 x", TROWEL_BAD_ARGUMENT },
		{ "host.test\n", TROWEL_BAD_ARGUMENT },
		{ "h\303\266st.test", TROWEL_BAD_ARGUMENT }, /* C4 */
		{ "host\177.test", TROWEL_BAD_ARGUMENT },
		{ "", TROWEL_EMPTY_LABEL },
		{ "host..test", TROWEL_EMPTY_LABEL },
		{ "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad"
		  ".onion",
			TROWEL_NO_SUCH_NAME }, /* C61, RFC 7686 */
		{ "www.x.ONION.", TROWEL_NO_SUCH_NAME },
	};
	struct hunt hunt;

	begin(&hunt, server_answer, "search example.com\n");
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		find(&hunt, rows[i].host);
		if (hunt.status != rows[i].status)
			CU_FAIL(rows[i].host);
		CU_ASSERT_PTR_NULL(hunt.list);
	}
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 0);
	finish(&hunt);
}

static void names_that_look_a_little_like_those_are_asked_for(void)
{
	static const char *const hosts[] = { "1.2.3.4.test", "0xg",
		"4.3.2.1.in-addr.arpa", "test.0x7fg", "onion.test",
		"localhost.test", "notlocalhost", "_dns.x-y.z0" };
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	for (size_t i = 0; i < CHECK_COUNT(hosts); i++) {
		find(&hunt, hosts[i]);
		if (hunt.status != TROWEL_OK)
			CU_FAIL(hosts[i]);
	}
	finish(&hunt);
}

/* RFC 6761 6.3. */
static void localhost_is_this_host(void)
{
	static const char *const hosts[] = { "localhost", "LOCALHOST.",
		"www.localhost", "a.b.localhost." };
	struct hunt hunt;

	begin(&hunt, server_answer, "search example.com\n");
	for (size_t i = 0; i < CHECK_COUNT(hosts); i++) {
		hunt.flags = 0;
		find(&hunt, hosts[i]);
		CU_ASSERT_STRING_EQUAL(found(&hunt), "::1 127.0.0.1");
		CU_ASSERT_EQUAL(hunt.list->addresses[1].port, 443);
		hunt.flags = TROWEL_IPV4_ONLY;
		find(&hunt, hosts[i]);
		CU_ASSERT_STRING_EQUAL(found(&hunt), "127.0.0.1");
		hunt.flags = TROWEL_IPV6_ONLY;
		find(&hunt, hosts[i]);
		CU_ASSERT_STRING_EQUAL(found(&hunt), "::1");
	}
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 0);
	finish(&hunt);
}

static void services_are_ports_in_decimal(void)
{
	static const struct {
		const char *service;
		enum trowel_status status;
		unsigned port;
	} rows[] = {
		{ NULL, TROWEL_OK, 0 },
		{ "0", TROWEL_OK, 0 },
		{ "80", TROWEL_OK, 80 },
		{ "65535", TROWEL_OK, 65535 },
		{ "65536", TROWEL_BAD_ARGUMENT, 0 },
		{ "18446744073709551617", TROWEL_BAD_ARGUMENT, 0 },
		{ "", TROWEL_BAD_ARGUMENT, 0 },
		{ "http", TROWEL_BAD_ARGUMENT, 0 },
		{ "80x", TROWEL_BAD_ARGUMENT, 0 },
		{ "-1", TROWEL_BAD_ARGUMENT, 0 },
		{ " 80", TROWEL_BAD_ARGUMENT, 0 },
	};
	struct trowel_list *list;
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(trowel_addresses(hunt.t, "::1", rows[i].service,
					0, NULL, &list),
			rows[i].status);
		if (list != NULL)
			CU_ASSERT_EQUAL(list->addresses[0].port, rows[i].port);
		CU_ASSERT_EQUAL(list != NULL, rows[i].status == TROWEL_OK);
		trowel_list_free(list);
	}
	finish(&hunt);
}

static void neither_family_is_no_choice(void)
{
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	hunt.flags = TROWEL_IPV4_ONLY | TROWEL_IPV6_ONLY;
	find(&hunt, "::1");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_BAD_ARGUMENT);
	CU_ASSERT_PTR_NULL(hunt.list);
	finish(&hunt);
}

/* ---- the search list */

/* What is asked for, in order. Names that begin with "good" exist, those with
 * "nodata" have no addresses, "servfail" and "silent" are what they say; so
 * also for the search domain, if the first label is "as-domain". */
static void answer_by_name(struct server_request *request)
{
	static const struct {
		const char *start;
		server_script *script;
	} rows[] = {
		{ "\4good", server_answer },
		{ "\6nodata", reply_nodata },
		{ "\10servfail", reply_servfail },
		{ "\6silent", reply_nothing },
	};
	const char *name = (const char *)request->octets + 12;

	server_note_name(request);
	if (memcmp(name, "\11as-domain", 10) == 0)
		name += 10;
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		if (memcmp(name, rows[i].start, strlen(rows[i].start)) == 0) {
			rows[i].script(request);
			return;
		}
	}
	reply_nxdomain(request);
}

struct search_row {
	const char *why, *conf, *host;
	unsigned flags;
	enum trowel_status status;
	const char *asked; /* names, as the server saw them */
	const char *result; /* the name of the list */
};

static void check_search(const struct search_row *row)
{
	struct hunt hunt;

	begin(&hunt, answer_by_name, row->conf);
	hunt.ask.timeout_ms = 50;
	hunt.ask.attempts = 1;
	hunt.flags = TROWEL_IPV4_ONLY | row->flags;
	find(&hunt, row->host);
	if (hunt.status != row->status || hunt.list == NULL ||
		strcmp(hunt.server.shared->names, row->asked) != 0 ||
		strcmp(canonical_name(&hunt), row->result) != 0) {
		printf("%s: %s; %s\n", row->why,
			trowel_status_text(hunt.status),
			hunt.server.shared->names);
		CU_FAIL("see above");
	}
	finish(&hunt);
}

/* G14, C18, C20, C21. */
static void search_list_is_gone_through_in_order(void)
{
	static const struct search_row rows[] = {
		{ "no list", "", "bad", 0, TROWEL_NO_SUCH_NAME, "bad. ",
			"bad." },
		{ "few dots: the list first", "search a.test b.test\n", "bad",
			0, TROWEL_NO_SUCH_NAME, "bad.a.test. bad.b.test. bad. ",
			"bad.a.test." },
		{ "first hit ends it", "search a.test b.test\n", "good", 0,
			TROWEL_OK, "good.a.test. ", "good.a.test." },
		{ "second hit", "search a.test good.test b.test\n", "as-domain",
			0, TROWEL_OK, "as-domain.a.test. as-domain.good.test. ",
			"as-domain.good.test." },
		{ "many dots: the name first", "search a.test\n", "x.bad", 0,
			TROWEL_NO_SUCH_NAME, "x.bad. x.bad.a.test. ",
			"x.bad." },
		{ "many dots, and it is there", "search a.test\n", "good.x", 0,
			TROWEL_OK, "good.x. ", "good.x." },
		{ "ndots 3: too few", "search a.test\noptions ndots:3\n",
			"x.y.bad", 0, TROWEL_NO_SUCH_NAME,
			"x.y.bad.a.test. x.y.bad. ", "x.y.bad.a.test." },
		{ "ndots 3: enough", "search a.test\noptions ndots:3\n",
			"w.x.y.bad", 0, TROWEL_NO_SUCH_NAME,
			"w.x.y.bad. w.x.y.bad.a.test. ", "w.x.y.bad." },
		{ "ndots 0", "search a.test\noptions ndots:0\n", "bad", 0,
			TROWEL_NO_SUCH_NAME, "bad. bad.a.test. ", "bad." },
		{ "escaped dots are none", "search a.test\n", "x\\.bad", 0,
			TROWEL_NO_SUCH_NAME, "x\\.bad.a.test. x\\.bad. ",
			"x\\.bad.a.test." },
		{ "final dot", "search a.test\n", "bad.", 0,
			TROWEL_NO_SUCH_NAME, "bad. ", "bad." },
		{ "final dot that is escaped", "search a.test\n", "bad\\.", 0,
			TROWEL_NO_SUCH_NAME, "bad\\..a.test. bad\\.. ",
			"bad\\..a.test." },
		{ "final dot behind an escaped backslash", "search a.test\n",
			"bad\\\\.", 0, TROWEL_NO_SUCH_NAME, "bad\\\\. ",
			"bad\\\\." },
		{ "the root", "search a.test\n", ".", 0, TROWEL_NO_SUCH_NAME,
			". ", "." },
		{ "no-tld-query", "search a.test\noptions no-tld-query\n",
			"bad", 0, TROWEL_NO_SUCH_NAME, "bad.a.test. ",
			"bad.a.test." },
		{ "no-tld-query without a list", "options no-tld-query\n",
			"bad", 0, TROWEL_NO_SUCH_NAME, "bad. ", "bad." },
		{ "no-tld-query and a final dot",
			"search a.test\noptions no-tld-query\n", "bad.", 0,
			TROWEL_NO_SUCH_NAME, "bad. ", "bad." },
		{ "no-tld-query and dots",
			"search a.test\noptions no-tld-query ndots:2\n",
			"x.bad", 0, TROWEL_NO_SUCH_NAME,
			"x.bad.a.test. x.bad. ", "x.bad.a.test." },
		{ "the caller wants none", "search a.test\n", "bad",
			TROWEL_NO_SEARCH, TROWEL_NO_SUCH_NAME, "bad. ",
			"bad." },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_search(&rows[i]);
}

/* G15, C19, C49. */
static void search_goes_on_after_failures_but_not_after_silence(void)
{
	static const struct search_row rows[] = {
		{ "SERVFAIL goes on", "search servfail.test good.test\n",
			"as-domain", 0, TROWEL_OK,
			"as-domain.servfail.test. as-domain.good.test. ",
			"as-domain.good.test." },
		{ "SERVFAIL is remembered", "search servfail.test x.test\n",
			"as-domain", 0, TROWEL_SERVER_FAILED,
			"as-domain.servfail.test. as-domain.x.test. "
			"as-domain. ",
			"as-domain.servfail.test." },
		{ "NODATA goes on", "search nodata.test good.test\n",
			"as-domain", 0, TROWEL_OK,
			"as-domain.nodata.test. as-domain.good.test. ",
			"as-domain.good.test." },
		{ "NODATA is remembered", "search x.test nodata.test y.test\n",
			"as-domain", 0, TROWEL_NO_DATA,
			"as-domain.x.test. as-domain.nodata.test. "
			"as-domain.y.test. as-domain. ",
			"as-domain.nodata.test." },
		{ "NODATA tells more than SERVFAIL",
			"search servfail.test nodata.test\n", "as-domain", 0,
			TROWEL_NO_DATA,
			"as-domain.servfail.test. as-domain.nodata.test. "
			"as-domain. ",
			"as-domain.nodata.test." },
		{ "silence ends it", "search nodata.test silent.test x.test\n",
			"as-domain", 0, TROWEL_TIMED_OUT,
			"as-domain.nodata.test. as-domain.silent.test. ",
			"as-domain.silent.test." },
		{ "silence at the name itself ends it", "search a.test\n",
			"silent.x", 0, TROWEL_TIMED_OUT, "silent.x. ",
			"silent.x." },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_search(&rows[i]);
}

/* NXDOMAIN, and then nobody is there any more. */
static void reply_and_go(struct server_request *request)
{
	reply_nxdomain(request);
	_exit(0);
}

/* C50. */
static void server_that_goes_ends_the_search(void)
{
	struct hunt hunt;

	begin(&hunt, reply_and_go, "search a.test b.test\n");
	hunt.flags = TROWEL_IPV4_ONLY;
	hunt.ask.timeout_ms = 50;
	find(&hunt, "bad");
	/* The latter where the query comes before the server has gone. */
	CU_ASSERT(hunt.status == TROWEL_UNREACHABLE ||
		hunt.status == TROWEL_TIMED_OUT);
	CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "bad.b.test.");
	CU_ASSERT(hunt.took_us < SECOND_US);
	finish(&hunt);
}

/* Counts the queries that end in an NSID option, RFC 5001 2.1. */
static void look_for_options(struct server_request *request)
{
	static const uint8_t nsid[4] = { 0, 3, 0, 0 };

	if (memcmp(request->octets + request->length - 4, nsid, 4) == 0)
		request->server->shared->spare[0]++;
	reply_nxdomain(request);
}

/* C22. */
static void edns_options_are_in_every_query_of_a_search(void)
{
	static const uint8_t nsid[4] = { 0, 3, 0, 0 };
	struct hunt hunt;

	begin(&hunt, look_for_options, "search a.test b.test\n");
	hunt.ask.options = nsid;
	hunt.ask.options_length = sizeof(nsid);
	find(&hunt, "bad");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_NO_SUCH_NAME);
	CU_ASSERT_EQUAL(hunt.server.shared->udp, 6);
	CU_ASSERT_EQUAL(hunt.server.shared->spare[0], 6);
	finish(&hunt);
}

/* G57, T44: 246 octets leave room for ".a", not for ".test.test". */
static void search_passes_over_names_that_cannot_be(void)
{
	char host[260] = "";
	char asked[600];
	struct hunt hunt;

	while (strlen(host) < 245)
		strcat(host, "x23456.");
	host[244] = '\0';
	snprintf(asked, sizeof(asked), "%s. %s.a. ", host, host);
	begin(&hunt, answer_by_name, "search test.test a\n");
	hunt.flags = TROWEL_IPV4_ONLY;
	find(&hunt, host);
	CU_ASSERT_EQUAL(hunt.status, TROWEL_NO_SUCH_NAME);
	CU_ASSERT_STRING_EQUAL(hunt.server.shared->names, asked);
	finish(&hunt);
}

/* The options are the caller's to fill in. */
static void search_list_of_odd_octets_is_harmless(void)
{
	static const uint8_t lists[][4] = { { 1, 'a', 1, 'b' },
		{ 63, 'a', 'b', 0 }, { 0xC0, 12, 0, 0 }, { 3, 'a', 'b', 'c' } };

	for (size_t i = 0; i < CHECK_COUNT(lists); i++) {
		struct trowel_options options;
		struct hunt hunt;

		begin(&hunt, answer_by_name, "");
		trowel_close(hunt.t);
		trowel_options_init(&options);
		options.servers[options.server_count++] =
			server_address(&hunt.server);
		memcpy(options.search, lists[i], 4);
		options.search_length = 4;
		CU_ASSERT_EQUAL(trowel_open(&hunt.t, &options), TROWEL_OK);
		hunt.flags = TROWEL_IPV4_ONLY;
		find(&hunt, "bad");
		CU_ASSERT_EQUAL(hunt.status, TROWEL_NO_SUCH_NAME);
		CU_ASSERT_STRING_EQUAL(hunt.server.shared->names, "bad. ");
		finish(&hunt);
	}
}

/* ---- the hosts file */

static void hosts_file_and_dns_are_sources_in_order(void)
{
	static const char hosts[] = "192.0.2.1 local.test alias\n"
				    "2001:db8::1 local.test\n"
				    "2001:db8::2 six\n192.0.2.3 nodata\n";
	static const struct {
		const char *nsswitch, *host;
		unsigned flags;
		enum trowel_status status;
		const char *expected, *asked;
	} rows[] = {
		{ "hosts: files dns\n", "local.test", 0, TROWEL_OK,
			"2001:db8::1 192.0.2.1", "" },
		{ "hosts: files dns\n", "ALIAS", 0, TROWEL_OK, "192.0.2.1",
			"" },
		{ "hosts: files dns\n", "local.test", TROWEL_IPV4_ONLY,
			TROWEL_OK, "192.0.2.1", "" },
		{ "hosts: files dns\n", "good", TROWEL_IPV4_ONLY, TROWEL_OK,
			"192.0.2.77", "good.a.test. " },
		{ "hosts: files dns\n", "six", TROWEL_IPV4_ONLY,
			TROWEL_NO_SUCH_NAME, "", "six.a.test. six. " },
		{ "hosts: files\n", "good", 0, TROWEL_NO_SUCH_NAME, "", "" },
		{ "hosts: files\n", "alias", 0, TROWEL_OK, "192.0.2.1", "" },
		{ "hosts: dns\n", "alias", TROWEL_IPV4_ONLY,
			TROWEL_NO_SUCH_NAME, "", "alias.a.test. alias. " },
		{ "hosts: dns files\n", "alias", TROWEL_IPV4_ONLY, TROWEL_OK,
			"192.0.2.1", "alias.a.test. alias. " },
		{ "hosts: dns files\n", "nodata", TROWEL_IPV4_ONLY, TROWEL_OK,
			"192.0.2.3", "nodata.a.test. nodata. " },
		{ "hosts: dns files\n", "good", TROWEL_IPV4_ONLY, TROWEL_OK,
			"192.0.2.77", "good.a.test. " },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin_with_hosts(&hunt, answer_by_name, "search a.test\n",
			rows[i].nsswitch, hosts);
		hunt.flags = rows[i].flags;
		find(&hunt, rows[i].host);
		if (hunt.status != rows[i].status ||
			strcmp(found(&hunt), rows[i].expected) != 0 ||
			strcmp(hunt.server.shared->names, rows[i].asked) != 0) {
			printf("row %zu: %s; %s; %s\n", i,
				trowel_status_text(hunt.status), found(&hunt),
				hunt.server.shared->names);
			CU_FAIL("see above");
		}
		finish(&hunt);
	}
}

static void canonical_name_is_the_first_in_the_hosts_file(void)
{
	struct hunt hunt;

	begin_with_hosts(&hunt, server_answer, "", "hosts: files\n",
		"192.0.2.1 host.test alias\n");
	find(&hunt, "alias");
	CU_ASSERT_STRING_EQUAL(canonical_name(&hunt), "host.test.");
	CU_ASSERT_EQUAL(hunt.list->addresses[0].port, 443);
	CU_ASSERT_EQUAL(hunt.list->ttl_s, 0);
	CU_ASSERT_PTR_NULL(hunt.list->ipv4);
	finish(&hunt);
}

static void hosts_file_that_cannot_be_read_says_nothing(void)
{
	struct hunt hunt;

	begin_with_hosts(&hunt, server_answer, "", "hosts: files dns\n", "");
	remove(hunt.hosts);
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
	finish(&hunt);
}

/* RFC 6724: what is near comes first, and IPv6 before IPv4. */
static void addresses_are_in_the_order_of_rfc_6724(void)
{
	struct hunt hunt;
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	begin_with_hosts(&hunt, server_answer, "", "hosts: files\n",
		"192.0.2.1 x\n127.0.0.1 x\n::1 x\n");
	find(&hunt, "x");
	CU_ASSERT_EQUAL_FATAL(hunt.list->count, 3);
	for (size_t i = 0; i < 3; i++) {
		bool last = i == 2;

		if (!check_has_ipv6())
			break;
		trowel_address_format(&hunt.list->addresses[i], text);
		CU_ASSERT_STRING_EQUAL(text,
			last		 ? "192.0.2.1"
				: i == 0 ? "::1"
					 : "127.0.0.1");
	}
	finish(&hunt);
}

/* ---- getaddrinfo's flags */

static void flags_of_getaddrinfo(void)
{
	static const struct {
		const char *host;
		unsigned flags;
		enum trowel_status status;
		const char *expected;
	} rows[] = {
		{ "192.0.2.1", TROWEL_NUMERIC_HOST, TROWEL_OK, "192.0.2.1" },
		{ "host.test", TROWEL_NUMERIC_HOST, TROWEL_BAD_ADDRESS, "" },
		{ "localhost", TROWEL_NUMERIC_HOST, TROWEL_BAD_ADDRESS, "" },
		{ "192.0.2.1", TROWEL_IPV6_ONLY | TROWEL_V4MAPPED, TROWEL_OK,
			"::ffff:192.0.2.1" },
		{ "host.test", TROWEL_IPV6_ONLY | TROWEL_V4MAPPED, TROWEL_OK,
			"2001:db8::77" },
		{ "host.test", TROWEL_IPV6_ONLY | TROWEL_V4MAPPED | TROWEL_ALL,
			TROWEL_OK, "2001:db8::77 ::ffff:192.0.2.77" },
		{ "host.test", TROWEL_IPV6_ONLY | TROWEL_ALL, TROWEL_OK,
			"2001:db8::77" },
		{ "host.test", TROWEL_V4MAPPED | TROWEL_ALL, TROWEL_OK,
			"2001:db8::77 192.0.2.77" },
		{ "host.test", TROWEL_IPV4_ONLY | TROWEL_V4MAPPED, TROWEL_OK,
			"192.0.2.77" },
		{ NULL, 0, TROWEL_OK, "::1 127.0.0.1" },
		{ NULL, TROWEL_PASSIVE, TROWEL_OK, ":: 0.0.0.0" },
		{ NULL, TROWEL_PASSIVE | TROWEL_IPV4_ONLY, TROWEL_OK,
			"0.0.0.0" },
		{ "host.test", TROWEL_PASSIVE, TROWEL_OK,
			"2001:db8::77 192.0.2.77" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt;

		begin(&hunt, server_answer, "");
		hunt.flags = rows[i].flags;
		find(&hunt, rows[i].host);
		CU_ASSERT_EQUAL(hunt.status, rows[i].status);
		if (strcmp(found(&hunt), rows[i].expected) != 0) {
			printf("row %zu: %s\n", i, found(&hunt));
			CU_FAIL("see above");
		}
		finish(&hunt);
	}
}

/* By what addresses this machine has: without any, both are asked for. */
static void families_without_an_address_are_not_asked_for(void)
{
	bool ipv4 = tw_route_has(4);
	bool ipv6 = tw_route_has(6);
	struct hunt hunt;

	begin(&hunt, server_answer, "");
	hunt.flags = TROWEL_ADDRCONFIG;
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_OK);
	CU_ASSERT_EQUAL(hunt.server.shared->udp, ipv4 != ipv6 ? 1 : 2);
	CU_ASSERT_EQUAL(hunt.list->ipv4 != NULL, ipv4 || !ipv6);
	CU_ASSERT_EQUAL(hunt.list->ipv6 != NULL, ipv6 || !ipv4);
	finish(&hunt);
}

static void check_addrinfo(
	const struct addrinfo *info, const struct trowel_address *address)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	CU_ASSERT_EQUAL(info->ai_socktype, SOCK_STREAM);
	CU_ASSERT_EQUAL(info->ai_protocol, IPPROTO_TCP);
	if (address->family == 4) {
		CU_ASSERT_EQUAL(info->ai_family, AF_INET);
		CU_ASSERT_EQUAL_FATAL(info->ai_addrlen, sizeof(ipv4));
		memcpy(&ipv4, info->ai_addr, sizeof(ipv4));
		CU_ASSERT_EQUAL(ntohs(ipv4.sin_port), 443);
		CU_ASSERT_EQUAL(memcmp(&ipv4.sin_addr, address->octets, 4), 0);
	} else {
		CU_ASSERT_EQUAL(info->ai_family, AF_INET6);
		CU_ASSERT_EQUAL_FATAL(info->ai_addrlen, sizeof(ipv6));
		memcpy(&ipv6, info->ai_addr, sizeof(ipv6));
		CU_ASSERT_EQUAL(ntohs(ipv6.sin6_port), 443);
		CU_ASSERT_EQUAL(
			memcmp(&ipv6.sin6_addr, address->octets, 16), 0);
	}
}

static void addrinfo_is_there_where_wanted(void)
{
	const struct addrinfo *info;
	struct hunt hunt;

	begin(&hunt, answer_by_aliases, "");
	find(&hunt, "host.test");
	CU_ASSERT_PTR_NULL(hunt.list->addrinfo);
	hunt.flags = TROWEL_ADDRINFO;
	find(&hunt, "host.test");
	info = hunt.list->addrinfo;
	CU_ASSERT_PTR_NOT_NULL_FATAL(info);
	CU_ASSERT_STRING_EQUAL(info->ai_canonname, "end.test");
	for (size_t i = 0; i < hunt.list->count; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(info);
		check_addrinfo(info, &hunt.list->addresses[i]);
		info = info->ai_next;
	}
	CU_ASSERT_PTR_NULL(info);
	find(&hunt, "::1");
	CU_ASSERT_PTR_NULL(hunt.list->addrinfo->ai_canonname);
	finish(&hunt);
}

/* Failures have none. */
static void addrinfo_of_no_addresses_is_null(void)
{
	struct hunt hunt;

	begin(&hunt, reply_nxdomain, "");
	hunt.flags = TROWEL_ADDRINFO;
	find(&hunt, "host.test");
	CU_ASSERT_EQUAL(hunt.status, TROWEL_NO_SUCH_NAME);
	CU_ASSERT_PTR_NOT_NULL_FATAL(hunt.list);
	CU_ASSERT_PTR_NULL(hunt.list->addrinfo);
	finish(&hunt);
}

/* ---- without waiting */

static void wait_for_next(struct trowel *t, struct trowel_done *done)
{
	while (!trowel_next(t, done)) {
		struct pollfd fd = { .fd = trowel_fd(t), .events = POLLIN };

		poll(&fd, 1, trowel_wait_ms(t));
	}
}

static void searches_run_side_by_side(void)
{
	enum { COUNT = 40 };
	struct trowel_request request = { .kind = TROWEL_REQUEST_ADDRESSES,
		.service = "443" };
	uint32_t seen[COUNT] = { 0 };
	struct hunt hunt;

	begin(&hunt, answer_by_name, "search a.test good.test\n");
	for (size_t i = 0; i < COUNT; i++) {
		uint32_t id;

		request.name = i % 2 == 0 ? "good.x" : "as-domain";
		CU_ASSERT_EQUAL(trowel_start(hunt.t, &request, &seen[i], &id),
			TROWEL_OK);
		seen[i] = id;
	}
	for (size_t i = 0; i < COUNT; i++) {
		struct trowel_done done;

		wait_for_next(hunt.t, &done);
		CU_ASSERT_EQUAL(*(uint32_t *)done.user, done.id);
		CU_ASSERT_EQUAL(done.status, TROWEL_OK);
		CU_ASSERT_EQUAL(done.list->count, 2);
		CU_ASSERT_PTR_NULL(done.answer);
		*(uint32_t *)done.user = 0;
		trowel_list_free(done.list);
	}
	finish(&hunt);
}

/* C26, C31. */
static void search_is_cancelled_at_any_time(void)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_ADDRESSES,
		.name = "host.test" };
	struct trowel_done done;
	struct hunt hunt;
	uint32_t id;

	begin(&hunt, lose_ipv6, "");
	CU_ASSERT_EQUAL(trowel_start(hunt.t, &request, NULL, &id), TROWEL_OK);
	CU_ASSERT(trowel_cancel(hunt.t, id));
	CU_ASSERT_EQUAL(trowel_start(hunt.t, &request, NULL, &id), TROWEL_OK);
	while (trowel_wait_ms(hunt.t) != 0) {
		struct pollfd fd = { .fd = trowel_fd(hunt.t),
			.events = POLLIN };

		if (poll(&fd, 1, 100) == 0)
			break; /* with IPv4 in, and IPv6 lost */
		CU_ASSERT(!trowel_next(hunt.t, &done));
	}
	CU_ASSERT(trowel_cancel(hunt.t, id));
	CU_ASSERT(!trowel_cancel(hunt.t, id));
	CU_ASSERT_EQUAL(trowel_start(hunt.t, &request, NULL, &id), TROWEL_OK);
	finish(&hunt); /* and by trowel_close() */
}

/* ---- through dnsmasq */

static void addresses_come_from_a_real_server(void)
{
	static const struct {
		const char *host;
		enum trowel_status status;
		const char *expected;
	} rows[] = {
		{ "www", TROWEL_OK, "2001:db8::10 192.0.2.10" },
		{ "ipv4", TROWEL_OK, "192.0.2.4" },
		{ "ipv6.trowel.test.", TROWEL_OK, "2001:db8::6" },
		{ "alias", TROWEL_OK, "2001:db8::10 192.0.2.10" },
		{ "nodata.trowel.test.", TROWEL_NO_DATA, "" },
		{ "missing.trowel.test.", TROWEL_NO_SUCH_NAME, "" },
	};
	struct trowel_options options;
	char conf[200];

	snprintf(conf, sizeof(conf),
		"nameserver 127.0.0.1:%u\nsearch trowel.test\n"
		"options timeout:2 attempts:3\n",
		check_dnsmasq_port());
	trowel_options_init(&options);
	tw_conf_parse(&options, conf, strlen(conf));
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct hunt hunt = { .flags = 0 };

		CU_ASSERT_EQUAL_FATAL(
			trowel_open(&hunt.t, &options), TROWEL_OK);
		find(&hunt, rows[i].host);
		CU_ASSERT_EQUAL(hunt.status, rows[i].status);
		CU_ASSERT_STRING_EQUAL(found(&hunt), rows[i].expected);
		trowel_list_free(hunt.list);
		trowel_close(hunt.t);
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(both_families_are_found_ipv6_first),
	CHECK_CASE(one_family_is_asked_for_where_one_is_wanted),
	CHECK_CASE(answers_in_the_other_order_go_to_their_questions),
	CHECK_CASE(one_family_is_found_whatever_the_other_comes_to),
	CHECK_CASE(families_are_asked_one_by_one_where_wanted),
	CHECK_CASE(ipv6_is_not_asked_for_where_resolv_conf_says_so),
	CHECK_CASE(first_family_is_handed_out_early_where_wanted),
	CHECK_CASE(silence_on_one_family_costs_the_other_little),
	CHECK_CASE(failures_are_told_apart),
	CHECK_CASE(servers_out_of_reach_are_told_at_once),
	CHECK_CASE(addresses_at_the_end_of_the_aliases_alone_are_used),
	CHECK_CASE(two_answers_of_64_kib_are_merged),
	CHECK_CASE(odd_names_are_not_shown_as_a_hosts),
	CHECK_CASE(class_of_hosts_is_in),
	CHECK_CASE(addresses_as_text_are_given_back),
	CHECK_CASE(what_is_no_host_is_not_asked_for),
	CHECK_CASE(names_that_look_a_little_like_those_are_asked_for),
	CHECK_CASE(localhost_is_this_host),
	CHECK_CASE(services_are_ports_in_decimal),
	CHECK_CASE(neither_family_is_no_choice),
	CHECK_CASE(search_list_is_gone_through_in_order),
	CHECK_CASE(search_goes_on_after_failures_but_not_after_silence),
	CHECK_CASE(server_that_goes_ends_the_search),
	CHECK_CASE(edns_options_are_in_every_query_of_a_search),
	CHECK_CASE(search_passes_over_names_that_cannot_be),
	CHECK_CASE(search_list_of_odd_octets_is_harmless),
	CHECK_CASE(hosts_file_and_dns_are_sources_in_order),
	CHECK_CASE(canonical_name_is_the_first_in_the_hosts_file),
	CHECK_CASE(hosts_file_that_cannot_be_read_says_nothing),
	CHECK_CASE(addresses_are_in_the_order_of_rfc_6724),
	CHECK_CASE(flags_of_getaddrinfo),
	CHECK_CASE(families_without_an_address_are_not_asked_for),
	CHECK_CASE(addrinfo_is_there_where_wanted),
	CHECK_CASE(addrinfo_of_no_addresses_is_null),
	CHECK_CASE(searches_run_side_by_side),
	CHECK_CASE(search_is_cancelled_at_any_time),
	CHECK_CASE(addresses_come_from_a_real_server),
};

int main(int argc, char **argv)
{
	check_need_dnsmasq(argv);
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
