/* SPDX-License-Identifier: MIT */
/* A message as YAML, as dig writes it with +yaml. */
#ifndef TW_YAML_H
#define TW_YAML_H

#include "cli/print.h"

/* As tw_print_message(). */
void tw_print_yaml(struct tw_output *output, const struct tw_view *view,
	const struct trowel_message *message, const struct tw_reply *reply);

#endif
