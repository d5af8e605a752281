/* SPDX-License-Identifier: MIT */
#include "tests/ldns_tally.h"

#include <stdio.h>
#include <string.h>

#include "tests/ldns_kinds.h"

#define REPORTS_MAX 10
#define EXAMPLE_WORD_MAX 60
#define EXAMPLE_OCTETS_MAX 24

/* The parts of the list, by stage. */
static const struct {
	const char *title;
	unsigned stages;
} parts[TALLY_PARTS] = {
	{ "Records that trowel refuses and ldns takes",
		KIND_STAGE(TROWEL_REFUSES) },
	{ "Records that trowel takes, and ldns refuses or misreads",
		KIND_STAGE(LDNS_REFUSES) | KIND_STAGE(LDNS_MISREADS) },
	{ "Records and headers that both take, for different things",
		KIND_STAGE(OTHER_MESSAGE) | KIND_STAGE(OTHER_CONTENT) },
	{ "RDATA that ldns has no text for (RDATA | trowel's text)",
		KIND_STAGE(NO_TEXT) },
	{ "Texts (trowel's | ldns's)",
		KIND_STAGE(OTHER_TEXT) | KIND_STAGE(OTHER_WORD) },
};

static size_t part_of(enum difference_stage stage)
{
	size_t part = 0;

	while ((parts[part].stages & KIND_STAGE(stage)) == 0)
		part++;
	return part;
}

static void print_unknown(
	const struct tally *tally, const struct difference *difference)
{
	static const char *const stages[] = { "trowel alone refuses",
		"ldns alone refuses", "ldns misreads", "message", "content",
		"ldns has no text", "text", "word" };
	const struct pair *pair = difference->pair;
	const struct trowel_record *record = difference->record;
	char fault[200];

	if (tally->unknown > REPORTS_MAX)
		return;
	trowel_fault_format(&pair->fault, fault, sizeof(fault));
	printf("difference of no known kind: %s: %s\n"
	       "  trowel: %s\n  ldns: %s\n",
		stages[difference->stage], difference->what, fault,
		ldns_get_errorstr_by_id(pair->ldns_status));
	if (record != NULL)
		printf("  record at byte %u: type %u, class %u, %u octets\n",
			(unsigned)record->rdata, (unsigned)record->type,
			(unsigned)record->class_code,
			(unsigned)record->rdata_length);
	if (difference->ours != NULL)
		printf("  trowel: %s\n", difference->ours);
	if (difference->theirs != NULL)
		printf("  ldns: %s\n", difference->theirs);
	printf("  ");
	for (size_t i = 0; i < pair->length; i++)
		printf("%02x", (unsigned)pair->octets[i]);
	printf("\n");
}

/* "IN MX 000a05..." */
static size_t put_record(const struct pair *pair,
	const struct trowel_record *record, char *text, size_t size)
{
	char type[TROWEL_CODE_TEXT_SIZE];
	char class_text[TROWEL_CODE_TEXT_SIZE];
	size_t shown = record->rdata_length;
	size_t length;

	trowel_code_format(TROWEL_TYPES, record->type, type);
	trowel_code_format(TROWEL_CLASSES, record->class_code, class_text);
	length = (size_t)snprintf(text, size, "%s %s ", class_text, type);
	if (shown > EXAMPLE_OCTETS_MAX)
		shown = EXAMPLE_OCTETS_MAX;
	for (size_t i = 0; i < shown; i++)
		length += (size_t)snprintf(text + length, size - length, "%02x",
			(unsigned)pair->octets[record->rdata + i]);
	if (shown < record->rdata_length)
		length += (size_t)snprintf(text + length, size - length, "...");
	return length;
}

static void put_example(const struct difference *difference, char *text)
{
	const struct pair *pair = difference->pair;
	const struct trowel_record *record = difference->record;
	const char *ours = difference->ours;
	const char *theirs = difference->theirs;
	size_t size = TALLY_EXAMPLE_SIZE;
	size_t length = 0;

	text[0] = '\0';
	if (difference->stage == TROWEL_REFUSES) {
		trowel_fault_format(&pair->fault, text, size);
		return;
	}
	if (ours != NULL && theirs != NULL && difference->stage != NO_TEXT) {
		snprintf(text, size, "%.*s | %.*s", EXAMPLE_WORD_MAX, ours,
			EXAMPLE_WORD_MAX, theirs);
		return;
	}
	if (record != NULL)
		length = put_record(pair, record, text, size);
	if (ours != NULL)
		snprintf(text + length, size - length, " | %.*s",
			EXAMPLE_WORD_MAX, ours);
}

/* A kind counts once a record. */
static void count(struct tally *tally, const struct difference *difference,
	const struct kind *kind)
{
	struct tally_kind *entry =
		&tally->kinds[part_of(difference->stage)][kind - kinds];
	uint64_t here = (uint64_t)(tally->messages + 1) * 65536 +
		(difference->record != NULL ? difference->record->rdata : 0);

	if (entry->last == here)
		return;
	entry->last = here;
	if (entry->count == 0 || difference->pair->length < entry->length) {
		entry->length = difference->pair->length;
		put_example(difference, entry->example);
	}
	entry->count++;
	tally->stages[difference->stage]++;
}

static bool hear(void *context, const struct difference *difference)
{
	struct tally *tally = context;
	const struct kind *kind = kind_find(difference);

	if (difference->stage <= OTHER_CONTENT &&
		difference->stage != OTHER_MESSAGE)
		tally->differs = true;
	if (kind != NULL) {
		count(tally, difference, kind);
		return true;
	}
	/* Of a text as a whole that is no verdict yet: its words follow. */
	if (difference->stage != OTHER_TEXT) {
		tally->unknown++;
		print_unknown(tally, difference);
	}
	return false;
}

/* Records from which on the two stand at different octets. */
static size_t count_parted(const struct tally *tally)
{
	return tally->stages[TROWEL_REFUSES] + tally->stages[LDNS_REFUSES] +
		tally->stages[LDNS_MISREADS] + tally->unknown;
}

void tally_add(struct tally *tally, const struct pair *pair)
{
	struct listener listener = { hear, tally };
	bool is_refused = pair->status != TROWEL_OK;
	bool is_theirs = pair->ldns_status != LDNS_STATUS_OK;
	size_t parted = count_parted(tally);

	tally->differs = false;
	tally->records += pair_compare(pair, &listener);
	if (is_refused != is_theirs && count_parted(tally) == parted) {
		struct difference difference = { OTHER_MESSAGE, pair, NULL,
			"verdict", NULL, NULL };

		hear(tally, &difference);
	}
	tally->messages++;
	tally->octets += pair->length;
	tally->verdicts[is_refused][is_theirs]++;
}

void tally_print(const struct tally *tally)
{
	size_t kinds_seen = 0;

	for (size_t i = 0; i < kind_count; i++)
		for (size_t part = 0; part < TALLY_PARTS; part++)
			kinds_seen += tally->kinds[part][i].count > 0 ? 1 : 0;
	printf("%zu messages, %zu octets, %zu records compared\n"
	       "both accept %zu, both refuse %zu, trowel alone refuses %zu, "
	       "ldns alone %zu\n"
	       "%zu kinds of differences, %zu differences of no known kind\n",
		tally->messages, tally->octets, tally->records,
		tally->verdicts[0][0], tally->verdicts[1][1],
		tally->verdicts[1][0], tally->verdicts[0][1], kinds_seen,
		tally->unknown);
}

/* A '|' would end a cell of the table, and '`' code in it. */
static void print_cell(const char *text, bool is_code)
{
	for (; *text != '\0'; text++) {
		if (*text == '|' || (*text == '\\' && !is_code))
			printf("\\%c", *text);
		else if (*text == '`')
			putchar('\'');
		else if (*text == '\t')
			printf("<tab>");
		else
			putchar(*text);
	}
}

static void print_row(
	const struct kind *kind, size_t count, const char *example)
{
	const char *quote = example[0] == '\0' ? "" : "`";

	printf("| %zu | ", count);
	print_cell(kind->what, false);
	printf(" | ");
	print_cell(kind->right, false);
	printf(" | ");
	print_cell(kind->reference, false);
	printf(" | %s", quote);
	print_cell(example, true);
	printf("%s |\n", quote);
}

void tally_print_list(const struct tally *tally, const struct tally *fixtures)
{
	for (size_t part = 0; part < TALLY_PARTS; part++) {
		printf("\n## %s\n\n| count | what | right | by | example |\n"
		       "| ---: | --- | --- | --- | --- |\n",
			parts[part].title);
		for (size_t i = 0; i < kind_count; i++) {
			const struct tally_kind *entry = &tally->kinds[part][i];
			const char *example = entry->count > 0
				? entry->example
				: fixtures->kinds[part][i].example;

			if (entry->count > 0 ||
				fixtures->kinds[part][i].count > 0)
				print_row(&kinds[i], entry->count, example);
		}
	}
}
