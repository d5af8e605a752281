/* SPDX-License-Identifier: MIT */
#include "resolver/job.h"

#include <stdlib.h>
#include <string.h>

#include "resolver/context.h"

static bool keep_options(struct tw_job *job);
static void tick_all(struct trowel *t, struct tw_links *ring, uint64_t now_us);
static void cancel_children(struct tw_job *job);
static void release(struct tw_job *job);
static void give_up_result(struct tw_job *job);

struct tw_job *tw_job_new(struct trowel *t, struct tw_job *parent,
	const struct trowel_ask *ask, size_t size, size_t offset)
{
	uint8_t *block = calloc(1, size);
	struct tw_job *job;

	if (block == NULL)
		return NULL;
	job = (struct tw_job *)(void *)(block + offset);
	if (ask != NULL)
		job->ask = *ask;
	else if (parent != NULL)
		job->ask = parent->ask;
	if (parent == NULL && !keep_options(job)) {
		free(block);
		return NULL;
	}
	if (parent == NULL && ++t->last_id == 0)
		t->last_id = 1;
	job->t = t;
	job->offset = (uint16_t)offset;
	job->parent = parent;
	job->id = parent != NULL ? parent->id : t->last_id;
	job->until_us = TW_NEVER;
	tw_links_init(&job->children);
	tw_links_init(&job->queued);
	tw_links_init(&job->siblings);
	tw_links_move(
		parent != NULL ? &parent->children : &t->jobs, &job->siblings);
	return job;
}

void tw_job_wait(struct tw_job *job, uint64_t until_us)
{
	job->until_us = until_us;
	if (until_us < job->t->due_us)
		job->t->due_us = until_us;
}

void tw_job_end(struct tw_job *job, enum trowel_status status)
{
	job->ended = true;
	job->status = status;
	job->until_us = TW_NEVER;
	tw_links_move(&job->t->ended, &job->queued);
}

void tw_job_cancel(struct tw_job *job)
{
	struct trowel *t = job->t;

	release(job);
	tw_links_remove(&job->siblings);
	tw_links_remove(&job->queued);
	give_up_result(job);
	free(job->options);
	free((uint8_t *)job - job->offset);
	if (tw_links_is_alone(&t->jobs))
		t->due_us = TW_NEVER;
}

void tw_jobs_tick(struct trowel *t, uint64_t now_us)
{
	if (now_us < t->due_us)
		return;
	t->due_us = TW_NEVER;
	tick_all(t, &t->jobs, now_us);
}

void tw_jobs_deliver(struct trowel *t)
{
	while (!tw_links_is_alone(&t->ended)) {
		struct tw_job *job =
			TW_OWNER(t->ended.next, struct tw_job, queued);
		struct tw_job *parent = job->parent;

		tw_links_remove(&job->queued);
		cancel_children(job);
		if (parent == NULL) {
			tw_links_move(&t->done, &job->queued);
			continue;
		}
		if (!parent->ended && parent->kind.child_ended != NULL)
			parent->kind.child_ended(parent, job);
		tw_job_leave(job);
	}
}

void tw_job_leave(struct tw_job *job)
{
	if (!job->lingers) {
		tw_job_cancel(job);
		return;
	}
	tw_links_remove(&job->siblings);
	tw_links_remove(&job->queued);
	tw_links_move(&job->t->jobs, &job->siblings);
	give_up_result(job);
	free(job->options);
	job->options = NULL;
	job->parent = NULL;
	job->id = 0;
}

void tw_jobs_fail(struct trowel *t)
{
	struct tw_links *next;

	for (struct tw_links *at = t->jobs.next; at != &t->jobs; at = next) {
		struct tw_job *job = TW_OWNER(at, struct tw_job, siblings);

		next = at->next;
		if (job->id == 0) {
			tw_job_cancel(job);
		} else if (!job->ended) {
			release(job);
			job->kind = (struct tw_job_kind){ .tick = NULL };
			tw_job_end(job, TROWEL_SYSTEM_ERROR);
		}
	}
}

/* Its children, and what it holds itself. */
static void release(struct tw_job *job)
{
	cancel_children(job);
	if (job->kind.release != NULL)
		job->kind.release(job);
}

/* The octets of EDNS options are the caller's; these are the job's. */
static bool keep_options(struct tw_job *job)
{
	size_t length = job->ask.options_length;

	if (length == 0)
		return true;
	job->options = malloc(length);
	if (job->options == NULL)
		return false;
	memcpy(job->options, job->ask.options, length);
	job->ask.options = job->options;
	return true;
}

/* What ticks may end itself and its children, but does not take anything else
 * out of a ring: those above are told later. */
static void tick_all(struct trowel *t, struct tw_links *ring, uint64_t now_us)
{
	struct tw_links *next;

	for (struct tw_links *at = ring->next; at != ring; at = next) {
		struct tw_job *job = TW_OWNER(at, struct tw_job, siblings);

		tick_all(t, &job->children, now_us);
		next = at->next;
		if (job->until_us > now_us) {
			tw_job_wait(job, job->until_us);
			continue;
		}
		job->until_us = TW_NEVER;
		if (job->kind.tick != NULL)
			job->kind.tick(job, now_us);
	}
}

static void cancel_children(struct tw_job *job)
{
	while (!tw_links_is_alone(&job->children))
		tw_job_cancel(
			TW_OWNER(job->children.next, struct tw_job, siblings));
}

static void give_up_result(struct tw_job *job)
{
	trowel_answer_free(job->answer);
	trowel_list_free(job->list);
	job->answer = NULL;
	job->list = NULL;
}
