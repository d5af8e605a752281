/* SPDX-License-Identifier: MIT */
#include "cli/bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"
#include "cli/sandbox.h"

#define WINDOW_MOST 4096
#define ORDERED_ROOM 4 /* times the window: results that wait for others */
#define EXIT_STOPPED 130 /* by a signal, as shells have it */
#define TRIES_MOST 10 /* without +tries; as many as 10 s have room for */

static int prepare(struct tw_bulk *bulk, const struct tw_lookup *given);
static int make_form(struct tw_bulk *bulk, bool has_opt);
static int read_shard(struct tw_bulk *bulk);
static int open_files(struct tw_bulk *bulk);
static int open_network(struct tw_bulk *bulk);
static void enter_sandbox(const struct tw_bulk_options *options);
static int finish(struct tw_bulk *bulk);
static void release(struct tw_bulk *bulk);

/* What lookups have in common stands in one of no name. */
int tw_bulk(const struct tw_command *command)
{
	struct tw_bulk *bulk = calloc(1, sizeof(*bulk));
	struct tw_lookup lookup =
		command->count > 0 ? command->lookups[0] : command->global;
	struct tw_job job;
	int exit;

	if (!bulk) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	bulk->options = &command->bulk;
	bulk->file = lookup.name;
	bulk->job = &job;
	lookup.name = ".";
	lookup.search = false;
	lookup.domain = NULL;
	lookup.edns.cookie = false;
	exit = tw_job_prepare(&job, command, &lookup);
	if (!exit)
		exit = prepare(bulk, &lookup);
	if (!exit) {
		enter_sandbox(bulk->options);
		tw_bulk_run(bulk);
		exit = finish(bulk);
	}
	release(bulk);
	return exit;
}

static int prepare(struct tw_bulk *bulk, const struct tw_lookup *lookup)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	unsigned tries = TRIES_MOST;
	int exit;

	bulk->now_us = bulk->tally.started_us = tw_clock_us();
	bulk->saved_us = bulk->now_us;
	bulk->server_count = options->server_count;
	bulk->deadline_us = (uint64_t)options->deadline_ms * 1000;
	bulk->timeout_us = (uint64_t)options->timeout_ms * 1000;
	bulk->has_opt = tw_edns_is_sent(&bulk->job->edns);
	bulk->may_drop_opt = bulk->has_opt && bulk->job->ask.edns_version == 0;
	bulk->is_by_tcp = lookup->tcp_given && lookup->tcp;
	bulk->is_mixed = lookup->mix_case;
	bulk->is_json = lookup->view.form >= TW_FORM_JSON;
	bulk->is_brief = lookup->view.brief;
	bulk->window =
		bulk->options->window ? bulk->options->window : WINDOW_MOST;
	if (options->timeout_ms)
		tries = (unsigned)options->attempts * options->server_count;
	bulk->tries_most = (uint8_t)(tries < TRIES_MOST ? tries : TRIES_MOST);
	if (bulk->job->servers.is_mdns ||
		(lookup->view.form != TW_FORM_DIG &&
			lookup->view.form != TW_FORM_JSON_LINE)) {
		tw_complain("--bulk asks servers, and shows text, +short or "
			    "+jsonl");
		return TW_EXIT_USAGE;
	}
	if (bulk->job->command->key) {
		tw_complain("--bulk does not sign: -k and -y have no place "
			    "here");
		return TW_EXIT_USAGE;
	}
	exit = read_shard(bulk);
	if (!exit)
		exit = make_form(bulk, false);
	if (!exit)
		exit = make_form(bulk, true);
	if (!exit)
		exit = open_files(bulk);
	if (!exit)
		exit = open_network(bulk);
	/* From now on, what is written can be cut off again. */
	if (!exit)
		exit = tw_bulk_save(bulk);
	if (!exit)
		tw_bulk_announce(bulk);
	return exit;
}

static int make_form(struct tw_bulk *bulk, bool has_opt)
{
	struct tw_bulk_form *form = &bulk->forms[has_opt];
	struct trowel_query query;

	tw_job_query(bulk->job, &query);
	query.edns &= has_opt;
	query.name = (struct trowel_name){ .length = 1 };
	if (trowel_query_encode(&query, form->octets,
		    TW_BULK_QUERY_SIZE - TROWEL_NAME_MAX,
		    &form->length) == TROWEL_OK) {
		bulk->response = 0x80 | (form->octets[2] & 0x78);
		return 0;
	}
	tw_complain("the EDNS options are too long");
	return TW_EXIT_USAGE;
}

/* I/N */
static int read_shard(struct tw_bulk *bulk)
{
	const char *text = bulk->options->shard;
	char rest;

	bulk->shards = 1;
	if (!text)
		return 0;
	if (sscanf(text, "%" SCNu32 "/%" SCNu32 "%c", &bulk->shard,
		    &bulk->shards, &rest) == 2 &&
		bulk->shard >= 1 && bulk->shard <= bulk->shards) {
		bulk->shard--;
		return 0;
	}
	tw_complain("--shard: \"%.80s\" is not I/N, with I from 1 to N", text);
	return TW_EXIT_USAGE;
}

static const char *name_of_input(const struct tw_bulk *bulk)
{
	return bulk->file ? bulk->file : "standard input";
}

int tw_bulk_refuse_input(const struct tw_bulk *bulk, int error)
{
	tw_complain(
		"cannot read %.300s: %s", name_of_input(bulk), strerror(error));
	return TW_EXIT_FILE;
}

/* No socket may get the number of a standard stream that is closed. */
static int hold_streams(const struct tw_bulk *bulk)
{
	int fd;

	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return tw_complain_of_output(errno);
	if (!bulk->file && fcntl(STDIN_FILENO, F_GETFD) < 0)
		return tw_bulk_refuse_input(bulk, errno);
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return 0;
}

static int open_files(struct tw_bulk *bulk)
{
	int fd = STDIN_FILENO, error, exit;

	if (bulk->file && strcmp(bulk->file, "-") == 0)
		bulk->file = NULL;
	exit = hold_streams(bulk);
	if (exit)
		return exit;
	if (bulk->file)
		fd = open(bulk->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return tw_bulk_refuse_input(bulk, errno);
	error = tw_bulk_input_open(&bulk->input, fd, bulk->job->lookup->type);
	if (error)
		return tw_bulk_refuse_input(bulk, error);
	return tw_bulk_open_outputs(bulk);
}

static int open_network(struct tw_bulk *bulk)
{
	struct tw_job *job = bulk->job;
	uint32_t places = bulk->window, i;
	int error;

	if (bulk->options->ordered) {
		places *= ORDERED_ROOM;
		bulk->output.waiting = malloc(places * sizeof(uint32_t));
		if (!bulk->output.waiting)
			return TW_EXIT_INTERNAL;
		for (i = 0; i < places; i++)
			bulk->output.waiting[i] = TW_WHEEL_NONE;
	}
	if (!tw_bulk_pool_init(&bulk->pool, places))
		return TW_EXIT_INTERNAL;
	tw_wheel_init(&bulk->wheel, bulk->pool.links, bulk->now_us);
	for (i = 0; i < bulk->server_count; i++) {
		tw_window_init(&bulk->servers[i].window, bulk->window,
			bulk->options->rate, bulk->now_us);
		bulk->servers[i].first = TW_WHEEL_NONE;
		bulk->servers[i].last = TW_WHEEL_NONE;
	}
	error = tw_bulk_sockets_open(&bulk->sockets, &job->servers.options,
		&job->ask.source, bulk->window / bulk->server_count);
	if (error) {
		tw_complain("cannot open sockets: %s", strerror(error));
		return TW_EXIT_INTERNAL;
	}
	tw_bulk_catch_signals();
	return 0;
}

/* These two write files while it goes on, or at the end. */
static void enter_sandbox(const struct tw_bulk_options *options)
{
	if (!options->checkpoint && !options->stats)
		tw_sandbox_enter(false);
}

/* Bad lines are not forgotten, and neither is it if nobody answers. */
static int finish(struct tw_bulk *bulk)
{
	const struct tw_tally *tally = &bulk->tally;
	int exit = bulk->exit, error;

	tw_bulk_hide_progress(bulk);
	if (!exit)
		exit = tw_bulk_save(bulk);
	tw_bulk_summarize(bulk);
	error = tw_bulk_write_stats(bulk);
	if (exit || error)
		return exit ? exit : error;
	if (tw_bulk_is_stopped())
		return EXIT_STOPPED;
	if (tally->bad > 0)
		return TW_EXIT_INTERNAL;
	return tally->failed > 0 && tally->failed == tw_tally_done(tally)
		? TW_EXIT_NO_REPLY
		: 0;
}

static void release(struct tw_bulk *bulk)
{
	if (bulk->file && bulk->input.fd > STDERR_FILENO)
		close(bulk->input.fd);
	tw_bulk_sockets_close(&bulk->sockets);
	tw_bulk_pool_release(&bulk->pool);
	trowel_close(bulk->trowel);
	tw_checkpoint_release(&bulk->checkpoint);
	if (bulk->output.failures.name && bulk->output.failures.fd >= 0)
		close(bulk->output.failures.fd);
	tw_output_release(&bulk->output.results.text);
	tw_output_release(&bulk->output.failures.text);
	free(bulk->output.waiting);
	free(bulk);
}
