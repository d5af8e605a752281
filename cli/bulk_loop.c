/* SPDX-License-Identifier: MIT */
/* Bulk mode's loop: send what there is room for, wait, take what has come, see
 * to what is due. */
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"
#include "resolver/health.h"

#define LATEST_US 100000 /* for a line to be written, a signal to be seen */
#define SAVED_US 1000000 /* between checkpoints */
#define POLLED_MOST 512
#define REST_US 500
#define FEW 16 /* replies: they are not worth a system call or two */

/* The sockets in their order; then what else is waited for. */
struct waiting {
	struct pollfd polled[POLLED_MOST];
	nfds_t count;
};

static bool is_at_end(const struct tw_bulk *bulk);
static void fill(struct tw_bulk *bulk);
static void fill_by_tcp(struct tw_bulk *bulk);
static void rest(const struct tw_bulk *bulk);
static void wait_for(struct tw_bulk *bulk, struct waiting *waiting);
static void receive(struct tw_bulk *bulk, const struct waiting *waiting);
static void read_input(struct tw_bulk *bulk);
static void write_output(struct tw_bulk *bulk);

/* The one thing that is shared with a handler of signals. */
static volatile sig_atomic_t is_stopped;

static void stop(int number)
{
	signal(number, SIG_DFL); /* the next one ends us */
	is_stopped = 1;
}

void tw_bulk_catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* That the reader has gone is told like any failure to write. */
	signal(SIGPIPE, SIG_IGN);
}

bool tw_bulk_is_stopped(void)
{
	return is_stopped;
}

void tw_bulk_run(struct tw_bulk *bulk)
{
	struct waiting waiting;
	bool took_few = false;
	uint32_t used;

	while (!bulk->exit) {
		if (bulk->is_by_tcp)
			fill_by_tcp(bulk);
		else
			fill(bulk);
		if (is_at_end(bulk))
			break;
		tw_bulk_show_progress(bulk);
		if (took_few)
			rest(bulk);
		wait_for(bulk, &waiting);
		bulk->now_us = tw_clock_us();
		used = bulk->pool.used;
		receive(bulk, &waiting);
		took_few = used - bulk->pool.used < FEW;
		tw_bulk_expire(bulk);
		tw_bulk_tcp_next(bulk);
		write_output(bulk);
	}
	bulk->now_us = tw_clock_us();
}

static bool is_at_end(const struct tw_bulk *bulk)
{
	const struct tw_bulk_input *input = &bulk->input;

	return bulk->pool.used == 0 &&
		(is_stopped ||
			(input->start == input->end && input->has_ended));
}

/* How many new lookups may begin with a server: the dead ones come last, but
 * now and then one shows whether it is back (8.2). */
static uint32_t most_new(struct tw_bulk *bulk, uint8_t server)
{
	struct trowel_health *health = &bulk->health[server];

	if (is_stopped)
		return 0;
	if (health->failures == 0)
		return UINT32_MAX;
	if (tw_health_is_due(health, bulk->now_us)) {
		tw_health_probed(health, bulk->now_us);
		return 1;
	}
	for (uint8_t i = 0; i < bulk->server_count; i++)
		if (bulk->health[i].failures == 0)
			return 0;
	return UINT32_MAX;
}

/* One batch for each server after another, as long as there is something to
 * send. */
static void fill(struct tw_bulk *bulk)
{
	unsigned idle = 0;

	while (idle < bulk->server_count && !bulk->exit) {
		uint8_t server = bulk->turn;
		struct tw_bulk_server *row = &bulk->servers[server];

		tw_window_adjust(&row->window, bulk->now_us);
		if (tw_bulk_ask(bulk, server, most_new(bulk, server)) > 0)
			idle = 0;
		else
			idle++;
		if (++bulk->turn >= bulk->server_count)
			bulk->turn = 0;
	}
}

static void fill_by_tcp(struct tw_bulk *bulk)
{
	struct tw_bulk_lookup *lookup;

	while (bulk->tcp_count < bulk->servers[0].window.size && !is_stopped &&
		(lookup = tw_bulk_next_lookup(bulk)) != NULL)
		if (!tw_bulk_tcp_start(bulk, lookup))
			bulk->exit = TW_EXIT_INTERNAL;
}

/* Where replies come in thousands, each wakes us up to take one or two. We rest
 * for a quarter of the time that the servers need for what they have, and then
 * take many in a batch. */
static void rest(const struct tw_bulk *bulk)
{
	struct timespec time = { .tv_nsec = 0 };
	uint64_t rate = 0, rest_us = REST_US;

	for (uint8_t i = 0; i < bulk->server_count; i++)
		rate += bulk->servers[i].window.rate;
	if (rate * rest_us > (uint64_t)bulk->pool.used * 250000)
		rest_us = (uint64_t)bulk->pool.used * 250000 / rate;
	if (rate * rest_us < FEW * (uint64_t)1000000)
		return;
	time.tv_nsec = (long)rest_us * 1000;
	(void)nanosleep(&time, NULL);
}

/* How long nothing will happen by itself, in milliseconds, rounded up. */
static int wait_ms(struct tw_bulk *bulk)
{
	uint64_t due_us = tw_wheel_due_us(&bulk->wheel);
	uint64_t least_us = LATEST_US;
	int tcp_ms;

	if (due_us <= bulk->now_us)
		return 0;
	if (due_us - bulk->now_us < least_us)
		least_us = due_us - bulk->now_us;
	for (uint8_t i = 0; i < bulk->server_count; i++) {
		uint64_t at_us = tw_window_allow_us(&bulk->servers[i].window);

		if (at_us > 0 && at_us <= bulk->now_us + least_us)
			least_us =
				at_us > bulk->now_us ? at_us - bulk->now_us : 0;
	}
	tcp_ms = bulk->tcp_count > 0 ? trowel_wait_ms(bulk->trowel) : -1;
	if (tcp_ms >= 0 && (uint64_t)tcp_ms * 1000 < least_us)
		least_us = (uint64_t)tcp_ms * 1000;
	return (int)((least_us + 999) / 1000);
}

static void add(struct waiting *waiting, int fd)
{
	if (waiting->count < POLLED_MOST)
		waiting->polled[waiting->count++] =
			(struct pollfd){ .fd = fd, .events = POLLIN };
}

/* Input that has to be waited for is waited for when there is room for it. */
static void wait_for(struct tw_bulk *bulk, struct waiting *waiting)
{
	bool wants_input = !is_stopped && !bulk->input.is_file &&
		bulk->input.wants_more && !bulk->input.has_ended;

	waiting->count = 0;
	for (uint16_t i = 0; i < bulk->sockets.count; i++)
		add(waiting, bulk->sockets.rows[i].socket.fd);
	if (bulk->tcp_count > 0)
		waiting->count += (nfds_t)trowel_pollfds(bulk->trowel,
			waiting->polled + waiting->count,
			POLLED_MOST - waiting->count);
	if (waiting->count >= POLLED_MOST)
		waiting->count = POLLED_MOST - 1;
	if (wants_input)
		add(waiting, bulk->input.fd);
	if (poll(waiting->polled, waiting->count, wait_ms(bulk)) <= 0)
		waiting->count = 0;
	else if (wants_input &&
		waiting->polled[waiting->count - 1].revents != 0)
		read_input(bulk);
}

static void receive(struct tw_bulk *bulk, const struct waiting *waiting)
{
	uint16_t at;
	int error;

	for (at = 0; at < bulk->sockets.count && at < waiting->count; at++) {
		if (waiting->polled[at].revents == 0)
			continue;
		error = tw_bulk_take_all(bulk, at);
		if (error)
			tw_bulk_unreachable(bulk, at, error);
	}
}

static void read_input(struct tw_bulk *bulk)
{
	int error = tw_bulk_input_read(&bulk->input);

	if (error)
		bulk->exit = tw_bulk_refuse_input(bulk, error);
}

/* What is there is written while nothing else is to be done, but not in bits. */
static void write_output(struct tw_bulk *bulk)
{
	struct tw_bulk_output *output = &bulk->output;

	if (bulk->options->checkpoint &&
		bulk->now_us - bulk->saved_us >= SAVED_US)
		bulk->exit = tw_bulk_save(bulk);
	else if (bulk->now_us - bulk->written_us >= LATEST_US ||
		output->results.error || output->failures.error)
		bulk->exit = tw_bulk_write(bulk);
}
