/* SPDX-License-Identifier: MIT */
/* Addresses as the system's calls take them. */
#ifndef TW_SOCKADDR_H
#define TW_SOCKADDR_H

#include <sys/socket.h>

#include <trowel/resolver.h>

/* Writes an address with its port and scope. Returns the octets used. */
socklen_t tw_sockaddr_make(
	const struct trowel_address *address, struct sockaddr_storage *storage);

#endif
