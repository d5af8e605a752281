/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/conf.h"
#include "tests/check.h"

static void parse(
	struct trowel_options *options, const char *text, size_t length)
{
	char *copy = check_copy(text, length);

	tw_conf_parse(options, copy, length);
	free(copy);
}

/* "192.0.2.1 [2001:db8::1]:53 / example.com. / 1 0 0": servers, search list,
 * ndots, timeout and attempts. */
static void describe(const struct trowel_options *options, char text[4096])
{
	char word[TROWEL_NAME_TEXT_SIZE];
	char *end = text;

	for (size_t i = 0; i < options->server_count; i++) {
		const struct trowel_address *server = &options->servers[i];

		trowel_address_format(server, word);
		end += sprintf(end,
			server->port == 0	      ? "%s "
				: server->family == 6 ? "[%s]:%u "
						      : "%s:%u ",
			word, server->port);
	}
	end += sprintf(end, "/");
	for (size_t at = 0; at < options->search_length;) {
		struct trowel_name name = { .length = 0 };

		while (options->search[at + name.length] != 0)
			name.length = (uint8_t)(name.length + 1 +
				options->search[at + name.length]);
		name.length++;
		memcpy(name.octets, options->search + at, name.length);
		at += name.length;
		trowel_name_format(&name, word);
		end += sprintf(end, " %s", word);
	}
	sprintf(end, " / %u %u %u", options->ndots, options->timeout_ms,
		options->attempts);
}

struct row {
	const char *why, *text, *expected;
};

static void check_rows(const struct row *rows, size_t count)
{
	static char text[4096];
	char why[8192];

	for (size_t i = 0; i < count; i++) {
		struct trowel_options options;

		trowel_options_init(&options);
		parse(&options, rows[i].text, strlen(rows[i].text));
		describe(&options, text);
		if (strcmp(text, rows[i].expected) == 0)
			continue;
		snprintf(why, sizeof(why), "%s: %s", rows[i].why, text);
		puts(why);
		CU_FAIL("see above");
	}
}

static void nameserver_lines(void)
{
	static const struct row rows[] = {
		{ "nothing", "", "/ / 1 0 0" },
		{ "one", "nameserver 192.0.2.1\n", "192.0.2.1 / / 1 0 0" },
		{ "no final newline", "nameserver 192.0.2.1",
			"192.0.2.1 / / 1 0 0" },
		{ "in their order",
			"nameserver 192.0.2.2\nnameserver 2001:db8::1\n"
			"nameserver 192.0.2.1\nnameserver 192.0.2.3\n",
			"192.0.2.2 2001:db8::1 192.0.2.1 192.0.2.3 / / 1 0 "
			"0" },
		{ "ports",
			"nameserver 192.0.2.1:5353\n"
			"nameserver [2001:db8::1]:5353\n"
			"nameserver [2001:db8::1]\n",
			"192.0.2.1:5353 [2001:db8::1]:5353 2001:db8::1 / / 1 "
			"0 0" },
		{ "scopes",
			"nameserver fe80::1%77777\n"
			"nameserver fe80::1%no-such-if\n",
			"fe80::1%77777 / / 1 0 0" },
		{ "text behind is passed over, as in glibc",
			"nameserver 192.0.2.1 192.0.2.2\n"
			"nameserver 192.0.2.3 5353\n",
			"192.0.2.1 192.0.2.3 / / 1 0 0" },
		{ "no address",
			"nameserver\nnameserver \nnameserver localhost\n"
			"nameserver 192.0.2\nnameserver 0xc0.0.2.1\n"
			"nameserver 192.0.2.01\nnameserver 192.0.2.1:0\n"
			"nameserver 192.0.2.1:dns\nnameserver ::1%\n"
			"nameserver 192.0.2.9\n",
			"192.0.2.9 / / 1 0 0" },
		{ "not to one host",
			"nameserver 0.0.0.0\nnameserver ::\n"
			"nameserver 255.255.255.255\nnameserver 224.0.0.251\n"
			"nameserver 239.255.255.255:53\nnameserver ff02::fb\n"
			"nameserver [::]:53\nnameserver ff05::1\n"
			"nameserver 192.0.2.9\n",
			"192.0.2.9 / / 1 0 0" },
		{ "other words",
			"nameservers 192.0.2.1\nnameserve 192.0.2.2\n"
			"NAMESERVER 192.0.2.3\nnameserver192.0.2.4\n"
			"nameserver 192.0.2.9\nsortlist 192.0.2.5\n",
			"192.0.2.9 / / 1 0 0" },
	};

	check_rows(rows, CHECK_COUNT(rows));
}

static void blanks_comments_and_line_ends(void)
{
	static const struct row rows[] = {
		{ "comments",
			"# nameserver 192.0.2.1\n; nameserver 192.0.2.2\n"
			"#\n;\n#nameserver 192.0.2.3\n"
			"nameserver 192.0.2.4 # nameserver\n"
			"nameserver 192.0.2.5;nameserver\n"
			"nameserver # 192.0.2.6\n"
			"search a # b\n",
			"192.0.2.4 192.0.2.5 / a. / 1 0 0" },
		{ "tabs and blanks",
			"nameserver\t192.0.2.1\t\nnameserver  \t 192.0.2.2  \n"
			"\n \n\t\nsearch\ta \t b\t\n",
			"192.0.2.1 192.0.2.2 / a. b. / 1 0 0" },
		{ "the keyword must start the line",
			" nameserver 192.0.2.1\n\tnameserver 192.0.2.2\n",
			"/ / 1 0 0" },
		{ "CR LF",
			"nameserver 192.0.2.1\r\n\r\nsearch a b\r\n"
			"options ndots:2\r\nnameserver 192.0.2.2\r",
			"192.0.2.1 192.0.2.2 / a. b. / 2 0 0" },
		{ "byte order mark",
			"\xEF\xBB\xBFnameserver 192.0.2.1\n"
			"\xEF\xBB\xBFnameserver 192.0.2.2\n",
			"192.0.2.1 / / 1 0 0" },
		{ "byte order mark, cut", "\xEF\xBB", "/ / 1 0 0" },
	};

	check_rows(rows, CHECK_COUNT(rows));
}

static void search_and_domain_lines(void)
{
	static const struct row rows[] = {
		{ "several", "search example.com example.net. test\n",
			"/ example.com. example.net. test. / 1 0 0" },
		{ "one", "domain example.com\n", "/ example.com. / 1 0 0" },
		{ "domain takes one", "domain a b\n", "/ a. / 1 0 0" },
		{ "the last one counts: search",
			"domain a\nsearch b c\nsearch d e\n",
			"/ d. e. / 1 0 0" },
		{ "the last one counts: domain", "search b c\ndomain a\n",
			"/ a. / 1 0 0" },
		{ "an empty one does not", "search b c\nsearch\ndomain \n",
			"/ b. c. / 1 0 0" },
		{ "the root empties the list", "search b\nsearch .\n",
			"/ / 1 0 0" },
		{ "bad names",
			"search a..b "
			"x2345678901234567890123456789012345678901234567890123"
			"45678901234 \\256 good\n",
			"/ good. / 1 0 0" },
	};

	check_rows(rows, CHECK_COUNT(rows));
}

static void options_lines(void)
{
	static const struct row rows[] = {
		{ "three", "options ndots:3 timeout:2 attempts:4\n",
			"/ / 3 2000 4" },
		{ "on several lines, the last counts",
			"options ndots:3\noptions timeout:7 ndots:2\n",
			"/ / 2 7000 0" },
		{ "most",
			"options ndots:16 timeout:31 attempts:6\n"
			"options ndots:16 timeout:31 attempts:6\n",
			"/ / 15 30000 5" },
		{ "far too much",
			"options ndots:4294967297 "
			"timeout:99999999999999999999999 "
			"attempts:18446744073709551617\n",
			"/ / 15 30000 5" },
		{ "least", "options ndots:0 timeout:0 attempts:0\n",
			"/ / 0 1000 1" },
		{ "leading zeros", "options ndots:0000000000000002\n",
			"/ / 2 0 0" },
		{ "no numbers",
			"options ndots: ndots ndots:x ndots:2x ndots:-1 "
			"ndots:+2 ndots=2 timeout:1.5 attempts:\n",
			"/ / 1 0 0" },
		{ "unknown ones",
			"options rotate edns0 trust-ad single-request "
			"inet6 no-such-option xndots:3 ndots:4\n",
			"/ / 4 0 0" },
		{ "none", "options\noptions \n", "/ / 1 0 0" },
	};

	check_rows(rows, CHECK_COUNT(rows));
}

/* G54: the words of several lines add up, and a minus takes one away. */
static void flags_of_options_lines(void)
{
	static const struct {
		const char *why, *text;
		unsigned flags;
	} rows[] = {
		{ "none", "options ndots:2\n", 0 },
		{ "each by itself", "options rotate\n", TROWEL_ROTATE },
		{ "", "options use-vc\n", TROWEL_USE_TCP },
		{ "", "options trust-ad\n", TROWEL_TRUST_AD },
		{ "", "options no-aaaa\n", TROWEL_NO_AAAA },
		{ "", "options no-tld-query\n", TROWEL_NO_TLD_QUERY },
		{ "", "options single-request\n", TROWEL_SINGLE_REQUEST },
		{ "", "options single-request-reopen\n",
			TROWEL_SINGLE_REQUEST },
		{ "they add up",
			"options rotate use-vc\noptions no-aaaa ndots:3\n",
			TROWEL_ROTATE | TROWEL_USE_TCP | TROWEL_NO_AAAA },
		{ "the start of a word, as in glibc", "options rotated\n",
			TROWEL_ROTATE },
		{ "cleared", "options rotate use-vc\noptions -rotate\n",
			TROWEL_USE_TCP },
		{ "cleared without having been set", "options -rotate\n", 0 },
		{ "set again", "options -rotate rotate\n", TROWEL_ROTATE },
		{ "without effect",
			"options debug edns0 inet6 ip6-bytestring ip6-dotint "
			"no-ip6-dotint no-check-names\n",
			0 },
		{ "no such words",
			"options Rotate rotat -- - --rotate use_vc\n", 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_options options;

		trowel_options_init(&options);
		parse(&options, rows[i].text, strlen(rows[i].text));
		if (options.flags != rows[i].flags) {
			printf("%s: %s: %u\n", rows[i].why, rows[i].text,
				options.flags);
			CU_FAIL("see above");
		}
	}
}

/* G58. */
static void no_reload_leaves_no_path(void)
{
	struct trowel_options options;

	trowel_options_init(&options);
	options.path = "x";
	parse(&options, "options rotate\n", 15);
	CU_ASSERT_PTR_NOT_NULL(options.path);
	parse(&options, "options no-reload\n", 18);
	CU_ASSERT_PTR_NULL(options.path);
}

/* What LOCALDOMAIN and RES_OPTIONS are given to. */
static void words_outside_a_file(void)
{
	static const char search[] = "b c\td";
	static const char more[] = "ndots:3 rotate -use-vc timeout:9";
	struct trowel_options options;
	char got[4096];
	char *text = check_copy(search, sizeof(search) - 1);

	trowel_options_init(&options);
	parse(&options, "search a\noptions use-vc ndots:2\n", 33);
	tw_conf_search(&options, text, sizeof(search) - 1);
	free(text);
	text = check_copy(more, sizeof(more) - 1);
	tw_conf_options(&options, text, sizeof(more) - 1);
	free(text);
	describe(&options, got);
	CU_ASSERT_STRING_EQUAL(got, "/ b. c. d. / 3 9000 0");
	CU_ASSERT_EQUAL(options.flags, TROWEL_ROTATE);
	CU_ASSERT_EQUAL(options.deadline_ms, 18000);
}

static void order_of_sources(void)
{
	static const struct {
		const char *why, *text, *expected;
	} rows[] = {
		{ "no file", "", "files dns" },
		{ "as usual", "hosts: files dns\n", "files dns" },
		{ "the other way round", "hosts: dns files\n", "dns files" },
		{ "one", "hosts: files\n", "files" },
		{ "", "hosts:\tdns", "dns" },
		{ "others are passed over",
			"hosts: mymachines files myhostname nis dns wins\n",
			"files dns" },
		{ "systemd's resolver is a server of resolv.conf",
			"hosts: mymachines resolve [!UNAVAIL=return] files "
			"myhostname dns\n",
			"dns" },
		{ "ours is DNS", "hosts: files trowel dns\n", "files dns" },
		{ "twice is once", "hosts: files files dns files\n",
			"files dns" },
		{ "nothing known", "hosts: nis wins\n", "files dns" },
		{ "nothing", "hosts:\n", "files dns" },
		{ "other databases", "passwd: dns\nhosts: files\nshosts: dns\n",
			"files" },
		{ "comments", "# hosts: dns\n#\nhosts: files # dns\n",
			"files" },
		{ "blanks", "  hosts:  files\t\n", "files" },
		{ "the last line counts", "hosts: files\nhosts: dns\n", "dns" },
		{ "NOTFOUND=return", "hosts: files [NOTFOUND=return] dns\n",
			"files" },
		{ "of a service that is passed over",
			"hosts: files mdns4_minimal [NOTFOUND=return] dns\n",
			"files dns" },
		{ "all but another", "hosts: files [!UNAVAIL=return] dns\n",
			"files" },
		{ "all but this", "hosts: files [!NOTFOUND=return] dns\n",
			"files dns" },
		{ "other actions",
			"hosts: files [NOTFOUND=continue SUCCESS=return] dns\n",
			"files dns" },
		{ "second brackets",
			"hosts: files [SUCCESS=return] [NOTFOUND=return] dns",
			"files" },
		{ "odd ones",
			"hosts: ] [=] [x] [NOTFOUND] [NOTFOUND=] [=return] "
			"files [!=] [NOTFOUND=return dns\n",
			"files dns" },
	};
	static const char *const names[] = { "none", "files", "dns" };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_options options;
		size_t length = strlen(rows[i].text);
		char *copy = check_copy(rows[i].text, length);
		char got[32];

		trowel_options_init(&options);
		tw_conf_sources(&options, copy, length);
		free(copy);
		strcpy(got, names[options.sources[0]]);
		if (options.sources[1] != TROWEL_SOURCE_NONE) {
			strcat(got, " ");
			strcat(got, names[options.sources[1]]);
		}
		if (strcmp(got, rows[i].expected) != 0) {
			printf("%s: %s\n", rows[i].why, got);
			CU_FAIL("see above");
		}
	}
}

static void a_timeout_that_is_given_raises_the_deadline(void)
{
	static const struct {
		const char *text;
		unsigned deadline_ms;
	} rows[] = {
		{ "options attempts:5\n", 10000 },
		{ "options timeout:1\n", 10000 },
		{ "options timeout:30\n", 60000 },
		{ "options timeout:5\nnameserver 192.0.2.1\n"
		  "nameserver 192.0.2.2\nnameserver 192.0.2.3\n",
			30000 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_options options;

		trowel_options_init(&options);
		parse(&options, rows[i].text, strlen(rows[i].text));
		CU_ASSERT_EQUAL(options.deadline_ms, rows[i].deadline_ms);
	}
}

static void the_deadline_is_an_hour_at_most(void)
{
	struct trowel_options options;
	const char *text = "options timeout:30 attempts:5\n";

	trowel_options_init(&options);
	for (int i = 0; i < TROWEL_SERVERS_MAX; i++)
		trowel_options_add_server(&options, "192.0.2.1");
	parse(&options, text, strlen(text));
	CU_ASSERT_EQUAL(options.deadline_ms, 3600000);
}

static void nul_octets_are_octets_like_others(void)
{
	static const char text[] = "nameserver 192.0.2.1\0\n"
				   "\0nameserver 192.0.2.2\n"
				   "nameserver 192.0.2.3\0.4\n"
				   "nameserver\0192.0.2.5\n"
				   "\0\0\0\n"
				   "nameserver 192.0.2.6\n";
	struct trowel_options options;
	char got[4096];

	trowel_options_init(&options);
	parse(&options, text, sizeof(text) - 1);
	describe(&options, got);
	CU_ASSERT_STRING_EQUAL(got, "192.0.2.6 / / 1 0 0");
}

/* Repeats text into a heap block, parses it, and describes the outcome. */
static void parse_many(const char *head, const char *text, size_t times,
	const char *tail, char got[4096])
{
	struct trowel_options options;
	size_t size = strlen(head) + strlen(text) * times + strlen(tail);
	char *whole = malloc(size + 1);
	char *end = whole;

	end = stpcpy(end, head);
	for (size_t i = 0; i < times; i++)
		end = stpcpy(end, text);
	strcpy(end, tail);
	trowel_options_init(&options);
	parse(&options, whole, size);
	free(whole);
	describe(&options, got);
}

static void first_good_servers_of_very_many_are_kept(void)
{
	char got[4096];
	char expected[4096] = "192.0.2.1 ";

	for (int i = 1; i < TROWEL_SERVERS_MAX; i++)
		strcat(expected, "192.0.2.2 ");
	strcat(expected, "/ a. / 1 0 0");
	parse_many("nameserver bad\nnameserver 192.0.2.1\n",
		"nameserver 192.0.2.2\n", 100000, "search a\n", got);
	CU_ASSERT_STRING_EQUAL(got, expected);
}

static void lines_of_any_length_are_read(void)
{
	char got[4096];

	parse_many("nameserver ", "1234567890", 1000000,
		"\nnameserver 192.0.2.1\n", got);
	CU_ASSERT_STRING_EQUAL(got, "192.0.2.1 / / 1 0 0");
	parse_many("nameserver 192.0.2.1 ", " ", 1000000, "\n", got);
	CU_ASSERT_STRING_EQUAL(got, "192.0.2.1 / / 1 0 0");
	parse_many("options ", "ndots:3 rotate ", 100000, "\n", got);
	CU_ASSERT_STRING_EQUAL(got, "/ / 3 0 0");
	parse_many("search ", "a..b ", 100000, "good\n", got);
	CU_ASSERT_STRING_EQUAL(got, "/ good. / 1 0 0");
	parse_many("search ", "a.", 500000, " good\n", got);
	CU_ASSERT_STRING_EQUAL(got, "/ good. / 1 0 0");
}

static void search_list_keeps_what_has_room(void)
{
	struct trowel_options options;
	char got[4096];
	char *text = got;

	text += sprintf(text, "search");
	for (int i = 0; i < 400; i++)
		text += sprintf(text, " d%03d", i);
	trowel_options_init(&options);
	parse(&options, got, strlen(got));
	/* 6 octets each: 1024 / 6 */
	CU_ASSERT_EQUAL(options.search_length, 170 * 6);
	CU_ASSERT_EQUAL(memcmp(options.search + 169 * 6, "\4d169", 6), 0);
}

/* Whatever the octets: a fixed seed, exact-size blocks, under sanitizers. */
static void noise_is_harmless(void)
{
	static const char letters[] = "nameserver search domain options hosts:"
				      "ndots:timeout:\n\n\r\t#;[]:=!%.0123\\";
	uint32_t state = 1;

	for (int i = 0; i < 20000; i++) {
		struct trowel_options options;
		char text[64];
		size_t length;

		for (size_t j = 0; j < sizeof(text); j++) {
			state = state * 1664525 + 1013904223;
			text[j] = state % 256 < 200
				? letters[(state >> 8) % sizeof(letters)]
				: (char)(state >> 8);
		}
		length = (state >> 8) % (sizeof(text) + 1);
		trowel_options_init(&options);
		parse(&options, text, length);
		tw_conf_sources(&options, text, length);
		if (options.server_count > TROWEL_SERVERS_MAX)
			CU_FAIL("too many servers");
	}
}

static void every_prefix_of_a_file_is_harmless(void)
{
	static const char text[] =
		"\xEF\xBB\xBF# x\r\nnameserver [fe80::1%1]:53\n"
		"search a.b c\ndomain d\noptions ndots:2 timeout:3 attempts:4";

	for (size_t i = 0; i < sizeof(text); i++) {
		struct trowel_options options;

		trowel_options_init(&options);
		parse(&options, text, i);
		CU_ASSERT(options.server_count <= 1);
	}
}

static void servers_are_added_as_text_up_to_the_limit(void)
{
	struct trowel_options options;

	trowel_options_init(&options);
	CU_ASSERT_EQUAL(trowel_options_add_server(&options, "nowhere"),
		TROWEL_BAD_ADDRESS);
	CU_ASSERT_EQUAL(options.server_count, 0);
	for (int i = 0; i < TROWEL_SERVERS_MAX; i++)
		CU_ASSERT_EQUAL(
			trowel_options_add_server(&options, "[::1]:5353"),
			TROWEL_OK);
	CU_ASSERT_EQUAL(trowel_options_add_server(&options, "192.0.2.1"),
		TROWEL_NO_SPACE);
	CU_ASSERT_EQUAL(options.server_count, TROWEL_SERVERS_MAX);
	CU_ASSERT_EQUAL(options.servers[31].port, 5353);
}

static const struct check_case cases[] = {
	CHECK_CASE(nameserver_lines),
	CHECK_CASE(blanks_comments_and_line_ends),
	CHECK_CASE(search_and_domain_lines),
	CHECK_CASE(options_lines),
	CHECK_CASE(flags_of_options_lines),
	CHECK_CASE(no_reload_leaves_no_path),
	CHECK_CASE(words_outside_a_file),
	CHECK_CASE(order_of_sources),
	CHECK_CASE(a_timeout_that_is_given_raises_the_deadline),
	CHECK_CASE(the_deadline_is_an_hour_at_most),
	CHECK_CASE(nul_octets_are_octets_like_others),
	CHECK_CASE(first_good_servers_of_very_many_are_kept),
	CHECK_CASE(lines_of_any_length_are_read),
	CHECK_CASE(search_list_keeps_what_has_room),
	CHECK_CASE(noise_is_harmless),
	CHECK_CASE(every_prefix_of_a_file_is_harmless),
	CHECK_CASE(servers_are_added_as_text_up_to_the_limit),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
