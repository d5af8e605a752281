/* SPDX-License-Identifier: MIT */
/* Lines out: to standard output, and those of failures to a file of theirs. */
#ifndef TW_BULK_OUTPUT_H
#define TW_BULK_OUTPUT_H

#include "cli/output.h"

struct tw_bulk_stream {
	int fd; /* -1: there is none */
	int error; /* errno; nothing is written after that */
	bool is_file; /* what was written by halves can be cut off */
	const char *name;
	struct tw_output text; /* whole lines that are not written yet */
};

struct tw_bulk_output {
	struct tw_bulk_stream results;
	struct tw_bulk_stream failures;
	uint64_t next; /* with --ordered: whose turn it is */
	uint32_t *waiting; /* likewise: lookups by their order; NULL: not so */
	uint16_t type; /* whose text this is */
	size_t type_length;
	char type_text[48];
	uint8_t number_lengths[256]; /* texts of octets in an address, */
	char numbers[256][4]; /* with a dot behind each */
};

/* Takes a descriptor, -1: none. */
void tw_bulk_stream_init(
	struct tw_bulk_stream *stream, int fd, const char *name);

/* Writes what there is. A line that could not be written as a whole is cut off
 * again where that can be done. False: stream->error. */
bool tw_bulk_stream_flush(struct tw_bulk_stream *stream);

/* Where its end is, in octets; 0 where it is no file. */
uint64_t tw_bulk_stream_offset(const struct tw_bulk_stream *stream);

#endif
