/* SPDX-License-Identifier: MIT */
/* The parts of a message on its way to text, for print.c. */
#ifndef TW_PRINTER_H
#define TW_PRINTER_H

#include "cli/print.h"

/* Where the fields of a record begin, if there is room before them. */
struct tw_columns {
	uint8_t ttl;
	uint8_t class_code;
	uint8_t type;
	uint8_t rdata;
};

/* The last owner is kept: most records of a message share theirs. */
struct tw_printer {
	struct tw_output *output;
	const struct tw_view *view;
	const struct trowel_message *message;
	const struct tw_reply *reply; /* NULL: it came from elsewhere */
	const struct tw_columns *columns;
	unsigned style; /* of trowel_rdata_format() */
	bool owner_known;
	uint16_t owner;
	size_t owner_length;
	char owner_text[TROWEL_NAME_TEXT_SIZE];
};

void tw_print_code(struct tw_printer *printer, enum trowel_registry registry,
	uint16_t code);

/* What trowel_rdata_format() and the like do with `item`, which may take more
 * room than there is at first. */
typedef size_t tw_format(const struct tw_printer *printer, const void *item,
	char *text, size_t size);
void tw_print_formatted(
	struct tw_printer *printer, tw_format *format, const void *item);

/* Whether it is an UPDATE, whose sections have other names (RFC 2136 2.3). */
bool tw_is_update(const struct tw_printer *printer);

void tw_print_header(struct tw_printer *printer);
void tw_print_edns(struct tw_printer *printer);
void tw_print_question(struct tw_printer *printer);
void tw_print_records(struct tw_printer *printer);

/* +short: RDATA alone. `tail` stands at the end of each line. */
void tw_print_brief(struct tw_printer *printer, const char *tail);

#endif
