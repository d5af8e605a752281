/* SPDX-License-Identifier: MIT */
/* A message on its way to being explained, shared by the files that do it. */
#ifndef TW_EXPLAIN_CELLS_H
#define TW_EXPLAIN_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/wire.h>

#include "cli/explain_lines.h"
#include "cli/octets.h"
#include "cli/output.h"

struct tw_explain {
	struct tw_lines lines;
	struct trowel_message message;
	struct trowel_fault fault;
	size_t unit; /* where the header, a question, a record begins */
	bool is_at_fault; /* that unit */
	bool is_malformed;
	bool is_stopped; /* what is left cannot be told */
	struct tw_output value; /* what the next cell means */
	char fault_text[256];
};

/* A part of an octet. */
struct tw_bits {
	uint8_t mask;
	char name[8];
	enum trowel_registry registry; /* of one of several bits */
	const char *meanings[2]; /* of one bit, by its value */
};

static inline size_t tw_explain_left(const struct tw_explain *e)
{
	return e->lines.length - e->lines.at;
}

/* The octet, and the number of two, that come next. They are there. */
static inline uint8_t tw_explain_u8(const struct tw_explain *e)
{
	return e->lines.octets[e->lines.at];
}

static inline uint16_t tw_explain_u16_at(const struct tw_explain *e, size_t at)
{
	return tw_u16_of(e->lines.octets + at);
}

static inline uint16_t tw_explain_u16(const struct tw_explain *e)
{
	return tw_explain_u16_at(e, e->lines.at);
}

/* Adds `count` octets, or as many as there are, which mean e->value. */
void tw_explain_add(struct tw_explain *e, size_t count, const char *name);
void tw_explain_add_cell(
	struct tw_explain *e, size_t count, struct tw_cell *cell);

/* Likewise, shown as characters. */
void tw_explain_add_raw(struct tw_explain *e, size_t count, const char *name,
	size_t name_length);

/* Whether there are so many octets to go on with. If not, those that there
 * are, are the last. */
bool tw_explain_has(struct tw_explain *e, size_t count, const char *name);

/* Adds "1 octet" or "2 octets" to e->value; just the number without a unit. */
void tw_explain_add_amount(
	struct tw_explain *e, size_t count, const char *unit);

/* Two octets: an amount, a code; and one whose bits mean something each. */
void tw_explain_add_u16(
	struct tw_explain *e, const char *name, const char *unit);
void tw_explain_add_code(
	struct tw_explain *e, enum trowel_registry registry, const char *name);
void tw_explain_add_flags(
	struct tw_explain *e, const struct tw_bits *bits, size_t count);

/* A name that ends before `limit`, by its labels. `is_led_astray`: a pointer
 * of it leads to the octet at fault. */
void tw_explain_add_name(struct tw_explain *e, struct tw_cell *cell,
	size_t limit, bool is_led_astray);

/* Adds the name at an offset to e->value; nothing where it is not good. */
void tw_explain_add_name_text(struct tw_explain *e, size_t offset);

/* Whether the fault of this unit lies where pointers lead, before it. */
bool tw_explain_is_fault_far(const struct tw_explain *e);

/* The RDATA of a record, and nothing behind it. */
void tw_explain_rdata(struct tw_explain *e, const struct trowel_record *record);

#endif
