/* SPDX-License-Identifier: MIT */
/*
 * Lookups by one resolver, one after another or all at once:
 *
 *	lookups PEER one|all PORT[,PORT] NAME:COUNT...
 *
 * asks the servers on those ports of 127.0.0.1 for NAME0.example.com,
 * NAME1.example.com, ... and prints a line for each lookup: its milliseconds,
 * and "good" or "failed".
 */
#include "bench/lookups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define LOOKUPS_MAX 100000
#define SERVERS_MAX 8

static const struct peer *const peers[] = { &peer_trowel,
#ifndef TROWEL_ALONE
	&peer_unbound, &peer_cares, &peer_glibc
#endif
};

static const struct peer *find_peer(const char *name);
static size_t read_ports(char *text, uint16_t *ports);
static size_t read_names(char **words, int count, struct lookup *lookups);
static void allow_descriptors(void);

int main(int argc, char **argv)
{
	static struct lookup lookups[LOOKUPS_MAX];
	uint16_t ports[SERVERS_MAX];
	const struct peer *peer;
	size_t count;

	need(argc > 4, "usage: lookups PEER one|all PORT[,PORT] NAME:COUNT...");
	peer = find_peer(argv[1]);
	count = read_names(argv + 4, argc - 4, lookups);
	allow_descriptors();
	peer->open(ports, read_ports(argv[3], ports));
	if (strcmp(argv[2], "all") == 0) {
		need(peer->look_up_all != NULL, "it does one at a time");
		peer->look_up_all(lookups, count);
	} else {
		for (size_t i = 0; i < count; i++)
			peer->look_up(&lookups[i]);
	}
	for (size_t i = 0; i < count; i++)
		printf("%.2f %s\n", (double)lookups[i].took_us / 1000,
			lookups[i].is_good ? "good" : "failed");
	return 0;
}

uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void lookup_end(
	struct lookup *lookup, uint64_t start_us, const uint8_t *address)
{
	static const uint8_t good[4] = { 192, 0, 2, 77 };

	lookup->took_us = clock_us() - start_us;
	lookup->is_good = address != NULL && memcmp(address, good, 4) == 0;
}

void need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "lookups: %s\n", what);
	exit(2);
}

static const struct peer *find_peer(const char *name)
{
	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++)
		if (strcmp(peers[i]->name, name) == 0)
			return peers[i];
	need(false, "no such peer");
	return NULL;
}

static size_t read_ports(char *text, uint16_t *ports)
{
	size_t count = 0;

	for (char *word = strtok(text, ",");
		word != NULL && count < SERVERS_MAX; word = strtok(NULL, ","))
		ports[count++] = (uint16_t)strtoul(word, NULL, 10);
	return count;
}

static size_t read_names(char **words, int count, struct lookup *lookups)
{
	size_t names = 0;

	for (int i = 0; i < count; i++) {
		char *colon = strchr(words[i], ':');
		unsigned long times = 1;

		if (colon != NULL) {
			*colon = '\0';
			times = strtoul(colon + 1, NULL, 10);
		}
		for (unsigned long k = 0; k < times && names < LOOKUPS_MAX; k++)
			snprintf(lookups[names++].name, sizeof(lookups->name),
				"%.30s%lu.example.com", words[i], k);
	}
	return names;
}

/* A thousand lookups at once may want a socket each. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}
