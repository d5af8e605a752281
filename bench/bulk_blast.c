/* SPDX-License-Identifier: MIT */
/*
 * bulk_blast PORT COUNT [offload]: the floor of a bulk client. Sends COUNT
 * queries that are made beforehand to a server on 127.0.0.1, by sendmmsg or, with
 * `offload`, 64 in one by UDP_SEGMENT, and counts the replies, by recvmmsg; looks
 * at none. At most WINDOW queries are on their way. Nothing is sent again.
 * Prints how many replies there were.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "../fixtures/need.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

#define BATCH 64
#define WINDOW 2048
#define QUERY_SIZE 45
#define REPLY_SIZE (QUERY_SIZE + 16)
#define COALESCED_SIZE (BATCH * REPLY_SIZE)

static uint8_t queries[BATCH][QUERY_SIZE];
static uint8_t replies[BATCH * COALESCED_SIZE];
static struct mmsghdr out[BATCH], in[BATCH];
static struct iovec out_parts[BATCH], in_parts[BATCH];
static union {
	char octets[CMSG_SPACE(sizeof(uint16_t))];
	struct cmsghdr header; /* for its alignment */
} control;

static int open_socket(uint16_t port, bool offload);
static void make_queries(void);
static void make_batches(size_t reply_size);
static void ask_offload(void);
static long blast(int fd, long count, bool offload);
static long receive(int fd);

int main(int argc, char **argv)
{
	bool offload = argc > 3 && strcmp(argv[3], "offload") == 0;
	int fd;

	if (argc < 3)
		return 2;
	fd = open_socket((uint16_t)atoi(argv[1]), offload);
	make_queries();
	make_batches(offload ? COALESCED_SIZE : REPLY_SIZE);
	if (offload)
		ask_offload();
	printf("%ld\n", blast(fd, atol(argv[2]), offload));
	return 0;
}

static int open_socket(uint16_t port, bool offload)
{
	struct sockaddr_in server = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 8 << 20, on = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (offload)
		need(setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) == 0,
			"UDP_GRO");
	need(connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0,
		"connect");
	return fd;
}

/* n0000000.blast.example.test A */
static void make_queries(void)
{
	static const char name[] = "\10n0000000\5blast\7example\4test";

	for (size_t i = 0; i < BATCH; i++) {
		uint8_t *query = queries[i];

		query[0] = (uint8_t)i;
		query[2] = 1; /* RD */
		query[5] = 1; /* QDCOUNT */
		memcpy(query + 12, name, sizeof(name) - 1);
		query[19] = (uint8_t)('0' + i / 10);
		query[20] = (uint8_t)('0' + i % 10);
		query[QUERY_SIZE - 3] = 1;
		query[QUERY_SIZE - 1] = 1;
	}
}

static void make_batches(size_t reply_size)
{
	for (size_t i = 0; i < BATCH; i++) {
		out_parts[i].iov_base = queries[i];
		out_parts[i].iov_len = QUERY_SIZE;
		out[i].msg_hdr.msg_iov = &out_parts[i];
		out[i].msg_hdr.msg_iovlen = 1;
		in_parts[i].iov_base = replies + i * reply_size;
		in_parts[i].iov_len = reply_size;
		in[i].msg_hdr.msg_iov = &in_parts[i];
		in[i].msg_hdr.msg_iovlen = 1;
	}
}

/* All 64 queries are one message then, which the kernel takes apart. */
static void ask_offload(void)
{
	struct msghdr *header = &out[0].msg_hdr;
	struct cmsghdr *first;
	uint16_t size = QUERY_SIZE;

	out_parts[0].iov_len = sizeof(queries);
	header->msg_control = &control;
	header->msg_controllen = sizeof(control);
	first = CMSG_FIRSTHDR(header);
	first->cmsg_level = IPPROTO_UDP;
	first->cmsg_type = UDP_SEGMENT;
	first->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(first), &size, sizeof(size));
}

static long blast(int fd, long count, bool offload)
{
	long sent = 0, received = 0, got = 1;

	while (received < count && got > 0) {
		while (sent < count && sent - received <= WINDOW - BATCH) {
			need(sendmmsg(fd, out, offload ? 1 : BATCH, 0) > 0,
				"sendmmsg");
			sent += BATCH;
		}
		got = receive(fd);
		received += got;
	}
	return received;
}

/* 0: none came for a second. */
static long receive(int fd)
{
	int got = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
	long octets = 0;

	for (int i = 0; i < got; i++)
		octets += in[i].msg_len;
	return octets / REPLY_SIZE;
}
