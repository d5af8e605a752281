/* SPDX-License-Identifier: MIT */
/* What a reply says of its attempt, its server and the lookup. */
#ifndef TW_REPLY_H
#define TW_REPLY_H

#include <trowel/engine.h>

struct tw_reply {
	const uint8_t *octets;
	size_t length;
	struct trowel_attempt *asked;
	struct trowel_health *health; /* of its server */
	uint8_t *state; /* likewise, in this lookup */
	uint64_t now_us;
	uint32_t elapsed_us;
	uint8_t attempt;
	bool truncated; /* by UDP */
};

/* A message that is not ours: counted, and nothing more but 9.9. */
enum trowel_verdict tw_reply_drop(struct trowel_engine *engine,
	const struct tw_reply *reply, enum trowel_reason reason);

/* A reply whose body is not looked at. */
enum trowel_verdict tw_reply_note_truncated(
	struct trowel_engine *engine, const struct tw_reply *reply);

/* Any other reply that has passed the gate. TROWEL_FINAL: it ends the lookup;
 * its attempt is engine->best and has its outcome. */
enum trowel_verdict tw_reply_read(struct trowel_engine *engine,
	const struct tw_reply *reply, struct trowel_message *message);

#endif
