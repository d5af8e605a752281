/* SPDX-License-Identifier: MIT */
/* What a reply says of its attempt, its server and the lookup. */
#ifndef TW_REPLY_H
#define TW_REPLY_H

#include <trowel/engine.h>

struct tw_reply {
	const uint8_t *octets;
	size_t length;
	uint8_t attempt;
	bool truncated; /* by UDP */
	uint32_t elapsed_us;
};

/* A message that is not ours: counted, and nothing more but 9.9. */
enum trowel_verdict tw_reply_drop(struct trowel_engine *engine, uint8_t attempt,
	enum trowel_reason reason);

/* A reply whose body is not looked at. */
enum trowel_verdict tw_reply_note_truncated(
	struct trowel_engine *engine, const struct tw_reply *reply);

/* Any other reply that has passed the gate. TROWEL_FINAL: it ends the lookup;
 * its attempt is engine->best and has its outcome. */
enum trowel_verdict tw_reply_read(struct trowel_engine *engine,
	const struct tw_reply *reply, struct trowel_message *message);

/* Whether the server's word on this attempt has been heard. An answer still
 * counts after that; a second failure does not. */
bool tw_is_settled(const struct trowel_attempt *attempt);

#endif
