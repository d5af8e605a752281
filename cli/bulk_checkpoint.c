/* SPDX-License-Identifier: MIT */
#include "cli/bulk_checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "trowel checkpoint "
#define HEAD_NUMBERS 4
#define PENDING_MOST 1000000 /* far more than can be on their way */

static int read_pending(struct tw_checkpoint *checkpoint, FILE *file);
static int compare(const void *a, const void *b);

int tw_checkpoint_read(struct tw_checkpoint *checkpoint, const char *path)
{
	FILE *file = fopen(path, "r");
	int error = EINVAL;

	memset(checkpoint, 0, sizeof(*checkpoint));
	if (!file)
		return errno == ENOENT ? 0 : errno;
	if (fscanf(file, HEAD "%" SCNu64 "%" SCNu64 "%" SCNu64 "%zu",
		    &checkpoint->lines, &checkpoint->output,
		    &checkpoint->failed, &checkpoint->count) == HEAD_NUMBERS &&
		checkpoint->count <= PENDING_MOST)
		error = read_pending(checkpoint, file);
	checkpoint->is_there = error == 0;
	fclose(file);
	return error;
}

static int read_pending(struct tw_checkpoint *checkpoint, FILE *file)
{
	uint64_t *line;

	checkpoint->pending = calloc(checkpoint->count + 1, sizeof(uint64_t));
	if (!checkpoint->pending)
		return ENOMEM;
	for (size_t i = 0; i < checkpoint->count; i++) {
		line = &checkpoint->pending[i];
		if (fscanf(file, "%" SCNu64, line) != 1)
			return EINVAL;
	}
	qsort(checkpoint->pending, checkpoint->count, sizeof(uint64_t),
		compare);
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

/* A file beside it that takes its place as a whole. */
int tw_checkpoint_write(
	const struct tw_checkpoint *checkpoint, const char *path)
{
	char beside[4096];
	FILE *file;
	bool is_written;

	if (snprintf(beside, sizeof(beside), "%s.new", path) >=
		(int)sizeof(beside))
		return ENAMETOOLONG;
	file = fopen(beside, "w");
	if (!file)
		return errno;
	fprintf(file, HEAD "%" PRIu64 " %" PRIu64 " %" PRIu64 " %zu\n",
		checkpoint->lines, checkpoint->output, checkpoint->failed,
		checkpoint->count);
	for (size_t i = 0; i < checkpoint->count; i++)
		fprintf(file, "%" PRIu64 "\n", checkpoint->pending[i]);
	is_written = !ferror(file);
	if (fclose(file) != 0 || !is_written || rename(beside, path) != 0)
		return errno ? errno : EIO;
	return 0;
}

void tw_checkpoint_release(struct tw_checkpoint *checkpoint)
{
	free(checkpoint->pending);
	checkpoint->pending = NULL;
}

bool tw_checkpoint_is_done(struct tw_checkpoint *checkpoint, uint64_t line)
{
	if (line > checkpoint->lines)
		return false;
	while (checkpoint->next < checkpoint->count &&
		checkpoint->pending[checkpoint->next] < line)
		checkpoint->next++;
	return checkpoint->next == checkpoint->count ||
		checkpoint->pending[checkpoint->next] != line;
}
