/* SPDX-License-Identifier: MIT */
/*
 * Every message here is a response to a question of type A and class IN, as
 * long as it may be. Where names are led through many pointers, the targets
 * lie in the RDATA of a first record of an unknown type ("the yard"), which
 * nobody reads but through a pointer: those reach the first 16 KiB. The yard
 * is a quarter of the message, so that twice the message is twice the work.
 */
#include "forge.h"
#include "shapes.h"

size_t shape_labelchain_ns(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, name, start;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	name = forge_put_label_chain(&forge, 'a');
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 2 + FIXED + 2) {
		forge_put_pointer(&forge, name);
		start = forge_begin_rdata(&forge, NS);
		forge_put_pointer(&forge, name);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* The same, but every name begins at another part of the chain. */
size_t shape_labelchain_all(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, name, start;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	name = forge_put_label_chain(&forge, 'a');
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 2 + FIXED + 2) {
		forge_put_pointer(&forge, name - 4 * forge_any(&forge, 100));
		start = forge_begin_rdata(&forge, NS);
		forge_put_pointer(&forge, name - 4 * forge_any(&forge, 100));
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* 250 places 64 octets apart, each the start of a name of 127 labels: what is
 * remembered by the low bits of a place is never found again. */
size_t shape_collide(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, start, first, places = 0;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	while (forge.at % 64 != 0)
		forge_put8(&forge, 0);
	first = forge.at;
	for (; forge.at + 64 < forge.size / 4; places++) {
		size_t here = forge.at;

		for (int i = 0; i < (places % 4 == 0 ? 31 : 30); i++)
			forge_put_label(&forge, "x");
		if (places % 4 == 0)
			forge_put16(&forge, 0);
		else
			forge_put_pointer(&forge, here - 64);
		while (forge.at % 64 != 0)
			forge_put8(&forge, 0);
	}
	forge_end_rdata(&forge, yard);
	for (size_t i = 0; forge_left(&forge) >= 2 + FIXED + 2; i++) {
		forge_put_pointer(&forge, first + (4 * i + 3) % places * 64);
		start = forge_begin_rdata(&forge, NS);
		forge_put_pointer(&forge, first + (4 * i + 7) % places * 64);
		forge_end_rdata(&forge, start);
	}
	return forge_finish(&forge);
}

/* A tree without an order: one to three labels, and a pointer to any node that
 * is near enough. `owners` names lead into it; then come addresses alone. */
static size_t put_tree(struct forge *forge, size_t owners)
{
	static size_t nodes[4096];
	static unsigned depths[4096]; /* octets of the name */
	size_t count = 1, yard, start;

	forge_put8(forge, 0);
	yard = forge_begin_rdata(forge, UNKNOWN);
	nodes[0] = forge->at;
	depths[0] = 1;
	forge_put8(forge, 0);
	while (forge->at + 16 < forge->size / 4 && count < 4096) {
		size_t to = count - 1 -
			forge_any(forge, count < 40 ? (uint32_t)count : 40);
		size_t labels = 1 + forge_any(forge, 3);

		nodes[count] = forge->at;
		depths[count] = depths[to] + 2 * (unsigned)labels;
		if (depths[count] > 240) {
			depths[count] = 1 + 2 * (unsigned)labels;
			to = 0;
		}
		for (size_t i = 0; i < labels; i++)
			forge_put_label(forge, "x");
		forge_put_pointer(forge, nodes[to]);
		count++;
	}
	forge_end_rdata(forge, yard);
	while (owners > 0 && forge_left(forge) >= 2 + FIXED + 2) {
		size_t node = forge_any(forge, (uint32_t)count);

		forge_put_pointer(forge, nodes[node]);
		start = forge_begin_rdata(forge, NS);
		forge_put_pointer(
			forge, nodes[forge_any(forge, (uint32_t)count)]);
		forge_end_rdata(forge, start);
		owners--;
	}
	while (forge_left(forge) >= 2 + FIXED + 4) {
		forge_put_pointer(forge, 12);
		forge_put_address(forge);
	}
	return forge_finish(forge);
}

size_t shape_tree(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);

	forge_put_question(&forge);
	return put_tree(&forge, 65536);
}

/* Nearly as many steps as a message may take, and then all the rest. */
size_t shape_tree_and_flat(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);

	forge_put_question(&forge);
	return put_tree(&forge, size / 100);
}

/* 8,000 pointers to pointers, and owners through all of them. */
size_t shape_ptrchain(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, last;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	last = forge.at;
	forge_put8(&forge, 0);
	while (forge.at < forge.size / 4 - 2) {
		size_t here = forge.at;

		forge_put_pointer(&forge, last);
		last = here;
	}
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 2 + FIXED + 4) {
		forge_put_pointer(&forge, last);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

/* Owners through as many pointers as are allowed, each begun at another. */
size_t shape_ptrchain_126(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, first, chains = 0;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	while (forge.at % 256 != 0)
		forge_put8(&forge, 0);
	first = forge.at;
	for (; forge.at + 256 < forge.size / 4; chains++) {
		forge_put16(&forge, 0);
		for (int i = 1; i < 126; i++)
			forge_put_pointer(&forge, forge.at - 2);
		forge_put16(&forge, 0);
		forge_put16(&forge, 0);
	}
	forge_end_rdata(&forge, yard);
	for (size_t i = 0; forge_left(&forge) >= 2 + FIXED + 4; i++) {
		forge_put_pointer(&forge, first + i % chains * 256 + 250);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

/* All owners go the same way, of 125 pointers, to the name asked for. */
size_t shape_ptrchain_same(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t yard, last = 12;

	forge_put_question(&forge);
	forge_put8(&forge, 0);
	yard = forge_begin_rdata(&forge, UNKNOWN);
	for (int i = 0; i < 124; i++) {
		forge_put_pointer(&forge, last);
		last = forge.at - 2;
	}
	forge_end_rdata(&forge, yard);
	while (forge_left(&forge) >= 2 + FIXED + 4) {
		forge_put_pointer(&forge, last);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}

size_t shape_binlabels(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = forge_begin(octets, size, seed);
	size_t name = forge.at;

	for (int i = 0; i < 4; i++) {
		size_t length = i < 3 ? 63 : 61;

		forge_put8(&forge, length);
		while (length-- > 0)
			forge_put8(&forge, 0x80 + length);
	}
	forge_put8(&forge, 0);
	forge_end_question(&forge);
	while (forge_left(&forge) >= 2 + FIXED + 4) {
		forge_put_pointer(&forge, name);
		forge_put_address(&forge);
	}
	return forge_finish(&forge);
}
