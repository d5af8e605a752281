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
	bool has_colour;
	bool owner_known;
	uint16_t owner;
	size_t owner_length;
	char owner_text[TROWEL_NAME_TEXT_SIZE];
};

/* What a title stands above. */
enum tw_group {
	TW_GROUP_QUESTION = TROWEL_QUESTION,
	TW_GROUP_ANSWER = TROWEL_ANSWER,
	TW_GROUP_AUTHORITY = TROWEL_AUTHORITY,
	TW_GROUP_ADDITIONAL = TROWEL_ADDITIONAL,
	TW_GROUP_TSIG,
	TW_GROUP_SIG0,
	TW_GROUP_NONE
};

/* The columns and the style that go with a view, as in dig. */
void tw_printer_init(struct tw_printer *printer, struct tw_output *output,
	const struct tw_view *view, const struct trowel_message *message,
	const struct tw_reply *reply);

/* The attempt that brought the message, and the server that it was sent to. */
const struct trowel_attempt *tw_printer_attempt(
	const struct tw_printer *printer);
const struct trowel_address *tw_printer_address(
	const struct tw_printer *printer);

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
void tw_print_footer(struct tw_printer *printer);

/* +short: RDATA alone. `tail` stands at the end of each line. */
void tw_print_brief(struct tw_printer *printer, const char *tail);

/* +dns64prefix: 64:ff9b::/96 and the like. */
void tw_print_prefixes(struct tw_printer *printer);

/* Parts of the header and of the OPT: " qr rd ra"; " do" and the bits without a
 * name behind `rest`; an option. */
void tw_print_flags(struct tw_printer *printer);
void tw_print_edns_flags(struct tw_printer *printer, const char *rest);
void tw_print_option(
	struct tw_printer *printer, const struct trowel_field *option);

/* A count of the header, which is not always that of what could be decoded. */
uint16_t tw_message_count(
	const struct trowel_message *message, enum trowel_section section);

/* Parts of a record. With +unknownformat class and type by number, RFC 3597
 * 5. */
void tw_print_owner(
	struct tw_printer *printer, const struct trowel_record *record);
void tw_print_name(struct tw_printer *printer, uint16_t offset);
void tw_print_class(struct tw_printer *printer, uint16_t class_code);
void tw_print_type(struct tw_printer *printer, uint16_t type);
void tw_print_rdata(
	struct tw_printer *printer, const struct trowel_record *record);

/* The group that a record is shown in, TW_GROUP_NONE for one that is not
 * wanted; and its title, without "SECTION". */
enum tw_group tw_group_of(
	const struct tw_printer *printer, const struct trowel_record *record);
const char *tw_group_title(
	const struct tw_printer *printer, enum tw_group group);

#endif
