/* SPDX-License-Identifier: MIT */
/* The records of a message, shared by the files of wire/. */
#ifndef TW_MESSAGE_H
#define TW_MESSAGE_H

#include "wire/cursor.h"
#include "wire/wire.h"

/* trowel_record_next() without the copy, for the records that the message
 * keeps; *room is for the others. NULL at the end. */
static inline const struct trowel_record *tw_record_take(
	const struct trowel_message *message, struct trowel_iterator *iterator,
	struct trowel_record *room)
{
	const struct trowel_record *record;

	if (iterator->index >= TROWEL_FIRST_RECORDS)
		return trowel_record_next(message, iterator, room) ? room
								   : NULL;
	record = &message->first[iterator->index];
	if (iterator->index >= message->ends[TROWEL_ADDITIONAL] ||
		record->rdata + record->rdata_length > message->length)
		return NULL;
	iterator->index++;
	return record;
}

#endif
