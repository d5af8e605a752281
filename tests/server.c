/* SPDX-License-Identifier: MIT */
#include "tests/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "resolver/address.h"

#define PATIENCE_S 10 /* of a TCP connection with a client that is silent */

static void start(struct server *server, int family, server_script *script,
	bool with_tcp);
static int bind_to(int family, int type, uint16_t port);
static uint16_t port_of(int fd);
static void serve(struct server *server, int stop, server_script *script);
static void serve_datagram(struct server *server, server_script *script);
static void serve_connection(
	struct server *server, int stop, server_script *script);
static void talk(struct server *server, int fd, server_script *script);
static bool read_whole(int fd, uint8_t *octets, size_t length);
static void note(struct server_request *request);
static void need(bool good, const char *what);
static void put16(uint8_t *octets, size_t value);
static size_t question_end(const struct server_request *request);
static struct trowel_name name_asked(const struct server_request *request);

void server_start(struct server *server, int family, server_script *script)
{
	start(server, family, script, true);
}

void server_start_udp(struct server *server, int family, server_script *script)
{
	start(server, family, script, false);
}

static void start(
	struct server *server, int family, server_script *script, bool with_tcp)
{
	int ends[2];

	memset(server, 0, sizeof(*server));
	server->family = family;
	server->shared = mmap(NULL, sizeof(*server->shared),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(server->shared != MAP_FAILED, "mmap");
	do { /* until a port is free for both */
		server->udp = bind_to(family, SOCK_DGRAM, 0);
		need(server->udp >= 0, "bind");
		server->port = port_of(server->udp);
		server->tcp = -1;
		if (with_tcp)
			server->tcp =
				bind_to(family, SOCK_STREAM, server->port);
		if (with_tcp && server->tcp < 0)
			close(server->udp);
	} while (with_tcp && server->tcp < 0);
	need(!with_tcp || listen(server->tcp, 64) == 0, "listen");
	need(pipe(ends) == 0, "pipe");
	fflush(NULL);
	server->pid = fork();
	need(server->pid >= 0, "fork");
	if (server->pid == 0) {
		close(ends[1]);
		serve(server, ends[0], script);
		_exit(0);
	}
	close(ends[0]);
	server->stop = ends[1];
	close(server->udp);
	if (with_tcp)
		close(server->tcp);
}

void server_stop(struct server *server)
{
	close(server->stop);
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	munmap(server->shared, sizeof(*server->shared));
}

struct trowel_address server_address(const struct server *server)
{
	struct trowel_address address;

	trowel_address_parse(
		server->family == AF_INET ? "127.0.0.1" : "::1", &address);
	address.port = server->port;
	return address;
}

struct trowel_address server_nowhere(int family)
{
	struct server closed = { .family = family };
	int udp;
	int tcp;

	do {
		udp = bind_to(family, SOCK_DGRAM, 0);
		need(udp >= 0, "bind");
		closed.port = port_of(udp);
		tcp = bind_to(family, SOCK_STREAM, closed.port);
		close(udp);
	} while (tcp < 0);
	close(tcp);
	return server_address(&closed);
}

bool server_has_seen(const struct server *server, unsigned count)
{
	for (int i = 0; i < 5000; i++) {
		if (server->shared->udp >= count)
			return true;
		poll(NULL, 0, 1);
	}
	return false;
}

void server_reply(
	struct server_request *request, const void *octets, size_t length)
{
	if (request->is_tcp)
		server_write_frame(request, length, octets, length);
	else
		sendto(request->fd, octets, length, 0,
			(struct sockaddr *)&request->peer, request->peer_size);
}

void server_reply_from(struct server_request *request, const char *address,
	uint16_t port, const void *octets, size_t length)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	from.sin_port = htons(port);
	inet_pton(AF_INET, address, &from.sin_addr);
	need(bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0,
		"bind of a stranger");
	sendto(fd, octets, length, 0, (struct sockaddr *)&request->peer,
		request->peer_size);
	close(fd);
}

bool server_write(
	struct server_request *request, const void *octets, size_t length)
{
	const uint8_t *left = octets;

	while (length > 0) {
		ssize_t sent = send(request->fd, left, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		left += sent;
		length -= (size_t)sent;
	}
	return true;
}

void server_write_frame(struct server_request *request, size_t announced,
	const void *octets, size_t length)
{
	static uint8_t frame[2 + 65535];

	put16(frame, announced);
	memcpy(frame + 2, octets, length);
	server_write(request, frame, 2 + length);
}

void server_reset(struct server_request *request)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(
		request->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	request->is_over = true;
}

void server_message_start(struct server_message *message,
	const struct server_request *request, unsigned flags)
{
	size_t end = question_end(request);

	memset(message->octets, 0, 12);
	memcpy(message->octets, request->octets, end);
	put16(message->octets + 2,
		flags | TROWEL_QR | (request->octets[2] & 0x79u) * TROWEL_RD);
	memset(message->octets + 6, 0, 6);
	message->length = end;
}

void server_message_add(struct server_message *message, const char *owner,
	unsigned type, uint32_t ttl_s, const void *rdata, size_t length)
{
	uint8_t *octets = message->octets;
	uint8_t *end = octets + message->length;
	struct trowel_name name = { .length = 2, .octets = { 0xC0, 12 } };
	size_t position;

	if (owner != NULL)
		trowel_name_parse(owner, strlen(owner), &name, &position);
	need(message->length + name.length + 10u + length <= 65535, "room");
	memcpy(end, name.octets, name.length);
	end += name.length;
	put16(end, type);
	put16(end + 2, 1);
	put16(end + 4, ttl_s / 65536);
	put16(end + 6, ttl_s % 65536);
	put16(end + 8, length);
	memcpy(end + 10, rdata, length);
	message->length += name.length + 10u + length;
	put16(octets + 6, octets[6] * 256u + octets[7] + 1u);
}

void server_message_add_alias(struct server_message *message, const char *owner,
	uint32_t ttl_s, const char *target)
{
	struct trowel_name name;
	size_t position;

	trowel_name_parse(target, strlen(target), &name, &position);
	server_message_add(message, owner, 5, ttl_s, name.octets, name.length);
}

unsigned server_request_type(const struct server_request *request)
{
	size_t end = question_end(request);

	if (end <= 12)
		return 0;
	return request->octets[end - 4] * 256u + request->octets[end - 3];
}

bool server_request_is_for(
	const struct server_request *request, const char *text)
{
	struct trowel_name name;
	struct trowel_name asked = name_asked(request);
	size_t position;

	trowel_name_parse(text, strlen(text), &name, &position);
	return trowel_name_is_equal(&name, &asked);
}

void server_note_name(const struct server_request *request)
{
	struct trowel_name asked = name_asked(request);
	char text[TROWEL_NAME_TEXT_SIZE];
	char *names = request->server->shared->names;
	size_t length = trowel_name_format(&asked, text);
	size_t used = strlen(names);

	if (used + length + 2 > sizeof(request->server->shared->names))
		return;
	memcpy(names + used, text, length);
	names[used + length] = ' ';
}

void server_answer(struct server_request *request)
{
	static struct server_message message;

	server_make_answer(&message, request);
	server_reply(request, message.octets, message.length);
}

void server_make_answer(
	struct server_message *message, const struct server_request *request)
{
	static const uint8_t ipv4[4] = { 192, 0, 2, 77 };
	static const uint8_t ipv6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 0x77 };

	server_message_start(message, request, TROWEL_RA);
	if (server_request_type(request) == 1)
		server_message_add(message, NULL, 1, 300, ipv4, 4);
	if (server_request_type(request) == 28)
		server_message_add(message, NULL, 28, 300, ipv6, 16);
}

static int bind_to(int family, int type, uint16_t port)
{
	struct server server = { .family = family, .port = 1 };
	struct trowel_address address = server_address(&server);
	struct sockaddr_storage storage;
	socklen_t size;
	int fd = socket(family, type, 0);
	int yes = 1;

	address.port = 0;
	size = tw_address_to_sockaddr(&address, port, &storage);
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (fd >= 0 && bind(fd, (struct sockaddr *)&storage, size) == 0)
		return fd;
	close(fd);
	return -1;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage storage;
	struct sockaddr_in6 ipv6;
	struct sockaddr_in ipv4;
	socklen_t size = sizeof(storage);

	need(getsockname(fd, (struct sockaddr *)&storage, &size) == 0,
		"getsockname");
	memcpy(&ipv4, &storage, sizeof(ipv4));
	memcpy(&ipv6, &storage, sizeof(ipv6));
	return ntohs(
		storage.ss_family == AF_INET ? ipv4.sin_port : ipv6.sin6_port);
}

static void serve(struct server *server, int stop, server_script *script)
{
	struct pollfd fds[] = {
		{ .fd = stop, .events = POLLIN },
		{ .fd = server->udp, .events = POLLIN },
		{ .fd = server->tcp, .events = POLLIN },
	};

	signal(SIGCHLD, SIG_IGN); /* no zombies of connections */
	signal(SIGALRM, SIG_IGN);
	while (poll(fds, 3, -1) > 0 && fds[0].revents == 0) {
		if (fds[1].revents != 0)
			serve_datagram(server, script);
		if (fds[2].revents != 0)
			serve_connection(server, stop, script);
	}
}

static void serve_datagram(struct server *server, server_script *script)
{
	static uint8_t buffer[65536];
	struct server_request request = { .server = server,
		.fd = server->udp,
		.octets = buffer,
		.peer_size = sizeof(request.peer) };
	ssize_t got = recvfrom(server->udp, buffer, sizeof(buffer), 0,
		(struct sockaddr *)&request.peer, &request.peer_size);

	if (got < 0)
		return; /* an ICMP error for a client that has gone */
	request.length = (size_t)got;
	note(&request);
	script(&request);
}

static void note(struct server_request *request)
{
	struct server_shared *shared = request->server->shared;
	unsigned number = shared->udp;
	struct sockaddr_in6 peer; /* its port stands where IPv4's does */

	memcpy(&peer, &request->peer, sizeof(peer));
	request->number = number;
	if (number < SERVER_NOTES && request->length >= 2) {
		shared->ports[number] = ntohs(peer.sin6_port);
		shared->ids[number] = (uint16_t)(request->octets[0] * 256 +
			request->octets[1]);
	}
	shared->udp++;
}

static void serve_connection(
	struct server *server, int stop, server_script *script)
{
	int fd = accept(server->tcp, NULL, NULL);

	if (fd < 0)
		return;
	server->shared->connections++;
	if (fork() == 0) {
		close(stop);
		close(server->tcp);
		talk(server, fd, script);
		_exit(0);
	}
	close(fd);
}

static void talk(struct server *server, int fd, server_script *script)
{
	static uint8_t buffer[65536];
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct server_request request = {
		.server = server, .is_tcp = true, .fd = fd, .octets = buffer
	};
	uint8_t prefix[2];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (!request.is_over && read_whole(fd, prefix, 2)) {
		request.length = prefix[0] * 256u + prefix[1];
		if (!read_whole(fd, buffer, request.length))
			return;
		request.number = server->shared->tcp++;
		script(&request);
	}
	close(fd);
}

static bool read_whole(int fd, uint8_t *octets, size_t length)
{
	while (length > 0) {
		ssize_t got = recv(fd, octets, length, 0);

		if (got <= 0)
			return false;
		octets += got;
		length -= (size_t)got;
	}
	return true;
}

static struct trowel_name name_asked(const struct server_request *request)
{
	struct trowel_name name = { .length = 1 };
	size_t length = question_end(request) - 16;

	if (length > TROWEL_NAME_MAX)
		return name;
	name.length = (uint8_t)length;
	memcpy(name.octets, request->octets + 12, length);
	return name;
}

/* Of the first question, which our own queries always have, uncompressed. */
static size_t question_end(const struct server_request *request)
{
	size_t at = 12;

	while (at < request->length && request->octets[at] != 0)
		at += 1u + request->octets[at];
	need(at + 5 <= request->length, "a request with a question");
	return at + 5;
}

static void put16(uint8_t *octets, size_t value)
{
	octets[0] = (uint8_t)(value / 256 % 256);
	octets[1] = (uint8_t)(value % 256);
}

static void need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "the test's server: ");
	perror(what);
	_exit(99);
}
