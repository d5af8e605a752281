/* SPDX-License-Identifier: MIT */
/* Lookups that share TCP connections (RFC 7766), against servers that do as a
 * script of this file says. Each connection is a process of the server's. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <trowel/resolver.h>

#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define SECOND_US 1000000

static struct server_message message; /* of the script at work */

/* Stands in for the C library's: time that has passed in no time. */
static time_t skipped_s;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	long result = syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += skipped_s;
	return (int)result;
}

struct fixture {
	struct server server;
	struct trowel *t;
	struct trowel_ask ask;
	uint16_t id_step; /* from lookup to lookup: equal ids share nothing */
};

static void begin(struct fixture *fixture, server_script *script)
{
	struct trowel_options options;

	memset(fixture, 0, sizeof(*fixture));
	server_start(&fixture->server, AF_INET, script);
	trowel_options_init(&options);
	options.servers[0] = server_address(&fixture->server);
	options.server_count = 1;
	options.timeout_ms = 2000;
	options.deadline_ms = 5000;
	options.flags = TROWEL_USE_TCP;
	fixture->ask.attempts = 4;
	fixture->ask.flags = TROWEL_ASK_SET_ID;
	fixture->id_step = 1;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&fixture->t, &options), TROWEL_OK);
}

static void finish(struct fixture *fixture)
{
	CU_ASSERT_EQUAL(fixture->server.shared->udp, 0);
	trowel_close(fixture->t);
	server_stop(&fixture->server);
}

/* One lookup; how many attempts it took, 0: no good answer. */
static unsigned look_up(struct fixture *fixture)
{
	struct trowel_answer *answer;
	unsigned attempts = 0;

	if (trowel_query(fixture->t, "host.test", TYPE_A, &fixture->ask,
		    &answer) == TROWEL_OK &&
		answer->message.counts[TROWEL_ANSWER] == 1)
		attempts = answer->attempt_count;
	trowel_answer_free(answer);
	return attempts;
}

/* Starts lookups for 0.test, 1.test, ... */
static void start(struct fixture *fixture, unsigned count)
{
	static const char *const names[] = { "0.test", "1.test", "2.test",
		"3.test", "4.test", "5.test", "6.test", "7.test", "8.test",
		"9.test" };
	struct trowel_request request = { .type = TYPE_A,
		.ask = &fixture->ask };
	uint32_t id;

	for (unsigned i = 0; i < count; i++) {
		request.name = names[i];
		fixture->ask.id =
			(uint16_t)(fixture->ask.id + fixture->id_step);
		CU_ASSERT_EQUAL(trowel_start(fixture->t, &request,
					(void *)(uintptr_t)names[i], &id),
			TROWEL_OK);
	}
}

/* Waits for them; how many got the good answer to their own question by
 * `attempts` attempts. */
static unsigned count_good(
	struct fixture *fixture, unsigned count, unsigned attempts)
{
	uint64_t end_us = tw_clock_us() + 5 * SECOND_US;
	unsigned good = 0;
	char text[TROWEL_NAME_TEXT_SIZE];

	while (count > 0 && tw_clock_us() < end_us) {
		struct pollfd fds[64];
		struct trowel_done done;

		if (!trowel_next(fixture->t, &done)) {
			size_t open = trowel_pollfds(fixture->t, fds, 64);

			poll(fds, (nfds_t)open, trowel_wait_ms(fixture->t));
			continue;
		}
		count--;
		if (done.status == TROWEL_OK)
			trowel_name_format(&done.answer->name, text);
		good += done.status == TROWEL_OK &&
			strncmp(text, done.user, strlen(done.user)) == 0 &&
			done.answer->message.counts[TROWEL_ANSWER] == 1 &&
			done.answer->attempt_count == attempts;
		trowel_answer_free(done.answer);
	}
	return good;
}

static unsigned connections(const struct fixture *fixture)
{
	return fixture->server.shared->connections;
}

static void connection_is_kept_for_the_next_lookup(void)
{
	struct fixture fixture;

	begin(&fixture, server_answer);
	for (int i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(connections(&fixture), 1);
	finish(&fixture);
}

static void connection_that_nobody_uses_is_closed_in_time(void)
{
	struct fixture fixture;
	struct pollfd fd;

	begin(&fixture, server_answer);
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	skipped_s += 9;
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(connections(&fixture), 1);
	CU_ASSERT_EQUAL(trowel_pollfds(fixture.t, &fd, 1), 1);
	skipped_s += 11;
	CU_ASSERT_EQUAL(trowel_pollfds(fixture.t, &fd, 1), 0);
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(connections(&fixture), 2);
	finish(&fixture);
}

/* Holds requests until there are ten, and answers the last of them first. */
static void answer_backwards(struct server_request *request)
{
	static struct server_request held[10];
	static uint8_t octets[10][512];
	unsigned number = request->number % 10;

	held[number] = *request;
	held[number].octets = octets[number];
	memcpy(octets[number], request->octets, request->length);
	for (unsigned i = 10; number == 9 && i-- > 0;)
		server_answer(&held[i]);
}

/* U5: pipelined, and answered out of order. */
static void lookups_share_a_connection_in_any_order(void)
{
	struct fixture fixture;

	begin(&fixture, answer_backwards);
	for (int i = 0; i < 3; i++) {
		start(&fixture, 10);
		CU_ASSERT_EQUAL(count_good(&fixture, 10, 1), 10);
	}
	CU_ASSERT_EQUAL(connections(&fixture), 1);
	finish(&fixture);
}

/* One id can be on its way once: the other goes by a connection of its own. */
static void same_ids_do_not_share_a_connection(void)
{
	struct fixture fixture;

	begin(&fixture, server_answer);
	fixture.id_step = 0;
	start(&fixture, 3);
	CU_ASSERT_EQUAL(count_good(&fixture, 3, 1), 3);
	CU_ASSERT_EQUAL(connections(&fixture), 3);
	finish(&fixture);
}

static void answer_and_close(struct server_request *request)
{
	server_answer(request);
	request->is_over = true;
}

static void connection_closed_while_idle_is_no_failure(void)
{
	struct fixture fixture;

	begin(&fixture, answer_and_close);
	for (unsigned i = 1; i <= 10; i++) {
		CU_ASSERT_EQUAL(look_up(&fixture), 1);
		CU_ASSERT_EQUAL(connections(&fixture), i);
	}
	finish(&fixture);
}

static void answer_and_reset(struct server_request *request)
{
	server_answer(request);
	poll(NULL, 0, 20); /* until it has been read */
	server_reset(request);
}

static void connection_reset_while_idle_is_no_failure(void)
{
	struct fixture fixture;

	begin(&fixture, answer_and_reset);
	for (int i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(look_up(&fixture), 1);
		if (i % 2 == 0)
			poll(NULL, 0, 30);
	}
	finish(&fixture);
}

/* What was under way there is asked again, and costs no try. */
static void queries_of_a_lost_connection_are_sent_again_by_another(void)
{
	struct fixture fixture;

	begin(&fixture, answer_and_close);
	start(&fixture, 2);
	CU_ASSERT_EQUAL(count_good(&fixture, 2, 1), 2);
	CU_ASSERT_EQUAL(connections(&fixture), 2);
	finish(&fixture);
}

/* But once alone: of ten, one is answered by the first connection, one by the
 * second (unless the reset that comes behind a reply overtakes it), and the
 * others need tries for more. */
static void queries_are_sent_again_once(void)
{
	struct fixture fixture;

	begin(&fixture, answer_and_close);
	fixture.ask.attempts = 16;
	start(&fixture, 10);
	CU_ASSERT(count_good(&fixture, 10, 1) <= 2);
	CU_ASSERT(connections(&fixture) >= 10);
	finish(&fixture);
}

static void close_at_once(struct server_request *request)
{
	request->is_over = true;
}

static void connection_that_never_worked_is_a_failure(void)
{
	struct fixture fixture;
	struct trowel_answer *answer;

	begin(&fixture, close_at_once);
	fixture.ask.attempts = 3;
	CU_ASSERT_EQUAL(trowel_query(fixture.t, "host.test", TYPE_A,
				&fixture.ask, &answer),
		TROWEL_CONNECTION_CLOSED);
	CU_ASSERT_EQUAL(answer->attempt_count, 3);
	CU_ASSERT_EQUAL(connections(&fixture), 3);
	trowel_answer_free(answer);
	finish(&fixture);
}

/* The first connection answers once, and is silent then. */
static void fall_silent(struct server_request *request)
{
	static unsigned before; /* each connection has its own */

	if (request->server->shared->connections > 1 || before++ == 0)
		server_answer(request);
}

static void silent_connection_is_left_for_another(void)
{
	struct fixture fixture;

	begin(&fixture, fall_silent);
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	fixture.ask.timeout_ms = 50;
	CU_ASSERT_EQUAL(look_up(&fixture), 2);
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(connections(&fixture), 2);
	finish(&fixture);
}

static void lookup_that_is_cancelled_leaves_no_doubtful_connection(void)
{
	struct trowel_request request = { .name = "host.test", .type = TYPE_A };
	struct fixture fixture;
	uint32_t id;

	begin(&fixture, fall_silent);
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(
		trowel_start(fixture.t, &request, NULL, &id), TROWEL_OK);
	CU_ASSERT(trowel_cancel(fixture.t, id));
	CU_ASSERT_EQUAL(look_up(&fixture), 1);
	CU_ASSERT_EQUAL(connections(&fixture), 2);
	finish(&fixture);
}

static void answer_with_surplus(struct server_request *request)
{
	server_answer(request);
	server_write(request, "and so on, and so on", 20);
}

/* F18: what comes unasked makes a connection useless, but no lookup fail;
 * whether it has been read by then or not. */
static void surplus_is_not_read_as_the_next_reply(void)
{
	struct fixture fixture;
	struct trowel_done done;

	begin(&fixture, answer_with_surplus);
	for (int i = 0; i < 6; i++) {
		CU_ASSERT(look_up(&fixture) >= 1); /* more if it is late */
		poll(NULL, 0, 5);
		if (i % 2 == 0)
			CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	}
	CU_ASSERT(connections(&fixture) >= 6);
	finish(&fixture);
}

static void answer_with_forgeries(struct server_request *request)
{
	server_make_answer(&message, request);
	for (int i = 0; i < 200; i++) {
		message.octets[0] ^= 0x55;
		message.octets[message.length - 1]++;
		server_reply(request, message.octets, message.length);
		message.octets[0] ^= 0x55;
	}
	server_answer(request);
}

/* F19. */
static void messages_with_other_ids_are_nobodys(void)
{
	struct fixture fixture;

	begin(&fixture, answer_with_forgeries);
	start(&fixture, 2);
	CU_ASSERT_EQUAL(count_good(&fixture, 2, 1), 2);
	CU_ASSERT_EQUAL(connections(&fixture), 1);
	finish(&fixture);
}

static void drip(struct server_request *request)
{
	server_make_answer(&message, request);
	memmove(message.octets + 2, message.octets, message.length);
	message.octets[0] = 0;
	message.octets[1] = (uint8_t)message.length;
	for (size_t i = 0; i < message.length + 2; i++) {
		server_write(request, message.octets + i, 1);
		poll(NULL, 0, 1);
	}
}

/* F16. */
static void replies_that_drip_in_are_put_together(void)
{
	struct fixture fixture;

	begin(&fixture, drip);
	start(&fixture, 3);
	CU_ASSERT_EQUAL(count_good(&fixture, 3, 1), 3);
	CU_ASSERT_EQUAL(connections(&fixture), 1);
	finish(&fixture);
}

static void announce_nothing(struct server_request *request)
{
	if (request->server->shared->connections == 1)
		server_write(request, "\0\0", 2);
	else
		server_answer(request);
}

/* F17: the connection is useless, and each query on it goes by another. */
static void length_that_lies_costs_each_query_one_attempt(void)
{
	struct fixture fixture;

	begin(&fixture, announce_nothing);
	start(&fixture, 3);
	CU_ASSERT_EQUAL(count_good(&fixture, 3, 2), 3);
	CU_ASSERT_EQUAL(connections(&fixture), 2);
	finish(&fixture);
}

static const struct check_case cases[] = {
	CHECK_CASE(connection_is_kept_for_the_next_lookup),
	CHECK_CASE(connection_that_nobody_uses_is_closed_in_time),
	CHECK_CASE(lookups_share_a_connection_in_any_order),
	CHECK_CASE(same_ids_do_not_share_a_connection),
	CHECK_CASE(connection_closed_while_idle_is_no_failure),
	CHECK_CASE(connection_reset_while_idle_is_no_failure),
	CHECK_CASE(queries_of_a_lost_connection_are_sent_again_by_another),
	CHECK_CASE(queries_are_sent_again_once),
	CHECK_CASE(connection_that_never_worked_is_a_failure),
	CHECK_CASE(silent_connection_is_left_for_another),
	CHECK_CASE(lookup_that_is_cancelled_leaves_no_doubtful_connection),
	CHECK_CASE(surplus_is_not_read_as_the_next_reply),
	CHECK_CASE(messages_with_other_ids_are_nobodys),
	CHECK_CASE(replies_that_drip_in_are_put_together),
	CHECK_CASE(length_that_lies_costs_each_query_one_attempt),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
