/* SPDX-License-Identifier: MIT */
#include "resolver/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAST_SIZE 4096 /* some files under /proc say that they are empty */

static int open_file(const char *path, struct stat *about);
static enum trowel_status read_file(
	int fd, size_t size, char **text, size_t *length);
static uint64_t mix(uint64_t state, uint64_t part);

enum trowel_status tw_file_read(
	const char *path, size_t most, char **text, size_t *length)
{
	struct stat about;
	size_t size = LEAST_SIZE;
	int fd = open_file(path, &about);
	enum trowel_status status;
	int error;

	*text = NULL;
	*length = 0;
	if (fd < 0)
		return errno == ENOENT ? TROWEL_OK : TROWEL_CANNOT_READ;
	if ((uint64_t)about.st_size >= most)
		size = most;
	else if (about.st_size >= LEAST_SIZE)
		size = (size_t)about.st_size + 1;
	status = read_file(fd, size, text, length);
	error = errno;
	close(fd);
	errno = error;
	return status;
}

uint64_t tw_file_state(const char *path)
{
	struct stat about;
	uint64_t state = 1;

	if (stat(path, &about) != 0)
		return state;
	state = mix(state, (uint64_t)about.st_ino);
	state = mix(state, (uint64_t)about.st_size);
	state = mix(state, (uint64_t)about.st_mtim.tv_sec);
	state = mix(state, (uint64_t)about.st_mtim.tv_nsec);
	return mix(state, (uint64_t)about.st_ctim.tv_nsec);
}

/* Without waiting for the writer of a FIFO; and nothing but a regular file is
 * read, as a device has no end. Returns -1 with errno set at an error. */
static int open_file(const char *path, struct stat *about)
{
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, about) != 0)
		error = errno;
	else if (!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode))
		error = EINVAL; /* read() says what a directory is */
	if (error == 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

/* Where there is more than `size` octets, half of a line is left over: that
 * could name another server. */
static enum trowel_status read_file(
	int fd, size_t size, char **text, size_t *length)
{
	char *octets = malloc(size);
	ssize_t got = 1;

	if (octets == NULL)
		return TROWEL_NO_MEMORY;
	while (*length < size && got != 0) {
		got = read(fd, octets + *length, size - *length);
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0)
			*length += (size_t)got;
	}
	if (got < 0) {
		free(octets);
		*length = 0;
		return TROWEL_CANNOT_READ;
	}
	while (got != 0 && *length > 0 && octets[*length - 1] != '\n')
		--*length;
	*text = octets;
	return TROWEL_OK;
}

/* As FNV-1a does, with 64 bits at a time; odd, so that it is never 0. */
static uint64_t mix(uint64_t state, uint64_t part)
{
	return ((state ^ part) * 0x100000001B3) | 1;
}
