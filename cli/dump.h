/* SPDX-License-Identifier: MIT */
/* A message as people paste it: hex text and dumps of packets -> octets. */
#ifndef TW_DUMP_H
#define TW_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where and why hex text is refused. */
struct tw_dump_fault {
	size_t line; /* from 1; 0: none */
	char reason[120];
};

/* Whether octets are text: no control characters but white space in them. A
 * DNS message has some, as no count in its header can be that high. */
bool tw_dump_is_text(const uint8_t *octets, size_t length);

/* Reads hex text into octets, which are never more than half of its characters,
 * so that `octets` may be `text`. Returns how many there are; at an error 0 and
 * *fault says what. */
size_t tw_dump_parse(const char *text, size_t length, uint8_t *octets,
	struct tw_dump_fault *fault);

/* Finds the DNS message in a packet: behind IPv4 or IPv6, with or without
 * Ethernet, and UDP or TCP, if all of these headers fit the octets. Returns its
 * offset and changes *length to its length, or returns 0. */
size_t tw_packet_find(const uint8_t *octets, size_t *length);

#endif
