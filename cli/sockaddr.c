/* SPDX-License-Identifier: MIT */
#include "cli/sockaddr.h"

#include <netinet/in.h>
#include <string.h>

socklen_t tw_sockaddr_make(
	const struct trowel_address *address, struct sockaddr_storage *storage)
{
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)storage;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)storage;

	memset(storage, 0, sizeof(*storage));
	if (address->family == 4) {
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(address->port);
		memcpy(&ipv4->sin_addr, address->octets, 4);
		return sizeof(*ipv4);
	}
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(address->port);
	ipv6->sin6_scope_id = address->scope;
	memcpy(&ipv6->sin6_addr, address->octets, 16);
	return sizeof(*ipv6);
}
