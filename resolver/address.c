/* SPDX-License-Identifier: MIT */
#include "resolver/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "wire/codes.h"
#include "wire/text.h"

static bool parse_host(
	const char *text, size_t length, struct trowel_address *address);
static bool parse_scope(
	const char *text, size_t length, struct trowel_address *address);
static bool is_link_local(const struct trowel_address *address);

enum trowel_status trowel_address_parse(
	const char *text, struct trowel_address *address)
{
	return tw_address_read(text, strlen(text), address)
		? TROWEL_OK
		: TROWEL_BAD_ADDRESS;
}

/* "[2001:db8::1]" and "[2001:db8::1]:53"; IPv4 likewise, for scripts that put
 * every address in brackets. Outside of them, one colon alone is no IPv6
 * address: a port follows it. */
bool tw_address_read(
	const char *text, size_t length, struct trowel_address *address)
{
	const char *stop = text + length;
	const char *colon = memchr(text, ':', length);
	const char *end = stop; /* of the host */
	const char *rest = stop;
	uint32_t port = 0;

	memset(address, 0, sizeof(*address));
	if (length > 0 && text[0] == '[') {
		end = memchr(text, ']', length);
		if (end == NULL)
			return false;
		text++;
		rest = end + 1;
	} else if (colon != NULL &&
		memchr(colon + 1, ':', (size_t)(stop - colon) - 1) == NULL) {
		end = rest = colon;
	}
	if (parse_host(text, (size_t)(end - text), address) &&
		(rest == stop ||
			(*rest == ':' &&
				tw_number_read(rest + 1,
					(size_t)(stop - rest) - 1, UINT16_MAX,
					&port) &&
				port > 0))) {
		address->port = (uint16_t)port;
		return true;
	}
	memset(address, 0, sizeof(*address));
	return false;
}

size_t trowel_address_format(const struct trowel_address *address,
	char text[TROWEL_ADDRESS_TEXT_SIZE])
{
	struct tw_text out = { text, TROWEL_ADDRESS_TEXT_SIZE, 0 };
	char name[IF_NAMESIZE];

	tw_prefix_put(&out, address->family == 6 ? 2 : 1, address->octets,
		sizeof(address->octets));
	if (address->family == 6 && address->scope != 0) {
		tw_text_put(&out, '%');
		if (if_indextoname(address->scope, name) != NULL)
			tw_text_put_string(&out, name);
		else
			tw_number_put(&out, address->scope);
	}
	tw_text_end(&out);
	return out.length;
}

/* By copies: a sockaddr_storage may not be read and written by pointers to
 * other types (C11 6.5 7). */
socklen_t tw_address_to_sockaddr(const struct trowel_address *address,
	uint16_t port, struct sockaddr_storage *storage)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };

	if (address->port != 0)
		port = address->port;
	memset(storage, 0, sizeof(*storage));
	if (address->family != 6) {
		ipv4.sin_port = htons(port);
		memcpy(&ipv4.sin_addr, address->octets, 4);
		memcpy(storage, &ipv4, sizeof(ipv4));
		return sizeof(ipv4);
	}
	ipv6.sin6_port = htons(port);
	ipv6.sin6_scope_id = address->scope;
	memcpy(&ipv6.sin6_addr, address->octets, 16);
	memcpy(storage, &ipv6, sizeof(ipv6));
	return sizeof(ipv6);
}

bool tw_address_is_same(
	const struct trowel_address *a, const struct trowel_address *b)
{
	return a->family == b->family && a->port == b->port &&
		a->scope == b->scope &&
		memcmp(a->octets, b->octets, a->family == 4 ? 4 : 16) == 0;
}

/* inet_pton() alone reads addresses: inet_aton() and getaddrinfo() also take
 * octal, hex and short forms, and text after the address (CVE-2016-10739). */
static bool parse_host(
	const char *text, size_t length, struct trowel_address *address)
{
	char copy[INET6_ADDRSTRLEN];
	const char *scope = memchr(text, '%', length);
	size_t bare = scope != NULL ? (size_t)(scope - text) : length;

	if (bare >= sizeof(copy) || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, bare);
	copy[bare] = '\0';
	if (inet_pton(AF_INET, copy, address->octets) == 1)
		address->family = 4;
	else if (inet_pton(AF_INET6, copy, address->octets) == 1)
		address->family = 6;
	else
		return false;
	return scope == NULL ||
		parse_scope(scope + 1, length - bare - 1, address);
}

/* RFC 4007 11.2: an interface's name or number. It says something of a
 * link-local address alone. */
static bool parse_scope(
	const char *text, size_t length, struct trowel_address *address)
{
	char name[IF_NAMESIZE];

	if (!is_link_local(address) || length == 0)
		return false;
	if (length < sizeof(name)) {
		memcpy(name, text, length);
		name[length] = '\0';
		address->scope = if_nametoindex(name);
	}
	if (address->scope != 0)
		return true;
	return tw_number_read(text, length, UINT32_MAX, &address->scope) &&
		address->scope > 0;
}

bool tw_number_read(
	const char *text, size_t length, uint32_t most, uint32_t *number)
{
	uint64_t value = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
		if (value > most)
			return false;
	}
	*number = (uint32_t)value;
	return length > 0;
}

/* fe80::/10, and multicast of link-local scope (RFC 4291 2.4 and 2.7). */
static bool is_link_local(const struct trowel_address *address)
{
	const uint8_t *octets = address->octets;

	if (address->family != 6)
		return false;
	return (octets[0] == 0xFE && (octets[1] & 0xC0) == 0x80) ||
		(octets[0] == 0xFF && (octets[1] & 0x0F) == 0x02);
}
