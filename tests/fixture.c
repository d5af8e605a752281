/* SPDX-License-Identifier: MIT */
#include "tests/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

#define DIRECTORY "fixtures/messages"

static _Noreturn void give_up(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void *allocate(size_t size)
{
	void *block = calloc(1, size);

	if (block == NULL)
		give_up("fixture", "out of memory");
	return block;
}

/*
 * Files
 */

static int is_hex_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 4 && strcmp(entry->d_name + length - 4, ".hex") == 0;
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text;
	long size;

	if (file == NULL)
		give_up(path, "cannot be opened");
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	if (size < 0)
		give_up(path, "cannot be read");
	text = allocate((size_t)size + 1);
	if (fread(text, 1, (size_t)size, file) != (size_t)size)
		give_up(path, "cannot be read");
	fclose(file);
	return text;
}

/* Moves the comment lines out of the text, and leaves the hex behind. */
static char *split_comments(char *text)
{
	char *comments = allocate(strlen(text) + 1);
	size_t kept = 0;
	size_t moved = 0;

	for (const char *line = text; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		size_t next = length + (line[length] == '\n' ? 1 : 0);

		if (line[0] == '#') {
			size_t start = length > 1 && line[1] == ' ' ? 2 : 1;

			memmove(comments + moved, line + start, length - start);
			moved += length - start;
			comments[moved] = '\n';
			moved++;
		} else {
			memmove(text + kept, line, next);
			kept += next;
		}
		line += next;
	}
	text[kept] = '\0';
	return comments;
}

static struct fixture load(const char *name)
{
	struct fixture fixture = { 0 };
	char relative[300];
	char *path;
	char *text;

	snprintf(relative, sizeof(relative), "%s/%s", DIRECTORY, name);
	path = check_source_path(relative);
	text = read_all(path);
	fixture.comments = split_comments(text);
	fixture.octets = octets_of_hex(text, &fixture.length);
	fixture.name = strdup(name);
	if (fixture.name == NULL)
		give_up(path, "out of memory");
	fixture.name[strlen(name) - strlen(".hex")] = '\0';
	free(text);
	free(path);
	return fixture;
}

struct fixture *fixtures_load(size_t *count)
{
	struct dirent **entries;
	char *path = check_source_path(DIRECTORY);
	int found = scandir(path, &entries, is_hex_file, alphasort);
	struct fixture *fixtures;

	if (found <= 0)
		give_up(path, "no fixtures");
	fixtures = allocate((size_t)found * sizeof(*fixtures));
	for (int i = 0; i < found; i++) {
		fixtures[i] = load(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(path);
	*count = (size_t)found;
	return fixtures;
}

void fixtures_release(struct fixture *fixtures, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(fixtures[i].name);
		free(fixtures[i].octets);
		free(fixtures[i].comments);
	}
	free(fixtures);
}

const struct fixture *fixture_find(
	const struct fixture *fixtures, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fixtures[i].name, name) == 0)
			return &fixtures[i];
	give_up(name, "no such fixture");
}

const char *fixture_text(const struct fixture *fixture, const char *word,
	size_t index, size_t *length)
{
	size_t size = strlen(word);

	for (const char *line = fixture->comments; *line != '\0';) {
		size_t line_length = strcspn(line, "\n");

		if (line_length > size + 1 && strncmp(line, word, size) == 0 &&
			strncmp(line + size, ": ", 2) == 0) {
			if (index == 0) {
				*length = line_length - size - 2;
				return line + size + 2;
			}
			index--;
		}
		line += line_length + 1;
	}
	return NULL;
}

/*
 * Hex
 */

static unsigned value_of(char digit)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *found = strchr(digits, digit);

	if (digit == '\0' || found == NULL)
		give_up("fixture", "not a hex digit");
	return (unsigned)(found - digits) % 16;
}

uint8_t *octets_of_hex(const char *hex, size_t *length)
{
	uint8_t *octets = allocate(strlen(hex) / 2 + 1);
	uint8_t *exact;
	size_t count = 0;

	for (;;) {
		hex += strspn(hex, " \t\r\n");
		if (*hex == '\0')
			break;
		octets[count] =
			(uint8_t)(value_of(hex[0]) * 16 + value_of(hex[1]));
		count++;
		hex += 2;
	}
	exact = check_copy(octets, count);
	free(octets);
	*length = count;
	return exact;
}

/*
 * Putting messages together
 */

void build_u8(struct build *build, unsigned value)
{
	if (build->length == sizeof(build->octets))
		give_up("build", "message too long");
	build->octets[build->length] = (uint8_t)value;
	build->length++;
}

void build_u16(struct build *build, unsigned value)
{
	build_u8(build, value / 256 % 256);
	build_u8(build, value % 256);
}

void build_u32(struct build *build, uint32_t value)
{
	build_u16(build, value / 65536);
	build_u16(build, value % 65536);
}

static void put_octets(struct build *build, const void *octets, size_t length)
{
	const uint8_t *from = octets;

	for (size_t i = 0; i < length; i++)
		build_u8(build, from[i]);
}

void build_hex(struct build *build, const char *hex)
{
	size_t length;
	uint8_t *octets = octets_of_hex(hex, &length);

	put_octets(build, octets, length);
	free(octets);
}

void build_header(struct build *build, uint16_t flags, uint16_t questions,
	uint16_t answers, uint16_t authority, uint16_t additional)
{
	build->length = 0;
	build_u16(build, 0x1234);
	build_u16(build, flags);
	build_u16(build, questions);
	build_u16(build, answers);
	build_u16(build, authority);
	build_u16(build, additional);
}

void build_response(
	struct build *build, const char *name, uint16_t type, uint16_t answers)
{
	build_header(build, 0x8180, 1, answers, 0, 0);
	build_name(build, name);
	build_u16(build, type);
	build_u16(build, 1);
}

void build_labels(struct build *build, const char *name)
{
	while (*name != '\0' && strcmp(name, ".") != 0) {
		size_t length = strcspn(name, ".");

		build_u8(build, (unsigned)length);
		put_octets(build, name, length);
		name += length + (name[length] == '.' ? 1 : 0);
	}
}

void build_name(struct build *build, const char *name)
{
	build_labels(build, name);
	build_u8(build, 0);
}

void build_label(struct build *build, size_t length)
{
	build_u8(build, (unsigned)length);
	for (size_t i = 0; i < length; i++)
		build_u8(build, 'x');
}

void build_pointer(struct build *build, size_t target)
{
	build_u16(build, (unsigned)(0xC000 + target));
}

size_t build_rdata_start(struct build *build, uint16_t type)
{
	build_u16(build, type);
	build_u16(build, 1);
	build_u32(build, 300);
	build_u16(build, 0);
	return build->length;
}

void build_rdata_end(struct build *build, size_t start)
{
	size_t length = build->length - start;

	build->octets[start - 2] = (uint8_t)(length / 256);
	build->octets[start - 1] = (uint8_t)(length % 256);
}

void build_record(struct build *build, const char *owner, uint16_t type,
	const char *rdata_hex)
{
	size_t start;

	build_name(build, owner);
	start = build_rdata_start(build, type);
	build_hex(build, rdata_hex);
	build_rdata_end(build, start);
}

uint8_t *build_copy(const struct build *build)
{
	return check_copy(build->octets, build->length);
}
