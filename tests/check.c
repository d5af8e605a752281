/* SPDX-License-Identifier: MIT */
#include "tests/check.h"

#include <CUnit/Basic.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"

/* CUnit knows no skipped case: the running one leaves its mark here. */
static unsigned skipped;

static void add_cases(CU_pSuite suite, int argc, char **argv,
	const struct check_case *cases, size_t count);
static unsigned report(void);
static const char *source_directory(void);

int check_main(
	int argc, char **argv, const struct check_case *cases, size_t count)
{
	CU_pSuite suite;
	unsigned failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite(argc > 0 ? argv[0] : "test", NULL, NULL);
	add_cases(suite, argc, argv, cases, count);
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failed = report();
	CU_cleanup_registry();
	return failed > 0 ? 1 : 0;
}

static void add_cases(CU_pSuite suite, int argc, char **argv,
	const struct check_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (argc > 1 && strstr(cases[i].name, argv[1]) == NULL)
			continue;
		if (CU_add_test(suite, cases[i].name, cases[i].run) == NULL) {
			fprintf(stderr, "cannot add the case %s: %s\n",
				cases[i].name, CU_get_error_msg());
			exit(1);
		}
	}
}

/* No case at all is a failure: a misspelt filter must not look green. */
static unsigned report(void)
{
	unsigned run = CU_get_number_of_tests_run();
	unsigned failed = CU_get_number_of_tests_failed();

	if (run == 0)
		failed = run = 1;
	printf("\n%u passed, %u failed", run - failed - skipped, failed);
	if (skipped > 0)
		printf(", %u skipped", skipped);
	printf("\n");
	return failed;
}

void check_skip(const char *reason)
{
	skipped++;
	printf("skipped: %s ... ", reason);
}

void check_need_dnsmasq(char **argv)
{
	char *script;
	char **command;
	size_t count = 0;

	if (getenv("TROWEL_TEST_PORT") != NULL)
		return;
	while (argv[count] != NULL)
		count++;
	script = check_source_path("fixtures/with-dnsmasq.sh");
	command = calloc(count + 3, sizeof(*command));
	if (command == NULL)
		abort();
	command[0] = (char[]){ "bash" };
	command[1] = script;
	memcpy(command + 2, argv, count * sizeof(*argv));
	execvp("bash", command);
	perror("bash");
	exit(1);
}

unsigned check_dnsmasq_port(void)
{
	const char *text = getenv("TROWEL_TEST_PORT");

	return text == NULL ? 0 : (unsigned)strtoul(text, NULL, 10);
}

int check_has_ipv6(void)
{
	struct sockaddr_in6 loopback = { .sin6_family = AF_INET6 };
	int s = socket(AF_INET6, SOCK_DGRAM, 0);
	int bound;

	if (s < 0)
		return 0;
	loopback.sin6_addr = in6addr_loopback;
	bound = bind(s, (struct sockaddr *)&loopback, sizeof(loopback)) == 0;
	close(s);
	return bound;
}

bool check_lacks_getrandom(void)
{
#ifdef HAVE_GETRANDOM
	return false;
#else
	check_skip("random octets come from a file alone");
	return true;
#endif
}

int check_command(const char *arguments, char *text, size_t size)
{
	const char *build = getenv("TOP_BUILDDIR");
	size_t used = 0, got;
	char line[1024];
	FILE *pipe;

	snprintf(line, sizeof(line), "%s/cli/trowel %s 2>&1",
		build != NULL ? build : ".", arguments);
	pipe = popen(line, "r");
	if (pipe == NULL)
		abort();
	while (used < size - 1 &&
		(got = fread(text + used, 1, size - 1 - used, pipe)) > 0)
		used += got;
	text[used] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

int check_next_descriptor(void)
{
	int next = dup(0);

	close(next);
	return next;
}

rlim_t check_limit_descriptors(rlim_t count)
{
	struct rlimit limit;
	rlim_t before;

	getrlimit(RLIMIT_NOFILE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = count;
	setrlimit(RLIMIT_NOFILE, &limit);
	return before;
}

char *check_source_path(const char *relative)
{
	const char *directory = source_directory();
	size_t size = strlen(directory) + strlen(relative) + 2;
	char *path = malloc(size);

	if (path == NULL)
		abort();
	snprintf(path, size, "%s/%s", directory, relative);
	return path;
}

/* The environment comes first: the tree may have moved since the build. */
static const char *source_directory(void)
{
	const char *directory = getenv("TOP_SRCDIR");

	return directory != NULL ? directory : CHECK_SOURCE_DIRECTORY;
}

void *check_copy(const void *octets, size_t length)
{
	void *copy = malloc(length);

	if (copy == NULL && length > 0)
		abort();
	if (copy == NULL)
		return check_copy("", 1);
	if (length > 0)
		memcpy(copy, octets, length);
	return copy;
}
