/* SPDX-License-Identifier: MIT */
/*
 * A harness without an engine: runs it once for each file given, and for each
 * file of each directory given. A file "*.hex" is hex text with comment lines,
 * any other is the input itself. What does not hold ends in abort(); the last
 * name on stderr is then the input that did it.
 */
#include "tests/fuzz/fuzz.h"

#include <ctype.h>
#include <dirent.h>
#include <sys/stat.h>

static size_t replay_path(const char *path);

int main(int argc, char **argv)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++)
		count += replay_path(argv[i]);
	printf("%zu passed, 0 failed\n", count);
	return 0;
}

static _Noreturn void fail(const char *path)
{
	perror(path);
	exit(2);
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t room = 0;

	if (file == NULL)
		fail(path);
	*size = 0;
	do {
		room = 2 * room + 65536;
		data = realloc(data, room);
		if (data == NULL)
			fail(path);
		*size += fread(data + *size, 1, room - *size, file);
	} while (*size == room);
	if (ferror(file))
		fail(path);
	fclose(file);
	return data;
}

static uint8_t digit_of(uint8_t character)
{
	if (isdigit(character))
		return (uint8_t)(character - '0');
	return (uint8_t)(tolower(character) - 'a' + 10);
}

/* Hex text -> octets, in place. Returns their number. */
static size_t read_hex(const char *path, uint8_t *text, size_t size)
{
	size_t digits = 0;
	int is_comment = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '#' || text[i] == '\n')
			is_comment = text[i] == '#';
		if (is_comment || isspace(text[i]))
			continue;
		if (!isxdigit(text[i]))
			break;
		if (digits % 2 == 0)
			text[digits / 2] = 0;
		text[digits / 2] =
			(uint8_t)(text[digits / 2] * 16 + digit_of(text[i]));
		digits++;
	}
	if (digits == 0 || digits % 2 != 0) {
		fprintf(stderr, "%s: not hex\n", path);
		exit(2);
	}
	return digits / 2;
}

static void replay_file(const char *path)
{
	size_t length = strlen(path);
	size_t size;
	uint8_t *data = read_file(path, &size);

	fprintf(stderr, "%s\n", path);
	if (length > 4 && strcmp(path + length - 4, ".hex") == 0)
		size = read_hex(path, data, size);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static size_t replay_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	size_t count = 0;
	char name[4096];

	if (directory == NULL)
		fail(path);
	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		replay_file(name);
		count++;
	}
	closedir(directory);
	return count;
}

static size_t replay_path(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		fail(path);
	if (S_ISDIR(status.st_mode))
		return replay_directory(path);
	replay_file(path);
	return 1;
}
