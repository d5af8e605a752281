/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver/conf.h"
#include "tests/check.h"
#include "tests/server.h"

static struct server_message message; /* of the script at work */

/* A search for one address's name, from start to end. */
struct search {
	struct server server;
	struct trowel *t;
	enum trowel_status status;
	struct trowel_list *list;
	char hosts[32];
};

static void begin(struct search *search, server_script *script,
	const char *nsswitch, const char *hosts)
{
	struct trowel_options options;
	int fd;

	memset(search, 0, sizeof(*search));
	strcpy(search->hosts, "/tmp/trowel-hosts-XXXXXX");
	fd = mkstemp(search->hosts);
	CU_ASSERT_EQUAL_FATAL(
		write(fd, hosts, strlen(hosts)), (ssize_t)strlen(hosts));
	close(fd);
	server_start(&search->server, AF_INET, script);
	trowel_options_init(&options);
	tw_conf_sources(&options, nsswitch, strlen(nsswitch));
	options.hosts = search->hosts;
	options.servers[options.server_count++] =
		server_address(&search->server);
	options.timeout_ms = 100;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&search->t, &options), TROWEL_OK);
}

static void find(struct search *search, const char *text)
{
	struct trowel_address address;

	trowel_list_free(search->list);
	trowel_address_parse(text, &address);
	search->status =
		trowel_reverse(search->t, &address, NULL, &search->list);
}

static void finish(struct search *search)
{
	trowel_list_free(search->list);
	trowel_close(search->t);
	server_stop(&search->server);
	remove(search->hosts);
}

static const char *found(const struct search *search)
{
	static char text[TROWEL_NAME_TEXT_SIZE];

	if (search->list == NULL)
		return "no list";
	trowel_name_format(&search->list->name, text);
	return text;
}

static void add_pointer(const char *owner, const char *target)
{
	struct trowel_name name;
	size_t position;

	trowel_name_parse(target, strlen(target), &name, &position);
	server_message_add(&message, owner, 12, 300, name.octets, name.length);
}

static void answer_pointers(struct server_request *request)
{
	server_note_name(request);
	server_message_start(&message, request, TROWEL_RA);
	if (server_request_is_for(request, "1.2.0.192.in-addr.arpa"))
		add_pointer(NULL, "one.test");
	if (server_request_is_for(request, "2.2.0.192.in-addr.arpa")) {
		add_pointer(NULL, "first.test");
		add_pointer(NULL, "second.test");
	}
	if (server_request_is_for(request, "3.2.0.192.in-addr.arpa")) {
		server_message_add_alias(
			&message, NULL, 60, "3.0-7.2.0.192.in-addr.arpa");
		add_pointer("3.0-7.2.0.192.in-addr.arpa", "delegated.test");
	}
	if (server_request_is_for(request, "4.2.0.192.in-addr.arpa")) {
		add_pointer(NULL, "<script>.test");
		add_pointer(NULL, "a\\.b.test");
		add_pointer(NULL, "-r.test");
		add_pointer(NULL, ".");
		add_pointer(NULL, "x_y-1.test");
	}
	if (server_request_is_for(request, "5.2.0.192.in-addr.arpa"))
		add_pointer(NULL, "$(reboot).test");
	if (server_request_is_for(request, "7.2.0.192.in-addr.arpa"))
		message.octets[3] |= 3; /* NXDOMAIN */
	if (server_request_is_for(request, "8.2.0.192.in-addr.arpa"))
		message.octets[3] |= 2; /* SERVFAIL */
	if (server_request_is_for(request, "9.2.0.192.in-addr.arpa"))
		return;
	server_reply(request, message.octets, message.length);
}

/* G32 to G34, G46. */
static void pointers_give_the_name(void)
{
	static const struct {
		const char *address;
		enum trowel_status status;
		const char *name;
	} rows[] = {
		{ "192.0.2.1", TROWEL_OK, "one.test." },
		{ "192.0.2.2", TROWEL_OK, "first.test." },
		{ "192.0.2.3", TROWEL_OK, "delegated.test." },
		{ "192.0.2.4", TROWEL_OK, "x_y-1.test." },
		{ "192.0.2.5", TROWEL_NO_DATA, "5.2.0.192.in-addr.arpa." },
		{ "192.0.2.6", TROWEL_NO_DATA, "6.2.0.192.in-addr.arpa." },
		{ "192.0.2.7", TROWEL_NO_SUCH_NAME, "7.2.0.192.in-addr.arpa." },
		{ "192.0.2.8", TROWEL_SERVER_FAILED,
			"8.2.0.192.in-addr.arpa." },
		{ "192.0.2.9", TROWEL_TIMED_OUT, "9.2.0.192.in-addr.arpa." },
	};
	struct search search;

	begin(&search, answer_pointers, "hosts: dns\n", "192.0.2.1 x\n");
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		find(&search, rows[i].address);
		CU_ASSERT_EQUAL(search.status, rows[i].status);
		CU_ASSERT_STRING_EQUAL(found(&search), rows[i].name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(search.list);
		CU_ASSERT_EQUAL(search.list->status, search.status);
		CU_ASSERT_PTR_NOT_NULL(search.list->answer);
		CU_ASSERT_EQUAL(search.list->count, 1);
		CU_ASSERT_EQUAL(search.list->addresses[0].octets[3], i + 1);
	}
	finish(&search);
}

static void names_asked_for_are_those_of_the_rfcs(void)
{
	struct search search;

	begin(&search, answer_pointers, "hosts: dns\n", "");
	find(&search, "198.51.100.255");
	find(&search, "2001:db8::567:89ab");
	CU_ASSERT_STRING_EQUAL(search.server.shared->names,
		"255.100.51.198.in-addr.arpa. "
		"b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		"8.b.d.0.1.0.0.2.ip6.arpa. ");
	finish(&search);
}

static void hosts_file_and_dns_are_sources_in_order(void)
{
	static const char hosts[] = "192.0.2.1 local.test alias\n"
				    "192.0.2.6 six.test\n";
	static const struct {
		const char *nsswitch, *address;
		enum trowel_status status;
		const char *name;
	} rows[] = {
		{ "hosts: files dns\n", "192.0.2.1", TROWEL_OK, "local.test." },
		{ "hosts: files dns\n", "192.0.2.2", TROWEL_OK, "first.test." },
		{ "hosts: dns files\n", "192.0.2.1", TROWEL_OK, "one.test." },
		{ "hosts: dns files\n", "192.0.2.6", TROWEL_OK, "six.test." },
		{ "hosts: dns files\n", "192.0.2.7", TROWEL_NO_SUCH_NAME,
			"7.2.0.192.in-addr.arpa." },
		{ "hosts: files\n", "192.0.2.6", TROWEL_OK, "six.test." },
		{ "hosts: files\n", "192.0.2.2", TROWEL_NO_SUCH_NAME,
			"2.2.0.192.in-addr.arpa." },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct search search;

		begin(&search, answer_pointers, rows[i].nsswitch, hosts);
		find(&search, rows[i].address);
		CU_ASSERT_EQUAL(search.status, rows[i].status);
		CU_ASSERT_STRING_EQUAL(found(&search), rows[i].name);
		finish(&search);
	}
}

static void what_is_no_address_has_no_name(void)
{
	static const char *const names[] = { NULL, "", "host.test", "192.0.2" };
	struct search search;
	struct trowel_request request = { .kind = TROWEL_REQUEST_REVERSE };
	struct trowel_address nothing = { .family = 0 };
	uint32_t id;

	begin(&search, answer_pointers, "hosts: dns\n", "");
	for (size_t i = 0; i < CHECK_COUNT(names); i++) {
		request.name = names[i];
		CU_ASSERT_EQUAL(trowel_start(search.t, &request, NULL, &id),
			TROWEL_BAD_ADDRESS);
	}
	CU_ASSERT_EQUAL(trowel_reverse(search.t, &nothing, NULL, &search.list),
		TROWEL_BAD_ADDRESS);
	CU_ASSERT_EQUAL(search.server.shared->udp, 0);
	finish(&search);
}

static const struct check_case cases[] = {
	CHECK_CASE(pointers_give_the_name),
	CHECK_CASE(names_asked_for_are_those_of_the_rfcs),
	CHECK_CASE(hosts_file_and_dns_are_sources_in_order),
	CHECK_CASE(what_is_no_address_has_no_name),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
