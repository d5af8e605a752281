/* SPDX-License-Identifier: MIT */
#include "cli/lookup_beside.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/compare.h"
#include "cli/complain.h"
#include "cli/parallel.h"
#include "cli/show.h"

/* Several jobs, and what became of them. */
struct beside {
	struct tw_job *jobs;
	struct tw_asked *rows;
	struct tw_parallel parallel;
};

static int open_jobs(struct beside *beside, const struct tw_job *first,
	const struct tw_lookup *lookups, size_t count);
static int ask_beside(struct tw_output *output, struct beside *beside);
static int ask_servers(
	struct tw_output *output, struct beside *beside, size_t count);

int tw_look_up_beside(struct tw_output *output, struct tw_job *first,
	const struct tw_lookup *lookups, size_t count)
{
	struct beside beside;
	int exit = open_jobs(&beside, first, lookups, count);

	if (!exit) {
		tw_parallel_open(&beside.parallel, beside.rows, count);
		exit = ask_beside(output, &beside);
		tw_parallel_close(&beside.parallel);
	}
	free(beside.jobs);
	free(beside.rows);
	return exit;
}

int tw_look_up_servers(struct tw_output *output, struct tw_job *job)
{
	uint8_t count = job->servers.options.server_count, i;
	struct beside beside;
	int exit = open_jobs(&beside, job, NULL, count);

	for (i = 0; !exit && i < count; i++)
		beside.jobs[i].ask.server = (uint8_t)(i + 1);
	if (!exit) {
		tw_parallel_open(&beside.parallel, beside.rows, count);
		exit = ask_servers(output, &beside, count);
		tw_parallel_close(&beside.parallel);
	}
	free(beside.jobs);
	free(beside.rows);
	return exit;
}

/* A job for each lookup, or without those, as many of the same. */
static int open_jobs(struct beside *beside, const struct tw_job *first,
	const struct tw_lookup *lookups, size_t count)
{
	int exit = 0;
	size_t i;

	beside->jobs = calloc(count, sizeof(*beside->jobs));
	beside->rows = calloc(count, sizeof(*beside->rows));
	if (!beside->jobs || !beside->rows) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	for (i = 0; i < count && !exit; i++) {
		beside->rows[i].job = &beside->jobs[i];
		exit = tw_job_copy(&beside->jobs[i], first,
			lookups ? &lookups[i] : first->lookup);
	}
	return exit;
}

static int ask_beside(struct tw_output *output, struct beside *beside)
{
	struct tw_asked *row;
	int exit = 0, now, error;

	while ((row = tw_parallel_next(&beside->parallel)) != NULL) {
		now = tw_show(output, row->job, row->status, row->answer);
		exit = now > exit ? now : exit;
		if (beside->parallel.next == beside->parallel.count)
			break;
		error = tw_output_write(output, STDOUT_FILENO);
		if (error)
			return tw_complain_of_output(error);
	}
	return exit;
}

/*
 * Comparing servers
 */

/* A word that says more than the address does. */
static bool is_name(const char *word)
{
	struct trowel_address address;
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	size_t length = strcspn(word, "#");

	if (length >= sizeof(text))
		return true;
	memcpy(text, word, length);
	text[length] = '\0';
	return trowel_address_parse(text, &address) != TROWEL_OK;
}

static void describe(struct tw_compared *compared, const struct tw_asked *row)
{
	const struct tw_servers *servers = &row->job->servers;
	uint8_t i = (uint8_t)(row->job->ask.server - 1);
	const struct tw_lookup *lookup = row->job->lookup;

	compared->server = &servers->options.servers[i];
	compared->name = NULL;
	if (lookup->server_count > 0 &&
		is_name(lookup->servers[servers->named[i]]))
		compared->name = lookup->servers[servers->named[i]];
	compared->status = row->status;
	compared->answer = row->answer;
}

/* Each server's line as wide as the widest needs it. */
static size_t widest(const struct beside *beside, size_t count)
{
	struct tw_compared compared;
	size_t i, width, most = 0;

	for (i = 0; i < count; i++) {
		describe(&compared, &beside->rows[i]);
		width = tw_compare_width(&compared);
		most = width > most ? width : most;
	}
	return most;
}

static int show_each(struct tw_output *output, struct beside *beside,
	struct tw_compared *compared, size_t width)
{
	struct tw_asked *row;
	unsigned replies = 0;
	int error;

	while ((row = tw_parallel_next(&beside->parallel)) != NULL) {
		describe(compared, row);
		replies += row->answer && row->answer->message.octets;
		if (row->job->lookup->view.form == TW_FORM_DIG)
			tw_compare_print(output, compared, width);
		else
			tw_show(output, row->job, row->status, row->answer);
		compared++;
		error = tw_output_write(output, STDOUT_FILENO);
		if (error)
			return tw_complain_of_output(error);
	}
	return replies > 0 ? 0 : TW_EXIT_NO_REPLY;
}

static int ask_servers(
	struct tw_output *output, struct beside *beside, size_t count)
{
	struct tw_compared *compared = calloc(count, sizeof(*compared));
	struct tw_output differences;
	bool differ = false, is_whole = compared != NULL;
	int exit = 0;

	tw_output_init(&differences);
	if (is_whole)
		exit = show_each(
			output, beside, compared, widest(beside, count));
	if (is_whole && !exit)
		is_whole = tw_compare(&differences, compared, count, &differ);
	if (differ && beside->jobs[0].lookup->view.form == TW_FORM_DIG)
		tw_output_add_octets(
			output, differences.octets, differences.length);
	tw_output_release(&differences);
	free(compared);
	if (!is_whole) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	return differ ? TW_EXIT_DIFFERENT : exit;
}
