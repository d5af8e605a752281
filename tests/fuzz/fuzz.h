/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzing harnesses share. Each is one file around one function,
 * LLVMFuzzerTestOneInput(): run.sh links it with libFuzzer or AFL++, make check
 * with standalone.c.
 */
#ifndef TROWEL_TESTS_FUZZ_H
#define TROWEL_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What engines call for every input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Holds for every input whatsoever; an engine takes abort() for a finding. Not
 * assert(), which -DNDEBUG would silence. */
#define HOLDS(condition) \
	((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

static inline _Noreturn void fuzz_fail(
	const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

/* A heap block of exactly `size` octets, so that sanitizers and valgrind see
 * the first octet past it. To be released with free(). */
static inline void *fuzz_block(size_t size)
{
	void *block = malloc(size);

	if (block == NULL && size > 0)
		exit(2);
	return block;
}

static inline void *fuzz_copy(const void *octets, size_t size)
{
	void *block = calloc(1, size);

	if (block == NULL && size > 0)
		exit(2);
	if (size > 0)
		memcpy(block, octets, size);
	return block;
}

/* Some number that depends on all of the input (FNV-1a): for sizes and offsets
 * that are neither the same every time nor different in a second run. */
static inline uint32_t fuzz_hash(const uint8_t *data, size_t size)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619U;
	return hash;
}

/* The input as it is being used up, from its front; 0 behind its end. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

static inline uint8_t fuzz_take_u8(struct fuzz_input *input)
{
	uint8_t value;

	if (input->size == 0)
		return 0;
	value = *input->data;
	input->data++;
	input->size--;
	return value;
}

static inline uint16_t fuzz_take_u16(struct fuzz_input *input)
{
	uint8_t high = fuzz_take_u8(input);

	return (uint16_t)(high * 256 + fuzz_take_u8(input));
}

#endif
