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
static void put_header(uint8_t *octets, const struct trowel_query *query)
{
	tw_u16_put(octets, 0, query->id);
	tw_u16_put(octets, 2, query->flags);
	tw_u16_put(octets, 4, 1);
	tw_u16_put(octets, 6, 0);
	tw_u16_put(octets, 8, 0);
	tw_u16_put(octets, 10, query->edns ? 1 : 0);
}

static void put_octets(uint8_t *restrict to, size_t at,
	const uint8_t *restrict from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[at + i] = from[i];
}

/* Whether the name, put by one or two chunks, ends them before the end of the
 * query: most are so short, and what follows is put later. */
static bool has_short_name(const struct trowel_query *query)
{
	return query->edns && query->name.length <= 2 * TW_CHUNK;
}

static void put_short_name(uint8_t *octets, const struct trowel_query *query)
{
	tw_copy_chunk(octets + HEADER_SIZE, query->name.octets);
	if (query->name.length > TW_CHUNK)
		tw_copy_chunk(octets + HEADER_SIZE + TW_CHUNK,
			query->name.octets + TW_CHUNK);
}

/* All but the options. */
static void put_opt(
	uint8_t *octets, size_t at, const struct trowel_query *query)
{
	octets[at] = 0;
	tw_u16_put(octets, at + 1, TYPE_OPT);
	tw_u16_put(octets, at + 3, query->udp_size);
	octets[at + 5] = 0;
	octets[at + 6] = query->edns_version;
	tw_u16_put(octets, at + 7, query->edns_flags);
	tw_u16_put(octets, at + 9, query->options_length);
}

/* No question: a header, and an OPT. */
static TW_COLD enum trowel_status encode_bare(const struct trowel_query *query,
	uint8_t *octets, size_t size, size_t *length)
{
	*length = HEADER_SIZE;
	if (query->edns)
		*length += OPT_FIXED + (size_t)query->options_length;
	if (*length > TROWEL_MESSAGE_MAX)
		return TROWEL_MESSAGE_TOO_LONG;
	if (*length > size)
		return TROWEL_NO_SPACE;
	put_header(octets, query);
	tw_u16_put(octets, 4, 0);
	if (!query->edns)
		return TROWEL_OK;
	put_opt(octets, HEADER_SIZE, query);
	put_octets(octets, HEADER_SIZE + OPT_FIXED, query->options,
		query->options_length);
	return TROWEL_OK;
}

/* The parts that may be long. */
static TW_COLD enum trowel_status put_parts(
	uint8_t *octets, const struct trowel_query *query)
{
	size_t end = HEADER_SIZE + (size_t)query->name.length;

	put_octets(octets, HEADER_SIZE, query->name.octets, query->name.length);
	if (query->edns)
		put_octets(octets, end + QUESTION_FIXED + OPT_FIXED,
			query->options, query->options_length);
	return TROWEL_OK;
}

enum trowel_status trowel_query_encode(const struct trowel_query *query,
	uint8_t *octets, size_t size, size_t *length)
{
	size_t at = HEADER_SIZE + (size_t)query->name.length;
	bool is_short = has_short_name(query);

	if (query->name.length == 0)
		return encode_bare(query, octets, size, length);
	*length = size_of(query);
	if (*length > TROWEL_MESSAGE_MAX)
		return TROWEL_MESSAGE_TOO_LONG;
	if (*length > size)
		return TROWEL_NO_SPACE;
	if (is_short)
		put_short_name(octets, query);
	put_header(octets, query);
	tw_u16_put(octets, at, query->type);
	tw_u16_put(octets, at + 2, query->class_code);
	if (query->edns)
		put_opt(octets, at + QUESTION_FIXED, query);
	if (is_short && query->options_length == 0)
		return TROWEL_OK;
	return put_parts(octets, query);
}
