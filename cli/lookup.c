/* SPDX-License-Identifier: MIT */
#include "cli/lookup.h"

#include <string.h>
#include <unistd.h>

#include "cli/addresses.h"
#include "cli/attempts.h"
#include "cli/complain.h"
#include "cli/explain.h"
#include "cli/job.h"
#include "cli/json_lookup.h"
#include "cli/print.h"
#include "cli/rcfile.h"
#include "cli/terminal.h"

#define OPTION_COOKIE 10

static int look_up_each(
	struct tw_output *output, const struct tw_command *command);
static int look_up(struct tw_output *output, const struct tw_command *command,
	const struct tw_lookup *lookup);
static int look_up_batch(struct tw_output *output, struct tw_command *command);

int tw_look_up_all(struct tw_output *output, struct tw_command *command)
{
	int exit = look_up_each(output, command);

	if (command->batch && exit < TW_EXIT_FILE)
		exit = look_up_batch(output, command);
	return exit;
}

/* As in dig, the worst of their exit statuses counts, and lookups that cannot
 * be asked end it all. */
static int look_up_each(
	struct tw_output *output, const struct tw_command *command)
{
	int exit = 0, error, now;
	size_t i;

	for (i = 0; i < command->count; i++) {
		error = tw_output_write(output, STDOUT_FILENO);
		if (error)
			return tw_complain_of_output(error);
		now = look_up(output, command, &command->lookups[i]);
		exit = now > exit ? now : exit;
		if (now == TW_EXIT_INTERNAL || now == TW_EXIT_USAGE)
			return now;
	}
	return exit;
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
		now = tw_command_parse_line(command, words);
		if (!now)
			now = look_up_each(output, command);
		exit = now > exit ? now : exit;
	}
	now = tw_batch_close(&batch);
	return now > exit ? now : exit;
}

/* A cookie that is not ours: whoever sent it had not seen the query. */
static void warn_of_cookie(
	const struct tw_job *job, const struct trowel_message *message)
{
	const uint8_t *cookie = job->edns.cookie_octets;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (!tw_job_has_cookie(job))
		return;
	while (trowel_option_next(message, &iterator, &option))
		if (option.number == OPTION_COOKIE &&
			(option.length < TW_CLIENT_COOKIE ||
				memcmp(message->octets + option.offset, cookie,
					TW_CLIENT_COOKIE) != 0))
			tw_complain("warning: the reply has another cookie "
				    "than the query; it may be forged");
}

static void show_json(struct tw_output *output, const struct tw_job *job,
	const char *name, enum trowel_status status,
	const struct trowel_answer *answer)
{
	struct tw_json_lookup shown = { .name = name,
		.type = job->lookup->type,
		.class_code = job->lookup->class_code,
		.answer = answer,
		.status = status };

	if (job->servers.name[0])
		shown.server = job->servers.name;
	if (answer) {
		shown.fault = &answer->fault;
		if (answer->message.octets)
			shown.message = &answer->message;
	}
	tw_json_print(output, job->lookup->view.form, &shown);
}

void tw_show_reply(struct tw_output *output, const struct tw_job *job,
	const struct trowel_answer *answer)
{
	const struct tw_view *view = &job->lookup->view;
	struct tw_reply reply = tw_job_reply(job, answer);
	char name[TROWEL_NAME_TEXT_SIZE];

	tw_complain_of_detours(answer);
	warn_of_cookie(job, &answer->message);
	if (view->attempts && view->form < TW_FORM_JSON)
		tw_print_attempts(output, answer);
	switch (view->form) {
	case TW_FORM_EXPLAIN:
		tw_explain_message(output, answer->message.octets,
			answer->message.length, tw_terminal_has_colour(),
			tw_terminal_columns());
		break;
	case TW_FORM_ADDRESSES:
		tw_print_addresses(output, &answer->message);
		break;
	case TW_FORM_JSON:
	case TW_FORM_JSON_LINE:
	case TW_FORM_RFC8427:
		trowel_name_format(&job->asked, name);
		show_json(output, job, name, answer->status, answer);
		break;
	default:
		tw_print_message(output, view, &answer->message, &reply);
	}
}

int tw_show_failure(struct tw_output *output, const struct tw_job *job,
	enum trowel_status status, const struct trowel_answer *answer)
{
	const struct tw_view *view = &job->lookup->view;
	char name[TROWEL_NAME_TEXT_SIZE];

	trowel_name_format(&job->asked, name);
	if (view->form >= TW_FORM_JSON)
		show_json(output, job, name, status, answer);
	else if (answer && view->attempts)
		tw_print_attempts(output, answer);
	if (!answer) {
		tw_complain("%s", trowel_status_text(status));
		return TW_EXIT_INTERNAL;
	}
	tw_complain_of_failure(answer);
	return TW_EXIT_NO_REPLY;
}

/* What cannot be asked has been told on standard error; here, in short. */
static void show_refusal(struct tw_output *output, const struct tw_job *job)
{
	struct trowel_name name;
	size_t position;
	const char *given = job->lookup->name;
	enum trowel_status status =
		trowel_name_parse(given, strlen(given), &name, &position);

	if (job->lookup->view.form >= TW_FORM_JSON)
		show_json(output, job, given,
			status == TROWEL_OK ? TROWEL_NO_SERVERS : status, NULL);
}

static int look_up(struct tw_output *output, const struct tw_command *command,
	const struct tw_lookup *lookup)
{
	struct trowel_answer *answer = NULL;
	enum trowel_status status;
	struct tw_job job;
	int exit = tw_job_prepare(&job, command, lookup);

	if (exit) {
		show_refusal(output, &job);
		return exit;
	}
	status = tw_job_ask(&job, &answer);
	if (answer && answer->message.octets)
		tw_show_reply(output, &job, answer);
	else
		exit = tw_show_failure(output, &job, status, answer);
	trowel_answer_free(answer);
	return exit;
}
