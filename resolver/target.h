/* SPDX-License-Identifier: MIT */
/* The targets of a service out of its SRV, HTTPS or SVCB records. Pure. */
#ifndef TW_TARGET_H
#define TW_TARGET_H

#include <trowel/resolver.h>

#define TW_TARGETS_MAX 32

struct tw_targets {
	uint8_t count;
	bool has_alias; /* RFC 9460 2.4.2: then nothing else counts */
	struct trowel_name alias;
	struct trowel_target items[TW_TARGETS_MAX];
};

/* Reads the records that answer. The target of those that give none is the name
 * at the end of the CNAMEs; the port of those that give none, `port`. Of too
 * many, the better ones are kept. */
void tw_targets_read(struct tw_targets *targets,
	const struct trowel_answer *answer, uint16_t port);

/* Puts them in order, out of a random number. */
void tw_targets_order(struct tw_targets *targets, uint32_t lot);

#endif
