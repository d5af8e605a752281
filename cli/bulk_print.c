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

#define FLUSH_SIZE 49152
#define TYPE_A 1
#define TYPE_AAAA 28
#define TYPE_ANY 255
#define CLASS_IN 1
#define NXDOMAIN 3
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
	bool is_one; /* the record is all there is */
	struct trowel_chain chain;
	struct trowel_iterator iterator; /* where all types were asked for */
	struct trowel_record record; /* the next one, with data */
	char reason[TROWEL_CODE_TEXT_SIZE]; /* why there is no data */
};

static void judge(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	struct result *result);
static void print_line(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, struct result *result);
static void print_json(const struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, const struct result *result);
static void put_in_order(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, size_t start);

void tw_bulk_print(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status)
{
	struct tw_bulk_stream *results = &bulk->output.results;
	struct tw_bulk_stream *failures = &bulk->output.failures;
	bool is_json = bulk->job->lookup->view.form >= TW_FORM_JSON;
	size_t start = results->text.length;
	struct result result;

	result.message = message;
	result.index = index;
	result.status = status;
	judge(bulk, lookup, &result);
	if (result.has_failed && failures->fd >= 0)
		print_line(bulk, &failures->text, lookup, &result);
	else if (is_json)
		print_json(bulk, &results->text, lookup, &result);
	else
		print_line(bulk, &results->text, lookup, &result);
	if (bulk->output.waiting)
		put_in_order(bulk, lookup, start);
	else
		tw_bulk_pool_give(&bulk->pool, lookup);
	if (results->text.length >= FLUSH_SIZE)
		tw_bulk_stream_flush(results);
	if (failures->text.length >= FLUSH_SIZE)
		tw_bulk_stream_flush(failures);
}

static void set_reason(struct result *result, const char *word)
{
	memcpy(result->reason, word, strlen(word) + 1);
}

static bool next_record(struct result *result)
{
	if (result->is_one)
		return false;
	if (result->message->question.type != TYPE_ANY)
		return trowel_chain_next(&result->chain, &result->record);
	return trowel_record_next(
		       result->message, &result->iterator, &result->record) &&
		result->record.section == TROWEL_ANSWER;
}

/* Whether there is one answer, of the type and the name asked, which is told by
 * a pointer: what most replies have. Its owner is where the question's name is. */
static bool has_one(struct result *result)
{
	const struct trowel_message *message = result->message;

	result->iterator = (struct trowel_iterator){ 0 };
	return message->counts[TROWEL_ANSWER] == 1 &&
		message->counts[TROWEL_QUESTION] == 1 &&
		trowel_record_next(
			message, &result->iterator, &result->record) &&
		result->record.owner == message->question.name &&
		result->record.type == message->question.type &&
		result->record.class_code == message->question.class_code;
}

/* The first record that answers, behind aliases. */
static bool find_data(struct result *result)
{
	result->is_one = has_one(result);
	if (result->is_one)
		return true;
	result->iterator = (struct trowel_iterator){ 0 };
	if (result->message->question.type != TYPE_ANY)
		result->status =
			trowel_chain_start(&result->chain, result->message);
	return result->status == TROWEL_OK && next_record(result);
}

static void judge(struct tw_bulk *bulk, const struct tw_bulk_lookup *lookup,
	struct result *result)
{
	const struct tw_bulk_try *try = &lookup->tries[result->index];
	struct tw_tally *tally = &bulk->tally;

	result->has_data = false;
	if (result->message)
		tw_tally_add(tally, try->rcode,
			(uint32_t)(bulk->now_us - lookup->started_us));
	else
		tally->statuses[result->status]++;
	if (!result->message)
		set_reason(result, tw_status_word(result->status));
	else if (try->outcome == TROWEL_ATTEMPT_LAME)
		set_reason(result, "LAME");
	else if (try->rcode != 0)
		trowel_code_format(TROWEL_RCODES, try->rcode, result->reason);
	else if (find_data(result))
		result->has_data = true;
	else if (result->status != TROWEL_OK)
		set_reason(result, tw_status_word(result->status));
	else
		set_reason(result, "NODATA");
	result->has_failed = !result->has_data &&
		(result->status != TROWEL_OK || !result->message ||
			(try->rcode != 0 && try->rcode != NXDOMAIN) ||
			try->outcome == TROWEL_ATTEMPT_LAME);
	if (result->has_failed)
		tally->failed++;
	else if (result->has_data)
		tally->answered++;
	else if (try->rcode == NXDOMAIN)
		tally->no_name++;
	else
		tally->no_data++;
}

/* A name without escapes is written as it was given: dots in place of lengths
 * will do. */
static size_t format_name(const struct tw_bulk_lookup *lookup, char *text)
{
	const uint8_t *octets = lookup->name.octets;
	size_t length = lookup->name.length - 1U, at;

	if (!(lookup->state & TW_BULK_PLAIN) || length == 0)
		return trowel_name_format(&lookup->name, text);
	memcpy(text, octets + 1, length);
	for (at = octets[0]; at < length; at += octets[at + 1] + 1U)
		text[at] = '.';
	return length;
}

/* The text of each octet, as it stands in front of an address. */
static void make_numbers(struct tw_bulk_output *known)
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

/* What is asked for most, without the way through the table of types. */
static bool print_ipv4(struct tw_bulk_output *known, struct tw_output *output,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	const uint8_t *octets = message->octets + record->rdata;
	char *at;

	if (record->class_code != CLASS_IN || record->type != TYPE_A)
		return false;
	if (known->number_lengths[0] == 0)
		make_numbers(known);
	at = output->octets + output->length;
	for (size_t i = 0; i < 4; i++) {
		memcpy(at, known->numbers[octets[i]], 4);
		at += known->number_lengths[octets[i]];
	}
	output->length = (size_t)(at - 1 - output->octets);
	return true;
}

static void print_rdata(struct tw_bulk_output *known, struct tw_output *output,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	size_t room, needed = RDATA_SIZE;

	if (print_ipv4(known, output, message, record))
		return;
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
static void print_question(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup)
{
	struct tw_bulk_output *known = &bulk->output;
	char *text = output->octets + output->length;
	size_t length = format_name(lookup, text);

	if (known->type != lookup->type) {
		known->type = lookup->type;
		known->type_length = trowel_code_format(
			TROWEL_TYPES, lookup->type, known->type_text);
	}
	text[length++] = '\t';
	memcpy(text + length, known->type_text, sizeof(known->type_text));
	output->length += length + known->type_length;
}

static inline bool has_room(struct tw_output *output, size_t size)
{
	return output->size - output->length >= size ||
		tw_output_reserve(output, size);
}

static void print_line(struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, struct result *result)
{
	bool is_brief = bulk->job->lookup->view.brief && !result->has_failed;
	size_t start = output->length;

	if (!has_room(output, QUESTION_SIZE))
		return;
	if (!is_brief)
		print_question(bulk, output, lookup);
	if (!result->has_data) {
		tw_output_add(output, is_brief ? ";" : "\t;");
		tw_output_add(output, result->reason);
	}
	while (result->has_data && has_room(output, GAP_SIZE)) {
		if (output->length > start)
			output->octets[output->length++] = '\t';
		print_rdata(&bulk->output, output, result->message,
			&result->record);
		result->has_data = next_record(result);
	}
	if (has_room(output, 1))
		output->octets[output->length++] = '\n';
}

/* The same object as that of a single lookup. */
static void print_json(const struct tw_bulk *bulk, struct tw_output *output,
	const struct tw_bulk_lookup *lookup, const struct result *result)
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
static void put_in_order(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, size_t start)
{
	struct tw_output *text = &bulk->output.results.text;
	uint32_t *waiting = bulk->output.waiting;
	size_t size = bulk->pool.size;

	free(lookup->octets);
	lookup->octets = NULL;
	lookup->length = text->length - start;
	lookup->is_done = true;
	waiting[lookup->order % size] = tw_bulk_pool_index(&bulk->pool, lookup);
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
