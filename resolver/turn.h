/* SPDX-License-Identifier: MIT */
/* Whom a lookup asks next, with what query, and how long it waits. */
#ifndef TW_TURN_H
#define TW_TURN_H

#include <trowel/engine.h>

#define TW_HEADER_SIZE 12
#define TW_OPTION_COOKIE 10

/* Of a server in this lookup: bits of engine->states. */
enum tw_state {
	TW_FAILED = 1, /* not to be asked again */
	TW_DUE = 2, /* to be asked again at once */
	TW_DUE_TCP = 4, /* likewise, by TCP */
	TW_NO_OPT = 8, /* to be asked without OPT */
	TW_DOUBT_CASE = 16, /* a reply was dropped for its letters' case */
	TW_DOUBT_COOKIE = 32, /* or for its cookie */
	TW_RENEWED = 64 /* BADCOOKIE has come */
};
#define TW_DOUBT (TW_DOUBT_CASE | TW_DOUBT_COOKIE)

/* Makes the attempt that is due now, if there is one. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns engine->count, engine->probe, engine->newest, engine->broken,
      engine->cookie_given, engine->mixed, engine->query_length,
      engine->turns[0 .. 31], engine->states[0 .. 31],
      engine->attempts[0 .. 31], engine->query[0 .. TROWEL_QUERY_SIZE - 1],
      engine->health[0 .. engine->policy.server_count - 1];
    ensures tw_engine_is_good(engine);
    ensures \result ==> engine->count == \old(engine->count) + 1; */
bool tw_turn_send(struct trowel_engine *engine, uint32_t elapsed);

/* Whether any turn is left. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing; */
bool tw_turn_is_left(const struct trowel_engine *engine);

/* When the newest attempt's time is over, since the start, where no other turn
 * comes after it. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing;
    ensures \result <= engine->policy.deadline_ms * 1000; */
uint32_t tw_turn_last_us(const struct trowel_engine *engine);

/* Whether any attempt is within its time, and can be answered. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing; */
bool tw_turn_is_awaited(const struct trowel_engine *engine);

/* When to look again, before that end: others may have learned by then how
 * long the server takes. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing;
    ensures \result <= engine->policy.deadline_ms * 1000; */
uint32_t tw_turn_look_us(const struct trowel_engine *engine, uint32_t elapsed);

/*@ requires \valid_read(engine) && tw_policy_is_good(&engine->policy);
    assigns \nothing;
    ensures \result == engine->policy.deadline_ms * 1000; */
static inline uint32_t tw_deadline_us(const struct trowel_engine *engine)
{
	return engine->policy.deadline_ms * 1000;
}

#endif
