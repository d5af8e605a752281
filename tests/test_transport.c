/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "resolver/address.h"
#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define SECOND_US 1000000
#define LONG_US (5 * SECOND_US) /* for what should come at once */

static uint8_t buffer[65536];

/* What one call of tw_socket_receive() gave. */
struct arrival {
	enum tw_event event;
	const uint8_t *octets;
	size_t length;
	int error;
};

static struct arrival receive_now(struct tw_socket *socket, size_t size)
{
	struct arrival arrival;

	arrival.event = tw_socket_receive(socket, buffer, size, &arrival.octets,
		&arrival.length, &arrival.error);
	return arrival;
}

/* Returns 0 or the errno. */
static int wait_for(struct pollfd *fds, nfds_t count, uint64_t until_us)
{
	for (;;) {
		uint64_t now_us = tw_clock_us();
		uint64_t left = until_us > now_us ? until_us - now_us : 0;
		int ready = poll(fds, count, (int)((left + 999) / 1000));

		if (ready > 0 || (ready == 0 && tw_clock_us() >= until_us))
			return 0;
		if (ready < 0 && errno != EINTR)
			return errno;
	}
}

static bool is_ready(struct tw_socket *socket, uint64_t until_us)
{
	struct pollfd fd = { .fd = socket->fd,
		.events = tw_socket_events(socket) };

	return wait_for(&fd, 1, until_us) == 0 && fd.revents != 0;
}

/* Waits until something has come; TW_EVENT_NONE: nothing did. */
static struct arrival receive(struct tw_socket *socket, uint64_t time_us)
{
	uint64_t until_us = tw_clock_us() + time_us;
	struct arrival arrival = { .event = TW_EVENT_NONE };

	while (arrival.event == TW_EVENT_NONE && is_ready(socket, until_us))
		arrival = receive_now(socket, sizeof(buffer));
	return arrival;
}

static bool is_text(const struct arrival *arrival, const char *text)
{
	return arrival->event == TW_EVENT_MESSAGE &&
		arrival->length == strlen(text) &&
		memcmp(arrival->octets, text, arrival->length) == 0;
}

static int open_to(
	struct tw_socket *socket, bool tcp, const struct server *server)
{
	struct trowel_address address = server_address(server);

	return tw_socket_open(socket, tcp, &address, NULL);
}

/* Opens a socket and sends text. */
static int ask(struct tw_socket *socket, bool tcp, const struct server *server,
	const char *text)
{
	int error = open_to(socket, tcp, server);

	if (error == 0)
		error = tw_socket_send(
			socket, (const uint8_t *)text, strlen(text));
	return error;
}

static uint16_t local_port(const struct tw_socket *socket)
{
	struct sockaddr_in6 own = { 0 }; /* its port stands where IPv4's does */
	socklen_t size = sizeof(own);

	getsockname(socket->fd, (struct sockaddr *)&own, &size);
	return ntohs(own.sin6_port);
}

static size_t count_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			count++;
	return count;
}

static void echo(struct server_request *request)
{
	server_reply(request, request->octets, request->length);
}

static void stay_silent(struct server_request *request)
{
	(void)request;
}

static void check_echo(int family, bool tcp)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;

	server_start(&server, family, echo);
	CU_ASSERT_EQUAL(ask(&socket, tcp, &server, "hello, server"), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "hello, server"));
	arrival = receive_now(&socket, sizeof(buffer));
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_NONE);
	tw_socket_close(&socket);
	server_stop(&server);
}

/* ---- UDP */

static void one_echo_goes_there_and_back(void)
{
	check_echo(AF_INET, false);
}

static void one_echo_goes_there_and_back_by_ipv6(void)
{
	if (!check_has_ipv6()) {
		check_skip("::1 cannot be bound");
		return;
	}
	check_echo(AF_INET6, false);
}

static void client_times_out_in_its_time_and_says_so(void)
{
	struct server server;
	struct tw_socket socket;
	uint64_t start = tw_clock_us();
	struct pollfd fd = { .events = POLLIN };

	server_start(&server, AF_INET, stay_silent);
	CU_ASSERT_EQUAL(ask(&socket, false, &server, "anybody there?"), 0);
	fd.fd = socket.fd;
	start = tw_clock_us();
	CU_ASSERT_EQUAL(wait_for(&fd, 1, start + 50000), 0);
	CU_ASSERT_EQUAL(fd.revents, 0);
	CU_ASSERT(tw_clock_us() - start >= 50000);
	CU_ASSERT(tw_clock_us() - start < SECOND_US);
	CU_ASSERT_EQUAL(receive_now(&socket, 512).event, TW_EVENT_NONE);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void client_sends_waits_retries_and_gives_up(void)
{
	struct server server;
	struct tw_socket sockets[3];
	bool answered = false;

	server_start(&server, AF_INET, stay_silent);
	for (int i = 0; i < 3 && !answered; i++) {
		CU_ASSERT_EQUAL(ask(&sockets[i], false, &server, "query"), 0);
		answered = receive(&sockets[i], 20000).event != TW_EVENT_NONE;
	}
	CU_ASSERT_FALSE(answered);
	CU_ASSERT(server_has_seen(&server, 3));
	/* each try has a port of its own */
	CU_ASSERT_NOT_EQUAL(server.shared->ports[0], server.shared->ports[1]);
	CU_ASSERT_NOT_EQUAL(server.shared->ports[1], server.shared->ports[2]);
	for (int i = 0; i < 3; i++)
		tw_socket_close(&sockets[i]);
	server_stop(&server);
}

static void echo_at_third_request(struct server_request *request)
{
	if (request->number == 2)
		echo(request);
}

static void client_that_retries_is_answered_in_the_end(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival = { .event = TW_EVENT_NONE };
	int tries = 0;

	server_start(&server, AF_INET, echo_at_third_request);
	while (arrival.event == TW_EVENT_NONE && tries < 3) {
		tries++;
		CU_ASSERT_EQUAL(ask(&socket, false, &server, "query"), 0);
		arrival = receive(&socket, tries < 3 ? 20000 : LONG_US);
		CU_ASSERT(tries < 3 || is_text(&arrival, "query"));
		tw_socket_close(&socket);
	}
	CU_ASSERT_EQUAL(tries, 3);
	server_stop(&server);
}

static void hundred_clients_are_served_by_one_socket(void)
{
	struct server server;
	struct tw_socket clients[100];
	char text[32];

	server_start(&server, AF_INET, echo);
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "client %d", i);
		CU_ASSERT_EQUAL(ask(&clients[i], false, &server, text), 0);
	}
	for (int i = 99; i >= 0; i--) {
		struct arrival arrival = receive(&clients[i], LONG_US);

		snprintf(text, sizeof(text), "client %d", i);
		CU_ASSERT(is_text(&arrival, text));
		tw_socket_close(&clients[i]);
	}
	CU_ASSERT_EQUAL(server.shared->udp, 100);
	server_stop(&server);
}

static void forge_then_echo(struct server_request *request)
{
	server_reply_from(request, "127.0.0.1", 0, "forged", 6);
	server_reply_from(
		request, "127.0.0.2", request->server->port, "forged", 6);
	echo(request);
}

static void connected_socket_drops_a_strangers_datagram(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;

	server_start(&server, AF_INET, forge_then_echo);
	CU_ASSERT_EQUAL(ask(&socket, false, &server, "query"), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "query"));
	CU_ASSERT_EQUAL(receive_now(&socket, 512).event, TW_EVENT_NONE);
	tw_socket_close(&socket);
	server_stop(&server);
}

/* T9, SAD DNS: what a stranger sends to the port of a query draws the same as
 * what he sends to a closed one. */
static void stranger_cannot_tell_the_port_of_a_query(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	struct sockaddr_in target = { .sin_family = AF_INET };
	struct server server;
	struct tw_socket socket_of_query;
	int stranger = socket(AF_INET, SOCK_DGRAM, 0);

	server_start(&server, AF_INET, stay_silent);
	CU_ASSERT_EQUAL(ask(&socket_of_query, false, &server, "query"), 0);
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
	target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	target.sin_port = htons(local_port(&socket_of_query));
	CU_ASSERT_EQUAL(
		bind(stranger, (struct sockaddr *)&own, sizeof(own)), 0);
	CU_ASSERT_EQUAL(
		connect(stranger, (struct sockaddr *)&target, sizeof(target)),
		0);
	CU_ASSERT_EQUAL(send(stranger, "probe", 5, 0), 5);
	CU_ASSERT_EQUAL(recv(stranger, buffer, 1, MSG_DONTWAIT), -1);
	CU_ASSERT_EQUAL(errno, ECONNREFUSED);
	close(stranger);
	tw_socket_close(&socket_of_query);
	server_stop(&server);
}

static void datagram_of_65507_octets_arrives_whole(void)
{
	static uint8_t large[65507];
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;

	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i * 7 + i / 256);
	server_start(&server, AF_INET, echo);
	CU_ASSERT_EQUAL(open_to(&socket, false, &server), 0);
	CU_ASSERT_EQUAL(tw_socket_send(&socket, large, sizeof(large)), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_MESSAGE);
	CU_ASSERT_EQUAL_FATAL(arrival.length, sizeof(large));
	CU_ASSERT_EQUAL(memcmp(arrival.octets, large, sizeof(large)), 0);
	CU_ASSERT_EQUAL(tw_socket_send(&socket, buffer, 65508), EMSGSIZE);
	CU_ASSERT_EQUAL(tw_socket_send(&socket, buffer, 65536), EMSGSIZE);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void datagram_cut_by_a_small_buffer_is_noticed(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;

	server_start(&server, AF_INET, echo);
	CU_ASSERT_EQUAL(ask(&socket, false, &server, "0123456789"), 0);
	CU_ASSERT(is_ready(&socket, tw_clock_us() + LONG_US));
	memset(buffer, 'x', sizeof(buffer));
	arrival = receive_now(&socket, 9);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_CUT);
	CU_ASSERT_EQUAL(arrival.length, 9);
	CU_ASSERT_EQUAL(memcmp(buffer, "012345678x", 10), 0);
	/* one that just fits is whole */
	CU_ASSERT_EQUAL(tw_socket_send(&socket, (const uint8_t *)"abc", 3), 0);
	CU_ASSERT(is_ready(&socket, tw_clock_us() + LONG_US));
	arrival = receive_now(&socket, 3);
	CU_ASSERT(is_text(&arrival, "abc"));
	tw_socket_close(&socket);
	server_stop(&server);
}

static void empty_datagram_is_a_message_and_no_end(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;

	server_start(&server, AF_INET, echo);
	CU_ASSERT_EQUAL(ask(&socket, false, &server, ""), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_MESSAGE);
	CU_ASSERT_EQUAL(arrival.length, 0);
	CU_ASSERT_EQUAL(tw_socket_send(&socket, (const uint8_t *)"more", 4), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "more"));
	tw_socket_close(&socket);
	server_stop(&server);
}

static void check_refusal(int family)
{
	struct trowel_address closed = server_nowhere(family);
	struct tw_socket socket;
	struct arrival arrival;
	uint64_t start;

	CU_ASSERT_EQUAL(tw_socket_open(&socket, false, &closed, NULL), 0);
	start = tw_clock_us();
	CU_ASSERT_EQUAL(
		tw_socket_send(&socket, (const uint8_t *)"query", 5), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(tw_clock_us() - start < SECOND_US / 5);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_FAILED);
	CU_ASSERT_EQUAL(arrival.error, ECONNREFUSED);
	/* it is told once, and poll() does not go on about it */
	CU_ASSERT_FALSE(is_ready(&socket, tw_clock_us() + 10000));
	CU_ASSERT_EQUAL(receive_now(&socket, 512).event, TW_EVENT_NONE);
	tw_socket_close(&socket);
}

static void icmp_refusal_is_seen_in_milliseconds(void)
{
	check_refusal(AF_INET);
	if (check_has_ipv6())
		check_refusal(AF_INET6);
}

static void ten_thousand_exchanges_lose_no_descriptor(void)
{
	struct server server;
	size_t before;
	int good = 0;

	server_start(&server, AF_INET, echo);
	before = count_descriptors();
	for (int i = 0; i < 10000; i++) {
		struct tw_socket socket;
		struct arrival arrival;

		if (ask(&socket, false, &server, "query") != 0)
			break;
		arrival = receive(&socket, LONG_US);
		if (is_text(&arrival, "query"))
			good++;
		tw_socket_close(&socket);
	}
	CU_ASSERT_EQUAL(good, 10000);
	CU_ASSERT_EQUAL(count_descriptors(), before);
	server_stop(&server);
}

static void sockets_are_private_and_never_block(void)
{
	struct server server;
	struct tw_socket sockets[2];

	server_start(&server, AF_INET, echo);
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(open_to(&sockets[i], i == 1, &server), 0);
		CU_ASSERT(fcntl(sockets[i].fd, F_GETFD) & FD_CLOEXEC);
		CU_ASSERT(fcntl(sockets[i].fd, F_GETFL) & O_NONBLOCK);
		tw_socket_close(&sockets[i]);
	}
	server_stop(&server);
}

static void path_mtu_discovery_is_off(void)
{
#if defined(IP_MTU_DISCOVER) && defined(IPV6_MTU_DISCOVER)
	static const struct trowel_address servers[] = {
		{ .family = 4, .octets = { 127, 0, 0, 1 }, .port = 53 },
		{ .family = 6, .octets = { [15] = 1 }, .port = 53 },
	};
	struct tw_socket socket;
	int value = -1;
	socklen_t size = sizeof(value);

	CU_ASSERT_EQUAL(tw_socket_open(&socket, false, &servers[0], NULL), 0);
	getsockopt(socket.fd, IPPROTO_IP, IP_MTU_DISCOVER, &value, &size);
	CU_ASSERT_EQUAL(value, IP_PMTUDISC_DONT);
	tw_socket_close(&socket);
	if (!check_has_ipv6())
		return;
	value = -1;
	CU_ASSERT_EQUAL(tw_socket_open(&socket, false, &servers[1], NULL), 0);
	getsockopt(socket.fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value, &size);
	CU_ASSERT_EQUAL(value, IPV6_PMTUDISC_DONT);
	tw_socket_close(&socket);
#else
	check_skip("the system has no such option");
#endif
}

/* 64 ports out of some 28,000: by chance, fewer than 60 different ones come
 * once in 10^9 runs; that all rise by 1 to 64 is a counter's way. */
static void source_ports_are_fresh_and_spread(void)
{
	struct server server;
	uint16_t ports[64];
	size_t different = 0;
	size_t small_steps = 0;

	server_start(&server, AF_INET, echo);
	for (size_t i = 0; i < 64; i++) {
		struct tw_socket socket;
		bool seen = false;

		CU_ASSERT_EQUAL(open_to(&socket, false, &server), 0);
		ports[i] = local_port(&socket);
		tw_socket_close(&socket);
		for (size_t j = 0; j < i; j++)
			seen = seen || ports[j] == ports[i];
		different += !seen;
		small_steps += i > 0 && ports[i] > ports[i - 1] &&
			ports[i] - ports[i - 1] <= 64;
	}
	CU_ASSERT(different >= 60);
	CU_ASSERT(small_steps < 32);
	server_stop(&server);
}

/* A link-local address of this machine, with its scope. */
static bool find_link_local(struct trowel_address *address)
{
	struct ifaddrs *all;
	bool found = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (struct ifaddrs *i = all; i != NULL && !found; i = i->ifa_next) {
		struct sockaddr_in6 ipv6;

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET6)
			continue;
		memcpy(&ipv6, i->ifa_addr, sizeof(ipv6));
		found = IN6_IS_ADDR_LINKLOCAL(&ipv6.sin6_addr);
		address->family = 6;
		address->scope = ipv6.sin6_scope_id;
		memcpy(address->octets, &ipv6.sin6_addr, 16);
	}
	freeifaddrs(all);
	return found;
}

static void link_local_servers_are_reached_by_their_scope(void)
{
	struct trowel_address address = { 0 };
	struct sockaddr_storage storage;
	struct sockaddr_in6 ipv6;
	struct tw_socket client;
	struct arrival arrival;
	socklen_t size;
	int server;

	if (!find_link_local(&address)) {
		check_skip("this machine has no link-local address");
		return;
	}
	size = tw_address_to_sockaddr(&address, 0, &storage);
	server = socket(AF_INET6, SOCK_DGRAM, 0);
	CU_ASSERT_EQUAL_FATAL(
		bind(server, (struct sockaddr *)&storage, size), 0);
	size = sizeof(ipv6);
	getsockname(server, (struct sockaddr *)&ipv6, &size);
	address.port = ntohs(ipv6.sin6_port);
	CU_ASSERT_EQUAL_FATAL(
		tw_socket_open(&client, false, &address, NULL), 0);
	CU_ASSERT_EQUAL(tw_socket_send(&client, (const uint8_t *)"q", 1), 0);
	CU_ASSERT_EQUAL(
		recvfrom(server, buffer, 1, 0, (struct sockaddr *)&ipv6, &size),
		1);
	CU_ASSERT_EQUAL(ntohs(ipv6.sin6_port), local_port(&client));
	sendto(server, "r", 1, 0, (struct sockaddr *)&ipv6, size);
	arrival = receive(&client, LONG_US);
	CU_ASSERT(is_text(&arrival, "r"));
	tw_socket_close(&client);
	close(server);
}

/* ---- TCP */

static void one_message_goes_there_and_back_by_tcp(void)
{
	check_echo(AF_INET, true);
	if (check_has_ipv6())
		check_echo(AF_INET6, true);
}

/* Asks by TCP, and gives what came; the socket stays open. */
static struct arrival ask_by_tcp(struct server *server,
	struct tw_socket *socket, server_script *script, uint64_t time_us)
{
	server_start(server, AF_INET, script);
	CU_ASSERT_EQUAL(ask(socket, true, server, "thirteen more"), 0);
	return receive(socket, time_us);
}

/* The same, where one event and errno is all that is looked for. */
static void check_tcp(server_script *script, enum tw_event event, int error)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival = ask_by_tcp(&server, &socket, script, LONG_US);

	CU_ASSERT_EQUAL(arrival.event, event);
	CU_ASSERT_EQUAL(arrival.error, error);
	tw_socket_close(&socket);
	CU_ASSERT_EQUAL(socket.fd, -1);
	server_stop(&server);
}

static void drip(struct server_request *request)
{
	static const uint8_t frame[] = "\0\15thirteen more";
	int yes = 1;

	setsockopt(request->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	for (size_t i = 0; i < sizeof(frame) - 1; i++) {
		server_write(request, frame + i, 1);
		poll(NULL, 0, 2);
	}
}

static void message_that_drips_in_is_put_together(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival = ask_by_tcp(&server, &socket, drip, LONG_US);

	CU_ASSERT(is_text(&arrival, "thirteen more"));
	tw_socket_close(&socket);
	server_stop(&server);
}

static void write_two_frames(struct server_request *request)
{
	server_write(request, "\0\14first  frame\0\15second  frame\0\14third",
		2 + 12 + 2 + 13 + 2 + 5);
	request->is_over = true;
}

static void frames_in_one_segment_come_one_by_one(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival =
		ask_by_tcp(&server, &socket, write_two_frames, LONG_US);

	CU_ASSERT(is_text(&arrival, "first  frame"));
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "second  frame"));
	arrival = receive(&socket, LONG_US);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_CLOSED);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void close_at_once(struct server_request *request)
{
	request->is_over = true;
}

static void close_after_one_octet(struct server_request *request)
{
	server_write(request, "", 1);
	request->is_over = true;
}

static void close_after_the_length(struct server_request *request)
{
	server_write(request, "\0\15", 2);
	request->is_over = true;
}

static void close_within_the_message(struct server_request *request)
{
	server_write_frame(request, 13, "twelve octet", 12);
	request->is_over = true;
}

static void connection_closed_too_early_is_told(void)
{
	check_tcp(close_at_once, TW_EVENT_CLOSED, 0);
	check_tcp(close_after_one_octet, TW_EVENT_CLOSED, 0);
	check_tcp(close_after_the_length, TW_EVENT_CLOSED, 0);
	check_tcp(close_within_the_message, TW_EVENT_CLOSED, 0);
}

static void reply_then_close(struct server_request *request)
{
	echo(request);
	request->is_over = true;
}

static void whole_message_before_a_close_counts(void)
{
	check_tcp(reply_then_close, TW_EVENT_MESSAGE, 0);
}

static void half_close_then_reply(struct server_request *request)
{
	echo(request);
	shutdown(request->fd, SHUT_WR);
}

static void message_before_a_half_close_counts(void)
{
	check_tcp(half_close_then_reply, TW_EVENT_MESSAGE, 0);
}

static void reset_after_a_part(struct server_request *request)
{
	server_write(request, "\0\15thir", 6);
	server_reset(request);
}

static void connection_reset_is_told(void)
{
	check_tcp(server_reset, TW_EVENT_FAILED, ECONNRESET);
	check_tcp(reset_after_a_part, TW_EVENT_FAILED, ECONNRESET);
}

static void connection_refused_is_told(void)
{
	struct trowel_address closed = server_nowhere(AF_INET);
	struct tw_socket socket;
	struct arrival arrival;
	int error = tw_socket_open(&socket, true, &closed, NULL);

	if (error == 0)
		error = tw_socket_send(&socket, (const uint8_t *)"q", 1);
	if (error == 0) {
		arrival = receive(&socket, LONG_US);
		CU_ASSERT_EQUAL(arrival.event, TW_EVENT_FAILED);
		error = arrival.error;
	}
	CU_ASSERT_EQUAL(error, ECONNREFUSED);
	tw_socket_close(&socket);
}

static void announce_0(struct server_request *request)
{
	server_write_frame(request, 0, "", 0);
}

static void announce_1(struct server_request *request)
{
	server_write_frame(request, 1, "x", 1);
}

static void announce_11(struct server_request *request)
{
	server_write_frame(request, 11, "eleven octe", 11);
}

static void announce_12(struct server_request *request)
{
	server_write_frame(request, 12, "twelve octet", 12);
}

static void announce_65535(struct server_request *request)
{
	static uint8_t octets[65535];

	memset(octets, 'y', sizeof(octets));
	server_write_frame(request, 65535, octets, sizeof(octets));
}

static void lengths_that_no_message_has_are_errors_at_once(void)
{
	check_tcp(announce_0, TW_EVENT_FAILED, EBADMSG);
	check_tcp(announce_1, TW_EVENT_FAILED, EBADMSG);
	check_tcp(announce_11, TW_EVENT_FAILED, EBADMSG);
	check_tcp(announce_12, TW_EVENT_MESSAGE, 0);
}

static void message_of_65535_octets_arrives_whole(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival =
		ask_by_tcp(&server, &socket, announce_65535, LONG_US);
	size_t good = 0;

	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_MESSAGE);
	CU_ASSERT_EQUAL(arrival.length, 65535);
	for (size_t i = 0; i < arrival.length; i++)
		good += arrival.octets[i] == 'y';
	CU_ASSERT_EQUAL(good, 65535);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void announce_too_much(struct server_request *request)
{
	server_write_frame(request, 60000, request->octets, request->length);
}

static void length_that_lies_is_waited_for_no_longer_than_told(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival =
		ask_by_tcp(&server, &socket, announce_too_much, 30000);

	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_NONE);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void announce_too_little(struct server_request *request)
{
	static uint8_t octets[40];

	server_write_frame(request, 12, octets, sizeof(octets));
}

static void surplus_octets_are_read_as_a_frame_of_their_own(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival =
		ask_by_tcp(&server, &socket, announce_too_little, LONG_US);

	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_MESSAGE);
	CU_ASSERT_EQUAL(arrival.length, 12);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_FAILED);
	CU_ASSERT_EQUAL(arrival.error, EBADMSG);
	tw_socket_close(&socket);
	server_stop(&server);
}

/* A listener whose kernel buffer holds little, and reads when it is told. */
static int listen_narrowly(struct trowel_address *address)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t size = sizeof(own);
	int small = 2048;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if (bind(fd, (struct sockaddr *)&own, size) != 0 || listen(fd, 1) != 0)
		abort();
	getsockname(fd, (struct sockaddr *)&own, &size);
	trowel_address_parse("127.0.0.1", address);
	address->port = ntohs(own.sin_port);
	return fd;
}

static void query_is_written_in_parts(void)
{
	static uint8_t large[65535];
	static uint8_t seen[65537];
	struct trowel_address address;
	struct tw_socket socket;
	int small = 2048;
	size_t got = 0;
	size_t parts = 0;
	int listener = listen_narrowly(&address);
	int connection;

	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i * 7 + i / 256);
	CU_ASSERT_EQUAL(tw_socket_open(&socket, true, &address, NULL), 0);
	setsockopt(socket.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	CU_ASSERT_EQUAL(tw_socket_send(&socket, large, sizeof(large)), 0);
	connection = accept(listener, NULL, NULL);
	while (got < sizeof(seen)) {
		ssize_t more =
			recv(connection, seen + got, sizeof(seen) - got, 0);

		if (more <= 0)
			break;
		got += (size_t)more;
		parts += (tw_socket_events(&socket) & POLLOUT) != 0;
		CU_ASSERT_EQUAL(receive_now(&socket, 512).event, TW_EVENT_NONE);
	}
	CU_ASSERT(parts > 1);
	CU_ASSERT_EQUAL(tw_socket_events(&socket), POLLIN);
	CU_ASSERT_EQUAL(memcmp(seen, "\377\377", 2), 0);
	CU_ASSERT_EQUAL(memcmp(seen + 2, large, sizeof(large)), 0);
	close(connection);
	CU_ASSERT_EQUAL(receive(&socket, LONG_US).event, TW_EVENT_CLOSED);
	tw_socket_close(&socket);
	close(listener);
}

static void query_may_be_overwritten_once_it_is_sent(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;
	char text[] = "twelve octets, and more";

	server_start(&server, AF_INET, echo);
	CU_ASSERT_EQUAL(ask(&socket, true, &server, text), 0);
	memset(text, 'x', sizeof(text));
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "twelve octets, and more"));
	tw_socket_close(&socket);
	server_stop(&server);
}

static void client_that_has_gone_is_no_signal(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival =
		ask_by_tcp(&server, &socket, server_reset, LONG_US);
	int error = 0;

	CU_ASSERT_EQUAL(arrival.event, TW_EVENT_FAILED);
	for (int i = 0; i < 3; i++)
		error = tw_socket_send(&socket, (const uint8_t *)"q", 1);
	CU_ASSERT_NOT_EQUAL(error, 0); /* and no SIGPIPE */
	tw_socket_close(&socket);
	server_stop(&server);
}

/* ---- descriptors, signals, the clock */

static void closing_twice_closes_once(void)
{
	struct server server;
	struct tw_socket socket;
	int fd;

	server_start(&server, AF_INET, echo);
	CU_ASSERT_EQUAL(open_to(&socket, false, &server), 0);
	fd = socket.fd;
	tw_socket_close(&socket);
	CU_ASSERT_EQUAL(socket.fd, -1);
	CU_ASSERT_EQUAL(dup2(0, fd), fd); /* somebody else's by now */
	tw_socket_close(&socket);
	CU_ASSERT(fcntl(fd, F_GETFD) >= 0);
	close(fd);
	CU_ASSERT_EQUAL(
		tw_socket_send(&socket, (const uint8_t *)"q", 1), EBADF);
	CU_ASSERT_EQUAL(receive_now(&socket, 512).event, TW_EVENT_NONE);
	server_stop(&server);
}

static void address_out_of_reach_is_an_error_at_once(void)
{
	/* link-local without a scope, and broadcast without leave */
	static const char *const texts[] = { "[fe80::1]:53",
		"255.255.255.255:53" };

	for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
		struct trowel_address address;
		struct tw_socket socket;
		size_t before = count_descriptors();

		trowel_address_parse(texts[i], &address);
		CU_ASSERT_NOT_EQUAL(
			tw_socket_open(&socket, false, &address, NULL), 0);
		CU_ASSERT_EQUAL(socket.fd, -1);
		CU_ASSERT_EQUAL(count_descriptors(), before);
	}
}

static void want_of_descriptors_is_an_error(void)
{
	static const struct trowel_address address = { .family = 4,
		.octets = { 127, 0, 0, 1 } };
	struct tw_socket socket;
	rlim_t before =
		check_limit_descriptors((rlim_t)check_next_descriptor());
	int error = tw_socket_open(&socket, false, &address, NULL);

	check_limit_descriptors(before);
	CU_ASSERT_EQUAL(error, EMFILE);
	CU_ASSERT_EQUAL(socket.fd, -1);
	CU_ASSERT_EQUAL(tw_socket_open(&socket, false, &address, NULL), 0);
	tw_socket_close(&socket);
}

static void descriptors_above_those_of_select_are_good(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;
	struct rlimit limit;
	int last = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	server_start(&server, AF_INET, echo);
	while (last >= 0 && last < FD_SETSIZE + 10)
		last = fcntl(0, F_DUPFD, last);
	if (last < 0) {
		check_skip("the limit of descriptors is too low");
	} else {
		CU_ASSERT_EQUAL(ask(&socket, false, &server, "query"), 0);
		CU_ASSERT(socket.fd > FD_SETSIZE);
		arrival = receive(&socket, LONG_US);
		CU_ASSERT(is_text(&arrival, "query"));
		tw_socket_close(&socket);
	}
	for (int fd = server.stop + 1; fd <= FD_SETSIZE + 10; fd++)
		close(fd);
	server_stop(&server);
}

static void descriptor_0_is_good(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;
	int saved = fcntl(0, F_DUPFD_CLOEXEC, 100);
	int fd;

	server_start(&server, AF_INET, echo);
	close(0);
	CU_ASSERT_EQUAL(ask(&socket, false, &server, "query"), 0);
	fd = socket.fd;
	arrival = receive(&socket, LONG_US);
	tw_socket_close(&socket);
	dup2(saved, 0);
	close(saved);
	CU_ASSERT_EQUAL(fd, 0);
	CU_ASSERT(is_text(&arrival, "query"));
	server_stop(&server);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void start_storm(struct sigaction *before)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct itimerval every_ms = { { 0, 1000 }, { 0, 1000 } };

	signals = 0;
	sigaction(SIGALRM, &action, before); /* without SA_RESTART */
	setitimer(ITIMER_REAL, &every_ms, NULL);
}

static void end_storm(const struct sigaction *before)
{
	struct itimerval never = { { 0, 0 }, { 0, 0 } };

	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, before, NULL);
}

static void signals_do_not_disturb_a_message_by_tcp(void)
{
	struct server server;
	struct tw_socket socket;
	struct arrival arrival;
	struct sigaction before;

	server_start(&server, AF_INET, drip);
	start_storm(&before);
	CU_ASSERT_EQUAL(ask(&socket, true, &server, "thirteen more"), 0);
	arrival = receive(&socket, LONG_US);
	CU_ASSERT(is_text(&arrival, "thirteen more"));
	end_storm(&before);
	CU_ASSERT(signals > 10);
	tw_socket_close(&socket);
	server_stop(&server);
}

static void clock_never_goes_back(void)
{
	uint64_t last = tw_clock_us();

	for (int i = 0; i < 100000; i++) {
		uint64_t now = tw_clock_us();

		if (now < last)
			CU_FAIL("it went back");
		last = now;
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(one_echo_goes_there_and_back),
	CHECK_CASE(one_echo_goes_there_and_back_by_ipv6),
	CHECK_CASE(client_times_out_in_its_time_and_says_so),
	CHECK_CASE(client_sends_waits_retries_and_gives_up),
	CHECK_CASE(client_that_retries_is_answered_in_the_end),
	CHECK_CASE(hundred_clients_are_served_by_one_socket),
	CHECK_CASE(connected_socket_drops_a_strangers_datagram),
	CHECK_CASE(stranger_cannot_tell_the_port_of_a_query),
	CHECK_CASE(datagram_of_65507_octets_arrives_whole),
	CHECK_CASE(datagram_cut_by_a_small_buffer_is_noticed),
	CHECK_CASE(empty_datagram_is_a_message_and_no_end),
	CHECK_CASE(icmp_refusal_is_seen_in_milliseconds),
	CHECK_CASE(ten_thousand_exchanges_lose_no_descriptor),
	CHECK_CASE(sockets_are_private_and_never_block),
	CHECK_CASE(path_mtu_discovery_is_off),
	CHECK_CASE(source_ports_are_fresh_and_spread),
	CHECK_CASE(link_local_servers_are_reached_by_their_scope),
	CHECK_CASE(one_message_goes_there_and_back_by_tcp),
	CHECK_CASE(message_that_drips_in_is_put_together),
	CHECK_CASE(frames_in_one_segment_come_one_by_one),
	CHECK_CASE(connection_closed_too_early_is_told),
	CHECK_CASE(whole_message_before_a_close_counts),
	CHECK_CASE(message_before_a_half_close_counts),
	CHECK_CASE(connection_reset_is_told),
	CHECK_CASE(connection_refused_is_told),
	CHECK_CASE(lengths_that_no_message_has_are_errors_at_once),
	CHECK_CASE(message_of_65535_octets_arrives_whole),
	CHECK_CASE(length_that_lies_is_waited_for_no_longer_than_told),
	CHECK_CASE(surplus_octets_are_read_as_a_frame_of_their_own),
	CHECK_CASE(query_is_written_in_parts),
	CHECK_CASE(query_may_be_overwritten_once_it_is_sent),
	CHECK_CASE(client_that_has_gone_is_no_signal),
	CHECK_CASE(closing_twice_closes_once),
	CHECK_CASE(address_out_of_reach_is_an_error_at_once),
	CHECK_CASE(want_of_descriptors_is_an_error),
	CHECK_CASE(descriptors_above_those_of_select_are_good),
	CHECK_CASE(descriptor_0_is_good),
	CHECK_CASE(signals_do_not_disturb_a_message_by_tcp),
	CHECK_CASE(clock_never_goes_back),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
