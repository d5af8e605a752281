/* SPDX-License-Identifier: MIT */
/* TSIG (RFC 8945): a query is signed, its reply verified. */
#ifndef TW_TSIG_H
#define TW_TSIG_H

#include <trowel/wire.h>

#include "cli/hash.h"

#define TW_TSIG_SECRET_MAX 512
#define TW_TSIG_ALGORITHM_MAX 26 /* octets of the longest name */
#define TW_TSIG_SIZE_MAX \
	(TROWEL_NAME_MAX + 10 + TW_TSIG_ALGORITHM_MAX + 16 + TW_HASH_MAX)

struct tw_tsig_key {
	uint8_t kind; /* enum tw_hash_kind */
	uint8_t mac_length; /* octets to send, and the fewest to take */
	uint16_t secret_length;
	struct trowel_name name; /* in lower case, as it is signed */
	uint8_t secret[TW_TSIG_SECRET_MAX];
};

/* Of a query, for its reply. */
struct tw_tsig {
	const struct tw_tsig_key *key;
	uint8_t mac[TW_HASH_MAX]; /* key->mac_length octets */
};

/* Text of an algorithm's name, "hmac-sha256". */
const char *tw_tsig_algorithm(unsigned kind);

/* How long the TSIG of a query is. */
size_t tw_tsig_size(const struct tw_tsig_key *key);

/* Appends a TSIG to a query and returns the query's new length. There is room
 * for TW_TSIG_SIZE_MAX octets. `now_s` counts from 1970. */
size_t tw_tsig_sign(
	struct tw_tsig *tsig, uint64_t now_s, uint8_t *query, size_t length);

/* What is wrong with a reply's TSIG, in dig's words. NULL: nothing. */
const char *tw_tsig_verify(const struct tw_tsig *tsig, uint64_t now_s,
	const struct trowel_message *reply);

#endif
