/* SPDX-License-Identifier: MIT */
/* A lookup on its way: the question, the query, and whom to ask. */
#ifndef TW_JOB_H
#define TW_JOB_H

#include "cli/name.h"
#include "cli/options.h"
#include "cli/servers.h"

struct tw_job {
	const struct tw_command *command;
	const struct tw_lookup *lookup;
	struct tw_servers servers;
	struct tw_edns edns; /* the lookup's, with a cookie */
	struct trowel_ask ask;
	struct tw_names names; /* that are left */
	struct trowel_name asked;
	bool is_unverified; /* the reply's TSIG is not right */
	bool is_greeted; /* the banner has been shown, or will never be */
	bool is_last; /* of the command line: the process ends after it */
	bool enters_sandbox; /* when a query is sent: while the server works */
	struct tw_output
		*output; /* for queries that are to be shown, or NULL */
	uint8_t transport; /* by which the last query went */
	unsigned repeats; /* for a BADVERS or BADCOOKIE */
	char notes[320]; /* of those, as dig has them, and on /etc/hosts */
	uint8_t options[TW_EDNS_SIZE_MAX];
};

/* Gets a lookup ready to be asked. Returns 0, or says what is wrong and returns
 * the exit status. */
int tw_job_prepare(struct tw_job *job, const struct tw_command *command,
	const struct tw_lookup *lookup);

/* The same question of the same servers, of another type. Returns likewise. */
int tw_job_copy(struct tw_job *job, const struct tw_job *other,
	const struct tw_lookup *lookup);

/* Once, where the job does so. All has been read then but the time zone, and
 * /etc/hosts for other names. */
void tw_job_enter_sandbox(struct tw_job *job);

/* Goes on to the next name of the search list. False where there is none. */
bool tw_job_next(struct tw_job *job);

/* Whether to do so after this answer: there is no such name, but another. */
bool tw_job_goes_on(
	const struct tw_job *job, const struct trowel_answer *answer);

/* Puts the lookup's EDNS options, as they are now, into what is asked. */
void tw_job_set(struct tw_job *job);

/* The query, but for its id. It refers to the job. */
void tw_job_query(const struct tw_job *job, struct trowel_query *query);

/* Asks and waits, and asks again after BADVERS and BADCOOKIE. *answer is the
 * caller's, if it is not NULL. */
enum trowel_status tw_job_ask(
	struct tw_job *job, struct trowel_answer **answer);

/* Whether to ask again after this answer: BADVERS, BADCOOKIE. The job is as it
 * has to be for that. */
bool tw_job_is_repeated(struct tw_job *job, const struct trowel_answer *answer);

/* Whether the query has a cookie whose first half is for us to check. */
bool tw_job_has_cookie(const struct tw_job *job);

/* What tw_print_message() is to know of the answer. */
struct tw_reply tw_job_reply(
	const struct tw_job *job, const struct trowel_answer *answer);

/* Adds the banner, if it has not been there yet. */
void tw_job_greet(struct tw_output *output, struct tw_job *job);

#endif
