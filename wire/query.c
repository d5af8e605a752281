/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/cursor.h"

#define HEADER_SIZE 12
#define QUESTION_FIXED 4
#define OPT_FIXED 11 /* root, type, class, TTL, RDLENGTH; RFC 6891 6.1.2 */
#define TYPE_OPT 41

static size_t size_of(const struct trowel_query *query)
{
	size_t size = HEADER_SIZE + (size_t)query->name.length + QUESTION_FIXED;

	return query->edns ? size + OPT_FIXED + query->options_length : size;
}

/* RFC 1035 4.1.1 */
static void put_header(
	struct tw_writer *writer, const struct trowel_query *query)
{
	tw_writer_put_u16(writer, query->id);
	tw_writer_put_u16(writer, query->flags);
	tw_writer_put_u16(writer, 1);
	tw_writer_put_u16(writer, 0);
	tw_writer_put_u16(writer, 0);
	tw_writer_put_u16(writer, query->edns ? 1 : 0);
}

static void put_octets(
	struct tw_writer *writer, const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tw_writer_put_u8(writer, octets[i]);
}

static void put_opt(struct tw_writer *writer, const struct trowel_query *query)
{
	tw_writer_put_u8(writer, 0);
	tw_writer_put_u16(writer, TYPE_OPT);
	tw_writer_put_u16(writer, query->udp_size);
	tw_writer_put_u8(writer, 0);
	tw_writer_put_u8(writer, query->edns_version);
	tw_writer_put_u16(writer, query->edns_flags);
	tw_writer_put_u16(writer, query->options_length);
	put_octets(writer, query->options, query->options_length);
}

enum trowel_status trowel_query_encode(const struct trowel_query *query,
	uint8_t *octets, size_t size, size_t *length)
{
	struct tw_writer writer = { octets, size, 0 };

	*length = size_of(query);
	if (*length > TROWEL_MESSAGE_MAX)
		return TROWEL_MESSAGE_TOO_LONG;
	if (*length > size)
		return TROWEL_NO_SPACE;
	put_header(&writer, query);
	put_octets(&writer, query->name.octets, query->name.length);
	tw_writer_put_u16(&writer, query->type);
	tw_writer_put_u16(&writer, query->class_code);
	if (query->edns)
		put_opt(&writer, query);
	return TROWEL_OK;
}
