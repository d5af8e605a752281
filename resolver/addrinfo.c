/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a host, where they need not be looked up:
 * 1. An address as text is its own answer; text that only looks like one is
 *    refused. So are octets that no host's name has.
 * 2. localhost is this host (RFC 6761 6.3), .onion is not asked for (RFC 7686
 *    2); neither needs a query.
 * 3. For all others there is hunt.h.
 */
#include <string.h>

#include "resolver/host.h"
#include "resolver/hunt.h"
#include "resolver/route.h"

#define TYPE_A 1
#define TYPE_AAAA 28

static enum trowel_status start(struct tw_hunt *hunt, const char *host);
static void choose_sides(struct tw_hunt *hunt);

enum trowel_status trowel_addresses(struct trowel *t, const char *host,
	const char *service, unsigned flags, const struct trowel_ask *ask,
	struct trowel_list **list)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_ADDRESSES,
		.flags = flags,
		.name = host,
		.service = service,
		.ask = ask };

	return tw_request_run(t, &request, NULL, list);
}

enum trowel_status tw_addresses_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job)
{
	const unsigned only = TROWEL_IPV4_ONLY | TROWEL_IPV6_ONLY;
	enum trowel_status status;
	struct tw_hunt *hunt;
	uint16_t port;

	if ((request->flags & only) == only)
		return TROWEL_BAD_ARGUMENT;
	status = tw_service_port(request->service, &port);
	if (status != TROWEL_OK)
		return status;
	hunt = tw_hunt_new(t, parent, request);
	if (hunt == NULL)
		return TROWEL_NO_MEMORY;
	*job = &hunt->job;
	hunt->port = port;
	status = start(hunt, request->name);
	if (status != TROWEL_OK)
		tw_job_cancel(*job);
	return status;
}

static enum trowel_status start(struct tw_hunt *hunt, const char *host)
{
	struct trowel_address local[] = {
		{ .family = 6, .octets = { [15] = 1 } },
		{ .family = 4, .octets = { 127, [3] = 1 } },
	};
	struct trowel_name *name = &hunt->name;
	struct trowel_address address;
	enum trowel_status status = TROWEL_OK;

	if (host == NULL) {
		if (hunt->flags & TROWEL_PASSIVE) {
			local[0].octets[15] = 0;
			memset(local[1].octets, 0, 4);
		}
		tw_hunt_give(hunt, local, 2);
	} else if (trowel_address_parse(host, &address) == TROWEL_OK) {
		if (address.port != 0) /* "192.0.2.1:53" is no host */
			return TROWEL_BAD_ADDRESS;
		tw_hunt_give(hunt, &address, 1);
	} else {
		status = tw_host_parse(host, name);
		if (status == TROWEL_OK && hunt->flags & TROWEL_NUMERIC_HOST)
			status = TROWEL_BAD_ADDRESS;
		if (status != TROWEL_OK)
			return status;
		if (tw_host_is_under(name, "onion"))
			return TROWEL_NO_SUCH_NAME;
		if (tw_host_is_under(name, "localhost")) {
			tw_hunt_give(hunt, local, 2);
			return TROWEL_OK;
		}
		hunt->search.whole = (hunt->flags & TROWEL_NO_SEARCH) != 0 ||
			tw_host_is_whole(host);
		choose_sides(hunt);
		tw_hunt_advance(hunt);
	}
	return status;
}

/* RFC 3493 6.1: with AI_ADDRCONFIG, what no address of ours could reach is not
 * asked for. */
static void choose_sides(struct tw_hunt *hunt)
{
	unsigned flags = hunt->flags;
	uint16_t *ipv6 = &hunt->sides[0].type;
	uint16_t *ipv4 = &hunt->sides[1].type;

	*ipv6 = TYPE_AAAA;
	*ipv4 = TYPE_A;
	if (flags & TROWEL_IPV4_ONLY ||
		tw_options(hunt->job.t)->flags & TROWEL_NO_AAAA)
		*ipv6 = 0;
	if ((flags & (TROWEL_IPV6_ONLY | TROWEL_V4MAPPED)) == TROWEL_IPV6_ONLY)
		*ipv4 = 0;
	if (flags & TROWEL_ADDRCONFIG) {
		bool has_ipv6 = tw_route_has(6);
		bool has_ipv4 = tw_route_has(4);

		if (has_ipv4 && !has_ipv6)
			*ipv6 = 0;
		if (has_ipv6 && !has_ipv4)
			*ipv4 = 0;
	}
}
