/* SPDX-License-Identifier: MIT */
/*
 * A lookup's result as a line: name, type, and the data that answers, with TABs
 * between them, as none is in any of these. Where there is no data, a word with
 * ";" before it says why, which no data begins with.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/bulk_state.h"
#include "cli/json_lookup.h"
#include "wire/cursor.h"

#define FLUSH_SIZE 49152
#define TYPE_A 1
#define TYPE_ANY 255
#define CLASS_IN 1
#define NXDOMAIN 3
#define FIXED_SIZE 10 /* of a record, before its RDATA */
#define SHORT TW_BULK_BEHIND
#define GAP_SIZE (TROWEL_ADDRESS_TEXT_SIZE + 1) /* room for a TAB, an address */
#define RDATA_SIZE 255 /* most take less */
#define QUESTION_SIZE (TROWEL_NAME_TEXT_SIZE + TROWEL_CODE_TEXT_SIZE + 1)

/* What came of a lookup. */
struct result {
	const struct trowel_message *message; /* NULL: none */
	uint8_t index; /* of the try that brought it */
	enum trowel_status status;
	bool has_data;
	bool has_failed;
	struct trowel_chain chain;
	struct trowel_iterator iterator; /* where all types were asked for */
	struct trowel_record record; /* the next one, with data */
	char reason[TROWEL_CODE_TEXT_SIZE]; /* why there is no data */
};

static bool has_one(const struct trowel_message *message);
static void print_one(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup,
	const struct trowel_message *message);
static void print_any(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);
static void judge(struct tw_bulk *bulk, const struct tw_bulk_try *try,
	struct result *result);
static void print_line(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, struct result *result);
static void print_json(const struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, const struct result *result);
static void end_line(
	struct tw_output *output, const struct trowel_message *message);
static char *put_question(struct tw_bulk_output *known, char *text,
	const struct tw_bulk_lookup *lookup);
static char *put_ipv4(
	struct tw_bulk_output *known, char *text, const uint8_t *octets);
static void print_rdata(struct tw_output *output,
	const struct trowel_message *message,
	const struct trowel_record *record);
static void put_in_order(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, size_t start);

void tw_bulk_print(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	struct tw_bulk_stream *results = &bulk->output.results;
	size_t start = results->text.length;

	if (message)
		tw_tally_add(&bulk->tally, lookup->tries[index].rcode,
			(uint32_t)(bulk->now_us - lookup->started_us));
	if (message && !bulk->is_json && lookup->tries[index].rcode == 0 &&
		has_one(message))
		print_one(bulk, &results->text, lookup, message);
	else
		print_any(bulk, lookup, message, index, status);
	if (bulk->output.waiting)
		put_in_order(bulk, lookup, start);
	else
		tw_bulk_pool_give(&bulk->pool, lookup);
	if (results->text.length >= FLUSH_SIZE)
		tw_bulk_stream_flush(results);
}

/* Whether there is one answer, of the type and the name asked, which is told by
 * a pointer: what most replies have. Its owner is where the question's name is. */
static inline bool has_one(const struct trowel_message *message)
{
	const struct trowel_question *question = &message->question;
	const struct trowel_place *place = &message->first[0];

	return message->counts[TROWEL_ANSWER] == 1 &&
		place->owner == question->name &&
		tw_u32_at(message->octets, place->fixed) ==
		question->type * 65536U + question->class_code;
}

static inline bool has_room(struct tw_output *output, size_t size)
{
	return output->size - output->length >= size ||
		tw_output_reserve(output, size);
}

/* Prints a reply that has one. */
static inline void print_one(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup,
	const struct trowel_message *message)
{
	char *at;

	bulk->tally.answered++;
	if (!has_room(output, QUESTION_SIZE + GAP_SIZE))
		return;
	at = output->octets + output->length;
	if (!bulk->is_brief) {
		at = put_question(&bulk->output, at, lookup);
		*at++ = '\t';
	}
	if (lookup->type == TYPE_A && bulk->job->ask.class_code == CLASS_IN) {
		at = put_ipv4(&bulk->output, at,
			message->octets + message->first[0].fixed + FIXED_SIZE);
		*at++ = '\n';
		output->length = (size_t)(at - output->octets);
		return;
	}
	output->length = (size_t)(at - output->octets);
	end_line(output, message);
}

static TW_COLD void end_line(
	struct tw_output *output, const struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	if (trowel_record_next(message, &iterator, &record))
		print_rdata(output, message, &record);
	if (has_room(output, 1))
		output->octets[output->length++] = '\n';
}

/* Prints whatever it is. */
static TW_COLD void print_any(struct tw_bulk *bulk,
	const struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	struct tw_bulk_stream *failures = &bulk->output.failures;
	struct tw_output *output = &bulk->output.results.text;
	struct result result;

	result.message = message;
	result.index = index;
	result.status = status;
	judge(bulk, &lookup->tries[index], &result);
	if (result.has_failed && failures->fd >= 0)
		print_line(bulk, &failures->text, lookup, &result);
	else if (bulk->is_json)
		print_json(bulk, output, lookup, &result);
	else
		print_line(bulk, output, lookup, &result);
	if (failures->text.length >= FLUSH_SIZE)
		tw_bulk_stream_flush(failures);
}

static void set_reason(struct result *result, const char *word)
{
	memcpy(result->reason, word, strlen(word) + 1);
}

static TW_COLD bool next_record(struct result *result)
{
	if (result->message->question.type != TYPE_ANY)
		return trowel_chain_next(&result->chain, &result->record);
	return trowel_record_next(
		       result->message, &result->iterator, &result->record) &&
		result->record.section == TROWEL_ANSWER;
}

/* The first record that answers, behind aliases. */
static TW_COLD bool find_data(struct result *result)
{
	result->iterator = (struct trowel_iterator){ 0 };
	if (result->message->question.type != TYPE_ANY)
		result->status =
			trowel_chain_start(&result->chain, result->message);
	return result->status == TROWEL_OK && next_record(result);
}

/* Why there is no data. */
static TW_COLD void judge_failure(struct tw_bulk *bulk,
	const struct tw_bulk_try *try, struct result *result)
{
	struct tw_tally *tally = &bulk->tally;

	if (!result->message)
		tally->statuses[result->status]++;
	if (result->message && try->outcome == TROWEL_ATTEMPT_LAME)
		set_reason(result, "LAME");
	else if (result->message && try->rcode != 0)
		trowel_code_format(TROWEL_RCODES, try->rcode, result->reason);
	else if (result->status != TROWEL_OK)
		set_reason(result, tw_status_word(result->status));
	else
		set_reason(result, "NODATA");
	result->has_failed = result->status != TROWEL_OK || !result->message ||
		(try->rcode != 0 && try->rcode != NXDOMAIN) ||
		try->outcome == TROWEL_ATTEMPT_LAME;
	if (result->has_failed)
		tally->failed++;
	else if (try->rcode == NXDOMAIN)
		tally->no_name++;
	else
		tally->no_data++;
}

static TW_COLD void judge(struct tw_bulk *bulk, const struct tw_bulk_try *try,
	struct result *result)
{
	result->has_failed = false;
	result->has_data = result->message && try->rcode == 0 &&
		try->outcome != TROWEL_ATTEMPT_LAME && find_data(result);
	if (result->has_data)
		bulk->tally.answered++;
	else
		judge_failure(bulk, try, result);
}

/* A name without escapes is written as it was given: dots in place of lengths
 * will do. */
static inline size_t format_name(
	const struct tw_bulk_lookup *lookup, char *text)
{
	const uint8_t *octets = lookup->name.octets;
	size_t length = lookup->name.length - 1U, at;

	if (!(lookup->state & TW_BULK_PLAIN) || length == 0)
		return trowel_name_format(&lookup->name, text);
	if (length <= SHORT)
		memcpy(text, octets + 1, SHORT);
	else
		memcpy(text, octets + 1, length);
	for (at = octets[0]; at < length; at += octets[at + 1] + 1U)
		text[at] = '.';
	return length;
}

/* The text of each octet, as it stands in front of an address. */
static TW_COLD void make_numbers(struct tw_bulk_output *known)
{
	struct trowel_address address = { .family = 4 };
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	for (unsigned i = 0; i < 256; i++) {
		address.octets[0] = (uint8_t)i;
		trowel_address_format(&address, text);
		memcpy(known->numbers[i], text, sizeof(known->numbers[i]));
		known->number_lengths[i] =
			(uint8_t)(strchr(text, '.') - text + 1);
	}
}

static inline char *put_octet(
	const struct tw_bulk_output *known, char *text, size_t octet)
{
	memcpy(text, known->numbers[octet], 4);
	return text + known->number_lengths[octet];
}

/* What is asked for most, without the way through the table of types. */
static inline char *put_ipv4(
	struct tw_bulk_output *known, char *text, const uint8_t *octets)
{
	if (known->number_lengths[0] == 0)
		make_numbers(known);
	text = put_octet(known, text, octets[0]);
	text = put_octet(known, text, octets[1]);
	text = put_octet(known, text, octets[2]);
	return put_octet(known, text, octets[3]) - 1;
}

static TW_COLD void print_rdata(struct tw_output *output,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	size_t room, needed = RDATA_SIZE;

	do {
		if (!tw_output_reserve(output, needed + 1))
			return;
		room = output->size - output->length;
		needed =
			trowel_rdata_format(message, record, TROWEL_STYLE_PLAIN,
				output->octets + output->length, room);
	} while (needed >= room);
	output->length += needed;
}

/* The name and the type. */
static inline char *put_question(struct tw_bulk_output *known, char *text,
	const struct tw_bulk_lookup *lookup)
{
	text += format_name(lookup, text);
	if (known->type != lookup->type) {
		known->type = lookup->type;
		known->type_length = trowel_code_format(
			TROWEL_TYPES, lookup->type, known->type_text);
	}
	*text++ = '\t';
	memcpy(text, known->type_text, sizeof(known->type_text));
	return text + known->type_length;
}

static TW_COLD void print_line(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, struct result *result)
{
	bool is_brief = bulk->is_brief && !result->has_failed;
	size_t start = output->length;

	if (!has_room(output, QUESTION_SIZE))
		return;
	if (!is_brief)
		output->length =
			(size_t)(put_question(&bulk->output,
					 output->octets + start, lookup) -
				output->octets);
	if (!result->has_data) {
		tw_output_add(output, is_brief ? ";" : "\t;");
		tw_output_add(output, result->reason);
	}
	while (result->has_data && has_room(output, 1)) {
		if (output->length > start)
			output->octets[output->length++] = '\t';
		print_rdata(output, result->message, &result->record);
		result->has_data = next_record(result);
	}
	if (has_room(output, 1))
		output->octets[output->length++] = '\n';
}

/* The same object as that of a single lookup. */
static TW_COLD void print_json(const struct tw_bulk *bulk,
	struct tw_output *output, const struct tw_bulk_lookup *lookup,
	const struct result *result)
{
	struct trowel_attempt attempts[TW_BULK_TRIES];
	struct trowel_answer answer = { .attempts = attempts,
		.attempt_count = lookup->try_count,
		.attempt = result->index,
		.servers = bulk->job->servers.options.servers };
	char name[TROWEL_NAME_TEXT_SIZE];
	struct tw_json_lookup shown = { .name = name,
		.type = lookup->type,
		.class_code = bulk->job->ask.class_code,
		.answer = &answer,
		.message = result->message,
		.status = result->status };

	if (bulk->job->servers.name[0])
		shown.server = bulk->job->servers.name;
	trowel_name_format(&lookup->name, name);
	memset(attempts, 0, sizeof(attempts));
	for (uint8_t i = 0; i < lookup->try_count; i++) {
		const struct tw_bulk_try *try = &lookup->tries[i];

		attempts[i].id = try->id;
		attempts[i].server = try->server;
		attempts[i].transport = try->tcp ? TROWEL_TCP : TROWEL_UDP;
		attempts[i].outcome = try->outcome;
		attempts[i].status = try->status;
		attempts[i].rcode = try->rcode;
		attempts[i].ignored = try->ignored;
		attempts[i].sent_us = try->sent_us;
		attempts[i].ended_us = try->ended_us;
	}
	if (result->message)
		answer.message = *result->message;
	tw_json_print(output, TW_FORM_JSON_LINE, &shown);
}

/* Keeps a result until those before it are there. */
static TW_COLD void put_in_order(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, size_t start)
{
	struct tw_output *text = &bulk->output.results.text;
	uint32_t *waiting = bulk->output.waiting;
	size_t size = bulk->pool.size;

	free(lookup->octets);
	lookup->octets = NULL;
	lookup->length = text->length - start;
	lookup->is_done = true;
	waiting[lookup->order % size] = lookup->index;
	if (lookup->order != bulk->output.next && lookup->length > 0) {
		lookup->octets = malloc(lookup->length);
		text->failed |= !lookup->octets;
		if (lookup->octets)
			memcpy(lookup->octets, text->octets + start,
				lookup->length);
		text->length = start;
	}
	while (bulk->pool.used > 0) {
		uint32_t index = waiting[bulk->output.next % size];

		if (index == TW_WHEEL_NONE)
			break;
		waiting[bulk->output.next++ % size] = TW_WHEEL_NONE;
		lookup = &bulk->pool.lookups[index];
		if (lookup->octets)
			tw_output_add_octets(
				text, (char *)lookup->octets, lookup->length);
		tw_bulk_pool_give(&bulk->pool, lookup);
	}
}
