/* SPDX-License-Identifier: MIT */
/* What the files of the scenarios' player share. */
#ifndef TROWEL_TESTS_SCENARIO_PARTS_H
#define TROWEL_TESTS_SCENARIO_PARTS_H

#include "tests/scenario.h"

struct scenario {
	const char *name;
	unsigned line;
	char *error;
	size_t size;
	struct trowel_policy policy;
	uint8_t random[TROWEL_RANDOM_SIZE];
	struct trowel_health health[TROWEL_SERVERS_MAX];
	uint64_t start_us; /* of this lookup */
	uint64_t now_us;
	bool started;
	struct trowel_engine engine;
	struct trowel_message message; /* of the newest kept reply */
	uint8_t queries[TROWEL_ATTEMPTS_MAX][TROWEL_QUERY_SIZE];
	size_t lengths[TROWEL_ATTEMPTS_MAX]; /* of those */
};

struct scenario_word {
	const char *text; /* NULL ends a table */
	int value;
};

extern const struct scenario_word scenario_errors[];
extern const struct scenario_word scenario_statuses[];
extern const struct scenario_word scenario_verdicts[];

/* Each false after scenario_wrong(), which writes the reason down. */
bool scenario_wrong(struct scenario *s, const char *what, const char *which);
bool scenario_take_number(struct scenario *s, const char *text,
	unsigned long most, void *to, size_t size);
bool scenario_take_time(struct scenario *s, const char *text, uint64_t *us);
#define SCENARIO_TAKE(s, text, most, to) \
	scenario_take_number((s), (text), (most), (to), sizeof(*(to)))

/* Returns the number of octets, or `size` + 1. */
size_t scenario_take_hex(const char *text, uint8_t *octets, size_t size);

/* -1: none. */
int scenario_find(const struct scenario_word *table, const char *text);
const char *scenario_name_of(const struct scenario_word *table, int value);

/* "key=VALUE": the value; NULL if that is not the word. */
char *scenario_value_of(char *word, const char *key);

/* The COOKIE of a query or reply; NULL if there is none. */
const uint8_t *scenario_find_cookie(
	const uint8_t *octets, size_t length, size_t *size);

/* Commands. */
bool scenario_health(struct scenario *s, char **words, size_t count);
bool scenario_reply(struct scenario *s, char **words, size_t count);
bool scenario_expect(struct scenario *s, char **words, size_t count);
bool scenario_expect_health(struct scenario *s, char **words, size_t count);

#endif
