/* SPDX-License-Identifier: MIT */
/* Options out of files. */
#include <trowel/resolver.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolver/conf.h"

#define FILE_MAX 1048576 /* octets of a configuration file that are read */

static enum trowel_status read_file(
	const char *path, char *text, size_t *length);
static int open_file(const char *path);

enum trowel_status trowel_options_load(
	struct trowel_options *options, const char *path)
{
	static const char local[] = "127.0.0.1";
	char *text = malloc(FILE_MAX);
	size_t length = 0;
	enum trowel_status status = TROWEL_NO_MEMORY;

	if (text != NULL)
		status = read_file(path != NULL ? path : "/etc/resolv.conf",
			text, &length);
	if (status == TROWEL_OK)
		tw_conf_parse(options, text, length);
	if (status == TROWEL_OK && options->server_count == 0)
		status = trowel_options_add_server(options, local);
	free(text);
	return status;
}

/* Reads the start of a file, whole lines alone: half of one could name another
 * server. A file that is missing is an empty one. */
static enum trowel_status read_file(
	const char *path, char *text, size_t *length)
{
	ssize_t got = 1;
	int fd = open_file(path);
	int error;

	if (fd < 0)
		return errno == ENOENT ? TROWEL_OK : TROWEL_CANNOT_READ;
	while (*length < FILE_MAX && got != 0) {
		got = read(fd, text + *length, FILE_MAX - *length);
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0)
			*length += (size_t)got;
	}
	error = errno;
	close(fd);
	errno = error;
	if (got < 0)
		return TROWEL_CANNOT_READ;
	while (got != 0 && *length > 0 && text[*length - 1] != '\n')
		--*length;
	return TROWEL_OK;
}

/* Without waiting for the writer of a FIFO; and nothing but a regular file is
 * read, as a device has no end. Returns -1 with errno set at an error. */
static int open_file(const char *path)
{
	struct stat about;
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, &about) != 0)
		error = errno;
	else if (!S_ISREG(about.st_mode))
		error = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
	if (error == 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}
