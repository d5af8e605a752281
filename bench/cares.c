/* SPDX-License-Identifier: MIT */
/* c-ares 1.18 has no message of its own to walk: (a) is what a program on it
 * writes, ares_expand_name() for each owner and the fixed part by hand; no
 * RDATA is looked at. It reads A and AAAA in (b) alone. */
#include "bench.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 12

static unsigned u16_at(const uint8_t *octets)
{
	return octets[0] * 256U + octets[1];
}

/* Passes a name; adds its first character to *sum. */
static int pass_name(
	const uint8_t *octets, size_t length, size_t *at, unsigned *sum)
{
	char *name;
	long used;

	if (ares_expand_name(octets + *at, octets, (int)length, &name, &used) !=
		ARES_SUCCESS)
		return -1;
	*sum += (unsigned)name[0];
	ares_free_string(name);
	*at += (size_t)used;
	return 0;
}

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	size_t at = HEADER_SIZE;
	unsigned records;

	if (length < HEADER_SIZE || u16_at(octets + 4) != 1 ||
		pass_name(octets, length, &at, sum) < 0 || length - at < 4)
		return -1;
	at += 4;
	records = u16_at(octets + 6) + u16_at(octets + 8) + u16_at(octets + 10);
	for (unsigned i = 0; i < records; i++) {
		if (pass_name(octets, length, &at, sum) < 0 || length - at < 10)
			return -1;
		*sum += u16_at(octets + at);
		if (length - at - 10 < u16_at(octets + at + 8))
			return -1;
		at += 10 + u16_at(octets + at + 8);
	}
	return (int)records;
}

static int decode(const uint8_t *octets, size_t length)
{
	unsigned sum = 0;

	return walk(octets, length, &sum) < 0 ? -1 : 0;
}

/* The type of the question. */
static unsigned type_asked(const uint8_t *octets)
{
	size_t at = HEADER_SIZE;

	while (octets[at] != 0)
		at += octets[at] + 1U;
	return u16_at(octets + at + 1);
}

static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	static struct ares_addrttl found[ADDRESSES_MAX / 4];
	static struct ares_addr6ttl found6[ADDRESSES_MAX / 16];
	int count = ADDRESSES_MAX / 4;
	int status;

	if (type_asked(octets) == 1) {
		status = ares_parse_a_reply(
			octets, (int)length, NULL, found, &count);
		if (status == ARES_ENODATA)
			return 0;
		for (int i = 0; status == ARES_SUCCESS && i < count; i++)
			memcpy(addresses + i * 4, &found[i].ipaddr, 4);
		return status == ARES_SUCCESS ? count * 4 : -1;
	}
	count = ADDRESSES_MAX / 16;
	status = ares_parse_aaaa_reply(
		octets, (int)length, NULL, found6, &count);
	if (status == ARES_ENODATA)
		return 0;
	for (int i = 0; status == ARES_SUCCESS && i < count; i++)
		memcpy(addresses + i * 16, &found6[i].ip6addr, 16);
	return status == ARES_SUCCESS ? count * 16 : -1;
}

static int query(const char *name, uint8_t *octets, size_t size)
{
	unsigned char *made;
	int length;

	if (ares_create_query(name, 1, 1, 4711, 1, &made, &length, 1232) !=
		ARES_SUCCESS)
		return -1;
	if ((size_t)length <= size)
		memcpy(octets, made, (size_t)length);
	ares_free_string(made);
	return length;
}

const struct peer peer_cares = { "c-ares", walk, decode, addresses, query,
	NULL };
