/* SPDX-License-Identifier: MIT */
#include "resolver/servers.h"

#include <stdlib.h>

#include "resolver/address.h"

struct tw_servers *tw_servers_new(
	const struct trowel_options *options, const struct tw_servers *before)
{
	struct tw_servers *servers = malloc(sizeof(*servers));

	if (servers == NULL)
		return NULL;
	servers->users = 1;
	servers->count = options->server_count;
	for (size_t i = 0; i < servers->count; i++) {
		struct trowel_address *address = &servers->addresses[i];

		*address = options->servers[i];
		servers->health[i] = (struct trowel_health){ 0 };
		if (address->port == 0)
			address->port = TROWEL_PORT;
		for (size_t j = 0; before != NULL && j < before->count; j++)
			if (tw_address_is_same(address, &before->addresses[j]))
				servers->health[i] = before->health[j];
	}
	return servers;
}

struct tw_servers *tw_servers_share(struct tw_servers *servers)
{
	servers->users++;
	return servers;
}

void tw_servers_release(struct tw_servers *servers)
{
	if (--servers->users == 0)
		free(servers);
}
