/* SPDX-License-Identifier: MIT */
#include "cli/hash.h"

#include <string.h>

/* clang-format off */
/* RFC 1321 3.4: of the sines of 1 to 64 */
static const uint32_t sines[64] = {
	0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF,
	0x4787C62A, 0xA8304613, 0xFD469501, 0x698098D8, 0x8B44F7AF,
	0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E,
	0x49B40821, 0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA,
	0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8, 0x21E1CDE6,
	0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8,
	0x676F02D9, 0x8D2A4C8A, 0xFFFA3942, 0x8771F681, 0x6D9D6122,
	0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
	0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039,
	0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665, 0xF4292244, 0x432AFF97,
	0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D,
	0x85845DD1, 0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1,
	0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
};

/* FIPS 180-4 4.2.3: of the cube roots of the first 80 primes. The upper halves
 * of the first 64 are SHA-256's, 4.2.2. */
static const uint64_t cube_roots[80] = {
	0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F,
	0xE9B5DBA58189DBBC, 0x3956C25BF348B538, 0x59F111F1B605D019,
	0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118, 0xD807AA98A3030242,
	0x12835B0145706FBE, 0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2,
	0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235,
	0xC19BF174CF692694, 0xE49B69C19EF14AD2, 0xEFBE4786384F25E3,
	0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65, 0x2DE92C6F592B0275,
	0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5,
	0x983E5152EE66DFAB, 0xA831C66D2DB43210, 0xB00327C898FB213F,
	0xBF597FC7BEEF0EE4, 0xC6E00BF33DA88FC2, 0xD5A79147930AA725,
	0x06CA6351E003826F, 0x142929670A0E6E70, 0x27B70A8546D22FFC,
	0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED, 0x53380D139D95B3DF,
	0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6,
	0x92722C851482353B, 0xA2BFE8A14CF10364, 0xA81A664BBC423001,
	0xC24B8B70D0F89791, 0xC76C51A30654BE30, 0xD192E819D6EF5218,
	0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8,
	0x19A4C116B8D2D0C8, 0x1E376C085141AB53, 0x2748774CDF8EEB99,
	0x34B0BCB5E19B48A8, 0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB,
	0x5B9CCA4F7763E373, 0x682E6FF3D6B2B8A3, 0x748F82EE5DEFB2FC,
	0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
	0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915,
	0xC67178F2E372532B, 0xCA273ECEEA26619C, 0xD186B8C721C0C207,
	0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178, 0x06F067AA72176FBA,
	0x0A637DC5A2C898A6, 0x113F9804BEF90DAE, 0x1B710B35131C471B,
	0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC,
	0x431D67C49C100D4C, 0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A,
	0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817,
};

/* 5.3.5 and 5.3.4, of the square roots of the first 16 primes: SHA-512's, the
 * upper halves being SHA-256's, then SHA-384's, the lower halves being
 * SHA-224's. */
static const uint64_t square_roots[16] = {
	0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B,
	0xA54FF53A5F1D36F1, 0x510E527FADE682D1, 0x9B05688C2B3E6C1F,
	0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179, 0xCBBB9D5DC1059ED8,
	0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
	0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7,
	0x47B5481DBEFA4FA4,
};
/* clang-format on */

static void mix(struct tw_hash *hash);
static void mix_md5(uint64_t state[8], const uint8_t *block);
static void mix_sha1(uint64_t state[8], const uint8_t *block);
static void mix_sha2(struct tw_hash *hash);

size_t tw_hash_length(unsigned kind)
{
	static const uint8_t lengths[] = { 16, 20, 28, 32, 48, 64 };

	return lengths[kind];
}

static bool is_wide(unsigned kind)
{
	return kind >= TW_SHA384;
}

static size_t block_size(unsigned kind)
{
	return is_wide(kind) ? 128 : 64;
}

void tw_hash_start(struct tw_hash *hash, unsigned kind)
{
	static const uint32_t first[5] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE,
		0x10325476, 0xC3D2E1F0 };
	bool is_cut = kind == TW_SHA224 || kind == TW_SHA384;
	unsigned i;

	hash->kind = kind;
	hash->length = 0;
	for (i = 0; i < 8; i++)
		if (kind <= TW_SHA1)
			hash->state[i] = i < 5 ? first[i] : 0;
		else
			hash->state[i] = square_roots[i + (is_cut ? 8 : 0)] >>
				(kind == TW_SHA256 ? 32 : 0);
}

void tw_hash_add(struct tw_hash *hash, const void *octets, size_t length)
{
	size_t size = block_size(hash->kind), i;
	const uint8_t *from = octets;

	for (i = 0; i < length; i++) {
		hash->block[hash->length++ % size] = from[i];
		if (hash->length % size == 0)
			mix(hash);
	}
}

/* MD5's octets alone are in the other order. */
static size_t place_of(const struct tw_hash *hash, size_t octet, size_t word)
{
	return hash->kind == TW_MD5 ? octet : word - 1 - octet;
}

/* A set bit, zeros, and the length in bits, of two words, make the last block
 * full. */
void tw_hash_end(struct tw_hash *hash, uint8_t octets[TW_HASH_MAX])
{
	static const uint8_t mark = 0x80, zeros[8] = { 0 };
	size_t size = block_size(hash->kind), word = size / 16, i;
	uint64_t bits = hash->length * 8;
	uint8_t number[8];

	tw_hash_add(hash, &mark, 1);
	while (hash->length % size != size - 2 * word)
		tw_hash_add(hash, zeros, 1);
	tw_hash_add(hash, zeros, 2 * word - 8);
	for (i = 0; i < 8; i++)
		number[i] = (uint8_t)(bits >> 8 * place_of(hash, i, 8));
	tw_hash_add(hash, number, sizeof(number));
	for (i = 0; i < tw_hash_length(hash->kind); i++)
		octets[i] = (uint8_t)(hash->state[i / word] >>
			8 * place_of(hash, i % word, word));
}

void tw_hmac_start(
	struct tw_hmac *hmac, unsigned kind, const uint8_t *key, size_t length)
{
	size_t size = block_size(kind), i;

	memset(hmac->pad, 0, sizeof(hmac->pad));
	tw_hash_start(&hmac->hash, kind);
	if (length > size) {
		tw_hash_add(&hmac->hash, key, length);
		tw_hash_end(&hmac->hash, hmac->pad);
		tw_hash_start(&hmac->hash, kind);
	} else {
		memcpy(hmac->pad, key, length);
	}
	for (i = 0; i < size; i++)
		hmac->pad[i] ^= 0x36;
	tw_hash_add(&hmac->hash, hmac->pad, size);
}

void tw_hmac_end(struct tw_hmac *hmac, uint8_t octets[TW_HASH_MAX])
{
	unsigned kind = hmac->hash.kind;
	size_t i;

	tw_hash_end(&hmac->hash, octets);
	for (i = 0; i < block_size(kind); i++)
		hmac->pad[i] ^= 0x36 ^ 0x5C;
	tw_hash_start(&hmac->hash, kind);
	tw_hash_add(&hmac->hash, hmac->pad, block_size(kind));
	tw_hash_add(&hmac->hash, octets, tw_hash_length(kind));
	tw_hash_end(&hmac->hash, octets);
}

/*
 * A block goes in
 */

static void mix(struct tw_hash *hash)
{
	if (hash->kind == TW_MD5)
		mix_md5(hash->state, hash->block);
	else if (hash->kind == TW_SHA1)
		mix_sha1(hash->state, hash->block);
	else
		mix_sha2(hash);
}

static uint32_t left(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

/* RFC 1321 3.4 */
static uint32_t choose_md5(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (d & b) | (~d & c);
	case 2:
		return b ^ c ^ d;
	default:
		return c ^ (b | ~d);
	}
}

static void mix_md5(uint64_t state[8], const uint8_t *block)
{
	static const uint8_t turns[4][4] = { { 7, 12, 17, 22 },
		{ 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
	static const uint8_t steps[4] = { 1, 5, 3, 7 };
	static const uint8_t starts[4] = { 0, 1, 5, 0 };
	uint32_t s[4], word, sum;
	const uint8_t *at;
	unsigned i, round;

	for (i = 0; i < 4; i++)
		s[i] = (uint32_t)state[i];
	for (i = 0; i < 64; i++) {
		round = i / 16;
		at = block + (steps[round] * i + starts[round]) % 16 * 4;
		word = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
			(uint32_t)at[3] << 24;
		sum = s[0] + choose_md5(round, s[1], s[2], s[3]) + word +
			sines[i];
		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += left(sum, turns[round][i % 4]);
	}
	for (i = 0; i < 4; i++)
		state[i] = (uint32_t)state[i] + s[i];
}

/* The words of a block, most significant octet first. */
static void read_words(const uint8_t *block, size_t word, uint64_t words[16])
{
	size_t i;

	memset(words, 0, 16 * sizeof(*words));
	for (i = 0; i < 16 * word; i++)
		words[i / word] = words[i / word] << 8 | block[i];
}

/* FIPS 180-4 6.1.2 */
static void mix_sha1(uint64_t state[8], const uint8_t *block)
{
	static const uint32_t sums[4] = { 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC,
		0xCA62C1D6 };
	uint64_t w[80];
	uint32_t s[5], f, sum;
	unsigned i;

	read_words(block, 4, w);
	for (i = 16; i < 80; i++)
		w[i] = left(
			(uint32_t)(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]),
			1);
	for (i = 0; i < 5; i++)
		s[i] = (uint32_t)state[i];
	for (i = 0; i < 80; i++) {
		if (i < 20)
			f = (s[1] & s[2]) | (~s[1] & s[3]);
		else if (i >= 40 && i < 60)
			f = (s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3]);
		else
			f = s[1] ^ s[2] ^ s[3];
		sum = left(s[0], 5) + f + s[4] + sums[i / 20] + (uint32_t)w[i];
		s[4] = s[3];
		s[3] = s[2];
		s[2] = left(s[1], 30);
		s[1] = s[0];
		s[0] = sum;
	}
	for (i = 0; i < 5; i++)
		state[i] = (uint32_t)state[i] + s[i];
}

/*
 * SHA-2: 64 rounds with words of 32 bits, 80 with those of 64
 */

/* How far to turn to the right, FIPS 180-4 4.1.2 and 4.1.3; the last of the
 * small ones is a shift. */
static const uint8_t turns_of[2][4][3] = {
	{ { 2, 13, 22 }, { 6, 11, 25 }, { 7, 18, 3 }, { 17, 19, 10 } },
	{ { 28, 34, 39 }, { 14, 18, 41 }, { 1, 8, 7 }, { 19, 61, 6 } },
};

static uint64_t right(uint64_t word, unsigned bits, bool wide)
{
	return wide ? word >> bits | word << (64 - bits)
		    : left((uint32_t)word, 32 - bits);
}

/* `which`: the row of turns_of. */
static uint64_t spread(uint64_t word, unsigned which, bool wide)
{
	const uint8_t *turns = turns_of[wide][which];

	return right(word, turns[0], wide) ^ right(word, turns[1], wide) ^
		(which < 2 ? right(word, turns[2], wide) : word >> turns[2]);
}

static uint64_t cut(uint64_t word, bool wide)
{
	return wide ? word : (uint32_t)word;
}

static void mix_sha2(struct tw_hash *hash)
{
	bool wide = is_wide(hash->kind);
	unsigned rounds = wide ? 80 : 64, i;
	uint64_t w[80], s[8], sum;

	read_words(hash->block, wide ? 8 : 4, w);
	for (i = 16; i < rounds; i++)
		w[i] = cut(spread(w[i - 2], 3, wide) + w[i - 7] +
				spread(w[i - 15], 2, wide) + w[i - 16],
			wide);
	memcpy(s, hash->state, sizeof(s));
	for (i = 0; i < rounds; i++) {
		sum = s[7] + spread(s[4], 1, wide) +
			((s[4] & s[5]) ^ (~s[4] & s[6])) +
			(cube_roots[i] >> (wide ? 0 : 32)) + w[i];
		s[3] += sum;
		sum += spread(s[0], 0, wide) +
			((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof(*s));
		s[0] = cut(sum, wide);
		s[4] = cut(s[4], wide);
	}
	for (i = 0; i < 8; i++)
		hash->state[i] = cut(hash->state[i] + s[i], wide);
}
