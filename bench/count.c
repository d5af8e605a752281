/* SPDX-License-Identifier: MIT */
/* Preloaded, counts a program's allocations and prints them when it ends. */
#include <stddef.h>
#include <stdio.h>

/* glibc's own, behind the names that this takes. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);

static unsigned long allocations;

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	allocations++;
	return __libc_realloc(block, size);
}

__attribute__((destructor)) static void tell(void)
{
	fprintf(stderr, "allocations: %lu\n", allocations);
}
