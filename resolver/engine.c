/* SPDX-License-Identifier: MIT */
/*
 * The procedure, in rules that comments name by their number; the one before the
 * dot is the subject's. The files in fixtures/scenarios show it line by line.
 * engine.c ends lookups, turn.c has 6 and 8, query.c writes queries, gate.c has 1,
 * reply.c 2 to 4, 7 and what of 9 comes of replies; health.c counts.
 *
 * Whose is it? (RFC 5452 9.1, RFC 7766 7)
 * 1.1  A message is an attempt's reply if it came on the attempt's socket (the
 *      caller sees to that) and has 12 octets or more, the attempt's id, QR=1,
 *      the opcode asked, QDCOUNT=1, and the question asked: name, type, class.
 *      A query without a question has a reply without one.
 * 1.2  The name may come back in other ASCII case (RFC 4343), but see 9.9. It
 *      is compared octet by octet: a pointer at offset 12 could only point to
 *      the header.
 * 1.3  Whatever else comes is counted at its attempt and changes nothing more
 *      (but see 9.9): no try, no wait, no deadline.
 *
 * A header alone
 * 2.1  12 octets with all counts 0, right in id, QR and opcode, RCODE FORMERR,
 *      SERVFAIL, NOTIMP or REFUSED: a reply too, and goes to 7.2 or 9.1.
 *
 * Truncation (RFC 2181 9, RFC 7766 5)
 * 3.1  TC=1 by UDP, or a datagram larger than the buffer: the body is not
 *      looked at, and the same server is asked by TCP, at once.
 * 3.2  At most one attempt by TCP comes of one by UDP (but see 9.9), and none
 *      while another by TCP to that server is within its time.
 * 3.3  TC=1 by TCP is of no account: the message is used if it is well-formed.
 * 3.4  An attempt by TCP has its time, and is followed by the next turn, as any
 *      other: there is no way back from it to UDP but 6.1.
 * 3.5  With keep_truncated, such a reply is read like another, as far as its
 *      records go.
 * 3.6  An attempt whose reply was truncated has had its reply. What else comes
 *      on its socket is a copy or a forgery, and counts as in 1.3.
 *
 * A malformed body
 * 4.1  It is noted with its fault. For the rest of its time, the attempt is
 *      listened to; then comes the next turn.
 * 4.2  A good reply on the same attempt is the answer.
 * 4.3  With keep_malformed, it is the end, and its octets are kept.
 *
 * Late replies
 * 5.1  Every attempt can be answered until the lookup ends, whatever became of
 *      it, but for 3.6, and however many came after it.
 *
 * Turns
 * 6.1  The servers are asked in their order (with rotate, from another one on),
 *      and as often over again as there are tries. Each turn is one attempt,
 *      with an id of its own (but for fixed_id). There are at most
 *      TROWEL_ATTEMPTS_MAX, those by TCP with them. Where tries is 0, there are
 *      2; but where timeout_ms is 0, too, a server that is silent is asked
 *      until the deadline, and twice only one whose replies are truncated or
 *      malformed, or whose port gives errors.
 * 6.2  An attempt's time is timeout_ms. Where that is 0, it is 400 ms, or what
 *      3 replies and more of the server have shown: srtt + 4 * rttvar (RFC
 *      6298), at least 7/4 * srtt and 20 ms; by TCP twice that, at least 400
 *      ms. It is doubled each round, times 0.75 to 1.25 by its random octets,
 *      at most 3 s.
 * 6.3  The next turn comes when the newest attempt's time is over. That is
 *      judged by what is known then. While a server's time is unknown, and
 *      other lookups have asked it too, it is looked at after a quarter.
 * 6.4  After the last turn, the end comes when the newest attempt's time is
 *      over, if timeout_ms was given or there is a candidate (7.4); else at the
 *      deadline: a resolver with an empty cache may need seconds. There is no
 *      time under 400 ms then, unless it was given.
 * 6.5  Nothing goes on past the deadline.
 * 6.6  Every first reply to an attempt by UDP is a sample of the server's time,
 *      a late one too.
 *
 * Failures
 * 7.1  An error of its socket ends an attempt. The next turn comes at once,
 *      unless another attempt is within its time.
 * 7.2  FORMERR, SERVFAIL, NOTIMP, REFUSED: the server has failed; it gets no
 *      more turns in this lookup. The next turn comes as in 7.1.
 * 7.3  So has one that is lame: a NOERROR without answers, RA=0, AA=0, TC=0,
 *      where recursion was asked for.
 * 7.4  The best of these replies is the candidate, the first among equals:
 *      SERVFAIL (it tried, and RFC 8914 may say what is wrong with the name),
 *      REFUSED (it did not want to), FORMERR and NOTIMP (it could not), lame
 *      (it looks like "no such data", which it is not).
 * 7.5  With any_rcode, they are answers. Other RCODEs are answers always, but
 *      for 9.1 and 9.8.
 * 7.6  When no turn is left and no attempt can be answered any more, the end
 *      comes at once. An attempt cannot if its socket had an error, if its
 *      server has failed, or if its reply was malformed and its time is over.
 * 7.7  The end without an answer: the candidate is it. If there is none, the
 *      status is that of the most telling failure: a malformed reply, TCP
 *      closed, a time that ran out, a system call's error, the network's.
 *
 * Servers that fail
 * 8.1  An answer shows who has failed: the other servers whose attempts have
 *      ended otherwise, but for errors of this system's own. In the lookups
 *      after that they come last in each round.
 * 8.2  1 s after that, and then after twice as long each time, up to 60 s, the
 *      next lookup sends such a server a copy of its query, a probe, beside its
 *      first attempt. Nobody waits for it, and it is not a turn.
 * 8.3  Any good reply of a server makes it whole. To a probe, too: and if it
 *      comes first, it is the answer. Of other replies to probes nothing comes.
 * 8.4  After the end, the action says how long a probe is worth listening for.
 *
 * EDNS (RFC 6891 6.2.2, 7), where edns_fallback allows to do without
 * 9.1  FORMERR, NOTIMP or BADVERS to a query with OPT: the server has not
 *      failed, and is asked without OPT at once. That is not a turn.
 * 9.2  In this lookup it is asked so from then on.
 * 9.3  From a server's third turn on, there is no OPT; from the fifth on, where
 *      EDNS is known to work.
 * 9.4  When a query without OPT then gets a good reply, the next lookups ask so
 *      from the start; after 9.1, only where EDNS was not known to work.
 * 9.5  Such a server gets probes with OPT, as in 8.2: after 1 s, and then once
 *      a minute. A good reply to one, and EDNS is used again.
 *
 * Cookies (RFC 7873) and letters in random case, where the policy has them
 * 9.6  The client's half is by chance, one for each server, for good. A lookup
 *      can make one: of several new servers, one gets a cookie.
 * 9.7  By UDP, a reply with another client's half, or a COOKIE of another length
 *      than 8 or 16 to 40 octets, is not ours; nor is one without, of a server
 *      that has sent one before.
 * 9.8  BADCOOKIE: the server is asked with the new cookie at once, the second
 *      time by TCP. By TCP: without a cookie. None of these is a turn.
 * 9.9  By UDP, letters must come back in the case that they left in. A reply
 *      that is dropped for them, or for 9.7, is a doubt: once in a lookup, the
 *      server is asked by TCP at once, and has a turn more than the tries. Its
 *      turns by UDP are without what was in doubt.
 * 9.10 What then turns out not to come back, by TCP or in a good reply without
 *      it, the server is not sent for a quarter of an hour.
 *
 * The log
 * 10.1 Each attempt tells its server, transport, times, what was ignored and
 *      how it ended.
 * 10.2 After the end, nothing changes but what is known of servers.
 */
#include <trowel/engine.h>

#include <errno.h>

#include "resolver/attempt.h"
#include "resolver/gate.h"
#include "resolver/health.h"
#include "resolver/reply.h"
#include "resolver/turn.h"

#define LONGEST_DEADLINE_MS 3600000 /* so that any time fits in 32 bits */
#define MOST_TRIES 16
#define CASE_LAST \
	(4 * TROWEL_ATTEMPTS_MAX + 31) /* for the longest names alone */

_Static_assert(sizeof(struct trowel_engine) - TROWEL_QUERY_SIZE <= 2048,
	"the state of a lookup stays small");

static void begin(struct trowel_engine *engine,
	const struct trowel_policy *policy, struct trowel_health *health,
	uint64_t now_us);
static bool policy_is_in_range(const struct trowel_policy *policy);
static enum trowel_status encode(
	struct trowel_engine *engine, const struct trowel_query *query);
static uint32_t until_us(const struct trowel_engine *engine, uint32_t elapsed);
static uint32_t last_us(const struct trowel_engine *engine);
static bool any_is_silent(const struct trowel_engine *engine);
static void end(struct trowel_engine *engine, enum trowel_status status,
	uint32_t elapsed);
static uint64_t probe_until_us(const struct trowel_engine *engine);
static void blame_others(struct trowel_engine *engine, uint64_t now_us);
static enum trowel_status end_status(const struct trowel_engine *engine);

enum trowel_status trowel_engine_start(struct trowel_engine *engine,
	const struct trowel_policy *policy, const struct trowel_query *query,
	struct trowel_health *health, uint64_t now_us,
	const uint8_t random[TROWEL_RANDOM_SIZE])
{
	enum trowel_status status = TROWEL_BAD_ARGUMENT;

	begin(engine, policy, health, now_us);
	engine->edns_fallback = policy->edns_fallback && query->edns &&
		query->edns_version == 0;
	if (policy_is_in_range(policy))
		status = encode(engine, query);
	/*@ loop invariant 0 <= i <= TROWEL_RANDOM_SIZE;
	    loop assigns i, engine->random[0 .. TROWEL_RANDOM_SIZE - 1];
	    loop variant TROWEL_RANDOM_SIZE - i; */
	for (size_t i = 0; i < TROWEL_RANDOM_SIZE; i++)
		engine->random[i] = random[i];
	if (policy->rotate && status == TROWEL_OK)
		engine->first = random[CASE_LAST] % policy->server_count;
	engine->status = (uint8_t)status;
	engine->done = status != TROWEL_OK;
	//@ assert !engine->done ==> tw_policy_is_good(&engine->policy);
	//@ assert tw_servers_are_good(engine);
	//@ assert tw_attempts_are_good(engine);
	return status;
}

/*@ requires \valid(engine) && \valid_read(policy);
    requires \separated(engine, policy);
    assigns *engine;
    ensures engine->policy.server_count == policy->server_count;
    ensures engine->policy.deadline_ms == policy->deadline_ms;
    ensures engine->health == health && engine->start_us == now_us;
    ensures engine->count == 0; */
static inline void begin(struct trowel_engine *engine,
	const struct trowel_policy *policy, struct trowel_health *health,
	uint64_t now_us)
{
	*engine = (struct trowel_engine){ 0 };
	engine->health = health;
	engine->start_us = now_us;
	engine->count = 0;
	engine->best = TROWEL_ATTEMPTS_MAX;
	engine->probe = TROWEL_ATTEMPTS_MAX;
	engine->policy = *policy;
	/* The proof does not see it above. */
	engine->policy.server_count = policy->server_count;
	engine->policy.deadline_ms = policy->deadline_ms;
}

/*@ requires \valid_read(policy);
    assigns \nothing;
    ensures \result ==> tw_policy_is_good(policy); */
static bool policy_is_in_range(const struct trowel_policy *policy)
{
	return policy->server_count >= 1 &&
		policy->server_count <= TROWEL_SERVERS_MAX &&
		policy->tries <= MOST_TRIES && policy->deadline_ms >= 1 &&
		policy->deadline_ms <= LONGEST_DEADLINE_MS;
}

/* The OPT, if there is one, is last. */
/*@ requires \valid(engine) && \valid_read(query);
    requires \separated(engine, query);
    requires query->edns ==>
      \valid_read(query->options + (0 .. query->options_length - 1)) &&
      \separated(engine, query->options + (0 .. query->options_length - 1));
    assigns engine->base_length, engine->query_length, engine->question_end,
      engine->query[0 .. TROWEL_QUERY_SIZE - 1]; */
static enum trowel_status encode(
	struct trowel_engine *engine, const struct trowel_query *query)
{
	size_t length;
	size_t name = query->name.length;

	if (trowel_query_encode(query, engine->query, TROWEL_QUERY_SIZE,
		    &length) != TROWEL_OK)
		return TROWEL_MESSAGE_TOO_LONG;
	engine->base_length = (uint16_t)length;
	engine->query_length = (uint16_t)length;
	engine->question_end =
		(uint16_t)(TW_HEADER_SIZE + (name > 0 ? name + 4 : 0));
	return TROWEL_OK;
}

struct trowel_action trowel_engine_next(
	struct trowel_engine *engine, uint64_t now_us)
{
	uint32_t elapsed = tw_elapsed_us(engine, now_us);
	struct trowel_action action = { .kind = TROWEL_DONE };

	if (!engine->done && elapsed < tw_deadline_us(engine)) { /* 6.5 */
		uint32_t until;

		if (tw_turn_send(engine, elapsed)) {
			action.kind = TROWEL_SEND;
			action.attempt = (uint8_t)(engine->count - 1);
			return action;
		}
		until = until_us(engine, elapsed);
		if (elapsed < until) { /* 6.4, 7.6 */
			action.kind = TROWEL_WAIT;
			action.until_us = engine->start_us + until;
			return action;
		}
	}
	if (!engine->done)
		end(engine, end_status(engine), elapsed);
	action.attempt = engine->best;
	action.until_us = probe_until_us(engine);
	action.status = engine->status;
	return action;
}

/* How long to wait where nothing is to be sent, since the start. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing;
    ensures \result <= engine->policy.deadline_ms * 1000; */
static uint32_t until_us(const struct trowel_engine *engine, uint32_t elapsed)
{
	return tw_turn_is_left(engine) ? tw_turn_look_us(engine, elapsed)
				       : last_us(engine);
}

enum trowel_verdict trowel_engine_receive(struct trowel_engine *engine,
	uint8_t attempt, const uint8_t *octets, size_t length, bool cut,
	uint64_t now_us, struct trowel_message *message)
{
	struct trowel_attempt *asked = engine->attempts + attempt;
	struct tw_reply reply = { .engine = engine,
		.octets = octets,
		.length = length,
		.asked = asked,
		.now_us = now_us,
		.elapsed_us = tw_elapsed_us(engine, now_us),
		.attempt = attempt };
	enum trowel_reason reason = TROWEL_DROPPED_LATE;
	enum trowel_verdict verdict;

	if (attempt < engine->count &&
		asked->outcome != TROWEL_ATTEMPT_TRUNCATED) { /* 3.6 */
		reply.health = engine->health + asked->server;
		reply.state = engine->states + asked->server;
		reason = tw_gate(
			engine, asked, octets, length, cut, &reply.truncated);
	}
	if (reason != TROWEL_DROPPED_NOT) { /* 1.3 */
		verdict = tw_reply_drop(&reply, reason);
		//@ assert tw_engine_is_good(engine);
		return verdict;
	}
	verdict = tw_reply_read(&reply, message);
	//@ assert tw_engine_is_good(engine);
	//@ assert engine->health == \at(engine->health, Pre);
	/*@ assert engine->policy.server_count ==
	      \at(engine->policy.server_count, Pre); */
	if (verdict == TROWEL_FINAL)
		end(engine,
			asked->outcome == TROWEL_ANSWERED
				? TROWEL_OK
				: TROWEL_MALFORMED_ANSWER,
			reply.elapsed_us);
	//@ assert tw_engine_is_good(engine);
	return verdict;
}

void trowel_engine_failed(struct trowel_engine *engine, uint8_t attempt,
	int error, uint64_t now_us)
{
	struct trowel_attempt *asked;

	if (engine->done || attempt >= engine->count) /* 10.2 */
		return;
	asked = engine->attempts + attempt;
	if (attempt == engine->newest)
		engine->broken = true;
	//@ assert tw_engine_is_good(engine);
	if (tw_attempt_is_settled(asked) ||
		asked->outcome == TROWEL_ATTEMPT_MALFORMED)
		return;
	asked->error = error;
	if (error == EBADMSG)
		engine->fault =
			(struct trowel_fault){ .status = TROWEL_SHORT_MESSAGE };
	//@ assert tw_engine_is_good(engine);
	tw_attempt_end(asked,
		error == 0 ? TROWEL_ATTEMPT_CLOSED : TROWEL_ATTEMPT_ERROR,
		tw_elapsed_us(engine, now_us));
	//@ assert tw_servers_are_good(engine);
	//@ assert tw_attempts_are_good(engine);
	//@ assert tw_engine_is_good(engine);
}

/* How long to listen when no turn is left. */
/*@ requires tw_engine_is_good(engine) && !engine->done;
    assigns \nothing;
    ensures \result <= engine->policy.deadline_ms * 1000; */
static uint32_t last_us(const struct trowel_engine *engine)
{
	bool silent = any_is_silent(engine);

	if (!silent && !tw_turn_is_awaited(engine)) /* 7.6 */
		return 0;
	if (silent && engine->policy.timeout_ms == 0 &&
		engine->best >= engine->count) /* 6.4 */
		return tw_deadline_us(engine);
	return tw_turn_last_us(engine);
}

/* Whether a reply could still come to an attempt that had none: 5.1, 7.6. */
/*@ requires tw_engine_is_good(engine);
    assigns \nothing; */
static bool any_is_silent(const struct trowel_engine *engine)
{
	/*@ loop invariant 0 <= i <= engine->count;
	    loop assigns i;
	    loop variant engine->count - i; */
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *attempt = engine->attempts + i;

		if (!(engine->states[attempt->server] & TW_FAILED) &&
			!attempt->probe &&
			(attempt->outcome == TROWEL_UNANSWERED ||
				attempt->outcome == TROWEL_ATTEMPT_TIMED_OUT))
			return true;
	}
	return false;
}

/*@ requires tw_engine_is_good(engine);
    assigns engine->status, engine->done, engine->attempts[0 .. 31],
      engine->health[0 .. engine->policy.server_count - 1];
    ensures tw_engine_is_good(engine) && engine->done; */
static void end(struct trowel_engine *engine, enum trowel_status status,
	uint32_t elapsed)
{
	/*@ loop invariant 0 <= i <= engine->count;
	    loop invariant tw_engine_is_good(engine);
	    loop assigns i, engine->attempts[0 .. 31];
	    loop variant engine->count - i; */
	for (uint8_t i = 0; i < engine->count; i++) {
		if (engine->attempts[i].outcome == TROWEL_UNANSWERED)
			engine->attempts[i].ended_us = elapsed;
	}
	engine->status = (uint8_t)status;
	engine->done = true;
	//@ assert tw_engine_is_good(engine);
	if (engine->best < engine->count &&
		engine->attempts[engine->best].outcome == TROWEL_ANSWERED)
		blame_others(engine, engine->start_us + elapsed);
}

/* 8.4 */
/*@ requires tw_engine_is_good(engine);
    assigns \nothing; */
static uint64_t probe_until_us(const struct trowel_engine *engine)
{
	const struct trowel_attempt *probe = engine->attempts + engine->probe;

	if (engine->probe >= engine->count || probe->heard ||
		probe->outcome != TROWEL_UNANSWERED)
		return 0;
	return engine->start_us + probe->sent_us + TW_LONGEST_WAIT_US;
}

/* 8.1 */
/*@ requires tw_engine_is_good(engine) && engine->best < engine->count;
    requires tw_is_time(now_us);
    assigns engine->health[0 .. engine->policy.server_count - 1];
    ensures tw_engine_is_good(engine); */
static void blame_others(struct trowel_engine *engine, uint64_t now_us)
{
	uint8_t server = engine->attempts[engine->best].server;

	/*@ loop invariant 0 <= i <= engine->count;
	    loop invariant tw_engine_is_good(engine);
	    loop invariant engine->policy.server_count ==
	      \at(engine->policy.server_count, Pre);
	    loop assigns i, engine->health[0 ..
	      \at(engine->policy.server_count, Pre) - 1];
	    loop variant engine->count - i; */
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *other = engine->attempts + i;

		//@ assert other->server < engine->policy.server_count;
		//@ assert tw_health_is_good(engine->health + other->server);
		if (other->server != server && !other->probe &&
			other->outcome != TROWEL_UNANSWERED &&
			other->outcome != TROWEL_ATTEMPT_TRUNCATED &&
			tw_attempt_status(other) != TROWEL_SYSTEM_ERROR)
			tw_health_failed(
				engine->health + other->server, now_us);
	}
}

/* 7.7 */
/*@ requires tw_engine_is_good(engine);
    assigns \nothing; */
static enum trowel_status end_status(const struct trowel_engine *engine)
{
	static const enum trowel_status order[] = { TROWEL_MALFORMED_ANSWER,
		TROWEL_CONNECTION_CLOSED, TROWEL_TIMED_OUT, TROWEL_SYSTEM_ERROR,
		TROWEL_UNREACHABLE };

	if (engine->best < engine->count)
		return TROWEL_OK;
	/*@ loop invariant 0 <= i <= 5;
	    loop assigns i;
	    loop variant 5 - i; */
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		/*@ loop invariant 0 <= k <= engine->count;
		    loop assigns k;
		    loop variant engine->count - k; */
		for (uint8_t k = 0; k < engine->count; k++) {
			if (tw_attempt_status(engine->attempts + k) ==
					order[i] &&
				k != engine->probe)
				return order[i];
		}
	}
	return TROWEL_TIMED_OUT;
}
