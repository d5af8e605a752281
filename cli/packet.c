/* SPDX-License-Identifier: MIT */
/*
 * What captures have before a DNS message. Every length must be that of the
 * octets there are, in IP as in UDP or TCP: a DNS message that looks like this
 * by chance would have to have over 2,000 records and two lengths that fit.
 */
#include "cli/dump.h"
#include "cli/octets.h"

#define ETHERNET 14
#define IPV6 40
#define TCP 20
#define UDP 8
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

/* The rest of a packet. */
struct rest {
	const uint8_t *octets;
	size_t at;
	size_t length; /* from `at` */
};

static unsigned u16_at(const struct rest *rest, size_t offset)
{
	const uint8_t *octets = rest->octets + rest->at + offset;

	return tw_u16_of(octets);
}

static void skip(struct rest *rest, size_t count)
{
	rest->at += count;
	rest->length -= count;
}

/* Cuts off what Ethernet fills a short frame with. */
static bool has_length(struct rest *rest, size_t length, bool is_padded)
{
	if (length > rest->length || (length < rest->length && !is_padded))
		return false;
	rest->length = length;
	return true;
}

/* RFC 791 3.1, no fragments; gives the protocol that follows, 0 for none. */
static unsigned skip_ipv4(struct rest *rest, bool is_padded)
{
	const uint8_t *octets = rest->octets + rest->at;
	size_t header = octets[0] % 16 * 4U;
	unsigned protocol = octets[9];

	if (header < 20 || !has_length(rest, u16_at(rest, 2), is_padded) ||
		rest->length < header || (u16_at(rest, 6) & 0x3FFF) != 0)
		return 0;
	skip(rest, header);
	return protocol;
}

/* RFC 8200 3 */
static unsigned skip_ipv6(struct rest *rest, bool is_padded)
{
	unsigned protocol = rest->octets[rest->at + 6];

	if (rest->length < IPV6 ||
		!has_length(rest, IPV6 + u16_at(rest, 4), is_padded))
		return 0;
	skip(rest, IPV6);
	return protocol;
}

static unsigned skip_ip(struct rest *rest)
{
	bool is_padded = false;

	if (rest->length < ETHERNET + 20)
		return 0;
	if (u16_at(rest, 12) == 0x0800 || u16_at(rest, 12) == 0x86DD) {
		unsigned version = rest->octets[ETHERNET] / 16U;

		if (version == (u16_at(rest, 12) == 0x0800 ? 4U : 6U)) {
			skip(rest, ETHERNET);
			is_padded = true;
		}
	}
	switch (rest->octets[rest->at] / 16) {
	case 4:
		return skip_ipv4(rest, is_padded);
	case 6:
		return skip_ipv6(rest, is_padded);
	default:
		return 0;
	}
}

/* A segment that holds one whole message behind its length, RFC 7766 8. */
static bool skip_tcp(struct rest *rest)
{
	size_t header;

	if (rest->length < TCP)
		return false;
	header = rest->octets[rest->at + 12] / 16 * 4U;
	if (header < TCP || rest->length < header + 2)
		return false;
	skip(rest, header);
	if (u16_at(rest, 0) != rest->length - 2)
		return false;
	skip(rest, 2);
	return true;
}

size_t tw_packet_find(const uint8_t *octets, size_t *length)
{
	struct rest rest = { octets, 0, *length };

	switch (skip_ip(&rest)) {
	case PROTOCOL_UDP:
		if (rest.length < UDP || u16_at(&rest, 4) != rest.length)
			return 0;
		skip(&rest, UDP);
		break;
	case PROTOCOL_TCP:
		if (!skip_tcp(&rest))
			return 0;
		break;
	default:
		return 0;
	}
	*length = rest.length;
	return rest.at;
}
