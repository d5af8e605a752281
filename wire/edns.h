/* SPDX-License-Identifier: MIT */
/* The OPT pseudo-record, RFC 6891. */
#ifndef TW_EDNS_H
#define TW_EDNS_H

#include "wire/wire.h"

/* Checks that whole options fill *position to `end`. At an error *position is
 * the option at fault. Errors: TROWEL_RDATA_TOO_SHORT. */
enum trowel_status tw_options_check(
	const uint8_t *octets, size_t end, size_t *position);

/* Takes the parts of a checked OPT whose type stands at `fixed`. */
void tw_edns_take(struct trowel_edns *edns, const uint8_t *octets, size_t fixed,
	size_t end);

#endif
