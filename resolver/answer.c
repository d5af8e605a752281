/* SPDX-License-Identifier: MIT */
/* What a lookup tells when it has ended. */
#include "resolver/lookup.h"

#include <stdlib.h>
#include <string.h>

#define OPTION_EDE 15

/* An answer with all that it points to, in one block. */
struct reply {
	struct trowel_answer answer;
	struct trowel_attempt attempts[];
	/* and then the servers, and the octets of the message */
};

static void describe_message(
	struct trowel_answer *answer, const struct trowel_name *asked);
static void describe_error(struct trowel_answer *answer);
static bool keeps_ad(const struct tw_lookup *lookup);

struct trowel_answer *tw_answer_new(
	const struct tw_lookup *lookup, enum trowel_status status)
{
	const struct trowel_engine *engine = &lookup->engine;
	size_t attempts_size = engine->count * sizeof(engine->attempts[0]);
	size_t servers_size = engine->policy.server_count *
		sizeof(lookup->servers->addresses[0]);
	size_t length =
		lookup->message.octets != NULL ? lookup->message.length : 0;
	struct reply *reply = NULL;
	uint8_t *servers;

	if (length == 0 || lookup->kept != NULL)
		reply = calloc(1,
			sizeof(*reply) + attempts_size + servers_size + length);
	if (reply == NULL)
		return NULL;
	servers = (uint8_t *)reply->attempts + attempts_size;
	memcpy(reply->attempts, engine->attempts, attempts_size);
	memcpy(servers, &lookup->servers->addresses[lookup->first],
		servers_size);
	reply->answer.status = status;
	reply->answer.attempts = reply->attempts;
	reply->answer.attempt_count = engine->count;
	reply->answer.servers = (struct trowel_address *)(void *)servers;
	reply->answer.ede_code = TROWEL_NO_EDE;
	if (status == TROWEL_MALFORMED_ANSWER)
		reply->answer.fault = engine->fault;
	if (length == 0)
		return &reply->answer;
	memcpy(servers + servers_size, lookup->kept, length);
	reply->answer.attempt = engine->best;
	reply->answer.message = lookup->message;
	reply->answer.message.octets = servers + servers_size;
	if (!keeps_ad(lookup)) {
		servers[servers_size + 3] &= (uint8_t)~TROWEL_AD;
		reply->answer.message.flags &= (uint16_t)~TROWEL_AD;
	}
	describe_message(&reply->answer, &lookup->name);
	describe_error(&reply->answer);
	return &reply->answer;
}

void trowel_answer_free(struct trowel_answer *answer)
{
	free(answer); /* one block: struct reply */
}

/* CNAMEs in a circle, or in conflict, are for the caller to find: the message
 * is one that can be printed. */
static void describe_message(
	struct trowel_answer *answer, const struct trowel_name *asked)
{
	struct trowel_chain chain;
	struct trowel_record record;
	bool any;

	answer->rcode = trowel_message_rcode(&answer->message);
	answer->name = *asked;
	if (trowel_chain_start(&chain, &answer->message) != TROWEL_OK)
		return;
	trowel_message_name(&answer->message, chain.owner, &answer->name);
	answer->ttl_s = chain.ttl_s;
	any = chain.alias_count > 0;
	while (trowel_chain_next(&chain, &record)) {
		if (trowel_record_ttl_s(&record) < answer->ttl_s)
			answer->ttl_s = trowel_record_ttl_s(&record);
		any = true;
	}
	if (!any)
		answer->ttl_s = 0;
}

/* The first EDE of the OPT, RFC 8914 2. Its lengths have been checked. */
static void describe_error(struct trowel_answer *answer)
{
	const struct trowel_message *message = &answer->message;
	size_t at = message->edns.options;
	size_t end = at + message->edns.options_length;

	while (end - at >= 4) {
		const uint8_t *option = message->octets + at;
		size_t length = (size_t)option[2] * 256 + option[3];

		at += 4;
		if (length > end - at)
			return;
		if (option[0] == 0 && option[1] == OPTION_EDE && length >= 2) {
			answer->ede_code =
				(uint16_t)(option[4] * 256 + option[5]);
			answer->ede_text = (uint16_t)(at + 2);
			answer->ede_length = (uint16_t)(length - 2);
			return;
		}
		at += length;
	}
}

/* AD from just any server means nothing. */
static bool keeps_ad(const struct tw_lookup *lookup)
{
	return (lookup->job.ask.flags & (TROWEL_ASK_AD | TROWEL_ASK_EXACT)) !=
		0 ||
		(lookup->job.t->options.flags & TROWEL_TRUST_AD) != 0;
}
