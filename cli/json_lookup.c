/* SPDX-License-Identifier: MIT */
#include "cli/json_lookup.h"

#include "cli/attempts.h"
#include "cli/json_message.h"
#include "cli/rfc8427.h"

static void add_error(
	struct tw_json *json, const struct tw_json_lookup *lookup);
static void add_server(
	struct tw_json *json, const struct tw_json_lookup *lookup);
static void add_attempts(
	struct tw_json *json, const struct trowel_answer *answer);

void tw_json_print(struct tw_output *output, enum tw_form form,
	const struct tw_json_lookup *lookup)
{
	struct tw_json json;

	tw_json_init(&json, output, form == TW_FORM_JSON_LINE);
	tw_json_open(&json, NULL, '{');
	if (form == TW_FORM_RFC8427) {
		tw_rfc8427_add(&json, lookup);
		tw_json_close(&json, '}');
		return;
	}
	if (lookup->name) {
		tw_json_open_line(&json, "query", '{');
		tw_json_add_question(
			&json, lookup->name, lookup->type, lookup->class_code);
		tw_json_close(&json, '}');
	}
	add_error(&json, lookup);
	if (lookup->message)
		tw_json_add_message(&json, lookup->message);
	if (lookup->answer) {
		add_server(&json, lookup);
		add_attempts(&json, lookup->answer);
	}
	tw_json_close(&json, '}');
}

const char *tw_status_word(enum trowel_status status)
{
#define WORD(status) [TROWEL_##status] = #status
	static const char *const words[] = { WORD(OK), WORD(EMPTY_LABEL),
		WORD(LABEL_TOO_LONG), WORD(NAME_TOO_LONG), WORD(BAD_ESCAPE),
		WORD(SHORT_MESSAGE), WORD(MESSAGE_TOO_LONG), WORD(CUT_SHORT),
		WORD(BAD_LABEL_TYPE), WORD(BAD_POINTER),
		WORD(POINTER_INTO_HEADER), WORD(POINTER_FORBIDDEN),
		WORD(TOO_MANY_POINTERS), WORD(TOO_MANY_QUESTIONS),
		WORD(RDATA_TOO_SHORT), WORD(RDATA_TOO_LONG), WORD(BAD_VALUE),
		WORD(MISPLACED_OPT), WORD(SECOND_OPT), WORD(ALIAS_LOOP),
		WORD(ALIAS_CONFLICT), WORD(NO_SPACE), WORD(BAD_ARGUMENT),
		WORD(BAD_ADDRESS), WORD(NO_SERVERS), WORD(NO_MEMORY),
		WORD(NO_RANDOM), WORD(CANNOT_READ), WORD(SYSTEM_ERROR),
		WORD(TIMED_OUT), WORD(UNREACHABLE), WORD(MALFORMED_ANSWER),
		WORD(CONNECTION_CLOSED), WORD(SERVER_FAILED),
		WORD(NO_SUCH_NAME), WORD(NO_DATA) };
#undef WORD

	return (size_t)status < sizeof(words) / sizeof(words[0]) &&
			words[status]
		? words[status]
		: "ERROR";
}

/* Where a message cannot be read, in the words of the man page. */
static void add_fault(struct tw_json *json, const struct trowel_fault *fault)
{
	static const char *const sections[] = { "question", "answer",
		"authority", "additional" };

	tw_json_open_line(json, "fault", '{');
	tw_json_add_text(json, "status", tw_status_word(fault->status));
	tw_json_add_number(json, "offset", fault->offset);
	tw_json_add_text(json, "section", sections[fault->section % 4]);
	tw_json_add_number(json, "record", fault->record);
	if (fault->type)
		tw_json_add_mnemonic(json, "type", TROWEL_TYPES, fault->type);
	else
		tw_json_add_null(json, "type");
	if (fault->field)
		tw_json_add_octets(
			json, "field", fault->field, fault->field_length);
	else
		tw_json_add_null(json, "field");
	tw_json_close(json, '}');
}

static void add_error(struct tw_json *json, const struct tw_json_lookup *lookup)
{
	const struct trowel_fault *fault = lookup->fault;
	char text[256];

	if (lookup->status == TROWEL_OK) {
		tw_json_add_null(json, "error");
		return;
	}
	tw_json_open(json, "error", '{');
	tw_json_add_text(json, "status", tw_status_word(lookup->status));
	if (fault && fault->status != TROWEL_OK) {
		trowel_fault_format(fault, text, sizeof(text));
		tw_json_add_text(json, "text", text);
		add_fault(json, fault);
	} else {
		tw_json_add_text(json, "text",
			lookup->reason ? lookup->reason
				       : trowel_status_text(lookup->status));
		tw_json_add_null(json, "fault");
	}
	tw_json_close(json, '}');
}

static void add_address(
	struct tw_json *json, const struct trowel_address *address)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	trowel_address_format(address, text);
	tw_json_add_text(json, "address", text);
	tw_json_add_number(json, "port", address->port);
}

/* Who answered, by what, and how fast. */
static void add_server(
	struct tw_json *json, const struct tw_json_lookup *lookup)
{
	const struct trowel_answer *answer = lookup->answer;
	const struct trowel_attempt *attempt;

	if (!answer->message.octets)
		return;
	attempt = &answer->attempts[answer->attempt];
	tw_json_open_line(json, "server", '{');
	add_address(json, &answer->servers[attempt->server]);
	if (lookup->server)
		tw_json_add_text(json, "name", lookup->server);
	else
		tw_json_add_null(json, "name");
	tw_json_close(json, '}');
	tw_json_add_text(
		json, "transport", tw_transport_word(attempt->transport));
	tw_json_add_number(
		json, "rtt-us", attempt->ended_us - attempt->sent_us);
}

static void add_attempt(struct tw_json *json,
	const struct trowel_answer *answer,
	const struct trowel_attempt *attempt)
{
	char reason[256];

	tw_json_open_line(json, NULL, '{');
	add_address(json, &answer->servers[attempt->server]);
	tw_json_add_text(
		json, "transport", tw_transport_word(attempt->transport));
	tw_json_add_number(json, "id", attempt->id);
	tw_json_add_number(json, "sent-us", attempt->sent_us);
	tw_json_add_number(json, "ended-us", attempt->ended_us);
	tw_json_add_text(json, "outcome", tw_outcome_word(attempt->outcome));
	if (tw_attempt_reason(answer, attempt, reason, sizeof(reason)))
		tw_json_add_text(json, "reason", reason);
	else
		tw_json_add_null(json, "reason");
	tw_json_add_number(json, "ignored", attempt->ignored);
	tw_json_close(json, '}');
}

static void add_attempts(
	struct tw_json *json, const struct trowel_answer *answer)
{
	uint16_t i;

	tw_json_open(json, "attempts", '[');
	for (i = 0; i < answer->attempt_count; i++)
		add_attempt(json, answer, &answer->attempts[i]);
	tw_json_close(json, ']');
}
