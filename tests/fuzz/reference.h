/* SPDX-License-Identifier: MIT */
/* A second reading of names in messages, plain and slow, to hold the first
 * against. */
#ifndef TROWEL_TESTS_FUZZ_REFERENCE_H
#define TROWEL_TESTS_FUZZ_REFERENCE_H

#include "wire/wire.h"

#include <string.h>

/* RFC 1035 4.1.4. Returns the length of the name at an offset when expanded,
 * or 0 if it is not well-formed. */
static inline size_t reference_expand(const struct trowel_message *message,
	size_t at, uint8_t octets[TROWEL_NAME_MAX])
{
	size_t run = at;
	size_t used = 0;

	for (size_t pointers = 0; pointers <= TROWEL_POINTERS_MAX;) {
		size_t octet = at < message->length ? message->octets[at] : 64;
		size_t left = message->length - at;

		if (octet >= 0xC0 && left >= 2) {
			at = (octet - 0xC0) * 256 + message->octets[at + 1];
			if (at >= run || at < 12)
				return 0;
			run = at;
			pointers++;
			continue;
		}
		if (octet >= 64 || left <= octet ||
			used + octet + 1 > TROWEL_NAME_MAX)
			return 0;
		memcpy(octets + used, message->octets + at, octet + 1);
		used += octet + 1;
		at += octet + 1;
		if (octet == 0)
			return used;
	}
	return 0;
}

/* Where the octets end of a good name. */
static inline size_t reference_skip(
	const struct trowel_message *message, size_t at)
{
	while (message->octets[at] != 0) {
		if (message->octets[at] >= 0xC0)
			return at + 2;
		at += (size_t)message->octets[at] + 1;
	}
	return at + 1;
}

#endif
