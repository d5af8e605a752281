/* SPDX-License-Identifier: MIT */
/* RDATA and records that are many. */
#include "forge.h"
#include "shapes.h"

/* One record of the question's name whose RDATA is `unit` again and again. */
static size_t one_record(uint8_t *octets, size_t size, uint32_t seed,
	unsigned type, const char *head, size_t head_length, const char *unit,
	size_t length)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start;

	forge_put_question(&forge);
	forge_put_pointer(&forge, 12);
	start = forge_begin_rdata(&forge, type);
	for (size_t i = 0; i < head_length; i++)
		forge_put8(&forge, (uint8_t)head[i]);
	while (forge_left(&forge) >= length)
		for (size_t i = 0; i < length; i++)
			forge_put8(&forge, (uint8_t)unit[i]);
	forge_end_rdata(&forge, start);
	return forge_finish(&forge);
}

size_t shape_txt0(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(octets, size, seed, TXT, "", 0, "", 1);
}

size_t shape_txt1(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(octets, size, seed, TXT, "", 0, "\1x", 2);
}

size_t shape_apl(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(octets, size, seed, APL, "", 0, "\0\1\0\0", 4);
}

size_t shape_wks(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(
		octets, size, seed, WKS, "\300\0\2\1\6", 5, "\377", 1);
}

size_t shape_nxt(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(octets, size, seed, NXT, "", 1, "\177", 1);
}

/* A host identity without octets, and rendezvous servers: all the root. */
size_t shape_hip(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(octets, size, seed, HIP, "\1\2\0\1\1\1", 6, "", 1);
}

/* Likewise, of one label each. */
size_t shape_hip2(uint8_t *octets, size_t size, uint32_t seed)
{
	return one_record(
		octets, size, seed, HIP, "\1\2\0\1\1\1", 6, "\1x\0", 3);
}

size_t shape_svcb(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start;

	forge_put_question(&forge);
	forge_put_pointer(&forge, 12);
	start = forge_begin_rdata(&forge, SVCB);
	forge_put16(&forge, 1);
	forge_put8(&forge, 0);
	for (size_t key = 7; forge_left(&forge) >= 4; key++) {
		forge_put16(&forge, key);
		forge_put16(&forge, 0);
	}
	forge_end_rdata(&forge, start);
	return forge_finish(&forge);
}

size_t shape_opt(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	start = forge_begin_rdata(&forge, OPT);
	forge.octets[start - 6] = 0;
	forge.octets[start - 5] = 0;
	forge.octets[start - 4] = 0;
	forge.octets[start - 3] = 0;
	for (size_t code = 65001; forge_left(&forge) >= 4;) {
		forge_put16(&forge, code);
		forge_put16(&forge, 0);
	}
	forge_end_rdata(&forge, start);
	forge.records = 0;
	forge.additional = 1;
	return forge_finish(&forge);
}

/* Bitmaps of all 256 windows, an octet each. */
size_t shape_nsec(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start;

	forge_put_question(&forge);
	while (forge_left(&forge) >= 2 + FIXED + 1 + 3) {
		forge_put_pointer(&forge, 12);
		start = forge_begin_rdata(&forge, NSEC);
		forge_put8(&forge, 0);
		for (size_t window = 0; window < 256 && forge_left(&forge) >= 3;
			window++) {
			forge_put8(&forge, window);
			forge_put8(&forge, 1);
			forge_put8(&forge, 0xFF);
		}
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* As many records as there can be: the root, a type in no table, no RDATA. */
size_t shape_tiny(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);

	forge_put_question(&forge);
	while (forge_left(&forge) >= 1 + FIXED) {
		forge_put8(&forge, 0);
		forge_end_rdata(&forge,
			forge_begin_rdata(
				&forge, 32000 + forge_any(&forge, 8)));
	}
	return forge_finish(&forge);
}

/* Small records of many fields, in no order. */
size_t shape_mixed(uint8_t *octets, size_t size, uint32_t seed)
{
	static const struct {
		unsigned type;
		size_t length;
		const char *rdata;
	} kinds[] = { { GPOS, 3, "\0\0\0" }, { PX, 4, "\0\0\0\0" },
		{ NAPTR, 8, "\0\0\0\0\0\0\0\0" }, { HINFO, 2, "\0\0" },
		{ TXT, 1, "\0" }, { A, 4, "\1\2\3\4" }, { NS, 1, "\0" },
		{ SVCB, 3, "\0\1\0" }, { NUL, 0, "" }, { APL, 0, "" },
		{ SOA, 22, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" } };
	struct forge forge = forge_begin(octets, size, seed);
	size_t start, kind;

	forge_put_question(&forge);
	while (forge_left(&forge) >= 1 + FIXED + 22) {
		forge_put8(&forge, 0);
		kind = forge_any(&forge, sizeof kinds / sizeof *kinds);
		start = forge_begin_rdata(&forge, kinds[kind].type);
		for (size_t i = 0; i < kinds[kind].length; i++)
			forge_put8(&forge, (uint8_t)kinds[kind].rdata[i]);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* Opcode NOTIFY, in which more than one question is not refused. */
size_t shape_questions(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t count = 1;

	octets[2] = 0xA1;
	forge_put_question(&forge);
	for (; forge_left(&forge) >= 5; count++) {
		forge_put8(&forge, 0);
		forge_end_question(&forge);
	}
	octets[4] = (uint8_t)(count / 256);
	octets[5] = (uint8_t)(count % 256);
	return forge_finish(&forge);
}
