/* SPDX-License-Identifier: MIT */
/*
 * The heap of the command: out of memory that the program has from the start, so
 * that a lookup needs no system call for it. Blocks have sizes of powers of two,
 * and wait in a list of their size when they are given back; what there is no
 * room for comes from the system, and stays. There is one thread. The libc, too,
 * takes its memory from here.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA_SIZE 262144
#define CHUNK_SIZE 1048576 /* that the system is asked for, or more */
#define HEADER_SIZE 16 /* keeps blocks as aligned as they must be */
#define LEAST 5 /* of sizes, as a power of two */
#define MOST 31

#define PUBLIC __attribute__((visibility("default")))

/* What stands before a block. */
struct header {
	size_t power; /* of its size, this with it */
	struct header *next; /* of those given back */
};

static _Alignas(16) uint8_t arena[ARENA_SIZE];
static struct {
	uint8_t *free; /* memory that has never been used, and is zero */
	size_t left;
	struct header *given_back[MOST + 1];
} heap = { arena, ARENA_SIZE, { NULL } };

static size_t power_of(size_t size)
{
	unsigned long long last = HEADER_SIZE - 1ULL + size;

	if (size >> MOST)
		return MOST + 1;
	last |= 1U << (LEAST - 1);
	return 64U - (unsigned)__builtin_clzll(last);
}

/* What is left of the memory before is lost; it is less than is asked for. */
static struct header *carve(size_t power)
{
	size_t size = (size_t)1 << power;
	struct header *header;
	void *chunk;

	if (heap.left < size) {
		size_t wanted = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = mmap(NULL, wanted, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (chunk == MAP_FAILED)
			return NULL;
		heap.free = chunk;
		heap.left = wanted;
	}
	header = (struct header *)(void *)heap.free;
	header->power = power;
	heap.free += size;
	heap.left -= size;
	return header;
}

static void *allocate(size_t size, bool is_zero)
{
	size_t power = power_of(size);
	struct header *header = power <= MOST ? heap.given_back[power] : NULL;

	if (header) {
		heap.given_back[power] = header->next;
		if (is_zero)
			memset((uint8_t *)header + HEADER_SIZE, 0, size);
	} else if (power <= MOST) {
		header = carve(power);
	}
	if (!header) {
		errno = ENOMEM;
		return NULL;
	}
	return (uint8_t *)header + HEADER_SIZE;
}

PUBLIC void *malloc(size_t size)
{
	return allocate(size, false);
}

PUBLIC void *calloc(size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return allocate(count * size, true);
}

PUBLIC void free(void *block)
{
	struct header *header;

	if (!block)
		return;
	header = (struct header *)(void *)((uint8_t *)block - HEADER_SIZE);
	header->next = heap.given_back[header->power];
	heap.given_back[header->power] = header;
}

PUBLIC void *realloc(void *block, size_t size)
{
	struct header *header;
	size_t has;
	void *made;

	if (!block)
		return malloc(size);
	header = (struct header *)(void *)((uint8_t *)block - HEADER_SIZE);
	has = ((size_t)1 << header->power) - HEADER_SIZE;
	if (size <= has)
		return block;
	made = malloc(size);
	if (!made)
		return NULL;
	memcpy(made, block, has);
	free(block);
	return made;
}
