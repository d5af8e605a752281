/* SPDX-License-Identifier: MIT */
/* Queries out: which lookup goes to whom, by which socket, with which id. */
#include <string.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"
#include "resolver/health.h"

#define HEADER_SIZE 12
#define TYPE_AT 13 /* in a form, behind the root */
#define SILENT_TURNS 2 /* with an OPT, before one without */
#define LEAST_WAIT_US 150000 /* nobody waits for one name among millions */

static int make_form(struct tw_bulk *bulk, bool has_opt);
static struct tw_bulk_lookup *take_queued(struct tw_bulk *bulk, uint8_t server);
static size_t add_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_socket *socket, bool is_probe, uint8_t *octets);
static void set_due(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint16_t random);
static size_t write_query(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const struct tw_bulk_try *try,
	uint8_t *octets);

int tw_bulk_ask_init(struct tw_bulk *bulk)
{
	int exit = make_form(bulk, false);

	return exit ? exit : make_form(bulk, true);
}

static int make_form(struct tw_bulk *bulk, bool has_opt)
{
	struct tw_bulk_form *form = &bulk->forms[has_opt];
	struct trowel_query query;

	tw_job_query(bulk->job, &query);
	query.edns &= has_opt;
	query.name = (struct trowel_name){ .length = 1 };
	if (trowel_query_encode(&query, form->octets,
		    sizeof(form->octets) - TROWEL_NAME_MAX,
		    &form->length) == TROWEL_OK)
		return 0;
	tw_complain("the EDNS options are too long");
	return TW_EXIT_USAGE;
}

/* The least that a batch should have: a smaller one waits for more room. */
static uint32_t least_batch(const struct tw_bulk_server *row)
{
	uint32_t part = row->window.size / 4;

	if (row->in_flight == 0 || row->window.pace_ns > 0)
		return 1;
	return part < TW_BULK_QUERIES / 2 ? part : TW_BULK_QUERIES / 2;
}

/* How many may go to a server now, and by which socket. */
static uint32_t find_room(
	struct tw_bulk *bulk, uint8_t server, struct tw_bulk_socket **socket)
{
	struct tw_bulk_server *row = &bulk->servers[server];
	uint32_t room, left;

	if (row->in_flight >= row->window.size)
		return 0;
	left = row->window.size - row->in_flight;
	if (left < least_batch(row))
		return 0;
	*socket = tw_bulk_sockets_choose(&bulk->sockets, server, &room);
	return tw_window_allow(
		&row->window, room < left ? room : left, bulk->now_us);
}

/* What a server needs for a first reply, as it is now. */
static void set_wait(struct tw_bulk *bulk, uint8_t server)
{
	uint32_t wait_us = tw_health_wait_us(&bulk->health[server], TROWEL_UDP);

	bulk->servers[server].wait_us =
		wait_us > LEAST_WAIT_US ? wait_us : LEAST_WAIT_US;
}

unsigned tw_bulk_ask(struct tw_bulk *bulk, uint8_t server, bool takes_new)
{
	struct tw_bulk_socket *socket = NULL;
	struct tw_bulk_lookup *lookup;
	uint32_t room = find_room(bulk, server, &socket);
	uint8_t *at = bulk->queries;
	unsigned count;

	set_wait(bulk, server);
	for (count = 0; count < room; count++) {
		lookup = take_queued(bulk, server);
		if (!lookup && takes_new)
			lookup = tw_bulk_next_lookup(bulk);
		if (!lookup)
			break;
		lookup->target = server;
		bulk->packets[count].iov_base = at;
		bulk->packets[count].iov_len =
			add_try(bulk, lookup, socket, false, at);
		at += bulk->packets[count].iov_len;
	}
	tw_window_spend(&bulk->servers[server].window, count);
	if (count > 0 && !bulk->exit)
		tw_bulk_send(&bulk->sockets, socket, bulk->packets, count);
	return count;
}

void tw_bulk_probe(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint8_t server)
{
	struct tw_bulk_socket *socket;
	uint32_t room;

	socket = tw_bulk_sockets_choose(&bulk->sockets, server, &room);
	if (!socket || lookup->try_count == TW_BULK_TRIES)
		return;
	lookup->target = server;
	tw_health_probed(&bulk->health[server], bulk->now_us);
	bulk->packets[0].iov_base = bulk->queries;
	bulk->packets[0].iov_len =
		add_try(bulk, lookup, socket, true, bulk->queries);
	if (!bulk->exit)
		tw_bulk_send(&bulk->sockets, socket, bulk->packets, 1);
}

/* What is in a queue is not in the wheel, so that its link is free. */
void tw_bulk_queue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	struct tw_bulk_server *row = &bulk->servers[lookup->target];
	uint32_t index = tw_bulk_pool_index(&bulk->pool, lookup);

	bulk->pool.links[index].next = TW_WHEEL_NONE;
	bulk->pool.links[index].previous = row->last;
	if (row->last == TW_WHEEL_NONE)
		row->first = index;
	else
		bulk->pool.links[row->last].next = index;
	row->last = index;
	lookup->state |= TW_BULK_QUEUED;
}

void tw_bulk_unqueue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	struct tw_bulk_server *row = &bulk->servers[lookup->target];
	struct tw_wheel_link *links = bulk->pool.links;
	struct tw_wheel_link *link =
		&links[tw_bulk_pool_index(&bulk->pool, lookup)];

	if (link->next == TW_WHEEL_NONE)
		row->last = link->previous;
	else
		links[link->next].previous = link->previous;
	if (link->previous == TW_WHEEL_NONE)
		row->first = link->next;
	else
		links[link->previous].next = link->next;
	lookup->state &= (uint8_t)~TW_BULK_QUEUED;
}

static struct tw_bulk_lookup *take_queued(struct tw_bulk *bulk, uint8_t server)
{
	struct tw_bulk_server *row = &bulk->servers[server];
	struct tw_bulk_lookup *lookup;

	if (row->first == TW_WHEEL_NONE)
		return NULL;
	lookup = &bulk->pool.lookups[row->first];
	tw_bulk_unqueue(bulk, lookup);
	return lookup;
}

void tw_bulk_expire(struct tw_bulk *bulk)
{
	uint32_t item;

	while ((item = tw_wheel_next(&bulk->wheel, bulk->now_us)) !=
		TW_WHEEL_NONE) {
		struct tw_bulk_lookup *lookup = &bulk->pool.lookups[item];

		if (bulk->now_us < lookup->due_us)
			tw_wheel_add(&bulk->wheel, item, lookup->due_us);
		else
			tw_bulk_time_out(bulk, lookup);
	}
}

/* Nothing is sent when the kernel has no random octets. */
static uint16_t take_random(struct tw_bulk *bulk)
{
	if (bulk->random_left < 2) {
		bulk->random_left = sizeof(bulk->random);
		if (!tw_random(bulk->random, sizeof(bulk->random))) {
			tw_complain("%s", trowel_status_text(TROWEL_NO_RANDOM));
			bulk->exit = TW_EXIT_INTERNAL;
		}
	}
	bulk->random_left -= 2;
	return (uint16_t)(bulk->random[bulk->random_left] * 256 +
		bulk->random[bulk->random_left + 1]);
}

/* Whether a query to a server has an OPT: rule 9. A server that is silent may
 * not know what that is. */
static bool takes_opt(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup)
{
	struct trowel_health *health = &bulk->health[lookup->target];

	if (!bulk->has_opt || !bulk->may_drop_opt)
		return bulk->has_opt;
	if (lookup->state & TW_BULK_NO_OPT)
		return false;
	if (health->edns == TROWEL_EDNS_UNKNOWN)
		return (lookup->try_count - 1) % 4 < SILENT_TURNS;
	if (health->edns == TROWEL_EDNS_WORKS)
		return true;
	if (health->failures > 0 || !tw_health_is_due(health, bulk->now_us))
		return false;
	tw_health_probed(health, bulk->now_us);
	return true;
}

/* Adds a try by a socket to a lookup, and writes its query. */
static size_t add_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_socket *socket, bool is_probe, uint8_t *octets)
{
	uint8_t index = lookup->try_count++;
	struct tw_bulk_try *try = &lookup->tries[index];

	*try = (struct tw_bulk_try){ .socket = (uint16_t)(socket -
					     bulk->sockets.rows),
		.server = lookup->target,
		.sent_us = (uint32_t)(bulk->now_us - lookup->started_us),
		.edns = takes_opt(bulk, lookup),
		.probe = is_probe };
	do
		try->id = take_random(bulk);
	while (!bulk->exit &&
		!tw_bulk_pool_is_free(&bulk->pool, try->socket, try->id));
	tw_bulk_pool_add(&bulk->pool, lookup, index);
	bulk->tally.sent++;
	if (!is_probe) {
		bulk->tally.again += index > 0;
		try->awaited = true;
		bulk->servers[try->server].in_flight++;
		socket->in_flight++;
		set_due(bulk, lookup, take_random(bulk));
	}
	return write_query(bulk, lookup, try, octets);
}

static unsigned turns_of(const struct tw_bulk_lookup *lookup, uint8_t server)
{
	unsigned turns = 0;

	for (uint8_t i = 0; i < lookup->try_count; i++)
		turns += lookup->tries[i].server == server;
	return turns;
}

/* Rule 6: what the server needs, doubled each round, times 0.75 to 1.25. */
static void set_due(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint16_t random)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	uint64_t end_us =
		lookup->started_us + (uint64_t)options->deadline_ms * 1000;
	uint64_t wait_us = (uint64_t)options->timeout_ms * 1000;

	if (wait_us == 0) {
		wait_us = bulk->servers[lookup->target].wait_us;
		if (lookup->try_count > 1)
			wait_us <<= turns_of(lookup, lookup->target) - 1;
		wait_us = wait_us * (49152U + random / 2U) / 65536;
		if (wait_us > TW_LONGEST_WAIT_US)
			wait_us = TW_LONGEST_WAIT_US;
		if (lookup->try_count == bulk->tries_most)
			wait_us = end_us - bulk->now_us;
	}
	lookup->due_us = bulk->now_us + wait_us;
	if (lookup->due_us > end_us)
		lookup->due_us = end_us;
	tw_wheel_add(&bulk->wheel, tw_bulk_pool_index(&bulk->pool, lookup),
		lookup->due_us);
}

/* The form with the id, the name and the type in it. */
static size_t write_query(const struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup, const struct tw_bulk_try *try,
	uint8_t *octets)
{
	const struct tw_bulk_form *form = &bulk->forms[try->edns];
	size_t length = lookup->name.length, i;
	uint8_t *behind = octets + HEADER_SIZE + length;

	memcpy(octets, form->octets, HEADER_SIZE);
	octets[0] = (uint8_t)(try->id / 256);
	octets[1] = (uint8_t)(try->id % 256);
	memcpy(octets + HEADER_SIZE, lookup->name.octets, length);
	if (lookup->state & TW_BULK_MIXED)
		for (i = 0; i < length; i++)
			octets[HEADER_SIZE + i] ^= tw_bulk_case_bit(lookup, i);
	memcpy(behind, form->octets + TYPE_AT, form->length - TYPE_AT);
	behind[0] = (uint8_t)(lookup->type / 256);
	behind[1] = (uint8_t)(lookup->type % 256);
	return HEADER_SIZE + length + form->length - TYPE_AT;
}
