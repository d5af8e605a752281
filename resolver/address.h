/* SPDX-License-Identifier: MIT */
/* Addresses as the socket calls want them. */
#ifndef TW_ADDRESS_H
#define TW_ADDRESS_H

#include <sys/socket.h>

#include <trowel/resolver.h>

/* trowel_address_parse() for text without a NUL at its end. One in it does not
 * end it: "192.0.2.1", NUL, "x" is not 192.0.2.1 (CVE-2024-25629). */
bool tw_address_read(
	const char *text, size_t length, struct trowel_address *address);

/* Reads one or more decimal digits, up to a number of `most`: strtoul() takes
 * signs and blanks. */
bool tw_number_read(
	const char *text, size_t length, uint32_t most, uint32_t *number);

/* Fills in a sockaddr; `port` where the address has none. Returns its size. */
socklen_t tw_address_to_sockaddr(const struct trowel_address *address,
	uint16_t port, struct sockaddr_storage *storage);

/* Whether they are the same, port and scope with them. */
bool tw_address_is_same(
	const struct trowel_address *a, const struct trowel_address *b);

#endif
