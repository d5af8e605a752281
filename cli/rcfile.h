/* SPDX-License-Identifier: MIT */
/* Lines of words: ~/.digrc and the files of -f. */
#ifndef TW_RCFILE_H
#define TW_RCFILE_H

#include "cli/options.h"

/* Reads ~/.digrc, whose lines are options for all lookups. Returns 0, also
 * where there is none, or says what is wrong and returns the exit status. */
__attribute__((noinline)) int tw_rcfile_read(struct tw_command *command);

/* A file whose lines are command lines. */
struct tw_batch {
	int fd;
	size_t at;
	size_t length;
	bool is_dig; /* lines without a word count, and "#" is a name */
	bool is_ended;
	int exit; /* the exit status of an error */
	char **words; /* of the line */
	size_t size;
	char *line;
	size_t line_size;
	char octets[4096];
};

/* "-" is standard input. As above. */
int tw_batch_open(struct tw_batch *batch, const char *name, bool is_dig);

/* The words of the next line, up to a NULL, good until the line after it. NULL
 * at the end and at an error, which is said. */
char **tw_batch_next(struct tw_batch *batch);

/* Returns the exit status: of an error, or 0. */
int tw_batch_close(struct tw_batch *batch);

#endif
