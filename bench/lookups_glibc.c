/* SPDX-License-Identifier: MIT */
/* res_nquery(), by which getaddrinfo() too comes to its answers and its
 * timeouts; but getaddrinfo() cannot be told a port. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#include "bench/lookups.h"

static struct __res_state state;

static void open_glibc(const uint16_t *ports, size_t count)
{
	need(res_ninit(&state) == 0 && count <= MAXNS, "res_ninit");
	state.nscount = (int)count;
	for (size_t i = 0; i < count; i++) {
		state.nsaddr_list[i] =
			(struct sockaddr_in){ .sin_family = AF_INET,
				.sin_port = htons(ports[i]) };
		state.nsaddr_list[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
}

static void look_up(struct lookup *lookup)
{
	static uint8_t octets[65536];
	uint64_t start_us = clock_us();
	int length = res_nquery(&state, lookup->name, ns_c_in, ns_t_a, octets,
		(int)sizeof(octets));
	ns_msg message;
	ns_rr record;

	if (length < 0 || ns_initparse(octets, length, &message) != 0 ||
		ns_parserr(&message, ns_s_an, 0, &record) != 0)
		lookup_end(lookup, start_us, NULL);
	else
		lookup_end(lookup, start_us, ns_rr_rdata(record));
}

const struct peer peer_glibc = { "glibc", open_glibc, look_up, NULL };
