/* SPDX-License-Identifier: MIT */
/*
 * A context is a loop that waits for its channels and its times, gives to the
 * lookups what has come, ticks the jobs that are due, and tells of those that
 * have ended. The calls that wait go round it until their request has ended;
 * trowel_next() goes round it once, and does not wait.
 */
#include <trowel/resolver.h>

#include <config.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "resolver/context.h"
#include "resolver/lookup.h"
#include "resolver/options.h"
#include "wire/cursor.h"

#define RELOAD_US 1000000 /* a configuration file is looked at so often */

static bool is_in_range(const struct trowel_options *options);
static void init(struct trowel *t);
static uint8_t *get_pages(size_t size);
static void give_pages(uint8_t *pages, size_t size);
static void reload(struct trowel *t);
static enum trowel_status start_query(struct trowel *t,
	const struct trowel_request *request, struct tw_job **job);
static void enter(struct trowel *t);
static void part(struct trowel *t);
static void leave(struct trowel *t);
static uint64_t due_us(const struct trowel *t);
static void turn(struct trowel *t, uint64_t until_us);
static bool take_done(struct trowel *t, uint32_t id, struct trowel_done *done);

enum trowel_status trowel_open(
	struct trowel **t, const struct trowel_options *options)
{
	uint8_t *pages;
	struct trowel *made;

	*t = NULL;
	if (options->server_count == 0)
		return TROWEL_NO_SERVERS;
	if (!is_in_range(options))
		return TROWEL_BAD_ARGUMENT;
	pages = get_pages(TW_STORE_SIZE + sizeof(*made));
	if (pages == NULL)
		return TROWEL_NO_MEMORY;
	made = (struct trowel *)(void *)(pages + TW_STORE_SIZE);
	made->options = *options;
	made->servers = tw_servers_new(options, NULL);
	if (made->servers == NULL) {
		give_pages(pages, TW_STORE_SIZE + sizeof(*made));
		return TROWEL_NO_MEMORY;
	}
	tw_store_init(&made->store, pages);
	init(made);
	*t = made;
	return TROWEL_OK;
}

static TW_APART void init(struct trowel *t)
{
	tw_waiter_init(&t->waiter);
	tw_links_init(&t->jobs);
	tw_links_init(&t->ended);
	tw_links_init(&t->done);
	tw_links_init(&t->spares);
	tw_links_init(&t->sockets);
	tw_links_init(&t->streams);
	tw_links_init(&t->hungry);
	t->due_us = TW_NEVER;
}

void trowel_close(struct trowel *t)
{
	if (t == NULL)
		return;
	enter(t);
	while (!tw_links_is_alone(&t->jobs))
		tw_job_cancel(TW_OWNER(t->jobs.next, struct tw_job, siblings));
	tw_channels_close(t, false);
	tw_waiter_release(&t->waiter);
	tw_servers_release(t->servers);
	give_pages(t->store.pages, TW_STORE_SIZE + sizeof(*t));
}

/* Of its own: the store's must not be shared with others. Zero. */
static uint8_t *get_pages(size_t size)
{
#ifdef COMMAND_ALONE
	return calloc(1, size);
#else
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
#endif
}

static void give_pages(uint8_t *pages, size_t size)
{
#ifdef COMMAND_ALONE
	(void)size;
	free(pages);
#else
	munmap(pages, size);
#endif
}

enum trowel_status trowel_query(struct trowel *t, const char *name,
	uint16_t type, const struct trowel_ask *ask,
	struct trowel_answer **answer)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_QUERY,
		.type = type,
		.name = name,
		.ask = ask };

	return tw_request_run(t, &request, answer, NULL);
}

enum trowel_status trowel_start(struct trowel *t,
	const struct trowel_request *request, void *user, uint32_t *id)
{
	struct tw_job *job = NULL;
	enum trowel_status status;

	enter(t);
	reload(t);
	*id = 0;
	switch (request->kind) {
	case TROWEL_REQUEST_QUERY:
		status = start_query(t, request, &job);
		break;
	case TROWEL_REQUEST_ADDRESSES:
		status = tw_addresses_start(t, NULL, request, &job);
		break;
	case TROWEL_REQUEST_REVERSE:
		status = tw_reverse_start(t, NULL, request, &job);
		break;
	case TROWEL_REQUEST_SERVICES:
		status = tw_services_start(t, NULL, request, &job);
		break;
	default:
		status = TROWEL_BAD_ARGUMENT;
		break;
	}
	leave(t);
	if (status != TROWEL_OK)
		return status;
	job->user = user;
	*id = job->id;
	return TROWEL_OK;
}

int trowel_fd(struct trowel *t)
{
	int fd;

	enter(t);
	fd = tw_waiter_fd(&t->waiter);
	leave(t);
	return fd;
}

size_t trowel_pollfds(struct trowel *t, struct pollfd *fds, size_t size)
{
	size_t count;

	enter(t);
	count = t->waiter.count;
	if (size > count)
		size = count;
	if (size > 0)
		memcpy(fds, t->waiter.fds, size * sizeof(*fds));
	return count;
}

int trowel_wait_ms(struct trowel *t)
{
	uint64_t until_us;
	uint64_t now_us;

	enter(t);
	until_us = due_us(t);
	if (until_us == TW_NEVER)
		return -1;
	now_us = tw_clock_us();
	if (until_us <= now_us)
		return 0;
	/* rounded up, so that there is something to do then */
	until_us = (until_us - now_us - 1) / 1000 + 1;
	return until_us < INT_MAX ? (int)until_us : INT_MAX;
}

bool trowel_next(struct trowel *t, struct trowel_done *done)
{
	bool any;

	enter(t);
	tw_jobs_deliver(t);
	if (tw_links_is_alone(&t->done)) {
		turn(t, 0);
		tw_jobs_deliver(t);
	}
	any = take_done(t, 0, done);
	leave(t);
	return any;
}

bool trowel_cancel(struct trowel *t, uint32_t id)
{
	bool found = false;

	enter(t);
	for (struct tw_links *at = t->jobs.next; at != &t->jobs && !found;
		at = at->next) {
		struct tw_job *job = TW_OWNER(at, struct tw_job, siblings);

		found = id != 0 && job->id == id;
		if (found) {
			tw_job_cancel(job);
			break;
		}
	}
	leave(t);
	return found;
}

enum trowel_status tw_request_run(struct trowel *t,
	const struct trowel_request *request, struct trowel_answer **answer,
	struct trowel_list **list)
{
	struct trowel_done done = { .answer = NULL };
	uint32_t id;

	done.status = trowel_start(t, request, NULL, &id);
	if (done.status == TROWEL_OK) {
		tw_jobs_deliver(t);
		while (!take_done(t, id, &done)) {
			turn(t, t->due_us);
			tw_jobs_deliver(t);
		}
		leave(t);
	}
	if (answer != NULL)
		*answer = done.answer;
	if (list != NULL)
		*list = done.list;
	return done.status;
}

const struct trowel_options *tw_options(const struct trowel *t)
{
	return &t->options;
}

enum trowel_status tw_random_take(
	struct trowel *t, uint8_t *octets, size_t length)
{
	return tw_store_take(&t->store, octets, length);
}

static bool is_in_range(const struct trowel_options *options)
{
	return options->server_count <= TROWEL_SERVERS_MAX &&
		options->search_length <= TROWEL_SEARCH_SIZE;
}

/* Once a second at most. Lookups under way keep their servers. */
static void reload(struct trowel *t)
{
	uint64_t now_us = t->options.path != NULL ? tw_clock_us() : 0;
	struct tw_servers *servers;

	if (t->options.path == NULL || now_us < t->reload_us)
		return;
	t->reload_us = now_us + RELOAD_US;
	if (!tw_options_reload(&t->options, &t->file))
		return;
	servers = tw_servers_new(&t->options, t->servers);
	if (servers == NULL)
		return;
	tw_servers_release(t->servers);
	t->servers = servers;
}

static enum trowel_status start_query(struct trowel *t,
	const struct trowel_request *request, struct tw_job **job)
{
	struct trowel_name name;
	size_t position;
	enum trowel_status status = trowel_name_parse(
		request->name, strlen(request->name), &name, &position);

	if (status != TROWEL_OK)
		return status;
	return tw_lookup_start(
		t, NULL, request->ask, &name, request->type, job);
}

/* What each call begins with. */
static void enter(struct trowel *t)
{
	if (tw_store_is_inherited(&t->store))
		part(t);
	if (!tw_links_is_alone(&t->streams))
		tw_channels_age(t, tw_clock_us());
}

/* In the child of a fork(): sockets, and what waits on them, are the
 * parent's. */
static void part(struct trowel *t)
{
	tw_waiter_forget(&t->waiter);
	tw_channels_close(t, true);
	tw_jobs_fail(t);
}

/* What those calls end with that may change when there is something to do. */
static void leave(struct trowel *t)
{
	tw_waiter_arm(&t->waiter, due_us(t));
}

static TW_APART uint64_t due_us(const struct trowel *t)
{
	if (!tw_links_is_alone(&t->ended) || !tw_links_is_alone(&t->done))
		return 0;
	return t->due_us;
}

/* Once round. What has come is looked at before the clock, so that a program
 * that was stopped for a while ends with what is there. */
static void turn(struct trowel *t, uint64_t until_us)
{
	struct tw_watch *watch;
	uint64_t now_us;

	if (tw_waiter_wait(&t->waiter, until_us) != 0) {
		tw_jobs_fail(t);
		return;
	}
	while ((watch = tw_waiter_next(&t->waiter)) != NULL)
		tw_lookup_receive(t, TW_OWNER(watch, struct tw_channel, watch));
	now_us = tw_clock_us();
	tw_jobs_tick(t, now_us);
	tw_lookups_feed(t, now_us);
}

/* `id` 0: any. */
static TW_APART bool take_done(
	struct trowel *t, uint32_t id, struct trowel_done *done)
{
	for (struct tw_links *at = t->done.next; at != &t->done;
		at = at->next) {
		struct tw_job *job = TW_OWNER(at, struct tw_job, queued);

		if (id != 0 && job->id != id)
			continue;
		*done = (struct trowel_done){ .id = job->id,
			.user = job->user,
			.status = job->status,
			.answer = job->answer,
			.list = job->list };
		job->answer = NULL;
		job->list = NULL;
		tw_job_leave(job);
		return true;
	}
	return false;
}
