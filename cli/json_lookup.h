/* SPDX-License-Identifier: MIT */
/* A lookup, or a message that comes from elsewhere, as a JSON object. */
#ifndef TW_JSON_LOOKUP_H
#define TW_JSON_LOOKUP_H

#include <trowel/resolver.h>

#include "cli/output.h"
#include "cli/print.h"

/* What there is; what there is not is NULL. */
struct tw_json_lookup {
	const char *name; /* what was asked, in presentation form */
	uint16_t type;
	uint16_t class_code;
	const char *server; /* as the user named it */
	const struct trowel_answer *answer;
	const struct trowel_message *message;
	enum trowel_status status;
	const struct trowel_fault *fault; /* of a malformed message */
	const char *reason; /* in place of the status' own sentence */
};

void tw_json_print(struct tw_output *output, enum tw_form form,
	const struct tw_json_lookup *lookup);

/* "TIMED_OUT" */
const char *tw_status_word(enum trowel_status status);

#endif
