/* SPDX-License-Identifier: MIT */
/* Hash functions as TSIG needs them (RFC 8945 6), in few octets rather than
 * fast: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4, RFC 6234), and HMAC with
 * each of them (RFC 2104). */
#ifndef TW_HASH_H
#define TW_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TW_HASH_MAX 64 /* octets of the longest */
#define TW_HASH_BLOCK_MAX 128

enum tw_hash_kind {
	TW_MD5,
	TW_SHA1,
	TW_SHA224,
	TW_SHA256,
	TW_SHA384,
	TW_SHA512,
	TW_HASH_KINDS
};

struct tw_hash {
	uint64_t state[8];
	uint64_t length; /* octets that were added */
	unsigned kind; /* enum tw_hash_kind */
	uint8_t block[TW_HASH_BLOCK_MAX];
};

struct tw_hmac {
	struct tw_hash hash; /* add to this */
	uint8_t pad[TW_HASH_BLOCK_MAX];
};

/* How many octets the hash has. `kind` is of enum tw_hash_kind. */
size_t tw_hash_length(unsigned kind);

void tw_hash_start(struct tw_hash *hash, unsigned kind);
void tw_hash_add(struct tw_hash *hash, const void *octets, size_t length);
void tw_hash_end(struct tw_hash *hash, uint8_t octets[TW_HASH_MAX]);

void tw_hmac_start(
	struct tw_hmac *hmac, unsigned kind, const uint8_t *key, size_t length);
void tw_hmac_end(struct tw_hmac *hmac, uint8_t octets[TW_HASH_MAX]);

#endif
