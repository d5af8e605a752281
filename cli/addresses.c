/* SPDX-License-Identifier: MIT */
#include "cli/addresses.h"

#include "cli/complain.h"

#define TYPE_A 1
#define TYPE_AAAA 28
#define TEXT_SIZE 48 /* of an address */

void tw_print_addresses(
	struct tw_output *output, const struct trowel_message *message)
{
	struct trowel_chain chain;
	struct trowel_record record;
	enum trowel_status status = trowel_chain_start(&chain, message);
	char text[TEXT_SIZE];

	if (status != TROWEL_OK) {
		tw_complain("warning: the reply leads to no address: %s",
			trowel_status_text(status));
		return;
	}
	while (trowel_chain_next(&chain, &record)) {
		if (record.type != TYPE_A && record.type != TYPE_AAAA)
			continue;
		trowel_rdata_format(message, &record, TROWEL_STYLE_PLAIN, text,
			sizeof(text));
		tw_output_add(output, text);
		tw_output_end_line(output);
	}
}
