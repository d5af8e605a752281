/* SPDX-License-Identifier: MIT */
/* Messages that come to a lookup of --dig: whether they are replies to it. */
#include <stdio.h>
#include <string.h>

#include "cli/clock.h"
#include "cli/complain.h"
#include "cli/dig_link.h"
#include "cli/dig_state.h"
#include "cli/dig_verdict.h"
#include "cli/octets.h"

/* Whether a message has a header and our id; only by TCP is it the end when
 * not. */
static bool is_ours(struct tw_dig *dig, size_t length)
{
	const char *kind = dig->is_tcp ? "ERROR" : "Warning";
	bool is_short = length < 12;
	uint16_t id = is_short ? 0 : tw_u16_of(dig->octets);

	if (is_short)
		tw_dig_warn(dig, "%s: short (< header size) message%s", kind,
			dig->is_tcp ? "" : " received");
	else if (id != dig->id)
		tw_dig_warn(dig, "%s: ID mismatch: expected ID %u, got %u",
			kind, dig->id, id);
	if (!is_short && !(dig->octets[2] & 0x80))
		tw_dig_warn(dig, "Warning: query response not set");
	return !is_short && id == dig->id;
}

static void dump(struct tw_dig *dig, const char *reason, size_t length)
{
	struct tw_output *output = dig->output;
	char text[160];
	size_t at, i, used;

	dig->answer.status = TROWEL_MALFORMED_ANSWER;
	if (!dig->job->command->is_dig)
		tw_complain("malformed answer: %s", reason);
	if (!dig->job->command->is_dig ||
		dig->lookup->view.form == TW_FORM_YAML)
		return;
	snprintf(text, sizeof(text), ";; Got bad packet: %s\n%zu bytes\n",
		reason, length);
	tw_output_add(output, text);
	for (at = 0; at < length; at += 16) {
		memset(text, ' ', 57);
		for (i = 0, used = 57; i < 16 && at + i < length; i++) {
			uint8_t octet = dig->octets[at + i];

			text[i * 3] = "0123456789abcdef"[octet / 16];
			text[i * 3 + 1] = "0123456789abcdef"[octet % 16];
			text[used++] = octet > 0x20 && octet < 0x7E
				? (char)octet
				: '.';
		}
		tw_output_add_octets(output, text, used);
		tw_output_end_line(output);
	}
}

/* Whether the question, if there is one, is that of the query. */
static bool is_question_ours(struct tw_dig *dig)
{
	const struct tw_lookup *lookup = dig->lookup;
	struct trowel_question question;
	struct trowel_name name;
	char type[TROWEL_CODE_TEXT_SIZE], class_code[TROWEL_CODE_TEXT_SIZE];
	char text[TROWEL_NAME_TEXT_SIZE];
	size_t length;

	if (!trowel_message_question(&dig->answer.message, &question))
		return true;
	trowel_message_name(&dig->answer.message, question.name, &name);
	if (question.type == lookup->type &&
		question.class_code == lookup->class_code &&
		trowel_name_is_equal(&name, &dig->job->asked))
		return true;
	length = trowel_name_format(&name, text);
	if (length > 1)
		text[length - 1] = '\0';
	trowel_code_format(TROWEL_TYPES, question.type, type);
	trowel_code_format(TROWEL_CLASSES, question.class_code, class_code);
	tw_dig_warn(dig, ";; Question section mismatch: got %s/%s/%s", text,
		type, class_code);
	return false;
}

static bool is_opcode_ours(struct tw_dig *dig)
{
	uint16_t got = dig->answer.message.flags / 0x800 % 16;
	char wanted_text[TROWEL_CODE_TEXT_SIZE];
	char got_text[TROWEL_CODE_TEXT_SIZE];

	if (got == dig->lookup->opcode)
		return true;
	trowel_code_format(TROWEL_OPCODES, dig->lookup->opcode, wanted_text);
	trowel_code_format(TROWEL_OPCODES, got, got_text);
	tw_dig_warn(dig, "Warning: Opcode mismatch: expected %s, got %s",
		wanted_text, got_text);
	return false;
}

enum tw_dig_step tw_dig_take(struct tw_dig *dig, size_t length)
{
	struct trowel_message *message = &dig->answer.message;
	struct tw_verdict verdict;

	dig->attempt.ended_us = (uint32_t)(tw_monotonic_us() - dig->start_us);
	if (!is_ours(dig, length))
		return dig->is_tcp ? TW_DIG_END : TW_DIG_WAIT;
	verdict = tw_dig_judge(
		message, dig->octets, length, dig->lookup->keep_malformed);
	if (verdict.reason) {
		dump(dig, verdict.reason, length);
		return TW_DIG_END;
	}
	if (verdict.is_odd)
		tw_dig_warn(dig,
			"Warning: Message parser reports malformed message "
			"packet.");
	if (!is_opcode_ours(dig))
		return TW_DIG_WAIT;
	if (!is_question_ours(dig))
		return dig->is_tcp ? TW_DIG_END : TW_DIG_WAIT;
	return tw_dig_take_reply(dig);
}
