/* SPDX-License-Identifier: MIT */
/*
 * Reads messages with trowel and with ldns, and compares what they say: header,
 * names, types, classes, TTLs, RDATA, and its text.
 *
 *	compare_ldns [-n COUNT] [-s SEED] [-m PERCENT] [-l]
 *
 * First come the fixtures, then COUNT (100,000) random messages, PERCENT (30) of
 * them mutated. Every difference must be of a known kind (ldns_kinds.c): one
 * that is not is printed with its message, and the exit status is 1. -l prints
 * the list of the kinds as tests/LDNS.md has it.
 *
 * A fixture on which the two differ in more than a text says so: "# ldns:
 * accepts", "refuses" or "differs".
 */
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fixture.h"
#include "tests/ldns_pair.h"
#include "tests/ldns_tally.h"
#include "tests/random_message.h"

/* ldns_wire2pkt() loses the first of two TSIGs. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
	void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libldns\n";
}

struct options {
	size_t count;
	uint64_t seed;
	size_t percent;
	bool is_list;
};

static bool says_ldns(const struct fixture *fixture, const char *verdict)
{
	size_t length = 0;
	const char *text = fixture_text(fixture, "ldns", 0, &length);

	return text != NULL && length == strlen(verdict) &&
		strncmp(text, verdict, length) == 0;
}

/* Whether what the fixture says of ldns is so. */
static bool is_as_said(const struct fixture *fixture, const struct pair *pair,
	const struct tally *tally)
{
	bool accepts = pair->ldns_status == LDNS_STATUS_OK;
	bool has_other_verdict = accepts != (pair->status == TROWEL_OK);

	if (has_other_verdict)
		return says_ldns(fixture, accepts ? "accepts" : "refuses");
	if (accepts && tally->differs)
		return says_ldns(fixture, "differs");
	return !says_ldns(fixture, "accepts") &&
		!says_ldns(fixture, "refuses") &&
		!says_ldns(fixture, "differs");
}

static bool compare_fixtures(struct tally *tally)
{
	size_t count;
	struct fixture *fixtures = fixtures_load(&count);
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct pair pair;
		size_t unknown = tally->unknown;

		pair_read(&pair, fixtures[i].octets, fixtures[i].length);
		tally_add(tally, &pair);
		if (tally->unknown > unknown ||
			!is_as_said(&fixtures[i], &pair, tally)) {
			printf("%s: not as the fixture says\n",
				fixtures[i].name);
			failed++;
		}
		ldns_pkt_free(pair.packet);
	}
	printf("%zu fixtures, %zu records, %zu failed\n", count, tally->records,
		failed);
	fixtures_release(fixtures, count);
	return failed == 0;
}

/* A well-formed message is one that trowel accepts. */
static void check_well_formed(struct tally *tally, const struct pair *pair)
{
	char fault[200];

	if (pair->status == TROWEL_OK)
		return;
	tally->unknown++;
	trowel_fault_format(&pair->fault, fault, sizeof(fault));
	printf("refused a well-formed message: %s\n", fault);
}

static bool compare_random(const struct options *options, struct tally *tally)
{
	static struct random_message random;
	size_t mutated = 0;

	for (size_t i = 0; i < options->count; i++) {
		struct pair pair;
		uint8_t *octets;
		bool is_mutated;

		/* Each message by itself can be had again: seed + index. */
		random_message_build(&random, options->seed + i);
		is_mutated = random_below(&random, 100) < options->percent;
		if (is_mutated)
			random_message_mutate(&random);
		octets = build_copy(&random.build);
		pair_read(&pair, octets, random.build.length);
		tally_add(tally, &pair);
		if (is_mutated)
			mutated++;
		else
			check_well_formed(tally, &pair);
		ldns_pkt_free(pair.packet);
		free(octets);
	}
	printf("seed %llu, %zu mutated: ", (unsigned long long)options->seed,
		mutated);
	tally_print(tally);
	return tally->unknown == 0;
}

static _Noreturn void usage(void)
{
	fprintf(stderr,
		"usage: compare_ldns [-n COUNT] [-s SEED] [-m PERCENT] [-l]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	static struct tally of_fixtures;
	static struct tally of_random;
	struct options options = { 100000, 20261121, 30, false };
	unsigned failed = 0;
	int option;

	while ((option = getopt(argc, argv, "n:s:m:l")) != -1) {
		if (option == 'n')
			options.count = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.seed = strtoull(optarg, NULL, 10);
		else if (option == 'm')
			options.percent = strtoul(optarg, NULL, 10);
		else if (option == 'l')
			options.is_list = true;
		else
			usage();
	}
	if (optind < argc)
		usage();
	failed += compare_fixtures(&of_fixtures) ? 0 : 1;
	failed += compare_random(&options, &of_random) ? 0 : 1;
	if (options.is_list)
		tally_print_list(&of_random, &of_fixtures);
	printf("%u passed, %u failed\n", 2 - failed, failed);
	return failed > 0 ? 1 : 0;
}
