/* SPDX-License-Identifier: MIT */
/* The addresses of a reply alone: +addr. */
#ifndef TW_ADDRESSES_H
#define TW_ADDRESSES_H

#include <trowel/wire.h>

#include "cli/output.h"

/* A line for each address at the end of the CNAMEs. */
void tw_print_addresses(
	struct tw_output *output, const struct trowel_message *message);

#endif
