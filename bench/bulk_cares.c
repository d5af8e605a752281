/* SPDX-License-Identifier: MIT */
/*
 * bulk_cares PORT WINDOW <NAMES: asks the server on 127.0.0.1 for each name's A
 * records by c-ares, WINDOW of them at a time, and prints "NAME ADDRESS" for each
 * that has one. The file is read by poll, as ares_getsock() gives it.
 */
#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static unsigned long active;

static void take_answer(void *data, int status, int timeouts,
	unsigned char *message, int length)
{
	struct ares_addrttl address;
	char text[INET_ADDRSTRLEN];
	char *name = data;
	int count = 1;

	(void)timeouts;
	active--;
	if (status == ARES_SUCCESS &&
		ares_parse_a_reply(message, length, NULL, &address, &count) ==
			ARES_SUCCESS &&
		count > 0) {
		inet_ntop(AF_INET, &address.ipaddr, text, sizeof(text));
		printf("%s %s\n", name, text);
	}
	free(name);
}

static int ask_next(ares_channel channel)
{
	char line[1024];
	char *name;

	if (!fgets(line, sizeof(line), stdin))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	name = strdup(line);
	if (!name)
		exit(1);
	active++;
	ares_query(channel, name, ns_c_in, ns_t_a, take_answer, name);
	return 1;
}

static void wait_and_read(ares_channel channel)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd polled[ARES_GETSOCK_MAXNUM];
	struct timeval most = { .tv_sec = 5 }, next, *wait;
	int bits = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t count = 0;

	while (count < ARES_GETSOCK_MAXNUM &&
		(ARES_GETSOCK_READABLE(bits, (int)count) ||
			ARES_GETSOCK_WRITABLE(bits, (int)count))) {
		polled[count].fd = sockets[count];
		polled[count].events = POLLIN;
		count++;
	}
	wait = ares_timeout(channel, &most, &next);
	if (poll(polled, count,
		    (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000)) <= 0)
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	for (nfds_t i = 0; i < count; i++)
		if (polled[i].revents)
			ares_process_fd(channel, polled[i].fd, ARES_SOCKET_BAD);
}

int main(int argc, char **argv)
{
	struct ares_options options = { .flags = ARES_FLAG_NOSEARCH,
		.socket_receive_buffer_size = 4 << 20 };
	char server[32];
	unsigned long window;
	ares_channel channel;
	int more = 1;

	if (argc < 3)
		return 2;
	window = strtoul(argv[2], NULL, 10);
	snprintf(server, sizeof(server), "127.0.0.1:%s", argv[1]);
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
		ares_init_options(&channel, &options,
			ARES_OPT_FLAGS | ARES_OPT_SOCK_RCVBUF) !=
			ARES_SUCCESS ||
		ares_set_servers_ports_csv(channel, server) != ARES_SUCCESS)
		return 1;
	for (;;) {
		while (more && active < window)
			more = ask_next(channel);
		if (active == 0)
			break;
		wait_and_read(channel);
	}
	ares_destroy(channel);
	return 0;
}
