/* SPDX-License-Identifier: MIT */
#include "cli/bulk_output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void cut_back(
	const struct tw_bulk_stream *stream, const char *text, size_t done);

void tw_bulk_stream_init(
	struct tw_bulk_stream *stream, int fd, const char *name)
{
	struct stat stat;

	stream->fd = fd;
	stream->error = 0;
	stream->name = name;
	stream->is_file =
		fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode);
	tw_output_init(&stream->text);
}

bool tw_bulk_stream_flush(struct tw_bulk_stream *stream)
{
	struct tw_output *text = &stream->text;
	size_t done = 0;

	if (text->failed)
		stream->error = ENOMEM;
	while (done < text->length && !stream->error) {
		ssize_t written = write(
			stream->fd, text->octets + done, text->length - done);

		if (written > 0)
			done += (size_t)written;
		else if (written < 0 && errno != EINTR)
			stream->error = errno;
	}
	if (stream->error && done > 0 && stream->is_file)
		cut_back(stream, text->octets, done);
	text->length = 0;
	return stream->error == 0;
}

/* Half a line is worse than none. Where the offset is that of others as well, or
 * cannot be told, all stays as it is. */
static void cut_back(
	const struct tw_bulk_stream *stream, const char *text, size_t done)
{
	off_t end = lseek(stream->fd, 0, SEEK_END);
	size_t excess = 0;

	while (excess < done && text[done - excess - 1] != '\n')
		excess++;
	if (end >= (off_t)excess && excess > 0 &&
		ftruncate(stream->fd, end - (off_t)excess) == 0)
		(void)lseek(stream->fd, end - (off_t)excess, SEEK_SET);
}

uint64_t tw_bulk_stream_offset(const struct tw_bulk_stream *stream)
{
	off_t end = stream->is_file ? lseek(stream->fd, 0, SEEK_END) : 0;

	return end > 0 ? (uint64_t)end : 0;
}
