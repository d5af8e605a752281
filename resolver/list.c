/* SPDX-License-Identifier: MIT */
#include "resolver/list.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/address.h"
#include "resolver/route.h"

/* What follows the addresses in a list's block. */
struct chained {
	struct addrinfo info;
	struct sockaddr_storage storage;
};

_Static_assert(sizeof(struct trowel_list) % sizeof(void *) == 0 &&
		sizeof(struct trowel_address) % sizeof(void *) == 0,
	"what follows the addresses is aligned");

static void map(struct trowel_address *address);
static void chain(struct trowel_list *list, struct chained *links);

struct trowel_list *tw_list_new(
	enum trowel_status status, size_t count, size_t extra)
{
	struct trowel_list *list = calloc(
		1, sizeof(*list) + count * sizeof(list->addresses[0]) + extra);

	if (list == NULL)
		return NULL;
	list->status = status;
	list->name.length = 1;
	list->count = count;
	return list;
}

/* RFC 3493 6.1: with AI_V4MAPPED, IPv4 addresses stand in for IPv6 where there
 * are none; with AI_ALL, beside them. */
void tw_list_finish(struct trowel_list *list, unsigned flags, uint16_t port)
{
	bool has_ipv6 = false;
	bool keeps_ipv4;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->addresses[i].family == 6)
			has_ipv6 = true;
	keeps_ipv4 = (flags & TROWEL_IPV6_ONLY) == 0 ||
		((flags & TROWEL_V4MAPPED) != 0 &&
			(!has_ipv6 || (flags & TROWEL_ALL) != 0));
	for (size_t i = 0; i < list->count; i++) {
		struct trowel_address *address = &list->addresses[kept];

		*address = list->addresses[i];
		if (address->family == 6 ? (flags & TROWEL_IPV4_ONLY) != 0
					 : !keeps_ipv4)
			continue;
		if (address->family == 4 && (flags & TROWEL_IPV6_ONLY))
			map(address);
		address->port = port;
		kept++;
	}
	list->count = kept;
	if (kept == 0 && list->status == TROWEL_OK)
		list->status = TROWEL_NO_DATA;
	tw_route_sort(list->addresses, kept);
}

struct trowel_list *tw_list_add_addrinfo(struct trowel_list *list)
{
	size_t size = sizeof(*list) + list->count * sizeof(list->addresses[0]);
	size_t extra = list->count * sizeof(struct chained);
	struct trowel_list *larger =
		realloc(list, size + extra + TROWEL_NAME_TEXT_SIZE);

	if (larger == NULL) {
		trowel_list_free(list);
		return NULL;
	}
	memset((char *)larger + size, 0, extra);
	if (larger->count > 0)
		chain(larger, (void *)((char *)larger + size));
	return larger;
}

void trowel_list_free(struct trowel_list *list)
{
	if (list == NULL)
		return;
	trowel_answer_free(list->ipv4);
	trowel_answer_free(list->ipv6);
	trowel_answer_free(list->answer);
	free(list);
}

/* RFC 4291 2.5.5.2: ::ffff:192.0.2.1. */
static void map(struct trowel_address *address)
{
	uint8_t *octets = address->octets;

	memcpy(octets + 12, octets, 4);
	memset(octets, 0, 10);
	octets[10] = octets[11] = 0xFF;
	address->family = 6;
}

/* The name's text stands behind the last of the links, without its final dot,
 * as getaddrinfo() gives it. */
static void chain(struct trowel_list *list, struct chained *links)
{
	char *text = (char *)&links[list->count];
	size_t length = trowel_name_format(&list->name, text);

	for (size_t i = 0; i < list->count; i++) {
		struct addrinfo *info = &links[i].info;

		info->ai_addrlen = tw_address_to_sockaddr(
			&list->addresses[i], 0, &links[i].storage);
		info->ai_family = links[i].storage.ss_family;
		info->ai_socktype = SOCK_STREAM;
		info->ai_protocol = IPPROTO_TCP;
		info->ai_addr = (struct sockaddr *)&links[i].storage;
		if (i + 1 < list->count)
			info->ai_next = &links[i + 1].info;
	}
	if (length > 1) {
		text[length - 1] = '\0';
		links[0].info.ai_canonname = text;
	}
	list->addrinfo = &links[0].info;
}
