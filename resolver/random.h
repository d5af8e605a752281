/* SPDX-License-Identifier: MIT */
/* Random octets from the kernel, and from nowhere else. */
#ifndef TW_RANDOM_H
#define TW_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <trowel/wire.h>

/* Fills octets[0 .. length). Errors: TROWEL_NO_RANDOM, when the kernel has
 * none to give: there is no second-best source (a time, a pid, rand()). */
enum trowel_status tw_random_fill(uint8_t *octets, size_t length);

#endif
