/* SPDX-License-Identifier: MIT */
#include "resolver/health.h"

#include "tests/check.h"

#define NOW_US UINT64_C(5000000000)
#define SECOND_US 1000000

static void health_waits_as_long_as_a_server_needs(void)
{
	static const struct {
		const char *why;
		uint8_t samples;
		uint32_t srtt_us;
		uint32_t rttvar_us;
		enum trowel_transport transport;
		uint32_t wait_us;
	} rows[] = {
		{ "unknown", 0, 0, 0, TROWEL_UDP, 400000 },
		{ "unknown, TCP", 0, 0, 0, TROWEL_TCP, 400000 },
		{ "two samples", 2, 1000, 10, TROWEL_UDP, 400000 },
		{ "it varies", 3, 30000, 10000, TROWEL_UDP, 70000 },
		{ "it does not vary", 3, 80000, 0, TROWEL_UDP, 140000 },
		{ "it varies a little", 3, 80000, 15000, TROWEL_UDP, 140000 },
		{ "it is fast", 255, 100, 10, TROWEL_UDP, 20000 },
		{ "it is fast, TCP", 255, 100, 10, TROWEL_TCP, 400000 },
		{ "below 200 ms, TCP", 3, 99999, 25000, TROWEL_TCP, 400000 },
		{ "over 200 ms, TCP", 3, 100000, 25001, TROWEL_TCP, 400008 },
		{ "slow", 3, 2000000, 249999, TROWEL_UDP, 3000000 },
		{ "slow, TCP", 3, 1000000, 200000, TROWEL_TCP, 3000000 },
		{ "as slow as can be", 9, 10000000, 10000000, TROWEL_UDP,
			3000000 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_health health = { .samples = rows[i].samples,
			.srtt_us = rows[i].srtt_us,
			.rttvar_us = rows[i].rttvar_us };

		CU_ASSERT_EQUAL(tw_health_wait_us(&health, rows[i].transport),
			rows[i].wait_us);
		CU_ASSERT_EQUAL(
			tw_health_is_known(&health), rows[i].samples >= 3);
	}
}

/* The variation wears off, and nothing else is left. */
static void health_comes_to_rest_at_a_steady_time(void)
{
	struct trowel_health health = { .asked = 3 };

	tw_health_sample(&health, 80000);
	CU_ASSERT_EQUAL(health.srtt_us, 80000);
	CU_ASSERT_EQUAL(health.rttvar_us, 40000);
	CU_ASSERT_EQUAL(health.asked, 0);
	for (unsigned i = 0; i < 300; i++)
		tw_health_sample(&health, 80000);
	CU_ASSERT_EQUAL(health.samples, 255);
	CU_ASSERT_EQUAL(health.srtt_us, 80000);
	CU_ASSERT(health.rttvar_us < 4);
	CU_ASSERT_EQUAL(tw_health_wait_us(&health, TROWEL_UDP), 140000);
}

static void health_follows_a_time_that_changes(void)
{
	struct trowel_health health = { 0 };
	unsigned i = 0;

	while (i++ < 20)
		tw_health_sample(&health, 10000);
	tw_health_sample(&health, 500000);
	CU_ASSERT(tw_health_wait_us(&health, TROWEL_UDP) > 500000);
	for (i = 0; i < 40; i++)
		tw_health_sample(&health, 10000);
	CU_ASSERT(tw_health_wait_us(&health, TROWEL_UDP) < 30000);
}

static void health_bears_a_sample_of_an_hour(void)
{
	struct trowel_health health = { 0 };

	for (unsigned i = 0; i < 50; i++) {
		tw_health_sample(&health, UINT32_MAX);
		tw_health_sample(&health, 0);
	}
	CU_ASSERT(health.srtt_us <= 10000000);
	CU_ASSERT(health.rttvar_us <= 10000000);
	CU_ASSERT_EQUAL(tw_health_wait_us(&health, TROWEL_UDP), 3000000);
}

/* 1 s, then twice as long each time, to a minute. */
static void health_probes_less_and_less(void)
{
	static const unsigned delays_s[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	struct trowel_health health = { 0 };
	uint64_t now_us = NOW_US;

	CU_ASSERT_FALSE(tw_health_is_due(&health, now_us));
	for (size_t i = 0; i < CHECK_COUNT(delays_s); i++) {
		uint64_t delay_us = (uint64_t)delays_s[i] * SECOND_US;

		if (i == 0)
			tw_health_failed(&health, now_us);
		else
			tw_health_probed(&health, now_us);
		CU_ASSERT_EQUAL(health.failures, i + 1);
		CU_ASSERT_FALSE(
			tw_health_is_due(&health, now_us + delay_us - 1));
		CU_ASSERT(tw_health_is_due(&health, now_us + delay_us));
		now_us += delay_us;
	}
}

static void health_counts_failures_side_by_side_once(void)
{
	struct trowel_health health = { 0 };

	for (unsigned i = 0; i < 100; i++)
		tw_health_failed(&health, NOW_US + i);
	CU_ASSERT_EQUAL(health.failures, 1);
	CU_ASSERT_EQUAL(health.probe_us, NOW_US + SECOND_US);
	tw_health_failed(&health, NOW_US + SECOND_US);
	CU_ASSERT_EQUAL(health.failures, 2);
}

static void health_failures_do_not_run_over(void)
{
	struct trowel_health health = { 0 };
	uint64_t now_us = NOW_US;

	for (unsigned i = 0; i < 1000; i++) {
		now_us += 60 * (uint64_t)SECOND_US;
		tw_health_failed(&health, now_us);
	}
	CU_ASSERT_EQUAL(health.failures, 255);
}

static void health_learns_that_edns_fails(void)
{
	static const struct {
		const char *why;
		enum trowel_edns_support before;
		bool refused;
		enum trowel_edns_support after;
	} rows[] = {
		{ "silence", TROWEL_EDNS_UNKNOWN, false, TROWEL_EDNS_FAILS },
		{ "FORMERR", TROWEL_EDNS_UNKNOWN, true, TROWEL_EDNS_FAILS },
		{ "silence of one that knew it", TROWEL_EDNS_WORKS, false,
			TROWEL_EDNS_FAILS },
		{ "FORMERR of one that knows it", TROWEL_EDNS_WORKS, true,
			TROWEL_EDNS_WORKS },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct trowel_health health = {
			.edns = (uint8_t)rows[i].before
		};
		bool fails = rows[i].after == TROWEL_EDNS_FAILS;

		tw_health_edns_failed(&health, rows[i].refused, NOW_US);
		CU_ASSERT_EQUAL(health.edns, rows[i].after);
		CU_ASSERT_FALSE(
			tw_health_is_due(&health, NOW_US + SECOND_US - 1));
		CU_ASSERT_EQUAL(
			tw_health_is_due(&health, NOW_US + SECOND_US), fails);
	}
}

/* The time of the next probe is not put off by each lookup without OPT. */
static void health_probes_for_edns_once_a_minute(void)
{
	struct trowel_health health = { 0 };

	tw_health_edns_failed(&health, false, NOW_US);
	tw_health_edns_failed(&health, false, NOW_US + SECOND_US / 2);
	CU_ASSERT(tw_health_is_due(&health, NOW_US + SECOND_US));
	tw_health_probed(&health, NOW_US + SECOND_US);
	CU_ASSERT_EQUAL(health.failures, 0);
	CU_ASSERT_FALSE(tw_health_is_due(
		&health, NOW_US + UINT64_C(61) * SECOND_US - 1));
	CU_ASSERT(tw_health_is_due(&health, NOW_US + UINT64_C(61) * SECOND_US));
}

static void health_probes_a_dead_server_for_its_life_first(void)
{
	struct trowel_health health = { 0 };

	tw_health_edns_failed(&health, false, NOW_US);
	tw_health_failed(&health, NOW_US + SECOND_US);
	CU_ASSERT_FALSE(tw_health_is_due(&health, NOW_US + SECOND_US));
	CU_ASSERT(tw_health_is_due(&health, NOW_US + 2 * SECOND_US));
	tw_health_probed(&health, NOW_US + 2 * SECOND_US);
	CU_ASSERT_EQUAL(health.failures, 2);
	CU_ASSERT_EQUAL(health.edns_us, NOW_US + SECOND_US);
}

static void health_remembers_what_is_odd_for_a_quarter_of_an_hour(void)
{
	struct trowel_health health = { 0 };
	uint64_t later_us = NOW_US + UINT64_C(900) * SECOND_US;

	tw_health_is_odd(&health, true, false, NOW_US);
	CU_ASSERT(health.odd_case && !health.odd_cookie);
	tw_health_is_odd(&health, false, true, NOW_US);
	CU_ASSERT(health.odd_case && health.odd_cookie);
	CU_ASSERT_EQUAL(health.odd_us, later_us);
	tw_health_is_odd(&health, true, false, later_us);
	CU_ASSERT(health.odd_case && !health.odd_cookie);
}

static const struct check_case cases[] = {
	CHECK_CASE(health_waits_as_long_as_a_server_needs),
	CHECK_CASE(health_comes_to_rest_at_a_steady_time),
	CHECK_CASE(health_follows_a_time_that_changes),
	CHECK_CASE(health_bears_a_sample_of_an_hour),
	CHECK_CASE(health_probes_less_and_less),
	CHECK_CASE(health_counts_failures_side_by_side_once),
	CHECK_CASE(health_failures_do_not_run_over),
	CHECK_CASE(health_learns_that_edns_fails),
	CHECK_CASE(health_probes_for_edns_once_a_minute),
	CHECK_CASE(health_probes_a_dead_server_for_its_life_first),
	CHECK_CASE(health_remembers_what_is_odd_for_a_quarter_of_an_hour),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
