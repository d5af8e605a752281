/* SPDX-License-Identifier: MIT */
#include "cli/servers.h"

#include <errno.h>
#include <string.h>

#include "cli/complain.h"

static int find_server(
	struct tw_servers *servers, const struct tw_lookup *lookup);
static int choose_servers(
	struct tw_servers *servers, const struct tw_lookup *lookup);
static int read_resolv_conf(struct trowel_options *options);

int tw_servers_find(struct tw_servers *servers, const struct tw_lookup *lookup)
{
	int exit;

	trowel_options_init(&servers->options);
	servers->options.attempts = TW_TRIES;
	servers->name[0] = '\0';
	if (lookup->server_count > 0)
		exit = find_server(servers, lookup);
	else
		exit = read_resolv_conf(&servers->options);
	return exit ? exit : choose_servers(servers, lookup);
}

bool tw_port_parse(const char *text, uint16_t *port)
{
	unsigned long number = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 6; i++)
		number = number * 10 + (unsigned long)(text[i] - '0');
	*port = (uint16_t)number;
	return text[i] == '\0' && i > 0 && number <= 65535;
}

static int read_resolv_conf(struct trowel_options *options)
{
	if (trowel_options_load(options, NULL) == TROWEL_OK)
		return 0;
	tw_complain("cannot read /etc/resolv.conf: %s", strerror(errno));
	return TW_EXIT_FILE;
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
		i < TROWEL_SERVERS_MAX;
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
static int find_server(
	struct tw_servers *servers, const struct tw_lookup *lookup)
{
	const char *given = lookup->servers[0];
	size_t length = strcspn(given, "#");
	struct trowel_options *options = &servers->options;
	uint16_t port = 0;
	int exit = 0;
	uint8_t i;

	if (length >= sizeof(servers->name) ||
		(given[length] == '#' &&
			!tw_port_parse(given + length + 1, &port)))
		return refuse_server(given);
	memcpy(servers->name, given, length);
	servers->name[length] = '\0';
	if (trowel_options_add_server(options, servers->name) == TROWEL_OK) {
		if (options->servers[0].port) /* and it is part of the text */
			servers->name[0] = '\0';
	} else if (is_host(servers->name)) {
		exit = resolve_server(servers, lookup);
	} else {
		exit = refuse_server(given);
	}
	for (i = 0; i < options->server_count; i++)
		if (port)
			options->servers[i].port = port;
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
