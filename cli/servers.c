/* SPDX-License-Identifier: MIT */
#include "cli/servers.h"

#include <errno.h>
#include <string.h>

#include "cli/complain.h"

static int find_named(
	struct tw_servers *servers, const struct tw_lookup *lookup);
static int choose_servers(
	struct tw_servers *servers, const struct tw_lookup *lookup);
static int set_search(
	struct trowel_options *options, const struct tw_lookup *lookup);
static int read_resolv_conf(struct trowel_options *options);

int tw_servers_find(struct tw_servers *servers, const struct tw_lookup *lookup)
{
	int exit;

	trowel_options_init(&servers->options);
	servers->options.attempts = TW_TRIES;
	servers->name[0] = '\0';
	servers->is_mdns = false;
	if (lookup->server_count > 0)
		exit = find_named(servers, lookup);
	else
		exit = read_resolv_conf(&servers->options);
	if (!exit && (lookup->search || lookup->domain))
		exit = set_search(&servers->options, lookup);
	return exit || servers->is_mdns ? exit
					: choose_servers(servers, lookup);
}

bool tw_is_mdns(const struct tw_lookup *lookup)
{
	return lookup->server_count > 0 &&
		strcmp(lookup->servers[0], "mdns") == 0;
}

static int read_resolv_conf(struct trowel_options *options)
{
	if (trowel_options_load(options, NULL) == TROWEL_OK)
		return 0;
	tw_complain("cannot read /etc/resolv.conf: %s", strerror(errno));
	return TW_EXIT_FILE;
}

/* The search list is that of resolv.conf also where a server is named. */
static int set_search(
	struct trowel_options *options, const struct tw_lookup *lookup)
{
	struct trowel_options conf;
	struct trowel_name domain;
	size_t position;

	if (lookup->server_count > 0) {
		trowel_options_init(&conf);
		if (read_resolv_conf(&conf))
			return TW_EXIT_FILE;
		options->ndots = conf.ndots;
		options->search_length = conf.search_length;
		memcpy(options->search, conf.search, conf.search_length);
	}
	if (lookup->ndots != UINT32_MAX)
		options->ndots =
			(uint8_t)(lookup->ndots < UINT8_MAX ? lookup->ndots
							    : UINT8_MAX);
	if (!lookup->domain)
		return 0;
	if (trowel_name_parse(lookup->domain, strlen(lookup->domain), &domain,
		    &position) != TROWEL_OK) {
		tw_complain(
			"+domain: \"%.300s\" is not a name", lookup->domain);
		return TW_EXIT_INTERNAL;
	}
	options->search_length = domain.length;
	memcpy(options->search, domain.octets, domain.length);
	return 0;
}

/* Whether it can be the name of a host (RFC 1123 2.1, and "_"): an address with
 * a slip in it is not to be looked up. */
static bool is_host(const char *text)
{
	bool has_letter = false;

	for (; *text; text++) {
		bool is_letter = (*text >= 'a' && *text <= 'z') ||
			(*text >= 'A' && *text <= 'Z');

		has_letter |= is_letter;
		if (!is_letter && !(*text >= '0' && *text <= '9') &&
			!strchr("-_.", *text))
			return false;
	}
	return has_letter;
}

static int refuse_server(const char *given)
{
	tw_complain("bad server \"%.300s\": neither a host's name, nor "
		    "ADDRESS, ADDRESS#PORT or [IPv6 ADDRESS]:PORT",
		given);
	return TW_EXIT_USAGE;
}

/* A host's addresses, asked of the servers of resolv.conf. */
static int resolve_server(
	struct tw_servers *servers, const struct tw_lookup *lookup)
{
	struct trowel_options options;
	struct trowel_list *list = NULL;
	struct trowel *trowel = NULL;
	enum trowel_status status;
	size_t i;

	trowel_options_init(&options);
	options.attempts = TW_TRIES;
	if (read_resolv_conf(&options))
		return TW_EXIT_FILE;
	status = trowel_open(&trowel, &options);
	if (status == TROWEL_OK)
		status = trowel_addresses(trowel, servers->name, NULL,
			(lookup->ipv4_only ? TROWEL_IPV4_ONLY : 0U) |
				(lookup->ipv6_only ? TROWEL_IPV6_ONLY : 0U),
			NULL, &list);
	for (i = 0; status == TROWEL_OK && i < list->count &&
		servers->options.server_count < TROWEL_SERVERS_MAX;
		i++)
		servers->options.servers[servers->options.server_count++] =
			list->addresses[i];
	trowel_list_free(list);
	trowel_close(trowel);
	if (status == TROWEL_OK && servers->options.server_count > 0)
		return 0;
	tw_complain("no address for server %s: %s", servers->name,
		trowel_status_text(status ? status : TROWEL_NO_DATA));
	return TW_EXIT_USAGE;
}

/* What stands behind the @: an address or a host's name; #PORT may follow. */
static int find_server(struct tw_servers *servers,
	const struct tw_lookup *lookup, uint8_t word)
{
	const char *given = lookup->servers[word];
	const char *sign = strchr(given, '#');
	size_t length = sign ? (size_t)(sign - given) : strlen(given);
	struct trowel_options *options = &servers->options;
	uint8_t i = options->server_count;
	uint16_t port = 0;
	int exit = 0;

	if (length >= sizeof(servers->name) ||
		(sign && !tw_port_parse(sign + 1, &port)))
		return refuse_server(given);
	memcpy(servers->name, given, length);
	servers->name[length] = '\0';
	if (trowel_options_add_server(options, servers->name) == TROWEL_OK) {
		if (options->servers[i].port) /* and it is part of the text */
			servers->name[0] = '\0';
	} else if (is_host(servers->name)) {
		exit = resolve_server(servers, lookup);
	} else {
		exit = refuse_server(given);
	}
	for (; i < options->server_count; i++) {
		servers->named[i] = word;
		if (port)
			options->servers[i].port = port;
	}
	return exit;
}

/* All of them; @mdns stands for itself, and alone. */
static int find_named(
	struct tw_servers *servers, const struct tw_lookup *lookup)
{
	int exit = 0;
	uint8_t i;

	servers->is_mdns = tw_is_mdns(lookup);
	for (i = 0; i < lookup->server_count && !exit && !servers->is_mdns; i++)
		exit = find_server(servers, lookup, i);
	if (lookup->server_count > 1) /* the name of one is not all theirs */
		servers->name[0] = '\0';
	return exit;
}

/* Leaves out the addresses that -4 or -6 exclude, and puts ports. */
static int choose_servers(
	struct tw_servers *servers, const struct tw_lookup *lookup)
{
	struct trowel_options *options = &servers->options;
	uint8_t i, kept = 0;

	for (i = 0; i < options->server_count; i++) {
		struct trowel_address *server = &options->servers[i];

		if ((lookup->ipv4_only && server->family != 4) ||
			(lookup->ipv6_only && server->family != 6))
			continue;
		if (lookup->port)
			server->port = (uint16_t)lookup->port;
		else if (server->port == 0)
			server->port = TROWEL_PORT;
		servers->named[kept] = servers->named[i];
		options->servers[kept++] = *server;
	}
	options->server_count = kept;
	if (kept > 0)
		return 0;
	tw_complain("no server with an IPv%c address in %s",
		lookup->ipv4_only ? '4' : '6',
		lookup->server_count ? lookup->servers[0] : "/etc/resolv.conf");
	return TW_EXIT_USAGE;
}
