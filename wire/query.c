/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/cursor.h"

#define HEADER_SIZE 12
#define QUESTION_FIXED 4
#define OPT_FIXED 11 /* root, type, class, TTL, RDLENGTH; RFC 6891 6.1.2 */
#define TYPE_OPT 41

/* RFC 1035 4.1.1 */
/*@ requires \valid_read(query) && \valid(octets + (0 .. 11));
    requires \separated(query, octets + (0 .. 11));
    assigns octets[0 .. 11]; */
static inline void put_header(uint8_t *octets, const struct trowel_query *query,
	uint16_t questions, uint16_t additional)
{
	tw_u16_put(octets, 0, query->id);
	tw_u16_put(octets, 2, query->flags);
	tw_u16_put(octets, 4, questions);
	tw_u16_put(octets, 6, 0);
	tw_u16_put(octets, 8, 0);
	tw_u16_put(octets, 10, additional);
}

/*@ requires \valid(to + (at .. at + count - 1));
    requires \valid_read(from + (0 .. count - 1)) && count <= 65535;
    requires at <= 65535;
    requires \separated(to + (at .. at + count - 1), from + (0 .. count - 1));
    assigns to[at .. at + count - 1];
    ensures \forall integer k; 0 <= k < count ==> to[at + k] == from[k]; */
static void put_octets(uint8_t *restrict to, size_t at,
	const uint8_t *restrict from, size_t count)
{
	/*@ loop invariant 0 <= i <= count;
	    loop invariant \forall integer k; 0 <= k < i ==>
	      to[at + k] == from[k];
	    loop assigns i, to[at .. at + count - 1];
	    loop variant count - i; */
	for (size_t i = 0; i < count; i++)
		to[at + i] = from[i];
}

/* All but the options. */
/*@ requires at <= 65535 && \valid(octets + (at .. at + 10));
    requires \valid_read(query) && \separated(query, octets + (at .. at + 10));
    assigns octets[at .. at + 10]; */
static inline void put_opt(uint8_t *octets, size_t at,
	const struct trowel_query *query, uint16_t options_length)
{
	octets[at] = 0;
	tw_u16_put(octets, at + 1, TYPE_OPT);
	tw_u16_put(octets, at + 3, query->udp_size);
	octets[at + 5] = 0;
	octets[at + 6] = query->edns_version;
	tw_u16_put(octets, at + 7, query->edns_flags);
	tw_u16_put(octets, at + 9, options_length);
}

/*@ requires \valid_read(query) && \valid(octets + (0 .. size - 1));
    requires \valid(length);
    requires \separated(length, query, octets + (0 .. size - 1));
    requires query->edns ==>
      \valid_read(query->options + (0 .. query->options_length - 1)) &&
      \separated(query->options + (0 .. query->options_length - 1), length,
        octets + (0 .. size - 1));
    assigns *length, octets[0 .. size - 1];
    ensures *length == 12 + query->name.length +
      (query->name.length > 0 ? 4 : 0) +
      (query->edns ? 11 + query->options_length : 0);
    ensures \result == (*length > 65535 ? TROWEL_MESSAGE_TOO_LONG :
      *length > size ? TROWEL_NO_SPACE : TROWEL_OK);
    ensures \result != TROWEL_OK ==> \forall integer k; 0 <= k < size ==>
      octets[k] == \old(octets[k]); */
static TW_COLD enum trowel_status encode_any(const struct trowel_query *query,
	uint8_t *octets, size_t size, size_t *length)
{
	size_t fixed = HEADER_SIZE + (size_t)query->name.length;
	size_t end = query->name.length > 0 ? fixed + QUESTION_FIXED : fixed;

	*length = end;
	if (query->edns)
		*length += OPT_FIXED + (size_t)query->options_length;
	if (*length > TROWEL_MESSAGE_MAX)
		return TROWEL_MESSAGE_TOO_LONG;
	if (*length > size)
		return TROWEL_NO_SPACE;
	put_header(octets, query, query->name.length > 0 ? 1 : 0,
		query->edns ? 1 : 0);
	put_octets(octets, HEADER_SIZE, query->name.octets, query->name.length);
	if (query->name.length > 0) {
		tw_u16_put(octets, fixed, query->type);
		tw_u16_put(octets, fixed + 2, query->class_code);
	}
	if (query->edns) {
		put_opt(octets, end, query, query->options_length);
		put_octets(octets, end + OPT_FIXED, query->options,
			query->options_length);
	}
	return TROWEL_OK;
}

/* Whether an OPT without options follows a name that one or two chunks put, and
 * that ends these before the end of the query: what they put beyond the name is
 * put again. Most queries are such. */
/*@ requires \valid_read(query);
    assigns \nothing;
    ensures \result <==> query->edns && query->options_length == 0 &&
      1 <= query->name.length <= 2 * TW_CHUNK; */
static inline bool is_plain(const struct trowel_query *query)
{
	return query->edns && query->options_length == 0 &&
		query->name.length > 0 && query->name.length <= 2 * TW_CHUNK;
}

enum trowel_status trowel_query_encode(const struct trowel_query *query,
	uint8_t *octets, size_t size, size_t *length)
{
	size_t fixed = HEADER_SIZE + (size_t)query->name.length;

	if (!is_plain(query))
		return encode_any(query, octets, size, length);
	*length = fixed + QUESTION_FIXED + OPT_FIXED;
	if (*length > size)
		return TROWEL_NO_SPACE;
	tw_copy_chunk(octets, HEADER_SIZE, query->name.octets, 0);
	if (query->name.length > TW_CHUNK)
		tw_copy_chunk(octets, HEADER_SIZE + TW_CHUNK,
			query->name.octets, TW_CHUNK);
	put_header(octets, query, 1, 1);
	tw_u16_put(octets, fixed, query->type);
	tw_u16_put(octets, fixed + 2, query->class_code);
	put_opt(octets, fixed + QUESTION_FIXED, query, 0);
	return TROWEL_OK;
}
