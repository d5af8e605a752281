/* SPDX-License-Identifier: MIT */
/* Requests that are not waited for, against servers that do as a script of
 * this file says. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <trowel/resolver.h>

#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_AAAA 28
#define SECOND_US 1000000
#define MANY 500

/* Stands in for the C library's: time that has passed in no time. */
static time_t skipped_s;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	long result = syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += skipped_s;
	return (int)result;
}

/* A context, and a server of its own. */
struct fixture {
	struct server server;
	struct trowel *t;
};

static void begin_with(struct fixture *fixture, server_script *script,
	const struct trowel_options *given)
{
	struct trowel_options options = *given;

	server_start(&fixture->server, AF_INET, script);
	options.servers[0] = server_address(&fixture->server);
	options.server_count = 1;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&fixture->t, &options), TROWEL_OK);
}

/* Tries of 2 s, and a deadline of 5 s. */
static void begin(struct fixture *fixture, server_script *script)
{
	struct trowel_options options;

	trowel_options_init(&options);
	options.timeout_ms = 2000;
	options.deadline_ms = 5000;
	begin_with(fixture, script, &options);
}

static void finish(struct fixture *fixture)
{
	trowel_close(fixture->t);
	server_stop(&fixture->server);
}

static uint32_t start_with(struct fixture *fixture, const char *name,
	const struct trowel_ask *ask, void *user)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_QUERY,
		.type = TYPE_A,
		.name = name,
		.ask = ask };
	uint32_t id = 0;

	CU_ASSERT_EQUAL(
		trowel_start(fixture->t, &request, user, &id), TROWEL_OK);
	CU_ASSERT_NOT_EQUAL(id, 0);
	return id;
}

static uint32_t start(struct fixture *fixture, void *user)
{
	return start_with(fixture, "host.test", NULL, user);
}

/* Waits as a program with a loop of its own does. */
enum waiting { BY_FD, BY_POLLFDS, BY_FD_ALONE };

static void wait_by(struct trowel *t, enum waiting waiting)
{
	static struct pollfd fds[4096];
	nfds_t count = 1;
	int left = trowel_wait_ms(t);

	if (waiting == BY_POLLFDS) {
		count = (nfds_t)trowel_pollfds(t, fds, CHECK_COUNT(fds));
	} else {
		fds[0] =
			(struct pollfd){ .fd = trowel_fd(t), .events = POLLIN };
		CU_ASSERT(fds[0].fd >= 0);
	}
	if (waiting == BY_FD_ALONE)
		left = 5000;
	CU_ASSERT(poll(fds, count, left) >= 0);
}

/* The next request that ends; 5 s are long enough for all here. */
static struct trowel_done next(struct trowel *t, enum waiting waiting)
{
	struct trowel_done done = { .id = 0 };
	uint64_t end_us = tw_clock_us() + 5 * SECOND_US;

	while (!trowel_next(t, &done) && tw_clock_us() < end_us)
		wait_by(t, waiting);
	return done;
}

static bool is_good(const struct trowel_done *done)
{
	return done->status == TROWEL_OK && done->answer != NULL &&
		done->answer->rcode == 0 &&
		done->answer->message.counts[TROWEL_ANSWER] == 1;
}

static bool has_fd(void)
{
	struct trowel_options options;
	struct trowel *t;
	bool has;

	trowel_options_init(&options);
	trowel_options_add_server(&options, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(trowel_open(&t, &options), TROWEL_OK);
	has = trowel_fd(t) >= 0;
	trowel_close(t);
	if (!has)
		check_skip("there is no such descriptor here");
	return has;
}

static size_t count_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 8192; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			count++;
	return count;
}

static void stay_silent(struct server_request *request)
{
	(void)request;
}

/* ---- handing out */

static void check_many(enum waiting waiting)
{
	static bool seen[MANY];
	struct fixture fixture;
	size_t before;

	memset(seen, 0, sizeof(seen));
	begin(&fixture, server_answer);
	if (waiting == BY_FD)
		trowel_fd(fixture.t);
	before = count_descriptors();
	for (size_t i = 0; i < MANY; i++)
		start(&fixture, &seen[i]);
	for (size_t i = 0; i < MANY; i++) {
		struct trowel_done done = next(fixture.t, waiting);
		bool *user = done.user;

		CU_ASSERT(is_good(&done));
		CU_ASSERT_PTR_NULL(done.list);
		CU_ASSERT_FATAL(user >= seen && user < seen + MANY);
		CU_ASSERT_FALSE(*user);
		*user = true;
		trowel_answer_free(done.answer);
	}
	CU_ASSERT(fixture.server.shared->udp >= MANY);
	CU_ASSERT_EQUAL(trowel_wait_ms(fixture.t), -1);
	CU_ASSERT(count_descriptors() <= before + 5); /* kept for the next */
	finish(&fixture);
}

/* C2, C48. */
static void many_requests_are_each_handed_out_once(void)
{
	check_many(BY_POLLFDS);
}

static void many_requests_are_waited_for_by_one_descriptor(void)
{
	if (has_fd())
		check_many(BY_FD);
}

/* The timers are the descriptor's, too: nothing but it is waited for. */
static void descriptor_tells_of_times_that_have_come(void)
{
	struct trowel_ask ask = { .timeout_ms = 30, .attempts = 3 };
	struct fixture fixture;
	struct trowel_done done;
	uint64_t start_us = tw_clock_us();

	if (!has_fd())
		return;
	begin(&fixture, stay_silent);
	start_with(&fixture, "host.test", &ask, NULL);
	done = next(fixture.t, BY_FD_ALONE);
	CU_ASSERT_EQUAL(done.status, TROWEL_TIMED_OUT);
	CU_ASSERT(tw_clock_us() - start_us >= 90000);
	CU_ASSERT(tw_clock_us() - start_us < SECOND_US);
	CU_ASSERT_PTR_NOT_NULL_FATAL(done.answer);
	CU_ASSERT_EQUAL(done.answer->attempt_count, 3);
	trowel_answer_free(done.answer);
	finish(&fixture);
}

static bool is_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 1;
}

static void descriptor_is_readable_while_there_is_something_to_hand_out(void)
{
	struct fixture fixture;
	struct trowel_answer *answer;
	struct trowel_done done;
	int fd;

	if (!has_fd())
		return;
	begin(&fixture, server_answer);
	fd = trowel_fd(fixture.t);
	CU_ASSERT_FALSE(is_readable(fd));
	CU_ASSERT_EQUAL(trowel_wait_ms(fixture.t), -1);
	start(&fixture, NULL);
	CU_ASSERT(server_has_seen(&fixture.server, 1));
	/* another call sees to the request's end */
	for (int i = 0; i < 100 && trowel_wait_ms(fixture.t) != 0; i++) {
		trowel_query(fixture.t, "host.test", TYPE_A, NULL, &answer);
		trowel_answer_free(answer);
	}
	CU_ASSERT(is_readable(fd));
	CU_ASSERT(trowel_next(fixture.t, &done));
	CU_ASSERT(is_good(&done));
	trowel_answer_free(done.answer);
	CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	CU_ASSERT_FALSE(is_readable(fd));
	CU_ASSERT_EQUAL(trowel_fd(fixture.t), fd);
	finish(&fixture);
}

/* The answer of the first is there before the second is asked. */
static void answer_at_second(struct server_request *request)
{
	static uint8_t octets[512];
	static struct server_request first;

	if (request->number == 0) {
		first = *request;
		first.octets = octets;
		memcpy(octets, request->octets, request->length);
		return;
	}
	server_answer(&first);
	server_answer(request);
}

static void calls_that_wait_leave_the_others_for_later(void)
{
	struct fixture fixture;
	struct trowel_answer *answer;
	struct trowel_done done;
	uint32_t id;

	begin(&fixture, answer_at_second);
	id = start(&fixture, &fixture);
	CU_ASSERT_EQUAL(
		trowel_query(fixture.t, "other.test", TYPE_A, NULL, &answer),
		TROWEL_OK);
	CU_ASSERT_EQUAL(answer->rcode, 0);
	trowel_answer_free(answer);
	done = next(fixture.t, BY_POLLFDS);
	CU_ASSERT_EQUAL(done.id, id);
	CU_ASSERT_PTR_EQUAL(done.user, &fixture);
	CU_ASSERT(is_good(&done));
	trowel_answer_free(done.answer);
	finish(&fixture);
}

static void what_is_given_is_the_callers_again(void)
{
	uint8_t options[] = { 0, 3, 0, 0 };
	char name[] = "host.test";
	struct trowel_ask ask = { .options = options,
		.options_length = sizeof(options),
		.timeout_ms = 50,
		.attempts = 16 };
	struct fixture fixture;
	struct trowel_done done;

	begin(&fixture, answer_at_second); /* the second try is answered */
	start_with(&fixture, name, &ask, NULL);
	memset(options, 0xFF, sizeof(options));
	memset(name, 'x', sizeof(name));
	memset(&ask, 0xFF, sizeof(ask));
	done = next(fixture.t, BY_POLLFDS);
	CU_ASSERT(is_good(&done));
	trowel_answer_free(done.answer);
	finish(&fixture);
}

static void errors_before_anything_is_sent_are_told_at_once(void)
{
	struct trowel_ask ask = { .attempts = 17 };
	struct trowel_request request = { .name = "a..b" };
	struct fixture fixture;
	struct trowel_done done;
	uint32_t id = 7;

	begin(&fixture, server_answer);
	CU_ASSERT_EQUAL(trowel_start(fixture.t, &request, NULL, &id),
		TROWEL_EMPTY_LABEL);
	CU_ASSERT_EQUAL(id, 0);
	request.name = "host.test";
	request.ask = &ask;
	CU_ASSERT_EQUAL(trowel_start(fixture.t, &request, NULL, &id),
		TROWEL_BAD_ARGUMENT);
	ask = (struct trowel_ask){ .server = 2 };
	CU_ASSERT_EQUAL(trowel_start(fixture.t, &request, NULL, &id),
		TROWEL_BAD_ARGUMENT);
	CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	CU_ASSERT_EQUAL(fixture.server.shared->udp, 0);
	finish(&fixture);
}

/* ---- giving up */

/* C26, C31. */
static void cancelled_requests_are_not_handed_out(void)
{
	struct fixture fixture;
	struct trowel_done done;
	uint32_t ids[3];

	begin(&fixture, server_answer);
	for (size_t i = 0; i < 3; i++)
		ids[i] = start(&fixture, &ids[i]);
	CU_ASSERT(trowel_cancel(fixture.t, ids[1]));
	CU_ASSERT_FALSE(trowel_cancel(fixture.t, ids[1]));
	CU_ASSERT_FALSE(trowel_cancel(fixture.t, 0));
	CU_ASSERT_FALSE(trowel_cancel(fixture.t, ids[2] + 1));
	for (size_t i = 0; i < 2; i++) {
		done = next(fixture.t, BY_POLLFDS);
		CU_ASSERT(is_good(&done));
		CU_ASSERT_NOT_EQUAL(done.id, ids[1]);
		trowel_answer_free(done.answer);
	}
	CU_ASSERT_FALSE(trowel_cancel(fixture.t, ids[0]));
	CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	CU_ASSERT_EQUAL(trowel_wait_ms(fixture.t), -1);
	finish(&fixture);
}

static void request_that_has_ended_can_still_be_cancelled(void)
{
	struct fixture fixture;
	struct trowel_answer *answer;
	struct trowel_done done;
	uint32_t id;

	begin(&fixture, answer_at_second);
	id = start(&fixture, NULL);
	trowel_query(fixture.t, "other.test", TYPE_A, NULL, &answer);
	trowel_answer_free(answer);
	CU_ASSERT(trowel_cancel(fixture.t, id));
	CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	finish(&fixture);
}

/* C31; what is left is for the leak sanitizer to look at. */
static void context_can_be_closed_with_requests_under_way(void)
{
	struct fixture fixture;
	size_t before = count_descriptors();

	begin(&fixture, stay_silent);
	for (int i = 0; i < 50; i++)
		start(&fixture, NULL);
	finish(&fixture);
	CU_ASSERT_EQUAL(count_descriptors(), before);
	begin(&fixture, server_answer);
	for (int i = 0; i < 50; i++)
		start(&fixture, NULL);
	CU_ASSERT(server_has_seen(&fixture.server, 50));
	trowel_answer_free(next(fixture.t, BY_POLLFDS).answer);
	finish(&fixture);
	CU_ASSERT_EQUAL(count_descriptors(), before);
}

/* ---- ports and descriptors */

#define IN_FLIGHT 200

static void answer_when_all_are_there(struct server_request *request)
{
	static struct server_request held[IN_FLIGHT];
	static uint8_t octets[IN_FLIGHT][512];
	unsigned number = request->number;

	if (number >= IN_FLIGHT)
		return;
	held[number] = *request;
	held[number].octets = octets[number];
	memcpy(octets[number], request->octets, request->length);
	for (unsigned i = 0; number == IN_FLIGHT - 1 && i < IN_FLIGHT; i++)
		server_answer(&held[i]);
}

/* T8, T9. */
static void two_hundred_lookups_in_flight_use_two_hundred_ports(void)
{
	struct fixture fixture;
	const struct server_shared *shared;
	size_t same = 0;

	begin(&fixture, answer_when_all_are_there);
	for (int i = 0; i < IN_FLIGHT; i++)
		start(&fixture, NULL);
	for (int i = 0; i < IN_FLIGHT; i++) {
		struct trowel_done done = next(fixture.t, BY_POLLFDS);

		CU_ASSERT(is_good(&done));
		trowel_answer_free(done.answer);
	}
	shared = fixture.server.shared;
	CU_ASSERT_EQUAL(shared->udp, IN_FLIGHT);
	for (size_t i = 0; i < IN_FLIGHT; i++)
		for (size_t j = 0; j < i; j++)
			same += shared->ports[i] == shared->ports[j];
	CU_ASSERT_EQUAL(same, 0);
	finish(&fixture);
}

/* F24: with three descriptors for all of them. */
static void requests_wait_for_one_another_when_descriptors_run_short(void)
{
	struct fixture fixture;
	uint64_t start_us = tw_clock_us();
	rlim_t before;

	if (check_lacks_getrandom())
		return;
	begin(&fixture, server_answer);
	before = check_limit_descriptors((rlim_t)check_next_descriptor() + 3);
	for (int i = 0; i < 100; i++)
		start(&fixture, NULL);
	for (int i = 0; i < 100; i++) {
		struct trowel_done done = next(fixture.t, BY_POLLFDS);

		CU_ASSERT(is_good(&done));
		CU_ASSERT_EQUAL(done.answer->attempt_count, 1);
		trowel_answer_free(done.answer);
	}
	check_limit_descriptors(before);
	CU_ASSERT(tw_clock_us() - start_us < SECOND_US);
	CU_ASSERT_EQUAL(fixture.server.shared->udp, 100);
	finish(&fixture);
}

/* F24: none at first; then somebody else gives one back. */
static void request_goes_on_when_a_descriptor_is_there_again(void)
{
	struct fixture fixture;
	struct trowel_done done;
	rlim_t before;
	int taken;

	if (check_lacks_getrandom())
		return;
	begin(&fixture, server_answer);
	taken = dup(0);
	before = check_limit_descriptors((rlim_t)taken + 1);
	start(&fixture, NULL);
	CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
	CU_ASSERT(trowel_wait_ms(fixture.t) <= 50);
	CU_ASSERT_EQUAL(fixture.server.shared->udp, 0);
	close(taken);
	done = next(fixture.t, BY_POLLFDS);
	check_limit_descriptors(before);
	CU_ASSERT(is_good(&done));
	trowel_answer_free(done.answer);
	finish(&fixture);
}

static void *give_back_later(void *descriptor)
{
	poll(NULL, 0, 20);
	close(*(int *)descriptor);
	return NULL;
}

static void call_that_waits_goes_on_when_a_descriptor_is_there_again(void)
{
	struct trowel_answer *answer;
	struct fixture fixture;
	uint64_t start_us = tw_clock_us();
	pthread_t thread;
	rlim_t before;
	int taken;

	if (check_lacks_getrandom())
		return;
	begin(&fixture, server_answer);
	taken = dup(0);
	before = check_limit_descriptors((rlim_t)taken + 1);
	CU_ASSERT_EQUAL_FATAL(
		pthread_create(&thread, NULL, give_back_later, &taken), 0);
	CU_ASSERT_EQUAL(
		trowel_query(fixture.t, "host.test", TYPE_A, NULL, &answer),
		TROWEL_OK);
	CU_ASSERT(tw_clock_us() - start_us < SECOND_US);
	pthread_join(thread, NULL);
	check_limit_descriptors(before);
	trowel_answer_free(answer);
	finish(&fixture);
}

/* ---- processes */

/* F30, T51: where a socket that was kept is both sides' at first. */
static void sides_of_a_fork_use_ports_and_ids_of_their_own(void)
{
	struct fixture fixture;
	struct trowel_answer *answer;
	const struct server_shared *shared;
	int status = -1;
	size_t same = 0;
	pid_t child;

	begin(&fixture, server_answer);
	for (int i = 0; i < 20; i++) { /* random octets are in store, too */
		trowel_query(fixture.t, "host.test", TYPE_A, NULL, &answer);
		trowel_answer_free(answer);
	}
	fflush(stdout);
	child = fork();
	for (int i = 0; i < 20; i++) {
		enum trowel_status got = trowel_query(
			fixture.t, "host.test", TYPE_A, NULL, &answer);

		trowel_answer_free(answer);
		if (got != TROWEL_OK)
			status = 1;
	}
	if (child == 0) {
		trowel_close(fixture.t);
		_exit(status == 1);
	}
	CU_ASSERT_NOT_EQUAL(status, 1);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	shared = fixture.server.shared;
	CU_ASSERT(shared->udp >= 60); /* again, where the machine is busy */
	for (size_t i = 0; i < 60; i++)
		for (size_t j = 0; j < i; j++)
			same += shared->ids[i] == shared->ids[j];
	CU_ASSERT(same < 3); /* by chance, one run in 37 has one */
	finish(&fixture);
}

static void answer_second_of_each(struct server_request *request)
{
	if (request->number > 0)
		server_answer(request);
}

static int child_of_fork(struct trowel *t)
{
	struct trowel_answer *answer;
	struct trowel_done done;

	if (!trowel_next(t, &done) || done.status != TROWEL_SYSTEM_ERROR ||
		done.answer != NULL || trowel_next(t, &done))
		return 1;
	if (trowel_query(t, "host.test", TYPE_A, NULL, &answer) != TROWEL_OK)
		return 2;
	trowel_answer_free(answer);
	trowel_close(t);
	return 0;
}

/* They are the parent's, and the child does not disturb them. */
static void requests_under_way_end_in_the_child_of_a_fork(void)
{
	struct trowel_ask ask = { .timeout_ms = 3000 };
	struct fixture fixture;
	struct trowel_done done;
	int status = -1;
	pid_t child;

	begin(&fixture, answer_second_of_each);
	trowel_fd(fixture.t); /* whatever it waits by */
	start_with(&fixture, "host.test", &ask, &fixture);
	CU_ASSERT(server_has_seen(&fixture.server, 1));
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(child_of_fork(fixture.t));
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	done = next(fixture.t, BY_POLLFDS);
	CU_ASSERT(is_good(&done));
	CU_ASSERT_PTR_EQUAL(done.user, &fixture);
	trowel_answer_free(done.answer);
	finish(&fixture);
}

/* A child that does not use the context holds its sockets open all the same. */
static void child_that_idles_does_not_disturb_the_parent(void)
{
	struct fixture fixture;
	int ends[2];
	pid_t child;

	begin(&fixture, server_answer);
	trowel_fd(fixture.t);
	for (int i = 0; i < 40; i++)
		start(&fixture, NULL);
	CU_ASSERT_EQUAL(pipe(ends), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		_exit(read(ends[0], ends, 1) != 0);
	}
	for (int i = 0; i < 80; i++) {
		struct trowel_done done = next(fixture.t, BY_POLLFDS);

		CU_ASSERT(is_good(&done));
		trowel_answer_free(done.answer);
		if (i < 40)
			start(&fixture, NULL);
	}
	/* nothing is reported on that has been closed here */
	CU_ASSERT_EQUAL(trowel_wait_ms(fixture.t), -1);
	if (trowel_fd(fixture.t) >= 0) {
		struct trowel_done done;

		CU_ASSERT_FALSE(trowel_next(fixture.t, &done));
		CU_ASSERT_FALSE(is_readable(trowel_fd(fixture.t)));
	}
	close(ends[0]);
	close(ends[1]);
	waitpid(child, NULL, 0);
	finish(&fixture);
}

/* ---- the trace */

static char story[1024];

static void tell(void *user, const struct trowel_trace *trace)
{
	static const char *const names[] = { "server", "sent", "received",
		"dropped", "ended" };
	size_t used = strlen(story);

	CU_ASSERT_PTR_EQUAL(user, story);
	CU_ASSERT_NOT_EQUAL(trace->id, 0);
	CU_ASSERT_EQUAL(trace->server->family, 4);
	CU_ASSERT_EQUAL(trace->octets != NULL,
		trace->event != TROWEL_TRACE_SERVER &&
			trace->event != TROWEL_TRACE_ENDED);
	snprintf(
		story + used, sizeof(story) - used, "%s ", names[trace->event]);
	if (trace->event == TROWEL_TRACE_SENT)
		CU_ASSERT_EQUAL(trace->octets[0] * 256 + trace->octets[1],
			trace->attempt->id);
}

static void forge_at_second(struct server_request *request)
{
	static struct server_message message;

	if (request->number == 0)
		return;
	server_make_answer(&message, request);
	message.octets[0] ^= 1;
	server_reply(request, message.octets, message.length);
	message.octets[0] ^= 1;
	server_reply(request, message.octets, message.length);
}

static void trace_tells_the_story_of_a_lookup(void)
{
	struct trowel_options options;
	struct trowel_answer *answer;
	struct fixture fixture;

	story[0] = '\0';
	trowel_options_init(&options);
	options.timeout_ms = 50;
	options.trace = tell;
	options.trace_user = story;
	begin_with(&fixture, forge_at_second, &options);
	CU_ASSERT_EQUAL(
		trowel_query(fixture.t, "host.test", TYPE_A, NULL, &answer),
		TROWEL_OK);
	trowel_answer_free(answer);
	CU_ASSERT_STRING_EQUAL(story, "sent ended sent dropped received ");
	finish(&fixture);
}

static void trace_tells_of_other_servers(void)
{
	struct trowel_options options;
	struct trowel_answer *answer;
	struct server server;
	struct trowel *t;

	story[0] = '\0';
	trowel_options_init(&options);
	server_start(&server, AF_INET, server_answer);
	options.server_count = 2;
	options.servers[0] = server_nowhere(AF_INET);
	options.servers[1] = server_address(&server);
	options.trace = tell;
	options.trace_user = story;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&t, &options), TROWEL_OK);
	CU_ASSERT_EQUAL(
		trowel_query(t, "host.test", TYPE_A, NULL, &answer), TROWEL_OK);
	trowel_answer_free(answer);
	CU_ASSERT_STRING_EQUAL(story, "sent ended server sent received ");
	trowel_close(t);
	server_stop(&server);
}

/* ---- servers that are down */

/* Silent until the test says otherwise, and slow then; by TCP it only closes. */
static void answer_when_told(struct server_request *request)
{
	if (request->server->shared->spare[0] == 0)
		return;
	poll(NULL, 0, 20);
	request->is_over = request->is_tcp;
	if (!request->is_tcp)
		server_answer(request);
}

/* Two servers, of which the first is silent, and asked by nobody any more. */
struct pair {
	struct server down;
	struct server up;
	struct trowel *t;
};

static uint64_t look_up(struct pair *pair)
{
	struct trowel_answer *answer;
	uint64_t start_us = tw_clock_us();

	CU_ASSERT_EQUAL(
		trowel_query(pair->t, "host.test", TYPE_A, NULL, &answer),
		TROWEL_OK);
	trowel_answer_free(answer);
	return tw_clock_us() - start_us;
}

static void begin_pair(struct pair *pair, unsigned flags)
{
	struct trowel_options options;
	uint64_t all_us = 0;

	server_start(&pair->down, AF_INET, answer_when_told);
	server_start(&pair->up, AF_INET, server_answer);
	trowel_options_init(&options);
	options.servers[0] = server_address(&pair->down);
	options.servers[1] = server_address(&pair->up);
	options.server_count = 2;
	options.flags = flags;
	CU_ASSERT_EQUAL_FATAL(trowel_open(&pair->t, &options), TROWEL_OK);
	CU_ASSERT(look_up(pair) < 600000);
	for (int i = 0; i < 100; i++)
		all_us += look_up(pair);
	CU_ASSERT(all_us < 200000);
	CU_ASSERT_EQUAL(
		pair->down.shared->udp + pair->down.shared->connections, 1);
}

static void end_pair(struct pair *pair)
{
	trowel_close(pair->t);
	server_stop(&pair->down);
	server_stop(&pair->up);
}

/* Rule 8: the first lookup waits for it, the next hundred do not; when it
 * answers again, one is told by a copy of a lookup, which nobody waits for. */
static void server_that_was_down_is_found_to_be_up_again(void)
{
	struct pair pair;
	struct trowel_done done;
	unsigned up;

	begin_pair(&pair, 0);
	pair.down.shared->spare[0] = 1;
	skipped_s += 2;
	CU_ASSERT(look_up(&pair) < 200000);
	CU_ASSERT(server_has_seen(&pair.down, 2)); /* the copy */
	for (int i = 0; i < 1000 && trowel_wait_ms(pair.t) >= 0; i++) {
		CU_ASSERT_FALSE(trowel_next(pair.t, &done));
		poll(NULL, 0, 1);
	}
	CU_ASSERT_EQUAL(trowel_wait_ms(pair.t), -1);
	up = pair.up.shared->udp;
	look_up(&pair);
	CU_ASSERT_EQUAL(pair.down.shared->udp, 3);
	CU_ASSERT_EQUAL(pair.up.shared->udp, up);
	end_pair(&pair);
}

static void copy_that_is_not_answered_is_given_up(void)
{
	struct pair pair;
	struct trowel_done done;
	size_t before;

	begin_pair(&pair, 0);
	before = count_descriptors();
	skipped_s += 2;
	CU_ASSERT(look_up(&pair) < 200000);
	CU_ASSERT(server_has_seen(&pair.down, 2));
	CU_ASSERT(trowel_wait_ms(pair.t) > 0);
	skipped_s += 10;
	CU_ASSERT_EQUAL(trowel_wait_ms(pair.t), 0);
	CU_ASSERT_FALSE(trowel_next(pair.t, &done));
	CU_ASSERT_EQUAL(trowel_wait_ms(pair.t), -1);
	CU_ASSERT(count_descriptors() <= before + 1); /* kept for the next */
	end_pair(&pair);
}

/* Nor is its reply taken when it comes to be read too late. */
static void copy_that_is_answered_too_late_is_given_up(void)
{
	struct pair pair;
	unsigned up;

	begin_pair(&pair, 0);
	pair.down.shared->spare[0] = 1;
	skipped_s += 2;
	look_up(&pair);
	CU_ASSERT(server_has_seen(&pair.down, 2));
	poll(NULL, 0, 50);
	skipped_s += 600;
	up = pair.up.shared->udp;
	look_up(&pair); /* with another copy */
	CU_ASSERT(server_has_seen(&pair.up, up + 1));
	end_pair(&pair);
}

static void copy_whose_connection_is_lost_is_given_up(void)
{
	struct pair pair;
	struct trowel_done done;

	begin_pair(&pair, TROWEL_USE_TCP);
	pair.down.shared->spare[0] = 1;
	skipped_s += 2;
	look_up(&pair);
	CU_ASSERT(trowel_wait_ms(pair.t) > 0);
	for (int i = 0; i < 1000 && trowel_wait_ms(pair.t) >= 0; i++) {
		CU_ASSERT_FALSE(trowel_next(pair.t, &done));
		poll(NULL, 0, 1);
	}
	CU_ASSERT_EQUAL(pair.down.shared->tcp, 2);
	CU_ASSERT_EQUAL(trowel_wait_ms(pair.t), -1);
	end_pair(&pair);
}

static void context_can_be_closed_with_a_copy_under_way(void)
{
	size_t before = count_descriptors();
	struct pair pair;

	begin_pair(&pair, 0);
	skipped_s += 2;
	look_up(&pair);
	CU_ASSERT(server_has_seen(&pair.down, 2));
	end_pair(&pair);
	CU_ASSERT_EQUAL(count_descriptors(), before);
}

static const struct check_case cases[] = {
	CHECK_CASE(many_requests_are_each_handed_out_once),
	CHECK_CASE(many_requests_are_waited_for_by_one_descriptor),
	CHECK_CASE(descriptor_tells_of_times_that_have_come),
	CHECK_CASE(descriptor_is_readable_while_there_is_something_to_hand_out),
	CHECK_CASE(calls_that_wait_leave_the_others_for_later),
	CHECK_CASE(what_is_given_is_the_callers_again),
	CHECK_CASE(errors_before_anything_is_sent_are_told_at_once),
	CHECK_CASE(cancelled_requests_are_not_handed_out),
	CHECK_CASE(request_that_has_ended_can_still_be_cancelled),
	CHECK_CASE(context_can_be_closed_with_requests_under_way),
	CHECK_CASE(two_hundred_lookups_in_flight_use_two_hundred_ports),
	CHECK_CASE(requests_wait_for_one_another_when_descriptors_run_short),
	CHECK_CASE(request_goes_on_when_a_descriptor_is_there_again),
	CHECK_CASE(call_that_waits_goes_on_when_a_descriptor_is_there_again),
	CHECK_CASE(sides_of_a_fork_use_ports_and_ids_of_their_own),
	CHECK_CASE(requests_under_way_end_in_the_child_of_a_fork),
	CHECK_CASE(child_that_idles_does_not_disturb_the_parent),
	CHECK_CASE(trace_tells_the_story_of_a_lookup),
	CHECK_CASE(trace_tells_of_other_servers),
	CHECK_CASE(server_that_was_down_is_found_to_be_up_again),
	CHECK_CASE(copy_that_is_not_answered_is_given_up),
	CHECK_CASE(copy_that_is_answered_too_late_is_given_up),
	CHECK_CASE(copy_whose_connection_is_lost_is_given_up),
	CHECK_CASE(context_can_be_closed_with_a_copy_under_way),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
