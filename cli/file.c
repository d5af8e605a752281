/* SPDX-License-Identifier: MIT */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int tw_file_load(const char *path, uint8_t *octets, size_t size, size_t *length)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	int error;
	ssize_t got;

	*length = 0;
	if (fd < 0)
		return errno;
	do {
		got = read(fd, octets + *length, size - *length);
		if (got > 0)
			*length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	error = got < 0 ? errno : 0;
	if (path)
		close(fd);
	return error;
}
