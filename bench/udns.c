/* SPDX-License-Identifier: MIT */
/* udns 0.4 looks at no RDATA, except of the type asked for in (b), and keeps no
 * record of the message; it writes queries for itself alone. */
#include "bench.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <udns.h>

#define HEADER_SIZE 12

/* Moves behind the question's name. */
static const uint8_t *open_message(
	const uint8_t *octets, size_t length, uint8_t *name)
{
	const uint8_t *at = octets + HEADER_SIZE;
	const uint8_t *end = octets + length;

	if (length < HEADER_SIZE || dns_numqd(octets) != 1 ||
		dns_getdn(octets, &at, end, name, DNS_MAXDN) <= 0 ||
		end - at < 4)
		return NULL;
	return at;
}

static int walk(const uint8_t *octets, size_t length, unsigned *sum)
{
	uint8_t name[DNS_MAXDN];
	const uint8_t *at = open_message(octets, length, name);
	struct dns_parse parse;
	struct dns_rr record;
	int count = 0;
	int more;

	if (at == NULL)
		return -1;
	dns_initparse(&parse, NULL, octets, at, octets + length);
	parse.dnsp_qtyp = 0;
	parse.dnsp_qcls = 0;
	parse.dnsp_rrl += (int)(dns_numns(octets) + dns_numar(octets));
	while ((more = dns_nextrr(&parse, &record)) > 0) {
		*sum += record.dnsrr_dn[0] + (unsigned)record.dnsrr_typ;
		count++;
	}
	return more < 0 ? -1 : count;
}

static int decode(const uint8_t *octets, size_t length)
{
	unsigned sum = 0;

	return walk(octets, length, &sum) < 0 ? -1 : 0;
}

static int addresses(const uint8_t *octets, size_t length, uint8_t *addresses)
{
	uint8_t name[DNS_MAXDN];
	const uint8_t *at = open_message(octets, length, name);
	const uint8_t *end = octets + length;
	void *result;
	int used;
	unsigned type;
	int error;

	if (at == NULL)
		return -1;
	type = dns_get16(at);
	error = type == DNS_T_A ? dns_parse_a4(name, octets, at, end, &result)
				: dns_parse_a6(name, octets, at, end, &result);
	if (error == DNS_E_NODATA)
		return 0;
	if (error < 0)
		return -1;
	if (type == DNS_T_A) {
		struct dns_rr_a4 *found = result;

		used = found->dnsa4_nrr * 4;
		memcpy(addresses, found->dnsa4_addr, (size_t)used);
	} else {
		struct dns_rr_a6 *found = result;

		used = found->dnsa6_nrr * 16;
		memcpy(addresses, found->dnsa6_addr, (size_t)used);
	}
	free(result);
	return used;
}

static int parse(const char *text)
{
	uint8_t name[DNS_MAXDN];

	return dns_ptodn(text, 0, name, sizeof name, NULL);
}

const struct peer peer_udns = { "udns", walk, decode, addresses, NULL, parse };
