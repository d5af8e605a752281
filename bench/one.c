/* SPDX-License-Identifier: MIT */
/*
 * one ROUNDS COMMAND -- COMMAND -- ...: runs each command twice a round, with
 * its output thrown away, and prints of each second run, which finds the caches
 * warm whatever ran before, the time below which a tenth of them stays: what
 * others do on the machine at the same time disturbs that least. Microseconds of
 * wall clock, and of CPU, user's and kernel's together, and the page faults, as
 * "WALL CPU FAULTS".
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16

struct times {
	char **words;
	double *wall_us;
	double *cpu_us;
	double *faults;
};

static double microseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void run(struct times *times, size_t round)
{
	static char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	struct timespec start, end;
	struct rusage usage;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
		&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (posix_spawn(&pid, times->words[0], &actions, NULL, times->words,
		    environment) != 0 ||
		wait4(pid, &status, 0, &usage) != pid || status != 0) {
		fprintf(stderr, "%s fails\n", times->words[0]);
		exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	posix_spawn_file_actions_destroy(&actions);
	times->wall_us[round] = (double)(end.tv_sec - start.tv_sec) * 1e6 +
		(double)(end.tv_nsec - start.tv_nsec) / 1e3;
	times->cpu_us[round] =
		microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
	times->faults[round] = (double)usage.ru_minflt;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return difference < 0 ? -1 : difference > 0;
}

static double decile(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 10];
}

static size_t read_commands(struct times *times, char **words, size_t rounds)
{
	size_t count = 0;

	while (*words && count < COMMANDS_MAX) {
		times[count].words = words;
		times[count].wall_us = calloc(rounds, sizeof(double));
		times[count].cpu_us = calloc(rounds, sizeof(double));
		times[count].faults = calloc(rounds, sizeof(double));
		count++;
		while (*words && strcmp(*words, "--") != 0)
			words++;
		if (*words)
			*words++ = NULL;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct times times[COMMANDS_MAX];
	size_t rounds, count, i, j;

	if (argc < 3 || atoi(argv[1]) < 1)
		return 2;
	rounds = (size_t)atoi(argv[1]);
	count = read_commands(times, argv + 2, rounds);
	for (i = 0; i < rounds; i++)
		for (j = 0; j < count; j++) {
			/* forth and back: each has two neighbours */
			size_t at = i % 2 ? count - 1 - j : j;

			run(&times[at], i);
			run(&times[at], i);
		}
	for (j = 0; j < count; j++)
		printf("%.0f %.0f %.0f\n", decile(times[j].wall_us, rounds),
			decile(times[j].cpu_us, rounds),
			decile(times[j].faults, rounds));
	return 0;
}
