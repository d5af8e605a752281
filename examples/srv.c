/* SPDX-License-Identifier: MIT */
/* srv NAME [RESOLV.CONF]: a client of a service, "_imaps._tcp.example.com". It
 * connects to the first of its addresses that takes the connection: the targets
 * stand in the order of RFC 2782, their addresses in that of RFC 6724. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <trowel/resolver.h>
#include <unistd.h>

/* Returns the socket, or -1 with errno. */
static int connect_to(const struct trowel_address *address)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET,
		.sin_port = htons(address->port) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(address->port),
		.sin6_scope_id = address->scope };
	bool is_4 = address->family == 4;
	int fd = socket(is_4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);

	memcpy(&ipv4.sin_addr, address->octets, sizeof(ipv4.sin_addr));
	memcpy(&ipv6.sin6_addr, address->octets, sizeof(ipv6.sin6_addr));
	if (fd >= 0 &&
		connect(fd,
			is_4 ? (struct sockaddr *)&ipv4
			     : (struct sockaddr *)&ipv6,
			is_4 ? sizeof(ipv4) : sizeof(ipv6)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int connect_to_any(const struct trowel_list *list)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	int fd = -1;

	for (size_t i = 0; fd < 0 && i < list->count; i++) {
		trowel_address_format(&list->addresses[i], text);
		printf("%s port %u: ", text, list->addresses[i].port);
		fd = connect_to(&list->addresses[i]);
		if (fd < 0)
			puts(strerror(errno));
		else
			puts("connected");
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct trowel_options options;
	struct trowel_list *list = NULL;
	struct trowel *t = NULL;
	enum trowel_status status = TROWEL_BAD_ARGUMENT;
	int fd = -1;

	trowel_options_init(&options);
	if (argc < 2 || (status = trowel_options_load(&options, argv[2])) ||
		(status = trowel_open(&t, &options)) ||
		(status = trowel_services(t, argv[1], 33, NULL, NULL, &list)))
		fprintf(stderr, "%s\n", trowel_status_text(status));
	else
		fd = connect_to_any(list);
	/* ... and here the service would be spoken to. */
	if (fd >= 0)
		close(fd);
	trowel_list_free(list);
	trowel_close(t);
	return fd < 0;
}
