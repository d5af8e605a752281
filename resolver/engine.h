/* SPDX-License-Identifier: MIT */
/*
 * One lookup as a machine without I/O: whom to ask, when, and which datagram
 * is the answer. It has no socket, no clock, no heap and no randomness: all of
 * these are arguments, so that every course of events can be played to it.
 *
 * The caller loops over trowel_engine_next() and does as it says:
 *   TROWEL_SEND  send engine->query to the server of `attempt` from a fresh
 *           socket of that attempt's own, by its transport, and keep the socket
 *           open until TROWEL_DONE, whatever becomes of the attempt; then call
 *           trowel_engine_next() again at once. The next TROWEL_SEND changes
 *           engine->query: who sends by TCP keeps a copy of what has not gone
 *           out yet;
 *   TROWEL_WAIT  wait until something arrives on one of those sockets, at the
 *           longest until `until_us`;
 *   TROWEL_DONE  the lookup has ended with `status`.
 * What arrives goes to trowel_engine_receive(), what fails to
 * trowel_engine_failed(); after either, trowel_engine_next() says how to go on.
 * What has arrived is given first, and the clock asked after that, so that a
 * program that was stopped for a while ends with what is there.
 *
 * TROWEL_DONE with until_us other than 0: a copy of the query is still on its
 * way to a server that had failed, by attempt engine->probe. Who keeps its
 * socket until then, and gives what arrives there to trowel_engine_receive(),
 * lets the next lookups know whether that server is back. Nothing else comes of
 * it, and nothing is lost without it but that knowledge.
 *
 * Times are microseconds on a clock that does not go back.
 */
#ifndef TROWEL_ENGINE_H
#define TROWEL_ENGINE_H

#include <trowel/wire.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TROWEL_ATTEMPTS_MAX 32 /* of one lookup, those by TCP with them */
#define TROWEL_SERVERS_MAX 32
#define TROWEL_QUERY_SIZE 1232
/* An id and a jitter an attempt, the letters' case, a client cookie. */
#define TROWEL_RANDOM_SIZE (4 * TROWEL_ATTEMPTS_MAX + 32 + 8)

enum trowel_transport { TROWEL_UDP, TROWEL_TCP };

enum trowel_edns_support {
	TROWEL_EDNS_UNKNOWN,
	TROWEL_EDNS_WORKS,
	TROWEL_EDNS_FAILS /* but for a query now and then, to find out */
};

/* What is known of a server; all zero: nothing. An array of these, in the order
 * of the servers, belongs to the caller and is shared by all lookups of one
 * thread. The engine alone writes it. */
struct trowel_health {
	uint64_t probe_us; /* when to ask it again, with failures */
	uint64_t edns_us; /* when to try EDNS again, with TROWEL_EDNS_FAILS */
	uint64_t odd_us; /* until when odd_case and odd_cookie count */
	uint32_t srtt_us; /* RFC 6298 2 */
	uint32_t rttvar_us;
	uint8_t samples; /* of its time, at most 255 */
	uint8_t asked; /* lookups since the newest sample */
	uint8_t failures; /* in a row: while others answered, it did not */
	uint8_t edns; /* enum trowel_edns_support */
	bool odd_case; /* it does not give letters back as they were */
	bool odd_cookie; /* it does not give cookies back as they were */
	bool has_client_cookie;
	uint8_t server_cookie_length; /* 8 to 32; 0: none */
	uint8_t client_cookie[8];
	uint8_t server_cookie[32];
};

/* What a lookup may do; filled in by the caller. */
struct trowel_policy {
	uint8_t server_count; /* 1 to TROWEL_SERVERS_MAX */
	uint8_t tries; /* at each server, 1 to 16; 0: 2, or where timeout_ms is
			  0 and the server silent, until the deadline */
	bool tcp; /* TCP from the start */
	bool keep_truncated; /* TC=1 is an answer like another */
	bool keep_malformed; /* so is a malformed reply, as far as it goes; the
				status is TROWEL_MALFORMED_ANSWER then */
	bool any_rcode; /* SERVFAIL and the like are answers */
	bool edns_fallback; /* without OPT, where a server cannot do with it;
			       not for a version over 0 */
	bool cookies; /* RFC 7873; the query has no COOKIE of its own then */
	bool mix_case; /* letters of the question in random case */
	bool rotate; /* begins with a server by chance */
	bool fixed_id; /* the query's id, for all attempts */
	uint32_t timeout_ms; /* of each try, without doubling or jitter; 0: what
				the server needs, 400 ms where that is unknown,
				doubled each round, jitter 0.75 to 1.25, at most
				3 s; and after the last try, listening goes on
				until the deadline */
	uint32_t deadline_ms; /* of the whole, 1 ms to an hour */
};

/* How an attempt ended. */
enum trowel_outcome {
	TROWEL_UNANSWERED, /* nothing came by the end of the lookup */
	TROWEL_ANSWERED, /* its reply is the answer */
	TROWEL_ATTEMPT_TIMED_OUT, /* and another attempt was made */
	TROWEL_ATTEMPT_TRUNCATED, /* TC=1: asked again by TCP */
	TROWEL_ATTEMPT_FAILED, /* SERVFAIL and the like: `rcode` */
	TROWEL_ATTEMPT_LAME, /* an empty NOERROR of a server that cannot know */
	TROWEL_ATTEMPT_MALFORMED, /* `status` says how */
	TROWEL_ATTEMPT_CLOSED, /* TCP ended early */
	TROWEL_ATTEMPT_ERROR /* a system call failed: `error` is its errno */
};

struct trowel_attempt {
	uint16_t id;
	uint8_t server; /* index */
	uint8_t transport; /* enum trowel_transport */
	uint8_t outcome; /* enum trowel_outcome */
	uint8_t status; /* enum trowel_status, of a malformed reply */
	uint16_t rcode; /* 12 bits, where a reply had one */
	uint16_t ignored; /* messages that were not ours, at most 65,535 */
	bool edns; /* the query had an OPT */
	bool probe; /* a copy that nobody waits for */
	bool cookie; /* the query had a COOKIE of the engine's */
	bool mixed; /* and letters in random case */
	bool heard; /* internal: a message that was ours has come */
	int error; /* errno */
	uint32_t sent_us; /* since the start */
	uint32_t ended_us; /* likewise; 0 while unanswered and not done */
};

enum trowel_action_kind { TROWEL_SEND, TROWEL_WAIT, TROWEL_DONE };

struct trowel_action {
	enum trowel_action_kind kind;
	uint8_t attempt; /* TROWEL_SEND; with TROWEL_OK, whose reply it is */
	uint64_t
		until_us; /* TROWEL_WAIT; TROWEL_DONE: of engine->probe, or 0 */
	enum trowel_status status; /* TROWEL_DONE */
};

/* What became of a message. */
enum trowel_verdict {
	TROWEL_IGNORED, /* not ours: engine->reason */
	TROWEL_NOTED, /* ours, and the attempt knows; its octets are not needed */
	TROWEL_CANDIDATE, /* a failure, and the best reply so far: keep its
			     octets, in place of those kept before */
	TROWEL_FINAL /* the answer: keep its octets; TROWEL_DONE comes next */
};

/* Why a message was ignored. */
enum trowel_reason {
	TROWEL_DROPPED_NOT,
	TROWEL_DROPPED_SHORT, /* under 12 octets */
	TROWEL_DROPPED_NO_RESPONSE, /* QR=0 */
	TROWEL_DROPPED_OTHER_ID,
	TROWEL_DROPPED_OTHER_OPCODE,
	TROWEL_DROPPED_OTHER_QUESTION, /* or none, or several */
	TROWEL_DROPPED_OTHER_CASE, /* of the question's letters */
	TROWEL_DROPPED_OTHER_COOKIE,
	TROWEL_DROPPED_NO_COOKIE, /* of a server that has sent one before */
	TROWEL_DROPPED_LATE /* the attempt was truncated, or all is done */
};

/* A lookup: about 2.4 KiB, the query's 1,232 octets with them. Readable by the
 * caller are count, best, probe, reason, fault, attempts, query, query_length;
 * attempts also after TROWEL_DONE. */
struct trowel_engine {
	struct trowel_policy policy;
	struct trowel_health *health;
	uint64_t start_us;
	uint8_t count; /* attempts so far */
	uint8_t best; /* attempt of the answer or the candidate;
			 TROWEL_ATTEMPTS_MAX if there is none */
	uint8_t probe; /* likewise, of the copy that nobody waits for */
	uint8_t newest; /* the newest of the others */
	uint8_t first; /* server that the rounds begin with */
	uint8_t status; /* enum trowel_status, when done */
	uint8_t reason; /* enum trowel_reason, of the newest TROWEL_IGNORED */
	bool done;
	bool broken; /* the newest attempt's socket had an error */
	bool cookie_given; /* the random octets for one are used up */
	bool edns_fallback; /* allowed, and there is an OPT */
	bool mixed; /* the name in `query`, at present */
	uint16_t query_length;
	uint16_t question_end; /* offset in the query */
	uint16_t base_length; /* of the query with OPT, but no cookie of ours */
	uint8_t turns[TROWEL_SERVERS_MAX]; /* so far */
	uint8_t states[TROWEL_SERVERS_MAX]; /* internal bits */
	struct trowel_attempt attempts[TROWEL_ATTEMPTS_MAX];
	struct trowel_fault fault; /* of the newest malformed reply */
	uint8_t random[TROWEL_RANDOM_SIZE];
	uint8_t query[TROWEL_QUERY_SIZE]; /* of the newest attempt */
};

/*@ predicate tw_policy_is_good(struct trowel_policy *policy) =
      1 <= policy->server_count <= TROWEL_SERVERS_MAX &&
      1 <= policy->deadline_ms <= 3600000; */

/*@ predicate tw_servers_are_good(struct trowel_engine *engine) =
      \valid(engine->health + (0 .. engine->policy.server_count - 1)) &&
      \separated(engine,
        engine->health + (0 .. engine->policy.server_count - 1)) &&
      (\forall integer i; 0 <= i < engine->policy.server_count ==>
        engine->health[i].srtt_us <= 10000000 &&
        engine->health[i].rttvar_us <= 10000000); */

/*@ predicate tw_attempts_are_good(struct trowel_engine *engine) =
      \forall integer i; 0 <= i < engine->count ==>
        engine->attempts[i].server < engine->policy.server_count; */

/* One that has been started: without an attempt, it may be done at once. */
/*@ predicate tw_engine_is_good(struct trowel_engine *engine) =
      \valid(engine) && engine->start_us <= INT64_MAX / 2 &&
      engine->count <= TROWEL_ATTEMPTS_MAX &&
      (!engine->done || engine->count > 0 ==>
        tw_policy_is_good(&engine->policy) && tw_servers_are_good(engine)) &&
      tw_attempts_are_good(engine); */

/* Starts a lookup. `health` has policy->server_count entries and must live as
 * long as the lookup. The id in *query counts with fixed_id alone.
 * Errors: TROWEL_MESSAGE_TOO_LONG where the query takes more than
 * TROWEL_QUERY_SIZE octets; TROWEL_BAD_ARGUMENT for a policy out of range.
 * After an error trowel_engine_next() gives TROWEL_DONE with it. */
/*@ requires \valid(engine) && \valid_read(policy) && \valid_read(query);
    requires \valid(health + (0 .. policy->server_count - 1));
    requires \forall integer i; 0 <= i < policy->server_count ==>
      health[i].srtt_us <= 10000000 && health[i].rttvar_us <= 10000000;
    requires \valid_read(random + (0 .. TROWEL_RANDOM_SIZE - 1));
    requires \separated(engine, policy, query,
      health + (0 .. policy->server_count - 1));
    requires \separated(engine, random + (0 .. TROWEL_RANDOM_SIZE - 1));
    requires query->edns ==>
      \valid_read(query->options + (0 .. query->options_length - 1)) &&
      \separated(engine, query->options + (0 .. query->options_length - 1));
    requires now_us <= INT64_MAX / 2;
    assigns *engine;
    ensures tw_engine_is_good(engine);
    ensures \result == TROWEL_OK <==> !engine->done; */
TROWEL_API enum trowel_status trowel_engine_start(struct trowel_engine *engine,
	const struct trowel_policy *policy, const struct trowel_query *query,
	struct trowel_health *health, uint64_t now_us,
	const uint8_t random[TROWEL_RANDOM_SIZE]);

/* What to do now. TROWEL_DONE comes with TROWEL_OK when there is a reply: the
 * one that got the verdict TROWEL_FINAL, else the newest with TROWEL_CANDIDATE.
 * Without one it is TROWEL_MALFORMED_ANSWER (with TROWEL_FINAL before it, where
 * keep_malformed is set), TROWEL_CONNECTION_CLOSED, TROWEL_TIMED_OUT,
 * TROWEL_SYSTEM_ERROR or TROWEL_UNREACHABLE. Once done, it stays so. */
/*@ requires tw_engine_is_good(engine);
    assigns *engine, engine->health[0 .. engine->policy.server_count - 1];
    ensures tw_engine_is_good(engine);
    ensures \result.kind == TROWEL_DONE <==> engine->done;
    ensures \result.kind == TROWEL_SEND ==>
      \result.attempt == engine->count - 1; */
TROWEL_API struct trowel_action trowel_engine_next(
	struct trowel_engine *engine, uint64_t now_us);

/* Takes what arrived on an attempt's socket: a datagram, or a message without
 * its length by TCP. `cut`: the datagram was larger than the buffer. *message
 * is the decoded message with TROWEL_CANDIDATE and TROWEL_FINAL (with
 * keep_truncated and keep_malformed: as far as it goes, and engine->fault says
 * where it ends), and untouched otherwise. */
/*@ requires tw_engine_is_good(engine) && \valid(message);
    requires length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1));
    requires \separated(engine, message, octets + (0 .. length - 1));
    requires \separated(message,
      engine->health + (0 .. engine->policy.server_count - 1));
    requires \separated(octets + (0 .. length - 1),
      engine->health + (0 .. engine->policy.server_count - 1));
    assigns *engine, *message,
      engine->health[0 .. engine->policy.server_count - 1];
    ensures engine->count <= TROWEL_ATTEMPTS_MAX;
    ensures tw_attempts_are_good(engine);
    ensures \result == TROWEL_FINAL ==> engine->done; */
TROWEL_API enum trowel_verdict trowel_engine_receive(
	struct trowel_engine *engine, uint8_t attempt, const uint8_t *octets,
	size_t length, bool cut, uint64_t now_us,
	struct trowel_message *message);

/* An attempt could not be sent, or its socket reports an error: errno, or 0
 * where TCP was closed before a whole reply. The answer may still come. */
/*@ requires tw_engine_is_good(engine);
    assigns engine->broken, engine->fault, engine->attempts[0 .. 31];
    ensures tw_engine_is_good(engine); */
TROWEL_API void trowel_engine_failed(struct trowel_engine *engine,
	uint8_t attempt, int error, uint64_t now_us);

#ifdef __cplusplus
}
#endif

#endif
