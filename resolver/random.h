/* SPDX-License-Identifier: MIT */
/* Random octets from the kernel, and from nowhere else. */
#ifndef TW_RANDOM_H
#define TW_RANDOM_H

#include <config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <trowel/wire.h>

/* Fills octets[0 .. length). Errors: TROWEL_NO_RANDOM, when the kernel has
 * none to give: there is no second-best source (a time, a pid, rand()). */
enum trowel_status tw_random_fill(uint8_t *octets, size_t length);

/* Random octets for many lookups by one system call, each used once. They lie
 * in pages that are empty in the child of a fork(), so that no two processes
 * use the same ones; where the system has no such pages, there is no store. */
struct tw_store {
	uint8_t *pages; /* the first octet tells whose they are */
	size_t left; /* octets not used yet: pages[1 .. left] */
	size_t drawn; /* how many the last system call gave */
	bool wiped; /* by a fork() */
	pid_t process; /* otherwise */
};

/* A page of any system, at least: what is not used of it takes no memory. */
#ifdef COMMAND_ALONE
#define TW_STORE_SIZE 16384 /* there is no fork */
#else
#define TW_STORE_SIZE 65536
#endif

/* Starts a store in pages of private, anonymous memory. */
void tw_store_init(struct tw_store *store, uint8_t *pages);

/* Whether this is the child of a fork() since the start, or since the last
 * call that said so. */
bool tw_store_is_inherited(struct tw_store *store);

/* Takes octets, which may not be more than 256. Errors: TROWEL_NO_RANDOM. */
enum trowel_status tw_store_take(
	struct tw_store *store, uint8_t *octets, size_t length);

#endif
