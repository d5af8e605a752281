/* SPDX-License-Identifier: MIT */
/* The OPT pseudo-record, RFC 6891. */
#ifndef TW_EDNS_H
#define TW_EDNS_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* Checks that whole options fill *position to `end`. At an error *position is
 * the option at fault. Errors: TROWEL_RDATA_TOO_SHORT. */
/*@ requires \valid(position) && *position <= end;
    requires \valid_read(octets + (*position .. end - 1));
    requires \separated(position, octets + (*position .. end - 1));
    assigns *position;
    ensures \old(*position) <= *position <= end;
    ensures \result == TROWEL_OK && *position == end ||
      \result == TROWEL_RDATA_TOO_SHORT && *position < end; */
enum trowel_status tw_options_check(
	const uint8_t *octets, size_t end, size_t *position);

/* Takes the parts of a checked OPT whose type stands at `fixed`. */
/*@ requires \valid(edns) && fixed + 10 <= end <= 65535;
    requires \valid_read(octets + (fixed .. fixed + 9));
    requires \separated(edns, octets + (fixed .. fixed + 9));
    assigns *edns;
    ensures edns->present && edns->options == fixed + 10 &&
      edns->options + edns->options_length == end; */
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
