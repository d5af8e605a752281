/* SPDX-License-Identifier: MIT */
#include "wire/edns.h"

#include "wire/codes.h"
#include "wire/cursor.h"

#define OPTION_FIXED 4 /* code and length, RFC 6891 6.1.2 */

enum trowel_status tw_options_check(
	const uint8_t *octets, size_t end, size_t *position)
{
	size_t at = *position;

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

bool trowel_option_next(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_field *option)
{
	const uint8_t *octets = message->octets;
	size_t end =
		(size_t)message->edns.options + message->edns.options_length;
	size_t at = iterator->offset;
	uint16_t length;

	if (at == 0)
		at = message->edns.options;
	if (!message->edns.present || end > message->length || at > end ||
		end - at < OPTION_FIXED)
		return false;
	length = tw_u16_at(octets, at + 2);
	if (end - at - OPTION_FIXED < length)
		return false;
	*option = (struct trowel_field){ .kind = TROWEL_KIND_OCTETS,
		.offset = (uint16_t)(at + OPTION_FIXED),
		.length = length,
		.number = tw_u16_at(octets, at) };
	option->name = tw_code_name(
		TROWEL_OPTIONS, (uint16_t)option->number, &option->name_length);
	iterator->offset = (uint16_t)(option->offset + length);
	iterator->index++;
	return true;
}
