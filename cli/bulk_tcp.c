/* SPDX-License-Identifier: MIT */
/* What does not fit into a datagram: by TCP, as a lookup of the library. */
#include "cli/bulk_state.h"

bool tw_bulk_tcp_start(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	uint32_t elapsed_us = (uint32_t)(bulk->now_us - lookup->started_us);
	struct trowel_ask ask = bulk->job->ask;
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel_request request = { .kind = TROWEL_REQUEST_QUERY,
		.type = lookup->type,
		.name = name,
		.ask = &ask };
	struct tw_bulk_try *try = &lookup->tries[lookup->try_count];

	if (!bulk->trowel && trowel_open(&bulk->trowel, options) != TROWEL_OK)
		return false;
	ask.flags |= TROWEL_ASK_TCP;
	if (!bulk->is_by_tcp)
		ask.server = (uint8_t)(lookup->target + 1);
	if (elapsed_us / 1000 >= options->deadline_ms)
		return false;
	ask.deadline_ms = options->deadline_ms - elapsed_us / 1000;
	trowel_name_format(&lookup->name, name);
	if (trowel_start(bulk->trowel, &request, lookup, &lookup->request) !=
		TROWEL_OK)
		return false;
	*try = (struct tw_bulk_try){ .server = lookup->target,
		.tcp = true,
		.edns = true,
		.sent_us = elapsed_us };
	lookup->try_count++;
	lookup->state |= TW_BULK_BY_TCP;
	bulk->tcp_count++;
	bulk->tally.by_tcp++;
	return true;
}

void tw_bulk_tcp_next(struct tw_bulk *bulk)
{
	struct trowel_done done;

	while (bulk->tcp_count > 0 && trowel_next(bulk->trowel, &done)) {
		const struct trowel_message *message = NULL;

		if (done.answer && done.answer->message.octets)
			message = &done.answer->message;
		tw_bulk_take_stream(bulk, done.user, message, done.status);
		trowel_answer_free(done.answer);
	}
}
