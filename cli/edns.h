/* SPDX-License-Identifier: MIT */
/* EDNS as it is to be sent (RFC 6891): its options in wire form. */
#ifndef TW_EDNS_H
#define TW_EDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/wire.h>

#define TW_EDNS_OPTIONS_MAX 1024 /* octets of +ednsopt */
#define TW_EDNS_SIZE_MAX 2048 /* octets of all options together */
#define TW_COOKIE_MAX 40 /* RFC 7873 4 */
#define TW_CLIENT_COOKIE 8
#define TW_PADDING_MAX 512 /* octets of a block */

struct tw_subnet {
	uint16_t family; /* 1: IPv4, 2: IPv6; 0: none is to be sent */
	uint8_t length; /* of the prefix, in bits */
	uint8_t address[16];
};

struct tw_edns {
	bool on;
	uint32_t version;
	bool negotiation; /* after BADVERS, ask with the version of the reply */
	bool dnssec; /* DO */
	bool compact; /* CO */
	uint32_t flags; /* other bits */
	bool size_given;
	uint32_t size;
	bool nsid;
	bool expire;
	bool keepalive;
	bool retry; /* after BADCOOKIE, ask with the cookie of the reply */
	bool cookie;
	uint8_t cookie_length; /* 0: a fresh one is to be made */
	uint8_t cookie_octets[TW_COOKIE_MAX];
	uint32_t padding; /* to multiples of so many octets; 0: none */
	struct tw_subnet subnet;
	uint16_t others_length;
	uint8_t others[TW_EDNS_OPTIONS_MAX]; /* further options, whole */
};

/* Whether a query with these wishes has an OPT. */
bool tw_edns_is_sent(const struct tw_edns *edns);

/* Reads "198.51.100.0/24", "2001:db8::/56", an address without a length, with
 * a length the first octets of an IPv4 address ("10/8"); "0" is 0.0.0.0/0. */
bool tw_subnet_parse(const char *text, struct tw_subnet *subnet);

/* The value of a hex digit of either case; -1: it is none. */
int tw_hex_digit(char character);

/* Reads hex digits of at least one octet. False if they are none, or more than
 * `size` octets. */
bool tw_hex_parse(
	const char *text, uint8_t *octets, size_t size, size_t *length);

/* Adds an option: CODE, or CODE:HEX; CODE is a number or a mnemonic. False if
 * that is not understood, or there is no room. */
bool tw_edns_add(struct tw_edns *edns, const char *text);

/* Random octets of the system. False if it has none. */
bool tw_random(uint8_t *octets, size_t length);

/* Puts eight random octets where a cookie is to be sent and none was given;
 * others than before for another server of the same lookup (RFC 7873 4.1).
 * False if the system has none. */
bool tw_edns_make_cookie(struct tw_edns *edns, bool is_another);

/* Writes all options in dig's order. `size` is that of the query without them,
 * for the padding. Returns how many octets there are. */
size_t tw_edns_encode(const struct tw_edns *edns, size_t size,
	uint8_t octets[TW_EDNS_SIZE_MAX]);

#endif
