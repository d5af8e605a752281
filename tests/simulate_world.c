/* SPDX-License-Identifier: MIT */
/* The servers of a world, and what the network makes of their replies. */
#include <errno.h>
#include <string.h>

#include "tests/simulate.h"

#define HEADER_SIZE 12
#define RECORD_SIZE 16
#define OPT_SIZE 11

/* A reply that is being made. */
struct draft {
	const struct trowel_engine *engine;
	const struct trowel_attempt *asked;
	struct server *server;
	uint8_t octets[SIMULATE_MESSAGE_SIZE];
	size_t length;
	uint16_t rcode;
	bool good; /* so far */
	bool has_no_cookie;
};

static void make_server(struct world *world, struct server *server);
static bool write_reply(struct world *world, struct draft *draft);
static void write_question(struct draft *draft);
static void write_records(
	struct world *world, struct draft *draft, uint32_t address);
static void write_opt(struct world *world, struct draft *draft);
static size_t write_cookie(
	struct world *world, struct draft *draft, uint8_t *octets);
static void spoil(struct world *world, struct draft *draft);
static void send_by_udp(
	struct world *world, struct draft *draft, uint8_t attempt);
static void send_by_tcp(
	struct world *world, struct draft *draft, uint8_t attempt);
static struct event *add_reply(struct world *world, const struct draft *draft,
	uint8_t attempt, uint64_t at_us);

/* xorshift64*: enough for tests. */
unsigned draw(struct world *world, unsigned below)
{
	world->state ^= world->state >> 12;
	world->state ^= world->state << 25;
	world->state ^= world->state >> 27;
	return (unsigned)((world->state * UINT64_C(2685821657736338717)) >>
		       33) %
		below;
}

bool happens(struct world *world, unsigned percent)
{
	return percent > 0 && draw(world, 100) < percent;
}

void world_make(struct world *world, uint64_t seed)
{
	memset(world, 0, sizeof(*world));
	world->state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
	world->now_us = (seed % 7 + 1) * 1000 * SECOND_US;
	for (unsigned i = 0; i < 8; i++)
		draw(world, 2);
	world->server_count = 1 + draw(world, SIMULATE_SERVERS);
	world->forging = happens(world, 50) ? draw(world, 60) : 0;
	world->floods = happens(world, 5);
	for (unsigned i = 0; i < world->server_count; i++)
		make_server(world, &world->servers[i]);
	if (happens(world, 50))
		world->servers[draw(world, world->server_count)] =
			(struct server){ .perfect = true,
				.rtt_us = 100 + draw(world, 200000),
				.spread_us = draw(world, 50000),
				.cookies = draw(world, 2) ? COOKIE_FINE
							  : COOKIE_NONE };
}

/* Most are only a little out of order. */
static void make_server(struct world *world, struct server *server)
{
	server->rtt_us =
		100 + draw(world, happens(world, 10) ? 2500000 : 100000);
	server->spread_us = draw(world, happens(world, 10) ? 1000000 : 10000);
	server->lost = happens(world, 50) ? draw(world, 60) : 0;
	server->doubled = happens(world, 20) ? draw(world, 50) : 0;
	server->truncated = happens(world, 30) ? draw(world, 100) : 0;
	server->failing = happens(world, 20) ? draw(world, 100) : 0;
	server->broken = happens(world, 20) ? draw(world, 60) : 0;
	server->corrupted = happens(world, 20) ? draw(world, 60) : 0;
	server->dead = happens(world, 15);
	server->refuses = happens(world, 10);
	server->lowers = happens(world, 20);
	server->edns = happens(world, 30) ? draw(world, EDNS_WAYS) : EDNS_FINE;
	server->cookies =
		happens(world, 60) ? draw(world, COOKIE_WAYS) : COOKIE_NONE;
	server->tcp = happens(world, 30) ? draw(world, TCP_WAYS) : TCP_FINE;
}

void world_change(struct world *world)
{
	for (unsigned i = 0; i < world->server_count; i++) {
		struct server *server = &world->servers[i];

		if (server->perfect)
			continue;
		if (happens(world, 5))
			server->dead = !server->dead;
		if (happens(world, 2))
			server->refuses = !server->refuses;
		if (happens(world, 3))
			server->cookie++;
	}
	world->event_count = 0;
	world->now_us += happens(world, 50) ? draw(world, 100000)
					    : draw(world, 20000000);
}

struct event *world_add(struct world *world, uint8_t attempt, uint64_t at_us)
{
	static struct event of_no_account;
	struct event *event = &of_no_account;

	if (world->event_count < SIMULATE_EVENTS)
		event = &world->events[world->event_count++];
	memset(event, 0, offsetof(struct event, octets));
	event->at_us = at_us;
	event->attempt = attempt;
	event->times = 1;
	return event;
}

void world_send(struct world *world, const struct trowel_engine *engine,
	uint8_t attempt)
{
	struct draft draft = { .engine = engine,
		.asked = &engine->attempts[attempt],
		.good = true };

	draft.server = &world->servers[draft.asked->server];
	if (happens(world, world->forging))
		world_forge(world, engine, attempt);
	if (draft.server->dead)
		return;
	if (!write_reply(world, &draft))
		return;
	if (draft.asked->transport == TROWEL_TCP)
		send_by_tcp(world, &draft, attempt);
	else
		send_by_udp(world, &draft, attempt);
}

static uint64_t arrival_us(struct world *world, const struct server *server)
{
	return world->now_us + server->rtt_us +
		draw(world, server->spread_us + 1);
}

static void send_by_udp(
	struct world *world, struct draft *draft, uint8_t attempt)
{
	struct server *server = draft->server;
	struct event *event;

	if (server->refuses || happens(world, server->perfect ? 0 : 1)) {
		event = world_add(world, attempt, arrival_us(world, server));
		event->fails = true;
		event->error = happens(world, 80) ? ECONNREFUSED : EMFILE;
		return;
	}
	if (happens(world, server->lost))
		return;
	if (happens(world, server->truncated)) {
		draft->octets[2] |= 2;
		draft->good = false;
		if (happens(world, 50))
			draft->length -= draw(world, HEADER_SIZE);
	}
	event = add_reply(world, draft, attempt, arrival_us(world, server));
	event->cut = happens(world, server->truncated / 8);
	event->honest = event->honest && !event->cut;
	if (happens(world, server->doubled))
		add_reply(world, draft, attempt, arrival_us(world, server));
}

static void send_by_tcp(
	struct world *world, struct draft *draft, uint8_t attempt)
{
	static const int errors[] = { ECONNREFUSED, ETIMEDOUT, 0, ECONNRESET,
		EBADMSG };
	struct server *server = draft->server;
	uint64_t at_us = arrival_us(world, server) + server->rtt_us;
	struct event *event;

	if (server->tcp == TCP_SILENT && !server->refuses)
		return;
	if (!server->refuses &&
		(server->tcp == TCP_FINE || server->tcp == TCP_CUT)) {
		if (server->tcp == TCP_CUT) {
			draft->length = draw(world, (unsigned)draft->length);
			draft->good = false;
		}
		add_reply(world, draft, attempt, at_us);
		return;
	}
	event = world_add(world, attempt, at_us);
	event->fails = true;
	event->error = server->tcp == TCP_REFUSED ? ECONNREFUSED
		: server->tcp == TCP_BAD_LENGTH	  ? EBADMSG
						  : errors[draw(world, 5)];
}

static struct event *add_reply(struct world *world, const struct draft *draft,
	uint8_t attempt, uint64_t at_us)
{
	struct event *event = world_add(world, attempt, at_us);

	event->honest = draft->good;
	event->has_no_cookie = draft->has_no_cookie;
	event->length = (uint16_t)draft->length;
	memcpy(event->octets, draft->octets, draft->length);
	return event;
}

static void put16(uint8_t *octets, unsigned value)
{
	octets[0] = (uint8_t)(value / 256);
	octets[1] = (uint8_t)value;
}

/* False: the server says nothing. */
static bool write_reply(struct world *world, struct draft *draft)
{
	struct server *server = draft->server;
	uint32_t address = UINT32_C(0xC0000201) + draft->asked->server;

	write_question(draft);
	if (draft->asked->edns && server->edns == EDNS_SILENT)
		return false;
	if (draft->asked->edns && server->edns == EDNS_ERROR) {
		static const uint16_t rcodes[] = { 1, 4, 1, 1 };

		draft->rcode = rcodes[draw(world, 4)];
		draft->good = false;
	} else if (happens(world, server->failing)) {
		static const uint16_t rcodes[] = { 1, 2, 4, 5, 0, 2, 9, 3 };

		draft->rcode = rcodes[draw(world, 8)];
		draft->good =
			draft->good && (draft->rcode == 9 || draft->rcode == 3);
		if (draft->rcode == 0)
			draft->octets[3] = 0; /* RA=0, and no records: lame */
	}
	if (draft->rcode == 0 && (draft->octets[3] & 0x80))
		write_records(world, draft, address);
	else if (draft->rcode == 0)
		draft->good = false;
	if (draft->asked->edns && server->edns == EDNS_FINE)
		write_opt(world, draft);
	else if (draft->asked->cookie && draft->asked->transport == TROWEL_UDP)
		draft->has_no_cookie = true;
	draft->octets[3] |= (uint8_t)(draft->rcode % 16);
	if (draft->rcode == 1 && happens(world, 30)) {
		memset(draft->octets + 4, 0, 8);
		draft->length = HEADER_SIZE;
	}
	spoil(world, draft);
	return true;
}

static void write_question(struct draft *draft)
{
	const struct trowel_engine *engine = draft->engine;

	memcpy(draft->octets, engine->query, engine->question_end);
	draft->length = engine->question_end;
	draft->octets[2] |= 0x80;
	draft->octets[3] = 0x80;
	draft->octets[11] = 0;
	if (!draft->server->lowers)
		return;
	for (size_t i = HEADER_SIZE; i + 4 < engine->question_end; i++) {
		if (draft->octets[i] < 'A' || draft->octets[i] > 'Z')
			continue;
		draft->octets[i] |= 0x20;
		if (draft->asked->mixed &&
			draft->asked->transport == TROWEL_UDP)
			draft->good = false;
	}
}

static void write_record(struct draft *draft, uint16_t owner, uint32_t address)
{
	uint8_t *at = draft->octets + draft->length;
	static const uint8_t fixed[] = { 0, 1, 0, 1, 0, 0, 1, 44, 0, 4 };

	put16(at, owner);
	memcpy(at + 2, fixed, sizeof(fixed));
	put16(at + 12, address >> 16);
	put16(at + 14, address);
	draft->length += RECORD_SIZE;
	draft->octets[7]++;
}

/* With those of a name that nobody asked for, now and then. */
static void write_records(
	struct world *world, struct draft *draft, uint32_t address)
{
	uint16_t stranger = (uint16_t)(0xC000 + HEADER_SIZE + 1 +
		draft->octets[HEADER_SIZE]);

	if (draft->engine->question_end == HEADER_SIZE)
		return;
	if (draft->octets[HEADER_SIZE] > 0 && happens(world, 10))
		write_record(draft, stranger, STRANGER_ADDRESS);
	for (unsigned i = 1 + draw(world, 3); i > 0; i--)
		write_record(draft, 0xC000 + HEADER_SIZE, address);
}

static void write_opt(struct world *world, struct draft *draft)
{
	uint8_t *at = draft->octets + draft->length;
	size_t options = write_cookie(world, draft, at + OPT_SIZE);

	memset(at, 0, OPT_SIZE);
	at[2] = 41;
	put16(at + 3, 1232);
	at[5] = (uint8_t)(draft->rcode / 16);
	put16(at + 9, (unsigned)options);
	draft->octets[11] = 1;
	draft->length += OPT_SIZE + options;
}

/* Returns its length. */
static size_t write_cookie(
	struct world *world, struct draft *draft, uint8_t *octets)
{
	const struct trowel_engine *engine = draft->engine;
	struct server *server = draft->server;
	const uint8_t *sent = engine->query + engine->base_length + 4;
	size_t sent_length = engine->query_length - engine->base_length;
	bool by_udp = draft->asked->transport == TROWEL_UDP;
	bool is_new = sent_length != 20 || sent[8] != server->cookie;

	if (!draft->asked->cookie)
		return 0;
	if (server->cookies == COOKIE_NONE ||
		(server->cookies == COOKIE_LOST && happens(world, 50))) {
		draft->has_no_cookie = by_udp;
		return 0;
	}
	put16(octets, 10);
	put16(octets + 2, server->cookies == COOKIE_LENGTH ? 13 : 16);
	memcpy(octets + 4, sent, 8);
	memset(octets + 12, server->cookie, 8);
	if (server->cookies == COOKIE_OTHER)
		octets[4] ^= 1;
	if (by_udp &&
		(server->cookies == COOKIE_OTHER ||
			server->cookies == COOKIE_LENGTH))
		draft->good = false;
	if (server->cookies == COOKIE_BAD ||
		(server->cookies == COOKIE_NEW && is_new)) {
		draft->rcode = 23;
		draft->good = false;
	}
	return server->cookies == COOKIE_LENGTH ? 17 : 20;
}

/* Addresses stay as they are: no stub resolver could tell. */
static void spoil(struct world *world, struct draft *draft)
{
	struct server *server = draft->server;
	size_t records = draft->engine->question_end;
	size_t at = draw(world, (unsigned)draft->length);

	if (happens(world, server->broken)) {
		draft->good = false;
		if (happens(world, 50))
			draft->octets[5 + 2 * draw(world, 4)] ^=
				(uint8_t)(1 + draw(world, 255));
		else if (draft->octets[7] > 0)
			draft->octets[records + 11] ^=
				(uint8_t)(1 + draw(world, 255));
		else
			draft->length -= 1;
	}
	if (!happens(world, server->corrupted))
		return;
	draft->good = false;
	if (at >= records && at < records + 64 &&
		(at - records) % RECORD_SIZE >= 12)
		return;
	draft->octets[at] ^= (uint8_t)(1u << draw(world, 8));
}
