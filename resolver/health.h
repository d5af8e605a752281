/* SPDX-License-Identifier: MIT */
/* What is known of a server: how long it takes, whether it answers, what it
 * cannot do. Pure: time is an argument. */
#ifndef TW_HEALTH_H
#define TW_HEALTH_H

#include <trowel/engine.h>

#define TW_FIRST_WAIT_US 400000
#define TW_LONGEST_WAIT_US 3000000
#define TW_LONGEST_SAMPLE_US 10000000

/*@ predicate tw_health_is_good(struct trowel_health *health) =
      \valid(health) && health->srtt_us <= TW_LONGEST_SAMPLE_US &&
      health->rttvar_us <= TW_LONGEST_SAMPLE_US; */

/* A time to which minutes can be added. */
/*@ predicate tw_is_time(integer time_us) = time_us <= INT64_MAX; */

/* Whether its time is known: from 3 samples on. */
/*@ requires \valid_read(health);
    assigns \nothing; */
bool tw_health_is_known(const struct trowel_health *health);

/* How long to wait for a first reply. */
/*@ requires tw_health_is_good(health);
    assigns \nothing;
    ensures 0 < \result <= TW_LONGEST_WAIT_US; */
uint32_t tw_health_wait_us(
	const struct trowel_health *health, enum trowel_transport transport);

/* A datagram took that long to be answered. */
/*@ requires tw_health_is_good(health);
    assigns health->srtt_us, health->rttvar_us, health->samples, health->asked;
    ensures tw_health_is_good(health); */
void tw_health_sample(struct trowel_health *health, uint32_t rtt_us);

/* Another server has answered what it has not. */
/*@ requires tw_health_is_good(health) && tw_is_time(now_us);
    assigns health->probe_us, health->failures;
    ensures tw_health_is_good(health); */
void tw_health_failed(struct trowel_health *health, uint64_t now_us);

/* Whether it is to be probed: for its failures, or else for EDNS. */
/*@ requires \valid_read(health);
    assigns \nothing; */
bool tw_health_is_due(const struct trowel_health *health, uint64_t now_us);

/* It is being probed, for one or the other. */
/*@ requires tw_health_is_good(health) && tw_is_time(now_us);
    assigns health->probe_us, health->failures, health->edns_us;
    ensures tw_health_is_good(health); */
void tw_health_probed(struct trowel_health *health, uint64_t now_us);

/* A query without OPT was answered, after others with it were not. `refused`:
 * they were answered with an error. */
/*@ requires tw_health_is_good(health) && tw_is_time(now_us);
    assigns health->edns, health->edns_us;
    ensures tw_health_is_good(health); */
void tw_health_edns_failed(
	struct trowel_health *health, bool refused, uint64_t now_us);

/* It gives letters, or cookies, back other than they were. */
/*@ requires tw_health_is_good(health) && tw_is_time(now_us);
    assigns health->odd_case, health->odd_cookie, health->odd_us;
    ensures tw_health_is_good(health); */
void tw_health_is_odd(struct trowel_health *health, bool letters, bool cookies,
	uint64_t now_us);

#endif
