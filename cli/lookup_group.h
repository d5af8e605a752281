/* SPDX-License-Identifier: MIT */
/* A lookup whose question goes to everybody on a link. */
#ifndef TW_LOOKUP_GROUP_H
#define TW_LOOKUP_GROUP_H

#include "cli/job.h"
#include "cli/output.h"

/* Shows all replies of +gather, each as it comes; for @mdns without it, the
 * first. Returns the exit status. */
int tw_look_up_group(struct tw_output *output, struct tw_job *job);

#endif
