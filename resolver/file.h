/* SPDX-License-Identifier: MIT */
/* Configuration files, whole in memory. */
#ifndef TW_FILE_H
#define TW_FILE_H

#include <trowel/wire.h>

/* Reads a regular file: its start where it is longer than `most` octets, and
 * then whole lines alone. *text is to be released with free(). One that is
 * missing is an empty one; *text is NULL then.
 * Errors: TROWEL_CANNOT_READ with errno set (EISDIR, EINVAL: no regular file),
 * TROWEL_NO_MEMORY; *text is NULL then. */
enum trowel_status tw_file_read(
	const char *path, size_t most, char **text, size_t *length);

/* A number that is another one as soon as the file is: out of its inode, size
 * and times. Never 0. */
uint64_t tw_file_state(const char *path);

#endif
