/* SPDX-License-Identifier: MIT */
/*
 * What is done, in a file: a rerun passes over it. All lines up to a number have
 * been looked at; of those, some were still on their way. And how long the
 * outputs were then: what was written after that will be written again, and so
 * is cut off.
 */
#ifndef TW_BULK_CHECKPOINT_H
#define TW_BULK_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tw_checkpoint {
	bool is_there; /* a run before has left it */
	uint64_t lines; /* looked at */
	uint64_t output; /* octets of the results; 0 where that is no file */
	uint64_t failed; /* likewise of the failures */
	size_t count;
	uint64_t *pending; /* numbers of lines up to `lines`, in their order */
	size_t next; /* the first of them that is still to come */
};

/* Reads a checkpoint; a file that is not there is one of which nothing is done.
 * Returns 0 or the errno; EINVAL: it is no such file. */
int tw_checkpoint_read(struct tw_checkpoint *checkpoint, const char *path);

/* Puts a checkpoint in the place of the one before. Returns 0 or the errno. */
int tw_checkpoint_write(
	const struct tw_checkpoint *checkpoint, const char *path);

void tw_checkpoint_release(struct tw_checkpoint *checkpoint);

/* Whether a line is done; lines are asked about in their order. */
bool tw_checkpoint_is_done(struct tw_checkpoint *checkpoint, uint64_t line);

#endif
