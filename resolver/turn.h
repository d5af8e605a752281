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
bool tw_turn_send(struct trowel_engine *engine, uint32_t elapsed);

/* Whether any turn is left. */
bool tw_turn_is_left(const struct trowel_engine *engine);

/* When the newest attempt's time is over, since the start, where no other turn
 * comes after it. */
uint32_t tw_turn_last_us(const struct trowel_engine *engine);

/* Whether any attempt is within its time, and can be answered. */
bool tw_turn_is_awaited(const struct trowel_engine *engine);

/* When to look again, before that end: others may have learned by then how
 * long the server takes. */
uint32_t tw_turn_look_us(const struct trowel_engine *engine, uint32_t elapsed);

static inline uint32_t tw_deadline_us(const struct trowel_engine *engine)
{
	return engine->policy.deadline_ms * 1000;
}

#endif
