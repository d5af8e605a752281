/* SPDX-License-Identifier: MIT */
/*
 * What trowel's codec costs beside others.
 *
 * codec corpus.hex check: every peer finds the same records and addresses
 * codec corpus.hex time: nanoseconds, all peers in turns
 * codec corpus.hex run PEER WORK COUNT: does it COUNT times, to be counted
 *   by callgrind or by count.so from outside
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES_MAX 100
#define NAMES 1000
#define ROUNDS 101

struct message {
	size_t length;
	uint8_t *octets; /* in a heap block of exactly its size */
};

enum work { WALK, ADDRESSES, QUERY, PARSE, WORKS };

static const char *const work_names[WORKS] = { "walk", "addresses", "query",
	"name" };
static const struct peer *const peers[] = { &peer_trowel,
#ifndef TROWEL_ALONE
	&peer_udns, &peer_glibc, &peer_cares, &peer_knot, &peer_ldns
#endif
};
#define PEERS (sizeof peers / sizeof *peers)

static struct message messages[MESSAGES_MAX];
static size_t message_count;
static struct message questions[MESSAGES_MAX]; /* those for A and AAAA */
static size_t question_count;
static char names[NAMES][64];
static volatile unsigned sink;

static void fail(const char *what, const char *which)
{
	fprintf(stderr, "codec: %s: %s\n", what, which);
	exit(1);
}

/* A or AAAA, class IN. */
static int is_for_addresses(const struct message *message)
{
	size_t at = 12;

	while (message->octets[at] != 0)
		at += message->octets[at] + 1U;
	return message->octets[at + 1] == 0 &&
		(message->octets[at + 2] == 1 || message->octets[at + 2] == 28);
}

static void add_message(const char *hex)
{
	struct message message = { strspn(hex, "0123456789abcdef") / 2, NULL };
	unsigned octet;

	if (message_count == MESSAGES_MAX)
		fail("too many messages", hex);
	message.octets = malloc(message.length);
	for (size_t i = 0; i < message.length; i++) {
		sscanf(hex + 2 * i, "%2x", &octet);
		message.octets[i] = (uint8_t)octet;
	}
	messages[message_count++] = message;
	if (is_for_addresses(&message))
		questions[question_count++] = message;
}

static void read_corpus(const char *path)
{
	static char line[140000];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		fail("cannot read", path);
	while (fgets(line, sizeof line, file) != NULL)
		if (line[0] != '#')
			add_message(line);
	fclose(file);
}

/* Names as people ask for them: 26 octets on average in wire form. */
static void make_names(void)
{
	static const char *const hosts[] = { "www", "mail", "api", "cdn-static",
		"autodiscover", "m", "ns1", "img", "login", "d3ag4hukkh62yn" };
	static const char *const zones[] = { "com", "org", "net", "co.example",
		"de", "io", "cloudfront.example" };

	for (unsigned i = 0; i < NAMES; i++)
		snprintf(names[i], sizeof names[i], "%s.%s%u.%s", hosts[i % 10],
			i % 3 == 0 ? "shop" : "longer-name", i * 7,
			zones[i % 7]);
}

/* How many units of work a pass is. */
static size_t units(enum work work)
{
	return work == WALK	    ? message_count
		: work == ADDRESSES ? question_count
				    : NAMES;
}

static int has(const struct peer *peer, enum work work)
{
	return work == QUERY	? peer->query != NULL
		: work == PARSE ? peer->parse != NULL
				: 1;
}

static void pass(const struct peer *peer, enum work work)
{
	static uint8_t octets[ADDRESSES_MAX];
	unsigned sum = 0;
	size_t count = units(work);

	switch (work) {
	case WALK:
		for (size_t i = 0; i < count; i++)
			peer->walk(
				messages[i].octets, messages[i].length, &sum);
		break;
	case ADDRESSES:
		for (size_t i = 0; i < count; i++)
			sum += (unsigned)peer->addresses(questions[i].octets,
				questions[i].length, octets);
		break;
	case QUERY:
		for (size_t i = 0; i < count; i++)
			sum += (unsigned)peer->query(
				"www.example.com", octets, 512);
		break;
	default:
		for (size_t i = 0; i < count; i++)
			sum += (unsigned)peer->parse(names[i]);
		break;
	}
	sink += sum;
}

static void check_peer(const struct peer *peer)
{
	static uint8_t wanted[ADDRESSES_MAX];
	static uint8_t found[ADDRESSES_MAX];
	char text[80];
	unsigned sum;
	int records = 0;

	for (size_t i = 0; i < message_count; i++) {
		const struct message *m = &messages[i];
		int here = peer->walk(m->octets, m->length, &sum);
		int ours = peer_trowel.walk(m->octets, m->length, &sum);

		snprintf(text, sizeof text, "message %zu: %d records, not %d",
			i + 1, here, ours);
		if (here != ours || here < 0 ||
			peer->decode(m->octets, m->length) != 0)
			fail(peer->name, text);
		records += here;
	}
	for (size_t i = 0; i < question_count; i++) {
		const struct message *m = &questions[i];
		int here = peer->addresses(m->octets, m->length, found);
		int ours = peer_trowel.addresses(m->octets, m->length, wanted);

		snprintf(text, sizeof text, "question %zu: %d octets, not %d",
			i + 1, here, ours);
		if (here != ours || here < 0 ||
			memcmp(found, wanted, (size_t)here) != 0)
			fail(peer->name, text);
	}
	printf("%s: %zu messages, %d records, %zu questions; query of %d octets\n",
		peer->name, message_count, records, question_count,
		peer->query == NULL
			? 0
			: peer->query("www.example.com", found, 512));
}

static void check(void)
{
	size_t octets = 0;
	size_t characters = 0;

	for (size_t i = 0; i < message_count; i++)
		octets += messages[i].length;
	for (size_t i = 0; i < NAMES; i++)
		characters += strlen(names[i]) + 2;
	printf("mean message %.1f octets, mean name %.1f octets\n",
		(double)octets / (double)message_count,
		(double)characters / NAMES);
	for (size_t i = 0; i < PEERS; i++)
		check_peer(peers[i]);
}

/* One line for each peer and work: the median of interleaved rounds. Passes are
 * made as many as fill 100 us or more. */
static void time_work(enum work work)
{
	static uint64_t times[PEERS][ROUNDS];
	size_t passes[PEERS] = { 0 };

	for (size_t p = 0; p < PEERS; p++) {
		uint64_t start;

		if (!has(peers[p], work))
			continue;
		pass(peers[p], work);
		start = bench_now_ns();
		pass(peers[p], work);
		passes[p] = 1 + 200000 / (bench_now_ns() - start + 1);
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t p = 0; p < PEERS; p++) {
			uint64_t start = bench_now_ns();

			for (size_t i = 0; has(peers[p], work) && i < passes[p];
				i++)
				pass(peers[p], work);
			times[p][round] = bench_now_ns() - start;
		}
	}
	for (size_t p = 0; p < PEERS; p++)
		if (has(peers[p], work))
			printf("%s\t%s\t%.1f\n", peers[p]->name,
				work_names[work],
				(double)bench_median(times[p], ROUNDS) /
					(double)(passes[p] * units(work)));
}

static enum work work_of(const char *name)
{
	for (int i = 0; i < WORKS; i++)
		if (strcmp(work_names[i], name) == 0)
			return (enum work)i;
	fail("no such work", name);
	return WORKS;
}

static const struct peer *peer_of(const char *name)
{
	for (size_t i = 0; i < PEERS; i++)
		if (strcmp(peers[i]->name, name) == 0)
			return peers[i];
	fail("no such peer", name);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		fail("usage", "corpus.hex check|time|run PEER WORK COUNT");
	read_corpus(argv[1]);
	make_names();
	if (strcmp(argv[2], "check") == 0) {
		check();
	} else if (strcmp(argv[2], "time") == 0) {
		for (int work = 0; work < WORKS; work++)
			time_work((enum work)work);
	} else if (strcmp(argv[2], "units") == 0 && argc == 4) {
		printf("%zu\n", units(work_of(argv[3])));
	} else if (strcmp(argv[2], "run") == 0 && argc == 6) {
		const struct peer *peer = peer_of(argv[3]);
		enum work work = work_of(argv[4]);

		if (!has(peer, work))
			return 2;
		for (long count = atol(argv[5]); count > 0; count--)
			pass(peer, work);
	} else {
		fail("what is", argv[2]);
	}
	return 0;
}
