/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/conf.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_AAAA 28
#define TYPE_SRV 33
#define TYPE_SVCB 64
#define TYPE_HTTPS 65

static struct server_message message; /* of the script at work */

/* A search for one service, from start to end. */
struct search {
	struct server server;
	struct trowel *t;
	const char *port;
	enum trowel_status status;
	struct trowel_list *list;
};

static void begin(struct search *search, server_script *script)
{
	struct trowel_options options;

	memset(search, 0, sizeof(*search));
	server_start(&search->server, AF_INET, script);
	trowel_options_init(&options);
	options.hosts = NULL;
	options.servers[options.server_count++] =
		server_address(&search->server);
	options.timeout_ms = 100;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&search->t, &options), TROWEL_OK);
}

static void find(struct search *search, const char *name, uint16_t type)
{
	trowel_list_free(search->list);
	search->status = trowel_services(
		search->t, name, type, search->port, NULL, &search->list);
	if (search->list != NULL)
		CU_ASSERT_EQUAL(search->list->status, search->status);
}

static void finish(struct search *search)
{
	trowel_list_free(search->list);
	trowel_close(search->t);
	server_stop(&search->server);
}

/* Targets with their ports and addresses, in their order, IPv4 first:
 * "a.test.:5222 192.0.2.1 2001:db8::1; b.test.:5222". */
static const char *found(const struct search *search)
{
	static char all[16384];
	const struct trowel_list *list = search->list;
	char text[TROWEL_NAME_TEXT_SIZE];
	char *end = all;

	all[0] = '\0';
	for (size_t i = 0; list != NULL && i < list->target_count; i++) {
		const struct trowel_target *target = &list->targets[i];

		trowel_name_format(&target->name, text);
		end += sprintf(
			end, "%s%s:%u", i > 0 ? "; " : "", text, target->port);
		for (size_t j = 0; j < 2 * target->count; j++) {
			const struct trowel_address *address =
				&list->addresses[target->first +
					j % target->count];

			if ((address->family == 4) != (j < target->count))
				continue;
			CU_ASSERT_EQUAL(address->port, target->port);
			trowel_address_format(address, text);
			end += sprintf(end, " %s", text);
		}
	}
	return all;
}

/* ---- a zone, in a script */

static void add_srv(
	unsigned priority, unsigned weight, unsigned port, const char *target)
{
	uint8_t rdata[6 + TROWEL_NAME_MAX] = { (uint8_t)(priority / 256),
		(uint8_t)priority, (uint8_t)(weight / 256), (uint8_t)weight,
		(uint8_t)(port / 256), (uint8_t)port };
	struct trowel_name name;
	size_t position;

	trowel_name_parse(target, strlen(target), &name, &position);
	memcpy(rdata + 6, name.octets, name.length);
	server_message_add(
		&message, NULL, TYPE_SRV, 300, rdata, 6u + name.length);
}

/* The parameters as octets, in which a NUL does not end them. */
static void add_https(unsigned type, unsigned priority, const char *target,
	const void *params, size_t length)
{
	uint8_t rdata[2 + TROWEL_NAME_MAX + 256] = { (uint8_t)(priority / 256),
		(uint8_t)priority };
	struct trowel_name name;
	size_t position;

	trowel_name_parse(target, strlen(target), &name, &position);
	memcpy(rdata + 2, name.octets, name.length);
	memcpy(rdata + 2 + name.length, params, length);
	server_message_add(
		&message, NULL, type, 200, rdata, 2u + name.length + length);
}

#define NOTHING "", 0
#define PORT_8443 "\0\3\0\2\x20\xFB", 6
#define MANDATORY_PORT "\0\0\0\2\0\3\0\3\0\2\x20\xFB", 12
#define MANDATORY_7 "\0\0\0\2\0\7\0\7\0\0", 10

/* Of the A and AAAA records of a.test to z.test: 192.0.2.97 to .122, and
 * 2001:db8::61 to ::7a. n... have none. */
static void add_address(const struct server_request *request)
{
	uint8_t ipv6[16] = { 0x20, 1, 0xD, 0xB8, [15] = request->octets[13] };
	uint8_t ipv4[4] = { 192, 0, 2, request->octets[13] };

	if (server_request_type(request) == TYPE_A)
		server_message_add(&message, NULL, TYPE_A, 100, ipv4, 4);
	else
		server_message_add(&message, NULL, TYPE_AAAA, 100, ipv6, 16);
}

static bool is(const struct server_request *request, const char *name)
{
	return server_request_is_for(request, name);
}

static void add_services(const struct server_request *request, unsigned type)
{
	if (is(request, "_x._tcp.test")) {
		add_srv(20, 0, 5222, "c.test");
		add_srv(10, 0, 5223, "b.test");
		add_srv(5, 0, 5224, "n.test");
		add_srv(11, 0, 0, "a.test");
	} else if (is(request, "_none._tcp.test")) {
		add_srv(0, 0, 0, ".");
	} else if (is(request, "_odd._tcp.test")) {
		add_srv(1, 0, 1, "192.0.2.1");
		add_srv(2, 0, 2, "x.onion");
		add_srv(3, 0, 3, "localhost");
		add_srv(4, 0, 4, ".");
	} else if (is(request, "_dead._tcp.test")) {
		add_srv(1, 0, 1, "n.test");
		add_srv(2, 0, 1, "nx.test");
	} else if (is(request, "_many._tcp.test")) {
		for (unsigned i = 100; i > 0; i--)
			add_srv(i, 0, i, "a.test");
	} else if (is(request, "_by-weight._tcp.test")) {
		add_srv(1, 0, 1, "a.test");
		add_srv(1, 30, 2, "a.test");
		add_srv(1, 10, 3, "a.test");
	} else if (is(request, "good.test")) {
		add_https(type, 2, "b.test", NOTHING);
		add_https(type, 1, ".", PORT_8443);
	} else if (is(request, "alias.test")) {
		add_https(type, 0, "good.test", NOTHING);
		add_https(type, 1, "c.test", NOTHING);
	} else if (is(request, "dead-alias.test")) {
		add_https(type, 0, "a.test", NOTHING);
	} else if (is(request, "no-service.test")) {
		add_https(type, 0, ".", NOTHING);
	} else if (is(request, "circle.test")) {
		add_https(type, 0, "circle.test", NOTHING);
	} else if (is(request, "mandatory.test")) {
		add_https(type, 1, "a.test", MANDATORY_7);
		add_https(type, 2, "b.test", MANDATORY_PORT);
	} else if (is(request, "unusable.test")) {
		add_https(type, 1, "a.test", MANDATORY_7);
	} else if (is(request, "shuffled.test")) {
		add_https(type, 1, "a.test", NOTHING);
		add_https(type, 1, "b.test", NOTHING);
	} else if (is(request, "cname.test")) {
		server_message_add_alias(&message, NULL, 300, "end.test");
		server_message_add(&message, "end.test", type, 300,
			"\0\1\0\0\3\0\2\x20\xFB", 9);
	} else if (is(request, "servfail.test")) {
		message.octets[3] |= 2;
	} else if (is(request, "nx.test") || is(request, "_nx._tcp.test")) {
		message.octets[3] |= 3;
	}
}

static void answer(struct server_request *request)
{
	unsigned type = server_request_type(request);

	server_note_name(request);
	server_message_start(&message, request, TROWEL_RA);
	if (type != TYPE_A && type != TYPE_AAAA)
		add_services(request, type);
	else if (is(request, "nx.test"))
		message.octets[3] |= 3;
	else if (request->octets[13] != 'n')
		add_address(request);
	server_reply(request, message.octets, message.length);
}

/* ---- SRV */

static void srv_targets_stand_by_priority(void)
{
	struct search search;

	begin(&search, answer);
	find(&search, "_x._tcp.test", TYPE_SRV);
	CU_ASSERT_EQUAL(search.status, TROWEL_OK);
	CU_ASSERT_STRING_EQUAL(found(&search),
		"n.test.:5224; "
		"b.test.:5223 192.0.2.98 2001:db8::62; "
		"a.test.:0 192.0.2.97 2001:db8::61; "
		"c.test.:5222 192.0.2.99 2001:db8::63");
	CU_ASSERT_EQUAL(search.list->targets[1].priority, 10);
	CU_ASSERT_EQUAL(search.list->targets[3].priority, 20);
	CU_ASSERT_EQUAL(search.list->ttl_s, 100);
	CU_ASSERT_PTR_NOT_NULL(search.list->answer);
	finish(&search);
}

static void srv_failures_are_told_apart(void)
{
	static const struct {
		const char *name;
		enum trowel_status status;
		const char *expected;
	} rows[] = {
		{ "_none._tcp.test", TROWEL_NO_DATA, "" },
		{ "_missing._tcp.test", TROWEL_NO_DATA, "" },
		{ "_nx._tcp.test", TROWEL_NO_SUCH_NAME, "" },
		{ "servfail.test", TROWEL_SERVER_FAILED, "" },
		{ "_dead._tcp.test", TROWEL_NO_DATA, "n.test.:1; nx.test.:1" },
		{ "_odd._tcp.test", TROWEL_OK,
			"192.0.2.1.:1; x.onion.:2; "
			"localhost.:3 127.0.0.1 ::1" },
	};
	struct search search;

	begin(&search, answer);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		find(&search, rows[i].name, TYPE_SRV);
		if (search.status == rows[i].status &&
			strcmp(found(&search), rows[i].expected) == 0)
			continue;
		printf("%s: %s, %s\n", rows[i].name,
			trowel_status_text(search.status), found(&search));
		CU_FAIL("see above");
	}
	finish(&search);
}

/* RFC 2782: among equals by lot; a weight of 0 leaves a very small chance. 4,000
 * draws of 3 to 1: seven standard deviations off is a fault. */
static void srv_weights_are_chances(void)
{
	enum { DRAWS = 4000 };
	unsigned first[4] = { 0 };
	struct search search;

	begin(&search, answer);
	for (size_t i = 0; i < DRAWS; i++) {
		find(&search, "_by-weight._tcp.test", TYPE_SRV);
		CU_ASSERT_EQUAL_FATAL(search.status, TROWEL_OK);
		CU_ASSERT_EQUAL_FATAL(search.list->target_count, 3);
		first[search.list->targets[0].port]++;
	}
	CU_ASSERT(first[1] < 30);
	CU_ASSERT(first[2] > 2800 && first[2] < 3190);
	CU_ASSERT(first[3] > 805 && first[3] < 1190);
	finish(&search);
}

static void best_of_very_many_targets_are_kept(void)
{
	struct search search;

	begin(&search, answer);
	find(&search, "_many._tcp.test", TYPE_SRV);
	CU_ASSERT_EQUAL(search.status, TROWEL_OK);
	CU_ASSERT_EQUAL_FATAL(search.list->target_count, 32);
	for (unsigned i = 0; i < 32; i++) {
		CU_ASSERT_EQUAL(search.list->targets[i].priority, i + 1);
		CU_ASSERT_EQUAL(search.list->targets[i].count, 2);
		CU_ASSERT_EQUAL(search.list->targets[i].first, 2 * i);
	}
	CU_ASSERT_EQUAL(search.list->count, 64);
	finish(&search);
}

/* ---- HTTPS and SVCB */

static void https_targets(void)
{
	static const struct {
		const char *why, *name;
		enum trowel_status status;
		const char *expected;
	} rows[] = {
		{ "by priority; the name itself for \".\"", "good.test",
			TROWEL_OK,
			"good.test.:8443 192.0.2.103 2001:db8::67; "
			"b.test.:443 192.0.2.98 2001:db8::62" },
		{ "an alias goes before all others", "alias.test", TROWEL_OK,
			"good.test.:8443 192.0.2.103 2001:db8::67; "
			"b.test.:443 192.0.2.98 2001:db8::62" },
		{ "an alias without records is the target", "dead-alias.test",
			TROWEL_OK, "a.test.:443 192.0.2.97 2001:db8::61" },
		{ "no records: the name itself", "c.test", TROWEL_OK,
			"c.test.:443 192.0.2.99 2001:db8::63" },
		{ "no records: the host behind the port", "_8443._https.c.test",
			TROWEL_OK, "c.test.:443 192.0.2.99 2001:db8::63" },
		{ "a failure is not fatal", "servfail.test", TROWEL_OK,
			"servfail.test.:443 192.0.2.115 2001:db8::73" },
		{ "no such service", "no-service.test", TROWEL_NO_DATA, "" },
		{ "aliases in a circle", "circle.test", TROWEL_ALIAS_LOOP, "" },
		{ "no such name", "nx.test", TROWEL_NO_SUCH_NAME,
			"nx.test.:443" },
		{ "mandatory parameters", "mandatory.test", TROWEL_OK,
			"b.test.:8443 192.0.2.98 2001:db8::62" },
		{ "none that can be used", "unusable.test", TROWEL_OK,
			"unusable.test.:443 192.0.2.117 2001:db8::75" },
		{ "behind a CNAME", "cname.test", TROWEL_OK,
			"end.test.:8443 192.0.2.101 2001:db8::65" },
		{ "localhost", "localhost", TROWEL_OK,
			"localhost.:443 127.0.0.1 ::1" },
		{ "", "www.localhost", TROWEL_OK,
			"www.localhost.:443 127.0.0.1 ::1" },
	};
	static const uint16_t types[] = { TYPE_HTTPS, TYPE_SVCB };
	struct search search;

	begin(&search, answer);
	search.port = "443";
	for (size_t i = 0; i < 2 * CHECK_COUNT(rows); i++) {
		size_t row = i / 2;

		find(&search, rows[row].name, types[i % 2]);
		if (search.status == rows[row].status &&
			strcmp(found(&search), rows[row].expected) == 0)
			continue;
		printf("%s: %s, %s\n", rows[row].why,
			trowel_status_text(search.status), found(&search));
		CU_FAIL("see above");
	}
	finish(&search);
}

static void parameters_are_read_from_the_records(void)
{
	struct trowel_iterator iterator = { .index = 0 };
	struct trowel_field field = { .number = 0 };
	const struct trowel_target *target;
	struct search search;

	begin(&search, answer);
	find(&search, "good.test", TYPE_HTTPS);
	target = &search.list->targets[0];
	CU_ASSERT_EQUAL(target->record.type, TYPE_HTTPS);
	while (trowel_field_next(&search.list->answer->message, &target->record,
		&iterator, &field))
		if (field.kind == TROWEL_KIND_PARAM)
			break;
	CU_ASSERT_EQUAL(field.number, 3);
	find(&search, "c.test", TYPE_HTTPS);
	CU_ASSERT_EQUAL(search.list->targets[0].record.type, 0);
	finish(&search);
}

static void targets_of_one_priority_are_shuffled(void)
{
	unsigned first[2] = { 0 };
	struct search search;

	begin(&search, answer);
	for (size_t i = 0; i < 400; i++) {
		find(&search, "shuffled.test", TYPE_HTTPS);
		first[search.list->targets[0].name.octets[1] == 'a']++;
	}
	CU_ASSERT(first[0] > 130 && first[1] > 130);
	finish(&search);
}

static void circles_of_aliases_end(void)
{
	struct search search;

	begin(&search, answer);
	find(&search, "circle.test", TYPE_HTTPS);
	CU_ASSERT_EQUAL(search.status, TROWEL_ALIAS_LOOP);
	CU_ASSERT_EQUAL(search.server.shared->udp, 9);
	finish(&search);
}

/* ---- all of them */

static void bad_requests_are_refused(void)
{
	static const struct {
		const char *name;
		uint16_t type;
		const char *port;
		enum trowel_status status;
	} rows[] = {
		{ "a.test", TYPE_A, NULL, TROWEL_BAD_ARGUMENT },
		{ NULL, TYPE_SRV, NULL, TROWEL_BAD_ARGUMENT },
		{ "a.test", TYPE_SRV, "http", TROWEL_BAD_ARGUMENT },
		{ "a..test", TYPE_SRV, NULL, TROWEL_EMPTY_LABEL },
		{ "192.0.2.1", TYPE_HTTPS, NULL, TROWEL_BAD_ADDRESS },
		{ "_x._tcp.abc.onion", TYPE_SRV, NULL, TROWEL_NO_SUCH_NAME },
	};
	struct search search;

	begin(&search, answer);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		search.port = rows[i].port;
		find(&search, rows[i].name, rows[i].type);
		CU_ASSERT_EQUAL(search.status, rows[i].status);
		CU_ASSERT_PTR_NULL(search.list);
	}
	CU_ASSERT_EQUAL(search.server.shared->udp, 0);
	finish(&search);
}

static void silence_ends_in_time(void)
{
	struct search search;

	begin(&search, answer);
	server_stop(&search.server);
	find(&search, "_x._tcp.test", TYPE_SRV);
	CU_ASSERT(search.status == TROWEL_TIMED_OUT ||
		search.status == TROWEL_UNREACHABLE);
	trowel_list_free(search.list);
	trowel_close(search.t);
}

static void services_are_cancelled_at_any_time(void)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_SERVICES,
		.type = TYPE_SRV,
		.name = "_many._tcp.test" };

	for (size_t turns = 0; turns < 12; turns++) {
		struct search search;
		struct trowel_done done = { .list = NULL };
		bool over = false;
		uint32_t id;

		begin(&search, answer);
		CU_ASSERT_EQUAL(
			trowel_start(search.t, &request, NULL, &id), TROWEL_OK);
		for (size_t i = 0; i < turns && !over; i++) {
			struct pollfd fd = { .fd = trowel_fd(search.t),
				.events = POLLIN };

			poll(&fd, 1, 100);
			over = trowel_next(search.t, &done);
		}
		CU_ASSERT_EQUAL(trowel_cancel(search.t, id), !over);
		trowel_list_free(done.list);
		finish(&search);
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(srv_targets_stand_by_priority),
	CHECK_CASE(srv_failures_are_told_apart),
	CHECK_CASE(srv_weights_are_chances),
	CHECK_CASE(best_of_very_many_targets_are_kept),
	CHECK_CASE(https_targets),
	CHECK_CASE(parameters_are_read_from_the_records),
	CHECK_CASE(targets_of_one_priority_are_shuffled),
	CHECK_CASE(circles_of_aliases_end),
	CHECK_CASE(bad_requests_are_refused),
	CHECK_CASE(silence_ends_in_time),
	CHECK_CASE(services_are_cancelled_at_any_time),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
