/* SPDX-License-Identifier: MIT */
#include "cli/rcfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"

#define SPACE " \t\r\n"

static char **split(struct tw_batch *batch);

int tw_batch_open(struct tw_batch *batch, const char *name, bool is_dig)
{
	memset(batch, 0, offsetof(struct tw_batch, octets));
	batch->is_dig = is_dig;
	batch->fd = strcmp(name, "-") == 0 ? STDIN_FILENO
					   : open(name, O_RDONLY | O_CLOEXEC);
	if (batch->fd >= 0)
		return 0;
	tw_complain("cannot read %s: %s", name, strerror(errno));
	return TW_EXIT_FILE;
}

int tw_batch_close(struct tw_batch *batch)
{
	free(batch->words);
	free(batch->line);
	if (batch->fd > STDIN_FILENO)
		close(batch->fd);
	return batch->exit;
}

static bool fail(struct tw_batch *batch, const char *reason, int exit)
{
	tw_complain("%s", reason);
	batch->exit = exit;
	batch->is_ended = true;
	return false;
}

/* False at the end, or at an error. */
static bool fill(struct tw_batch *batch)
{
	ssize_t got;

	if (batch->at < batch->length)
		return true;
	if (batch->is_ended)
		return false;
	do
		got = read(batch->fd, batch->octets, sizeof(batch->octets));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(batch, strerror(errno), TW_EXIT_FILE);
	batch->is_ended = got == 0;
	batch->at = 0;
	batch->length = (size_t)got;
	return got > 0;
}

/* Makes room for `needed` octets of a line. */
static bool reserve(struct tw_batch *batch, size_t needed)
{
	size_t size = batch->line_size;
	char *line;

	if (needed <= size)
		return true;
	while (size < needed)
		size = size ? size * 2 : 256;
	line = realloc(batch->line, size);
	if (!line)
		return fail(batch, trowel_status_text(TROWEL_NO_MEMORY),
			TW_EXIT_INTERNAL);
	batch->line = line;
	batch->line_size = size;
	return true;
}

/* The next line, without its end, with a NUL. False behind the last. */
static bool read_line(struct tw_batch *batch)
{
	size_t length = 0, count;
	const char *start, *end = NULL;

	if (!fill(batch))
		return false;
	while (!end && fill(batch)) {
		start = batch->octets + batch->at;
		count = batch->length - batch->at;
		end = memchr(start, '\n', count);
		if (end)
			count = (size_t)(end - start);
		if (!reserve(batch, length + count + 1))
			return false;
		memcpy(batch->line + length, start, count);
		length += count;
		batch->at += count + (end ? 1 : 0);
	}
	if (batch->exit)
		return false;
	batch->line[length] = '\0';
	return true;
}

/* dig looks up what stands in a comment. */
static bool is_empty(const struct tw_batch *batch)
{
	const char *text = batch->line + strspn(batch->line, SPACE);

	return !batch->is_dig &&
		(*text == '\0' || *text == '#' || *text == ';');
}

char **tw_batch_next(struct tw_batch *batch)
{
	do
		if (!read_line(batch))
			return NULL;
	while (is_empty(batch));
	return split(batch);
}

/* Cuts the line at its spaces. */
static char **split(struct tw_batch *batch)
{
	size_t count = 0, size;
	char *at = batch->line, **words;

	for (;;) {
		if (count == batch->size) {
			size = count ? count * 2 : 16;
			words = realloc(batch->words, size * sizeof(*words));
			if (!words)
				break;
			batch->words = words;
			batch->size = size;
		}
		at += strspn(at, SPACE);
		batch->words[count] = *at ? at : NULL;
		if (!*at)
			return batch->words;
		count++;
		at += strcspn(at, SPACE);
		if (*at)
			*at++ = '\0';
	}
	fail(batch, trowel_status_text(TROWEL_NO_MEMORY), TW_EXIT_INTERNAL);
	return NULL;
}

/* Options refer to their words: each line keeps its octets, in a list. */
static bool keep_line(struct tw_command *command, struct tw_batch *batch)
{
	struct tw_line *line = malloc(sizeof(*line));

	if (!line)
		return fail(batch, trowel_status_text(TROWEL_NO_MEMORY),
			TW_EXIT_INTERNAL);
	line->text = batch->line;
	line->next = command->config;
	command->config = line;
	batch->line = NULL;
	batch->line_size = 0;
	return true;
}

/* On the heap, as most have no such file, and stack costs pages. */
static int read_config(struct tw_command *command, const char *name)
{
	struct tw_batch *batch = malloc(sizeof(*batch));
	char **words;
	int exit = 0;

	if (!batch || tw_batch_open(batch, name, false)) {
		free(batch);
		return 0;
	}
	command->is_config = true;
	while (!exit && (words = tw_batch_next(batch)) != NULL &&
		keep_line(command, batch))
		exit = tw_command_parse_line(command, words);
	command->is_config = false;
	if (!exit)
		exit = batch->exit;
	tw_batch_close(batch);
	free(batch);
	return exit;
}

int tw_rcfile_read(struct tw_command *command)
{
	static const char file[] = "/.digrc";
	const char *home = getenv("HOME");
	char name[4096];
	size_t length = home ? strlen(home) : sizeof(name);

	if (length > sizeof(name) - sizeof(file))
		return 0;
	memcpy(name, home, length);
	memcpy(name + length, file, sizeof(file));
	return access(name, R_OK) < 0 ? 0 : read_config(command, name);
}
