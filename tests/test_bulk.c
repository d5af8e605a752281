/* SPDX-License-Identifier: MIT */
/* The parts of bulk mode that need no network: lines, the timer wheel, windows,
 * checkpoints, what is due, ids, counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/bulk_state.h"
#include "tests/check.h"

#define TYPE_A 1

/* ---- lines */

/* A file without a name that holds some text, at its start. */
static int file_of(const char *text, size_t length)
{
	char path[] = "/tmp/trowel-test-XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	unlink(path);
	CU_ASSERT_FATAL(write(fd, text, length) == (ssize_t)length);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static struct tw_bulk_input input; /* 64 KiB are much for a stack */

static enum tw_bulk_line next_line(struct trowel_name *name, uint16_t *type)
{
	enum tw_bulk_line line;

	while ((line = tw_bulk_input_next(&input, name, type)) ==
		TW_BULK_NONE) {
		if (input.has_ended)
			break;
		CU_ASSERT_EQUAL_FATAL(tw_bulk_input_read(&input), 0);
	}
	return line;
}

/* "1 a.test. 1; 2 !empty label" for what is read of a text. */
static void describe(const char *text, size_t length, char *got, size_t size)
{
	int fd = file_of(text, length);
	struct trowel_name name;
	enum tw_bulk_line line;
	size_t used = 0;
	uint16_t type;

	got[0] = '\0';
	CU_ASSERT_EQUAL_FATAL(tw_bulk_input_open(&input, fd, TYPE_A), 0);
	while ((line = next_line(&name, &type)) != TW_BULK_NONE) {
		char name_text[TROWEL_NAME_TEXT_SIZE];

		used += (size_t)snprintf(got + used, size - used, "%s%u ",
			used > 0 ? "; " : "", (unsigned)input.line);
		if (line == TW_BULK_BAD) {
			used += (size_t)snprintf(
				got + used, size - used, "!%s", input.fault);
			continue;
		}
		trowel_name_format(&name, name_text);
		used += (size_t)snprintf(
			got + used, size - used, "%s %u", name_text, type);
	}
	close(fd);
}

static void lines_are_names_and_types(void)
{
	static const struct {
		const char *why;
		const char *text;
		const char *expected;
	} rows[] = {
		{ "nothing", "", "" },
		{ "a name", "a.test\n", "1 a.test. 1" },
		{ "no newline at the end", "a.test", "1 a.test. 1" },
		{ "a final dot", "a.test.\n", "1 a.test. 1" },
		{ "the root", ".\n", "1 . 1" },
		{ "a type", "a.test MX\n", "1 a.test. 15" },
		{ "a type in small letters, by number", "a aaaa\nb TYPE99\n",
			"1 a. 28; 2 b. 99" },
		{ "blanks and TABs", " \ta.test \t MX \t\n", "1 a.test. 15" },
		{ "an end of line of two characters", "a.test\r\nb.test MX\r\n",
			"1 a.test. 1; 2 b.test. 15" },
		{ "empty lines count, but are passed over", "\n  \n\na.test\n",
			"4 a.test. 1" },
		{ "comments", "# one\n; two\n  # three\na.test\n",
			"4 a.test. 1" },
		{ "a comment behind a name, as --failed writes it",
			"a.test A ;TIMED_OUT\nb.test ; x y\nc.test # z\n",
			"1 a.test. 1; 2 b.test. 1; 3 c.test. 1" },
		{ "escapes", "a\\.b.test\n\\097.test\n",
			"1 a\\.b.test. 1; 2 a.test. 1" },
		{ "no such type", "a.test FOO\nb.test\n",
			"1 !unknown type; 2 b.test. 1" },
		{ "a word too many", "a.test A AAAA\n",
			"1 !more than a name and a type" },
		{ "an empty label", "a..test\n", "1 !empty label" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char got[512];

		describe(rows[i].text, strlen(rows[i].text), got, sizeof(got));
		if (strcmp(got, rows[i].expected) != 0) {
			printf("%s: %s\n", rows[i].why, got);
			CU_FAIL("not as expected");
		}
	}
}

/* Around the size of the buffer, where lines are moved to its start. */
static void lines_of_any_length_are_read(void)
{
	static const size_t lengths[] = { 255, TW_BULK_INPUT_SIZE - 1,
		TW_BULK_INPUT_SIZE, TW_BULK_INPUT_SIZE + 1,
		3 * TW_BULK_INPUT_SIZE };
	char *text = malloc(4 * TW_BULK_INPUT_SIZE);
	char got[512];

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < CHECK_COUNT(lengths); i++) {
		size_t length = lengths[i];

		memset(text, 'x', length);
		memcpy(text + length, "\nb.test\n", 8);
		describe(text, length + 8, got, sizeof(got));
		CU_ASSERT_STRING_EQUAL(got,
			length < TW_BULK_INPUT_SIZE
				? "1 !label over 63 octets; 2 b.test. 1"
				: "1 !too long; 2 b.test. 1");
	}
	memset(text, 'x', TW_BULK_INPUT_SIZE);
	describe(text, TW_BULK_INPUT_SIZE, got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, "1 !too long");
	free(text);
}

static void many_lines_keep_their_numbers(void)
{
	size_t used = 0, count = 20000;
	char *text = malloc(count * 16);
	struct trowel_name name;
	uint16_t type;
	int fd;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 1; i <= count; i++)
		used += (size_t)sprintf(text + used, "n%u.test\n", (unsigned)i);
	fd = file_of(text, used);
	CU_ASSERT_EQUAL_FATAL(tw_bulk_input_open(&input, fd, TYPE_A), 0);
	CU_ASSERT_TRUE(input.is_file);
	CU_ASSERT_EQUAL(input.size, used);
	for (size_t i = 1; i <= count; i++) {
		char expected[16], got[TROWEL_NAME_TEXT_SIZE];

		CU_ASSERT_EQUAL_FATAL(next_line(&name, &type), TW_BULK_NAME);
		trowel_name_format(&name, got);
		sprintf(expected, "n%u.test.", (unsigned)i);
		CU_ASSERT_STRING_EQUAL(got, expected);
		CU_ASSERT_EQUAL(input.line, i);
	}
	CU_ASSERT_EQUAL(next_line(&name, &type), TW_BULK_NONE);
	CU_ASSERT_EQUAL(input.taken, used);
	close(fd);
	free(text);
}

/* Names of all lengths, with dots anywhere and odd octets at any place: as
 * trowel_name_parse() has them. */
static void plain_names_are_what_they_are_elsewhere(void)
{
	static const char odd[] = "..-.\\;#@!~\x7f\x80\xff _/";
	uint32_t random = 1;

	for (unsigned i = 0; i < 40000; i++) {
		size_t length = 1 + i % 260, position, j;
		struct trowel_name expected, name;
		char text[262];
		uint16_t type;

		for (j = 0; j < length; j++) {
			random = random * 1664525U + 1013904223U;
			text[j] = (char)('a' + random / 65536 % 26);
			if (random >> 28 == 0 && i % 3 > 0)
				text[j] = odd[random / 65536 %
					(i % 3 == 1 ? 4 : sizeof(odd) - 1)];
		}
		if (strchr(" ;#", text[0]) || memchr(text, ' ', length))
			continue;
		text[length] = '\n';
		input.start = 0;
		input.end = (uint32_t)length + 1;
		memcpy(input.octets, text, length + 1);
		if (trowel_name_parse(text, length, &expected, &position) !=
			TROWEL_OK)
			expected.length = 0;
		CU_ASSERT_EQUAL(tw_bulk_input_next(&input, &name, &type),
			expected.length ? TW_BULK_NAME : TW_BULK_BAD);
		CU_ASSERT_EQUAL(input.start, length + 1);
		if (expected.length == 0)
			continue;
		CU_ASSERT_EQUAL(name.length, expected.length);
		CU_ASSERT_EQUAL(
			memcmp(name.octets, expected.octets, expected.length),
			0);
	}
}

/* ---- the wheel */

#define ITEMS 2000

static struct tw_wheel wheel;
static struct tw_wheel_link links[ITEMS];

static void start_wheel(uint64_t now_us)
{
	for (size_t i = 0; i < ITEMS; i++)
		links[i].slot = TW_WHEEL_NONE;
	tw_wheel_init(&wheel, links, now_us);
}

static void wheel_gives_each_item_in_its_time(void)
{
	uint64_t now_us = 123456789, due_us[ITEMS];
	unsigned count = 0;

	start_wheel(now_us);
	CU_ASSERT_EQUAL(tw_wheel_due_us(&wheel), UINT64_MAX);
	srand(1);
	for (uint32_t i = 0; i < ITEMS; i++) {
		due_us[i] = now_us + (unsigned)rand() % 4000000;
		tw_wheel_add(&wheel, i, due_us[i]);
	}
	while (count < ITEMS) {
		uint64_t next_us = tw_wheel_due_us(&wheel);
		uint32_t item;

		CU_ASSERT_FATAL(next_us != UINT64_MAX);
		CU_ASSERT_EQUAL(
			tw_wheel_next(&wheel, next_us - 1), TW_WHEEL_NONE);
		now_us = next_us;
		while ((item = tw_wheel_next(&wheel, now_us)) !=
			TW_WHEEL_NONE) {
			CU_ASSERT_TRUE(due_us[item] <= now_us);
			CU_ASSERT_TRUE(
				now_us - due_us[item] <= TW_WHEEL_TICK_US);
			count++;
		}
	}
	CU_ASSERT_EQUAL(tw_wheel_due_us(&wheel), UINT64_MAX);
}

static void wheel_forgets_what_is_taken_out(void)
{
	start_wheel(0);
	for (uint32_t i = 0; i < 5; i++)
		tw_wheel_add(&wheel, i, 10000); /* all in one slot */
	tw_wheel_remove(&wheel, 4); /* the first one there, */
	tw_wheel_remove(&wheel, 2); /* one between, */
	tw_wheel_remove(&wheel, 0); /* the last one, */
	tw_wheel_remove(&wheel, 0); /* and none */
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, 1000000), 3);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, 1000000), 1);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, 1000000), TW_WHEEL_NONE);
	CU_ASSERT_EQUAL(tw_wheel_due_us(&wheel), UINT64_MAX);
}

static void wheel_takes_what_is_past_and_far_ahead(void)
{
	uint64_t now_us = 5000000,
		 end_us = now_us + (uint64_t)TW_WHEEL_SIZE * TW_WHEEL_TICK_US;

	start_wheel(now_us);
	tw_wheel_add(&wheel, 0, 0);
	tw_wheel_add(&wheel, 1, now_us + 3600000000U);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, now_us + TW_WHEEL_TICK_US), 0);
	CU_ASSERT_TRUE(tw_wheel_due_us(&wheel) <= end_us);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, end_us), 1);
}

/* As after a stop of the whole program. */
static void wheel_gives_all_after_a_long_time(void)
{
	unsigned count = 0;

	start_wheel(0);
	for (uint32_t i = 0; i < ITEMS; i++)
		tw_wheel_add(&wheel, i, i * 2000);
	while (tw_wheel_next(&wheel, 7200000000U) != TW_WHEEL_NONE)
		count++;
	CU_ASSERT_EQUAL(count, ITEMS);
	tw_wheel_add(&wheel, 7, 7200050000U);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, 7200049000U), TW_WHEEL_NONE);
	CU_ASSERT_EQUAL(tw_wheel_next(&wheel, 7200060000U), 7);
}

/* ---- windows */

/* A server that answers `most` queries in 10 ms, and one a round trip of so
 * many microseconds if it is sent fewer; loses what is over `room`. Goes on for
 * so many rounds. */
static void play(struct tw_window *window, uint64_t *now_us, uint32_t most,
	uint32_t room, unsigned rounds)
{
	while (rounds-- > 0) {
		uint32_t size = window->size;
		uint64_t time_us = 20000;

		if (size > most)
			time_us = 20000 * (uint64_t)size / most;
		*now_us += time_us;
		window->answered += size < room ? size : room;
		window->lost += size < room ? 0 : size - room;
		window->is_used = true;
		tw_window_adjust(window, *now_us);
	}
}

static void window_grows_while_that_brings_more(void)
{
	struct tw_window window;
	uint64_t now_us = 0;

	tw_window_init(&window, 4096, 0, now_us);
	CU_ASSERT_EQUAL(window.size, TW_WINDOW_FIRST);
	play(&window, &now_us, 1000, UINT32_MAX, 10);
	CU_ASSERT_TRUE(window.size >= 750 && window.size <= 2000);
	play(&window, &now_us, 1000, UINT32_MAX, 500);
	CU_ASSERT_TRUE(window.size >= 750 && window.size <= 1500);
	play(&window, &now_us, 100000, UINT32_MAX, 500);
	CU_ASSERT_TRUE(window.size >= 3200);
}

/* As fast with 64 as with more: but that many are there in a moment. */
static void window_grows_to_what_takes_a_moment(void)
{
	static const struct {
		uint32_t rate, least, most;
	} rows[] = { { 250000, 500, 1024 }, { 1000000, 2000, 4096 },
		{ 20000, TW_WINDOW_FIRST, 2 * TW_WINDOW_FIRST } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tw_window window;

		tw_window_init(&window, 65536, 0, 0);
		for (uint64_t round = 1; round <= 500; round++) {
			window.answered = rows[i].rate / 100;
			tw_window_spend(&window, 0, window.size);
			tw_window_adjust(&window, round * 10000);
			if (round < 20)
				continue;
			CU_ASSERT_TRUE(window.size >= rows[i].least);
			CU_ASSERT_TRUE(window.size <= rows[i].most);
		}
	}
}

static void window_that_is_not_used_does_not_grow(void)
{
	struct tw_window window;

	tw_window_init(&window, 4096, 0, 0);
	for (unsigned i = 1; i < 100; i++) {
		window.answered += 64;
		tw_window_adjust(&window, i * 20000);
	}
	CU_ASSERT_EQUAL(window.size, TW_WINDOW_FIRST);
}

static void window_is_halved_by_losses(void)
{
	struct tw_window window;
	uint64_t now_us = 0;
	uint32_t size;

	tw_window_init(&window, 4096, 0, now_us);
	play(&window, &now_us, 100000, UINT32_MAX, 4);
	size = window.size;
	window.lost = size / 4;
	window.answered = size - size / 4;
	tw_window_adjust(&window, now_us += 20000);
	CU_ASSERT_EQUAL(window.size, size / 2);
	for (unsigned i = 0; i < 3; i++) { /* nobody is there */
		window.lost = window.size;
		tw_window_adjust(&window, now_us += 1000000);
	}
	CU_ASSERT_TRUE(window.size >= TW_WINDOW_LEAST);
	CU_ASSERT_TRUE(window.size <= size / 4);
	play(&window, &now_us, 100000, UINT32_MAX, 500);
	CU_ASSERT_EQUAL(window.size, 4096);
}

/* Names whose servers are broken are no reason to go slow. */
static void window_gets_used_to_names_that_fail(void)
{
	struct tw_window window;
	uint64_t now_us = 0;

	tw_window_init(&window, 1024, 0, now_us);
	for (unsigned i = 0; i < 500; i++) {
		window.lost = window.size / 4;
		window.answered = window.size - window.lost;
		window.is_used = true;
		tw_window_adjust(&window, now_us += 20000);
	}
	CU_ASSERT_EQUAL(window.size, 1024);
}

static void window_is_never_over_its_most(void)
{
	for (uint32_t most = 1; most < 200; most += 7) {
		struct tw_window window;
		uint64_t now_us = 0;

		tw_window_init(&window, most, 0, now_us);
		for (unsigned i = 0; i < 100; i++) {
			play(&window, &now_us, 1000, i % 10 ? 1000 : 1, 1);
			CU_ASSERT_TRUE(window.size >= 1);
			CU_ASSERT_TRUE(window.size <= most);
		}
	}
}

static void rate_is_held_and_not_saved_up(void)
{
	static const uint32_t rates[] = { 1, 10, 1000, 1000000 };

	for (size_t i = 0; i < CHECK_COUNT(rates); i++) {
		uint64_t now_us = 1000000, sent = 0, end_us = 11000000;
		struct tw_window window;

		tw_window_init(&window, 4096, rates[i], now_us);
		while (now_us < end_us) {
			uint32_t count = tw_window_allow(&window, 64, now_us);

			tw_window_spend(&window, count, 0);
			sent += count;
			now_us += count > 0
				? 1
				: tw_window_allow_us(&window) - now_us;
		}
		CU_ASSERT_TRUE(sent <= rates[i] * 10ULL + rates[i] / 50 + 1);
		CU_ASSERT_TRUE(sent >= rates[i] * 10ULL * 9 / 10);
		/* a pause is not made up for */
		now_us += 60000000;
		CU_ASSERT_TRUE(tw_window_allow(&window, UINT32_MAX, now_us) <=
			rates[i] / 50 + 1);
	}
}

/* ---- checkpoints */

static void checkpoint_comes_back_as_it_was(void)
{
	uint64_t pending[] = { 17, 5, 99 };
	struct tw_checkpoint written = { .lines = 100,
		.output = 5000000000,
		.failed = 7,
		.count = 3,
		.pending = pending };
	struct tw_checkpoint read;
	char path[] = "/tmp/trowel-test-XXXXXX";

	close(mkstemp(path));
	CU_ASSERT_EQUAL(tw_checkpoint_write(&written, path), 0);
	CU_ASSERT_EQUAL_FATAL(tw_checkpoint_read(&read, path), 0);
	CU_ASSERT_TRUE(read.is_there);
	CU_ASSERT_EQUAL(read.lines, 100);
	CU_ASSERT_EQUAL(read.output, 5000000000);
	CU_ASSERT_EQUAL(read.failed, 7);
	for (uint64_t line = 1; line <= 120; line++)
		CU_ASSERT_EQUAL(tw_checkpoint_is_done(&read, line),
			line <= 100 && line != 5 && line != 17 && line != 99);
	tw_checkpoint_release(&read);
	unlink(path);
}

static void checkpoint_that_is_none_is_refused(void)
{
	static const char *const texts[] = { "", "a.test\n",
		"trowel checkpoint 5 0 0\n", "trowel checkpoint 5 0 0 2\n3\n",
		"trowel checkpoint 5 0 0 99999999999\n" };
	char path[] = "/tmp/trowel-test-XXXXXX";
	struct tw_checkpoint checkpoint;
	int fd = mkstemp(path);

	for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
		CU_ASSERT_EQUAL(ftruncate(fd, 0), 0);
		CU_ASSERT_TRUE(pwrite(fd, texts[i], strlen(texts[i]), 0) >= 0);
		CU_ASSERT_NOT_EQUAL(tw_checkpoint_read(&checkpoint, path), 0);
		tw_checkpoint_release(&checkpoint);
	}
	close(fd);
	unlink(path);
	CU_ASSERT_EQUAL(tw_checkpoint_read(&checkpoint, path), 0);
	CU_ASSERT_FALSE(checkpoint.is_there);
	CU_ASSERT_FALSE(tw_checkpoint_is_done(&checkpoint, 1));
	tw_checkpoint_release(&checkpoint);
}

/* ---- what is due */

/* A server that has answered nothing newer is busy; one that has, has not got
 * this query. */
static void queries_are_late_before_they_are_lost(void)
{
	static const struct {
		const char *why;
		uint64_t heard_us; /* the query went at 1 s */
		uint32_t wait_us;
		bool is_asked_again[2]; /* after 150 ms, and 300 */
	} rows[] = {
		{ "nothing heard", 0, 150000, { false, true } },
		{ "older ones answered", 900000, 150000, { false, true } },
		{ "a newer one answered", 1000001, 150000, { true, true } },
		{ "a time that was asked for", 0, 0, { true, true } },
	};
	static struct tw_job job = { .servers.options = {
					     .deadline_ms = 5000 } };
	static struct tw_bulk bulk;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct tw_bulk_socket socket = { .in_flight = 1 };
		struct tw_bulk_lookup *lookup;

		memset(&bulk, 0, sizeof(bulk));
		bulk.job = &job;
		bulk.deadline_us = 5000000;
		bulk.server_count = 1;
		bulk.tries_most = 3;
		bulk.sockets.rows = &socket;
		bulk.servers[0].first = bulk.servers[0].last = TW_WHEEL_NONE;
		bulk.servers[0].in_flight = 1;
		bulk.servers[0].heard_us = rows[i].heard_us;
		CU_ASSERT_TRUE_FATAL(tw_bulk_pool_init(&bulk.pool, 1));
		tw_wheel_init(&bulk.wheel, bulk.pool.links, 1000000);
		lookup = tw_bulk_pool_take(&bulk.pool);
		lookup->started_us = 1000000;
		lookup->due_us = 1150000;
		lookup->try_count = 1;
		lookup->tries[0] = (struct tw_bulk_try){ .awaited = true,
			.wait_us = rows[i].wait_us };
		tw_wheel_add(&bulk.wheel, 0, lookup->due_us);
		for (size_t k = 0; k < 2; k++) {
			bulk.now_us = 1160000 + k * 160000;
			tw_bulk_expire(&bulk);
			if (((lookup->state & TW_BULK_QUEUED) != 0) !=
				rows[i].is_asked_again[k])
				CU_FAIL("not as expected");
		}
		tw_bulk_pool_release(&bulk.pool);
	}
}

/* ---- ids */

static void tries_are_found_by_socket_and_id(void)
{
	struct tw_bulk_lookup *lookups[300];
	struct tw_bulk_pool pool;
	uint8_t index;

	CU_ASSERT_TRUE_FATAL(tw_bulk_pool_init(&pool, 300));
	for (uint16_t i = 0; i < 300; i++) {
		lookups[i] = tw_bulk_pool_take(&pool);
		CU_ASSERT_PTR_NOT_NULL_FATAL(lookups[i]);
		for (uint8_t k = 0; k < 3; k++) {
			lookups[i]->tries[k].id = (uint16_t)(i / 2);
			lookups[i]->tries[k].socket = (uint16_t)(2 * k + i % 2);
			lookups[i]->try_count++;
			tw_bulk_pool_add(&pool, lookups[i], k);
		}
	}
	CU_ASSERT_PTR_NULL(tw_bulk_pool_take(&pool));
	for (uint16_t i = 0; i < 300; i += 3)
		for (uint8_t k = 0; k < 3; k++)
			tw_bulk_pool_forget(&pool, lookups[i], k);
	for (uint16_t i = 0; i < 300; i++) {
		uint16_t id = i / 2, socket = 4 + i % 2;
		uint32_t number = tw_bulk_pool_find(&pool, socket, id);

		CU_ASSERT_EQUAL(number > 0, i % 3 != 0);
		if (number == 0)
			continue;
		CU_ASSERT_PTR_EQUAL(
			tw_bulk_pool_lookup(&pool, number, &index), lookups[i]);
		CU_ASSERT_EQUAL(index, 2);
	}
	tw_bulk_pool_give(&pool, lookups[9]);
	CU_ASSERT_PTR_EQUAL(tw_bulk_pool_take(&pool), lookups[9]);
	tw_bulk_pool_release(&pool);
}

/* ---- counts */

static void quantiles_are_right_to_a_sixteenth(void)
{
	struct tw_tally tally = { .answered = 0 };

	CU_ASSERT_EQUAL(tw_tally_quantile_us(&tally, 500), 0);
	for (uint32_t i = 1; i <= 100000; i++)
		tw_tally_add(&tally, (uint16_t)(i % 40 == 0 ? 4000 : i % 3), i);
	for (unsigned thousandth = 10; thousandth <= 1000; thousandth += 45) {
		uint32_t right = thousandth * 100;
		uint32_t got = tw_tally_quantile_us(&tally, thousandth);

		CU_ASSERT_TRUE(got >= right && got <= right + right / 8);
	}
	CU_ASSERT_EQUAL(tally.rcodes[TW_TALLY_RCODES - 1], 2500);
	CU_ASSERT_EQUAL(tw_tally_between(&tally, 0, UINT32_MAX), 100000);
	CU_ASSERT_EQUAL(tw_tally_between(&tally, 0, 32), 31);
	tw_tally_add(&tally, 0, UINT32_MAX);
	CU_ASSERT_EQUAL(tw_tally_between(&tally, 200000, UINT32_MAX), 0);
}

/* ---- output */

static void lines_are_written_behind_others(void)
{
	struct tw_bulk_stream stream;
	int fd = file_of("old\n", 4);
	char text[64];
	ssize_t length;

	lseek(fd, 0, SEEK_END);
	tw_bulk_stream_init(&stream, fd, "x");
	tw_output_add(&stream.text, "one\ntwo\n");
	CU_ASSERT_TRUE(tw_bulk_stream_flush(&stream));
	CU_ASSERT_EQUAL(tw_bulk_stream_offset(&stream), 12);
	length = pread(fd, text, sizeof(text), 0);
	CU_ASSERT_EQUAL(length, 12);
	CU_ASSERT_EQUAL(memcmp(text, "old\none\ntwo\n", 12), 0);
	close(fd);
	tw_output_add(&stream.text, "three\n");
	CU_ASSERT_FALSE(tw_bulk_stream_flush(&stream));
	CU_ASSERT_NOT_EQUAL(stream.error, 0);
}

static const struct check_case cases[] = {
	CHECK_CASE(lines_are_names_and_types),
	CHECK_CASE(lines_of_any_length_are_read),
	CHECK_CASE(many_lines_keep_their_numbers),
	CHECK_CASE(plain_names_are_what_they_are_elsewhere),
	CHECK_CASE(wheel_gives_each_item_in_its_time),
	CHECK_CASE(wheel_forgets_what_is_taken_out),
	CHECK_CASE(wheel_takes_what_is_past_and_far_ahead),
	CHECK_CASE(wheel_gives_all_after_a_long_time),
	CHECK_CASE(window_grows_while_that_brings_more),
	CHECK_CASE(window_grows_to_what_takes_a_moment),
	CHECK_CASE(window_that_is_not_used_does_not_grow),
	CHECK_CASE(window_is_halved_by_losses),
	CHECK_CASE(window_gets_used_to_names_that_fail),
	CHECK_CASE(window_is_never_over_its_most),
	CHECK_CASE(rate_is_held_and_not_saved_up),
	CHECK_CASE(checkpoint_comes_back_as_it_was),
	CHECK_CASE(checkpoint_that_is_none_is_refused),
	CHECK_CASE(queries_are_late_before_they_are_lost),
	CHECK_CASE(tries_are_found_by_socket_and_id),
	CHECK_CASE(quantiles_are_right_to_a_sixteenth),
	CHECK_CASE(lines_are_written_behind_others),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
