/* SPDX-License-Identifier: MIT */
/*
 * bulk_run CORE COMMAND...: runs the command on that processor and prints, on
 * file descriptor 3, what it took: wall clock and CPU in seconds, the latter
 * user's, kernel's, and the most memory that it had at a time, in KiB, as
 * "WALL USER SYSTEM RSS". Of all processes that it waited for. Ends as it does.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	cpu_set_t set;
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	CPU_ZERO(&set);
	CPU_SET((size_t)atoi(argv[1]), &set);
	sched_setaffinity(0, sizeof(set), &set);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		close(3);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	dprintf(3, "%.3f %.3f %.3f %ld\n",
		(double)(end.tv_sec - start.tv_sec) +
			(double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(usage.ru_utime), seconds(usage.ru_stime),
		usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
