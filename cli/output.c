/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tw_output_init(struct tw_output *output)
{
	output->octets = output->start;
	output->length = 0;
	output->size = sizeof(output->start);
	output->column = 0;
	output->failed = false;
}

void tw_output_release(struct tw_output *output)
{
	if (output->octets != output->start)
		free(output->octets);
	tw_output_init(output);
}

/* Makes room. Doubling keeps all copying together linear. */
bool tw_output_reserve(struct tw_output *output, size_t extra)
{
	bool is_first = output->octets == output->start;
	size_t size = output->size;
	char *octets;

	if (extra <= output->size - output->length)
		return !output->failed;
	while (size - output->length < extra)
		size *= 2;
	octets = realloc(is_first ? NULL : output->octets, size);
	if (!octets) {
		output->failed = true;
		return false;
	}
	if (is_first)
		memcpy(octets, output->start, output->length);
	output->octets = octets;
	output->size = size;
	return !output->failed;
}

void tw_output_add_octets(
	struct tw_output *output, const char *octets, size_t length)
{
	if ((length > output->size - output->length || output->failed) &&
		!tw_output_reserve(output, length))
		return;
	memcpy(output->octets + output->length, octets, length);
	output->length += length;
	output->column += length;
	if (length > 0 && octets[length - 1] == '\n')
		output->column = 0;
}

void tw_output_add(struct tw_output *output, const char *string)
{
	tw_output_add_octets(output, string, strlen(string));
}

void tw_output_add_number(struct tw_output *output, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	tw_output_add_octets(output, digits + at, sizeof(digits) - at);
}

void tw_output_add_hex(struct tw_output *output, uint8_t octet)
{
	static const char digits[] = "0123456789abcdef";
	char pair[2];

	pair[0] = digits[octet / 16];
	pair[1] = digits[octet % 16];
	tw_output_add_octets(output, pair, 2);
}

void tw_output_end_line(struct tw_output *output)
{
	tw_output_add_octets(output, "\n", 1);
}

/* dig's way: TABs first, which it thinks of as wide as the way to the target,
 * not to the next stop; hence `at`, the column that it believes to be in. */
void tw_output_indent(struct tw_output *output, size_t column)
{
	size_t at = output->column;
	size_t tabs;

	if (column < at + 1)
		column = at + 1;
	tabs = column / 8 - at / 8;
	if (tabs > 0)
		at = column / 8 * 8;
	for (; tabs > 0; tabs--)
		tw_output_add_octets(output, "\t", 1);
	for (; at < column; at++)
		tw_output_add_octets(output, " ", 1);
	output->column = column;
}

int tw_output_write(struct tw_output *output, int fd)
{
	size_t done = 0;
	ssize_t written;
	int error = output->failed ? ENOMEM : 0;

	while (done < output->length) {
		written =
			write(fd, output->octets + done, output->length - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			error = errno;
			break;
		}
		done += (size_t)written;
	}
	tw_output_release(output);
	return error;
}
