/* SPDX-License-Identifier: MIT */
#include "cli/bulk_tally.h"

static uint32_t time_of(unsigned index);

uint64_t tw_tally_done(const struct tw_tally *tally)
{
	return tally->answered + tally->no_data + tally->no_name +
		tally->failed;
}

uint32_t tw_tally_quantile_us(const struct tw_tally *tally, unsigned thousandth)
{
	uint64_t all = 0, so_far = 0;
	unsigned i;

	for (i = 0; i < TW_TALLY_TIMES; i++)
		all += tally->times[i];
	for (i = 0; i < TW_TALLY_TIMES && all > 0; i++) {
		so_far += tally->times[i];
		if (so_far * 1000 >= all * thousandth)
			return time_of(i + 1);
	}
	return 0;
}

uint64_t tw_tally_between(
	const struct tw_tally *tally, uint32_t least_us, uint32_t most_us)
{
	uint64_t count = 0;
	unsigned i;

	for (i = tw_tally_place(least_us); i < tw_tally_place(most_us); i++)
		count += tally->times[i];
	return count;
}

/* The least time of an index. */
static uint32_t time_of(unsigned index)
{
	unsigned doublings = index < 32 ? 0 : index / 16 - 1;

	return (uint32_t)((index - doublings * 16) << doublings);
}
