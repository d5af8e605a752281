/* SPDX-License-Identifier: MIT */
/* How long lookups take, to the microsecond, on a network that only delays and
 * loses; each lookup of a kind is made many times, with other chances. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario.h"
#include "tests/simulate.h"

#define MOST 1000
#define ROUNDS 21

struct network {
	unsigned rtt_us;
	unsigned lost; /* of 100 queries */
	unsigned lost_first; /* queries of each lookup */
	bool first_is_dead;
	bool drops_edns;
};

struct run {
	struct trowel_engine engine;
	uint64_t start_us;
	uint64_t until_us; /* when the engine is to be called again */
	uint64_t arrivals_us[TROWEL_ATTEMPTS_MAX]; /* 0: none */
	uint64_t took_us;
	bool done;
	bool answered;
};

static struct run runs[MOST];
static struct world chance; /* its clock, and what is known, too */
static uint64_t times_us[ROUNDS * MOST];
static size_t time_count;
static unsigned failures;
static unsigned right, wrong; /* targets */

static void forget(uint64_t seed)
{
	memset(&chance, 0, sizeof(chance));
	chance.state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
	chance.now_us = SECOND_US;
	for (unsigned i = 0; i < 8; i++)
		draw(&chance, 2);
}

static void start(struct run *run, unsigned servers)
{
	static const char name[] = "www.example.com";
	struct trowel_policy policy = { .server_count = (uint8_t)servers,
		.edns_fallback = true,
		.deadline_ms = 10000 };
	struct trowel_query query = { .type = 1,
		.class_code = 1,
		.flags = TROWEL_RD,
		.edns = true,
		.udp_size = TROWEL_EDNS_SIZE };
	uint8_t random[TROWEL_RANDOM_SIZE];
	size_t at;

	trowel_name_parse(name, strlen(name), &query.name, &at);
	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)draw(&chance, 256);
	memset(run, 0, sizeof(*run));
	run->start_us = run->until_us = chance.now_us;
	trowel_engine_start(&run->engine, &policy, &query, chance.health,
		chance.now_us, random);
}

static void send(
	struct run *run, const struct network *network, uint8_t attempt)
{
	const struct trowel_attempt *asked = &run->engine.attempts[attempt];

	if (attempt < network->lost_first || happens(&chance, network->lost) ||
		(network->first_is_dead && asked->server == 0) ||
		(network->drops_edns && asked->edns))
		return;
	run->arrivals_us[attempt] = chance.now_us + network->rtt_us;
}

static void step(struct run *run, const struct network *network)
{
	struct trowel_action action;

	do {
		action = trowel_engine_next(&run->engine, chance.now_us);
		if (action.kind == TROWEL_SEND)
			send(run, network, action.attempt);
	} while (action.kind == TROWEL_SEND);
	run->until_us = action.until_us;
	if (action.kind == TROWEL_WAIT)
		return;
	run->done = true;
	run->answered = action.status == TROWEL_OK;
	run->took_us = chance.now_us - run->start_us;
}

static void receive(struct run *run)
{
	for (uint8_t i = 0; i < run->engine.count; i++) {
		struct scenario_reply good;
		uint8_t octets[SCENARIO_REPLY_SIZE];
		struct trowel_message message;

		if (run->arrivals_us[i] == 0 ||
			run->arrivals_us[i] > chance.now_us)
			continue;
		run->arrivals_us[i] = 0;
		good = scenario_good_reply(&run->engine, i);
		good.edns = run->engine.attempts[i].edns;
		trowel_engine_receive(&run->engine, i, octets,
			scenario_encode(&good, octets), false, chance.now_us,
			&message);
	}
}

static uint64_t next_us(const struct run *run)
{
	uint64_t next = run->until_us;

	for (uint8_t i = 0; i < run->engine.count; i++) {
		if (run->arrivals_us[i] != 0 && run->arrivals_us[i] < next)
			next = run->arrivals_us[i];
	}
	return next;
}

/* Lookups side by side, to the end of all; their times are added. */
static void look_up(
	const struct network *network, unsigned servers, unsigned count)
{
	struct run *next = NULL;

	for (unsigned i = 0; i < count; i++) {
		start(&runs[i], servers);
		step(&runs[i], network);
	}
	do {
		next = NULL;
		for (unsigned i = 0; i < count; i++) {
			if (!runs[i].done &&
				(next == NULL ||
					next_us(&runs[i]) < next_us(next)))
				next = &runs[i];
		}
		if (next == NULL)
			break;
		chance.now_us = next_us(next);
		receive(next);
		step(next, network);
	} while (true);
	for (unsigned i = 0; i < count; i++) {
		times_us[time_count++] = runs[i].took_us;
		failures += !runs[i].answered;
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void judge(bool good)
{
	if (good)
		right++;
	else
		wrong++;
	printf("%s: ", good ? "passed" : "FAILED");
}

/* The time that `percent` of the lookups took at most. */
static void report(const char *what, unsigned percent, unsigned most_us)
{
	uint64_t time;

	qsort(times_us, time_count, sizeof(times_us[0]), compare);
	time = times_us[(time_count - 1) * percent / 100];
	judge(time <= most_us);
	printf("%s: p%u %.3f ms, at most %.3f\n", what, percent,
		(double)time / 1000, most_us / 1000.0);
}

/* And forgets their times. */
static void report_failures(const char *what)
{
	judge(failures == 0);
	printf("%s: %u of %zu failed\n", what, failures, time_count);
	time_count = 0;
	failures = 0;
}

/* Of a server that nobody has asked, or that 20 lookups have asked before. */
static void check_loss(const char *what, struct network network,
	unsigned before, unsigned most_us)
{
	struct network calm = { .rtt_us = network.rtt_us };

	for (unsigned i = 0; i < ROUNDS * 10; i++) {
		forget(i);
		for (unsigned k = 0; k < before; k++)
			look_up(&calm, 1, 1);
		time_count -= before;
		look_up(&network, 1, 1);
	}
	report(what, 50, most_us);
	report_failures(what);
}

/* The first lookup, and the next hundred. */
static void check_first_and_next(const char *what, struct network network,
	unsigned servers, unsigned most_us)
{
	static uint64_t next_us[ROUNDS * 100];
	size_t count = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		forget(i);
		look_up(&network, servers, 1);
		for (unsigned k = 0; k < 100; k++) {
			chance.now_us += draw(&chance, 2000000);
			look_up(&network, servers, 1);
			next_us[count++] = times_us[--time_count];
		}
	}
	report(what, 50, most_us);
	memcpy(times_us, next_us, count * sizeof(next_us[0]));
	time_count = count;
	report("  and the next hundred, each", 100, network.rtt_us);
	report_failures(what);
}

static void check_lossy(void)
{
	struct network network = { .rtt_us = 20000, .lost = 10 };

	for (unsigned i = 0; i < ROUNDS; i++) {
		forget(i);
		for (unsigned k = 0; k < MOST; k++)
			look_up(&network, 1, 1);
	}
	report("20 ms, 10 % lost, one after another", 95, 75000);
	report("20 ms, 10 % lost, one after another", 99, 160000);
	report_failures("20 ms, 10 % lost, one after another");
	for (unsigned i = 0; i < ROUNDS; i++) {
		forget(i);
		look_up(&network, 1, MOST);
	}
	report("20 ms, 10 % lost, 1,000 at once", 99, 300000);
	report_failures("20 ms, 10 % lost, 1,000 at once");
}

static void check_silence(void)
{
	struct network network = { .lost = 100 };

	forget(1);
	look_up(&network, 3, 1);
	report("all silent: the deadline", 100, 10000000);
	judge(failures == 1 && times_us[0] == 10000000);
	printf("all silent: and no earlier\n");
	time_count = 0;
	failures = 0;
}

void check_targets(unsigned *passed, unsigned *missed)
{
	check_loss("one lost, new server, 20 ms",
		(struct network){ .rtt_us = 20000, .lost_first = 1 }, 0,
		450000);
	check_loss("two lost, new server, 20 ms",
		(struct network){ .rtt_us = 20000, .lost_first = 2 }, 0,
		1300000);
	check_loss("one lost, known server, 20 ms",
		(struct network){ .rtt_us = 20000, .lost_first = 1 }, 20,
		3 * 20000);
	check_loss("one lost, known server, 150 ms",
		(struct network){ .rtt_us = 150000, .lost_first = 1 }, 20,
		3 * 150000);
	check_first_and_next("first of two servers dead, 20 ms",
		(struct network){ .rtt_us = 20000, .first_is_dead = true }, 2,
		450000);
	check_first_and_next("EDNS dropped silently, 20 ms",
		(struct network){ .rtt_us = 20000, .drops_edns = true }, 1,
		1500000);
	check_lossy();
	check_silence();
	*passed += right;
	*missed += wrong;
}
