/* SPDX-License-Identifier: MIT */
#include "resolver/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/address.h"
#include "resolver/context.h"

#define SPARES_MAX 4 /* A and AAAA, by IPv4 and IPv6 */
#define IDLE_US 10000000 /* of a connection */

static int send_on(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route, const uint8_t *octets, size_t length);
static int find(struct trowel *t, const struct tw_route *route,
	const uint8_t *id, struct tw_channel **channel);
static struct tw_channel *find_stream(
	struct trowel *t, const struct tw_route *route, const uint8_t *id);
static bool has_id(const struct tw_channel *channel, const uint8_t *id);
static struct tw_channel *take_spare(
	struct trowel *t, const struct tw_route *route);
static int open_channel(struct trowel *t, const struct tw_route *route,
	struct tw_channel **channel);
static bool close_idle(struct trowel *t);
static void keep_or_close(struct trowel *t, struct tw_channel *channel);
static void tell_hungry(struct trowel *t);
static void close_channel(struct trowel *t, struct tw_channel *channel);

int tw_channel_send(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route, const uint8_t *octets, size_t length)
{
	int error = 0;

	if (route->tcp) {
		exchange->query = malloc(length);
		if (exchange->query == NULL)
			return ENOMEM;
		memcpy(exchange->query, octets, length);
		exchange->length = length;
	}
	error = send_on(t, exchange, route, octets, length);
	if (error != 0)
		tw_channel_leave(t, exchange);
	return error;
}

int tw_channel_repeat(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route)
{
	exchange->repeated = true;
	return send_on(t, exchange, route, exchange->query, exchange->length);
}

void tw_channel_leave(struct trowel *t, struct tw_exchange *exchange)
{
	struct tw_channel *channel = exchange->channel;

	tw_channel_doubt(exchange);
	tw_links_remove(&exchange->links);
	free(exchange->query);
	exchange->query = NULL;
	exchange->channel = NULL;
	if (channel != NULL && tw_links_is_alone(&channel->exchanges))
		keep_or_close(t, channel);
}

void tw_channel_doubt(struct tw_exchange *exchange)
{
	if (exchange->channel != NULL && !exchange->heard)
		exchange->channel->stale = true;
}

void tw_channel_lose(
	struct trowel *t, struct tw_channel *channel, struct tw_links *left)
{
	while (!tw_links_is_alone(&channel->exchanges)) {
		struct tw_exchange *exchange = TW_OWNER(
			channel->exchanges.next, struct tw_exchange, links);

		exchange->channel = NULL;
		tw_links_move(left, &exchange->links);
	}
	close_channel(t, channel);
}

void tw_channels_age(struct trowel *t, uint64_t now_us)
{
	struct tw_links *next;

	for (struct tw_links *at = t->streams.next; at != &t->streams;
		at = next) {
		struct tw_channel *channel =
			TW_OWNER(at, struct tw_channel, ring);

		next = at->next;
		if (tw_links_is_alone(&channel->exchanges) &&
			now_us - channel->idle_us >= IDLE_US)
			close_channel(t, channel);
	}
}

void tw_channels_close(struct trowel *t, bool shared)
{
	struct tw_links *const rings[] = { &t->spares, &t->streams,
		&t->sockets };

	for (size_t i = 0; shared && i < 3; i++)
		for (struct tw_links *at = rings[i]->next; at != rings[i];
			at = at->next)
			tw_socket_close(
				&TW_OWNER(at, struct tw_channel, ring)->socket);
	while (close_idle(t))
		;
}

bool tw_channel_is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS;
}

/* A server may close a connection that has been used whenever it likes, also
 * just before a query comes: that is for another connection, then. */
static int send_on(struct trowel *t, struct tw_exchange *exchange,
	const struct tw_route *route, const uint8_t *octets, size_t length)
{
	struct tw_channel *channel;
	bool again = true;
	int error = 0;

	while (again) {
		error = find(t, route, octets, &channel);
		if (error != 0)
			return error;
		error = tw_socket_send(&channel->socket, octets, length);
		again = error != 0 && route->tcp && channel->used;
		channel->stale = error != 0;
		if (error != 0 && tw_links_is_alone(&channel->exchanges))
			close_channel(t, channel);
	}
	if (error != 0)
		return error;
	exchange->channel = channel;
	tw_links_move(&channel->exchanges, &exchange->links);
	tw_waiter_change(&t->waiter, &channel->watch,
		tw_socket_events(&channel->socket));
	return 0;
}

static int find(struct trowel *t, const struct tw_route *route,
	const uint8_t *id, struct tw_channel **channel)
{
	int error = 0;

	*channel =
		route->tcp ? find_stream(t, route, id) : take_spare(t, route);
	if (*channel == NULL)
		return open_channel(t, route, channel);
	if (!route->tcp)
		error = tw_socket_connect(&(*channel)->socket, route->server);
	if (error != 0)
		close_channel(t, *channel);
	return error;
}

/* Replies may come in any order (RFC 7766 6.2.1.1), and are told apart by their
 * ids. Where nobody waits, nothing may come but the server's end. */
static struct tw_channel *find_stream(
	struct trowel *t, const struct tw_route *route, const uint8_t *id)
{
	struct tw_links *next;

	for (struct tw_links *at = t->streams.next; at != &t->streams;
		at = next) {
		struct tw_channel *channel =
			TW_OWNER(at, struct tw_channel, ring);

		next = at->next;
		if (channel->stale ||
			!tw_address_is_same(&channel->server, route->server) ||
			!tw_address_is_same(&channel->source, route->source) ||
			has_id(channel, id))
			continue;
		if (!tw_links_is_alone(&channel->exchanges) ||
			tw_socket_is_quiet(&channel->socket))
			return channel;
		close_channel(t, channel);
	}
	return NULL;
}

static bool has_id(const struct tw_channel *channel, const uint8_t *id)
{
	const struct tw_links *at = channel->exchanges.next;

	for (; at != &channel->exchanges; at = at->next)
		if (memcmp(TW_OWNER(at, struct tw_exchange, links)->query, id,
			    2) == 0)
			return true;
	return false;
}

static struct tw_channel *take_spare(
	struct trowel *t, const struct tw_route *route)
{
	for (struct tw_links *at = t->spares.next; at != &t->spares;
		at = at->next) {
		struct tw_channel *channel =
			TW_OWNER(at, struct tw_channel, ring);

		if (channel->server.family != route->server->family ||
			route->source->family != 0)
			continue;
		tw_links_move(&t->sockets, &channel->ring);
		t->spare_count--;
		channel->spare = false;
		return channel;
	}
	return NULL;
}

static int open_channel(struct trowel *t, const struct tw_route *route,
	struct tw_channel **channel)
{
	struct tw_channel *made = calloc(1, sizeof(*made));
	int error;

	if (made == NULL)
		return ENOMEM;
	do
		error = tw_socket_open(&made->socket, route->tcp, route->server,
			route->source->family != 0 ? route->source : NULL);
	while (tw_channel_is_shortage(error) && close_idle(t));
	if (error == 0)
		error = tw_waiter_add(&t->waiter, &made->watch, made->socket.fd,
			tw_socket_events(&made->socket));
	if (error != 0) {
		tw_socket_close(&made->socket);
		free(made);
		return error;
	}
	made->server = *route->server;
	made->source = *route->source;
	tw_links_init(&made->exchanges);
	tw_links_init(&made->ring);
	tw_links_move(route->tcp ? &t->streams : &t->sockets, &made->ring);
	*channel = made;
	return 0;
}

/* Closes one that nobody uses. False: there is none. */
static bool close_idle(struct trowel *t)
{
	struct tw_links *at = t->spares.next;

	if (at == &t->spares)
		for (at = t->streams.next; at != &t->streams; at = at->next)
			if (tw_links_is_alone(
				    &TW_OWNER(at, struct tw_channel, ring)
					     ->exchanges))
				break;
	if (at == &t->streams)
		return false;
	close_channel(t, TW_OWNER(at, struct tw_channel, ring));
	return true;
}

/* Where a fork() would go unnoticed, a socket is not kept: both sides would
 * send from the same port. */
static void keep_or_close(struct trowel *t, struct tw_channel *channel)
{
	if (channel->socket.tcp && !channel->stale) {
		channel->idle_us = tw_clock_us();
		return;
	}
	if (channel->socket.tcp || channel->broken ||
		channel->source.family != 0 || t->spare_count == SPARES_MAX ||
		!t->store.wiped || !tw_socket_part(&channel->socket)) {
		close_channel(t, channel);
		return;
	}
	tw_links_move(&t->spares, &channel->ring);
	t->spare_count++;
	channel->spare = true;
	tell_hungry(t);
}

static void close_channel(struct trowel *t, struct tw_channel *channel)
{
	if (channel->socket.fd >= 0)
		tw_waiter_remove(&t->waiter, &channel->watch);
	if (channel->spare)
		t->spare_count--;
	tw_links_remove(&channel->ring);
	tw_socket_close(&channel->socket);
	free(channel);
	tell_hungry(t);
}

/* There may be a descriptor now. */
static void tell_hungry(struct trowel *t)
{
	if (tw_links_is_alone(&t->hungry))
		return;
	t->fed_us = 0;
	t->due_us = 0;
}
