/* SPDX-License-Identifier: MIT */
#include "wire/edns.h"

#include "wire/cursor.h"

#define OPTION_FIXED 4 /* code and length, RFC 6891 6.1.2 */

enum trowel_status tw_options_check(
	const uint8_t *octets, size_t end, size_t *position)
{
	size_t at = *position;

	/*@ loop invariant \at(*position, Pre) <= at <= end;
	    loop invariant \at(*position, Pre) <= *position <= at;
	    loop assigns at, *position;
	    loop variant end - at; */
	while (at < end) {
		*position = at;
		if (end - at < OPTION_FIXED)
			return TROWEL_RDATA_TOO_SHORT;
		at += OPTION_FIXED;
		if (end - at < tw_u16_at(octets, at - 2))
			return TROWEL_RDATA_TOO_SHORT;
		at += tw_u16_at(octets, at - 2);
	}
	*position = end;
	return TROWEL_OK;
}
