/* SPDX-License-Identifier: MIT */
/* What a message says of its attempt, its server and the lookup. */
#ifndef TW_REPLY_H
#define TW_REPLY_H

#include <trowel/engine.h>

/* A message, and what it came to. */
struct tw_reply {
	struct trowel_engine *engine;
	struct trowel_attempt *asked;
	struct trowel_health *health; /* of the server asked */
	uint8_t *state; /* likewise: bits of enum tw_state */
	const uint8_t *octets;
	size_t length;
	uint64_t now_us;
	uint32_t elapsed_us;
	uint8_t attempt; /* index */
	bool truncated; /* by UDP */
	bool readable; /* its header and question */
	uint8_t outcome; /* for the attempt */
	uint16_t rcode;
};

/*@ predicate tw_is_counted(struct tw_reply *reply) =
      \valid(reply) && tw_engine_is_good(reply->engine) &&
      reply->asked == reply->engine->attempts + reply->attempt; */

/*@ predicate tw_is_heard(struct tw_reply *reply) =
      tw_is_counted(reply) && reply->attempt < reply->engine->count &&
      reply->health == reply->engine->health + reply->asked->server &&
      reply->state == reply->engine->states + reply->asked->server; */

/* A message that is not ours: counted, and nothing more but 9.9. */
/*@ requires tw_is_counted(reply);
    requires tw_is_heard(reply) || reason == TROWEL_DROPPED_LATE;
    assigns reply->engine->reason, reply->engine->attempts[0 .. 31],
      reply->engine->states[0 .. 31];
    ensures tw_engine_is_good(\old(reply->engine));
    ensures \result == TROWEL_IGNORED; */
enum trowel_verdict tw_reply_drop(
	const struct tw_reply *reply, enum trowel_reason reason);

/* A reply that has passed the gate. TROWEL_FINAL: it ends the lookup; its
 * attempt is engine->best and has its outcome. */
/*@ requires tw_is_heard(reply) && \valid(message);
    requires reply->length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(reply->octets + (0 .. reply->length - 1));
    assigns reply->outcome, reply->rcode, reply->readable, *message,
      reply->engine->best, reply->engine->reason, reply->engine->fault,
      reply->engine->attempts[0 .. 31], reply->engine->states[0 .. 31],
      reply->engine->health[0 .. reply->engine->policy.server_count - 1];
    ensures tw_engine_is_good(\old(reply->engine));
    ensures \old(reply->engine)->policy.server_count ==
      \old(reply->engine->policy.server_count); */
enum trowel_verdict tw_reply_read(
	struct tw_reply *reply, struct trowel_message *message);

#endif
