/* SPDX-License-Identifier: MIT */
/* What bulk mode says of itself, on standard error: what it is about to do, how
 * far it is, and what has come of it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/bulk_state.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/json_lookup.h"

#define PROGRESS_US 250000
#define LINE_SIZE 80 /* that no terminal has to break it */
#define BAR_WIDTH 50
#define SECOND_US 1000000.0

static double seconds_of(const struct tw_bulk *bulk)
{
	return (double)(bulk->now_us - bulk->tally.started_us) / SECOND_US;
}

/* Whom, what, and how fast. */
void tw_bulk_announce(struct tw_bulk *bulk)
{
	const struct trowel_options *options = &bulk->job->servers.options;
	char text[512], type[TROWEL_CODE_TEXT_SIZE];
	struct tw_output servers;

	tw_output_init(&servers);
	for (uint8_t i = 0; i < options->server_count; i++) {
		char address[TROWEL_ADDRESS_TEXT_SIZE];

		trowel_address_format(&options->servers[i], address);
		tw_output_add(&servers, i > 0 ? ", " : "");
		tw_output_add(&servers, address);
		tw_output_add(&servers, "#");
		tw_output_add_number(&servers, options->servers[i].port);
	}
	trowel_code_format(TROWEL_TYPES, bulk->job->lookup->type, type);
	text[0] = '\0';
	if (bulk->options->rate)
		snprintf(text, sizeof(text), ", %" PRIu32 " a second each",
			bulk->options->rate);
	tw_complain("asking %.*s for %s of the names in %.200s, up to %" PRIu32
		    " at once%s",
		(int)servers.length, servers.octets, type,
		bulk->file ? bulk->file : "standard input", bulk->window, text);
	tw_output_release(&servers);
	bulk->has_progress = isatty(STDERR_FILENO);
}

/* Where there is room for it, and with at most four digits. */
static void add_count(char line[LINE_SIZE], const char *before, uint64_t count,
	const char *behind)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P" };
	size_t length = strlen(line), room = LINE_SIZE - length;
	unsigned unit = 0;

	for (; count >= 10000; count /= 1000)
		unit++;
	if ((size_t)snprintf(line + length, room, "%s%" PRIu64 "%s%s", before,
		    count, units[unit], behind) >= room)
		line[length] = '\0';
}

/* One line, which the next one takes the place of. */
void tw_bulk_show_progress(struct tw_bulk *bulk)
{
	const struct tw_tally *tally = &bulk->tally;
	uint64_t done = tw_tally_done(tally);
	double seconds = seconds_of(bulk), part = 0;
	char line[LINE_SIZE] = "", text[LINE_SIZE + 8];

	if (!bulk->has_progress || bulk->now_us - bulk->shown_us < PROGRESS_US)
		return;
	bulk->shown_us = bulk->now_us;
	if (bulk->input.size > 0 && seconds >= 1)
		part = (double)bulk->input.taken / (double)bulk->input.size;
	if (part > 0) {
		add_count(line, "", (uint64_t)(part * 100), " %, ");
		add_count(line, "", (uint64_t)(seconds / part - seconds),
			" s left");
	} else {
		add_count(line, "", done, " done");
	}
	if (seconds > 0)
		add_count(line, ", ", (uint64_t)((double)done / seconds), "/s");
	add_count(line, ": ", tally->answered + tally->no_data, " ok");
	add_count(line, ", ", tally->no_name, " NXDOMAIN");
	add_count(line, ", ", tally->failed, " failed");
	add_count(line, ", ", bulk->pool.used, " open");
	add_count(line, ", ", tally->again, " again");
	snprintf(text, sizeof(text), "\r%s\033[K", line);
	if (write(STDERR_FILENO, text, strlen(text)) > 0)
		bulk->is_shown = true;
}

void tw_bulk_hide_progress(struct tw_bulk *bulk)
{
	static const char clear[] = "\r\033[K";

	if (bulk->is_shown)
		bulk->is_shown =
			write(STDERR_FILENO, clear, sizeof(clear) - 1) < 0;
}

/* "NOERROR 12, NXDOMAIN 3, TIMED_OUT 1" */
static void list_outcomes(const struct tw_tally *tally, struct tw_output *list)
{
	char text[TROWEL_CODE_TEXT_SIZE + 32], code[TROWEL_CODE_TEXT_SIZE];
	unsigned i;

	for (i = 0; i < TW_TALLY_RCODES + TROWEL_STATUS_COUNT; i++) {
		uint64_t count = i < TW_TALLY_RCODES
			? tally->rcodes[i]
			: tally->statuses[i - TW_TALLY_RCODES];
		const char *word = code;

		if (count == 0)
			continue;
		if (i < TW_TALLY_RCODES)
			trowel_code_format(TROWEL_RCODES, (uint16_t)i, code);
		else
			word = tw_status_word(i - TW_TALLY_RCODES);
		snprintf(text, sizeof(text), "%s%s %" PRIu64,
			list->length > 0 ? ", " : "", word, count);
		tw_output_add(list, text);
	}
}

/* How many took how long: a bar each. */
static void draw_histogram(const struct tw_tally *tally)
{
	static const uint32_t ends_us[] = { 0, 100, 200, 500, 1000, 2000, 5000,
		10000, 20000, 50000, 100000, 200000, 500000, 1000000, 2000000,
		5000000, UINT32_MAX };
	static const char bar[] =
		"##################################################";
	uint64_t counts[16], most = 1;
	unsigned i;

	for (i = 0; i < 16; i++) {
		counts[i] = tw_tally_between(tally, ends_us[i], ends_us[i + 1]);
		if (counts[i] > most)
			most = counts[i];
	}
	for (i = 0; i < 16; i++)
		if (counts[i] > 0)
			tw_say("%9.1f ms %-*.*s %" PRIu64,
				(double)ends_us[i] / 1000, BAR_WIDTH,
				(int)(counts[i] * BAR_WIDTH / most), bar,
				counts[i]);
}

static void say_how_to_go_on(const struct tw_bulk *bulk)
{
	if (!tw_bulk_is_stopped())
		return;
	if (bulk->options->checkpoint)
		tw_complain("stopped after line %" PRIu64
			    ": the same command goes on there, with its "
			    "output appended (>>)",
			bulk->input.line);
	else
		tw_complain("stopped after line %" PRIu64 ": tail -n +%" PRIu64
			    " has the rest",
			bulk->input.line, bulk->input.line + 1);
}

void tw_bulk_summarize(struct tw_bulk *bulk)
{
	const struct tw_tally *tally = &bulk->tally;
	uint64_t done = tw_tally_done(tally);
	double seconds = seconds_of(bulk);
	struct tw_output list;

	tw_bulk_hide_progress(bulk);
	tw_output_init(&list);
	list_outcomes(tally, &list);
	tw_complain("%" PRIu64 " names in %.2f s, %.0f/s; %" PRIu64
		    " bad lines",
		done, seconds, seconds > 0 ? (double)done / seconds : 0,
		tally->bad);
	tw_complain("%" PRIu64 " with data, %" PRIu64 " without, %" PRIu64
		    " NXDOMAIN, %" PRIu64 " failed",
		tally->answered, tally->no_data, tally->no_name, tally->failed);
	tw_complain("%.*s", (int)list.length, list.octets);
	tw_complain("%" PRIu64 " queries, %" PRIu64 " again, %" PRIu64
		    " by TCP; replies: %" PRIu64 " ignored, %" PRIu64
		    " dropped",
		tally->sent, tally->again, tally->by_tcp, tally->ignored,
		bulk->sockets.drops);
	if (done > 0)
		tw_complain("half within %.1f ms, 90 %% %.1f, 99 %% %.1f, all "
			    "%.1f",
			tw_tally_quantile_us(tally, 500) / 1000.0,
			tw_tally_quantile_us(tally, 900) / 1000.0,
			tw_tally_quantile_us(tally, 990) / 1000.0,
			tw_tally_quantile_us(tally, 1000) / 1000.0);
	if (bulk->has_progress)
		draw_histogram(tally);
	say_how_to_go_on(bulk);
	tw_output_release(&list);
}

static void add_stats(const struct tw_bulk *bulk, struct tw_json *json)
{
	static const struct {
		const char *key;
		size_t field;
	} fields[] = {
#define FIELD(key, member) { key, offsetof(struct tw_tally, member) }
		FIELD("answered", answered), FIELD("no-data", no_data),
		FIELD("nxdomain", no_name), FIELD("failed", failed),
		FIELD("bad-lines", bad), FIELD("queries", sent),
		FIELD("sent-again", again), FIELD("by-tcp", by_tcp),
		FIELD("ignored", ignored)
#undef FIELD
	};
	static const uint16_t thousandths[] = { 500, 900, 950, 990, 999, 1000 };
	const struct tw_tally *tally = &bulk->tally;
	char key[TROWEL_CODE_TEXT_SIZE];
	unsigned i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		tw_json_add_number(json, fields[i].key,
			*(const uint64_t *)(const void *)((const char *)tally +
				fields[i].field));
	tw_json_add_number(json, "dropped", bulk->sockets.drops);
	tw_json_add_number(json, "time-us", bulk->now_us - tally->started_us);
	tw_json_open(json, "rcodes", '{');
	for (i = 0; i < TW_TALLY_RCODES; i++) {
		trowel_code_format(TROWEL_RCODES, (uint16_t)i, key);
		if (tally->rcodes[i] > 0)
			tw_json_add_number(json, key, tally->rcodes[i]);
	}
	tw_json_close(json, '}');
	tw_json_open(json, "errors", '{');
	for (i = 0; i < TROWEL_STATUS_COUNT; i++)
		if (tally->statuses[i] > 0)
			tw_json_add_number(
				json, tw_status_word(i), tally->statuses[i]);
	tw_json_close(json, '}');
	tw_json_open(json, "latency-us", '{');
	for (i = 0; i < sizeof(thousandths) / sizeof(thousandths[0]); i++) {
		snprintf(key, sizeof(key), "p%u", thousandths[i]);
		tw_json_add_number(
			json, key, tw_tally_quantile_us(tally, thousandths[i]));
	}
	tw_json_close(json, '}');
}

int tw_bulk_write_stats(const struct tw_bulk *bulk)
{
	const char *path = bulk->options->stats;
	struct tw_output output;
	struct tw_json json;
	int fd, error;

	if (!path)
		return 0;
	tw_output_init(&output);
	tw_json_init(&json, &output, false);
	tw_json_open(&json, NULL, '{');
	add_stats(bulk, &json);
	tw_json_close(&json, '}');
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	error = fd < 0 ? errno : tw_output_write(&output, fd);
	if (fd >= 0 && close(fd) < 0 && !error)
		error = errno;
	if (!error)
		return 0;
	tw_complain("cannot write %.300s: %s", path, strerror(error));
	return TW_EXIT_FILE;
}
