/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "resolver/file.h"
#include "resolver/options.h"
#include "tests/check.h"

#define MANY 1000000

static char directory[] = "/tmp/trowel-options-XXXXXX";

/* A path in the test's own directory; good until the next call. */
static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

/* By rename(), as careful programs do it: there is never half of a file. */
static void replace_file(const char *name, const char *text)
{
	char from[256];

	write_file("new", text);
	snprintf(from, sizeof(from), "%s", path_of("new"));
	CU_ASSERT_EQUAL(rename(from, path_of(name)), 0);
}

/* "192.0.2.1 192.0.2.2 / 2 3000 4 / 1": servers, ndots, timeout, attempts and
 * flags. */
static const char *describe(const struct trowel_options *options)
{
	static char text[4096];
	char *end = text;

	for (size_t i = 0; i < options->server_count; i++) {
		trowel_address_format(&options->servers[i], end);
		end += strlen(end);
		*end++ = ' ';
	}
	sprintf(end, "/ %u %u %u / %u", options->ndots, options->timeout_ms,
		options->attempts, options->flags);
	return text;
}

static void load(struct trowel_options *options, const char *text)
{
	static char path[256];

	write_file("conf", text);
	snprintf(path, sizeof(path), "%s", path_of("conf"));
	trowel_options_init(options);
	CU_ASSERT_EQUAL(trowel_options_load(options, path), TROWEL_OK);
}

static const char *search_of(const struct trowel_options *options)
{
	static char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name;

	if (options->search_length == 0)
		return "";
	name.length = (uint8_t)options->search_length;
	memcpy(name.octets, options->search, name.length);
	trowel_name_format(&name, text);
	return text;
}

static void environment_amends_the_file(void)
{
	struct trowel_options options;

	setenv("LOCALDOMAIN", "env.test", 1);
	setenv("RES_OPTIONS", "ndots:4 rotate -use-vc", 1);
	load(&options,
		"nameserver 192.0.2.1\nsearch file.test\n"
		"options ndots:2 use-vc timeout:3\n");
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.1 / 4 3000 0 / 1");
	CU_ASSERT_STRING_EQUAL(search_of(&options), "env.test.");
	setenv("LOCALDOMAIN", "", 1);
	load(&options, "search file.test\n");
	CU_ASSERT_STRING_EQUAL(search_of(&options), "");
	unsetenv("LOCALDOMAIN");
	unsetenv("RES_OPTIONS");
	load(&options, "search file.test\n");
	CU_ASSERT_STRING_EQUAL(describe(&options), "127.0.0.1 / 1 0 0 / 0");
	CU_ASSERT_STRING_EQUAL(search_of(&options), "file.test.");
}

/* With these words, the program is another: it tells by its exit status whether
 * the environment has changed the options. */
#define PRIVILEGED "--privileged"

static int tell_ndots(const char *path)
{
	struct trowel_options options;

	trowel_options_init(&options);
	if (trowel_options_load(&options, path) != TROWEL_OK)
		return 99;
	return options.ndots;
}

/* A copy of this program, of the given mode and another group. */
static bool copy_program(const char *path, mode_t mode)
{
	static char octets[65536];
	FILE *from = fopen("/proc/self/exe", "r");
	FILE *to = fopen(path, "w");
	struct statvfs system;
	size_t length;

	if (from == NULL || to == NULL || statvfs(path, &system) != 0 ||
		(system.f_flag & ST_NOSUID) != 0)
		return false;
	while ((length = fread(octets, 1, sizeof(octets), from)) > 0)
		fwrite(octets, 1, length, to);
	fclose(from);
	fclose(to);
	return chown(path, (uid_t)-1, getegid() + 1) == 0 &&
		chmod(path, mode) == 0;
}

static int run_program(const char *path)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		setenv("RES_OPTIONS", "ndots:4", 1);
		execl(path, path, PRIVILEGED, path_of("conf"), (char *)NULL);
		_exit(98);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

/* T52: as a program of mode 2755 is run by somebody else. */
static void environment_is_not_asked_with_more_rights(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s", path_of("program"));
	write_file("conf", "options ndots:2\n");
	if (!copy_program(path, 0755)) {
		check_skip("programs of another group cannot be made here");
	} else {
		CU_ASSERT_EQUAL(run_program(path), 4);
		chmod(path, 02755);
		CU_ASSERT_EQUAL(run_program(path), 2);
	}
	remove(path);
}

/* What the host is called decides: both cases are right. */
static void domain_of_the_host_is_the_default_of_the_search_list(void)
{
	struct trowel_options options;
	char name[256] = "";
	const char *dot;

	gethostname(name, sizeof(name) - 2);
	dot = strchr(name, '.');
	load(&options, "nameserver 192.0.2.1\n");
	if (dot == NULL)
		snprintf(name, sizeof(name), "%s", "");
	else
		strcat(name, ".");
	CU_ASSERT_STRING_EQUAL(search_of(&options), dot != NULL ? dot + 1 : "");
	load(&options, "search .\n");
	CU_ASSERT_EQUAL(options.search_length, 0);
}

/* G58. */
static void changed_files_are_read_again(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "nameserver 192.0.2.1\noptions ndots:2 rotate\n");
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT(!tw_options_reload(&options, &state));
	replace_file("conf", "nameserver 192.0.2.2\noptions timeout:7\n");
	CU_ASSERT(tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.2 / 1 7000 0 / 0");
	CU_ASSERT(!tw_options_reload(&options, &state));
	/* in place; the size tells, if the clock does not */
	write_file("conf", "nameserver 192.0.2.3\n");
	CU_ASSERT(tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.3 / 1 0 0 / 0");
}

static void what_no_file_can_say_stays_as_it_is(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "nameserver 192.0.2.1\n");
	options.flags = TROWEL_MIX_CASE | TROWEL_COOKIES | TROWEL_ROTATE;
	options.deadline_ms = 1234;
	options.hosts = NULL;
	options.sources[0] = TROWEL_SOURCE_DNS;
	options.sources[1] = TROWEL_SOURCE_NONE;
	CU_ASSERT(!tw_options_reload(&options, &state));
	replace_file("conf", "nameserver 192.0.2.2\n");
	CU_ASSERT(tw_options_reload(&options, &state));
	CU_ASSERT_EQUAL(options.flags, TROWEL_MIX_CASE | TROWEL_COOKIES);
	CU_ASSERT_EQUAL(options.deadline_ms, 1234);
	CU_ASSERT_PTR_NULL(options.hosts);
	CU_ASSERT_EQUAL(options.sources[0], TROWEL_SOURCE_DNS);
	CU_ASSERT_EQUAL(options.sources[1], TROWEL_SOURCE_NONE);
}

/* As at boot: the network comes later. */
static void file_that_was_not_there_is_read_when_it_is(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "");
	remove(path_of("conf"));
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "127.0.0.1 / 1 0 0 / 0");
	write_file("conf", "nameserver 192.0.2.1\n");
	CU_ASSERT(tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.1 / 1 0 0 / 0");
}

/* F38: the old ones, never none or half of the new ones. */
static void file_that_is_gone_leaves_the_options(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "nameserver 192.0.2.1\n");
	CU_ASSERT(!tw_options_reload(&options, &state));
	remove(path_of("conf"));
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT_EQUAL(mkdir(path_of("conf"), 0700), 0);
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT_EQUAL(rmdir(path_of("conf")), 0);
	CU_ASSERT_EQUAL(mkfifo(path_of("conf"), 0600), 0);
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.1 / 1 0 0 / 0");
	remove(path_of("conf"));
	write_file("conf", "nameserver 192.0.2.2\n");
	CU_ASSERT(tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(describe(&options), "192.0.2.2 / 1 0 0 / 0");
}

/* G58. */
static void no_reload_is_obeyed(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "nameserver 192.0.2.1\noptions no-reload\n");
	CU_ASSERT_PTR_NULL(options.path);
	replace_file("conf", "nameserver 192.0.2.2\n");
	CU_ASSERT(!tw_options_reload(&options, &state));
	trowel_options_init(&options);
	CU_ASSERT(!tw_options_reload(&options, &state));
}

static void servers_of_the_programs_own_are_not_read_again(void)
{
	struct trowel_options options;
	uint64_t state = 0;

	load(&options, "nameserver 192.0.2.1\n");
	CU_ASSERT_EQUAL(
		trowel_options_add_server(&options, "x"), TROWEL_BAD_ADDRESS);
	CU_ASSERT_PTR_NOT_NULL(options.path);
	CU_ASSERT_EQUAL(
		trowel_options_add_server(&options, "192.0.2.9"), TROWEL_OK);
	CU_ASSERT(!tw_options_reload(&options, &state));
	replace_file("conf", "nameserver 192.0.2.2\n");
	CU_ASSERT(!tw_options_reload(&options, &state));
	CU_ASSERT_STRING_EQUAL(
		describe(&options), "192.0.2.1 192.0.2.9 / 1 0 0 / 0");
}

/* ---- files */

static void files_are_read_whole(void)
{
	static const size_t sizes[] = { 0, 1, 4094, 4095, 4096, 4097, 8192,
		MANY };
	char *octets = malloc(MANY);

	for (size_t i = 0; i < MANY; i++)
		octets[i] = (char)('a' + i % 26);
	for (size_t i = 0; i < CHECK_COUNT(sizes); i++) {
		FILE *file = fopen(path_of("whole"), "w");
		size_t length;
		char *text;

		fwrite(octets, 1, sizes[i], file);
		fclose(file);
		CU_ASSERT_EQUAL(tw_file_read(path_of("whole"), MANY + 1, &text,
					&length),
			TROWEL_OK);
		CU_ASSERT_EQUAL(length, sizes[i]);
		if (length == sizes[i])
			CU_ASSERT_EQUAL(memcmp(text, octets, length), 0);
		free(text);
	}
	remove(path_of("whole"));
	free(octets);
}

static void long_files_are_cut_behind_a_line(void)
{
	static const struct {
		size_t most, length;
	} rows[] = { { 12, 12 }, { 11, 8 }, { 8, 8 }, { 7, 4 }, { 3, 0 } };

	write_file("lines", "abc\ndef\nghi\n");
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		size_t length;
		char *text;

		CU_ASSERT_EQUAL(tw_file_read(path_of("lines"), rows[i].most,
					&text, &length),
			TROWEL_OK);
		CU_ASSERT_EQUAL(length, rows[i].length);
		free(text);
	}
	remove(path_of("lines"));
}

/* Files of /proc say that they are empty. */
static void files_that_do_not_tell_their_size_are_read(void)
{
	size_t length;
	char *text;

	if (access("/proc/self/status", R_OK) != 0) {
		check_skip("no /proc");
		return;
	}
	CU_ASSERT_EQUAL(tw_file_read("/proc/self/status", MANY, &text, &length),
		TROWEL_OK);
	CU_ASSERT(length > 10);
	free(text);
}

static void missing_file_is_an_empty_one(void)
{
	size_t length;
	char *text;

	CU_ASSERT_EQUAL(
		tw_file_read(path_of("none"), MANY, &text, &length), TROWEL_OK);
	CU_ASSERT_EQUAL(length, 0);
	CU_ASSERT_PTR_NULL(text);
}

static const struct check_case cases[] = {
	CHECK_CASE(environment_amends_the_file),
	CHECK_CASE(environment_is_not_asked_with_more_rights),
	CHECK_CASE(domain_of_the_host_is_the_default_of_the_search_list),
	CHECK_CASE(changed_files_are_read_again),
	CHECK_CASE(what_no_file_can_say_stays_as_it_is),
	CHECK_CASE(file_that_was_not_there_is_read_when_it_is),
	CHECK_CASE(file_that_is_gone_leaves_the_options),
	CHECK_CASE(no_reload_is_obeyed),
	CHECK_CASE(servers_of_the_programs_own_are_not_read_again),
	CHECK_CASE(files_are_read_whole),
	CHECK_CASE(long_files_are_cut_behind_a_line),
	CHECK_CASE(files_that_do_not_tell_their_size_are_read),
	CHECK_CASE(missing_file_is_an_empty_one),
};

int main(int argc, char **argv)
{
	int failed;

	if (argc > 2 && strcmp(argv[1], PRIVILEGED) == 0)
		return tell_ndots(argv[2]);
	unsetenv("LOCALDOMAIN");
	unsetenv("RES_OPTIONS");
	if (mkdtemp(directory) == NULL)
		return 1;
	failed = check_main(argc, argv, cases, CHECK_COUNT(cases));
	remove(path_of("conf"));
	remove(directory);
	return failed;
}
