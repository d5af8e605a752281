/* SPDX-License-Identifier: MIT */
#include "tests/random_message.h"

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

enum { CLASS_IN = 1, CLASS_CH = 3, CLASS_NONE = 254, CLASS_ANY = 255 };

/* From here on, only short records follow. */
#define LONG_ENOUGH 40000

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

bool random_one_in(struct random_message *random, size_t count)
{
	return random_below(random, count) == 0;
}

static void mark(struct random_marks *marks, size_t offset)
{
	if (marks->count < RANDOM_MARKS_MAX)
		marks->offsets[marks->count++] = offset;
}

const struct tw_rrtype *random_row(struct random_message *random)
{
	const struct tw_rrtype *row =
		&tw_rrtypes[random_below(random, TW_RRTYPE_COUNT)];

	return row->code == TYPE_OPT ? &tw_rrtypes[0] : row;
}

uint16_t random_class(struct random_message *random)
{
	static const uint16_t classes[] = { 0, 2, CLASS_CH, 4, CLASS_NONE,
		CLASS_NONE, CLASS_ANY, CLASS_ANY, 65280 };

	return classes[random_below(random, CHECK_COUNT(classes))];
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

void random_put_octets(struct random_message *random, size_t count)
{
	for (size_t i = 0; i < count; i++)
		build_u8(&random->build, (unsigned)random_below(random, 256));
}

static void put_label(struct random_message *random, size_t length)
{
	static const char common[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_";
	bool is_strange = random_one_in(random, 10);

	build_u8(&random->build, (unsigned)length);
	for (size_t i = 0; i < length; i++)
		build_u8(&random->build,
			is_strange ? (unsigned)random_below(random, 256)
				   : (unsigned char)common[random_below(
					     random, sizeof(common) - 1)]);
}

/* What a name may end with: the root, or a pointer. */
static struct random_place choose_tail(
	struct random_message *random, bool is_plain)
{
	struct random_place root = { 0, 1, 0 };
	struct random_place tail;

	if (is_plain || random->place_count == 0 || random_one_in(random, 3))
		return root;
	tail = random->places[random_below(random, random->place_count)];
	tail.pointers++;
	return tail.pointers > TROWEL_POINTERS_MAX ? root : tail;
}

static void put_tail(
	struct random_message *random, const struct random_place *tail)
{
	if (tail->offset == 0) {
		build_u8(&random->build, 0);
		return;
	}
	mark(&random->pointers, random->build.length);
	build_pointer(&random->build, tail->offset);
}

void random_put_name(struct random_message *random, bool is_plain)
{
	struct random_place starts[128];
	struct random_place tail = choose_tail(random, is_plain);
	size_t wanted =
		random_one_in(random, 50) ? 127 : random_below(random, 6);
	size_t room = TROWEL_NAME_MAX - tail.length;
	size_t count = 0;

	while (count < wanted && room >= 2) {
		size_t most = room - 1 < 63 ? room - 1 : 63;
		size_t length = 1 +
			random_below(random,
				random_one_in(random, 20) || most < 12 ? most
								       : 12);

		starts[count] = (struct random_place){ random->build.length,
			length + 1, tail.pointers };
		put_label(random, length);
		room -= length + 1;
		count++;
	}
	put_tail(random, &tail);
	for (size_t i = count; i > 0; i--) {
		tail.length += starts[i - 1].length;
		starts[i - 1].length = tail.length;
		note_place(random, starts[i - 1]);
	}
}

/* Half of them are of the common types; some are of no type of the table:
 * 65280 and up are for private use, RFC 6895 3.1. NULL: one of those. */
static const struct tw_rrtype *choose_row(struct random_message *random)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA, TYPE_NS,
		TYPE_CNAME, TYPE_PTR, TYPE_SOA, TYPE_MX, TYPE_TXT, TYPE_SRV };

	if (random->build.length > LONG_ENOUGH)
		return tw_rrtype_find(TYPE_A);
	if (random_one_in(random, 20))
		return NULL;
	if (random_one_in(random, 2))
		return random_row(random);
	return tw_rrtype_find(types[random_below(random, CHECK_COUNT(types))]);
}

static uint16_t choose_class(
	struct random_message *random, const struct tw_rrtype *row)
{
	if (random_one_in(random, 12))
		return random_class(random);
	return row != NULL && row->classes == TW_CLASS_META ? CLASS_ANY
							    : CLASS_IN;
}

/* RDATA of a row that the class leaves opaque may be anything. */
static void put_rdata(struct random_message *random,
	const struct tw_rrtype *row, uint16_t class_code)
{
	bool is_opaque =
		row == NULL || tw_rrtype_of(row->code, class_code) == NULL;

	if (row == NULL || (is_opaque && random_one_in(random, 5))) {
		random_put_octets(random, random_below(random, 60));
	} else if (row->code == TYPE_A && class_code == CLASS_CH) {
		random_put_name(random, false);
		random_put_octets(random, 2);
	} else if (!is_opaque || random_one_in(random, 2)) {
		random_put_rdata(random, row);
	}
}

static void put_record(struct random_message *random)
{
	struct build *build = &random->build;
	const struct tw_rrtype *row = choose_row(random);
	uint16_t class_code = choose_class(random, row);
	size_t start;

	random_put_name(random, false);
	mark(&random->records, build->length);
	build_u16(build,
		row != NULL ? row->code
			    : (unsigned)(65280 + random_below(random, 255)));
	build_u16(build, class_code);
	build_u32(build,
		random_one_in(random, 4)
			? (uint32_t)draw(random)
			: (uint32_t)random_below(random, 86400));
	build_u16(build, 0);
	start = build->length;
	put_rdata(random, row, class_code);
	build_rdata_end(build, start);
}

/* Options: known ones and others, with any content (RFC 6891 6.1.2). */
static void put_opt(struct random_message *random)
{
	struct build *build = &random->build;
	size_t count = random_below(random, 4);
	size_t start;

	build_u8(build, 0);
	mark(&random->records, build->length);
	build_u16(build, TYPE_OPT);
	random_put_octets(random, 6);
	build_u16(build, 0);
	start = build->length;
	for (size_t i = 0; i < count; i++) {
		size_t length = random_below(random, 30);

		build_u16(build,
			(unsigned)(random_one_in(random, 2)
					? random_below(random, 24)
					: random_below(random, 65536)));
		build_u16(build, (unsigned)length);
		random_put_octets(random, length);
	}
	build_rdata_end(build, start);
}

static uint16_t choose_flags(struct random_message *random)
{
	static const uint16_t opcodes[] = { 0, 0, 0, 0, 0, 2, 4, 5, 15 };
	unsigned flags = (unsigned)draw(random) & 0x87BFU;

	if (random_one_in(random, 8))
		flags |= TROWEL_Z;
	return (uint16_t)(flags |
		opcodes[random_below(random, CHECK_COUNT(opcodes))] * 0x0800U);
}

static void put_question(struct random_message *random)
{
	const struct tw_rrtype *row = choose_row(random);

	random_put_name(random, false);
	build_u16(&random->build, row != NULL ? row->code : TYPE_OPT);
	build_u16(&random->build, choose_class(random, row));
}

/* One; sometimes none; if it is no QUERY, also two (RFC 9619 4). */
static uint16_t choose_question_count(
	struct random_message *random, uint16_t flags)
{
	if (random_one_in(random, 20))
		return 0;
	return (flags & 0x7800) != 0 && random_one_in(random, 5) ? 2 : 1;
}

void random_message_build(struct random_message *random, uint64_t seed)
{
	struct build *build = &random->build;
	uint16_t counts[4];
	bool has_opt;
	uint16_t flags;
	size_t opt_at;
	size_t records;

	random->state = seed;
	random->place_count = 0;
	random->records.count = 0;
	random->pointers.count = 0;
	has_opt = random_one_in(random, 2);
	flags = choose_flags(random);
	counts[0] = choose_question_count(random, flags);
	for (size_t i = 1; i < 4; i++)
		counts[i] = (uint16_t)random_below(
			random, random_one_in(random, 20) ? 30 : 5);
	records = (size_t)counts[1] + counts[2] + counts[3];
	opt_at = records - random_below(random, (size_t)counts[3] + 1);
	build_header(build, flags, counts[0], counts[1], counts[2],
		(uint16_t)(counts[3] + (has_opt ? 1 : 0)));
	build->octets[0] = (uint8_t)random_below(random, 256);
	for (size_t i = 0; i < counts[0]; i++)
		put_question(random);
	for (size_t i = 0; i <= records; i++) {
		if (has_opt && i == opt_at)
			put_opt(random);
		if (i < records)
			put_record(random);
	}
	if (random_one_in(random, 30))
		random_put_octets(random, 1 + random_below(random, 20));
}
