/* SPDX-License-Identifier: MIT */
/*
 * Many lookups, by one thread or by many, each with a context of its own,
 * against a server of this program's:
 *
 *	soak [threads [lookups of each]]
 *
 * All must be answered, by UDP and now and then by TCP, one after the other and
 * ten at a time; and when a tenth of them are through, neither descriptors nor,
 * by one thread, memory may grow any more.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <trowel/resolver.h>

#include "tests/server.h"

#define TYPE_A 1
#define AT_ONCE 10
#define GROWTH_MAX 64 /* pages */

static struct server server;
static unsigned long lookups_each = 10000;
static atomic_ulong answered;
static atomic_ulong failed;

static void tally(enum trowel_status status, struct trowel_answer *answer)
{
	if (status == TROWEL_OK && answer->rcode == 0 &&
		answer->message.counts[TROWEL_ANSWER] == 1)
		answered++;
	else
		failed++;
	trowel_answer_free(answer);
}

static void ask_one(struct trowel *t, const struct trowel_ask *ask)
{
	struct trowel_answer *answer;
	enum trowel_status status =
		trowel_query(t, "host.test", TYPE_A, ask, &answer);

	tally(status, answer);
}

static void ask_several(struct trowel *t)
{
	struct trowel_request request = { .name = "host.test", .type = TYPE_A };
	unsigned left = 0;
	uint32_t id;

	for (int i = 0; i < AT_ONCE; i++)
		left += trowel_start(t, &request, NULL, &id) == TROWEL_OK;
	while (left > 0) {
		struct pollfd fds[64];
		struct trowel_done done;
		size_t count;

		if (trowel_next(t, &done)) {
			tally(done.status, done.answer);
			left--;
			continue;
		}
		count = trowel_pollfds(t, fds, 64);
		poll(fds, (nfds_t)(count < 64 ? count : 64), trowel_wait_ms(t));
	}
}

static void *soak(void *nothing)
{
	static const struct trowel_ask by_tcp = { .flags = TROWEL_ASK_TCP };
	struct trowel_options options;
	struct trowel *t;

	(void)nothing;
	trowel_options_init(&options);
	options.servers[0] = server_address(&server);
	options.server_count = 1;
	if (trowel_open(&t, &options) != TROWEL_OK)
		exit(2);
	for (unsigned long i = 0; i < lookups_each; i++) {
		if (i % 1000 == 0) {
			ask_several(t);
			i += AT_ONCE - 1;
		} else {
			ask_one(t, i % 100 == 1 ? &by_tcp : NULL);
		}
	}
	trowel_close(t);
	return NULL;
}

static unsigned long pages_resident(void)
{
	unsigned long resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*u %lu", &resident) != 1)
		resident = 0;
	fclose(file);
	return resident;
}

static unsigned count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 4096; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void run_threads(unsigned count)
{
	pthread_t *threads = calloc(count, sizeof(*threads));

	for (unsigned i = 0; i < count; i++)
		if (threads == NULL ||
			pthread_create(&threads[i], NULL, soak, NULL) != 0)
			exit(2);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
	unsigned long wanted;
	unsigned long pages;
	unsigned descriptors;
	bool good;

	if (argc > 2)
		lookups_each = strtoul(argv[2], NULL, 10);
	wanted = threads * lookups_each;
	server_start(&server, AF_INET, server_answer);
	lookups_each /= 10;
	run_threads(threads);
	pages = pages_resident();
	descriptors = count_descriptors();
	lookups_each *= 9;
	run_threads(threads);
	/* What threads leave behind in the C library differs from run to run. */
	good = answered == wanted && count_descriptors() == descriptors &&
		(threads > 1 || pages_resident() <= pages + GROWTH_MAX);
	printf("%lu answered, %lu failed; %lu, then %lu pages; %u, then %u "
	       "descriptors\n",
		(unsigned long)answered, (unsigned long)failed, pages,
		pages_resident(), descriptors, count_descriptors());
	server_stop(&server);
	return good ? 0 : 1;
}
