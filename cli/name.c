/* SPDX-License-Identifier: MIT */
#include "cli/name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "cli/complain.h"

static bool make(const struct tw_lookup *lookup, char *name);

int tw_name_make(const struct tw_lookup *lookup,
	char name[TROWEL_NAME_TEXT_SIZE], struct trowel_name *asked)
{
	enum trowel_status status = TROWEL_NAME_TOO_LONG;
	size_t position = TROWEL_NAME_MAX;

	name[0] = '\0';
	if (make(lookup, name))
		status =
			trowel_name_parse(name, strlen(name), asked, &position);
	if (status == TROWEL_OK)
		return 0;
	tw_complain("bad name \"%.300s\": %s at character %zu",
		name[0] ? name : lookup->name, trowel_status_text(status),
		position + 1);
	return TW_EXIT_INTERNAL;
}

/* 192.0.2.1 -> 1.2.0.192.in-addr.arpa. Like dig, turns round whatever stands
 * between dots: parts of an address are names of zones too. */
static bool reverse_ipv4(const char *address, char *name)
{
	static const char suffix[] = "in-addr.arpa.";
	size_t end = strlen(address), start, used = 0;

	if (end + 1 + sizeof(suffix) > TROWEL_NAME_TEXT_SIZE)
		return false;
	for (;;) {
		for (start = end; start > 0 && address[start - 1] != '.';)
			start--;
		memcpy(name + used, address + start, end - start);
		used += end - start;
		name[used++] = '.';
		if (start == 0)
			break;
		end = start - 1;
	}
	memcpy(name + used, suffix, sizeof(suffix));
	return true;
}

/* RFC 3596 2.5 */
static void reverse_ipv6(const struct in6_addr *address, char *name)
{
	static const char digits[] = "0123456789abcdef";
	static const char suffix[] = "ip6.arpa.";
	size_t i;

	for (i = 16; i-- > 0;) {
		*name++ = digits[address->s6_addr[i] % 16];
		*name++ = '.';
		*name++ = digits[address->s6_addr[i] / 16];
		*name++ = '.';
	}
	memcpy(name, suffix, sizeof(suffix));
}

static bool make(const struct tw_lookup *lookup, char *name)
{
	const char *given = lookup->name;
	struct in6_addr address;
	size_t length = strlen(given);

	if (!lookup->is_reverse) {
		if (length < TROWEL_NAME_TEXT_SIZE)
			memcpy(name, given, length + 1);
		return length < TROWEL_NAME_TEXT_SIZE;
	}
	if (inet_pton(AF_INET6, given, &address) != 1)
		return reverse_ipv4(given, name);
	reverse_ipv6(&address, name);
	return true;
}

bool tw_name_is_address(const char *word)
{
	uint8_t octets[16];

	return inet_pton(AF_INET, word, octets) == 1 ||
		inet_pton(AF_INET6, word, octets) == 1;
}
