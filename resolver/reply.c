/* SPDX-License-Identifier: MIT */
#include "resolver/reply.h"

#include "resolver/attempt.h"
#include "resolver/gate.h"
#include "resolver/health.h"
#include "resolver/turn.h"
#include "wire/cursor.h"

enum { BADVERS = 16, BADCOOKIE = 23 };

static enum trowel_verdict note_truncated(struct tw_reply *reply);
static enum trowel_reason check_cookie(
	const struct tw_reply *reply, const struct trowel_message *message);
static void judge(struct tw_reply *reply, const struct trowel_message *message);
static bool is_about_options(const struct tw_reply *reply);
static bool is_lame(const struct tw_reply *reply);
static void sample(const struct tw_reply *reply);
static void learn(const struct tw_reply *reply,
	const struct trowel_message *message, bool good);
static enum trowel_verdict settle(const struct tw_reply *reply);
static enum trowel_verdict fail(const struct tw_reply *reply);
static void renew_cookie(const struct tw_reply *reply);
static void ask_by_tcp(const struct tw_reply *reply);
static unsigned rank(const struct trowel_attempt *attempt);

enum trowel_verdict tw_reply_drop(
	const struct tw_reply *reply, enum trowel_reason reason)
{
	struct trowel_attempt *asked = reply->asked;

	reply->engine->reason = (uint8_t)reason;
	if (reply->engine->done || reply->attempt >= reply->engine->count)
		return TROWEL_IGNORED; /* 10.2 */
	if (asked->ignored < UINT16_MAX)
		asked->ignored++;
	if (reason < TROWEL_DROPPED_OTHER_CASE ||
		reason > TROWEL_DROPPED_NO_COOKIE || asked->probe)
		return TROWEL_IGNORED;
	if (!(*reply->state & TW_DOUBT)) /* 9.9 */
		ask_by_tcp(reply);
	*reply->state |= reason == TROWEL_DROPPED_OTHER_CASE ? TW_DOUBT_CASE
							     : TW_DOUBT_COOKIE;
	return TROWEL_IGNORED;
}

TW_APART enum trowel_verdict tw_reply_read(
	struct tw_reply *reply, struct trowel_message *message)
{
	struct trowel_message decoded;
	struct trowel_fault fault;
	enum trowel_reason reason = TROWEL_DROPPED_NOT;
	enum trowel_verdict verdict;

	if (reply->truncated && !reply->engine->policy.keep_truncated)
		return note_truncated(reply);
	trowel_message_decode(&decoded, reply->octets, reply->length, &fault);
	if (fault.status == TROWEL_OK)
		reason = check_cookie(reply, &decoded);
	if (reason != TROWEL_DROPPED_NOT)
		return tw_reply_drop(reply, reason);
	reply->outcome = TROWEL_ATTEMPT_MALFORMED;
	reply->readable = decoded.octets != NULL;
	if (fault.status == TROWEL_OK ||
		(reply->truncated && reply->readable)) /* 3.5 */
		judge(reply, &decoded);
	verdict = settle(reply);
	if (verdict != TROWEL_IGNORED && fault.status != TROWEL_OK) {
		reply->asked->status = (uint8_t)fault.status;
		reply->engine->fault = fault;
	}
	if (verdict >= TROWEL_CANDIDATE)
		*message = decoded;
	return verdict;
}

/* 3.1 */
static enum trowel_verdict note_truncated(struct tw_reply *reply)
{
	sample(reply);
	reply->health->failures = 0;
	reply->outcome = TROWEL_ATTEMPT_TRUNCATED;
	return settle(reply);
}

/* 9.7: by TCP nobody else can have sent it. */
static enum trowel_reason check_cookie(
	const struct tw_reply *reply, const struct trowel_message *message)
{
	enum trowel_reason reason =
		tw_gate_cookie(reply->asked, message, reply->health);

	if (reply->asked->transport == TROWEL_UDP)
		return reason;
	if (reason == TROWEL_DROPPED_NO_COOKIE)
		reply->health->server_cookie_length = 0;
	else if (reason != TROWEL_DROPPED_NOT)
		tw_health_is_odd(reply->health, false, true, reply->now_us);
	return TROWEL_DROPPED_NOT;
}

/* 7.2 to 7.5 */
static void judge(struct tw_reply *reply, const struct trowel_message *message)
{
	bool special;
	bool good;

	reply->rcode = trowel_message_rcode(message);
	special = is_about_options(reply);
	reply->outcome =
		is_lame(reply) ? TROWEL_ATTEMPT_LAME : TROWEL_ATTEMPT_FAILED;
	good = reply->outcome == TROWEL_ATTEMPT_FAILED && !special &&
		!tw_is_failure(reply->rcode);
	learn(reply, message, good);
	if (good || (reply->engine->policy.any_rcode && !special))
		reply->outcome = TROWEL_ANSWERED;
}

/* 9.1, 9.8: of a query without OPT or cookie it would not be said. */
static bool is_about_options(const struct tw_reply *reply)
{
	unsigned rcode = reply->rcode;

	if (rcode == BADCOOKIE)
		return reply->asked->cookie;
	return reply->engine->edns_fallback && reply->asked->edns &&
		(rcode == TW_FORMERR || rcode == TW_NOTIMP || rcode == BADVERS);
}

/* 7.3 */
static bool is_lame(const struct tw_reply *reply)
{
	unsigned flags = tw_u16_at(reply->octets, 2);

	return reply->rcode == 0 && tw_u16_at(reply->octets, 6) == 0 &&
		(flags & (TROWEL_RA | TROWEL_AA | TROWEL_TC)) == 0 &&
		(tw_u16_at(reply->engine->query, 2) & TROWEL_RD) != 0;
}

/* 6.6: every attempt has its own id and socket, so that each reply tells how
 * long it took (RFC 6298 3), a late one too. By TCP it took longer. */
static void sample(const struct tw_reply *reply)
{
	struct trowel_attempt *asked = reply->asked;

	if (!asked->heard && asked->transport == TROWEL_UDP)
		tw_health_sample(
			reply->health, reply->elapsed_us - asked->sent_us);
	asked->heard = true;
}

/* Of the server, for this lookup and those after it. */
static void learn(const struct tw_reply *reply,
	const struct trowel_message *message, bool good)
{
	const struct trowel_attempt *asked = reply->asked;
	struct trowel_health *health = reply->health;
	unsigned state = *reply->state;
	bool tcp = asked->transport == TROWEL_TCP;

	sample(reply);
	if (tcp && message->counts[TROWEL_QUESTION] > 0 &&
		tw_gate_case_differs(
			reply->engine, asked, reply->octets)) /* 9.10 */
		tw_health_is_odd(health, true, false, reply->now_us);
	if (!good)
		return;
	health->failures = 0; /* 8.3 */
	if (asked->edns && message->edns.present)
		health->edns = TROWEL_EDNS_WORKS;
	else if (asked->edns && health->edns == TROWEL_EDNS_FAILS)
		health->edns = TROWEL_EDNS_UNKNOWN;
	else if (!asked->edns && reply->engine->edns_fallback) /* 9.4 */
		tw_health_edns_failed(
			health, (state & TW_NO_OPT) != 0, reply->now_us);
	if (!tcp) /* 9.10 */
		tw_health_is_odd(health,
			(state & TW_DOUBT_CASE) && !asked->mixed,
			(state & TW_DOUBT_COOKIE) && !asked->cookie,
			reply->now_us);
}

/* What comes of a reply that has been understood, or could not be. */
static enum trowel_verdict settle(const struct tw_reply *reply)
{
	struct trowel_engine *engine = reply->engine;
	struct trowel_attempt *asked = reply->asked;
	bool final = reply->outcome == TROWEL_ANSWERED;

	if (engine->done)
		return tw_reply_drop(reply, TROWEL_DROPPED_LATE);
	if (!final && tw_attempt_is_settled(asked))
		return TROWEL_NOTED;
	asked->rcode = reply->rcode;
	tw_attempt_end(asked, reply->outcome, reply->elapsed_us);
	if (!final && asked->probe)
		return TROWEL_NOTED;
	if (reply->outcome == TROWEL_ATTEMPT_TRUNCATED)
		ask_by_tcp(reply);
	else if (reply->outcome == TROWEL_ATTEMPT_MALFORMED) /* 4.1, 4.3 */
		final = engine->policy.keep_malformed && reply->readable;
	else if (!final)
		return fail(reply);
	if (!final)
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_FINAL;
}

/* The server has failed, or can be asked in another way. The reply may be the
 * best so far. */
static enum trowel_verdict fail(const struct tw_reply *reply)
{
	struct trowel_engine *engine = reply->engine;

	if (!is_about_options(reply))
		*reply->state |= TW_FAILED;
	else if (reply->rcode == BADCOOKIE)
		renew_cookie(reply);
	else if (!(*reply->state & TW_NO_OPT)) /* 9.1, 9.2 */
		*reply->state |= TW_NO_OPT | TW_DUE;
	if (engine->best < engine->count &&
		rank(reply->asked) <= rank(engine->attempts + engine->best))
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_CANDIDATE;
}

/* 9.8 */
static void renew_cookie(const struct tw_reply *reply)
{
	if (reply->asked->transport == TROWEL_TCP) {
		tw_health_is_odd(reply->health, false, true, reply->now_us);
		*reply->state |= TW_DUE;
	} else if (*reply->state & TW_RENEWED) {
		*reply->state |= TW_DOUBT_COOKIE;
		ask_by_tcp(reply);
	} else {
		*reply->state |= TW_RENEWED | TW_DUE;
	}
}

/* 3.2 */
static void ask_by_tcp(const struct tw_reply *reply)
{
	const struct trowel_engine *engine = reply->engine;

	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *other = engine->attempts + i;

		if (other->server == reply->asked->server &&
			other->transport == TROWEL_TCP &&
			other->outcome == TROWEL_UNANSWERED)
			return;
	}
	*reply->state |= TW_DUE_TCP;
}

/* 7.4 */
static TW_APART unsigned rank(const struct trowel_attempt *attempt)
{
	if (attempt->outcome == TROWEL_ATTEMPT_LAME)
		return 0;
	if (attempt->rcode == TW_SERVFAIL)
		return 3;
	return attempt->rcode == TW_REFUSED ? 2 : 1;
}
