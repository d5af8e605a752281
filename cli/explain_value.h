/* SPDX-License-Identifier: MIT */
/* What octets mean, as text without control characters. */
#ifndef TW_EXPLAIN_VALUE_H
#define TW_EXPLAIN_VALUE_H

#include <stdint.h>

#include <trowel/wire.h>

#include "cli/output.h"

/* Adds text that may hold octets of a message: what is not printable ASCII
 * becomes \DDD. */
void tw_value_add_safe(
	struct tw_output *value, const char *text, size_t length);

/* "MX (15)", or just "TYPE65280". */
void tw_value_add_code(
	struct tw_output *value, enum trowel_registry registry, uint16_t code);

/* A label of up to 63 octets, as it stands in names. */
void tw_value_add_label(
	struct tw_output *value, const uint8_t *octets, size_t length);

/* "300 (5 minutes)" */
void tw_value_add_seconds(struct tw_output *value, uint32_t seconds);

/* The numbers of the bits that are set, counted from the first octet's most
 * significant bit and from `first` on; as RR types, or in decimal. */
void tw_value_add_bits(struct tw_output *value, const uint8_t *octets,
	size_t length, uint16_t first, bool is_types);

/* The value of a field of RDATA that is no name and no list of bits. */
void tw_value_add_field(struct tw_output *value,
	const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *field);

#endif
