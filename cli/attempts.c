/* SPDX-License-Identifier: MIT */
#include "cli/attempts.h"

#include <stdio.h>
#include <string.h>

const char *tw_transport_word(uint8_t transport)
{
	return transport == TROWEL_TCP ? "TCP" : "UDP";
}

const char *tw_outcome_word(uint8_t outcome)
{
	static const char *const words[] = {
		[TROWEL_UNANSWERED] = "unanswered",
		[TROWEL_ANSWERED] = "answered",
		[TROWEL_ATTEMPT_TIMED_OUT] = "timed out",
		[TROWEL_ATTEMPT_TRUNCATED] = "truncated",
		[TROWEL_ATTEMPT_FAILED] = "failed",
		[TROWEL_ATTEMPT_LAME] = "lame",
		[TROWEL_ATTEMPT_MALFORMED] = "malformed",
		[TROWEL_ATTEMPT_CLOSED] = "closed",
		[TROWEL_ATTEMPT_ERROR] = "error",
	};

	return outcome < sizeof(words) / sizeof(words[0]) && words[outcome]
		? words[outcome]
		: "unknown";
}

bool tw_attempt_reason(const struct trowel_answer *answer,
	const struct trowel_attempt *attempt, char *text, size_t size)
{
	char word[TROWEL_CODE_TEXT_SIZE];

	switch (attempt->outcome) {
	case TROWEL_ATTEMPT_MALFORMED:
		if (answer->fault.status == attempt->status)
			trowel_fault_format(&answer->fault, text, size);
		else
			snprintf(text, size, "%s",
				trowel_status_text(attempt->status));
		return true;
	case TROWEL_ATTEMPT_ERROR:
		snprintf(text, size, "%s", strerror(attempt->error));
		return true;
	case TROWEL_ANSWERED:
	case TROWEL_ATTEMPT_FAILED:
	case TROWEL_ATTEMPT_LAME:
		trowel_code_format(TROWEL_RCODES, attempt->rcode, word);
		snprintf(text, size, "%s", word);
		return true;
	default:
		return false;
	}
}

static void add_milliseconds(struct tw_output *output, uint32_t us)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu.%03lu ms", (unsigned long)us / 1000,
		(unsigned long)us % 1000);
	tw_output_add(output, text);
}

static void print_attempt(struct tw_output *output,
	const struct trowel_answer *answer,
	const struct trowel_attempt *attempt)
{
	const struct trowel_address *server = &answer->servers[attempt->server];
	char text[256];

	tw_output_add(output, ";; Attempt ");
	tw_output_add_number(
		output, (uint32_t)(attempt - answer->attempts) + 1);
	tw_output_add(output, ": at ");
	add_milliseconds(output, attempt->sent_us);
	tw_output_add(output, ", ");
	trowel_address_format(server, text);
	tw_output_add(output, text);
	tw_output_add(output, "#");
	tw_output_add_number(output, server->port);
	tw_output_add(output, " (");
	tw_output_add(output, tw_transport_word(attempt->transport));
	tw_output_add(output, "): ");
	tw_output_add(output, tw_outcome_word(attempt->outcome));
	if (tw_attempt_reason(answer, attempt, text, sizeof(text))) {
		tw_output_add(output, ", ");
		tw_output_add(output, text);
	}
	if (attempt->ended_us >= attempt->sent_us && attempt->ended_us > 0) {
		tw_output_add(output, ", after ");
		add_milliseconds(output, attempt->ended_us - attempt->sent_us);
	}
	if (attempt->ignored > 0) {
		tw_output_add(output, "; ignored: ");
		tw_output_add_number(output, attempt->ignored);
	}
	tw_output_end_line(output);
}

void tw_print_attempts(
	struct tw_output *output, const struct trowel_answer *answer)
{
	uint16_t i;

	for (i = 0; i < answer->attempt_count; i++)
		print_attempt(output, answer, &answer->attempts[i]);
}
