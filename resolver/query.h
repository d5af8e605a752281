/* SPDX-License-Identifier: MIT */
/* What an attempt asks: the query with its id, with or without an OPT, with a
 * cookie (RFC 7873), in letters of random case. */
#ifndef TW_QUERY_H
#define TW_QUERY_H

#include <trowel/engine.h>

/* Writes the query of an attempt, whose server and transport are set, and says
 * there what it has. */
void tw_query_write(
	struct trowel_engine *engine, uint8_t index, uint32_t elapsed);

/* 0x20 where random case turns the octet of the query at i over. */
unsigned tw_case_bit(const struct trowel_engine *engine, size_t i);

#endif
