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

/* A message that is not ours: counted, and nothing more but 9.9. */
enum trowel_verdict tw_reply_drop(
	const struct tw_reply *reply, enum trowel_reason reason);

/* A reply that has passed the gate. TROWEL_FINAL: it ends the lookup; its
 * attempt is engine->best and has its outcome. */
enum trowel_verdict tw_reply_read(
	struct tw_reply *reply, struct trowel_message *message);

#endif
