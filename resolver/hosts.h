/* SPDX-License-Identifier: MIT */
/* The text of hosts(5): lines of an address and its names. Pure; linear in the
 * text's length, whatever it is. */
#ifndef TW_HOSTS_H
#define TW_HOSTS_H

#include <trowel/resolver.h>

#define TW_HOSTS_MAX 8388608 /* octets of the file that are read */

/* Counts the addresses of a name, of all the lines that have it, and writes
 * them down as far as there is room. With any, *canonical (unless NULL) is the
 * first name of the first such line. */
size_t tw_hosts_find(const char *text, size_t length,
	const struct trowel_name *name, struct trowel_address *addresses,
	size_t room, struct trowel_name *canonical);

/* The first name of the first line with an address. False: there is none. */
bool tw_hosts_reverse(const char *text, size_t length,
	const struct trowel_address *address, struct trowel_name *name);

#endif
