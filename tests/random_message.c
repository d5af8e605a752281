/* SPDX-License-Identifier: MIT */
#include "tests/random_message.h"

#include <stdbool.h>

#include "tests/check.h"
#include "wire/wire.h"

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_OPT = 41
};

/* splitmix64 */
static uint64_t draw(struct random_message *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
	return z ^ (z >> 31);
}

size_t random_below(struct random_message *random, size_t limit)
{
	return (size_t)(draw(random) % limit);
}

static bool one_in(struct random_message *random, size_t count)
{
	return random_below(random, count) == 0;
}

static void note_place(struct random_message *random, struct random_place place)
{
	size_t index = random->place_count;

	/* 14 bits: RFC 1035 4.1.4 */
	if (place.offset > 0x3FFF)
		return;
	if (index == RANDOM_PLACES_MAX)
		index = random_below(random, RANDOM_PLACES_MAX);
	else
		random->place_count++;
	random->places[index] = place;
}

static void put_random_octets(struct random_message *random, size_t count)
{
	for (size_t i = 0; i < count; i++)
		build_u8(&random->build, (unsigned)random_below(random, 256));
}

static void put_random_label(struct random_message *random, size_t length)
{
	static const char common[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_";
	bool is_strange = one_in(random, 10);

	build_u8(&random->build, (unsigned)length);
	for (size_t i = 0; i < length; i++)
		build_u8(&random->build,
			is_strange ? (unsigned)random_below(random, 256)
				   : (unsigned char)common[random_below(
					     random, sizeof(common) - 1)]);
}

/* What a name may end with: the root, or a pointer. */
static struct random_place choose_tail(struct random_message *random)
{
	struct random_place root = { 0, 1, 0 };
	struct random_place tail;

	if (random->place_count == 0 || one_in(random, 3))
		return root;
	tail = random->places[random_below(random, random->place_count)];
	tail.pointers++;
	return tail.pointers > TROWEL_POINTERS_MAX ? root : tail;
}

/* Up to five labels, or as many as fit; then the root or a pointer. */
static void put_random_name(struct random_message *random)
{
	struct random_place starts[128];
	struct random_place tail = choose_tail(random);
	size_t wanted = one_in(random, 50) ? 127 : random_below(random, 6);
	size_t room = TROWEL_NAME_MAX - tail.length;
	size_t count = 0;

	while (count < wanted && room >= 2) {
		size_t most = room - 1 < 63 ? room - 1 : 63;
		size_t length = 1 +
			random_below(random,
				one_in(random, 20) || most < 12 ? most : 12);

		starts[count] = (struct random_place){ random->build.length,
			length + 1, tail.pointers };
		put_random_label(random, length);
		room -= length + 1;
		count++;
	}
	if (tail.offset != 0)
		build_pointer(&random->build, tail.offset);
	else
		build_u8(&random->build, 0);
	for (size_t i = count; i > 0; i--) {
		tail.length += starts[i - 1].length;
		starts[i - 1].length = tail.length;
		note_place(random, starts[i - 1]);
	}
}

/* Zeros are frequent, so that "::" is. */
static void put_random_groups(struct random_message *random)
{
	for (size_t i = 0; i < 8; i++)
		build_u16(&random->build,
			one_in(random, 2) ? 0
					  : (unsigned)(draw(random) % 65536 >>
						    random_below(random, 16)));
}

static void put_random_strings(struct random_message *random)
{
	size_t count = 1 + random_below(random, 4);

	for (size_t i = 0; i < count; i++) {
		size_t length =
			random_below(random, one_in(random, 20) ? 256 : 20);

		build_u8(&random->build, (unsigned)length);
		put_random_octets(random, length);
	}
}

static void put_random_rdata(struct random_message *random, uint16_t type)
{
	switch (type) {
	case TYPE_A:
		put_random_octets(random, 4);
		break;
	case TYPE_AAAA:
		put_random_groups(random);
		break;
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_PTR:
		put_random_name(random);
		break;
	case TYPE_MX:
		put_random_octets(random, 2);
		put_random_name(random);
		break;
	case TYPE_SRV:
		put_random_octets(random, 6);
		put_random_name(random);
		break;
	case TYPE_SOA:
		put_random_name(random);
		put_random_name(random);
		put_random_octets(random, 20);
		break;
	case TYPE_TXT:
		put_random_strings(random);
		break;
	default:
		put_random_octets(random, random_below(random, 60));
	}
}

static uint16_t choose_type(struct random_message *random)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA, TYPE_NS,
		TYPE_CNAME, TYPE_PTR, TYPE_SOA, TYPE_MX, TYPE_TXT, TYPE_SRV };

	/* 65280 and up are for private use, RFC 6895 3.1. */
	if (one_in(random, 12))
		return (uint16_t)(65280 + random_below(random, 255));
	return types[random_below(random, CHECK_COUNT(types))];
}

static void put_random_record(struct random_message *random)
{
	struct build *build = &random->build;
	uint16_t type = choose_type(random);
	size_t start;

	put_random_name(random);
	build_u16(build, type);
	build_u16(build, 1);
	build_u32(build,
		one_in(random, 4) ? (uint32_t)draw(random)
				  : (uint32_t)random_below(random, 86400));
	build_u16(build, 0);
	start = build->length;
	put_random_rdata(random, type);
	build_rdata_end(build, start);
}

static void put_random_opt(struct random_message *random)
{
	struct build *build = &random->build;
	size_t count = random_below(random, 4);
	size_t start;

	build_u8(build, 0);
	build_u16(build, TYPE_OPT);
	put_random_octets(random, 6);
	build_u16(build, 0);
	start = build->length;
	for (size_t i = 0; i < count; i++) {
		size_t length = random_below(random, 30);

		build_u16(build, (unsigned)(65001 + random_below(random, 500)));
		build_u16(build, (unsigned)length);
		put_random_octets(random, length);
	}
	build_rdata_end(build, start);
}

/* QUERY, NOTIFY or UPDATE; the Z bit is left out, since ldns drops it. */
static uint16_t choose_flags(struct random_message *random)
{
	static const uint16_t opcodes[] = { 0, 0, 0, 0, 4, 5 };
	unsigned flags = (unsigned)draw(random) & 0x87BFU;

	return (uint16_t)(flags |
		opcodes[random_below(random, CHECK_COUNT(opcodes))] * 0x0800U);
}

void random_message_build(struct random_message *random, uint64_t seed)
{
	struct build *build = &random->build;
	uint16_t counts[4];
	bool has_opt = one_in(random, 2);
	size_t opt_at;

	random->state = seed;
	counts[0] = one_in(random, 20) ? 0 : 1;
	for (size_t i = 1; i < 4; i++)
		counts[i] = (uint16_t)random_below(
			random, one_in(random, 20) ? 30 : 5);
	opt_at = counts[1] + counts[2] +
		random_below(random, (size_t)counts[3] + 1);
	random->place_count = 0;
	build_header(build, choose_flags(random), counts[0], counts[1],
		counts[2], (uint16_t)(counts[3] + (has_opt ? 1 : 0)));
	build->octets[0] = (uint8_t)random_below(random, 256);
	for (size_t i = 0; i < counts[0]; i++) {
		put_random_name(random);
		build_u16(build, choose_type(random));
		build_u16(build, 1);
	}
	for (size_t i = 0; i <= (size_t)counts[1] + counts[2] + counts[3];
		i++) {
		if (has_opt && i == opt_at)
			put_random_opt(random);
		if (i < (size_t)counts[1] + counts[2] + counts[3])
			put_random_record(random);
	}
}

void random_message_mutate(struct random_message *random)
{
	struct build *build = &random->build;
	size_t count = 1 + random_below(random, 3);

	for (size_t i = 0; i < count; i++)
		build->octets[random_below(random, build->length)] =
			(uint8_t)random_below(random, 256);
	if (one_in(random, 4))
		build->length = 12 + random_below(random, build->length - 11);
}
