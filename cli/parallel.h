/* SPDX-License-Identifier: MIT */
/* Several questions at once, whose ends come in order. */
#ifndef TW_PARALLEL_H
#define TW_PARALLEL_H

#include "cli/job.h"

/* A question; the caller gives the job, and the rest zero. */
struct tw_asked {
	struct tw_job *job;
	bool is_done;
	enum trowel_status status;
	struct trowel_answer *answer;
};

struct tw_parallel {
	struct trowel *trowel;
	struct tw_asked *rows;
	size_t count;
	size_t next; /* to be given out */
};

/* Asks all of them, of the first one's servers. */
void tw_parallel_open(
	struct tw_parallel *parallel, struct tw_asked *rows, size_t count);

/* The next row, when it has ended; NULL after the last. */
struct tw_asked *tw_parallel_next(struct tw_parallel *parallel);

/* Gives up what is not done, and the answers. */
void tw_parallel_close(struct tw_parallel *parallel);

#endif
