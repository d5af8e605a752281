/* SPDX-License-Identifier: MIT */
/* A file in whole. */
#ifndef TW_FILE_H
#define TW_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Reads the file, or standard input if the path is NULL: `size` octets of it at
 * most. Returns 0 or the errno. */
int tw_file_load(
	const char *path, uint8_t *octets, size_t size, size_t *length);

#endif
