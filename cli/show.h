/* SPDX-License-Identifier: MIT */
/* What came of a lookup, in the form that it wants. */
#ifndef TW_SHOW_H
#define TW_SHOW_H

#include "cli/job.h"
#include "cli/output.h"

/* Adds the reply; or says why there is none, on standard error and where the
 * form has a place for it. `answer` may be NULL. Returns the exit status. */
int tw_show(struct tw_output *output, struct tw_job *job,
	enum trowel_status status, const struct trowel_answer *answer);

/* Adds a reply. */
void tw_show_reply(struct tw_output *output, struct tw_job *job,
	const struct trowel_answer *answer);

/* Adds a query: +qr. `answer` names the server by its only attempt. */
void tw_show_query(struct tw_output *output, struct tw_job *job,
	const struct trowel_answer *answer, const uint8_t *octets,
	size_t length);

/* What cannot be asked has been told on standard error; some forms have a place
 * for that, too. */
void tw_show_refusal(struct tw_output *output, const struct tw_job *job);

#endif
