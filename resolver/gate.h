/* SPDX-License-Identifier: MIT */
/* Whose is a message (RFC 5452 9.1, RFC 7766 7, RFC 7873 5.3)? */
#ifndef TW_GATE_H
#define TW_GATE_H

#include <trowel/engine.h>

enum { TW_FORMERR = 1, TW_SERVFAIL = 2, TW_NOTIMP = 4, TW_REFUSED = 5 };

/* FORMERR, SERVFAIL, NOTIMP or REFUSED. */
bool tw_is_failure(unsigned rcode);

/* 2.1: such a failure, told by a header (of 12 octets at least) and no more. */
bool tw_is_bare_failure(const uint8_t *octets, size_t length);

/* Why a message is not the reply to an attempt, by its header and question.
 * *truncated: by UDP, and not whole. `cut`: the datagram was larger. */
/*@ requires tw_engine_is_good(engine) && \valid_read(asked);
    requires length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1)) && \valid(truncated);
    requires \separated(truncated, engine, octets + (0 .. length - 1));
    assigns *truncated; */
enum trowel_reason tw_gate(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, const uint8_t *octets,
	size_t length, bool cut, bool *truncated);

/* Whether the question's letters came back in another case than they left.
 * The question is the one asked but for that. */
bool tw_gate_case_differs(const struct trowel_engine *engine,
	const struct trowel_attempt *asked, const uint8_t *octets);

/* Why a decoded message is not the reply, by its COOKIE. The server's half of
 * a right one is kept. */
enum trowel_reason tw_gate_cookie(const struct trowel_attempt *asked,
	const struct trowel_message *message, struct trowel_health *health);

#endif
