/* SPDX-License-Identifier: MIT */
/* Many datagrams a call, and what happens where the kernel does not want to. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/bulk_batch.h"
#include "cli/bulk_sockets.h"
#include "tests/check.h"

#define COUNT 150

/* The linker puts these in the place of the system's (--wrap). */
struct mmsghdr;
int __real_sendmmsg(
	int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_sendmmsg(
	int fd, struct mmsghdr *messages, unsigned count, int flags);

static int refusal; /* errno for the next calls, or 0 */
static unsigned refusals; /* how many calls are left that get it */
static unsigned calls;

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	calls++;
	if (refusals > 0) {
		refusals--;
		errno = refusal;
		return -1;
	}
	return __real_sendmmsg(fd, messages, count, flags);
}

/* ---- a server that is nothing but a socket, and a pool towards it */

struct pair {
	int server;
	struct trowel_options options;
	struct tw_bulk_sockets sockets;
};

static void start(struct pair *pair)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	struct trowel_address none = { .family = 0 };
	socklen_t size = sizeof(own);

	pair->server = socket(AF_INET, SOCK_DGRAM, 0);
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CU_ASSERT_EQUAL_FATAL(
		bind(pair->server, (struct sockaddr *)&own, size), 0);
	getsockname(pair->server, (struct sockaddr *)&own, &size);
	trowel_options_init(&pair->options);
	trowel_options_add_server(&pair->options, "127.0.0.1");
	pair->options.servers[0].port = ntohs(own.sin_port);
	CU_ASSERT_EQUAL_FATAL(tw_bulk_sockets_open(&pair->sockets,
				      &pair->options, &none, 4096),
		0);
}

static void stop(struct pair *pair)
{
	tw_bulk_sockets_close(&pair->sockets);
	close(pair->server);
}

/* Sends datagrams whose first octet is their number, of five lengths. */
static void send_all(struct pair *pair, uint8_t octets[COUNT][100])
{
	struct iovec packets[COUNT];

	for (unsigned i = 0; i < COUNT; i++) {
		memset(octets[i], (int)i, 100);
		packets[i].iov_base = octets[i];
		packets[i].iov_len = 20 + i % 5 * 16;
	}
	tw_bulk_send(&pair->sockets, &pair->sockets.rows[3], packets, COUNT);
}

static void expect_all_at_server(struct pair *pair)
{
	bool seen[COUNT] = { false };
	uint8_t octets[200];
	ssize_t got;

	for (unsigned i = 0; i < COUNT; i++) {
		got = recv(pair->server, octets, sizeof(octets), MSG_DONTWAIT);
		CU_ASSERT_TRUE_FATAL(got > 0 && octets[0] < COUNT);
		CU_ASSERT_FALSE(seen[octets[0]]);
		CU_ASSERT_EQUAL(got, 20 + octets[0] % 5 * 16);
		CU_ASSERT_EQUAL(octets[got - 1], octets[0]);
		seen[octets[0]] = true;
	}
	CU_ASSERT_TRUE(
		recv(pair->server, octets, sizeof(octets), MSG_DONTWAIT) < 0);
}

/* ---- cases */

static void datagrams_of_all_lengths_go(void)
{
	static uint8_t octets[COUNT][100];
	struct pair pair;

	start(&pair);
	CU_ASSERT_PTR_NOT_NULL(pair.sockets.batch);
	calls = 0;
	send_all(&pair, octets);
	CU_ASSERT_TRUE(calls < COUNT / 10);
	expect_all_at_server(&pair);
	stop(&pair);
}

/* Some devices cannot make datagrams of one. */
static void segments_that_are_refused_go_one_by_one(void)
{
	static const int errors[] = { EIO, EINVAL, EOPNOTSUPP, EMSGSIZE };
	static uint8_t octets[COUNT][100];
	struct pair pair;

	for (size_t i = 0; i < CHECK_COUNT(errors); i++) {
		start(&pair);
		refusal = errors[i];
		refusals = 1;
		send_all(&pair, octets);
		expect_all_at_server(&pair);
		stop(&pair);
	}
}

/* An error that the socket had to tell, of an earlier datagram. */
static void errors_of_before_cost_no_datagram(void)
{
	static uint8_t octets[COUNT][100];
	struct pair pair;

	start(&pair);
	refusal = ECONNREFUSED;
	refusals = 1;
	send_all(&pair, octets);
	expect_all_at_server(&pair);
	stop(&pair);
}

static void without_the_calls_all_goes_one_by_one(void)
{
	static uint8_t octets[COUNT][100];
	struct pair pair;

	refusal = ENOSYS;
	refusals = 1;
	start(&pair);
	CU_ASSERT_PTR_NULL(pair.sockets.batch);
	send_all(&pair, octets);
	expect_all_at_server(&pair);
	stop(&pair);
}

/* So many datagrams of 50 octets, each with its number, by three calls. */
static void send_segments(int fd)
{
	uint8_t octets[COUNT / 3 * 50];
	unsigned i;
#ifdef UDP_SEGMENT
	int length = 50;

	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &length, sizeof(length)) ==
		0) {
		for (i = 0; i < COUNT; i++) {
			octets[i % (COUNT / 3) * 50] = (uint8_t)i;
			if (i % (COUNT / 3) == COUNT / 3 - 1)
				CU_ASSERT_EQUAL(
					send(fd, octets, sizeof(octets), 0),
					(ssize_t)sizeof(octets));
		}
		return;
	}
#endif
	for (i = 0; i < COUNT; i++) {
		octets[0] = (uint8_t)i;
		CU_ASSERT_EQUAL(send(fd, octets, 50, 0), 50);
	}
}

/* What a server sends as one datagram of several comes as several. */
static void datagrams_that_came_as_one_are_taken_apart(void)
{
	static uint8_t octets[COUNT][100];
	struct tw_bulk_socket *socket;
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);
	unsigned datagrams = 0, turns = 0;
	struct pair pair;
	int error;

	start(&pair);
	socket = &pair.sockets.rows[3];
	send_all(&pair, octets);
	while (recvfrom(pair.server, octets, sizeof(octets), MSG_DONTWAIT,
		       (struct sockaddr *)&peer, &size) > 0)
		;
	CU_ASSERT_EQUAL(
		connect(pair.server, (struct sockaddr *)&peer, size), 0);
	send_segments(pair.server);
	while (datagrams < COUNT && turns++ < 1000) {
		unsigned count = tw_bulk_receive(&pair.sockets, socket, &error);

		for (unsigned i = 0; i < count; i++) {
			const struct tw_bulk_arrival *arrival =
				&pair.sockets.arrivals[i];

			CU_ASSERT_EQUAL(arrival->segment, 50);
			CU_ASSERT_FALSE(arrival->cut);
			for (size_t at = 0; at < arrival->length; at += 50)
				CU_ASSERT_EQUAL(
					arrival->octets[at], datagrams++);
		}
	}
	CU_ASSERT_EQUAL(datagrams, COUNT);
	stop(&pair);
}

static void nobody_there_is_told(void)
{
	struct pollfd polled;
	struct iovec packet = { (char *)"x", 1 };
	struct pair pair;
	int error = 0;

	start(&pair);
	close(pair.server);
	polled.fd = pair.sockets.rows[0].socket.fd;
	polled.events = POLLIN;
	tw_bulk_send(&pair.sockets, &pair.sockets.rows[0], &packet, 1);
	CU_ASSERT_EQUAL(poll(&polled, 1, 5000), 1);
	CU_ASSERT_EQUAL(
		tw_bulk_receive(&pair.sockets, &pair.sockets.rows[0], &error),
		0);
	CU_ASSERT_EQUAL(error, ECONNREFUSED);
	CU_ASSERT_EQUAL(poll(&polled, 1, 0), 0);
	pair.server = socket(AF_INET, SOCK_DGRAM, 0);
	stop(&pair);
}

/* All have ports of their own, and room for what may come at once. */
static void sockets_are_chosen_in_turn_up_to_their_room(void)
{
	struct pair pair;
	uint32_t room, all = 0;
	bool seen[16] = { false };

	start(&pair);
	CU_ASSERT_EQUAL(pair.sockets.count, 16);
	for (unsigned i = 0; i < 16; i++) {
		struct tw_bulk_socket *row =
			tw_bulk_sockets_choose(&pair.sockets, 0, &room);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row);
		CU_ASSERT_TRUE(room > 0 && room <= TW_BULK_QUERIES);
		CU_ASSERT_FALSE(seen[row - pair.sockets.rows]);
		seen[row - pair.sockets.rows] = true;
	}
	for (unsigned i = 0; i < 16; i++) {
		pair.sockets.rows[i].in_flight = pair.sockets.rows[i].capacity;
		all += pair.sockets.rows[i].capacity;
	}
	CU_ASSERT_TRUE(all >= 1000);
	CU_ASSERT_PTR_NULL(tw_bulk_sockets_choose(&pair.sockets, 0, &room));
	pair.sockets.rows[7].in_flight -= 2;
	CU_ASSERT_PTR_EQUAL(tw_bulk_sockets_choose(&pair.sockets, 0, &room),
		&pair.sockets.rows[7]);
	CU_ASSERT_EQUAL(room, 2);
	stop(&pair);
}

static const struct check_case cases[] = {
	CHECK_CASE(datagrams_of_all_lengths_go),
	CHECK_CASE(segments_that_are_refused_go_one_by_one),
	CHECK_CASE(errors_of_before_cost_no_datagram),
	CHECK_CASE(without_the_calls_all_goes_one_by_one),
	CHECK_CASE(datagrams_that_came_as_one_are_taken_apart),
	CHECK_CASE(nobody_there_is_told),
	CHECK_CASE(sockets_are_chosen_in_turn_up_to_their_room),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
