/* SPDX-License-Identifier: MIT */
/* Addresses as the socket calls want them. */
#ifndef TW_ADDRESS_H
#define TW_ADDRESS_H

#include <sys/socket.h>

#include <trowel/resolver.h>

/* Fills in a sockaddr; `port` where the address has none. Returns its size. */
socklen_t tw_address_to_sockaddr(const struct trowel_address *address,
	uint16_t port, struct sockaddr_storage *storage);

/* Whether they are the same, port and scope with them. */
bool tw_address_is_same(
	const struct trowel_address *a, const struct trowel_address *b);

#endif
