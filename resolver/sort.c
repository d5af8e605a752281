/* SPDX-License-Identifier: MIT */
#include "resolver/sort.h"

#include <string.h>

#define SCOPE_LINK 2 /* RFC 4291 2.7 */
#define SCOPE_SITE 5
#define SCOPE_GLOBAL 14
#define NETWORK_BITS 64 /* of an IPv6 address; the others tell hosts apart */

/* RFC 6724 2.1. */
struct policy {
	uint8_t bits; /* of the prefix */
	uint8_t precedence;
	uint8_t label;
	uint8_t prefix[16];
};

/* What the rules look at. */
struct place {
	uint8_t octets[16];
	unsigned scope;
	const struct policy *policy;
};

static uint32_t rank_of(const struct trowel_address *address,
	const struct trowel_address *source);
static void find_place(
	const struct trowel_address *address, struct place *place);
static const struct policy *find_policy(const uint8_t octets[16]);
static unsigned find_scope(const struct trowel_address *address);
static unsigned count_common_bits(const uint8_t *a, const uint8_t *b);

/* Stable: rule 10. */
void tw_sort(struct trowel_address *addresses,
	const struct trowel_address *sources, size_t count)
{
	uint32_t ranks[TW_SORT_MAX];

	for (size_t i = 0; i < count && i < TW_SORT_MAX; i++) {
		struct trowel_address address = addresses[i];
		uint32_t rank = rank_of(&address, &sources[i]);
		size_t at = i;

		for (; at > 0 && ranks[at - 1] < rank; at--) {
			ranks[at] = ranks[at - 1];
			addresses[at] = addresses[at - 1];
		}
		ranks[at] = rank;
		addresses[at] = address;
	}
}

/* The rules in their order, from the highest bit on; more is better. That of
 * the common prefix (9) compares addresses of one family, as others differ by
 * their precedence before; and of IPv6 alone, as those of IPv4 have all of its
 * bits in common: it would undo the order by which servers spread the load. */
static uint32_t rank_of(const struct trowel_address *address,
	const struct trowel_address *source)
{
	struct place to;
	struct place from;
	uint32_t rank = 0;
	unsigned common = 0;

	find_place(address, &to);
	if (source->family != 0) {
		find_place(source, &from);
		rank = 4;
		if (from.scope == to.scope)
			rank += 2;
		if (from.policy->label == to.policy->label)
			rank += 1;
		common = count_common_bits(to.octets, from.octets);
		if (common > NETWORK_BITS)
			common = NETWORK_BITS;
	}
	rank = rank * 64 + to.policy->precedence;
	rank = rank * 16 + (15 - to.scope);
	return rank * 128 + common;
}

/* IPv4 addresses stand among the others as ::ffff:192.0.2.1. */
static void find_place(
	const struct trowel_address *address, struct place *place)
{
	uint8_t *octets = place->octets;

	memset(octets, 0, 10);
	octets[10] = octets[11] = 0xFF;
	if (address->family == 6)
		memcpy(octets, address->octets, 16);
	else
		memcpy(octets + 12, address->octets, 4);
	place->scope = find_scope(address);
	place->policy = find_policy(octets);
}

/* A longer prefix stands before those that it is within. */
static const struct policy *find_policy(const uint8_t octets[16])
{
	static const struct policy policies[] = {
		{ 128, 50, 0, { [15] = 1 } },
		{ 96, 35, 4, { [10] = 0xFF, [11] = 0xFF } },
		{ 96, 1, 3, { 0 } },
		{ 32, 5, 5, { 0x20, 0x01 } },
		{ 16, 30, 2, { 0x20, 0x02 } },
		{ 16, 1, 12, { 0x3F, 0xFE } },
		{ 10, 1, 11, { 0xFE, 0xC0 } },
		{ 7, 3, 13, { 0xFC } },
		{ 0, 40, 1, { 0 } },
	};
	const struct policy *policy = policies;

	while (count_common_bits(octets, policy->prefix) < policy->bits)
		policy++;
	return policy;
}

/* RFC 6724 3.1 and 3.2; loopback counts as link-local (RFC 4007 4). */
static unsigned find_scope(const struct trowel_address *address)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	const uint8_t *octets = address->octets;

	if (address->family != 6)
		return octets[0] == 127 ||
				(octets[0] == 169 && octets[1] == 254)
			? SCOPE_LINK
			: SCOPE_GLOBAL;
	if (octets[0] == 0xFF)
		return octets[1] % 16;
	if (octets[0] == 0xFE && octets[1] / 64 == 2)
		return SCOPE_LINK;
	if (octets[0] == 0xFE && octets[1] / 64 == 3)
		return SCOPE_SITE;
	return memcmp(octets, loopback, 16) == 0 ? SCOPE_LINK : SCOPE_GLOBAL;
}

static unsigned count_common_bits(const uint8_t *a, const uint8_t *b)
{
	unsigned bits = 0;

	while (bits < 128 &&
		((a[bits / 8] ^ b[bits / 8]) & 0x80 >> bits % 8) == 0)
		bits++;
	return bits;
}
