/* SPDX-License-Identifier: MIT */
/* The hashes and HMACs of RFC 1321 A.5, FIPS 180-4's examples, RFC 2202 and
 * RFC 4231. */
#include <stdio.h>
#include <string.h>

#include "cli/hash.h"
#include "tests/check.h"

static const char *const names[] = { "MD5", "SHA-1", "SHA-224", "SHA-256",
	"SHA-384", "SHA-512" };

/* In hex; good until the next call. */
static const char *hex(const uint8_t *octets, unsigned kind)
{
	static char text[2 * TW_HASH_MAX + 1];

	for (size_t i = 0; i < tw_hash_length(kind); i++)
		sprintf(text + 2 * i, "%02x", octets[i]);
	return text;
}

static void compare(unsigned kind, const uint8_t *octets, const char *expected)
{
	const char *got = hex(octets, kind);

	CU_ASSERT_STRING_EQUAL(got, expected);
	if (strcmp(got, expected) != 0)
		printf("%s is %s, not %s\n", names[kind], got, expected);
}

struct hash_row {
	const char *text;
	const char *expected[TW_HASH_KINDS];
};

/* clang-format off */
static const struct hash_row hash_rows[] = {
	{ "", {
		"d41d8cd98f00b204e9800998ecf8427e",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		"7852b855",
		"38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf"
		"63f6e1da274edebfe76f65fbd51ad2f14898b95b",
		"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921"
		"d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81"
		"a538327af927da3e",
	} },
	{ "abc", {
		"900150983cd24fb0d6963f7d28e17f72",
		"a9993e364706816aba3e25717850c26c9cd0d89d",
		"23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
		"f20015ad",
		"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a"
		"43ff5bed8086072ba1e7cc2358baeca134c825a7",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee6"
		"4b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
		"2a9ac94fa54ca49f",
	} },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", {
		"8215ef0796a20bcaaae116d3876c664a",
		"84983e441c3bd26ebaae4aa1f95129e5e54670f1",
		"75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd4"
		"19db06c1",
		"3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450d"
		"e5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
		"204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331"
		"a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd703"
		"54ec631238ca3445",
	} },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", {
		"03dd8807a93175fb062dfb55dc7d359c",
		"a49b2446a02c645bf419f995b67091253a04a259",
		"c97ca9a559850ce97a04a96def6d99a9e0e0e2ab14e6b8df265fc0b3",
		"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac4503"
		"7afee9d1",
		"09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086"
		"e3b0f712fcc7c71a557e2db966c3e9fa91746039",
		"8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aead"
		"b6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd2654"
		"5e96e55b874be909",
	} },
};

struct hmac_row {
	size_t key_length;
	const char *key; /* of one octet: repeated */
	size_t length;
	const char *text; /* likewise */
	const char *expected[TW_HASH_KINDS];
};

static const struct hmac_row hmac_rows[] = {
	{ 16, "\x0b", 8, "Hi There", {
		"9294727a3638bb1c13f48ef8158bfc9d",
		NULL,
		NULL,
		NULL,
		NULL,
		NULL,
	} },
	{ 20, "\x0b", 8, "Hi There", {
		NULL,
		"b617318655057264e28bc0b6fb378c8ef146be00",
		"896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c"
		"2e32cff7",
		"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c"
		"7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
		"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b305"
		"45e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f170"
		"2e696c203a126854",
	} },
	{ 4, "Jefe", 28, "what do ya want for nothing?", {
		"750c783e6ab0b503eaa86e310a5db738",
		"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b9"
		"64ec3843",
		"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec373"
		"6322445e8e2240ca5e69e2c78b3239ecfab21649",
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7"
		"ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b"
		"636e070a38bce737",
	} },
	{ 16, "\xaa", 50, "\xdd", {
		"56be34521d144c88dbb8c733f0e8b3f6",
		NULL,
		NULL,
		NULL,
		NULL,
		NULL,
	} },
	{ 20, "\xaa", 50, "\xdd", {
		NULL,
		"125d7342b9ac11cd91a39af48aa17b4f63f175d3",
		"7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514"
		"ced565fe",
		"88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e5"
		"5966144b2a5ab39dc13814b94e3ab6e101a34f27",
		"fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33"
		"b2279d39bf3e848279a722c806b485a47e67c807b946a337bee89426"
		"74278859e13292fb",
	} },
	{ 80, "\xaa", 54, "Test Using Larger Than Block-Size Key - Hash Key First", {
		"6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
		"aa4ae5e15272d00e95705637ce8a3b55ed402112",
		NULL,
		NULL,
		NULL,
		NULL,
	} },
	{ 131, "\xaa", 54, "Test Using Larger Than Block-Size Key - Hash Key First", {
		NULL,
		NULL,
		"95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f"
		"0ee37f54",
		"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05"
		"033ac4c60c2ef6ab4030fe8296248df163f44952",
		"80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b0137"
		"83f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec"
		"8b915a985d786598",
	} },
};
/* clang-format on */

static void hashes_are_those_of_the_standards(void)
{
	for (size_t i = 0; i < CHECK_COUNT(hash_rows); i++)
		for (unsigned kind = 0; kind < TW_HASH_KINDS; kind++) {
			const struct hash_row *row = &hash_rows[i];
			uint8_t octets[TW_HASH_MAX];
			struct tw_hash hash;

			tw_hash_start(&hash, kind);
			tw_hash_add(&hash, row->text, strlen(row->text));
			tw_hash_end(&hash, octets);
			compare(kind, octets, row->expected[kind]);
		}
}

/* A text, or one octet again and again. */
static void fill(uint8_t *octets, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)text[strlen(text) == 1 ? 0 : i];
}

static void hmacs_are_those_of_the_standards(void)
{
	for (size_t i = 0; i < CHECK_COUNT(hmac_rows); i++)
		for (unsigned kind = 0; kind < TW_HASH_KINDS; kind++) {
			const struct hmac_row *row = &hmac_rows[i];
			uint8_t octets[TW_HASH_MAX], key[256], text[256];
			struct tw_hmac hmac;

			if (row->expected[kind] == NULL)
				continue;
			fill(key, row->key, row->key_length);
			fill(text, row->text, row->length);
			tw_hmac_start(&hmac, kind, key, row->key_length);
			tw_hash_add(&hmac.hash, text, row->length);
			tw_hmac_end(&hmac, octets);
			compare(kind, octets, row->expected[kind]);
		}
}

/* However long it is, and in whatever parts it comes. The sums of all lengths
 * were made with another implementation. */
static void every_length_is_hashed(void)
{
	static const char *const expected[] = {
		"e4702992a25b0586df095abeb5e4dc89",
		"2d095daa1437f7f4f361cd003710e0b4d4d9af37",
		"c83fc957349b3b16fccc1082fc7d1cbfab8d96a3155449103e9319dd",
		"3b05b530351f50663ba5ac734c246d169eafec6b57c70dc6dc94cad3"
		"9d04aad8",
		"00ff192ce1d334e39d1ce94d135f2673fdd482a9f3b5bb8a86f1b38f"
		"7b7d1ccc0c1df396672e98a3d26b1bf65bfa0acf",
		"8a732a2ef96b72c61264041d982c51f52f584ba520746f8dfcbe356c"
		"60311e9d68a05c40ac64998fb6bfca078a50d008373e7d30159f0e46"
		"26b1102c1cf370b3",
	};
	uint8_t octets[TW_HASH_MAX], text[300];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	for (unsigned kind = 0; kind < TW_HASH_KINDS; kind++) {
		struct tw_hash hash, all;

		tw_hash_start(&all, kind);
		for (size_t length = 0; length <= sizeof(text); length++) {
			tw_hash_start(&hash, kind);
			tw_hash_add(&hash, text, length / 3);
			tw_hash_add(
				&hash, text + length / 3, length - length / 3);
			tw_hash_end(&hash, octets);
			tw_hash_add(&all, octets, tw_hash_length(kind));
		}
		tw_hash_end(&all, octets);
		compare(kind, octets, expected[kind]);
	}
}

static const struct check_case cases[] = {
	CHECK_CASE(hashes_are_those_of_the_standards),
	CHECK_CASE(hmacs_are_those_of_the_standards),
	CHECK_CASE(every_length_is_hashed),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
