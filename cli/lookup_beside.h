/* SPDX-License-Identifier: MIT */
/* Lookups that go on at the same time: of several types, at several servers. */
#ifndef TW_LOOKUP_BESIDE_H
#define TW_LOOKUP_BESIDE_H

#include "cli/job.h"
#include "cli/output.h"

/* `count` lookups that differ in their types alone; `first` is the job of the
 * first. Each is shown when those before it have been. Returns the worst of
 * their exit statuses. */
int tw_look_up_beside(struct tw_output *output, struct tw_job *first,
	const struct tw_lookup *lookups, size_t count);

/* One lookup at each of its servers: a line for each, and where they differ. In
 * other forms than dig's, all replies. Returns the exit status: TW_EXIT_DIFFERENT
 * if they do. */
int tw_look_up_servers(struct tw_output *output, struct tw_job *job);

#endif
