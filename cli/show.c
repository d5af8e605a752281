/* SPDX-License-Identifier: MIT */
#include "cli/show.h"

#include <string.h>

#include "cli/addresses.h"
#include "cli/attempts.h"
#include "cli/complain.h"
#include "cli/explain.h"
#include "cli/json_lookup.h"
#include "cli/print.h"
#include "cli/terminal.h"
#include "cli/yaml.h"

#define OPTION_COOKIE 10
#define TYPE_ANY 255

enum { NOERROR = 0, SERVFAIL = 2, NXDOMAIN = 3, REFUSED = 5 };

static int show_failure(struct tw_output *output, const struct tw_job *job,
	enum trowel_status status, const struct trowel_answer *answer);

/* Whether the reply has what was asked for, behind CNAMEs as well. */
static bool has_data(const struct trowel_message *message)
{
	struct trowel_record record;
	struct trowel_chain chain;

	if (message->question.type == TYPE_ANY ||
		trowel_chain_start(&chain, message) != TROWEL_OK)
		return message->counts[TROWEL_ANSWER] > 0;
	return trowel_chain_next(&chain, &record);
}

/* +rc */
static int exit_of(const struct trowel_message *message)
{
	switch (trowel_message_rcode(message)) {
	case NOERROR:
		return has_data(message) ? TW_EXIT_REPLY : TW_EXIT_NO_DATA;
	case SERVFAIL:
		return TW_EXIT_SERVFAIL;
	case NXDOMAIN:
		return TW_EXIT_NXDOMAIN;
	case REFUSED:
		return TW_EXIT_REFUSED;
	default:
		return TW_EXIT_RCODE;
	}
}

int tw_show(struct tw_output *output, struct tw_job *job,
	enum trowel_status status, const struct trowel_answer *answer)
{
	if (!answer || !answer->message.octets)
		return show_failure(output, job, status, answer);
	tw_show_reply(output, job, answer);
	return job->command->exit_rcode ? exit_of(&answer->message) : 0;
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

void tw_show_reply(struct tw_output *output, struct tw_job *job,
	const struct trowel_answer *answer)
{
	const struct tw_view *view = &job->lookup->view;
	struct tw_reply reply = tw_job_reply(job, answer);
	char name[TROWEL_NAME_TEXT_SIZE];

	if (!job->command->is_dig) {
		tw_complain_of_detours(answer);
		warn_of_cookie(job, &answer->message);
	}
	if (view->attempts && view->form < TW_FORM_JSON)
		tw_print_attempts(output, answer);
	switch (view->form) {
	case TW_FORM_EXPLAIN:
		tw_explain_message(output, answer->message.octets,
			answer->message.length,
			view->colour && tw_terminal_has_colour(),
			tw_terminal_columns());
		break;
	case TW_FORM_YAML:
		tw_print_yaml(output, view, &answer->message, &reply);
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
	job->is_greeted = true;
}

void tw_show_query(struct tw_output *output, struct tw_job *job,
	const struct trowel_answer *answer, const uint8_t *octets,
	size_t length)
{
	const struct tw_view *view = &job->lookup->view;
	struct tw_reply reply = tw_job_reply(job, answer);
	struct trowel_message query;

	if (trowel_message_decode(&query, octets, length, NULL) != TROWEL_OK)
		return;
	reply.is_query = true;
	if (view->form == TW_FORM_YAML)
		tw_print_yaml(output, view, &query, &reply);
	else if (view->form == TW_FORM_DIG && !view->brief)
		tw_print_message(output, view, &query, &reply);
	job->is_greeted = true;
}

static int show_failure(struct tw_output *output, const struct tw_job *job,
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
void tw_show_refusal(struct tw_output *output, const struct tw_job *job)
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
