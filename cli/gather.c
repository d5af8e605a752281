/* SPDX-License-Identifier: MIT */
#include "cli/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clock.h"
#include "cli/sockaddr.h"

#define QUERY_SIZE 1232
#define HOPS 255 /* RFC 6762 11 */

/* RFC 6762 3 */
static const struct trowel_address mdns[] = {
	{ .family = 4, .octets = { 224, 0, 0, 251 }, .port = TW_MDNS_PORT },
	{ .family = 6,
		.octets = { 0xFF, 2, [15] = 0xFB },
		.port = TW_MDNS_PORT },
};

static void send_to_group(struct tw_gather *gather,
	const struct trowel_address *group, const uint8_t *query,
	size_t length);
static bool take_reply(struct tw_gather *gather, int fd);

static bool is_multicast(const struct trowel_address *address)
{
	return address->family == 4 ? address->octets[0] / 16 == 14
				    : address->octets[0] == 0xFF;
}

bool tw_gather_open(struct tw_gather *gather)
{
	uint8_t query[QUERY_SIZE];
	size_t length, i;

	gather->sockets[0] = gather->sockets[1] = -1;
	gather->sent = gather->ignored = 0;
	gather->error = EMSGSIZE;
	gather->failed = false;
	if (trowel_query_encode(
		    &gather->query, query, sizeof(query), &length) != TROWEL_OK)
		return false;
	gather->start_us = tw_monotonic_us();
	if (gather->group.family)
		send_to_group(gather, &gather->group, query, length);
	for (i = 0; !gather->group.family && i < 2; i++)
		send_to_group(gather, &mdns[i], query, length);
	return gather->sent > 0;
}

void tw_gather_close(struct tw_gather *gather)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (gather->sockets[i] >= 0)
			close(gather->sockets[i]);
}

const struct trowel_answer *tw_gather_next(struct tw_gather *gather)
{
	uint64_t window_us = (uint64_t)gather->window_ms * 1000, passed_us;
	struct pollfd polled[2];
	int i, count;

	for (;;) {
		passed_us = tw_monotonic_us() - gather->start_us;
		if (passed_us >= window_us)
			return NULL;
		for (i = 0; i < 2; i++)
			polled[i] = (struct pollfd){ gather->sockets[i], POLLIN,
				0 };
		count = poll(
			polled, 2, (int)((window_us - passed_us + 999) / 1000));
		if (count < 0 && errno != EINTR)
			return NULL;
		for (i = 0; count > 0 && i < 2; i++)
			if (polled[i].revents &&
				take_reply(gather, polled[i].fd))
				return &gather->answer;
	}
}

/*
 * Sending
 */

static int socket_of(const struct tw_gather *gather, uint8_t family)
{
	return gather->sockets[family == 4 ? 0 : 1];
}

/* A query from elsewhere than was wanted is not sent. */
static void bind_source(struct tw_gather *gather, int fd)
{
	struct sockaddr_storage storage;
	socklen_t size = tw_sockaddr_make(&gather->source, &storage);

	if (bind(fd, (struct sockaddr *)&storage, size) == 0)
		return;
	gather->error = errno;
	gather->failed = true;
}

/* What cannot be set has its default: the query may still get there. */
static void open_socket(struct tw_gather *gather, uint8_t family)
{
	int *fd = &gather->sockets[family == 4 ? 0 : 1], on = 1, hops = HOPS;
	unsigned char octet = HOPS;

	if (*fd >= 0)
		return;
	*fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
	if (*fd < 0) {
		gather->error = errno;
		return;
	}
	fcntl(*fd, F_SETFL, O_NONBLOCK);
	if (gather->source.family == family)
		bind_source(gather, *fd);
	if (family == 4) {
		setsockopt(*fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
		setsockopt(*fd, IPPROTO_IP, IP_MULTICAST_TTL, &octet,
			sizeof(octet));
	} else {
		setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		setsockopt(*fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
			sizeof(hops));
	}
}

static void send_query(struct tw_gather *gather,
	const struct trowel_address *to, const uint8_t *query, size_t length)
{
	struct sockaddr_storage storage;
	socklen_t size = tw_sockaddr_make(to, &storage);
	int fd = socket_of(gather, to->family);

	if (gather->failed)
		return;
	if (sendto(fd, query, length, 0, (struct sockaddr *)&storage, size) ==
		(ssize_t)length)
		gather->sent++;
	else
		gather->error = errno;
}

/* From one interface, if it is of the group's family and takes part. */
static void send_from(struct tw_gather *gather,
	const struct trowel_address *group, const struct ifaddrs *interface,
	const uint8_t *query, size_t length)
{
	const struct sockaddr *address = interface->ifa_addr;
	struct trowel_address to = *group;

	if (!address || !(interface->ifa_flags & IFF_UP) ||
		!(interface->ifa_flags & IFF_MULTICAST) ||
		address->sa_family != (to.family == 4 ? AF_INET : AF_INET6))
		return;
	if (to.family == 4) {
		setsockopt(socket_of(gather, 4), IPPROTO_IP, IP_MULTICAST_IF,
			&((const struct sockaddr_in *)(const void *)address)
				 ->sin_addr,
			sizeof(struct in_addr));
	} else {
		/* Once each: every interface has one such address. */
		if (!IN6_IS_ADDR_LINKLOCAL(&(
			    (const struct sockaddr_in6 *)(const void *)address)
						    ->sin6_addr))
			return;
		to.scope = if_nametoindex(interface->ifa_name);
	}
	send_query(gather, &to, query, length);
}

static void send_to_group(struct tw_gather *gather,
	const struct trowel_address *group, const uint8_t *query, size_t length)
{
	struct ifaddrs *interfaces = NULL, *interface;

	open_socket(gather, group->family);
	if (socket_of(gather, group->family) < 0)
		return;
	if (is_multicast(group) && !group->scope && !gather->source.family &&
		getifaddrs(&interfaces) == 0) {
		for (interface = interfaces; interface;
			interface = interface->ifa_next)
			send_from(gather, group, interface, query, length);
		freeifaddrs(interfaces);
	} else {
		send_query(gather, group, query, length);
	}
}

/*
 * Receiving
 */

static bool read_sockaddr(
	const struct sockaddr_storage *storage, struct trowel_address *address)
{
	const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)storage;
	const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)storage;

	memset(address, 0, sizeof(*address));
	if (storage->ss_family == AF_INET) {
		address->family = 4;
		address->port = ntohs(ipv4->sin_port);
		memcpy(address->octets, &ipv4->sin_addr, 4);
		return true;
	}
	address->family = 6;
	address->port = ntohs(ipv6->sin6_port);
	address->scope = ipv6->sin6_scope_id;
	memcpy(address->octets, &ipv6->sin6_addr, 16);
	return storage->ss_family == AF_INET6;
}

/* Whether it is a reply to our query. A malformed one is if its question is
 * whole. */
static bool is_reply(
	const struct tw_gather *gather, const struct trowel_message *message)
{
	struct trowel_question question;
	struct trowel_name name;

	if (message->id != gather->query.id || !(message->flags & TROWEL_QR) ||
		!trowel_message_question(message, &question) ||
		question.type != gather->query.type ||
		question.class_code != gather->query.class_code)
		return false;
	trowel_message_name(message, question.name, &name);
	return trowel_name_is_equal(&name, &gather->query.name);
}

static void fill_answer(
	struct tw_gather *gather, enum trowel_status status, uint32_t time_us)
{
	struct trowel_answer *answer = &gather->answer;
	struct trowel_attempt *attempt = &gather->attempt;

	memset(attempt, 0, sizeof(*attempt));
	attempt->id = gather->query.id;
	attempt->outcome = TROWEL_ANSWERED;
	attempt->ended_us = time_us;
	answer->status = TROWEL_OK;
	if (status != TROWEL_OK) {
		attempt->outcome = TROWEL_ATTEMPT_MALFORMED;
		attempt->status = (uint8_t)status;
		answer->status = TROWEL_MALFORMED_ANSWER;
	}
	answer->ede_code = TROWEL_NO_EDE;
	answer->rcode = trowel_message_rcode(&answer->message);
	attempt->rcode = answer->rcode;
	answer->attempt = 0;
	answer->attempt_count = 1;
	answer->attempts = attempt;
	answer->servers = &gather->sender;
}

static bool take_reply(struct tw_gather *gather, int fd)
{
	struct trowel_answer *answer = &gather->answer;
	struct sockaddr_storage storage;
	socklen_t size = sizeof(storage);
	uint32_t time_us;
	ssize_t length = recvfrom(fd, gather->octets, sizeof(gather->octets), 0,
		(struct sockaddr *)&storage, &size);
	enum trowel_status status;

	if (length < 0)
		return false;
	time_us = (uint32_t)(tw_monotonic_us() - gather->start_us);
	memset(answer, 0, sizeof(*answer));
	status = trowel_message_decode(&answer->message, gather->octets,
		(size_t)length, &answer->fault);
	if (status == TROWEL_SHORT_MESSAGE ||
		!read_sockaddr(&storage, &gather->sender) ||
		!is_reply(gather, &answer->message)) {
		gather->ignored++;
		return false;
	}
	fill_answer(gather, status, time_us);
	return true;
}
