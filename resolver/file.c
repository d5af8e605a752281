/* SPDX-License-Identifier: MIT */
#include "resolver/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAST_SIZE 4096 /* some files under /proc say that they are empty */

static enum trowel_status read_file(
	int fd, size_t most, char **text, size_t *length);
static bool find_size(int fd, size_t most, size_t *size);
static uint64_t mix(uint64_t state, uint64_t part);

/* Without waiting for the writer of a FIFO. */
enum trowel_status tw_file_read(
	const char *path, size_t most, char **text, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum trowel_status status;
	int error;

	*text = NULL;
	*length = 0;
	if (fd < 0)
		return errno == ENOENT ? TROWEL_OK : TROWEL_CANNOT_READ;
	status = read_file(fd, most, text, length);
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

/* Where there is more than `most` octets, half of a line is left over: that
 * could name another server. */
static enum trowel_status read_file(
	int fd, size_t most, char **text, size_t *length)
{
	size_t size;
	char *octets;
	ssize_t got = 1;

	if (!find_size(fd, most, &size))
		return TROWEL_CANNOT_READ;
	octets = malloc(size);
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

/* Nothing but a regular file is read, as a device has no end. False with errno
 * set. */
static bool find_size(int fd, size_t most, size_t *size)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return false;
	if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
		errno = EINVAL; /* read() says what a directory is */
		return false;
	}
	*size = LEAST_SIZE;
	if ((uint64_t)about.st_size >= most)
		*size = most;
	else if (about.st_size >= LEAST_SIZE)
		*size = (size_t)about.st_size + 1;
	return true;
}

/* As FNV-1a does, with 64 bits at a time; odd, so that it is never 0. */
static uint64_t mix(uint64_t state, uint64_t part)
{
	return ((state ^ part) * 0x100000001B3) | 1;
}
