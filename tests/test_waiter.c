/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "resolver/transport.h"
#include "resolver/waiter.h"
#include "tests/check.h"

#define SECOND_US 1000000
#define PIPES 100

/* Pipes whose reading ends are watched. */
struct fixture {
	struct tw_waiter waiter;
	size_t count;
	int ends[PIPES][2];
	struct tw_watch watches[PIPES];
};

static void begin(struct fixture *fixture, size_t count)
{
	tw_waiter_init(&fixture->waiter);
	fixture->count = count;
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_EQUAL_FATAL(pipe(fixture->ends[i]), 0);
		CU_ASSERT_EQUAL_FATAL(
			tw_waiter_add(&fixture->waiter, &fixture->watches[i],
				fixture->ends[i][0], POLLIN),
			0);
	}
}

static void finish(struct fixture *fixture)
{
	tw_waiter_release(&fixture->waiter);
	for (size_t i = 0; i < fixture->count; i++) {
		close(fixture->ends[i][0]);
		close(fixture->ends[i][1]);
	}
}

static void make_ready(struct fixture *fixture, size_t index)
{
	CU_ASSERT_EQUAL(write(fixture->ends[index][1], "x", 1), 1);
}

/* What the waiter says after a wait, by index, in ascending order. */
static const char *ready(struct fixture *fixture, uint64_t until_us)
{
	static char text[1024];
	bool is_ready[PIPES] = { false };
	struct tw_watch *watch;

	text[0] = '\0';
	CU_ASSERT_EQUAL(tw_waiter_wait(&fixture->waiter, until_us), 0);
	while ((watch = tw_waiter_next(&fixture->waiter)) != NULL) {
		CU_ASSERT_FALSE(is_ready[watch - fixture->watches]);
		is_ready[watch - fixture->watches] = true;
	}
	for (size_t i = 0; i < PIPES; i++)
		if (is_ready[i])
			sprintf(text + strlen(text), "%zu ", i);
	return text;
}

static void check_ready(size_t count, bool wants_fd)
{
	struct fixture fixture;

	begin(&fixture, count);
	if (wants_fd && tw_waiter_fd(&fixture.waiter) < 0)
		CU_ASSERT_EQUAL(errno, ENOSYS);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "");
	make_ready(&fixture, 0);
	make_ready(&fixture, 7);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "0 7 ");
	/* for as long as nobody reads it */
	CU_ASSERT_STRING_EQUAL(ready(&fixture, UINT64_MAX), "0 7 ");
	tw_waiter_remove(&fixture.waiter, &fixture.watches[0]);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "7 ");
	make_ready(&fixture, count - 1);
	CU_ASSERT_EQUAL(tw_waiter_add(&fixture.waiter, &fixture.watches[0],
				fixture.ends[0][0], POLLIN),
		0);
	if (count == 8) {
		CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "0 7 ");
	} else {
		CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "0 7 99 ");
	}
	finish(&fixture);
}

static void few_are_waited_for_at_once(void)
{
	check_ready(8, false);
}

static void few_are_waited_for_by_one_descriptor(void)
{
	check_ready(8, true);
}

static void many_are_waited_for_at_once(void)
{
	check_ready(PIPES, false);
}

static void check_change(bool wants_fd)
{
	struct tw_watch watch;
	struct fixture fixture;

	begin(&fixture, 1);
	if (wants_fd)
		tw_waiter_fd(&fixture.waiter);
	tw_waiter_remove(&fixture.waiter, &fixture.watches[0]);
	CU_ASSERT_EQUAL(tw_waiter_add(&fixture.waiter, &watch,
				fixture.ends[0][1], POLLIN),
		0);
	CU_ASSERT_EQUAL(tw_waiter_wait(&fixture.waiter, 0), 0);
	CU_ASSERT_PTR_NULL(tw_waiter_next(&fixture.waiter));
	tw_waiter_change(&fixture.waiter, &watch, POLLIN | POLLOUT);
	CU_ASSERT_EQUAL(tw_waiter_wait(&fixture.waiter, 0), 0);
	CU_ASSERT_PTR_EQUAL(tw_waiter_next(&fixture.waiter), &watch);
	tw_waiter_change(&fixture.waiter, &watch, POLLIN);
	CU_ASSERT_EQUAL(tw_waiter_wait(&fixture.waiter, 0), 0);
	CU_ASSERT_PTR_NULL(tw_waiter_next(&fixture.waiter));
	finish(&fixture);
}

static void events_can_be_changed(void)
{
	check_change(false);
	check_change(true);
}

/* It may be closed, and what it is be freed, while others are looked at. */
static void what_is_removed_is_not_handed_out(void)
{
	struct fixture fixture;
	struct tw_watch *first;

	begin(&fixture, PIPES);
	for (size_t i = 0; i < PIPES; i++)
		make_ready(&fixture, i);
	CU_ASSERT_EQUAL(tw_waiter_wait(&fixture.waiter, 0), 0);
	first = tw_waiter_next(&fixture.waiter);
	CU_ASSERT_PTR_NOT_NULL(first);
	for (size_t i = 0; i < PIPES; i++)
		if (&fixture.watches[i] != first)
			tw_waiter_remove(&fixture.waiter, &fixture.watches[i]);
	CU_ASSERT_PTR_NULL(tw_waiter_next(&fixture.waiter));
	finish(&fixture);
}

static void check_times(bool wants_fd)
{
	struct fixture fixture;
	uint64_t start_us = tw_clock_us();

	begin(&fixture, 2);
	if (wants_fd)
		tw_waiter_fd(&fixture.waiter);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "");
	CU_ASSERT_STRING_EQUAL(ready(&fixture, start_us), "");
	CU_ASSERT(tw_clock_us() - start_us < SECOND_US);
	start_us = tw_clock_us();
	CU_ASSERT_STRING_EQUAL(ready(&fixture, start_us + 20000), "");
	CU_ASSERT(tw_clock_us() - start_us >= 20000);
	CU_ASSERT(tw_clock_us() - start_us < SECOND_US);
	finish(&fixture);
}

static void waits_last_as_long_as_told(void)
{
	check_times(false);
	check_times(true);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

/* F26. */
static void signals_neither_shorten_nor_lengthen_a_wait(void)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct itimerval every_ms = { { 0, 1000 }, { 0, 1000 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction before;

	signals = 0;
	sigaction(SIGALRM, &action, &before); /* without SA_RESTART */
	setitimer(ITIMER_REAL, &every_ms, NULL);
	check_times(false);
	check_times(true);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	CU_ASSERT(signals > 10);
}

static bool is_readable(int fd, int time_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, time_ms) == 1;
}

static void descriptor_tells_of_the_time(void)
{
	struct fixture fixture;
	uint64_t start_us = tw_clock_us();
	int fd;

	begin(&fixture, 1);
	fd = tw_waiter_fd(&fixture.waiter);
	if (fd < 0) {
		check_skip("there is no such descriptor here");
		finish(&fixture);
		return;
	}
	CU_ASSERT_EQUAL(tw_waiter_fd(&fixture.waiter), fd);
	CU_ASSERT_FALSE(is_readable(fd, 0));
	tw_waiter_arm(&fixture.waiter, start_us + 20000);
	CU_ASSERT(is_readable(fd, 5000));
	CU_ASSERT(tw_clock_us() - start_us >= 20000);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, 0), "");
	tw_waiter_arm(&fixture.waiter, UINT64_MAX);
	CU_ASSERT_FALSE(is_readable(fd, 0));
	tw_waiter_arm(&fixture.waiter, 0);
	CU_ASSERT(is_readable(fd, 0));
	tw_waiter_arm(&fixture.waiter, UINT64_MAX);
	CU_ASSERT_FALSE(is_readable(fd, 0));
	make_ready(&fixture, 0);
	CU_ASSERT(is_readable(fd, 0));
	finish(&fixture);
}

static void more_descriptors_than_there_can_be_is_an_error(void)
{
	struct fixture fixture;
	rlim_t before;
	int error;

	begin(&fixture, 15);
	before = check_limit_descriptors(10);
	error = tw_waiter_wait(&fixture.waiter, 0);
	check_limit_descriptors(before);
	if (error == 0)
		check_skip("limits do not hold here (valgrind)");
	else
		CU_ASSERT_EQUAL(error, EINVAL);
	finish(&fixture);
}

/* Where no descriptor is left for epoll, poll() goes on. */
static void waits_go_on_without_a_descriptor_of_their_own(void)
{
	struct fixture fixture;
	struct tw_watch watch;
	rlim_t before;

	begin(&fixture, 16);
	before = check_limit_descriptors((rlim_t)check_next_descriptor());
	CU_ASSERT_EQUAL(tw_waiter_fd(&fixture.waiter), -1);
	CU_ASSERT(errno == EMFILE || errno == ENOSYS);
	CU_ASSERT_EQUAL(tw_waiter_add(&fixture.waiter, &watch, 0, 0), 0);
	check_limit_descriptors(before);
	tw_waiter_remove(&fixture.waiter, &watch);
	make_ready(&fixture, 3);
	CU_ASSERT_STRING_EQUAL(ready(&fixture, UINT64_MAX), "3 ");
	finish(&fixture);
}

static const struct check_case cases[] = {
	CHECK_CASE(few_are_waited_for_at_once),
	CHECK_CASE(few_are_waited_for_by_one_descriptor),
	CHECK_CASE(many_are_waited_for_at_once),
	CHECK_CASE(events_can_be_changed),
	CHECK_CASE(what_is_removed_is_not_handed_out),
	CHECK_CASE(waits_last_as_long_as_told),
	CHECK_CASE(signals_neither_shorten_nor_lengthen_a_wait),
	CHECK_CASE(descriptor_tells_of_the_time),
	CHECK_CASE(more_descriptors_than_there_can_be_is_an_error),
	CHECK_CASE(waits_go_on_without_a_descriptor_of_their_own),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
