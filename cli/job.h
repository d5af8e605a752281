/* SPDX-License-Identifier: MIT */
/* A lookup on its way: the question, the query, and whom to ask. */
#ifndef TW_JOB_H
#define TW_JOB_H

#include "cli/options.h"
#include "cli/servers.h"

struct tw_job {
	const struct tw_command *command;
	const struct tw_lookup *lookup;
	struct tw_servers servers;
	struct tw_edns edns; /* the lookup's, with a cookie */
	struct trowel_ask ask;
	char name[TROWEL_NAME_TEXT_SIZE];
	struct trowel_name asked;
	unsigned repeats; /* for a BADVERS or BADCOOKIE */
	char notes[160]; /* of those, as dig has them */
	uint8_t options[TW_EDNS_SIZE_MAX];
};

/* Gets a lookup ready to be asked. Returns 0, or says what is wrong and returns
 * the exit status. */
int tw_job_prepare(struct tw_job *job, const struct tw_command *command,
	const struct tw_lookup *lookup);

/* Asks and waits, and asks again after BADVERS and BADCOOKIE. *answer is the
 * caller's, if it is not NULL. */
enum trowel_status tw_job_ask(
	struct tw_job *job, struct trowel_answer **answer);

/* Whether the query has a cookie whose first half is for us to check. */
bool tw_job_has_cookie(const struct tw_job *job);

/* What tw_print_message() is to know of the answer. */
struct tw_reply tw_job_reply(
	const struct tw_job *job, const struct trowel_answer *answer);

#endif
