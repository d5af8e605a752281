/* SPDX-License-Identifier: MIT */
/* Records among which those that answer must be found. */
#include "forge.h"
#include "shapes.h"

static void put_number_label(
	struct forge *forge, const char *letters, size_t number)
{
	forge_put8(forge, 4);
	forge_put8(forge, (uint8_t)letters[number / 4096 % 16]);
	forge_put8(forge, (uint8_t)letters[number / 256 % 16]);
	forge_put8(forge, (uint8_t)letters[number / 16 % 16]);
	forge_put8(forge, (uint8_t)letters[number % 16]);
}

/* CNAMEs of distinct owners that lead nowhere. */
size_t shape_cnames(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start;

	forge_put_question(&forge);
	for (size_t i = 0; forge_left(&forge) >= 7 + FIXED + 2; i++) {
		put_number_label(&forge, "abcdefghijklmnop", i);
		forge_put_pointer(&forge, 16);
		start = forge_begin_rdata(&forge, CNAME);
		forge_put_pointer(&forge, 16);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* Sixteen aliases in reverse order at the end of such, then the address. */
size_t shape_aliases(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t start, hops[17], hop;

	forge_put_question(&forge);
	hops[0] = 12;
	forge_put8(&forge, 0);
	start = forge_begin_rdata(&forge, UNKNOWN);
	for (size_t i = 1; i <= 16; i++) {
		hops[i] = forge.at;
		put_number_label(&forge, "ABCDEFGHIJKLMNOP", 40000 + i);
		forge_put_pointer(&forge, 16);
	}
	forge_end_rdata(&forge, start);
	while (forge_left(&forge) >= 17 * 16 + 7 + FIXED + 2) {
		put_number_label(&forge, "abcdefghijklmnop", forge.records);
		forge_put_pointer(&forge, 16);
		start = forge_begin_rdata(&forge, CNAME);
		forge_put_pointer(&forge, 16);
		forge_end_rdata(&forge, start);
	}
	forge_put_pointer(&forge, hops[16]);
	forge_put_address(&forge);
	for (hop = 16; hop-- > 0;) {
		forge_put_pointer(&forge, hops[hop]);
		start = forge_begin_rdata(&forge, CNAME);
		forge_put_pointer(&forge, hops[hop + 1]);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

size_t shape_flat(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);

	forge_put_question(&forge);
	while (forge_left(&forge) >= 2 + FIXED + 4) {
		forge_put_pointer(&forge, 12);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

/* Every owner is spelled forge. */
size_t shape_flat_spelled(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);

	forge_put_question(&forge);
	while (forge_left(&forge) >= 17 + FIXED + 4) {
		forge_put_label(&forge, "WWW");
		forge_put_label(&forge, "EXAMPLE");
		forge_put_label(&forge, "COM");
		forge_put8(&forge, 0);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

/* The name asked for is of 255 octets; the owners are another copy of it in
 * the other case, behind a first label of their own. */
size_t shape_twins(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, copy;

	forge_put_label(&forge, "y");
	for (int i = 0; i < 4; i++) {
		forge_put8(&forge, i < 3 ? 63 : 59);
		for (int k = 0; k < (i < 3 ? 63 : 59); k++)
			forge_put8(&forge, 'x');
	}
	forge_put8(&forge, 0);
	forge_end_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	copy = forge.at;
	for (int i = 0; i < 4; i++) {
		forge_put8(&forge, i < 3 ? 63 : 59);
		for (int k = 0; k < (i < 3 ? 63 : 59); k++)
			forge_put8(&forge, 'X');
	}
	forge_put8(&forge, 0);
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 4 + FIXED + 4) {
		forge_put_label(&forge, "Y");
		forge_put_pointer(&forge, copy);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

/* Names of 127 labels, most of them through 126 pointers, that differ in the
 * last label alone: the question, sixteen aliases that stand in reverse order
 * at the end, and all the other owners, each behind a first label of its own. */
size_t shape_near_twins(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, start, other, hop, hops[17];

	forge_put_label(&forge, "x");
	for (int i = 0; i < 126; i++)
		forge_put_label(&forge, i < 125 ? "x" : "!");
	forge_put8(&forge, 0);
	forge_end_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	hops[0] = 12;
	for (size_t i = 1; i <= 16; i++)
		hops[i] = forge_put_label_chain(
			&forge, "abcdefghijklmnop"[i - 1]);
	other = forge_put_label_chain(&forge, 'z') - 4;
	while (forge.at < forge.size * 27 / 100)
		forge_put8(&forge, 0);
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 17 * 16 + 4 + FIXED + 4) {
		forge_put_label(&forge, "x");
		forge_put_pointer(&forge, other);
		forge_put_address(&forge);
	}
	forge_put_pointer(&forge, hops[16]);
	forge_put_address(&forge);
	for (hop = 16; hop-- > 0;) {
		forge_put_pointer(&forge, hops[hop]);
		start = forge_begin_rdata(&forge, CNAME);
		forge_put_pointer(&forge, hops[hop + 1]);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}
