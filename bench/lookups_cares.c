/* SPDX-License-Identifier: MIT */
#include <ares.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "bench/lookups.h"

static ares_channel channel;
static uint64_t started_us;
static size_t left;

static void open_cares(const uint16_t *ports, size_t count)
{
	char servers[256] = "";

	for (size_t i = 0; i < count; i++)
		snprintf(servers + strlen(servers),
			sizeof(servers) - strlen(servers), "%s127.0.0.1:%u",
			i > 0 ? "," : "", (unsigned)ports[i]);
	need(ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS &&
			ares_init(&channel) == ARES_SUCCESS &&
			ares_set_servers_ports_csv(channel, servers) ==
				ARES_SUCCESS,
		"ares_init");
}

static void end_one(void *lookup, int status, int timeouts,
	unsigned char *octets, int length)
{
	struct ares_addrttl address;
	int count = 1;

	(void)timeouts;
	if (status != ARES_SUCCESS ||
		ares_parse_a_reply(octets, length, NULL, &address, &count) !=
			ARES_SUCCESS)
		count = 0;
	lookup_end(lookup, started_us,
		count > 0 ? (const uint8_t *)&address.ipaddr : NULL);
	left--;
}

static void look_up_all(struct lookup *lookups, size_t count)
{
	started_us = clock_us();
	left = count;
	for (size_t i = 0; i < count; i++)
		ares_query(
			channel, lookups[i].name, 1, 1, end_one, &lookups[i]);
	while (left > 0) {
		struct timeval time;
		fd_set reads;
		fd_set writes;
		int fds;

		FD_ZERO(&reads);
		FD_ZERO(&writes);
		fds = ares_fds(channel, &reads, &writes);
		select(fds, &reads, &writes, NULL,
			ares_timeout(channel, NULL, &time));
		ares_process(channel, &reads, &writes);
	}
}

static void look_up(struct lookup *lookup)
{
	look_up_all(lookup, 1);
}

const struct peer peer_cares = { "c-ares", open_cares, look_up, look_up_all };
