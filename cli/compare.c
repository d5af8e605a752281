/* SPDX-License-Identifier: MIT */
#include "cli/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/octets.h"

/* What a server says, in a form that can be compared: its status, and a line
 * for each record of the answer section, without the TTL, in order. */
struct saying {
	const struct tw_compared *row;
	char status[TROWEL_CODE_TEXT_SIZE];
	struct tw_output text; /* the lines, each with its NUL */
	char **lines;
	size_t count;
	size_t alike; /* how many say the same */
};

static bool read_saying(struct saying *saying, const struct tw_compared *row);
static bool is_same(const struct saying *a, const struct saying *b);
static void print_difference(struct tw_output *output,
	const struct saying *saying, const struct saying *most);

/*
 * A line for each
 */

static void add_server(struct tw_output *output, const struct tw_compared *row)
{
	char address[TROWEL_ADDRESS_TEXT_SIZE];

	trowel_address_format(row->server, address);
	tw_output_add(output, address);
	tw_output_add(output, "#");
	tw_output_add_number(output, row->server->port);
	if (!row->name)
		return;
	tw_output_add(output, " (");
	tw_output_add(output, row->name);
	tw_output_add(output, ")");
}

size_t tw_compare_width(const struct tw_compared *row)
{
	struct tw_output output;
	size_t width;

	tw_output_init(&output);
	add_server(&output, row);
	width = output.length;
	tw_output_release(&output);
	return width;
}

static bool has_message(const struct tw_compared *row)
{
	return row->answer && row->answer->message.octets;
}

/* The RCODE, or what came in its place. */
static void format_status(
	const struct tw_compared *row, char text[TROWEL_CODE_TEXT_SIZE])
{
	if (has_message(row) && row->status == TROWEL_OK)
		trowel_code_format(TROWEL_RCODES, row->answer->rcode, text);
	else if (row->status == TROWEL_TIMED_OUT)
		strcpy(text, "timed out");
	else
		snprintf(text, TROWEL_CODE_TEXT_SIZE, "%s",
			trowel_status_text(row->status));
}

static void add_time(struct tw_output *output, uint32_t us)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu.%lu ms", (unsigned long)us / 1000,
		(unsigned long)us / 100 % 10);
	tw_output_add(output, text);
}

/* RFC 8914. Its text comes from the server: controls are not for terminals. */
static void add_error(
	struct tw_output *output, const struct trowel_answer *answer)
{
	const uint8_t *text = answer->message.octets + answer->ede_text;
	char word[TROWEL_CODE_TEXT_SIZE];
	uint16_t i;

	if (answer->ede_code == TROWEL_NO_EDE)
		return;
	tw_output_add(output, ", EDE ");
	tw_output_add_number(output, answer->ede_code);
	if (trowel_code_format(TROWEL_ERRORS, answer->ede_code, word) > 0) {
		tw_output_add(output, " (");
		tw_output_add(output, word);
		tw_output_add(output, ")");
	}
	tw_output_add(output, answer->ede_length > 0 ? ": " : "");
	for (i = 0; i < answer->ede_length; i++)
		tw_output_add_octets(output,
			text[i] < 0x20 || text[i] == 0x7F
				? "."
				: (const char *)&text[i],
			1);
}

void tw_compare_print(
	struct tw_output *output, const struct tw_compared *row, size_t width)
{
	const struct trowel_answer *answer = row->answer;
	const struct trowel_attempt *attempt;
	char status[TROWEL_CODE_TEXT_SIZE];
	size_t start = output->length;
	uint16_t count;

	add_server(output, row);
	while (output->length - start < width + 2 && !output->failed)
		tw_output_add(output, " ");
	format_status(row, status);
	tw_output_add(output, status);
	if (has_message(row)) {
		attempt = &answer->attempts[answer->attempt];
		count = answer->message.counts[TROWEL_ANSWER];
		tw_output_add(output, ", ");
		tw_output_add_number(output, count);
		tw_output_add(output, count == 1 ? " record, " : " records, ");
		add_time(output, attempt->ended_us - attempt->sent_us);
		if (attempt->transport == TROWEL_TCP)
			tw_output_add(output, " (TCP)");
		add_error(output, answer);
	}
	tw_output_end_line(output);
}

/*
 * Where they differ
 */

bool tw_compare(struct tw_output *output, const struct tw_compared *rows,
	size_t count, bool *differ)
{
	struct saying *sayings = calloc(count, sizeof(*sayings)), *most;
	bool is_whole = sayings != NULL;
	size_t i, j;

	*differ = false;
	for (i = 0; is_whole && i < count; i++)
		is_whole = read_saying(&sayings[i], &rows[i]);
	most = sayings;
	for (i = 0; is_whole && i < count; i++) {
		for (j = 0; j < count; j++)
			sayings[i].alike += is_same(&sayings[i], &sayings[j]);
		if (sayings[i].alike > most->alike)
			most = &sayings[i];
	}
	for (i = 0; is_whole && i < count; i++) {
		if (is_same(&sayings[i], most))
			continue;
		*differ = true;
		print_difference(output, &sayings[i], most);
	}
	for (i = 0; sayings && i < count; i++) {
		tw_output_release(&sayings[i].text);
		free(sayings[i].lines);
	}
	free(sayings);
	return is_whole;
}

/* owner, class, type, RDATA: names in lower case, which makes no difference
 * (RFC 4343). Those in RDATA keep theirs, as servers copy them. */
static void add_line(struct tw_output *text,
	const struct trowel_message *message,
	const struct trowel_record *record)
{
	char words[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name name;
	size_t needed, room, i;

	trowel_message_name(message, record->owner, &name);
	trowel_name_format(&name, words);
	for (i = 0; words[i]; i++)
		words[i] = (char)tw_lower_of(words[i]);
	tw_output_add(text, words);
	tw_output_add(text, " ");
	trowel_code_format(TROWEL_CLASSES, record->class_code, words);
	tw_output_add(text, words);
	tw_output_add(text, " ");
	trowel_code_format(TROWEL_TYPES, record->type, words);
	tw_output_add(text, words);
	tw_output_add(text, " ");
	needed = 0;
	do {
		if (!tw_output_reserve(text, needed + 1))
			return;
		room = text->size - text->length;
		needed = trowel_rdata_format(message, record,
			TROWEL_STYLE_NO_SPLIT, text->octets + text->length,
			room);
	} while (needed >= room);
	text->length += needed + 1;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool read_saying(struct saying *saying, const struct tw_compared *row)
{
	struct trowel_iterator iterator = { 0 };
	const struct trowel_message *message;
	struct trowel_record record;
	char *line;
	size_t i;

	saying->row = row;
	tw_output_init(&saying->text);
	format_status(row, saying->status);
	if (!has_message(row))
		return true;
	message = &row->answer->message;
	while (trowel_record_next(message, &iterator, &record) &&
		record.section == TROWEL_ANSWER) {
		add_line(&saying->text, message, &record);
		saying->count++;
	}
	saying->lines = calloc(saying->count + 1, sizeof(*saying->lines));
	if (!saying->lines || saying->text.failed)
		return false;
	line = saying->text.octets;
	for (i = 0; i < saying->count; i++) {
		saying->lines[i] = line;
		line += strlen(line) + 1;
	}
	qsort(saying->lines, saying->count, sizeof(*saying->lines),
		compare_lines);
	return true;
}

static bool is_same(const struct saying *a, const struct saying *b)
{
	size_t i;

	if (a->count != b->count || strcmp(a->status, b->status) != 0)
		return false;
	for (i = 0; i < a->count; i++)
		if (strcmp(a->lines[i], b->lines[i]) != 0)
			return false;
	return true;
}

static void add_change(
	struct tw_output *output, const char *sign, const char *line)
{
	tw_output_add(output, sign);
	tw_output_add(output, line);
	tw_output_end_line(output);
}

/* Both are in order: one way through the two of them. */
static void print_difference(struct tw_output *output,
	const struct saying *saying, const struct saying *most)
{
	size_t i = 0, j = 0;
	int order;

	tw_output_add(output, "\n");
	add_server(output, saying->row);
	tw_output_add(output, " differs from ");
	add_server(output, most->row);
	if (most->alike > 1) {
		tw_output_add(output, " and ");
		tw_output_add_number(output, (uint32_t)most->alike - 1);
		tw_output_add(output, most->alike == 2 ? " other" : " others");
	}
	tw_output_add(output, ":\n");
	if (strcmp(saying->status, most->status) != 0) {
		add_change(output, "- ", most->status);
		add_change(output, "+ ", saying->status);
	}
	while (i < most->count || j < saying->count) {
		order = i == most->count ? 1
			: j == saying->count
			? -1
			: strcmp(most->lines[i], saying->lines[j]);
		if (order < 0)
			add_change(output, "- ", most->lines[i]);
		else if (order > 0)
			add_change(output, "+ ", saying->lines[j]);
		i += order <= 0;
		j += order >= 0;
	}
}
