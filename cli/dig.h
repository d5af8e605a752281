/* SPDX-License-Identifier: MIT */
/*
 * --dig, and queries that are signed: a lookup in dig's own way, which scripts may count on. Each try is
 * sent from a socket of its own with the id of the first; the first server gets
 * all tries, each further one a single try; there is no way round servers that
 * do not know EDNS. With --dig, what goes wrong is told on standard
 * output.
 */
#ifndef TW_DIG_H
#define TW_DIG_H

#include "cli/job.h"
#include "cli/output.h"

/* Asks, and adds what there is to show. Returns the exit status. */
int tw_dig_look_up(struct tw_output *output, struct tw_job *job);

#endif
