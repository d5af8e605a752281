/* SPDX-License-Identifier: MIT */
/*
 * A resolver's round trip time tells little of how busy it is: a name that it
 * knows takes microseconds, another a second. What tells is whether more at once
 * give more answers a second, and fewer do not give fewer. What it answers in a
 * moment may be there at once anyway: many in one batch cost both sides less.
 */
#include "cli/bulk_window.h"

#define LEAST_ROUND_US 10000
#define REST_ROUNDS 16
#define MOMENTS 500 /* in a second */
#define SECOND_NS 1000000000U
#define BURST_NS 20000000U /* what may be saved up */

static bool is_burst(struct tw_window *window, uint32_t ended);
static void shrink(struct tw_window *window);
static bool has_paid(const struct tw_window *window, uint64_t rate);
static void go_back(struct tw_window *window);
static void probe(struct tw_window *window, uint32_t rate);

void tw_window_init(
	struct tw_window *window, uint32_t most, uint32_t rate, uint64_t now_us)
{
	*window = (struct tw_window){ .most = most,
		.size = most < TW_WINDOW_FIRST ? most : TW_WINDOW_FIRST,
		.is_fast = true,
		.began_us = now_us,
		.paced_us = now_us };
	if (rate > 0)
		window->pace_ns = SECOND_NS / rate;
	window->credit_ns = window->pace_ns;
}

void tw_window_adjust(struct tw_window *window, uint64_t now_us)
{
	uint32_t ended = window->answered + window->lost;
	uint64_t took_us = now_us - window->began_us;
	uint64_t rate;

	if (ended < window->size || took_us < LEAST_ROUND_US)
		return;
	rate = window->answered * (uint64_t)1000000 / took_us;
	if (is_burst(window, ended))
		shrink(window);
	else if (window->probe != 0 && !has_paid(window, rate))
		go_back(window);
	else if (window->probe < 0 || window->rest == 0)
		probe(window, (uint32_t)rate);
	else
		window->rest--;
	window->rate = (uint32_t)rate;
	window->is_used = false;
	window->answered = window->lost = 0;
	window->began_us = now_us;
}

/* Some names have servers that do not answer or are broken, and a list may have
 * many of them: it is more than an eighth and twice what is usual that tells. */
static bool is_burst(struct tw_window *window, uint32_t ended)
{
	uint32_t part = (uint32_t)((uint64_t)window->lost * 255 / ended);
	bool is_many = part > 32U + 2U * window->usual;

	window->usual = (uint8_t)((7U * window->usual + part + 7) / 8);
	return is_many;
}

static void shrink(struct tw_window *window)
{
	window->size /= 2;
	if (window->size < TW_WINDOW_LEAST)
		window->size = TW_WINDOW_LEAST;
	if (window->size > window->most)
		window->size = window->most;
	window->probe = 0;
	window->is_fast = window->is_down = false;
	window->rest = 1;
}

/* More have to bring an eighth more a second, fewer may cost a sixteenth. */
static bool has_paid(const struct tw_window *window, uint64_t rate)
{
	if (window->probe > 0)
		return rate >= window->rate + window->rate / 8 ||
			(window->is_fast && window->before < rate / MOMENTS);
	return rate >= window->rate - window->rate / 16;
}

static void go_back(struct tw_window *window)
{
	window->size = window->before;
	window->is_down = window->probe > 0;
	window->is_fast = false;
	window->probe = 0;
	window->rest = REST_ROUNDS;
}

static void probe(struct tw_window *window, uint32_t rate)
{
	uint32_t step = window->is_fast ? window->size : window->size / 4;
	uint32_t size = window->size;

	window->before = size;
	window->probe = 0;
	if (window->is_down) {
		size -= step;
		if (size < TW_WINDOW_FIRST || size < rate / MOMENTS) {
			window->is_down = false;
			return;
		}
		window->probe = -1;
	} else if (window->is_used) {
		size = step < window->most - size ? size + step : window->most;
		window->probe = size > window->size;
	}
	window->size = size;
}

uint32_t tw_window_allow(
	struct tw_window *window, uint32_t wanted, uint64_t now_us)
{
	uint64_t most = BURST_NS, count;

	if (window->pace_ns == 0)
		return wanted;
	if (most < window->pace_ns)
		most = window->pace_ns;
	window->credit_ns += (now_us - window->paced_us) * 1000;
	window->paced_us = now_us;
	if (window->credit_ns > most)
		window->credit_ns = most;
	count = window->credit_ns / window->pace_ns;
	if (count > wanted)
		count = wanted;
	return (uint32_t)count;
}

void tw_window_spend(
	struct tw_window *window, uint32_t count, uint32_t in_flight)
{
	if (in_flight * 4 >= window->size * 3)
		window->is_used = true;
	window->credit_ns -= (uint64_t)count * window->pace_ns;
}

uint64_t tw_window_allow_us(const struct tw_window *window)
{
	if (window->credit_ns >= window->pace_ns)
		return 0;
	return window->paced_us + (window->pace_ns - window->credit_ns) / 1000 +
		1;
}
