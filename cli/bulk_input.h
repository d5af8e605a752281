/* SPDX-License-Identifier: MIT */
/* Lines in: "NAME [TYPE]", as many as there are, in constant memory. */
#ifndef TW_BULK_INPUT_H
#define TW_BULK_INPUT_H

#include <trowel/wire.h>

#define TW_BULK_INPUT_SIZE 65536
#define TW_BULK_INPUT_BEHIND 8 /* read and not looked at */

enum tw_bulk_line {
	TW_BULK_NONE, /* no whole line is there */
	TW_BULK_NAME, /* a question */
	TW_BULK_BAD /* a line that is none; `fault` says why */
};

struct tw_bulk_input {
	int fd;
	bool is_file; /* its size is known, and it never keeps one waiting */
	bool has_ended; /* there is nothing more to read */
	bool wants_more; /* no whole line is left */
	bool is_too_long; /* what is read is the rest of such a line */
	uint32_t start; /* of what is left in `octets` */
	uint32_t end;
	uint64_t line; /* number of the newest one, from 1 */
	uint64_t taken; /* octets of the lines so far */
	uint64_t size; /* of a file */
	uint16_t type; /* where a line has none */
	bool is_plain; /* the newest name is printable, and without escapes */
	const char *fault;
	const char *text; /* of the newest line, `length` characters: if bad */
	uint32_t length;
	char octets[TW_BULK_INPUT_SIZE + TW_BULK_INPUT_BEHIND];
};

/* Reads from a descriptor. Returns 0 or the errno. */
int tw_bulk_input_open(struct tw_bulk_input *input, int fd, uint16_t type);

/* Reads once what there is, which may wait. Returns 0 or the errno. */
int tw_bulk_input_read(struct tw_bulk_input *input);

/* Reads the next line that is not empty and no comment. TW_BULK_NONE: has_ended
 * tells whether there will be one. */
enum tw_bulk_line tw_bulk_input_next(
	struct tw_bulk_input *input, struct trowel_name *name, uint16_t *type);

#endif
