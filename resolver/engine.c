/* SPDX-License-Identifier: MIT */
/*
 * The procedure, to be read against the rules of DESIGN.md: the number before
 * the dot is the rule's. The files in fixtures/scenarios show it line by line.
 *
 * Whose is it? (RFC 5452 9.1, RFC 7766 7)
 * 1.1  A message is an attempt's reply if it came on the attempt's socket (the
 *      caller sees to that) and has 12 octets or more, the attempt's id, QR=1,
 *      the opcode asked, QDCOUNT=1, and the question asked: name, type, class.
 * 1.2  The name may come back in other ASCII case (RFC 4343). It is compared
 *      octet by octet: a pointer at offset 12 could only point to the header.
 * 1.3  Whatever else comes is counted at its attempt and changes nothing more:
 *      no try, no wait, no deadline.
 *
 * A header alone
 * 2.1  12 octets with all counts 0, right in id, QR and opcode, RCODE FORMERR,
 *      SERVFAIL, NOTIMP or REFUSED: a reply too, and goes to 7.2.
 *
 * Truncation (RFC 2181 9, RFC 7766 5)
 * 3.1  TC=1 by UDP, or a datagram larger than the buffer: the body is not
 *      looked at, and the same server is asked by TCP, at once.
 * 3.2  At most one attempt by TCP comes of one by UDP, and none while another
 *      by TCP to that server is within its time.
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
 *
 * Late replies
 * 5.1  Every attempt can be answered until the lookup ends, whatever became of
 *      it, but for 3.6, and however many came after it.
 *
 * Turns
 * 6.1  The servers are asked in their order, and as often over again as there
 *      are tries. Each turn is one attempt, with an id of its own. There are at
 *      most TROWEL_ATTEMPTS_MAX, those by TCP with them.
 * 6.2  An attempt's time is timeout_ms. Where that is 0, it is 400 ms, doubled
 *      each round, times 0.75 to 1.25 by its random octets, at most 3 s.
 * 6.3  The next turn comes when the newest attempt's time is over.
 * 6.4  After the last turn, the end comes when the newest attempt's time is
 *      over, if timeout_ms was given or there is a candidate (7.4); else at the
 *      deadline: a resolver with an empty cache may need seconds.
 * 6.5  Nothing goes on past the deadline.
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
 * 7.5  With any_rcode, they are answers. Other RCODEs are answers always.
 * 7.6  When no turn is left and no attempt can be answered any more, the end
 *      comes at once. An attempt cannot if its socket had an error, if its
 *      server has failed, or if its reply was malformed and its time is over.
 * 7.7  The end without an answer: the candidate is it. If there is none, the
 *      status is that of the most telling failure: a malformed reply, TCP
 *      closed, a time that ran out, a system call's error, the network's.
 *
 * The log
 * 10.1 Each attempt tells its server, transport, times, what was ignored and
 *      how it ended.
 * 10.2 After the end, nothing changes.
 */
#include <trowel/engine.h>

#include <errno.h>

#include "wire/cursor.h"

#define HEADER_SIZE 12
#define FIRST_WAIT_US 400000
#define LONGEST_WAIT_US 3000000
#define LONGEST_DEADLINE_MS 3600000 /* so that any time fits in 32 bits */

enum { FORMERR = 1, SERVFAIL = 2, NOTIMP = 4, REFUSED = 5 };

_Static_assert(sizeof(struct trowel_engine) - TROWEL_QUERY_SIZE <= 1280,
	"the state of a lookup stays small");
_Static_assert(
	sizeof(((struct trowel_engine *)0)->random) == 4 * TROWEL_ATTEMPTS_MAX,
	"four random octets an attempt");

/* What passed the gate. */
struct reply {
	const uint8_t *octets;
	size_t length;
	uint8_t attempt;
	bool truncated; /* by UDP */
	uint32_t elapsed_us;
};

static bool policy_is_in_range(const struct trowel_policy *policy);
static struct trowel_action end(struct trowel_engine *engine,
	enum trowel_status status, uint32_t elapsed);
static struct trowel_action action_done(const struct trowel_engine *engine);
static enum trowel_status end_status(const struct trowel_engine *engine);
static enum trowel_status attempt_status(const struct trowel_attempt *attempt);
static enum trowel_status error_status(int error);
static bool find_truncated(const struct trowel_engine *engine, uint8_t *server);
static bool find_turn(struct trowel_engine *engine);
static struct trowel_action take_turn(
	struct trowel_engine *engine, uint32_t elapsed);
static struct trowel_action make_attempt(struct trowel_engine *engine,
	uint8_t server, enum trowel_transport transport, uint32_t elapsed);
static uint32_t attempt_time(const struct trowel_engine *engine,
	const uint8_t *random, uint32_t elapsed);
static bool is_awaited(const struct trowel_engine *engine, uint8_t index);
static bool any_is_awaited(const struct trowel_engine *engine);
static bool any_is_silent(const struct trowel_engine *engine);
static uint32_t last_time(const struct trowel_engine *engine);
static bool is_ours(const struct trowel_engine *engine, uint16_t id,
	const uint8_t *octets, size_t length);
static bool is_bare_failure(const struct trowel_engine *engine, uint16_t id,
	const uint8_t *octets, size_t length);
static bool header_matches(
	const struct trowel_engine *engine, uint16_t id, const uint8_t *octets);
static bool question_matches(
	const struct trowel_engine *engine, const uint8_t *octets);
static enum trowel_verdict note_truncated(
	struct trowel_engine *engine, const struct reply *reply);
static enum trowel_verdict read_reply(struct trowel_engine *engine,
	const struct reply *reply, struct trowel_message *message);
static enum trowel_verdict note_malformed(struct trowel_engine *engine,
	const struct reply *reply, const struct trowel_fault *fault);
static enum trowel_verdict judge(struct trowel_engine *engine,
	const struct reply *reply, uint16_t rcode);
static bool is_failure(unsigned rcode);
static bool is_lame(const struct trowel_engine *engine,
	const struct reply *reply, uint16_t rcode);
static unsigned rank(const struct trowel_attempt *attempt);
static bool is_settled(const struct trowel_attempt *attempt);
static void attempt_end(struct trowel_attempt *attempt,
	enum trowel_outcome outcome, uint32_t elapsed);
static uint32_t elapsed_us(const struct trowel_engine *engine, uint64_t now_us);
static uint32_t deadline_us(const struct trowel_engine *engine);

enum trowel_status trowel_engine_start(struct trowel_engine *engine,
	const struct trowel_policy *policy, const struct trowel_query *query,
	uint64_t now_us, const uint8_t random[TROWEL_RANDOM_SIZE])
{
	size_t length = 0;

	*engine =
		(struct trowel_engine){ .policy = *policy, .start_us = now_us };
	engine->best = TROWEL_ATTEMPTS_MAX;
	engine->current = TROWEL_ATTEMPTS_MAX;
	engine->done = true;
	engine->status = TROWEL_BAD_ARGUMENT;
	if (!policy_is_in_range(policy))
		return TROWEL_BAD_ARGUMENT;
	engine->status = TROWEL_MESSAGE_TOO_LONG;
	if (trowel_query_encode(query, engine->query, TROWEL_QUERY_SIZE,
		    &length) != TROWEL_OK)
		return TROWEL_MESSAGE_TOO_LONG;
	engine->query_length = (uint16_t)length;
	engine->question_end = (uint16_t)(HEADER_SIZE + query->name.length + 4);
	for (size_t i = 0; i < TROWEL_RANDOM_SIZE; i++)
		engine->random[i] = random[i];
	engine->done = false;
	engine->status = TROWEL_OK;
	return TROWEL_OK;
}

static bool policy_is_in_range(const struct trowel_policy *policy)
{
	return policy->server_count >= 1 &&
		policy->server_count <= TROWEL_SERVERS_MAX &&
		policy->tries >= 1 && policy->tries <= 16 &&
		policy->deadline_ms >= 1 &&
		policy->deadline_ms <= LONGEST_DEADLINE_MS;
}

struct trowel_action trowel_engine_next(
	struct trowel_engine *engine, uint64_t now_us)
{
	uint32_t elapsed = elapsed_us(engine, now_us);
	uint32_t until;
	uint8_t server;

	if (engine->done)
		return action_done(engine);
	if (elapsed >= deadline_us(engine)) /* 6.5 */
		return end(engine, end_status(engine), elapsed);
	if (find_truncated(engine, &server)) /* 3.1 */
		return make_attempt(engine, server, TROWEL_TCP, elapsed);
	until = engine->wait_us;
	if (!find_turn(engine))
		until = last_time(engine);
	else if (elapsed >= until || !any_is_awaited(engine)) /* 6.3, 7.1 */
		return take_turn(engine, elapsed);
	if (elapsed >= until) /* 6.4, 7.6 */
		return end(engine, end_status(engine), elapsed);
	return (struct trowel_action){ .kind = TROWEL_WAIT,
		.until_us = engine->start_us + until };
}

enum trowel_verdict trowel_engine_receive(struct trowel_engine *engine,
	uint8_t attempt, const uint8_t *octets, size_t length, bool cut,
	uint64_t now_us, struct trowel_message *message)
{
	struct reply reply = { .octets = octets,
		.length = length,
		.attempt = attempt,
		.elapsed_us = elapsed_us(engine, now_us) };
	struct trowel_attempt *asked;

	if (engine->done || attempt >= engine->count) /* 10.2 */
		return TROWEL_IGNORED;
	asked = engine->attempts + attempt;
	if (!cut && asked->outcome != TROWEL_ATTEMPT_TRUNCATED &&
		is_bare_failure(engine, asked->id, octets, length)) /* 2.1 */
		return read_reply(engine, &reply, message);
	if (asked->outcome == TROWEL_ATTEMPT_TRUNCATED || /* 3.6 */
		!is_ours(engine, asked->id, octets, length)) { /* 1.3 */
		if (asked->ignored < UINT16_MAX)
			asked->ignored++;
		return TROWEL_IGNORED;
	}
	reply.truncated = asked->transport == TROWEL_UDP &&
		(cut || (tw_u16_at(octets, 2) & TROWEL_TC) != 0);
	if (reply.truncated && !engine->policy.keep_truncated)
		return note_truncated(engine, &reply);
	return read_reply(engine, &reply, message);
}

void trowel_engine_failed(struct trowel_engine *engine, uint8_t attempt,
	int error, uint64_t now_us)
{
	struct trowel_attempt *asked;

	if (engine->done || attempt >= engine->count) /* 10.2 */
		return;
	asked = engine->attempts + attempt;
	if (engine->current == attempt)
		engine->current = TROWEL_ATTEMPTS_MAX;
	if (is_settled(asked) || asked->outcome == TROWEL_ATTEMPT_MALFORMED)
		return;
	asked->error = error;
	if (error == EBADMSG)
		engine->fault =
			(struct trowel_fault){ .status = TROWEL_SHORT_MESSAGE };
	attempt_end(asked,
		error == 0 ? TROWEL_ATTEMPT_CLOSED : TROWEL_ATTEMPT_ERROR,
		elapsed_us(engine, now_us));
}

static struct trowel_action end(struct trowel_engine *engine,
	enum trowel_status status, uint32_t elapsed)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		if (engine->attempts[i].outcome == TROWEL_UNANSWERED)
			engine->attempts[i].ended_us = elapsed;
	}
	engine->status = (uint8_t)status;
	engine->done = true;
	return action_done(engine);
}

static struct trowel_action action_done(const struct trowel_engine *engine)
{
	return (struct trowel_action){ .kind = TROWEL_DONE,
		.attempt = engine->best,
		.status = engine->status };
}

/* 7.7 */
static enum trowel_status end_status(const struct trowel_engine *engine)
{
	static const enum trowel_status order[] = { TROWEL_MALFORMED_ANSWER,
		TROWEL_CONNECTION_CLOSED, TROWEL_TIMED_OUT, TROWEL_SYSTEM_ERROR,
		TROWEL_UNREACHABLE };

	if (engine->best < engine->count)
		return TROWEL_OK;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		for (uint8_t k = 0; k < engine->count; k++) {
			if (attempt_status(engine->attempts + k) == order[i])
				return order[i];
		}
	}
	return TROWEL_TIMED_OUT;
}

/* What an attempt's end would be called, were it the only one. */
static enum trowel_status attempt_status(const struct trowel_attempt *attempt)
{
	switch (attempt->outcome) {
	case TROWEL_ATTEMPT_MALFORMED:
		return TROWEL_MALFORMED_ANSWER;
	case TROWEL_ATTEMPT_CLOSED:
		return TROWEL_CONNECTION_CLOSED;
	case TROWEL_ATTEMPT_ERROR:
		return error_status(attempt->error);
	case TROWEL_ATTEMPT_TRUNCATED: /* the attempt by TCP after it tells */
		return TROWEL_OK;
	default:
		return TROWEL_TIMED_OUT;
	}
}

static enum trowel_status error_status(int error)
{
	switch (error) {
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
		return TROWEL_UNREACHABLE;
	case ECONNRESET: /* by TCP */
	case EPIPE:
		return TROWEL_CONNECTION_CLOSED;
	case ETIMEDOUT: /* by TCP: no answer to SYN */
		return TROWEL_TIMED_OUT;
	case EBADMSG: /* by TCP: a length under that of a header */
		return TROWEL_MALFORMED_ANSWER;
	default:
		return TROWEL_SYSTEM_ERROR;
	}
}

/* A server that is to be asked by TCP at once. */
static bool find_truncated(const struct trowel_engine *engine, uint8_t *server)
{
	if (engine->count >= TROWEL_ATTEMPTS_MAX)
		return false;
	for (uint8_t i = 0; i < engine->policy.server_count; i++) {
		if (engine->tcp_due[i] && !engine->failed[i]) {
			*server = i;
			return true;
		}
	}
	return false;
}

/* Goes on to the next turn of a server that has not failed: 6.1, 7.2. */
static bool find_turn(struct trowel_engine *engine)
{
	unsigned servers = engine->policy.server_count;
	unsigned turns = servers * engine->policy.tries;

	while (engine->turn < turns && engine->failed[engine->turn % servers])
		engine->turn++;
	return engine->turn < turns && engine->count < TROWEL_ATTEMPTS_MAX;
}

static struct trowel_action take_turn(
	struct trowel_engine *engine, uint32_t elapsed)
{
	unsigned servers = engine->policy.server_count;
	unsigned server = engine->turn % servers;

	for (uint8_t i = 0; i < engine->count; i++) {
		if (engine->attempts[i].outcome == TROWEL_UNANSWERED)
			attempt_end(engine->attempts + i,
				TROWEL_ATTEMPT_TIMED_OUT, elapsed);
	}
	engine->turn++;
	return make_attempt(engine, (uint8_t)server,
		engine->policy.tcp ? TROWEL_TCP : TROWEL_UDP, elapsed);
}

static struct trowel_action make_attempt(struct trowel_engine *engine,
	uint8_t server, enum trowel_transport transport, uint32_t elapsed)
{
	uint8_t index = engine->count;
	const uint8_t *id = engine->random + (size_t)4 * index;

	engine->attempts[index] =
		(struct trowel_attempt){ .id = tw_u16_at(id, 0),
			.server = server,
			.transport = (uint8_t)transport,
			.sent_us = elapsed };
	engine->query[0] = id[0];
	engine->query[1] = id[1];
	engine->tcp_due[server] = false;
	engine->wait_us = elapsed + attempt_time(engine, id, elapsed);
	engine->current = index;
	engine->count++;
	return (struct trowel_action){ .kind = TROWEL_SEND, .attempt = index };
}

/* 6.2, 6.5 */
static uint32_t attempt_time(const struct trowel_engine *engine,
	const uint8_t *random, uint32_t elapsed)
{
	uint64_t time = (uint64_t)engine->policy.timeout_ms * 1000;
	uint32_t left = deadline_us(engine) - elapsed;

	if (time == 0) {
		time = FIRST_WAIT_US;
		for (unsigned turn = engine->policy.server_count;
			turn < engine->turn && time < LONGEST_WAIT_US;
			turn += engine->policy.server_count)
			time *= 2;
		time = time * (49152u + tw_u16_at(random, 2) / 2u) / 65536;
		if (time > LONGEST_WAIT_US)
			time = LONGEST_WAIT_US;
	}
	return time < left ? (uint32_t)time : left;
}

/* Whether an attempt is within its time, and can be answered. */
static bool is_awaited(const struct trowel_engine *engine, uint8_t index)
{
	const struct trowel_attempt *attempt = engine->attempts + index;

	if (engine->failed[attempt->server])
		return false;
	if (attempt->outcome == TROWEL_ATTEMPT_MALFORMED) /* 4.1 */
		return index == engine->current;
	return attempt->outcome == TROWEL_UNANSWERED;
}

static bool any_is_awaited(const struct trowel_engine *engine)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		if (is_awaited(engine, i))
			return true;
	}
	return false;
}

/* Whether a reply could still come to an attempt that had none: 5.1, 7.6. */
static bool any_is_silent(const struct trowel_engine *engine)
{
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *attempt = engine->attempts + i;

		if (!engine->failed[attempt->server] &&
			(attempt->outcome == TROWEL_UNANSWERED ||
				attempt->outcome == TROWEL_ATTEMPT_TIMED_OUT))
			return true;
	}
	return false;
}

/* How long to listen when no turn is left. */
static uint32_t last_time(const struct trowel_engine *engine)
{
	bool silent = any_is_silent(engine);

	if (!silent && !any_is_awaited(engine)) /* 7.6 */
		return 0;
	if (!silent || engine->policy.timeout_ms != 0 ||
		engine->best < engine->count) /* 6.4 */
		return engine->wait_us;
	return deadline_us(engine);
}

/* 1.1 */
static bool is_ours(const struct trowel_engine *engine, uint16_t id,
	const uint8_t *octets, size_t length)
{
	return length >= engine->question_end &&
		header_matches(engine, id, octets) &&
		tw_u16_at(octets, 4) == 1 && question_matches(engine, octets);
}

/* 2.1 */
static bool is_bare_failure(const struct trowel_engine *engine, uint16_t id,
	const uint8_t *octets, size_t length)
{
	return length == HEADER_SIZE && header_matches(engine, id, octets) &&
		tw_u16_at(octets, 4) == 0 && tw_u16_at(octets, 6) == 0 &&
		tw_u16_at(octets, 8) == 0 && tw_u16_at(octets, 10) == 0 &&
		is_failure(octets[3] % 16);
}

static bool header_matches(
	const struct trowel_engine *engine, uint16_t id, const uint8_t *octets)
{
	unsigned opcode = octets[2] / 8 % 16;

	return tw_u16_at(octets, 0) == id && octets[2] >= 0x80 &&
		opcode == engine->query[2] / 8u % 16;
}

/* 1.2: length octets are under 64, so that case does not touch them. */
static bool question_matches(
	const struct trowel_engine *engine, const uint8_t *octets)
{
	size_t name_end = engine->question_end - (size_t)4;
	size_t i = HEADER_SIZE;

	while (i < name_end &&
		tw_lower(octets[i]) == tw_lower(engine->query[i]))
		i++;
	return i == name_end &&
		tw_u16_at(octets, i) == tw_u16_at(engine->query, i) &&
		tw_u16_at(octets, i + 2) == tw_u16_at(engine->query, i + 2);
}

/* 3.1, 3.2 */
static enum trowel_verdict note_truncated(
	struct trowel_engine *engine, const struct reply *reply)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;
	bool under_way = false;

	if (is_settled(asked))
		return TROWEL_NOTED;
	attempt_end(asked, TROWEL_ATTEMPT_TRUNCATED, reply->elapsed_us);
	for (uint8_t i = 0; i < engine->count; i++) {
		const struct trowel_attempt *other = engine->attempts + i;

		if (other->server == asked->server &&
			other->transport == TROWEL_TCP &&
			other->outcome == TROWEL_UNANSWERED)
			under_way = true;
	}
	if (!under_way)
		engine->tcp_due[asked->server] = true;
	return TROWEL_NOTED;
}

static enum trowel_verdict read_reply(struct trowel_engine *engine,
	const struct reply *reply, struct trowel_message *message)
{
	struct trowel_message decoded;
	struct trowel_fault fault = { .status = TROWEL_OK };
	enum trowel_verdict verdict;
	enum trowel_status status = trowel_message_decode(
		&decoded, reply->octets, reply->length, &fault);

	if (status != TROWEL_OK &&
		(!reply->truncated || decoded.octets == NULL))
		return note_malformed(engine, reply, &fault);
	if (status != TROWEL_OK) /* 3.5 */
		engine->fault = fault;
	verdict = judge(engine, reply, trowel_message_rcode(&decoded));
	if (verdict != TROWEL_NOTED)
		*message = decoded;
	return verdict;
}

/* 4.1 */
static enum trowel_verdict note_malformed(struct trowel_engine *engine,
	const struct reply *reply, const struct trowel_fault *fault)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;

	if (is_settled(asked))
		return TROWEL_NOTED;
	attempt_end(asked, TROWEL_ATTEMPT_MALFORMED, reply->elapsed_us);
	asked->status = (uint8_t)fault->status;
	engine->fault = *fault;
	return TROWEL_NOTED;
}

/* 7.2 to 7.5 */
static enum trowel_verdict judge(
	struct trowel_engine *engine, const struct reply *reply, uint16_t rcode)
{
	struct trowel_attempt *asked = engine->attempts + reply->attempt;
	bool lame = is_lame(engine, reply, rcode);

	if (engine->policy.any_rcode || !(lame || is_failure(rcode))) {
		asked->rcode = rcode;
		attempt_end(asked, TROWEL_ANSWERED, reply->elapsed_us);
		engine->best = reply->attempt;
		end(engine, TROWEL_OK, reply->elapsed_us);
		return TROWEL_FINAL;
	}
	if (is_settled(asked))
		return TROWEL_NOTED;
	asked->rcode = rcode;
	attempt_end(asked, lame ? TROWEL_ATTEMPT_LAME : TROWEL_ATTEMPT_FAILED,
		reply->elapsed_us);
	engine->failed[asked->server] = true;
	if (engine->best < engine->count &&
		rank(asked) <= rank(engine->attempts + engine->best))
		return TROWEL_NOTED;
	engine->best = reply->attempt;
	return TROWEL_CANDIDATE;
}

static bool is_failure(unsigned rcode)
{
	return rcode == FORMERR || rcode == SERVFAIL || rcode == NOTIMP ||
		rcode == REFUSED;
}

/* 7.3 */
static bool is_lame(const struct trowel_engine *engine,
	const struct reply *reply, uint16_t rcode)
{
	unsigned flags = tw_u16_at(reply->octets, 2);
	unsigned answers = tw_u16_at(reply->octets, 6);

	return rcode == 0 && answers == 0 &&
		(flags & (TROWEL_RA | TROWEL_AA | TROWEL_TC)) == 0 &&
		(tw_u16_at(engine->query, 2) & TROWEL_RD) != 0;
}

/* 7.4 */
static unsigned rank(const struct trowel_attempt *attempt)
{
	if (attempt->outcome == TROWEL_ATTEMPT_LAME)
		return 0;
	if (attempt->rcode == SERVFAIL)
		return 3;
	return attempt->rcode == REFUSED ? 2 : 1;
}

/* Whether the server's word on this attempt has been heard. An answer still
 * counts after that; a second failure does not. */
static bool is_settled(const struct trowel_attempt *attempt)
{
	return attempt->outcome == TROWEL_ATTEMPT_TRUNCATED ||
		attempt->outcome == TROWEL_ATTEMPT_FAILED ||
		attempt->outcome == TROWEL_ATTEMPT_LAME;
}

static void attempt_end(struct trowel_attempt *attempt,
	enum trowel_outcome outcome, uint32_t elapsed)
{
	attempt->outcome = (uint8_t)outcome;
	attempt->ended_us = elapsed;
}

static uint32_t elapsed_us(const struct trowel_engine *engine, uint64_t now_us)
{
	if (now_us <= engine->start_us)
		return 0;
	if (now_us - engine->start_us >= UINT32_MAX)
		return UINT32_MAX;
	return (uint32_t)(now_us - engine->start_us);
}

static uint32_t deadline_us(const struct trowel_engine *engine)
{
	return engine->policy.deadline_ms * 1000;
}
