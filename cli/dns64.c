/* SPDX-License-Identifier: MIT */
/* The prefixes of a network's DNS64, out of the addresses that it makes of
 * those of ipv4only.arpa: RFC 7050 3, RFC 6052 2.2. */
#include <string.h>

#include "cli/printer.h"

#define TYPE_AAAA 28
#define PREFIXES_MAX 32

struct prefix {
	uint8_t length; /* in bits */
	uint8_t seen; /* of the two addresses: 1, 2, or 3 for both */
	uint8_t octets[16];
};

/* Whether 192.0.0.170 or 192.0.0.171 stands behind so many bits: around octet
 * 8, which is 0, and with zeros behind it. */
static bool find(
	const uint8_t octets[16], uint8_t length, struct prefix *prefix)
{
	static const uint8_t wanted[3] = { 192, 0, 0 };
	size_t at = length / 8, i;

	memset(prefix, 0, sizeof(*prefix));
	prefix->length = length;
	memcpy(prefix->octets, octets, at);
	for (i = 0; i < sizeof(wanted); i++, at++) {
		at += at == 8;
		if (octets[at] != wanted[i])
			return false;
	}
	at += at == 8;
	if (octets[at] != 170 && octets[at] != 171)
		return false;
	prefix->seen = octets[at] == 170 ? 1 : 2;
	for (at++; at < 16; at++)
		if (octets[at] != 0)
			return false;
	return octets[8] == 0;
}

/* Adds a prefix, or what has been seen of it, to those that there are. */
static size_t note(
	struct prefix *prefixes, size_t count, const struct prefix *prefix)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (prefixes[i].length == prefix->length &&
			memcmp(prefixes[i].octets, prefix->octets, 16) == 0)
			break;
	if (i == PREFIXES_MAX)
		return count;
	if (i == count)
		prefixes[count++] = *prefix;
	prefixes[i].seen |= prefix->seen;
	return count;
}

static void print(struct tw_output *output, const struct prefix *prefix)
{
	struct trowel_address address = { .family = 6 };
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	memcpy(address.octets, prefix->octets, sizeof(address.octets));
	trowel_address_format(&address, text);
	tw_output_add(output, text);
	tw_output_add(output, "/");
	tw_output_add_number(output, prefix->length);
	tw_output_end_line(output);
}

void tw_print_prefixes(struct tw_printer *printer)
{
	static const uint8_t lengths[] = { 32, 40, 48, 56, 64, 96 };
	struct prefix prefixes[PREFIXES_MAX], prefix;
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	size_t i, count = 0;

	while (trowel_record_next(printer->message, &iterator, &record)) {
		if (record.section != TROWEL_ANSWER ||
			record.type != TYPE_AAAA || record.rdata_length != 16)
			continue;
		for (i = 0; i < sizeof(lengths); i++)
			if (find(printer->message->octets + record.rdata,
				    lengths[i], &prefix))
				count = note(prefixes, count, &prefix);
	}
	for (i = 0; i < count; i++)
		if (prefixes[i].seen == 3)
			print(printer->output, &prefixes[i]);
}
