/* SPDX-License-Identifier: MIT */
/* Messages built to be slow. */
#ifndef SHAPES_H
#define SHAPES_H

#include <stddef.h>
#include <stdint.h>

struct shape {
	const char *name;
	/* Writes a message of at most `size` octets; returns its length. Where
	 * the shape is one without order, every seed gives another. */
	size_t (*make)(uint8_t *octets, size_t size, uint32_t seed);
};

size_t shape_labelchain_ns(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_labelchain_all(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_collide(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_tree(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_tree_and_flat(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_ptrchain(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_ptrchain_126(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_ptrchain_same(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_binlabels(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_txt0(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_txt1(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_apl(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_wks(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_nxt(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_hip(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_hip2(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_svcb(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_opt(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_nsec(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_tiny(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_mixed(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_questions(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_cnames(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_aliases(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_flat(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_flat_spelled(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_twins(uint8_t *octets, size_t size, uint32_t seed);
size_t shape_near_twins(uint8_t *octets, size_t size, uint32_t seed);

extern const struct shape shapes[];
extern const size_t shape_count;

#endif
