/* SPDX-License-Identifier: MIT */
/* The OPT pseudo-record, RFC 6891. */
#ifndef TW_EDNS_H
#define TW_EDNS_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* Checks that whole options fill *position to `end`. At an error *position is
 * the option at fault. Errors: TROWEL_RDATA_TOO_SHORT. */
enum trowel_status tw_options_check(
	const uint8_t *octets, size_t end, size_t *position);

/* Takes the parts of a checked OPT whose type stands at `fixed`. */
static inline void tw_edns_take(struct trowel_edns *edns, const uint8_t *octets,
	size_t fixed, size_t end)
{
	size_t options = fixed + 10;

	edns->present = true;
	edns->udp_size = tw_u16_at(octets, fixed + 2);
	edns->extended_rcode = octets[fixed + 4];
	edns->version = octets[fixed + 5];
	edns->flags = tw_u16_at(octets, fixed + 6);
	edns->options = (uint16_t)options;
	edns->options_length = (uint16_t)(end - options);
}

#endif
