/* SPDX-License-Identifier: MIT */
/*
 * A small server that does as a test's script says, however odd: UDP and TCP
 * on one free port of 127.0.0.1 or ::1, in a process of its own, which ends
 * with the test program at the latest. A script is a function of the test; the
 * server calls it for each request. What it leaves in static variables is
 * there at the next request by UDP; each TCP connection is a process again.
 */
#ifndef TROWEL_TESTS_SERVER_H
#define TROWEL_TESTS_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <trowel/resolver.h>

#define SERVER_NOTES 1024

/* What the server's processes and the test all see. */
struct server_shared {
	atomic_uint udp; /* requests so far */
	atomic_uint tcp;
	atomic_uint connections;
	uint16_t ports[SERVER_NOTES]; /* whence they came by UDP */
	uint16_t ids[SERVER_NOTES]; /* their first two octets */
	atomic_uint spare[4]; /* for scripts */
	char names[4096]; /* of server_note_name() */
};

struct server {
	int family;
	uint16_t port;
	struct server_shared *shared;
	pid_t pid;
	int stop; /* a pipe: the server ends when this end is closed */
	int udp;
	int tcp;
};

struct server_request {
	struct server *server;
	bool is_tcp;
	int fd; /* the connection, or the UDP socket */
	struct sockaddr_storage peer;
	socklen_t peer_size;
	uint8_t *octets;
	size_t length;
	unsigned number; /* of this one, from 0, by its transport */
	bool is_over; /* out: close the connection */
};

typedef void server_script(struct server_request *request);

/* Starts a server; what goes wrong ends the program. */
void server_start(struct server *server, int family, server_script *script);

/* The same, with nobody listening on the TCP port. */
void server_start_udp(struct server *server, int family, server_script *script);

void server_stop(struct server *server);

/* Its address, as a client wants it. */
struct trowel_address server_address(const struct server *server);

/* The address of a port of 127.0.0.1 or ::1 on which nobody listens. */
struct trowel_address server_nowhere(int family);

/* Waits, up to 5 s, until `count` requests by UDP have come. */
bool server_has_seen(const struct server *server, unsigned count);

/* For scripts: a reply, by TCP behind its length. */
void server_reply(
	struct server_request *request, const void *octets, size_t length);

/* The same by UDP from an IPv4 address and port; port 0: any but the right
 * one. */
void server_reply_from(struct server_request *request, const char *address,
	uint16_t port, const void *octets, size_t length);

/* By TCP: octets as they are. False: the client has gone. */
bool server_write(
	struct server_request *request, const void *octets, size_t length);

/* By TCP: a length that need not be true, then octets. */
void server_write_frame(struct server_request *request, size_t announced,
	const void *octets, size_t length);

/* By TCP: ends the connection with a RST. */
void server_reset(struct server_request *request);

/* A DNS message in the making. */
struct server_message {
	size_t length;
	uint8_t octets[65535];
};

/* The header and question of a reply to the request; `flags` is the header's
 * second word, to which QR and the query's opcode and RD are added. */
void server_message_start(struct server_message *message,
	const struct server_request *request, unsigned flags);

/* Adds a record to the answer section: owner is the question's name, or, if it
 * is not NULL, an uncompressed name as text. */
void server_message_add(struct server_message *message, const char *owner,
	unsigned type, uint32_t ttl_s, const void *rdata, size_t length);

/* A CNAME, with a target as text. */
void server_message_add_alias(struct server_message *message, const char *owner,
	uint32_t ttl_s, const char *target);

/* The type asked; 0 if there is no readable question. */
unsigned server_request_type(const struct server_request *request);

/* Whether the name asked is this one, but for case. */
bool server_request_is_for(
	const struct server_request *request, const char *name);

/* Adds the name asked, with its final dot and a blank, to the shared names. */
void server_note_name(const struct server_request *request);

/* The usual good reply: 192.0.2.77 or 2001:db8::77, TTL 300, RA; NODATA for
 * other types. */
void server_answer(struct server_request *request);
void server_make_answer(
	struct server_message *message, const struct server_request *request);

#endif
