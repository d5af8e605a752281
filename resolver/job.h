/* SPDX-License-Identifier: MIT */
/*
 * What a context has to do: a tree of jobs. Its leaves are lookups of one
 * question; a job above them starts its children and makes its result of
 * theirs. Nothing is called back while it works itself: what has ended waits
 * in a queue, until tw_jobs_deliver() tells its parent. A job without a parent
 * is a request of the caller's, and stays in the queue for trowel_next().
 */
#ifndef TW_JOB_H
#define TW_JOB_H

#include <trowel/resolver.h>

#include "resolver/links.h"

#define TW_NEVER UINT64_MAX

struct tw_job;

/* What a kind of job does. Each may be NULL, if there is nothing to do. */
struct tw_job_kind {
	/* A child has ended: child->status tells how, and its answer or list
	 * can be taken from it. It goes away after this call. */
	void (*child_ended)(struct tw_job *job, struct tw_job *child);
	/* job->until_us has come. It is TW_NEVER again. */
	void (*tick)(struct tw_job *job, uint64_t now_us);
	/* Gives up what it holds, but for what stands below, and children. */
	void (*release)(struct tw_job *job);
};

/* A member of each kind's own struct: behind what that uses most, as the first
 * 128 octets take the shortest instructions. */
struct tw_job {
	struct trowel *t;
	struct trowel_list *list; /* the result: what is there when the job */
	struct trowel_answer *answer; /* goes away is freed with it */
	uint64_t until_us; /* when to tick; TW_NEVER */
	enum trowel_status status;
	bool ended;
	bool lingers; /* with `ended`: to stay until its last tick */
	uint16_t offset; /* of this in the kind's struct */
	uint32_t id; /* of the request that it is, or is a part of */
	void *user;
	struct tw_job *parent; /* NULL: a request of the caller's */
	struct tw_links siblings; /* in the parent's children, or t->jobs */
	struct tw_links children;
	struct tw_links queued; /* in t->ended, until it is handed out */
	struct tw_job_kind kind; /* set by who makes it */
	uint8_t *options; /* those of `ask`, if it has no parent */
	struct trowel_ask ask; /* its own, but for the octets of the options */
};

/* Makes a job, in `size` octets that have struct tw_job at `offset` and are 0
 * else. `ask` NULL: as its parent's, if it has one. NULL: no memory. */
struct tw_job *tw_job_new(struct trowel *t, struct tw_job *parent,
	const struct trowel_ask *ask, size_t size, size_t offset);

/* Wants a tick at a time. */
void tw_job_wait(struct tw_job *job, uint64_t until_us);

/* The job's result is there. Its children go away, and its parent is told, but
 * not during this call. Not again for the same job. */
void tw_job_end(struct tw_job *job, enum trowel_status status);

/* Makes a job go away, with its children; nobody is told. */
void tw_job_cancel(struct tw_job *job);

/* Starts jobs. *job is there with TROWEL_OK alone; it may have ended already,
 * but nobody is told during the call. Errors are those before anything is
 * sent. The last three are for a request's kind, name, service, type, flags;
 * its `ask` NULL is the parent's. */
enum trowel_status tw_lookup_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_ask *ask, const struct trowel_name *name,
	uint16_t type, struct tw_job **job);
enum trowel_status tw_addresses_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job);
enum trowel_status tw_reverse_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job);
enum trowel_status tw_services_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job);

/* For calls that wait: starts a request and sees it to its end, with an answer
 * or a list. NULL: there is none of that kind. */
enum trowel_status tw_request_run(struct trowel *t,
	const struct trowel_request *request, struct trowel_answer **answer,
	struct trowel_list **list);

const struct trowel_options *tw_options(const struct trowel *t);

/* Random octets out of the context's store. Errors: TROWEL_NO_RANDOM. */
enum trowel_status tw_random_take(
	struct trowel *t, uint8_t *octets, size_t length);

/* For resolver.c: ticks the jobs whose time has come, and sets t->due_us; tells
 * parents of what has ended; lets a job go whose result has been taken; ends all
 * requests with TROWEL_SYSTEM_ERROR. */
void tw_jobs_tick(struct trowel *t, uint64_t now_us);
void tw_jobs_deliver(struct trowel *t);
void tw_job_leave(struct tw_job *job);
void tw_jobs_fail(struct trowel *t);

#endif
