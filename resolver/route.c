/* SPDX-License-Identifier: MIT */
#include "resolver/route.h"

#include <config.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_GETIFADDRS
#include <ifaddrs.h>
#include <net/if.h>
#endif

#include "resolver/address.h"
#include "resolver/sort.h"

static int open_socket(int family);
static void find_source(int fd, const struct trowel_address *address,
	struct trowel_address *source);

/* One address alone is in order, and so costs no socket. */
void tw_route_sort(struct trowel_address *addresses, size_t count)
{
	struct trowel_address sources[TW_SORT_MAX];
	int ipv4 = -1;
	int ipv6 = -1;

	if (count < 2)
		return;
	if (count > TW_SORT_MAX)
		count = TW_SORT_MAX;
	memset(sources, 0, count * sizeof(sources[0]));
	for (size_t i = 0; i < count; i++) {
		bool is_ipv6 = addresses[i].family == 6;
		int *fd = is_ipv6 ? &ipv6 : &ipv4;

		if (*fd < 0)
			*fd = open_socket(is_ipv6 ? AF_INET6 : AF_INET);
		if (*fd >= 0)
			find_source(*fd, &addresses[i], &sources[i]);
	}
	if (ipv4 >= 0)
		close(ipv4);
	if (ipv6 >= 0)
		close(ipv6);
	tw_sort(addresses, sources, count);
}

bool tw_route_has(unsigned family)
{
#ifdef HAVE_GETIFADDRS
	int wanted = family == 6 ? AF_INET6 : AF_INET;
	struct ifaddrs *all;
	bool has = false;

	if (getifaddrs(&all) != 0)
		return true;
	for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
		if (one->ifa_addr != NULL &&
			one->ifa_addr->sa_family == wanted &&
			(one->ifa_flags & IFF_LOOPBACK) == 0)
			has = true;
	freeifaddrs(all);
	return has;
#else
	(void)family;
	return true;
#endif
}

static int open_socket(int family)
{
#if HAVE_DECL_SOCK_CLOEXEC
	return socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
#else
	int fd = socket(family, SOCK_DGRAM, 0);

	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
#endif
}

/* To connect() a UDP socket sends nothing, but picks the address of ours. What
 * it was connected to before would keep that of then; some systems dissolve it
 * and give an error all the same. */
static void find_source(int fd, const struct trowel_address *address,
	struct trowel_address *source)
{
	static const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	struct sockaddr_storage storage;
	socklen_t size = tw_address_to_sockaddr(address, TROWEL_PORT, &storage);

	connect(fd, &nowhere, sizeof(nowhere));
	if (connect(fd, (const struct sockaddr *)&storage, size) != 0)
		return;
	size = sizeof(storage);
	if (getsockname(fd, (struct sockaddr *)&storage, &size) != 0)
		return;
	source->family = address->family;
	if (address->family == 6)
		memcpy(source->octets,
			(char *)&storage +
				offsetof(struct sockaddr_in6, sin6_addr),
			16);
	else
		memcpy(source->octets,
			(char *)&storage +
				offsetof(struct sockaddr_in, sin_addr),
			4);
}
