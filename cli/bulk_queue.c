/* SPDX-License-Identifier: MIT */
/* Lookups that wait: in a queue for their server, or for their time. */
#include "cli/bulk_state.h"

/* What is in a queue is not in the wheel, so that its link is free. */
void tw_bulk_queue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	struct tw_bulk_server *row = &bulk->servers[lookup->target];
	uint32_t index = lookup->index;

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
	struct tw_wheel_link *link = &links[lookup->index];

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

void tw_bulk_detach(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	if (lookup->state & TW_BULK_QUEUED)
		tw_bulk_unqueue(bulk, lookup);
	else
		tw_wheel_remove(&bulk->wheel, lookup->index);
	if (!(lookup->state & TW_BULK_BY_TCP))
		return;
	trowel_cancel(bulk->trowel, lookup->request);
	lookup->state &= (uint8_t)~TW_BULK_BY_TCP;
	bulk->tcp_count--;
}

/* Where nothing has been answered that was asked later, no query is lost, but the
 * server is busy, or this machine: it may have as much time again, once. */
static bool has_more_time(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup)
{
	struct tw_bulk_try *try = &lookup->tries[lookup->try_count - 1];
	uint64_t sent_us = lookup->started_us + try->sent_us;
	uint64_t end_us = lookup->started_us + bulk->deadline_us;

	if (try->wait_us == 0 || !try->awaited || bulk->now_us >= end_us ||
		bulk->servers[try->server].heard_us > sent_us)
		return false;
	lookup->due_us = bulk->now_us + try->wait_us;
	if (lookup->due_us > end_us)
		lookup->due_us = end_us;
	try->wait_us = 0;
	return true;
}

void tw_bulk_expire(struct tw_bulk *bulk)
{
	uint32_t item;

	while ((item = tw_wheel_next(&bulk->wheel, bulk->now_us)) !=
		TW_WHEEL_NONE) {
		struct tw_bulk_lookup *lookup = &bulk->pool.lookups[item];

		if (bulk->now_us < lookup->due_us ||
			has_more_time(bulk, lookup))
			tw_wheel_add(&bulk->wheel, item, lookup->due_us);
		else
			tw_bulk_time_out(bulk, lookup);
	}
}
