/* SPDX-License-Identifier: MIT */
/* Bulk mode's outputs, and the checkpoint that says how much of them is good. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"

static int go_back(const struct tw_bulk_stream *stream, uint64_t offset);
static int refuse_output(const struct tw_bulk_stream *stream, int error);

static int refuse(const char *verb, const char *name, int error)
{
	tw_complain("cannot %s %.300s: %s", verb, name, strerror(error));
	return TW_EXIT_FILE;
}

int tw_bulk_open_outputs(struct tw_bulk *bulk)
{
	const struct tw_bulk_options *options = bulk->options;
	struct tw_bulk_output *output = &bulk->output;
	int fd = -1, exit = 0, error;

	if (options->checkpoint) {
		error = tw_checkpoint_read(
			&bulk->checkpoint, options->checkpoint);
		if (error)
			return refuse("read", options->checkpoint, error);
	}
	if (options->failed) {
		fd = open(options->failed,
			O_WRONLY | O_CREAT | O_CLOEXEC |
				(bulk->checkpoint.is_there ? 0 : O_TRUNC),
			0666);
		if (fd < 0)
			return refuse("write", options->failed, errno);
	}
	tw_bulk_stream_init(&output->failures, fd, options->failed);
	tw_bulk_stream_init(&output->results, STDOUT_FILENO, "standard output");
	if (bulk->checkpoint.is_there) {
		exit = go_back(&output->results, bulk->checkpoint.output);
		if (!exit && options->failed)
			exit = go_back(
				&output->failures, bulk->checkpoint.failed);
	}
	return exit;
}

/* What was written after the checkpoint will be written again. */
static int go_back(const struct tw_bulk_stream *stream, uint64_t offset)
{
	struct stat stat;

	if (!stream->is_file)
		return 0;
	if (fstat(stream->fd, &stat) < 0)
		return refuse("write", stream->name, errno);
	if ((uint64_t)stat.st_size < offset) {
		tw_complain("%.300s is shorter than the checkpoint says: "
			    "append to it (>>), or remove the checkpoint",
			stream->name);
		return TW_EXIT_FILE;
	}
	if (ftruncate(stream->fd, (off_t)offset) < 0 ||
		lseek(stream->fd, 0, SEEK_END) < 0)
		return refuse("write", stream->name, errno);
	return 0;
}

int tw_bulk_write(struct tw_bulk *bulk)
{
	struct tw_bulk_stream *results = &bulk->output.results;
	struct tw_bulk_stream *failures = &bulk->output.failures;

	bulk->written_us = bulk->now_us;
	tw_bulk_stream_flush(results);
	tw_bulk_stream_flush(failures);
	if (!results->error && !failures->error)
		return 0;
	tw_bulk_hide_progress(bulk);
	return refuse_output(results->error ? results : failures,
		results->error ? results->error : failures->error);
}

static int refuse_output(const struct tw_bulk_stream *stream, int error)
{
	return stream->fd == STDOUT_FILENO
		? tw_complain_of_output(error)
		: refuse("write", stream->name, error);
}

/* Lines on their way, and those of the run before that have not come yet. */
static bool list_pending(
	const struct tw_bulk *bulk, struct tw_checkpoint *checkpoint)
{
	const struct tw_checkpoint *before = &bulk->checkpoint;
	size_t i, room = bulk->pool.used + before->count;

	checkpoint->pending = malloc((room + 1) * sizeof(uint64_t));
	if (!checkpoint->pending)
		return false;
	for (i = 0; i < bulk->pool.fresh; i++)
		if (bulk->pool.lookups[i].is_used)
			checkpoint->pending[checkpoint->count++] =
				bulk->pool.lookups[i].line;
	for (i = before->next; i < before->count; i++)
		if (before->pending[i] > bulk->input.line)
			checkpoint->pending[checkpoint->count++] =
				before->pending[i];
	return true;
}

int tw_bulk_save(struct tw_bulk *bulk)
{
	const char *path = bulk->options->checkpoint;
	struct tw_checkpoint now = { .lines = bulk->input.line };
	int exit = tw_bulk_write(bulk), error;

	if (exit || !path)
		return exit;
	bulk->saved_us = bulk->now_us;
	if (now.lines < bulk->checkpoint.lines)
		now.lines = bulk->checkpoint.lines;
	now.output = tw_bulk_stream_offset(&bulk->output.results);
	now.failed = tw_bulk_stream_offset(&bulk->output.failures);
	error = list_pending(bulk, &now) ? tw_checkpoint_write(&now, path)
					 : ENOMEM;
	tw_checkpoint_release(&now);
	return error ? refuse("write", path, error) : 0;
}
