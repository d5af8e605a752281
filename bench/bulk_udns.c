/* SPDX-License-Identifier: MIT */
/*
 * bulk_udns PORT WINDOW <NAMES: asks the server on 127.0.0.1 for each name's A
 * records by udns, WINDOW of them at a time, and prints "NAME ADDRESS" for each
 * that has one: the loop that udns's manual page has, poll and dns_ioevent().
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <udns.h>

static unsigned long active;

static void take_answer(
	struct dns_ctx *context, struct dns_rr_a4 *answer, void *data)
{
	char text[INET_ADDRSTRLEN];
	char *name = data;

	(void)context;
	active--;
	if (answer) {
		inet_ntop(AF_INET, &answer->dnsa4_addr[0], text, sizeof(text));
		printf("%s %s\n", name, text);
	}
	free(answer);
	free(name);
}

static int ask_next(struct dns_ctx *context)
{
	char line[1024];
	char *name;

	if (!fgets(line, sizeof(line), stdin))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	name = strdup(line);
	if (!name ||
		!dns_submit_a4(context, name, DNS_NOSRCH, take_answer, name)) {
		fprintf(stderr, "%s is not asked\n", line);
		exit(1);
	}
	active++;
	return 1;
}

int main(int argc, char **argv)
{
	struct dns_ctx *context = &dns_defctx;
	unsigned long window;
	struct pollfd polled;
	int more = 1;

	if (argc < 3)
		return 2;
	window = strtoul(argv[2], NULL, 10);
	dns_init(context, 0);
	dns_add_serv(context, NULL);
	dns_add_serv(context, "127.0.0.1");
	dns_set_opt(context, DNS_OPT_PORT, atoi(argv[1]));
	polled.fd = dns_open(context);
	polled.events = POLLIN;
	if (polled.fd < 0)
		return 1;
	for (;;) {
		int wait_s;

		while (more && active < window)
			more = ask_next(context);
		if (active == 0)
			break;
		wait_s = dns_timeouts(context, -1, 0);
		if (poll(&polled, 1, wait_s * 1000) > 0)
			dns_ioevent(context, 0);
	}
	return 0;
}
