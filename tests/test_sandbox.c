/* SPDX-License-Identifier: MIT */
/* What the command cannot do any more once it asks. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/sandbox.h"
#include "config.h"
#include "tests/check.h"
#include "tests/server.h"

/* As cli/sandbox.c has it. */
#if defined(SANDBOX) && defined(HAVE_LINUX_SECCOMP_H) && \
	(defined(__x86_64__) || defined(__aarch64__))
#define HAS_SANDBOX 1
#else
#define HAS_SANDBOX 0
#endif

static bool is_left_out(void)
{
	if (HAS_SANDBOX && !getenv("LD_PRELOAD"))
		return false;
	check_skip("no sandbox here");
	return true;
}

/* How a child ends that does this in the sandbox. */
static int status_of(bool (*does)(void), bool reads_files)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		tw_sandbox_enter(reads_files);
		_exit(!does());
	}
	waitpid(child, &status, 0);
	return status;
}

static bool is_killed(bool (*does)(void), bool reads_files)
{
	int status = status_of(does, reads_files);

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static bool opens_to_read(void)
{
	return open("/dev/null", O_RDONLY) >= 0;
}

static bool opens_to_write(void)
{
	return open("/dev/null", O_WRONLY) >= 0;
}

static bool starts_a_program(void)
{
	return execl("/bin/true", "true", (char *)NULL) == 0;
}

static bool starts_a_process(void)
{
	return fork() >= 0;
}

static bool makes_a_directory(void)
{
	return mkdir("/tmp", 0700) == 0;
}

static bool talks(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	char *memory = malloc(1000000);
	bool good = fd >= 0 && memory &&
		bind(fd, (struct sockaddr *)&address, size) == 0 &&
		getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
		sendto(fd, "q", 1, 0, (struct sockaddr *)&address, size) == 1 &&
		recv(fd, memory, 1, 0) == 1 && *memory == 'q';

	free(memory);
	return good && close(fd) == 0 && write(1, "", 0) == 0;
}

static void opening_a_file_is_the_end(void)
{
	if (is_left_out())
		return;
	CU_ASSERT(is_killed(opens_to_read, false));
	CU_ASSERT(is_killed(opens_to_write, false));
	CU_ASSERT(is_killed(opens_to_write, true));
}

static void starting_something_is_the_end(void)
{
	if (is_left_out())
		return;
	CU_ASSERT(is_killed(starts_a_program, false));
	CU_ASSERT(is_killed(starts_a_program, true));
	CU_ASSERT(is_killed(starts_a_process, false));
}

static void what_more_lookups_read_can_be_read(void)
{
	CU_ASSERT_EQUAL(status_of(opens_to_read, true), 0);
}

static void all_else_fails(void)
{
	int status = status_of(makes_a_directory, false);

	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void lookups_go_on(void)
{
	CU_ASSERT_EQUAL(status_of(talks, false), 0);
	CU_ASSERT_EQUAL(status_of(talks, true), 0);
}

static void keep_silent(struct server_request *request)
{
	(void)request;
}

static pid_t start_command(const struct server *server, const char *word,
	const char *more, int input)
{
	const char *build = getenv("TOP_BUILDDIR");
	char path[1024], at[64];
	pid_t child;

	snprintf(path, sizeof(path), "%s/cli/trowel",
		build != NULL ? build : ".");
	snprintf(at, sizeof(at), "@127.0.0.1#%u", server->port);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout) || dup2(input, 0) < 0)
			_exit(1);
		execl(path, path, at, "+time=5", word, more, (char *)NULL);
		_exit(1);
	}
	return child;
}

/* Of a process: 2 is a filter. */
static int seccomp_of(pid_t process)
{
	char path[64], line[256];
	int mode = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)process);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Seccomp: %d", &mode);
	if (file)
		fclose(file);
	return mode;
}

/* It enters once the query is sent, which may be a moment later. */
static bool is_filtered(pid_t process)
{
	struct timespec moment = { .tv_nsec = 1000000 };
	int moments = 0;

	while (seccomp_of(process) != 2 && ++moments < 4000)
		nanosleep(&moment, NULL);
	return moments < 4000;
}

static bool waits_in_the_sandbox(const char *word, const char *more, int input)
{
	struct server server;
	bool waits;
	pid_t child;

	server_start(&server, AF_INET, keep_silent);
	child = start_command(&server, word, more, input);
	waits = server_has_seen(&server, 1) && is_filtered(child);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	server_stop(&server);
	return waits;
}

static void command_waits_in_the_sandbox(void)
{
	static const char *const more[] = { "+short", "+json", "other.test",
		"+yaml" };

	if (is_left_out())
		return;
	for (size_t i = 0; i < CHECK_COUNT(more); i++)
		CU_ASSERT(waits_in_the_sandbox("host.test", more[i], 0));
}

static void bulk_mode_works_in_the_sandbox(void)
{
	static const char name[] = "host.test\n";
	ssize_t length = (ssize_t)sizeof(name) - 1;
	int ends[2];

	if (is_left_out())
		return;
	CU_ASSERT_FATAL(pipe(ends) == 0);
	CU_ASSERT(write(ends[1], name, sizeof(name) - 1) == length);
	CU_ASSERT(waits_in_the_sandbox("--bulk", "+short", ends[0]));
	close(ends[0]);
	close(ends[1]);
}

static const struct check_case cases[] = {
	CHECK_CASE(opening_a_file_is_the_end),
	CHECK_CASE(starting_something_is_the_end),
	CHECK_CASE(what_more_lookups_read_can_be_read),
	CHECK_CASE(all_else_fails),
	CHECK_CASE(lookups_go_on),
	CHECK_CASE(command_waits_in_the_sandbox),
	CHECK_CASE(bulk_mode_works_in_the_sandbox),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
