/* SPDX-License-Identifier: MIT */
#include "cli/tsig.h"

#include <stdbool.h>
#include <string.h>

#include "cli/octets.h"

#define HEADER_SIZE 12
#define TYPE_TSIG 250
#define CLASS_ANY 255
#define FUDGE_S 300 /* RFC 8945 10 */
#define MAC_MIN 10 /* RFC 8945 5.2.2.1 */

enum { BADSIG = 16, BADKEY = 17, BADTIME = 18 };

/* The fields of a TSIG, RFC 8945 4.2. */
enum {
	ALGORITHM,
	TIME_SIGNED,
	FUDGE,
	MAC_SIZE,
	MAC,
	ORIGINAL_ID,
	ERROR,
	OTHER_LENGTH,
	OTHER_DATA,
	FIELDS
};

static const char failure[] = "tsig verify failure";

static bool find_tsig(const struct trowel_message *message,
	struct trowel_record *record, uint16_t *start);
static bool read_fields(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_field fields[FIELDS]);
static bool is_ours(const struct tw_tsig_key *key,
	const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *fields);
static bool is_length_right(
	const struct tw_tsig_key *key, const struct trowel_field *mac);
static bool is_mac_right(const struct tw_tsig *tsig,
	const struct trowel_message *reply, uint16_t start,
	const struct trowel_field *fields);

const char *tw_tsig_algorithm(unsigned kind)
{
	static const char names[TW_HASH_KINDS][TW_TSIG_ALGORITHM_MAX] = {
		"hmac-md5.sig-alg.reg.int", "hmac-sha1", "hmac-sha224",
		"hmac-sha256", "hmac-sha384", "hmac-sha512"
	};

	return names[kind];
}

static void algorithm_name(
	const struct tw_tsig_key *key, struct trowel_name *name)
{
	const char *text = tw_tsig_algorithm(key->kind);
	size_t position;

	trowel_name_parse(text, strlen(text), name, &position);
}

size_t tw_tsig_size(const struct tw_tsig_key *key)
{
	struct trowel_name algorithm;

	algorithm_name(key, &algorithm);
	return key->name.length + 10U + algorithm.length + 16U +
		key->mac_length;
}

/* A number in `count` octets, at `at`. Returns where the next one goes. */
static size_t put(uint8_t *octets, size_t at, size_t count, uint64_t number)
{
	size_t i;

	for (i = 0; i < count; i++)
		octets[at + i] = (uint8_t)(number >> 8 * (count - 1 - i));
	return at + count;
}

static void add_number(struct tw_hmac *hmac, size_t count, uint64_t number)
{
	uint8_t octets[8];

	tw_hash_add(&hmac->hash, octets, put(octets, 0, count, number));
}

/* The key's name, class and TTL, and the algorithm: RFC 8945 4.3.3. */
static void add_key(struct tw_hmac *hmac, const struct tw_tsig_key *key)
{
	struct trowel_name algorithm;

	algorithm_name(key, &algorithm);
	tw_hash_add(&hmac->hash, key->name.octets, key->name.length);
	add_number(hmac, 2, CLASS_ANY);
	add_number(hmac, 4, 0);
	tw_hash_add(&hmac->hash, algorithm.octets, algorithm.length);
}

static void start_hmac(struct tw_hmac *hmac, const struct tw_tsig_key *key)
{
	tw_hmac_start(hmac, key->kind, key->secret, key->secret_length);
}

/* RFC 8945 4.3.2, 4.3.3 */
size_t tw_tsig_sign(
	struct tw_tsig *tsig, uint64_t now_s, uint8_t *query, size_t length)
{
	const struct tw_tsig_key *key = tsig->key;
	struct trowel_name algorithm;
	uint8_t mac[TW_HASH_MAX];
	struct tw_hmac hmac;
	size_t at = length;

	start_hmac(&hmac, key);
	tw_hash_add(&hmac.hash, query, length);
	add_key(&hmac, key);
	add_number(&hmac, 6, now_s);
	add_number(&hmac, 2, FUDGE_S);
	add_number(&hmac, 4, 0); /* no error, no other data */
	tw_hmac_end(&hmac, mac);
	memcpy(tsig->mac, mac, key->mac_length);

	algorithm_name(key, &algorithm);
	memcpy(query + at, key->name.octets, key->name.length);
	at = put(query, at + key->name.length, 2, TYPE_TSIG);
	at = put(query, at, 2, CLASS_ANY);
	at = put(query, at, 4, 0);
	at = put(query, at, 2, algorithm.length + 16U + key->mac_length);
	memcpy(query + at, algorithm.octets, algorithm.length);
	at = put(query, at + algorithm.length, 6, now_s);
	at = put(query, at, 2, FUDGE_S);
	at = put(query, at, 2, key->mac_length);
	memcpy(query + at, mac, key->mac_length);
	memcpy(query + at + key->mac_length, query, 2);
	at = put(query, at + key->mac_length + 2, 4, 0);
	put(query, 10, 2, tw_u16_of(query + 10) + 1);
	return at;
}

/* RFC 8945 5.4; 5.2.3: the time is looked at last. */
const char *tw_tsig_verify(const struct tw_tsig *tsig, uint64_t now_s,
	const struct trowel_message *reply)
{
	struct trowel_field fields[FIELDS];
	struct trowel_record record;
	uint64_t error, fudge, signed_s;
	uint16_t start;

	if (!find_tsig(reply, &record, &start))
		return "expected a TSIG or SIG(0)";
	if (!read_fields(reply, &record, fields))
		return "FORMERR";
	if (!is_ours(tsig->key, reply, &record, fields))
		return failure;
	error = fields[ERROR].number;
	if (fields[MAC].length == 0 && (error == BADSIG || error == BADKEY))
		return "tsig indicates error";
	if (fields[MAC].length > 0 && !is_length_right(tsig->key, &fields[MAC]))
		return "FORMERR";
	if (fields[MAC].length < tsig->key->mac_length ||
		!is_mac_right(tsig, reply, start, fields))
		return failure;
	fudge = fields[FUDGE].number;
	signed_s = fields[TIME_SIGNED].number;
	if (error == BADTIME || now_s > signed_s + fudge ||
		signed_s > now_s + fudge)
		return "clocks are unsynchronized";
	return error ? "tsig indicates error" : NULL;
}

/* The last record, RFC 8945 5.1, and where it starts. */
static bool find_tsig(const struct trowel_message *message,
	struct trowel_record *record, uint16_t *start)
{
	struct trowel_iterator iterator = { 0 };
	uint16_t end = message->records;

	record->type = 0;
	*start = end;
	while (trowel_record_next(message, &iterator, record)) {
		*start = end;
		end = (uint16_t)(record->rdata + record->rdata_length);
	}
	return record->type == TYPE_TSIG &&
		record->section == TROWEL_ADDITIONAL;
}

static bool read_fields(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_field fields[FIELDS])
{
	struct trowel_iterator iterator = { 0 };
	unsigned count = 0;

	while (count < FIELDS &&
		trowel_field_next(message, record, &iterator, &fields[count]))
		count++;
	return count == FIELDS;
}

static bool is_ours(const struct tw_tsig_key *key,
	const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *fields)
{
	struct trowel_name owner, named, algorithm;

	trowel_message_name(message, record->owner, &owner);
	trowel_message_name(message, fields[ALGORITHM].offset, &named);
	algorithm_name(key, &algorithm);
	return record->ttl == 0 && trowel_name_is_equal(&owner, &key->name) &&
		trowel_name_is_equal(&named, &algorithm);
}

/* RFC 8945 5.2.2.1: at least ten octets, and half of the hash. */
static bool is_length_right(
	const struct tw_tsig_key *key, const struct trowel_field *mac)
{
	size_t whole = tw_hash_length(key->kind);

	return mac->length <= whole && mac->length >= MAC_MIN &&
		mac->length >= whole / 2;
}

/* RFC 8945 4.3: the query's MAC, the reply as it was before the TSIG was there,
 * and what of that is variable. The comparison takes as long wherever they
 * differ. */
static bool is_mac_right(const struct tw_tsig *tsig,
	const struct trowel_message *reply, uint16_t start,
	const struct trowel_field *fields)
{
	const struct tw_tsig_key *key = tsig->key;
	const uint8_t *octets = reply->octets;
	size_t length = fields[MAC].length, i;
	uint8_t mac[TW_HASH_MAX];
	struct tw_hmac hmac;
	unsigned differ = 0;

	start_hmac(&hmac, key);
	add_number(&hmac, 2, key->mac_length);
	tw_hash_add(&hmac.hash, tsig->mac, key->mac_length);
	tw_hash_add(&hmac.hash, octets + fields[ORIGINAL_ID].offset, 2);
	tw_hash_add(&hmac.hash, octets + 2, 8);
	add_number(&hmac, 2, tw_u16_of(octets + 10) - 1);
	tw_hash_add(&hmac.hash, octets + HEADER_SIZE, start - HEADER_SIZE);
	add_key(&hmac, key);
	tw_hash_add(&hmac.hash, octets + fields[TIME_SIGNED].offset, 8);
	tw_hash_add(&hmac.hash, octets + fields[ERROR].offset,
		4U + fields[OTHER_DATA].length);
	tw_hmac_end(&hmac, mac);
	for (i = 0; i < length; i++)
		differ |= (unsigned)(mac[i] ^ octets[fields[MAC].offset + i]);
	return differ == 0;
}
