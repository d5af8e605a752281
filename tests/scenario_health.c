/* SPDX-License-Identifier: MIT */
/* What a scenario says is known of a server, or expects to be. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/scenario_parts.h"

#define COLUMN(member) \
	offsetof(struct trowel_health, member), \
		sizeof(((struct trowel_health *)0)->member)

enum form { NUMBER, TIME, OCTETS };

static const struct column {
	const char *word;
	size_t offset;
	size_t size;
	enum form form;
} columns[] = {
	{ "srtt", COLUMN(srtt_us), NUMBER },
	{ "rttvar", COLUMN(rttvar_us), NUMBER },
	{ "samples", COLUMN(samples), NUMBER },
	{ "asked", COLUMN(asked), NUMBER },
	{ "failures", COLUMN(failures), NUMBER },
	{ "edns", COLUMN(edns), NUMBER },
	{ "odd-case", COLUMN(odd_case), NUMBER },
	{ "odd-cookie", COLUMN(odd_cookie), NUMBER },
	{ "probe", COLUMN(probe_us), TIME },
	{ "edns-again", COLUMN(edns_us), TIME },
	{ "odd-until", COLUMN(odd_us), TIME },
	{ "client-cookie", COLUMN(client_cookie), OCTETS },
	{ "server-cookie", COLUMN(server_cookie), OCTETS },
};

static const struct column *find_column(const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < CHECK_COUNT(columns); i++) {
		if (strlen(columns[i].word) == length &&
			strncmp(columns[i].word, word, length) == 0)
			return &columns[i];
	}
	return NULL;
}

/* Octets beyond those given stay as they are. */
static bool take_value(struct scenario *s, const struct column *column,
	const char *text, struct trowel_health *health)
{
	uint8_t *to = (uint8_t *)health + column->offset;
	uint64_t us;
	size_t length;

	if (column->form == NUMBER)
		return scenario_take_number(s, text,
			column->size == 1 ? UINT8_MAX : UINT32_MAX, to,
			column->size);
	if (column->form == TIME) {
		if (!scenario_take_time(s, text, &us))
			return false;
		us += s->now_us;
		memcpy(to, &us, sizeof(us));
		return true;
	}
	length = scenario_take_hex(text, to, column->size);
	if (length > column->size)
		return scenario_wrong(s, "no octets:", text);
	if (column->size == 8)
		health->has_client_cookie = true;
	else
		health->server_cookie_length = (uint8_t)length;
	return true;
}

bool scenario_health(struct scenario *s, char **words, size_t count)
{
	uint8_t server;

	if (count < 2)
		return scenario_wrong(s, "health S WHAT=N", "");
	if (!SCENARIO_TAKE(s, words[0], TROWEL_SERVERS_MAX - 1, &server))
		return false;
	for (size_t i = 1; i < count; i++) {
		const struct column *column = find_column(words[i]);
		const char *value = strchr(words[i], '=');

		if (column == NULL || value == NULL)
			return scenario_wrong(s, "unknown word", words[i]);
		if (!take_value(s, column, value + 1, &s->health[server]))
			return false;
	}
	return true;
}

bool scenario_expect_health(struct scenario *s, char **words, size_t count)
{
	struct trowel_health expected;
	const struct column *column;
	uint8_t server;

	if (count != 3)
		return scenario_wrong(s, "expect health S WHAT N", "");
	if (!SCENARIO_TAKE(s, words[0], TROWEL_SERVERS_MAX - 1, &server))
		return false;
	column = find_column(words[1]);
	if (column == NULL)
		return scenario_wrong(s, "unknown word", words[1]);
	expected = s->health[server];
	if (!take_value(s, column, words[2], &expected))
		return false;
	if (memcmp(&expected, &s->health[server], sizeof(expected)) == 0)
		return true;
	return scenario_wrong(s, words[1], "is not that");
}
