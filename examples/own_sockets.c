/* SPDX-License-Identifier: MIT */
/* own_sockets HOST PORT SERVER...: the IPv4 addresses of a host, with sockets
 * and a loop of one's own. The engine says whom to ask and what to believe. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <trowel/engine.h>

static struct trowel_engine engine;
static struct trowel_health health[TROWEL_SERVERS_MAX];
static struct sockaddr_in servers[TROWEL_SERVERS_MAX];
static struct trowel_message message; /* the best reply so far */
static uint8_t kept[TROWEL_MESSAGE_MAX];
/* Of each attempt. By TCP, each message has its length before it. */
static struct pollfd fds[TROWEL_ATTEMPTS_MAX];
static uint8_t out[TROWEL_ATTEMPTS_MAX][TROWEL_QUERY_SIZE + 2];
static uint8_t in[TROWEL_ATTEMPTS_MAX][TROWEL_MESSAGE_MAX + 2];
static size_t received[TROWEL_ATTEMPTS_MAX];

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void start(uint8_t attempt)
{
	struct sockaddr_in *server = &servers[engine.attempts[attempt].server];
	bool tcp = engine.attempts[attempt].transport == TROWEL_TCP;
	int type = (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK;

	fds[attempt].fd = socket(AF_INET, type, 0);
	fds[attempt].events = POLLOUT; /* then an error of connect() is told */
	connect(fds[attempt].fd, (struct sockaddr *)server, sizeof(*server));
	out[attempt][0] = (uint8_t)(engine.query_length / 256);
	out[attempt][1] = (uint8_t)engine.query_length;
	memcpy(out[attempt] + 2, engine.query, engine.query_length);
}

/* The query goes out whole: on a new connection there is room for it. */
static void transfer(uint8_t attempt)
{
	bool tcp = engine.attempts[attempt].transport == TROWEL_TCP;
	size_t prefix = tcp ? 2 : 0, have = received[attempt];
	size_t length = out[attempt][0] * (size_t)256 + out[attempt][1];
	uint8_t *query = out[attempt] + 2 - prefix, *octets = in[attempt];
	size_t end = tcp ? 2 : sizeof(in[0]);
	bool sends = fds[attempt].events == POLLOUT;
	ssize_t count;

	if (tcp && have >= 2)
		end += octets[0] * (size_t)256 + octets[1];
	fds[attempt].events = POLLIN;
	count = sends
		? send(fds[attempt].fd, query, prefix + length, MSG_NOSIGNAL)
		: recv(fds[attempt].fd, octets + have, end - have, 0);
	if (count < 0 || (tcp && count == 0)) {
		fds[attempt].fd = -1; /* it is open to the end, but unheard */
		trowel_engine_failed(
			&engine, attempt, count < 0 ? errno : 0, now_us());
		return;
	}
	have += sends ? 0 : (size_t)count;
	received[attempt] = tcp ? have : 0;
	if (!sends && (!tcp || (have == end && end > 2)) &&
		trowel_engine_receive(&engine, attempt, octets + prefix,
			have - prefix, false, now_us(),
			&message) >= TROWEL_CANDIDATE)
		message.octets = memcpy(kept, octets + prefix, message.length);
}

int main(int argc, char **argv)
{
	struct trowel_policy policy = { .deadline_ms = 10000 };
	struct trowel_query query = { .type = 1, .class_code = 1 };
	struct trowel_action action;
	struct trowel_chain chain;
	struct trowel_record record;
	uint8_t random[TROWEL_RANDOM_SIZE];
	char text[16];
	size_t at;

	query.flags = TROWEL_RD;
	for (int i = 3; i < argc && i < 3 + TROWEL_SERVERS_MAX; i++)
		servers[policy.server_count++] =
			(struct sockaddr_in){ .sin_family = AF_INET,
				.sin_port = htons((uint16_t)atoi(argv[2])),
				.sin_addr = { inet_addr(argv[i]) } };
	if (argc < 4 || getrandom(random, sizeof(random), 0) < 0 ||
		trowel_name_parse(argv[1], strlen(argv[1]), &query.name, &at) ||
		trowel_engine_start(
			&engine, &policy, &query, health, now_us(), random))
		return 2;
	do {
		uint64_t now = now_us();

		action = trowel_engine_next(&engine, now);
		if (action.kind == TROWEL_SEND)
			start(action.attempt);
		if (action.kind != TROWEL_WAIT)
			continue;
		poll(fds, engine.count,
			(int)((action.until_us - now) / 1000 + 1));
		for (uint8_t i = 0; i < engine.count; i++)
			if (fds[i].revents != 0)
				transfer(i);
	} while (action.kind != TROWEL_DONE);
	if (action.status || trowel_chain_start(&chain, &message))
		return 1;
	while (trowel_chain_next(&chain, &record))
		puts(inet_ntop(AF_INET, kept + record.rdata, text, 16));
	return 0;
}
