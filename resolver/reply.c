/* SPDX-License-Identifier: MIT */
#include "resolver/reply.h"

#include "resolver/gate.h"
#include "resolver/health.h"
#include "resolver/turn.h"
#include "wire/cursor.h"

enum { BADVERS = 16, BADCOOKIE = 23 };

static void ask_by_tcp(struct trowel_engine *engine, uint8_t server);
static void sample(struct trowel_engine *engine, const struct tw_reply *reply);
static enum trowel_reason check_cookie(struct trowel_engine *engine,
	const struct trowel_attempt *asked,
	const struct trowel_message *message, uint32_t elapsed);
static enum trowel_verdict take_malformed(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message);
static enum trowel_verdict judge(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message);
static bool is_about_options(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, uint16_t rcode);
static bool is_lame(const struct trowel_engine *engine,
	const struct tw_reply *reply, uint16_t rcode);
static void learn(struct trowel_engine *engine, const struct tw_reply *reply,
	const struct trowel_message *message, bool good);
static enum trowel_verdict fail(
	struct trowel_engine *engine, uint8_t attempt, bool special);
static void drop_opt(
	struct trowel_engine *engine, const struct trowel_attempt *asked);
static void renew_cookie(
	struct trowel_engine *engine, const struct trowel_attempt *asked);
static unsigned rank(const struct trowel_attempt *attempt);

enum trowel_verdict tw_reply_drop(struct trowel_engine *engine, uint8_t attempt,
	enum trowel_reason reason)
{
	struct trowel_attempt *asked = engine->attempts + attempt;
	uint8_t *state;

	engine->reason = (uint8_t)reason;
	if (engine->done || attempt >= engine->count) /* 10.2 */
		return TROWEL_IGNORED;
	state = engine->states + asked->server;
	if (asked->ignored < UINT16_MAX)
		asked->ignored++;
	if (reason < TROWEL_DROPPED_OTHER_CASE ||
		reason > TROWEL_DROPPED_NO_COOKIE || asked->probe)
		return TROWEL_IGNORED;
	if (!(*state & TW_DOUBT)) /* 9.9 */
		ask_by_tcp(engine, asked->server);
	*state |= reason == TROWEL_DROPPED_OTHER_CASE ? TW_DOUBT_CASE
						      : TW_DOUBT_COOKIE;
	return TROWEL_IGNORED;
}

/* 3.1 */
enum trowel_verdict tw_reply_note_truncated(
	struct trowel_engine *engine, const struct tw_reply *reply)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;

	sample(engine, reply);
	engine->health[asked->server].failures = 0;
	if (engine->done)
		return tw_reply_drop(
			engine, reply->attempt, TROWEL_DROPPED_LATE);
	if (tw_is_settled(asked))
		return TROWEL_NOTED;
	tw_attempt_end(asked, TROWEL_ATTEMPT_TRUNCATED, reply->elapsed_us);
	if (!asked->probe)
		ask_by_tcp(engine, asked->server);
	return TROWEL_NOTED;
}

/* 3.2 */
static void ask_by_tcp(struct trowel_engine *engine, uint8_t server)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *other = engine->attempts + i;

		if (other->server == server && other->transport == TROWEL_TCP &&
			other->outcome == TROWEL_UNANSWERED)
			return;
	}
	engine->states[server] |= TW_DUE_TCP;
}

/* Every attempt has its own id and socket, so that each reply tells how long
 * it took (RFC 6298 3), a late one too. By TCP it took longer. */
static void sample(struct trowel_engine *engine, const struct tw_reply *reply)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;

	if (!asked->heard && asked->transport == TROWEL_UDP)
		tw_health_sample(engine->health + asked->server,
			reply->elapsed_us - asked->sent_us);
	asked->heard = true;
}

enum trowel_verdict tw_reply_read(struct trowel_engine *engine,
	const struct tw_reply *reply, struct trowel_message *message)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;
	struct trowel_message decoded;
	struct trowel_fault fault;
	enum trowel_reason reason = TROWEL_DROPPED_NOT;
	enum trowel_verdict verdict;

	trowel_message_decode(&decoded, reply->octets, reply->length, &fault);
	if (fault.status == TROWEL_OK)
		reason = check_cookie(
			engine, asked, &decoded, reply->elapsed_us);
	if (reason != TROWEL_DROPPED_NOT)
		return tw_reply_drop(engine, reply->attempt, reason);
	if (fault.status == TROWEL_OK ||
		(reply->truncated && decoded.octets != NULL)) /* 3.5 */
		verdict = judge(engine, reply, &decoded);
	else
		verdict = take_malformed(engine, reply, &decoded);
	if (asked->outcome == TROWEL_ATTEMPT_MALFORMED)
		asked->status = (uint8_t)fault.status;
	if (verdict != TROWEL_IGNORED && fault.status != TROWEL_OK)
		engine->fault = fault;
	if (verdict == TROWEL_CANDIDATE || verdict == TROWEL_FINAL)
		*message = decoded;
	return verdict;
}

/* 9.7: by TCP nobody else can have sent it. */
static enum trowel_reason check_cookie(struct trowel_engine *engine,
	const struct trowel_attempt *asked,
	const struct trowel_message *message, uint32_t elapsed)
{
	struct trowel_health *health = engine->health + asked->server;
	enum trowel_reason reason = tw_gate_cookie(asked, message, health);

	if (asked->transport == TROWEL_UDP)
		return reason;
	if (reason == TROWEL_DROPPED_NO_COOKIE)
		health->server_cookie_length = 0;
	else if (reason != TROWEL_DROPPED_NOT)
		tw_health_is_odd(
			health, false, true, engine->start_us + elapsed);
	return TROWEL_DROPPED_NOT;
}

/* 4.1, 4.3 */
static enum trowel_verdict take_malformed(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;

	if (engine->done)
		return tw_reply_drop(
			engine, reply->attempt, TROWEL_DROPPED_LATE);
	if (tw_is_settled(asked))
		return TROWEL_NOTED;
	tw_attempt_end(asked, TROWEL_ATTEMPT_MALFORMED, reply->elapsed_us);
	if (!engine->policy.keep_malformed || message->octets == NULL ||
		asked->probe)
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_FINAL;
}

/* 7.2 to 7.5 */
static enum trowel_verdict judge(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;
	uint16_t rcode = trowel_message_rcode(message);
	bool lame = is_lame(engine, reply, rcode);
	bool special = is_about_options(engine, asked, rcode);
	bool good = !lame && !special && !tw_is_failure(rcode);

	learn(engine, reply, message, good);
	if (engine->done)
		return tw_reply_drop(
			engine, reply->attempt, TROWEL_DROPPED_LATE);
	if (good || (engine->policy.any_rcode && !special)) {
		asked->rcode = rcode;
		tw_attempt_end(asked, TROWEL_ANSWERED, reply->elapsed_us);
		engine->best = reply->attempt;
		return TROWEL_FINAL;
	}
	if (tw_is_settled(asked))
		return TROWEL_NOTED;
	asked->rcode = rcode;
	tw_attempt_end(asked,
		lame ? TROWEL_ATTEMPT_LAME : TROWEL_ATTEMPT_FAILED,
		reply->elapsed_us);
	return asked->probe ? TROWEL_NOTED
			    : fail(engine, reply->attempt, special);
}

/* 9.1, 9.8: of a query without OPT or cookie it would not be said. */
static bool is_about_options(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, uint16_t rcode)
{
	if (rcode == BADCOOKIE)
		return asked->cookie;
	return engine->edns_fallback && asked->edns &&
		(rcode == TW_FORMERR || rcode == TW_NOTIMP || rcode == BADVERS);
}

/* 7.3 */
static bool is_lame(const struct trowel_engine *engine,
	const struct tw_reply *reply, uint16_t rcode)
{
	unsigned flags = tw_u16_at(reply->octets, 2);
	unsigned answers = tw_u16_at(reply->octets, 6);

	return rcode == 0 && answers == 0 &&
		(flags & (TROWEL_RA | TROWEL_AA | TROWEL_TC)) == 0 &&
		(tw_u16_at(engine->query, 2) & TROWEL_RD) != 0;
}

/* Of the server, for this lookup and those after it. */
static void learn(struct trowel_engine *engine, const struct tw_reply *reply,
	const struct trowel_message *message, bool good)
{
	const struct trowel_attempt *asked = engine->attempts + reply->attempt;
	struct trowel_health *health = engine->health + asked->server;
	unsigned state = engine->states[asked->server];
	uint64_t now_us = engine->start_us + reply->elapsed_us;

	sample(engine, reply);
	if (asked->transport == TROWEL_TCP &&
		message->counts[TROWEL_QUESTION] > 0 &&
		tw_gate_case_differs(engine, asked, reply->octets)) /* 9.10 */
		tw_health_is_odd(health, true, false, now_us);
	if (!good)
		return;
	health->failures = 0; /* 8.3 */
	if (asked->edns && message->edns.present)
		health->edns = TROWEL_EDNS_WORKS;
	else if (asked->edns && health->edns == TROWEL_EDNS_FAILS)
		health->edns = TROWEL_EDNS_UNKNOWN;
	else if (!asked->edns && engine->edns_fallback) /* 9.4 */
		tw_health_edns_failed(health, (state & TW_NO_OPT) != 0, now_us);
	if (asked->transport == TROWEL_UDP && (state & TW_DOUBT)) /* 9.10 */
		tw_health_is_odd(health,
			(state & TW_DOUBT_CASE) && !asked->mixed,
			(state & TW_DOUBT_COOKIE) && !asked->cookie, now_us);
}

/* The server has failed, or can be asked in another way. The reply may be the
 * best so far. */
static enum trowel_verdict fail(
	struct trowel_engine *engine, uint8_t attempt, bool special)
{
	const struct trowel_attempt *asked = engine->attempts + attempt;

	if (special && asked->rcode == BADCOOKIE)
		renew_cookie(engine, asked);
	else if (special)
		drop_opt(engine, asked);
	else
		engine->states[asked->server] |= TW_FAILED;
	if (engine->best < engine->count &&
		rank(asked) <= rank(engine->attempts + engine->best))
		return TROWEL_NOTED;
	engine->best = attempt;
	return TROWEL_CANDIDATE;
}

/* 9.1, 9.2 */
static void drop_opt(
	struct trowel_engine *engine, const struct trowel_attempt *asked)
{
	uint8_t *state = engine->states + asked->server;

	if (!(*state & TW_NO_OPT))
		*state |= TW_NO_OPT | TW_DUE;
}

/* 9.8 */
static void renew_cookie(
	struct trowel_engine *engine, const struct trowel_attempt *asked)
{
	struct trowel_health *health = engine->health + asked->server;
	uint8_t *state = engine->states + asked->server;

	if (asked->transport == TROWEL_TCP) {
		tw_health_is_odd(health, false, true,
			engine->start_us + asked->ended_us);
		*state |= TW_DUE;
	} else if (*state & TW_RENEWED) {
		*state |= TW_DOUBT_COOKIE;
		ask_by_tcp(engine, asked->server);
	} else {
		*state |= TW_RENEWED | TW_DUE;
	}
}

/* 7.4 */
static unsigned rank(const struct trowel_attempt *attempt)
{
	if (attempt->outcome == TROWEL_ATTEMPT_LAME)
		return 0;
	if (attempt->rcode == TW_SERVFAIL)
		return 3;
	return attempt->rcode == TW_REFUSED ? 2 : 1;
}

bool tw_is_settled(const struct trowel_attempt *attempt)
{
	return attempt->outcome == TROWEL_ATTEMPT_TRUNCATED ||
		attempt->outcome == TROWEL_ATTEMPT_FAILED ||
		attempt->outcome == TROWEL_ATTEMPT_LAME;
}
