/* SPDX-License-Identifier: MIT */
/* What dig makes of a message that is not as it should be. */
#ifndef TW_DIG_VERDICT_H
#define TW_DIG_VERDICT_H

#include <stdbool.h>

#include <trowel/wire.h>

struct tw_verdict {
	const char *reason; /* it is not shown; NULL: it is, */
	bool is_odd; /* with a warning */
};

/* Decodes a message of at least 12 octets and judges it. `is_lenient`: dig's
 * +besteffort. What is shown of it is in *message. */
struct tw_verdict tw_dig_judge(struct trowel_message *message,
	const uint8_t *octets, size_t length, bool is_lenient);

/* The octets that dig's reading of a malformed message did not get to. */
size_t tw_dig_extra(const struct trowel_message *message);

#endif
