/* SPDX-License-Identifier: MIT */
/* What octets of a message and letters of a word are, for all of the command. */
#ifndef TW_OCTETS_H
#define TW_OCTETS_H

#include <stdint.h>

static inline uint16_t tw_u16_of(const uint8_t *octets)
{
	return (uint16_t)(octets[0] * 256 + octets[1]);
}

static inline uint32_t tw_u32_of(const uint8_t *octets)
{
	return tw_u16_of(octets) * 65536U + tw_u16_of(octets + 2);
}

/* A letter of ASCII in lower case; any other octet or character as it is. */
static inline int tw_lower_of(int letter)
{
	return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

#endif
