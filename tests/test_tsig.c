/* SPDX-License-Identifier: MIT */
/* TSIG: keys, queries that are signed, replies that are verified, and the
 * command with both. The signatures were made with another implementation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/tsig_key.h"
#include "tests/check.h"
#include "tests/server.h"

#define NOW_S 1795261216
#define HEX_MAX 512 /* octets */

/* Of 1, 2, 3 ... 32 */
#define SECRET "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="

/* The end of what the command says of a key. */
static int stderr_copy;

static void keep_silent(void)
{
	stderr_copy = dup(STDERR_FILENO);
	CU_ASSERT_PTR_NOT_NULL_FATAL(freopen("/dev/null", "w", stderr));
}

static void speak_again(void)
{
	fflush(stderr);
	dup2(stderr_copy, STDERR_FILENO);
	close(stderr_copy);
}

/* ---- keys */

struct key_row {
	const char *why;
	const char *text;
	const char *expected; /* "KIND MAC-LENGTH NAME SECRET-LENGTH" */
};

static const struct key_row key_rows[] = {
	{ "all is said", "hmac-sha256:k.example:" SECRET,
		"3 32 k.example. 32" },
	{ "dig's default", "k.example:" SECRET, "0 16 k.example. 32" },
	{ "capitals", "HMAC-SHA512:K.Example.:" SECRET, "5 64 k.example. 32" },
	{ "a MAC that is cut", "hmac-sha1-80:k:" SECRET, "1 10 k. 32" },
	{ "bits are rounded up", "hmac-sha224-81:k:" SECRET, "2 11 k. 32" },
	{ "no bits are all", "hmac-sha384-0:k:" SECRET, "4 48 k. 32" },
	{ "all bits", "hmac-md5-128:k:" SECRET, "0 16 k. 32" },
	{ "two octets short of three", "k:AA==", "0 16 k. 1" },
	{ "one octet short of three", "k:AAA=", "0 16 k. 2" },
	{ "more bits than there are", "hmac-md5-129:k:" SECRET, NULL },
	{ "bits in letters", "hmac-md5-8o:k:" SECRET, NULL },
	{ "bits are missing", "hmac-md5-:k:" SECRET, NULL },
	{ "no such algorithm", "hmac-sha3:k:" SECRET, NULL },
	{ "half of an algorithm", "hmac-sha:k:" SECRET, NULL },
	{ "more than an algorithm", "hmac-sha2567:k:" SECRET, NULL },
	{ "an algorithm of no name", ":k:" SECRET, NULL },
	{ "an empty label", "k..example:" SECRET, NULL },
	{ "no name", ":" SECRET, NULL },
	{ "no secret", "hmac-sha256:k:", NULL },
	{ "a name alone", "k", NULL },
	{ "nothing", "", NULL },
	{ "not four characters", "k:AAA", NULL },
	{ "three of padding", "k:A===", NULL },
	{ "padding inside", "k:AA=A", NULL },
	{ "padding and more", "k:AA==AAAA", NULL },
	{ "a character that is none", "k:AA-A", NULL },
};

static void check_key(const char *why, const char *text, int status,
	const struct tw_tsig_key *key, const char *expected)
{
	char got[TROWEL_NAME_TEXT_SIZE + 32] = "refused";
	char name[TROWEL_NAME_TEXT_SIZE];

	if (status == 0) {
		trowel_name_format(&key->name, name);
		snprintf(got, sizeof(got), "%d %d %s %d", key->kind,
			key->mac_length, name, key->secret_length);
	}
	expected = expected != NULL ? expected : "refused";
	CU_ASSERT_STRING_EQUAL(got, expected);
	if (strcmp(got, expected) != 0)
		printf("%s: %s is %s\n", why, text, got);
}

static void keys_are_read_from_words(void)
{
	struct tw_tsig_key key;

	keep_silent();
	for (size_t i = 0; i < CHECK_COUNT(key_rows); i++) {
		char *text = check_copy(
			key_rows[i].text, strlen(key_rows[i].text) + 1);
		int status = tw_tsig_key_parse(&key, text);

		check_key(key_rows[i].why, text, status, &key,
			key_rows[i].expected);
		free(text);
	}
	speak_again();
}

static void secrets_are_decoded(void)
{
	struct tw_tsig_key key;

	CU_ASSERT_EQUAL(tw_tsig_key_parse(&key, "k:+/A9zw=="), 0);
	CU_ASSERT_EQUAL(key.secret_length, 4);
	CU_ASSERT_EQUAL(memcmp(key.secret, "\xfb\xf0\x3d\xcf", 4), 0);
}

static void secret_may_have_512_octets(void)
{
	char text[2 + 688 + 1] = "k:";
	struct tw_tsig_key key;

	memset(text + 2, 'A', 683);
	text[685] = '=';
	CU_ASSERT_EQUAL(tw_tsig_key_parse(&key, text), 0);
	CU_ASSERT_EQUAL(key.secret_length, TW_TSIG_SECRET_MAX);
	text[685] = 'A';
	keep_silent();
	CU_ASSERT_NOT_EQUAL(tw_tsig_key_parse(&key, text), 0);
	speak_again();
}

/* ---- files of keys */

struct file_row {
	const char *why;
	const char *name;
	const char *text;
	const char *asked; /* the name that is given; NULL: the file's */
	const char *expected;
};

#define RECORD "k.example. IN KEY 512 3 163 " SECRET "\n"

static const struct file_row file_rows[] = {
	{ "as tsig-keygen writes it", "conf",
		"key \"k.example\" {\n\talgorithm hmac-sha256;\n"
		"\tsecret \"" SECRET "\";\n};\n",
		NULL, "3 32 k.example. 32" },
	{ "in one line, without quotes", "conf",
		"KEY k{secret " SECRET ";algorithm \"HMAC-SHA1-80\";};", NULL,
		"1 10 k. 32" },
	{ "with comments", "conf",
		"# one\n// two\n/* three\n*/key /**/ k { # four\n"
		"algorithm hmac-md5; secret AAAA; };",
		NULL, "0 16 k. 3" },
	{ "two keys", "conf",
		"key a { algorithm hmac-md5; secret AAAA; };"
		"key b { algorithm hmac-md5; secret AAAA; };",
		NULL, NULL },
	{ "no secret", "conf", "key k { algorithm hmac-md5; };", NULL, NULL },
	{ "no algorithm", "conf", "key k { secret AAAA; };", NULL, NULL },
	{ "another statement", "conf",
		"key k { algorithm hmac-md5; secret AAAA; port 1; };", NULL,
		NULL },
	{ "no semicolon at the end", "conf",
		"key k { algorithm hmac-md5; secret AAAA; }", NULL, NULL },
	{ "no semicolon inside", "conf",
		"key k { algorithm hmac-md5 secret AAAA; };", NULL, NULL },
	{ "no brace", "conf", "key k algorithm hmac-md5;", NULL, NULL },
	{ "cut off", "conf", "key k { algorithm hmac-md5;", NULL, NULL },
	{ "cut off in quotes", "conf", "key \"k", NULL, NULL },
	{ "cut off in a comment", "conf", "/* key", NULL, NULL },
	{ "another clause", "conf", "options { };", NULL, NULL },
	{ "nothing", "conf", "", NULL, NULL },
	{ "the record of a pair", "Kk.+163+00001.key", RECORD, NULL,
		"3 32 k.example. 32" },
	{ "by the other's name", "Kk.+163+00001.key", RECORD,
		"Kk.+163+00001.private", "3 32 k.example. 32" },
	{ "by what they share", "Kk.+163+00001.key", RECORD, "Kk.+163+00001",
		"3 32 k.example. 32" },
	{ "and the dot", "Kk.+163+00001.key", RECORD, "Kk.+163+00001.",
		"3 32 k.example. 32" },
	{ "a TTL, a secret in parts", "Kk.+157+00001.key",
		"k. 3600 IN KEY 0 3 157 AA AA\n", NULL, "0 16 k. 3" },
	{ "an algorithm of DNSSEC", "Kk.+008+00001.key",
		"k. IN KEY 512 3 8 AAAA\n", NULL, NULL },
	{ "another type", "Kk.+163+00001.key", "k. IN TXT 512 3 163 AAAA\n",
		NULL, NULL },
	{ "no such file", "conf", "", "none", NULL },
};

static void keys_are_read_from_files(void)
{
	char directory[] = "/tmp/trowel-tsig-XXXXXX";
	char path[128], asked[128];
	struct tw_tsig_key key;
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	keep_silent();
	for (size_t i = 0; i < CHECK_COUNT(file_rows); i++) {
		const struct file_row *row = &file_rows[i];

		snprintf(path, sizeof(path), "%s/%s", directory, row->name);
		snprintf(asked, sizeof(asked), "%s/%s", directory,
			row->asked != NULL ? row->asked : row->name);
		file = fopen(path, "w");
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		fputs(row->text, file);
		fclose(file);
		check_key(row->why, row->text, tw_tsig_key_read(&key, asked),
			&key, row->expected);
		unlink(path);
	}
	CU_ASSERT_NOT_EQUAL(tw_tsig_key_read(&key, directory), 0);
	CU_ASSERT_NOT_EQUAL(tw_tsig_key_read(&key, ""), 0);
	CU_ASSERT_NOT_EQUAL(tw_tsig_key_read(&key, "/dev/zero"), 0);
	speak_again();
	rmdir(directory);
}

/* ---- queries */

static size_t read_hex(const char *text, uint8_t octets[HEX_MAX])
{
	size_t length = strlen(text) / 2;
	unsigned octet;

	CU_ASSERT_FATAL(length <= HEX_MAX);
	for (size_t i = 0; i < length; i++) {
		sscanf(text + 2 * i, "%2x", &octet);
		octets[i] = (uint8_t)octet;
	}
	return length;
}

/* www.example A */
static const char query_hex[] =
	"12340100000100000000000003777777076578616d706c650000010001";

struct sign_row {
	const char *key;
	const char *expected; /* the TSIG */
};

/* clang-format off */
static const struct sign_row sign_rows[] = {
	{ "hmac-md5:k:" SECRET,
	"016b0000fa00ff00000000003a08686d61632d6d6435077369672d616c67"
	"0372656703696e740000006b018320012c00109dd1405a3ec171bf2e5778"
	"607fd54407123400000000" },
	{ "hmac-sha1:k:" SECRET,
	"016b0000fa00ff00000000002f09686d61632d736861310000006b018320"
	"012c0014a301bb332b3bddb1c9b8a730885403179f89ebdf123400000000" },
	{ "hmac-sha224:k:" SECRET,
	"016b0000fa00ff0000000000390b686d61632d7368613232340000006b01"
	"8320012c001c95605808f9fe77279db8ddf655d7f2d6521874a5413d5864"
	"3e49be4c123400000000" },
	{ "hmac-sha256:K:" SECRET,
	"016b0000fa00ff00000000003d0b686d61632d7368613235360000006b01"
	"8320012c0020cd9f90c3e8d3b6062a9cc278b10e884cda4e1c962ca40c30"
	"55f4e1864b037e34123400000000" },
	{ "hmac-sha384:k:" SECRET,
	"016b0000fa00ff00000000004d0b686d61632d7368613338340000006b01"
	"8320012c003055283f0329a5443d66556a980e027866f4c3481b886b139b"
	"7d1d4ef66a2e890a056bf05884a9f4d085161108211cba2f123400000000" },
	{ "hmac-sha512:k:" SECRET,
	"016b0000fa00ff00000000005d0b686d61632d7368613531320000006b01"
	"8320012c0040bd1309e8c3f9b0102765bd01afeae97d388724b7ba78cd23"
	"77f62328a1f8f7b983fabf609c0e32df58170de609cbd46fa522a8d0bac6"
	"504b2cf83a45d36b6295123400000000" },
	{ "hmac-sha256-128:k:" SECRET,
	"016b0000fa00ff00000000002d0b686d61632d7368613235360000006b01"
	"8320012c0010cd9f90c3e8d3b6062a9cc278b10e884c123400000000" },
};
/* clang-format on */

static void queries_are_signed(void)
{
	for (size_t i = 0; i < CHECK_COUNT(sign_rows); i++) {
		uint8_t query[HEX_MAX + TW_TSIG_SIZE_MAX], wanted[HEX_MAX];
		size_t length = read_hex(query_hex, query), signed_length;
		size_t wanted_length = read_hex(sign_rows[i].expected, wanted);
		struct tw_tsig_key key;
		struct tw_tsig tsig = { .key = &key };

		CU_ASSERT_EQUAL(tw_tsig_key_parse(&key, sign_rows[i].key), 0);
		signed_length = tw_tsig_sign(&tsig, NOW_S, query, length);
		CU_ASSERT_EQUAL(signed_length - length, wanted_length);
		CU_ASSERT_EQUAL(tw_tsig_size(&key), wanted_length);
		CU_ASSERT_EQUAL(
			memcmp(query + length, wanted, wanted_length), 0);
		CU_ASSERT_EQUAL(query[10] * 256 + query[11], 1);
	}
}

static void longest_key_has_room(void)
{
	uint8_t query[HEX_MAX + TW_TSIG_SIZE_MAX];
	size_t length = read_hex(query_hex, query);
	struct tw_tsig_key key = { .kind = TW_SHA512, .mac_length = 64 };
	struct tw_tsig tsig = { .key = &key };

	key.name.length = TROWEL_NAME_MAX;
	memset(key.name.octets, 1, TROWEL_NAME_MAX);
	CU_ASSERT(tw_tsig_sign(&tsig, NOW_S, query, length) <=
		length + TW_TSIG_SIZE_MAX);
	key.kind = TW_MD5;
	CU_ASSERT(tw_tsig_sign(&tsig, NOW_S, query, length) <=
		length + TW_TSIG_SIZE_MAX);
}

/* ---- replies */

struct verify_row {
	const char *why;
	const char *expected; /* NULL: all is well */
	const char *reply;
};

/* clang-format off */
static const struct verify_row verify_rows[] = {
	{ "it was signed with our key", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a284123400000000" },
	{ "names in capitals are the same", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201014b0000fa00ff00000000003d0b48"
	"4d41432d5368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a284123400000000" },
	{ "the id was changed on the way", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c0020df50b18d1147a2eb1d"
	"0611765d38d25e5339f96d19c8270b2c2801d5beddc7e4abcd00000000" },
	{ "octets follow it", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a28412340000000078"
	"797a" },
	{ "it is old, but not too old", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b0181f4012c0020a53ba2099d622c8d6c"
	"80ee49338839803a4d8d1388d4b506a6be41263a99931c123400000000" },
	{ "it is too old", "clocks are unsynchronized",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b0181f3012c002022cea0b0fb32fc5f8e"
	"ed4886d459a51a5c917ce39d5c4855e116b2336ba58fc4123400000000" },
	{ "it is not too new", NULL,
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b01844c012c002054906fbb8bf835378e"
	"5ba6a33af8a5d44429ffaca942984787ec82206591db30123400000000" },
	{ "it is too new", "clocks are unsynchronized",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b01844d012c0020a43ed8ff114b61dc93"
	"abd4c351877ae3b1f8591b6a1c7c7b9cf53b4e7f789e47123400000000" },
	{ "there is none", "expected a TSIG or SIG(0)",
	"12348180000100010000000003777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201" },
	{ "a record follows it", "expected a TSIG or SIG(0)",
	"12348180000100010000000203777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a28412340000000000"
	"001000010000000000020161" },
	{ "it is no additional record", "expected a TSIG or SIG(0)",
	"12348180000100020000000003777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a284123400000000" },
	{ "there are two", "tsig verify failure",
	"12348180000100010000000203777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a28412340000000001"
	"6b0000fa00ff00000000003d0b686d61632d7368613235360000006b0183"
	"20012c002039751269015a09d69b08e03ed6d5f3d89c28c2a4925a0ce90f"
	"1c30a80223a284123400000000" },
	{ "the last octet of the MAC is another", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a285123400000000" },
	{ "an octet of the answer is another", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000202016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c002039751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a284123400000000" },
	{ "it covers no query's MAC", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c0020836c0243160d4cdc5f"
	"9ba77661b374b104286dd2eab4313f0de45ff65adee6dd123400000000" },
	{ "the key is another", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016c0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c0020c8c1e4ad0ae1fbe4b1"
	"c1bafe8c280f37cdb4ae96304c71d7d54649c00b575249123400000000" },
	{ "the algorithm is another", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003b0968"
	"6d61632d736861310000006b018320012c002027f4b64190190b71a5a6af"
	"2b2316156bec3d3ad0ac76ba31adb1626b26fc6e85123400000000" },
	{ "it has no MAC", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000001d0b68"
	"6d61632d7368613235360000006b018320012c0000123400000000" },
	{ "the MAC is cut", "tsig verify failure",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000002d0b68"
	"6d61632d7368613235360000006b018320012c001039751269015a09d69b"
	"08e03ed6d5f3d8123400000000" },
	{ "the MAC is cut to less than half", "FORMERR",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000002c0b68"
	"6d61632d7368613235360000006b018320012c000f39751269015a09d69b"
	"08e03ed6d5f3123400000000" },
	{ "the MAC is too long", "FORMERR",
	"12348180000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003e0b68"
	"6d61632d7368613235360000006b018320012c002139751269015a09d69b"
	"08e03ed6d5f3d89c28c2a4925a0ce90f1c30a80223a28439123400000000" },
	{ "the server does not know the key", "tsig indicates error",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000001d0b68"
	"6d61632d7368613235360000006b018320012c0000123400110000" },
	{ "the server cannot verify the query", "tsig indicates error",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000001d0b68"
	"6d61632d7368613235360000006b018320012c0000123400100000" },
	{ "it is signed all the same", "tsig indicates error",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c00203b84ae41791bc1411c"
	"5a817868f66e6ecead7f8afd887aa36be023561c0c6909123400100000" },
	{ "the server wants a longer MAC", "tsig indicates error",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000003d0b68"
	"6d61632d7368613235360000006b018320012c0020002af2ff51f02ac37d"
	"702d775183101e575f96baa0a5be9a783d59ba42c39c4d123400160000" },
	{ "the server's clock is another", "clocks are unsynchronized",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff0000000000430b68"
	"6d61632d7368613235360000006b018320012c002010a0880525c1440f88"
	"cf12b08194ed2c0b2df94b40423589a35bac4ac17ece9912340012000600"
	"006b018708" },
	{ "that is not signed", "tsig verify failure",
	"12348189000100010000000103777777076578616d706c650000010001c0"
	"0c000100010000012c0004c0000201016b0000fa00ff00000000001d0b68"
	"6d61632d7368613235360000006b018320012c0000123400120000" },
};
/* clang-format on */

static const char *verify(const struct tw_tsig *tsig, const char *hex)
{
	uint8_t octets[HEX_MAX];
	size_t length = read_hex(hex, octets);
	uint8_t *copy = check_copy(octets, length);
	struct trowel_message reply;
	const char *fault = "malformed";

	if (trowel_message_decode(&reply, copy, length, NULL) == TROWEL_OK)
		fault = tw_tsig_verify(tsig, NOW_S, &reply);
	free(copy);
	return fault != NULL ? fault : "all is well";
}

/* Of the query above. */
static void sign(
	struct tw_tsig *tsig, struct tw_tsig_key *key, const char *text)
{
	uint8_t query[HEX_MAX + TW_TSIG_SIZE_MAX];
	size_t length = read_hex(query_hex, query);

	tsig->key = key;
	CU_ASSERT_EQUAL_FATAL(tw_tsig_key_parse(key, text), 0);
	tw_tsig_sign(tsig, NOW_S, query, length);
}

static void replies_are_verified(void)
{
	struct tw_tsig_key key;
	struct tw_tsig tsig;

	sign(&tsig, &key, "hmac-sha256:k:" SECRET);
	for (size_t i = 0; i < CHECK_COUNT(verify_rows); i++) {
		const struct verify_row *row = &verify_rows[i];
		const char *wanted =
			row->expected != NULL ? row->expected : "all is well";
		const char *fault = verify(&tsig, row->reply);

		CU_ASSERT_STRING_EQUAL(fault, wanted);
		if (strcmp(fault, wanted) != 0)
			printf("%s: %s\n", row->why, fault);
	}
}

static void no_octet_of_a_reply_can_change(void)
{
	struct tw_tsig_key key;
	struct tw_tsig tsig;
	char hex[2 * HEX_MAX];

	sign(&tsig, &key, "hmac-sha256:k:" SECRET);
	strcpy(hex, verify_rows[0].reply);
	/* Its own id is not signed, but the original one. */
	for (size_t i = 4; hex[i] != '\0'; i++) {
		char digit = hex[i];

		hex[i] = digit == '9' ? '6' : '9';
		CU_ASSERT_STRING_NOT_EQUAL(verify(&tsig, hex), "all is well");
		hex[i] = digit;
	}
}

/* ---- the command */

#define KEY_TEXT "hmac-sha256:k.example:" SECRET
#define KEY " -y " KEY_TEXT

static struct tw_tsig_key command_key;

/* Signs a reply to a signed query: an answer, or with `spare` 1 a wrong MAC,
 * by UDP only TC with 2, an answer to another question with 3. */
static void reply_signed(struct server_request *request)
{
	static const uint8_t fixed[] = { 0, 0xFA, 0, 0xFF, 0, 0, 0, 0 };
	unsigned way = atomic_load(&request->server->shared->spare[0]);
	size_t mac_at = request->length - 6 - command_key.mac_length;
	size_t tsig_at = request->length - tw_tsig_size(&command_key);
	uint8_t reply[HEX_MAX], mac[TW_HASH_MAX];
	size_t owner = command_key.name.length, at;
	struct tw_hmac hmac;

	/* The query with its OPT, and an error for an answer. */
	memcpy(reply, request->octets, request->length);
	reply[2] |= 0x80;
	reply[3] = 3;
	if (way == 2 && !request->is_tcp)
		reply[2] |= 2;
	reply[12 + 1] ^= way == 3;
	reply[11]--;
	tw_hmac_start(&hmac, command_key.kind, command_key.secret,
		command_key.secret_length);
	tw_hash_add(&hmac.hash, request->octets + mac_at - 2,
		2U + command_key.mac_length);
	tw_hash_add(&hmac.hash, reply, tsig_at);
	tw_hash_add(&hmac.hash, reply + tsig_at, owner);
	tw_hash_add(&hmac.hash, fixed + 2, 6);
	at = tsig_at + owner + 10;
	tw_hash_add(&hmac.hash, reply + at, mac_at - 2 - at);
	tw_hash_add(&hmac.hash, reply + request->length - 4, 4);
	tw_hmac_end(&hmac, mac);
	memcpy(reply + mac_at, mac, command_key.mac_length);
	reply[mac_at] ^= way == 1;
	reply[11]++;
	server_reply(request, reply, request->length);
}

struct run_row {
	const char *why;
	unsigned way; /* of the server's */
	const char *arguments;
	int status;
	const char *says; /* on standard output or error */
	const char *says_not;
};

static const struct run_row run_rows[] = {
	{ "verified", 0, KEY, 0, "status: NXDOMAIN", "erif" },
	{ "the query is shown with its TSIG", 0, "+qr" KEY, 0,
		";; QUERY SIZE: 1", "erif" },
	{ "not verified", 1, KEY, 9,
		"trowel: Couldn't verify signature: tsig verify failure\n",
		"\n;; Couldn't" },
	{ "a line at the end", 1, KEY, 9,
		"\n;; WARNING -- Some TSIG could not be validated\n\n", NULL },
	{ "as dig", 1, "--dig" KEY, 0,
		";; Couldn't verify signature: tsig verify failure\n",
		"trowel:" },
	{ "JSON", 1, "+jsonl" KEY, 9, "\"NXDOMAIN\"", ";;" },
	{ "by TCP", 2, KEY, 0, "(TCP)", "Couldn't" },
	{ "another question", 3, "+time=1 +tries=1" KEY, 9,
		"Question section mismatch: got vww.test", "HEADER" },
	{ "that as JSON", 3, "+jsonl +tcp" KEY, 9, "\"error\"", "HEADER" },
	{ "the outcome", 0, "+rc" KEY, 2, "NXDOMAIN", NULL },
	{ "nobody answers", 0, "@127.0.0.1 -p 1 --dig +tries=1" KEY, 9,
		"no servers could be reached", NULL },
	{ "two servers", 0, "@127.0.0.2" KEY, 1, "one server at a time", ";;" },
	{ "the last key counts", 0, "-y hmac-md5:other:AAAA" KEY, 0, "NXDOMAIN",
		"erif" },
	{ "no key", 0, "-y hmac-sha256:k.example", 1, "no secret", ";;" },
};

static void command_signs_and_verifies(void)
{
	char words[512], text[8192];
	struct server server;

	CU_ASSERT_EQUAL_FATAL(tw_tsig_key_parse(&command_key, KEY_TEXT), 0);
	server_start(&server, AF_INET, reply_signed);
	for (size_t i = 0; i < CHECK_COUNT(run_rows); i++) {
		const struct run_row *row = &run_rows[i];
		int status;

		atomic_store(&server.shared->spare[0], row->way);
		snprintf(words, sizeof(words),
			"-r www.test @127.0.0.1 -p %u %s", server.port,
			row->arguments);
		status = check_command(words, text, sizeof(text));
		CU_ASSERT_EQUAL(status, row->status);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, row->says));
		CU_ASSERT(row->says_not == NULL ||
			strstr(text, row->says_not) == NULL);
		if (status != row->status || strstr(text, row->says) == NULL)
			printf("%s: %d %s\n", row->why, status, text);
	}
	server_stop(&server);
}

static const struct check_case cases[] = {
	CHECK_CASE(keys_are_read_from_words),
	CHECK_CASE(secrets_are_decoded),
	CHECK_CASE(secret_may_have_512_octets),
	CHECK_CASE(keys_are_read_from_files),
	CHECK_CASE(queries_are_signed),
	CHECK_CASE(longest_key_has_room),
	CHECK_CASE(replies_are_verified),
	CHECK_CASE(no_octet_of_a_reply_can_change),
	CHECK_CASE(command_signs_and_verifies),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
