/* SPDX-License-Identifier: MIT */
/*
 * One lookup as a machine without I/O: whom to ask, when, and which datagram
 * is the answer. It has no socket, no clock, no heap and no randomness: all of
 * these are arguments, so that every course of events can be played to it.
 *
 * The caller loops over tw_engine_next() and does as it says:
 *   TW_SEND  send engine->query to the server of `attempt` from a fresh socket
 *            of that attempt's own, by its transport, and keep the socket open
 *            until TW_DONE, whatever becomes of the attempt; then call
 *            tw_engine_next() again at once. The next TW_SEND changes the id
 *            in engine->query: who sends by TCP keeps a copy of what has not
 *            gone out yet;
 *   TW_WAIT  wait until something arrives on one of those sockets, at the
 *            longest until `until_us`;
 *   TW_DONE  the lookup has ended with `status`.
 * What arrives goes to tw_engine_receive(), what fails to tw_engine_failed();
 * after either, tw_engine_next() says how to go on. What has arrived is given
 * first, and the clock asked after that, so that a program that was stopped
 * for a while ends with what is there.
 *
 * Times are microseconds on a clock that does not go back.
 */
#ifndef TW_ENGINE_H
#define TW_ENGINE_H

#include <trowel/wire.h>

#define TW_ATTEMPTS 32 /* of one lookup, those by TCP with them */
#define TW_SERVERS 32
#define TW_QUERY_SIZE 1232
#define TW_RANDOM_SIZE (4 * TW_ATTEMPTS) /* an id and a jitter an attempt */

enum tw_transport { TW_UDP, TW_TCP };

/* What a lookup may do; filled in by the caller. */
struct tw_policy {
	uint8_t server_count; /* 1 to TW_SERVERS */
	uint8_t tries; /* at each server, 1 to 16 */
	bool tcp; /* TCP from the start */
	bool keep_truncated; /* TC=1 is an answer like another */
	bool any_rcode; /* SERVFAIL and the like are answers */
	uint32_t timeout_ms; /* of each try, without doubling or jitter; 0: 400
				ms, doubled each round, jitter 0.75 to 1.25,
				at most 3 s; and after the last try,
				listening goes on until the deadline */
	uint32_t deadline_ms; /* of the whole, 1 ms to an hour */
};

enum tw_outcome { /* in the order of enum trowel_outcome */
	TW_UNANSWERED,
	TW_ANSWERED,
	TW_TIMED_OUT,
	TW_TRUNCATED,
	TW_FAILED,
	TW_LAME,
	TW_MALFORMED,
	TW_CLOSED,
	TW_ERROR
};

struct tw_attempt {
	uint16_t id;
	uint8_t server; /* index */
	uint8_t transport; /* enum tw_transport */
	uint8_t outcome; /* enum tw_outcome */
	uint8_t status; /* enum trowel_status, of a malformed reply */
	uint16_t rcode; /* 12 bits, with TW_ANSWERED, TW_FAILED */
	uint16_t ignored; /* datagrams that were not ours, at most 65,535 */
	int error; /* errno, with TW_ERROR */
	uint32_t sent_us; /* since the start */
	uint32_t ended_us; /* likewise; 0 while TW_UNANSWERED and not done */
};

enum tw_action_kind { TW_SEND, TW_WAIT, TW_DONE };

struct tw_action {
	enum tw_action_kind kind;
	uint8_t attempt; /* TW_SEND; with TROWEL_OK, whose reply it is */
	uint64_t until_us; /* TW_WAIT */
	enum trowel_status status; /* TW_DONE */
};

/* What became of a datagram. */
enum tw_verdict {
	TW_IGNORED, /* not ours: nothing has changed but a count */
	TW_NOTED, /* ours, and the attempt knows; its octets are not needed */
	TW_CANDIDATE, /* a failure, and the best reply so far: keep its octets,
			 in place of those kept before */
	TW_ANSWER /* the answer: keep its octets; TW_DONE comes next */
};

/* A lookup: 2,256 octets where a pointer has 8, the query's 1,232 with them.
 * Readable by the caller are count, best, fault, attempts, query and
 * query_length. */
struct tw_engine {
	struct tw_policy policy;
	uint64_t start_us;
	uint32_t wait_us; /* when the newest attempt's time is over */
	uint16_t turn; /* the next one; goes around the servers, tries times */
	uint8_t count; /* attempts so far */
	uint8_t best; /* attempt of the answer or the candidate; TW_ATTEMPTS if
			 there is none */
	uint8_t current; /* the newest attempt, until it cannot be answered */
	bool done;
	uint8_t status; /* enum trowel_status, when done */
	bool failed[TW_SERVERS]; /* not to be asked again in this lookup */
	bool tcp_due[TW_SERVERS]; /* to be asked by TCP at once */
	uint16_t query_length;
	uint16_t question_end; /* offset in the query */
	struct trowel_fault fault; /* of the newest malformed reply */
	uint8_t random[TW_RANDOM_SIZE];
	struct tw_attempt attempts[TW_ATTEMPTS];
	uint8_t query[TW_QUERY_SIZE]; /* of the newest attempt, with its id */
};

/* Starts a lookup. The id in *query is not used: each attempt has its own.
 * Errors: TROWEL_MESSAGE_TOO_LONG where the query takes more than
 * TW_QUERY_SIZE octets; TROWEL_BAD_ARGUMENT for a policy out of range. After
 * an error tw_engine_next() gives TW_DONE with it. */
enum trowel_status tw_engine_start(struct tw_engine *engine,
	const struct tw_policy *policy, const struct trowel_query *query,
	uint64_t now_us, const uint8_t random[TW_RANDOM_SIZE]);

/* What to do now. TW_DONE comes with TROWEL_OK when there is a reply: the one
 * that got the verdict TW_ANSWER, else the newest with TW_CANDIDATE. Without
 * one it is TROWEL_MALFORMED_ANSWER, TROWEL_CONNECTION_CLOSED,
 * TROWEL_TIMED_OUT, TROWEL_SYSTEM_ERROR or TROWEL_UNREACHABLE. Once done, it
 * stays so. */
struct tw_action tw_engine_next(struct tw_engine *engine, uint64_t now_us);

/* Takes what arrived on an attempt's socket: a datagram, or a message without
 * its length by TCP. `cut`: the datagram was larger than the buffer. *message
 * is the decoded message with TW_CANDIDATE and TW_ANSWER (with keep_truncated:
 * as far as it goes, and engine->fault says where it ends), and untouched
 * otherwise. */
enum tw_verdict tw_engine_receive(struct tw_engine *engine, uint8_t attempt,
	const uint8_t *octets, size_t length, bool cut, uint64_t now_us,
	struct trowel_message *message);

/* An attempt could not be sent, or its socket reports an error: errno, or 0
 * where TCP was closed before a whole reply. The answer may still come. */
void tw_engine_failed(
	struct tw_engine *engine, uint8_t attempt, int error, uint64_t now_us);

#endif
