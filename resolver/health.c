/* SPDX-License-Identifier: MIT */
#include "resolver/health.h"

#define SAMPLES_NEEDED 3
#define LEAST_WAIT_US 20000
#define FIRST_PROBE_US 1000000
#define LAST_PROBE_US 60000000
#define ODD_US 900000000

_Static_assert(sizeof(struct trowel_health) <= 96,
	"what is known of a server stays small");

bool tw_health_is_known(const struct trowel_health *health)
{
	return health->samples >= SAMPLES_NEEDED;
}

/* RFC 6298 2, but for its least second: a lost datagram costs one query, no
 * window. Under twice the usual time, replies that are only late would be asked
 * for again; a quarter less lets a loss cost under three times in all. TCP
 * takes two ways there and back. */
uint32_t tw_health_wait_us(
	const struct trowel_health *health, enum trowel_transport transport)
{
	uint32_t time = health->srtt_us + 4 * health->rttvar_us;
	uint32_t least = 2 * health->srtt_us - health->srtt_us / 4;

	if (!tw_health_is_known(health))
		return TW_FIRST_WAIT_US;
	if (time < least)
		time = least;
	if (time < LEAST_WAIT_US)
		time = LEAST_WAIT_US;
	if (transport == TROWEL_TCP && time < TW_FIRST_WAIT_US / 2)
		return TW_FIRST_WAIT_US;
	if (transport == TROWEL_TCP)
		time *= 2;
	return time < TW_LONGEST_WAIT_US ? time : TW_LONGEST_WAIT_US;
}

/* RFC 6298 2.2, 2.3 */
void tw_health_sample(struct trowel_health *health, uint32_t rtt_us)
{
	uint32_t rtt =
		rtt_us < TW_LONGEST_SAMPLE_US ? rtt_us : TW_LONGEST_SAMPLE_US;
	uint32_t srtt = health->srtt_us;
	uint32_t apart = rtt > srtt ? rtt - srtt : srtt - rtt;

	if (health->samples == 0) {
		health->srtt_us = rtt;
		health->rttvar_us = rtt / 2;
	} else {
		health->rttvar_us = (3 * health->rttvar_us + apart) / 4;
		health->srtt_us = (7 * srtt + rtt) / 8;
	}
	if (health->samples < UINT8_MAX)
		health->samples++;
	health->asked = 0;
}

/* Failures of lookups side by side count as one. */
void tw_health_failed(struct trowel_health *health, uint64_t now_us)
{
	uint64_t time = FIRST_PROBE_US;

	if (health->failures > 0 && now_us < health->probe_us)
		return;
	/*@ loop invariant 0 <= i <= health->failures;
	    loop invariant FIRST_PROBE_US <= time < 2 * LAST_PROBE_US;
	    loop assigns i, time;
	    loop variant health->failures - i; */
	for (unsigned i = 0; i < health->failures && time < LAST_PROBE_US; i++)
		time *= 2;
	health->probe_us =
		now_us + (time < LAST_PROBE_US ? time : LAST_PROBE_US);
	if (health->failures < UINT8_MAX)
		health->failures++;
}

bool tw_health_is_due(const struct trowel_health *health, uint64_t now_us)
{
	if (health->failures > 0)
		return now_us >= health->probe_us;
	return health->edns == TROWEL_EDNS_FAILS && now_us >= health->edns_us;
}

/* Failed, until its reply shows otherwise. */
void tw_health_probed(struct trowel_health *health, uint64_t now_us)
{
	if (health->failures > 0)
		tw_health_failed(health, now_us);
	else
		health->edns_us = now_us + LAST_PROBE_US;
}

/* Loss alone may look like this, and then the first probe shows it. A server
 * that is known to understand EDNS has disliked something else. */
void tw_health_edns_failed(
	struct trowel_health *health, bool refused, uint64_t now_us)
{
	if (health->edns == TROWEL_EDNS_FAILS ||
		(health->edns == TROWEL_EDNS_WORKS && refused))
		return;
	health->edns = TROWEL_EDNS_FAILS;
	health->edns_us = now_us + FIRST_PROBE_US;
}

void tw_health_is_odd(struct trowel_health *health, bool letters, bool cookies,
	uint64_t now_us)
{
	if (!letters && !cookies)
		return;
	if (now_us >= health->odd_us)
		health->odd_case = health->odd_cookie = false;
	health->odd_case |= letters;
	health->odd_cookie |= cookies;
	health->odd_us = now_us + ODD_US;
}
