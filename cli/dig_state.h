/* SPDX-License-Identifier: MIT */
/* A lookup of --dig on its way, for the files that do it. */
#ifndef TW_DIG_STATE_H
#define TW_DIG_STATE_H

#include "cli/job.h"
#include "cli/output.h"
#include "cli/tsig.h"

#define TW_DIG_QUERY_MAX \
	(12 + 255 + 4 + 11 + TW_EDNS_SIZE_MAX + TW_TSIG_SIZE_MAX)

/* What to do after a step. */
enum tw_dig_step {
	TW_DIG_WAIT, /* for another message */
	TW_DIG_TRY, /* the next try, the next server */
	TW_DIG_AGAIN, /* with another query */
	TW_DIG_NAME, /* with the next name */
	TW_DIG_END
};

struct tw_dig {
	struct tw_output *output;
	struct tw_job *job;
	const struct tw_lookup *lookup;
	bool is_tcp;
	bool is_cookie_bad; /* BADCOOKIE has come */
	bool has_cookie; /* one that was given, or the server's */
	uint32_t tries; /* that are left */
	uint8_t server; /* index */
	int exit;
	uint16_t id;
	size_t query_length;
	uint8_t query[TW_DIG_QUERY_MAX];
	struct tw_tsig tsig; /* without a key: none */
	struct trowel_attempt attempt;
	struct trowel_answer answer;
	uint64_t start_us;
	uint8_t *octets; /* of a message, up to 65,535 */
};

/* A line of dig's that --dig has on standard output, with +yaml not at all;
 * without --dig, on standard error. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void tw_dig_warn(struct tw_dig *dig, const char *format, ...);

/* The server as the user named it, or its address. */
const char *tw_dig_server_name(
	const struct tw_dig *dig, char text[TROWEL_ADDRESS_TEXT_SIZE]);

/* Says what is wrong with a message that has come, or takes it for a reply. */
enum tw_dig_step tw_dig_take(struct tw_dig *dig, size_t length);

/* Shows a reply to the query, or goes on from it. */
enum tw_dig_step tw_dig_take_reply(struct tw_dig *dig);

#endif
