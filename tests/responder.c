/* SPDX-License-Identifier: MIT */
/*
 * responder INTERFACE-ADDRESS PORT ANSWER
 * [other-id|other-question|query|twice|unicast]:
 * answers each query with an A record of that address, by unicast and from the
 * interface's address, whether it came by unicast, broadcast or to the groups
 * of RFC 6762 3. With the last word, it does so in a way that is not to be
 * believed, or once more, or as an ordinary server of that address alone.
 * INTERFACE-ADDRESS may be "%NAME": by IPv6 then.
 * Prints a line when it is ready, and runs until it is ended.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *mode = "";

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int open_ipv4(const char *interface, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct ip_mreq group;
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, "224.0.0.251", &group.imr_multiaddr);
	inet_pton(AF_INET, interface, &group.imr_interface);
	address.sin_port = htons(port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (strcmp(mode, "unicast") == 0)
		address.sin_addr = group.imr_interface;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group,
			sizeof(group)) < 0)
		fail(interface);
	return fd;
}

static int open_ipv6(const char *interface, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
	struct ipv6_mreq group;
	int on = 1, fd = socket(AF_INET6, SOCK_DGRAM, 0);

	inet_pton(AF_INET6, "ff02::fb", &group.ipv6mr_multiaddr);
	group.ipv6mr_interface = if_nametoindex(interface);
	address.sin6_port = htons(port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group,
			sizeof(group)) < 0)
		fail(interface);
	return fd;
}

/* The query with a record behind it. 0: it is no query of one question. */
static size_t make_reply(
	unsigned char *octets, size_t length, const char *answer)
{
	static const unsigned char record[] = { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0,
		10, 0, 4 };
	size_t end = 12;

	while (end < length && octets[end] != 0)
		end += octets[end] + 1U;
	end += 5;
	if (end > length || octets[5] != 1)
		return 0;
	octets[2] = strcmp(mode, "query") == 0 ? 0 : 0x84;
	octets[3] = 0;
	octets[7] = 1;
	memset(octets + 8, 0, 4);
	if (strcmp(mode, "other-id") == 0)
		octets[0] ^= 1;
	if (strcmp(mode, "other-question") == 0)
		octets[13] ^= 1;
	memcpy(octets + end, record, sizeof(record));
	inet_pton(AF_INET, answer, octets + end + sizeof(record));
	return end + sizeof(record) + 4;
}

int main(int argc, char **argv)
{
	unsigned char octets[2048];
	struct sockaddr_storage from;
	struct sockaddr_in source = { .sin_family = AF_INET };
	socklen_t size;
	ssize_t got;
	size_t length;
	int in, out;

	if (argc < 4)
		return 2;
	mode = argc > 4 ? argv[4] : "";
	if (argv[1][0] == '%') {
		in = out = open_ipv6(argv[1] + 1, (uint16_t)atoi(argv[2]));
	} else {
		in = open_ipv4(argv[1], (uint16_t)atoi(argv[2]));
		out = strcmp(mode, "unicast") == 0
			? in
			: socket(AF_INET, SOCK_DGRAM, 0);
		inet_pton(AF_INET, argv[1], &source.sin_addr);
		if (out != in &&
			bind(out, (struct sockaddr *)&source, sizeof(source)) <
				0)
			fail(argv[1]);
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		size = sizeof(from);
		got = recvfrom(in, octets, sizeof(octets) - 64, 0,
			(struct sockaddr *)&from, &size);
		length =
			got < 12 ? 0 : make_reply(octets, (size_t)got, argv[3]);
		if (length > 0)
			sendto(out, octets, length, 0, (struct sockaddr *)&from,
				size);
		if (length > 0 && strcmp(mode, "twice") == 0)
			sendto(out, octets, length, 0, (struct sockaddr *)&from,
				size);
	}
}
