/* SPDX-License-Identifier: MIT */
/* RDATA that dig refuses: where it is stricter than an RFC's bounds, and where
 * it gives another reason than for most. */
#ifndef TW_DIG_RDATA_H
#define TW_DIG_RDATA_H

#include <trowel/wire.h>

#define TW_DIG_TOO_SHORT "unexpected end of input"

/* What dig says of a record's RDATA; NULL: it is as it should be. */
const char *tw_dig_rdata_reason(const struct trowel_message *message,
	const struct trowel_record *record);

/* Likewise, where nothing but the octets is known. */
const char *tw_dig_octets_reason(
	uint16_t type, const uint8_t *rdata, size_t length);

/* What it says of a fault. */
const char *tw_dig_fault_reason(const struct trowel_fault *fault);

#endif
