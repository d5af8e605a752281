/* SPDX-License-Identifier: MIT */
#include "resolver/random.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif

static ssize_t read_kernel(uint8_t *octets, size_t length);
static enum trowel_status fill_from_file(uint8_t *octets, size_t length);

enum trowel_status tw_random_fill(uint8_t *octets, size_t length)
{
	size_t filled = 0;

	while (filled < length) {
		ssize_t got = read_kernel(octets + filled, length - filled);

		if (got > 0)
			filled += (size_t)got;
		else if (got == 0 || errno == ENOSYS)
			/* no such call in this kernel, or in this build */
			return fill_from_file(octets, length);
		else if (errno != EINTR)
			return TROWEL_NO_RANDOM;
	}
	return TROWEL_OK;
}

/* As getrandom(), or 0 where the system has no such thing. */
static ssize_t read_kernel(uint8_t *octets, size_t length)
{
#ifdef HAVE_GETRANDOM
	return getrandom(octets, length, 0);
#else
	(void)octets;
	(void)length;
	return 0;
#endif
}

/* The file is opened anew each time: a descriptor kept would be a global, and
 * one that others can close or replace (T48). */
static enum trowel_status fill_from_file(uint8_t *octets, size_t length)
{
	size_t filled = 0;
	int fd;

	do
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return TROWEL_NO_RANDOM;
	while (filled < length) {
		ssize_t got = read(fd, octets + filled, length - filled);

		if (got > 0)
			filled += (size_t)got;
		else if (got == 0 || errno != EINTR)
			break;
	}
	close(fd);
	return filled == length ? TROWEL_OK : TROWEL_NO_RANDOM;
}
