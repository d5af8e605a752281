/* SPDX-License-Identifier: MIT */
/* What is the name of a host, and what is not; ports. Pure. */
#ifndef TW_HOST_H
#define TW_HOST_H

#include <trowel/resolver.h>

/* Reads a host's name from text. Errors: those of trowel_name_parse();
 * TROWEL_BAD_ARGUMENT for octets outside 0x21 to 0x7E; TROWEL_BAD_ADDRESS for
 * text that inet_aton() would take for an address. */
enum trowel_status tw_host_parse(const char *text, struct trowel_name *name);

/* Whether a name out of an answer can be a host's: letters, digits, hyphens,
 * underscores; no hyphen first. Others are not shown as one (RFC 1123 2.1). */
bool tw_host_is_good(const struct trowel_name *name);

/* Whether text ends in a dot that no backslash makes a part of its label. */
bool tw_host_is_whole(const char *text);

/* Whether a name is a top-level one, in small letters, or under it. */
bool tw_host_is_under(const struct trowel_name *name, const char *top);

size_t tw_host_dots(const struct trowel_name *name);

/* Reads a port in decimal; NULL is 0. Error: TROWEL_BAD_ARGUMENT. */
enum trowel_status tw_service_port(const char *text, uint16_t *port);

#endif
