/* SPDX-License-Identifier: MIT */
#include "resolver/attempt.h"

#include <errno.h>

static enum trowel_status error_status(int error);

uint32_t tw_elapsed_us(const struct trowel_engine *engine, uint64_t now_us)
{
	if (now_us <= engine->start_us)
		return 0;
	if (now_us - engine->start_us >= UINT32_MAX)
		return UINT32_MAX;
	return (uint32_t)(now_us - engine->start_us);
}

void tw_attempt_end(struct trowel_attempt *attempt, enum trowel_outcome outcome,
	uint32_t elapsed)
{
	attempt->outcome = (uint8_t)outcome;
	attempt->ended_us = elapsed;
}

bool tw_attempt_is_settled(const struct trowel_attempt *attempt)
{
	return attempt->outcome == TROWEL_ATTEMPT_TRUNCATED ||
		attempt->outcome == TROWEL_ATTEMPT_FAILED ||
		attempt->outcome == TROWEL_ATTEMPT_LAME;
}

enum trowel_status tw_attempt_status(const struct trowel_attempt *attempt)
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

/*@ assigns \nothing; */
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
