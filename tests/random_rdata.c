/* SPDX-License-Identifier: MIT */
/* Random RDATA, field by field, by the kinds of a type's row. */
#include "tests/random_message.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/check.h"
#include "wire/cursor.h"

/* RDATA that is being put together. */
struct writer {
	struct random_message *random;
	const struct tw_rrtype *row;
	size_t start;
	size_t field; /* index in the row */
};

/* A number below `high`, `unit` times, and one below `low`: drawn in this order,
 * which C leaves open inside of an expression. */
static unsigned draw_pair(
	struct random_message *random, size_t high, size_t unit, size_t low)
{
	size_t number = unit * random_below(random, high);

	return (unsigned)(number + random_below(random, low));
}

static bool has_kind(const struct tw_rrtype *row, uint8_t kind)
{
	const uint8_t *kinds = tw_kinds_of(row);

	for (size_t i = 0; kinds[i] != TROWEL_KIND_NONE; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

/* An octet, or one that suits the fields behind it, which go by it. */
static unsigned choose_octet(const struct writer *writer)
{
	struct random_message *random = writer->random;

	if (writer->field == 0 && has_kind(writer->row, TROWEL_KIND_HIT))
		return (unsigned)(1 + random_below(random, 20));
	if (writer->field == 0 && has_kind(writer->row, TW_KIND_A6_SUFFIX))
		return (unsigned)random_below(
			random, random_one_in(random, 10) ? 256 : 129);
	if (writer->field == 1 && has_kind(writer->row, TW_KIND_GATEWAY))
		return (unsigned)random_below(
			random, random_one_in(random, 10) ? 256 : 4);
	if (has_kind(writer->row, TW_KIND_RELAY) && writer->field > 0)
		return draw_pair(
			random, 2, 128, random_one_in(random, 10) ? 128 : 4);
	return (unsigned)random_below(
		random, random_one_in(random, 2) ? 20 : 256);
}

/* A number of `width` octets; small ones are frequent. */
static void put_number(struct writer *writer, size_t width)
{
	struct random_message *random = writer->random;

	if (width == 1) {
		build_u8(&random->build, choose_octet(writer));
		return;
	}
	if (width == 2 && has_kind(writer->row, TROWEL_KIND_HIP_KEY)) {
		build_u16(&random->build,
			(unsigned)(1 + random_below(random, 40)));
		return;
	}
	if (random_one_in(random, 2)) {
		for (size_t i = 2; i < width; i++)
			build_u8(&random->build, 0);
		build_u16(&random->build, (unsigned)random_below(random, 300));
		return;
	}
	random_put_octets(random, width);
}

/* Zeros are frequent, so that "::" is. */
static void put_groups(struct random_message *random, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t group = random_below(random, 65536);

		if (random_one_in(random, 2))
			group = 0;
		build_u16(&random->build,
			(unsigned)(group >> random_below(random, 16)));
	}
}

/* Octets, of which half the time all can be printed. */
static void put_text(struct random_message *random, size_t length)
{
	bool is_plain = random_one_in(random, 2);

	for (size_t i = 0; i < length; i++)
		build_u8(&random->build,
			(unsigned)(is_plain ? 32 + random_below(random, 95)
					    : random_below(random, 256)));
}

static void put_string(struct random_message *random, size_t least)
{
	size_t length = least +
		random_below(random, random_one_in(random, 20) ? 255 : 20);

	build_u8(&random->build, (unsigned)length);
	put_text(random, length);
}

static void put_strings(struct random_message *random)
{
	for (size_t count = 1 + random_below(random, 4); count > 0; count--)
		put_string(random, 0);
}

/* RFC 8659 4.1: letters and digits, as a rule. */
static void put_tag(struct random_message *random)
{
	size_t length = 1 + random_below(random, 10);

	if (random_one_in(random, 5)) {
		put_string(random, 1);
		return;
	}
	build_u8(&random->build, (unsigned)length);
	for (size_t i = 0; i < length; i++)
		build_u8(&random->build,
			(unsigned char)"issuewild0iodef9"[random_below(
				random, 16)]);
}

/* RFC 4034 4.1.2: windows in ascending order, the last octet not 0. */
static void put_types(struct random_message *random)
{
	size_t window = random_below(random, 2);

	for (size_t count = random_below(random, 3); count > 0; count--) {
		size_t length = 1 + random_below(random, 32);

		build_u8(&random->build, (unsigned)window);
		build_u8(&random->build, (unsigned)length);
		for (size_t i = 1; i < length; i++)
			build_u8(&random->build,
				(unsigned)random_below(random, 256));
		build_u8(&random->build,
			(unsigned)(1 + random_below(random, 255)));
		window += 1 + random_below(random, 100);
	}
}

/* RFC 3123 4; mostly of the two families that it has. */
static void put_prefix(struct random_message *random)
{
	size_t family = random_one_in(random, 10) ? random_below(random, 65536)
						  : 1 + random_below(random, 2);
	size_t length = random_below(random, family == 1 ? 5 : 17);

	build_u16(&random->build, (unsigned)family);
	build_u8(&random->build,
		(unsigned)random_below(random, family == 1 ? 33 : 129));
	build_u8(&random->build,
		(unsigned)(128 * random_below(random, 2) + length));
	random_put_octets(random, length);
}

/* RFC 1876 2; sometimes of a version of which nothing is known. */
static void put_location(struct random_message *random)
{
	struct build *build = &random->build;

	if (random_one_in(random, 10)) {
		build_u8(build, (unsigned)(1 + random_below(random, 255)));
		random_put_octets(random, random_below(random, 20));
		return;
	}
	build_u8(build, 0);
	for (size_t i = 0; i < 3; i++)
		build_u8(build, draw_pair(random, 10, 16, 10));
	for (size_t i = 1; i <= 2; i++) {
		uint32_t most = (uint32_t)(i * 90 * 3600000);

		build_u32(build,
			random_one_in(random, 10) ? 0x80000000
						  : 0x80000000 - most +
					(uint32_t)random_below(
						random, 2 * (size_t)most));
	}
	build_u32(build,
		(uint32_t)random_below(random,
			random_one_in(random, 2) ? 20000000 : 0x100000000));
}

/* af-saa-0069 5: a format, an address. */
static void put_atma(struct random_message *random)
{
	bool is_e164 = random_one_in(random, 2);

	build_u8(&random->build, is_e164 ? 1 : 0);
	for (size_t i = random_below(random, 20); i > 0; i--)
		build_u8(&random->build,
			(unsigned)(is_e164 ? '0' + random_below(random, 10)
					   : random_below(random, 256)));
}

/* A value as RFC 9460 7 has it. */
static void put_param_value(struct random_message *random, size_t key)
{
	switch (key) {
	case 0:
		put_groups(random, 1 + random_below(random, 3));
		break;
	case 1:
		for (size_t i = 1 + random_below(random, 3); i > 0; i--)
			put_string(random, 1);
		break;
	case 2:
		break;
	case 3:
		random_put_octets(random, 2);
		break;
	case 4:
		random_put_octets(random, 4 * (1 + random_below(random, 3)));
		break;
	case 6:
		put_groups(random, 8 * (1 + random_below(random, 3)));
		break;
	default:
		put_text(random, random_below(random, 20));
	}
}

/* RFC 9460 2.2: keys in ascending order. Sometimes the value is any. */
static void put_params(struct random_message *random)
{
	struct build *build = &random->build;
	size_t key = random_below(random, 3);

	for (size_t count = random_below(random, 5); count > 0; count--) {
		size_t start;

		build_u16(build, (unsigned)key);
		build_u16(build, 0);
		start = build->length;
		if (random_one_in(random, 8))
			random_put_octets(random, random_below(random, 20));
		else
			put_param_value(random, key);
		build_rdata_end(build, start);
		key += 1 +
			random_below(
				random, random_one_in(random, 4) ? 9999 : 3);
	}
}

/* All the rest: `least` octets or more. */
static void put_rest(struct random_message *random, size_t least)
{
	random_put_octets(random,
		least +
			random_below(
				random, random_one_in(random, 10) ? 300 : 40));
}

/* A name, names, addresses; false if the kind is none of those. */
static bool put_address(struct writer *writer, uint8_t kind)
{
	struct random_message *random = writer->random;
	const uint8_t *octets = random->build.octets;

	switch (kind) {
	case TROWEL_KIND_NAME:
	case TROWEL_KIND_PLAIN_NAME:
		random_put_name(random, kind == TROWEL_KIND_PLAIN_NAME);
		return true;
	case TW_KIND_NAMES:
		for (size_t i = random_below(random, 4); i > 0; i--)
			random_put_name(random, true);
		return true;
	case TROWEL_KIND_ROOT:
	case TROWEL_KIND_TOP_BIT: /* its octet is the next field's */
		return true;
	case TROWEL_KIND_IPV6:
		put_groups(random, 8);
		return true;
	case TROWEL_KIND_IPV6_SUFFIX: /* RFC 2874 3.1 */
		random_put_octets(random, 16U - octets[writer->start] / 8U);
		return true;
	case TROWEL_KIND_PREFIX:
		for (size_t i = random_below(random, 4); i > 0; i--)
			put_prefix(random);
		return true;
	case TROWEL_KIND_LOCATION:
		put_location(random);
		return true;
	case TROWEL_KIND_NODE:
		put_groups(random, 4);
		return true;
	default:
		return false;
	}
}

/* Fields that tell their size, or that numbers before them do; false if the
 * kind is none of those. */
static bool put_sized(struct writer *writer, uint8_t kind)
{
	struct random_message *random = writer->random;
	const uint8_t *octets = random->build.octets;

	switch (kind) {
	case TROWEL_KIND_STRING:
		put_string(random, 0);
		return true;
	case TROWEL_KIND_STRINGS:
		put_strings(random);
		return true;
	case TROWEL_KIND_TAG:
		put_tag(random);
		return true;
	case TROWEL_KIND_SALT:
	case TROWEL_KIND_HASH:
		put_string(random, kind == TROWEL_KIND_HASH ? 1 : 0);
		return true;
	case TROWEL_KIND_SIZE:
		build_u16(&random->build, (unsigned)random_below(random, 30));
		return true;
	case TROWEL_KIND_SIZED:
		random_put_octets(
			random, tw_u16_at(octets, random->build.length - 2));
		return true;
	case TROWEL_KIND_HIT:
		random_put_octets(random, octets[writer->start]);
		return true;
	case TROWEL_KIND_HIP_KEY:
		random_put_octets(random, tw_u16_at(octets, writer->start + 2));
		return true;
	case TROWEL_KIND_TYPES:
		put_types(random);
		return true;
	case TROWEL_KIND_PARAM:
		put_params(random);
		return true;
	default:
		return false;
	}
}

/* Fields that take all the rest; false if the kind is none of those. */
static bool put_open(struct writer *writer, uint8_t kind)
{
	struct random_message *random = writer->random;

	switch (kind) {
	case TROWEL_KIND_OLD_TYPES:
		random_put_octets(random, random_below(random, 17));
		return true;
	case TROWEL_KIND_PORTS: /* ldns looks up every one: not too many */
		random_put_octets(random, random_below(random, 5));
		return true;
	case TROWEL_KIND_TEXT: /* RFC 8659 4.1.1: empty; RFC 7553 4.5: not */
		put_text(random,
			random_below(random, 40) +
				(has_kind(writer->row, TROWEL_KIND_TAG) ? 0
									: 1));
		return true;
	case TROWEL_KIND_OCTETS:
	case TROWEL_KIND_OBJECT:
		put_rest(random, 0);
		return true;
	case TROWEL_KIND_KEY: /* RFC 2535 3.1.2: there may be none */
		if (random->build.octets[writer->start] < 0xC0 ||
			random_one_in(random, 2))
			put_rest(random, 1);
		return true;
	case TROWEL_KIND_HEX:
	case TROWEL_KIND_DIGEST:
	case TROWEL_KIND_BASE64:
	case TROWEL_KIND_SIGNATURE:
	case TROWEL_KIND_DHCID:
	case TROWEL_KIND_NSAP:
		put_rest(random, 1);
		return true;
	case TROWEL_KIND_ATMA:
		put_atma(random);
		return true;
	default:
		return false;
	}
}

/* A field of a kind that goes by nothing before it, or none. */
static uint8_t resolve(const struct writer *writer, uint8_t kind)
{
	struct tw_rdata rdata = { writer->random->build.octets, writer->start,
		writer->random->build.length };

	switch (kind) {
	case TW_KIND_GATEWAY:
	case TW_KIND_RELAY:
	case TW_KIND_A6_SUFFIX:
	case TW_KIND_A6_NAME:
		return tw_kind_here(&rdata, kind, rdata.end);
	case TW_KIND_OPTIONAL_STRING:
		return random_one_in(writer->random, 2) ? TROWEL_KIND_STRING
							: TROWEL_KIND_NONE;
	case TW_KIND_OPTIONAL_BASE64:
		return random_one_in(writer->random, 3) ? TROWEL_KIND_NONE
							: TROWEL_KIND_BASE64;
	default:
		return kind;
	}
}

void random_put_rdata(
	struct random_message *random, const struct tw_rrtype *row)
{
	struct writer writer = { random, row, random->build.length, 0 };
	const uint8_t *kinds = tw_kinds_of(row);

	for (; kinds[writer.field] != TROWEL_KIND_NONE; writer.field++) {
		uint8_t kind = resolve(&writer, kinds[writer.field]);

		if (kind == TROWEL_KIND_NONE || put_address(&writer, kind) ||
			put_sized(&writer, kind) || put_open(&writer, kind))
			continue;
		if (tw_kind_width(kind) == 0) {
			fprintf(stderr, "%s: no random field of kind %u\n",
				tw_rrtype_mnemonic(row), (unsigned)kind);
			exit(1);
		}
		put_number(&writer, tw_kind_width(kind));
	}
}
