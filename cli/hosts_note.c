/* SPDX-License-Identifier: MIT */
#include "cli/hosts_note.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/option.h"

#define BLOCK 4096 /* no line is longer */
#define BLOCKS_MAX 64
#define SPACE " \t\r"

/* A line: an address, then names. */
static bool has_name(char *line, const char *wanted)
{
	char *word = line + strspn(line, SPACE);
	size_t length;

	line[strcspn(line, "#")] = '\0';
	word += strcspn(word, SPACE);
	while (*(word += strspn(word, SPACE))) {
		length = strcspn(word, SPACE);
		if (strlen(wanted) == length &&
			strncasecmp(word, wanted, length) == 0)
			return true;
		word += length;
	}
	return false;
}

static bool find_in_line(
	char *line, const char *wanted, char *address, size_t size)
{
	char *start = line + strspn(line, SPACE);
	size_t length;

	if (!has_name(line, wanted))
		return false;
	length = strcspn(start, SPACE);
	if (length >= size)
		return false;
	memcpy(address, start, length);
	address[length] = '\0';
	return true;
}

/* Or another that differs from it as the cases do. */
static bool has_letter(const char *text, char letter)
{
	return ((*text ^ letter) & ~0x20) == 0;
}

/* Most files do not have it anywhere. */
static bool mentions(const char *text, const char *wanted)
{
	size_t length = strlen(wanted);

	while (*text &&
		(!has_letter(text, *wanted) ||
			!tw_is_alike(text, wanted, length)))
		text++;
	return *text != '\0';
}

static bool find_in_file(int fd, const char *wanted, char *address, size_t size)
{
	char block[BLOCK + 1], *line, *end;
	bool is_end = false;
	size_t kept = 0;
	ssize_t got;
	unsigned i;

	for (i = 0; i < BLOCKS_MAX && !is_end; i++) {
		got = read(fd, block + kept, BLOCK - kept);
		if (got <= 0)
			break;
		is_end = (size_t)got < BLOCK - kept;
		kept += (size_t)got;
		block[kept] = '\0';
		if (is_end && !mentions(block, wanted))
			return false;
		for (line = block; (end = strchr(line, '\n')) != NULL;
			line = end + 1) {
			*end = '\0';
			if (find_in_line(line, wanted, address, size))
				return true;
		}
		kept = strlen(line);
		memmove(block, line, kept);
		if (kept == BLOCK)
			return false;
	}
	block[kept] = '\0';
	return find_in_line(block, wanted, address, size);
}

bool tw_hosts_note_find(
	const struct trowel_name *name, char *address, size_t size)
{
	char wanted[TROWEL_NAME_TEXT_SIZE];
	size_t length = trowel_name_format(name, wanted);
	int fd = open("/etc/hosts", O_RDONLY); /* no exec() comes */
	bool is_there;

	if (fd < 0)
		return false;
	wanted[length - 1] = '\0'; /* its final dot */
	is_there = find_in_file(fd, wanted, address, size);
	close(fd);
	return is_there;
}
