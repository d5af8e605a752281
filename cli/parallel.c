/* SPDX-License-Identifier: MIT */
#include "cli/parallel.h"

#include <poll.h>

#define POLLED_MAX 1024 /* sockets of as many lookups as there can be */

static void start(struct tw_parallel *parallel, struct tw_asked *row);

void tw_parallel_open(
	struct tw_parallel *parallel, struct tw_asked *rows, size_t count)
{
	enum trowel_status status;
	size_t i;

	parallel->rows = rows;
	parallel->count = count;
	parallel->next = 0;
	status = trowel_open(&parallel->trowel, &rows[0].job->servers.options);
	for (i = 0; i < count; i++) {
		rows[i].status = status;
		rows[i].is_done = status != TROWEL_OK;
		if (status == TROWEL_OK)
			start(parallel, &rows[i]);
	}
}

void tw_parallel_close(struct tw_parallel *parallel)
{
	size_t i;

	for (i = 0; i < parallel->count; i++)
		trowel_answer_free(parallel->rows[i].answer);
	trowel_close(parallel->trowel);
}

static void start(struct tw_parallel *parallel, struct tw_asked *row)
{
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel_request request = { .kind = TROWEL_REQUEST_QUERY,
		.type = row->job->lookup->type,
		.name = name,
		.ask = &row->job->ask };
	uint32_t id;

	trowel_name_format(&row->job->asked, name);
	trowel_answer_free(row->answer);
	row->answer = NULL;
	row->status = trowel_start(parallel->trowel, &request, row, &id);
	row->is_done = row->status != TROWEL_OK;
}

static void take(struct tw_parallel *parallel, const struct trowel_done *done)
{
	struct tw_asked *row = done->user;

	row->answer = done->answer;
	row->status = done->status;
	row->is_done = true;
	if (tw_job_is_repeated(row->job, row->answer) ||
		(tw_job_goes_on(row->job, row->answer) &&
			tw_job_next(row->job)))
		start(parallel, row);
}

struct tw_asked *tw_parallel_next(struct tw_parallel *parallel)
{
	struct pollfd polled[POLLED_MAX];
	struct trowel_done done;
	size_t count;

	if (parallel->next == parallel->count)
		return NULL;
	while (!parallel->rows[parallel->next].is_done) {
		count = trowel_pollfds(parallel->trowel, polled, POLLED_MAX);
		poll(polled, (nfds_t)(count < POLLED_MAX ? count : POLLED_MAX),
			trowel_wait_ms(parallel->trowel));
		while (trowel_next(parallel->trowel, &done))
			take(parallel, &done);
	}
	return &parallel->rows[parallel->next++];
}
