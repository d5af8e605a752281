/* SPDX-License-Identifier: MIT */
/* Queries out: which lookup goes to whom, by which socket, with which id. This
 * is passed once for each query, and what is rare stands apart. */
#include <string.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"
#include "resolver/health.h"
#include "wire/cursor.h"

#define HEADER_SIZE 12
#define TYPE_AT 13 /* in a form, behind the root */
#define SHORT TW_BULK_BEHIND /* names */
#define SHORT_REST 16 /* with an OPT that has no options */
#define SILENT_TURNS 2 /* with an OPT, before one without */
#define LEAST_WAIT_US 150000 /* nobody waits for one name among millions */

static struct tw_bulk_lookup *take_queued(struct tw_bulk *bulk, uint8_t server);
TW_BULK_INLINE struct tw_bulk_lookup *next_lookup(struct tw_bulk *bulk);
static bool next_question(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
static bool is_odd(const struct tw_bulk *bulk);
static size_t add_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_socket *socket, uint8_t *octets);
static void set_due(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, uint32_t random);
static size_t write_query(const struct tw_bulk_form *form,
	const struct tw_bulk_lookup *lookup, uint16_t id, uint8_t *octets);

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

/* What a server needs for a first reply, and takes, as it is now. */
static void look_at(struct tw_bulk *bulk, uint8_t server)
{
	const struct trowel_health *health = &bulk->health[server];
	struct tw_bulk_server *row = &bulk->servers[server];
	uint32_t wait_us = tw_health_wait_us(health, TROWEL_UDP);

	row->wait_us = wait_us > LEAST_WAIT_US ? wait_us : LEAST_WAIT_US;
	row->takes_opt = bulk->has_opt &&
		(health->edns == TROWEL_EDNS_WORKS || !bulk->may_drop_opt);
}

unsigned tw_bulk_ask(struct tw_bulk *bulk, uint8_t server, uint32_t most_new)
{
	struct tw_bulk_server *row = &bulk->servers[server];
	struct tw_bulk_socket *socket = NULL;
	struct tw_bulk_lookup *lookup;
	uint32_t room = find_room(bulk, server, &socket);
	uint8_t *at = bulk->queries;
	unsigned count;

	look_at(bulk, server);
	for (count = 0; count < room; count++) {
		lookup = take_queued(bulk, server);
		if (!lookup && most_new-- > 0)
			lookup = next_lookup(bulk);
		if (!lookup)
			break;
		lookup->target = server;
		bulk->packets[count].iov_base = at;
		bulk->packets[count].iov_len =
			add_try(bulk, lookup, socket, at);
		at += bulk->packets[count].iov_len;
	}
	bulk->tally.sent += count;
	row->in_flight += count;
	if (socket)
		socket->in_flight += count;
	tw_window_spend(&row->window, count, row->in_flight);
	if (count > 0 && !bulk->exit)
		tw_bulk_send(&bulk->sockets, socket, bulk->packets, count);
	return count;
}

static inline struct tw_bulk_lookup *take_queued(
	struct tw_bulk *bulk, uint8_t server)
{
	struct tw_bulk_server *row = &bulk->servers[server];
	struct tw_bulk_lookup *lookup;

	if (row->first == TW_WHEEL_NONE)
		return NULL;
	lookup = &bulk->pool.lookups[row->first];
	tw_bulk_unqueue(bulk, lookup);
	bulk->tally.again++;
	return lookup;
}

TW_COLD struct tw_bulk_lookup *tw_bulk_next_lookup(struct tw_bulk *bulk)
{
	return next_lookup(bulk);
}

TW_BULK_INLINE struct tw_bulk_lookup *next_lookup(struct tw_bulk *bulk)
{
	struct tw_bulk_lookup *lookup;

	if (bulk->exit)
		return NULL;
	lookup = tw_bulk_pool_take(&bulk->pool);
	if (!lookup)
		return NULL;
	if (!next_question(bulk, lookup)) {
		tw_bulk_pool_give(&bulk->pool, lookup);
		return NULL;
	}
	if (bulk->is_mixed && !is_odd(bulk) &&
		tw_random(lookup->case_bits, sizeof(lookup->case_bits)))
		lookup->state |= TW_BULK_MIXED;
	if (bulk->input.is_plain)
		lookup->state |= TW_BULK_PLAIN;
	lookup->started_us = bulk->now_us;
	lookup->line = bulk->input.line;
	lookup->order = bulk->asked++;
	return lookup;
}

/* Whether there is more, read from a file. */
static TW_COLD bool read_more(struct tw_bulk *bulk)
{
	struct tw_bulk_input *input = &bulk->input;
	int error;

	if (!input->is_file || input->has_ended)
		return false;
	error = tw_bulk_input_read(input);
	if (error)
		bulk->exit = tw_bulk_refuse_input(bulk, error);
	return error == 0;
}

/* Whether a line is another shard's, or was done before. */
static inline bool is_passed_over(struct tw_bulk *bulk)
{
	uint64_t line = bulk->input.line;

	return (bulk->shards > 1 && (line - 1) % bulk->shards != bulk->shard) ||
		(line <= bulk->checkpoint.lines &&
			tw_checkpoint_is_done(&bulk->checkpoint, line));
}

/* A line that cannot be asked is told, and passed over. */
static TW_COLD void refuse_line(struct tw_bulk *bulk)
{
	const struct tw_bulk_input *input = &bulk->input;

	tw_complain("line %llu: %s: \"%.*s\"", (unsigned long long)input->line,
		input->fault, (int)(input->length < 80 ? input->length : 80),
		input->text);
	bulk->tally.bad++;
}

/* Reads a question; false: there is none now. */
static inline bool next_question(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	enum tw_bulk_line line;

	for (;;) {
		line = tw_bulk_input_next(
			&bulk->input, &lookup->name, &lookup->type);
		if (line == TW_BULK_NONE && !read_more(bulk))
			return false;
		if (line == TW_BULK_NONE || is_passed_over(bulk))
			continue;
		if (line == TW_BULK_NAME)
			return true;
		refuse_line(bulk);
	}
}

/* Whether a server does not give letters back as they were: rule 9.10. */
static TW_COLD bool is_odd(const struct tw_bulk *bulk)
{
	for (uint8_t i = 0; i < bulk->server_count; i++)
		if (bulk->health[i].odd_case &&
			bulk->now_us < bulk->health[i].odd_us)
			return true;
	return false;
}

/* Nothing is sent when the kernel has no random octets. */
static TW_COLD void refill(struct tw_bulk *bulk)
{
	bulk->random_left = TW_BULK_RANDOM;
	if (tw_random((uint8_t *)bulk->random, sizeof(bulk->random)))
		return;
	tw_complain("%s", trowel_status_text(TROWEL_NO_RANDOM));
	bulk->exit = TW_EXIT_INTERNAL;
}

static inline uint32_t take_random(struct tw_bulk *bulk)
{
	if (bulk->random_left == 0)
		refill(bulk);
	return bulk->random[--bulk->random_left];
}

/* Whether a query has an OPT, where that is not plain: rule 9. A server that is
 * silent may not know what that is. */
static TW_COLD bool may_have_opt(
	struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup)
{
	struct trowel_health *health = &bulk->health[lookup->target];

	if (!bulk->has_opt || (lookup->state & TW_BULK_NO_OPT))
		return false;
	if (health->edns == TROWEL_EDNS_UNKNOWN)
		return (lookup->try_count - 1) % 4 < SILENT_TURNS;
	if (health->failures > 0 || !tw_health_is_due(health, bulk->now_us))
		return false;
	tw_health_probed(health, bulk->now_us);
	return true;
}

/* Adds a try by a socket to a lookup, and writes its query. */
static inline size_t add_try(struct tw_bulk *bulk,
	struct tw_bulk_lookup *lookup, struct tw_bulk_socket *socket,
	uint8_t *octets)
{
	uint8_t index = lookup->try_count++;
	struct tw_bulk_try *try = &lookup->tries[index];
	bool has_opt = bulk->servers[socket->server].takes_opt &&
		!(lookup->state & TW_BULK_NO_OPT);
	uint32_t random, id;

	*try = (struct tw_bulk_try){ .socket = socket->number,
		.server = lookup->target,
		.sent_us = (uint32_t)(bulk->now_us - lookup->started_us),
		.edns = has_opt || may_have_opt(bulk, lookup),
		.awaited = true };
	do {
		random = take_random(bulk);
		id = random / 65536;
	} while (tw_bulk_pool_find(&bulk->pool, socket->number, (uint16_t)id) >
			0 &&
		!bulk->exit);
	try->id = (uint16_t)id;
	tw_bulk_pool_add(&bulk->pool, lookup, index);
	set_due(bulk, lookup, try, random % 65536);
	return write_query(
		&bulk->forms[try->edns], lookup, (uint16_t)id, octets);
}

static TW_COLD unsigned turns_of(
	const struct tw_bulk_lookup *lookup, uint8_t server)
{
	unsigned turns = 0;

	for (uint8_t i = 0; i < lookup->try_count; i++)
		turns += lookup->tries[i].server == server;
	return turns;
}

/* Rule 6: what the server needs, doubled each round, times 0.75 to 1.25. */
static inline void set_due(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, uint32_t random)
{
	uint64_t end_us = lookup->started_us + bulk->deadline_us;
	uint64_t wait_us = bulk->timeout_us;

	if (wait_us == 0) {
		wait_us = bulk->servers[try->server].wait_us;
		if (lookup->try_count > 1)
			wait_us <<= turns_of(lookup, try->server) - 1;
		wait_us = wait_us * (49152U + random / 2U) / 65536;
		if (wait_us > TW_LONGEST_WAIT_US)
			wait_us = TW_LONGEST_WAIT_US;
		try->wait_us = (uint32_t)wait_us;
		if (lookup->try_count == bulk->tries_most)
			wait_us = end_us - bulk->now_us;
	}
	lookup->due_us = bulk->now_us + wait_us;
	if (lookup->due_us > end_us)
		lookup->due_us = end_us;
	tw_wheel_add(&bulk->wheel, lookup->index, lookup->due_us);
}

/* Short ones are copied with what is behind them, which takes less time: there
 * is room for that everywhere here. */
static inline void copy(
	uint8_t *to, const uint8_t *from, size_t length, size_t least)
{
	if (length <= least)
		memcpy(to, from, least);
	else
		memcpy(to, from, length);
}

static TW_COLD void mix_case(
	const struct tw_bulk_lookup *lookup, uint8_t *octets)
{
	for (size_t i = 0; i < lookup->name.length; i++)
		octets[i] ^= tw_bulk_case_bit(lookup, i);
}

/* The form with the id, the name and the type in it. */
static inline size_t write_query(const struct tw_bulk_form *form,
	const struct tw_bulk_lookup *lookup, uint16_t id, uint8_t *octets)
{
	size_t length = lookup->name.length, rest = form->length - TYPE_AT;
	uint8_t *behind = octets + HEADER_SIZE + length;

	memcpy(octets, form->octets, HEADER_SIZE);
	octets[0] = (uint8_t)(id / 256);
	octets[1] = (uint8_t)(id % 256);
	copy(octets + HEADER_SIZE, lookup->name.octets, length, SHORT);
	if (lookup->state & TW_BULK_MIXED)
		mix_case(lookup, octets + HEADER_SIZE);
	copy(behind, form->octets + TYPE_AT, rest, SHORT_REST);
	behind[0] = (uint8_t)(lookup->type / 256);
	behind[1] = (uint8_t)(lookup->type % 256);
	return HEADER_SIZE + length + rest;
}
