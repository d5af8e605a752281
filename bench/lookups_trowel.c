/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <trowel/resolver.h>

#include "bench/lookups.h"

#define TYPE_A 1

static struct trowel *t;

/* The first address of an answer. */
static const uint8_t *address_in(const struct trowel_answer *answer)
{
	struct trowel_chain chain;
	struct trowel_record record;

	if (answer == NULL || answer->status != TROWEL_OK ||
		trowel_chain_start(&chain, &answer->message) != TROWEL_OK ||
		!trowel_chain_next(&chain, &record))
		return NULL;
	return answer->message.octets + record.rdata;
}

static void open_trowel(const uint16_t *ports, size_t count)
{
	struct trowel_options options;

	trowel_options_init(&options);
	for (size_t i = 0; i < count; i++) {
		struct trowel_address *server =
			&options.servers[options.server_count++];

		need(trowel_address_parse("127.0.0.1", server) == TROWEL_OK,
			"address");
		server->port = ports[i];
	}
	need(trowel_open(&t, &options) == TROWEL_OK, "trowel_open");
}

static void look_up(struct lookup *lookup)
{
	uint64_t start_us = clock_us();
	struct trowel_answer *answer;

	trowel_query(t, lookup->name, TYPE_A, NULL, &answer);
	lookup_end(lookup, start_us, address_in(answer));
	trowel_answer_free(answer);
}

static void look_up_all(struct lookup *lookups, size_t count)
{
	uint64_t start_us = clock_us();
	size_t left = count;

	for (size_t i = 0; i < count; i++) {
		struct trowel_request request = { .kind = TROWEL_REQUEST_QUERY,
			.type = TYPE_A,
			.name = lookups[i].name };
		uint32_t id;

		need(trowel_start(t, &request, &lookups[i], &id) == TROWEL_OK,
			"trowel_start");
	}
	while (left > 0) {
		struct pollfd fd = { .fd = trowel_fd(t), .events = POLLIN };
		struct trowel_done done;

		poll(&fd, 1, trowel_wait_ms(t));
		while (trowel_next(t, &done)) {
			lookup_end(
				done.user, start_us, address_in(done.answer));
			trowel_answer_free(done.answer);
			left--;
		}
	}
}

const struct peer peer_trowel = { "trowel", open_trowel, look_up, look_up_all };
