/* SPDX-License-Identifier: MIT */
/*
 * How long a message that was built to be slow takes.
 *
 * hostile: a line for each shape and peer: shape, peer, then for checking it,
 *   the addresses that answer, and walking its records: the verdict (ok, no),
 *   microseconds at 64 KiB, and how many times those at 32 KiB that is. Peers
 *   are not asked to walk: that is in their check
 * hostile SHAPE [SIZE]: the message itself, to standard output
 */
#include "bench.h"
#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 31
#define SLOW_NS 10000000 /* such a thing is done once and no more */
#define AT_LEAST_NS 150000

static const struct peer *const peers[] = { &peer_trowel,
#ifndef TROWEL_ALONE
	&peer_udns, &peer_glibc, &peer_cares, &peer_knot, &peer_ldns
#endif
};
#define PEERS (sizeof peers / sizeof *peers)
#define WORKS 3 /* check, addresses, walk */
#define SIZES 2
/* So many of a shape take turns: a processor that has seen a message before
 * foretells its branches, and the smaller the message, the better. */
#define SEEDS 8

static const size_t sizes[SIZES] = { 65535, 32767 };

/* The messages of a shape, of one size. */
struct variants {
	size_t lengths[SEEDS];
	uint8_t *octets[SEEDS];
	size_t next;
};

struct measure {
	int verdict;
	size_t repeats;
	size_t rounds;
	uint64_t times[ROUNDS];
};

static int once(const struct peer *peer, int work, struct variants *variants)
{
	size_t turn = variants->next++ % SEEDS;
	const uint8_t *octets = variants->octets[turn];
	size_t length = variants->lengths[turn];
	static uint8_t found[ADDRESSES_MAX];
	unsigned sum = 0;

	switch (work) {
	case 0:
		return peer->decode(octets, length);
	case 1:
		return peer->addresses(octets, length, found);
	default:
		return peer->walk(octets, length, &sum);
	}
}

static void begin_measure(struct measure *measure, const struct peer *peer,
	int work, struct variants *variants)
{
	uint64_t start = bench_now_ns();
	uint64_t taken;

	measure->verdict = once(peer, work, variants);
	taken = bench_now_ns() - start;
	if (taken < SLOW_NS) {
		start = bench_now_ns();
		once(peer, work, variants);
		taken = bench_now_ns() - start;
	}
	measure->repeats = 1 + AT_LEAST_NS / (taken + 1);
	measure->rounds = taken < SLOW_NS ? ROUNDS : 0;
	measure->times[0] = taken;
}

static double microseconds(const struct measure *measure)
{
	uint64_t times[ROUNDS];
	size_t count = measure->rounds > 0 ? measure->rounds : 1;

	memcpy(times, measure->times, sizeof times);
	return (double)bench_median(times, count) / (double)measure->repeats /
		1000;
}

/* Of the least disturbed rounds: what else the machine does only adds. */
static double ratio(const struct measure *large, const struct measure *small)
{
	uint64_t least[2] = { large->times[0], small->times[0] };

	for (size_t i = 1; i < large->rounds; i++)
		if (large->times[i] < least[0])
			least[0] = large->times[i];
	for (size_t i = 1; i < small->rounds; i++)
		if (small->times[i] < least[1])
			least[1] = small->times[i];
	return (double)least[0] * (double)small->repeats /
		((double)least[1] * (double)large->repeats);
}

/* Peers walk when they check. */
static int works_of(size_t peer)
{
	return peer == 0 ? WORKS : WORKS - 1;
}

static void print_shape(
	const struct shape *shape, struct measure measures[PEERS][WORKS][SIZES])
{
	for (size_t p = 0; p < PEERS; p++) {
		printf("%s\t%s", shape->name, peers[p]->name);
		for (int w = 0; w < works_of(p); w++)
			printf("\t%s\t%.1f\t%.2f",
				measures[p][w][0].verdict < 0 ? "no" : "ok",
				microseconds(&measures[p][w][0]),
				ratio(&measures[p][w][0], &measures[p][w][1]));
		printf("\n");
	}
	fflush(stdout);
}

static void make_variants(
	const struct shape *shape, size_t size, struct variants *variants)
{
	variants->next = 0;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		variants->octets[seed] = malloc(size);
		variants->lengths[seed] =
			shape->make(variants->octets[seed], size, seed + 1);
	}
}

/* Rounds go through all peers and both sizes. */
static void time_shape(const struct shape *shape)
{
	static struct measure measures[PEERS][WORKS][SIZES];
	struct variants variants[SIZES];

	for (int s = 0; s < SIZES; s++)
		make_variants(shape, sizes[s], &variants[s]);
	for (size_t p = 0; p < PEERS; p++)
		for (int w = 0; w < works_of(p); w++)
			for (int s = 0; s < SIZES; s++)
				begin_measure(&measures[p][w][s], peers[p], w,
					&variants[s]);
	for (size_t i = 0; i < ROUNDS * PEERS * WORKS * SIZES; i++) {
		size_t round = i / (PEERS * WORKS * SIZES);
		size_t p = i / (WORKS * SIZES) % PEERS;
		int w = (int)(i / SIZES % WORKS);
		int s = (int)(i % SIZES);
		struct measure *measure = &measures[p][w][s];
		uint64_t start = bench_now_ns();

		if (w >= works_of(p) || round >= measure->rounds)
			continue;
		for (size_t k = 0; k < measure->repeats; k++)
			once(peers[p], w, &variants[s]);
		measure->times[round] = bench_now_ns() - start;
	}
	print_shape(shape, measures);
	for (int s = 0; s < SIZES; s++)
		for (int seed = 0; seed < SEEDS; seed++)
			free(variants[s].octets[seed]);
}

static int write_shape(const char *name, size_t size)
{
	static uint8_t octets[65535];

	for (size_t i = 0; i < shape_count; i++) {
		if (strcmp(shapes[i].name, name) != 0)
			continue;
		size = shapes[i].make(octets, size, 1);
		return fwrite(octets, 1, size, stdout) == size ? 0 : 1;
	}
	fprintf(stderr, "hostile: no such shape: %s\n", name);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return write_shape(argv[1],
			argc > 2 ? strtoul(argv[2], NULL, 10) : sizes[0]);
	for (size_t i = 0; i < shape_count; i++)
		time_shape(&shapes[i]);
	return 0;
}
