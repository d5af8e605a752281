/* SPDX-License-Identifier: MIT */
#include "resolver/reply.h"

#include "resolver/attempt.h"
#include "resolver/gate.h"
#include "resolver/health.h"
#include "resolver/turn.h"
#include "wire/cursor.h"

enum { BADVERS = 16, BADCOOKIE = 23 };

static void end_attempt(
	const struct tw_reply *reply, enum trowel_outcome outcome);
static void ask_by_tcp(
	const struct trowel_engine *engine, const struct tw_reply *reply);
static void sample(const struct tw_reply *reply);
static enum trowel_reason check_cookie(
	const struct tw_reply *reply, const struct trowel_message *message);
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
static enum trowel_verdict fail(struct trowel_engine *engine,
	const struct tw_reply *reply, bool special);
static void renew_cookie(
	const struct trowel_engine *engine, const struct tw_reply *reply);
static unsigned rank(const struct trowel_attempt *attempt);

enum trowel_verdict tw_reply_drop(struct trowel_engine *engine,
	const struct tw_reply *reply, enum trowel_reason reason)
{
	engine->reason = (uint8_t)reason;
	if (engine->done || reply->attempt >= engine->count) /* 10.2 */
		return TROWEL_IGNORED;
	if (reply->asked->ignored < UINT16_MAX)
		reply->asked->ignored++;
	if (reason < TROWEL_DROPPED_OTHER_CASE ||
		reason > TROWEL_DROPPED_NO_COOKIE || reply->asked->probe)
		return TROWEL_IGNORED;
	if (!(*reply->state & TW_DOUBT)) /* 9.9 */
		ask_by_tcp(engine, reply);
	*reply->state |= reason == TROWEL_DROPPED_OTHER_CASE ? TW_DOUBT_CASE
							     : TW_DOUBT_COOKIE;
	return TROWEL_IGNORED;
}

/* 3.1 */
enum trowel_verdict tw_reply_note_truncated(
	struct trowel_engine *engine, const struct tw_reply *reply)
{
	sample(reply);
	reply->health->failures = 0;
	if (engine->done)
		return tw_reply_drop(engine, reply, TROWEL_DROPPED_LATE);
	if (tw_attempt_is_settled(reply->asked))
		return TROWEL_NOTED;
	end_attempt(reply, TROWEL_ATTEMPT_TRUNCATED);
	if (!reply->asked->probe)
		ask_by_tcp(engine, reply);
	return TROWEL_NOTED;
}

static void end_attempt(
	const struct tw_reply *reply, enum trowel_outcome outcome)
{
	tw_attempt_end(reply->asked, outcome, reply->elapsed_us);
}

/* 3.2 */
static void ask_by_tcp(
	const struct trowel_engine *engine, const struct tw_reply *reply)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *other = engine->attempts + i;

		if (other->server == reply->asked->server &&
			other->transport == TROWEL_TCP &&
			other->outcome == TROWEL_UNANSWERED)
			return;
	}
	*reply->state |= TW_DUE_TCP;
}

/* 6.6: every attempt has its own id and socket, so that each reply tells how long
 * it took (RFC 6298 3), a late one too. By TCP it took longer. */
static void sample(const struct tw_reply *reply)
{
	struct trowel_attempt *asked = reply->asked;

	if (!asked->heard && asked->transport == TROWEL_UDP)
		tw_health_sample(
			reply->health, reply->elapsed_us - asked->sent_us);
	asked->heard = true;
}

enum trowel_verdict tw_reply_read(struct trowel_engine *engine,
	const struct tw_reply *reply, struct trowel_message *message)
{
	struct trowel_message decoded;
	struct trowel_fault fault;
	enum trowel_reason reason = TROWEL_DROPPED_NOT;
	enum trowel_verdict verdict;

	trowel_message_decode(&decoded, reply->octets, reply->length, &fault);
	if (fault.status == TROWEL_OK)
		reason = check_cookie(reply, &decoded);
	if (reason != TROWEL_DROPPED_NOT)
		return tw_reply_drop(engine, reply, reason);
	if (fault.status == TROWEL_OK ||
		(reply->truncated && decoded.octets != NULL)) /* 3.5 */
		verdict = judge(engine, reply, &decoded);
	else
		verdict = take_malformed(engine, reply, &decoded);
	if (verdict != TROWEL_IGNORED && fault.status != TROWEL_OK) {
		reply->asked->status = (uint8_t)fault.status;
		engine->fault = fault;
	}
	if (verdict >= TROWEL_CANDIDATE)
		*message = decoded;
	return verdict;
}

/* 9.7: by TCP nobody else can have sent it. */
static enum trowel_reason check_cookie(
	const struct tw_reply *reply, const struct trowel_message *message)
{
	struct trowel_health *health = reply->health;
	enum trowel_reason reason =
		tw_gate_cookie(reply->asked, message, health);

	if (reply->asked->transport == TROWEL_UDP)
		return reason;
	if (reason == TROWEL_DROPPED_NO_COOKIE)
		health->server_cookie_length = 0;
	else if (reason != TROWEL_DROPPED_NOT)
		tw_health_is_odd(health, false, true, reply->now_us);
	return TROWEL_DROPPED_NOT;
}

/* 4.1, 4.3 */
static enum trowel_verdict take_malformed(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message)
{
	if (engine->done)
		return tw_reply_drop(engine, reply, TROWEL_DROPPED_LATE);
	if (tw_attempt_is_settled(reply->asked))
		return TROWEL_NOTED;
	end_attempt(reply, TROWEL_ATTEMPT_MALFORMED);
	if (!engine->policy.keep_malformed || message->octets == NULL ||
		reply->asked->probe)
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_FINAL;
}

/* 7.2 to 7.5 */
static enum trowel_verdict judge(struct trowel_engine *engine,
	const struct tw_reply *reply, const struct trowel_message *message)
{
	uint16_t rcode = trowel_message_rcode(message);
	bool lame = is_lame(engine, reply, rcode);
	bool special = is_about_options(engine, reply->asked, rcode);
	bool good = !lame && !special && !tw_is_failure(rcode);

	learn(engine, reply, message, good);
	if (engine->done)
		return tw_reply_drop(engine, reply, TROWEL_DROPPED_LATE);
	good |= engine->policy.any_rcode && !special;
	if (!good && tw_attempt_is_settled(reply->asked))
		return TROWEL_NOTED;
	reply->asked->rcode = rcode;
	end_attempt(reply,
		good	       ? TROWEL_ANSWERED
			: lame ? TROWEL_ATTEMPT_LAME
			       : TROWEL_ATTEMPT_FAILED);
	if (good) {
		engine->best = reply->attempt;
		return TROWEL_FINAL;
	}
	return reply->asked->probe ? TROWEL_NOTED
				   : fail(engine, reply, special);
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
	const struct trowel_attempt *asked = reply->asked;
	struct trowel_health *health = reply->health;
	unsigned state = *reply->state;

	sample(reply);
	if (asked->transport == TROWEL_TCP &&
		message->counts[TROWEL_QUESTION] > 0 &&
		tw_gate_case_differs(engine, asked, reply->octets)) /* 9.10 */
		tw_health_is_odd(health, true, false, reply->now_us);
	if (!good)
		return;
	health->failures = 0; /* 8.3 */
	if (asked->edns && message->edns.present)
		health->edns = TROWEL_EDNS_WORKS;
	else if (asked->edns && health->edns == TROWEL_EDNS_FAILS)
		health->edns = TROWEL_EDNS_UNKNOWN;
	else if (!asked->edns && engine->edns_fallback) /* 9.4 */
		tw_health_edns_failed(
			health, (state & TW_NO_OPT) != 0, reply->now_us);
	if (asked->transport == TROWEL_UDP) /* 9.10 */
		tw_health_is_odd(health,
			(state & TW_DOUBT_CASE) && !asked->mixed,
			(state & TW_DOUBT_COOKIE) && !asked->cookie,
			reply->now_us);
}

/* The server has failed, or can be asked in another way. The reply may be the
 * best so far. */
static enum trowel_verdict fail(struct trowel_engine *engine,
	const struct tw_reply *reply, bool special)
{
	const struct trowel_attempt *asked = reply->asked;

	if (!special)
		*reply->state |= TW_FAILED;
	else if (asked->rcode == BADCOOKIE)
		renew_cookie(engine, reply);
	else if (!(*reply->state & TW_NO_OPT)) /* 9.1, 9.2 */
		*reply->state |= TW_NO_OPT | TW_DUE;
	if (engine->best < engine->count &&
		rank(asked) <= rank(engine->attempts + engine->best))
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_CANDIDATE;
}

/* 9.8 */
static void renew_cookie(
	const struct trowel_engine *engine, const struct tw_reply *reply)
{
	if (reply->asked->transport == TROWEL_TCP) {
		tw_health_is_odd(reply->health, false, true, reply->now_us);
		*reply->state |= TW_DUE;
	} else if (*reply->state & TW_RENEWED) {
		*reply->state |= TW_DOUBT_COOKIE;
		ask_by_tcp(engine, reply);
	} else {
		*reply->state |= TW_RENEWED | TW_DUE;
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
