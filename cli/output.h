/* SPDX-License-Identifier: MIT */
/* Output that is collected, to be written in one go. */
#ifndef TW_OUTPUT_H
#define TW_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tw_output {
	char *octets;
	size_t length;
	size_t size;
	size_t column; /* of the line, with TABs as dig counts them */
	bool failed; /* memory ran out: what came after is missing */
	char start[2048]; /* enough for most; then the heap */
};

void tw_output_init(struct tw_output *output);
void tw_output_release(struct tw_output *output);

void tw_output_add(struct tw_output *output, const char *string);
void tw_output_add_octets(
	struct tw_output *output, const char *octets, size_t length);
void tw_output_add_number(struct tw_output *output, uint32_t number);

/* Two digits, in lower case. */
void tw_output_add_hex(struct tw_output *output, uint8_t octet);

void tw_output_end_line(struct tw_output *output);

/* Fills the line with TABs and spaces up to a column, with one at least. */
void tw_output_indent(struct tw_output *output, size_t column);

/* Makes room for `extra` more octets. False when there is no memory, now or
 * before. */
bool tw_output_reserve(struct tw_output *output, size_t extra);

/* Writes to a descriptor and empties the text. Returns 0 or the errno;
 * ENOMEM where the text was not whole. */
int tw_output_write(struct tw_output *output, int fd);

#endif
