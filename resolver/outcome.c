/* SPDX-License-Identifier: MIT */
#include "resolver/outcome.h"

#include <string.h>

#define RCODE_NXDOMAIN 3
#define TYPE_A 1

enum trowel_status tw_outcome(
	enum trowel_status status, const struct trowel_answer *answer)
{
	struct trowel_chain chain;
	struct trowel_record record;
	uint8_t outcome;

	if (status != TROWEL_OK)
		return status;
	outcome = answer->attempts[answer->attempt].outcome;
	if (outcome == TROWEL_ATTEMPT_FAILED || outcome == TROWEL_ATTEMPT_LAME)
		return TROWEL_SERVER_FAILED;
	if (answer->rcode == RCODE_NXDOMAIN)
		return TROWEL_NO_SUCH_NAME;
	if (answer->rcode != 0)
		return TROWEL_SERVER_FAILED;
	status = trowel_chain_start(&chain, &answer->message);
	if (status == TROWEL_OK && !tw_chain_next(&chain, &record))
		status = TROWEL_NO_DATA;
	return status;
}

size_t tw_outcome_addresses(
	const struct trowel_answer *answer, struct trowel_address *addresses)
{
	const struct trowel_message *message = &answer->message;
	struct trowel_chain chain;
	struct trowel_record record;
	size_t count = 0;

	if (trowel_chain_start(&chain, message) != TROWEL_OK)
		return 0;
	while (tw_chain_next(&chain, &record)) {
		struct trowel_address address = { .family = 6 };

		if (record.type == TYPE_A)
			address.family = 4;
		if (record.rdata_length > sizeof(address.octets))
			continue;
		memcpy(address.octets, message->octets + record.rdata,
			record.rdata_length);
		if (addresses != NULL)
			addresses[count] = address;
		count++;
	}
	return count;
}

bool tw_chain_next(struct trowel_chain *chain, struct trowel_record *record)
{
	return trowel_chain_next(chain, record);
}

/* NODATA before SERVFAIL and that before NXDOMAIN, as in glibc. */
unsigned tw_outcome_rank(enum trowel_status status)
{
	switch (status) {
	case TROWEL_NO_SUCH_NAME:
		return 0;
	case TROWEL_SERVER_FAILED:
	case TROWEL_ALIAS_LOOP:
	case TROWEL_ALIAS_CONFLICT:
		return 1;
	case TROWEL_NO_DATA:
		return 2;
	case TROWEL_OK:
		return 4;
	default:
		return 3;
	}
}
