/* SPDX-License-Identifier: MIT */
#include "cli/lookup.h"

#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/dig.h"
#include "cli/job.h"
#include "cli/lookup_beside.h"
#include "cli/lookup_group.h"
#include "cli/rcfile.h"
#include "cli/sandbox.h"
#include "cli/show.h"

static bool is_alone(const struct tw_command *command);
static int look_up_each(
	struct tw_output *output, const struct tw_command *command);
static size_t count_beside(const struct tw_command *command, size_t first);
static int look_up(struct tw_output *output, const struct tw_command *command,
	const struct tw_lookup *lookups, size_t count);
__attribute__((noinline)) static int look_up_batch(
	struct tw_output *output, struct tw_command *command);

int tw_look_up_all(struct tw_output *output, struct tw_command *command)
{
	int exit;

	if (!is_alone(command))
		tw_sandbox_enter(true); /* each reads what is set up */
	exit = look_up_each(output, command);
	if (command->batch && exit < TW_EXIT_FILE)
		exit = look_up_batch(output, command);
	return exit;
}

/* Whether nothing will be set up after the first lookup, or those beside it. */
static bool is_alone(const struct tw_command *command)
{
	return !command->batch && command->count > 0 &&
		count_beside(command, 0) == command->count;
}

/* As in dig, the worst of their exit statuses counts, and lookups that cannot
 * be asked end it all. */
static int look_up_each(
	struct tw_output *output, const struct tw_command *command)
{
	int exit = 0, error, now;
	size_t i, count;

	for (i = 0; i < command->count; i += count) {
		count = count_beside(command, i);
		error = tw_output_write(output, STDOUT_FILENO);
		if (error)
			return tw_complain_of_output(error);
		now = look_up(output, command, &command->lookups[i], count);
		exit = now > exit ? now : exit;
		if (now == TW_EXIT_INTERNAL || now == TW_EXIT_USAGE)
			return now;
	}
	return exit;
}

/* Whether several are to answer one question. */
static bool is_compared(const struct tw_lookup *lookup)
{
	return lookup->all_servers || lookup->server_count > 1;
}

/* How many lookups go on together from this one on: those of several types,
 * but for questions that are already asked several times. */
static size_t count_beside(const struct tw_command *command, size_t first)
{
	const struct tw_lookup *lookups = &command->lookups[first];
	size_t count = 1;

	if (command->key || is_compared(lookups) || lookups->gather ||
		tw_is_mdns(lookups) || lookups->show_search)
		return 1;
	while (first + count < command->count && lookups[count].is_beside)
		count++;
	return count;
}

static int look_up_batch(struct tw_output *output, struct tw_command *command)
{
	struct tw_batch batch;
	int exit, now;
	char **words;

	exit = tw_batch_open(&batch, command->batch, command->is_dig);
	if (exit)
		return exit;
	while ((words = tw_batch_next(&batch)) != NULL) {
		now = tw_complain_of_output(
			tw_output_write(output, STDOUT_FILENO));
		if (!now)
			now = tw_command_parse_line(command, words);
		if (!now)
			now = look_up_each(output, command);
		exit = now > exit ? now : exit;
		if (command->is_dig && now && now != TW_EXIT_NO_REPLY)
			break; /* for dig, that is the end */
	}
	now = tw_batch_close(&batch);
	return now > exit ? now : exit;
}

/* Signed queries go to one server at a time, as dig sends them. */
static bool refuses_key(const struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;

	if (!job->command->key ||
		!(job->servers.is_mdns || lookup->gather ||
			(is_compared(lookup) && !job->command->is_dig)))
		return false;
	tw_complain("-k and -y are for one server at a time");
	return true;
}

/* Whether it is asked by other means than by one lookup after another. */
static bool is_apart(const struct tw_job *job, size_t count)
{
	return job->servers.is_mdns || job->lookup->gather || count > 1 ||
		job->command->is_dig || job->command->key ||
		is_compared(job->lookup);
}

static int look_up_apart(
	struct tw_output *output, struct tw_job *job, size_t count)
{
	tw_job_enter_sandbox(job);
	if (job->servers.is_mdns || job->lookup->gather)
		return tw_look_up_group(output, job);
	if (job->command->is_dig || job->command->key)
		return tw_dig_look_up(output, job);
	if (is_compared(job->lookup))
		return tw_look_up_servers(output, job);
	return tw_look_up_beside(output, job, job->lookup, count);
}

/* Asks for one name after another of the search list, until there is one. */
static int look_up(struct tw_output *output, const struct tw_command *command,
	const struct tw_lookup *lookups, size_t count)
{
	struct trowel_answer *answer = NULL;
	enum trowel_status status;
	struct tw_job job;
	bool has_next;
	int exit = tw_job_prepare(&job, command, lookups);

	if (exit) {
		tw_show_refusal(output, &job);
		return exit;
	}
	if (refuses_key(&job))
		return TW_EXIT_USAGE;
	job.is_last = is_alone(command);
	job.enters_sandbox = job.is_last;
	if (is_apart(&job, count))
		return look_up_apart(output, &job, count);
	job.output = output;
	do {
		status = tw_job_ask(&job, &answer);
		has_next = tw_job_goes_on(&job, answer);
		if (!has_next || lookups->show_search)
			exit = tw_show(output, &job, status, answer);
		trowel_answer_free(answer);
		answer = NULL;
	} while (has_next && tw_job_next(&job));
	return exit;
}
